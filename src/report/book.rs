//! Tables of text as a workbook. Every cell is text by its format, so that a spreadsheet
//! runs none as a formula and makes no dates; the same tables give the same bytes.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr as _;

use crate::diagnostic::Diagnostic;
use crate::text;

/// A new workbook; the date of making would be part of the bytes.
///
/// # Errors
/// Never for this date.
pub(super) fn workbook() -> std::result::Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    Ok(book)
}

/// The format of cells that are text.
pub(super) fn text_format() -> Format {
    Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top).set_quote_prefix()
}

/// The format of a header.
pub(super) fn head_format() -> Format {
    Format::new()
        .set_num_format("@")
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_bold()
        .set_background_color("DDE6F0")
}

/// The message that a workbook could not be made.
pub(super) fn failed(error: &XlsxError) -> Box<Diagnostic> {
    Diagnostic::error(text!("Excel ファイルを作れません: {error}", "The workbook cannot be made: {error}"))
        .hint(text!(".csv を選んでください。", "Choose .csv."))
}

/// A sheet: name, header, rows.
pub(super) type SheetOf<'s> = (&'s str, &'s [String], &'s [Vec<String>]);

/// Writes a table on a sheet.
///
/// # Errors
/// If a cell is too long for Excel.
pub(super) fn fill<'w>(
    sheet: &'w mut Worksheet,
    (name, header, rows): SheetOf<'_>,
) -> std::result::Result<&'w mut Worksheet, XlsxError> {
    let (body, head) = (text_format(), head_format());
    sheet.set_name(name)?;
    for (column, title) in (0u16..).zip(header) {
        let at = usize::from(column);
        let widest = rows.iter().flat_map(|row| row[at].lines().map(|line| line.width())).max().unwrap_or(0);
        sheet.set_column_width(column, widest.max(title.width()).clamp(8, 60) as f64 + 2.0)?;
        sheet.write_string_with_format(0, column, title, &head)?;
        for (row, cells) in (1u32..).zip(rows) {
            sheet.write_string_with_format(row, column, &cells[at], &body)?;
        }
    }
    sheet.set_freeze_panes(1, 0)
}
