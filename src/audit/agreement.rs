//! All that fits a set of ratings, counts first, each value by its name.

use super::alpha::{Alpha, Bootstrap, alpha_by};
use super::coefficients::{Coefficient, Coefficients};
use super::draws::Draws;
use super::gold::Performance;
use super::pair::Pair;
use super::ratings::Ratings;
use crate::statistics::{Defined, Interval};

/// Agreement on one label or one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// How often each coder chose each category: by coder, then category.
    pub uses: Vec<Vec<u64>>,
    /// Percent agreement, AC1, Fleiss, Brennan–Prediger, Conger.
    pub coefficients: Coefficients,
    /// Krippendorff's α.
    pub alpha: Alpha,
    /// Each two coders, in their order.
    pub pairs: Vec<PairOf>,
}

/// The table of two of several coders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairOf {
    /// The place of the first, whose categories are the rows.
    pub first: usize,
    /// The place of the second.
    pub second: usize,
    /// Their table.
    pub pair: Pair,
}

/// A value and its name in files.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Named {
    /// A short, stable name.
    pub name: &'static str,
    /// The value, or why there is none.
    pub value: Defined<f64>,
}

impl Agreement {
    /// Agreement of all coders of `ratings`.
    pub fn new(ratings: &Ratings, bootstrap: Option<&Bootstrap>) -> Self {
        Self::by(ratings, bootstrap.copied().map(Draws::new).as_ref())
    }

    /// [`Agreement::new`] of one of several ratings that are resampled alike.
    pub(super) fn by(ratings: &Ratings, draws: Option<&Draws>) -> Self {
        let coders = ratings.coders();
        let pairs = (0..coders)
            .flat_map(|first| (first + 1..coders).map(move |second| (first, second)))
            .map(|(first, second)| PairOf { first, second, pair: Pair::new(ratings, first, second) })
            .collect();
        Self { uses: ratings.uses(), coefficients: Coefficients::new(ratings), alpha: alpha_by(ratings, draws), pairs }
    }

    /// Every value by its name, in the order of presentation: percent agreement before
    /// coefficients. Of two coders the pair's values come as well.
    pub fn named(&self) -> Vec<Named> {
        let mut named = Vec::new();
        if let [only] = self.pairs.as_slice() {
            named.extend(only.pair.named());
        }
        let coefficients = &self.coefficients;
        push(&mut named, ["pa", "pa_se", "pa_ci_lo", "pa_ci_hi"], &coefficients.pa);
        push(&mut named, ["ac1", "ac1_se", "ac1_ci_lo", "ac1_ci_hi"], &coefficients.ac1);
        push(&mut named, ["fleiss", "fleiss_se", "fleiss_ci_lo", "fleiss_ci_hi"], &coefficients.fleiss);
        push(&mut named, ["bp", "bp_se", "bp_ci_lo", "bp_ci_hi"], &coefficients.bp);
        push(&mut named, ["conger", "conger_se", "conger_ci_lo", "conger_ci_hi"], &coefficients.conger);
        named.push(Named { name: "alpha", value: self.alpha.value });
        if let Some(bootstrap) = self.alpha.interval {
            named.extend(bounds(["alpha_boot_lo", "alpha_boot_hi"], bootstrap.interval));
        }
        named
    }
}

fn bounds([low, high]: [&'static str; 2], interval: Defined<Interval>) -> [Named; 2] {
    [
        Named { name: low, value: interval.map(|interval| interval.low) },
        Named { name: high, value: interval.map(|interval| interval.high) },
    ]
}

fn push(named: &mut Vec<Named>, [value, se, low, high]: [&'static str; 4], coefficient: &Coefficient) {
    named.push(Named { name: value, value: coefficient.value });
    named.push(Named { name: se, value: coefficient.se });
    named.extend(bounds([low, high], coefficient.interval));
}

impl Pair {
    /// Every value by its name, in the order of presentation. What is about two
    /// categories comes only with two; precision and recall take the first coder for the
    /// gold standard.
    pub fn named(&self) -> Vec<Named> {
        let one = |name, value| Named { name, value };
        let mut named = vec![one("po", self.po())];
        named.extend(bounds(["po_wilson_lo", "po_wilson_hi"], self.po_interval()));
        if self.counts().len() == 2 {
            named.push(one("positive_agreement_f1", self.specific(1)));
            named.push(one("negative_agreement_f1", self.specific(0)));
        }
        let cohen = self.cohen();
        named.push(one("kappa", cohen.kappa));
        named.push(one("kappa_se", cohen.se));
        named.extend(bounds(["kappa_ci_lo_normal", "kappa_ci_hi_normal"], cohen.interval));
        named.push(one("kappa_max", cohen.max));
        named.push(one("scott", self.scott()));
        named.push(one("pabak", self.pabak()));
        if self.counts().len() == 2 {
            named.push(one("prevalence_index", self.prevalence_index()));
            named.push(one("bias_index", self.bias_index()));
            named.push(one("mcnemar_exact_p", self.mcnemar().map(|test| test.p)));
            named.push(one("mcnemar_midp", self.mcnemar().map(|test| test.mid_p)));
            let performance = Performance::new(self);
            named.push(one("precision", performance.precision()));
            named.push(one("recall", performance.recall()));
        }
        named.push(one("stuart_maxwell_p", self.stuart_maxwell().map(|test| test.p)));
        named.push(one("mcc", self.mcc()));
        named
    }
}
