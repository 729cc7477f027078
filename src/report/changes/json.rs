//! The differences of two codebooks as JSON. Positions are code points of the answer.

use serde_json::{Value as Json, json};

use super::Differences;
use crate::codebook::diff::{Change, Fate, Item, ListChange};
use crate::codebook::written::{Record, Value};
use crate::compare::{CodeChange, Comparison, Given};
use crate::span::Span;
use crate::survey::Survey;

/// The differences as JSON, ended by a line break.
pub fn json(differences: &Differences<'_>) -> String {
    let head = |head: &Record| json!({ "id": head.id(), "version": head.text("version") });
    let diff = differences.diff;
    let value = json!({
        "old": head(&differences.old.head),
        "new": head(&differences.new.head),
        "different": !differences.is_empty(),
        "codebook": diff.head.iter().map(change).collect::<Vec<_>>(),
        "axes": diff.axes.iter().map(item).collect::<Vec<_>>(),
        "nets": diff.nets.iter().map(item).collect::<Vec<_>>(),
        "lists": diff.lists.iter().map(list).collect::<Vec<_>>(),
        "codes": diff.codes.iter().map(item).collect::<Vec<_>>(),
        "reordered": diff.reordered,
        "answers": differences.answers.map(|(survey, comparison)| answers(survey, comparison)),
    });
    format!("{value:#}\n")
}

const fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "added",
        Fate::Removed => "removed",
        Fate::Renamed => "renamed",
        Fate::Changed => "changed",
    }
}

fn item(item: &Item) -> Json {
    json!({
        "id": item.id,
        "label": item.label.ja,
        "label_en": item.label.en,
        "change": fate(item.fate),
        "from": item.from,
        "into": item.into,
        "keys": item.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Json {
    let value = |value: &Option<Value>| match value {
        None => Json::Null,
        Some(Value::Text(text)) => json!(text),
        Some(Value::Texts(texts)) => json!(texts),
    };
    json!({
        "key": change.key,
        "before": value(&change.before),
        "after": value(&change.after),
        "layout_only": change.layout_only,
    })
}

fn list(list: &ListChange) -> Json {
    json!({
        "name": list.name,
        "change": fate(list.fate),
        "added": list.added,
        "removed": list.removed,
        "codes": list.codes,
    })
}

fn answers(survey: &Survey, comparison: &Comparison) -> Json {
    let [given, taken, stance] = comparison.counts();
    let rows = comparison.answers.iter().map(|answer| {
        let respondent = &survey.respondents[answer.respondent];
        let text = respondent.answers[answer.question].text().unwrap_or_default();
        json!({
            "respondent_id": respondent.id,
            "question": survey.questions[answer.question].id,
            "text": text,
            "codes": answer.codes.iter().map(|change| code(text, change)).collect::<Vec<_>>(),
        })
    });
    json!({
        "compared": comparison.compared,
        "changed": comparison.answers.len(),
        "codes_given": given,
        "codes_taken": taken,
        "stances_changed": stance,
        "evidence_only": comparison.evidence_only,
        "changes": rows.collect::<Vec<_>>(),
    })
}

fn code(answer: &str, change: &CodeChange) -> Json {
    let side = |given: &Option<Given>| match given {
        None => Json::Null,
        Some(given) => json!({
            "stance": given.stance.as_ref().map(|stance| &*stance.id),
            "stance_evidence": given.stance.as_ref().map(|stance| words(answer, &stance.evidence)),
            "evidence": words(answer, &given.evidence),
        }),
    };
    json!({ "code": change.code, "before": side(&change.before), "after": side(&change.after) })
}

fn words(answer: &str, spans: &[Span]) -> Json {
    let word = |span: &Span| {
        let start = answer[..span.start].chars().count();
        let text = span.of(answer);
        json!({ "start": start, "end": start + text.chars().count(), "text": text })
    };
    spans.iter().map(word).collect()
}
