//! `aftercode run`: the pipeline, a line a stage.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use aftercode::codebook::Codebook;
use aftercode::coding::Machine;
use aftercode::diagnostic::{Diagnostic, Lang, Result, Severity, suggest};
use aftercode::normalize::Normalizer;
use aftercode::read::{columns, words};
use aftercode::report::{self, Outcome, tabulation};
use aftercode::rule::plan::AttributeNames;
use aftercode::study::{DictionaryPaths, Study};
use aftercode::survey::Survey;
use aftercode::tabulate::wave::{Change, Wave, changes, warnings};
use aftercode::tabulate::{self, rates::exceeded, study::Material};
use aftercode::text;
use aftercode::tokenize::{Term, Tokenizer};

use super::{Done, Failure, Invocation, progress};

/// What `run` was asked to do.
pub struct Options {
    /// The study file.
    pub study: PathBuf,
    /// Output folder in place of the study's.
    pub out: Option<PathBuf>,
    /// Number of threads.
    pub threads: Option<u16>,
    /// Whether to print nothing but problems.
    pub quiet: bool,
    /// Whether files are for machines.
    pub raw: bool,
    /// Whether to print all tables, not only those of themes.
    pub tables: bool,
}

/// Codes and tabulates a study.
pub fn run(options: &Options, invocation: &Invocation) -> std::result::Result<Done, Failure> {
    let study = Study::load(&options.study)?;
    let lang = if invocation.lang_chosen { invocation.lang } else { study.lang.unwrap_or(invocation.lang) };
    run_study(study, options, lang).map_err(|failure| match failure {
        Failure::Said(diagnostic, _) => Failure::Said(diagnostic, Some(lang)),
        failure => failure,
    })
}

fn run_study(mut study: Study, options: &Options, lang: Lang) -> std::result::Result<Done, Failure> {
    if let Some(out) = &options.out {
        study.write_to(out)?;
    }
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    if let Some(threads) = options.threads {
        // Fails only if a pool exists already, and none does yet.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }

    let codebook = Codebook::load(&study.codebook)?;
    check_default_stances(&study, &codebook)?;
    let spinner = progress::spinner(say("回答を読んでいます", "Reading answers"), options.quiet);
    let reading = columns::survey(&study);
    spinner.finish_and_clear();
    let reading = reading?;
    let survey = &reading.survey;
    let machine = machine(codebook, &study.dictionary, Some(&attribute_names(survey)))?;

    let answers = (survey.respondents.len() * survey.questions.len()) as u64;
    let bar = progress::bar(answers, say("コードを付けています", "Coding"), options.quiet);
    let coded = machine.code_all(survey, &|done| bar.inc(done));
    bar.finish_and_clear();
    let coded = coded?;
    let tables = tabulate::themes(survey, machine.codebook(), &coded, &grouping(&study, survey), study.table.base);

    let tested = tabulation::tested(survey, machine.codebook(), &tables, &study.table);
    let material = Material { study: &study, reading: &reading, codebook: machine.codebook(), coded: &coded };
    let (tabulated, violations, rates) = (material.tables()?, material.violations()?, material.rates());
    let mut notes = reading.notes.clone();
    notes.extend(violations.iter().filter_map(|violation| Some(*Box::new(violation.warning()?).file(&study.path))));
    notes.extend(material.leaks());
    notes.extend(exceeded(&rates).into_iter().map(|warning| *Box::new(warning).file(&study.path)));

    let mut outcome = Outcome {
        study: &study,
        reading: &reading,
        codebook: machine.codebook(),
        coded: &coded,
        tables: &tables,
        tested: &tested,
        tabulated: &tabulated,
        violations: &violations,
        rates: &rates,
        compared: &[],
        dictionary: (machine.tokenizer().name(), machine.tokenizer().sha256()),
        variants: machine.normalizer().sha256(),
        lang,
        raw: options.raw,
        notes: &[],
    };
    let compared = compared(&outcome, &mut notes)?;
    (outcome.compared, outcome.notes) = (&compared, &notes);
    let files = report::write(&outcome)?;
    tell(&outcome, &files, options, lang)
}

/// The study beside the earlier ones it names.
fn compared(outcome: &Outcome<'_>, notes: &mut Vec<Diagnostic>) -> Result<Vec<(String, Vec<Change>)>> {
    let mut compared = Vec::new();
    let now = report::wave(outcome);
    for earlier in &outcome.study.compare {
        let before = Wave::read(&earlier.results)?;
        let placed = |warning: Diagnostic| {
            let mut placed = earlier.written.error(warning.message);
            (placed.severity, placed.hint) = (warning.severity, warning.hint);
            *placed
        };
        notes.extend(warnings(&earlier.name, &now, &before).into_iter().map(placed));
        compared.push((earlier.name.clone(), changes(&now, &before)));
    }
    Ok(compared)
}

/// Prints the tables, then what the reader must know.
fn tell(outcome: &Outcome<'_>, files: &[String], options: &Options, lang: Lang) -> std::result::Result<Done, Failure> {
    let quiet = options.quiet;
    warn(outcome.notes, quiet, lang);
    if !quiet {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", heading(outcome, lang))?;
        for table in outcome.tables {
            write!(out, "{}", report::table(outcome, table))?;
        }
        for table in outcome.tabulated.iter().filter(|_| options.tables) {
            write!(out, "{}", report::for_reading(table, lang))?;
        }
        let closed = outcome.tabulated.len();
        match lang {
            _ if closed == 0 || options.tables => {}
            Lang::Ja => writeln!(out, "\nほかの表 {closed} 件は tables.csv にあります（--tables で表示）。")?,
            Lang::En => writeln!(out, "\nOther tables: {closed}, in tables.csv (shown with --tables).")?,
        }
        let folder = outcome.study.output.display();
        let files = files.join(if lang == Lang::Ja { "、" } else { ", " });
        match lang {
            Lang::Ja => writeln!(out, "\n書き出しました: {folder} に {files}")?,
            Lang::En => writeln!(out, "\nWritten to {folder}: {files}")?,
        }
    }
    let skipped = outcome.reading.rows_skipped > 0;
    Ok(if skipped { Done::WithReservations } else { Done::Well })
}

/// Prints what the reader must know of the input.
pub fn warn(notes: &[Diagnostic], quiet: bool, lang: Lang) {
    let mut stderr = std::io::stderr().lock();
    for note in notes.iter().filter(|note| !quiet || note.severity != Severity::Note) {
        // A closed stderr must not keep the results from being reported as done.
        let _ = writeln!(stderr, "{}", note.render(lang));
    }
}

fn heading(outcome: &Outcome<'_>, lang: Lang) -> String {
    let title = outcome.study.title.as_deref().unwrap_or(&outcome.study.id);
    let reading = outcome.reading;
    let encoding = reading.source.encoding.as_deref().unwrap_or_else(|| reading.source.format.name());
    let file = reading.source.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let (read, used, skipped) = (reading.rows_read, reading.rows_used, reading.rows_skipped);
    let (codebook, version) = (&outcome.codebook.id, &outcome.codebook.version);
    match lang {
        Lang::Ja => format!(
            "{title}\n{file}（{encoding}）: {read} 行を読み、{used} 行を使い、{skipped} 行を除外。コードブック {codebook} {version}"
        ),
        Lang::En => {
            format!(
                "{title}\n{file} ({encoding}): {read} rows read, {used} used, {skipped} skipped. Codebook {codebook} {version}"
            )
        }
    }
}

/// The codebook as a coder, with the dictionary that the study asks for.
pub fn machine(codebook: Codebook, paths: &DictionaryPaths, attributes: Option<&[AttributeNames]>) -> Result<Machine> {
    let own = match &paths.variants {
        Some(path) => variants(path)?,
        None => Vec::new(),
    };
    let normalizer = Normalizer::from_csv(aftercode_dictionaries::VARIANTS_CSV, &own)
        .map_err(|error| paths.variants.iter().fold(error, |error, path| error.file(path)))?;
    let terms = match &paths.terms {
        Some(path) => terms(path, &normalizer)?,
        None => Vec::new(),
    };
    let tokenizer = match &paths.path {
        Some(folder) => Tokenizer::from_path(folder, &terms)?,
        None => Tokenizer::embedded(&terms)?,
    };
    Machine::new(codebook, normalizer, tokenizer, attributes)
}

/// The study's own terms, as they stand in a folded text.
fn terms(path: &Path, normalizer: &Normalizer) -> Result<Vec<Term>> {
    let rows = words(path, &["surface", "pos", "reading"], 1)?;
    let terms = rows.into_iter().map(|row| {
        let surface = normalizer.normalize(&row.cells[0]).text().to_owned();
        Term::new(&surface, &row.cells[1], &row.cells[2])
    });
    Ok(terms.collect())
}

/// The study's own spellings.
fn variants(path: &Path) -> Result<Vec<(String, String)>> {
    let rows = words(path, &["variant", "canonical"], 2)?;
    Ok(rows.into_iter().map(|row| (row.cells[0].clone(), row.cells[1].clone())).collect())
}

/// The attributes as rules may name them.
pub fn attribute_names(survey: &Survey) -> Vec<AttributeNames> {
    let names = |attribute: &aftercode::survey::Attribute| AttributeNames {
        names: vec![attribute.name.clone()],
        values: attribute.categories.clone(),
        nets: attribute.nets.iter().map(|net| (net.label.clone(), net.of.clone())).collect(),
    };
    survey.attributes.iter().map(names).collect()
}

/// A stance that the codebook does not know would silently be a code of its own.
pub fn check_default_stances(study: &Study, codebook: &Codebook) -> Result<()> {
    let qualifying = codebook.axes.iter().filter(|axis| axis.qualifies.is_some());
    let stances: Vec<&str> = qualifying.flat_map(|axis| &axis.order).map(String::as_str).collect();
    for question in study.questions.iter().map(|question| &question.question) {
        let Some(stance) = question.default_stance.as_deref().filter(|_| !stances.is_empty()) else { continue };
        if !stances.contains(&stance) {
            let id = &question.id;
            let error = Diagnostic::error(text!(
                "設問 {id} の default_stance「{stance}」はコードブックの立場にありません。",
                "The default_stance \"{stance}\" of question \"{id}\" is no stance of the codebook."
            ))
            .file(&study.path);
            return Err(match suggest(stance, &stances) {
                Some(hint) => error.hint(hint),
                None => error,
            });
        }
    }
    Ok(())
}

/// Indices of the attributes that the study groups by.
fn grouping(study: &Study, survey: &Survey) -> Vec<usize> {
    let index = |name: &String| survey.attributes.iter().position(|attribute| attribute.name == *name);
    study.table.by.iter().filter_map(index).collect()
}
