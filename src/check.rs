//! Checks a codebook against itself and, if there is one, against a study.
//!
//! Three things, none of them silent:
//!
//! * every example and counter-example goes through the pipeline that codes answers
//!   ([`Failure`]); one that fails makes the check fail;
//! * rules are read for what cannot be meant ([`Finding`], one [`Lint`] each): words
//!   that the dictionary cuts apart, alternatives that another covers, regular
//!   expressions for characters that folding takes away …;
//! * the answers of a study say which codes hold how often, together, never, and which
//!   words no rule touches ([`Study`]).
//!
//! # When an example of a code passes
//!
//! A code of an axis that qualifies no other (a theme) must hold for the whole text of
//! an example, read as an answer, and must not hold for a counter-example.
//!
//! A code of a qualifying axis (a stance) is not found by itself: it is what an answer
//! says of its themes. So one of the themes of the example must take this stance, and
//! no theme of a counter-example may. A text without any theme is judged as if all of
//! it were about one: it takes the first code in the axis's order that holds in one of
//! its units. The question's default is left out: an example must show its stance.
//!
//! Examples are read without a respondent; conditions on attributes do not hold.

mod answers;
mod cover;
mod examples;
mod fold;
mod inflection;
mod lint;
mod missing;
mod probe;
mod twins;
mod unit;
mod walk;
mod witness;
mod words;

use crate::codebook::Codebook;
use crate::coding::Machine;
use crate::diagnostic::{Diagnostic, Result, Severity, Text};
use crate::rule::plan::AttributeNames;
use crate::survey::Survey;
use crate::tabulate::Share;

pub use lint::Lint;

/// What a check found.
#[derive(Debug)]
pub struct Report {
    /// Examples looked at, and how many failed.
    pub examples: Tally,
    /// Counter-examples looked at, and how many failed.
    pub counter_examples: Tally,
    /// The ones that failed, in the order of the codebook.
    pub failures: Vec<Failure>,
    /// What is doubtful about the rules, in the order of the file.
    pub findings: Vec<Finding>,
    /// What the study's answers say; `None` without a study.
    pub study: Option<Study>,
}

impl Report {
    /// Whether all examples pass. Findings do not count.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// Examples and counter-examples of one code.
    pub fn of_code(&self, codebook: &Codebook, code: usize) -> [Tally; 2] {
        let own = &codebook.codes[code];
        let tally = |counter: bool, total: usize| Tally {
            total: if own.has_rule() { total } else { 0 },
            failed: self.failures.iter().filter(|failure| failure.code == code && failure.counter == counter).count(),
        };
        [tally(false, own.examples.len()), tally(true, own.counter_examples.len())]
    }
}

/// How many there were, and how many of them failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub total: usize,
    /// Those that failed.
    pub failed: usize,
}

/// An example that does not get its code, or a counter-example that does.
#[derive(Debug)]
pub struct Failure {
    /// Index of the code.
    pub code: usize,
    /// Whether it is a counter-example.
    pub counter: bool,
    /// The example.
    pub text: String,
    /// The codes that the example gets, with the words that made them so.
    pub fired: Vec<Fired>,
    /// Index of the reserved code that the whole example is.
    pub reserved: Option<usize>,
    /// Where it stands in the file, and what is wrong.
    pub diagnostic: Diagnostic,
}

/// A code that holds for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// Index of the code.
    pub code: usize,
    /// Id of its stance, if its axis has one and the example shows one.
    pub stance: Option<String>,
    /// The example's own words that made it so, in order.
    pub words: Vec<String>,
}

/// Something doubtful about the codebook.
#[derive(Debug)]
pub struct Finding {
    /// Which lint.
    pub lint: Lint,
    /// Index of the code it is about, if it is about one.
    pub code: Option<usize>,
    /// Where it stands in the file, what is wrong and what to do.
    pub diagnostic: Diagnostic,
}

impl Finding {
    fn new(lint: Lint, code: Option<usize>, mut diagnostic: Box<Diagnostic>, hint: Text) -> Self {
        diagnostic.severity = Severity::Warning;
        Self { lint, code, diagnostic: *diagnostic.hint(hint) }
    }
}

/// What the answers of a study say of a codebook.
#[derive(Debug)]
pub struct Study {
    /// A table for each question, in the study's order.
    pub questions: Vec<QuestionHits>,
    /// Codes that always go together.
    pub together: Vec<Together>,
    /// Words that no rule touches, the most frequent first; at most [`UNTOUCHED`].
    pub untouched: Vec<Untouched>,
    /// How many different such words there are in all.
    pub untouched_total: usize,
}

/// Most words shown of those that no rule touches.
pub const UNTOUCHED: usize = 40;

/// How often each code holds for the answers to one question.
#[derive(Debug)]
pub struct QuestionHits {
    /// Index of the question.
    pub question: usize,
    /// Answers with content (no blank, no reserved code).
    pub answered: u64,
    /// Answers without any code, of those with content.
    pub uncoded: u64,
    /// For each code of the codebook: answers that it holds for, of those with content.
    /// A code of a qualifying axis counts where one of the answer's themes takes it.
    pub hits: Vec<Share>,
}

/// Two codes of one axis of which one never goes without the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Together {
    /// Index of the code that never goes alone.
    pub code: usize,
    /// Index of the code that is always with it.
    pub with: usize,
    /// Answers (to any question) that `code` holds for: all of them have `with`.
    pub answers: u64,
    /// Answers that `with` holds for; as many as `answers` if the two are always the same.
    pub with_answers: u64,
}

/// A word of the answers that no rule touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untouched {
    /// Base form.
    pub base: String,
    /// Part of speech, outermost first, joined by `-`.
    pub pos: String,
    /// Answers it stands in untouched.
    pub answers: u64,
}

/// Checks the codebook of `machine`; `study` holds the answers and the attributes that
/// the machine was made with.
///
/// # Errors
/// If the analyzer fails.
pub fn check(machine: &Machine, study: Option<(&Survey, &[AttributeNames])>) -> Result<Report> {
    let probe = probe::Probe::new(machine, study.map(|(_, attributes)| attributes));
    let (tallies, failures, mut findings) = examples::judge(&probe)?;
    let answers = match study {
        Some((survey, _)) => Some(answers::Answers::new(&probe, survey)?),
        None => None,
    };
    findings.extend(missing::findings(&probe));
    findings.extend(twins::findings(&probe));
    findings.extend(cover::findings(&probe));
    findings.extend(fold::findings(&probe));
    findings.extend(unit::findings(&probe, answers.as_ref()));
    findings.extend(words::findings(&probe, answers.as_ref())?);
    findings.extend(witness::findings(&probe)?);
    if let Some(answers) = &answers {
        findings.extend(answers.findings(&probe));
    }
    findings.sort_by_key(|finding| (finding.diagnostic.line, finding.diagnostic.column, finding.lint));
    let study = match &answers {
        Some(answers) => Some(answers.report(&probe)?),
        None => None,
    };
    let [examples, counter_examples] = tallies;
    Ok(Report { examples, counter_examples, failures, findings, study })
}
