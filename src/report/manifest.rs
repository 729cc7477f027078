//! `manifest.json`: all that decided the result, and nothing that differs by machine.

use serde_json::{Value, json};

use super::review::{Review, is_uncoded};
use super::{Outcome, group_name};
use crate::diagnostic::Severity;
use crate::digest::sha256;
use crate::mask::Kind;
use crate::statistics::Adjustment;
use crate::study::Show;

/// The manifest of a run that wrote `files`.
pub(super) fn json(outcome: &Outcome<'_>, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (study, reading) = (outcome.study, outcome.reading);
    let survey = outcome.survey();
    let manifest = json!({
        "aftercode": env!("CARGO_PKG_VERSION"),
        "study": { "id": study.id, "title": study.title },
        "input": {
            "file": file_name(&reading.source.path),
            "sha256": reading.source.sha256,
            "encoding": reading.source.encoding,
            "sheet": reading.source.sheet,
            "rows_read": reading.rows_read,
            "rows_used": reading.rows_used,
            "rows_skipped": reading.rows_skipped,
        },
        "codebook": {
            "id": outcome.codebook.id,
            "version": outcome.codebook.version,
            "file": file_name(&study.codebook),
            "sha256": outcome.codebook.sha256,
        },
        "dictionary": {
            "name": outcome.dictionary.0,
            "sha256": outcome.dictionary.1,
            "variants_sha256": outcome.variants,
            "fillers_sha256": sha256(aftercode_dictionaries::FILLERS_TOML.as_bytes()),
        },
        "settings": {
            "quotes": study.quotes.show.name(),
            "base": study.table.base.name(),
            "by": study.table.by,
            "lang": match outcome.lang { crate::diagnostic::Lang::Ja => "ja", crate::diagnostic::Lang::En => "en" },
            "raw": outcome.raw,
            "default_stance": survey.questions.iter().map(|question| (question.id.clone(), json!(question.default_stance))).collect::<serde_json::Map<_, _>>(),
            "interval": "Wilson, 95 %",
            "adjustment": Adjustment::Holm.id(),
            "family": "the rows of one question and comparison",
            "weight": study.answers.weight.as_ref().map(|weight| &weight.text),
        },
        "questions": super::tables::wordings(outcome).into_iter().map(|(id, wording)| json!({ "id": id, "wording": wording })).collect::<Vec<_>>(),
        "tables": outcome.tabulated.iter().map(|tabulated| {
            let table = tabulated.table;
            json!({
                "id": table.id,
                "title": table.title,
                "base": table.base_name(),
                "percent": tabulated.cross.of.name(),
                "suppress": table.suppress,
                "suppress_zero": table.suppress_zero,
            })
        }).collect::<Vec<_>>(),
        "checks": outcome.violations.iter().map(|violation| json!({
            "title": violation.title,
            "respondents": violation.respondents.len(),
        })).collect::<Vec<_>>(),
        "counts": counts(outcome),
        "masked": masked(outcome),
        "review": reviews(outcome),
        "bases": bases(outcome),
        "notes": outcome.notes.iter().map(|note| json!({
            "severity": match note.severity {
                Severity::Error => "error",
                Severity::Skipped => "skipped",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            "line": note.line,
            "column": note.column,
            "message": note.message.get(outcome.lang),
        })).collect::<Vec<_>>(),
        "outputs": files.iter().map(|(name, bytes)| (name.clone(), json!(sha256(bytes)))).collect::<serde_json::Map<_, _>>(),
    });
    let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

/// Masked pieces of answers by kind; null where nothing is masked. The study's own list is
/// not told, not even as a checksum, by which it could be guessed.
fn masked(outcome: &Outcome<'_>) -> Value {
    if outcome.study.quotes.show != Show::Masked {
        return Value::Null;
    }
    let counts = super::quoted::counts(outcome.masks);
    Kind::ALL.iter().map(|kind| (kind.id().to_owned(), json!(counts.get(kind).unwrap_or(&0)))).collect()
}

fn counts(outcome: &Outcome<'_>) -> Value {
    let coded = || outcome.coded.iter().flatten().flatten();
    json!({
        "respondents": outcome.survey().respondents.len(),
        "answers": coded().count(),
        "reserved": coded().filter(|coded| coded.reserved.is_some()).count(),
        "uncoded": coded().filter(|coded| is_uncoded(coded)).count(),
        "codings": coded().map(|coded| coded.codings.len()).sum::<usize>(),
        "suggestions": coded().map(|coded| coded.suggestions.len()).sum::<usize>(),
        "conflicts": coded().map(|coded| coded.conflicts.len()).sum::<usize>(),
    })
}

/// Answers to look at by question and reason; one can have several.
fn reviews(outcome: &Outcome<'_>) -> Vec<Value> {
    let questions = outcome.survey().questions.iter().enumerate();
    let reviews = questions.map(|(at, question)| {
        let Review { answers, maybe, uncoded, conflict } = Review::of(outcome, at);
        json!({
            "question": question.id,
            "answers": answers,
            "maybe": maybe,
            "uncoded": uncoded,
            "conflict": conflict,
        })
    });
    reviews.collect()
}

/// Both bases of every group, whichever the tables use.
fn bases(outcome: &Outcome<'_>) -> Vec<Value> {
    let rows = outcome.tables.iter().flat_map(|table| {
        table.groups.iter().zip(&table.bases).map(|(group, bases)| {
            json!({
                "question": outcome.survey().questions[table.question].id,
                "group_by": group.by,
                "group": group_name(group, outcome.lang),
                "respondents": bases.respondents,
                "answered": bases.answered,
                "uncoded": bases.uncoded,
            })
        })
    });
    rows.collect()
}

/// Paths differ by machine; names do not.
fn file_name(path: &std::path::Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
