//! A row an answer and a column a code: 0/1 tables and coding sheets.
//!
//! | `coded` | code cells | meaning |
//! | --- | --- | --- |
//! | no such column | all 0 or 1 | coded |
//! | no such column | all blank, and 0 is written elsewhere | not coded |
//! | no such column | some blank, and 0 is written elsewhere | refused |
//! | no such column | 1 or blank, and 0 is written nowhere | coded; all blank is refused |
//! | 1 | anything | coded; a blank is 0 |
//! | blank | all blank | not coded |
//! | blank | something | refused |

use super::{ANSWER, CODED, CODER, Entry, Form, QUESTION, Reader, find};
use crate::audit::scheme::{Scheme, unknown};
use crate::diagnostic::{Diagnostic, Mistakes, Result, Severity, did_you_mean};
use crate::read::{Row, Table};
use crate::text;

/// What stands before a code's id in the name of the column with its stance.
pub const STANCE_PREFIX: &str = "stance:";
/// What the column of the row numbers is called.
pub const ROW: &str = "row";
/// The column of a run's `matrix.csv` that says what an answer is: its text, a reserved
/// code, or nothing.
const STATUS: &str = "status";
/// What the column for remarks is called.
pub const COMMENT: &str = "comment";

/// The columns of one code.
struct CodeColumns {
    id: String,
    given: usize,
    stance: Option<usize>,
}

/// The id in a column's name: the name, its last line, or what stands in parentheses.
fn ids(column: &str) -> impl Iterator<Item = &str> {
    let parts = column.split(['\n', '(', ')', '（', '）', '/']).map(str::trim);
    std::iter::once(column.trim()).chain(parts).filter(|part| !part.is_empty())
}

/// The place of the code that a column is named after. An id is sought first: a part of
/// one code's name may be another's.
fn label(column: &str, scheme: &Scheme<'_>) -> Option<usize> {
    let by_id = |part: &str| scheme.labels().iter().position(|label| label == part);
    ids(column).find_map(by_id).or_else(|| ids(column).find_map(|part| scheme.label(part).ok()))
}

/// Whether a column is a code of the scheme.
pub(super) fn has_code(table: &Table, scheme: Option<&Scheme<'_>>) -> bool {
    scheme.is_some_and(|scheme| table.columns.iter().any(|column| label(column, scheme).is_some()))
}

/// Reads a table of the form `wide` or `sheet`. Beside its rows: the reserved codes that
/// it has no column for.
pub(super) fn wide(reader: &Reader<'_>, form: Form, notes: &mut Vec<Diagnostic>) -> Result<(Vec<Entry>, Vec<String>)> {
    let table = reader.table;
    let columns = columns(reader, notes)?;
    let coded = if form == Form::Sheet { find(table, &CODED)? } else { None };
    let status = find(table, &[STATUS])?;
    let mut mistakes = Mistakes::default();
    check_rows(table, &mut mistakes)?;
    // None where a cell cannot be read.
    let mut marks: Vec<Option<Vec<Option<bool>>>> = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mark = |column: &CodeColumns| {
            mark(&row.cells[column.given]).map_err(|error| error.line(row.line).column(column.given + 1))
        };
        let read: Vec<_> = columns.iter().map(|column| mistakes.keep(mark(column))).collect();
        marks.push(read.into_iter().collect());
    }
    let zeros = marks.iter().flatten().flatten().any(|mark| *mark == Some(false));
    let sheet = Sheet { reader, columns: &columns, coded, status, zeros };
    let mut entries = Vec::new();
    for (row, marks) in table.rows.iter().zip(&marks) {
        entries.extend(sheet.entry(row, marks.as_deref(), &mut mistakes));
    }
    mistakes.finish()?;
    let has = |id: &String| columns.iter().any(|column| column.id == *id);
    let labels = reader.scheme.filter(|_| status.is_none()).map_or(&[][..], |scheme| scheme.labels());
    Ok((entries, labels.iter().filter(|id| !has(id)).cloned().collect()))
}

/// A table whose header is read.
struct Sheet<'s> {
    reader: &'s Reader<'s>,
    columns: &'s [CodeColumns],
    coded: Option<usize>,
    status: Option<usize>,
    /// Whether 0 is written anywhere.
    zeros: bool,
}

impl Sheet<'_> {
    /// What a row says, given what its code cells say. Every mistake in it is told.
    fn entry(&self, row: &Row, marks: Option<&[Option<bool>]>, mistakes: &mut Mistakes) -> Option<Entry> {
        let located = |error: Box<Diagnostic>| error.line(row.line);
        let status = self.status.map_or("", |at| row.cells[at].trim());
        let is_blank = marks.is_some_and(|marks| marks.iter().all(Option::is_none));
        if ["blank", "not_asked"].contains(&status) && is_blank {
            return None;
        }
        let subject = mistakes.keep(self.reader.subject(row).map_err(located));
        let marks = marks?;
        let chosen = |column: &CodeColumns| column.stance.is_some_and(|at| !row.cells[at].trim().is_empty());
        let is_coded = match self.coded {
            Some(at) => by_mark(&row.cells[at], marks, self.columns.iter().any(chosen))
                .map_err(|error| located(error).column(at + 1)),
            None => by_cells(marks, self.zeros).map_err(located),
        };
        let is_coded = mistakes.keep(is_coded)?;
        let mut labels = is_coded.then(|| self.given(row, marks, mistakes));
        if let (Some(labels), Some(scheme)) = (&mut labels, self.reader.scheme)
            && scheme.codebook.reserved.iter().any(|reserved| reserved.id == status)
            && !labels.iter().any(|(id, _)| id == status)
        {
            labels.push((status.to_owned(), None));
        }
        let (coder, unit, stale) = subject?;
        Some(Entry { coder, unit, labels, line: Some(row.line), stale })
    }

    /// What is ticked, with its stance.
    fn given(&self, row: &Row, marks: &[Option<bool>], mistakes: &mut Mistakes) -> Vec<(String, Option<String>)> {
        let mut given = Vec::new();
        for (column, mark) in self.columns.iter().zip(marks) {
            let located =
                |error: Box<Diagnostic>| error.line(row.line).column(column.stance.unwrap_or(column.given) + 1);
            let stance = column.stance.map_or("", |at| row.cells[at].trim());
            let id = &column.id;
            if *mark == Some(true) {
                let stance = mistakes.keep(self.reader.stance(id, stance).map_err(located));
                given.push((id.clone(), stance.flatten()));
            } else if !stance.is_empty() {
                mistakes.tell(located(stance_alone(id)));
            }
        }
        given
    }
}

fn stance_alone(id: &str) -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "コード {id} に印がないのに、立場が選ばれています。",
        "A stance is chosen for {id}, but the code is not ticked."
    ))
    .hint(text!("コードに 1 を入れるか、立場を消してください。", "Tick the code, or clear the stance."))
}

/// Whether a row is coded, by its cell in `coded`.
fn by_mark(cell: &str, marks: &[Option<bool>], touched: bool) -> Result<bool> {
    match mark(cell)? {
        Some(true) => Ok(true),
        _ if touched || marks.contains(&Some(true)) => Err(Diagnostic::error(text!(
            "コードが付いているのに、coded に印がありません。",
            "There are codes in this row, but \"coded\" is not ticked."
        ))
        .hint(text!(
            "判定を終えた行なら coded に 1 を入れ、そうでなければコードを消してください。",
            "If the row is done, write 1 into \"coded\"; if not, clear its codes."
        ))),
        _ => Ok(false),
    }
}

/// Whether a row is coded, by its code cells alone.
fn by_cells(marks: &[Option<bool>], zeros: bool) -> Result<bool> {
    let blank = marks.iter().filter(|mark| mark.is_none()).count();
    match (blank, zeros) {
        (0, _) => Ok(true),
        (_, true) if blank == marks.len() => Ok(false),
        (_, true) => Err(Diagnostic::error(text!(
            "空のセルが {blank} 個あり、0 か未判定かわかりません。",
            "Cells without 0 or 1 in this row: {blank}. They may be 0, or not coded."
        ))
        .hint(text!(
            "付けないコードには 0 を入れてください。判定していない行は全部を空にします。",
            "Write 0 for codes that do not hold. A row that is not coded is all blank."
        ))),
        (_, false) if blank == marks.len() => Err(Diagnostic::error(text!(
            "印が1つもなく、「コードなし」か「未判定」かわかりません。",
            "Nothing is ticked in this row: it may have no code, or not be coded."
        ))
        .hint(text!(
            "coded という列を足し、判定した行に 1 を入れてください（未判定の行は空）。",
            "Add a column \"coded\" with 1 in every row that is coded (blank where it is not)."
        ))),
        (_, false) => Ok(true),
    }
}

/// What a cell says: 1, 0, or nothing.
pub(super) fn mark(cell: &str) -> Result<Option<bool>> {
    match cell.trim() {
        "" => Ok(None),
        "1" | "１" | "○" | "〇" | "◯" | "◎" | "✓" | "✔" | "☑" | "レ" | "TRUE" | "true" | "True" => {
            Ok(Some(true))
        }
        "0" | "０" | "FALSE" | "false" | "False" => Ok(Some(false)),
        other => {
            let error =
                Diagnostic::error(text!("「{other}」は 1 でも 0 でもありません。", "\"{other}\" is neither 1 nor 0."));
            Err(match other {
                "x" | "X" | "×" | "✕" | "✗" | "ｘ" | "Ｘ" => error.hint(text!(
                    "× は「付ける」とも「付けない」とも読めます。付けるなら 1、付けないなら 0 か空にしてください。",
                    "An x may mean yes or no. Write 1 for yes, and 0 or nothing for no."
                )),
                _ => error.hint(text!(
                    "付けるなら 1、付けないなら 0 か空にしてください。",
                    "Write 1 for yes, and 0 or nothing for no."
                )),
            })
        }
    }
}

/// The columns of codes. Every code of the scheme must have one: a code without a column
/// would look as if it were never given.
fn columns(reader: &Reader<'_>, notes: &mut Vec<Diagnostic>) -> Result<Vec<CodeColumns>> {
    let table = reader.table;
    let own = &reader.columns;
    let common = [Some(own.respondent), own.question, own.coder, own.answer];
    let mut codes: Vec<CodeColumns> = Vec::new();
    let mut stances: Vec<(usize, &str)> = Vec::new();
    let mut mistakes = Mistakes::default();
    for (at, name) in table.columns.iter().enumerate() {
        let known = [ANSWER, CODED, QUESTION, CODER].concat();
        if common.contains(&Some(at)) || [ROW, COMMENT, STATUS].contains(&name.trim()) || known.contains(&name.trim()) {
            continue;
        }
        let stance = ids(name).find_map(|part| part.strip_prefix(STANCE_PREFIX));
        if let Some(code) = stance {
            stances.push((at, code));
            continue;
        }
        let id = match reader.scheme {
            Some(scheme) => match label(name, scheme) {
                Some(label) => scheme.labels()[label].clone(),
                None => {
                    mistakes.keep(extra(table, at, scheme, notes));
                    continue;
                }
            },
            None if name.trim().is_empty() => continue,
            None => name.trim().to_owned(),
        };
        if codes.iter().any(|code| code.id == id) {
            let error = Diagnostic::error(text!("コード {id} の列が2つあります。", "The code {id} has two columns."));
            let hint = text!("片方の列を消してください。", "Delete one of them.");
            mistakes.tell(error.line(1).column(at + 1).hint(hint));
            continue;
        }
        codes.push(CodeColumns { id, given: at, stance: None });
    }
    for (at, code) in stances {
        match codes.iter_mut().find(|own| own.id == code) {
            Some(own) => own.stance = Some(at),
            None => mistakes.tell(stray_stance(code, reader.scheme).line(1).column(at + 1)),
        }
    }
    if let Some(scheme) = reader.scheme {
        let lacks = |id: &&String| scheme.codebook.code(id).is_some() && !codes.iter().any(|code| code.id == **id);
        for id in scheme.labels().iter().filter(lacks) {
            let error =
                Diagnostic::error(text!("コード {id} の列がありません。", "There is no column for the code {id}."));
            mistakes.tell(error.line(1).hint(text!(
                "列を足してください。使わないコードなら 0（シートでは空）のままでかまいません。",
                "Add it. If the code was not used, fill it with 0 (blank in a sheet)."
            )));
        }
    }
    mistakes.finish()?;
    Ok(codes)
}

/// A column with the stance of a code that has no column. Without a study the columns of
/// a sheet are called by their whole titles, so that none is.
fn stray_stance(code: &str, scheme: Option<&Scheme<'_>>) -> Box<Diagnostic> {
    match scheme {
        Some(scheme) if scheme.labels().iter().any(|label| label == code) => Diagnostic::error(text!(
            "コード {code} の立場の列はありますが、コードの列がありません。",
            "There is a column with the stance of {code}, but none for the code."
        ))
        .hint(text!("コードの列を戻してください。", "Put the code's column back.")),
        Some(scheme) => {
            let labels: Vec<&str> = scheme.labels().iter().map(String::as_str).collect();
            unknown(code, &labels, &text!("コード", "code"))
        }
        None => Diagnostic::error(text!(
            "このシートはコードブックのコード（{code} など）を使っていますが、調査が指定されていません。",
            "This sheet names codes of a codebook (such as {code}), but no study is given."
        ))
        .hint(text!(
            "シートを作った調査を --study STUDY で指定してください（例: --study study.toml）。",
            "Name the study it was made from with --study STUDY (e.g. --study study.toml)."
        )),
    }
}

/// A column that is no code: left alone, unless it may be meant as one.
fn extra(table: &Table, at: usize, scheme: &Scheme<'_>, notes: &mut Vec<Diagnostic>) -> Result<()> {
    let name = table.columns[at].trim();
    let filled = || table.rows.iter().map(|row| row.cells[at].trim()).filter(|cell| !cell.is_empty());
    let net = scheme.codebook.nets.iter().any(|net| ids(name).any(|id| net.id == id || net.label.ja == id));
    let attribute = scheme.survey.attributes.iter().any(|attribute| attribute.name == name);
    if filled().next().is_none() || net || attribute {
        return Ok(());
    }
    let ticks = filled().all(|cell| mark(cell).is_ok());
    let near = did_you_mean(name, scheme.labels().iter().map(String::as_str));
    if ticks {
        let error = Diagnostic::error(text!(
            "列「{name}」はコードブックのコードではありません。",
            "The column \"{name}\" is no code of the codebook."
        ))
        .line(1)
        .column(at + 1);
        return Err(error.hint(match near {
            Some(near) => text!("「{near}」のことでしょうか。", "Did you mean \"{near}\"?"),
            None => text!(
                "コードならコードブックに足し、そうでなければ列を消してください。",
                "If it is a code, add it to the codebook; if not, delete the column."
            ),
        }));
    }
    let note = Diagnostic::new(
        Severity::Note,
        text!("列「{name}」はコードではないので使いません。", "The column \"{name}\" is no code and is not used."),
    );
    notes.push(*Box::new(note).line(1).column(at + 1));
    Ok(())
}

/// Rows of a sheet are numbered ("3 of 20"), so that one that was deleted is noticed.
fn check_rows(table: &Table, mistakes: &mut Mistakes) -> Result<()> {
    let Some(at) = find(table, &[ROW])? else { return Ok(()) };
    let mut seen: Vec<(usize, usize)> = Vec::new();
    for row in &table.rows {
        let parsed = row.cells[at].split_once(" of ").map(|(one, all)| (one.trim().parse(), all.trim().parse()));
        let Some((Ok(one), Ok(all))) = parsed else {
            let error = Diagnostic::error(text!(
                "row の列は書き換えられません（例: 3 of 20）。",
                "The column \"row\" must stay as it was (e.g. 3 of 20)."
            ));
            let hint = text!("元の番号に戻してください。", "Restore the number.");
            mistakes.tell(error.line(row.line).column(at + 1).hint(hint));
            continue;
        };
        seen.push((one, all));
    }
    let Some((_, all)) = seen.first().copied() else { return Ok(()) };
    let lacks: Vec<usize> = (1..=all).filter(|one| !seen.iter().any(|(seen, _)| seen == one)).collect();
    // A number that cannot be read may be the one that lacks.
    if seen.len() < table.rows.len() || seen.iter().any(|(_, other)| *other != all) || lacks.is_empty() {
        return Ok(());
    }
    let count = lacks.len();
    let first = lacks[0];
    let error = Diagnostic::error(text!(
        "シートの行が {count} 行足りません（最初は {first} of {all}）。",
        "Rows are missing from the sheet: {count}, the first is {first} of {all}."
    ));
    mistakes.tell(error.column(at + 1).hint(text!(
        "消した行を戻してください。判定しない行は消さずに coded を空にします。",
        "Put them back. A row that is not coded stays, with \"coded\" blank."
    )));
    Ok(())
}
