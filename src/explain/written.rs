//! Rules and their places as their author wrote them.

use std::fmt::Write as _;

use super::Explanation;
use crate::config::Located;
use crate::rule::plan::Part;
use crate::rule::{Expr, Kind, Open, Word};
use crate::span::Span;
use crate::text as say;

/// Where a part of a rule stands in the codebook.
pub(super) struct Site {
    /// Name of the file.
    pub file: String,
    /// One-based line; `None` where the file keeps no places.
    pub line: Option<usize>,
}

/// Where bytes `part` of `located` stand.
pub(super) fn site(located: &Located, part: Span) -> Site {
    let place = located.error_at(part, say!("", ""));
    let name = place.file.as_deref().and_then(|file| file.file_name());
    Site { file: name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(), line: place.line }
}

impl Explanation<'_> {
    /// Where `expr`, a part of `part` of `code`, stands.
    pub(super) fn site(&self, code: usize, part: Part, expr: &Expr) -> Option<Site> {
        self.codebook.written(code, part).map(|located| site(located, expr.span))
    }

    /// The text of `expr`, a part of `part` of `code`, on one line.
    pub(super) fn rule_text(&self, code: usize, part: Part, expr: &Expr) -> String {
        let Some(located) = self.codebook.written(code, part) else { return word(expr) };
        let text = located.text.get(expr.span.start..expr.span.end).unwrap_or_default();
        text.lines()
            .map(|line| without_comment(line).trim())
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A line of a rule up to its `#`; one inside quotes or a regular expression is kept.
fn without_comment(line: &str) -> &str {
    let mut inside = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match inside {
            _ if escaped => escaped = false,
            Some('/') if c == '\\' => escaped = true,
            Some(quote) if c == quote => inside = None,
            None if c == '#' => return &line[..at],
            None if matches!(c, '\'' | '"' | '/') => inside = Some(c),
            _ => {}
        }
    }
    line
}

/// A word-level expression as it is written.
pub(super) fn word(expr: &Expr) -> String {
    match &expr.kind {
        Kind::Word(word) => single(word),
        Kind::Text(text) => format!("'{text}'"),
        Kind::Regex(pattern) => format!("/{pattern}/"),
        Kind::Phrase(words) => format!("\"{}\"", words.iter().map(single).collect::<Vec<_>>().join(" ")),
        Kind::List(name) => format!("<{name}>"),
        Kind::Code(name) => format!("@{name}"),
        Kind::Or(parts) => parts.iter().map(word).collect::<Vec<_>>().join(" | "),
        _ => String::new(),
    }
}

fn single(word: &Word) -> String {
    let mut text = match word.open {
        Open::Closed => word.text.clone(),
        Open::Prefix => format!("{}*", word.text),
        Open::Suffix => format!("*{}", word.text),
    };
    if !word.pos.is_empty() {
        let _ = write!(text, ":{}", word.pos.join("-"));
    }
    text
}
