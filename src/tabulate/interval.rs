//! Intervals of a proportion.

use super::Share;

/// Bounds in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// The 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's score interval at 95 %, in percent; `None` for an empty base.
///
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n); E. B. Wilson, *Probable inference,
/// the law of succession, and statistical inference*, JASA 22 (1927), 209–212.
pub fn wilson(share: Share) -> Option<Interval> {
    if share.base() == 0 {
        return None;
    }
    let n = share.base() as f64;
    let p = share.count() as f64 / n;
    let z2 = Z * Z;
    let center = p + z2 / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    let bound = |value: f64| (100.0 * value / scale).clamp(0.0, 100.0);
    // At the ends the formula is exact: 0 and 100, not 1e-16 beside them.
    let low = if share.count() == 0 { 0.0 } else { bound(center - half) };
    let high = if share.count() == share.base() { 100.0 } else { bound(center + half) };
    Some(Interval { low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), Two-sided confidence intervals for the single proportion,
    /// Statistics in Medicine 17, table I, method 3.
    #[test]
    fn published_values() {
        for (count, base, low, high) in
            [(81, 263, 25.53, 36.62), (15, 148, 6.24, 16.05), (0, 20, 0.0, 16.11), (1, 29, 0.61, 17.18)]
        {
            let interval = wilson(Share::new(count, base)).unwrap();
            assert!((interval.low - low).abs() < 0.005, "{interval:?}");
            assert!((interval.high - high).abs() < 0.005, "{interval:?}");
        }
        assert_eq!(wilson(Share::new(0, 0)), None);
    }
}
