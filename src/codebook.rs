//! The codebook: axes, nets and codes with their definitions and rules.

pub mod diff;
pub mod keys;
mod load;
mod reserved;
pub mod schema;
pub mod written;

use std::path::Path;
use std::sync::Arc;

use crate::config::{Located, Source};
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::normalize::Normalizer;
use crate::rule::Expr;
use crate::rule::plan::{AttributeNames, Names, Part, Plan, PlanError, Source as RuleSource};
use crate::tokenize::{Tokenizer, UnitKind};

pub use reserved::{Reserved, Taken};

/// A codebook, checked: every name it uses exists and every rule parses.
#[derive(Debug)]
pub struct Codebook {
    /// Its identifier.
    pub id: String,
    /// Its version, as its author counts.
    pub version: String,
    /// Its title.
    pub title: String,
    /// Axes in order.
    pub axes: Vec<Axis>,
    /// Nets in order.
    pub nets: Vec<Net>,
    /// Codes in order.
    pub codes: Vec<Code>,
    /// Whole answers without content.
    pub reserved: Vec<Reserved>,
    /// SHA-256 of [`Codebook::source`], hexadecimal.
    pub sha256: String,
    /// The file it was read from.
    pub source: Arc<Source>,
    pub(crate) lists: Vec<List>,
}

/// A dimension of coding: themes, stance …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Its identifier.
    pub id: String,
    /// The axis whose codings its codes qualify (stance qualifies theme).
    pub qualifies: Option<String>,
    /// Which code wins when several match, by id; for a qualifying axis.
    pub order: Vec<String>,
}

/// Codes counted together; a respondent once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net {
    /// Its identifier.
    pub id: String,
    /// Its name for readers.
    pub label: Label,
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Japanese.
    pub ja: String,
    /// English; the Japanese one where the codebook gives none.
    pub en: String,
}

impl Label {
    /// The name in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

/// A code with its definition and rules.
#[derive(Debug)]
pub struct Code {
    /// Its identifier, e.g. `funding.subsidy`.
    pub id: String,
    /// The axis it belongs to.
    pub axis: String,
    /// The net it is counted in.
    pub net: Option<String>,
    /// Its name for readers.
    pub label: Label,
    /// What it means.
    pub definition: String,
    /// What belongs to it.
    pub include: Vec<String>,
    /// What does not.
    pub exclude: Vec<String>,
    /// The unit its rule is tried on.
    pub unit: UnitKind,
    /// Codes that it takes the place of.
    pub replaces: Vec<String>,
    /// Codes of its axis that contradict it in one answer, and reserved codes that do so
    /// in a sentence of their own. Contradiction is mutual.
    pub contradicts: Vec<String>,
    /// Texts that must get the code.
    pub examples: Vec<Located>,
    /// Texts that must not.
    pub counter_examples: Vec<Located>,
    /// Its `id` and its `replaces` as written, for messages.
    pub(crate) written: (Located, Vec<Located>),
    pub(crate) rule: Option<Rule>,
    pub(crate) except: Option<Rule>,
    pub(crate) maybe: Option<Rule>,
}

impl Code {
    /// Whether a rule can give this code at all.
    pub fn has_rule(&self) -> bool {
        self.rule.is_some()
    }
}

/// A parsed rule with its text.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) text: Located,
    pub(crate) expr: Expr,
}

/// A named set of words.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) name: Located,
    pub(crate) entries: Vec<Rule>,
}

impl Codebook {
    /// Reads a codebook file (TOML, or JSON by its extension).
    ///
    /// # Errors
    /// At the first mistake, with line and caret.
    pub fn load(path: &Path) -> Result<Self> {
        Self::from_source(&Source::read(path)?)
    }

    /// Reads a codebook from a source in memory.
    ///
    /// # Errors
    /// As [`Codebook::load`].
    pub fn from_source(source: &std::sync::Arc<Source>) -> Result<Self> {
        load::codebook(source)
    }

    /// Compiles the rules; `attributes` are those of the study, if there is one.
    ///
    /// # Errors
    /// If a rule names a list, code or attribute that does not exist, goes in a circle,
    /// or holds a malformed regular expression.
    pub fn compile(
        &self,
        attributes: Option<&[AttributeNames]>,
        normalizer: &Normalizer,
        tokenizer: &Tokenizer,
    ) -> Result<Plan> {
        let (sources, names) = (self.sources(), self.names(attributes));
        Plan::new(&sources, &names, normalizer, tokenizer).map_err(|error| self.locate(&error))
    }

    /// The rules as parsed, in the order of the codes.
    pub fn sources(&self) -> Vec<RuleSource<'_>> {
        self.codes
            .iter()
            .map(|code| RuleSource {
                id: code.id.clone(),
                net: code.net.clone(),
                unit: code.unit,
                rule: code.rule.as_ref().map(|rule| &rule.expr),
                except: code.except.as_ref().map(|rule| &rule.expr),
                maybe: code.maybe.as_ref().map(|rule| &rule.expr),
            })
            .collect()
    }

    /// The text of one expression of the code `code`, where it stands in the file.
    pub fn written(&self, code: usize, part: Part) -> Option<&Located> {
        let code = &self.codes[code];
        let rule = match part {
            Part::Rule => &code.rule,
            Part::Except => &code.except,
            Part::Maybe => &code.maybe,
        };
        rule.as_ref().map(|rule| &rule.text)
    }

    /// What the rules may refer to.
    pub fn names<'n>(&'n self, attributes: Option<&'n [AttributeNames]>) -> Names<'n> {
        let entries = |list: &'n List| list.entries.iter().map(|entry| &entry.expr).collect();
        let examples = self.codes.iter().flat_map(|code| code.examples.iter().chain(&code.counter_examples));
        Names {
            lists: self.lists.iter().map(|list| (list.name.text.as_str(), entries(list))).collect(),
            attributes,
            typical: examples.map(|example| example.text.as_str()).collect(),
        }
    }

    /// Points at a compile error in the codebook's file.
    fn locate(&self, error: &PlanError) -> Box<Diagnostic> {
        let code = &self.codes[error.source];
        let entry = error.list.as_ref().and_then(|(name, index)| {
            self.lists.iter().find(|list| list.name.text == *name).and_then(|list| list.entries.get(*index))
        });
        let rule = entry.or(match error.part {
            Part::Rule => code.rule.as_ref(),
            Part::Except => code.except.as_ref(),
            Part::Maybe => code.maybe.as_ref(),
        });
        load::rule_error(rule.map(|rule| &rule.text), &error.error)
    }

    /// The index of the code `id`.
    pub fn code(&self, id: &str) -> Option<usize> {
        self.codes.iter().position(|code| code.id == id)
    }

    /// The axis that qualifies `axis`, if any.
    pub fn qualifier_of(&self, axis: &str) -> Option<&Axis> {
        self.axes.iter().find(|other| other.qualifies.as_deref() == Some(axis))
    }

    /// Codes that stand for themselves: those of axes that qualify no other.
    pub fn standalone(&self) -> impl Iterator<Item = (usize, &Code)> {
        self.codes
            .iter()
            .enumerate()
            .filter(|(_, code)| self.axes.iter().any(|axis| axis.id == code.axis && axis.qualifies.is_none()))
    }
}
