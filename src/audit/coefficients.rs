//! Agreement of any number of coders, with codings missing here and there.
//!
//! With r_i codings of unit i, r_ik of them in category k, n units that somebody coded and
//! n₂ that at least two did, percent agreement is the mean over the n₂ units of
//! Σ_k r_ik(r_ik−1) / (r_i(r_i−1)), and π_k the mean over *all* n units of r_ik/r_i. The
//! coefficients are (pa − pe)/(1 − pe) and differ in pe. The variance is
//! Σ(c_i − coefficient)² / (n(n−1)) with
//! c_i = (n/n₂)(pa_i − pe·[r_i ≥ 2])/(1−pe) − 2(1 − coefficient)(pe_i − pe)/(1−pe), and
//! the interval is Student's with n−1 degrees of freedom.
//!
//! K. L. Gwet, *Computing inter-rater reliability and its variance in the presence of high
//! agreement*, BJMSP 61 (2008), 29–48, and *Handbook of Inter-Rater Reliability*.

use super::ratings::Ratings;
use crate::statistics::{Defined, Interval, Undefined, student};

/// A coefficient with its spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    /// The coefficient.
    pub value: Defined<f64>,
    /// Its standard error.
    pub se: Defined<f64>,
    /// Its interval, clipped to −1…1.
    pub interval: Defined<Interval>,
}

/// The coefficients of a set of ratings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficients {
    /// Units that somebody coded.
    pub units: u64,
    /// Units that at least two coded: those that agreement rests on.
    pub pairable: u64,
    /// Percent agreement, as a fraction.
    pub pa: Coefficient,
    /// Gwet's AC1: pe = Σ π(1−π)/(q−1). Of a value nobody chose it is 1; see the counts.
    pub ac1: Coefficient,
    /// Fleiss' κ: pe = Σ π².
    pub fleiss: Coefficient,
    /// Brennan and Prediger's: pe = 1/q.
    pub bp: Coefficient,
    /// Conger's κ: pe is the mean over pairs of coders of Σ_k p_gk p_hk.
    pub conger: Coefficient,
}

impl Coefficients {
    /// All coefficients of `ratings`.
    pub fn new(ratings: &Ratings) -> Self {
        let shares = Shares::new(ratings);
        let of = |chance: Defined<Chance>| shares.coefficient(chance);
        Self {
            units: shares.units.len() as u64,
            pairable: shares.pairable as u64,
            pa: of(Ok(Chance::constant(0.0, shares.units.len()))),
            ac1: of(shares.gwet()),
            fleiss: of(Ok(shares.fleiss())),
            bp: of(if ratings.categories() < 2 {
                Err(Undefined::OneCategory)
            } else {
                Ok(Chance::constant(1.0 / ratings.categories() as f64, shares.units.len()))
            }),
            conger: of(Ok(shares.conger(ratings))),
        }
    }
}

/// What is 0 but for rounding: −6·10⁻¹⁵ would be printed as −0.
pub(super) fn snap(value: f64) -> f64 {
    if value.abs() < 1e-12 { 0.0 } else { value }
}

/// Agreement expected by chance, and what each unit says of it.
struct Chance {
    pe: f64,
    by_unit: Vec<f64>,
}

impl Chance {
    fn constant(pe: f64, units: usize) -> Self {
        Self { pe, by_unit: vec![pe; units] }
    }
}

/// A unit that somebody coded.
struct Unit {
    /// Its place in the ratings.
    at: usize,
    /// Pairs of its codings that agree, by all pairs; `None` of a single coding.
    agreement: Option<f64>,
    /// r_ik / r_i.
    shares: Vec<f64>,
}

struct Shares {
    units: Vec<Unit>,
    pairable: usize,
    /// Mean of the agreement of pairable units.
    pa: f64,
    /// π_k.
    mean: Vec<f64>,
}

impl Shares {
    fn new(ratings: &Ratings) -> Self {
        let mut units = Vec::new();
        for (at, cells) in ratings.units().iter().enumerate() {
            let mut counts = vec![0_u64; ratings.categories()];
            cells.iter().flatten().for_each(|&category| counts[category] += 1);
            let all: u64 = counts.iter().sum();
            if all > 0 {
                let pairs: u64 = counts.iter().map(|count| count * count.saturating_sub(1)).sum();
                let agreement = (all > 1).then(|| pairs as f64 / (all * (all - 1)) as f64);
                let shares = counts.iter().map(|&count| count as f64 / all as f64).collect();
                units.push(Unit { at, agreement, shares });
            }
        }
        let agreements: Vec<f64> = units.iter().filter_map(|unit| unit.agreement).collect();
        let pa = agreements.iter().sum::<f64>() / agreements.len().max(1) as f64;
        let sum = |category: usize| units.iter().map(|unit| unit.shares[category]).sum::<f64>();
        let mean = (0..ratings.categories()).map(|category| sum(category) / units.len().max(1) as f64).collect();
        Self { pairable: agreements.len(), pa, mean, units }
    }

    /// What each unit says of Σ_k weight_k share_k.
    fn by_unit(&self, weights: &[f64]) -> Vec<f64> {
        let of = |unit: &Unit| unit.shares.iter().zip(weights).map(|(share, weight)| share * weight).sum();
        self.units.iter().map(of).collect()
    }

    fn fleiss(&self) -> Chance {
        Chance { pe: self.mean.iter().map(|share| share * share).sum(), by_unit: self.by_unit(&self.mean) }
    }

    fn gwet(&self) -> Defined<Chance> {
        if self.mean.len() < 2 {
            return Err(Undefined::OneCategory);
        }
        let others = (self.mean.len() - 1) as f64;
        let weights: Vec<f64> = self.mean.iter().map(|share| (1.0 - share) / others).collect();
        let pe = self.mean.iter().zip(&weights).map(|(share, weight)| share * weight).sum();
        Ok(Chance { pe, by_unit: self.by_unit(&weights) })
    }

    /// Coders who coded nothing are not among the coders.
    fn conger(&self, ratings: &Ratings) -> Chance {
        let uses = ratings.uses();
        let coders: Vec<(usize, f64)> = uses
            .iter()
            .enumerate()
            .map(|(coder, uses)| (coder, uses.iter().sum::<u64>() as f64))
            .filter(|(_, all)| *all > 0.0)
            .collect();
        let pairs = (coders.len() * coders.len().saturating_sub(1)) as f64;
        let share = |coder: usize, all: f64, category: usize| uses[coder][category] as f64 / all;
        let sums: Vec<f64> = (0..ratings.categories())
            .map(|category| coders.iter().map(|&(coder, all)| share(coder, all, category)).sum())
            .collect();
        // Σ_{g≠h} Σ_k p_gk p_hk: for each coder, with the sum of the others.
        let others = |coder: usize, all: f64, category: usize| sums[category] - share(coder, all, category);
        let expected = |&(coder, all): &(usize, f64)| -> f64 {
            (0..sums.len()).map(|category| share(coder, all, category) * others(coder, all, category)).sum()
        };
        let by_coder: Vec<f64> = coders.iter().map(expected).collect();
        let n = self.units.len() as f64;
        let of = |unit: &Unit| {
            let mut sum = 0.0;
            for (&(coder, all), expected) in coders.iter().zip(&by_coder) {
                // p_gk is a ratio of sums over units: its linear part at this unit.
                sum += *expected;
                if let Some(category) = ratings.units()[unit.at][coder] {
                    sum += n / all * (others(coder, all, category) - expected);
                }
            }
            sum / pairs
        };
        Chance { pe: by_coder.iter().sum::<f64>() / pairs, by_unit: self.units.iter().map(of).collect() }
    }

    fn coefficient(&self, chance: Defined<Chance>) -> Coefficient {
        let undefined = |reason| Coefficient { value: Err(reason), se: Err(reason), interval: Err(reason) };
        let chance = match chance {
            _ if self.pairable == 0 => return undefined(Undefined::NoPair),
            Err(reason) => return undefined(reason),
            Ok(chance) if 1.0 - chance.pe < 1e-12 => return undefined(Undefined::NoVariation),
            Ok(chance) => chance,
        };
        let value = snap((self.pa - chance.pe) / (1.0 - chance.pe));
        let se = self.standard_error(value, &chance);
        let interval = se.and_then(|se| {
            if se == 0.0 {
                return Err(Undefined::NoSpread);
            }
            let half = se * student(self.units.len() as u64 - 1);
            // Of few codings, most of them alone, a κ can be lower than −1.
            let least = if value < -1.0 { f64::NEG_INFINITY } else { -1.0 };
            Ok(Interval { low: (value - half).max(least), high: (value + half).min(1.0) })
        });
        Coefficient { value: Ok(value), se, interval }
    }

    fn standard_error(&self, value: f64, chance: &Chance) -> Defined<f64> {
        let n = self.units.len() as f64;
        if self.units.len() < 2 {
            return Err(Undefined::TooFewUnits);
        }
        let weight = n / self.pairable as f64;
        let square = |(unit, expected): (&Unit, &f64)| {
            let agreement = unit.agreement.map_or(0.0, |agreement| weight * (agreement - chance.pe));
            let part = (agreement - 2.0 * (1.0 - value) * (expected - chance.pe)) / (1.0 - chance.pe);
            (part - value).powi(2)
        };
        let variance = self.units.iter().zip(&chance.by_unit).map(square).sum::<f64>() / (n * (n - 1.0));
        // What rounding leaves where all units say the same is no spread.
        Ok(if variance < 1e-24 { 0.0 } else { variance.sqrt() })
    }
}
