//! The keys of a table, read one by one.

use std::cell::RefCell;

use super::{Entry, Located, Node};
use crate::diagnostic::{Diagnostic, Result, Text, did_you_mean, suggest};
use crate::text;

/// The keys of a table; remembers which were asked for.
#[derive(Debug)]
pub struct Table {
    entries: Vec<Entry>,
    node: Node,
    known: RefCell<Vec<&'static str>>,
}

impl Table {
    pub(super) fn new(entries: Vec<Entry>, node: Node) -> Self {
        Self { entries, node, known: RefCell::default() }
    }

    /// The value of `key`, if there.
    pub fn get(&self, key: &'static str) -> Option<&Node> {
        self.known.borrow_mut().push(key);
        self.entries.iter().find(|entry| entry.name == key).map(|entry| &entry.node)
    }

    /// The value of `key`, which must be there.
    ///
    /// # Errors
    /// If it is missing.
    pub fn require(&self, key: &'static str) -> Result<&Node> {
        // A mistyped key explains a missing one better than "missing" does.
        self.get(key).ok_or_else(|| {
            let message = text!("「{key}」がありません。", "\"{key}\" is missing.");
            match self.near(key) {
                Some(name) => self.error_at_key(name, message).hint(text!(
                    "「{name}」は「{key}」の書き間違いでしょうか。",
                    "Is \"{name}\" meant to be \"{key}\"?"
                )),
                None => self.error(message).hint(text!("{key} = … を加えてください。", "Add {key} = ….")),
            }
        })
    }

    /// The string of `key`, if there.
    ///
    /// # Errors
    /// If it is no string.
    pub fn text(&self, key: &'static str) -> Result<Option<Located>> {
        self.get(key).map(Node::text).transpose()
    }

    /// The strings of `key`; none if it is missing.
    ///
    /// # Errors
    /// If it is no list of strings.
    pub fn texts(&self, key: &'static str) -> Result<Vec<Located>> {
        self.get(key).map(Node::texts).transpose().map(Option::unwrap_or_default)
    }

    /// The tables of `key` (`[[key]]`); none if it is missing.
    ///
    /// # Errors
    /// If it is no list of tables.
    pub fn tables(&self, key: &'static str) -> Result<Vec<Table>> {
        match self.get(key) {
            None => Ok(Vec::new()),
            Some(node) => node.tables(),
        }
    }

    /// The tables of `key`, written `[key]` once or `[[key]]` as often as need be.
    ///
    /// # Errors
    /// If it is something else.
    pub fn one_or_more(&self, key: &'static str) -> Result<Vec<Table>> {
        match self.get(key) {
            Some(node) if node.is_table() => Ok(vec![node.table()?]),
            Some(node) => node.tables(),
            None => Ok(Vec::new()),
        }
    }

    /// The table of `key` (`[key]`), if there.
    ///
    /// # Errors
    /// If it is no table.
    pub fn section(&self, key: &'static str) -> Result<Option<Table>> {
        self.get(key).map(Node::table).transpose()
    }

    /// The table of `key` (`[key]`), which must be there.
    ///
    /// # Errors
    /// If it is missing or no table.
    pub fn require_section(&self, key: &'static str) -> Result<Table> {
        if let Some(table) = self.section(key)? {
            return Ok(table);
        }
        let message = text!("[{key}] がありません。", "[{key}] is missing.");
        Err(match self.near(key) {
            Some(name) => self
                .error_at_key(name, message)
                .hint(text!("[{name}] は [{key}] の書き間違いでしょうか。", "Is [{name}] meant to be [{key}]?")),
            None => self.error(message).hint(text!("[{key}] を加えてください。", "Add [{key}].")),
        })
    }

    /// All keys with their values, in the order of the file.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.entries.iter().map(|entry| (entry.name.as_str(), &entry.node))
    }

    /// A key of the table as it is written, for messages.
    pub fn key(&self, name: &str) -> Located {
        let span = self.entries.iter().find(|entry| entry.name == name).and_then(|entry| entry.key);
        Located { text: name.to_owned(), span, source: std::sync::Arc::clone(&self.node.source) }
    }

    /// The key that may be a mistyped `key`.
    fn near(&self, key: &str) -> Option<&str> {
        let names = self.entries.iter().map(|entry| entry.name.as_str());
        names.filter(|name| did_you_mean(name, [key]).is_some()).find(|name| !self.known.borrow().contains(name))
    }

    /// An error about a key of the table.
    pub fn error_at_key(&self, key: &str, message: Text) -> Box<Diagnostic> {
        match self.entries.iter().find(|entry| entry.name == key).and_then(|entry| entry.key) {
            Some(span) => self.node.source.error_at(Some(span), message),
            None => self.error(message),
        }
    }

    /// An error about the table.
    pub fn error(&self, message: Text) -> Box<Diagnostic> {
        let first = || self.entries.first().and_then(|entry| entry.key).filter(|_| !self.node.name.is_empty());
        self.node.source.error_at(self.node.span.or_else(first), message)
    }

    /// Refuses keys that nobody asked for.
    ///
    /// # Errors
    /// At the first unknown key.
    pub fn finish(self) -> Result<()> {
        self.check()
    }

    /// As [`Table::finish`], for a table that is borrowed.
    ///
    /// # Errors
    /// At the first unknown key.
    pub fn check(&self) -> Result<()> {
        // A reader may ask for a key twice; the hint names it once.
        let mut known = Vec::new();
        for key in self.known.borrow().iter() {
            if !known.contains(key) {
                known.push(*key);
            }
        }
        let Some(entry) = self.entries.iter().find(|entry| !known.contains(&entry.name.as_str())) else {
            return Ok(());
        };
        let name = &entry.name;
        let message = text!("「{name}」という項目はありません。", "There is no setting \"{name}\".");
        let error = self.node.source.error_at(entry.key, message);
        Err(match suggest(name, &known) {
            Some(hint) => error.hint(hint),
            None => error,
        })
    }
}
