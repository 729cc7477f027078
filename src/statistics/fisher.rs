//! Fisher's exact test of a table of two rows and two columns.

use super::TIE;

/// Fisher's exact test, two-sided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fisher {
    /// The probability, given the margins, of the tables at most as likely as the one
    /// seen.
    pub p: f64,
    /// The same with half the probability of the tables that are *exactly* as likely:
    /// less conservative, and not guaranteed to keep the level.
    pub mid_p: f64,
}

/// Fisher's exact test of the table `[[a, b], [c, d]]`, two-sided by minimum likelihood:
/// p adds up the tables with the same margins whose probability is at most that of the
/// table seen, up to [`TIE`]. With an empty margin only one table is possible, and p is 1.
///
/// The probabilities are built from the likeliest table outwards by their ratios, so that
/// they are exact to about the last digits however large the counts; what is below 10⁻³⁰⁸
/// is 0.
///
/// R. A. Fisher, *Statistical Methods for Research Workers*, § 21.02; J. O. Irwin, Metron
/// 12 (1935), 83–94; the mid-p of H. O. Lancaster, JASA 56 (1961), 223–234.
pub fn fisher([[a, b], [c, d]]: [[u64; 2]; 2]) -> Fisher {
    let (row, column) = (a + b, a + c);
    let weights = Hypergeometric::new(row, column, a + b + c + d);
    let seen = weights.of(a);
    let (mut less, mut equal) = (0.0, 0.0);
    // From the smallest: adding small to large loses digits.
    let mut sorted = weights.weights.clone();
    sorted.sort_by(f64::total_cmp);
    for &weight in &sorted {
        if weight < seen * (1.0 - TIE) {
            less += weight;
        } else if weight <= seen * (1.0 + TIE) {
            equal += weight;
        }
    }
    let all: f64 = sorted.iter().sum();
    Fisher { p: ((less + equal) / all).min(1.0), mid_p: ((less + 0.5 * equal) / all).min(1.0) }
}

/// The distribution of the first cell, given the margins, relative to its mode.
struct Hypergeometric {
    first: u64,
    weights: Vec<f64>,
}

impl Hypergeometric {
    fn new(row: u64, column: u64, total: u64) -> Self {
        let first = (row + column).saturating_sub(total);
        let last = row.min(column);
        let (r, c, n) = (row as f64, column as f64, total as f64);
        let mode = (((r + 1.0) * (c + 1.0) / (n + 2.0)) as u64).clamp(first, last);
        let mut weights = vec![1.0; (last - first + 1) as usize];
        let ratio = |x: f64| (r - x) * (c - x) / ((x + 1.0) * (n - r - c + x + 1.0));
        for x in mode..last {
            let at = (x - first) as usize;
            weights[at + 1] = weights[at] * ratio(x as f64);
        }
        for x in (first..mode).rev() {
            let at = (x - first) as usize;
            weights[at] = weights[at + 1] / ratio(x as f64);
        }
        Self { first, weights }
    }

    fn of(&self, x: u64) -> f64 {
        self.weights[(x - self.first) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lady tasting tea: of 8 cups, 3 of 4 and 1 of 4 (Fisher, The Design of
    /// Experiments, § 5): 34/70.
    #[test]
    fn tea() {
        let test = fisher([[3, 1], [1, 3]]);
        assert!((test.p - 34.0 / 70.0).abs() < 1e-15, "{test:?}");
        // The mirror image [[1, 3], [3, 1]] is exactly as likely: 2/70 and half of 32/70.
        assert!((test.mid_p - 18.0 / 70.0).abs() < 1e-15, "{test:?}");
    }

    #[test]
    fn an_empty_margin_is_no_evidence() {
        for table in [[[0, 0], [0, 0]], [[0, 37], [0, 98]], [[0, 0], [3, 5]], [[4, 0], [0, 0]]] {
            assert_eq!(fisher(table), Fisher { p: 1.0, mid_p: 0.5 });
        }
    }

    #[test]
    fn large_counts_are_no_trouble() {
        let test = fisher([[500_000, 500_000], [499_000, 501_000]]);
        assert!((test.p - 0.157_4).abs() < 0.001, "{test:?}");
        assert_eq!(fisher([[1_000_000, 0], [0, 1_000_000]]).p, 0.0);
    }
}
