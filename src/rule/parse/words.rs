//! Words, quoted forms, lists, codes and attributes.

use super::cursor::is_word;
use super::{Parsed, Parser};
use crate::rule::{Expr, Kind, Open, RuleError, Word};
use crate::span::Span;
use crate::text;

impl Parser<'_> {
    pub(super) fn word_or_function(&mut self) -> Parsed<Expr> {
        let start = self.cursor.here();
        let word = self.cursor.word();
        let name = word.to_ascii_lowercase();
        let span = Span::new(start, start + word.len());
        if matches!(name.as_str(), "or" | "and" | "not") {
            return Err(RuleError::new(
                span,
                text!("「{word}」の前に語がありません。", "Nothing stands before \"{word}\"."),
            )
            .hint(text!("語として探すには '{word}' と書きます。", "To look for the word itself write '{word}'.")));
        }
        self.cursor.advance(word.len());
        self.cursor.finish(start);
        if name == "length" {
            return self.length(start);
        }
        if self.cursor.peek() == Some('(') {
            return self.function(&name, span);
        }
        let word = self.word(word, span)?;
        Ok(Expr { kind: Kind::Word(word), span: Span::new(start, self.cursor.end_of_last()) })
    }

    fn word(&mut self, written: &str, span: Span) -> Parsed<Word> {
        let (text, open) = stars(written, span)?;
        let mut pos = Vec::new();
        if self.cursor.peek() == Some(':') {
            let colon = self.cursor.take();
            let start = self.cursor.here();
            let tag = self.cursor.word();
            if tag.is_empty() {
                return Err(RuleError::new(
                    colon,
                    text!("「:」の後に品詞がありません。", "No part of speech follows the \":\"."),
                )
                .hint(text!("例: 支援:名詞、支援:名詞-サ変接続", "E.g. \"支援:名詞\" or \"支援:名詞-サ変接続\".")));
            }
            self.cursor.advance(tag.len());
            self.cursor.finish(start);
            super::pos::check(written, tag, Span::new(start, start + tag.len()))?;
            pos = tag.split('-').map(str::to_owned).collect();
        }
        Ok(Word { text, open, pos })
    }

    pub(super) fn list(&mut self) -> Parsed<Kind> {
        let open = Span::new(self.cursor.here(), self.cursor.here() + self.cursor.width());
        let (name, span) = self.delimited('>')?;
        let name = name.trim();
        if let Some(sign) = name.chars().find(|c| matches!(c, '|' | '｜' | '&' | '＆' | '<' | '＜')) {
            let before = name.split(sign).next().unwrap_or_default().trim();
            return Err(RuleError::new(open, text!("「<」が閉じていません。", "\"<\" is not closed.")).hint(text!(
                "名前の後に「>」を加えてください: <{before}>",
                "Add a \">\" behind the name: \"<{before}>\"."
            )));
        }
        if let Some(code) = name.strip_prefix(['*', '＊']) {
            return Err(RuleError::new(
                span,
                text!("ほかのコードは <*…> では参照できません。", "Another code is not referred to by <*…>."),
            )
            .hint(text!("@{code} と書いてください。", "Write \"@{code}\".")));
        }
        if let Some((name, value)) = self.cursor.rest().split_once("-->").filter(|_| name.is_empty()) {
            let value = value.split_whitespace().next().unwrap_or_default();
            return Err(RuleError::new(
                span,
                text!("属性の条件は <>…-->… では書けません。", "A condition on an attribute is not written <>…-->…."),
            )
            .hint(text!("{{{name} = {value}}} と書いてください。", "Write \"{{{name} = {value}}}\".")));
        }
        if name.is_empty() {
            return Err(RuleError::new(span, text!("リストの名前がありません。", "The list has no name."))
                .hint(text!("例: <費用>", "E.g. \"<費用>\".")));
        }
        Ok(Kind::List(name.to_owned()))
    }

    pub(super) fn code(&mut self) -> Parsed<Kind> {
        let at = self.cursor.take();
        let start = self.cursor.here();
        let name = self.cursor.word();
        if name.is_empty() || start != at.end {
            return Err(RuleError::new(
                at,
                text!("「@」の直後にコードの id がありません。", "No code id follows the \"@\"."),
            )
            .hint(text!("例: @funding.fee", "E.g. @funding.fee.")));
        }
        self.cursor.advance(name.len());
        self.cursor.finish(start);
        Ok(Kind::Code(name.to_owned()))
    }

    pub(super) fn attribute(&mut self) -> Parsed<Kind> {
        let (body, span) = self.delimited('}')?;
        let folded = body.replace('＝', "=").replace('！', "!").replace('｜', "|");
        let example = || {
            text!(
                "例: {{施設種別 = 医師会病院}}、{{年代 != 20代 | 30代}}",
                "E.g. \"{{施設種別 = 医師会病院}}\", \"{{年代 != 20代 | 30代}}\"."
            )
        };
        let Some((name, values)) = folded.split_once('=') else {
            return Err(RuleError::new(
                span,
                text!("属性の条件に「=」がありません。", "The attribute condition has no \"=\"."),
            )
            .hint(example()));
        };
        let (name, negated) = match name.trim_end().strip_suffix('!') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let values: Vec<String> = values.split('|').map(|value| value.trim().to_owned()).collect();
        if name.trim().is_empty() || values.iter().any(String::is_empty) {
            return Err(RuleError::new(
                span,
                text!("属性の名前か値が空です。", "The attribute's name or value is empty."),
            )
            .hint(example()));
        }
        Ok(Kind::Attribute { name: name.trim().to_owned(), negated, values })
    }

    pub(super) fn phrase(&mut self) -> Parsed<Kind> {
        let start = self.cursor.here();
        let body = self.quoted('"')?;
        let span = Span::new(start, self.cursor.end_of_last());
        let mut words = Vec::new();
        for written in body.split_whitespace() {
            if let Some(bad) = written.chars().find(|c| !is_word(*c)) {
                return Err(RuleError::new(
                    span,
                    text!("句の中に「{bad}」は書けません。", "\"{bad}\" cannot stand in a phrase."),
                )
                .hint(text!(
                    "選択肢のある句は seq(a | b, c; 1) と書きます。",
                    "Write a phrase with alternatives as seq(a | b, c; 1)."
                )));
            }
            let (text, open) = stars(written, span)?;
            words.push(Word { text, open, pos: Vec::new() });
        }
        Ok(Kind::Phrase(words))
    }

    /// A piece in quotes, `'…'` or `"…"`; not empty.
    pub(super) fn quoted(&mut self, quote: char) -> Parsed<String> {
        let (body, span) = self.delimited(quote)?;
        if body.trim().is_empty() {
            return Err(RuleError::new(span, text!("引用符の中が空です。", "The quotes are empty."))
                .hint(text!("探す文字を入れてください。", "Put in the characters to look for.")));
        }
        Ok(body)
    }

    /// `/…/`, where `\/` stands for a slash.
    pub(super) fn regex(&mut self) -> Parsed<String> {
        let start = self.cursor.here();
        let open = Span::new(start, start + self.cursor.width());
        self.cursor.bump();
        let mut pattern = String::new();
        loop {
            match self.cursor.peek() {
                None | Some('\n') => {
                    return Err(RuleError::new(
                        open,
                        text!("正規表現が閉じていません。", "The regular expression is not closed."),
                    )
                    .hint(text!("終わりに「/」を加えてください。", "Add a \"/\" at its end.")));
                }
                Some('/') => {
                    self.cursor.bump();
                    break;
                }
                Some('\\') => {
                    self.cursor.bump();
                    match self.cursor.bump() {
                        Some('/') => pattern.push('/'),
                        Some(c) => pattern.extend(['\\', c]),
                        None => pattern.push('\\'),
                    }
                }
                Some(_) => pattern.extend(self.cursor.bump()),
            }
        }
        let span = self.cursor.finish(start);
        if !pattern.is_empty() {
            let raw = self.cursor.slice(span);
            super::regex::check(&pattern, span, |at| span.start + raw_position(raw, at))?;
        }
        if pattern.is_empty() {
            return Err(RuleError::new(span, text!("正規表現が空です。", "The regular expression is empty."))
                .hint(text!("例: /診療報酬(で|に)/", "E.g. \"/診療報酬(で|に)/\".")));
        }
        Ok(pattern)
    }

    /// The text up to `close`, which must come.
    fn delimited(&mut self, close: char) -> Parsed<(String, Span)> {
        let start = self.cursor.here();
        let open = Span::new(start, start + self.cursor.width());
        let sign = self.cursor.original();
        self.cursor.bump();
        let body_start = self.cursor.here();
        loop {
            match self.cursor.peek() {
                None => {
                    return Err(RuleError::new(
                        open,
                        text!("「{sign}」が閉じていません。", "\"{sign}\" is not closed."),
                    )
                    .hint(text!("対応する「{close}」を加えてください。", "Add the matching \"{close}\".")));
                }
                Some(c) if c == close => break,
                Some(_) => self.cursor.bump(),
            };
        }
        let body = self.cursor.slice(Span::new(body_start, self.cursor.here())).to_owned();
        self.cursor.bump();
        Ok((body, self.cursor.finish(start)))
    }
}

/// Where byte `at` of a pattern stands in `/…/`, with its `\/` for a slash.
fn raw_position(raw: &str, at: usize) -> usize {
    let mut position = raw.chars().next().map_or(0, char::len_utf8);
    let mut passed = 0;
    while passed < at {
        let Some(c) = raw[position..].chars().next() else { break };
        let slash = raw[position..].starts_with("\\/");
        position += if slash { 2 } else { c.len_utf8() };
        passed += if slash { 1 } else { c.len_utf8() };
    }
    position
}

/// Splits `*word` and `word*`.
fn stars(written: &str, span: Span) -> Parsed<(String, Open)> {
    let folded = written.replace('＊', "*");
    let (text, open) = match (folded.strip_prefix('*'), folded.strip_suffix('*')) {
        (Some(_), Some(_)) => {
            let inner = folded.trim_matches('*').to_owned();
            if inner.is_empty() {
                let message = text!("「*」だけでは語になりません。", "A \"*\" alone is no word.");
                return Err(RuleError::new(span, message).hint(text!(
                    "「*」は語の前か後ろに付けます。例: 研修*、*研修",
                    "Put it before or behind a word, e.g. \"研修*\", \"*研修\"."
                )));
            }
            return Err(RuleError::new(
                span,
                text!("「*」は語の前か後ろの一方だけです。", "A \"*\" stands at one end only."),
            )
            .hint(text!("どこにあってもよいなら '{inner}' と書きます。", "For anywhere write \"'{inner}'\".")));
        }
        (Some(rest), None) => (rest, Open::Suffix),
        (None, Some(rest)) => (rest, Open::Prefix),
        (None, None) => (folded.as_str(), Open::Closed),
    };
    if text.is_empty() || text.contains('*') {
        return Err(RuleError::new(
            span,
            text!("「*」は語の前か後ろの一方だけです。", "A \"*\" stands at one end only."),
        )
        .hint({
            let pattern = regex_syntax::escape(text).replace("\\*", ".*");
            text!(
                "途中を任意にするには /{pattern}/ のように正規表現で書きます。",
                "For a gap in the middle write a regular expression, \"/{pattern}/\"."
            )
        }));
    }
    Ok((text.to_owned(), open))
}
