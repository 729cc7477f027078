//! Mistakes in regular expressions, shown where they stand in the rule.

use regex_syntax::ast::{self, ErrorKind};
use regex_syntax::hir;

use crate::diagnostic::Text;
use crate::rule::RuleError;
use crate::span::Span;
use crate::text;

/// Refuses a pattern that is none, or that can match no character at all. `place` turns
/// bytes of the pattern into bytes of the rule.
pub(super) fn check(pattern: &str, whole: Span, place: impl Fn(usize) -> usize) -> Result<(), RuleError> {
    let refuse = |at: &ast::Span, detail: Text, hint: Text| {
        let (start, end) = (place(at.start.offset), place(end_of(at, pattern)));
        let span = if start < end { Span::new(start, end) } else { whole };
        let Text { ja, en } = detail;
        let message = text!("正規表現に誤りがあります: {ja}", "The regular expression is wrong: {en}");
        Err(RuleError::new(span, message).hint(hint))
    };
    match regex_syntax::Parser::new().parse(pattern) {
        Ok(hir) if hir.properties().maximum_len() == Some(0) => {
            let message =
                text!("この正規表現はどの文字にも当たりません。", "This regular expression matches no character.");
            Err(RuleError::new(whole, message).hint(text!(
                "探す文字を入れてください（例: /研修$/）。",
                "Put in characters to look for, as in \"/研修$/\"."
            )))
        }
        Ok(_) => Ok(()),
        Err(regex_syntax::Error::Parse(error)) => {
            let (detail, hint) = explain(error.kind(), error.span(), pattern);
            refuse(error.span(), detail, hint)
        }
        Err(regex_syntax::Error::Translate(error)) => {
            let (detail, hint) = untranslatable(error.kind());
            refuse(error.span(), detail, hint)
        }
        Err(_) => Ok(()),
    }
}

/// Where a place ends that the parser gives as a point: behind the next character.
fn end_of(at: &ast::Span, pattern: &str) -> usize {
    let next = || pattern[at.start.offset..].chars().next().map_or(0, char::len_utf8);
    if at.is_empty() { at.start.offset + next() } else { at.end.offset }
}

/// What is wrong, and what to write.
fn explain(kind: &ErrorKind, at: &ast::Span, pattern: &str) -> (Text, Text) {
    let written = pattern.get(at.start.offset..end_of(at, pattern)).unwrap_or_default();
    match kind {
        ErrorKind::GroupUnclosed => (
            text!("「(」が閉じていません。", "this \"(\" is not closed."),
            text!(
                "「)」を加えるか、文字の「(」を探すなら \\( と書いてください。",
                "Add a \")\", or write \\( for the character."
            ),
        ),
        ErrorKind::GroupUnopened => (
            text!("対応する「(」がありません。", "there is no matching \"(\"."),
            text!(
                "「)」を消すか、文字の「)」を探すなら \\) と書いてください。",
                "Remove it, or write \\) for the character."
            ),
        ),
        ErrorKind::ClassUnclosed => (
            text!("「[」が閉じていません。", "this \"[\" is not closed."),
            text!(
                "「]」を加えるか、文字の「[」を探すなら \\[ と書いてください。",
                "Add a \"]\", or write \\[ for the character."
            ),
        ),
        ErrorKind::RepetitionMissing => (
            text!("「{written}」の前に、くり返す文字がありません。", "nothing stands before \"{written}\" to repeat."),
            text!(
                "何があってもよいなら .{written}、文字の「{written}」なら \\{written} と書いてください。",
                "Write .{written} for anything, \\{written} for the character."
            ),
        ),
        ErrorKind::RepetitionCountInvalid => (
            text!("「{written}」の回数の大小が逆です。", "the counts of \"{written}\" are the wrong way round."),
            text!("{{2,5}} のように小さい数を先に書いてください。", "Write the smaller first, as in {{2,5}}."),
        ),
        ErrorKind::UnsupportedLookAround => (
            text!(
                "先読み・後読み「(?=」「(?!」「(?<」は使えません。",
                "look-around (\"(?=\", \"(?!\", \"(?<\") cannot be used."
            ),
            text!(
                "除きたい語は except に書くか、「& !…」で除いてください。",
                "Put what must not stand there into except, or write \"& !…\"."
            ),
        ),
        ErrorKind::UnsupportedBackreference => (
            text!("後方参照「{written}」は使えません。", "the backreference \"{written}\" cannot be used."),
            text!("当てたい文字をそのまま書いてください。", "Write the characters themselves."),
        ),
        ErrorKind::EscapeUnrecognized | ErrorKind::EscapeUnexpectedEof => {
            let plain = written.trim_start_matches('\\');
            (
                text!("「\\」の後の文字が違います。", "\"\\\" cannot stand before this character."),
                text!("「\\」を付けずに「{plain}」と書いてください。", "Write \"{plain}\" without the \"\\\"."),
            )
        }
        other => (
            text!("{other}", "{other}."),
            text!(
                "記号そのものは \\ を前に置いて書きます（例: \\( \\. ）。",
                "Put a \\ before a literal sign, e.g. \\( or \\. ."
            ),
        ),
    }
}

fn untranslatable(kind: &hir::ErrorKind) -> (Text, Text) {
    let hint = text!(
        "文字の種類は \\p{{Han}}（漢字）、\\p{{Hiragana}}、\\p{{Katakana}} のように書きます。",
        "Kinds of characters are \\p{{Han}}, \\p{{Hiragana}}, \\p{{Katakana}}."
    );
    (text!("{kind}", "{kind}."), hint)
}
