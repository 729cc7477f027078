//! Krippendorff's α, with an interval by resampling units.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::distance::Distance;
use super::draws::Draws;
use super::matrix::Labels;
use super::overlap::Overlaps;
use super::ratings::Ratings;
use crate::statistics::{Defined, Interval, Undefined};

/// How an interval is found by resampling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// Samples that are drawn, at least two.
    pub replicates: u64,
    /// The seed they are drawn from.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { replicates: 2_000, seed: 1 }
    }
}

/// An interval and what it was made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BootstrapInterval {
    /// From the 2.5 % to the 97.5 % quantile of the samples (interpolated linearly).
    pub interval: Defined<Interval>,
    /// Samples and seed.
    pub bootstrap: Bootstrap,
    /// Samples without any variation, in which α is undefined. They are left out; where
    /// they are many, so is the rare code that α is about.
    pub undefined: u64,
}

/// Krippendorff's α.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alpha {
    /// 1 − observed / expected.
    pub value: Defined<f64>,
    /// Mean distance within units.
    pub observed: f64,
    /// Mean distance between all codings that can be paired.
    pub expected: f64,
    /// Units that at least two coders coded.
    pub units: u64,
    /// Their codings.
    pub codings: u64,
    /// The interval, if one was asked for.
    pub interval: Option<BootstrapInterval>,
}

/// Krippendorff's α for nominal categories: of units that at least two coders coded, 1
/// less the disagreement within units by the disagreement expected by chance, with the
/// correction N(N−1) for small samples. [`Undefined`] where there is no such unit, and
/// where all their codings are the same.
///
/// K. Krippendorff, *Computing Krippendorff's alpha-reliability* (2011). The interval
/// resamples units and computes both disagreements anew.
pub fn alpha(ratings: &Ratings, bootstrap: Option<&Bootstrap>) -> Alpha {
    alpha_by(ratings, bootstrap.copied().map(Draws::new).as_ref())
}

/// [`alpha`] of one of several ratings that are resampled alike.
pub(super) fn alpha_by(ratings: &Ratings, draws: Option<&Draws>) -> Alpha {
    compute(ratings, &Distances::Nominal, draws)
}

/// α of whole sets, by `distance`, which is not squared; `ratings` are numbers of `sets`,
/// which are distinct.
pub fn set_alpha(ratings: &Ratings, sets: &[Labels], distance: Distance, bootstrap: Option<&Bootstrap>) -> Alpha {
    set_alpha_by(ratings, sets, distance, bootstrap.copied().map(Draws::new).as_ref())
}

/// [`set_alpha`] of one of several ratings that are resampled alike.
pub(super) fn set_alpha_by(ratings: &Ratings, sets: &[Labels], distance: Distance, draws: Option<&Draws>) -> Alpha {
    let distances = match distance {
        Distance::Exact => Distances::Nominal,
        Distance::Jaccard | Distance::Masi => Distances::Sets { sets, distance, all: Overlaps::new(sets, distance) },
    };
    compute(ratings, &distances, draws)
}

enum Distances<'s> {
    /// 0 within a category, 1 between two.
    Nominal,
    /// Categories are sets.
    Sets { sets: &'s [Labels], distance: Distance, all: Overlaps },
}

impl Distances<'_> {
    fn between(&self, one: usize, other: usize) -> f64 {
        match self {
            Self::Nominal => f64::from(u8::from(one != other)),
            Self::Sets { sets, distance, .. } => distance.between(&sets[one], &sets[other]),
        }
    }

    /// The sum of distances of all ordered pairs, given how often each category is there.
    fn sum(&self, counts: &[u64]) -> f64 {
        match self {
            Self::Nominal => {
                let all: u64 = counts.iter().sum();
                let same: u128 = counts.iter().map(|&count| u128::from(count) * u128::from(count)).sum();
                (u128::from(all) * u128::from(all) - same) as f64
            }
            Self::Sets { all, .. } => all.sum(counts),
        }
    }
}

/// Units whose codings are the same, in whatever order. Most codes are rare, so that many
/// units are of few kinds.
struct Kind {
    /// Its categories, one for each coding.
    categories: Vec<usize>,
    /// Sum of distances of its ordered pairs, by its codings less one.
    within: f64,
}

/// α of a sample that holds so many units of each kind, with observed and expected
/// disagreement. `counts` are of the categories; they are counted anew.
fn of(kinds: &[Kind], tally: &[u64], distances: &Distances<'_>, counts: &mut [u64]) -> (Defined<f64>, f64, f64) {
    counts.fill(0);
    let mut within = 0.0;
    for (kind, &units) in kinds.iter().zip(tally) {
        within += units as f64 * kind.within;
        kind.categories.iter().for_each(|&category| counts[category] += units);
    }
    let codings: u64 = counts.iter().sum();
    if codings == 0 {
        return (Err(Undefined::NoPair), 0.0, 0.0);
    }
    let n = codings as f64;
    let (observed, expected) = (within / n, distances.sum(counts) / (n * (n - 1.0)));
    let value = if expected > 0.0 { Ok(1.0 - observed / expected) } else { Err(Undefined::NoVariation) };
    (value, observed, expected)
}

/// The units that at least two coders coded: their kinds, and the kind of each.
fn kinds(ratings: &Ratings, distances: &Distances<'_>) -> (Vec<Kind>, Vec<u32>) {
    let (mut kinds, mut units, mut known) = (Vec::new(), Vec::new(), FxHashMap::default());
    for unit in ratings.units() {
        let mut categories: Vec<usize> = unit.iter().flatten().copied().collect();
        if categories.len() < 2 {
            continue;
        }
        categories.sort_unstable();
        let new = kinds.len() as u32;
        let kind = *known.entry(categories.clone()).or_insert(new);
        if kind == new {
            let row = |&one: &usize| categories.iter().map(|&other| distances.between(one, other)).sum::<f64>();
            let within = categories.iter().map(row).sum::<f64>() / (categories.len() - 1) as f64;
            kinds.push(Kind { categories, within });
        }
        units.push(kind);
    }
    (kinds, units)
}

fn compute(ratings: &Ratings, distances: &Distances<'_>, draws: Option<&Draws>) -> Alpha {
    let (kinds, units) = kinds(ratings, distances);
    let mut tally = vec![0; kinds.len()];
    units.iter().for_each(|&kind| tally[kind as usize] += 1);
    let mut counts = vec![0; ratings.categories()];
    let (value, observed, expected) = of(&kinds, &tally, distances, &mut counts);
    let interval = draws.map(|draws| match value {
        Ok(_) => resample(&kinds, &units, distances, ratings.categories(), draws),
        Err(reason) => BootstrapInterval { interval: Err(reason), bootstrap: draws.bootstrap, undefined: 0 },
    });
    Alpha { value, observed, expected, units: units.len() as u64, codings: counts.iter().sum(), interval }
}

fn resample(
    kinds: &[Kind],
    units: &[u32],
    distances: &Distances<'_>,
    categories: usize,
    draws: &Draws,
) -> BootstrapInterval {
    let bootstrap = draws.bootstrap;
    let held = draws.held(units.len());
    let scratch = || (vec![0; kinds.len()], vec![0; categories]);
    let sample = |(tally, counts): &mut (Vec<u64>, Vec<u64>), number: u64| {
        tally.fill(0);
        let mut draw = |unit: usize| tally[units[unit] as usize] += 1;
        match &held {
            Some(all) => {
                all[number as usize * units.len()..][..units.len()].iter().for_each(|&unit| draw(unit as usize))
            }
            None => draws.sample(number, units.len()).for_each(draw),
        }
        of(kinds, tally, distances, counts).0.ok()
    };
    let samples: Vec<Option<f64>> = (0..bootstrap.replicates).into_par_iter().map_init(scratch, sample).collect();
    let mut values: Vec<f64> = samples.into_iter().flatten().collect();
    values.sort_by(f64::total_cmp);
    let undefined = bootstrap.replicates - values.len() as u64;
    let interval = if units.len() < 2 {
        Err(Undefined::TooFewUnits)
    } else {
        match (quantile(&values, 0.025), quantile(&values, 0.975)) {
            (Some(low), Some(high)) if low < high => Ok(Interval { low, high }),
            _ => Err(Undefined::NoSpread),
        }
    };
    BootstrapInterval { interval, bootstrap, undefined }
}

/// The quantile of ascending `values`, between two of them if need be (R's type 7).
fn quantile(values: &[f64], part: f64) -> Option<f64> {
    let place = part * values.len().checked_sub(1)? as f64;
    let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
    Some(below + (above - below) * place.fract())
}
