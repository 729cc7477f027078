//! What was asked of whom, and what they answered.

mod alike;
mod people;

use std::cmp::Ordering;
use std::sync::Arc;

pub use alike::{Alike, PerAnswer};
pub use people::People;

/// A question of the survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Short name, e.g. `Q1`.
    pub id: String,
    /// The wording, as asked.
    pub wording: String,
    /// The stance of a theme that says nothing else (a bare noun).
    pub default_stance: Option<String>,
}

/// An attribute by which respondents are grouped, e.g. 施設種別.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its values, in the order of tables.
    pub categories: Vec<String>,
    /// Categories counted together.
    pub nets: Vec<Net>,
    /// Size of the population of each category, in the order of `categories`.
    pub population: Option<Vec<u64>>,
}

/// Several categories counted as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net {
    /// Its name.
    pub label: String,
    /// Its categories.
    pub of: Vec<String>,
}

/// Which respondents a share is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// Everyone who was asked.
    #[default]
    Respondents,
    /// Those who gave an answer with content (no blank, no reserved code).
    Answered,
}

impl Base {
    /// The name used in study files and manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Respondents => "respondents",
            Self::Answered => "answered",
        }
    }
}

/// What a respondent gave for a question. Missing is a variant, never a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Words, with line breaks as LF.
    Text(String),
    /// Asked, and left empty.
    Blank,
    /// Not asked.
    NotAsked,
}

impl Answer {
    /// The words, if there are any.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Blank | Self::NotAsked => None,
        }
    }
}

/// A respondent with attributes and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Respondent {
    /// Identifier as in the source.
    pub id: String,
    /// Values of the survey's attributes, in their order; `None` is missing (不明).
    pub values: Vec<Option<Arc<str>>>,
    /// Answers to the survey's questions, in their order.
    pub answers: Vec<Answer>,
}

/// The respondents of a study, in the order of their identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Attributes.
    pub attributes: Vec<Attribute>,
    /// Questions.
    pub questions: Vec<Question>,
    /// Respondents, sorted by identifier (numbers inside it by value).
    pub respondents: Vec<Respondent>,
}

impl Survey {
    /// The place of the respondent called `id`, if there is one.
    pub fn place_of(&self, id: &str) -> Option<usize> {
        self.respondents.binary_search_by(|respondent| natural_order(&respondent.id, id)).ok()
    }
}

/// Orders names as people do: a run of digits counts as a number (`R2` before `R10`);
/// names alike in that are ordered by their characters.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) else {
            return left.len().cmp(&right.len()).then_with(|| a.cmp(b));
        };
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (number_x, number_y) = (take_digits(&mut left), take_digits(&mut right));
            number_x.len().cmp(&number_y.len()).then_with(|| number_x.cmp(number_y))
        } else {
            (left, right) = (&left[x.len_utf8()..], &right[y.len_utf8()..]);
            x.cmp(&y)
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Cuts the digits off the front of `text` and gives them without leading zeros.
fn take_digits<'a>(text: &mut &'a str) -> &'a str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    digits.trim_start_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_count_by_value() {
        let mut names = ["R10", "R2", "R02", "R1-20", "R1-3", "", "R", "10", "9", "検査2", "検査10"];
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, ["", "9", "10", "R", "R1-3", "R1-20", "R02", "R2", "R10", "検査2", "検査10"]);
    }

    proptest! {
        #[test]
        fn natural_order_is_a_total_order(a in "[a0-2あ-]{0,5}", b in "[a0-2あ-]{0,5}", c in "[a0-2あ-]{0,5}") {
            prop_assert_eq!(natural_order(&a, &b), natural_order(&b, &a).reverse());
            prop_assert_eq!(natural_order(&a, &b).is_eq(), a == b);
            if natural_order(&a, &b).is_le() && natural_order(&b, &c).is_le() {
                prop_assert!(natural_order(&a, &c).is_le());
            }
        }
    }
}
