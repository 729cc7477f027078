//! `aftercode codebook diff`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use aftercode::codebook::Codebook;
use aftercode::codebook::diff::{Diff, renamed};
use aftercode::codebook::written::Written;
use aftercode::coding::{Coded, Machine};
use aftercode::compare::{CodedBy, Comparison};
use aftercode::config::Source;
use aftercode::convert::{Format, read, write};
use aftercode::diagnostic::{Lang, Result};
use aftercode::read::columns;
use aftercode::report::changes::{Differences, json, text};
use aftercode::study::Study;
use aftercode::survey::{PerAnswer, Survey};

use crate::cli::run::{attribute_names, check_default_stances, machine};
use crate::cli::{Done, Failure};

/// What `diff` was asked to do.
pub struct Options {
    /// The codebook before.
    pub old: PathBuf,
    /// The codebook now.
    pub new: PathBuf,
    /// A study whose answers are compared.
    pub study: Option<PathBuf>,
    /// Whether to print JSON.
    pub json: bool,
    /// Whether a difference is exit status 1.
    pub exit_code: bool,
}

/// Says what differs between two codebooks.
pub fn diff(options: &Options, lang: Lang) -> std::result::Result<Done, Failure> {
    let ((old, _), (new, _)) = (read(&options.old)?, read(&options.new)?);
    let diff = Diff::of(&old, &new);
    let compared = options.study.as_ref().map(|study| answers(study, options, &old, &new)).transpose()?;
    let differences = Differences {
        old: &old,
        new: &new,
        diff: &diff,
        answers: compared.as_ref().map(|(survey, comparison)| (survey, comparison)),
    };
    let out = if options.json { json(&differences) } else { text(&differences, lang) };
    std::io::stdout().lock().write_all(out.as_bytes())?;
    Ok(if options.exit_code && !differences.is_empty() { Done::WithReservations } else { Done::Well })
}

/// The answers of a study, and what the two codebooks make of them.
fn answers(path: &Path, options: &Options, old: &Written, new: &Written) -> Result<(Survey, Comparison)> {
    let study = Study::load(path)?;
    let survey = columns::survey(&study)?.survey;
    let code = |path: &Path, written: &Written| -> Result<(Machine, PerAnswer<Coded>)> {
        let codebook = load(path, written)?;
        check_default_stances(&study, &codebook)?;
        let machine = machine(codebook, &study.dictionary, Some(&attribute_names(&survey)))?;
        let coded = machine.code_all(&survey, &|_| ())?;
        Ok((machine, coded))
    };
    let (before, after) = (code(&options.old, old)?, code(&options.new, new)?);
    let [old_codings, new_codings] =
        [&before, &after].map(|(machine, coded)| CodedBy { codebook: machine.codebook(), coded });
    let comparison = Comparison::of(&survey, old_codings, new_codings, &renamed(old, new));
    Ok((survey, comparison))
}

/// The codebook of a file of any format.
fn load(path: &Path, written: &Written) -> Result<Codebook> {
    match Format::of(path)? {
        Format::Toml | Format::Json => Codebook::load(path),
        Format::Csv | Format::Xlsx => {
            let toml = write(written, Format::Toml)?;
            Codebook::from_source(&Source::new(path, String::from_utf8_lossy(&toml)))
        }
    }
}
