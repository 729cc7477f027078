//! A check as JSON. The keys are the fields below; they do not change their names, and
//! new ones go to the end.

use serde::Serialize;

use super::Checked;
use crate::check::{self, Failure, Finding, Study};
use crate::codebook::Codebook;
use crate::diagnostic::{Diagnostic, Lang};
use crate::survey::Survey;
use crate::tabulate::Share;

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Check {
    /// Whether every example passes; then the exit status is 0, else 1.
    pub passed: bool,
    /// What was checked.
    pub codebook: CheckCodebook,
    /// Examples.
    pub examples: CheckTally,
    /// Counter-examples.
    pub counter_examples: CheckTally,
    /// Those that failed, in the order of the codebook.
    pub failures: Vec<CheckFailure>,
    /// Doubts about the rules, in the order of the file.
    pub findings: Vec<CheckFinding>,
    /// Every code, in the order of the codebook.
    pub codes: Vec<CheckCode>,
    /// What the study's answers say; `null` without `--study`.
    pub study: Option<CheckStudy>,
}

/// What was checked.
#[derive(Debug, Serialize)]
pub struct CheckCodebook {
    /// Its file, as it was named.
    pub file: String,
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// How many there were.
#[derive(Debug, Serialize)]
pub struct CheckTally {
    /// All.
    pub total: usize,
    /// Those that failed.
    pub failed: usize,
}

/// A place in a file; a number is `null` where it is not known.
#[derive(Debug, Serialize)]
pub struct CheckPlace {
    /// The file.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
}

/// An example or counter-example that failed.
#[derive(Debug, Serialize)]
pub struct CheckFailure {
    /// `example` or `counter_example`.
    pub kind: &'static str,
    /// Id of the code.
    pub code: String,
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: CheckPlace,
    /// What is wrong, in the language of the report.
    pub message: String,
    /// What to do, in the language of the report.
    pub hint: Option<String>,
    /// The codes that the text gets.
    pub fired: Vec<CheckFired>,
    /// Id of the reserved code that the whole text is.
    pub reserved: Option<String>,
}

/// A code that a text gets.
#[derive(Debug, Serialize)]
pub struct CheckFired {
    /// Id of the code.
    pub code: String,
    /// Id of its stance.
    pub stance: Option<String>,
    /// The words of the text that made it so.
    pub words: Vec<String>,
}

/// A doubt about a rule.
#[derive(Debug, Serialize)]
pub struct CheckFinding {
    /// Name of the lint, as [`check::Lint::id`].
    pub lint: &'static str,
    /// Id of the code, where it is about one.
    pub code: Option<String>,
    /// Where it stands.
    pub place: CheckPlace,
    /// What is wrong, in the language of the report.
    pub message: String,
    /// What to do, in the language of the report.
    pub hint: Option<String>,
}

/// A code with its examples.
#[derive(Debug, Serialize)]
pub struct CheckCode {
    /// Its id.
    pub code: String,
    /// Its axis.
    pub axis: String,
    /// Its name, in the language of the report.
    pub label: String,
    /// Its examples.
    pub examples: CheckTally,
    /// Its counter-examples.
    pub counter_examples: CheckTally,
    /// How many findings are about it.
    pub findings: usize,
}

/// What the answers of a study say.
#[derive(Debug, Serialize)]
pub struct CheckStudy {
    /// Its questions.
    pub questions: Vec<CheckQuestion>,
    /// Codes that always go together.
    pub together: Vec<CheckTogether>,
    /// Words that no rule touches, the most frequent first; at most [`check::UNTOUCHED`].
    pub untouched: Vec<CheckUntouched>,
    /// How many such words there are in all.
    pub untouched_total: usize,
}

/// A question.
#[derive(Debug, Serialize)]
pub struct CheckQuestion {
    /// Its id.
    pub question: String,
    /// Answers with content: the base of its percentages.
    pub answered: u64,
    /// Those of them without any code.
    pub uncoded: u64,
    /// Every code, in the order of the codebook.
    pub codes: Vec<CheckHits>,
}

/// How often a code holds for the answers to a question.
#[derive(Debug, Serialize)]
pub struct CheckHits {
    /// Id of the code.
    pub code: String,
    /// Answers it holds for.
    pub answers: u64,
    /// Percent of those with content, one decimal, half up; `null` if there are none.
    pub percent: Option<f64>,
}

/// Two codes of which one never goes without the other.
#[derive(Debug, Serialize)]
pub struct CheckTogether {
    /// The code that never goes alone.
    pub code: String,
    /// The one that is always with it.
    pub with: String,
    /// Answers that `code` holds for.
    pub answers: u64,
    /// Answers that `with` holds for.
    pub with_answers: u64,
}

/// A word that no rule touches.
#[derive(Debug, Serialize)]
pub struct CheckUntouched {
    /// Base form.
    pub base: String,
    /// Part of speech.
    pub pos: String,
    /// Answers it stands in untouched.
    pub answers: u64,
}

/// The report as JSON, with a line break at its end.
pub fn check_json(checked: &Checked<'_>, lang: Lang) -> String {
    let (codebook, report) = (checked.codebook, checked.report);
    let value = Check {
        passed: report.passed(),
        codebook: CheckCodebook {
            file: checked.file.display().to_string(),
            id: codebook.id.clone(),
            version: codebook.version.clone(),
            sha256: codebook.sha256.clone(),
        },
        examples: tally(report.examples),
        counter_examples: tally(report.counter_examples),
        failures: report.failures.iter().map(|failure| failed(failure, codebook, lang)).collect(),
        findings: report.findings.iter().map(|finding| doubt(finding, codebook, lang)).collect(),
        codes: (0..codebook.codes.len()).map(|code| of_code(checked, code, lang)).collect(),
        study: report.study.as_ref().zip(checked.survey).map(|(study, survey)| said(study, survey, codebook)),
    };
    // Strings and numbers always have a JSON form.
    serde_json::to_string_pretty(&value).map_or_else(|_| String::new(), |json| json + "\n")
}

fn tally(tally: check::Tally) -> CheckTally {
    CheckTally { total: tally.total, failed: tally.failed }
}

fn id(codebook: &Codebook, code: usize) -> String {
    codebook.codes[code].id.clone()
}

fn place(diagnostic: &Diagnostic) -> CheckPlace {
    let file = diagnostic.file.as_ref().map(|file| file.display().to_string());
    CheckPlace { file, line: diagnostic.line, column: diagnostic.column }
}

fn failed(failure: &Failure, codebook: &Codebook, lang: Lang) -> CheckFailure {
    let fired = failure.fired.iter().map(|fired| CheckFired {
        code: id(codebook, fired.code),
        stance: fired.stance.clone(),
        words: fired.words.clone(),
    });
    let diagnostic = &failure.diagnostic;
    CheckFailure {
        kind: if failure.counter { "counter_example" } else { "example" },
        code: id(codebook, failure.code),
        text: failure.text.clone(),
        place: place(diagnostic),
        message: diagnostic.message.get(lang).to_owned(),
        hint: diagnostic.hint.as_ref().map(|hint| hint.get(lang).to_owned()),
        fired: fired.collect(),
        reserved: failure.reserved.map(|reserved| codebook.reserved[reserved].id.clone()),
    }
}

fn doubt(finding: &Finding, codebook: &Codebook, lang: Lang) -> CheckFinding {
    let diagnostic = &finding.diagnostic;
    CheckFinding {
        lint: finding.lint.id(),
        code: finding.code.map(|code| id(codebook, code)),
        place: place(diagnostic),
        message: diagnostic.message.get(lang).to_owned(),
        hint: diagnostic.hint.as_ref().map(|hint| hint.get(lang).to_owned()),
    }
}

fn of_code(checked: &Checked<'_>, index: usize, lang: Lang) -> CheckCode {
    let code = &checked.codebook.codes[index];
    let [examples, counter_examples] = checked.report.of_code(checked.codebook, index);
    CheckCode {
        code: code.id.clone(),
        axis: code.axis.clone(),
        label: code.label.get(lang).to_owned(),
        examples: tally(examples),
        counter_examples: tally(counter_examples),
        findings: checked.report.findings.iter().filter(|finding| finding.code == Some(index)).count(),
    }
}

fn said(study: &Study, survey: &Survey, codebook: &Codebook) -> CheckStudy {
    let hits = |(code, share): (usize, &Share)| CheckHits {
        code: id(codebook, code),
        answers: share.count(),
        percent: share.permille().map(|permille| permille as f64 / 10.0),
    };
    let questions = study.questions.iter().map(|question| CheckQuestion {
        question: survey.questions[question.question].id.clone(),
        answered: question.answered,
        uncoded: question.uncoded,
        codes: question.hits.iter().enumerate().map(hits).collect(),
    });
    let together = study.together.iter().map(|pair| CheckTogether {
        code: id(codebook, pair.code),
        with: id(codebook, pair.with),
        answers: pair.answers,
        with_answers: pair.with_answers,
    });
    let untouched = study.untouched.iter().map(|word| CheckUntouched {
        base: word.base.clone(),
        pos: word.pos.clone(),
        answers: word.answers,
    });
    CheckStudy {
        questions: questions.collect(),
        together: together.collect(),
        untouched: untouched.collect(),
        untouched_total: study.untouched_total,
    }
}
