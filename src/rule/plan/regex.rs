//! Regular expressions of rules: their mistakes, and what must stand for them to match.

use ::regex::RegexBuilder;
use rayon::prelude::*;
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Literal};
use rustc_hash::FxHashMap;

use crate::rule::pattern::{Pattern, Side, trimmed};
use crate::rule::{Expr, Kind, RuleError};
use crate::span::Span;
use crate::text;

/// Keeps a hostile pattern from taking all memory.
const REGEX_SIZE: usize = 1 << 20;

/// The patterns of all rules. Compiling them is what takes longest of a rule, so they are
/// compiled side by side before the rules are.
pub(super) struct Patterns<'e>(FxHashMap<&'e str, Result<Ready, ::regex::Error>>);

/// A compiled pattern.
pub(super) struct Ready {
    pub pattern: Pattern,
    /// Characters one of which stands in every match, where there are such.
    pub literals: Option<Vec<String>>,
}

impl<'e> Patterns<'e> {
    /// The patterns written in these expressions.
    pub(super) fn new(exprs: impl Iterator<Item = &'e Expr>) -> Self {
        let mut found = Vec::new();
        exprs.for_each(|expr| written(expr, &mut found));
        found.sort_unstable();
        found.dedup();
        Self(found.into_par_iter().map(|pattern| (pattern, Ready::new(pattern))).collect())
    }

    /// The pattern that stands at `span` of a rule.
    pub(super) fn get(&self, pattern: &str, span: Span) -> Result<&Ready, RuleError> {
        match self.0.get(pattern) {
            Some(Ok(ready)) => Ok(ready),
            Some(Err(error)) => Err(mistake(error, span)),
            // All that can be asked for have been compiled.
            None => Err(mistake(&::regex::Error::Syntax(pattern.to_owned()), span)),
        }
    }
}

/// The patterns written in `expr`.
fn written<'e>(expr: &'e Expr, found: &mut Vec<&'e str>) {
    match &expr.kind {
        Kind::Regex(pattern) => found.push(pattern),
        Kind::Or(parts) | Kind::And(parts) | Kind::Near { elements: parts, .. } => {
            parts.iter().for_each(|part| written(part, found));
        }
        Kind::Not(inner) | Kind::Count { element: inner, .. } => written(inner, found),
        Kind::Word(_)
        | Kind::Text(_)
        | Kind::Phrase(_)
        | Kind::List(_)
        | Kind::Code(_)
        | Kind::Attribute { .. }
        | Kind::Length { .. } => {}
    }
}

impl Ready {
    /// Compiles a pattern of bounded size.
    fn new(pattern: &str) -> Result<Self, ::regex::Error> {
        let regex = RegexBuilder::new(pattern).size_limit(REGEX_SIZE).build()?;
        let hir = regex_syntax::parse(pattern).ok();
        let literals = hir.as_ref().and_then(literals);
        Ok(Self { pattern: Pattern::new(regex, hir.as_ref()), literals })
    }
}

fn mistake(error: &::regex::Error, span: Span) -> RuleError {
    let detail = match error {
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
fn literals(hir: &Hir) -> Option<Vec<String>> {
    let (.., core) = trimmed(hir, Side::Last);
    let tells = |texts: &Vec<String>| texts.iter().all(|text| text.chars().nth(1).is_some());
    let ends = [of_end(hir, ExtractKind::Prefix), of_end(&Hir::concat(core.to_vec()), ExtractKind::Suffix)];
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
