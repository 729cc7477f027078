//! Which alternatives nearly held: few, and those that teach most.

use std::cmp::Reverse;

use super::lack::{Lack, Support, lacks, support};
use super::trace::Trace;
use super::{Explanation, Miss, Place};
use crate::diagnostic::Result;
use crate::rule::plan::{Part, Source};
use crate::tokenize::{Class, Document, Token};

/// Alternatives that were there but barred (`!`, `except`), of all codes together.
const MAX_BARRED: usize = 6;
/// Other alternatives, of all codes together.
const MAX_NEAR: usize = 4;
/// Other alternatives of one code.
const MAX_NEAR_OF_CODE: usize = 2;
/// Alternatives of the code that is looked at closely.
const MAX_FOCUS: usize = 12;

/// The alternatives that nearly held: of `focus` alone if it is given, else of all codes
/// that do not hold.
pub(super) fn misses<'x>(
    trace: &mut Trace<'_, 'x, '_>,
    sources: &[Source<'_>],
    explanation: &Explanation<'_>,
    focus: Option<usize>,
) -> Result<Vec<Miss<'x>>> {
    let codes: Vec<usize> = match focus {
        Some(code) => vec![code],
        None => {
            let holds = |code: usize| explanation.codes.iter().any(|account| account.code == code);
            explanation.codebook.standalone().map(|(code, _)| code).filter(|code| !holds(*code)).collect()
        }
    };
    let mut misses: Vec<Miss<'x>> = Vec::new();
    for code in codes {
        let parts: &[Part] = if focus.is_some() { &[Part::Rule, Part::Maybe] } else { &[Part::Rule] };
        for &unit in trace.document().units(sources[code].unit) {
            let masks = trace.masks(code, unit)?;
            for &part in parts {
                for step in trace.steps(code, part, unit)? {
                    let lacks = lacks(&step, &masks);
                    let support = support(&step, &masks);
                    if is_instructive(&lacks, &support, trace.document()) {
                        misses.push(Miss { code, part, alternative: step.expr, unit, lacks, support });
                    }
                }
            }
        }
    }
    let document = trace.document();
    misses.sort_by_cached_key(|miss| key(miss, document));
    Ok(choose(misses, focus.is_some()))
}

/// One thing is missing, or all that is missing was there and barred.
fn is_instructive(lacks: &[Lack<'_>], support: &Support<'_>, document: &Document) -> bool {
    let masked = |lack: &Lack<'_>| matches!(lack, Lack::Masked { .. });
    match lacks {
        [] => false,
        all if all.iter().all(Lack::is_barred) => {
            all.iter().any(masked) || !support.parts.is_empty() || !support.codes.is_empty()
        }
        [_] => weight(support, document).1 >= 2,
        _ => false,
    }
}

/// How much the words that are there say: in how many parts stands more than particles,
/// and how many characters but hiragana and signs they have.
fn weight(support: &Support<'_>, document: &Document) -> (usize, usize) {
    let is_content = |token: &Token| !matches!(token.class, Class::Particle | Class::Conjunctive | Class::Symbol);
    let in_content = |place: &&Place<'_>| {
        document.tokens.get(place.first..=place.last).is_some_and(|tokens| tokens.iter().any(is_content))
    };
    let parts = support.parts.iter().filter(|places| places.iter().any(|place| in_content(&place))).count();
    let says = |c: &char| c.is_alphanumeric() && !('ぁ'..='ゟ').contains(c) && *c != 'ー';
    let mut spans: Vec<_> = support.places().into_iter().filter(in_content).map(|place| place.span).collect();
    spans.dedup();
    (parts, spans.iter().map(|span| span.of(document.text()).chars().filter(says).count()).sum())
}

type Key = (usize, usize, Reverse<(usize, usize)>, usize, usize);

fn key(miss: &Miss<'_>, document: &Document) -> Key {
    let rank = miss.lacks.iter().map(Lack::rank).max().unwrap_or(0);
    let excess = miss.lacks.iter().map(|lack| match lack {
        Lack::TooFar { distance, most, .. } => distance - most,
        _ => 0,
    });
    let start = miss.alternative.span.start;
    (rank, excess.max().unwrap_or(0), Reverse(weight(&miss.support, document)), miss.code, start)
}

fn choose(misses: Vec<Miss<'_>>, focused: bool) -> Vec<Miss<'_>> {
    let mut chosen: Vec<Miss<'_>> = Vec::new();
    for miss in misses {
        let again = chosen.iter().any(|other| std::ptr::eq(other.alternative, miss.alternative));
        let is_barred = |miss: &Miss<'_>| miss.lacks.iter().all(Lack::is_barred);
        let barred = is_barred(&miss);
        let alike = || chosen.iter().filter(|other| is_barred(other) == barred);
        let room = match (focused, barred) {
            (true, _) => chosen.len() < MAX_FOCUS,
            (false, true) => alike().count() < MAX_BARRED,
            (false, false) => {
                alike().count() < MAX_NEAR && alike().filter(|other| other.code == miss.code).count() < MAX_NEAR_OF_CODE
            }
        };
        if room && !again {
            chosen.push(miss);
        }
    }
    chosen
}
