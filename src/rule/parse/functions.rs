//! `near`, `seq`, `count` and `length`.

use super::{Parsed, Parser};
use crate::diagnostic::did_you_mean;
use crate::rule::{Compare, Expr, Kind, MAX_ELEMENTS, RuleError};
use crate::span::Span;
use crate::text;

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
        let call = |end| Span::new(name.start, end);
        let example = || text!("例: near(費用, 支援; 8)", "E.g. \"near(費用, 支援; 8)\".");
        if self.cursor.peek() != Some(';') {
            return Err(match self.cursor.peek() {
                None => RuleError::new(open, text!("このかっこが閉じていません。", "This parenthesis is not closed."))
                    .hint(example()),
                Some(')') => RuleError::new(
                    call(self.cursor.here() + self.cursor.width()),
                    text!("距離がありません。", "The distance is missing."),
                )
                .hint(example()),
                Some(found) => self.unexpected(found),
            });
        }
        self.cursor.take();
        let distance = self.number(1, 1_000)?;
        self.close(open)?;
        let span = call(self.cursor.end_of_last());
        if elements.len() < 2 {
            return Err(
                RuleError::new(span, text!("要素が1つしかありません。", "There is only one element.")).hint(example())
            );
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
        Ok((compare, self.number(0, 1_000_000)?))
    }

    fn no_comparison(&self, of: Span) -> RuleError {
        RuleError::new(of, text!("数との比較がありません。", "There is no comparison with a number.")).hint(text!(
            "例: count(研修 | 教育) >= 2、length < 10",
            "E.g. \"count(研修 | 教育) >= 2\", \"length < 10\"."
        ))
    }

    fn number(&mut self, least: usize, most: usize) -> Parsed<usize> {
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
            .hint(text!(
                "例: near(費用, 支援; 8)、count(研修) >= 2",
                "E.g. \"near(費用, 支援; 8)\", \"count(研修) >= 2\"."
            )));
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
