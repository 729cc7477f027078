//! Regular expressions of rules: their mistakes, and what must stand for them to match.

use ::regex::RegexBuilder;
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Literal};

use crate::rule::RuleError;
use crate::rule::pattern::{Pattern, Side, trimmed};
use crate::span::Span;
use crate::text;

/// Keeps a hostile pattern from taking all memory.
const REGEX_SIZE: usize = 1 << 20;

/// Compiles a pattern of bounded size.
pub(super) fn compile(pattern: &str, span: Span) -> Result<Pattern, RuleError> {
    RegexBuilder::new(pattern).size_limit(REGEX_SIZE).build().map(Pattern::new).map_err(|error| {
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

/// Characters one of which stands in every match: those that it begins or ends with (not
/// counting what may follow any number of times, such as a full stop), or those of a part in
/// its middle; where there is a choice, those of two characters or more. `None` if there
/// are none.
pub(super) fn literals(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let (.., core) = trimmed(&hir, Side::Last);
    let tells = |texts: &Vec<String>| texts.iter().all(|text| text.chars().nth(1).is_some());
    let ends = [of_end(&hir, ExtractKind::Prefix), of_end(&Hir::concat(core.to_vec()), ExtractKind::Suffix)];
    let inner = core.iter().filter_map(|part| of_end(part, ExtractKind::Prefix)).filter(tells).min_by_key(Vec::len);
    let all = || ends.iter().flatten();
    all().find(|texts| tells(texts)).or(inner.as_ref()).or(all().next()).cloned()
}

/// The characters that every match begins with, or ends with.
fn of_end(hir: &Hir, kind: ExtractKind) -> Option<Vec<String>> {
    let found = Extractor::new().kind(kind).limit_class(CLASS).extract(hir);
    let text = |literal: &Literal| String::from_utf8(literal.as_bytes().to_vec()).ok();
    let texts: Vec<String> = found.literals()?.iter().map(text).collect::<Option<_>>()?;
    (!texts.is_empty() && texts.iter().all(|text| !text.is_empty())).then_some(texts)
}

/// A class of more characters tells too little.
const CLASS: usize = 32;
