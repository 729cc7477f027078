//! Codes named in cells: a row a code, or all codes of an answer in one cell.

use std::collections::BTreeMap;

use super::{CODE, CODES, Entry, Reader, STANCE, find};
use crate::audit::codings::Unit;
use crate::diagnostic::{Diagnostic, Result, Severity};
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
    for row in &table.rows {
        let located = |error: Box<Diagnostic>| error.line(row.line);
        let (coder, unit, stale) = reader.subject(row).map_err(located)?;
        let key = (coder, unit);
        let name = row.cells[code].trim();
        let meant = stance.map_or("", |at| row.cells[at].trim());
        if name.is_empty() && !meant.is_empty() {
            return Err(located(no_code()));
        }
        let known = found.get(&key);
        if known.is_some_and(|known| known.codes.is_empty() || name.is_empty()) {
            return Err(located(blank_beside_others()));
        }
        let own = found.entry(key).or_insert(Found { line: row.line, codes: Labels::new(), stale: None });
        own.stale = own.stale.take().or(stale);
        if !name.is_empty() {
            add(reader, &mut own.codes, name, meant).map_err(located)?;
        }
    }
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
    let mut entries = Vec::new();
    for row in &table.rows {
        let located = |error: Box<Diagnostic>| error.line(row.line).column(codes + 1);
        let (coder, unit, stale) = reader.subject(row).map_err(|error| error.line(row.line))?;
        let value = row.cells[codes].trim();
        let mut labels = (value != "NA").then(Labels::new);
        if let Some(labels) = &mut labels {
            let parts = value.split(['|', ';', '；', ',', '，', '、', '\n']).map(str::trim);
            for part in parts.filter(|part| !part.is_empty()) {
                let (name, stance) = part.split_once([':', '：']).unwrap_or((part, ""));
                add(reader, labels, name.trim(), stance.trim()).map_err(located)?;
            }
        }
        entries.push(Entry { coder, unit, labels, line: Some(row.line), stale });
    }
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

fn add(reader: &Reader<'_>, codes: &mut Labels, name: &str, stance: &str) -> Result<()> {
    let code = reader.code(name)?;
    if codes.iter().any(|(known, _)| *known == code) {
        return Err(Diagnostic::error(text!(
            "同じ回答にコード {code} が2回付いています。",
            "The answer has the code {code} twice."
        ))
        .hint(text!("片方を消してください。", "Delete one of them.")));
    }
    let stance = reader.stance(&code, stance)?;
    codes.push((code, stance));
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
