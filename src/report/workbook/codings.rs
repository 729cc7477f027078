//! The codings on a sheet, the words that gave them marked in the answer: as many as a
//! person may read. All are in `codings.csv`.

use rust_xlsxwriter::{Color, Format, Worksheet, XlsxError};

use super::{Formats, cut, literal};
use crate::diagnostic::Lang;
use crate::report::quoted::{Groups, Quoted};
use crate::report::{Outcome, csv::answers};
use crate::span::Span;
use crate::text;

/// Codings on the sheet; a sheet with all of a large study is slow to make and to open.
const MOST: usize = 10_000;

/// Writes a row a coding, in the order of `codings.csv`.
pub(super) fn fill(sheet: &mut Worksheet, formats: &Formats, outcome: &Outcome<'_>) -> Result<(), XlsxError> {
    let lang = outcome.lang;
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let attributes = &outcome.survey().attributes;
    let head = [say("回答者", "respondent"), say("設問", "question")];
    let tail = [
        (say("コード", "code"), 20.0),
        (say("名前", "label"), 32.0),
        (say("立場", "stance"), 16.0),
        (say("根拠", "evidence"), 28.0),
        (say("回答", "answer"), 80.0),
    ];
    let names = head.iter().map(|name| (*name, 12.0));
    let names = names.chain(attributes.iter().map(|attribute| (attribute.name.as_str(), 18.0))).chain(tail);
    for (column, (name, wide)) in (0u16..).zip(names) {
        sheet.set_column_width(column, wide)?;
        sheet.write_string_with_format(0, column, cut(name), &formats.head)?;
    }
    let marked = Format::new().set_bold().set_font_color(Color::RGB(0x00B0_2418)).set_text_wrap();
    let label = |id: &str| outcome.codebook.code(id).map(|code| outcome.codebook.codes[code].label.get(lang));
    let named = Groups::new(outcome);
    let mut row = 0;
    for (respondent, question, answer, coded) in answers(outcome) {
        let reserved = coded.reserved.map(|reserved| &outcome.codebook.reserved[reserved]);
        let whole = [Span::new(0, answer.answer().len())];
        let reserved = reserved.map(|code| (code.id.as_str(), code.label.get(lang), "", whole.as_slice()));
        let codings = coded.codings.iter().map(|coding| {
            let code = &outcome.codebook.codes[coding.code];
            let stance = coding.stance.as_ref().map_or("", |stance| label(&stance.id).unwrap_or(&stance.id));
            (code.id.as_str(), code.label.get(lang), stance, coding.evidence.as_slice())
        });
        for (code, name, stance, evidence) in reserved.into_iter().chain(codings) {
            row += 1;
            if row > MOST {
                let full = text!(
                    "ここまで {MOST} 行。これより後は codings.csv にあります。",
                    "So far {MOST} rows; the rest is in codings.csv."
                );
                sheet.write_string(row as u32, 0, full.get(lang))?;
                return finish(sheet, row - 1, attributes.len());
            }
            let values = named.values(respondent).map(|value| value.unwrap_or(""));
            let words: Vec<_> =
                evidence.iter().map(|span| answer.words(*span)).filter(|words| !words.is_empty()).collect();
            let words = words.join(" / ");
            let cells = [respondent.id.as_str(), &question.id].into_iter().chain(values);
            let cells = cells.chain([code, name, stance, &words]);
            let mut column = 0;
            for cell in cells {
                sheet.write_string_with_format(row as u32, column, cut(cell), &formats.text)?;
                column += 1;
            }
            rich(sheet, (row as u32, column), formats, &marked, (&answer, lang), evidence)?;
        }
    }
    finish(sheet, row, attributes.len())
}

/// What helps to read a sheet of so many rows and columns of attributes.
fn finish(sheet: &mut Worksheet, rows: usize, attributes: usize) -> Result<(), XlsxError> {
    sheet.autofilter(0, 0, rows as u32, (6 + attributes) as u16)?;
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

/// The answer with its evidence marked, as much of it as a cell holds.
fn rich(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    formats: &Formats,
    marked: &Format,
    (answer, lang): (&Quoted<'_>, Lang),
    evidence: &[Span],
) -> Result<(), XlsxError> {
    let whole = answer.text();
    let shown = cut(&whole);
    let more = if shown.len() < whole.len() { more(lang) } else { "" };
    // Of UTF-16 units a character takes no more than of bytes.
    let shown = &shown[..floor(shown, shown.len() - 2 * more.len())];
    let plain = Format::default();
    let mut parts: Vec<(&Format, &str)> = Vec::new();
    let mut done = 0;
    for (text, is_evidence) in answer.parts(evidence) {
        let end = floor(shown, done + text.len());
        parts.push((if is_evidence { marked } else { &plain }, &shown[done..end]));
        done = end;
    }
    parts.push((&plain, more));
    parts.retain(|(_, text)| !text.is_empty());
    if parts.is_empty() {
        return Ok(());
    }
    let escaped: Vec<_> = parts.iter().map(|(format, text)| (*format, literal(text))).collect();
    let parts: Vec<(&Format, &str)> = escaped.iter().map(|(format, text)| (*format, text.as_ref())).collect();
    match sheet.write_rich_string_with_format(row, column, &parts, &formats.text) {
        // The limit is held against the text with its markup; the words that gave the code
        // stand beside it in any case.
        Err(XlsxError::MaxStringLengthExceeded) => {
            sheet.write_string_with_format(row, column, format!("{shown}{more}"), &formats.text).map(|_| ())
        }
        written => written.map(|_| ()),
    }
}

/// What stands behind an answer that a cell cannot hold.
const fn more(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "…［Excel のセルに入るのはここまで。全文は回答のファイルと report.html にあります］",
        Lang::En => "… [a cell of Excel holds no more; the whole answer is in the file of answers and in report.html]",
    }
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
