//! Hidden folders: how they are made, and what becomes of those of killed runs.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{HIDDEN, exchange, journal, parent};

/// The file in a hidden folder that its run keeps locked.
const LOCK: &str = "lock";
/// Characters at the end of the name of a hidden folder that are drawn.
const DRAWN: usize = 6;

/// A hidden folder beside `folder`.
pub(super) fn beside(folder: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(&beside_prefix(folder)).rand_bytes(DRAWN).tempdir_in(parent(folder))
}

/// A hidden folder in `folder`.
pub(super) fn inside(folder: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(HIDDEN).rand_bytes(DRAWN).tempdir_in(folder)
}

/// How the names of hidden folders beside `folder` begin.
fn beside_prefix(folder: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(folder.file_name().unwrap_or_default());
    prefix.push(HIDDEN);
    prefix
}

/// Marks a hidden folder as in use for as long as the file is open.
pub(super) fn hold(hidden: &Path) -> Option<File> {
    let file = fs::OpenOptions::new().create(true).append(true).open(hidden.join(LOCK)).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

/// Removes a hidden folder that holds only its lock and `files`.
pub(super) fn remove(hidden: &Path, files: &[&str]) {
    for name in files.iter().chain(&[LOCK]) {
        // What stays does no harm; the next run tries again.
        let _ = fs::remove_file(hidden.join(name));
    }
    let _ = fs::remove_dir(hidden);
}

/// Finishes what a killed run had begun to put into place in `folder`, and clears away what
/// others left. The caller has the turn.
///
/// # Errors
/// If work that was begun cannot be finished.
pub(super) fn settle(folder: &Path) -> io::Result<()> {
    for hidden in dead(parent(folder), &beside_prefix(folder)) {
        exchange::settle(folder, &hidden);
    }
    for hidden in dead(folder, &OsString::from(HIDDEN)) {
        journal::settle(folder, &hidden)?;
    }
    Ok(())
}

/// Hidden folders of runs that are no more, in the order of their names.
fn dead(place: &Path, prefix: &OsString) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let is_dead = |path: &PathBuf| path.is_dir() && !path.is_symlink() && hold(path).is_some();
    let begins = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
        rest.is_some_and(|drawn| drawn.len() == DRAWN)
    };
    let mut found: Vec<PathBuf> = entries.flatten().filter(begins).map(|entry| entry.path()).filter(is_dead).collect();
    found.sort();
    found
}
