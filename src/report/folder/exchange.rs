//! A new folder in the place of the old one, in one step.
//!
//! The new folder gets a link to every file of the old one that is not replaced, so that
//! both are whole at every moment. A plan beside it tells, should the process be killed,
//! whether the step was taken and which files of the old folder are done with.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use tempfile::TempDir;

use super::{NEXT, flush_names, parent};

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
mod system {
    use super::{BTreeSet, OsString, Path, io};

    pub(super) fn is_possible(_: &Path) -> bool {
        false
    }

    pub(super) fn exchange(_: &Path, _: &Path, _: &BTreeSet<OsString>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn settle(_: &Path, hidden: &Path) {
        // Nothing but new files that nobody waits for.
        let _ = std::fs::remove_dir_all(hidden);
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod system;

/// Whether the folder, if there is one, can probably be exchanged.
pub(super) fn is_possible(folder: &Path) -> bool {
    !folder.exists() || system::is_possible(folder)
}

/// Puts a folder of the files in `hidden`, and of all others in `folder`, in its place.
/// Gives `hidden` back if that is not possible; nothing has changed then.
///
/// # Errors
/// If a folder that is new cannot be put there.
pub(super) fn commit(folder: &Path, hidden: TempDir, written: &BTreeSet<OsString>) -> io::Result<Option<TempDir>> {
    let next = hidden.path().join(NEXT);
    if hidden.path().parent() == Some(folder) {
        return Ok(Some(hidden));
    }
    flush_names(&next);
    if !folder.exists() {
        fs::rename(&next, folder)?;
    } else if !system::is_possible(folder) || system::exchange(folder, hidden.path(), written).is_err() {
        return Ok(Some(hidden));
    }
    flush_names(parent(folder));
    // From here on the hidden folder holds what was there before: nothing in it is removed
    // that is not known.
    system::settle(folder, &hidden.keep());
    Ok(None)
}

/// Clears a hidden folder away; what only it holds goes back to `folder`.
pub(super) fn settle(folder: &Path, hidden: &Path) {
    system::settle(folder, hidden);
}
