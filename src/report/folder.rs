//! Replaces the files of an output folder, all or none.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Result, io_error};
use crate::text;

/// Writes `files` (name, bytes) into `folder`, which is made if need be.
///
/// Everything is first written and flushed beside the files it will replace; only then
/// are the files renamed into place, one atomic step each. Other files stay.
///
/// # Errors
/// If the folder cannot be made or written. Nothing has been replaced then, unless a
/// rename itself failed.
pub fn replace_files(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| not_writable(folder, &error))?;
    let mut written = Vec::with_capacity(files.len());
    for (name, bytes) in files {
        let target = folder.join(name);
        if target.is_dir() {
            return Err(Diagnostic::error(text!(
                "書き込み先と同じ名前のフォルダーがあります。",
                "A folder stands where a file is to be written."
            ))
            .file(&target)
            .hint(text!("そのフォルダーの名前を変えてください。", "Rename that folder.")));
        }
        let mut file = tempfile::Builder::new()
            .prefix(".aftercode-")
            .tempfile_in(folder)
            .map_err(|error| not_writable(folder, &error))?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|error| not_writable(folder, &error))?;
        written.push((file, target));
    }
    for (file, target) in written {
        readable(file.as_file());
        file.persist(&target).map_err(|error| not_writable(&target, &error.error))?;
    }
    Ok(())
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
