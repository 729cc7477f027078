//! `aftercode run`: the pipeline, a line a stage.

mod watch;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use aftercode::adjudicate::settle;
use aftercode::audit::{Reliability, Scheme};
use aftercode::codebook::Codebook;
use aftercode::coding::Machine;
use aftercode::diagnostic::{Diagnostic, Lang, Result, Severity, suggest};
use aftercode::mask::{Masker, Masks};
use aftercode::normalize::Normalizer;
use aftercode::read::{columns, words};
use aftercode::report::{self, Outcome, RULES, tabulation};
use aftercode::rule::plan::AttributeNames;
use aftercode::study::{DictionaryPaths, Show, Study, is_long_enough};
use aftercode::survey::Survey;
use aftercode::tabulate::wave::{Compared, Wave, changes, warnings};
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
    /// Whether to run again on every change.
    pub watch: bool,
}

/// What decides the files besides the study and the files it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The language of what people read.
    pub lang: Lang,
    /// Whether files are for machines.
    pub raw: bool,
}

/// What a run came to.
pub struct Produced<M> {
    /// What was made of its results.
    pub made: M,
    /// What the reader must know.
    pub notes: Vec<Diagnostic>,
    /// Tables for the terminal, each with its heading.
    screen: String,
    /// Whether rows were left out, or decisions that are stale.
    skipped: bool,
}

/// Codes and tabulates a study.
pub fn run(options: &Options, invocation: &Invocation) -> std::result::Result<Done, Failure> {
    if let Some(threads) = options.threads {
        // Fails only if a pool exists already, and none does yet.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    if options.watch {
        return watch::watch(options, invocation);
    }
    let (study, lang) = load(options, invocation)?;
    let settings = Settings { lang, raw: options.raw };
    let produced = produce(&study, settings, options.tables, options.quiet, report::write)
        .map_err(|error| Failure::Said(error, Some(lang)))?;
    tell(&study, &produced, &produced.made, options.quiet, lang)
}

/// The study, with the output folder that was asked for, and the language of its results.
fn load(options: &Options, invocation: &Invocation) -> std::result::Result<(Study, Lang), Failure> {
    let mut study = Study::load(&options.study)?;
    let lang = if invocation.lang_chosen { invocation.lang } else { study.lang.unwrap_or(invocation.lang) };
    if let Some(out) = &options.out {
        study.write_to(out).map_err(|error| Failure::Said(error, Some(lang)))?;
    }
    Ok((study, lang))
}

/// Finds out all that a run tells and lets `make` make files of it. `tables` puts the
/// study's other tables on the screen, too.
///
/// # Errors
/// If the study's files cannot be read or used for certain, or `make` fails.
pub fn produce<M>(
    study: &Study,
    settings: Settings,
    tables: bool,
    quiet: bool,
    make: impl FnOnce(&Outcome<'_>) -> Result<M>,
) -> Result<Produced<M>> {
    let Settings { lang, raw } = settings;
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let spinner = progress::spinner(say("回答を読んでいます", "Reading answers"), quiet);
    let (codebook, reading) = rayon::join(|| Codebook::load(&study.codebook), || columns::survey(study));
    spinner.finish_and_clear();
    let codebook = codebook?;
    check_default_stances(study, &codebook)?;
    let reading = reading?;
    let survey = &reading.survey;
    let machine = machine(codebook, &study.dictionary, Some(&attribute_names(survey)))?;

    let answers = survey.respondents.iter().flat_map(|respondent| &respondent.answers);
    let answers = answers.filter(|answer| answer.text().is_some()).count() as u64;
    let bar = progress::bar(answers, say("コードを付けています", "Coding"), quiet);
    let coded = machine.code_all(survey, &|done| bar.inc(done));
    bar.finish_and_clear();
    let mut coded = coded?;
    // Before people's decisions take the place of what the rules say.
    let scheme = Scheme::new(survey, machine.codebook(), &study.answers.id.text);
    let agreement = || study.agreement.as_ref().map(|files| Reliability::new(files, RULES, &scheme, &coded));
    let (agreement, masks) = rayon::join(agreement, || masks(study, &machine, survey));
    let agreement = agreement.transpose()?;
    let settled = study.codings.as_ref().map(|plan| settle(plan, &scheme, &mut coded)).transpose()?;
    let themes = tabulate::themes(survey, machine.codebook(), &coded, &grouping(study, survey), study.table.base);

    let material = Material { study, reading: &reading, codebook: machine.codebook(), coded: &coded };
    let tested = || tabulation::tested(survey, machine.codebook(), &themes, &study.table);
    let (tested, tabulated) = rayon::join(tested, || material.tables());
    let (tabulated, violations, rates) = (tabulated?, material.violations()?, material.rates());
    let mut notes = reading.notes.clone();
    notes.extend(agreement.iter().flat_map(|agreement| agreement.codings.notes.iter().cloned()));
    notes.extend(settled.iter().flat_map(|settled| settled.notes.clone()));
    notes.extend(violations.iter().filter_map(|violation| Some(*Box::new(violation.warning()?).file(&study.path))));
    notes.extend(material.leaks());
    notes.extend(exceeded(&rates).into_iter().map(|warning| *Box::new(warning).file(&study.path)));

    let masks = masks?;
    let mut outcome = Outcome {
        study,
        reading: &reading,
        codebook: machine.codebook(),
        coded: &coded,
        settled: settled.as_ref(),
        masks: &masks,
        tables: &themes,
        tested: &tested,
        tabulated: &tabulated,
        violations: &violations,
        rates: &rates,
        agreement: agreement.as_ref(),
        compared: &[],
        dictionary: (machine.tokenizer().name(), machine.tokenizer().sha256()),
        variants: machine.normalizer().sha256(),
        lang,
        raw,
        notes: &[],
    };
    let compared = compared(&outcome, &mut notes)?;
    (outcome.compared, outcome.notes) = (&compared, &notes);
    let (made, screen) = (make(&outcome)?, screen(&outcome, tables));
    let is_stale = outcome.settled.is_some_and(|settled| settled.stale > 0);
    let skipped = reading.rows_skipped > 0 || is_stale;
    // To take all rules apart takes a while, and nobody need wait for it. On a thread that is
    // there: starting another one could fail, and the results are written already.
    rayon::spawn(move || drop(machine));
    Ok(Produced { made, screen, skipped, notes })
}

/// What must not leave of the answers, as the study says.
fn masks(study: &Study, machine: &Machine, survey: &Survey) -> Result<Masks> {
    if study.quotes.show != Show::Masked {
        return Ok(Masks::default());
    }
    let mut listed = study.quotes.mask.clone();
    if let Some(path) = &study.quotes.names {
        let rows = words(path, &["name"], 1)?;
        if let Some(short) = rows.iter().find(|row| !is_long_enough(&row.cells[0])) {
            let word = &short.cells[0];
            return Err(Diagnostic::error(text!(
                "「{word}」は、伏せる語としては短すぎます。",
                "\"{word}\" is too short to be masked."
            ))
            .file(path)
            .line(short.line)
            .hint(text!(
                "2文字以上で書くか、この行を消してください。",
                "Write two characters at least, or delete the row."
            )));
        }
        listed.extend(rows.into_iter().map(|row| row.cells[0].clone()));
    }
    Masker::new(&listed, machine.normalizer())?.find_all(survey, machine.normalizer(), machine.tokenizer())
}

/// The study beside the earlier ones it names.
fn compared(outcome: &Outcome<'_>, notes: &mut Vec<Diagnostic>) -> Result<Vec<Compared>> {
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
        let (name, changes) = (earlier.name.clone(), changes(&now, &before));
        compared.push(Compared { name, sha256: before.sha256, changes });
    }
    Ok(compared)
}

/// The tables as the terminal shows them.
fn screen(outcome: &Outcome<'_>, tables: bool) -> String {
    let lang = outcome.lang;
    let mut screen = format!("{}\n", heading(outcome, lang));
    outcome.tables.iter().for_each(|table| screen.push_str(&report::table(outcome, table)));
    let closed = outcome.tabulated.len();
    match lang {
        _ if tables => outcome.tabulated.iter().for_each(|table| screen.push_str(&report::for_reading(table, lang))),
        _ if closed == 0 => {}
        Lang::Ja => screen.push_str(&format!("\nほかの表 {closed} 件は tables.csv にあります（--tables で表示）。\n")),
        Lang::En => screen.push_str(&format!("\nOther tables: {closed}, in tables.csv (shown with --tables).\n")),
    }
    screen.push_str(&format!("\n{}\n", report::masked(outcome).get(lang)));
    if let Some(sources) = report::sources_of_codes(outcome) {
        screen.push_str(&format!("\n{}\n", sources.get(lang)));
    }
    screen
}

/// Prints what the reader must know, then the tables and where the files are.
fn tell<M>(
    study: &Study,
    produced: &Produced<M>,
    files: &[String],
    quiet: bool,
    lang: Lang,
) -> std::result::Result<Done, Failure> {
    warn(&produced.notes, quiet, lang);
    if !quiet {
        let mut out = std::io::stdout().lock();
        write!(out, "{}", produced.screen)?;
        let folder = study.output.display();
        match lang {
            Lang::Ja => writeln!(out, "\n書き出しました: {folder} に {}", files.join("、"))?,
            Lang::En => writeln!(out, "\nWritten to {folder}: {}", files.join(", "))?,
        }
    }
    Ok(if produced.skipped { Done::WithReservations } else { Done::Well })
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
