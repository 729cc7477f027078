//! Tables in Parquet: what data lakes, Spark, pandas and DuckDB write.
//!
//! Cells are text, written as in a sheet; a null is a blank cell. Row groups are read one
//! after the other and page by page, so that a file may be larger than the memory. There
//! are no lines in such a file: places are data rows, counted from 1.

mod kind;
mod pages;
mod value;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result as Parsed};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::{ColumnDescPtr, Type};

use super::assemble::{MAX_CELL, Record, assemble, fit, too_long};
use super::rows::Found;
use super::{Format, Grid, Header, MAX_FILE_BYTES, Options, Row, Take, empty, note, too_large};
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::text;
pub(super) use kind::{Kind, kind};
use pages::{Packing, Unpacked};
use value::{Form, Stored, text as text_of};

/// So many rows are read of each column before the next.
const STEP: usize = 1024;

/// A column of the table.
struct Column {
    name: String,
    /// Its place among the stored columns and what its values are, or why it is no text.
    kept: std::result::Result<(usize, Form), Unfit>,
}

/// Why a column cannot be read.
#[derive(Clone, Debug)]
enum Unfit {
    /// It holds lists, groups or another type that is no single value.
    Type(String),
    /// It is packed in a way that is not known here.
    Packed(String),
}

/// The rows of a Parquet file.
pub(super) struct Reader<R> {
    path: PathBuf,
    chunks: Arc<R>,
    meta: ParquetMetaData,
    columns: Vec<Column>,
    wanted: Vec<bool>,
    /// The next row group.
    group: usize,
    /// One a column, of the row group that is being read.
    readers: Vec<Option<ColumnReader>>,
    /// Rows of the row group that are not read yet.
    left: usize,
    /// Values by column, then row; those of a column that is not wanted are missing.
    step: Vec<Vec<Option<Stored>>>,
    at: usize,
    rows: usize,
    /// One-based number of the last row.
    row: usize,
}

impl<R: ChunkReader + 'static> Reader<R> {
    /// Reads the list of columns. All of them that can be read are wanted.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(super) fn open(chunks: R, path: &Path) -> Result<Self> {
        let meta =
            guard(|| ParquetMetaDataReader::new().parse_and_finish(&chunks)).map_err(|error| error.file(path))?;
        let columns = columns(&meta);
        Ok(Self {
            path: path.to_path_buf(),
            chunks: Arc::new(chunks),
            wanted: columns.iter().map(|column| column.kept.is_ok()).collect(),
            readers: Vec::new(),
            step: vec![Vec::new(); columns.len()],
            meta,
            columns,
            group: 0,
            left: 0,
            at: 0,
            rows: 0,
            row: 0,
        })
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.trim().to_owned()).collect()
    }

    /// Reads these columns only; the cells of others stay empty.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub(super) fn want(&mut self, wanted: &[usize]) -> Result<()> {
        for &at in wanted {
            if let Some(error) = self.unfit(at) {
                return Err(error);
            }
        }
        self.wanted = (0..self.columns.len()).map(|at| wanted.contains(&at)).collect();
        Ok(())
    }

    /// Why the column at this index cannot be read.
    pub(super) fn unfit(&self, at: usize) -> Option<Box<Diagnostic>> {
        let Column { name, kept } = &self.columns[at];
        let error = match kept.as_ref().err()? {
            Unfit::Type(kind) => Diagnostic::error(text!(
                "列「{name}」は文字・数・日付ではない型（{kind}）のため、読めません。",
                "The column \"{name}\" has a type ({kind}) that is no text, number or date."
            ))
            .hint(text!("文字の列にして書き出し直してください。", "Write it again with the column as text.")),
            Unfit::Packed(codec) => Diagnostic::error(text!(
                "列「{name}」の圧縮方式 {codec} には対応していません。",
                "The column \"{name}\" is packed by {codec}, which is not supported."
            ))
            .hint(text!(
                "snappy、gzip、zstd のどれか、または圧縮なしで書き出し直してください。",
                "Write it again with snappy, gzip or zstd, or without compression."
            )),
        };
        Some(error.file(&self.path))
    }

    /// The next row, or why it cannot be used; `None` at the end. Rows may be blank.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(super) fn next_row(&mut self) -> Result<Option<Found>> {
        while self.at == self.rows {
            if self.left == 0 && !self.next_group()? {
                return Ok(None);
            }
            self.advance()?;
        }
        let at = self.at;
        (self.at, self.row) = (at + 1, self.row + 1);
        Ok(Some(self.cells(at).and_then(|cells| fit(Record { line: self.row, cells }, self.columns.len()))))
    }

    fn cells(&self, at: usize) -> Result<Vec<String>> {
        let mut cells = vec![String::new(); self.columns.len()];
        for (column, cell) in cells.iter_mut().enumerate().filter(|(column, _)| self.wanted[*column]) {
            let (Some(Some(value)), Ok((_, form))) = (self.step[column].get(at), &self.columns[column].kept) else {
                continue;
            };
            // A few bytes in the file can stand for very many in the cell, row after row.
            if matches!(value, Stored::Bytes(bytes) if bytes.len() > 4 * MAX_CELL) {
                return Err(too_long(self.row, column + 1));
            }
            *cell = match text_of(value, *form) {
                Some(text) if !text.contains('\0') => text,
                _ => return Err(no_text(self.row, column + 1)),
            };
        }
        Ok(cells)
    }

    /// Begins the next row group; `false` at the end of the file.
    fn next_group(&mut self) -> Result<bool> {
        let Some(group) = self.meta.row_groups().get(self.group) else { return Ok(false) };
        let (chunks, columns, wanted) = (&self.chunks, &self.columns, &self.wanted);
        let (left, readers) = guard(|| {
            let left = usize::try_from(group.num_rows())?;
            let reader = |(column, wanted): (&Column, &bool)| match column.kept {
                Ok((leaf, _)) if *wanted => column_reader(chunks, group, leaf, left).map(Some),
                _ => Ok(None),
            };
            Ok((left, columns.iter().zip(wanted).map(reader).collect::<Parsed<Vec<_>>>()?))
        })
        .map_err(|error| error.file(&self.path))?;
        (self.left, self.readers) = (left, readers);
        self.group += 1;
        Ok(true)
    }

    /// Reads some rows of every column.
    fn advance(&mut self) -> Result<()> {
        let rows = self.left.min(STEP);
        for (reader, values) in self.readers.iter_mut().zip(&mut self.step) {
            values.clear();
            if let Some(reader) = reader {
                guard(|| read_values(reader, rows, values))
                    .map_err(|error| error.file(&self.path).line(self.row + 1))?;
            }
        }
        (self.at, self.rows) = (0, rows);
        self.left -= rows;
        Ok(())
    }
}

/// The columns of the table, each of a plain value or with the reason why not.
fn columns(meta: &ParquetMetaData) -> Vec<Column> {
    let schema = meta.file_metadata().schema_descr();
    let fields = schema.root_schema().get_fields();
    let leaves: Vec<(usize, ColumnDescPtr)> = schema
        .columns()
        .iter()
        .enumerate()
        .map(|(leaf, column)| (schema.get_column_root_idx(leaf), column.clone()))
        .collect();
    let kept = |root: usize, field: &Type| {
        let leaf = leaves.iter().position(|(of, _)| *of == root);
        let form = leaf.filter(|&leaf| field.is_primitive() && leaves[leaf].1.max_rep_level() == 0);
        let form = form.and_then(|leaf| Some((leaf, Form::of(&leaves[leaf].1)?)));
        let (leaf, form) = form.ok_or_else(|| Unfit::Type(kind_of(field)))?;
        let codec = |group: &RowGroupMetaData| group.columns().get(leaf).map(|chunk| chunk.compression_codec());
        match meta.row_groups().iter().filter_map(codec).find(|codec| Packing::of(*codec).is_none()) {
            Some(codec) => Err(Unfit::Packed(codec.to_string())),
            None => Ok((leaf, form)),
        }
    };
    let column = |(root, field): (usize, &Arc<Type>)| Column { name: field.name().to_owned(), kept: kept(root, field) };
    fields.iter().enumerate().map(column).collect()
}

/// The name of a type that is no plain value.
fn kind_of(field: &Type) -> String {
    let info = field.get_basic_info();
    match (info.logical_type_ref(), field.is_group()) {
        (Some(kind), _) => format!("{kind:?}").to_uppercase(),
        (None, true) => "GROUP".to_owned(),
        (None, false) => field.get_physical_type().to_string(),
    }
}

fn column_reader<R: ChunkReader + 'static>(
    chunks: &Arc<R>,
    group: &RowGroupMetaData,
    leaf: usize,
    rows: usize,
) -> Parsed<ColumnReader> {
    let chunk = group.columns().get(leaf).ok_or_else(|| ParquetError::General("a column is missing".to_owned()))?;
    let packing = Packing::of(chunk.compression_codec()).unwrap_or(Packing::Plain);
    // The pages come as they are stored, and are unpacked within limits.
    let stored = chunk.clone().into_builder().set_compression(parquet::basic::Compression::UNCOMPRESSED).build()?;
    let inner = SerializedPageReader::new(Arc::clone(chunks), &stored, rows, None)?;
    Ok(get_column_reader(chunk.column_descr_ptr(), Box::new(Unpacked { inner, packing })))
}

/// Reads `rows` values.
fn read_values(reader: &mut ColumnReader, rows: usize, values: &mut Vec<Option<Stored>>) -> Parsed<()> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => typed(reader, rows, values, Stored::Bool),
        ColumnReader::Int32ColumnReader(reader) => typed(reader, rows, values, Stored::Int32),
        ColumnReader::Int64ColumnReader(reader) => typed(reader, rows, values, Stored::Int64),
        ColumnReader::Int96ColumnReader(reader) => typed(reader, rows, values, Stored::Int96),
        ColumnReader::FloatColumnReader(reader) => typed(reader, rows, values, Stored::Float),
        ColumnReader::DoubleColumnReader(reader) => typed(reader, rows, values, Stored::Double),
        ColumnReader::ByteArrayColumnReader(reader) => typed(reader, rows, values, Stored::Bytes),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            typed(reader, rows, values, |value| Stored::Bytes(value.into()))
        }
    }
}

fn typed<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    values: &mut Vec<Option<Stored>>,
    stored: impl Fn(T::T) -> Stored,
) -> Parsed<()> {
    let (mut levels, mut found) = (Vec::new(), Vec::new());
    let (records, _, _) = reader.read_records(rows, Some(&mut levels), None, &mut found)?;
    let mut found = found.into_iter().map(stored);
    if levels.is_empty() {
        values.extend(found.map(Some));
    } else {
        values.extend(levels.iter().map(|level| if *level > 0 { found.next() } else { None }));
    }
    if records != rows || values.len() != rows {
        return Err(ParquetError::EOF(format!("{rows} rows expected, {records} found")));
    }
    Ok(())
}

/// Does what may fail on a damaged file. The `parquet` crate means to give errors, but no
/// one has tried every damage: what panics in it is an error as well.
fn guard<T>(work: impl FnOnce() -> Parsed<T>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(damaged(&error.to_string())),
        Err(_) => Err(damaged("panic")),
    }
}

fn damaged(reason: &str) -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "Parquet ファイルが壊れているか、途中で切れています（{reason}）。",
        "The Parquet file is damaged or cut off ({reason})."
    ))
    .hint(text!("コピーし直すか、書き出し直してください。", "Copy it again, or write it again."))
}

fn no_text(row: usize, column: usize) -> Box<Diagnostic> {
    note(
        Severity::Skipped,
        text!(
            "UTF-8 の文字として読めないセルがあるため、この行を除きました。",
            "The row was left out: a cell is no text in UTF-8."
        ),
    )
    .line(row)
    .column(column)
    .hint(text!("文字の列にして書き出し直してください。", "Write it again with the column as text."))
}

/// Reads a whole file.
///
/// # Errors
/// If it is damaged, or holds more text than may be read at once.
pub(super) fn read(
    bytes: Bytes,
    path: &Path,
    options: &Options,
    mut header: Header,
    take: &mut Take<'_>,
) -> Result<Grid> {
    if options.header_rows != 1 {
        return Err(Diagnostic::error(text!(
            "Parquet には見出しの行がないため、header_rows は使えません。",
            "Parquet has no rows of a header: header_rows cannot be used."
        ))
        .hint(text!("header_rows を消してください。", "Delete header_rows.")));
    }
    let mut reader = Reader::open(bytes, path)?;
    let names = reader.names();
    header.unfit = (0..names.len()).filter_map(|at| Some((names[at].clone(), reader.unfit(at)?))).collect();
    let (mut skipped, mut size) = (Vec::new(), 0);
    let mut next = || loop {
        match reader.next_row()? {
            None => return Ok(None),
            Some(Ok(Row { line, cells })) => {
                size += cells.iter().map(|cell| cell.len() as u64).sum::<u64>();
                return if size > MAX_FILE_BYTES { Err(too_large()) } else { Ok(Some(Record { line, cells })) };
            }
            Some(Err(reason)) => skipped.push(*reason),
        }
    };
    let records =
        std::iter::once(Ok(Record { line: 0, cells: names })).chain(std::iter::from_fn(|| next().transpose()));
    let mut notes = Vec::new();
    let rows_read = assemble(records, 1, &mut header, &mut notes, take)?.ok_or_else(empty)?;
    let rows_read = rows_read + skipped.len();
    skipped.append(&mut notes);
    Ok(Grid { header, rows_read, format: Format::Parquet, encoding: None, sheet: None, notes: skipped })
}
