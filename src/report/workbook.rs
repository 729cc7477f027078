//! `themes.xlsx`: the numbers of `themes.csv` and `tables.csv` for reading in Excel, with
//! charts, the codings with their words, and how it was done.
//!
//! Nothing is written as a formula: what people wrote is text whatever it starts with.
//! The date of making is fixed, so that the same results give the same bytes.

mod codings;
mod names;
mod tables;

use std::borrow::Cow;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::csv::themes_records;
use super::methods::methods;
use super::records::Records;
use super::{Outcome, layout};
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::text;
use names::Names;

/// Rows of a sheet of Excel.
const MAX_ROWS: usize = 1_048_576;
/// Excel's limit for a cell, in UTF-16 units.
const MAX_CELL: usize = 32_767;

/// The formats of cells.
struct Formats {
    title: Format,
    head: Format,
    name: Format,
    member: Format,
    count: Format,
    percent: Format,
    right: Format,
    text: Format,
    note: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = || Format::new().set_border_bottom(FormatBorder::Hair).set_border_color("B8C2CF");
        let text = Format::new().set_align(FormatAlign::Top).set_text_wrap();
        Self {
            title: Format::new().set_bold().set_font_size(14),
            head: Format::new()
                .set_bold()
                .set_background_color("DDE6F0")
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_border(FormatBorder::Thin)
                .set_border_color("B8C2CF"),
            name: cell(),
            member: cell().set_indent(1),
            count: cell().set_num_format("#,##0"),
            percent: cell().set_num_format("0.0"),
            right: cell().set_align(FormatAlign::Right),
            text: text.clone().set_quote_prefix(),
            note: text,
        }
    }
}

/// The bytes of the workbook.
///
/// # Errors
/// If it cannot be made, which no content of a study should bring about.
pub(super) fn bytes(outcome: &Outcome<'_>) -> Result<Vec<u8>> {
    book(outcome).map_err(|error| {
        Diagnostic::error(text!("themes.xlsx を作れません: {error}", "themes.xlsx cannot be made: {error}"))
    })
}

fn book(outcome: &Outcome<'_>) -> std::result::Result<Vec<u8>, XlsxError> {
    let lang = outcome.lang;
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let formats = Formats::new();
    let mut names = Names::default();
    for table in outcome.tables {
        let id = &outcome.survey().questions[table.question].id;
        let sheet = book.add_worksheet();
        sheet.set_name(names.free(id))?;
        let drawn = table.items.iter().take_while(|item| !matches!(item, crate::tabulate::Item::Reserved(_))).count();
        tables::fill(sheet, &formats, &layout::themes(outcome, table, lang), Some(drawn), lang)?;
    }
    for tabulated in outcome.tabulated {
        let sheet = book.add_worksheet();
        sheet.set_name(names.free(&tabulated.table.id))?;
        tables::fill(sheet, &formats, &layout::table(tabulated, lang), None, lang)?;
    }
    let sheet = book.add_worksheet();
    sheet.set_name(names.free(say("コーディング", "codings")))?;
    codings::fill(sheet, &formats, outcome)?;
    let sheet = book.add_worksheet();
    sheet.set_name(names.free(say("数値", "numbers")))?;
    numbers(sheet, &formats, &themes_records(outcome.tables, outcome.survey(), outcome.codebook, outcome.lang))?;
    let sheet = book.add_worksheet();
    sheet.set_name(names.free(say("方法", "methods")))?;
    said(sheet, &formats, outcome)?;
    book.save_to_buffer()
}

/// `themes.csv` as it is, for pivot tables.
fn numbers(sheet: &mut Worksheet, formats: &Formats, records: &Records) -> std::result::Result<(), XlsxError> {
    let widths = [10.0, 10.0, 20.0, 36.0, 10.0, 14.0, 22.0, 8.0, 8.0, 9.0, 9.0, 9.0];
    for ((column, name), wide) in (0u16..).zip(&records.header).zip(widths) {
        sheet.set_column_width(column, wide)?;
        sheet.write_string_with_format(0, column, *name, &formats.head)?;
    }
    for (row, cells) in (1u32..).zip(records.rows.iter().take(MAX_ROWS - 1)) {
        for ((column, cell), name) in (0u16..).zip(cells).zip(&records.header) {
            match cell.parse::<f64>() {
                _ if cell.is_empty() => {}
                Ok(number) if Records::is_number(name) => {
                    let format = if matches!(*name, "count" | "base") { &formats.count } else { &formats.percent };
                    sheet.write_number_with_format(row, column, number, format)?;
                }
                _ => {
                    sheet.write_string_with_format(row, column, cut(cell), &formats.name)?;
                }
            }
        }
    }
    let last = records.rows.len().min(MAX_ROWS - 1) as u32;
    sheet.autofilter(0, 0, last, records.header.len() as u16 - 1)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn said(sheet: &mut Worksheet, formats: &Formats, outcome: &Outcome<'_>) -> std::result::Result<(), XlsxError> {
    let lang = outcome.lang;
    sheet.set_column_width(0, 18)?;
    sheet.set_column_width(1, 100)?;
    let title = outcome.study.title.as_deref().unwrap_or(&outcome.study.id);
    sheet.write_string_with_format(0, 0, cut(title), &formats.title)?;
    for (row, (heading, text)) in (2u32..).zip(methods(outcome)) {
        sheet.write_string_with_format(row, 0, heading.get(lang), &formats.head)?;
        sheet.write_string_with_format(row, 1, cut(text.get(lang)), &formats.note)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

/// As much of `text` as fits in a cell.
fn cut(text: &str) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > MAX_CELL {
            return &text[..at];
        }
    }
    text
}

/// The text for a rich string, in which the library escapes neither control characters,
/// which XML cannot hold, nor `_x0041_`, which a spreadsheet would take for a character.
fn literal(text: &str) -> Cow<'_, str> {
    let is_number = |at: usize| {
        let bytes = text.as_bytes().get(at + 2..at + 7);
        bytes.is_some_and(|bytes| bytes[..4].iter().all(u8::is_ascii_hexdigit) && bytes[4] == b'_')
    };
    let is_code = |at: usize| text[at..].starts_with("_x") && is_number(at);
    let is_control =
        |c: char| (c.is_ascii_control() && !matches!(c, '\t' | '\n')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if !text.char_indices().any(|(at, c)| is_control(c) || is_code(at)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        if is_control(c) {
            out.push_str(&format!("_x{:04X}_", u32::from(c)));
            continue;
        }
        if is_code(at) {
            out.push_str("_x005F");
        }
        out.push(c);
    }
    Cow::Owned(out)
}
