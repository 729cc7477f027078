//! One file, replaced in one step.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{HIDDEN, not_writable, parent};
use crate::diagnostic::{Diagnostic, Result, io_error};
use crate::text;

/// A file that is written as a stream beside the one it will replace, and takes its place in
/// one step when it is whole; dropped before, it leaves nothing behind. A device is written
/// to at once.
pub struct PendingFile {
    /// The file as it was named, for messages.
    named: PathBuf,
    out: Out,
}

enum Out {
    Device(BufWriter<File>),
    File {
        file: BufWriter<NamedTempFile>,
        target: PathBuf,
        /// The mode of the file that is there.
        mode: Option<fs::Permissions>,
    },
}

impl PendingFile {
    /// Begins a file that will be `path`, whose folder must exist. Where a link stands, the
    /// file behind it will be replaced.
    ///
    /// # Errors
    /// If the folder cannot be written, or `path` is a folder.
    pub fn new(path: &Path) -> Result<Self> {
        let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let before = fs::metadata(&target).ok();
        if before.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(Diagnostic::error(text!(
                "書き込み先と同じ名前のフォルダーがあります。",
                "A folder stands where a file is to be written."
            ))
            .file(path)
            .hint(text!("そのフォルダーの名前を変えてください。", "Rename that folder.")));
        }
        let out = match before {
            Some(before) if !before.is_file() => {
                fs::OpenOptions::new().write(true).open(&target).map(|file| Out::Device(BufWriter::new(file)))
            }
            before => {
                let mode = before.map(|before| before.permissions());
                temporary(folder(&target)).map(|file| Out::File { file: BufWriter::new(file), target, mode })
            }
        };
        match out {
            Ok(out) => Ok(Self { named: path.to_path_buf(), out }),
            Err(error) => Err(failed(path, &error)),
        }
    }

    /// Puts the file into its place.
    ///
    /// # Errors
    /// If it cannot be written to its end or renamed. An earlier file then is as it was.
    pub fn replace(self) -> Result<()> {
        let Self { named, out } = self;
        let replaced = match out {
            Out::Device(mut file) => file.flush(),
            Out::File { file, target, mode } => put(file, &target, mode),
        };
        replaced.map_err(|error| failed(&named, &error))
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Out::Device(file) => file.write(bytes),
            Out::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Device(file) => file.flush(),
            Out::File { file, .. } => file.flush(),
        }
    }
}

/// Writes `bytes` to the file at `path`, as [`PendingFile`] does.
///
/// # Errors
/// If that cannot be done. An earlier file then is as it was.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = PendingFile::new(path)?;
    file.write_all(bytes).map_err(|error| failed(path, &error))?;
    file.replace()
}

/// Flushes a file and puts it where `target` is.
fn put(file: BufWriter<NamedTempFile>, target: &Path, mode: Option<fs::Permissions>) -> io::Result<()> {
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    if let Some(mode) = mode.filter(|_| cfg!(unix)) {
        file.as_file().set_permissions(mode)?;
    }
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    match error.kind() {
        io::ErrorKind::NotFound => io_error(folder(path), error),
        _ => not_writable(path, error),
    }
}

/// A file with the mode of ordinary files; without a word, temporary ones are private.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(HIDDEN).tempfile_in(folder)
}

fn folder(path: &Path) -> &Path {
    let folder = parent(path);
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}
