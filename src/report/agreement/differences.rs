//! The answers that coders code differently, as a file to work through: a person fills in
//! the last columns ([`DECIDED`]), and `run` takes the decisions back.

use std::path::Path;

use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Worksheet, XlsxError};

use super::Audited;
use crate::audit::{Cause, DECIDED, Disagreement, Unit};
use crate::coding::Coded;
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::report::book::{SheetOf, failed, fill, workbook as new};
use crate::report::csv::Sheet;
use crate::survey::PerAnswer;
use crate::text;

/// Every differing answer × code with each coder's choice, as the bytes of a CSV or XLSX
/// file, told by the extension of `path`. `coded` is what the rules make of the answers,
/// by respondent and question.
///
/// # Errors
/// If the extension is neither, or the workbook cannot be made.
pub fn differences(
    audited: &Audited<'_>,
    found: &[Disagreement],
    coded: Option<&PerAnswer<Coded>>,
    path: &Path,
) -> Result<Vec<u8>> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let (header, rows) = table(audited, found, coded);
    match extension.as_deref() {
        Some("csv") => {
            let mut sheet = Sheet::new(false, header.iter().map(String::as_str));
            for row in &rows {
                // A gain may be negative, which is no formula.
                sheet.typed(row.iter().enumerate().map(|(at, cell)| (cell.as_str(), at == 0)));
            }
            Ok(sheet.bytes())
        }
        Some("xlsx") => {
            let sheets =
                [("disagreements", &header[..], &rows[..]), ("confused", &confused_header(), &confused(audited))];
            workbook(audited, found, sheets).map_err(|error| failed(&error))
        }
        _ => Err(Diagnostic::error(text!("拡張子から形式がわかりません。", "The extension does not tell the format."))
            .file(path)
            .hint(text!(".csv か .xlsx にしてください。", "Use .csv or .xlsx."))),
    }
}

/// The disagreements with drop-downs for what is to be filled in, and the confused codes.
fn workbook(
    audited: &Audited<'_>,
    found: &[Disagreement],
    sheets: [SheetOf<'_>; 2],
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = new()?;
    let columns = sheets[0].1.len();
    for (at, own) in sheets.into_iter().enumerate() {
        let sheet = fill(book.add_worksheet(), own)?;
        if at == 0 && !found.is_empty() {
            let first = (columns - DECIDED.len()) as u16;
            to_fill_in(sheet, audited, found, first)?;
        }
    }
    book.save_to_buffer()
}

/// Prepares the columns to fill in, of which `first` is the first.
fn to_fill_in(
    sheet: &mut Worksheet,
    audited: &Audited<'_>,
    found: &[Disagreement],
    first: u16,
) -> std::result::Result<(), XlsxError> {
    let say = |ja: &'static str, en: &'static str| if audited.lang == Lang::Ja { ja } else { en };
    let last = found.len() as u32;
    let wrong = say("一覧から選ぶか、空にしてください。", "Choose from the list, or leave blank.");
    let list = |choices: &[&str]| -> std::result::Result<DataValidation, XlsxError> {
        DataValidation::new().allow_list_strings(choices)?.ignore_blank(true).set_error_message(wrong)
    };
    let help = say("1＝付ける、0＝付けない、空＝まだ決めない", "1: the code holds; 0: it does not; blank: not decided");
    sheet.add_data_validation(1, first, last, first, &list(&["1", "0"])?.set_input_message(help)?)?;
    // Rows whose codes have the same stances share a list.
    let stances = |row: usize| audited.scheme.map_or(&[][..], |scheme| scheme.stances(found[row].label));
    let mut start = 0;
    while start < found.len() {
        let own = stances(start);
        let end = (start..found.len()).find(|row| stances(*row) != own).unwrap_or(found.len());
        if !own.is_empty() {
            let choices: Vec<&str> = own.iter().map(String::as_str).collect();
            sheet.add_data_validation(start as u32 + 1, first + 1, end as u32, first + 1, &list(&choices)?)?;
        }
        start = end;
    }
    // Text, as elsewhere, would keep a date from being one.
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Top);
    for row in 1..=last {
        sheet.write_blank(row, first + 4, &moment)?;
    }
    for (column, width) in [(first, 10.0), (first + 1, 14.0), (first + 2, 40.0), (first + 3, 14.0), (first + 4, 18.0)] {
        sheet.set_column_width(column, width)?;
    }
    Ok(())
}

fn table(
    audited: &Audited<'_>,
    found: &[Disagreement],
    coded: Option<&PerAnswer<Coded>>,
) -> (Vec<String>, Vec<Vec<String>>) {
    let codings = audited.codings;
    let fixed = ["alpha_gain", "respondent_id", "question", "code", "label", "cause", "about", "answer", "evidence"];
    let mut header: Vec<String> = fixed.map(str::to_owned).to_vec();
    header.extend(codings.coders.iter().map(|coder| format!("coder:{coder}")));
    header.extend(DECIDED.map(str::to_owned));
    let row = |own: &Disagreement| {
        let unit = &codings.units[own.unit];
        let id = &codings.labels[own.label];
        let about = match own.cause {
            Cause::NeverUses(coder) => codings.coders[coder].clone(),
            Cause::Boundary(label) => codings.labels[label].clone(),
            Cause::OnlyRules | Cause::Omission | Cause::Stance => String::new(),
        };
        let label =
            audited.scheme.map_or_else(String::new, |scheme| scheme.name(own.label).get(audited.lang).to_owned());
        let answer = audited.scheme.map_or("", |scheme| scheme.text(unit));
        let cause = cause(own.cause, audited.lang).to_owned();
        let words = evidence(coded, unit, id, answer, audited);
        let mut row =
            vec![format!("{:.6}", own.gain), unit.respondent.clone(), unit.question.clone(), id.clone(), label];
        row.extend([cause, about, answer.to_owned(), words]);
        row.extend(codings.cells[own.unit].iter().map(|cell| {
            let Some(given) = cell else { return String::new() };
            match given.iter().find(|given| given.label == own.label) {
                None => "0".to_owned(),
                Some(given) => given.stance.as_ref().map_or_else(|| "1".to_owned(), |stance| format!("1 {stance}")),
            }
        }));
        row.extend(DECIDED.map(|_| String::new()));
        row
    };
    (header, found.iter().map(row).collect())
}

/// The words by which the rules give the code.
fn evidence(coded: Option<&PerAnswer<Coded>>, unit: &Unit, id: &str, answer: &str, audited: &Audited<'_>) -> String {
    let own = coded.and_then(|coded| coded.get(unit.place.0, unit.place.1));
    let (Some(coded), Some(scheme)) = (own, audited.scheme) else { return String::new() };
    let coding = coded.codings.iter().find(|coding| scheme.codebook.codes[coding.code].id == id);
    let words = coding.map(|coding| coding.evidence.iter().map(|span| span.of(answer)).collect::<Vec<_>>().join(";"));
    words.unwrap_or_default()
}

fn cause(cause: Cause, lang: Lang) -> &'static str {
    match (cause, lang) {
        (_, Lang::En) => cause.id(),
        (Cause::OnlyRules, Lang::Ja) => "ルールだけが違う",
        (Cause::NeverUses(_), Lang::Ja) => "このコードを使わないコーダーがいる",
        (Cause::Boundary(_), Lang::Ja) => "コードの境目",
        (Cause::Omission, Lang::Ja) => "付け落としか付けすぎ",
        (Cause::Stance, Lang::Ja) => "立場が違う",
    }
}

fn confused_header() -> Vec<String> {
    ["answers", "code", "instead"].map(str::to_owned).to_vec()
}

fn confused(audited: &Audited<'_>) -> Vec<Vec<String>> {
    let label = |at: usize| audited.codings.labels[at].clone();
    let row = |own: &crate::audit::Confused| vec![own.answers.to_string(), label(own.codes[0]), label(own.codes[1])];
    audited.confused.iter().map(row).collect()
}
