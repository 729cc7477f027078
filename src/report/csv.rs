//! The CSV files of a run.
//!
//! For people they are UTF-8 with BOM and CRLF, so that Japanese Excel opens them, and
//! a cell that a spreadsheet would run as a formula gets a leading apostrophe.

use std::borrow::Cow;
use std::io::{self, Write};

use rayon::prelude::*;

use super::quoted::Quoted;
use super::records::Records;
use super::review::is_uncoded;
use super::tabulation::{THEMES, bounds};
use super::{Outcome, RULES, group_name};
use crate::codebook::Codebook;
use crate::coding::{Coded, Coding, Conflict};
use crate::diagnostic::Lang;
use crate::span::Span;
use crate::survey::{Answer, Question, Respondent, Survey};
use crate::tabulate::{Item, ThemeTable, item_holds};

/// What a CSV file for people starts with.
pub(crate) const BOM: &[u8] = "\u{feff}".as_bytes();

/// Rows of cells as the bytes of a CSV file.
pub(crate) struct Sheet {
    writer: csv::Writer<Vec<u8>>,
    raw: bool,
}

impl Sheet {
    pub(super) fn new<'c>(raw: bool, header: impl IntoIterator<Item = &'c str>) -> Self {
        let start = if raw { Vec::new() } else { BOM.to_vec() };
        let mut sheet = Self::continued(raw, b',', start);
        sheet.row(header);
        sheet
    }

    /// A sheet whose rows follow `start`; it has no header of its own.
    pub(crate) fn continued(raw: bool, delimiter: u8, start: Vec<u8>) -> Self {
        Self { writer: writer(raw, delimiter, start), raw }
    }

    pub(crate) fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        self.typed(cells.into_iter().map(|cell| (cell, false)));
    }

    /// A row of cells, each with whether it is a number of ours, which no spreadsheet runs.
    pub(super) fn typed<'c>(&mut self, cells: impl IntoIterator<Item = (&'c str, bool)>) {
        let raw = self.raw;
        let cells =
            cells.into_iter().map(|(cell, number)| if raw || number { Cow::Borrowed(cell) } else { harmless(cell) });
        // Writing to memory fails only for rows of unequal length, a mistake in this module.
        for cell in cells {
            assert!(self.writer.write_field(cell.as_bytes()).is_ok(), "memory takes all");
        }
        assert!(self.writer.write_record(None::<&[u8]>).is_ok(), "rows of one sheet have equal length");
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

/// Writes cells as they are, with the line ends of a [`Sheet`].
pub(crate) fn writer<W: Write>(raw: bool, delimiter: u8, out: W) -> csv::Writer<W> {
    let terminator = if raw { csv::Terminator::Any(b'\n') } else { csv::Terminator::CRLF };
    csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(out)
}

/// The cell with an apostrophe before it where a spreadsheet would run it.
pub(crate) fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Start and end (code points) of each span of `answer`, with its words.
pub(crate) fn places<'a>(answer: &'a str, spans: &[Span]) -> Vec<(usize, usize, &'a str)> {
    let (mut byte, mut position) = (0, 0);
    let place = |span: &Span| {
        let start = position + answer[byte..span.start].chars().count();
        let end = start + span.of(answer).chars().count();
        (byte, position) = (span.end, end);
        (start, end, span.of(answer))
    };
    spans.iter().map(place).collect()
}

/// Positions and words of evidence: `;`-joined starts, ends (code points) and what is shown
/// of the texts.
pub(super) fn evidence(answer: &Quoted<'_>, spans: &[Span]) -> [String; 3] {
    let mut columns = [String::new(), String::new(), String::new()];
    for (index, ((start, end, _), span)) in places(answer.answer(), spans).into_iter().zip(spans).enumerate() {
        let separator = if index == 0 { "" } else { ";" };
        columns[0].push_str(&format!("{separator}{start}"));
        columns[1].push_str(&format!("{separator}{end}"));
        if answer.is_shown() {
            columns[2].push_str(separator);
            columns[2].push_str(&answer.words(*span));
        }
    }
    columns
}

/// Answers with text, in order.
pub(super) fn answers<'o>(
    outcome: &'o Outcome<'_>,
) -> impl Iterator<Item = (&'o Respondent, &'o Question, Quoted<'o>, &'o Coded)> {
    let survey = outcome.survey();
    survey.respondents.iter().enumerate().flat_map(move |(place, respondent)| {
        let answers = answers_of(outcome, place);
        answers.map(move |(question, answer, coded)| (respondent, question, answer, coded))
    })
}

/// The columns of codings.csv.
pub(crate) const CODINGS: [&str; 9] =
    ["respondent_id", "question", "code", "stance", "coder", "start", "end", "evidence", "unit"];

/// Respondents whose rows are made at once by one thread, and by all.
const PART: usize = 256;
const PARTS: usize = 64 * PART;

/// Writes a header, then what `rows` makes of each respondent's place; the rows are made on
/// all threads, and few are held at a time.
fn write<'c>(
    outcome: &Outcome<'_>,
    header: impl IntoIterator<Item = &'c str>,
    out: &mut dyn Write,
    rows: impl Fn(usize, &mut Sheet) + Sync,
) -> io::Result<()> {
    out.write_all(&Sheet::new(outcome.raw, header).bytes())?;
    let people = outcome.survey().respondents.len();
    let part = |first: usize| {
        let mut sheet = Sheet::continued(outcome.raw, b',', Vec::new());
        (first..people.min(first + PART)).for_each(|place| rows(place, &mut sheet));
        sheet.bytes()
    };
    for first in (0..people).step_by(PARTS) {
        let firsts: Vec<usize> = (first..people.min(first + PARTS)).step_by(PART).collect();
        let parts: Vec<Vec<u8>> = firsts.into_par_iter().map(part).collect();
        parts.iter().try_for_each(|part| out.write_all(part))?;
    }
    Ok(())
}

/// The answers with text of the respondent at `place`, with their questions and codes.
fn answers_of<'o>(
    outcome: &'o Outcome<'_>,
    place: usize,
) -> impl Iterator<Item = (&'o Question, Quoted<'o>, &'o Coded)> {
    let questions = outcome.survey().questions.iter().enumerate();
    questions
        .filter_map(move |(at, question)| Some((question, outcome.quoted(place, at)?, outcome.coded.get(place, at)?)))
}

pub(super) fn codings(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let respondents = &outcome.survey().respondents;
    write(outcome, CODINGS, out, |place, sheet| {
        for (question, answer, coded) in answers_of(outcome, place) {
            codings_of((&respondents[place].id, &question.id), &answer, coded, outcome.codebook, sheet);
        }
    })
}

/// The rows of one answer, given with its respondent and question, in codings.csv.
pub(crate) fn codings_of(
    (respondent, question): (&str, &str),
    answer: &Quoted<'_>,
    coded: &Coded,
    codebook: &Codebook,
    sheet: &mut Sheet,
) {
    if let Some(reserved) = coded.reserved {
        let [start, end, words] = evidence(answer, &[Span::new(0, answer.answer().len())]);
        let code = codebook.reserved[reserved].id.as_str();
        sheet.row([respondent, question, code, "", RULES, &start, &end, &words, "response"]);
    }
    for Coding { code, stance, evidence: spans } in &coded.codings {
        let [start, end, words] = evidence(answer, spans);
        let code = &codebook.codes[*code];
        let stance = stance.as_ref().map_or("", |stance| &*stance.id);
        sheet.row([respondent, question, &code.id, stance, RULES, &start, &end, &words, code.unit.name()]);
    }
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
pub(super) fn review(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (codebook, respondents) = (outcome.codebook, &outcome.survey().respondents);
    let header = ["respondent_id", "question", "code", "reason", "start", "end", "evidence"];
    write(outcome, header, out, |place, sheet| {
        for (question, answer, coded) in answers_of(outcome, place) {
            let mut row = |code: &str, reason: &str, spans: &[Span]| {
                let [start, end, words] = evidence(&answer, spans);
                sheet.row([respondents[place].id.as_str(), &question.id, code, reason, &start, &end, &words]);
            };
            for (code, spans) in &coded.suggestions {
                row(&codebook.codes[*code].id, "maybe", spans);
            }
            if is_uncoded(coded) && !coded.is_decided {
                row("", "uncoded", &[Span::new(0, answer.answer().len())]);
            }
            for (code, spans) in coded.conflicts.iter().flat_map(|conflict| sides(conflict, coded, codebook)) {
                row(code, "conflict", &spans);
            }
        }
    })
}

/// The codes and nets that have a column in matrix.csv.
pub(crate) fn matrix_items(codebook: &Codebook) -> Vec<Item> {
    crate::tabulate::items(codebook).into_iter().filter(|item| !matches!(item, Item::Reserved(_))).collect()
}

/// What kind of answer matrix.csv says it is.
pub(crate) fn status<'c>(answer: &Answer, coded: Option<&Coded>, codebook: &'c Codebook) -> &'c str {
    match (answer, coded.and_then(|coded| coded.reserved)) {
        (_, Some(reserved)) => &codebook.reserved[reserved].id,
        (Answer::Text(_), None) => "text",
        (Answer::Blank, None) => "blank",
        (Answer::NotAsked, None) => "not_asked",
    }
}

/// The cell of an item in matrix.csv; empty where there is nothing to code.
pub(crate) fn matrix_cell(item: Item, coded: Option<&Coded>, codebook: &Codebook) -> &'static str {
    match coded {
        Some(coded) if item_holds(item, codebook, coded) => "1",
        Some(_) => "0",
        None => "",
    }
}

pub(super) fn matrix(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (survey, codebook) = (outcome.survey(), outcome.codebook);
    let items = matrix_items(codebook);
    let header = ["respondent_id", "question"]
        .into_iter()
        .chain(survey.attributes.iter().map(|attribute| attribute.name.as_str()))
        .chain(["status"])
        .chain(items.iter().map(|item| item.id(codebook)));
    write(outcome, header, out, |place, sheet| {
        let respondent = &survey.respondents[place];
        for ((answer, question), coded) in
            respondent.answers.iter().zip(&survey.questions).zip(outcome.coded.row(place))
        {
            let status = status(answer, coded, codebook);
            let cells = items.iter().map(|item| matrix_cell(*item, coded, codebook));
            let values = respondent.values.iter().map(|value| value.as_deref().unwrap_or(""));
            sheet.row([respondent.id.as_str(), &question.id].into_iter().chain(values).chain([status]).chain(cells));
        }
    })
}

pub(super) fn themes(outcome: &Outcome<'_>) -> Vec<u8> {
    themes_records(outcome.tables, outcome.survey(), outcome.codebook, outcome.lang).csv(outcome.raw)
}

/// The rows of `themes.csv`.
pub(crate) fn themes_records(tables: &[ThemeTable], survey: &Survey, codebook: &Codebook, lang: Lang) -> Records {
    let mut records = Records::new(&THEMES);
    for table in tables {
        let question = &survey.questions[table.question].id;
        for (at, item) in table.items.iter().enumerate() {
            for (column, group) in table.groups.iter().enumerate() {
                let share = table.share(at, column);
                let [low, high] = bounds(share, None);
                let named = [
                    question,
                    item.axis(codebook),
                    item.id(codebook),
                    item.label(codebook).get(lang),
                    item.level(),
                    &group.by,
                    &group_name(group, lang),
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
    use crate::diagnostic::Lang;
    use crate::study::Show;

    #[test]
    fn evidence_counts_code_points() {
        let answer = "😀補助金と研修";
        let spans = [Span::new(4, 13), Span::new(16, 22)];
        assert_eq!(
            evidence(&Quoted::new(answer, &[], Show::Full, Lang::Ja), &spans),
            ["1;5".to_owned(), "4;7".to_owned(), "補助金;研修".to_owned()]
        );
    }

    #[test]
    fn formulas_are_neutralized() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("補助金"), "補助金");
    }
}
