//! The rows of a CSV, TSV or Parquet input, one by one, in constant memory.

mod records;
mod text;

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use self::text::Text;
use super::unpack::Bytes;
use super::{Row, parquet};
use crate::diagnostic::{Diagnostic, Result, fold_key, io_error, suggest};
use crate::text;

/// A data row, or why there is none.
pub type Found = std::result::Result<Row, Box<Diagnostic>>;

/// An input that is open.
pub enum Opened {
    /// A file: CSV, TSV (packed or not) or Parquet.
    File(File),
    /// Anything that gives bytes: CSV or TSV, packed or not.
    Stream(Bytes),
}

/// The rows of an input that names its columns.
pub struct Rows {
    path: PathBuf,
    columns: Vec<String>,
    source: Source,
}

enum Source {
    Text(Box<Text>),
    Parquet(Box<parquet::Reader<File>>),
}

impl Rows {
    /// Reads the names of the columns. Text may be packed by gzip or Zstandard; `path` is
    /// the input's name for messages, and its extension tells commas from tabs.
    ///
    /// # Errors
    /// If there is no header, or the input is no CSV or TSV in UTF-8 and no Parquet file.
    pub fn open(source: Opened, path: &Path) -> Result<Self> {
        let source = match source {
            Opened::Stream(bytes) => bytes,
            Opened::File(mut file) => {
                if is_parquet(&mut file, path)? {
                    let reader = parquet::Reader::open(file, path)?;
                    let columns = reader.names();
                    let source = Source::Parquet(Box::new(reader));
                    return Ok(Self { path: path.to_path_buf(), columns, source });
                }
                Box::new(file)
            }
        };
        let text = Text::open(source, path)?;
        let columns = text.columns().to_vec();
        Ok(Self { path: path.to_path_buf(), columns, source: Source::Text(Box::new(text)) })
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The name of the input.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The index of the column called `name`: the exact name first, then the name
    /// without regard to width, case and blanks.
    ///
    /// # Errors
    /// If there is no such column, or more than one.
    pub fn column(&self, name: &str) -> Result<usize> {
        let key = fold_key(name);
        let which = |test: &dyn Fn(&String) -> bool| -> Vec<usize> {
            // A blank name would quietly pick some column without a header.
            (0..self.columns.len()).filter(|&index| !key.is_empty() && test(&self.columns[index])).collect()
        };
        let exact = which(&|column| column == name);
        let found = if exact.is_empty() { which(&|column| fold_key(column) == key) } else { exact };
        match found.as_slice() {
            [index] => Ok(*index),
            [] => {
                let named: Vec<&str> =
                    self.columns.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
                let mut error =
                    Diagnostic::error(text!("列「{name}」がありません。", "There is no column \"{name}\"."));
                error.hint = suggest(name, &named);
                Err(error.file(&self.path))
            }
            several => {
                let ja = several.iter().map(|index| format!("{}列目", index + 1)).collect::<Vec<_>>().join("、");
                let en = several.iter().map(|index| (index + 1).to_string()).collect::<Vec<_>>().join(", ");
                Err(Diagnostic::error(text!(
                    "列「{name}」に当てはまる列が複数あります（{ja}）。",
                    "More than one column is called \"{name}\" (columns {en})."
                ))
                .file(&self.path)
                .hint(text!("見出しを、それぞれ違う名前に変えてください。", "Give each of them a header of its own.")))
            }
        }
    }

    /// Says that only these columns are needed; the cells of others may be left empty.
    ///
    /// # Errors
    /// If one of them holds what is no text.
    pub fn want(&mut self, columns: &[usize]) -> Result<()> {
        match &mut self.source {
            Source::Text(_) => Ok(()),
            Source::Parquet(reader) => reader.want(columns),
        }
    }

    /// The next row, at the header's width, or why it cannot be used; `None` at the end.
    /// Blank lines of text are passed over; in Parquet every row is one.
    ///
    /// # Errors
    /// If what follows cannot be read at all.
    pub fn next_row(&mut self) -> Result<Option<Found>> {
        match &mut self.source {
            Source::Text(text) => text.next_row(),
            Source::Parquet(reader) => {
                let found = reader.next_row()?;
                Ok(found.map(|found| found.map_err(|reason| reason.file(&self.path))))
            }
        }
    }
}

/// Whether a file is Parquet. It is left at its beginning.
fn is_parquet(file: &mut File, path: &Path) -> Result<bool> {
    let ends = || -> io::Result<[Vec<u8>; 2]> {
        let metadata = file.metadata()?;
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        // A pipe with a name cannot be read twice.
        if metadata.is_file() && metadata.len() >= 4 {
            file.by_ref().take(4).read_to_end(&mut head)?;
            file.seek(SeekFrom::End(-4))?;
            file.by_ref().take(4).read_to_end(&mut tail)?;
            file.rewind()?;
        }
        Ok([head, tail])
    };
    let [head, tail] = { ends }().map_err(|error| io_error(path, &error))?;
    match parquet::kind(path, &head, &tail) {
        Ok(kind) => Ok(kind == parquet::Kind::Parquet),
        Err(error) => Err(error.file(path)),
    }
}

#[cfg(test)]
mod tests;
