//! Files renamed into place one by one. Once the folder of the new files is named
//! [`READY`], the work is decided: if it is interrupted, the next run finishes it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{MANIFEST, NEXT, flush_names, leftovers, ours};

/// The folder of new files that are complete.
const READY: &str = "ready";

/// Makes the files of `hidden` the ones that `folder` is to have; gives where they are.
///
/// # Errors
/// If that cannot be done; nothing is decided then.
pub(super) fn decide(folder: &Path, hidden: TempDir, written: &BTreeSet<OsString>) -> io::Result<PathBuf> {
    let hidden = within(folder, hidden, written)?;
    flush_names(&hidden.path().join(NEXT));
    fs::rename(hidden.path().join(NEXT), hidden.path().join(READY))?;
    let hidden = hidden.keep();
    flush_names(&hidden);
    Ok(hidden)
}

/// The hidden folder, or one with its files inside `folder`: names can be changed from
/// there, whatever is mounted where.
fn within(folder: &Path, hidden: TempDir, written: &BTreeSet<OsString>) -> io::Result<TempDir> {
    if hidden.path().parent() == Some(folder) {
        return Ok(hidden);
    }
    let inside = leftovers::inside(folder)?;
    let (from, to) = (hidden.path().join(NEXT), inside.path().join(NEXT));
    fs::create_dir(&to)?;
    for name in written {
        let (from, to) = (from.join(name), to.join(name));
        if fs::rename(&from, &to).is_err() {
            fs::copy(&from, &to)?;
            fs::File::open(&to)?.sync_all()?;
        }
    }
    Ok(inside)
}

/// Finishes what was decided, clears away what was not.
///
/// # Errors
/// If a file cannot be put into place.
pub(super) fn settle(folder: &Path, hidden: &Path) -> io::Result<()> {
    let ready = hidden.join(READY);
    if ready.is_dir() {
        finish(folder, &ready)?;
    }
    // What is left in there is ours; if it stays, it does no harm.
    let _ = fs::remove_dir_all(hidden);
    Ok(())
}

/// The manifest goes last: until it is there, the earlier one tells which files are stale.
fn finish(folder: &Path, ready: &Path) -> io::Result<()> {
    let mut names: BTreeSet<OsString> =
        fs::read_dir(ready)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<_>>()?;
    let has_manifest = names.remove(&OsString::from(MANIFEST));
    for name in &names {
        fs::rename(ready.join(name), folder.join(name))?;
    }
    if has_manifest {
        let kept = ours::names(ready).into_iter().map(OsString::from).collect();
        for name in ours::stale(folder, ready, &kept) {
            fs::remove_file(folder.join(name))?;
        }
        fs::rename(ready.join(MANIFEST), folder.join(MANIFEST))?;
    }
    flush_names(folder);
    Ok(())
}
