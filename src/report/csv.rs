//! The CSV files of a run.
//!
//! For people they are UTF-8 with BOM and CRLF, so that Japanese Excel opens them, and
//! a cell that a spreadsheet would run as a formula gets a leading apostrophe.

use std::borrow::Cow;

use super::records::Records;
use super::review::is_uncoded;
use super::tabulation::{THEMES, bounds};
use super::{Outcome, RULES, group_name, label};
use crate::codebook::Codebook;
use crate::coding::{Coded, Coding, Conflict};
use crate::span::Span;
use crate::survey::{Answer, Question, Respondent};
use crate::tabulate::{Item, item_holds};

/// Rows of cells as the bytes of a CSV file.
pub(super) struct Sheet {
    writer: csv::Writer<Vec<u8>>,
    raw: bool,
}

impl Sheet {
    pub(super) fn new<'c>(raw: bool, header: impl IntoIterator<Item = &'c str>) -> Self {
        let terminator = if raw { csv::Terminator::Any(b'\n') } else { csv::Terminator::CRLF };
        let start = if raw { Vec::new() } else { "\u{feff}".as_bytes().to_vec() };
        let writer = csv::WriterBuilder::new().terminator(terminator).from_writer(start);
        let mut sheet = Self { writer, raw };
        sheet.row(header);
        sheet
    }

    fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        self.typed(cells.into_iter().map(|cell| (cell, false)));
    }

    /// A row of cells, each with whether it is a number of ours, which no spreadsheet runs.
    pub(super) fn typed<'c>(&mut self, cells: impl IntoIterator<Item = (&'c str, bool)>) {
        let raw = self.raw;
        let cells =
            cells.into_iter().map(|(cell, number)| if raw || number { Cow::Borrowed(cell) } else { harmless(cell) });
        // Writing to memory fails only for rows of unequal length, a mistake in this module.
        let written = self.writer.write_record(cells.map(Cow::into_owned).collect::<Vec<_>>());
        assert!(written.is_ok(), "rows of one sheet have equal length");
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

/// The cell with an apostrophe before it where a spreadsheet would run it.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Positions and words of evidence: `;`-joined starts, ends (code points) and texts.
fn evidence(answer: &str, spans: &[Span]) -> [String; 3] {
    let mut columns = [String::new(), String::new(), String::new()];
    let (mut byte, mut position) = (0, 0);
    for (index, span) in spans.iter().enumerate() {
        let start = position + answer[byte..span.start].chars().count();
        let end = start + span.of(answer).chars().count();
        (byte, position) = (span.end, end);
        let separator = if index == 0 { "" } else { ";" };
        columns[0].push_str(&format!("{separator}{start}"));
        columns[1].push_str(&format!("{separator}{end}"));
        columns[2].push_str(separator);
        columns[2].push_str(span.of(answer));
    }
    columns
}

/// Answers with text, in order.
pub(super) fn answers<'o>(
    outcome: &'o Outcome<'_>,
) -> impl Iterator<Item = (&'o Respondent, &'o Question, &'o str, &'o Coded)> {
    let survey = outcome.survey();
    survey.respondents.iter().zip(outcome.coded).flat_map(move |(respondent, coded)| {
        respondent.answers.iter().zip(&survey.questions).zip(coded).filter_map(move |((answer, question), coded)| {
            Some((respondent, question, answer.text()?, coded.as_ref()?))
        })
    })
}

pub(super) fn codings(outcome: &Outcome<'_>) -> Vec<u8> {
    let header = ["respondent_id", "question", "code", "stance", "coder", "start", "end", "evidence", "unit"];
    let mut sheet = Sheet::new(outcome.raw, header);
    for (respondent, question, answer, coded) in answers(outcome) {
        if let Some(reserved) = coded.reserved {
            let [start, end, words] = evidence(answer, &[Span::new(0, answer.len())]);
            let code = outcome.codebook.reserved[reserved].id.as_str();
            sheet.row([&respondent.id, &question.id, code, "", RULES, &start, &end, &words, "response"]);
        }
        for Coding { code, stance, evidence: spans } in &coded.codings {
            let [start, end, words] = evidence(answer, spans);
            let code = &outcome.codebook.codes[*code];
            let stance = stance.as_ref().map_or("", |stance| stance.id.as_str());
            sheet.row([&respondent.id, &question.id, &code.id, stance, RULES, &start, &end, &words, code.unit.name()]);
        }
    }
    sheet.bytes()
}

/// What contradicts itself, with its words: both codes; or the theme with two stances; or
/// the reserved code that a sentence alone would be.
fn sides<'b>(conflict: &Conflict, coded: &Coded, codebook: &'b Codebook) -> Vec<(&'b str, Vec<Span>)> {
    let id = |code: usize| codebook.codes[code].id.as_str();
    match conflict {
        Conflict::Codes(codes) => {
            let own = coded.codings.iter().filter(|coding| codes.contains(&coding.code));
            own.map(|coding| (id(coding.code), coding.evidence.clone())).collect()
        }
        Conflict::Stances { code, evidence, .. } => vec![(id(*code), evidence.clone())],
        Conflict::Reserved { reserved, sentence, .. } => {
            vec![(codebook.reserved[*reserved].id.as_str(), vec![*sentence])]
        }
    }
}

/// Suggestions of `maybe`, answers with content that no code fits, and contradictions.
pub(super) fn review(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut sheet =
        Sheet::new(outcome.raw, ["respondent_id", "question", "code", "reason", "start", "end", "evidence"]);
    for (respondent, question, answer, coded) in answers(outcome) {
        for (code, spans) in &coded.suggestions {
            let [start, end, words] = evidence(answer, spans);
            let code = outcome.codebook.codes[*code].id.as_str();
            sheet.row([&respondent.id, &question.id, code, "maybe", &start, &end, &words]);
        }
        if is_uncoded(coded) {
            let [start, end, words] = evidence(answer, &[Span::new(0, answer.len())]);
            sheet.row([&respondent.id, &question.id, "", "uncoded", &start, &end, &words]);
        }
        for (code, spans) in coded.conflicts.iter().flat_map(|conflict| sides(conflict, coded, outcome.codebook)) {
            let [start, end, words] = evidence(answer, &spans);
            sheet.row([&respondent.id, &question.id, code, "conflict", &start, &end, &words]);
        }
    }
    sheet.bytes()
}

pub(super) fn matrix(outcome: &Outcome<'_>) -> Vec<u8> {
    let survey = outcome.survey();
    let items: Vec<Item> = crate::tabulate::items(outcome.codebook)
        .into_iter()
        .filter(|item| !matches!(item, Item::Reserved(_)))
        .collect();
    let header = ["respondent_id", "question"]
        .into_iter()
        .chain(survey.attributes.iter().map(|attribute| attribute.name.as_str()))
        .chain(["status"])
        .chain(items.iter().map(|item| item.id(outcome.codebook)));
    let mut sheet = Sheet::new(outcome.raw, header);
    for (respondent, coded) in survey.respondents.iter().zip(outcome.coded) {
        for ((answer, question), coded) in respondent.answers.iter().zip(&survey.questions).zip(coded) {
            let status = match (answer, coded.as_ref().and_then(|coded| coded.reserved)) {
                (_, Some(reserved)) => outcome.codebook.reserved[reserved].id.as_str(),
                (Answer::Text(_), None) => "text",
                (Answer::Blank, None) => "blank",
                (Answer::NotAsked, None) => "not_asked",
            };
            let cells = items.iter().map(|item| match coded {
                Some(coded) if item_holds(*item, outcome.codebook, coded) => "1",
                Some(_) => "0",
                None => "",
            });
            let values = respondent.values.iter().map(|value| value.as_deref().unwrap_or(""));
            sheet.row([respondent.id.as_str(), &question.id].into_iter().chain(values).chain([status]).chain(cells));
        }
    }
    sheet.bytes()
}

pub(super) fn themes(outcome: &Outcome<'_>) -> Vec<u8> {
    themes_records(outcome).csv(outcome.raw)
}

/// The rows of `themes.csv`.
pub(super) fn themes_records(outcome: &Outcome<'_>) -> Records {
    let mut records = Records::new(&THEMES);
    for table in outcome.tables {
        let question = &outcome.survey().questions[table.question].id;
        for (at, item) in table.items.iter().enumerate() {
            for (column, group) in table.groups.iter().enumerate() {
                let share = table.share(at, column);
                let [low, high] = bounds(share, None);
                let named = [
                    question,
                    item.axis(outcome.codebook),
                    item.id(outcome.codebook),
                    label(item.label(outcome.codebook), outcome),
                    item.level(),
                    &group.by,
                    &group_name(group, outcome.lang),
                ];
                let numbers = [share.count().to_string(), share.base().to_string(), share.percent(), low, high];
                records.rows.push(named.into_iter().map(str::to_owned).chain(numbers).collect());
            }
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_counts_code_points() {
        let answer = "😀補助金と研修";
        let spans = [Span::new(4, 13), Span::new(16, 22)];
        assert_eq!(evidence(answer, &spans), ["1;5".to_owned(), "4;7".to_owned(), "補助金;研修".to_owned()]);
    }

    #[test]
    fn formulas_are_neutralized() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("補助金"), "補助金");
    }
}
