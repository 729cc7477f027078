//! Codebooks from one format into another: TOML, JSON, CSV and XLSX.
//!
//! What is written is read back before it is handed on, and must say the same: a
//! format that cannot hold something refuses it, and what only people read and a format
//! does not keep (comments) is told.
//!
//! Rows of sheets are described in [`sheet`].

mod csv;
mod over;
pub mod sheet;
mod toml;
mod xlsx;

use std::path::Path;

use serde_json::{Map, Value as Json};

use crate::codebook::keys::Section;
use crate::codebook::written::{Record, Value, Written};
use crate::config::{Source, comments, quoted_keys};
use crate::diagnostic::{Diagnostic, Result, Severity, io_error};
use crate::text;

/// A format of codebook files, told by the extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML, the format to write by hand.
    Toml,
    /// JSON of the same structure.
    Json,
    /// One table; the column `kind` says what a row is.
    Csv,
    /// A workbook with a sheet a kind of section.
    Xlsx,
}

impl Format {
    /// The format of a file.
    ///
    /// # Errors
    /// If its extension is none of these.
    pub fn of(path: &Path) -> Result<Self> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("toml") => Ok(Self::Toml),
            Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some("xlsx") => Ok(Self::Xlsx),
            _ => Err(Diagnostic::error(text!(
                "コードブックの形式が拡張子からわかりません。",
                "The extension does not tell the format of the codebook."
            ))
            .file(path)
            .hint(text!("使えるのは .toml、.json、.csv、.xlsx です。", "Use .toml, .json, .csv or .xlsx."))),
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Toml => ".toml",
            Self::Json => ".json",
            Self::Csv => ".csv",
            Self::Xlsx => ".xlsx",
        }
    }
}

/// A codebook in another format.
#[derive(Debug)]
pub struct Converted {
    /// The bytes of the new file.
    pub bytes: Vec<u8>,
    /// What was lost, and what reading the old file had to say.
    pub notes: Vec<Diagnostic>,
}

/// Reads a codebook of any format.
///
/// # Errors
/// If it is malformed, with file and line (or row).
pub fn read(path: &Path) -> Result<(Written, Vec<Diagnostic>)> {
    match Format::of(path)? {
        Format::Toml | Format::Json => Ok((Written::of(&Source::read(path)?)?, Vec::new())),
        Format::Csv => csv::read(path),
        Format::Xlsx => xlsx::read(path),
    }
}

/// Writes a codebook in a format. The same codebook gives the same bytes.
///
/// # Errors
/// If the format cannot hold it.
pub fn write(written: &Written, format: Format) -> Result<Vec<u8>> {
    match format {
        Format::Toml => Ok(toml::text(written).text.into_bytes()),
        Format::Json => Ok(json(written).into_bytes()),
        Format::Csv => csv::write(written),
        Format::Xlsx => xlsx::write(written),
    }
}

/// Converts the codebook at `from` to the format `to`. From TOML to TOML everything
/// stays as it is, comments and all, but that keys with other than Latin letters get
/// the quotes that other programs want. From another format to TOML, `old` may name the
/// TOML file that will be replaced: what did not change keeps its comments and layout.
///
/// # Errors
/// If the codebook is malformed, or the format cannot hold it.
pub fn convert(from: &Path, to: Format, old: Option<&Path>) -> Result<Converted> {
    let (written, mut notes) = read(from)?;
    let is_toml = Format::of(from)? == Format::Toml;
    let bytes = match old {
        _ if is_toml && to == Format::Toml => {
            let text = quoted_keys(&Source::read(from)?.text);
            toml::standard(&text).map_err(|error| error.file(from))?.into_bytes()
        }
        Some(old) if to == Format::Toml => {
            let before = Source::read(old)?;
            let kept = over::over(&quoted_keys(&before.text), &written).map(String::into_bytes);
            // Where the old file cannot be edited piece by piece it is written anew.
            let kept = kept.filter(|bytes| check(&written, bytes, to).is_ok());
            let bytes = kept.map_or_else(|| write(&written, to), Ok)?;
            let left = comments(&String::from_utf8_lossy(&bytes));
            notes.extend(lost(comments(&before.text).saturating_sub(left), to).map(|note| *note.file(old)));
            bytes
        }
        _ => write(&written, to)?,
    };
    if is_toml && to != Format::Toml {
        notes.extend(lost(comments(&Source::read(from)?.text), to).map(|note| *note.file(from)));
    }
    check(&written, &bytes, to).map_err(|error| error.file(from))?;
    Ok(Converted { bytes, notes })
}

/// The warning that `count` comments are gone.
fn lost(count: usize, to: Format) -> Option<Box<Diagnostic>> {
    let name = to.extension();
    let hint = match to {
        Format::Toml => text!(
            "コメントを付けていた行がなくなったか、リストが書き直されました。",
            "What they stood at is gone, or a list was written anew."
        ),
        _ => text!(
            "元のファイルを残してください。ルールの中の # からの説明は残ります。",
            "Keep the old file. What stands behind # inside a rule is kept."
        ),
    };
    (count > 0).then(|| {
        Box::new(Diagnostic::new(
            Severity::Warning,
            text!("コメント {count} 個は {name} に残りません。", "Comments are not kept in {name}: {count}."),
        ))
        .hint(hint)
    })
}

/// Reads `bytes` back: they must say what was to be written.
fn check(written: &Written, bytes: &[u8], format: Format) -> Result<()> {
    let folder = std::env::temp_dir();
    let mut file = tempfile::Builder::new()
        .prefix("aftercode-")
        .suffix(format.extension())
        .tempfile()
        .map_err(|error| io_error(&folder, &error))?;
    std::io::Write::write_all(&mut file, bytes).map_err(|error| io_error(&folder, &error))?;
    let again = read(file.path()).map_err(|mut error| {
        // The file read is not one the user knows.
        (error.file, error.line, error.column) = (None, None, None);
        error
    })?;
    let Some(place) = difference(written, &again.0) else { return Ok(()) };
    let name = format.extension();
    Err(Diagnostic::error(text!("{name} では {place} をそのまま書けません。", "{name} cannot hold {place} as it is."))
        .hint(text!(
            "空の文字列、行頭の改行、制御文字などを除くか、別の形式を選んでください。",
            "Remove empty strings, control characters and the like, or choose another format."
        )))
}

/// The first place where two codebooks differ.
fn difference(a: &Written, b: &Written) -> Option<String> {
    for section in Section::ALL {
        let (left, right) = (a.records(section), b.records(section));
        if left.len() != right.len() {
            return Some(section.name().to_owned());
        }
        if let Some((left, right)) = left.iter().zip(right).find(|(left, right)| left != right) {
            let key = section.keys().iter().find(|key| left.get(key.name) != right.get(key.name));
            return Some(format!("{} {} {}", section.name(), left.id(), key.map_or("", |key| key.name)));
        }
    }
    let lists = a.lists.iter().zip(&b.lists).find(|(left, right)| left != right);
    let fallback = (a.lists.len() != b.lists.len()).then(|| "lists".to_owned());
    lists.map(|(left, _)| format!("list {}", left.0)).or(fallback)
}

fn json(written: &Written) -> String {
    let object = |record: &Record| {
        let entry = |(key, value): (&str, &Value)| {
            let value = match value {
                Value::Text(text) => Json::from(text.as_str()),
                Value::Texts(texts) => Json::from(texts.clone()),
            };
            (key.to_owned(), value)
        };
        Json::Object(record.values().map(entry).collect())
    };
    let objects = |records: &[Record]| Json::Array(records.iter().map(object).collect());
    let mut root = Map::new();
    root.insert("codebook".to_owned(), object(&written.head));
    if !written.lists.is_empty() {
        let lists = written.lists.iter().map(|(name, words)| (name.clone(), Json::from(words.clone())));
        root.insert("lists".to_owned(), Json::Object(lists.collect()));
    }
    for (name, records) in [("axis", &written.axes), ("net", &written.nets), ("code", &written.codes)] {
        if !records.is_empty() {
            root.insert(name.to_owned(), objects(records));
        }
    }
    // Strings, lists and objects always have a JSON form.
    serde_json::to_string_pretty(&Json::Object(root)).unwrap_or_default() + "\n"
}
