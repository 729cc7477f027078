//! `aftercode codebook convert`.

use std::io::Write as _;
use std::path::PathBuf;

use aftercode::convert::{Format, convert as converted};
use aftercode::diagnostic::Lang;

use super::write_file;
use crate::cli::{Done, Failure};

/// What `convert` was asked to do.
pub struct Options {
    /// The codebook.
    pub from: PathBuf,
    /// The file to write; its extension is the format.
    pub to: PathBuf,
    /// Whether to replace a file that exists.
    pub force: bool,
}

/// Writes a codebook in another format.
pub fn convert(options: &Options, lang: Lang) -> Result<Done, Failure> {
    let replaced = (options.force && options.to.is_file()).then_some(options.to.as_path());
    let file = converted(&options.from, Format::of(&options.to)?, replaced)?;
    write_file(&options.to, file.bytes, options.force)?;
    for note in &file.notes {
        // A closed stderr must not make a finished file a failure.
        let _ = writeln!(std::io::stderr(), "{}", note.render(lang));
    }
    let to = options.to.display();
    let mut out = std::io::stdout().lock();
    match lang {
        Lang::Ja => writeln!(out, "書き出しました: {to}")?,
        Lang::En => writeln!(out, "Written: {to}")?,
    }
    Ok(Done::Well)
}
