//! Text → [`Expr`], by recursive descent over characters.
//!
//! Full-width operators are the same as half-width ones; `#` starts a comment.

mod cursor;
mod functions;
mod pos;
mod regex;
mod words;

pub(crate) use self::functions::word_level;
pub(crate) use self::pos::DETAILS as POS_DETAILS;

use self::cursor::Cursor;
use super::{Expr, Kind, MAX_DEPTH, RuleError};
use crate::diagnostic::did_you_mean;
use crate::span::Span;
use crate::text;

type Parsed<T> = Result<T, RuleError>;

/// Parses one rule.
///
/// # Errors
/// The first mistake, with its place and a way to mend it.
pub fn parse(rule: &str) -> Result<Expr, RuleError> {
    let mut parser = Parser { cursor: Cursor::new(rule), depth: 0 };
    parser.cursor.skip_blanks();
    if parser.cursor.peek().is_none() {
        return Err(RuleError::new(Span::new(0, rule.len()), text!("ルールが空です。", "The rule is empty.")).hint(
            text!(
                "探す語を書いてください（例: 補助金 | 助成）。",
                "Write the words to look for, e.g. \"補助金 | 助成\"."
            ),
        ));
    }
    let expr = parser.or()?;
    match parser.cursor.peek() {
        None => Ok(expr),
        Some(found) => Err(parser.unexpected(found)),
    }
}

struct Parser<'r> {
    cursor: Cursor<'r>,
    depth: usize,
}

impl Parser<'_> {
    fn or(&mut self) -> Parsed<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let at = self.cursor.here();
            return Err(RuleError::new(
                Span::new(at, at + self.cursor.width()),
                text!(
                    "かっこの入れ子が深すぎます（{MAX_DEPTH}段まで）。",
                    "The rule is nested too deeply (at most {MAX_DEPTH})."
                ),
            )
            .hint(text!("リスト <…> や別のコード @… に分けてください。", "Use a list <…> or another code @….")));
        }
        let expr = self.chain('|', "or", Self::and, Kind::Or)?;
        self.depth -= 1;
        Ok(expr)
    }

    fn and(&mut self) -> Parsed<Expr> {
        self.chain('&', "and", Self::not, Kind::And)
    }

    fn chain(
        &mut self,
        sign: char,
        name: &str,
        operand: fn(&mut Self) -> Parsed<Expr>,
        kind: fn(Vec<Expr>) -> Kind,
    ) -> Parsed<Expr> {
        let start = self.cursor.here();
        let first = operand(self)?;
        let mut parts = vec![first];
        let mut end = self.cursor.end_of_last();
        while self.cursor.operator(sign, name) {
            self.operand_follows(sign)?;
            parts.push(operand(self)?);
            end = self.cursor.end_of_last();
        }
        if parts.len() == 1
            && let Some(only) = parts.pop()
        {
            return Ok(only);
        }
        Ok(Expr { kind: kind(parts), span: Span::new(start, end) })
    }

    /// After an operator something must follow: says so where the operator stands.
    fn operand_follows(&mut self, sign: char) -> Parsed<()> {
        let operator = self.cursor.last();
        match self.cursor.peek() {
            Some(c) if c == sign => Err(RuleError::new(
                Span::new(operator.start, self.cursor.here() + self.cursor.width()),
                text!("「{sign}」が2つ続いています。", "\"{sign}\" is doubled."),
            )
            .hint(text!("「{sign}」は1つだけ書きます。", "Write a single \"{sign}\"."))),
            None | Some(')' | ',' | ';' | '|' | '&') => {
                Err(RuleError::new(operator, text!("「{sign}」の後に語がありません。", "Nothing follows \"{sign}\"."))
                    .hint(text!("語を続けるか、「{sign}」を消してください。", "Add a word or remove the \"{sign}\".")))
            }
            Some(_) => Ok(()),
        }
    }

    fn not(&mut self) -> Parsed<Expr> {
        let start = self.cursor.here();
        if !self.cursor.operator('!', "not") {
            return self.primary();
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(RuleError::new(self.cursor.last(), text!("「!」が多すぎます。", "Too many \"!\".")));
        }
        self.operand_follows('!').or_else(|error| if self.cursor.peek() == Some('!') { Ok(()) } else { Err(error) })?;
        let inner = self.not()?;
        self.depth -= 1;
        let span = Span::new(start, self.cursor.end_of_last());
        Ok(Expr { kind: Kind::Not(Box::new(inner)), span })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let start = self.cursor.here();
        let kind = match self.cursor.peek() {
            Some('(') => return self.parenthesis(),
            Some('<') => self.list()?,
            Some('@') => self.code()?,
            Some('{') => self.attribute()?,
            Some('\'') => Kind::Text(self.quoted('\'')?),
            Some('"') => self.phrase()?,
            Some('/') => Kind::Regex(self.regex()?),
            Some(c) if cursor::is_word(c) => return self.word_or_function(),
            Some(found) => return Err(self.unexpected(found)),
            None => {
                let end = self.cursor.here();
                return Err(RuleError::new(
                    Span::new(end, end),
                    text!("ルールが途中で終わっています。", "The rule ends too early."),
                )
                .hint(text!("語を続けてください。", "Add a word.")));
            }
        };
        Ok(Expr { kind, span: Span::new(start, self.cursor.end_of_last()) })
    }

    fn parenthesis(&mut self) -> Parsed<Expr> {
        let open = self.cursor.take();
        if self.cursor.peek() == Some(')') {
            return Err(RuleError::new(
                Span::new(open.start, self.cursor.here() + self.cursor.width()),
                text!("かっこの中が空です。", "The parentheses are empty."),
            )
            .hint(text!("語を入れるか、かっこを消してください。", "Put a word in or remove them.")));
        }
        let inner = self.or()?;
        match self.cursor.peek() {
            Some(')') => {
                self.cursor.take();
                Ok(inner)
            }
            None => Err(RuleError::new(open, text!("このかっこが閉じていません。", "This parenthesis is not closed."))
                .hint(text!("対応する「)」を加えてください。", "Add the matching \")\"."))),
            Some(found) => Err(self.unexpected(found)),
        }
    }

    /// Two words side by side: perhaps a misspelt operator, or one in another language.
    fn no_operator(&mut self, first: Span) -> RuleError {
        let word = self.cursor.word();
        let span = if word.is_empty() { first } else { Span::new(first.start, first.start + word.len()) };
        let message = text!("語と語の間に記号がありません。", "There is no operator between two words.");
        let lower = word.to_ascii_lowercase();
        let meant = match lower.as_str() {
            "かつ" | "且つ" | "および" | "及び" | "plus" | "+" | "＋" => Some("&"),
            "または" | "又は" | "もしくは" | "あるいは" | "/" | "／" | "・" => Some("|"),
            "でない" | "以外" | "-" => Some("& !"),
            "ord" | "oder" | "ro" | "orr" => Some("or"),
            "ant" | "adn" | "amd" | "und" | "an" | "andd" => Some("and"),
            "nto" | "ont" | "non" | "nicht" => Some("not"),
            _ if lower.is_ascii() && lower.len() > 1 => did_you_mean(&lower, ["and", "not"]),
            _ => None,
        };
        RuleError::new(span, message).hint(match meant {
            Some(sign) => text!("「{word}」の代わりに {sign} と書きます。", "Write {sign} in place of \"{word}\"."),
            None => text!(
                "「または」は |、「かつ」は &、隣り合う語は \"語 語\" と書きます。",
                "\"Or\" is |, \"and\" is &, words side by side are \"word word\"."
            ),
        })
    }

    /// Says what a character that cannot stand here probably should have been.
    fn unexpected(&mut self, found: char) -> RuleError {
        let span = Span::new(self.cursor.here(), self.cursor.here() + self.cursor.width());
        let original = self.cursor.original();
        match found {
            ')' => RuleError::new(span, text!("対応する「(」がありません。", "There is no matching \"(\"."))
                .hint(text!("「)」を消すか「(」を加えてください。", "Remove the \")\" or add a \"(\".")),
            ',' => RuleError::new(
                span,
                text!(
                    "「{original}」は near(…) と seq(…) の中でだけ使えます。",
                    "\"{original}\" belongs inside near(…) or seq(…)."
                ),
            )
            .hint(text!("「または」は |、「かつ」は & です。", "\"Or\" is |, \"and\" is &.")),
            ';' => RuleError::new(
                span,
                text!(
                    "「{original}」は near(…; 8) の距離の前でだけ使えます。",
                    "\"{original}\" belongs before the distance of near(…; 8)."
                ),
            )
            .hint(text!("「または」は |、「かつ」は & です。", "\"Or\" is |, \"and\" is &.")),
            '「' | '」' | '『' | '』' => {
                RuleError::new(span, text!("「{original}」は使えません。", "\"{original}\" cannot be used.")).hint(
                    text!("文字の並びは '補助金' のように ' で囲みます。", "Quote characters with ', as in '補助金'."),
                )
            }
            '〈' | '〉' | '《' | '》' | '【' | '】' | '［' | '］' | '〔' | '〕' => {
                RuleError::new(span, text!("「{original}」は使えません。", "\"{original}\" cannot be used.")).hint(
                    text!(
                        "リストは <費用>、かっこは ( ) です。文字として探すには '{original}' と書きます。",
                        "Lists are \"<費用>\", parentheses ( ). To look for the character write \"'{original}'\"."
                    ),
                )
            }
            '|' | '&' => RuleError::new(
                span,
                text!("「{original}」の前に語がありません。", "Nothing stands before \"{original}\"."),
            )
            .hint(text!("語を加えるか、「{original}」を消してください。", "Add a word or remove the \"{original}\".")),
            '=' | '>' => {
                RuleError::new(span, text!("「{original}」はここでは使えません。", "\"{original}\" cannot stand here."))
                    .hint(text!(
                        "比較は count(…) >= 2 と length < 10、属性は {{名前 = 値}} の形で書きます。",
                        "Comparisons are count(…) >= 2 and length < 10; attributes are {{name = value}}."
                    ))
            }
            '}' | ':' | '*' => {
                RuleError::new(span, text!("「{original}」はここでは使えません。", "\"{original}\" cannot stand here."))
                    .hint(text!(
                        "書き方: 支援:名詞、研修*、{{属性 = 値}}",
                        "Forms: 支援:名詞, 研修*, {{attribute = value}}"
                    ))
            }
            _ => self.no_operator(span),
        }
    }
}

#[cfg(test)]
mod tests;
