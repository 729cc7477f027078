//! How far apart two sets of labels are.

/// A distance of two sets of labels, from 0 (the same) to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// 0 if the sets are the same, else 1.
    Exact,
    /// 1 − |A∩B| / |A∪B|.
    Jaccard,
    /// 1 − M·|A∩B| / |A∪B|, where M is 1 for the same sets, ⅔ if one holds the other, ⅓ if
    /// they overlap, 0 if they do not.
    ///
    /// R. Passonneau, *Measuring agreement on set-valued items (MASI)*, LREC 2006.
    Masi,
}

impl Distance {
    /// All of them, in the order of presentation.
    pub const ALL: [Self; 3] = [Self::Masi, Self::Jaccard, Self::Exact];

    /// A short, stable name for files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Exact => "exact_set",
            Self::Jaccard => "jaccard",
            Self::Masi => "masi",
        }
    }

    /// The distance of two sets of ascending labels. Two empty sets are the same, and an
    /// empty one is as far as can be from any other.
    pub fn between(self, one: &[usize], other: &[usize]) -> f64 {
        let both = one.iter().filter(|label| other.binary_search(label).is_ok()).count();
        self.of_sizes(one.len(), other.len(), both)
    }

    /// The distance of two sets of these sizes that have `both` labels in common.
    pub(super) fn of_sizes(self, one: usize, other: usize, both: usize) -> f64 {
        if one == both && other == both {
            return 0.0;
        }
        let either = one + other - both;
        match self {
            Self::Exact => 1.0,
            Self::Jaccard => (either - both) as f64 / either as f64,
            Self::Masi => {
                // Where one holds the other, all of the smaller is in both.
                let thirds = if both == one.min(other) { 2 } else { 1 };
                1.0 - (thirds * both) as f64 / (3 * either) as f64
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passonneau's cases: equal, contained, overlapping, disjoint, and the empty set.
    #[test]
    fn cases_of_the_paper() {
        for (one, other, jaccard, masi) in [
            (&[0][..], &[0][..], 0.0, 0.0),
            (&[0, 1], &[0], 1.0 / 2.0, 2.0 / 3.0),
            (&[0, 1], &[1, 2], 2.0 / 3.0, 8.0 / 9.0),
            (&[0, 1], &[2, 3], 1.0, 1.0),
            (&[], &[0], 1.0, 1.0),
            (&[], &[], 0.0, 0.0),
        ] {
            for (one, other) in [(one, other), (other, one)] {
                assert!((Distance::Jaccard.between(one, other) - jaccard).abs() < 1e-15);
                assert!((Distance::Masi.between(one, other) - masi).abs() < 1e-15, "{one:?} {other:?}");
                assert_eq!(Distance::Exact.between(one, other), f64::from(one != other));
            }
        }
    }
}
