//! TOML as a person would write it: long lists wrapped, rules over several lines.

use std::ops::Range;

use toml_edit::{Array, DocumentMut, Item, Table, Value as Toml};
use unicode_width::UnicodeWidthStr as _;

use crate::codebook::keys::Section;
use crate::codebook::written::{Record, Value, Written};
use crate::diagnostic::{Diagnostic, Result};
use crate::text;

/// Columns of a line in which a list is wrapped.
const LINE: usize = 100;

/// A codebook's TOML with the lines of its sections.
pub(super) struct Text {
    /// The TOML.
    pub(super) text: String,
    /// One-based lines of every section, with its kind and its number within it.
    pub(super) lines: Vec<(Range<usize>, Section, usize)>,
}

/// The TOML of a codebook.
pub(super) fn text(written: &Written) -> Text {
    let mut out = Text { text: String::new(), lines: Vec::new() };
    out.section(Section::Codebook, 0, "[codebook]\n", table(&written.head));
    for (index, (name, words)) in written.lists.iter().enumerate() {
        let mut table = Table::new();
        table.insert(name, Item::Value(list(words, name.width())));
        out.section(Section::List, index, if index == 0 { "\n[lists]\n" } else { "" }, table);
    }
    for (section, head) in
        [(Section::Axis, "\n[[axis]]\n"), (Section::Net, "\n[[net]]\n"), (Section::Code, "\n[[code]]\n")]
    {
        for (index, record) in written.records(section).iter().enumerate() {
            out.section(section, index, head, table(record));
        }
    }
    out
}

impl Text {
    fn section(&mut self, section: Section, index: usize, head: &str, table: Table) {
        let first = self.text.matches('\n').count() + 1;
        self.text.push_str(head);
        self.text.push_str(&DocumentMut::from(table).to_string());
        self.lines.push((first..self.text.matches('\n').count() + 1, section, index));
    }
}

/// The keys and values of a section.
pub(super) fn table(record: &Record) -> Table {
    let mut table = Table::new();
    for (key, value) in record.values() {
        let value = match value {
            Value::Text(text) => Toml::from(text.as_str()),
            Value::Texts(texts) => list(texts, key.width()),
        };
        table.insert(key, Item::Value(value));
    }
    table
}

/// A list on one line if it fits, else on as many as it needs.
pub(super) fn list(words: &[String], key: usize) -> Toml {
    let mut array: Array = words.iter().map(String::as_str).collect();
    if key + array.to_string().width() + 3 <= LINE {
        return Toml::Array(array);
    }
    let mut column = LINE;
    for item in array.iter_mut() {
        let wide = item.to_string().width() + 2;
        let wraps = column + wide > LINE;
        column = if wraps { 2 + wide } else { column + wide };
        item.decor_mut().set_prefix(if wraps { "\n  " } else { " " });
        item.decor_mut().set_suffix("");
    }
    array.set_trailing_comma(true);
    array.set_trailing("\n");
    Toml::Array(array)
}

/// `text` as every TOML program reads it, with its comments.
pub(super) fn standard(text: &str) -> Result<String> {
    // Our own reader has taken the file; what it took and TOML does not is told.
    let document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let detail = error.message();
        let span = error.span().unwrap_or_default();
        Diagnostic::error(text!(
            "TOML の決まりに合わない書き方があります。",
            "This is not as the TOML standard has it: {detail}"
        ))
        .at(text, span.start, span.end)
        .hint(text!("項目名と引用符を確かめてください。", "Check keys and quotes."))
    })?;
    Ok(document.to_string())
}
