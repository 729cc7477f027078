//! `manifest.json`: all that decided the result, and nothing that differs by machine.

use serde_json::{Value, json};

use super::agreement::section;
use super::review::{Review, is_uncoded};
use super::{Outcome, group_name};
use crate::codebook::Codebook;
use crate::convert::Format;
use crate::diagnostic::{Lang, Severity};
use crate::digest::sha256;
use crate::mask::Kind;
use crate::statistics::Adjustment;
use crate::study::{Show, Study};
use crate::survey::Survey;
use crate::tabulate::ThemeTable;

/// The manifest of a run that wrote `files`: their names and checksums.
pub(super) fn json<'f>(outcome: &Outcome<'_>, files: impl Iterator<Item = (&'f str, &'f String)>) -> Vec<u8> {
    let (study, reading) = (outcome.study, outcome.reading);
    let survey = outcome.survey();
    let mut manifest = json!({
        "aftercode": env!("CARGO_PKG_VERSION"),
        "checksums": "SHA-256; of text files that were read, with line ends as LF",
        "study": { "id": study.id, "title": study.title, "file": study.from_output, "sha256": study.sha256 },
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
            "copy": copy_of(outcome.codebook),
        },
        "dictionary": {
            "name": outcome.dictionary.0,
            "sha256": outcome.dictionary.1,
            "variants_sha256": outcome.variants,
            "fillers_sha256": sha256(aftercode_dictionaries::FILLERS_TOML.as_bytes()),
        },
        "compare": outcome.compared.iter().map(|earlier| json!({ "name": earlier.name, "sha256": earlier.sha256 })).collect::<Vec<_>>(),
        "settings": settings(study, outcome.lang, outcome.raw),
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
        "bases": bases(outcome.tables, survey, outcome.lang),
        "agreement": outcome.agreement.map(section::json),
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
        "outputs": files.map(|(name, sum)| (name.to_owned(), json!(sum))).collect::<serde_json::Map<_, _>>(),
    });
    if let Some(settled) = outcome.settled {
        manifest["codings"] = super::settled::json(outcome, settled);
    }
    let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

/// What of the study and the command line decides counts: parts of one result have it in
/// common.
pub(crate) fn settings(study: &Study, lang: Lang, raw: bool) -> Value {
    let stances = study.questions.iter().map(|question| {
        let question = &question.question;
        (question.id.clone(), json!(question.default_stance))
    });
    let attributes = study.attributes.iter().map(|declared| {
        let attribute = &declared.attribute;
        json!({
            "name": attribute.name,
            "categories": declared.is_declared().then_some(&attribute.categories),
            "nets": attribute.nets.iter().map(|net| json!({ "label": net.label, "of": net.of })).collect::<Vec<_>>(),
            "population": attribute.population,
        })
    });
    json!({
        "quotes": study.quotes.show.name(),
        "base": study.table.base.name(),
        "by": study.table.by,
        "columns": study.table.columns,
        "attributes": attributes.collect::<Vec<_>>(),
        "lang": match lang { Lang::Ja => "ja", Lang::En => "en" },
        "raw": raw,
        "default_stance": stances.collect::<serde_json::Map<_, _>>(),
        "interval": "Wilson, 95 %",
        "adjustment": Adjustment::Holm.id(),
        "family": "the rows of one question and comparison",
        "weight": study.answers.weight.as_ref().map(|weight| &weight.text),
    })
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
    let coded = || outcome.coded.iter();
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
pub(crate) fn bases(tables: &[ThemeTable], survey: &Survey, lang: Lang) -> Vec<Value> {
    let rows = tables.iter().flat_map(|table| {
        table.groups.iter().zip(&table.bases).map(|(group, bases)| {
            json!({
                "question": survey.questions[table.question].id,
                "group_by": group.by,
                "group": group_name(group, lang),
                "respondents": bases.respondents,
                "answered": bases.answered,
                "uncoded": bases.uncoded,
            })
        })
    });
    rows.collect()
}

/// The name of the copy of the codebook among the files of a run.
pub(crate) fn copy_of(codebook: &Codebook) -> &'static str {
    match Format::of(&codebook.source.path) {
        Ok(Format::Json) => "codebook.json",
        _ => "codebook.toml",
    }
}

/// Paths differ by machine; names do not.
pub(super) fn file_name(path: &std::path::Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
