//! The rows of a CSV file that a run wrote, for people or for machines.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Result, Text};
use crate::text;

/// Rows with named columns.
#[derive(Clone, Debug)]
pub struct Rows {
    columns: HashMap<String, usize>,
    /// The cells of each row, without what was done to keep spreadsheets from running them.
    pub rows: Vec<Vec<String>>,
}

impl Rows {
    /// Reads the bytes of a CSV file.
    ///
    /// # Errors
    /// If they are no CSV in UTF-8 with rows of equal length.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
            Diagnostic::error(text!("UTF-8 の文字として読めません。", "This is not UTF-8 text."))
                .line(line)
                .hint(again())
        })?;
        // The reader counts a line too few where CRLF ends it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(1, csv::Position::line);
                Diagnostic::error(text!("CSV として読めません: {error}", "This cannot be read as CSV: {error}"))
                    .line(usize::try_from(line).unwrap_or(usize::MAX))
                    .hint(again())
            })?;
            rows.push(record.iter().map(plain).collect::<Vec<_>>());
        }
        let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Ok(Self { columns: header.into_iter().enumerate().map(|(at, name)| (name, at)).collect(), rows })
    }

    /// The place of a column, if it is there.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.columns.get(name).copied()
    }

    /// The places of columns.
    ///
    /// # Errors
    /// If one is missing.
    pub fn places<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N]> {
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(names) {
            *place = *self.columns.get(name).ok_or_else(|| {
                Diagnostic::error(text!("列「{name}」がありません。", "There is no column \"{name}\".")).hint(again())
            })?;
        }
        Ok(places)
    }
}

fn again() -> Text {
    text!("aftercode run で結果を作り直してください。", "Make the results again with `aftercode run`.")
}

/// A cell without the apostrophe that keeps a spreadsheet from running it.
fn plain(cell: &str) -> String {
    let rest = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
    rest.unwrap_or(cell).to_owned()
}
