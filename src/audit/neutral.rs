//! The neutral format of codings: `unit,coder,value`, a row for each.
//!
//! Labels of a set are joined by `|`; an empty value is "coded, with no label", and `NA`
//! "not coded", as is a row that is not there. Units, coders and labels are sorted, so
//! that the order of the rows does not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::matrix::Matrix;
use crate::diagnostic::{Diagnostic, Mistakes, Result, Severity, suggest};
use crate::read::{Options, Row, Source, Table, table};
use crate::text;

/// Not coded.
const NOT_CODED: &str = "NA";

/// Codings that were read.
#[derive(Clone, Debug, PartialEq)]
pub struct Neutral {
    /// The codings.
    pub matrix: Matrix,
    /// Where they came from.
    pub source: Source,
    /// What the reader of the result must know.
    pub notes: Vec<Diagnostic>,
}

/// Reads codings from the CSV, TSV or XLSX file at `path`. With `declared` labels, these
/// are the labels, in that order, and any other is an error; else the labels are those
/// that stand in the file.
///
/// # Errors
/// If the file cannot be read for certain, a column is missing, a unit or coder is blank,
/// a label is blank, unknown or twice in a set, or a coder coded a unit twice: a coding
/// that is left out would change the agreement.
pub fn neutral(path: &Path, options: &Options, declared: Option<&[String]>) -> Result<Neutral> {
    let table = table(path, options)?;
    if let Some(skipped) = table.notes.iter().find(|note| note.severity == Severity::Skipped) {
        let mut error = Box::new(skipped.clone());
        error.severity = Severity::Error;
        return Err(error);
    }
    let matrix = matrix(&table, declared).map_err(|error| error.file(path))?;
    Ok(Neutral { matrix, source: table.source, notes: table.notes })
}

/// A coding as it stands in its row.
struct Cell {
    line: usize,
    labels: Option<Vec<String>>,
}

fn matrix(table: &Table, declared: Option<&[String]>) -> Result<Matrix> {
    let column = |name: &str| {
        table.column(name).map_err(|error| {
            error.hint(text!(
                "1行目に見出し「unit,coder,value」を書いてください。",
                "Write \"unit,coder,value\" into the first line."
            ))
        })
    };
    let (unit, coder, value) = (column("unit")?, column("coder")?, column("value")?);
    let mut cells: BTreeMap<(&str, &str), Cell> = BTreeMap::new();
    let mut mistakes = Mistakes::default();
    for row in &table.rows {
        let key = (filled(row, unit, "unit"), filled(row, coder, "coder"));
        let key = (mistakes.keep(key.0), mistakes.keep(key.1));
        let labels = labels(row, value).and_then(|labels| known(labels, declared, row.line, value));
        let ((Some(unit), Some(coder)), Some(labels)) = (key, mistakes.keep(labels)) else { continue };
        let cell = Cell { line: row.line, labels };
        if let Some(first) = cells.insert((unit, coder), cell) {
            let line = first.line;
            let error = Diagnostic::error(text!(
                "コーダー「{coder}」の単位「{unit}」が2回出てきます（最初は{line}行）。",
                "Coder \"{coder}\" codes unit \"{unit}\" twice (first in line {line})."
            ));
            let hint = text!("どちらかの行を消してください。", "Delete one of the two rows.");
            mistakes.tell(error.line(row.line).hint(hint));
        }
    }
    mistakes.finish()?;
    let used: BTreeSet<String> = cells.values().filter_map(|cell| cell.labels.clone()).flatten().collect();
    let labels: Vec<String> = declared.map_or_else(|| used.into_iter().collect(), <[String]>::to_vec);
    Ok(assemble(&cells, labels))
}

fn assemble(cells: &BTreeMap<(&str, &str), Cell>, labels: Vec<String>) -> Matrix {
    let names = |name: fn(&(&str, &str)) -> String| -> Vec<String> {
        cells.keys().map(name).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let (units, coders) = (names(|key| key.0.to_owned()), names(|key| key.1.to_owned()));
    let place: BTreeMap<&str, usize> = labels.iter().enumerate().map(|(at, label)| (label.as_str(), at)).collect();
    let set = |unit: &String, coder: &String| {
        let labels = cells.get(&(unit.as_str(), coder.as_str()))?.labels.as_ref()?;
        Some(labels.iter().filter_map(|label| place.get(label.as_str()).copied()).collect())
    };
    let row = |unit: &String| coders.iter().map(|coder| set(unit, coder)).collect();
    let rows = units.iter().map(row).collect();
    Matrix::new(labels, coders, units, rows)
}

fn filled<'a>(row: &'a Row, column: usize, name: &str) -> Result<&'a str> {
    let cell = row.cells[column].trim();
    if cell.is_empty() {
        return Err(Diagnostic::error(text!("「{name}」が空です。", "\"{name}\" is blank."))
            .line(row.line)
            .column(column + 1)
            .hint(text!("値を書くか、この行を消してください。", "Fill it in, or delete the row.")));
    }
    Ok(cell)
}

/// The labels of a value; `None` if it was not coded.
fn labels(row: &Row, column: usize) -> Result<Option<Vec<String>>> {
    let value = row.cells[column].trim();
    if value == NOT_CODED {
        return Ok(None);
    }
    let mut labels: Vec<String> = Vec::new();
    if value.is_empty() {
        return Ok(Some(labels));
    }
    for label in value.split('|').map(str::trim) {
        let wrong = if label.is_empty() {
            text!("「{value}」に空のラベルがあります。", "There is a blank label in \"{value}\".")
        } else if label == NOT_CODED {
            text!("「{value}」に NA とラベルが混ざっています。", "\"{value}\" mixes NA with labels.")
        } else if labels.iter().any(|other| other == label) {
            text!("ラベル「{label}」が「{value}」に2回あります。", "Label \"{label}\" is twice in \"{value}\".")
        } else {
            labels.push(label.to_owned());
            continue;
        };
        return Err(Diagnostic::error(wrong).line(row.line).column(column + 1).hint(text!(
            "ラベルは | で区切って1回ずつ書き、ラベルなしは空、未コードは NA としてください。",
            "Join labels by |, each once; leave the value empty for no label, and write NA for not coded."
        )));
    }
    Ok(Some(labels))
}

/// The labels, if all of them are declared.
fn known(
    labels: Option<Vec<String>>,
    declared: Option<&[String]>,
    line: usize,
    column: usize,
) -> Result<Option<Vec<String>>> {
    let Some(declared) = declared else { return Ok(labels) };
    let Some(label) = labels.iter().flatten().find(|label| !declared.contains(label)) else { return Ok(labels) };
    let names: Vec<&str> = declared.iter().map(String::as_str).collect();
    let mut error = Diagnostic::error(text!("ラベル「{label}」はありません。", "There is no label \"{label}\"."));
    error.hint = suggest(label, &names);
    Err(error.line(line).column(column + 1))
}
