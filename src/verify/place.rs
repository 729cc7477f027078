//! The first place at which two texts differ.

use serde_json::{Value, json};

/// Where a file differs first from what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A cell of a CSV file.
    Cell {
        /// One-based line on which the row starts.
        line: usize,
        /// Name of the column; its one-based number where it has none.
        column: String,
        /// What stands there.
        found: String,
        /// What a run writes there.
        made: String,
    },
    /// A line of another text.
    Line {
        /// One-based line.
        line: usize,
        /// What stands there; `None` where the file has ended.
        found: Option<String>,
        /// What a run writes there; `None` where its text has ended.
        made: Option<String>,
    },
    /// The cells or lines are the same: line ends, quotes or byte order mark differ.
    Form,
}

impl Place {
    /// The first place at which `found` differs from `made`; `None` if they are no text.
    pub(super) fn first(name: &str, found: &[u8], made: &[u8]) -> Option<Self> {
        let (found, made) = (std::str::from_utf8(found).ok()?, std::str::from_utf8(made).ok()?);
        if name.ends_with(".csv") {
            return Some(cell(found, made));
        }
        let (mut one, mut other) = (found.lines(), made.lines());
        for line in 1.. {
            let (found, made) = (one.next(), other.next());
            if found != made {
                return Some(Self::Line { line, found: found.map(str::to_owned), made: made.map(str::to_owned) });
            }
            if found.is_none() {
                break;
            }
        }
        Some(Self::Form)
    }

    pub(super) fn json(&self) -> Value {
        match self {
            Self::Cell { line, column, found, made } => {
                json!({ "line": line, "column": column, "found": found, "made": made })
            }
            Self::Line { line, found, made } => json!({ "line": line, "found": found, "made": made }),
            Self::Form => json!({ "form_only": true }),
        }
    }
}

/// The rows of a CSV text, with the line on which each starts.
fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    // The reader counts a line too few where CRLF ends it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    // A text whose rows may have any length is never refused.
    let records = reader.records().filter_map(std::result::Result::ok);
    let row = |record: csv::StringRecord| {
        let line = record.position().map_or(1, csv::Position::line);
        (usize::try_from(line).unwrap_or(usize::MAX), record.iter().map(str::to_owned).collect())
    };
    records.map(row).collect()
}

fn cell(found: &str, made: &str) -> Place {
    let (found, made) = (rows(found), rows(made));
    let header = made.first().map_or(&[][..], |(_, header)| header);
    for at in 0..found.len().max(made.len()) {
        match (found.get(at), made.get(at)) {
            (Some((line, found)), Some((_, made))) => {
                let differs = |&column: &usize| found.get(column) != made.get(column);
                let Some(column) = (0..found.len().max(made.len())).find(differs) else { continue };
                let text = |row: &[String]| row.get(column).cloned().unwrap_or_default();
                let name = header.get(column).cloned().unwrap_or_else(|| (column + 1).to_string());
                return Place::Cell { line: *line, column: name, found: text(found), made: text(made) };
            }
            (found, made) => {
                let whole = |row: &(usize, Vec<String>)| row.1.join(",");
                let line = found.or(made).map_or(1, |(line, _)| *line);
                return Place::Line { line, found: found.map(whole), made: made.map(whole) };
            }
        }
    }
    Place::Form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cell_that_differs_is_found_by_row_and_column() {
        let made = "id,text\nA1,\"x\ny\"\nA2,z\n";
        let cell = Place::first("a.csv", "\u{feff}id,text\r\nA1,\"x\ny\"\r\nA2,w\r\n".as_bytes(), made.as_bytes());
        let expected = Place::Cell { line: 4, column: "text".to_owned(), found: "w".to_owned(), made: "z".to_owned() };
        assert_eq!(cell, Some(expected));
        assert_eq!(
            Place::first("a.csv", made.replace('\n', "\r\n").as_bytes(), b""),
            Some(Place::Line { line: 1, found: Some("id,text".to_owned()), made: None })
        );
        assert_eq!(Place::first("a.csv", b"\"a\",b\r\n", b"a,b\n"), Some(Place::Form));
    }

    #[test]
    fn the_first_line_that_differs_is_found_and_bytes_have_none() {
        let shorter = Place::first("a.md", b"x\n", b"x\ny\n");
        assert_eq!(shorter, Some(Place::Line { line: 2, found: None, made: Some("y".to_owned()) }));
        assert_eq!(Place::first("a.md", b"x\r\n", b"x\n"), Some(Place::Form));
        assert_eq!(Place::first("a.xlsx", b"PK\xFF", b"PK"), None);
    }
}
