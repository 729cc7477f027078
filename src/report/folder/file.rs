//! One file, replaced in one step.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{HIDDEN, not_writable, parent};
use crate::diagnostic::{Diagnostic, Result, io_error};
use crate::text;

/// Writes `bytes` to the file at `path`, whose folder must exist. Where a link stands, the
/// file behind it is replaced; a device is written to.
///
/// # Errors
/// If that cannot be done. An earlier file then is as it was.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let before = fs::metadata(&real).ok();
    if before.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(Diagnostic::error(text!(
            "書き込み先と同じ名前のフォルダーがあります。",
            "A folder stands where a file is to be written."
        ))
        .file(path)
        .hint(text!("そのフォルダーの名前を変えてください。", "Rename that folder.")));
    }
    let written = match before {
        Some(before) if !before.is_file() => {
            fs::OpenOptions::new().write(true).open(&real).and_then(|mut file| file.write_all(bytes))
        }
        before => replaced(&real, bytes, before),
    };
    written.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io_error(folder(path), &error),
        _ => not_writable(path, &error),
    })
}

fn replaced(path: &Path, bytes: &[u8], before: Option<fs::Metadata>) -> io::Result<()> {
    let mut file = temporary(folder(path))?;
    file.write_all(bytes)?;
    if let Some(before) = before.filter(|_| cfg!(unix)) {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
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
