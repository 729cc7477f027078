//! A position in a rule's text that sees full-width operators as half-width ones.

use crate::span::Span;

pub(super) struct Cursor<'r> {
    text: &'r str,
    at: usize,
    last: Span,
}

/// The half-width form of an operator.
fn fold(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '｜' => '|',
        '＆' => '&',
        '！' => '!',
        '＜' => '<',
        '＞' => '>',
        '＠' => '@',
        '：' => ':',
        '；' => ';',
        '，' | '、' => ',',
        '＝' => '=',
        '｛' => '{',
        '｝' => '}',
        '＊' => '*',
        '／' => '/',
        '＂' | '“' | '”' => '"',
        '＇' | '‘' | '’' => '\'',
        '＃' => '#',
        c => c,
    }
}

/// Characters that words are made of. `/` inside a word is part of it.
pub(super) fn is_word(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(
            c,
            '(' | ')'
                | '|'
                | '&'
                | '!'
                | '<'
                | '>'
                | '@'
                | ':'
                | ';'
                | ','
                | '='
                | '{'
                | '}'
                | '"'
                | '\''
                | '#'
                | '「'
                | '」'
                | '『'
                | '』'
                | '〈'
                | '〉'
                | '《'
                | '》'
                | '【'
                | '】'
                | '［'
                | '］'
                | '〔'
                | '〕'
        )
}

impl<'r> Cursor<'r> {
    pub(super) fn new(text: &'r str) -> Self {
        Self { text, at: 0, last: Span::new(0, 0) }
    }

    /// Byte position of the next character.
    pub(super) fn here(&self) -> usize {
        self.at
    }

    /// The next character as an operator sees it.
    pub(super) fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next().map(fold)
    }

    /// The next character as it was typed.
    pub(super) fn original(&self) -> String {
        self.text[self.at..].chars().next().map(String::from).unwrap_or_default()
    }

    /// Bytes of the next character.
    pub(super) fn width(&self) -> usize {
        self.text[self.at..].chars().next().map_or(0, char::len_utf8)
    }

    /// The most recent piece taken.
    pub(super) fn last(&self) -> Span {
        self.last
    }

    /// Where the most recent piece ended.
    pub(super) fn end_of_last(&self) -> usize {
        self.last.end
    }

    /// Takes one character and the blanks behind it.
    pub(super) fn take(&mut self) -> Span {
        let start = self.at;
        self.at += self.width();
        self.finish(start)
    }

    /// Takes one character without the blanks behind it.
    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Ends a piece that began at `start`: remembers it and skips blanks.
    pub(super) fn finish(&mut self, start: usize) -> Span {
        self.last = Span::new(start, self.at);
        self.skip_blanks();
        self.last
    }

    /// Skips blanks and comments.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !matches!(self.peek(), Some('#')) {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// Takes an operator written as a sign or as an English word.
    pub(super) fn operator(&mut self, sign: char, name: &str) -> bool {
        if self.peek() == Some(sign) {
            self.take();
            return true;
        }
        let word = self.word();
        if word.eq_ignore_ascii_case(name) {
            let start = self.at;
            self.at += word.len();
            self.finish(start);
            return true;
        }
        false
    }

    /// The word characters ahead, not taken.
    pub(super) fn word(&self) -> &'r str {
        let rest = &self.text[self.at..];
        let end = rest.find(|c| !is_word(fold(c))).unwrap_or(rest.len());
        &rest[..end]
    }

    /// The text between two positions.
    pub(super) fn slice(&self, span: Span) -> &'r str {
        span.of(self.text)
    }

    /// The rest of the text.
    pub(super) fn rest(&self) -> &'r str {
        &self.text[self.at..]
    }

    /// Moves on by `bytes`.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }
}
