//! The words that names are told by, found in one pass over the text.

use aho_corasick::AhoCorasick;

use super::lists::{BODIES, CLINICS, COMPANIES, FACILITIES, LABELS, TITLES};
use crate::diagnostic::{Diagnostic, Result};
use crate::span::Span;
use crate::text;

/// What a word says of the name beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// The name of a facility ends in it.
    Facility,
    /// The name of a clinic does, after that of a person.
    Clinic,
    /// The form of a company.
    Company,
    /// The form of another body, before its name.
    Body,
    /// A title, behind or before the name of a person.
    Title,
    /// A label, before the name of a person.
    Label,
}

/// The lists of those words.
const LISTS: [(Mark, &[&str]); 6] = [
    (Mark::Facility, &FACILITIES),
    (Mark::Clinic, &CLINICS),
    (Mark::Company, &COMPANIES),
    (Mark::Body, &BODIES),
    (Mark::Title, &TITLES),
    (Mark::Label, &LABELS),
];

/// Finds marks; immutable and shared between threads.
pub(super) struct Marks {
    words: AhoCorasick,
    /// What each word is.
    marks: Vec<Mark>,
}

impl Marks {
    pub(super) fn new() -> Result<Self> {
        let words = LISTS.iter().flat_map(|(_, words)| *words);
        let words = AhoCorasick::new(words).map_err(|error| {
            Diagnostic::error(text!(
                "伏せる形を組み立てられません: {error}",
                "A form to mask cannot be compiled: {error}"
            ))
        })?;
        let marks = LISTS.iter().flat_map(|(mark, words)| words.iter().map(|_| *mark)).collect();
        Ok(Self { words, marks })
    }

    /// Every place of every word in the folded text, in the order of their beginnings, the
    /// shorter first.
    pub(super) fn find(&self, folded: &str) -> Vec<(Mark, Span)> {
        let hits = self.words.find_overlapping_iter(folded);
        let mut marks: Vec<(Mark, Span)> =
            hits.map(|hit| (self.marks[hit.pattern()], Span::new(hit.start(), hit.end()))).collect();
        marks.sort_by_key(|(_, place)| (place.start, place.end));
        marks
    }
}
