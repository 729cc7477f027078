//! A codebook as its file says it: every key with its value, nothing filled in.
//!
//! [`Codebook`] is what coding needs; this is what a person wrote, for all that shows,
//! converts or compares codebooks. Comments and layout are left out. An empty text or
//! list is the same as none, but for labels, where it is not.

use std::sync::Arc;

use super::Codebook;
use super::keys::Section;
use crate::config::{Source, Table};
use crate::diagnostic::{Lang, Result};

/// A codebook as its file says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// `[codebook]`.
    pub head: Record,
    /// Every `[[axis]]`.
    pub axes: Vec<Record>,
    /// Every `[[net]]`.
    pub nets: Vec<Record>,
    /// The lists, by name.
    pub lists: Vec<(String, Vec<String>)>,
    /// Every `[[code]]`.
    pub codes: Vec<Record>,
}

/// A section: the values of its keys, in the order of [`Section::keys`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    values: Vec<(&'static str, Value)>,
}

/// The value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One string.
    Text(String),
    /// A list of strings, at least one.
    Texts(Vec<String>),
}

impl Written {
    /// Reads a codebook file that loads.
    ///
    /// # Errors
    /// As [`Codebook::from_source`].
    pub fn of(source: &Arc<Source>) -> Result<Self> {
        Codebook::from_source(source)?;
        let root = source.parse()?;
        let records = |name, section| -> Result<Vec<Record>> {
            root.tables(name)?.iter().map(|table| Record::of(table, section)).collect()
        };
        let lists = match root.section("lists")? {
            Some(table) => table
                .all()
                .map(|(name, node)| Ok((name.to_owned(), node.texts()?.into_iter().map(|word| word.text).collect())))
                .collect::<Result<_>>()?,
            None => Vec::new(),
        };
        Ok(Self {
            head: Record::of(&root.require_section("codebook")?, Section::Codebook)?,
            axes: records("axis", Section::Axis)?,
            nets: records("net", Section::Net)?,
            lists,
            codes: records("code", Section::Code)?,
        })
    }

    /// The records of a section; lists have none.
    pub fn records(&self, section: Section) -> &[Record] {
        match section {
            Section::Codebook => std::slice::from_ref(&self.head),
            Section::Axis => &self.axes,
            Section::Net => &self.nets,
            Section::List => &[],
            Section::Code => &self.codes,
        }
    }

    /// The axis of a code: the one it names, else the first.
    pub fn axis_of<'w>(&'w self, code: &'w Record) -> &'w str {
        code.text("axis").unwrap_or_else(|| self.axes.first().map_or("", Record::id))
    }

    /// The name of a unit on which the rule of a code is tried.
    pub fn unit_of<'w>(&'w self, code: &'w Record) -> &'w str {
        let default = crate::tokenize::UnitKind::default().name();
        code.text("unit").or_else(|| self.head.text("unit")).unwrap_or(default)
    }
}

impl Record {
    fn of(table: &Table, section: Section) -> Result<Self> {
        let mut record = Self::default();
        for key in section.keys() {
            let value = if key.form.is_list() {
                Some(Value::Texts(table.texts(key.name)?.into_iter().map(|text| text.text).collect()))
            } else {
                table.text(key.name)?.map(|text| Value::Text(text.text))
            };
            record.set(key.name, value);
        }
        Ok(record)
    }

    /// Adds a value behind those there are, unless it is empty.
    pub(crate) fn set(&mut self, key: &'static str, value: Option<Value>) {
        let empty = |value: &Value| match value {
            // A label that is there and empty is not the same as none.
            Value::Text(text) => text.is_empty() && !key.starts_with("label"),
            Value::Texts(texts) => texts.is_empty(),
        };
        self.values.extend(value.filter(|value| !empty(value)).map(|value| (key, value)));
    }

    /// Keys and values, in order.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.values.iter().map(|(key, value)| (*key, value))
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The string of `key`.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The strings of `key`; none if it is missing.
    pub fn texts(&self, key: &str) -> &[String] {
        match self.get(key) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// The identifier.
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// The name for readers: the label, or what stands in for it.
    pub fn label(&self, lang: Lang) -> &str {
        let japanese = || self.text("label").unwrap_or_else(|| self.id());
        match lang {
            Lang::Ja => japanese(),
            Lang::En => self.text("label_en").unwrap_or_else(japanese),
        }
    }
}
