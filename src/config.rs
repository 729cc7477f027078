//! Reads TOML and JSON files whose every mistake can be pointed at.
//!
//! A [`Node`] is a value with its place in the file. Readers take the keys they know
//! from a [`Table`] and then call [`Table::finish`], so that a mistyped key is an
//! error with "did you mean", never ignored.

mod keys;
mod malformed;
mod table;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Result, Text, io_error};
use crate::span::Span;
use crate::text;

pub use keys::{comments, quoted_keys};
pub use table::Table;

/// The largest configuration file that is read.
const MAX_BYTES: u64 = 16 << 20;

/// A file's text with its path, for messages.
#[derive(Debug)]
pub struct Source {
    /// The path as it was given.
    pub path: PathBuf,
    /// The text, without a byte order mark, its line ends as LF.
    pub text: String,
}

impl Source {
    /// Reads a UTF-8 text file.
    ///
    /// # Errors
    /// If it cannot be read, is no UTF-8, or is larger than 16 MiB.
    pub fn read(path: &Path) -> Result<Arc<Self>> {
        let size = std::fs::metadata(path).map_err(|error| io_error(path, &error))?;
        if size.is_dir() {
            return Err(io_error(path, &std::io::ErrorKind::IsADirectory.into()));
        }
        if size.len() > MAX_BYTES {
            return Err(Diagnostic::error(text!(
                "設定ファイルが大きすぎます（16 MiB まで）。",
                "The file is too large (at most 16 MiB)."
            ))
            .file(path)
            .hint(text!("正しいファイルか確かめてください。", "Check that it is the right file.")));
        }
        let bytes = std::fs::read(path).map_err(|error| io_error(path, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            Diagnostic::error(text!("UTF-8 の文字として読めません。", "This is not UTF-8 text."))
                .file(path)
                .line(line)
                .hint(text!("エディターで文字コード UTF-8 を選んで保存し直してください。", "Save it again as UTF-8."))
        })?;
        Ok(Self::new(path, text.strip_prefix('\u{feff}').unwrap_or(&text)))
    }

    /// A source from memory.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into().replace("\r\n", "\n") })
    }

    /// Parses the text: JSON where the file is named so, TOML else.
    ///
    /// # Errors
    /// If the text is malformed; the message names the line.
    pub fn parse(self: &Arc<Self>) -> Result<Table> {
        let json = self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let value = if json { self.json()? } else { self.toml()? };
        let node = Node { value, span: None, name: String::new(), source: Arc::clone(self) };
        node.table()
    }

    fn error_at(&self, span: Option<Span>, message: Text) -> Box<Diagnostic> {
        let diagnostic = Diagnostic::error(message).file(&self.path);
        match span {
            Some(span) => diagnostic.at(&self.text, span.start, span.end),
            None => diagnostic,
        }
    }

    fn toml(self: &Arc<Self>) -> Result<Value> {
        let latin = keys::latinized(&self.text);
        let table = DeTable::parse(&latin).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let (message, hint) =
                malformed::explain(error.message(), self.text.get(span.start..).unwrap_or_default().trim_start());
            Diagnostic::error(message).file(&self.path).at(&self.text, span.start, span.end).hint(hint)
        })?;
        Ok(self.from_table(table.get_ref()))
    }

    fn from_table(self: &Arc<Self>, table: &DeTable<'_>) -> Value {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| {
                let key_span = Span::new(key.span().start, key.span().end);
                let written = key_span.of(&self.text);
                let quoted = written.starts_with(['\"', '\'']);
                let name = if quoted || written.is_ascii() { key.get_ref().to_string() } else { written.to_owned() };
                let span = Some(Span::new(value.span().start, value.span().end));
                let node = Node {
                    value: self.from_value(value.get_ref()),
                    span,
                    name: name.clone(),
                    source: Arc::clone(self),
                };
                Entry { name, key: Some(key_span), node }
            })
            .collect();
        entries.sort_by_key(|entry| entry.key.map(|span| span.start));
        Value::Table(entries)
    }

    fn from_value(self: &Arc<Self>, value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(integer) => {
                i64::from_str_radix(integer.as_str(), integer.radix()).map_or(Value::Other, Value::Integer)
            }
            DeValue::Boolean(boolean) => Value::Boolean(*boolean),
            DeValue::Float(_) | DeValue::Datetime(_) => Value::Other,
            DeValue::Array(items) => Value::List(
                items
                    .iter()
                    .map(|item| Node {
                        value: self.from_value(item.get_ref()),
                        span: Some(Span::new(item.span().start, item.span().end)),
                        name: String::new(),
                        source: Arc::clone(self),
                    })
                    .collect(),
            ),
            DeValue::Table(table) => self.from_table(table),
        }
    }

    fn json(self: &Arc<Self>) -> Result<Value> {
        let json: Json = serde_json::from_str(&self.text).map_err(|error| {
            let detail = error.to_string();
            let before: usize =
                self.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let at = before + error.column().saturating_sub(1);
            Diagnostic::error(text!("JSON の書き方に誤りがあります。", "The JSON is malformed: {detail}"))
                .file(&self.path)
                .at(&self.text, at, at)
                .hint(text!("かっこ・引用符・コンマを確かめてください。", "Check brackets, quotes and commas."))
        })?;
        Ok(self.from_json(&json))
    }

    /// JSON keeps no places; strings are looked up in the text when a message needs one.
    fn from_json(self: &Arc<Self>, json: &Json) -> Value {
        let node = |value: &Json, name: &str| {
            let quoted = value.as_str().and_then(|_| serde_json::to_string(value).ok());
            let span = quoted.and_then(|quoted| self.text.find(&quoted).map(|at| Span::new(at, at + quoted.len())));
            Node { value: self.from_json(value), span, name: name.to_owned(), source: Arc::clone(self) }
        };
        match json {
            Json::Null => Value::Other,
            Json::Bool(boolean) => Value::Boolean(*boolean),
            Json::Number(number) => number.as_i64().map_or(Value::Other, Value::Integer),
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(items) => Value::List(items.iter().map(|item| node(item, "")).collect()),
            Json::Object(entries) => Value::Table(
                entries
                    .iter()
                    .map(|(name, value)| {
                        let quoted = Json::String(name.clone()).to_string();
                        let key = self.text.find(&quoted).map(|at| Span::new(at, at + quoted.len()));
                        Entry { name: name.clone(), key, node: node(value, name) }
                    })
                    .collect(),
            ),
        }
    }
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Node>),
    Table(Vec<Entry>),
    Other,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    key: Option<Span>,
    node: Node,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    value: Value,
    span: Option<Span>,
    name: String,
    source: Arc<Source>,
}

/// A string with its place in the file.
#[derive(Clone, Debug)]
pub struct Located {
    /// The string.
    pub text: String,
    span: Option<Span>,
    source: Arc<Source>,
}

impl Node {
    /// An error about this value.
    pub fn error(&self, message: Text) -> Box<Diagnostic> {
        self.source.error_at(self.span, message)
    }

    fn wrong_type(&self, wanted: Text) -> Box<Diagnostic> {
        let name = &self.name;
        let Text { ja, en } = wanted;
        self.error(text!("「{name}」には{ja}を書きます。", "\"{name}\" takes {en}."))
    }

    /// The value as a string.
    ///
    /// # Errors
    /// If it is something else.
    pub fn text(&self) -> Result<Located> {
        match &self.value {
            Value::Text(text) => Ok(Located { text: text.clone(), span: self.span, source: Arc::clone(&self.source) }),
            _ => Err(self
                .wrong_type(text!("文字列", "a string"))
                .hint(text!("\"…\" で囲んでください。", "Put it in \"…\"."))),
        }
    }

    /// The value as a whole number of at least 0.
    ///
    /// # Errors
    /// If it is something else.
    pub fn count(&self) -> Result<u64> {
        match &self.value {
            Value::Integer(integer) if *integer >= 0 => Ok(*integer as u64),
            _ => Err(self
                .wrong_type(text!("0以上の整数", "a whole number, 0 or more"))
                .hint(text!("引用符を付けずに、1 のように書いてください。", "Write it without quotes, such as 1."))),
        }
    }

    /// The value as true or false.
    ///
    /// # Errors
    /// If it is something else.
    pub fn boolean(&self) -> Result<bool> {
        match &self.value {
            Value::Boolean(boolean) => Ok(*boolean),
            _ => Err(self
                .wrong_type(text!(" true か false ", "true or false"))
                .hint(text!("引用符を付けずに書いてください。", "Write it without quotes."))),
        }
    }

    /// The value as a list; a single string counts as a list of one.
    ///
    /// # Errors
    /// If it is something else.
    pub fn list(&self) -> Result<Vec<Node>> {
        match &self.value {
            Value::List(items) => {
                Ok(items.iter().map(|item| Node { name: self.name.clone(), ..item.clone() }).collect())
            }
            Value::Text(_) => Ok(vec![self.clone()]),
            _ => Err(self
                .wrong_type(text!("リスト", "a list"))
                .hint(text!("[\"…\", \"…\"] のように書いてください。", "Write it as [\"…\", \"…\"]."))),
        }
    }

    /// The value as a list of strings.
    ///
    /// # Errors
    /// If it is something else.
    pub fn texts(&self) -> Result<Vec<Located>> {
        self.list()?.iter().map(Node::text).collect()
    }

    /// Whether the value is a table of keys.
    pub const fn is_table(&self) -> bool {
        matches!(self.value, Value::Table(_))
    }

    /// The value as a table of keys.
    ///
    /// # Errors
    /// If it is something else.
    pub fn table(&self) -> Result<Table> {
        match &self.value {
            Value::Table(entries) => Ok(Table::new(entries.clone(), self.clone())),
            Value::List(_) => {
                let name = &self.name;
                Err(self
                    .error(text!("「{name}」は1つしか書けません。", "There can be only one \"{name}\"."))
                    .hint(text!("[{name}] と、かっこを一重にしてください。", "Write [{name}], with single brackets.")))
            }
            _ => Err(self
                .wrong_type(text!("項目の集まり", "a table of settings"))
                .hint(text!("{{ 項目 = 値, … }} のように書いてください。", "Write it as {{ key = value, … }}."))),
        }
    }

    /// The value as a list of tables, as `[[key]]` makes one.
    fn tables(&self) -> Result<Vec<Table>> {
        let name = &self.name;
        match &self.value {
            Value::List(items) => {
                items.iter().map(|item| Node { name: name.clone(), ..item.clone() }.table()).collect()
            }
            _ => Err(self
                .error(text!("「{name}」は [[{name}]] と書きます。", "\"{name}\" is written [[{name}]]."))
                .hint(text!("かっこを二重にしてください。", "Double the brackets."))),
        }
    }
}

impl Located {
    /// Another string at the same place, for messages about what was made of it.
    pub fn renamed(&self, text: String) -> Self {
        Self { text, span: self.span, source: Arc::clone(&self.source) }
    }

    /// An error about the whole string.
    pub fn error(&self, message: Text) -> Box<Diagnostic> {
        self.source.error_at(self.span, message)
    }

    /// An error about bytes `part` of the string, pointed at in the file.
    pub fn error_at(&self, part: Span, message: Text) -> Box<Diagnostic> {
        let source = &self.source;
        let diagnostic = Diagnostic::error(message).file(&source.path);
        match self.span {
            Some(span) => {
                let raw = span.of(&source.text);
                let place = |at| span.start + raw_position(raw, &self.text, at);
                diagnostic.at(&source.text, place(part.start), place(part.end))
            }
            None => diagnostic.at(&self.text, part.start, part.end),
        }
    }
}

/// Where byte `at` of a string's value stands in its written form (with quotes and escapes).
fn raw_position(raw: &str, value: &str, at: usize) -> usize {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| raw.starts_with(quote)).unwrap_or_default();
    let mut position = quote.len();
    if quote.len() == 3 {
        position += raw[position..].len()
            - raw[position..]
                .strip_prefix("\r\n")
                .or(raw[position..].strip_prefix('\n'))
                .unwrap_or(&raw[position..])
                .len();
    }
    let escapes = quote.starts_with('"');
    let mut passed = 0;
    while passed < at.min(value.len()) {
        let rest = &raw[position..];
        let Some(c) = rest.chars().next() else { break };
        if escapes && c == '\\' {
            let Some(escaped) = rest[1..].chars().next() else { break };
            let skipped = match escaped {
                'u' => 6,
                'U' => 10,
                'x' => 4,
                '\n' | '\r' | ' ' | '\t' => {
                    position += 1 + rest[1..].len() - rest[1..].trim_start().len();
                    continue;
                }
                _ => 1 + escaped.len_utf8(),
            };
            position += skipped.min(rest.len());
        } else {
            position += c.len_utf8();
        }
        passed += value[passed..].chars().next().map_or(1, char::len_utf8);
    }
    position
}
