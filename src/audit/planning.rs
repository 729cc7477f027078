//! How many answers to code twice, and how many to read, before anybody does.
//!
//! | for | read | by |
//! | --- | --- | --- |
//! | κ, α | answers, by two people independently | the large-sample variance of κ of a binary code |
//! | precision | answers with the code, by the rules | Wilson's interval in a finite population |
//! | recall | answers without it | the same of the share that the rules miss; and the exact bound if none is found |
//!
//! The share of answers with a code is taken to be what the rules find.

use crate::diagnostic::{Diagnostic, Result};
use crate::statistics::{Defined, Undefined, normal_at, score_interval};
use crate::text;

/// What is to be reached, and what is expected. All are fractions of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumptions {
    /// The full width of an interval, from its lower to its upper bound.
    pub width: f64,
    /// The level of the interval.
    pub level: f64,
    /// The κ (or α) that two coders are expected to have.
    pub kappa: f64,
    /// The precision that the rules are expected to have.
    pub precision: f64,
    /// The recall that the rules are expected to have.
    pub recall: f64,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self { width: 0.2, level: 0.95, kappa: 0.8, precision: 0.8, recall: 0.8 }
    }
}

/// So many of those there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// How many are needed; of κ it may be more than there are.
    pub needed: u64,
    /// How many there are.
    pub of: u64,
    /// The width of the interval when all there are have been read.
    pub width_of_all: f64,
}

impl Size {
    /// Whether all must be read, be it enough or not.
    pub const fn is_all(&self) -> bool {
        self.needed >= self.of
    }
}

/// What a code needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Answers.
    pub answers: u64,
    /// Answers to which the rules give the code.
    pub given: u64,
    /// Answers to be coded by two people.
    pub kappa: Defined<Size>,
    /// Answers with the code that are to be read.
    pub precision: Defined<Size>,
    /// Answers without the code that are to be read.
    pub recall: Defined<Size>,
    /// The least that recall can be (one-sided, at the same level) if among the answers
    /// read for it there is none that the rules missed.
    pub recall_if_none: Defined<f64>,
    /// The size of a sample of all answers, drawn without regard to the rules, in which as
    /// many of each kind are to be expected; at most all answers.
    pub sample: Defined<u64>,
}

impl Assumptions {
    /// Refuses what no size can be found for.
    ///
    /// # Errors
    /// If a number is out of its range, which is named.
    pub fn check(&self) -> Result<()> {
        let within = |value: f64, low: f64, high: f64| value > low && value < high;
        let (is_good, name, ja, en) = if !within(self.width, 0.0, 1.0) {
            (false, "--width", "0 より大きく 1 より小さい数（例: 0.2）", "a number between 0 and 1 (e.g. 0.2)")
        } else if !(self.level >= 0.5 && self.level < 1.0) {
            (false, "--level", "0.5 以上 1 未満の数（例: 0.95）", "a number from 0.5 up to, but not, 1 (e.g. 0.95)")
        } else if !(self.kappa >= 0.0 && self.kappa < 1.0) {
            (false, "--kappa", "0 以上 1 未満の数（例: 0.8）", "a number from 0 up to, but not, 1 (e.g. 0.8)")
        } else if !(self.precision > 0.0 && self.precision <= 1.0) {
            (false, "--precision", "0 より大きく 1 以下の数（例: 0.8）", "a number above 0, at most 1 (e.g. 0.8)")
        } else {
            let is_good = self.recall > 0.0 && self.recall <= 1.0;
            (is_good, "--recall", "0 より大きく 1 以下の数（例: 0.8）", "a number above 0, at most 1 (e.g. 0.8)")
        };
        if is_good {
            return Ok(());
        }
        Err(Diagnostic::error(text!("{name} の値が範囲の外です。", "The value of {name} is out of range."))
            .hint(text!("{ja}にしてください。", "Give {en}.")))
    }

    /// The sizes for a code that the rules give to `given` of `answers`.
    ///
    /// # Panics
    /// If more are given than there are.
    pub fn sizes(&self, answers: u64, given: u64) -> Sizes {
        assert!(given <= answers, "{given} given of {answers}");
        let rest = answers - given;
        let kappa = self.kappa_size(answers, given);
        let used = if given == 0 { Err(Undefined::NeverUsed) } else { Ok(()) };
        let precision = used.map(|()| {
            least(given, self.width, |read| width(self.precision, effective(read, given), normal_at(self.level)))
        });
        let recall = used.map(|()| least(rest, self.width, |read| self.recall_width(given, rest, read)));
        let sample = match (kappa, precision, recall) {
            (Ok(kappa), Ok(precision), Ok(recall)) => {
                let among = |size: Size| if size.of == 0 { 0 } else { (size.needed * answers).div_ceil(size.of) };
                Ok(kappa.needed.max(among(precision)).max(among(recall)).min(answers))
            }
            (Err(reason), ..) | (_, Err(reason), _) | (.., Err(reason)) => Err(reason),
        };
        let recall_if_none = recall.map(|recall| {
            let missed = most_missed(rest, recall.needed, 1.0 - self.level) as f64;
            self.found(given) / (self.found(given) + missed)
        });
        Sizes { answers, given, kappa, precision, recall, recall_if_none, sample }
    }

    /// Two coders of the same prevalence π and intraclass κ, so that both give the code in
    /// π² + κπ(1−π): Var κ̂ = (1−κ)/n · {(1−κ)(1−2κ) + κ(2−κ) / (2π(1−π))}.
    ///
    /// A. Donner, M. Eliasziw, Statistics in Medicine 11 (1992), 1511–1519; with equal
    /// margins it is the formula of Fleiss, Cohen and Everitt (1969) for Cohen's κ. Scott's
    /// π and Krippendorff's α of two coders have the same limit.
    fn kappa_size(&self, answers: u64, given: u64) -> Defined<Size> {
        match given {
            0 => return Err(Undefined::NeverUsed),
            _ if given == answers => return Err(Undefined::NoVariation),
            _ => {}
        }
        let (kappa, share) = (self.kappa, given as f64 / answers as f64);
        let braces = (1.0 - kappa) * (1.0 - 2.0 * kappa) + kappa * (2.0 - kappa) / (2.0 * share * (1.0 - share));
        let spread = 2.0 * normal_at(self.level) * ((1.0 - kappa) * braces).sqrt();
        let needed = (spread / self.width).powi(2).ceil() as u64;
        Ok(Size { needed: needed.max(2), of: answers, width_of_all: spread / (answers as f64).sqrt() })
    }

    /// Answers to which the rules give the code rightly.
    fn found(&self, given: u64) -> f64 {
        self.precision * given as f64
    }

    /// The width of recall's interval: what is found is taken as known, and the share of
    /// the `rest` that the rules missed has Wilson's interval.
    fn recall_width(&self, given: u64, rest: u64, read: u64) -> f64 {
        let found = self.found(given);
        let missed = (found * (1.0 - self.recall) / self.recall).min(rest as f64);
        let share = score_interval(missed / rest as f64, effective(read, rest), normal_at(self.level));
        let recall = |share: f64| found / (found + share * rest as f64);
        recall(share.low) - recall(share.high)
    }
}

/// The smallest number of `of` by which the width is reached. All of them leave none.
fn least(of: u64, wanted: f64, width: impl Fn(u64) -> f64) -> Size {
    let (mut low, mut high) = (0, of);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if width(middle) <= wanted {
            high = middle;
        } else {
            low = middle;
        }
    }
    Size { needed: high, of, width_of_all: 0.0 }
}

/// The sample size that says as much in an endless population: n(N−1)/(N−n).
fn effective(read: u64, of: u64) -> f64 {
    read as f64 * (of as f64 - 1.0) / (of - read) as f64
}

fn width(share: f64, n: f64, z: f64) -> f64 {
    let interval = score_interval(share, n, z);
    interval.high - interval.low
}

/// The most that may have been missed in `of` answers if `read` of them, drawn at random,
/// hold none: the largest M for which the chance of that, C(of−M, read) / C(of, read), is
/// more than `chance`. For many answers it is the rule of three, 3·of/read at 95 %.
fn most_missed(of: u64, read: u64, chance: f64) -> u64 {
    let mut none = 1.0;
    for missed in 0..of - read {
        none *= (of - read - missed) as f64 / (of - missed) as f64;
        if none <= chance {
            return missed;
        }
    }
    of - read
}

#[cfg(test)]
mod tests;
