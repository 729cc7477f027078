//! Replaces the files of an output folder, all or none.
//!
//! All files are first written and flushed in a hidden folder of their own. Where the
//! system can exchange two folders in one step, the new folder, with links to all that is
//! not ours in the old one, takes the old one's place in one step ([`exchange`]).
//! Elsewhere the files are renamed into place one by one; if that is interrupted, the next
//! run finishes it ([`journal`]).
//!
//! What a killed run left behind is cleared away by the next one, and not before: a lock
//! that ends with the process tells the living from the dead.

mod exchange;
mod file;
mod journal;
mod leftovers;
mod ours;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::TempDir;

use crate::diagnostic::{Diagnostic, Result, io_error};
use crate::digest::Sums;
use crate::text;

pub use file::{PendingFile, replace_file};
pub(crate) use ours::MANIFEST;

/// How the names of hidden folders and files begin.
const HIDDEN: &str = ".aftercode-";
/// The folder of the new files in the hidden one, until they are complete.
const NEXT: &str = "next";

/// Writes the bytes of a file.
type Writes<'o> = dyn Fn(&mut dyn Write) -> io::Result<()> + Sync + Send + 'o;

/// A file to be written.
pub struct Output<'o> {
    /// Its name.
    pub name: String,
    write: Box<Writes<'o>>,
}

impl<'o> Output<'o> {
    /// A file that `write` writes as a stream.
    pub fn new(name: &str, write: impl Fn(&mut dyn Write) -> io::Result<()> + Sync + Send + 'o) -> Self {
        Self { name: name.to_owned(), write: Box::new(write) }
    }

    /// A file of these bytes.
    pub fn bytes(name: &str, bytes: Vec<u8>) -> Self {
        Self::new(name, move |out| out.write_all(&bytes))
    }

    /// Writes its bytes to `out`.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        (self.write)(out)
    }
}

/// New files for a folder, which nobody sees before [`Replacement::commit`].
pub struct Replacement {
    /// The folder as it was named, for messages.
    named: PathBuf,
    /// The folder, or where it will be; no link.
    folder: PathBuf,
    /// The hidden folder. It goes when this is dropped.
    hidden: TempDir,
    /// Held as long as the hidden folder is in use.
    lock: Option<File>,
    /// Names of the files that are written.
    written: BTreeSet<OsString>,
}

impl Replacement {
    /// Makes room for new files of `folder`, which need not exist, and finishes or clears
    /// away what a killed run left there.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn begin(named: &Path) -> Result<Self> {
        let folder = real(named)?;
        let fail = |error: io::Error| not_writable(named, &error);
        fs::create_dir_all(parent(&folder)).map_err(fail)?;
        let _turn = turn(&folder);
        leftovers::settle(&folder).map_err(|error| unfinished(named, &error))?;
        let hidden = match leftovers::beside(&folder) {
            Ok(hidden) if exchange::is_possible(&folder) => hidden,
            _ if folder.exists() => leftovers::inside(&folder).map_err(fail)?,
            hidden => hidden.map_err(fail)?,
        };
        let lock = leftovers::hold(hidden.path());
        fs::create_dir(hidden.path().join(NEXT)).map_err(fail)?;
        Ok(Self { named: named.to_path_buf(), folder, hidden, lock, written: BTreeSet::new() })
    }

    /// Writes and flushes files, on all threads; gives the checksum of each, in their
    /// order.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&mut self, files: &[Output<'_>]) -> Result<Vec<String>> {
        let next = self.hidden.path().join(NEXT);
        let write = |output: &Output<'_>| {
            written(&next.join(&output.name), &self.folder.join(&output.name), output)
                .map_err(|error| not_writable(&self.named.join(&output.name), &error))
        };
        let sums: Result<Vec<String>> = files.par_iter().with_max_len(1).map(write).collect();
        self.written.extend(files.iter().map(|output| OsString::from(&output.name)));
        sums
    }

    /// Puts the files into place.
    ///
    /// # Errors
    /// If that cannot be done. The earlier files then are as they were, unless the message
    /// says that the next run will finish the work.
    pub fn commit(self) -> Result<()> {
        let Self { named, folder, hidden, lock, written } = self;
        let fail = |error: io::Error| not_writable(&named, &error);
        let _turn = turn(&folder);
        leftovers::settle(&folder).map_err(|error| unfinished(&named, &error))?;
        nothing_in_the_way(&folder, &named, &written)?;
        // Having the turn is enough from here on; an open file could not be cleared away.
        drop(lock);
        if let Some(hidden) = exchange::commit(&folder, hidden, &written).map_err(fail)? {
            let ready = journal::decide(&folder, hidden, &written).map_err(fail)?;
            journal::settle(&folder, &ready).map_err(|error| unfinished(&named, &error))?;
        }
        Ok(())
    }
}

/// Writes `files` (name, bytes) into `folder`, all or none; it is made if need be. Other
/// files stay.
///
/// # Errors
/// If the folder cannot be made or written. The earlier files then are as they were.
pub fn replace_files(folder: &Path, files: Vec<(String, Vec<u8>)>) -> Result<()> {
    let files: Vec<Output<'_>> = files.into_iter().map(|(name, bytes)| Output::bytes(&name, bytes)).collect();
    let mut replacement = Replacement::begin(folder)?;
    replacement.write(&files)?;
    replacement.commit()
}

/// Writes a file that is new at `path`, with the mode of the one it will replace, and gives
/// its checksum.
fn written(path: &Path, target: &Path, output: &Output<'_>) -> io::Result<String> {
    let mut out = Sums::new(io::BufWriter::with_capacity(1 << 16, File::create_new(path)?));
    output.write(&mut out)?;
    let (file, sum) = out.finish();
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    if cfg!(unix)
        && let Ok(before) = fs::metadata(target)
    {
        file.set_permissions(before.permissions())?;
    }
    file.sync_all()?;
    Ok(sum)
}

/// The folder without links, as far as it exists.
fn real(folder: &Path) -> Result<PathBuf> {
    match folder.canonicalize() {
        Ok(real) if real.is_dir() => Ok(real),
        Ok(_) => Err(not_writable(folder, &io::ErrorKind::NotADirectory.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if folder.is_symlink() {
                return Err(not_writable(folder, &io::ErrorKind::AlreadyExists.into()));
            }
            std::path::absolute(folder).map_err(|error| not_writable(folder, &error))
        }
        Err(error) => Err(not_writable(folder, &error)),
    }
}

/// The folder around `folder`.
fn parent(folder: &Path) -> &Path {
    folder.parent().unwrap_or(folder)
}

/// Waits for the right to change the folder, which the system takes back when the process
/// ends. Where it knows no such locks, the work goes on without.
fn turn(folder: &Path) -> Option<File> {
    let parent = parent(folder);
    // On Windows a folder cannot be opened as a file.
    let file = if cfg!(unix) {
        File::open(parent)
    } else {
        fs::OpenOptions::new().create(true).append(true).open(parent.join(".aftercode-lock"))
    };
    let file = file.ok()?;
    file.lock().ok()?;
    Some(file)
}

/// No folder must stand where a file is to be; on Windows, no file that a program has open.
fn nothing_in_the_way(folder: &Path, named: &Path, names: &BTreeSet<OsString>) -> Result<()> {
    for (target, named) in names.iter().map(|name| (folder.join(name), named.join(name))) {
        if target.is_dir() {
            return Err(Diagnostic::error(text!(
                "書き込み先と同じ名前のフォルダーがあります。",
                "A folder stands where a file is to be written."
            ))
            .file(&named)
            .hint(text!("そのフォルダーの名前を変えてください。", "Rename that folder.")));
        }
        if cfg!(windows)
            && target.exists()
            && let Err(error) = fs::OpenOptions::new().write(true).open(&target)
        {
            return Err(not_writable(&named, &error));
        }
    }
    Ok(())
}

/// Flushes the names in a folder, where the system can.
fn flush_names(folder: &Path) {
    // Files are complete without; only the order of events in a power failure is at stake.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

fn not_writable(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    use io::ErrorKind;
    match error.kind() {
        ErrorKind::PermissionDenied
        | ErrorKind::StorageFull
        | ErrorKind::QuotaExceeded
        | ErrorKind::FileTooLarge
        | ErrorKind::ReadOnlyFilesystem => io_error(path, error),
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

/// What was decided could not be finished; it will be.
fn unfinished(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    not_writable(path, error).hint(text!(
        "新しい結果は途中まで置き換わっています。ファイルを開いているプログラムを閉じ、もう一度実行してください（続きから終わらせます）。",
        "Some of the new results are in place. Close the programs that have files open, and run it again: the rest will follow."
    ))
}
