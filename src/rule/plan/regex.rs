//! Regular expressions of rules: their mistakes, and what must stand for them to match.

use ::regex::{Regex, RegexBuilder};
use regex_syntax::hir::literal::{ExtractKind, Extractor};

use crate::rule::RuleError;
use crate::span::Span;
use crate::text;

/// Keeps a hostile pattern from taking all memory.
const REGEX_SIZE: usize = 1 << 20;

/// Compiles a pattern of bounded size.
pub(super) fn compile(pattern: &str, span: Span) -> Result<Regex, RuleError> {
    RegexBuilder::new(pattern).size_limit(REGEX_SIZE).build().map_err(|error| {
        let detail = match &error {
            ::regex::Error::Syntax(message) => {
                message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
            }
            other => other.to_string(),
        };
        let ja = regex_mistake(&detail);
        RuleError::new(span, text!("正規表現に誤りがあります: {ja}", "The regular expression is wrong: {detail}")).hint(
            text!(
                "記号そのものは \\ を前に置いて書きます（例: \\( \\. ）。",
                "Put a \\ before a literal sign, e.g. \\( or \\. ."
            ),
        )
    })
}

/// What the parser of regular expressions says, for readers who do not read English.
fn regex_mistake(detail: &str) -> &str {
    const MISTAKES: [(&str, &str); 9] = [
        ("unclosed group", "「(」が閉じていません。"),
        ("unopened group", "対応する「(」がありません。"),
        ("unclosed character class", "「[」が閉じていません。"),
        ("repetition operator missing expression", "「*」「+」「?」の前に、くり返す文字がありません。"),
        ("look-around", "先読み・後読み「(?=」「(?!」「(?<」は使えません。"),
        ("backreferences", "後方参照「\\1」は使えません。"),
        ("unrecognized escape sequence", "「\\」の後の文字が違います。"),
        ("invalid repetition count range", "「{…}」の回数の大小が逆です。"),
        ("Compiled regex exceeds size limit", "大きすぎます。くり返しの回数を減らしてください。"),
    ];
    MISTAKES.iter().find(|(english, _)| detail.contains(english)).map_or(detail, |(_, japanese)| japanese)
}

/// The characters that every match begins with, or else those that it ends with; `None`
/// if there are none.
pub(super) fn literals(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    [ExtractKind::Prefix, ExtractKind::Suffix].into_iter().find_map(|kind| {
        let found = Extractor::new().kind(kind).extract(&hir);
        let texts: Option<Vec<String>> =
            found.literals()?.iter().map(|literal| String::from_utf8(literal.as_bytes().to_vec()).ok()).collect();
        texts.filter(|texts| !texts.is_empty() && texts.iter().all(|text| !text.is_empty()))
    })
}
