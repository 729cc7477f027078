//! `aftercode codebook show`.

use std::io::Write as _;
use std::path::PathBuf;

use aftercode::codebook::Reserved;
use aftercode::convert::read;
use aftercode::diagnostic::Lang;
use aftercode::report::manual::{ManualFormat, manual};

use super::write_file;
use crate::cli::{Done, Failure};

/// What `show` was asked to do.
pub struct Options {
    /// The codebook.
    pub codebook: PathBuf,
    /// Whether to write HTML.
    pub html: bool,
    /// The file to write; else standard output.
    pub out: Option<PathBuf>,
    /// Whether to replace a file that exists.
    pub force: bool,
}

/// Writes the manual of a codebook.
pub fn show(options: &Options, lang: Lang) -> Result<Done, Failure> {
    let (written, _) = read(&options.codebook)?;
    let format = if options.html { ManualFormat::Html } else { ManualFormat::Markdown };
    let text = manual(&written, &Reserved::shipped()?, format, lang)?;
    match &options.out {
        Some(out) => write_file(out, text.into_bytes(), options.force)?,
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(Done::Well)
}
