//! Codes named in cells: a row a code, or all codes of an answer in one cell.

use std::collections::BTreeMap;

use super::{CODE, CODES, Entry, Reader, STANCE, find};
use crate::audit::codings::Unit;
use crate::diagnostic::{Diagnostic, Mistakes, Result, Severity};
use crate::read::Table;
use crate::text;

type Labels = Vec<(String, Option<String>)>;

/// What the rows of one answer say, from the first of them on.
struct Found {
    line: usize,
    codes: Labels,
    stale: Option<Box<Diagnostic>>,
}

/// A row a code. A blank code says that the answer was coded and got none; an answer
/// without a row was not coded.
pub(super) fn long(reader: &Reader<'_>) -> Result<Vec<Entry>> {
    let table = reader.table;
    let stance = find(table, &STANCE)?;
    let Some(code) = find(table, &CODE)? else { return Ok(Vec::new()) };
    let mut found: BTreeMap<(String, Unit), Found> = BTreeMap::new();
    let mut mistakes = Mistakes::default();
    for row in &table.rows {
        let located = |error: Box<Diagnostic>| error.line(row.line);
        let subject = mistakes.keep(reader.subject(row).map_err(located));
        let name = row.cells[code].trim();
        let meant = stance.map_or("", |at| row.cells[at].trim());
        let label = match (name, meant) {
            ("", "") => Some(None),
            ("", _) => mistakes.keep(Err(located(no_code()).column(code + 1))),
            _ => mistakes.keep(label(reader, name, code, meant, stance.unwrap_or(code)).map_err(located)).map(Some),
        };
        let (Some((coder, unit, stale)), Some(label)) = (subject, label) else { continue };
        let key = (coder, unit);
        if found.get(&key).is_some_and(|known| known.codes.is_empty() || label.is_none()) {
            mistakes.tell(located(blank_beside_others()).column(code + 1));
            continue;
        }
        let own = found.entry(key).or_insert(Found { line: row.line, codes: Labels::new(), stale: None });
        own.stale = own.stale.take().or(stale);
        if let Some(label) = label {
            mistakes.keep(add(&mut own.codes, label).map_err(|error| located(error).column(code + 1)));
        }
    }
    mistakes.finish()?;
    let entry = |((coder, unit), Found { line, codes, stale })| Entry {
        coder,
        unit,
        labels: Some(codes),
        line: Some(line),
        stale,
    };
    Ok(found.into_iter().map(entry).collect())
}

/// All codes of an answer in one cell, parted by `|`, `;`, `,`, `、` or line breaks, each
/// with its stance after a colon if it has one. A blank cell is "coded, with no code",
/// `NA` is "not coded".
pub(super) fn cell(reader: &Reader<'_>) -> Result<Vec<Entry>> {
    let table = reader.table;
    let Some(codes) = find(table, &CODES)? else { return Ok(Vec::new()) };
    let (mut entries, mut mistakes) = (Vec::new(), Mistakes::default());
    for row in &table.rows {
        let located = |error: Box<Diagnostic>| error.line(row.line).column(codes + 1);
        let subject = mistakes.keep(reader.subject(row).map_err(|error| error.line(row.line)));
        let value = row.cells[codes].trim();
        let mut labels = (value != "NA").then(Labels::new);
        if let Some(labels) = &mut labels {
            let parts = value.split(['|', ';', '；', ',', '，', '、', '\n']).map(str::trim);
            for part in parts.filter(|part| !part.is_empty()) {
                let (name, stance) = part.split_once([':', '：']).unwrap_or((part, ""));
                let label = label(reader, name.trim(), codes, stance.trim(), codes);
                mistakes.keep(label.and_then(|label| add(labels, label)).map_err(located));
            }
        }
        if let Some((coder, unit, stale)) = subject {
            entries.push(Entry { coder, unit, labels, line: Some(row.line), stale });
        }
    }
    mistakes.finish()?;
    Ok(entries)
}

/// A run's `codings.csv` has no row for an answer that got no code, which looks like one
/// that was not coded.
pub(super) fn only_found(table: &Table) -> Option<Diagnostic> {
    let is = ["start", "end", "evidence"].iter().all(|name| table.columns.iter().any(|column| column == name));
    let warning = Diagnostic::new(
        Severity::Warning,
        text!(
            "codings.csv にはコードの付いた回答しかなく、コードのない回答は「未判定」として扱います。",
            "codings.csv lists only answers that got a code; those without one count as not coded."
        ),
    );
    let hint = text!(
        "代わりに matrix.csv を使うか、--study でルールと比べてください。",
        "Use matrix.csv instead, or compare with the rules by --study."
    );
    is.then(|| *Box::new(warning).hint(hint))
}

/// A code and its stance, by their names and columns.
fn label(
    reader: &Reader<'_>,
    name: &str,
    code_at: usize,
    stance: &str,
    stance_at: usize,
) -> Result<(String, Option<String>)> {
    let code = reader.code(name).map_err(|error| error.column(code_at + 1))?;
    let stance = reader.stance(&code, stance).map_err(|error| error.column(stance_at + 1))?;
    Ok((code, stance))
}

fn add(codes: &mut Labels, label: (String, Option<String>)) -> Result<()> {
    let code = &label.0;
    if codes.iter().any(|(known, _)| known == code) {
        return Err(Diagnostic::error(text!(
            "同じ回答にコード {code} が2回付いています。",
            "The answer has the code {code} twice."
        ))
        .hint(text!("片方を消してください。", "Delete one of them.")));
    }
    codes.push(label);
    Ok(())
}

fn no_code() -> Box<Diagnostic> {
    Diagnostic::error(text!("立場があるのにコードがありません。", "There is a stance, but no code."))
        .hint(text!("コードを書くか、立場を消してください。", "Write the code, or delete the stance."))
}

fn blank_beside_others() -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "コードが空の行があるのに、同じ回答の行がほかにもあります。",
        "The answer has a row without a code, and other rows."
    ))
    .hint(text!(
        "コードなしなら空の行を1つだけ、コードがあれば空の行を消してください。",
        "Keep a single row without a code, or delete it."
    ))
}
