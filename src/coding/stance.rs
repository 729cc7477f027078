//! The stance of a theme: what the clause with its evidence says of it.
//!
//! Looked for in the clauses that hold the evidence; then, since a Japanese predicate
//! stands last, in the clauses that follow in the sentence, the nearest first; then the
//! question's default. Clauses that precede do not count: in 「研修はもう十分、それより
//! 予算」 the refusal is not of the budget. Where one clause shows several stances, the
//! order of the axis decides.

use super::{Machine, Stance, originals};
use crate::rule::evaluate::Reading;
use crate::span::Span;
use crate::tokenize::{Document, UnitKind};

/// The stance of `code`, found in the clauses `own`.
pub(super) fn of(
    machine: &Machine,
    reading: &mut Reading<'_, '_>,
    code: usize,
    own: &[usize],
    default: Option<&str>,
) -> Option<Stance> {
    let stances = &machine.qualifiers[code];
    if stances.is_empty() {
        return None;
    }
    let found = strongest(machine, reading, stances, own).or_else(|| {
        following(reading, own).into_iter().find_map(|clause| strongest(machine, reading, stances, &[clause]))
    });
    let default = || {
        let id = default?;
        let known = stances.iter().map(|stance| &machine.ids[*stance]).find(|known| ***known == *id);
        Some(Stance { id: known.map_or_else(|| id.into(), Clone::clone), evidence: Vec::new() })
    };
    found.or_else(default)
}

/// The clauses that hold the evidence (folded spans), in order.
pub(super) fn own_clauses(document: &Document, evidence: &[Span]) -> Vec<usize> {
    let clauses = |span: &Span| {
        let (first, last) = document.touched(*span);
        let from = document.clauses.partition_point(|clause| clause.last <= first);
        from..document.clauses.partition_point(|clause| clause.first <= last)
    };
    let mut own: Vec<usize> = Vec::with_capacity(evidence.len());
    evidence.iter().for_each(|span| own.extend(clauses(span)));
    own.sort_unstable();
    own.dedup();
    own
}

/// The first of `stances` that holds in one of the clauses.
fn strongest(machine: &Machine, reading: &mut Reading<'_, '_>, stances: &[usize], clauses: &[usize]) -> Option<Stance> {
    let document = reading.document();
    stances.iter().find_map(|&stance| {
        let kind = machine.plan.unit(stance);
        let mut evidence: Vec<Span> = Vec::new();
        for &clause in clauses {
            let clause = document.clauses[clause];
            let unit = if kind == UnitKind::Clause { clause } else { document.unit_of(kind, clause.first) };
            evidence.extend(reading.found(stance, unit).unwrap_or_default());
        }
        (!evidence.is_empty())
            .then(|| Stance { id: machine.ids[stance].clone(), evidence: originals(document, evidence) })
    })
}

/// The clauses behind `own` in the sentence of the last of them.
fn following(reading: &Reading<'_, '_>, own: &[usize]) -> Vec<usize> {
    let document = reading.document();
    let Some(&last) = own.last() else { return Vec::new() };
    let sentence = document.unit_of(UnitKind::Sentence, document.clauses[last].first);
    (last + 1..document.clauses.len()).filter(|&at| document.clauses[at].last <= sentence.last).collect()
}
