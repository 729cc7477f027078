//! A codebook in a workbook: a sheet for the codes, one each for the head, axes, nets
//! and lists, and one that explains the columns.
//!
//! Every cell is text by its format, so that a spreadsheet neither runs a rule that
//! begins with `@` or `-` as a formula nor takes `3-4` for a date; nothing needs to be
//! undone when it is read.

use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::sheet::{Rows, rows};
use crate::codebook::keys::{Form, Section};
use crate::codebook::written::Written;
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::read::sheets;
use crate::text;

/// Excel's limit for a cell, in UTF-16 units.
const MAX_CELL: usize = 32_767;
/// The sheet that explains the columns; it is not read.
const HELP: &str = "keys";

/// The sheets, in the order of the workbook.
const SHEETS: [(&str, Section); 5] = [
    ("codes", Section::Code),
    ("codebook", Section::Codebook),
    ("axes", Section::Axis),
    ("nets", Section::Net),
    ("lists", Section::List),
];

pub(super) fn read(path: &Path) -> Result<(Written, Vec<Diagnostic>)> {
    let names = sheets(path)?;
    let mut read = Rows::new(path);
    let mut found = 0;
    for (name, section) in SHEETS {
        if names.iter().any(|known| known == name) {
            read.table(Some((name, section)))?;
            found += 1;
        }
    }
    if let Some((missing, _)) = SHEETS[..2].iter().find(|(name, _)| !names.iter().any(|known| known == name)) {
        let expected = SHEETS.map(|(name, _)| name).join(", ");
        let error = Diagnostic::error(text!(
            "コードブックのシート「{missing}」がありません。",
            "The sheet \"{missing}\" of a codebook is missing."
        ))
        .file(path);
        let seen = names.join(", ");
        return Err(error.hint(text!(
            "シートの名前は {expected} です（{found} 枚がありました。このファイルのシート: {seen}）。",
            "The sheets are {expected} ({found} of them were found; this file has {seen})."
        )));
    }
    read.finish()
}

pub(super) fn write(written: &Written) -> Result<Vec<u8>> {
    for (name, section) in SHEETS {
        for cells in rows(written, section) {
            if let Some(at) = cells.iter().position(|cell| cell.encode_utf16().count() > MAX_CELL) {
                let (id, key) = (&cells[0], section.keys()[at].name);
                return Err(Diagnostic::error(text!(
                    "{name} の {id} の {key} は、Excel のセルに入りません（{MAX_CELL} 文字まで）。",
                    "{key} of {id} in {name} is too long for a cell of Excel (at most {MAX_CELL} characters)."
                ))
                .hint(text!(".csv か .json を選んでください。", "Choose .csv or .json.")));
            }
        }
    }
    book(written).map_err(|error| {
        Diagnostic::error(text!("Excel ファイルを作れません: {error}", "The workbook cannot be made: {error}"))
    })
}

fn book(written: &Written) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The date of making is part of the bytes; the same codebook gives the same file.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for (name, section) in SHEETS {
        let rows = rows(written, section);
        if rows.is_empty() {
            continue;
        }
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        fill(sheet, section, &rows)?;
    }
    help(book.add_worksheet())?;
    book.save_to_buffer()
}

fn text_format() -> Format {
    Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top)
}

fn head_format() -> Format {
    text_format().set_bold().set_background_color("DDE6F0")
}

fn fill(sheet: &mut Worksheet, section: Section, rows: &[Vec<String>]) -> std::result::Result<(), XlsxError> {
    // `quote_prefix` keeps a cell text even when someone edits it.
    let format = text_format().set_quote_prefix();
    for (column, key) in (0u16..).zip(section.keys()) {
        let wide = match key.form {
            Form::Id | Form::Unit => 16.0,
            Form::Text => 24.0,
            Form::Ids => 20.0,
            Form::Texts => 40.0,
            Form::Rule => 60.0,
        };
        sheet.set_column_width(column, wide)?;
        // Blank cells are text as well: a rule is typed there next.
        sheet.set_column_format(column, &format)?;
        sheet.write_string_with_format(0, column, key.name, &head_format())?;
        for (row, cells) in (1u32..).zip(rows) {
            let cell = &cells[usize::from(column)];
            if !cell.is_empty() {
                sheet.write_string_with_format(row, column, cell, &format)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

fn help(sheet: &mut Worksheet) -> std::result::Result<(), XlsxError> {
    sheet.set_name(HELP)?;
    for (column, (name, wide)) in (0u16..).zip([("sheet", 12.0), ("column", 20.0), ("意味", 50.0), ("meaning", 50.0)])
    {
        sheet.set_column_width(column, wide)?;
        sheet.write_string_with_format(0, column, name, &head_format())?;
    }
    let keys = SHEETS.iter().flat_map(|(name, section)| section.keys().iter().map(move |key| (name, key)));
    for (row, (name, key)) in (1u32..).zip(keys) {
        let lines = |lang| match (key.form.is_list(), lang) {
            (true, Lang::Ja) => "（1行に1つ）",
            (true, Lang::En) => " (one a line)",
            (false, _) => "",
        };
        let help = |lang| format!("{}{}", key.help(lang), lines(lang));
        for (column, cell) in (0u16..).zip([*name, key.name, &help(Lang::Ja), &help(Lang::En)]) {
            sheet.write_string_with_format(row, column, cell, &text_format())?;
        }
    }
    Ok(())
}
