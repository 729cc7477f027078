//! Rows as a Parquet file, with types that Spark, pandas and DuckDB can count with.
//!
//! A file is a row of parts (row groups) and a list of contents behind them; each part is
//! kept in memory until it is full. Where a part ends depends on its rows alone.

use std::io;
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::errors::Result as Parsed;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

/// A row group ends with so many rows …
const ROWS: usize = 1 << 16;
/// … or so many bytes of text.
const BYTES: usize = 64 << 20;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word or text in every row.
    Text,
    /// A text, or null.
    Optional,
    /// 1, 0 or null (`INT8`).
    Mark,
    /// A list of numbers.
    Places,
    /// A list of texts.
    Texts,
}

/// A cell; its kind must be that of its column.
pub(crate) enum Cell<'c> {
    Text(&'c str),
    Optional(Option<&'c str>),
    Mark(Option<bool>),
    Places(Vec<i32>),
    Texts(Vec<&'c str>),
}

/// The cells of a column: the values, and for each cell or member of a list how much of it
/// is there (`levels`) and whether it goes on a list (`repeats`).
#[derive(Default)]
struct Column {
    texts: Vec<ByteArray>,
    numbers: Vec<i32>,
    levels: Vec<i16>,
    repeats: Vec<i16>,
}

/// A Parquet file that is being made.
pub(crate) struct Sheet {
    writer: SerializedFileWriter<Vec<u8>>,
    kinds: Vec<Kind>,
    columns: Vec<Column>,
    rows: usize,
    size: usize,
}

impl Sheet {
    /// A file with these columns; `about` is kept in it for whoever asks where it is from.
    pub(crate) fn new(columns: &[(&str, Kind)], about: Vec<(&str, String)>) -> io::Result<Self> {
        let fields = columns.iter().map(|(name, kind)| field(name, *kind)).collect::<Parsed<_>>()?;
        let schema = Type::group_type_builder("aftercode").with_fields(fields).build()?;
        let about = about.into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value)).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_key_value_metadata(Some(about))
            .build();
        Ok(Self {
            writer: SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?,
            kinds: columns.iter().map(|(_, kind)| *kind).collect(),
            columns: columns.iter().map(|_| Column::default()).collect(),
            rows: 0,
            size: 0,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If the file cannot be made, which would be a mistake of the program.
    pub(crate) fn row<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.size += column.add(cell);
        }
        self.rows += 1;
        if self.rows >= ROWS || self.size >= BYTES { self.end_group() } else { Ok(()) }
    }

    /// The bytes that are ready to be written behind those taken before.
    ///
    /// # Errors
    /// As [`Sheet::row`].
    pub(crate) fn take(&mut self) -> io::Result<Vec<u8>> {
        self.writer.flush()?;
        Ok(std::mem::take(self.writer.inner_mut()))
    }

    /// Ends the file and gives the rest of its bytes.
    ///
    /// # Errors
    /// As [`Sheet::row`].
    pub(crate) fn finish(mut self) -> io::Result<Vec<u8>> {
        if self.rows > 0 {
            self.end_group()?;
        }
        Ok(self.writer.into_inner()?)
    }

    fn end_group(&mut self) -> io::Result<()> {
        let mut group = self.writer.next_row_group()?;
        for (kind, column) in self.kinds.iter().zip(&mut self.columns) {
            std::mem::take(column).write(*kind, &mut group)?;
        }
        group.close()?;
        (self.rows, self.size) = (0, 0);
        Ok(())
    }
}

impl Column {
    /// Adds a cell and says how many bytes it takes.
    fn add(&mut self, cell: Cell<'_>) -> usize {
        match cell {
            Cell::Text(text) => self.text(text),
            Cell::Optional(text) => {
                self.levels.push(i16::from(text.is_some()));
                text.map_or(0, |text| self.text(text))
            }
            Cell::Mark(mark) => {
                self.levels.push(i16::from(mark.is_some()));
                self.numbers.extend(mark.map(i32::from));
                0
            }
            Cell::Places(places) => {
                self.list(places.len());
                self.numbers.extend(&places);
                4 * places.len()
            }
            Cell::Texts(texts) => {
                self.list(texts.len());
                texts.into_iter().map(|text| self.text(text)).sum()
            }
        }
    }

    fn text(&mut self, text: &str) -> usize {
        self.texts.push(text.as_bytes().to_vec().into());
        text.len()
    }

    fn list(&mut self, length: usize) {
        self.levels.extend(std::iter::repeat_n(1, length));
        self.repeats.extend((0..length).map(|at| i16::from(at > 0)));
        if length == 0 {
            self.levels.push(0);
            self.repeats.push(0);
        }
    }

    fn write(self, kind: Kind, group: &mut SerializedRowGroupWriter<'_, Vec<u8>>) -> Parsed<()> {
        let Some(mut writer) = group.next_column()? else { return Ok(()) };
        let levels = (kind != Kind::Text).then_some(self.levels.as_slice());
        let repeats = matches!(kind, Kind::Places | Kind::Texts).then_some(self.repeats.as_slice());
        match kind {
            Kind::Text | Kind::Optional | Kind::Texts => {
                writer.typed::<ByteArrayType>().write_batch(&self.texts, levels, repeats)?
            }
            Kind::Mark | Kind::Places => writer.typed::<Int32Type>().write_batch(&self.numbers, levels, repeats)?,
        };
        writer.close()
    }
}

/// A column of the schema.
fn field(name: &str, kind: Kind) -> Parsed<Arc<Type>> {
    let text = |name: &str, repetition| {
        let builder = Type::primitive_type_builder(name, Physical::BYTE_ARRAY).with_repetition(repetition);
        builder.with_logical_type(Some(LogicalType::String)).with_converted_type(ConvertedType::UTF8).build()
    };
    let number = |name: &str, repetition, bits, converted| {
        let builder = Type::primitive_type_builder(name, Physical::INT32).with_repetition(repetition);
        builder.with_logical_type(Some(LogicalType::integer(bits, true))).with_converted_type(converted).build()
    };
    let list = |element: Type| {
        let list = Type::group_type_builder("list")
            .with_repetition(Repetition::REPEATED)
            .with_fields(vec![Arc::new(element)])
            .build()?;
        Type::group_type_builder(name)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(Some(LogicalType::List))
            .with_converted_type(ConvertedType::LIST)
            .with_fields(vec![Arc::new(list)])
            .build()
    };
    let field = match kind {
        Kind::Text => text(name, Repetition::REQUIRED),
        Kind::Optional => text(name, Repetition::OPTIONAL),
        Kind::Mark => number(name, Repetition::OPTIONAL, 8, ConvertedType::INT_8),
        Kind::Places => list(number("element", Repetition::REQUIRED, 32, ConvertedType::INT_32)?),
        Kind::Texts => list(text("element", Repetition::REQUIRED)?),
    };
    field.map(Arc::new)
}
