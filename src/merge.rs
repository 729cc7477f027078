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

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::codebook::Codebook;
use crate::diagnostic::{Diagnostic, Lang, Result, Severity};
use crate::digest::sha256;
use crate::report::csv::{themes_records, writer};
use crate::report::manifest::bases;
use crate::report::tabulation::{self, tested};
use crate::report::{PendingFile, replace_all};
use crate::statistics::Adjustment;
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
const NOT_MADE: [&str; 7] =
    ["tables.csv", "table_tests.csv", "checks.csv", "compare.csv", "themes.xlsx", "summary.md", "report.html"];

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

    let themes = themes_records(&counted.tables, &counted.survey, codebook, lang);
    let tests = tested(&counted.survey, codebook, &counted.tables, &study.table);
    let tests = tabulation::tests(&tests, Some(Adjustment::Holm), lang);
    let mut files = vec![("themes.csv".to_owned(), themes.csv(raw)), ("tests.csv".to_owned(), tests.csv(raw))];
    if !counted.rates.is_empty() {
        files.push(("rates.csv".to_owned(), tabulation::rates(&counted.rates, lang).csv(raw)));
    }
    std::fs::create_dir_all(&study.output).map_err(|error| crate::diagnostic::io_error(&study.output, &error))?;
    let (mut pending, mut sums) = (Vec::new(), serde_json::Map::new());
    for name in part::ROWS {
        let (file, sum) = rows(name, &layout, &parts)?;
        pending.push(file);
        sums.insert(name.to_owned(), sum.into());
    }
    sums.extend(files.iter().map(|(name, bytes)| (name.clone(), sha256(bytes).into())));

    let mut notes: Vec<Diagnostic> =
        exceeded(&counted.rates).into_iter().map(|warning| *Box::new(warning).file(&study.path)).collect();
    notes.extend(not_made(&parts, &study.output));
    let manifest = manifest(&parts, &counted, &notes, sums, lang);
    files.push(("manifest.json".to_owned(), manifest));
    replace_all(&study.output, pending, &files)?;
    let names = part::ROWS.map(str::to_owned).into_iter().chain(files.into_iter().map(|(name, _)| name));
    Ok(Summary {
        respondents: counted.respondents,
        files: names.collect(),
        notes,
        has_left_out: parts.iter().any(Part::has_left_out),
    })
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
            if let Some(at) = attribute.categories.iter().position(|category| value.as_ref() == Some(category)) {
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

/// Puts the rows of all parts into one file, and gives it with its checksum.
fn rows(name: &str, layout: &Layout<'_>, parts: &[Part]) -> Result<(PendingFile, String)> {
    let target = layout.study.output.join(name);
    let failed = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => crate::diagnostic::io_error(&target, &error),
        kind => Diagnostic::error(text!("書き込めません: {kind:?}", "It cannot be written: {kind:?}")).file(&target),
    };
    let mut out = part::Summed::new(PendingFile::new(&target)?);
    let mut merged = Merged::open(parts, name, layout)?;
    if !layout.raw {
        std::io::Write::write_all(&mut out, crate::report::csv::BOM)
            .map_err(|error| crate::diagnostic::io_error(&target, &error))?;
    }
    let mut sheet = writer(layout.raw, b',', out);
    sheet.write_record(merged.header()).map_err(failed)?;
    while let Some(row) = merged.next_row()? {
        sheet.write_record(&row.cells).map_err(failed)?;
    }
    let out = sheet.into_inner().map_err(|error| crate::diagnostic::io_error(&target, error.error()))?;
    Ok(out.finish())
}

/// Tells what the parts have and the result has not, and what an earlier run left there.
fn not_made(parts: &[Part], output: &Path) -> Vec<Diagnostic> {
    let list = |names: Vec<&str>| (names.join("、"), names.join(", "));
    let of_parts: Vec<&str> = NOT_MADE.into_iter().filter(|name| parts.iter().any(|part| part.has(name))).collect();
    let old: Vec<&str> = NOT_MADE.into_iter().filter(|name| output.join(name).exists()).collect();
    let mut notes = Vec::new();
    if !of_parts.is_empty() {
        let (ja, en) = list(of_parts);
        let message = text!(
            "回答そのものが要るため、まとめた結果にはないもの: {ja}",
            "Not in the merged result, since the answers themselves are needed: {en}"
        );
        let note = Box::new(Diagnostic::new(Severity::Note, message));
        notes.push(*note.hint(text!(
            "これらも要るときは、回答を1つのファイルにして aftercode run を実行してください。",
            "If you need them, put the answers into one file and use aftercode run."
        )));
    }
    if !old.is_empty() {
        let (ja, en) = list(old);
        let message = text!(
            "出力先に、前の結果が残っています: {ja}",
            "Files of an earlier result are still in the output folder: {en}"
        );
        let warning = Box::new(Diagnostic::new(Severity::Warning, message)).file(output);
        notes.push(*warning.hint(text!(
            "まとめた結果とは別のものです。消すか、--out で別のフォルダーを指定してください。",
            "They do not belong to the merged one. Delete them, or name another folder with --out."
        )));
    }
    notes
}

fn manifest(
    parts: &[Part],
    counted: &Counted,
    notes: &[Diagnostic],
    outputs: serde_json::Map<String, Value>,
    lang: Lang,
) -> Vec<u8> {
    let first = &parts[0].manifest;
    let own = notes.iter().map(|note| {
        let severity = if note.severity == Severity::Warning { "warning" } else { "note" };
        json!({ "severity": severity, "line": null, "column": null, "message": note.message.get(lang) })
    });
    let of_parts = parts.iter().flat_map(|part| part.manifest["notes"].as_array().into_iter().flatten().cloned());
    let manifest = json!({
        "aftercode": first["aftercode"],
        "study": first["study"],
        "merged": parts.iter().map(Part::record).collect::<Vec<_>>(),
        "codebook": first["codebook"],
        "dictionary": first["dictionary"],
        "settings": first["settings"],
        "questions": first["questions"],
        "tables": [],
        "checks": [],
        "counts": parts.iter().map(|part| &part.manifest["counts"]).fold(Value::Null, |sum, counts| sum_of(&sum, counts)),
        "review": parts.iter().map(|part| &part.manifest["review"]).fold(Value::Null, |sum, review| sum_of(&sum, review)),
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
