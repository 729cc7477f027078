//! Against a gold standard: what was found, and what of it is right.

use super::matrix::Matrix;
use super::pair::Pair;
use crate::statistics::{Defined, Undefined};

/// How well a label is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Performance {
    /// Given, and rightly.
    pub hits: u64,
    /// Given, but not in the gold standard.
    pub false_alarms: u64,
    /// In the gold standard, but not given.
    pub misses: u64,
    /// Rightly not given.
    pub rest: u64,
}

impl Performance {
    /// Of a pair of two categories whose *first* coder is the gold standard.
    ///
    /// # Panics
    /// If there are not two categories.
    pub fn new(pair: &Pair) -> Self {
        let [[rest, false_alarms], [misses, hits]] = pair.binary();
        Self { hits, false_alarms, misses, rest }
    }

    /// Counts of several labels, added up.
    fn sum(labels: &[Self]) -> Self {
        let sum = |count: fn(&Self) -> u64| labels.iter().map(count).sum();
        Self {
            hits: sum(|one| one.hits),
            false_alarms: sum(|one| one.false_alarms),
            misses: sum(|one| one.misses),
            rest: sum(|one| one.rest),
        }
    }

    /// Of what was given, how much is right.
    ///
    /// # Errors
    /// [`Undefined::NeverUsed`] if it was never given, [`Undefined::NoPair`] without units.
    pub fn precision(&self) -> Defined<f64> {
        self.ratio(self.hits, self.hits + self.false_alarms)
    }

    /// Of what is in the gold standard, how much was given.
    ///
    /// # Errors
    /// [`Undefined::NeverUsed`] if it is not in the gold standard, [`Undefined::NoPair`]
    /// without units.
    pub fn recall(&self) -> Defined<f64> {
        self.ratio(self.hits, self.hits + self.misses)
    }

    /// The harmonic mean of both, 2·hits / (2·hits + false alarms + misses).
    ///
    /// # Errors
    /// [`Undefined::NeverUsed`] if it is neither given nor in the gold standard,
    /// [`Undefined::NoPair`] without units.
    pub fn f1(&self) -> Defined<f64> {
        self.ratio(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)
    }

    fn ratio(&self, part: u64, whole: u64) -> Defined<f64> {
        if self.hits + self.false_alarms + self.misses + self.rest == 0 {
            Err(Undefined::NoPair)
        } else if whole == 0 {
            Err(Undefined::NeverUsed)
        } else {
            Ok(part as f64 / whole as f64)
        }
    }
}

/// How well sets of labels are found.
#[derive(Clone, Debug, PartialEq)]
pub struct SetPerformance {
    /// Units that both coded.
    pub units: u64,
    /// Units with exactly the gold standard's set.
    pub exact: u64,
    /// Units without a label on either side. They are right.
    pub empty: u64,
    /// Each label's counts, in the matrix's order.
    pub labels: Vec<Performance>,
    /// All labels' counts, added up: micro precision, recall and F1.
    pub micro: Performance,
    /// Mean over units of F1 = 2·|A∩B| / (|A|+|B|), 1 where both sets are empty.
    pub sample_f1: Defined<f64>,
    /// The same over units with a label on either side.
    pub sample_f1_labeled: Defined<f64>,
}

impl SetPerformance {
    /// The coder at the place `found` against the one at `gold`.
    pub fn new(matrix: &Matrix, gold: usize, found: usize) -> Self {
        let (mut units, mut exact, mut empty, mut sum) = (0, 0, 0, 0.0);
        for unit in matrix.cells() {
            let (Some(one), Some(other)) = (&unit[gold], &unit[found]) else { continue };
            units += 1;
            exact += u64::from(one == other);
            if one.is_empty() && other.is_empty() {
                empty += 1;
            } else {
                let both = one.iter().filter(|label| other.binary_search(label).is_ok()).count();
                sum += 2.0 * both as f64 / (one.len() + other.len()) as f64;
            }
        }
        let mean = |sum: f64, units: u64, none| if units == 0 { Err(none) } else { Ok(sum / units as f64) };
        let labels: Vec<Performance> = (0..matrix.labels.len())
            .map(|label| Performance::new(&Pair::new(&matrix.label(label), gold, found)))
            .collect();
        Self {
            units,
            exact,
            empty,
            micro: Performance::sum(&labels),
            labels,
            sample_f1: mean(sum + empty as f64, units, Undefined::NoPair),
            sample_f1_labeled: if units == 0 {
                Err(Undefined::NoPair)
            } else {
                mean(sum, units - empty, Undefined::NeverUsed)
            },
        }
    }

    /// The mean over labels of `measure`, and of how many labels: those without a value
    /// are left out.
    ///
    /// # Errors
    /// [`Undefined::NeverUsed`] if no label has a value.
    pub fn macro_mean(&self, measure: impl Fn(&Performance) -> Defined<f64>) -> Defined<(f64, u64)> {
        let values: Vec<f64> = self.labels.iter().filter_map(|label| measure(label).ok()).collect();
        if values.is_empty() {
            return Err(Undefined::NeverUsed);
        }
        Ok((values.iter().sum::<f64>() / values.len() as f64, values.len() as u64))
    }
}
