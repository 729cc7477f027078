//! `aftercode check`: examples, doubts about rules, and what a study's answers say.

use std::io::Write as _;
use std::path::PathBuf;

use aftercode::check;
use aftercode::codebook::Codebook;
use aftercode::diagnostic::Lang;
use aftercode::read::columns;
use aftercode::report::{Checked, check_json, check_page};
use aftercode::study::{DictionaryPaths, Study};

use super::{Done, Failure, Invocation, run};

/// What `check` was asked to do.
pub struct Options {
    /// The codebook.
    pub codebook: PathBuf,
    /// A study whose answers the rules are tried on.
    pub study: Option<PathBuf>,
    /// Whether to print JSON.
    pub json: bool,
}

/// Checks a codebook and prints what was found.
pub fn check(options: &Options, invocation: &Invocation) -> Result<Done, Failure> {
    let study = options.study.as_deref().map(Study::load).transpose()?;
    let of_study = study.as_ref().and_then(|study| study.lang).filter(|_| !invocation.lang_chosen);
    let lang = of_study.unwrap_or(invocation.lang);
    check_in(options, study.as_ref(), lang).map_err(|failure| match failure {
        Failure::Said(diagnostic, _) => Failure::Said(diagnostic, Some(lang)),
        failure => failure,
    })
}

fn check_in(options: &Options, study: Option<&Study>, lang: Lang) -> Result<Done, Failure> {
    let codebook = Codebook::load(&options.codebook)?;
    let reading = study.map(columns::survey).transpose()?;
    let survey = reading.as_ref().map(|reading| &reading.survey);
    let attributes = survey.map(run::attribute_names);
    let paths = study.map_or_else(DictionaryPaths::default, |study| study.dictionary.clone());
    let machine = run::machine(codebook, &paths, attributes.as_deref())?;
    let report = check::check(&machine, survey.zip(attributes.as_deref()))?;
    if let Some(reading) = &reading {
        let mut stderr = std::io::stderr().lock();
        for note in &reading.notes {
            // A closed stderr must not keep the report from being printed.
            let _ = writeln!(stderr, "{}", note.render(lang));
        }
    }
    let checked = Checked { codebook: machine.codebook(), file: &options.codebook, report: &report, survey };
    let printed = if options.json { check_json(&checked, lang) } else { check_page(&checked, lang) };
    std::io::stdout().lock().write_all(printed.as_bytes())?;
    Ok(if report.passed() { Done::Well } else { Done::WithReservations })
}
