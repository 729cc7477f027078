//! One sheet of an XLSX workbook.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use super::assemble::{Record, assemble};
use super::{Format, Grid, Header, Options, Row, Take, archive, cell, note};
use crate::diagnostic::{Diagnostic, Result, Severity, did_you_mean, fold_key};
use crate::text;

/// The rows and columns a sheet can have (Excel specifications and limits).
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;
/// Cells a table may span, empty ones included: a stray mark in the last corner of
/// a sheet must not claim all the memory.
const MAX_CELLS: usize = 100_000_000;
/// Bytes of text a sheet may hold; one shared string can stand in a million cells.
const MAX_TEXT: usize = 2 << 30;
/// Warnings about single cells, before the rest is only counted.
const MAX_WARNINGS: usize = 20;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads the sheet that `options` names, or the first visible one.
pub(super) fn read(bytes: &[u8], options: &Options, header: Header, take: &mut Take<'_>) -> Result<Grid> {
    archive::check(bytes)?;
    // calamine computes with whatever numbers a damaged sheet holds, and can panic.
    let read = catch_unwind(AssertUnwindSafe(|| read_book(bytes, options, header)));
    let (grid, rows) = read.unwrap_or_else(|_| Err(archive::broken()))?;
    rows.into_iter().try_for_each(|row| take(&grid.header, row))?;
    Ok(grid)
}

/// The names of the worksheets, in the workbook's order.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<String>> {
    archive::check(bytes)?;
    let names = || {
        let book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(failure)?;
        let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        Ok(sheets.map(|sheet| sheet.name.clone()).collect())
    };
    catch_unwind(AssertUnwindSafe(names)).unwrap_or_else(|_| Err(archive::broken()))
}

fn read_book(bytes: &[u8], options: &Options, mut header: Header) -> Result<(Grid, Vec<Row>)> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(failure)?;
    let mut notes = Vec::new();
    let sheet = choose(&book, options.sheet.as_deref(), &mut notes)?;
    let cells = collect(&mut book, &sheet, &mut notes)?;
    let Some((first_column, mut records)) = records(cells)? else { return Err(no_cells(&book, &sheet)) };
    let merges = book.merge_cells_by_sheet_name(&sheet).map_err(failure)?;
    let header_end = spread_merges(&mut records, &merges, first_column, options.header_rows);
    warn_of_merges(&records, &merges, header_end, &mut notes);
    warn_of_formulas(&mut book, &sheet, &mut notes)?;
    header.first_column = first_column;
    let (mut rows, records) = (Vec::new(), records.into_iter().map(Ok));
    let rows_read = assemble(records, options.header_rows, &mut header, &mut notes, &mut |_, row| {
        rows.push(row);
        Ok(())
    })?;
    let rows_read = rows_read.ok_or_else(|| no_cells(&book, &sheet))?;
    Ok((Grid { header, rows_read, format: Format::Xlsx, encoding: None, sheet: Some(sheet), notes }, rows))
}

/// What a failure of calamine means to the user.
fn failure(error: XlsxError) -> Box<Diagnostic> {
    match error {
        XlsxError::CellError(value) => Diagnostic::error(text!(
            "読めないエラー値のセルがあります（{value}）。",
            "A cell holds an error value that cannot be read ({value})."
        ))
        .hint(text!(
            "Excel でそのセルを直すか、値に置き換えて保存し直してください。",
            "Correct the cell in Excel, or replace it with a value, and save again."
        )),
        _ => archive::broken(),
    }
}

fn quoted(names: &[&str]) -> (String, String) {
    let ja = names.iter().map(|name| format!("「{name}」")).collect::<String>();
    let en = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    (ja, en)
}

fn choose(book: &Book<'_>, wanted: Option<&str>, notes: &mut Vec<Diagnostic>) -> Result<String> {
    let sheets: Vec<_> = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).collect();
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    if let Some(wanted) = wanted {
        return by_name(wanted, &names);
    }
    let visible: Vec<&str> =
        sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.as_str()).collect();
    let Some(&first) = visible.first().or(names.first()) else {
        return Err(Diagnostic::error(text!("表のシートがありません。", "There is no worksheet."))
            .hint(text!("表のあるファイルを指定してください。", "Name a file with a table.")));
    };
    if visible.len() > 1 {
        let (ja, en) = quoted(&visible[1..]);
        let choice = note(
            Severity::Note,
            text!(
                "最初のシート「{first}」を読みました（ほかに{ja}）。",
                "Read the first sheet \"{first}\" (there are also {en})."
            ),
        )
        .hint(text!("別のシートなら、sheet に名前を指定してください。", "For another one, name it as the sheet."));
        notes.push(*choice);
    }
    Ok(first.to_owned())
}

fn by_name(wanted: &str, names: &[&str]) -> Result<String> {
    let alike: Vec<&str> = names.iter().copied().filter(|name| fold_key(name) == fold_key(wanted)).collect();
    if let Some(name) = names.iter().find(|name| **name == wanted) {
        return Ok((*name).to_owned());
    }
    if let [name] = alike.as_slice() {
        return Ok((*name).to_owned());
    }
    let (near_ja, near_en) = match did_you_mean(wanted, names.iter().copied()) {
        Some(near) => (format!("「{near}」のことでしょうか。"), format!("Did you mean \"{near}\"? ")),
        None => (String::new(), String::new()),
    };
    let (ja, en) = quoted(names);
    Err(Diagnostic::error(text!("シート「{wanted}」がありません。", "There is no sheet \"{wanted}\"."))
        .hint(text!("{near_ja}あるシート: {ja}", "{near_en}There is: {en}")))
}

fn no_cells(book: &Book<'_>, sheet: &str) -> Box<Diagnostic> {
    let names = book.sheet_names();
    let others: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != sheet).collect();
    let error = Diagnostic::error(text!("シート「{sheet}」は空です。", "The sheet \"{sheet}\" is empty."));
    if others.is_empty() {
        return error.hint(text!("データの入ったファイルを指定してください。", "Name a file with data in it."));
    }
    let (ja, en) = quoted(&others);
    error.hint(text!(
        "データのあるシートを sheet に指定してください（ほかに{ja}）。",
        "Name the sheet with the data (there are also {en})."
    ))
}

/// The cells that are not blank, by zero-based row and column.
type Cells = BTreeMap<u32, BTreeMap<u32, String>>;

fn collect(book: &mut Book<'_>, sheet: &str, notes: &mut Vec<Diagnostic>) -> Result<Cells> {
    let is_1904 = book.has_1904_epoch();
    let mut reader = book.worksheet_cells_reader(sheet).map_err(failure)?;
    let mut cells = Cells::new();
    let (mut errors, mut size) = (0, 0);
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(failure)? {
        let (row, column) = cell.get_position();
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(archive::broken());
        }
        let style = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
        let text = cell::text(cell.get_value(), style.map_or("General", |format| format.format_code.as_str()), is_1904);
        if let DataRef::Error(_) = cell.get_value() {
            errors += 1;
            if errors <= MAX_WARNINGS {
                notes.push(*error_value(row, column, &text));
            }
        }
        size += text.len();
        if size > MAX_TEXT {
            return Err(too_wide());
        }
        // Of two values for one cell, either could be the one that was meant.
        if !text.trim().is_empty() && cells.entry(row).or_default().insert(column, text).is_some() {
            return Err(archive::broken());
        }
    }
    if errors > MAX_WARNINGS {
        let more = errors - MAX_WARNINGS;
        notes.push(*note(
            Severity::Warning,
            text!("エラー値のセルが、ほかに {more} 個あります。", "More cells with an error value: {more}."),
        ));
    }
    Ok(cells)
}

fn error_value(row: u32, column: u32, value: &str) -> Box<Diagnostic> {
    note(
        Severity::Warning,
        text!("エラー値 {value} を、そのまま文字として読みました。", "The error value {value} was read as text."),
    )
    .line(row as usize + 1)
    .column(column as usize + 1)
    .hint(text!("Excel で数式か値を直してください。", "Correct the formula or the value in Excel."))
}

fn too_wide() -> Box<Diagnostic> {
    Diagnostic::error(text!("シートの表が大きすぎます。", "The table of the sheet is too large.")).hint(text!(
        "表から離れたところにある要らないセルを消すか、シートを分けてください。",
        "Delete stray cells far from the table, or split the sheet."
    ))
}

/// The used range as records, and its first column; absent rows are empty records.
fn records(cells: Cells) -> Result<Option<(usize, Vec<Record>)>> {
    let columns = || cells.values().flat_map(|row| row.keys());
    let (Some(&left), Some(&right)) = (columns().min(), columns().max()) else { return Ok(None) };
    let (Some(&top), Some(&bottom)) = (cells.keys().next(), cells.keys().next_back()) else { return Ok(None) };
    let width = (right - left) as usize + 1;
    if width.saturating_mul(cells.len()) > MAX_CELLS || (bottom - top) as usize > MAX_CELLS {
        return Err(too_wide());
    }
    let mut records = Vec::with_capacity((bottom - top) as usize + 1);
    for (row, filled) in cells {
        let line = row as usize + 1;
        let next = records.last().map_or(line, |record: &Record| record.line + 1);
        records.extend((next..line).map(|line| Record { line, cells: Vec::new() }));
        let mut cells = vec![String::new(); width];
        for (column, text) in filled {
            cells[(column - left) as usize] = text;
        }
        records.push(Record { line, cells });
    }
    Ok(Some((left as usize, records)))
}

/// Repeats a merged cell of the upper header rows over the columns it spans, and
/// tells the sheet row after the header.
fn spread_merges(records: &mut [Record], merges: &[Dimensions], left: usize, header_rows: usize) -> usize {
    // The first record of the used range is the first that is not blank.
    let top = records.first().map_or(1, |record| record.line);
    for merge in merges {
        let row = merge.start.0 as usize + 1;
        if row < top || row + 1 >= top + header_rows {
            continue;
        }
        let Some(record) = records.get_mut(row - top) else { continue };
        let first = (merge.start.1 as usize).saturating_sub(left);
        let last = (merge.end.1 as usize).saturating_sub(left);
        let Some(value) = record.cells.get(first).cloned() else { continue };
        for cell in record.cells.iter_mut().take(last + 1).skip(first + 1) {
            cell.clone_from(&value);
        }
    }
    top + header_rows
}

fn warn_of_merges(records: &[Record], merges: &[Dimensions], from: usize, notes: &mut Vec<Diagnostic>) {
    let last = records.last().map_or(0, |record| record.line);
    let rows = || merges.iter().map(|merge| merge.start.0 as usize + 1).filter(|row| (from..=last).contains(row));
    let Some(first) = rows().min() else { return };
    let count = rows().count();
    let warning = note(
        Severity::Warning,
        text!(
            "データの行に結合セルが {count} 個あります。値は左上のセルにだけ入り、ほかは空です。",
            "Merged cells in data rows: {count}. Only the upper left cell of each has the value."
        ),
    )
    .line(first)
    .hint(text!("結合を解除し、それぞれのセルに値を入れてください。", "Unmerge them and fill in every cell."));
    notes.push(*warning);
}

/// A formula without a stored result reads as blank, though Excel would show a value.
fn warn_of_formulas(book: &mut Book<'_>, sheet: &str, notes: &mut Vec<Diagnostic>) -> Result<()> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(failure)?;
    let (mut first, mut count) = (None, 0);
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(failure)? {
        if record.formula.is_some() && record.value == DataRef::Empty {
            first.get_or_insert(record.pos);
            count += 1;
        }
    }
    let Some((row, column)) = first else { return Ok(()) };
    let warning = note(
        Severity::Warning,
        text!(
            "結果が保存されていない数式のセルが {count} 個あり、空として読みました。",
            "Formulas without a stored result: {count}. They were read as blank."
        ),
    )
    .line(row as usize + 1)
    .column(column as usize + 1)
    .hint(text!(
        "Excel で開いて保存し直すと、結果が入ります。",
        "Open and save the file in Excel to store the results."
    ));
    notes.push(*warning);
    Ok(())
}
