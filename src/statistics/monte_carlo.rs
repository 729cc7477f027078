//! Tables drawn at random with the margins of one that was seen.

use rayon::prelude::*;

use super::freeman_halton::{LnFactorials, Plan, threshold};
use super::random::Stream;
use super::table::Table;

/// Tables of one stream: a piece of work of about a millisecond.
const BLOCK: u64 = 500;

/// Streams that are drawn before it is asked whether they are enough.
const ROUND: u64 = 10;

/// So many tables at most as likely as the one seen are enough: the standard error of p is
/// then about a thirtieth of it.
const ENOUGH: u64 = 1000;

/// An estimate of the probability of the tables at most as likely as `table`, and of how
/// many drawn ones: `plan.replicates` at most, and fewer where p is large and soon known
/// (J. Besag, P. Clifford, *Sequential Monte Carlo p-values*, Biometrika 78 (1991), 301–304;
/// here it is asked after every [`ROUND`] of streams, so that threads do not matter). The
/// table seen counts as one of them, so that p is never 0 (A. C. Davison, D. V. Hinkley,
/// *Bootstrap Methods and their Application*, § 4.2).
pub(super) fn estimate(table: &Table, ln: &LnFactorials, plan: &Plan) -> (f64, u64) {
    let threshold = threshold(table, ln);
    let block = |number: u64| {
        let mut draw = Draw::new(table, ln, Stream::new(plan.seed, number));
        let tables = BLOCK.min(plan.replicates - number * BLOCK);
        (0..tables).filter(|_| draw.cost() >= threshold).count() as u64
    };
    let blocks = plan.replicates.div_ceil(BLOCK);
    let (mut found, mut done) = (0, 0);
    while done < blocks && found < ENOUGH {
        let next = (done + ROUND).min(blocks);
        found += (done..next).into_par_iter().map(block).sum::<u64>();
        done = next;
    }
    let drawn = plan.replicates.min(done * BLOCK);
    ((found + 1) as f64 / (drawn + 1) as f64, drawn)
}

/// Draws tables cell by cell, as W. M. Patefield, Algorithm AS 159, Applied Statistics 30
/// (1981), 91–97: given the cells before it, a cell is hypergeometric.
struct Draw<'a> {
    table: &'a Table,
    ln: &'a LnFactorials,
    random: Stream,
    left: Vec<u64>,
}

impl<'a> Draw<'a> {
    fn new(table: &'a Table, ln: &'a LnFactorials, random: Stream) -> Self {
        Self { table, ln, random, left: Vec::with_capacity(table.columns().len()) }
    }

    /// The sum of ln x! over the cells of the next table.
    fn cost(&mut self) -> f64 {
        self.left.clear();
        self.left.extend_from_slice(self.table.columns());
        let mut total = self.table.total();
        let mut cost = 0.0;
        let (_, rows) = self.table.rows().split_last().unwrap_or((&0, &[]));
        for &row in rows {
            let (mut in_row, mut room) = (row, total);
            for column in 0..self.left.len() {
                let cell = self.cell(in_row, self.left[column], room);
                room -= self.left[column];
                in_row -= cell;
                self.left[column] -= cell;
                cost += self.ln.of(cell);
            }
            total -= row;
        }
        // The last row is what is left.
        cost + self.ln.sum(&self.left)
    }

    /// How many of `drawn` out of `room` are among `marked`: from the likeliest number
    /// outwards until the probabilities add up to a random fraction.
    fn cell(&mut self, drawn: u64, marked: u64, room: u64) -> u64 {
        let (first, last) = ((drawn + marked).saturating_sub(room), drawn.min(marked));
        if first == last {
            return first;
        }
        let mode = ((drawn + 1) * (marked + 1) / (room + 2)).clamp(first, last);
        let ln = self.ln;
        let choose = |n: u64, k: u64| ln.of(n) - ln.of(k) - ln.of(n - k);
        let at_mode = (choose(marked, mode) + choose(room - marked, drawn - mode) - choose(room, drawn)).exp();
        let mut left = self.random.fraction() - at_mode;
        if left < 0.0 {
            return mode;
        }
        // ratio(x) is the probability of x + 1 by that of x.
        let ratio = |x: u64| {
            (drawn - x) as f64 * (marked - x) as f64 / ((x + 1) as f64 * (room + x + 1 - drawn - marked) as f64)
        };
        let (mut low, mut high, mut at_low, mut at_high) = (mode, mode, at_mode, at_mode);
        loop {
            if high < last {
                at_high *= ratio(high);
                high += 1;
                left -= at_high;
                if left < 0.0 {
                    return high;
                }
            }
            if low > first {
                low -= 1;
                at_low /= ratio(low);
                left -= at_low;
                if left < 0.0 {
                    return low;
                }
            }
            // All were tried: the fraction lay in what rounding lost.
            if low == first && high == last {
                return mode;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The drawn cell has the mean and variance of the hypergeometric distribution.
    #[test]
    fn cells_are_hypergeometric() {
        let ln = LnFactorials::new(135);
        let table = Table::new(vec![vec![1, 1], vec![1, 1]]);
        let mut draw = Draw::new(&table, &ln, Stream::new(5, 0));
        let cells: Vec<f64> = (0..40_000).map(|_| draw.cell(37, 50, 135) as f64).collect();
        let mean = cells.iter().sum::<f64>() / 40_000.0;
        let variance = cells.iter().map(|cell| (cell - mean).powi(2)).sum::<f64>() / 40_000.0;
        assert!((mean - 37.0 * 50.0 / 135.0).abs() < 0.05, "{mean}");
        let expected = 37.0 * (50.0 / 135.0) * (85.0 / 135.0) * (98.0 / 134.0);
        assert!((variance / expected - 1.0).abs() < 0.04, "{variance} {expected}");
    }
}
