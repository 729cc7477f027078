//! Results → files and the table on the terminal. Every exporter is a function of one
//! plain [`Outcome`].

pub mod agreement;
mod book;
pub mod changes;
mod check;
pub(crate) mod csv;
mod folder;
mod grid;
mod layout;
pub(crate) mod manifest;
pub mod manual;
mod methods;
mod page;
pub(crate) mod parquet;
mod records;
mod review;
pub mod sheet;
mod summary;
mod tables;
pub mod tabulation;
mod terminal;
mod workbook;

use crate::codebook::{Codebook, Label};
use crate::coding::Coded;
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::read::columns::Reading;
use crate::statistics::Adjustment;
use crate::study::Study;
use crate::survey::Survey;
use crate::tabulate::rates::Rate;
use crate::tabulate::study::{Tabulated, Violation};
use crate::tabulate::wave::{Change, Wave};
use crate::tabulate::{Group, GroupKind, ThemeTable};
use tabulation::Tested;

pub use check::*;
pub use folder::{PendingFile, replace_all, replace_files};
pub use grid::Grid;
pub use records::Records;
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
    /// Codings by respondent, then question.
    pub coded: &'o [Vec<Option<Coded>>],
    /// Themes by group, one table a question.
    pub tables: &'o [ThemeTable],
    /// The tests of their differences.
    pub tested: &'o [Tested],
    /// The other tables of the study.
    pub tabulated: &'o [Tabulated<'o>],
    /// Who does not meet the study's checks.
    pub violations: &'o [Violation],
    /// Cells of earlier runs beside those of this one, by the name of the earlier.
    pub compared: &'o [(String, Vec<Change>)],
    /// Response rates.
    pub rates: &'o [Rate],
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

/// Writes all files of a run into the study's output folder: all of them or none.
///
/// # Errors
/// If a file cannot be made or the folder not written; earlier output is then still whole.
pub fn write(outcome: &Outcome<'_>) -> Result<Vec<String>> {
    let mut files = vec![
        ("codings.csv".to_owned(), csv::codings(outcome)),
        ("matrix.csv".to_owned(), csv::matrix(outcome)),
        ("themes.csv".to_owned(), csv::themes(outcome)),
        ("review.csv".to_owned(), csv::review(outcome)),
    ];
    let mut add = |name: &str, records: Records| files.push((name.to_owned(), records.csv(outcome.raw)));
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
    files.push(("themes.xlsx".to_owned(), workbook::bytes(outcome)?));
    files.push(("summary.md".to_owned(), summary::text(outcome).into_bytes()));
    files.push(("report.html".to_owned(), page::html(outcome)?.into_bytes()));
    let manifest = manifest::json(outcome, &files);
    files.push(("manifest.json".to_owned(), manifest));
    replace_files(&outcome.study.output, &files)?;
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

/// `label` in the outcome's language.
fn label<'l>(label: &'l Label, outcome: &Outcome<'_>) -> &'l str {
    label.get(outcome.lang)
}
