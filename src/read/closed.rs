//! Answers that are chosen: columns that hold an option, or 0/1.

use std::path::Path;

use super::columns::{Named, Names, Told};
use super::{Row, note};
use crate::diagnostic::{Diagnostic, Result, Severity, suggest};
use crate::study::{ClosedColumns, ClosedQuestion};
use crate::survey::People;
use crate::text;

/// Spellings of "no" and "yes", one after the other, as spreadsheets and survey tools
/// write them.
const MARKS: [&str; 8] = ["0", "1", "×", "○", "FALSE", "TRUE", "✗", "◯"];

/// What a cell of a 0/1 column says: `Some(None)` where it is blank, `None` where it is
/// neither.
pub fn mark(cell: &str) -> Option<Option<bool>> {
    match cell.trim() {
        "" => Some(None),
        "0" => Some(Some(false)),
        "1" => Some(Some(true)),
        other => {
            let key = crate::diagnostic::fold_key(other);
            let place = MARKS.iter().position(|mark| crate::diagnostic::fold_key(mark) == key)?;
            Some(Some(place % 2 == 1))
        }
    }
}

/// The answers to a closed question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedAnswers {
    /// Who chose each option, in their order.
    pub options: Vec<People>,
    /// Who was asked.
    pub asked: People,
    /// Who chose anything, or in a question with several answers left a 0 at least.
    pub answered: People,
}

/// What one row says of one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    Blank,
    /// The option at this place; in a 0/1 column 1 or 0.
    Option(u16),
    NotAsked,
    /// Something that is no option.
    Unknown,
    /// The rows of the respondent contradict each other.
    Conflict,
}

impl Chosen {
    /// What two rows together say. It does not matter which comes first.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Blank, value) | (value, Self::Blank) => value,
            (one, two) if one == two => one,
            _ => Self::Conflict,
        }
    }
}

/// Reads the columns of the closed questions.
pub(super) struct ClosedReader<'s> {
    questions: &'s [ClosedQuestion],
    columns: Vec<Column>,
    unknown: Told,
    /// Options are left open beside zeros in the same column.
    mixed: Told,
}

struct Column {
    question: usize,
    /// Zero-based in the table, one-based in the file.
    at: usize,
    place: usize,
    names: Names,
    /// Names from here on mean "not asked".
    options: usize,
    is_multiple: bool,
}

impl<'s> ClosedReader<'s> {
    /// `places` are the columns of the questions, one after the other; the table starts in
    /// one-based column `first` of the file.
    pub(super) fn new(questions: &'s [ClosedQuestion], places: &[usize], first: usize) -> Self {
        let mut columns = Vec::new();
        for (index, question) in questions.iter().enumerate() {
            let (count, is_multiple) = match &question.columns {
                ClosedColumns::Single(_) => (1, false),
                ClosedColumns::Multiple(columns) => (columns.len(), true),
            };
            for _ in 0..count {
                let mut names: Vec<String> =
                    if is_multiple { MARKS.map(str::to_owned).to_vec() } else { question.options.clone() };
                let options = names.len();
                names.extend(question.not_asked.iter().cloned());
                let at = places[columns.len()];
                columns.push(Column {
                    question: index,
                    at,
                    place: first + at,
                    names: Names::new(names),
                    options,
                    is_multiple,
                });
            }
        }
        Self {
            questions,
            columns,
            unknown: Told::new(Severity::Warning, text!("選択肢にない値", "Values that are no option")),
            mixed: Told::new(Severity::Note, text!("空の選択肢", "Options left open")),
        }
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Takes what `row` says into `chosen`, one entry a column.
    pub(super) fn take(&mut self, row: &Row, chosen: &mut [Chosen]) {
        for (column, chosen) in self.columns.iter_mut().zip(chosen) {
            let cell = &row.cells[column.at];
            let found = match column.names.find(cell, row.line, column.place) {
                Named::Blank => Chosen::Blank,
                Named::Known(at) if at >= column.options => Chosen::NotAsked,
                Named::Known(at) => Chosen::Option(if column.is_multiple { (at % 2) as u16 } else { at as u16 }),
                Named::Unknown => Chosen::Unknown,
            };
            let before = *chosen;
            *chosen = before.and(found);
            if *chosen != before && matches!(*chosen, Chosen::Unknown | Chosen::Conflict) {
                let question = &self.questions[column.question];
                self.unknown
                    .tell(|| unknown(question, column.is_multiple, cell.trim()).line(row.line).column(column.place));
            }
        }
    }

    /// The answers of the questions, from one list of choices a respondent; what is to be
    /// said goes to `notes`.
    pub(super) fn finish(
        mut self,
        people: &[&[Chosen]],
        file: &Path,
        notes: &mut Vec<Diagnostic>,
    ) -> Vec<ClosedAnswers> {
        let mut answers = Vec::new();
        let mut first = 0;
        for question in self.questions {
            let columns = match &question.columns {
                ClosedColumns::Single(_) => 1,
                ClosedColumns::Multiple(columns) => columns.len(),
            };
            let own: Vec<&[Chosen]> = people.iter().map(|chosen| &chosen[first..first + columns]).collect();
            first += columns;
            answers.push(if question.is_multiple() {
                several(question, &own, &mut self.mixed)
            } else {
                one(question, &own)
            });
        }
        self.unknown.flush(file, notes);
        for column in self.columns.into_iter().filter(|column| !column.is_multiple) {
            column.names.respelled.flush(file, notes);
        }
        self.mixed.flush(file, notes);
        answers
    }
}

fn one(question: &ClosedQuestion, people: &[&[Chosen]]) -> ClosedAnswers {
    let none = || People::none(people.len());
    let mut answers =
        ClosedAnswers { options: question.options.iter().map(|_| none()).collect(), asked: none(), answered: none() };
    for (at, chosen) in people.iter().enumerate() {
        if chosen[0] != Chosen::NotAsked {
            answers.asked.insert(at);
        }
        if let Chosen::Option(option) = chosen[0] {
            answers.options[usize::from(option)].insert(at);
            answers.answered.insert(at);
        }
    }
    answers
}

fn several(question: &ClosedQuestion, people: &[&[Chosen]], mixed: &mut Told) -> ClosedAnswers {
    let none = || People::none(people.len());
    let mut answers =
        ClosedAnswers { options: question.options.iter().map(|_| none()).collect(), asked: none(), answered: none() };
    let (mut zeros, mut open) = (false, 0);
    for (at, chosen) in people.iter().enumerate() {
        let answered = chosen.iter().any(|chosen| matches!(chosen, Chosen::Option(_)));
        if answered || !chosen.contains(&Chosen::NotAsked) {
            answers.asked.insert(at);
        }
        if !answered {
            continue;
        }
        answers.answered.insert(at);
        zeros |= chosen.contains(&Chosen::Option(0));
        open += usize::from(chosen.contains(&Chosen::Blank));
        for (option, _) in chosen.iter().enumerate().filter(|(_, chosen)| **chosen == Chosen::Option(1)) {
            answers.options[option].insert(at);
        }
    }
    if zeros && open > 0 {
        let id = &question.id;
        mixed.tell(|| {
            note(
                Severity::Note,
                text!(
                    "{id}で、一部の選択肢だけが空の回答者が {open} 人います。空は「選んでいない」として数えます。",
                    "Respondents who left some options of \"{id}\" open: {open}. An open one counts as not chosen."
                ),
            )
        });
    }
    answers
}

fn unknown(question: &ClosedQuestion, is_multiple: bool, cell: &str) -> Box<Diagnostic> {
    let id = &question.id;
    if is_multiple {
        return note(
            Severity::Warning,
            text!(
                "{id}「{cell}」は 0 でも 1 でもないため、選んだものとして数えません。",
                "\"{cell}\" in \"{id}\" is neither 0 nor 1; it does not count as chosen."
            ),
        )
        .hint(text!("0 と 1、○ と ×、TRUE と FALSE が使えます。", "Use 0 and 1, ○ and ×, or TRUE and FALSE."));
    }
    let message = text!(
        "{id}「{cell}」は選択肢にないため、不明として数えます。",
        "\"{cell}\" is no option of \"{id}\"; it counts as unknown."
    );
    let mut message = note(Severity::Warning, message);
    let names: Vec<&str> = question.options.iter().map(String::as_str).collect();
    message.hint = suggest(cell, &names);
    message
}

/// The weight in `cell`: a number of at least 0.
///
/// # Errors
/// If it is something else; a respondent without a weight cannot be counted with weights.
pub fn weight(cell: &str, line: usize, column: usize) -> Result<f64> {
    let number = cell.trim().parse::<f64>().ok().filter(|weight| weight.is_finite() && *weight >= 0.0);
    number.ok_or_else(|| {
        let written = cell.trim();
        Diagnostic::error(text!(
            "ウェイト「{written}」は 0 以上の数ではありません。",
            "The weight \"{written}\" is no number of at least 0."
        ))
        .line(line)
        .column(column)
        .hint(text!("空欄をなくし、半角の数字で書いてください。", "Fill in every weight with digits."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_spreadsheets_are_known_and_nothing_else() {
        for (cell, said) in
            [("1", Some(true)), ("０", Some(false)), (" ○", Some(true)), ("true", Some(true)), ("", None)]
        {
            assert_eq!(mark(cell), Some(said), "{cell}");
        }
        for cell in ["2", "はい", "-", "10"] {
            assert_eq!(mark(cell), None, "{cell}");
        }
    }
}
