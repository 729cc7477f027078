//! Krippendorff's α, with an interval by resampling units.

use rayon::prelude::*;

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

/// What a unit adds to the two disagreements.
struct Unit {
    categories: Vec<usize>,
    /// Sum of distances of its ordered pairs, by its codings less one.
    within: f64,
}

/// α of a sample of units, with observed and expected disagreement.
fn of<'a>(
    sample: impl Iterator<Item = &'a Unit>,
    distances: &Distances<'_>,
    counts: &mut [u64],
) -> (Defined<f64>, f64, f64) {
    counts.fill(0);
    let (mut within, mut codings) = (0.0, 0_u64);
    for unit in sample {
        within += unit.within;
        codings += unit.categories.len() as u64;
        unit.categories.iter().for_each(|&category| counts[category] += 1);
    }
    if codings == 0 {
        return (Err(Undefined::NoPair), 0.0, 0.0);
    }
    let n = codings as f64;
    let (observed, expected) = (within / n, distances.sum(counts) / (n * (n - 1.0)));
    let value = if expected > 0.0 { Ok(1.0 - observed / expected) } else { Err(Undefined::NoVariation) };
    (value, observed, expected)
}

fn compute(ratings: &Ratings, distances: &Distances<'_>, draws: Option<&Draws>) -> Alpha {
    let units: Vec<Unit> = ratings
        .units()
        .iter()
        .map(|unit| unit.iter().flatten().copied().collect::<Vec<_>>())
        .filter(|categories| categories.len() >= 2)
        .map(|categories| {
            let row = |&one: &usize| categories.iter().map(|&other| distances.between(one, other)).sum::<f64>();
            let within = categories.iter().map(row).sum::<f64>() / (categories.len() - 1) as f64;
            Unit { categories, within }
        })
        .collect();
    let mut counts = vec![0; ratings.categories()];
    let (value, observed, expected) = of(units.iter(), distances, &mut counts);
    let interval = draws.map(|draws| match value {
        Ok(_) => resample(&units, distances, ratings.categories(), draws),
        Err(reason) => BootstrapInterval { interval: Err(reason), bootstrap: draws.bootstrap, undefined: 0 },
    });
    Alpha { value, observed, expected, units: units.len() as u64, codings: counts.iter().sum(), interval }
}

fn resample(units: &[Unit], distances: &Distances<'_>, categories: usize, draws: &Draws) -> BootstrapInterval {
    let bootstrap = draws.bootstrap;
    let held = draws.held(units.len());
    let scratch = || vec![0; categories];
    let sample = |counts: &mut Vec<u64>, number: u64| match &held {
        Some(all) => {
            let own = &all[number as usize * units.len()..][..units.len()];
            of(own.iter().map(|&unit| &units[unit as usize]), distances, counts).0.ok()
        }
        None => of(draws.sample(number, units.len()).map(|unit| &units[unit]), distances, counts).0.ok(),
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
