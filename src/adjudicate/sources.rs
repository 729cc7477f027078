//! The files of a source → what it says of each answer.

use std::collections::BTreeMap;
use std::path::Path;

use super::{SourceFile, Status, Verdict};
use crate::audit::{Decision, Entries, Form, Scheme, entries, twice};
use crate::diagnostic::{Diagnostic, Result};
use crate::study::HumanSource;
use crate::text;

/// What one coder made of a whole answer.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) coder: String,
    /// The labels that were given, with their stances.
    given: BTreeMap<usize, Option<String>>,
    /// Labels of which the file cannot speak.
    lacks: Vec<usize>,
    pub(super) file: (usize, Option<usize>),
}

/// What a source says of one answer.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) whole: Vec<Whole>,
    /// By label: the decision, and its file.
    pub(super) decisions: BTreeMap<usize, (usize, Decision)>,
}

/// What a source says of one label of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'s> {
    pub(super) given: bool,
    pub(super) stance: Option<&'s str>,
}

impl Said {
    /// The word on a label: none if it is not decided, or coders differ.
    pub(super) fn word(&self, label: usize) -> Option<Word<'_>> {
        if let Some((_, decision)) = self.decisions.get(&label) {
            return Some(Word { given: decision.given, stance: decision.stance.as_deref() });
        }
        let mut said = self.coders(label).map(|whole| whole.given.get(&label));
        let first = said.next()?;
        let mut stance = first.and_then(Option::as_deref);
        for other in said {
            if other.is_some() != first.is_some() {
                return None;
            }
            stance = stance.filter(|stance| other.and_then(Option::as_deref) == Some(*stance));
        }
        Some(Word { given: first.is_some(), stance })
    }

    /// Whether coders differ on a label.
    pub(super) fn is_split(&self, label: usize) -> bool {
        self.coders(label).next().is_some() && self.word(label).is_none()
    }

    fn coders(&self, label: usize) -> impl Iterator<Item = &Whole> {
        self.whole.iter().filter(move |whole| !whole.lacks.contains(&label))
    }

    /// The file and row that a word on `label` comes from.
    pub(super) fn file(&self, label: usize) -> (usize, Option<usize>) {
        let decision = self.decisions.get(&label).map(|(file, decision)| (*file, Some(decision.line)));
        decision.or_else(|| self.whole.first().map(|whole| whole.file)).unwrap_or_default()
    }
}

/// A source with all that it says.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) name: String,
    pub(super) files: Vec<SourceFile>,
    pub(super) said: BTreeMap<(usize, usize), Said>,
    /// What was decided on other words than the answer now has.
    pub(super) stale: Vec<Verdict>,
}

impl Voice {
    /// Reads the files of a source.
    pub(super) fn read(source: &HumanSource, scheme: &Scheme<'_>, notes: &mut Vec<Diagnostic>) -> Result<Self> {
        let mut voice = Self { name: source.name.clone(), files: Vec::new(), said: BTreeMap::new(), stale: Vec::new() };
        for path in &source.files {
            let mut read = entries(path, Some(scheme), true)?;
            notes.append(&mut read.notes);
            let is_other = |file: &SourceFile| (file.form == Form::Decisions) != (read.form == Form::Decisions);
            if voice.files.iter().any(is_other) {
                return Err(mixed(&source.name, path));
            }
            voice.files.push(SourceFile { path: path.clone(), form: read.form, sha256: read.sha256.clone() });
            voice.add_whole(&mut read, scheme)?;
            for decision in read.decisions {
                voice.add_decision(decision)?;
            }
        }
        Ok(voice)
    }

    fn add_whole(&mut self, read: &mut Entries, scheme: &Scheme<'_>) -> Result<()> {
        let file = self.files.len() - 1;
        let label = |id: &str| scheme.labels().iter().position(|label| label == id);
        let is_reserved = |at: usize| scheme.codebook.code(&scheme.labels()[at]).is_none();
        let mut lacks: Vec<usize> = read.lacks.iter().filter_map(|id| label(id)).collect();
        if !matches!(read.form, Form::Wide | Form::Sheet) {
            let given = read.entries.iter().flat_map(|entry| entry.labels.iter().flatten());
            let names_reserved = given.filter_map(|(id, _)| label(id)).any(is_reserved);
            // Coders who were told of no reserved code write nothing where 「特になし」 stands.
            lacks = (0..scheme.labels().len()).filter(|at| !names_reserved && is_reserved(*at)).collect();
        }
        for entry in std::mem::take(&mut read.entries) {
            let place = entry.unit.place;
            if entry.stale.is_some() {
                if entry.labels.is_some() {
                    self.stale.push(Verdict { coder: entry.coder, ..stale(place, None, (file, entry.line)) });
                }
                continue;
            }
            let Some(labels) = &entry.labels else { continue };
            let said = self.said.entry(place).or_default();
            if let Some(first) = said.whole.iter().find(|whole| whole.coder == entry.coder) {
                let (first, line) = first.file;
                return Err(twice(&entry, &self.files[file].path, &self.files[first].path, line));
            }
            let given = labels.iter().filter_map(|(id, stance)| Some((label(id)?, stance.clone()))).collect();
            let (coder, line) = (entry.coder, entry.line);
            said.whole.push(Whole { coder, given, lacks: lacks.clone(), file: (file, line) });
        }
        Ok(())
    }

    fn add_decision(&mut self, decision: Decision) -> Result<()> {
        let file = self.files.len() - 1;
        let (place, label) = (decision.unit.place, decision.label);
        if decision.stale.is_some() {
            let Decision { given, stance, coder, time, reason, line, .. } = decision;
            let verdict = stale(place, Some(label), (file, Some(line)));
            self.stale.push(Verdict { given: Some(given), stance, coder, time, reason, ..verdict });
            return Ok(());
        }
        let decisions = &mut self.said.entry(place).or_default().decisions;
        match decisions.get(&label) {
            Some((first, other)) if (other.given, &other.stance) != (decision.given, &decision.stance) => {
                Err(contradiction(&decision, &self.files[file].path, &self.files[*first].path, other.line))
            }
            Some(_) => Ok(()),
            None => {
                decisions.insert(label, (file, decision));
                Ok(())
            }
        }
    }
}

fn stale(place: (usize, usize), label: Option<usize>, file: (usize, Option<usize>)) -> Verdict {
    Verdict {
        place,
        label,
        source: 0,
        given: None,
        stance: None,
        coder: String::new(),
        time: String::new(),
        reason: String::new(),
        rules: None,
        status: Status::Stale,
        file,
    }
}

fn mixed(name: &str, path: &Path) -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "「{name}」に、回答全体のコーディングと1つずつの判定が混ざっています。",
        "\"{name}\" mixes codings of whole answers with single decisions."
    ))
    .file(path)
    .hint(text!(
        "[codings.files] で別の名前に分け、どちらが先かを final で決めてください。",
        "Give them different names in [codings.files], and say in \"final\" which comes first."
    ))
}

fn contradiction(decision: &Decision, path: &Path, first: &Path, line: usize) -> Box<Diagnostic> {
    let (name, first) = (decision.unit.name(), first.display());
    Diagnostic::error(text!(
        "「{name}」の同じコードに、違う判定が2つあります（もう1つは {first} の {line}行）。",
        "There are two different decisions on one code of \"{name}\" (the other in {first}, line {line})."
    ))
    .file(path)
    .line(decision.line)
    .hint(text!("どちらか1行だけ残してください。", "Keep one of the rows."))
}
