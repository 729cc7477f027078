//! A codebook in one CSV table, as Excel opens it: UTF-8 with BOM, CRLF.

use std::path::Path;

use super::sheet::{KIND, Rows, columns, rows};
use crate::codebook::keys::Section;
use crate::codebook::written::Written;
use crate::diagnostic::{Diagnostic, Result};
use crate::text;

pub(super) fn read(path: &Path) -> Result<(Written, Vec<Diagnostic>)> {
    let mut read = Rows::new(path);
    read.table(None)?;
    read.finish()
}

pub(super) fn write(written: &Written) -> Result<Vec<u8>> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    let failed =
        |error: csv::Error| Diagnostic::error(text!("CSV を書けません: {error}", "The CSV cannot be written: {error}"));
    writer.write_record(std::iter::once(KIND).chain(columns())).map_err(failed)?;
    for section in Section::ALL {
        for cells in rows(written, section) {
            let cell = |column: &str| {
                let at = section.keys().iter().position(|key| key.name == column);
                at.map_or_else(String::new, |at| harmless(&cells[at]))
            };
            let row = std::iter::once(section.name().to_owned()).chain(columns().map(cell));
            writer.write_record(row).map_err(failed)?;
        }
    }
    Ok(writer.into_inner().unwrap_or_default())
}

/// Whether a spreadsheet would run the cell, were it not for the apostrophes before it.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The cell with an apostrophe before it where a spreadsheet would run it. A cell that
/// only looks as if it had one (`'-'`, characters in a rule) gets one too, so that
/// [`as_meant`] leads back from every cell.
fn harmless(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// The cell without the apostrophe of [`harmless`].
pub(super) fn as_meant(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_neutralized_and_come_back() {
        assert_eq!(harmless("@funding & 高い"), "'@funding & 高い");
        assert_eq!(harmless("'-10%' | 減"), "''-10%' | 減");
        assert_eq!(harmless("'補助金' | 助成"), "'補助金' | 助成");
        assert_eq!(as_meant("'=HYPERLINK(1)"), "=HYPERLINK(1)");
        assert_eq!(as_meant("'補助金'"), "'補助金'");
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(cell in "['=+@a\\t-]{0,6}") {
            let written = harmless(&cell);
            prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(as_meant(&written), cell);
        }
    }
}
