//! The differences as JSON.

use serde_json::{Value, json as value};

use super::{AnswerChange, Cell, Diff, Given, Presence, Side, Significance};
use crate::report::changes::{Differences, json as codebooks};
use crate::results::Decided;

/// The differences as JSON, ended by a line break.
pub fn json(diff: &Diff) -> String {
    let [old, new] = &diff.codebooks;
    let codebook = codebooks(&Differences { old, new, diff: &diff.codebook, answers: None });
    let answers = &diff.answers;
    let whole = value!({
        "before": diff.folders[0],
        "after": diff.folders[1],
        "different": !diff.is_same(),
        "decided": diff.decided.iter().map(Decided::json).collect::<Vec<_>>(),
        "files": diff.files,
        "codebook": serde_json::from_str::<Value>(&codebook).unwrap_or_default(),
        "answers": {
            "compared": answers.compared,
            "only_before": answers.only[0],
            "only_after": answers.only[1],
            "changed": answers.changed.len(),
            "evidence_only": answers.evidence_only,
            "answers": answers.changed.iter().map(answer).collect::<Vec<_>>(),
        },
        "cells": diff.cells.iter().map(cell).collect::<Vec<_>>(),
        "significance": diff.tests.iter().map(test).collect::<Vec<_>>(),
        "notes": diff.notes.iter().map(|note| value!({
            "file": note.file.as_ref().map(|file| file.display().to_string()),
            "message": note.message.ja,
            "message_en": note.message.en,
        })).collect::<Vec<_>>(),
    });
    format!("{whole:#}\n")
}

fn answer(change: &AnswerChange) -> Value {
    let given = |given: &Option<Given>| {
        given.as_ref().map(|given| value!({ "stance": given.stance, "evidence": given.evidence }))
    };
    let code = |code: &super::CodeChange| {
        value!({
            "code": code.code,
            "before": given(&code.before),
            "after": given(&code.after),
        })
    };
    value!({
        "respondent_id": change.answer.0,
        "question": change.answer.1,
        "in": match change.presence {
            Presence::Both => "both",
            Presence::Before => "before",
            Presence::After => "after",
        },
        "text": change.text,
        "codes": change.codes.iter().map(code).collect::<Vec<_>>(),
    })
}

fn cell(cell: &Cell) -> Value {
    let side = |side: Side| match side {
        Side::Absent => Value::Null,
        Side::Hidden => value!({ "hidden": true }),
        Side::Share(share) => {
            let percent: Value = serde_json::from_str(&share.percent()).unwrap_or_default();
            value!({ "count": share.count(), "base": share.base(), "percent": percent })
        }
    };
    let [table, question, code, by, group] = &cell.key;
    value!({
        "table": table,
        "question": question,
        "code": code,
        "label": cell.label,
        "group_by": by,
        "group": group,
        "before": side(cell.before),
        "after": side(cell.after),
    })
}

fn test(test: &Significance) -> Value {
    let [table, question, code, by, name] = &test.key;
    value!({
        "table": table,
        "question": question,
        "code": code,
        "group_by": by,
        "test": name,
        "p_adjusted_before": test.before,
        "p_adjusted_after": test.after,
        "significant": test.appeared(),
    })
}
