//! The parts of a codebook's rules, with where they belong.

use crate::codebook::{Codebook, Rule};
use crate::normalize::Normalizer;
use crate::rule::plan::Part;
use crate::rule::{Expr, Kind, Open, Word};

/// A rule or an entry of a list.
#[derive(Clone, Copy)]
pub(super) struct Written<'c> {
    pub(super) rule: &'c Rule,
    pub(super) owner: Owner,
}

/// What a rule belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A part of the code of that index.
    Code(usize, Part),
    /// An entry of the list of that index.
    List(usize),
}

impl Owner {
    pub(super) fn code(self) -> Option<usize> {
        match self {
            Self::Code(code, _) => Some(code),
            Self::List(_) => None,
        }
    }

    /// Whether both belong to one list, or to one code.
    pub(super) fn same(self, other: Self) -> bool {
        self == other || self.code().is_some() && self.code() == other.code()
    }
}

/// Everything written in the rule language: lists first, then codes.
pub(super) fn all(codebook: &Codebook) -> Vec<Written<'_>> {
    let mut written = Vec::new();
    for (index, list) in codebook.lists.iter().enumerate() {
        written.extend(list.entries.iter().map(|rule| Written { rule, owner: Owner::List(index) }));
    }
    for (index, code) in codebook.codes.iter().enumerate() {
        let parts = [(&code.rule, Part::Rule), (&code.except, Part::Except), (&code.maybe, Part::Maybe)];
        let parts = parts.into_iter().filter_map(|(rule, part)| Some((rule.as_ref()?, part)));
        written.extend(parts.map(|(rule, part)| Written { rule, owner: Owner::Code(index, part) }));
    }
    written
}

/// The alternatives of an expression, those inside alternatives too.
pub(super) fn alternatives(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        Kind::Or(parts) => parts.iter().flat_map(alternatives).collect(),
        _ => vec![expr],
    }
}

/// The parts directly inside an expression.
pub(super) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        Kind::Or(parts) | Kind::And(parts) | Kind::Near { elements: parts, .. } => parts.iter().collect(),
        Kind::Not(inner) | Kind::Count { element: inner, .. } => vec![inner],
        _ => Vec::new(),
    }
}

/// `expr` and all parts of it, from the left.
pub(super) fn parts(expr: &Expr) -> Vec<&Expr> {
    let mut found = vec![expr];
    found.extend(children(expr).into_iter().flat_map(parts));
    found
}

/// An expression without its places: equal for expressions that say the same. The order
/// of alternatives and of conditions does not count, nor does saying one twice.
pub(super) fn canonical(expr: &Expr, normalizer: &Normalizer) -> String {
    let fold = |text: &str| normalizer.normalize(text).text().to_owned();
    let each = |parts: &[Expr]| parts.iter().map(|part| canonical(part, normalizer)).collect::<Vec<_>>();
    let sorted = |parts: Vec<&Expr>, sign: &str| {
        let mut parts: Vec<String> = parts.into_iter().map(|part| canonical(part, normalizer)).collect();
        parts.sort_unstable();
        parts.dedup();
        if parts.len() == 1 { parts.remove(0) } else { format!("({})", parts.join(sign)) }
    };
    match &expr.kind {
        Kind::Or(_) => sorted(alternatives(expr), "|"),
        Kind::And(parts) => sorted(parts.iter().collect(), "&"),
        Kind::Not(inner) => format!("!{}", canonical(inner, normalizer)),
        Kind::Word(word) => word_key(&Word { text: fold(&word.text), ..word.clone() }),
        Kind::Text(text) => format!("'{}'", fold(text)),
        Kind::Regex(pattern) => format!("/{pattern}/"),
        Kind::Phrase(words) => {
            let word = |word: &Word| word_key(&Word { text: fold(&word.text), ..word.clone() });
            format!("\"{}\"", words.iter().map(word).collect::<Vec<_>>().join(" "))
        }
        Kind::List(name) => format!("<{name}>"),
        Kind::Near { elements, ordered, distance } => {
            let mut elements = each(elements);
            if !ordered {
                elements.sort_unstable();
            }
            format!("near{ordered}({};{distance})", elements.join(","))
        }
        Kind::Code(name) => format!("@{name}"),
        Kind::Attribute { name, negated, values } => format!("{{{name}{negated}{values:?}}}"),
        Kind::Count { element, compare, number } => {
            format!("count({}){compare:?}{number}", canonical(element, normalizer))
        }
        Kind::Length { compare, number } => format!("length{compare:?}{number}"),
    }
}

/// A word as it is written.
pub(super) fn word_key(word: &Word) -> String {
    let text = &word.text;
    let pos = if word.pos.is_empty() { String::new() } else { format!(":{}", word.pos.join("-")) };
    match word.open {
        Open::Closed => format!("{text}{pos}"),
        Open::Prefix => format!("{text}*{pos}"),
        Open::Suffix => format!("*{text}{pos}"),
    }
}
