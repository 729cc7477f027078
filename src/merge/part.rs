//! One part: a folder with the results of a run, or of a merge.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Result, io_error};
use crate::digest::{Sums, sha256};
use crate::results::{MANIFEST, Results};
use crate::text;

/// The files whose rows are put together.
pub(super) const ROWS: [&str; 3] = ["codings.csv", "matrix.csv", "review.csv"];

/// Results in a folder.
pub(super) struct Part {
    pub(super) results: Results,
    /// Checksum of the manifest.
    sha256: String,
}

impl Part {
    /// Reads the manifest and checks that the files are those it speaks of.
    ///
    /// # Errors
    /// If the folder holds no whole result.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let results = Results::open(folder)?;
        let part = Self { sha256: sha256(&results.read(MANIFEST)?), results };
        for name in ROWS {
            let path = part.path(name);
            let sum = sum(&path).map_err(|error| io_error(&path, &error))?;
            if part.results.manifest["outputs"][name].as_str() != Some(&sum) {
                return Err(again(Diagnostic::error(text!(
                    "{name} が、実行したときから変わっています（manifest.json のチェックサムと合いません）。",
                    "{name} was changed after the run: it does not match its checksum in manifest.json."
                )))
                .file(&path));
            }
        }
        Ok(part)
    }

    /// The file of this name.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.results.folder.join(name)
    }

    /// Whether rows of its input were left out.
    pub(super) fn has_left_out(&self) -> bool {
        let mut notes = self.results.manifest["notes"].as_array().into_iter().flatten();
        notes.any(|note| note["severity"] == "skipped")
    }

    /// What the manifest of the merged result says of it.
    pub(super) fn record(&self) -> Value {
        let folder = self.results.folder.file_name().map(|name| name.to_string_lossy().into_owned());
        json!({
            "folder": folder,
            "manifest_sha256": self.sha256,
            "input": self.results.manifest["input"],
            "merged": self.results.manifest["merged"],
            "respondents": self.results.manifest["counts"]["respondents"],
        })
    }
}

/// Adds the way out where a result is not what a run wrote.
pub(super) fn again(error: Box<Diagnostic>) -> Box<Diagnostic> {
    error.hint(text!(
        "その部分の aftercode run をやり直し、フォルダーごとコピーしてください。",
        "Do the aftercode run of that part again, and copy the whole folder."
    ))
}

fn sum(path: &Path) -> io::Result<String> {
    let mut sums = Sums::new(io::sink());
    io::copy(&mut io::BufReader::with_capacity(1 << 16, File::open(path)?), &mut sums)?;
    Ok(sums.finish().1)
}
