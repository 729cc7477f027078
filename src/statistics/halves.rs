//! The exact test of a table of two rows and up to four columns, however many people.
//!
//! Two of the columns make one half of the table, the other two the other. Given how much
//! of the row falls to the first half, each half is decided by one cell; and the cells of
//! both are gone through side by side, not each with each.

use std::ops::Range;

use super::TIE;
use super::table::Table;

/// Tables are left out that are less likely than the one seen by this (as a logarithm):
/// all of them together do not reach the digits of p, which that one is part of.
const TOO_UNLIKELY: f64 = 40.0;

/// What is less likely than the likeliest table by this (as a logarithm) leaves the range of
/// floating-point numbers.
const TOO_SMALL: f64 = -600.0;

/// So many splits take no longer than a step of the general computation.
const SPLITS: u64 = 4;

/// One of two rows; the other is what is left.
pub(super) struct Row {
    /// Its cells, each with the sum of its column.
    cells: Vec<(u64, u64)>,
    sum: u64,
    /// The sum of the other row.
    others: u64,
}

impl Row {
    /// The row of the smaller sum of a table of two rows, or columns, and up to four of the
    /// others. No sum is 0.
    pub(super) fn of(table: &Table) -> Option<Self> {
        let (rows, columns, counts) = (table.rows(), table.columns(), table.counts());
        let smaller = |sums: &[u64]| usize::from(sums[1] < sums[0]);
        let (cells, sums, own): (Vec<u64>, _, _) = match (rows.len(), columns.len()) {
            (2, 2..=4) => (counts[smaller(rows)].clone(), columns, rows),
            (3..=4, 2) => (counts.iter().map(|row| row[smaller(columns)]).collect(), rows, columns),
            _ => return None,
        };
        let cells = cells.into_iter().zip(sums.iter().copied()).collect();
        Some(Self { cells, sum: own[smaller(own)], others: own[1 - smaller(own)] })
    }

    /// The probability of the tables at most as likely as the one seen, up to [`TIE`], unless
    /// it takes more than `work` steps. What is below 10⁻²⁵⁰ may be 0.
    ///
    /// Given its margins, a table is as likely as if the cells of a row were independent
    /// binomial counts that happen to have its sum. Their probabilities are built from the
    /// likeliest count outwards by ratios, as in [`super::fisher`], so that no digits are
    /// lost however large the counts.
    pub(super) fn exact(mut self, work: u64) -> Option<f64> {
        let odds = self.sum as f64 / self.others as f64;
        let seen: f64 = self.cells.iter().map(|&(cell, column)| ln_weight(cell, column, odds)).sum();
        if seen < TOO_SMALL {
            return Some(0.0);
        }
        self.cells.sort_unstable_by_key(|&(_, column)| std::cmp::Reverse(column));
        self.cells.resize(4, (0, 0));
        let counts = |at: usize| Counts::new(self.cells[at].1, odds, seen - TOO_UNLIKELY);
        // The largest with the smallest, as the smaller of two decides how many splits there are.
        let mut one = Half::new([counts(0), counts(3)], (seen - TOO_UNLIKELY).exp());
        let mut other = Half::new([counts(1), counts(2)], (seen - TOO_UNLIKELY).exp());
        let first = one.first().max(self.sum.saturating_sub(other.last()));
        let last = one.last().min(self.sum - other.first());
        if (last + 1 - first).saturating_mul(one.most_splits() + other.most_splits()) / SPLITS > work {
            return None;
        }
        let (mut counted, mut all, mut tails) = (0.0, 0.0, Vec::new());
        for part in first..=last {
            one.split(part);
            other.split(self.sum - part);
            other.sum_tails(&mut tails);
            counted += one.with(&other, &tails, seen + TIE);
            all += one.weights.iter().sum::<f64>() * (tails[other.peak] + tails[other.peak + 1]);
        }
        Some(counted / all)
    }
}

/// The likeliest of a column of `of`.
fn mode(of: u64, odds: f64) -> u64 {
    (((of + 1) as f64 * (odds / (1.0 + odds))) as u64).min(of)
}

/// How much likelier `count` + 1 of a column of `of` is than `count`.
fn ratio(count: u64, of: u64, odds: f64) -> f64 {
    (of - count) as f64 / (count + 1) as f64 * odds
}

/// ln of the weight of `count` of a column of `of`; the likeliest weighs 1.
fn ln_weight(count: u64, of: u64, odds: f64) -> f64 {
    let mode = mode(of, odds);
    let path = |from: u64, to: u64| (from..to).map(|count| ratio(count, of, odds).ln()).sum::<f64>();
    path(mode, count) - path(count, mode)
}

/// The counts of a column that matter: all from a first one on, with their weights.
struct Counts {
    first: u64,
    weights: Vec<f64>,
    ln: Vec<f64>,
}

impl Counts {
    /// The counts of a column of `of` whose weight has a logarithm of `least` at least.
    fn new(of: u64, odds: f64, least: f64) -> Self {
        let mode = mode(of, odds);
        let walk = |ratios: &mut dyn Iterator<Item = f64>| {
            let (mut weight, mut ln) = (1.0, 0.0);
            let next = |ratio: f64| {
                weight *= ratio;
                ln += ratio.ln();
                (weight, ln)
            };
            ratios.map(next).take_while(|(_, ln)| *ln >= least).collect::<Vec<_>>()
        };
        let below = walk(&mut (0..mode).rev().map(|count| ratio(count, of, odds).recip()));
        let above = walk(&mut (mode..of).map(|count| ratio(count, of, odds)));
        let first = mode - below.len() as u64;
        let (weights, ln) = below.into_iter().rev().chain([(1.0, 0.0)]).chain(above).unzip();
        Self { first, weights, ln }
    }

    fn len(&self) -> u64 {
        self.weights.len() as u64
    }

    fn last(&self) -> u64 {
        self.first + self.len() - 1
    }

    fn weight(&self, count: u64) -> f64 {
        self.weights[(count - self.first) as usize]
    }

    /// Where some counts stand.
    fn places(&self, counts: Range<u64>) -> Range<usize> {
        (counts.start - self.first) as usize..(counts.end - self.first) as usize
    }
}

/// Two columns, and the ways to split a sum between them that matter: from few for the
/// first to many, likelier up to a peak and less likely from there.
struct Half {
    columns: [Counts; 2],
    least: f64,
    /// What falls to the first column.
    splits: Range<u64>,
    weights: Vec<f64>,
    ln: Vec<f64>,
    peak: usize,
}

impl Half {
    /// Splits whose weight is under `least` do not matter.
    fn new(columns: [Counts; 2], least: f64) -> Self {
        Self { columns, least, splits: 0..0, weights: Vec::new(), ln: Vec::new(), peak: 0 }
    }

    fn first(&self) -> u64 {
        self.columns.iter().map(|column| column.first).sum()
    }

    fn last(&self) -> u64 {
        self.columns.iter().map(Counts::last).sum()
    }

    /// No sum can be split in more ways.
    fn most_splits(&self) -> u64 {
        self.columns[0].len().min(self.columns[1].len())
    }

    /// Finds the splits of `sum`, which is from [`Half::first`] to [`Half::last`].
    fn split(&mut self, sum: u64) {
        let [one, other] = &self.columns;
        let possible = one.first.max(sum.saturating_sub(other.last()))..one.last().min(sum - other.first) + 1;
        let matters = |count: u64| one.weight(count) * other.weight(sum - count) >= self.least;
        // They are near those of the sum before.
        let mut splits = stretch(&self.splits, &possible, matters);
        if splits.is_empty() {
            splits = stretch(&possible, &possible, matters);
        }
        let own = one.places(splits.clone());
        let rest = other.places(sum + 1 - splits.end..sum + 1 - splits.start);
        self.splits = splits;
        self.weights.clear();
        let weights = one.weights[own.clone()].iter().zip(other.weights[rest.clone()].iter().rev());
        self.weights.extend(weights.map(|(one, other)| one * other));
        self.ln.clear();
        let ln = one.ln[own].iter().zip(other.ln[rest].iter().rev());
        self.ln.extend(ln.map(|(one, other)| one + other));
        self.peak = peak(&self.ln);
    }

    /// What the splits before each place weigh together, up to the peak, and from there what
    /// those from the place before on do.
    fn sum_tails(&self, tails: &mut Vec<f64>) {
        tails.clear();
        tails.resize(self.weights.len() + 2, 0.0);
        for at in 0..self.peak {
            tails[at + 1] = tails[at] + self.weights[at];
        }
        for at in (self.peak..self.weights.len()).rev() {
            tails[at + 1] = tails[at + 2] + self.weights[at];
        }
    }

    /// What the splits of this half weigh together with those of `other` that make, with
    /// them, a table of a weight of at most e^`most`; `tails` are of the other.
    fn with(&self, other: &Self, tails: &[f64], most: f64) -> f64 {
        // The likelier the split, the less likely must be that of the other half: as one
        // goes up to the peak, the other goes down from it.
        self.side(0..self.peak, other, tails, most) + self.side((self.peak..self.ln.len()).rev(), other, tails, most)
    }

    /// [`Half::with`] for the splits of one side, the likeliest last.
    fn side(&self, splits: impl Iterator<Item = usize>, other: &Self, tails: &[f64], most: f64) -> f64 {
        let (mut below, mut above) = (other.peak, other.peak);
        let counted = |at: usize| {
            let room = most - self.ln[at];
            while below > 0 && other.ln[below - 1] > room {
                below -= 1;
            }
            while above < other.ln.len() && other.ln[above] > room {
                above += 1;
            }
            self.weights[at] * (tails[below] + tails[above + 1])
        };
        splits.map(counted).sum()
    }
}

/// The part of `all` in which `matters` holds, which is one stretch, from somewhere `near`
/// it; nothing if it is elsewhere.
fn stretch(near: &Range<u64>, all: &Range<u64>, matters: impl Fn(u64) -> bool) -> Range<u64> {
    let (mut start, mut end) = (near.start.clamp(all.start, all.end), near.end.clamp(all.start, all.end));
    while start > all.start && matters(start - 1) {
        start -= 1;
    }
    while end < all.end && matters(end) {
        end += 1;
    }
    while start < end && !matters(start) {
        start += 1;
    }
    while start < end && !matters(end - 1) {
        end -= 1;
    }
    start..end
}

/// The place of the largest of values that rise and then fall.
fn peak(values: &[f64]) -> usize {
    let (mut low, mut high) = (0, values.len().saturating_sub(1));
    while low < high {
        let middle = usize::midpoint(low, high);
        if values[middle + 1] >= values[middle] {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
