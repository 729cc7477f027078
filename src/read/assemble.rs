//! Records to a header and rows of equal width, with a note for whatever is left out.

use super::{Row, note};
use crate::diagnostic::{Diagnostic, Lang, Result, Severity};
use crate::text;

/// The longest cell, in characters.
pub(super) const MAX_CELL: usize = 1_000_000;

/// A record as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// One-based line or sheet row.
    pub(super) line: usize,
    /// As many cells as there are.
    pub(super) cells: Vec<String>,
}

impl Record {
    /// Whether nothing but blanks is in it.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| is_blank(cell))
    }
}

fn is_blank(cell: &str) -> bool {
    cell.trim().is_empty()
}

/// A table without its source.
pub(super) struct Body {
    /// The parts of each column's name, top down.
    pub(super) header: Vec<Vec<String>>,
    pub(super) rows: Vec<Row>,
    pub(super) rows_read: usize,
}

/// Takes the header off and fits the rows to it; notes go to `notes`.
///
/// `None` if every record is blank.
pub(super) fn assemble(records: Vec<Record>, header_rows: usize, notes: &mut Vec<Diagnostic>) -> Result<Option<Body>> {
    let mut blank = 0;
    let mut records = records.into_iter().peekable();
    while records.next_if(Record::is_blank).is_some() {
        blank += 1;
    }
    let head: Vec<Record> = records.by_ref().take(header_rows).collect();
    if head.is_empty() {
        return Ok(None);
    }
    let header = join(&head);
    let mut body = Body { header, rows: Vec::new(), rows_read: 0 };
    let mut skipped = Vec::new();
    let mut padded = 0;
    for record in records {
        if record.is_blank() {
            blank += 1;
            continue;
        }
        body.rows_read += 1;
        let too_wide = record.cells.len() > body.header.len();
        match fit(record, body.header.len()) {
            Ok(row) => {
                padded += usize::from(too_wide);
                body.rows.push(row);
            }
            Err(reason) => skipped.push(reason),
        }
    }
    if body.rows.is_empty() {
        return Err(no_rows(body.rows_read, header_rows, skipped.first().map(|reason| &**reason)));
    }
    if blank > 0 {
        notes.push(*note(
            Severity::Note,
            text!("空の行を {blank} 行、読み飛ばしました。", "Passed over blank rows: {blank}."),
        ));
    }
    if padded > 0 {
        notes.push(*note(
            Severity::Note,
            text!(
                "見出しより右に空のセルがある行が {padded} 行ありましたが、そのまま読みました。",
                "Rows with blank cells beyond the header: {padded}. They were read all the same."
            ),
        ));
    }
    notes.extend(skipped.into_iter().map(|reason| *reason));
    Ok(Some(body))
}

fn join(head: &[Record]) -> Vec<Vec<String>> {
    let width = head.iter().map(|record| record.cells.len()).max().unwrap_or(0);
    let part = |record: &Record, column: usize| {
        let cell = record.cells.get(column)?.trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    };
    (0..width).map(|column| head.iter().filter_map(|record| part(record, column)).collect()).collect()
}

/// The row at the header's width, or why it is left out.
pub(super) fn fit(record: Record, width: usize) -> Result<Row> {
    let Record { line, mut cells } = record;
    let count = cells.len();
    if count < width || cells.iter().skip(width).any(|cell| !is_blank(cell)) {
        return Err(ragged(line, count, width));
    }
    cells.truncate(width);
    // The length in bytes is never less than in characters and is free.
    let long = |cell: &String| cell.len() > MAX_CELL && cell.chars().count() > MAX_CELL;
    if let Some(column) = cells.iter().position(long) {
        return Err(too_long(line, column + 1));
    }
    Ok(Row { line, cells })
}

/// Why a row with a cell longer than [`MAX_CELL`] is left out.
pub(super) fn too_long(line: usize, column: usize) -> Box<Diagnostic> {
    note(
        Severity::Skipped,
        text!(
            "100万文字を超えるセルがあるため、この行を除きました。",
            "The row was left out: a cell has more than 1,000,000 characters."
        ),
    )
    .line(line)
    .column(column)
    .hint(text!(
        "引用符の閉じ忘れで後の行まで取り込んでいないか確かめてください。",
        "Check for a missing closing quote that swallowed the rows below."
    ))
}

fn ragged(line: usize, count: usize, width: usize) -> Box<Diagnostic> {
    let (ja, en) = if count < width { ("少ない", "fewer") } else { ("多い", "more") };
    note(
        Severity::Skipped,
        text!(
            "セルが見出しより{ja}ため、この行を除きました（見出し {width} 列、この行 {count} 列）。",
            "The row was left out: it has {en} cells than the header ({count}, header {width})."
        ),
    )
    .line(line)
    .hint(text!("区切り文字や引用符の過不足を直してください。", "Correct the delimiters or quotes of the row."))
}

fn no_rows(read: usize, header_rows: usize, first: Option<&Diagnostic>) -> Box<Diagnostic> {
    let Some(first) = first else {
        return Diagnostic::error(text!(
            "見出しだけで、データの行がありません。",
            "There is a header, but there are no data rows."
        ))
        .hint(text!(
            "書き出しの条件と、見出しの行数（今は {header_rows} 行）を確かめてください。",
            "Check how it was exported, and the number of header rows (now {header_rows})."
        ));
    };
    let (ja, en) = (first.message.get(Lang::Ja), first.message.get(Lang::En));
    let (next_ja, next_en) = first.hint.as_ref().map_or(("", ""), |hint| (&hint.ja, &hint.en));
    let error = Diagnostic::error(text!(
        "データの行が {read} 行ありますが、使える行がありません。",
        "There are data rows ({read}), but none that can be used."
    ))
    .hint(text!("最初の行の理由: {ja}{next_ja}", "The reason for the first: {en} {next_en}"));
    match first.line {
        Some(line) => error.line(line),
        None => error,
    }
}
