//! `near`, `seq`, `count` and `length`.

use super::{Parsed, Parser};
use crate::diagnostic::{Text, did_you_mean};
use crate::rule::{Compare, Expr, Kind, MAX_ELEMENTS, RuleError};
use crate::span::Span;
use crate::text;

/// Bytes of a near or seq that a hint says again.
const LONGEST_SHOWN: usize = 120;

const FUNCTIONS: [&str; 3] = ["near", "seq", "count"];

impl Parser<'_> {
    pub(super) fn function(&mut self, name: &str, span: Span) -> Parsed<Expr> {
        match name {
            "near" => self.near(span, false),
            "seq" => self.near(span, true),
            "count" => self.count(span),
            _ => {
                let error = RuleError::new(
                    span,
                    text!("「{name}(…)」という書き方はありません。", "There is no \"{name}(…)\"."),
                );
                Err(match did_you_mean(name, FUNCTIONS) {
                    Some(near) => error.hint(text!("「{near}(…)」のことでしょうか。", "Did you mean \"{near}(…)\"?")),
                    None => error.hint(text!(
                        "「または」なら「{name} | (…)」、「かつ」なら「{name} & (…)」と書きます。",
                        "Write \"{name} | (…)\" for or, \"{name} & (…)\" for and."
                    )),
                })
            }
        }
    }

    fn near(&mut self, name: Span, ordered: bool) -> Parsed<Expr> {
        let open = self.cursor.take();
        let mut elements = vec![self.or()?];
        while self.cursor.peek() == Some(',') {
            self.cursor.take();
            elements.push(self.or()?);
        }
        for element in &elements {
            word_level(element)?;
        }
        let function = if ordered { "seq" } else { "near" };
        let inside = self.cursor.slice(Span::new(open.end, self.cursor.end_of_last().max(open.end))).trim();
        let inside = if inside.contains('\n') || inside.len() > LONGEST_SHOWN { "…" } else { inside }.to_owned();
        if self.cursor.peek() != Some(';') {
            return Err(self.no_distance(function, &inside, name, open));
        }
        self.cursor.take();
        let distance =
            self.number(1, 1_000, || text!("例: {function}({inside}; 8)", "E.g. \"{function}({inside}; 8)\"."))?;
        self.close(open)?;
        let span = Span::new(name.start, self.cursor.end_of_last());
        if let [only] = elements.as_slice() {
            let parted = match &only.kind {
                // Most likely | was written for the comma between elements.
                Kind::Or(parts) => {
                    let parts: Vec<&str> = parts.iter().map(|part| self.cursor.slice(part.span)).collect();
                    parts.join(", ")
                }
                _ => format!("{inside}, …"),
            };
            return Err(RuleError::new(span, text!("要素が1つしかありません。", "There is only one element.")).hint(
                text!(
                    "要素は「,」で区切ります: {function}({parted}; {distance})",
                    "Part elements by commas: \"{function}({parted}; {distance})\"."
                ),
            ));
        }
        if elements.len() > MAX_ELEMENTS {
            return Err(RuleError::new(
                span,
                text!("要素が多すぎます（{MAX_ELEMENTS}個まで）。", "Too many elements (at most {MAX_ELEMENTS})."),
            )
            .hint(text!(
                "同じ役割の語は | で1つの要素にまとめてください。",
                "Join words of one role into one element with |."
            )));
        }
        Ok(Expr { kind: Kind::Near { elements, ordered, distance }, span })
    }

    /// Behind the elements of near or seq, which are `inside`, no `;` follows.
    fn no_distance(&mut self, function: &str, inside: &str, name: Span, open: Span) -> RuleError {
        let write = |inside: &str, distance: &str| {
            text!("{function}({inside}; {distance}) と書いてください。", "Write \"{function}({inside}; {distance})\".")
        };
        match self.cursor.peek() {
            None => RuleError::new(open, text!("このかっこが閉じていません。", "This parenthesis is not closed."))
                .hint(write(inside, "8")),
            Some(')') => {
                let end = self.cursor.here() + self.cursor.width();
                // KH Coder: near(a-b)[10]
                let bracket = self.cursor.rest()[self.cursor.width()..].strip_prefix('[');
                let distance = bracket.and_then(|rest| rest.split(']').next()).filter(|n| n.parse::<usize>().is_ok());
                let parted = if inside.contains(',') { inside.to_owned() } else { inside.replace('-', ", ") };
                RuleError::new(Span::new(name.start, end), text!("距離がありません。", "The distance is missing."))
                    .hint(write(&parted, distance.unwrap_or("8")))
            }
            Some(found) => self.unexpected(found),
        }
    }

    fn count(&mut self, name: Span) -> Parsed<Expr> {
        let open = self.cursor.take();
        let element = self.or()?;
        word_level(&element)?;
        self.close(open)?;
        let (compare, number) = self.comparison(Span::new(name.start, self.cursor.end_of_last()))?;
        let span = Span::new(name.start, self.cursor.end_of_last());
        Ok(Expr { kind: Kind::Count { element: Box::new(element), compare, number }, span })
    }

    pub(super) fn length(&mut self, start: usize) -> Parsed<Expr> {
        let (compare, number) = self.comparison(Span::new(start, self.cursor.end_of_last()))?;
        Ok(Expr { kind: Kind::Length { compare, number }, span: Span::new(start, self.cursor.end_of_last()) })
    }

    fn comparison(&mut self, of: Span) -> Parsed<(Compare, usize)> {
        let first = self.cursor.peek();
        let compare = match first {
            Some(c @ ('<' | '>' | '=' | '!')) => {
                self.cursor.take();
                let or_equal = self.cursor.peek() == Some('=');
                if or_equal {
                    self.cursor.take();
                }
                match (c, or_equal) {
                    ('<', true) => Compare::AtMost,
                    ('<', false) => Compare::Less,
                    ('>', true) => Compare::AtLeast,
                    ('>', false) => Compare::Greater,
                    ('!', true) => Compare::NotEqual,
                    ('!', false) => return Err(self.no_comparison(of)),
                    _ => Compare::Equal,
                }
            }
            _ => return Err(self.no_comparison(of)),
        };
        let example = || text!("例: count(研修) >= 2、length < 10", "E.g. \"count(研修) >= 2\", \"length < 10\".");
        Ok((compare, self.number(0, 1_000_000, example)?))
    }

    fn no_comparison(&self, of: Span) -> RuleError {
        let written = self.cursor.slice(of);
        let form = if written.ends_with(')') { format!("{written} >= 2") } else { "length < 10".to_owned() };
        RuleError::new(of, text!("数との比較がありません。", "There is no comparison with a number."))
            .hint(text!("{form} のように書いてください。", "Write it like \"{form}\"."))
    }

    fn number(&mut self, least: usize, most: usize, example: impl Fn() -> Text) -> Parsed<usize> {
        let start = self.cursor.here();
        let digits = self.cursor.rest();
        let end =
            digits.find(|c: char| c.to_digit(10).is_none() && !('０'..='９').contains(&c)).unwrap_or(digits.len());
        let written: String = digits[..end]
            .chars()
            .filter_map(|c| if c.is_ascii_digit() { Some(c) } else { char::from_digit(c as u32 - '０' as u32, 10) })
            .collect();
        let width = if end == 0 { self.cursor.width() } else { end };
        let span = Span::new(start, start + width);
        let value = written.parse::<usize>().ok().filter(|value| (least..=most).contains(value));
        let Some(value) = value else {
            return Err(RuleError::new(
                span,
                text!(
                    "ここには {least} から {most} までの整数を書きます。",
                    "A whole number from {least} to {most} belongs here."
                ),
            )
            .hint(example()));
        };
        self.cursor.advance(end);
        self.cursor.finish(start);
        Ok(value)
    }

    fn close(&mut self, open: Span) -> Parsed<()> {
        match self.cursor.peek() {
            Some(')') => {
                self.cursor.take();
                Ok(())
            }
            None => Err(RuleError::new(open, text!("このかっこが閉じていません。", "This parenthesis is not closed."))
                .hint(text!("対応する「)」を加えてください。", "Add the matching \")\"."))),
            Some(found) => Err(self.unexpected(found)),
        }
    }
}

/// Elements of near, seq and count name places in the text, so `&`, `!`, codes,
/// attributes and other functions cannot be among them.
pub(crate) fn word_level(expr: &Expr) -> Parsed<()> {
    match &expr.kind {
        Kind::Word(_) | Kind::Text(_) | Kind::Regex(_) | Kind::Phrase(_) | Kind::List(_) => Ok(()),
        Kind::Or(parts) => parts.iter().try_for_each(word_level),
        Kind::Near { .. } => Err(RuleError::new(
            expr.span,
            text!(
                "near・seq・count の中に near や seq は書けません。",
                "near and seq cannot stand inside near, seq or count."
            ),
        )
        .hint(text!(
            "1つにまとめて near(a, b, c; 8) とするか、near(a, b; 8) & near(b, c; 8) と並べてください。",
            "Make it one, near(a, b, c; 8), or write near(a, b; 8) & near(b, c; 8)."
        ))),
        _ => Err(RuleError::new(
            expr.span,
            text!(
                "near・seq・count の中に書けるのは語と | だけです。",
                "Only words and | may stand inside near, seq and count."
            ),
        )
        .hint(text!(
            "「かつ」「でない」はかっこの外に書いてください: near(a, b; 8) & !c",
            "Put \"and\" and \"not\" outside: near(a, b; 8) & !c."
        ))),
    }
}
