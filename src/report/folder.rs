//! Replaces the files of an output folder, all or none.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::diagnostic::{Diagnostic, Result, io_error};
use crate::text;

/// A file that is written beside the one it will replace, and takes its place in one step
/// when it is whole.
pub struct PendingFile {
    file: BufWriter<NamedTempFile>,
    target: PathBuf,
}

impl PendingFile {
    /// Begins a file that will be `target`, whose folder is there.
    ///
    /// # Errors
    /// If the folder cannot be written, or `target` is a folder.
    pub fn new(target: &Path) -> Result<Self> {
        if target.is_dir() {
            return Err(Diagnostic::error(text!(
                "書き込み先と同じ名前のフォルダーがあります。",
                "A folder stands where a file is to be written."
            ))
            .file(target)
            .hint(text!("そのフォルダーの名前を変えてください。", "Rename that folder.")));
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new()
            .prefix(".aftercode-")
            .tempfile_in(folder)
            .map_err(|error| not_writable(folder, &error))?;
        Ok(Self { file: BufWriter::new(file), target: target.to_path_buf() })
    }

    /// Puts the file into its place.
    ///
    /// # Errors
    /// If it cannot be written to its end or renamed; what stood there is still whole then.
    pub fn replace(self) -> Result<()> {
        self.whole()?.replace()
    }

    /// Writes what is still in memory.
    fn whole(self) -> Result<WholeFile> {
        let target = self.target;
        let file = self.file.into_inner().map_err(|error| not_writable(&target, error.error()))?;
        file.as_file().sync_all().map_err(|error| not_writable(&target, &error))?;
        Ok(WholeFile { file, target })
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that lacks nothing but its name.
struct WholeFile {
    file: NamedTempFile,
    target: PathBuf,
}

impl WholeFile {
    fn replace(self) -> Result<()> {
        readable(self.file.as_file());
        self.file.persist(&self.target).map(drop).map_err(|error| not_writable(&self.target, &error.error))
    }
}

/// Writes `files` (name, bytes) into `folder`, which is made if need be.
///
/// Everything is first written and flushed beside the files it will replace; only then
/// are the files renamed into place, one atomic step each. Other files stay.
///
/// # Errors
/// If the folder cannot be made or written. Nothing has been replaced then, unless a
/// rename itself failed.
pub fn replace_files(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    replace_all(folder, Vec::new(), files)
}

/// As [`replace_files`], with files in `folder` that are written already.
///
/// # Errors
/// As [`replace_files`].
pub fn replace_all(folder: &Path, pending: Vec<PendingFile>, files: &[(String, Vec<u8>)]) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| not_writable(folder, &error))?;
    let mut whole = pending.into_iter().map(PendingFile::whole).collect::<Result<Vec<_>>>()?;
    for (name, bytes) in files {
        let mut file = PendingFile::new(&folder.join(name))?;
        file.write_all(bytes).map_err(|error| not_writable(folder, &error))?;
        whole.push(file.whole()?);
    }
    whole.into_iter().try_for_each(WholeFile::replace)
}

/// Temporary files are made for their owner alone; results are ordinary files.
fn readable(file: &fs::File) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A file that stays private is still a correct file.
        let _ = file.set_permissions(fs::Permissions::from_mode(0o644));
    }
    #[cfg(not(unix))]
    let _ = file;
}

fn not_writable(path: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::StorageFull => io_error(path, error),
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            Diagnostic::error(text!("出力先はフォルダーではなくファイルです。", "The output folder is a file."))
                .file(path)
                .hint(text!(
                    "study.toml の output か --out で別のフォルダーを指定してください。",
                    "Name another folder with output in study.toml or --out."
                ))
        }
        _ => Diagnostic::error(text!("出力先に書き込めません: {error}", "The output cannot be written: {error}"))
            .file(path)
            .hint(text!(
                "書き込みできるフォルダーを --out で指定してください。",
                "Name a folder you can write to with --out."
            )),
    }
}
