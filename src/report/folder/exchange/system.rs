//! The exchange where the system knows it: Linux and macOS.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use serde::{Deserialize, Serialize};

use super::super::{NEXT, flush_names, leftovers, ours, parent};

/// The plan in the hidden folder.
const PLAN: &str = "plan.json";

/// What is about to be done.
#[derive(Serialize, Deserialize)]
struct Plan {
    /// The number of the new folder: once it is not `next` any more, the step was taken.
    inode: u64,
    /// Files of the old folder that are done with.
    done: BTreeSet<String>,
}

/// Whether nothing speaks against it. A folder in it cannot be linked; a process that works
/// in it would be left in the old one; what stands on another disk, or is where one is
/// mounted, cannot be renamed.
pub(super) fn is_possible(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let is_file =
        |entry: io::Result<fs::DirEntry>| entry.and_then(|entry| entry.file_type()).is_ok_and(|of| !of.is_dir());
    let is_in_use = std::env::current_dir().is_ok_and(|current| current.starts_with(folder));
    let same_disk = |one: &Metadata, other: &Metadata| one.dev() == other.dev();
    let around = fs::metadata(parent(folder));
    !is_in_use
        && around.is_ok_and(|around| fs::metadata(folder).is_ok_and(|own| same_disk(&own, &around)))
        && !has_own_rights(folder)
        && entries.into_iter().all(is_file)
}

/// Whether rights beyond the mode are attached to the folder; a new one would lack them.
fn has_own_rights(folder: &Path) -> bool {
    let mut names = vec![0; 1 << 16];
    let Ok(length) = rustix::fs::listxattr(folder, names.as_mut_slice()) else { return false };
    names[..length].split(|byte| *byte == 0).any(|name| name.starts_with(b"system.posix_acl"))
}

/// Takes the step.
///
/// # Errors
/// If it is not possible; nothing has changed then.
pub(super) fn exchange(folder: &Path, hidden: &Path, written: &BTreeSet<OsString>) -> io::Result<()> {
    let next = hidden.join(NEXT);
    let stale = ours::stale(folder, &next, written);
    let is_done = |name: &OsStr| written.contains(name) || stale.contains(name);
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if !is_done(&name) {
            fs::hard_link(folder.join(&name), next.join(&name))?;
        }
    }
    let (old, new) = (fs::metadata(folder)?, fs::metadata(&next)?);
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    fs::set_permissions(&next, old.permissions())?;
    let done = written.iter().chain(&stale).map(|name| name.to_string_lossy().into_owned()).collect();
    let mut plan = File::create_new(hidden.join(PLAN))?;
    plan.write_all(&serde_json::to_vec(&Plan { inode: new.ino(), done })?)?;
    plan.sync_all()?;
    flush_names(&next);
    flush_names(hidden);
    renameat_with(CWD, &next, CWD, folder, RenameFlags::EXCHANGE)?;
    Ok(())
}

/// As [`super::settle`].
pub(super) fn settle(folder: &Path, hidden: &Path) {
    let old = hidden.join(NEXT);
    let plan = fs::read(hidden.join(PLAN)).ok().and_then(|bytes| serde_json::from_slice::<Plan>(&bytes).ok());
    let taken = plan.filter(|plan| fs::metadata(&old).is_ok_and(|old| old.ino() != plan.inode));
    let Some(plan) = taken else {
        // New files that nobody waits for, and links. If they stay, they do no harm.
        let _ = fs::remove_dir_all(hidden);
        return;
    };
    // What cannot be cleared away now is left to the next run.
    if give_back(folder, &old, &plan).is_ok() && fs::remove_dir(&old).is_ok() {
        leftovers::remove(hidden, &[PLAN]);
    }
}

/// Empties the old folder. What came into it at the last moment goes to the new one.
fn give_back(folder: &Path, old: &Path, plan: &Plan) -> io::Result<()> {
    for entry in fs::read_dir(old)? {
        let name = entry?.file_name();
        let (from, to) = (old.join(&name), folder.join(&name));
        let is_newer = |own: &Metadata, other: &Metadata| own.modified().ok() > other.modified().ok();
        let own = fs::symlink_metadata(&from)?;
        let is_kept = match fs::symlink_metadata(&to) {
            _ if name.to_str().is_some_and(|name| plan.done.contains(name)) => false,
            Ok(other) => own.ino() != other.ino() && is_newer(&own, &other),
            Err(_) => true,
        };
        if is_kept {
            fs::rename(&from, &to)?;
        } else if !own.is_dir() {
            fs::remove_file(&from)?;
        }
    }
    Ok(())
}
