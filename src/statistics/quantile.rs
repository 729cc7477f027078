//! The quantiles that 95 % intervals are made of.

use statrs::distribution::{Continuous as _, ContinuousCDF as _, Normal, StudentsT};

/// What lies below the upper bound of a 95 % interval.
const UPPER: f64 = 0.975;

/// The 97.5 % quantile of the standard normal distribution.
pub const fn normal() -> f64 {
    1.959_963_984_540_054
}

/// The quantile of the standard normal distribution above which lies half of what a
/// two-sided interval of this `level` leaves out: 1.96 at 0.95.
///
/// # Panics
/// If the level is not between 0 and 1.
pub fn normal_at(level: f64) -> f64 {
    assert!(level > 0.0 && level < 1.0, "an interval has a level between 0 and 1, not {level}");
    Normal::standard().inverse_cdf(0.5 + level / 2.0)
}

/// The 97.5 % quantile of Student's t distribution with `df` degrees of freedom.
///
/// # Panics
/// If `df` is 0.
pub fn student(df: u64) -> f64 {
    assert!(df > 0, "Student's t has at least one degree of freedom");
    let Ok(distribution) = StudentsT::new(0.0, 1.0, df as f64) else { return normal() };
    // By Newton's steps from the normal quantile. There the cumulated probability is too
    // low and concave, so that they come nearer from below, whatever `df` is; the inverse
    // of the crate loops without end for large ones.
    let mut quantile = normal();
    for _ in 0..100 {
        let step = (UPPER - distribution.cdf(quantile)) / distribution.pdf(quantile);
        quantile += step;
        if step < 1e-15 * quantile {
            break;
        }
    }
    quantile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles_of_the_tables() {
        assert!((normal_at(0.95) - normal()).abs() < 1e-9, "{}", normal_at(0.95));
        assert!((normal_at(0.90) - 1.644_853_626_951_472).abs() < 1e-9);
        assert!((normal_at(0.99) - 2.575_829_303_548_901).abs() < 1e-9);
    }

    /// With one degree of freedom it is Cauchy's distribution, with two it is algebraic.
    #[test]
    fn student_is_exact_where_it_can_be_written_down() {
        let cauchy = (std::f64::consts::PI * 0.475).tan();
        assert!((student(1) / cauchy - 1.0).abs() < 1e-12, "{}", student(1));
        let two = 0.95 * (2.0 / (1.0 - 0.95 * 0.95_f64)).sqrt();
        assert!((student(2) / two - 1.0).abs() < 1e-12, "{}", student(2));
        assert!((student(100_000_000) - normal()).abs() < 1e-6);
    }
}
