//! What a changed codebook changes in the codings of a study.

use std::collections::BTreeMap;

use crate::codebook::Codebook;
use crate::coding::{Coded, Coding, Stance};
use crate::span::Span;
use crate::survey::{PerAnswer, Survey};

/// A codebook with what it makes of a survey.
#[derive(Clone, Copy)]
pub struct CodedBy<'c> {
    /// The codebook.
    pub codebook: &'c Codebook,
    /// Its codings, as [`crate::coding::Machine::code_all`] gives them.
    pub coded: &'c PerAnswer<Coded>,
}

/// The answers that two codebooks code differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Answers with a code or stance that differs, in the survey's order.
    pub answers: Vec<AnswerChange>,
    /// Answers with text.
    pub compared: usize,
    /// Answers whose codes and stances are the same, but found by other words.
    pub evidence_only: usize,
}

/// An answer that is coded differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerChange {
    /// Index of the respondent.
    pub respondent: usize,
    /// Index of the question.
    pub question: usize,
    /// What differs: codes in the order of the new codebook, then those it lacks.
    pub codes: Vec<CodeChange>,
}

/// A code that an answer has in one of the two, or with another stance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChange {
    /// Its identifier; the new one, if it was renamed.
    pub code: String,
    /// As the old codebook has it.
    pub before: Option<Given>,
    /// As the new one has it.
    pub after: Option<Given>,
}

/// A code as an answer has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The stance, if the code has one; the new identifier, if it was renamed.
    pub stance: Option<Stance>,
    /// The words that made it so: bytes of the answer.
    pub evidence: Vec<Span>,
}

impl Comparison {
    /// Compares two codings of `survey`. `renamed` leads from new identifiers to old
    /// ones ([`crate::codebook::diff::renamed`]); a code that was only renamed is no
    /// difference.
    pub fn of(survey: &Survey, old: CodedBy<'_>, new: CodedBy<'_>, renamed: &BTreeMap<String, String>) -> Self {
        let now: BTreeMap<&str, &str> = renamed.iter().map(|(new, old)| (old.as_str(), new.as_str())).collect();
        let mut comparison = Self::default();
        for respondent in 0..survey.respondents.len() {
            for question in 0..survey.questions.len() {
                let (before, after) = (old.coded.get(respondent, question), new.coded.get(respondent, question));
                let (Some(before), Some(after)) = (before, after) else { continue };
                comparison.compared += 1;
                let (before, after) = (given(before, old.codebook, &now), given(after, new.codebook, &BTreeMap::new()));
                if before == after {
                    continue;
                }
                let codes = changes(before, after);
                if codes.is_empty() {
                    comparison.evidence_only += 1;
                } else {
                    comparison.answers.push(AnswerChange { respondent, question, codes });
                }
            }
        }
        comparison
    }

    /// How many codes are given, taken away, and kept with another stance.
    pub fn counts(&self) -> [usize; 3] {
        let count = |test: fn(&CodeChange) -> bool| {
            self.answers.iter().flat_map(|answer| &answer.codes).filter(|change| test(change)).count()
        };
        [
            count(|change| change.before.is_none()),
            count(|change| change.after.is_none()),
            count(|change| change.before.is_some() && change.after.is_some()),
        ]
    }
}

/// The codes of an answer with their names in the new codebook.
fn given(coded: &Coded, codebook: &Codebook, now: &BTreeMap<&str, &str>) -> Vec<(String, Given)> {
    let name = |id: &str| now.get(id).copied().unwrap_or(id).to_owned();
    let one = |coding: &Coding| {
        let stance = coding.stance.as_ref();
        let stance = stance.map(|stance| Stance { id: name(&stance.id).into(), evidence: stance.evidence.clone() });
        (name(&codebook.codes[coding.code].id), Given { stance, evidence: coding.evidence.clone() })
    };
    coded.codings.iter().map(one).collect()
}

fn changes(before: Vec<(String, Given)>, after: Vec<(String, Given)>) -> Vec<CodeChange> {
    let mut before: BTreeMap<String, Given> = before.into_iter().collect();
    let stance = |given: &Given| given.stance.as_ref().map(|stance| stance.id.to_string());
    let mut changes: Vec<CodeChange> = Vec::new();
    for (code, now) in after {
        let then = before.remove(&code);
        if then.as_ref().is_none_or(|then| stance(then) != stance(&now)) {
            changes.push(CodeChange { code, before: then, after: Some(now) });
        }
    }
    changes.extend(before.into_iter().map(|(code, then)| CodeChange { code, before: Some(then), after: None }));
    changes
}
