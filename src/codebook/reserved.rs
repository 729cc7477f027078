//! Whole answers without content (特になし, 同上 …): reserved codes.

use std::sync::OnceLock;

use rayon::prelude::*;
use regex::RegexBuilder;

use super::Label;
use crate::config::{Located, Source, Table};
use crate::diagnostic::{self, Diagnostic};
use crate::rule::Pattern;
use crate::text;

/// A reserved code. It holds for a whole answer and shares it with no other code.
#[derive(Clone, Debug)]
pub struct Reserved {
    /// Its identifier: `none`, `same`, `satisfied`, `na`.
    pub id: String,
    /// Its name for readers.
    pub label: Label,
    pattern: Pattern,
    symbols: Vec<String>,
    /// The patterns one by one: as written, and with their fragments filled in.
    patterns: Vec<(Located, String)>,
    /// How many of them say it even beside other sentences.
    firm: usize,
    /// Those alone; built when they are first asked for.
    sentence: OnceLock<Option<Pattern>>,
}

/// What made a whole answer a reserved code.
#[derive(Clone, Debug)]
pub enum Taken<'c> {
    /// It is one of the listed symbols.
    Symbol,
    /// It is of marks only.
    Marks,
    /// It matches this pattern of the list of fillers.
    Pattern(&'c Located),
}

/// Fragments inside fragments inside fragments are still clear; more is a circle.
const MAX_SUBSTITUTIONS: usize = 8;

/// A filler is short; a longer answer is never one and need not be tried.
const LONGEST: usize = 60;

impl Reserved {
    /// The reserved codes of the shipped `fillers.toml`, in the order they are tried.
    ///
    /// # Errors
    /// Never for the data this binary was built with; a test asserts it.
    pub fn shipped() -> diagnostic::Result<Vec<Self>> {
        Self::parse("fillers.toml", aftercode_dictionaries::FILLERS_TOML)
    }

    fn parse(name: &str, toml: &str) -> diagnostic::Result<Vec<Self>> {
        let root = Source::new(name, toml).parse()?;
        let fragments: Vec<(String, String)> = match root.get("fragments") {
            Some(node) => node
                .table()?
                .all()
                .map(|(name, node)| Ok((name.to_owned(), node.text()?.text)))
                .collect::<diagnostic::Result<_>>()?,
            None => Vec::new(),
        };
        let codes: Vec<_> = root.all().filter(|(name, _)| *name != "fragments").collect();
        let read = codes.into_par_iter().map(|(id, node)| Self::code(id, &node.table()?, &fragments));
        // The first mistake, whichever is found first.
        read.collect::<Vec<_>>().into_iter().collect()
    }

    fn code(id: &str, table: &Table, fragments: &[(String, String)]) -> diagnostic::Result<Self> {
        let ja = table.require("label")?.text()?.text;
        let en = table.require("label_en")?.text()?.text;
        let mut patterns = table.texts("patterns")?;
        let firm = patterns.len();
        patterns.extend(table.texts("asides")?);
        let expanded: Vec<String> = patterns.iter().map(|pattern| expand(&pattern.text, fragments)).collect();
        let pattern = built(&expanded.join("|")).map_err(|error| {
            let message =
                text!("定型回答の型に誤りがあります（{id}）: {error}", "A filler pattern of {id} is wrong: {error}");
            patterns
                .first()
                .map_or_else(|| Diagnostic::error(message.clone()), |first: &Located| first.error(message.clone()))
        })?;
        let symbols = table.texts("symbols")?.into_iter().map(|symbol| symbol.text).collect();
        let patterns = patterns.into_iter().zip(expanded).collect();
        Ok(Self {
            id: id.to_owned(),
            label: Label { ja, en },
            pattern,
            symbols,
            patterns,
            firm,
            sentence: OnceLock::new(),
        })
    }

    /// Index of the first of `all` that a (folded) sentence amounts to beside others, if it
    /// is one of `wanted`: as [`Reserved::of`], but marks, and courtesies such as
    /// 「よろしくお願いします」, say nothing.
    pub fn of_sentence(folded: &str, all: &[Self], wanted: &[usize]) -> Option<usize> {
        let core = folded.trim_matches(is_ornament);
        if core.is_empty() || core.chars().nth(LONGEST).is_some() {
            return None;
        }
        let says = |reserved: &Self| {
            let firm = || reserved.patterns[..reserved.firm].iter().map(|(_, expanded)| expanded.as_str());
            let build = || built(&firm().collect::<Vec<_>>().join("|")).ok();
            reserved.firm > 0
                && reserved.pattern.is_match(core)
                && reserved.sentence.get_or_init(build).as_ref().is_some_and(|pattern| pattern.is_match(core))
        };
        // The others matter only where one that is wanted might be the first.
        wanted.iter().copied().find(|&at| says(&all[at]) && !all[..at].iter().any(says))
    }

    /// By what an answer for which [`Reserved::of`] gave this code was taken.
    pub fn why(&self, folded: &str) -> Taken<'_> {
        let whole = folded.trim();
        if self.symbols.iter().any(|symbol| symbol == whole) {
            return Taken::Symbol;
        }
        let core = whole.trim_matches(is_ornament);
        let matches = |pattern: &str| built(pattern).is_ok_and(|regex| regex.is_match(core));
        match self.patterns.iter().find(|(_, expanded)| matches(expanded)) {
            Some((written, _)) => Taken::Pattern(written),
            None => Taken::Marks,
        }
    }

    /// Index of the first of `all` that the whole (folded) answer amounts to.
    pub fn of(folded: &str, all: &[Self]) -> Option<usize> {
        let whole = folded.trim();
        if let Some(found) = all.iter().position(|reserved| reserved.symbols.iter().any(|symbol| symbol == whole)) {
            return Some(found);
        }
        let core = whole.trim_matches(is_ornament);
        if core.is_empty() {
            // Marks without a word say nothing.
            return all.iter().position(|reserved| reserved.id == "none");
        }
        if core.chars().nth(LONGEST).is_some() {
            return None;
        }
        all.iter().position(|reserved| reserved.pattern.is_match(core))
    }
}

/// The regular expression of a whole text.
fn built(pattern: &str) -> Result<Pattern, regex::Error> {
    let whole = format!("^(?:{pattern})$");
    let regex = RegexBuilder::new(&whole).size_limit(32 << 20).build()?;
    Ok(Pattern::new(regex, regex_syntax::parse(&whole).ok().as_ref()))
}

/// Replaces `{NAME}` by the fragment of that name.
fn expand(pattern: &str, fragments: &[(String, String)]) -> String {
    let mut expanded = pattern.to_owned();
    for _ in 0..MAX_SUBSTITUTIONS {
        let before = expanded.clone();
        for (name, fragment) in fragments {
            expanded = expanded.replace(&format!("{{{name}}}"), &format!("(?:{fragment})"));
        }
        if expanded == before {
            break;
        }
    }
    expanded
}

/// Blanks, punctuation, brackets, dashes and pictures around an answer.
fn is_ornament(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '々' | '〇' | '○' | '×' | '%')) || c == 'ー'
}
