//! Accuracy for programs; undefined values are `null`.

use serde_json::{Value, json};

use super::{Accuracy, Counts, Difference, Kind};
use crate::codebook::Codebook;
use crate::survey::Survey;

/// The accuracy as one JSON object; with the differences if `errors` is set.
pub fn json(accuracy: &Accuracy, survey: &Survey, codebook: &Codebook, errors: bool) -> Value {
    let total = accuracy.total();
    let themes = accuracy.themes.iter().map(|theme| {
        let mut row = row(&codebook.codes[theme.code].id, theme.counts);
        row["has_rule"] = theme.has_rule.into();
        row
    });
    let reserved = accuracy.reserved.iter().map(|(at, counts)| row(&codebook.reserved[*at].id, *counts));
    let (stances, same) = accuracy.stance_counts();
    let mut object = json!({
        "answers": accuracy.answers,
        "not_in_gold": accuracy.left_out,
        "min_cases": accuracy.min_cases,
        "macro_f1": accuracy.macro_f1(),
        "macro_f1_with_themes_without_a_rule": accuracy.macro_f1_of_all(),
        "macro_themes": accuracy.frequent_themes(),
        "micro_precision": total.precision(),
        "micro_recall": total.recall(),
        "micro_f1": total.f1(),
        "mean_kappa": accuracy.mean_kappa(),
        "exact": accuracy.exact,
        "exact_share": accuracy.exact_share(),
        "stance": {
            "themes": stances,
            "correct": same,
            "accuracy": accuracy.stance_accuracy(),
            "order": accuracy.stances,
            "confusion": accuracy.confusion,
        },
        "themes": themes.collect::<Vec<_>>(),
        "reserved": reserved.collect::<Vec<_>>(),
    });
    if errors {
        let told = accuracy.differences.iter().map(|difference| error(difference, survey, codebook));
        object["errors"] = told.collect();
    }
    object
}

fn row(id: &str, counts: Counts) -> Value {
    json!({
        "code": id,
        "cases": counts.cases(),
        "found": counts.found(),
        "correct": counts.both,
        "precision": counts.precision(),
        "recall": counts.recall(),
        "f1": counts.f1(),
        "kappa": counts.kappa(),
        "recall_with_maybe": counts.recall_with_maybe(),
    })
}

fn error(difference: &Difference, survey: &Survey, codebook: &Codebook) -> Value {
    let respondent = &survey.respondents[difference.respondent];
    let answer = respondent.answers[difference.question].text().unwrap_or_default();
    json!({
        "kind": match difference.kind {
            Kind::Missed { .. } => "missed",
            Kind::FalseAlarm => "false_alarm",
            Kind::Stance => "stance",
        },
        "respondent_id": respondent.id,
        "question": survey.questions[difference.question].id,
        "code": difference.label.id(codebook),
        "gold_stance": difference.gold_stance,
        "rules_stance": difference.rules_stance,
        "suggested": matches!(difference.kind, Kind::Missed { suggested: true }),
        "evidence": difference.evidence.iter().map(|span| span.of(answer)).collect::<Vec<_>>(),
        "answer": answer,
    })
}
