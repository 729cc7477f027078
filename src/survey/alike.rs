//! Answers that are alike: what depends on nothing else is worked out once, and held once.

use std::hash::{BuildHasher as _, Hash};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// The kind of an answer that is of none.
const NONE: u32 = u32::MAX;

/// Which of many answers are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alike {
    /// The kind of each answer.
    kinds: Vec<u32>,
    /// The place of the first answer of each kind, and how many there are.
    firsts: Vec<(u32, u32)>,
}

impl Alike {
    /// Puts answers `0..count` together for which `key` is the same; those without a key
    /// are of no kind. Kinds are numbered in the order in which they come up.
    ///
    /// # Panics
    /// If there are more answers than four bytes can number.
    pub fn by<K: Eq + Hash>(count: usize, key: impl Fn(usize) -> Option<K>) -> Self {
        assert!(count < NONE as usize, "{count} answers");
        let hash = |key: &K| FxBuildHasher.hash_one(key);
        let mut alike = Self { kinds: Vec::with_capacity(count), firsts: Vec::new() };
        // Keys are not kept: they are long, and can be asked for again.
        let mut known: HashTable<u32> = HashTable::with_capacity(count);
        for at in 0..count {
            let Some(own) = key(at) else {
                alike.kinds.push(NONE);
                continue;
            };
            let firsts = &mut alike.firsts;
            let first = |kind: u32| key(firsts[kind as usize].0 as usize);
            let is_same = |kind: &u32| first(*kind).as_ref() == Some(&own);
            let rehash = |kind: &u32| first(*kind).as_ref().map_or(0, hash);
            let kind = *known.entry(hash(&own), is_same, rehash).or_insert(firsts.len() as u32).get();
            if kind as usize == firsts.len() {
                firsts.push((at as u32, 0));
            }
            firsts[kind as usize].1 += 1;
            alike.kinds.push(kind);
        }
        alike
    }

    /// For each kind, the place of its first answer and how many are of it.
    pub fn kinds(&self) -> &[(u32, u32)] {
        &self.firsts
    }

    /// The kind of the answer at a place, as an index.
    pub fn of(&self, at: usize) -> Option<usize> {
        Some(self.kinds[at] as usize).filter(|kind| *kind < self.firsts.len())
    }

    /// What was `made` of each kind, as that of all answers of it; there are so many
    /// questions a respondent.
    pub fn share<T>(self, made: Vec<T>, questions: usize) -> PerAnswer<T> {
        assert_eq!(made.len(), self.firsts.len(), "one of each kind");
        PerAnswer { questions, kinds: self.kinds, made }
    }
}

/// Something about every answer of a survey that has words, held once for answers that
/// are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PerAnswer<T> {
    questions: usize,
    /// By respondent, then question.
    kinds: Vec<u32>,
    made: Vec<T>,
}

impl<T> PerAnswer<T> {
    /// That of the answer of the respondent at `respondent` to the question at `question`.
    pub fn get(&self, respondent: usize, question: usize) -> Option<&T> {
        self.of(*self.kinds.get(respondent * self.questions + question)?)
    }

    fn of(&self, kind: u32) -> Option<&T> {
        self.made.get(kind as usize)
    }

    /// Those of one respondent, by question.
    pub fn row(&self, respondent: usize) -> impl ExactSizeIterator<Item = Option<&T>> {
        let first = respondent * self.questions;
        self.kinds[first..first + self.questions].iter().map(|kind| self.of(*kind))
    }

    /// Those of one question, by respondent.
    pub fn column(&self, question: usize) -> impl Iterator<Item = Option<&T>> {
        self.kinds.iter().skip(question).step_by(self.questions.max(1)).map(|kind| self.of(*kind))
    }

    /// Those of all answers with words, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.kinds.iter().filter_map(|kind| self.of(*kind))
    }

    /// Changes that of one answer, which others that were alike do not share any more.
    ///
    /// # Panics
    /// If there is no such answer.
    pub fn set(&mut self, respondent: usize, question: usize, made: T) {
        self.kinds[respondent * self.questions + question] = self.made.len() as u32;
        self.made.push(made);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn answers_share_what_is_made_of_the_first_like_them(
            answers in prop::collection::vec(prop::option::of("[あい]{0,2}"), 0..40), questions in 1_usize..4
        ) {
            let answers = &answers[..answers.len() / questions * questions];
            let alike = Alike::by(answers.len(), |at| answers[at].as_deref());
            let made: Vec<&str> = alike.kinds().iter().filter_map(|(first, _)| answers[*first as usize].as_deref()).collect();
            let mut different: Vec<&str> = answers.iter().flatten().map(String::as_str).collect();
            for ((_, count), own) in alike.kinds().iter().zip(&made) {
                prop_assert_eq!(*count as usize, different.iter().filter(|other| *other == own).count());
            }
            different.sort_unstable();
            different.dedup();
            prop_assert_eq!(made.len(), different.len());

            let mut shared = alike.share(made, questions);
            prop_assert!(shared.iter().copied().eq(answers.iter().flatten().map(String::as_str)));
            for (respondent, row) in answers.chunks(questions).enumerate() {
                prop_assert!(shared.row(respondent).map(Option::<&&str>::copied).eq(row.iter().map(Option::as_deref)));
            }
            for question in 0..questions {
                let own = answers.iter().skip(question).step_by(questions).map(Option::as_deref);
                prop_assert!(shared.column(question).map(Option::<&&str>::copied).eq(own));
            }
            if !answers.is_empty() {
                let before = shared.clone();
                shared.set(0, 0, "changed");
                prop_assert_eq!(shared.get(0, 0), Some(&"changed"));
                for at in 1..answers.len() {
                    let place = (at / questions, at % questions);
                    prop_assert_eq!(shared.get(place.0, place.1), before.get(place.0, place.1));
                }
            }
        }
    }
}
