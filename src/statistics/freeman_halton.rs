//! The exact test of a table of any size, by Freeman and Halton.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::TIE;
use super::halves::Row;
use super::monte_carlo;
use super::table::Table;

/// How much work an exact test may be, and what is done beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Steps of the exact computation, of some tens of nanoseconds each.
    pub work: u64,
    /// Tables, at least one, that are drawn at most where the exact computation would take
    /// more.
    pub replicates: u64,
    /// The seed they are drawn from.
    pub seed: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { work: 5_000_000, replicates: 50_000, seed: 1 }
    }
}

/// The Fisher–Freeman–Halton test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FreemanHalton {
    /// The probability, given the margins, of the tables at most as likely as the one
    /// seen, or an estimate of it.
    pub p: f64,
    /// Whether it is exact.
    pub method: Method,
}

/// How a p-value was come by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// By adding up all tables.
    Exact,
    /// By drawing tables with the margins of the one seen: p is (m + 1)/(replicates + 1),
    /// where m of them are at most as likely.
    MonteCarlo {
        /// How many were drawn.
        replicates: u64,
        /// The seed.
        seed: u64,
        /// √(p (1−p) / replicates).
        standard_error: f64,
    },
}

/// The Fisher–Freeman–Halton test of independence: as [`super::fisher`], for a table of
/// any size. Rows and columns that add up to 0 do not matter to it; where fewer than two
/// rows or columns are left, only one table is possible and p is 1.
///
/// It is exact where that takes at most `plan.work` steps, and estimated otherwise; the
/// result says which. The same table and plan give the same p, whatever the number of
/// threads.
///
/// G. H. Freeman, J. H. Halton, Biometrika 38 (1951), 141–149. The exact computation goes
/// through the columns as the network algorithm of C. R. Mehta, N. R. Patel, JASA 78
/// (1983), 427–434, with simpler bounds on the paths; two rows, or columns, and up to four of
/// the others take a shorter way.
pub fn freeman_halton(table: &Table, plan: &Plan) -> FreemanHalton {
    let table = table.occupied();
    if table.rows().len() < 2 || table.columns().len() < 2 {
        return FreemanHalton { p: 1.0, method: Method::Exact };
    }
    let ln = LazyCell::new(|| LnFactorials::new(table.total()));
    let exact = match Row::of(&table) {
        Some(row) => row.exact(plan.work),
        None => exact(&table, &ln, plan.work),
    };
    if let Some(p) = exact {
        return FreemanHalton { p: p.min(1.0), method: Method::Exact };
    }
    let plan = Plan { replicates: plan.replicates.max(1), ..*plan };
    let (p, replicates) = monte_carlo::estimate(&table, &ln, &plan);
    let standard_error = (p * (1.0 - p) / replicates as f64).sqrt();
    let method = Method::MonteCarlo { replicates, seed: plan.seed, standard_error };
    FreemanHalton { p, method }
}

/// ln n! for all n of a table.
pub(super) struct LnFactorials(Vec<f64>);

impl LnFactorials {
    pub(super) fn new(largest: u64) -> Self {
        // Summed with a second number for what rounding loses: the sums are long.
        let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
        let mut values = vec![0.0];
        for n in 1..=largest {
            let term = (n as f64).ln() - lost;
            let next = sum + term;
            lost = (next - sum) - term;
            sum = next;
            values.push(sum);
        }
        Self(values)
    }

    pub(super) fn of(&self, n: u64) -> f64 {
        self.0[n as usize]
    }

    /// What decides how likely a table is, given its margins: the sum of ln x! over its
    /// cells. The larger, the less likely.
    pub(super) fn sum<'a>(&self, cells: impl IntoIterator<Item = &'a u64>) -> f64 {
        cells.into_iter().map(|&cell| self.of(cell)).sum()
    }
}

/// The least sum of ln x! with which a table counts as at most as likely as `table`.
pub(super) fn threshold(table: &Table, ln: &LnFactorials) -> f64 {
    ln.sum(table.counts().iter().flatten()) - TIE
}

/// What is left of the rows after some columns, ascending: the order of the rows does not
/// matter.
type Rows = Vec<u64>;

/// Ways to come to a node that are equally likely *tables* so far.
struct Past {
    /// Sum of ln x! over the cells so far.
    cost: f64,
    /// The probability of coming here this way.
    probability: f64,
}

struct Node {
    /// Bounds on the sum of ln x! over the cells to come.
    least: f64,
    most: f64,
    pasts: Vec<Past>,
    /// So many of them when they were last merged.
    merged: usize,
}

impl Node {
    fn push(&mut self, past: Past) {
        self.pasts.push(past);
        if self.pasts.len() > 64 + 2 * self.merged {
            self.merge();
        }
    }

    /// The steps of each way on from here.
    fn steps(&self) -> u64 {
        self.pasts.len() as u64 + 4
    }

    /// Adds up pasts whose costs differ by rounding only.
    fn merge(&mut self) {
        self.pasts.sort_by(|one, other| one.cost.total_cmp(&other.cost));
        self.pasts.dedup_by(|past, kept| {
            let same = past.cost - kept.cost < 1e-10;
            if same {
                kept.probability += past.probability;
            }
            same
        });
        self.merged = self.pasts.len();
    }
}

/// The state of the exact computation between two columns.
struct Walk<'a> {
    ln: &'a LnFactorials,
    threshold: f64,
    p: f64,
}

/// The exact p, unless it takes more than `work` steps.
fn exact(table: &Table, ln: &LnFactorials, mut work: u64) -> Option<f64> {
    let (mut rows, mut columns) = (table.rows().to_vec(), table.columns().to_vec());
    if rows.len() > columns.len() {
        std::mem::swap(&mut rows, &mut columns);
    }
    rows.sort_unstable();
    columns.sort_unstable_by(|one, other| other.cmp(one));
    // It may be plain before the first step: each way to spread a column goes on in as many
    // ways as there are for the next, of which few are settled before they are tried.
    let ways = splits(&rows, columns[0]);
    if ways > work as f64 || (columns.len() > 2 && ways * splits(&rows, columns[1]) > HOPELESS * work as f64) {
        return None;
    }
    let mut walk = Walk { ln, threshold: threshold(table, ln), p: 0.0 };
    let start = Node { least: 0.0, most: f64::INFINITY, pasts: vec![Past { cost: 0.0, probability: 1.0 }], merged: 1 };
    let mut nodes = BTreeMap::from([(rows, start)]);
    for at in 0..columns.len() {
        // Where all pasts are decided, there is nothing left to walk.
        nodes.retain(|_, node| !node.pasts.is_empty());
        nodes.values_mut().for_each(Node::merge);
        // What the column takes is known before it is walked.
        let steps = nodes.iter().map(|(rows, node)| splits(rows, columns[at]) * node.steps() as f64).sum::<f64>();
        if steps > work as f64 {
            return None;
        }
        work -= steps as u64;
        let mut next = FxHashMap::default();
        for (rows, node) in nodes {
            let mut split = Split::new(&walk, &rows, columns[at], &columns[at + 1..], &node.pasts);
            split.go(0, columns[at], &mut walk, &mut next);
        }
        // In order, so that what is added up is added in the same order everywhere.
        nodes = next.into_iter().collect();
    }
    Some(walk.p)
}

/// Where there are so many times as many ways as steps, it is not tried.
const HOPELESS: f64 = 20.0;

/// In how many ways a column can be spread over the rows.
fn splits(rows: &[u64], column: u64) -> f64 {
    // What a row leaves can be spread in as many ways as what it takes; the smaller of the
    // two keeps the sums below ascending, so that no digits cancel.
    let column = column.min(rows.iter().sum::<u64>() - column);
    // By how much of the column is spread over the rows so far.
    let mut ways = vec![0.0; column as usize + 1];
    ways[0] = 1.0;
    for &row in rows {
        let before = ways.clone();
        let mut window = 0.0;
        for (spread, ways) in ways.iter_mut().enumerate() {
            window += before[spread];
            if let Some(gone) = spread.checked_sub(row as usize + 1) {
                window -= before[gone];
            }
            *ways = window;
        }
    }
    ways[column as usize]
}

/// All ways to spread one column over the rows.
struct Split<'a> {
    rows: &'a [u64],
    /// Sums of the rows from each on: what of the column must find its place there.
    room: Vec<u64>,
    cells: Vec<u64>,
    columns: &'a [u64],
    pasts: &'a [Past],
    /// ln of the part of a split's probability that is the same for all.
    base: f64,
}

impl<'a> Split<'a> {
    fn new(walk: &Walk<'_>, rows: &'a [u64], column: u64, columns: &'a [u64], pasts: &'a [Past]) -> Self {
        let mut room = vec![0; rows.len() + 1];
        for at in (0..rows.len()).rev() {
            room[at] = room[at + 1] + rows[at];
        }
        let ln = walk.ln;
        let base = ln.of(column) + ln.of(room[0] - column) - ln.of(room[0]) + ln.sum(rows);
        Self { rows, cells: vec![0; rows.len()], columns, pasts, base, room }
    }

    /// Fills the cells from `at` on with what is `left` of the column.
    fn go(&mut self, at: usize, left: u64, walk: &mut Walk<'_>, next: &mut FxHashMap<Rows, Node>) {
        if at == self.rows.len() {
            return self.step(walk, next);
        }
        for cell in left.saturating_sub(self.room[at + 1])..=left.min(self.rows[at]) {
            self.cells[at] = cell;
            self.go(at + 1, left - cell, walk, next);
        }
    }

    /// Takes all pasts over the split in `cells` to the node it leads to.
    fn step(&self, walk: &mut Walk<'_>, next: &mut FxHashMap<Rows, Node>) {
        let ln = walk.ln;
        let mut rows: Rows = self.rows.iter().zip(&self.cells).map(|(row, cell)| row - cell).collect();
        let cost = ln.sum(&self.cells);
        let probability = (self.base - cost - ln.sum(&rows)).exp();
        rows.sort_unstable();
        let node = next.entry(rows).or_insert_with_key(|rows| {
            let (least, most) = bounds(rows, self.columns, ln);
            Node { least, most, pasts: Vec::new(), merged: 0 }
        });
        for past in self.pasts {
            let past = Past { cost: past.cost + cost, probability: past.probability * probability };
            if past.cost + node.least >= walk.threshold {
                // However it goes on, the table counts.
                walk.p += past.probability;
            } else if past.cost + node.most >= walk.threshold {
                node.push(past);
            }
        }
    }
}

/// Bounds on the sum of ln x! over tables with these margins. ln x! is convex: a line of
/// cells costs least where it is spread evenly, and most where the largest are filled up.
fn bounds(rows: &[u64], columns: &[u64], ln: &LnFactorials) -> (f64, f64) {
    let even = |sums: &[u64], cells: usize| -> f64 {
        let cells = cells.max(1) as u64;
        let line = |sum: &u64| {
            let (each, more) = (sum / cells, sum % cells);
            (cells - more) as f64 * ln.of(each) + if more > 0 { more as f64 * ln.of(each + 1) } else { 0.0 }
        };
        sums.iter().map(line).sum()
    };
    let filled = |sums: &[u64], capacities: &mut dyn Iterator<Item = u64>| -> f64 {
        let capacities: Vec<u64> = capacities.collect();
        let line = |&sum: &u64| {
            let mut left = sum;
            capacities
                .iter()
                .map(|capacity| {
                    let cell = left.min(*capacity);
                    left -= cell;
                    ln.of(cell)
                })
                .sum::<f64>()
        };
        sums.iter().map(line).sum()
    };
    let least = even(rows, columns.len()).max(even(columns, rows.len()));
    // Rows ascend, columns descend.
    let most = filled(rows, &mut columns.iter().copied()).min(filled(columns, &mut rows.iter().rev().copied()));
    (least, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Stream;

    #[test]
    fn ways_to_spread_a_column() {
        // 0+2, 1+1; 2+0 does not fit.
        assert_eq!(splits(&[1, 2], 2), 2.0);
        assert_eq!(splits(&[5, 5, 5], 2), 6.0);
        assert_eq!(splits(&[1, 1, 1, 1], 2), 6.0);
        assert_eq!(splits(&[3, 4], 7), 1.0);
        assert_eq!(splits(&[50; 10], 498), 55.0);
    }

    /// The shorter way of tables of two rows comes to the same p.
    #[test]
    fn halves_and_columns_agree() {
        let mut random = Stream::new(3, 0);
        let mut tested = 0;
        for number in 0..400 {
            let columns = 2 + random.below(3);
            let most = [8, 30, 120][number % 3];
            let rare = 1 + random.below(9);
            let cells = |random: &mut Stream, most| (0..columns).map(|_| random.below(most)).collect::<Vec<_>>();
            let table = Table::new(vec![cells(&mut random, 1 + most / rare), cells(&mut random, most)]).occupied();
            if table.rows().len() < 2 || table.columns().len() < 2 {
                continue;
            }
            let Some(expected) = exact(&table, &LnFactorials::new(table.total()), 20_000_000) else { continue };
            let turned: Vec<Vec<u64>> =
                (0..table.columns().len()).map(|at| table.counts().iter().map(|row| row[at]).collect()).collect();
            for table in [table, Table::new(turned)] {
                let p = Row::of(&table).unwrap().exact(5_000_000).unwrap();
                assert!((p - expected).abs() <= 1e-10 * expected, "{table:?}: {p} {expected}");
                tested += 1;
            }
        }
        assert!(tested > 500, "{tested}");
    }
}
