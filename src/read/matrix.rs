//! Files with a row a respondent and 0/1 columns: codings by people, closed questions,
//! exports of other programs, and `matrix.csv` of a run.
//!
//! A blank cell (or `NA`) is not known: not coded, not answered. It is never a 0.

mod detect;

use std::collections::HashMap;
use std::path::Path;

use super::closed::weight;
use super::columns::{Told, alike};
use super::{Options, Source, Table, note, table};
use crate::diagnostic::{Diagnostic, Result, Severity, fold_key, suggest};
use crate::survey::{People, natural_order};
use crate::text;
use detect::{Layout, said};

/// What is wanted of a matrix.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The column with the respondent's id; found by its usual names if not given.
    pub id: Option<String>,
    /// Columns to group by.
    pub by: Vec<String>,
    /// Columns to count; all 0/1 columns if empty.
    pub codes: Vec<String>,
    /// The column with weights.
    pub weight: Option<String>,
    /// Only rows in which each of these columns holds one of these values are in the base.
    pub conditions: Vec<(String, Vec<String>)>,
}

/// A matrix as it was read: a section a question, one in all where the file names none.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The sections, in natural order of their questions.
    pub sections: Vec<Section>,
    /// The file.
    pub source: Source,
    /// Data rows in the file.
    pub rows_read: usize,
    /// Rows that were left out.
    pub rows_skipped: usize,
    /// What the reader of the result must know.
    pub notes: Vec<Diagnostic>,
}

/// The rows of one question. All sets are of these rows.
#[derive(Clone, Debug)]
pub struct Section {
    /// The question; empty where the file names none.
    pub question: String,
    /// How many rows.
    pub people: usize,
    /// The columns to group by: their names, and their values in natural order.
    pub groups: Vec<(String, Vec<(String, People)>)>,
    /// The columns that are counted.
    pub codes: Vec<CodeColumn>,
    /// Rows of a run's matrix by a status other than `text`, `blank` and `not_asked`.
    pub reserved: Vec<(String, People)>,
    /// Who was asked.
    pub asked: People,
    /// Who gave an answer with content; a row without a status gave one if any code is known.
    pub answered: People,
    /// Who meets the conditions.
    pub chosen: Option<People>,
    /// Weights.
    pub weights: Option<Vec<f64>>,
}

/// A 0/1 column.
#[derive(Clone, Debug)]
pub struct CodeColumn {
    /// Its name.
    pub id: String,
    /// Whether it counts the columns called `id.…` together.
    pub is_net: bool,
    /// Where it is 1.
    pub yes: People,
    /// Where it is not blank.
    pub known: People,
}

/// Rows that are counted, with the column values that are sorted by.
struct Used<'t> {
    table: &'t Table,
    rows: Vec<usize>,
    skipped: Told,
}

/// Reads the matrix at `path`.
///
/// # Errors
/// If the file cannot be read for certain, lacks a column, or a cell that must be 0, 1
/// or blank is something else.
pub fn matrix(path: &Path, options: &Options, wanted: &Wanted) -> Result<Matrix> {
    let mut table = table(path, options)?;
    let mut notes = std::mem::take(&mut table.notes);
    let layout = Layout::find(&table, wanted, &mut notes)?;
    let mut used = Used {
        table: &table,
        rows: Vec::with_capacity(table.rows.len()),
        skipped: Told::new(Severity::Skipped, text!("同じ ID の行", "Rows with the same id")),
    };
    used.choose(&layout);
    let mut by_question: HashMap<&str, Vec<usize>> = HashMap::new();
    for &row in &used.rows {
        let question = layout.question.map_or("", |column| table.rows[row].cells[column].trim());
        by_question.entry(question).or_default().push(row);
    }
    let mut questions: Vec<&str> = by_question.keys().copied().collect();
    questions.sort_by(|a, b| natural_order(a, b));
    let sections = questions
        .iter()
        .map(|question| section(&table, &layout, wanted, question, &by_question[question]))
        .collect::<Result<Vec<_>>>()
        .map_err(|error| error.file(path))?;
    unmet(&layout, wanted, &table, &sections).map_err(|error| error.file(path))?;
    similar(&sections, &wanted.by, &mut notes, path);
    let rows_used = used.rows.len();
    used.skipped.flush(path, &mut notes);
    if sections.is_empty() {
        return Err(Diagnostic::error(text!("数えられる行がありません。", "There is no row to count."))
            .file(path)
            .hint(text!("ID の列を確かめてください。", "Check the column with the id.")));
    }
    let rows_read = table.source.rows_read;
    Ok(Matrix { sections, rows_read, rows_skipped: rows_read - rows_used, source: table.source, notes })
}

impl Used<'_> {
    /// Leaves out rows without an id and those that stand twice: a person counts once.
    fn choose(&mut self, layout: &Layout) {
        let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
        for (at, row) in self.table.rows.iter().enumerate() {
            let Some(column) = layout.id else {
                self.rows.push(at);
                continue;
            };
            let id = row.cells[column].trim();
            let question = layout.question.map_or("", |column| row.cells[column].trim());
            let place = layout.first + column;
            if id.is_empty() {
                self.skipped.tell(|| {
                    note(
                        Severity::Skipped,
                        text!("ID が空のため、この行を除きました。", "The row was left out: its id is blank."),
                    )
                    .line(row.line)
                    .column(place)
                    .hint(text!("回答者の ID を入れてください。", "Give the respondent an id."))
                });
            } else if let Some(first) = seen.get(&(id, question)) {
                self.skipped.tell(|| {
                    note(
                        Severity::Skipped,
                        text!(
                            "ID「{id}」は {first}行にもあるため、この行を除きました。",
                            "The row was left out: the id \"{id}\" stands in line {first} already."
                        ),
                    )
                    .line(row.line)
                    .column(place)
                    .hint(text!(
                        "ID を直すか、余分な行を消してください。ID でない列なら --id で列を指定します。",
                        "Correct the id or delete the row. If the column is no id, name another with --id."
                    ))
                });
            } else {
                seen.insert((id, question), row.line);
                self.rows.push(at);
            }
        }
    }
}

fn section(table: &Table, layout: &Layout, wanted: &Wanted, question: &str, rows: &[usize]) -> Result<Section> {
    let cell = |row: usize, column: usize| table.rows[row].cells[column].trim();
    let people = rows.len();
    let groups = layout.by.iter().zip(&wanted.by).map(|(&column, name)| {
        let mut values: HashMap<&str, People> = HashMap::new();
        for (at, &row) in rows.iter().enumerate().filter(|(_, row)| !cell(**row, column).is_empty()) {
            values.entry(cell(row, column)).or_insert_with(|| People::none(people)).insert(at);
        }
        let mut values: Vec<(String, People)> = values.into_iter().map(|(name, set)| (name.to_owned(), set)).collect();
        values.sort_by(|a, b| natural_order(&a.0, &b.0));
        (name.clone(), values)
    });
    let groups = groups.collect();
    let mut codes = Vec::with_capacity(layout.codes.len());
    let mut any_known = People::none(people);
    for &(column, is_net) in &layout.codes {
        let mut code = CodeColumn {
            id: table.columns[column].clone(),
            is_net,
            yes: People::none(people),
            known: People::none(people),
        };
        for (at, &row) in rows.iter().enumerate() {
            let Some(value) = said(cell(row, column)) else {
                return Err(detect::no_mark(&code.id, cell(row, column))
                    .line(table.rows[row].line)
                    .column(layout.first + column));
            };
            if let Some(yes) = value {
                code.known.insert(at);
                if yes {
                    code.yes.insert(at);
                }
            }
        }
        any_known = any_known.or(&code.known);
        codes.push(code);
    }
    let status = |wanted: &str| match layout.status {
        Some(column) => People::where_holds(rows.iter().map(|row| cell(*row, column) == wanted)),
        None => People::none(people),
    };
    let asked = People::all(people).without(&status("not_asked"));
    let answered = if layout.status.is_some() { status("text") } else { any_known };
    // Of all questions, so that they have the same rows.
    let mut ids: Vec<&str> =
        layout.status.iter().flat_map(|&column| table.rows.iter().map(move |row| row.cells[column].trim())).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| !matches!(*id, "text" | "blank" | "not_asked" | ""));
    let reserved = ids.into_iter().map(|id| (id.to_owned(), status(id))).collect();
    let mut chosen: Option<People> = None;
    for ((_, values), &column) in wanted.conditions.iter().zip(&layout.conditions) {
        let keys: Vec<String> = values.iter().map(|value| fold_key(value)).collect();
        let meets = People::where_holds(rows.iter().map(|row| keys.contains(&fold_key(cell(*row, column)))));
        chosen = Some(chosen.map_or_else(|| meets.clone(), |chosen| chosen.and(&meets)));
    }
    let weights = layout.weight.map(|column| {
        rows.iter().map(|&row| weight(cell(row, column), table.rows[row].line, layout.first + column)).collect()
    });
    let question = question.to_owned();
    Ok(Section { question, people, groups, codes, reserved, asked, answered, chosen, weights: weights.transpose()? })
}

/// A condition that no row can meet because its value does not exist is a slip.
fn unmet(layout: &Layout, wanted: &Wanted, table: &Table, sections: &[Section]) -> Result<()> {
    for ((name, values), &column) in wanted.conditions.iter().zip(&layout.conditions) {
        let mut found: Vec<&str> = table.rows.iter().map(|row| row.cells[column].trim()).collect();
        found.sort_by(|a, b| natural_order(a, b));
        found.dedup();
        found.retain(|value| !value.is_empty());
        let is_lacking = |value: &&String| !found.iter().any(|found| fold_key(found) == fold_key(value));
        if let Some(value) = values.iter().find(is_lacking) {
            let mut error = Diagnostic::error(text!(
                "列「{name}」に「{value}」という値はありません。",
                "The column \"{name}\" has no value \"{value}\"."
            ));
            error.hint = suggest(value, &found);
            return Err(error);
        }
    }
    if sections.iter().all(|section| section.chosen.as_ref().is_some_and(People::is_empty)) && !sections.is_empty() {
        return Err(Diagnostic::error(text!("条件に当てはまる行がありません。", "No row meets the condition."))
            .hint(text!("--base を確かめてください。", "Check --base.")));
    }
    Ok(())
}

/// Values that differ in width, case or blanks only are likely one category, also where
/// they stand under different questions.
fn similar(sections: &[Section], by: &[String], notes: &mut Vec<Diagnostic>, path: &Path) {
    let mut told = Told::new(Severity::Warning, text!("似た表記", "Similar spellings"));
    let hint = text!(
        "同じ区分なら、ファイルで表記をそろえてください。",
        "If they are one, give them one spelling in the file."
    );
    for (at, name) in by.iter().enumerate() {
        let mut values: Vec<&str> =
            sections.iter().flat_map(|section| &section.groups[at].1).map(|(value, _)| value.as_str()).collect();
        values.sort_by(|a, b| natural_order(a, b));
        values.dedup();
        alike(name, values, &hint, &mut told);
    }
    told.flush(path, notes);
}
