//! What kept a rule from holding, where little was missing.

use super::chains::{Field, gap};
use super::places::Place;
use super::trace::{Mask, Step};
use crate::rule::{Expr, Kind};
use crate::span::Span;

/// One thing that kept an alternative from holding.
#[derive(Clone, Debug)]
pub enum Lack<'r> {
    /// No word of this stands in the unit; or the code it asks for does not hold.
    Absent(&'r Expr),
    /// Its only words lie inside what `except` takes out.
    Masked {
        /// The words.
        places: Vec<Place<'r>>,
        /// What took each of them out.
        masks: Vec<Mask<'r>>,
    },
    /// All elements stand, the nearest of them too far apart.
    TooFar {
        /// The place before the gap and the one behind it.
        between: [Place<'r>; 2],
        /// How far apart they are, in morphemes.
        distance: usize,
        /// How far apart they may be.
        most: usize,
    },
    /// All elements stand, in another order than seq asks for.
    Order(&'r Expr),
    /// The elements stand on the same words only.
    Overlap(&'r Expr),
    /// A condition with `!` was not met.
    Stopped {
        /// The condition, without its `!`.
        condition: &'r Expr,
        /// The words that made it hold; none where it holds by what is absent.
        by: Vec<Span>,
    },
    /// An attribute, a count or a length is another.
    Condition {
        /// The condition.
        expr: &'r Expr,
        /// What was counted; `None` for an attribute.
        number: Option<usize>,
    },
}

impl Lack<'_> {
    /// Whether it is a word that was there and did not count.
    pub fn is_barred(&self) -> bool {
        matches!(self, Self::Masked { .. } | Self::Stopped { .. })
    }

    /// The most instructive first.
    pub(super) const fn rank(&self) -> usize {
        match self {
            Self::Stopped { .. } => 0,
            Self::Masked { .. } => 1,
            Self::TooFar { .. } => 2,
            Self::Order(_) | Self::Overlap(_) => 3,
            Self::Condition { .. } => 4,
            Self::Absent(_) => 5,
        }
    }
}

/// What `step`, which does not hold, lacks.
pub(super) fn lacks<'r>(step: &Step<'r>, masks: &[Mask<'r>]) -> Vec<Lack<'r>> {
    if step.holds {
        return Vec::new();
    }
    match &step.expr.kind {
        Kind::And(_) => step.parts.iter().flat_map(|part| lacks(part, masks)).collect(),
        // The alternative that lacks least.
        Kind::Or(_) if !step.parts.is_empty() => nearest(step, masks).map(|(_, lacks)| lacks).unwrap_or_default(),
        Kind::Not(inner) => {
            let by = step.parts.iter().flat_map(|part| part.evidence.clone()).collect();
            vec![Lack::Stopped { condition: inner, by }]
        }
        Kind::Near { ordered, distance, .. } => {
            let missing: Vec<Lack> = step.parts.iter().flat_map(|part| lacks(part, masks)).collect();
            if missing.is_empty() { vec![apart(step, *ordered, *distance)] } else { missing }
        }
        Kind::Attribute { .. } => vec![Lack::Condition { expr: step.expr, number: None }],
        Kind::Count { .. } | Kind::Length { .. } => {
            vec![Lack::Condition { expr: step.expr, number: Some(step.number) }]
        }
        _ if step.masked.is_empty() => vec![Lack::Absent(step.expr)],
        _ => {
            let (places, numbers): (Vec<_>, Vec<_>) = step.masked.iter().cloned().unzip();
            vec![Lack::Masked { places, masks: numbers.into_iter().map(|at: usize| masks[at].clone()).collect() }]
        }
    }
}

/// The alternative of an "or" that lacks least, with what it lacks.
fn nearest<'s, 'r>(step: &'s Step<'r>, masks: &[Mask<'r>]) -> Option<(&'s Step<'r>, Vec<Lack<'r>>)> {
    let lacking = step.parts.iter().map(|part| (part, lacks(part, masks)));
    lacking.min_by_key(|(_, lacks)| (lacks.len(), lacks.iter().map(Lack::rank).max()))
}

/// Why elements that all stand do not stand near each other.
fn apart<'r>(step: &Step<'r>, ordered: bool, most: usize) -> Lack<'r> {
    let places: Vec<_> = step.parts.iter().map(|part| part.places.clone()).collect();
    let widest = places.iter().flatten().map(|place| place.last + 1).max().unwrap_or(0);
    let field = Field::new(&places, ordered);
    // A choice that is near for one distance may be missed for a longer one only where it
    // is near already, so the smallest is found by trying.
    let found = (most + 1..=widest).find_map(|distance| Some((distance, field.chains(distance).into_iter().next()?)));
    if let Some((distance, chain)) = found {
        let pair = chain.windows(2).find(|pair| gap(pair[0], pair[1]) == distance);
        if let Some(&[before, after]) = pair {
            return Lack::TooFar { between: [before.clone(), after.clone()], distance, most };
        }
    }
    if ordered && !Field::new(&places, false).chains(widest).is_empty() {
        return Lack::Order(step.expr);
    }
    Lack::Overlap(step.expr)
}

/// The words that are there, of what `step` asks for.
pub(super) fn support<'r>(step: &Step<'r>, masks: &[Mask<'r>]) -> Support<'r> {
    let mut support = Support::default();
    gather(step, masks, &mut support);
    support
}

/// The words that speak for an alternative.
#[derive(Clone, Debug, Default)]
pub struct Support<'r> {
    /// The words of each of its parts that stand.
    pub parts: Vec<Vec<Place<'r>>>,
    /// Words of other codes that it asks for.
    pub codes: Vec<Span>,
}

impl<'r> Support<'r> {
    /// All the words, by position.
    pub fn places(&self) -> Vec<&Place<'r>> {
        let mut places: Vec<&Place<'r>> = self.parts.iter().flatten().collect();
        places.sort_by_key(|place| place.span);
        places
    }
}

fn gather<'r>(step: &Step<'r>, masks: &[Mask<'r>], support: &mut Support<'r>) {
    match &step.expr.kind {
        Kind::And(_) => step.parts.iter().for_each(|part| gather(part, masks, support)),
        Kind::Near { .. } | Kind::Count { .. } if !step.holds => {
            step.parts.iter().for_each(|part| gather(part, masks, support))
        }
        Kind::Or(_) if !step.parts.is_empty() => match step.parts.iter().find(|part| part.holds) {
            Some(_) => step.parts.iter().filter(|part| part.holds).for_each(|part| gather(part, masks, support)),
            None => {
                if let Some((part, _)) = nearest(step, masks) {
                    gather(part, masks, support);
                }
            }
        },
        Kind::Not(_) | Kind::Attribute { .. } | Kind::Length { .. } => {}
        Kind::Code(_) if step.holds => {
            support.codes.extend(&step.evidence);
        }
        _ if step.holds => {
            support.parts.push(step.places.clone());
        }
        _ => {}
    }
}
