//! A codebook as rows of cells, for CSV and XLSX.
//!
//! A row is an axis, a net, a list, a code or the head; the columns are the keys of the
//! codebook file. Several values of one key stand in one cell, a line each; inside such
//! a cell `\n` is a line break that belongs to a value and `\\` a backslash. A blank
//! cell is a key that is not there. The name of a list stands under `id`, its words
//! under `words`.

use std::path::Path;

use super::csv::as_meant;
use super::toml;
use crate::codebook::keys::{Form, Key, Section};
use crate::codebook::written::{Record, Value, Written};
use crate::config::Source;
use crate::diagnostic::{Diagnostic, Result, Severity, fold_key, suggest};
use crate::read::{Options, Row, Table, table};
use crate::text;

/// The column of a single table that says what a row is.
pub const KIND: &str = "kind";

/// The cells of everything of one kind, in the order of its keys.
pub(super) fn rows(written: &Written, section: Section) -> Vec<Vec<String>> {
    if section == Section::List {
        return written.lists.iter().map(|(name, words)| vec![name.clone(), joined(words)]).collect();
    }
    let cell = |record: &Record, key: &Key| match record.get(key.name) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Texts(texts)) => joined(texts),
        None => String::new(),
    };
    let row = |record: &Record| section.keys().iter().map(|key| cell(record, key)).collect();
    written.records(section).iter().map(row).collect()
}

fn joined(texts: &[String]) -> String {
    let escaped = |text: &String| text.replace('\\', "\\\\").replace('\n', "\\n");
    texts.iter().map(escaped).collect::<Vec<_>>().join("\n")
}

fn parted(cell: &str) -> Vec<String> {
    cell.split('\n').filter(|line| !line.trim().is_empty()).map(unescaped).collect()
}

fn unescaped(line: &str) -> String {
    let mut out = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('\\')) => out.push('\\'),
            // Any other backslash is one (of a regular expression typed by hand).
            _ => {
                out.push(c);
                continue;
            }
        }
        chars.next();
    }
    out
}

/// A codebook being read from rows.
pub(super) struct Rows<'p> {
    path: &'p Path,
    written: Written,
    /// The sheet and row of everything read, by kind and number within it.
    places: Vec<(Section, Option<String>, usize)>,
    notes: Vec<Diagnostic>,
}

impl<'p> Rows<'p> {
    pub(super) fn new(path: &'p Path) -> Self {
        Self { path, written: Written::default(), places: Vec::new(), notes: Vec::new() }
    }

    /// Reads a table; of a `sheet` it is all of one kind.
    ///
    /// # Errors
    /// If the table cannot be read for certain, or a row or column is none of ours.
    pub(super) fn table(&mut self, sheet: Option<(&str, Section)>) -> Result<()> {
        let options = Options { sheet: sheet.map(|(name, _)| name.to_owned()), ..Options::default() };
        let mut table = table(self.path, &options)?;
        // A row that is left out would be a code that is left out.
        if let Some(skipped) = table.notes.iter().find(|note| note.severity == Severity::Skipped) {
            let mut error = Box::new(skipped.clone());
            error.severity = Severity::Error;
            return Err(error);
        }
        self.notes.append(&mut table.notes);
        let known: Vec<&str> = match sheet {
            Some((_, section)) => section.keys().iter().map(|key| key.name).collect(),
            None => std::iter::once(KIND).chain(columns()).collect(),
        };
        if sheet.is_none() {
            let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells);
            cells.for_each(|cell| *cell = as_meant(cell).to_owned());
        }
        let columns = named(&table, &known)?;
        for row in &table.rows {
            let section = match sheet {
                Some((_, section)) => section,
                None => kind(row, &columns).map_err(|error| error.file(self.path).line(row.line))?,
            };
            self.row(row, &columns, section).map_err(|error| error.file(self.path).line(row.line))?;
            self.places.push((section, sheet.map(|(name, _)| name.to_owned()), row.line));
        }
        Ok(())
    }

    fn row(&mut self, row: &Row, columns: &[(usize, &str)], section: Section) -> Result<()> {
        let cell = |name: &str| {
            let found = columns.iter().find(|(_, column)| *column == name);
            found.map_or("", |(index, _)| row.cells[*index].as_str())
        };
        let other = columns
            .iter()
            .find(|(index, name)| *name != KIND && section.key(name).is_none() && !row.cells[*index].trim().is_empty());
        if let Some((_, name)) = other {
            let kind = section.name();
            return Err(Diagnostic::error(text!(
                "{kind} の行に「{name}」は書けません。",
                "A row of kind {kind} has no \"{name}\"."
            ))
            .hint(text!("そのセルを空にしてください。", "Leave that cell blank.")));
        }
        if section == Section::List {
            let name = cell("id").trim().to_owned();
            if name.is_empty() || self.written.lists.iter().any(|list| list.0 == name) {
                return Err(Diagnostic::error(text!(
                    "リストの名前（id）が空か、2回使われています。",
                    "The name of the list (id) is blank or used twice."
                ))
                .hint(text!("リストごとに違う名前を書いてください。", "Give every list a name of its own.")));
            }
            self.written.lists.push((name, parted(cell("words"))));
            return Ok(());
        }
        let mut record = Record::default();
        for key in section.keys() {
            let cell = cell(key.name);
            let value = match key.form {
                _ if cell.trim().is_empty() => None,
                Form::Texts => Some(Value::Texts(parted(cell))),
                Form::Ids => Some(Value::Texts(parted(cell).iter().map(|id| id.trim().to_owned()).collect())),
                Form::Id | Form::Unit => Some(Value::Text(cell.trim().to_owned())),
                Form::Text | Form::Rule => Some(Value::Text(cell.to_owned())),
            };
            record.set(key.name, value);
        }
        match section {
            Section::Codebook if self.written.head != Record::default() => {
                return Err(Diagnostic::error(text!(
                    "codebook の行が2つあります。",
                    "There are two rows of kind codebook."
                ))
                .hint(text!("1つにまとめてください。", "Leave only one.")));
            }
            Section::Codebook => self.written.head = record,
            Section::Axis => self.written.axes.push(record),
            Section::Net => self.written.nets.push(record),
            Section::Code => self.written.codes.push(record),
            Section::List => {}
        }
        Ok(())
    }

    /// The codebook, loaded once to see that it holds together.
    ///
    /// # Errors
    /// As for a codebook file; the place is the row of the sheet.
    pub(super) fn finish(self) -> Result<(Written, Vec<Diagnostic>)> {
        let toml = toml::text(&self.written);
        let read = Written::of(&Source::new(self.path, toml.text.as_str()));
        let written = read.map_err(|error| self.placed(error, &toml))?;
        Ok((written, self.notes))
    }

    /// Points at the row instead of at a line of the TOML that nobody sees.
    fn placed(&self, mut error: Box<Diagnostic>, toml: &toml::Text) -> Box<Diagnostic> {
        let line = error.line.take();
        error.column = None;
        let section = line.and_then(|line| toml.lines.iter().find(|(lines, ..)| lines.contains(&line)));
        let place =
            section.and_then(|(_, section, index)| self.places.iter().filter(|(kind, ..)| kind == section).nth(*index));
        if let Some((section, sheet, row)) = place {
            error.line = Some(*row);
            let name = sheet.as_deref().unwrap_or(section.name());
            let crate::diagnostic::Text { ja, en } = error.message;
            error.message = text!("{name}: {ja}", "{name}: {en}");
        }
        error
    }
}

/// All columns of a single table: the keys of every kind, once each.
pub(super) fn columns() -> impl Iterator<Item = &'static str> {
    const ORDER: [&str; 21] = [
        "id",
        "axis",
        "net",
        "label",
        "label_en",
        "definition",
        "include",
        "exclude",
        "unit",
        "rule",
        "except",
        "maybe",
        "examples",
        "counter_examples",
        "replaces",
        "words",
        "qualifies",
        "order",
        "version",
        "title",
        "language",
    ];
    ORDER.into_iter()
}

/// The columns that have a name, each of which must be one of `known` and stand once.
fn named<'k>(table: &Table, known: &[&'k str]) -> Result<Vec<(usize, &'k str)>> {
    let mut columns: Vec<(usize, &str)> = Vec::new();
    for (index, written) in table.columns.iter().enumerate() {
        if written.trim().is_empty() && table.rows.iter().all(|row| row.cells[index].trim().is_empty()) {
            continue;
        }
        let Some(name) = known.iter().find(|name| fold_key(name) == fold_key(written)) else {
            let error = Diagnostic::error(text!(
                "列「{written}」はコードブックの項目ではありません。",
                "The column \"{written}\" is no setting of a codebook."
            ))
            .file(&table.source.path);
            return Err(match suggest(written, known) {
                Some(hint) => error.hint(hint),
                None => error,
            });
        };
        if columns.iter().any(|(_, other)| other == name) {
            return Err(Diagnostic::error(text!("列「{name}」が2つあります。", "The column \"{name}\" stands twice."))
                .file(&table.source.path)
                .hint(text!("1つにまとめてください。", "Leave only one.")));
        }
        columns.push((index, name));
    }
    Ok(columns)
}

fn kind(row: &Row, columns: &[(usize, &str)]) -> Result<Section> {
    let cell = columns.iter().find(|(_, name)| *name == KIND).map_or("", |(index, _)| row.cells[*index].trim());
    let names = Section::ALL.map(Section::name);
    Section::ALL.into_iter().find(|section| section.name() == cell).ok_or_else(|| {
        let error = Diagnostic::error(text!(
            "列「{KIND}」の「{cell}」は、行の種類ではありません。",
            "\"{cell}\" in the column \"{KIND}\" is no kind of row."
        ));
        match suggest(cell, &names) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cell_holds_values_with_line_breaks_and_backslashes() {
        assert_eq!(joined(&["一\n二".to_owned(), r"/\d/".to_owned()]), "一\\n二\n/\\\\d/");
        assert_eq!(parted("/\\d/\n\n x"), [r"/\d/", " x"]);
    }

    #[test]
    fn every_key_has_a_column() {
        for key in Section::ALL.iter().flat_map(|section| section.keys()) {
            assert!(columns().any(|column| column == key.name), "{}", key.name);
        }
        for column in columns() {
            assert!(Section::ALL.iter().any(|section| section.key(column).is_some()), "{column}");
        }
    }

    proptest! {
        #[test]
        fn what_is_joined_parts_again(texts in prop::collection::vec(r"[\\n\n ]{0,3}[a語]", 1..4)) {
            prop_assert_eq!(parted(&joined(&texts)), texts);
        }
    }
}
