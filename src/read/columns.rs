//! Turns the table of a study's answers into a [`Survey`].
//!
//! Every row ends up in the survey or in a message: `rows_read` is `rows_used` plus
//! `rows_skipped`. Apart from which of two conflicting rows is the second, the order
//! of the rows makes no difference.

mod alike;
mod intake;
mod names;
mod told;

#[cfg(test)]
mod tests;

use super::closed::ClosedAnswers;
use super::{Header, Options, Source};
use crate::config::Located;
use crate::diagnostic::{Diagnostic, Result};
use crate::study::{Answers, ClosedColumns, Layout, Study};
use crate::survey::Survey;
use crate::text;
use intake::Intake;

pub(super) use alike::alike;
pub(super) use names::{Named, Names};
pub(super) use told::Told;

/// A survey as it was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The respondents with their answers.
    pub survey: Survey,
    /// The answers to the study's closed questions, in their order.
    pub closed: Vec<ClosedAnswers>,
    /// The respondents' weights, if the study has any.
    pub weights: Option<Vec<f64>>,
    /// The file they came from.
    pub source: Source,
    /// Data rows in the file; wholly blank ones do not count.
    pub rows_read: usize,
    /// Rows that are in the survey.
    pub rows_used: usize,
    /// Rows that were left out, each for a reason that `notes` gives or counts.
    pub rows_skipped: usize,
    /// What the reader of the result must know: rows left out, doubts, choices.
    pub notes: Vec<Diagnostic>,
}

/// Reads the answers of a study.
///
/// # Errors
/// If the file cannot be read for certain, lacks a column, or has no row that can be used.
pub fn survey(study: &Study) -> Result<Reading> {
    let mut intake: Option<Intake<'_>> = None;
    let table = super::each_row(&study.answers.file, &options(&study.answers), &mut |header, row| {
        let intake = match &mut intake {
            Some(intake) => intake,
            None => intake.insert(Intake::new(study, Columns::find(study, header)?)),
        };
        intake.take(row)
    })?;
    match intake {
        Some(intake) => intake.finish(table.source, table.notes),
        // A table without any row is an error.
        None => Err(super::empty().file(&table.source.path)),
    }
}

fn options(answers: &Answers) -> Options {
    Options {
        encoding: answers.encoding.clone(),
        delimiter: answers.delimiter,
        sheet: answers.sheet.clone(),
        header_rows: answers.header_rows,
    }
}

/// Where in a row everything stands.
struct Columns {
    id: usize,
    /// In the order of the study's attributes.
    attributes: Vec<usize>,
    /// Columns of the closed questions, one after the other.
    closed: Vec<usize>,
    weight: Option<usize>,
    answers: Place,
    /// One-based column of the file in which the table starts.
    first: usize,
}

enum Place {
    /// A column a question, in the order of the study's questions.
    Wide(Vec<usize>),
    /// Columns of the question's name and of the answer.
    Long { question: Option<usize>, text: usize },
}

impl Columns {
    fn find(study: &Study, table: &Header) -> Result<Self> {
        // A column that is read as two things is a slip in the study file.
        let mut taken = Vec::new();
        let mut own = |name: &Located| {
            let index = column(table, name)?;
            if taken.contains(&index) {
                return Err(read_twice(name));
            }
            taken.push(index);
            Ok(index)
        };
        let id = own(&study.answers.id)?;
        let answers = match &study.answers.layout {
            Layout::Wide => {
                Place::Wide(study.questions.iter().map(|question| own(&question.column)).collect::<Result<_>>()?)
            }
            Layout::Long { question, text, .. } => {
                Place::Long { question: question.as_ref().map(&mut own).transpose()?, text: own(text)? }
            }
        };
        let attributes = study.attributes.iter().map(|attribute| column(table, &attribute.column));
        let closed = study.closed.iter().flat_map(|question| match &question.columns {
            ClosedColumns::Single(name) => std::slice::from_ref(name),
            ClosedColumns::Multiple(names) => names,
        });
        Ok(Self {
            id,
            attributes: attributes.collect::<Result<_>>()?,
            closed: closed.map(|name| column(table, name)).collect::<Result<_>>()?,
            weight: study.answers.weight.as_ref().map(|name| column(table, name)).transpose()?,
            answers,
            first: table.first_column + 1,
        })
    }
}

/// The column of that name, or an error at the name in the study file.
fn column(table: &Header, name: &Located) -> Result<usize> {
    table.column(&name.text).map_err(|error| {
        let file = table.path.file_name().unwrap_or_default().display();
        let (ja, en) = (&error.message.ja, &error.message.en);
        let mut placed = name.error(text!("{file}: {ja}", "{file}: {en}"));
        placed.hint = error.hint;
        placed
    })
}

fn read_twice(name: &Located) -> Box<Diagnostic> {
    let written = &name.text;
    name.error(text!(
        "列「{written}」が、別の項目の列としても使われています。",
        "The column \"{written}\" is used for something else as well."
    ))
    .hint(text!(
        "ID と回答、それぞれに別の列を指定してください。",
        "Name a column of its own for the id and for each answer."
    ))
}
