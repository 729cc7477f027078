//! Does a folder of results hold what a run makes now, byte for byte?

mod place;
mod text;

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::diagnostic::{Result, io_error};
use crate::digest::sha256;
use crate::results::{Decided, MANIFEST, Results, decided};

pub use place::Place;
pub use text::text;

/// What a folder and a run made anew have in common, and what not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What decided the results and is no longer as the manifest says.
    pub decided: Vec<Decided>,
    /// How many files are the same in every byte.
    pub same: usize,
    /// Those that are not, by name.
    pub different: Vec<Different>,
}

/// A file that is not as a run makes it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Different {
    /// Its name; that of a folder ends in `/`.
    pub name: String,
    /// In what way.
    pub how: How,
}

/// In what way a file differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It is not there.
    Missing,
    /// A run does not make it.
    Extra,
    /// Its bytes differ.
    Bytes {
        /// Whether it is not even what the manifest says was written; `None` where it says
        /// nothing of the file.
        edited: Option<bool>,
        /// The first place that differs, in a text.
        place: Option<Place>,
    },
}

impl Verified {
    /// Compares the files in the folder of `results` with those made anew.
    ///
    /// # Errors
    /// If the folder or a file cannot be read.
    pub fn of(results: &Results, made: &[(String, Vec<u8>)]) -> Result<Self> {
        let now = made.iter().find(|(name, _)| name == MANIFEST);
        let now: Value = now.and_then(|(_, bytes)| serde_json::from_slice(bytes).ok()).unwrap_or_default();
        let mut verified = Self { decided: decided(&results.manifest, &now), same: 0, different: Vec::new() };
        let there = names(results)?;
        for (name, bytes) in made {
            if !there.contains(name) {
                verified.different.push(Different { name: name.clone(), how: How::Missing });
                continue;
            }
            let found = results.read(name)?;
            if found == *bytes {
                verified.same += 1;
                continue;
            }
            let recorded = results.manifest["outputs"][name].as_str();
            let edited = recorded.map(|recorded| recorded != sha256(&found));
            let how = How::Bytes { edited, place: Place::first(name, &found, bytes) };
            verified.different.push(Different { name: name.clone(), how });
        }
        let extra = there.into_iter().filter(|name| made.iter().all(|(made, _)| made != name));
        verified.different.extend(extra.map(|name| Different { name, how: How::Extra }));
        verified.different.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(verified)
    }

    /// Whether all is as the manifest says.
    pub fn is_same(&self) -> bool {
        self.decided.is_empty() && self.different.is_empty()
    }

    /// As JSON, ended by a line break.
    pub fn json(&self) -> String {
        let decided = self.decided.iter().map(Decided::json).collect::<Vec<_>>();
        let value = json!({
            "same": self.is_same(),
            "decided": decided,
            "files_same": self.same,
            "files_different": self.different.iter().map(Different::json).collect::<Vec<_>>(),
        });
        format!("{value:#}\n")
    }
}

impl Different {
    fn json(&self) -> Value {
        match &self.how {
            How::Missing => json!({ "file": self.name, "how": "missing" }),
            How::Extra => json!({ "file": self.name, "how": "extra" }),
            How::Bytes { edited, place } => json!({
                "file": self.name,
                "how": "bytes",
                "edited": edited,
                "place": place.as_ref().map(Place::json),
            }),
        }
    }
}

/// The names in the folder, without what systems and spreadsheets leave behind.
fn names(results: &Results) -> Result<BTreeSet<String>> {
    let folder = &results.folder;
    let failed = |error: std::io::Error| io_error(folder, &error);
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_noise = name.starts_with(['.', '~']) || matches!(name.as_str(), "Thumbs.db" | "desktop.ini");
        if !is_noise {
            names.insert(if entry.path().is_dir() { name + "/" } else { name });
        }
    }
    Ok(names)
}
