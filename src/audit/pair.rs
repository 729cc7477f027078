//! Two coders: the table of what both said, and what follows from it.

use super::coefficients::snap;
use super::ratings::Ratings;
use crate::statistics::{
    Defined, Interval, McNemar, StuartMaxwell, Table, Undefined, mcnemar, normal, stuart_maxwell, wilson,
};

/// The table of two coders: how often the first said one category and the second another,
/// of the units that both coded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair(Table);

/// Cohen's κ with its spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cohen {
    /// (po − pe)/(1 − pe).
    pub kappa: Defined<f64>,
    /// The largest κ that these margins allow.
    pub max: Defined<f64>,
    /// The standard error for large samples.
    pub se: Defined<f64>,
    /// The normal interval, clipped to −1…1.
    pub interval: Defined<Interval>,
}

impl Pair {
    /// The table of the coders at the places `first` (rows) and `second` (columns).
    pub fn new(ratings: &Ratings, first: usize, second: usize) -> Self {
        let mut counts = vec![vec![0; ratings.categories()]; ratings.categories()];
        for unit in ratings.units() {
            if let (Some(one), Some(other)) = (unit[first], unit[second]) {
                counts[one][other] += 1;
            }
        }
        Self::from_counts(counts)
    }

    /// A table of counts: rows the first coder's categories, columns the second's.
    ///
    /// # Panics
    /// If it is not square.
    pub fn from_counts(counts: Vec<Vec<u64>>) -> Self {
        assert!(counts.iter().all(|row| row.len() == counts.len()), "the table is not square");
        Self(Table::new(counts))
    }

    /// The confusion matrix: the first coder's category, then the second's.
    pub fn counts(&self) -> &[Vec<u64>] {
        self.0.counts()
    }

    /// How often the first coder chose each category.
    pub fn rows(&self) -> &[u64] {
        self.0.rows()
    }

    /// How often the second coder chose each category.
    pub fn columns(&self) -> &[u64] {
        self.0.columns()
    }

    /// Units that both coded.
    pub fn units(&self) -> u64 {
        self.0.total()
    }

    /// Units on which they agree.
    pub fn agreed(&self) -> u64 {
        (0..self.counts().len()).map(|category| self.counts()[category][category]).sum()
    }

    /// Percent agreement, as a fraction.
    ///
    /// # Errors
    /// [`Undefined::NoPair`] if there is no unit that both coded.
    pub fn po(&self) -> Defined<f64> {
        self.share(self.agreed())
    }

    /// Wilson's interval of percent agreement.
    ///
    /// # Errors
    /// As [`Pair::po`].
    pub fn po_interval(&self) -> Defined<Interval> {
        wilson(self.agreed(), self.units()).map_err(|_| Undefined::NoPair)
    }

    fn share(&self, count: u64) -> Defined<f64> {
        if self.units() == 0 { Err(Undefined::NoPair) } else { Ok(count as f64 / self.units() as f64) }
    }

    /// Specific agreement on a category: 2 n_kk / (n_k. + n_.k), which is also F1.
    ///
    /// # Errors
    /// [`Undefined::NeverUsed`] if neither chose it, [`Undefined::NoPair`] without units.
    pub fn specific(&self, category: usize) -> Defined<f64> {
        self.share(0)?;
        let uses = self.rows()[category] + self.columns()[category];
        if uses == 0 {
            return Err(Undefined::NeverUsed);
        }
        Ok(2.0 * self.counts()[category][category] as f64 / uses as f64)
    }

    /// The agreement that the sums of `one` with `other` let expect by chance: 1 − pe, or
    /// why nothing can be said.
    fn beyond(&self, chance: impl Fn(usize) -> f64) -> Defined<f64> {
        self.share(0)?;
        let beyond = 1.0 - (0..self.counts().len()).map(chance).sum::<f64>();
        if beyond < 1e-12 { Err(Undefined::NoVariation) } else { Ok(beyond) }
    }

    fn margins(&self, category: usize) -> (f64, f64) {
        let n = self.units() as f64;
        (self.rows()[category] as f64 / n, self.columns()[category] as f64 / n)
    }

    /// Cohen's κ; its standard error by Fleiss, Cohen and Everitt, and what it could be
    /// at most.
    ///
    /// J. Cohen, EPM 20 (1960), 37–46; J. L. Fleiss, J. Cohen, B. S. Everitt,
    /// Psychological Bulletin 72 (1969), 323–327, formula 13.
    pub fn cohen(&self) -> Cohen {
        let beyond = self.beyond(|category| {
            let (row, column) = self.margins(category);
            row * column
        });
        let (po, beyond) = match (self.po(), beyond) {
            (Ok(po), Ok(beyond)) => (po, beyond),
            (Err(reason), _) | (_, Err(reason)) => {
                return Cohen { kappa: Err(reason), max: Err(reason), se: Err(reason), interval: Err(reason) };
            }
        };
        let pe = 1.0 - beyond;
        let kappa = snap((po - pe) / beyond);
        let most: u64 = self.rows().iter().zip(self.columns()).map(|(row, column)| row.min(column)).sum();
        let max = (most as f64 / self.units() as f64 - pe) / beyond;
        let se = self.cohen_se(kappa, pe);
        let interval = se.and_then(|se| {
            if se == 0.0 {
                return Err(Undefined::NoSpread);
            }
            let half = normal() * se;
            Ok(Interval { low: (kappa - half).max(-1.0), high: (kappa + half).min(1.0) })
        });
        Cohen { kappa: Ok(kappa), max: Ok(max), se, interval }
    }

    fn cohen_se(&self, kappa: f64, pe: f64) -> Defined<f64> {
        let n = self.units();
        if n < 2 {
            return Err(Undefined::TooFewUnits);
        }
        let n = n as f64;
        let (mut agreed, mut differing) = (0.0, 0.0);
        for (one, row) in self.counts().iter().enumerate() {
            for (other, &count) in row.iter().enumerate().filter(|(_, count)| **count > 0) {
                let p = count as f64 / n;
                // The first coder's share of the *column's* category, and the other way round.
                let sum = self.margins(other).0 + self.margins(one).1;
                if one == other {
                    agreed += p * (1.0 - sum * (1.0 - kappa)).powi(2);
                } else {
                    differing += p * sum * sum;
                }
            }
        }
        let braces = agreed + (1.0 - kappa).powi(2) * differing - (kappa - pe * (1.0 - kappa)).powi(2);
        // Where it is 0, rounding leaves a trace of it, of either sign.
        Ok(if braces < 1e-13 { 0.0 } else { (braces / n).sqrt() / (1.0 - pe) })
    }

    /// Scott's π: chance by the mean of the two margins.
    ///
    /// W. A. Scott, Public Opinion Quarterly 19 (1955), 321–325.
    ///
    /// # Errors
    /// [`Undefined::NoVariation`] if all codings are the same, [`Undefined::NoPair`]
    /// without units.
    pub fn scott(&self) -> Defined<f64> {
        let beyond = self.beyond(|category| {
            let (row, column) = self.margins(category);
            ((row + column) / 2.0).powi(2)
        })?;
        Ok(snap((self.po()? - 1.0 + beyond) / beyond))
    }

    /// Prevalence- and bias-adjusted κ: (q·po − 1)/(q − 1) with q categories.
    ///
    /// T. Byrt, J. Bishop, J. B. Carlin, Journal of Clinical Epidemiology 46 (1993), 423–429.
    ///
    /// # Errors
    /// [`Undefined::OneCategory`], or [`Undefined::NoPair`] without units.
    pub fn pabak(&self) -> Defined<f64> {
        let categories = self.counts().len() as f64;
        if self.counts().len() < 2 {
            return Err(Undefined::OneCategory);
        }
        Ok((categories * self.po()? - 1.0) / (categories - 1.0))
    }

    /// Of two categories, how much commoner "not given" is: (both not − both given) / n.
    /// Far from 0, κ is low even where coders agree.
    ///
    /// # Errors
    /// [`Undefined::NoPair`] without units.
    ///
    /// # Panics
    /// If there are not two categories.
    pub fn prevalence_index(&self) -> Defined<f64> {
        let [[neither, _], [_, both]] = self.binary();
        self.difference(neither, both)
    }

    /// Of two categories, how much oftener the second coder gave the value: (only the
    /// second − only the first) / n. Above 0 the second over-codes.
    ///
    /// # Errors
    /// [`Undefined::NoPair`] without units.
    ///
    /// # Panics
    /// If there are not two categories.
    pub fn bias_index(&self) -> Defined<f64> {
        let [[_, second], [first, _]] = self.binary();
        self.difference(second, first)
    }

    fn difference(&self, one: u64, other: u64) -> Defined<f64> {
        Ok(self.share(one)? - self.share(other)?)
    }

    /// McNemar's test of two categories: who over-codes shows in the margins.
    ///
    /// # Errors
    /// [`Undefined::NoPair`] without units.
    ///
    /// # Panics
    /// If there are not two categories.
    pub fn mcnemar(&self) -> Defined<McNemar> {
        let [[_, second], [first, _]] = self.binary();
        self.share(0).map(|_| mcnemar(first, second))
    }

    /// The test of Stuart and Maxwell that both coders use the categories alike.
    ///
    /// # Errors
    /// [`Undefined::NoDisagreement`], or [`Undefined::NoPair`] without units.
    pub fn stuart_maxwell(&self) -> Defined<StuartMaxwell> {
        self.share(0)?;
        stuart_maxwell(self.counts())
    }

    /// Matthews' correlation, for any number of categories the one of Gorodkin.
    ///
    /// B. W. Matthews, BBA 405 (1975), 442–451; J. Gorodkin, Computational Biology and
    /// Chemistry 28 (2004), 367–374.
    ///
    /// # Errors
    /// [`Undefined::ConstantCoder`] if a coder used one category only,
    /// [`Undefined::NoVariation`] if both used the same one, [`Undefined::NoPair`] without
    /// units.
    pub fn mcc(&self) -> Defined<f64> {
        self.share(0)?;
        let n = self.units() as f64;
        let sum = |one: &[u64], other: &[u64]| one.iter().zip(other).map(|(a, b)| *a as f64 * *b as f64).sum::<f64>();
        let spread = |margin: &[u64]| n * n - sum(margin, margin);
        let (one, other) = (spread(self.rows()), spread(self.columns()));
        if one == 0.0 || other == 0.0 {
            let same = self.agreed() == self.units();
            return Err(if same { Undefined::NoVariation } else { Undefined::ConstantCoder });
        }
        Ok((self.agreed() as f64 * n - sum(self.rows(), self.columns())) / (one * other).sqrt())
    }

    /// The table of two categories: 0 "not given", 1 "given".
    pub(super) fn binary(&self) -> [[u64; 2]; 2] {
        assert!(self.counts().len() == 2, "there are {} categories, not two", self.counts().len());
        [[self.counts()[0][0], self.counts()[0][1]], [self.counts()[1][0], self.counts()[1][1]]]
    }
}
