//! Records to a header and rows of equal width, with a note for whatever is left out.

use super::{Header, Row, Take, note};
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

/// Takes the header off for `header` and gives `take` the rows that fit it, one by one;
/// notes go to `notes`. How many data rows there are.
///
/// `None` if every record is blank.
pub(super) fn assemble(
    mut records: impl Iterator<Item = Result<Record>>,
    header_rows: usize,
    header: &mut Header,
    notes: &mut Vec<Diagnostic>,
    take: &mut Take<'_>,
) -> Result<Option<usize>> {
    let (mut blank, mut head) = (0, Vec::new());
    while head.len() < header_rows {
        match records.next().transpose()? {
            None => break,
            Some(record) if head.is_empty() && record.is_blank() => blank += 1,
            Some(record) => head.push(record),
        }
    }
    if head.is_empty() {
        return Ok(None);
    }
    header.set(join(&head));
    let (mut rows_read, mut skipped, mut padded) = (0, Vec::new(), 0);
    for record in records {
        let record = record?;
        if record.is_blank() {
            blank += 1;
            continue;
        }
        rows_read += 1;
        let too_wide = record.cells.len() > header.columns.len();
        match fit(record, header.columns.len()) {
            Ok(row) => {
                padded += usize::from(too_wide);
                take(header, row)?;
            }
            Err(reason) => skipped.push(reason),
        }
    }
    if rows_read == skipped.len() {
        return Err(no_rows(rows_read, header_rows, skipped.first().map(|reason| &**reason)));
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
    Ok(Some(rows_read))
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
