//! Builds a dictionary folder for `[dictionary] path` from sources in MeCab's form.
//!
//! `cargo run --release -p aftercode-dictionaries --example build_folder -- METADATA SOURCE OUT`
//!
//! METADATA says which column of the lexicon holds what (`metadata.json`, `unidic.json`);
//! SOURCE is a folder with `*.csv`, `char.def`, `unk.def` and `matrix.def` in the encoding
//! that METADATA names; OUT is written. See `dictionaries/README.md`.
#![allow(clippy::print_stderr, reason = "a tool for the terminal")]

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use lindera_dictionary::builder::DictionaryBuilder;
use lindera_dictionary::dictionary::metadata::Metadata;

fn build(arguments: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let [metadata, source, out] = arguments else {
        return Err("give METADATA, SOURCE and OUT".into());
    };
    for file in ["char.def", "unk.def", "matrix.def"] {
        if !source.join(file).is_file() {
            return Err(format!("{} has no {file}: is it the folder of the sources?", source.display()).into());
        }
    }
    if out.exists() {
        return Err(format!("{} is there already; name a folder that is not", out.display()).into());
    }
    let text = fs::read_to_string(metadata).map_err(|error| format!("{}: {error}", metadata.display()))?;
    let schema: Metadata = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", metadata.display()))?;
    fs::create_dir_all(out)?;
    Ok(DictionaryBuilder::new(schema).build_dictionary(source, out)?)
}

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match build(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("build_folder: {error}");
            ExitCode::from(2)
        }
    }
}
