//! Codes of one answer that contradict each other, for a person to look at.
//!
//! Nothing contradicts unless the codebook says so (`contradicts = ["…"]` on a code):
//!
//! - two codes that both hold for the answer;
//! - two stances of one theme: the theme stands in two clauses, and these show (or, where
//!   they show none, those that follow up to the next mention do) stances that contradict,
//!   each by words of its own clause;
//! - a code, or the stance of one, and a reserved code: one sentence of the answer alone
//!   would be 「特にありません」, and the others say something.

use super::{Coding, Machine, originals};
use crate::codebook::{Codebook, Reserved};
use crate::rule::evaluate::Reading;
use crate::span::Span;
use crate::tokenize::{Document, UnitKind};

/// A contradiction inside one answer. Spans are bytes of the answer as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Two codes that both hold, by index.
    Codes([usize; 2]),
    /// A theme that is meant in two ways.
    Stances {
        /// The theme.
        code: usize,
        /// The two stances, in the order of the text.
        stances: [usize; 2],
        /// The words of the theme and of the stances in the two clauses.
        evidence: Vec<Span>,
    },
    /// A sentence that alone would be a reserved code.
    Reserved {
        /// The reserved code.
        reserved: usize,
        /// The code, or stance, that it contradicts.
        code: usize,
        /// The sentence.
        sentence: Span,
    },
}

/// What the codebook says contradicts.
#[derive(Debug, Default)]
pub(super) struct Contradictions {
    /// Pairs of codes, the earlier first.
    codes: Vec<[usize; 2]>,
    /// Codes with the reserved code that contradicts them.
    reserved: Vec<(usize, usize)>,
    /// Whether a pair of [`Contradictions::codes`] is of stances.
    has_stances: bool,
}

impl Contradictions {
    pub(super) fn new(codebook: &Codebook) -> Self {
        let mut found = Self::default();
        for (at, code) in codebook.codes.iter().enumerate() {
            for id in &code.contradicts {
                if let Some(other) = codebook.code(id) {
                    let pair = [at.min(other), at.max(other)];
                    found.codes.push(pair);
                    let qualifies = |axis: &crate::codebook::Axis| axis.id == code.axis && axis.qualifies.is_some();
                    found.has_stances |= codebook.axes.iter().any(qualifies);
                } else if let Some(reserved) = codebook.reserved.iter().position(|reserved| reserved.id == *id) {
                    found.reserved.push((at, reserved));
                }
            }
        }
        found.codes.sort_unstable();
        found.codes.dedup();
        found
    }

    fn holds(&self, a: usize, b: usize) -> bool {
        self.codes.binary_search(&[a.min(b), a.max(b)]).is_ok()
    }
}

/// Two contradicting stances of the theme `code`, found by `evidence` (folded spans) in the
/// clauses `own`.
pub(super) fn of_stances(
    machine: &Machine,
    reading: &mut Reading<'_, '_>,
    code: usize,
    evidence: &[Span],
    own: &[usize],
) -> Option<Conflict> {
    let stances = &machine.qualifiers[code];
    if !machine.contradictions.has_stances || stances.is_empty() {
        return None;
    }
    if own.len() < 2 {
        return None;
    }
    let document = reading.document();
    let mut mentions: Vec<(usize, usize, Vec<Span>)> = Vec::new();
    for (at, &clause) in own.iter().enumerate() {
        let sentence = document.unit_of(UnitKind::Sentence, document.clauses[clause].first);
        let next = own.get(at + 1).copied().unwrap_or(document.clauses.len());
        let inside = (clause..next).take_while(|&clause| document.clauses[clause].last <= sentence.last);
        let shown = inside.into_iter().find_map(|clause| shown_in(machine, reading, stances, clause));
        mentions.extend(shown.map(|(stance, words)| (clause, stance, words)));
    }
    let pairs = mentions.iter().enumerate().flat_map(|(at, first)| mentions[at + 1..].iter().map(move |b| (first, b)));
    let (a, b) = pairs.into_iter().find(|(a, b)| machine.contradictions.holds(a.1, b.1))?;
    let in_clauses = |span: &&Span| [a.0, b.0].iter().any(|&at| document.clauses[at].span.overlaps(**span));
    let words = evidence.iter().filter(in_clauses).chain(&a.2).chain(&b.2);
    Some(Conflict::Stances { code, stances: [a.1, b.1], evidence: originals(document, words.copied().collect()) })
}

/// The first of `stances` that holds in the clause by words of the clause.
fn shown_in(
    machine: &Machine,
    reading: &mut Reading<'_, '_>,
    stances: &[usize],
    clause: usize,
) -> Option<(usize, Vec<Span>)> {
    let clause = reading.document().clauses[clause];
    stances.iter().find_map(|&stance| {
        let kind = machine.plan.unit(stance);
        let unit = if kind == UnitKind::Clause { clause } else { reading.document().unit_of(kind, clause.first) };
        let inside = |span: &&Span| clause.span.overlaps(**span);
        let words: Vec<Span> = reading.found(stance, unit)?.iter().filter(inside).copied().collect();
        (!words.is_empty()).then_some((stance, words))
    })
}

/// Pairs of codes that contradict, and sentences that contradict a code.
pub(super) fn of_codes(machine: &Machine, document: &Document, codings: &[Coding]) -> Vec<Conflict> {
    let Contradictions { codes, reserved, .. } = &machine.contradictions;
    let holds = |code: usize| codings.iter().any(|coding| coding.code == code);
    let pairs = codes.iter().filter(|[a, b]| holds(*a) && holds(*b));
    let mut conflicts: Vec<Conflict> = pairs.map(|pair| Conflict::Codes(*pair)).collect();
    if reserved.is_empty() || document.sentences.len() < 2 || codings.is_empty() {
        return conflicts;
    }
    let stance = |coding: &Coding| {
        let own = coding.stance.as_ref()?;
        machine.qualifiers[coding.code].iter().copied().find(|&stance| machine.ids[stance] == own.id)
    };
    let said: Vec<usize> = codings.iter().flat_map(|coding| [Some(coding.code), stance(coding)]).flatten().collect();
    let against: Vec<(usize, usize)> = reserved.iter().filter(|(code, _)| said.contains(code)).copied().collect();
    let mut wanted: Vec<usize> = against.iter().map(|(_, reserved)| *reserved).collect();
    wanted.sort_unstable();
    wanted.dedup();
    for sentence in &document.sentences {
        let text = sentence.span.of(document.text());
        let Some(nothing) = Reserved::of_sentence(text, &machine.codebook.reserved, &wanted) else { continue };
        if let Some((code, _)) = against.iter().find(|(_, reserved)| *reserved == nothing) {
            let start = sentence.span.start + (text.len() - text.trim_start().len());
            let span = Span::new(start, start + text.trim().len());
            let sentence = document.normalized.original(span);
            conflicts.push(Conflict::Reserved { reserved: nothing, code: *code, sentence });
        }
    }
    conflicts
}
