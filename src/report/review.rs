//! How many answers a person should look at, and why. Answers are counted (a respondent's
//! to one question), not the rows of `review.csv`: one answer can have several.

use super::Outcome;
use crate::coding::Coded;

/// Answers that need a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Review {
    /// Answers for which there is any reason.
    pub answers: usize,
    /// `maybe` suggests a code that `rule` does not give.
    pub maybe: usize,
    /// There is content, and no code, and people have not decided so.
    pub uncoded: usize,
    /// Something contradicts itself.
    pub conflict: usize,
}

/// Whether an answer has content that no code fits.
pub(super) fn is_uncoded(coded: &Coded) -> bool {
    coded.reserved.is_none() && coded.codings.is_empty()
}

impl Review {
    /// The answers to the question at index `question`.
    pub(super) fn of(outcome: &Outcome<'_>, question: usize) -> Self {
        let mut review = Self::default();
        for coded in outcome.coded.column(question).flatten() {
            let uncoded = is_uncoded(coded) && !coded.is_decided;
            let reasons = [!coded.suggestions.is_empty(), uncoded, !coded.conflicts.is_empty()];
            let [maybe, uncoded, conflict] = reasons.map(usize::from);
            review.answers += usize::from(reasons.contains(&true));
            review.maybe += maybe;
            review.uncoded += uncoded;
            review.conflict += conflict;
        }
        review
    }
}
