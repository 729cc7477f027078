//! Where the stance of a theme was taken from; the same steps as in [`crate::coding`].

use super::trace::Trace;
use super::{Firing, firings_in};
use crate::codebook::Codebook;
use crate::diagnostic::Result;
use crate::rule::plan::{Part, Source};
use crate::span::Span;
use crate::tokenize::{Document, Unit, UnitKind};

/// From where a stance was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A clause with evidence of the theme.
    Own,
    /// A clause behind it in the sentence.
    Following,
    /// No clause shows any: the question's default.
    Default,
}

/// How a theme is meant, and why.
#[derive(Clone, Debug)]
pub struct StanceAccount<'x> {
    /// Id of the stance.
    pub id: String,
    /// From where it was taken.
    pub from: From,
    /// The clauses that show it, by index.
    pub clauses: Vec<usize>,
    /// The words that show it: bytes of the folded text.
    pub evidence: Vec<Span>,
    /// The alternatives that hold.
    pub firings: Vec<Firing<'x>>,
    /// Stances that the same clauses show, and that come later in the axis's order.
    pub outranked: Vec<usize>,
}

/// The stance of the theme `code`, found by `evidence` (folded spans).
pub(super) fn of<'x>(
    trace: &mut Trace<'_, 'x, '_>,
    sources: &[Source<'_>],
    codebook: &Codebook,
    code: usize,
    evidence: &[Span],
    default: Option<&str>,
) -> Result<Option<StanceAccount<'x>>> {
    let Some(axis) = codebook.qualifier_of(&codebook.codes[code].axis) else { return Ok(None) };
    let stances: Vec<usize> = axis.order.iter().filter_map(|id| codebook.code(id)).collect();
    if stances.is_empty() {
        return Ok(None);
    }
    let document = trace.document();
    let own = own_clauses(document, evidence);
    let mut places = vec![(From::Own, own.clone())];
    places.extend(following(document, &own).into_iter().map(|clause| (From::Following, vec![clause])));
    for (from, clauses) in places {
        let mut shown = Vec::new();
        for &stance in &stances {
            let (evidence, firings) = shows(trace, sources[stance].unit, stance, &clauses)?;
            if !evidence.is_empty() {
                shown.push((stance, evidence, firings));
            }
        }
        let outranked = shown.iter().skip(1).map(|(stance, ..)| *stance).collect();
        if let Some((stance, evidence, firings)) = shown.into_iter().next() {
            let id = codebook.codes[stance].id.clone();
            return Ok(Some(StanceAccount { id, from, clauses, evidence, firings, outranked }));
        }
    }
    Ok(default.map(|id| StanceAccount {
        id: id.to_owned(),
        from: From::Default,
        clauses: Vec::new(),
        evidence: Vec::new(),
        firings: Vec::new(),
        outranked: Vec::new(),
    }))
}

/// The clauses that share a morpheme with the evidence.
fn own_clauses(document: &Document, evidence: &[Span]) -> Vec<usize> {
    let touches = |clause: &Unit| {
        evidence.iter().any(|span| {
            let (first, last) = document.touched(*span);
            clause.first <= last && first < clause.last
        })
    };
    (0..document.clauses.len()).filter(|&at| touches(&document.clauses[at])).collect()
}

/// The clauses behind the last of `own` in its sentence.
fn following(document: &Document, own: &[usize]) -> Vec<usize> {
    let Some(&last) = own.last() else { return Vec::new() };
    let sentence = document.unit_of(UnitKind::Sentence, document.clauses[last].first);
    (last + 1..document.clauses.len()).filter(|&at| document.clauses[at].last <= sentence.last).collect()
}

/// The words by which `stance` holds in one of the clauses, and the alternatives that do.
fn shows<'x>(
    trace: &mut Trace<'_, 'x, '_>,
    kind: UnitKind,
    stance: usize,
    clauses: &[usize],
) -> Result<(Vec<Span>, Vec<Firing<'x>>)> {
    let document = trace.document();
    let (mut evidence, mut firings) = (Vec::new(), Vec::new());
    let mut tried: Vec<Unit> = Vec::new();
    for &clause in clauses {
        let clause = document.clauses[clause];
        let unit = if kind == UnitKind::Clause { clause } else { document.unit_of(kind, clause.first) };
        if tried.contains(&unit) {
            continue;
        }
        tried.push(unit);
        if let Some(found) = trace.find(stance, unit)? {
            evidence.extend(found);
            firings.extend(firings_in(trace, stance, Part::Rule, unit)?);
        }
    }
    Ok((evidence, firings))
}
