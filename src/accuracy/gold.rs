//! Codings that people agreed on, a row an answer × code.

use std::collections::BTreeMap;
use std::path::Path;

use crate::codebook::Codebook;
use crate::diagnostic::{Diagnostic, Result, Severity, Text, suggest};
use crate::read::{Options, Row, table};
use crate::survey::Survey;
use crate::text;

/// A code that an answer can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// The code at this index of the codebook.
    Code(usize),
    /// The reserved code at this index.
    Reserved(usize),
}

impl Label {
    /// Its identifier.
    pub fn id(self, codebook: &Codebook) -> &str {
        match self {
            Self::Code(at) => &codebook.codes[at].id,
            Self::Reserved(at) => &codebook.reserved[at].id,
        }
    }
}

/// A code of an answer in the gold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoldCode {
    /// The code.
    pub label: Label,
    /// How it is meant, if the gold says so.
    pub stance: Option<String>,
}

/// Codings of answers, by index of respondent and question.
#[derive(Clone, Debug, Default)]
pub struct Gold {
    answers: BTreeMap<(usize, usize), Vec<GoldCode>>,
}

impl Gold {
    /// Reads `respondent_id,question,code,stance[,coder]` (CSV, TSV or XLSX) about answers
    /// of `survey`. A blank code says that the answer was coded and got none. `coder`
    /// chooses the rows of one coder.
    ///
    /// # Errors
    /// At the first row that cannot be used, with its line: an unknown respondent, question,
    /// code or stance, an answer without text, something said twice, several coders.
    pub fn read(path: &Path, survey: &Survey, codebook: &Codebook, coder: Option<&str>) -> Result<Self> {
        let table = table(path, &Options::default())?;
        if let Some(skipped) = table.notes.iter().find(|note| note.severity == Severity::Skipped) {
            let mut error = Box::new(skipped.clone());
            error.severity = Severity::Error;
            return Err(error);
        }
        let columns = ["respondent_id", "question", "code", "stance"].map(|name| table.column(name));
        let [respondent, question, code, stance] = columns;
        let columns = [respondent?, question?, code?, stance?];
        let coders = table.column("coder").ok();
        let mut reader = Reader { survey, codebook, gold: Self::default() };
        let mut first_coder: Option<&str> = None;
        for row in &table.rows {
            let located = |error: Box<Diagnostic>| error.file(path).line(row.line);
            if let Some(own) = coders.map(|at| row.cells[at].trim()) {
                match coder {
                    Some(chosen) if chosen != own => continue,
                    None if first_coder.is_some_and(|first| first != own) => return Err(located(several_coders())),
                    _ => first_coder = Some(own),
                }
            }
            reader.row(row, columns).map_err(located)?;
        }
        if reader.gold.answers.is_empty() {
            return Err(no_rows(coder).file(path));
        }
        Ok(reader.gold)
    }

    /// The codes of an answer; `None` if the gold does not mention it.
    pub fn answer(&self, respondent: usize, question: usize) -> Option<&[GoldCode]> {
        self.answers.get(&(respondent, question)).map(Vec::as_slice)
    }
}

fn several_coders() -> Box<Diagnostic> {
    Diagnostic::error(text!("複数のコーダーの行が混ざっています。", "There are rows of several coders."))
        .hint(text!("--coder で1人を選んでください。", "Choose one with --coder."))
}

fn no_rows(coder: Option<&str>) -> Box<Diagnostic> {
    match coder {
        Some(coder) => Diagnostic::error(text!(
            "コーダー「{coder}」の行がありません。",
            "There is no row of the coder \"{coder}\"."
        ))
        .hint(text!("coder の列を確かめてください。", "Check the column \"coder\".")),
        None => Diagnostic::error(text!("コーディングが1行もありません。", "There is no coding in the file."))
            .hint(text!("1行に1つ、回答とコードを書いてください。", "Write an answer and a code in each row.")),
    }
}

struct Reader<'s> {
    survey: &'s Survey,
    codebook: &'s Codebook,
    gold: Gold,
}

impl Reader<'_> {
    fn row(&mut self, row: &Row, columns: [usize; 4]) -> Result<()> {
        let [respondent, question, code, stance] = columns.map(|at| row.cells[at].trim());
        let respondents: Vec<&str> = self.survey.respondents.iter().map(|respondent| respondent.id.as_str()).collect();
        let questions: Vec<&str> = self.survey.questions.iter().map(|question| question.id.as_str()).collect();
        let at = (
            known(respondent, &respondents, &text!("回答者", "respondent"))?,
            known(question, &questions, &text!("設問", "question"))?,
        );
        if self.survey.respondents[at.0].answers[at.1].text().is_none() {
            return Err(Diagnostic::error(text!(
                "回答者「{respondent}」は設問 {question} に答えていません。",
                "Respondent \"{respondent}\" gave no answer to question \"{question}\"."
            ))
            .hint(text!("この行を消してください。", "Delete the row.")));
        }
        let code = if code.is_empty() { None } else { Some(self.code(code, stance)?) };
        let told = self.gold.answers.get(&at);
        if told.is_some_and(|codes| codes.is_empty() || code.is_none()) {
            return Err(Diagnostic::error(text!(
                "コードが空の行があるのに、同じ回答の行がほかにもあります。",
                "The answer has a row without a code, and other rows."
            ))
            .hint(text!(
                "コードなしなら空の行を1つだけ、コードがあれば空の行を消してください。",
                "Keep a single row without a code, or delete it."
            )));
        }
        let codes = self.gold.answers.entry(at).or_default();
        if let Some(code) = code {
            if codes.iter().any(|known| known.label == code.label) {
                return Err(Diagnostic::error(text!(
                    "同じ回答に同じコードが2回付いています。",
                    "The answer has this code twice."
                ))
                .hint(text!("片方の行を消してください。", "Delete one of the rows.")));
            }
            codes.push(code);
        }
        Ok(())
    }

    fn code(&self, id: &str, stance: &str) -> Result<GoldCode> {
        let codebook = self.codebook;
        if let Some(reserved) = codebook.reserved.iter().position(|reserved| reserved.id == id) {
            if stance.is_empty() {
                return Ok(GoldCode { label: Label::Reserved(reserved), stance: None });
            }
            return Err(Diagnostic::error(text!(
                "予約コード {id} に立場は付きません。",
                "The reserved code {id} has no stance."
            ))
            .hint(text!("stance を空にしてください。", "Leave the stance blank.")));
        }
        let retired = |code: &&crate::codebook::Code| code.replaces.iter().any(|old| old == id);
        let current = codebook.codes.iter().find(retired).map_or(id, |code| code.id.as_str());
        let codes: Vec<(usize, &str)> = codebook.standalone().map(|(at, code)| (at, code.id.as_str())).collect();
        let ids: Vec<&str> = codes.iter().map(|(_, id)| *id).collect();
        let names: Vec<&str> =
            ids.iter().copied().chain(codebook.reserved.iter().map(|reserved| reserved.id.as_str())).collect();
        let at = known(current, &names, &text!("コード", "code"))?;
        let code = codes[at].0;
        if stance.is_empty() {
            return Ok(GoldCode { label: Label::Code(code), stance: None });
        }
        let axis = codebook.qualifier_of(&codebook.codes[code].axis);
        let order: Vec<&str> = axis.iter().flat_map(|axis| &axis.order).map(String::as_str).collect();
        known(stance, &order, &text!("立場", "stance"))?;
        Ok(GoldCode { label: Label::Code(code), stance: Some(stance.to_owned()) })
    }
}

/// The index of `name` among `names`.
fn known(name: &str, names: &[&str], kind: &Text) -> Result<usize> {
    names.iter().position(|known| *known == name).ok_or_else(|| {
        let Text { ja, en } = kind;
        let mut error = Diagnostic::error(text!("{ja}「{name}」はありません。", "There is no {en} \"{name}\"."));
        error.hint = suggest(name, names);
        error
    })
}
