//! Which files of an output folder are results of an earlier run.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path};

use serde_json::Value;

use crate::digest::sha256;

/// The file that lists the others, with their checksums.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Names of the files in `folder` that its manifest lists and that those in `next`, if
/// these have a manifest, do not replace. One that was changed since is no result any more.
pub(super) fn stale(folder: &Path, next: &Path, written: &BTreeSet<OsString>) -> BTreeSet<OsString> {
    if !next.join(MANIFEST).exists() {
        return BTreeSet::new();
    }
    let Some(Value::Object(listed)) = outputs(folder) else { return BTreeSet::new() };
    let is_unchanged = |name: &String, sum: &Value| {
        // A manifest from elsewhere must not reach out of the folder.
        let is_name = matches!(Path::new(name).components().collect::<Vec<_>>()[..], [Component::Normal(only)] if only == name.as_str());
        is_name && fs::read(folder.join(name)).is_ok_and(|bytes| Some(sha256(&bytes).as_str()) == sum.as_str())
    };
    let gone = listed.iter().filter(|(name, _)| !written.contains(&OsString::from(name)));
    gone.filter(|(name, sum)| is_unchanged(name, sum)).map(|(name, _)| OsString::from(name)).collect()
}

/// The names that the manifest of `folder` lists.
pub(super) fn names(folder: &Path) -> Vec<String> {
    match outputs(folder) {
        Some(Value::Object(listed)) => listed.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}

/// What the manifest of `folder` lists.
fn outputs(folder: &Path) -> Option<Value> {
    let bytes = fs::read(folder.join(MANIFEST)).ok()?;
    let manifest: Value = serde_json::from_slice(&bytes).ok()?;
    manifest.get("outputs").cloned()
}
