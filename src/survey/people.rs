//! A set of respondents of one survey, one bit each, so that a cell of a table is
//! counted 64 people at a time.

/// Respondents, by their place among all those of the survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    bits: Vec<u64>,
    of: usize,
}

impl People {
    /// None of `of` respondents.
    pub fn none(of: usize) -> Self {
        Self { bits: vec![0; of.div_ceil(64)], of }
    }

    /// All of `of` respondents.
    pub fn all(of: usize) -> Self {
        let mut people = Self { bits: vec![u64::MAX; of.div_ceil(64)], of };
        if let Some(last) = people.bits.last_mut().filter(|_| !of.is_multiple_of(64)) {
            *last = (1 << (of % 64)) - 1;
        }
        people
    }

    /// Those for whom `holds`, asked for each in order.
    pub fn where_holds(holds: impl ExactSizeIterator<Item = bool>) -> Self {
        let mut people = Self::none(holds.len());
        for (at, _) in holds.enumerate().filter(|(_, holds)| *holds) {
            people.insert(at);
        }
        people
    }

    /// Puts the respondent at `at` in.
    ///
    /// # Panics
    /// If there is no such respondent.
    pub fn insert(&mut self, at: usize) {
        assert!(at < self.of, "respondent {at} of {}", self.of);
        self.bits[at / 64] |= 1 << (at % 64);
    }

    /// Whether the respondent at `at` is in.
    pub fn contains(&self, at: usize) -> bool {
        self.bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Of how many respondents this is a set.
    pub const fn of(&self) -> usize {
        self.of
    }

    /// How many are in.
    pub fn count(&self) -> u64 {
        self.bits.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many are in both.
    pub fn count_both(&self, other: &Self) -> u64 {
        self.bits.iter().zip(&other.bits).map(|(a, b)| u64::from((a & b).count_ones())).sum()
    }

    /// Whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.bits.iter().all(|word| *word == 0)
    }

    /// Those in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.with(other, |a, b| a & b)
    }

    /// Those in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.with(other, |a, b| a | b)
    }

    /// Those in here and not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.with(other, |a, b| a & !b)
    }

    /// The places of those in both, in order.
    pub fn both<'p>(&'p self, other: &'p Self) -> impl Iterator<Item = usize> + 'p {
        self.bits.iter().zip(&other.bits).enumerate().flat_map(|(at, (a, b))| {
            let mut word = a & b;
            std::iter::from_fn(move || {
                let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
                word &= word - 1;
                Some(at * 64 + bit)
            })
        })
    }

    /// The places of those who are in, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.both(self)
    }

    fn with(&self, other: &Self, word: impl Fn(u64, u64) -> u64) -> Self {
        assert_eq!(self.of, other.of, "sets of the same survey");
        let bits = self.bits.iter().zip(&other.bits).map(|(a, b)| word(*a, *b)).collect();
        Self { bits, of: self.of }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sets_are_as_lists_of_yes_and_no(pairs in prop::collection::vec((any::<bool>(), any::<bool>()), 0..200)) {
            let (a, b): (Vec<bool>, Vec<bool>) = pairs.iter().copied().unzip();
            let (one, two) = (People::where_holds(a.iter().copied()), People::where_holds(b.iter().copied()));
            let count = |holds: &dyn Fn(bool, bool) -> bool| pairs.iter().filter(|(a, b)| holds(*a, *b)).count() as u64;
            prop_assert_eq!(one.and(&two).count(), count(&|a, b| a && b));
            prop_assert_eq!(one.or(&two).count(), count(&|a, b| a || b));
            prop_assert_eq!(one.without(&two).count(), count(&|a, b| a && !b));
            prop_assert_eq!(one.count_both(&two), count(&|a, b| a && b));
            prop_assert_eq!(People::all(a.len()).without(&one).count(), count(&|a, _| !a));
            let places: Vec<usize> = (0..a.len()).filter(|at| a[*at] && b[*at]).collect();
            prop_assert_eq!(one.both(&two).collect::<Vec<_>>(), places);
            prop_assert!((0..a.len()).all(|at| one.contains(at) == a[at]));
        }
    }
}
