//! How well the rules do against codings that people agreed on (the gold).
//!
//! Counted are answers (a respondent's to one question) that the gold codes; an answer it
//! does not mention is not compared. Every ratio with an empty denominator is undefined
//! (`None`), never 0 or 1.

mod gold;
mod json;
mod text;

use crate::codebook::Codebook;
use crate::coding::Coded;
use crate::span::Span;
use crate::survey::{PerAnswer, Survey};

pub use gold::{Gold, GoldCode, Label};
pub use json::json;
pub use text::text;

/// Of all compared answers: who gave a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Gold and rules.
    pub both: u64,
    /// The rules alone: false alarms.
    pub rules: u64,
    /// The gold alone: misses.
    pub gold: u64,
    /// Neither.
    pub neither: u64,
    /// Misses that `maybe` suggests.
    pub suggested: u64,
}

/// `part / whole`, undefined for an empty whole.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Counts {
    /// How many answers have the code in the gold.
    pub const fn cases(self) -> u64 {
        self.both + self.gold
    }

    /// How many the rules give it.
    pub const fn found(self) -> u64 {
        self.both + self.rules
    }

    /// Share of those found that are right.
    pub fn precision(self) -> Option<f64> {
        ratio(self.both, self.found())
    }

    /// Share of the cases that are found.
    pub fn recall(self) -> Option<f64> {
        ratio(self.both, self.cases())
    }

    /// Share of the cases that are found or suggested by `maybe`.
    pub fn recall_with_maybe(self) -> Option<f64> {
        ratio(self.both + self.suggested, self.cases())
    }

    /// Harmonic mean of precision and recall, as 2·both / (cases + found).
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.both, self.cases() + self.found())
    }

    /// Cohen's κ (1960) of gold and rules; undefined where chance alone makes them agree.
    pub fn kappa(self) -> Option<f64> {
        let total = (self.both + self.rules + self.gold + self.neither) as f64;
        let (cases, found) = (self.cases() as f64, self.found() as f64);
        let observed = (self.both + self.neither) as f64 / total;
        let expected = (cases * found + (total - cases) * (total - found)) / (total * total);
        let certain = [0.0, total].iter().any(|all| cases == *all && found == *all);
        (total > 0.0 && !certain).then(|| (observed - expected) / (1.0 - expected))
    }

    fn add(&mut self, other: Self) {
        self.both += other.both;
        self.rules += other.rules;
        self.gold += other.gold;
        self.neither += other.neither;
        self.suggested += other.suggested;
    }
}

/// A code that stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Index of the code.
    pub code: usize,
    /// Who gave it.
    pub counts: Counts,
    /// Whether a rule can give it at all, or people alone do.
    pub has_rule: bool,
}

/// What went wrong with a code of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The gold has it, the rules do not.
    Missed {
        /// Whether `maybe` suggests it.
        suggested: bool,
    },
    /// The rules have it, the gold does not.
    FalseAlarm,
    /// Both have it, meant differently.
    Stance,
}

/// One difference between gold and rules.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Index of the respondent.
    pub respondent: usize,
    /// Index of the question.
    pub question: usize,
    /// The code.
    pub label: Label,
    /// What is wrong.
    pub kind: Kind,
    /// The stance in the gold, if it gives one.
    pub gold_stance: Option<String>,
    /// The stance by the rules, if they give one.
    pub rules_stance: Option<String>,
    /// The words by which the rules give (or suggest) the code: bytes of the answer.
    pub evidence: Vec<Span>,
}

/// The rules against the gold.
#[derive(Clone, Debug)]
pub struct Accuracy {
    /// How many answers are compared.
    pub answers: u64,
    /// Answers with text that the gold does not mention.
    pub left_out: u64,
    /// Each code that stands for itself, in the codebook's order.
    pub themes: Vec<Theme>,
    /// Each reserved code.
    pub reserved: Vec<(usize, Counts)>,
    /// Answers for which the codes are the same, reserved ones included.
    pub exact: u64,
    /// Stances, in order.
    pub stances: Vec<String>,
    /// Themes that both give with a stance: by the gold's stance, then the rules'.
    pub confusion: Vec<Vec<u64>>,
    /// Cases from which on a theme counts for the macro average.
    pub min_cases: u64,
    /// All differences, by respondent and question, in the order of codes.
    pub differences: Vec<Difference>,
}

impl Accuracy {
    /// Compares.
    pub fn new(survey: &Survey, codebook: &Codebook, coded: &PerAnswer<Coded>, gold: &Gold, min_cases: u64) -> Self {
        let qualifying = codebook.axes.iter().filter(|axis| axis.qualifies.is_some());
        let stances: Vec<String> = qualifying.flat_map(|axis| axis.order.clone()).collect();
        let mut accuracy = Self {
            answers: 0,
            left_out: 0,
            themes: codebook
                .standalone()
                .map(|(at, code)| Theme { code: at, counts: Counts::default(), has_rule: code.has_rule() })
                .collect(),
            reserved: (0..codebook.reserved.len()).rev().map(|at| (at, Counts::default())).collect(),
            exact: 0,
            confusion: vec![vec![0; stances.len()]; stances.len()],
            stances,
            min_cases,
            differences: Vec::new(),
        };
        for respondent in 0..survey.respondents.len() {
            for question in 0..survey.questions.len() {
                let Some(coded) = coded.get(respondent, question) else { continue };
                match gold.answer(respondent, question) {
                    Some(codes) => accuracy.compare(respondent, question, coded, codes),
                    None => accuracy.left_out += 1,
                }
            }
        }
        accuracy
    }

    fn compare(&mut self, respondent: usize, question: usize, coded: &Coded, gold: &[GoldCode]) {
        self.answers += 1;
        let mut same = true;
        let labels: Vec<Label> = self.themes.iter().map(|theme| Label::Code(theme.code)).collect();
        let labels = labels.into_iter().chain(self.reserved.iter().map(|(at, _)| Label::Reserved(*at)));
        for (at, label) in labels.collect::<Vec<_>>().into_iter().enumerate() {
            let truth = gold.iter().find(|code| code.label == label);
            let coding = coded.codings.iter().find(|coding| label == Label::Code(coding.code));
            let hint = coded.suggestions.iter().find(|(code, _)| label == Label::Code(*code));
            let given = coding.is_some() || coded.reserved.is_some_and(|reserved| label == Label::Reserved(reserved));
            same &= truth.is_some() == given;
            let counts = match self.themes.len() {
                themes if at < themes => &mut self.themes[at].counts,
                themes => &mut self.reserved[at - themes].1,
            };
            counts.add(Counts {
                both: u64::from(truth.is_some() && given),
                rules: u64::from(truth.is_none() && given),
                gold: u64::from(truth.is_some() && !given),
                neither: u64::from(truth.is_none() && !given),
                suggested: u64::from(truth.is_some() && !given && hint.is_some()),
            });
            let gold_stance = truth.and_then(|code| code.stance.clone());
            let rules_stance = coding.and_then(|coding| coding.stance.as_ref()).map(|stance| stance.id.to_string());
            let kind = match (truth.is_some(), given) {
                (true, false) => Kind::Missed { suggested: hint.is_some() },
                (false, true) => Kind::FalseAlarm,
                (true, true) if self.meant_otherwise(gold_stance.as_deref(), rules_stance.as_deref()) => Kind::Stance,
                _ => continue,
            };
            let own = coding.map(|coding| &coding.evidence);
            let evidence = own.or(hint.map(|(_, spans)| spans)).cloned().unwrap_or_default();
            self.differences.push(Difference {
                respondent,
                question,
                label,
                kind,
                gold_stance,
                rules_stance,
                evidence,
            });
        }
        self.exact += u64::from(same);
    }

    /// Counts two stances of one theme; whether they differ.
    fn meant_otherwise(&mut self, gold: Option<&str>, rules: Option<&str>) -> bool {
        let at = |stance: Option<&str>| self.stances.iter().position(|known| Some(known.as_str()) == stance);
        let (Some(gold), Some(rules)) = (at(gold), at(rules)) else { return false };
        self.confusion[gold][rules] += 1;
        gold != rules
    }

    /// Themes with at least `min_cases` cases; those that people alone give only if asked.
    fn frequent(&self, without_rule: bool) -> impl Iterator<Item = Counts> + '_ {
        let counts = self.themes.iter().filter(move |theme| theme.has_rule || without_rule).map(|theme| theme.counts);
        counts.filter(|counts| counts.cases() >= self.min_cases)
    }

    /// How many themes have a rule and at least `min_cases` cases.
    pub fn frequent_themes(&self) -> usize {
        self.frequent(false).count()
    }

    /// Mean F1 of the themes with a rule and at least `min_cases` cases.
    pub fn macro_f1(&self) -> Option<f64> {
        mean(self.frequent(false).filter_map(Counts::f1))
    }

    /// As [`Accuracy::macro_f1`], with the themes that no rule gives, all of whose cases
    /// are missed.
    pub fn macro_f1_of_all(&self) -> Option<f64> {
        mean(self.frequent(true).filter_map(Counts::f1))
    }

    /// Mean κ of the themes with a rule, at least `min_cases` cases and a defined κ.
    pub fn mean_kappa(&self) -> Option<f64> {
        mean(self.frequent(false).filter_map(Counts::kappa))
    }

    /// All themes added up, those without a rule too: precision, recall and F1 of it are the micro averages.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        self.themes.iter().for_each(|theme| total.add(theme.counts));
        total
    }

    /// Share of answers for which the codes are the same.
    pub fn exact_share(&self) -> Option<f64> {
        ratio(self.exact, self.answers)
    }

    /// Themes that both give with a stance, and how many of them with the same.
    pub fn stance_counts(&self) -> (u64, u64) {
        let same = (0..self.stances.len()).map(|at| self.confusion[at][at]).sum();
        (self.confusion.iter().flatten().sum(), same)
    }

    /// Share of the themes that both give with a stance for which it is the same.
    pub fn stance_accuracy(&self) -> Option<f64> {
        let (all, same) = self.stance_counts();
        ratio(same, all)
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out by hand: 20 answers, 5 cases, 4 found, 3 of them right.
    #[test]
    fn measures_of_a_small_table() {
        let counts = Counts { both: 3, rules: 1, gold: 2, neither: 14, suggested: 1 };
        assert_eq!((counts.cases(), counts.found()), (5, 4));
        assert_eq!(counts.precision(), Some(0.75));
        assert_eq!(counts.recall(), Some(0.6));
        assert_eq!(counts.recall_with_maybe(), Some(0.8));
        assert_eq!(counts.f1(), Some(6.0 / 9.0));
        // Observed 17/20; expected (5·4 + 15·16)/400 = 0.65; κ = 0.2/0.35.
        assert!((counts.kappa().unwrap() - 0.2 / 0.35).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_denominator_is_undefined() {
        let unused = Counts { neither: 7, ..Counts::default() };
        assert_eq!(
            [unused.precision(), unused.recall(), unused.recall_with_maybe(), unused.f1(), unused.kappa()],
            [None; 5]
        );
        let always = Counts { both: 7, ..Counts::default() };
        assert_eq!((always.f1(), always.kappa()), (Some(1.0), None));
        let never_found = Counts { gold: 2, neither: 5, ..Counts::default() };
        assert_eq!((never_found.precision(), never_found.f1(), never_found.kappa()), (None, Some(0.0), Some(0.0)));
        assert_eq!(Counts::default().kappa(), None);
    }
}
