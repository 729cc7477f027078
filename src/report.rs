//! Results → files and the table on the terminal. Every exporter is a function of one
//! plain [`Outcome`].

pub mod agreement;
mod book;
pub mod changes;
mod check;
mod cooccurrence;
pub(crate) mod csv;
mod examples;
mod folder;
mod grid;
mod layout;
pub(crate) mod manifest;
pub mod manual;
mod methods;
mod page;
pub(crate) mod parquet;
pub mod planning;
pub(crate) mod quoted;
mod records;
mod review;
mod settled;
pub mod sheet;
mod summary;
mod tables;
pub mod tabulation;
mod terminal;
mod workbook;

use std::path::Path;

use crate::adjudicate::Settled;
use crate::audit::Reliability;
use crate::codebook::{Codebook, Label};
use crate::coding::Coded;
use crate::diagnostic::{Diagnostic, Lang, Result, io_error};
use crate::digest::sha256;
use crate::mask::Masks;
use crate::read::columns::Reading;
use crate::statistics::Adjustment;
use crate::study::Study;
use crate::survey::{PerAnswer, Survey};
use crate::tabulate::rates::Rate;
use crate::tabulate::study::{Tabulated, Violation};
use crate::tabulate::wave::{Compared, Wave};
use crate::tabulate::{Group, GroupKind, ThemeTable};
use quoted::Quoted;
use tabulation::Tested;

pub use check::*;
pub use folder::{Output, PendingFile, Replacement, replace_file, replace_files};
pub use grid::Grid;
pub use quoted::masked;
pub use records::Records;
pub use settled::sources_of_codes;
pub use tables::for_reading;
pub use terminal::{table, width};

/// Everything a run has found out.
pub struct Outcome<'o> {
    /// The study.
    pub study: &'o Study,
    /// What was read.
    pub reading: &'o Reading,
    /// The codebook.
    pub codebook: &'o Codebook,
    /// Codings by respondent, then question: final ones.
    pub coded: &'o PerAnswer<Coded>,
    /// Where they come from, if not from the rules alone.
    pub settled: Option<&'o Settled>,
    /// Themes by group, one table a question.
    pub tables: &'o [ThemeTable],
    /// What is masked in answers; of no use unless the study asks for it.
    pub masks: &'o Masks,
    /// The tests of their differences.
    pub tested: &'o [Tested],
    /// The other tables of the study.
    pub tabulated: &'o [Tabulated<'o>],
    /// Who does not meet the study's checks.
    pub violations: &'o [Violation],
    /// Cells of earlier runs beside those of this one.
    pub compared: &'o [Compared],
    /// Response rates.
    pub rates: &'o [Rate],
    /// How far people agreed, if the study names their codings.
    pub agreement: Option<&'o Reliability>,
    /// Name and checksum of the analyzer's dictionary.
    pub dictionary: (&'o str, &'o str),
    /// Checksum of the spelling variants, shipped and the study's own.
    pub variants: &'o str,
    /// The language of what people read.
    pub lang: Lang,
    /// Whether files are for machines: no byte order mark, LF, nothing neutralized.
    pub raw: bool,
    /// Warnings of the run.
    pub notes: &'o [Diagnostic],
}

impl Outcome<'_> {
    /// The respondents.
    pub fn survey(&self) -> &Survey {
        &self.reading.survey
    }

    /// The answer of the respondent at `respondent` to the question at `question` as it may
    /// be shown; `None` where there is no text.
    pub(crate) fn quoted(&self, respondent: usize, question: usize) -> Option<Quoted<'_>> {
        let answer = self.survey().respondents[respondent].answers[question].text()?;
        let masks = self.masks.get(respondent, question).map_or(&[][..], Vec::as_slice);
        Some(Quoted::new(answer, masks, self.study.quotes.show, self.lang))
    }
}

/// This run as one wave of several.
pub fn wave(outcome: &Outcome<'_>) -> Wave {
    tables::wave(outcome)
}

/// The coder that rules are, beside human coders.
pub const RULES: &str = "rules";

/// A group's name for readers.
pub fn group_name(group: &Group, lang: Lang) -> String {
    match (&group.kind, lang) {
        (GroupKind::Total, Lang::Ja) => "全体".to_owned(),
        (GroupKind::Total, Lang::En) => "Total".to_owned(),
        (GroupKind::Missing, Lang::Ja) => "不明".to_owned(),
        (GroupKind::Missing, Lang::En) => "Unknown".to_owned(),
        (GroupKind::Category(name) | GroupKind::Net(name, _), _) => name.clone(),
    }
}

/// The files of a run but the manifest.
///
/// # Errors
/// If one cannot be made.
pub fn files<'o>(outcome: &'o Outcome<'o>) -> Result<Vec<Output<'o>>> {
    let mut files = vec![
        match outcome.settled {
            Some(settled) => Output::bytes("codings.csv", settled::codings(outcome, settled)),
            None => Output::new("codings.csv", |out| csv::codings(outcome, out)),
        },
        Output::new("matrix.csv", |out| csv::matrix(outcome, out)),
        Output::bytes("themes.csv", csv::themes(outcome)),
        Output::new("review.csv", |out| csv::review(outcome, out)),
    ];
    let mut add = |name: &str, records: Records| files.push(Output::bytes(name, records.csv(outcome.raw)));
    if let Some(settled) = outcome.settled {
        add("decisions.csv", settled::decisions(outcome, settled));
    }
    add("tests.csv", tabulation::tests(outcome.tested, Some(Adjustment::Holm), outcome.lang));
    if !outcome.rates.is_empty() {
        add("rates.csv", tabulation::rates(outcome.rates, outcome.lang));
    }
    if !outcome.tabulated.is_empty() {
        add("tables.csv", tables::tables(outcome.tabulated, outcome.lang));
        add("table_tests.csv", tables::table_tests(outcome.tabulated, outcome.lang));
    }
    if !outcome.violations.is_empty() {
        add("checks.csv", tables::checks(outcome.violations));
    }
    if !outcome.compared.is_empty() {
        add("compare.csv", tables::compare(outcome.compared, outcome.lang));
    }
    let (book, (summary, page)) =
        rayon::join(|| workbook::bytes(outcome), || rayon::join(|| summary::text(outcome), || page::html(outcome)));
    let copy = outcome.codebook.source.text.clone().into_bytes();
    files.push(Output::bytes(manifest::copy_of(outcome.codebook), copy));
    files.push(Output::bytes("themes.xlsx", book?));
    files.push(Output::bytes("summary.md", summary.into_bytes()));
    files.push(Output::bytes("report.html", page?.into_bytes()));
    Ok(files)
}

/// Writes all files of a run into the study's output folder: all of them or none. Results
/// of an earlier run that this one has not got go.
///
/// # Errors
/// If a file cannot be made or the folder not written; earlier output is then still whole.
pub fn write(outcome: &Outcome<'_>) -> Result<Vec<String>> {
    let files = files(outcome)?;
    let mut replacement = Replacement::begin(&outcome.study.output)?;
    let sums = replacement.write(&files)?;
    let mut names: Vec<String> = files.into_iter().map(|file| file.name).collect();
    let manifest = manifest::json(outcome, names.iter().map(String::as_str).zip(&sums));
    names.push(folder::MANIFEST.to_owned());
    replacement.write(&[Output::bytes(folder::MANIFEST, manifest)])?;
    replacement.commit()?;
    Ok(names)
}

/// Names and contents of all files of a run.
///
/// # Errors
/// If a file cannot be made.
pub fn in_memory(outcome: &Outcome<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let made = |output: Output<'_>| {
        let mut bytes = Vec::new();
        output.write(&mut bytes).map_err(|error| io_error(Path::new(&output.name), &error))?;
        Ok((output.name, bytes))
    };
    let mut files: Vec<(String, Vec<u8>)> = files(outcome)?.into_iter().map(made).collect::<Result<_>>()?;
    let sums: Vec<String> = files.iter().map(|(_, bytes)| sha256(bytes)).collect();
    let manifest = manifest::json(outcome, files.iter().map(|(name, _)| name.as_str()).zip(&sums));
    files.push((folder::MANIFEST.to_owned(), manifest));
    Ok(files)
}

/// `label` in the outcome's language.
fn label<'l>(label: &'l Label, outcome: &Outcome<'_>) -> &'l str {
    label.get(outcome.lang)
}
