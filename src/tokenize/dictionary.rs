//! What the tokenizer asks of a dictionary: added terms, field positions, identity.

use std::path::Path;

use lindera::dictionary::{Dictionary, Schema, UserDictionary};
use lindera_dictionary::builder::DictionaryBuilder;
use sha2::{Digest as _, Sha256};

use crate::diagnostic::{Diagnostic, Result, io_error};
use crate::digest::hex;
use crate::text;

/// A word added to the dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word as it stands in (folded) text.
    pub surface: String,
    /// Its part of speech, outermost first, comma-separated.
    pub pos: String,
    /// Its reading in katakana.
    pub reading: String,
}

impl Term {
    /// A word for texts that are folded alike; a general noun if `pos` is empty.
    pub fn new(surface: &str, pos: &str, reading: &str) -> Self {
        let or = |cell: &str, default: &str| if cell.is_empty() { default.to_owned() } else { cell.to_owned() };
        Self { surface: surface.to_lowercase(), pos: or(pos, "名詞,一般"), reading: or(reading, "*") }
    }
}

/// Reads terms from CSV with the header `surface,base,pos,reading`.
///
/// # Errors
/// If the CSV is malformed or a row has no surface.
pub fn read_terms(csv_text: &str) -> Result<Vec<Term>> {
    let mut reader = csv::Reader::from_reader(csv_text.as_bytes());
    let mut terms = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let line = index + 2;
        let record = record.map_err(|error| {
            Diagnostic::error(text!("用語の一覧を読めません: {error}", "The list of terms cannot be read: {error}"))
                .line(line)
        })?;
        let surface = record.get(0).unwrap_or_default().trim();
        if surface.is_empty() {
            return Err(Diagnostic::error(text!("用語の見出し語が空です。", "A term has no surface."))
                .line(line)
                .hint(text!(
                    "1列目に語を書いてください（surface,base,pos,reading）。",
                    "Write the word in the first column (surface,base,pos,reading)."
                )));
        }
        terms.push(Term::new(surface, record.get(2).unwrap_or_default(), record.get(3).unwrap_or_default()));
    }
    Ok(terms)
}

/// Refuses what is plainly no dictionary, in better words than the loader has.
pub(super) fn check_folder(folder: &Path) -> Result<()> {
    let how = || {
        text!(
            "lindera 6 で作った辞書のフォルダー（metadata.json や dict.trie があるところ）を [dictionary] の path に書いてください。",
            "Name the folder of a dictionary built by lindera 6 (with metadata.json, dict.trie …) as path in [dictionary]."
        )
    };
    let found = std::fs::metadata(folder).map_err(|error| io_error(folder, &error))?;
    let message = if !found.is_dir() {
        text!("辞書はフォルダーで指定しますが、これはファイルです。", "A dictionary is a folder; this is a file.")
    } else if !folder.join("metadata.json").is_file() {
        text!("このフォルダーに lindera の辞書はありません。", "There is no lindera dictionary in this folder.")
    } else {
        return Ok(());
    };
    Err(Diagnostic::error(message).file(folder).hint(how()))
}

/// Compiles `terms` as user words of `dictionary`; `None` where there are none.
pub(super) fn user_dictionary(dictionary: &Dictionary, terms: &[Term]) -> Result<Option<UserDictionary>> {
    if terms.is_empty() {
        return Ok(None);
    }
    let metadata = (*dictionary.metadata).clone();
    let fields = metadata.user_dictionary_schema.fields.clone();
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let failed = |error: String| {
        Diagnostic::error(text!("用語を辞書に加えられません: {error}", "The terms cannot be added: {error}"))
    };
    for term in terms {
        let outer = term.pos.split(',').next().unwrap_or("名詞");
        let row = fields.iter().map(|field| match field.as_str() {
            "surface" => term.surface.as_str(),
            "reading" | "pronunciation" => term.reading.as_str(),
            name if name.starts_with("part_of_speech") || name.contains("pos") => outer,
            _ => "*",
        });
        writer.write_record(row).map_err(|error| failed(error.to_string()))?;
    }
    let rows = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    DictionaryBuilder::new(metadata)
        .build_user_dict_from_reader(rows.as_slice())
        .map(Some)
        .map_err(|error| failed(error.to_string()))
}

/// The detail field that holds the base form; dictionaries name it differently.
pub(super) fn base_field(schema: &Schema) -> Option<usize> {
    const LEXICAL_FIELDS: usize = 4;
    ["base_form", "dictionary_form", "orthographic_base_form", "lemma", "normalized_form"]
        .iter()
        .find_map(|name| schema.fields.iter().position(|field| field == name))
        .and_then(|index| index.checked_sub(LEXICAL_FIELDS))
}

/// A dictionary's identity with added terms.
pub(super) fn with_terms(sha256: &str, terms: &[Term]) -> String {
    if terms.is_empty() {
        return sha256.to_owned();
    }
    let mut hash = Sha256::new();
    hash.update(sha256);
    for term in terms {
        hash.update(format!("\n{},{},{}", term.surface, term.pos, term.reading));
    }
    hex(&hash.finalize())
}

/// One checksum over the files of a dictionary folder, in name order.
pub(super) fn folder_digest(folder: &Path) -> Result<String> {
    let entries = std::fs::read_dir(folder).map_err(|error| io_error(folder, &error))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    let mut hash = Sha256::new();
    for path in paths.iter().filter(|path| path.is_file()) {
        hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        hash.update(std::fs::read(path).map_err(|error| io_error(path, &error))?);
    }
    Ok(hex(&hash.finalize()))
}
