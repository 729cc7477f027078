//! Lists of words that a study adds: CSV, TSV or XLSX, read as strictly as answers.

use std::path::Path;

use super::{Options, Row, table};
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::text;

/// Rows of the list at `path`: the cells of `columns` in that order, trimmed. The first
/// `required` of them must be there and filled in, the others may be missing or blank.
///
/// # Errors
/// If the file cannot be read for certain, or any row cannot be used: a word list is
/// written by hand, and a word that is left out changes the result.
pub fn words(path: &Path, columns: &[&str], required: usize) -> Result<Vec<Row>> {
    let table = table(path, &Options::default())?;
    if let Some(skipped) = table.notes.iter().find(|note| note.severity == Severity::Skipped) {
        let mut error = Box::new(skipped.clone());
        error.severity = Severity::Error;
        return Err(error);
    }
    let names = columns.join(",");
    let mut places = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        match table.column(column) {
            Ok(place) => places.push(Some(place)),
            Err(_) if index >= required => places.push(None),
            Err(error) => {
                return Err(error.hint(text!(
                    "1行目に見出し「{names}」を書いてください。",
                    "Write \"{names}\" into the first line."
                )));
            }
        }
    }
    let mut rows = Vec::new();
    for row in &table.rows {
        let cell = |place: &Option<usize>| place.map_or("", |place| row.cells[place].trim()).to_owned();
        let cells: Vec<String> = places.iter().map(cell).collect();
        if let Some(blank) = cells.iter().take(required).position(String::is_empty) {
            let column = columns[blank];
            return Err(Diagnostic::error(text!("「{column}」が空です。", "\"{column}\" is blank."))
                .file(path)
                .line(row.line)
                .hint(text!("語を書くか、この行を消してください。", "Write a word, or delete the row.")));
        }
        rows.push(Row { line: row.line, cells });
    }
    Ok(rows)
}
