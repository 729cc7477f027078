//! Results of several runs of one study, each over other respondents → the result of one
//! run over all of them.
//!
//! What was coded is not coded again: rows of `codings.csv`, `matrix.csv` and `review.csv`
//! are put in the order that one run would give them, and people are counted anew from
//! `matrix.csv`. Rows go from file to file, so that memory does not grow with them. Answers
//! themselves are in none of these files: what quotes or needs them is not made.

mod agree;
mod part;
mod people;
mod rows;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::codebook::Codebook;
use crate::diagnostic::{Diagnostic, Lang, Result, Severity};
use crate::report::csv::{BOM, themes_records, writer};
use crate::report::manifest::{bases, copy_of};
use crate::report::tabulation::{self, tested};
use crate::report::{Output, Replacement};
use crate::results::MANIFEST;
use crate::statistics::Adjustment;
use crate::stream::Stopped;
use crate::study::Study;
use crate::survey::Survey;
use crate::tabulate::rates::{Rate, exceeded, rates_of};
use crate::tabulate::variable::Variable;
use crate::tabulate::{ThemeTable, add, groups_of, no_themes};
use crate::text;
use part::Part;
use people::{Layout, Person};
use rows::Merged;

/// Files of a run that a merge cannot make.
const NOT_MADE: [&str; 8] = [
    "decisions.csv",
    "tables.csv",
    "table_tests.csv",
    "checks.csv",
    "compare.csv",
    "themes.xlsx",
    "summary.md",
    "report.html",
];

/// What a merge did.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How many respondents there are.
    pub respondents: u64,
    /// The files that were written.
    pub files: Vec<String>,
    /// What the reader of the result must know.
    pub notes: Vec<Diagnostic>,
    /// Whether the parts left rows out.
    pub has_left_out: bool,
}

/// Merges the results in the folders `parts` into the study's output folder.
///
/// # Errors
/// If the parts are not of this study, codebook and version or not alike, have a
/// respondent in common or were changed, or if the output cannot be written.
pub fn merge(study: &Study, codebook: &Codebook, parts: &[PathBuf]) -> Result<Summary> {
    let parts: Vec<Part> = parts.iter().map(|folder| Part::open(folder)).collect::<Result<_>>()?;
    let (lang, raw) = agree::check(study, codebook, &parts, &study.output)?;
    let layout = Layout { study, codebook, raw };
    let counted = count(&layout, &parts)?;

    let said = OnceLock::new();
    let files = files(&layout, &parts, &counted, lang, &said);
    let mut replacement = Replacement::begin(&study.output)?;
    // A part that is not in order says so itself.
    let sums = replacement.write(&files).map_err(|error| said.get().cloned().unwrap_or(error))?;
    let mut names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    let sums = names.iter().cloned().zip(sums.into_iter().map(Value::from)).collect();

    let mut notes: Vec<Diagnostic> =
        exceeded(&counted.rates).into_iter().map(|warning| *Box::new(warning).file(&study.path)).collect();
    notes.extend(not_made(&parts));
    let manifest = manifest(&parts, &counted, &notes, sums, lang);
    replacement.write(&[Output::bytes(MANIFEST, manifest)])?;
    replacement.commit()?;
    // What was there before is no part of the result, nor of its manifest.
    notes.extend(left_behind(&study.output));
    names.push(MANIFEST.to_owned());
    let has_left_out = parts.iter().any(Part::has_left_out);
    Ok(Summary { respondents: counted.respondents, files: names, notes, has_left_out })
}

/// The files but the manifest. What stops one that its part does not allow is put into `said`.
fn files<'m>(
    layout: &'m Layout<'m>,
    parts: &'m [Part],
    counted: &Counted,
    lang: Lang,
    said: &'m OnceLock<Box<Diagnostic>>,
) -> Vec<Output<'m>> {
    let Layout { study, codebook, raw } = *layout;
    let rows = part::ROWS.map(|name| {
        Output::new(name, move |out| {
            rows(name, layout, parts, out).map_err(|stopped| match stopped {
                Stopped::Out(error) => error,
                Stopped::Said(diagnostic) => {
                    // Of several parts that are not in order one is enough.
                    let _ = said.set(diagnostic);
                    io::ErrorKind::InvalidData.into()
                }
            })
        })
    });
    let mut files: Vec<Output<'_>> = rows.into();
    let themes = themes_records(&counted.tables, &counted.survey, codebook, lang);
    let tests = tested(&counted.survey, codebook, &counted.tables, &study.table);
    let tests = tabulation::tests(&tests, Some(Adjustment::Holm), lang);
    files.push(Output::bytes("themes.csv", themes.csv(raw)));
    files.push(Output::bytes("tests.csv", tests.csv(raw)));
    if !counted.rates.is_empty() {
        files.push(Output::bytes("rates.csv", tabulation::rates(&counted.rates, lang).csv(raw)));
    }
    files.push(Output::bytes(copy_of(codebook), codebook.source.text.clone().into_bytes()));
    files
}

/// Everyone, counted.
struct Counted {
    /// The attributes and questions, without respondents.
    survey: Survey,
    tables: Vec<ThemeTable>,
    rates: Vec<Rate>,
    respondents: u64,
}

/// Counts people in two passes over `matrix.csv`: groups must be known before anyone is
/// counted in them.
fn count(layout: &Layout<'_>, parts: &[Part]) -> Result<Counted> {
    let (study, codebook) = (layout.study, layout.codebook);
    let mut found = people::Found::new(study);
    layout.people(parts, &mut |person| found.take(person))?;
    let respondents = found.respondents;
    let (survey, missing) = found.survey(study);
    let by: Vec<usize> = study
        .table
        .by
        .iter()
        .filter_map(|name| survey.attributes.iter().position(|attribute| attribute.name == *name))
        .collect();
    let groups = groups_of(&survey.attributes, &by, &|at| missing[at] > 0);
    let mut tables = no_themes(survey.questions.len(), codebook, &groups, study.table.base);
    let mut values: Vec<Vec<u64>> =
        survey.attributes.iter().map(|attribute| vec![0; attribute.categories.len()]).collect();
    layout.people(parts, &mut |Person { respondent, coded }| {
        for table in &mut tables {
            add(table, &survey.attributes, codebook, respondent, coded[table.question].as_ref());
        }
        for ((value, attribute), counts) in respondent.values.iter().zip(&survey.attributes).zip(&mut values) {
            if let Some(at) = attribute.categories.iter().position(|category| value.as_deref() == Some(category)) {
                counts[at] += 1;
            }
        }
    })?;
    let known = survey.attributes.iter().enumerate().filter_map(|(at, one)| Some((at, one.population.as_ref()?)));
    let rates = known.flat_map(|(at, population)| {
        let variable = Variable::attribute(&survey, at);
        // Nets come behind the categories.
        let mut counts = values[at].clone();
        counts.extend(
            variable.categories[counts.len()..].iter().map(|net| net.of.iter().map(|&of| values[at][of]).sum::<u64>()),
        );
        rates_of(&variable, population, &counts, respondents, missing[at])
    });
    let rates = rates.collect();
    Ok(Counted { rates, tables, survey, respondents })
}

/// Writes the rows that all parts have in one of their files.
fn rows(name: &str, layout: &Layout<'_>, parts: &[Part], out: &mut dyn Write) -> std::result::Result<(), Stopped> {
    let mut merged = Merged::open(parts, name, layout)?;
    if !layout.raw {
        out.write_all(BOM)?;
    }
    let mut sheet = writer(layout.raw, b',', out);
    sheet.write_record(merged.header()).map_err(io::Error::from)?;
    while let Some(row) = merged.next_row()? {
        sheet.write_record(&row.cells).map_err(io::Error::from)?;
    }
    Ok(sheet.flush()?)
}

/// Tells what the parts have and the result has not.
fn not_made(parts: &[Part]) -> Option<Diagnostic> {
    let is_there = |name: &&str| parts.iter().any(|part| part.results.has(name));
    let mut names: Vec<&str> = NOT_MADE.into_iter().filter(is_there).collect();
    if parts.iter().any(|part| part.results.manifest["agreement"].is_object()) {
        names.push("[agreement]");
    }
    let (ja, en) = listed(&names)?;
    let message = text!(
        "回答そのものが要るため、まとめた結果にはないもの: {ja}",
        "Not in the merged result, since the answers themselves are needed: {en}"
    );
    let note = Box::new(Diagnostic::new(Severity::Note, message));
    Some(*note.hint(text!(
        "これらも要るときは、回答を1つのファイルにして aftercode run を実行してください。",
        "If you need them, put the answers into one file and use aftercode run."
    )))
}

/// Tells what of an earlier result still stands beside the new one: files that were changed
/// since, or that no manifest lists.
fn left_behind(output: &Path) -> Option<Diagnostic> {
    let old: Vec<&str> = NOT_MADE.into_iter().filter(|name| output.join(name).exists()).collect();
    let (ja, en) = listed(&old)?;
    let message = text!(
        "出力先に、前の結果が残っています: {ja}",
        "Files of an earlier result are still in the output folder: {en}"
    );
    let warning = Box::new(Diagnostic::new(Severity::Warning, message)).file(output);
    Some(*warning.hint(text!(
        "まとめた結果とは別のものです。消すか、--out で別のフォルダーを指定してください。",
        "They do not belong to the merged one. Delete them, or name another folder with --out."
    )))
}

/// Names for readers of each language, if there are any.
fn listed(names: &[&str]) -> Option<(String, String)> {
    (!names.is_empty()).then(|| (names.join("、"), names.join(", ")))
}

fn manifest(
    parts: &[Part],
    counted: &Counted,
    notes: &[Diagnostic],
    outputs: serde_json::Map<String, Value>,
    lang: Lang,
) -> Vec<u8> {
    let first = &parts[0].results.manifest;
    let own = notes.iter().map(|note| {
        let severity = if note.severity == Severity::Warning { "warning" } else { "note" };
        json!({ "severity": severity, "line": null, "column": null, "message": note.message.get(lang) })
    });
    let of_parts =
        parts.iter().flat_map(|part| part.results.manifest["notes"].as_array().into_iter().flatten().cloned());
    let manifest = json!({
        "aftercode": first["aftercode"],
        "checksums": first["checksums"],
        "study": first["study"],
        "merged": parts.iter().map(Part::record).collect::<Vec<_>>(),
        "codebook": first["codebook"],
        "dictionary": first["dictionary"],
        "compare": first["compare"],
        "settings": first["settings"],
        "questions": first["questions"],
        "tables": [],
        "checks": [],
        "counts": parts.iter().map(|part| &part.results.manifest["counts"]).fold(Value::Null, |sum, counts| sum_of(&sum, counts)),
        "masked": parts.iter().map(|part| &part.results.manifest["masked"]).fold(Value::Null, |sum, masked| sum_of(&sum, masked)),
        "review": parts.iter().map(|part| &part.results.manifest["review"]).fold(Value::Null, |sum, review| sum_of(&sum, review)),
        "bases": bases(&counted.tables, &counted.survey, lang),
        "notes": of_parts.chain(own).collect::<Vec<_>>(),
        "outputs": outputs,
    });
    let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

/// Numbers added up, inside lists and objects that are otherwise alike.
fn sum_of(one: &Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Null, other) => other.clone(),
        (Value::Number(a), Value::Number(b)) => (a.as_u64().unwrap_or(0) + b.as_u64().unwrap_or(0)).into(),
        (Value::Array(a), Value::Array(b)) => a.iter().zip(b).map(|(a, b)| sum_of(a, b)).collect(),
        (Value::Object(a), Value::Object(b)) => {
            a.iter().map(|(key, a)| (key.clone(), b.get(key).map_or_else(|| a.clone(), |b| sum_of(a, b)))).collect()
        }
        (one, _) => one.clone(),
    }
}
