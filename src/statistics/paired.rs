//! Whether two codings of the same units differ in how often they choose a value.

use statrs::distribution::{ChiSquared, ContinuousCDF as _};

use super::undefined::{Defined, Undefined};

/// McNemar's exact test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// Two-sided: twice the binomial tail, at most 1.
    pub p: f64,
    /// The same with half the probability of what was seen.
    pub mid_p: f64,
}

/// McNemar's test of the units on which two coders differ: `first` where only the first
/// chose the value, `second` where only the second did. Exact: the smaller is binomial
/// with probability ½. Where they never differ, p is 1.
///
/// Q. McNemar, Psychometrika 12 (1947), 153–157; mid-p after M. W. Fagerland, S. Lydersen,
/// P. Laake, BMC Medical Research Methodology 13 (2013), 91.
pub fn mcnemar(first: u64, second: u64) -> McNemar {
    let (seen, all) = (first.min(second), first + second);
    let middle = (all / 2) as usize;
    // Relative to the likeliest number, so that nothing overflows.
    let mut weights = vec![1.0_f64; middle + 1];
    for at in (0..middle).rev() {
        weights[at] = weights[at + 1] * (at + 1) as f64 / (all - at as u64) as f64;
    }
    let lower: f64 = weights.iter().sum();
    let total = if all.is_multiple_of(2) { 2.0 * lower - 1.0 } else { 2.0 * lower };
    let below: f64 = weights[..seen as usize].iter().sum();
    let at = weights[seen as usize];
    McNemar { p: (2.0 * (below + at) / total).min(1.0), mid_p: ((2.0 * below + at) / total).min(1.0) }
}

/// The test of Stuart and Maxwell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StuartMaxwell {
    /// d′S⁻¹d of the differences d of the margins and their covariance S.
    pub statistic: f64,
    /// Categories that take part, less one; less one for every group of categories that
    /// were never confused with the others.
    pub df: u64,
    /// The upper tail of the χ² distribution.
    pub p: f64,
}

/// Tests whether the two margins of a square table of `counts` (rows the first coder,
/// columns the second) are equal. With two categories it is McNemar's χ² without a
/// correction. Categories on which the coders never differ do not matter to it.
///
/// A. Stuart, Biometrika 42 (1955), 412–416; A. E. Maxwell, British Journal of Psychiatry
/// 116 (1970), 651–655.
///
/// # Errors
/// [`Undefined::NoDisagreement`] if everything lies on the diagonal.
///
/// # Panics
/// If the table is not square.
pub fn stuart_maxwell(counts: &[Vec<u64>]) -> Defined<StuartMaxwell> {
    let size = counts.len();
    assert!(counts.iter().all(|row| row.len() == size), "the table is not square");
    let between = |one: usize, other: usize| counts[one][other] + counts[other][one];
    let (mut statistic, mut df) = (0.0, 0);
    for group in groups(size, |one, other| between(one, other) > 0) {
        // The differences of a group add up to 0: one of them says nothing new.
        let Some((_, free)) = group.split_last().filter(|(_, free)| !free.is_empty()) else { continue };
        let sum = |count: &dyn Fn(usize) -> u64| (0..size).map(count).sum::<u64>() as f64;
        let difference: Vec<f64> =
            free.iter().map(|&at| sum(&|other| counts[at][other]) - sum(&|other| counts[other][at])).collect();
        let covariance = |&one: &usize, &other: &usize| {
            if one == other {
                sum(&|category| if category == one { 0 } else { between(one, category) })
            } else {
                -(between(one, other) as f64)
            }
        };
        let matrix = free.iter().map(|one| free.iter().map(|other| covariance(one, other)).collect()).collect();
        let solved = solve(matrix, difference.clone());
        statistic += difference.iter().zip(&solved).map(|(one, other)| one * other).sum::<f64>();
        df += free.len() as u64;
    }
    if df == 0 {
        return Err(Undefined::NoDisagreement);
    }
    let p = ChiSquared::new(df as f64).map_or(1.0, |chi_squared| chi_squared.sf(statistic));
    Ok(StuartMaxwell { statistic, df, p: p.clamp(0.0, 1.0) })
}

/// Which of `size` categories hang together.
fn groups(size: usize, linked: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for category in 0..size {
        let (touched, mut apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group: &Vec<usize>| group.iter().any(|&other| linked(category, other)));
        let mut group: Vec<usize> = touched.concat();
        group.push(category);
        apart.push(group);
        groups = apart;
    }
    groups
}

/// Solves a positive definite system by elimination.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        let (upper, lower) = matrix.split_at_mut(column + 1);
        let pivot = &upper[column];
        for (row, line) in lower.iter_mut().enumerate() {
            let factor = line[column] / pivot[column];
            line.iter_mut().zip(pivot).skip(column).for_each(|(cell, above)| *cell -= factor * above);
            right[column + 1 + row] -= factor * right[column];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mcnemar_by_hand() {
        // Of 5: (1 + 5 + 10) / 32 on one side.
        assert!((mcnemar(2, 3).p - 1.0).abs() < 1e-15);
        assert!((mcnemar(2, 3).mid_p - 0.6875).abs() < 1e-15);
        // Of 8, one: 2 · 9/256 and 2 · (1 + 8/2)/256.
        assert!((mcnemar(7, 1).p - 18.0 / 256.0).abs() < 1e-15);
        assert!((mcnemar(7, 1).mid_p - 10.0 / 256.0).abs() < 1e-15);
        assert_eq!(mcnemar(0, 0), McNemar { p: 1.0, mid_p: 1.0 });
        assert_eq!(mcnemar(6, 6), McNemar { p: 1.0, mid_p: 1.0 });
        assert!(mcnemar(100_000, 99_000).p > 0.0);
    }

    /// Two categories: (b−c)²/(b+c), for Agresti's approval ratings 17.36.
    #[test]
    fn two_categories_are_mcnemars_chi_square() {
        let test = stuart_maxwell(&[vec![794, 150], vec![86, 570]]).unwrap();
        assert!((test.statistic - 64.0_f64.powi(2) / 236.0).abs() < 1e-12);
        assert_eq!(test.df, 1);
    }

    #[test]
    fn unused_and_separate_categories_take_no_degree_of_freedom() {
        let test = stuart_maxwell(&[vec![5, 4, 0], vec![1, 5, 0], vec![0, 0, 7]]).unwrap();
        assert!((test.statistic - 9.0 / 5.0).abs() < 1e-12);
        assert_eq!(test.df, 1);
        let apart = [vec![0, 4, 0, 0], vec![1, 0, 0, 0], vec![0, 0, 0, 2], vec![0, 0, 6, 0]];
        let test = stuart_maxwell(&apart).unwrap();
        assert!((test.statistic - (9.0 / 5.0 + 16.0 / 8.0)).abs() < 1e-12);
        assert_eq!(test.df, 2);
        assert_eq!(stuart_maxwell(&[vec![3, 0], vec![0, 0]]), Err(Undefined::NoDisagreement));
    }
}
