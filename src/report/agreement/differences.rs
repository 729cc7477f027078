//! The answers that coders code differently, as a file to work through.

use std::path::Path;

use super::Audited;
use crate::audit::{Cause, Disagreement, Unit};
use crate::coding::Coded;
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::report::book::book;
use crate::report::csv::Sheet;
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
    coded: Option<&[Vec<Option<Coded>>]>,
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
            book(&[("disagreements", &header, &rows), ("confused", &confused_header(), &confused(audited))])
        }
        _ => Err(Diagnostic::error(text!("拡張子から形式がわかりません。", "The extension does not tell the format."))
            .file(path)
            .hint(text!(".csv か .xlsx にしてください。", "Use .csv or .xlsx."))),
    }
}

fn table(
    audited: &Audited<'_>,
    found: &[Disagreement],
    coded: Option<&[Vec<Option<Coded>>]>,
) -> (Vec<String>, Vec<Vec<String>>) {
    let codings = audited.codings;
    let fixed = ["alpha_gain", "respondent_id", "question", "code", "label", "cause", "about", "answer", "evidence"];
    let mut header: Vec<String> = fixed.map(str::to_owned).to_vec();
    header.extend(codings.coders.iter().map(|coder| format!("coder:{coder}")));
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
        row
    };
    (header, found.iter().map(row).collect())
}

/// The words by which the rules give the code.
fn evidence(
    coded: Option<&[Vec<Option<Coded>>]>,
    unit: &Unit,
    id: &str,
    answer: &str,
    audited: &Audited<'_>,
) -> String {
    let own = coded.and_then(|coded| coded[unit.place.0][unit.place.1].as_ref());
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
