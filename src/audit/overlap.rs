//! The distances of all pairs of many sets, summed without going through the pairs.
//!
//! A distance of two sets is one of their sizes and of how many labels they share
//! ([`Distance::of_sizes`]), so that it is enough to know how many pairs there are of each
//! sizes s, t and overlap k. Every set lists its subsets. Let f(S, s) be the codings by
//! sets of size s that hold all of S. A pair that shares k labels shares C(k, j) subsets
//! of j labels; so, over all S of j labels,
//!
//! M_j(s, t) = Σ_S f(S, s) f(S, t) = Σ_k C(k, j) N_k(s, t), and
//! N_k(s, t) = Σ_j (−1)^(j−k) C(j, k) M_j(s, t).
//!
//! All of it are whole numbers, without rounding. A set of m labels costs 2^m steps, where
//! its row of distances would cost one for each other set. Sets with too many labels for
//! that are taken with their rows.

use super::distance::Distance;
use super::matrix::Labels;

/// Distinct sets, prepared for sums over their pairs.
pub(super) struct Overlaps {
    distance: Distance,
    /// Subsets by how many labels they have, each with the sets that hold it, by size.
    subsets: Vec<Subset>,
    /// The sets of all subsets, one after the other.
    holders: Vec<u32>,
    /// The largest size of a set that lists its subsets.
    largest: usize,
    /// Sets with many labels, each with its distance to every set, twice where the other
    /// is not such a set: each pair counts in both orders.
    rows: Vec<(usize, Vec<f64>)>,
}

/// Labels that some sets hold.
struct Subset {
    labels: usize,
    /// The size of sets, and where these sets end in `holders`.
    sizes: Vec<(usize, usize)>,
}

impl Overlaps {
    /// Prepares `sets`, which are distinct.
    pub(super) fn new(sets: &[Labels], distance: Distance) -> Self {
        let is_listed = |set: &Labels| u32::try_from(set.len()).is_ok_and(|labels| fits(labels, sets.len()));
        let mut held: Vec<(Labels, usize, u32)> = Vec::new();
        for (at, set) in (0u32..).zip(sets).filter(|(_, set)| is_listed(set)) {
            let subset = |mask: usize| {
                let labels = set.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1);
                (labels.map(|(_, label)| *label).collect(), set.len(), at)
            };
            held.extend((0..1usize << set.len()).map(subset));
        }
        held.sort_unstable();
        let mut subsets = Vec::new();
        for group in held.chunk_by(|one, other| one.0 == other.0) {
            let before = subsets.last().and_then(|last: &Subset| last.sizes.last()).map_or(0, |(_, end)| *end);
            let sizes = group.chunk_by(|one, other| one.1 == other.1);
            let sizes = sizes.scan(before, |end, sets| {
                *end += sets.len();
                Some((sets[0].1, *end))
            });
            subsets.push(Subset { labels: group[0].0.len(), sizes: sizes.collect() });
        }
        let row = |(at, set): (usize, &Labels)| {
            let twice = |other: &Labels| if is_listed(other) { 2.0 } else { 1.0 };
            (at, sets.iter().map(|other| twice(other) * distance.between(set, other)).collect())
        };
        Self {
            distance,
            subsets,
            holders: held.iter().map(|(_, _, set)| *set).collect(),
            largest: sets.iter().filter(|set| is_listed(set)).map(Vec::len).max().unwrap_or(0),
            rows: sets.iter().enumerate().filter(|(_, set)| !is_listed(set)).map(row).collect(),
        }
    }

    /// The sum of distances of all ordered pairs of codings, given how often each set is
    /// there.
    pub(super) fn sum(&self, counts: &[u64]) -> f64 {
        let apart: f64 = self
            .rows
            .iter()
            .filter(|(set, _)| counts[*set] > 0)
            .map(|(set, row)| {
                let to_all = row.iter().zip(counts).map(|(distance, count)| distance * *count as f64);
                counts[*set] as f64 * to_all.sum::<f64>()
            })
            .sum();
        let shared = self.shared(counts);
        let mut sum = 0.0;
        for one in 0..=self.largest {
            for other in one..=self.largest {
                let orders = if one == other { 1.0 } else { 2.0 };
                for both in 0..=one {
                    let pairs: i128 = (both..=one)
                        .map(|labels| {
                            let sign = if (labels - both) % 2 == 0 { 1 } else { -1 };
                            sign * choose(labels, both) * i128::from(shared[self.place(labels, one, other)])
                        })
                        .sum();
                    sum += orders * pairs as f64 * self.distance.of_sizes(one, other, both);
                }
            }
        }
        apart + sum
    }

    /// M_j(s, t) for s ≤ t, at [`Overlaps::place`].
    fn shared(&self, counts: &[u64]) -> Vec<u64> {
        let mut shared = vec![0; (self.largest + 1).pow(3)];
        let mut start = 0;
        let mut by_size: Vec<(usize, u64)> = Vec::with_capacity(self.largest + 1);
        for subset in &self.subsets {
            by_size.clear();
            for &(size, end) in &subset.sizes {
                let codings: u64 = self.holders[start..end].iter().map(|set| counts[*set as usize]).sum();
                start = end;
                if codings > 0 {
                    by_size.push((size, codings));
                }
            }
            for (at, &(one, codings)) in by_size.iter().enumerate() {
                for &(other, others) in &by_size[at..] {
                    shared[self.place(subset.labels, one, other)] += codings * others;
                }
            }
        }
        shared
    }

    const fn place(&self, labels: usize, one: usize, other: usize) -> usize {
        (labels * (self.largest + 1) + one) * (self.largest + 1) + other
    }
}

/// Whether all subsets of this many labels are no more than the sets there are.
fn fits(labels: u32, sets: usize) -> bool {
    1usize.checked_shl(labels).is_some_and(|subsets| subsets <= sets)
}

/// The binomial coefficient.
fn choose(of: usize, take: usize) -> i128 {
    (0..take).fold(1, |product, at| product * (of - at) as i128 / (at as i128 + 1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::statistics::Stream;

    /// The definition: every pair, in both orders.
    fn by_pairs(sets: &[Labels], counts: &[u64], distance: Distance) -> f64 {
        let all = || sets.iter().zip(counts);
        all()
            .flat_map(|one| all().map(move |other| (one, other)))
            .map(|((one, n), (other, m))| (n * m) as f64 * distance.between(one, other))
            .sum()
    }

    #[test]
    fn the_sum_is_that_over_all_pairs() {
        let mut stream = Stream::new(3, 0);
        for (labels, draws) in [(3, 4), (6, 40), (12, 200), (30, 60), (40, 5)] {
            let mut sets: BTreeSet<Labels> = BTreeSet::new();
            for _ in 0..draws {
                // Some are far too large to list their subsets.
                let often = 1 + stream.below(8);
                sets.insert((0..labels).filter(|_| stream.below(often) == 0).collect());
            }
            let sets: Vec<Labels> = sets.into_iter().collect();
            let counts: Vec<u64> = sets.iter().map(|_| stream.below(4)).collect();
            for distance in Distance::ALL {
                let (own, expected) = (Overlaps::new(&sets, distance).sum(&counts), by_pairs(&sets, &counts, distance));
                assert!((own - expected).abs() <= 1e-11 * expected, "{labels} {distance:?}: {own}, not {expected}");
            }
        }
    }
}
