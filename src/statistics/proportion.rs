//! Intervals of a proportion and of the difference of two.

use super::quantile::normal;
use super::undefined::{Defined, Undefined};

/// Bounds of a 95 % interval, as fractions of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Wilson's score interval of `count` of `base`.
///
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n); E. B. Wilson, *Probable inference,
/// the law of succession, and statistical inference*, JASA 22 (1927), 209–212.
///
/// # Errors
/// [`Undefined::EmptyBase`] if `base` is 0.
///
/// # Panics
/// If more are counted than the base holds.
pub fn wilson(count: u64, base: u64) -> Defined<Interval> {
    if base == 0 {
        return Err(Undefined::EmptyBase);
    }
    Ok(score(count, base, base as f64))
}

/// Wilson's interval where the `base` are all that answered of a `population`: the
/// formula of [`wilson`] with the sample size n(N−1)/(N−n), by which the variance of a
/// proportion shrinks when one draws without replacement. Of a census the interval is
/// the proportion itself.
///
/// It takes those who answered for a random sample of the population.
///
/// # Errors
/// [`Undefined::EmptyBase`] if `base` is 0, [`Undefined::SampleExceedsPopulation`] if the
/// population is smaller than the base.
///
/// # Panics
/// If more are counted than the base holds.
pub fn wilson_finite(count: u64, base: u64, population: u64) -> Defined<Interval> {
    if base == 0 {
        return Err(Undefined::EmptyBase);
    }
    if base > population {
        return Err(Undefined::SampleExceedsPopulation);
    }
    if base == population {
        assert!(count <= base, "{count} counted of a base of {base}");
        let share = count as f64 / base as f64;
        return Ok(Interval { low: share, high: share });
    }
    let (n, all) = (base as f64, population as f64);
    Ok(score(count, base, n * (all - 1.0) / (all - n)))
}

fn score(count: u64, base: u64, n: f64) -> Interval {
    assert!(count <= base, "{count} counted of a base of {base}");
    score_interval(count as f64 / base as f64, n, normal())
}

/// Wilson's score interval around an assumed share `p` of a sample of size `n`, which may
/// be a fraction, with the normal quantile `z`.
pub fn score_interval(p: f64, n: f64, z: f64) -> Interval {
    let z2 = z * z;
    let center = p + z2 / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let bound = |value: f64| (value / (1.0 + z2 / n)).clamp(0.0, 1.0);
    // At the ends the formula is exact: 0 and 1, not 1e-16 beside them.
    let low = if p == 0.0 { 0.0 } else { bound(center - half) };
    let high = if p == 1.0 { 1.0 } else { bound(center + half) };
    Interval { low, high }
}

/// The interval of the difference p₁ − p₂ of two independent shares, each given as
/// (count, base), from their Wilson intervals:
/// d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²).
///
/// Method 10 of R. G. Newcombe, *Interval estimation for the difference between
/// independent proportions*, Statistics in Medicine 17 (1998), 873–890.
///
/// # Errors
/// [`Undefined::EmptyBase`] if a base is 0.
///
/// # Panics
/// If more are counted than a base holds.
pub fn newcombe(first: (u64, u64), second: (u64, u64)) -> Defined<Interval> {
    let (one, two) = (wilson(first.0, first.1)?, wilson(second.0, second.1)?);
    let (p1, p2) = (first.0 as f64 / first.1 as f64, second.0 as f64 / second.1 as f64);
    let difference = p1 - p2;
    Ok(Interval {
        low: difference - (p1 - one.low).hypot(two.high - p2),
        high: difference + (one.high - p1).hypot(p2 - two.low),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), Two-sided confidence intervals for the single proportion,
    /// Statistics in Medicine 17, table I, method 3.
    #[test]
    fn published_intervals_of_a_proportion() {
        for (count, base, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let interval = wilson(count, base).unwrap();
            assert!((interval.low - low).abs() < 0.00005, "{interval:?}");
            assert!((interval.high - high).abs() < 0.00005, "{interval:?}");
        }
        assert_eq!(wilson(0, 0), Err(Undefined::EmptyBase));
    }

    #[test]
    fn a_finite_population_narrows_the_interval_to_the_census() {
        let width = |population| wilson_finite(54, 135, population).map(|interval| interval.high - interval.low);
        let widths: Vec<f64> = [135, 136, 225, 1_000, 1_000_000_000].map(|n| width(n).unwrap()).to_vec();
        assert_eq!(widths[0], 0.0);
        assert!(widths.is_sorted(), "{widths:?}");
        let endless = wilson(54, 135).unwrap();
        assert!((widths[4] - (endless.high - endless.low)).abs() < 1e-7);
        assert_eq!(width(134), Err(Undefined::SampleExceedsPopulation));
        assert_eq!(wilson_finite(1, 1, 1), Ok(Interval { low: 1.0, high: 1.0 }));
    }

    #[test]
    fn the_other_way_round_is_the_mirror_image() {
        let (one, other) = (newcombe((56, 70), (48, 80)).unwrap(), newcombe((48, 80), (56, 70)).unwrap());
        assert_eq!((one.low, one.high), (-other.high, -other.low));
        assert_eq!(newcombe((1, 2), (0, 0)), Err(Undefined::EmptyBase));
    }
}
