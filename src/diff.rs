//! What changed from one folder of results to another: what decided them, the codebook,
//! the codes of answers, the cells of tables and what is significant.

mod cells;
mod codings;
mod json;
mod page;
mod summary;
mod text;
mod texts;
mod view;

use std::collections::BTreeMap;

use crate::codebook::diff as codebook_diff;
use crate::codebook::written::Written;
use crate::config::Source;
use crate::diagnostic::{Diagnostic, Result};
use crate::digest::sha256;
use crate::results::{Decided, MANIFEST, Results, decided};
use crate::text;

pub use cells::{Cell, LEVEL, Side, Significance};
pub use codings::{Answer, AnswerChange, CodeChange, Codings, Given, Presence, changes};
pub use json::json;
pub use page::html;
pub use summary::summary;
pub use text::text;

/// The differences of two folders of results.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The folders, as they were given.
    pub folders: [String; 2],
    /// What decided the results and differs.
    pub decided: Vec<Decided>,
    /// Files whose bytes differ or that only one folder has, but for the manifest.
    pub files: Vec<String>,
    /// The two codebooks and what differs between them.
    pub codebooks: [Written; 2],
    /// What differs between them.
    pub codebook: codebook_diff::Diff,
    /// What differs in the codes of answers.
    pub answers: Answers,
    /// Cells of tables that differ, in the order of the second folder.
    pub cells: Vec<Cell>,
    /// Differences between groups that became significant, or no longer are.
    pub tests: Vec<Significance>,
    /// What the reader must know of the comparison.
    pub notes: Vec<Diagnostic>,
}

/// What differs in the codes of answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// How many answers (respondent × question) both folders have.
    pub compared: usize,
    /// How many only the first has, and only the second.
    pub only: [usize; 2],
    /// How many have the same codes and stances, found by other words.
    pub evidence_only: usize,
    /// Those with a code or stance that differs.
    pub changed: Vec<AnswerChange>,
}

impl Diff {
    /// Compares the results of two folders.
    ///
    /// # Errors
    /// If a file of either cannot be read, or is not as a run writes it.
    pub fn of(before: &Results, after: &Results) -> Result<Self> {
        let codebooks = [codebook(before)?, codebook(after)?];
        let renamed = codebook_diff::renamed(&codebooks[0], &codebooks[1]);
        let [one, other] = [Codings::read(before)?, Codings::read(after)?];
        let mut answers = changes(&one, &other, &renamed);
        let mut notes = edited(before)?;
        notes.extend(edited(after)?);
        texts::add(&mut answers.changed, before, after, &mut notes)?;
        Ok(Self {
            folders: [before, after].map(|results| results.folder.display().to_string()),
            decided: decided(&before.manifest, &after.manifest),
            files: files(before, after),
            codebook: codebook_diff::Diff::of(&codebooks[0], &codebooks[1]),
            codebooks,
            answers,
            cells: cells::cells(before, after, &renamed)?,
            tests: cells::significance(before, after, &renamed)?,
            notes,
        })
    }

    /// Whether nothing differs.
    pub fn is_same(&self) -> bool {
        let answers = &self.answers;
        self.decided.is_empty()
            && self.files.is_empty()
            && self.codebook.is_empty()
            && answers.changed.is_empty()
            && answers.evidence_only == 0
            && answers.only == [0, 0]
            && self.cells.is_empty()
            && self.tests.is_empty()
    }
}

/// The codebook that a folder keeps a copy of.
fn codebook(results: &Results) -> Result<Written> {
    let name = results.manifest["codebook"]["copy"].as_str().unwrap_or("codebook.toml");
    // A name, not a way out of the folder.
    let path = results.folder.join(std::path::Path::new(name).file_name().unwrap_or_default());
    Written::of(&Source::read(&path)?)
}

/// Names of files whose recorded checksums differ.
fn files(before: &Results, after: &Results) -> Vec<String> {
    let recorded = |results: &Results| -> BTreeMap<String, String> {
        let outputs = results.manifest["outputs"].as_object();
        outputs.into_iter().flatten().map(|(name, sum)| (name.clone(), sum.to_string())).collect()
    };
    let (one, other) = (recorded(before), recorded(after));
    let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

/// Says which of the files that are compared are no longer what the run wrote.
fn edited(results: &Results) -> Result<Vec<Diagnostic>> {
    let mut notes = Vec::new();
    let compared = ["codings.csv", "matrix.csv", "themes.csv", "tables.csv", "tests.csv", "table_tests.csv"];
    let copy = results.manifest["codebook"]["copy"].as_str();
    for name in compared.into_iter().chain(copy).filter(|name| results.has(name) && *name != MANIFEST) {
        let sum = sha256(&results.read(name)?);
        if results.manifest["outputs"][name] != sum.as_str() {
            let mut note = *Diagnostic::error(text!(
                "run が書き出した後で書きかえられています。今の中身で比べます。",
                "This was edited after the run wrote it; it is compared as it is now."
            ))
            .file(&results.folder.join(name))
            .hint(text!(
                "元の結果と比べるには、run で作り直してください。",
                "To compare the results themselves, make them again with `run`."
            ));
            note.severity = crate::diagnostic::Severity::Warning;
            notes.push(note);
        }
    }
    Ok(notes)
}
