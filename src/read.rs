//! Turns a CSV, TSV, XLSX or Parquet file into a table of text cells, never silently wrong.
//!
//! What cannot be read for certain is an error that says what the file is and what
//! to do; a row that cannot be used is left out with a [`Severity::Skipped`] note.
//!
//! What a spreadsheet shows and this module does not know: hidden rows and filters
//! (hidden rows are read), and number formats other than dates, leading zeros
//! (`000`) and percent (`0.0%`).

mod archive;
mod assemble;
mod cell;
pub mod closed;
pub mod columns;
mod content;
mod delimited;
mod encoding;
pub mod matrix;
mod parquet;
pub mod rows;
mod unpack;
mod words;
mod xlsx;

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Result, Severity, Text, fold_key, io_error, suggest};
use crate::digest::sha256_of_file;
use crate::text;
use bytes::Bytes;
use content::Kind;

pub use rows::Opened;
pub use words::words;

/// The largest file that is read.
const MAX_FILE_BYTES: u64 = 2 << 30;

/// How to read a file, where the file itself does not say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Label of the character encoding (`utf-8`, `cp932`, …); `None` finds it out.
    pub encoding: Option<String>,
    /// What parts the cells of a text file; `None` goes by the extension.
    pub delimiter: Option<char>,
    /// The sheet of a workbook; `None` takes the first visible one.
    pub sheet: Option<String>,
    /// How many rows the header takes, at least 1.
    pub header_rows: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { encoding: None, delimiter: None, sheet: None, header_rows: 1 }
    }
}

/// The format a table was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with commas, or another delimiter that was asked for.
    Csv,
    /// Text with tabs.
    Tsv,
    /// An Excel workbook.
    Xlsx,
    /// Parquet.
    Parquet,
}

/// Where a table came from, for the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file as it was named.
    pub path: PathBuf,
    /// Its format.
    pub format: Format,
    /// The encoding it was decoded with (`UTF-8`, `UTF-8 (BOM)`, `UTF-16LE`,
    /// `UTF-16BE`, `CP932`, …); `None` for a workbook or Parquet.
    pub encoding: Option<String>,
    /// The sheet; `None` for a text file.
    pub sheet: Option<String>,
    /// SHA-256 of the file ([`sha256_of_file`]), in lower-case hexadecimal.
    pub sha256: String,
    /// Data rows in the file, those left out included, wholly blank ones not.
    pub rows_read: usize,
}

/// One data row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// One-based line of the file where the record starts, or the sheet's row, or in Parquet
    /// the data row.
    pub line: usize,
    /// As many cells as the table has columns; line ends are LF.
    pub cells: Vec<String>,
}

/// A table of text cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns: the header cells, those of several header rows joined
    /// with `" / "`. A name may be empty or stand more than once.
    pub columns: Vec<String>,
    /// The data rows.
    pub rows: Vec<Row>,
    /// Where it came from.
    pub source: Source,
    /// What the reader of the result must know: rows left out, doubts, choices.
    pub notes: Vec<Diagnostic>,
    header: Header,
}

/// The columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Header {
    /// The file they are of.
    path: PathBuf,
    /// Their names.
    columns: Vec<String>,
    /// The parts each name was joined from.
    parts: Vec<Vec<String>>,
    /// Zero-based sheet column in which the table starts.
    first_column: usize,
    /// Columns that are there and cannot be read, by name.
    unfit: Vec<(String, Box<Diagnostic>)>,
}

/// Takes a row of a table with these columns.
type Take<'t> = dyn FnMut(&Header, Row) -> Result<()> + 't;

/// What the formats have in common before a [`Source`] is known.
struct Grid {
    header: Header,
    rows_read: usize,
    format: Format,
    encoding: Option<String>,
    sheet: Option<String>,
    notes: Vec<Diagnostic>,
}

/// Reads the table in the file at `path`.
///
/// # Errors
/// If the file cannot be read for certain; the message names the file, the place
/// and the next step.
pub fn table(path: &Path, options: &Options) -> Result<Table> {
    let mut rows = Vec::new();
    let mut table = each_row(path, options, &mut |_, row| {
        rows.push(row);
        Ok(())
    })?;
    table.rows = rows;
    Ok(table)
}

/// As [`table`], with rows that go to `take`, one by one, and are not in the table.
///
/// # Errors
/// As [`table`], or the first of `take`.
fn each_row(path: &Path, options: &Options, take: &mut Take<'_>) -> Result<Table> {
    let bytes = Bytes::from(load(path)?);
    let grid = grid(path, &bytes, options, take).map_err(|error| error.file(path))?;
    let mut notes = grid.notes;
    for note in &mut notes {
        note.file.get_or_insert_with(|| path.to_path_buf());
    }
    Ok(Table {
        columns: grid.header.columns.clone(),
        rows: Vec::new(),
        source: Source {
            path: path.to_path_buf(),
            format: grid.format,
            encoding: grid.encoding,
            sheet: grid.sheet,
            sha256: sha256_of_file(&bytes),
            rows_read: grid.rows_read,
        },
        notes,
        header: grid.header,
    })
}

/// The names of the worksheets of the workbook at `path`, in its order.
///
/// # Errors
/// If the file cannot be read or is no workbook.
pub fn sheets(path: &Path) -> Result<Vec<String>> {
    let bytes = load(path)?;
    xlsx::sheets(&bytes).map_err(|error| error.file(path))
}

fn grid(path: &Path, bytes: &Bytes, options: &Options, take: &mut Take<'_>) -> Result<Grid> {
    if options.header_rows == 0 {
        return Err(Diagnostic::error(text!("見出しの行数が 0 になっています。", "The number of header rows is 0."))
            .hint(text!("header_rows は 1 以上にしてください。", "Set header_rows to 1 or more.")));
    }
    let header = Header::of(path);
    match content::kind(path, bytes)? {
        Kind::Workbook => xlsx::read(bytes, options, header, take),
        Kind::Parquet => parquet::read(bytes.clone(), path, options, header, take),
        Kind::Delimited(by_extension) => delimited::read(bytes, by_extension, options, header, take),
    }
}

fn load(path: &Path) -> Result<Vec<u8>> {
    let metadata = std::fs::metadata(path).map_err(|error| io_error(path, &error))?;
    if metadata.is_dir() {
        // Windows reports "permission denied" when a folder is opened.
        return Err(io_error(path, &std::io::ErrorKind::IsADirectory.into()));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(too_large().file(path));
    }
    let bytes = std::fs::read(path).map_err(|error| io_error(path, &error))?;
    if bytes.is_empty() {
        return Err(empty().file(path));
    }
    Ok(bytes)
}

fn too_large() -> Box<Diagnostic> {
    Diagnostic::error(text!("ファイルが大きすぎます（2 GiB まで）。", "The file is too large (the limit is 2 GiB)."))
        .hint(text!("ファイルを分けて、一つずつ読み込んでください。", "Split the file and read the parts one by one."))
}

fn empty() -> Box<Diagnostic> {
    Diagnostic::error(text!("ファイルが空です。", "The file is empty.")).hint(text!(
        "データの入ったファイルかどうか確かめ、必要なら書き出し直してください。",
        "Check that this is the file with the data, and export it again if need be."
    ))
}

/// A note about a table; the file is added by [`table`].
fn note(severity: Severity, message: Text) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(severity, message))
}

impl Format {
    /// Its name for readers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Xlsx => "XLSX",
            Self::Parquet => "Parquet",
        }
    }
}

impl Table {
    /// The index of the column called `name`: the exact name first, then the name
    /// without regard to width, case and blanks, then one part of a joined name.
    ///
    /// # Errors
    /// If there is no such column, or more than one.
    pub fn column(&self, name: &str) -> Result<usize> {
        self.header.column(name)
    }
}

impl Header {
    /// No columns yet, of the file at `path`.
    fn of(path: &Path) -> Self {
        let path = path.to_path_buf();
        Self { path, columns: Vec::new(), parts: Vec::new(), first_column: 0, unfit: Vec::new() }
    }

    /// Sets the parts of each column's name, top down.
    fn set(&mut self, parts: Vec<Vec<String>>) {
        self.columns = parts.iter().map(|parts| parts.join(" / ")).collect();
        self.parts = parts;
    }

    /// As [`Table::column`].
    fn column(&self, name: &str) -> Result<usize> {
        let key = fold_key(name);
        let which = |test: &dyn Fn(usize) -> bool| -> Vec<usize> {
            // A blank name would quietly pick some column without a header.
            (0..self.columns.len()).filter(|&index| !key.is_empty() && test(index)).collect()
        };
        let tests: [&dyn Fn(usize) -> bool; 3] =
            [&|index| self.columns[index] == name, &|index| fold_key(&self.columns[index]) == key, &|index| {
                self.parts[index].iter().any(|part| part == name)
            }];
        if let Some((_, error)) = self.unfit.iter().find(|(column, _)| fold_key(column) == key) {
            return Err(error.clone());
        }
        for test in tests {
            match which(test).as_slice() {
                [] => {}
                [index] => return Ok(*index),
                several => return Err(self.ambiguous(name, several)),
            }
        }
        let named: Vec<&str> = self.columns.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        let mut error =
            Diagnostic::error(text!("列「{name}」がありません。", "There is no column \"{name}\".")).file(&self.path);
        error.hint = match self.columns.as_slice() {
            [only] if only.contains(['\t', ',', ';']) => Some(text!(
                "見出しが1列だけです。区切り文字を [answers] の delimiter に書いてください（例: delimiter = \";\"）。",
                "The header is a single column. Name the delimiter in [answers], e.g. delimiter = \";\"."
            )),
            _ => suggest(name, &named),
        };
        Err(error)
    }

    fn ambiguous(&self, name: &str, indices: &[usize]) -> Box<Diagnostic> {
        let numbers: Vec<usize> = indices.iter().map(|index| index + 1 + self.first_column).collect();
        let ja = numbers.iter().map(|number| format!("{number}列目")).collect::<Vec<_>>().join("、");
        let en = numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        Diagnostic::error(text!(
            "列「{name}」に当てはまる列が複数あります（{ja}）。",
            "More than one column is called \"{name}\" (columns {en})."
        ))
        .file(&self.path)
        .hint(text!("見出しを、それぞれ違う名前に変えてください。", "Give each of them a header of its own."))
    }
}
