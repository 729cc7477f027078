//! Where coders differ, what settling it would bring, and what it likely comes from.

use std::collections::{BTreeMap, BTreeSet};

use super::codings::{Codings, Given};

/// What a disagreement likely comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// People agree; the rules alone differ.
    OnlyRules,
    /// A coder (by place) never gives this code at all.
    NeverUses(usize),
    /// Where one gives this code, another gives that one (by place) instead.
    Boundary(usize),
    /// One gives a code more than another.
    Omission,
    /// The code is the same, the stance is not.
    Stance,
}

impl Cause {
    /// A short, stable name for files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::OnlyRules => "only_rules",
            Self::NeverUses(_) => "never_uses",
            Self::Boundary(_) => "boundary",
            Self::Omission => "omission",
            Self::Stance => "stance",
        }
    }
}

/// A code of an answer on which coders differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// The unit's place.
    pub unit: usize,
    /// The code's place.
    pub label: usize,
    /// What its α would gain if the coders settled on what most of them say.
    pub gain: f64,
    /// The likely cause.
    pub cause: Cause,
}

/// Two codes of which one coder gave the one and another the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confused {
    /// Their places.
    pub codes: [usize; 2],
    /// In how many answers.
    pub answers: u64,
}

/// All disagreements of the coders at the places `coders`: those whose settlement would
/// raise their code's α most come first. `rules` is the coder that rules are.
pub fn disagreements(codings: &Codings, coders: &[usize], rules: Option<usize>) -> Vec<Disagreement> {
    let mut found = Vec::new();
    for label in 0..codings.labels.len() {
        let counts: Vec<[u64; 2]> = (0..codings.units.len()).map(|unit| votes(codings, coders, unit, label)).collect();
        let tally = Tally::of(&counts);
        let uses = |coder: usize| codings.cells.iter().filter(|row| has(&row[coder], label).is_some()).count();
        let never: Vec<usize> = coders.iter().copied().filter(|&coder| uses(coder) == 0).collect();
        for (unit, votes) in counts.iter().enumerate() {
            if votes[0] > 0 && votes[1] > 0 {
                let cause = cause(codings, coders, rules, &never, unit, label);
                found.push(Disagreement { unit, label, gain: tally.gain(*votes), cause });
            } else if votes[1] > 1 && stances(codings, coders, unit, label).len() > 1 {
                found.push(Disagreement { unit, label, gain: 0.0, cause: Cause::Stance });
            }
        }
    }
    found.sort_by(|one, other| {
        other.gain.total_cmp(&one.gain).then_with(|| (one.unit, one.label).cmp(&(other.unit, other.label)))
    });
    found
}

/// Pairs of codes that these coders give in each other's place, the commonest first.
pub fn confused(codings: &Codings, coders: &[usize]) -> Vec<Confused> {
    let mut found: BTreeMap<[usize; 2], u64> = BTreeMap::new();
    for row in &codings.cells {
        let mut here = BTreeSet::new();
        for &one in coders {
            for &other in coders {
                for label in only(&row[one], &row[other]) {
                    here.extend(only(&row[other], &row[one]).map(|instead| [label.min(instead), label.max(instead)]));
                }
            }
        }
        here.into_iter().for_each(|codes| *found.entry(codes).or_default() += 1);
    }
    let mut confused: Vec<Confused> = found.into_iter().map(|(codes, answers)| Confused { codes, answers }).collect();
    confused.sort_by(|one, other| other.answers.cmp(&one.answers).then_with(|| one.codes.cmp(&other.codes)));
    confused
}

type Cell = Option<Vec<Given>>;

fn has(cell: &Cell, label: usize) -> Option<&Given> {
    cell.as_ref()?.iter().find(|given| given.label == label)
}

/// Labels of `one` that `other` lacks; none if either did not code.
fn only<'c>(one: &'c Cell, other: &'c Cell) -> impl Iterator<Item = usize> + 'c {
    let given = one.iter().flatten().filter(move |given| other.is_some() && has(other, given.label).is_none());
    given.map(|given| given.label)
}

/// How many do not give the label, and how many do.
fn votes(codings: &Codings, coders: &[usize], unit: usize, label: usize) -> [u64; 2] {
    let mut votes = [0, 0];
    for cell in coders.iter().map(|&coder| &codings.cells[unit][coder]).filter(|cell| cell.is_some()) {
        votes[usize::from(has(cell, label).is_some())] += 1;
    }
    votes
}

fn stances<'c>(codings: &'c Codings, coders: &[usize], unit: usize, label: usize) -> BTreeSet<&'c str> {
    let given = coders.iter().filter_map(|&coder| has(&codings.cells[unit][coder], label));
    given.filter_map(|given| given.stance.as_deref()).collect()
}

fn cause(
    codings: &Codings,
    coders: &[usize],
    rules: Option<usize>,
    never: &[usize],
    unit: usize,
    label: usize,
) -> Cause {
    let row = &codings.cells[unit];
    let people: Vec<usize> = coders.iter().copied().filter(|at| Some(*at) != rules && row[*at].is_some()).collect();
    let [without, with] = votes(codings, &people, unit, label);
    if people.len() > 1 && (without == 0 || with == 0) {
        return Cause::OnlyRules;
    }
    if let Some(coder) = never.iter().find(|coder| row[**coder].is_some()) {
        return Cause::NeverUses(*coder);
    }
    let gives = |coder: &&usize| has(&row[**coder], label).is_some();
    let lacks = || coders.iter().filter(|coder| row[**coder].is_some() && !gives(coder));
    let instead =
        coders.iter().filter(gives).find_map(|one| lacks().find_map(|other| only(&row[*other], &row[*one]).next()));
    instead.map_or(Cause::Omission, Cause::Boundary)
}

/// What α of a label is made of.
struct Tally {
    counts: [f64; 2],
    within: f64,
}

/// What a unit with these votes adds to the disagreement within units.
fn within(votes: [u64; 2]) -> f64 {
    2.0 * votes[0] as f64 * votes[1] as f64 / (votes[0] + votes[1] - 1) as f64
}

impl Tally {
    fn of(units: &[[u64; 2]]) -> Self {
        let mut tally = Self { counts: [0.0, 0.0], within: 0.0 };
        for votes in units.iter().filter(|votes| votes[0] + votes[1] > 1) {
            tally.counts[0] += votes[0] as f64;
            tally.counts[1] += votes[1] as f64;
            tally.within += within(*votes);
        }
        tally
    }

    /// α as [`super::alpha`] has it; 1 where nothing varies, for then all agree.
    fn alpha(&self) -> f64 {
        let [no, yes] = self.counts;
        if no == 0.0 || yes == 0.0 { 1.0 } else { 1.0 - self.within * (no + yes - 1.0) / (2.0 * no * yes) }
    }

    /// What α gains when a unit is settled as most say; of a tie, as is better for α.
    fn gain(&self, votes: [u64; 2]) -> f64 {
        let settled = |value: usize| {
            let all = (votes[0] + votes[1]) as f64;
            let mut counts = [self.counts[0] - votes[0] as f64, self.counts[1] - votes[1] as f64];
            counts[value] += all;
            Self { counts, within: (self.within - within(votes)).max(0.0) }.alpha() - self.alpha()
        };
        match votes[0].cmp(&votes[1]) {
            std::cmp::Ordering::Less => settled(1),
            std::cmp::Ordering::Greater => settled(0),
            std::cmp::Ordering::Equal => settled(0).max(settled(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Ratings, alpha};

    /// α from the tally is Krippendorff's, and the gain is the difference of two of them.
    #[test]
    fn the_gain_is_a_difference_of_alphas() {
        let units = [[1_usize, 1], [0, 1], [0, 0], [1, 0], [0, 0], [1, 1], [0, 0]];
        let of = |units: &[[usize; 2]]| {
            let rows = units.iter().map(|unit| unit.iter().map(|value| Some(*value)).collect()).collect();
            alpha(&Ratings::new(2, 2, rows), None).value.unwrap()
        };
        let votes = units.map(|unit| {
            let yes = unit.iter().sum::<usize>() as u64;
            [2 - yes, yes]
        });
        let tally = Tally::of(&votes);
        assert!((tally.alpha() - of(&units)).abs() < 1e-12);
        let settled = [0, 1].map(|value| {
            let mut units = units;
            units[1] = [value, value];
            of(&units) - of(&[[1, 1], [0, 1], [0, 0], [1, 0], [0, 0], [1, 1], [0, 0]])
        });
        assert!((tally.gain([1, 1]) - settled[0].max(settled[1])).abs() < 1e-12);
        assert!(tally.gain([1, 1]) > 0.0);
    }
}
