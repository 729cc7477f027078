//! The texts of answers, as far as a folder holds them: in the workbook those with a code,
//! in `review.csv` those without.

use std::collections::HashMap;

use super::codings::{Answer, AnswerChange, Presence};
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::read::{Options, sheets, table};
use crate::results::Results;
use crate::text;

const WORKBOOK: &str = "themes.xlsx";
const REVIEW: &str = "review.csv";

/// Gives changed answers their texts: that of the second folder, where it has one.
pub(super) fn add(
    changed: &mut [AnswerChange],
    before: &Results,
    after: &Results,
    notes: &mut Vec<Diagnostic>,
) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let [earlier, later] = [texts(before)?, texts(after)?];
    for change in &mut *changed {
        let own = |texts: &HashMap<Answer, String>| texts.get(&change.answer).cloned();
        change.text = match change.presence {
            Presence::Before => own(&earlier),
            _ => own(&later).or_else(|| own(&earlier)),
        };
    }
    let without = changed.iter().filter(|change| change.text.is_none()).count();
    if without > 0 {
        notes.push(Diagnostic::new(
            Severity::Note,
            text!(
                "回答の文がどちらのフォルダーにもないものが {without} 件あります（themes.xlsx と review.csv を見ました）。",
                "Of {without} answers neither folder holds the text (looked for in themes.xlsx and review.csv)."
            ),
        ));
    }
    Ok(())
}

fn texts(results: &Results) -> Result<HashMap<Answer, String>> {
    let mut texts = HashMap::new();
    let path = results.folder.join(WORKBOOK);
    if path.is_file() {
        // Another sheet may bear the name as well, but stands before it.
        let is_codings = |name: &String| name.starts_with("コーディング") || name.starts_with("codings");
        if let Some(sheet) = sheets(&path)?.into_iter().rfind(is_codings) {
            let read = table(&path, &Options { sheet: Some(sheet), ..Options::default() })?;
            let last = read.columns.len().saturating_sub(1);
            for row in read.rows.into_iter().filter(|row| last >= 2 && !row.cells[last].is_empty()) {
                texts.insert((row.cells[0].clone(), row.cells[1].clone()), row.cells[last].clone());
            }
        }
    }
    if results.folder.join(REVIEW).is_file() {
        let rows = results.rows(REVIEW)?;
        let places = rows.places(["respondent_id", "question", "reason", "evidence"]);
        let [respondent, question, reason, evidence] =
            places.map_err(|error| error.file(&results.folder.join(REVIEW)))?;
        // The evidence of having no code is the whole answer.
        for row in rows.rows.iter().filter(|row| row[reason] == "uncoded") {
            texts.insert((row[respondent].clone(), row[question].clone()), row[evidence].clone());
        }
    }
    Ok(texts)
}
