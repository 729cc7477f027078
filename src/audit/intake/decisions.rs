//! A row a decision: whether one code holds for one answer. Sheets of disagreements that
//! were filled in, and lists of overrides.
//!
//! | column | |
//! | --- | --- |
//! | `respondent_id`, `question`, `code` | what is decided |
//! | `decision` (or `value`) | 1, 0, or blank: not decided yet |
//! | `stance` | how the code is meant, if the decision is 1 |
//! | `reason`, `adjudicator` (or `coder`), `time` | for people, as they were written |
//! | `answer` (or `text`) | the words that were decided on; blank or no column: not checked |

use std::path::Path;

use super::wide::mark;
use super::{CODE, CODER, Reader, STANCE, find};
use crate::audit::codings::Unit;
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::read::{Options, Row, Table, table};
use crate::text;

/// The columns to fill in on a sheet of disagreements.
pub const DECIDED: [&str; 5] = ["decision", "stance", "reason", "adjudicator", "time"];

const DECISION: [&str; 4] = ["decision", "決定", "value", "値"];
const REASON: [&str; 2] = ["reason", "理由"];
const ADJUDICATOR: [&str; 2] = ["adjudicator", "決めた人"];
const TIME: [&str; 2] = ["time", "日時"];
/// The column with the words that were decided on.
pub(super) const WORDS: [&str; 4] = ["answer", "回答", "text", "本文"];
/// What only a sheet of disagreements has.
const GAIN: &str = "alpha_gain";

/// Whether one code holds for one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) unit: Unit,
    /// Place among the scheme's labels.
    pub(crate) label: usize,
    pub(crate) given: bool,
    pub(crate) stance: Option<String>,
    /// As written; blank where nobody wrote it.
    pub(crate) coder: String,
    pub(crate) time: String,
    pub(crate) reason: String,
    pub(crate) line: usize,
    /// That the answer has other words now.
    pub(crate) stale: Option<Box<Diagnostic>>,
}

/// Whether a table with respondents and codes is one of decisions.
///
/// # Errors
/// If it is a sheet of disagreements that has lost the column: its codes would look as if
/// they were given.
pub(super) fn is_sheet(table: &Table) -> Result<bool> {
    if find(table, &DECISION)?.is_some() {
        return Ok(true);
    }
    if find(table, &[GAIN])?.is_none() {
        return Ok(false);
    }
    Err(Diagnostic::error(text!("判定の列「decision」がありません。", "There is no column \"decision\"."))
        .line(1)
        .hint(text!(
            "見出しを decision に戻すか、audit --disagreements で表を作り直してください。",
            "Restore its header, or make the sheet again with `audit --disagreements`."
        )))
}

/// Whether the file at `path` holds decisions of people, which must not be written over.
pub fn is_decided(path: &Path) -> bool {
    let Ok(table) = table(path, &Options::default()) else { return false };
    let Ok(Some(at)) = find(&table, &DECISION) else { return false };
    table.rows.iter().any(|row| !row.cells[at].trim().is_empty())
}

/// The rows that are decided.
pub(super) fn decisions(reader: &Reader<'_>, notes: &mut Vec<Diagnostic>) -> Result<Vec<Decision>> {
    let table = reader.table;
    let column = |names: &[&str]| find(table, names);
    let [code, decision, stance] = [column(&CODE)?, column(&DECISION)?, column(&STANCE)?];
    let [reason, time] = [column(&REASON)?, column(&TIME)?];
    let coder = column(&ADJUDICATOR)?.or(column(&CODER)?);
    let mut decisions = Vec::new();
    let (mut open, mut half) = (0, None);
    for row in &table.rows {
        let cell = |at: Option<usize>| at.map_or("", |at| row.cells[at].trim());
        let at = |error: Box<Diagnostic>, at: Option<usize>| error.line(row.line).column(at.unwrap_or(0) + 1);
        let Some(given) = mark(cell(decision)).map_err(|error| at(error, decision))? else {
            open += 1;
            if !cell(stance).is_empty() || !cell(reason).is_empty() {
                half.get_or_insert(row.line);
            }
            continue;
        };
        let (unit, stale) = about(reader, row).map_err(|error| error.line(row.line))?;
        let label = label(reader, cell(code)).map_err(|error| at(error, code))?;
        let meant = meant(reader, label, given, cell(stance)).map_err(|error| at(error, stance))?;
        let [coder, time, reason] = [coder, time, reason].map(|at| cell(at).to_owned());
        decisions.push(Decision { unit, label, given, stance: meant, coder, time, reason, line: row.line, stale });
    }
    notes.extend(unfinished(open, half));
    Ok(decisions)
}

/// What a row is about. A row without words is not checked against them.
fn about(reader: &Reader<'_>, row: &Row) -> Result<(Unit, Option<Box<Diagnostic>>)> {
    let (unit, stale) = reader.unit(row)?;
    let has_words = reader.columns.answer.is_some_and(|at| !row.cells[at].trim().is_empty());
    Ok((unit, stale.filter(|_| has_words)))
}

fn label(reader: &Reader<'_>, name: &str) -> Result<usize> {
    if name.is_empty() {
        return Err(Diagnostic::error(text!("コードが空です。", "The code is blank."))
            .hint(text!("どのコードについての判定かを書いてください。", "Name the code that is decided.")));
    }
    reader.scheme.map_or(Ok(0), |scheme| scheme.label(name))
}

fn meant(reader: &Reader<'_>, label: usize, given: bool, stance: &str) -> Result<Option<String>> {
    match (stance, reader.scheme) {
        ("", _) | (_, None) => Ok(None),
        (_, Some(scheme)) if given => scheme.stance(label, stance).map(Some),
        _ => Err(Diagnostic::error(text!(
            "判定が 0 なのに、立場が選ばれています。",
            "A stance is chosen, but the decision is 0."
        ))
        .hint(text!("判定を 1 にするか、立場を消してください。", "Decide 1, or clear the stance."))),
    }
}

/// What is not decided yet has no word; a row that is filled in by half may be meant.
fn unfinished(open: usize, half: Option<usize>) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    if open > 0 {
        notes.push(Diagnostic::new(
            Severity::Note,
            text!(
                "まだ決まっていない行が {open} 行あります（decision が空）。",
                "Rows not decided yet (\"decision\" is blank): {open}."
            ),
        ));
    }
    if let Some(line) = half {
        let warning = Diagnostic::new(
            Severity::Warning,
            text!(
                "理由か立場があるのに、判定が空の行があります。まだ決まっていないものとして扱いました。",
                "A row has a reason or a stance, but no decision. It counts as not decided."
            ),
        );
        let hint = text!("decision に 1 か 0 を入れてください。", "Write 1 or 0 into \"decision\".");
        notes.push(*Box::new(warning).line(line).hint(hint));
    }
    notes
}
