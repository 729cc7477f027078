//! Regular expressions for characters that are not there any more.
//!
//! Words and quoted text are folded as answers are, so a rule may be written in any
//! spelling. A regular expression is not: `/VPN/` and `/欲しい/` match nothing, since an
//! answer reaches the rules as `vpn` and `ほしい`.

use regex_syntax::ast::{Ast, ClassSet, ClassSetItem, Span as AstSpan, parse::Parser};

use super::probe::Probe;
use super::walk;
use super::{Finding, Lint};
use crate::rule::Kind;
use crate::span::Span;
use crate::text;

pub(super) fn findings(probe: &Probe<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for written in walk::all(probe.codebook()) {
        for part in walk::parts(&written.rule.expr) {
            let Kind::Regex(pattern) = &part.kind else { continue };
            let Ok(ast) = Parser::new().parse(pattern) else { continue };
            if ignores_case(pattern) {
                continue;
            }
            let mut dead = Vec::new();
            walk_ast(&ast, probe, &mut dead);
            for (span, literal, folded) in dead {
                let place = in_rule(part.span, part.span.of(&written.rule.text.text), span);
                let message = text!(
                    "正規表現の「{literal}」は、表記をそろえた文では「{folded}」になるため、決して当たりません。",
                    "\"{literal}\" never matches: in folded text it is \"{folded}\"."
                );
                let error = written.rule.text.error_at(place, message);
                let folded = regex_syntax::escape(&folded);
                let hint = text!(
                    "「{folded}」と書いてください。'…' と語は自動でそろえられます。",
                    "Write \"{folded}\". Words and quoted text are folded by themselves."
                );
                found.push(Finding::new(Lint::FoldedRegex, written.owner.code(), error, hint));
            }
        }
    }
    found
}

/// Letters of both cases are meant; the parser's own folding takes care of them.
fn ignores_case(pattern: &str) -> bool {
    pattern.contains("(?i") || pattern.contains("(?ui") || pattern.contains("(?si")
}

/// A part of a pattern, what it says, and what answers say in its place.
type Dead = (AstSpan, String, String);

fn walk_ast(ast: &Ast, probe: &Probe<'_>, dead: &mut Vec<Dead>) {
    match ast {
        Ast::Literal(literal) => run(&[(literal.span, literal.c)], probe, dead),
        Ast::ClassBracketed(class) if !class.negated => {
            if let ClassSet::Item(item) = &class.kind
                && let Some(letters) = letters(item)
                && !letters.is_empty()
                && letters.iter().all(|c| !survives(*c, probe))
            {
                let literal: String = letters.iter().take(8).collect();
                let folded = probe.folded(&literal);
                dead.push((class.span, literal, folded));
            }
        }
        Ast::Repetition(repetition) => walk_ast(&repetition.ast, probe, dead),
        Ast::Group(group) => walk_ast(&group.ast, probe, dead),
        Ast::Alternation(alternation) => alternation.asts.iter().for_each(|ast| walk_ast(ast, probe, dead)),
        Ast::Concat(concat) => {
            let mut literals = Vec::new();
            for ast in &concat.asts {
                if let Ast::Literal(literal) = ast {
                    literals.push((literal.span, literal.c));
                } else {
                    run(&std::mem::take(&mut literals), probe, dead);
                    walk_ast(ast, probe, dead);
                }
            }
            run(&literals, probe, dead);
        }
        _ => {}
    }
}

/// Literal characters side by side.
fn run(literals: &[(AstSpan, char)], probe: &Probe<'_>, dead: &mut Vec<Dead>) {
    let (Some(first), Some(last)) = (literals.first(), literals.last()) else { return };
    let literal: String = literals.iter().map(|(_, c)| *c).collect();
    let folded = probe.folded(&literal);
    // A variant inside a longer canonical spelling stands in folded text all the same.
    if !folded.contains(&literal) && !canonical_spellings(probe).any(|known| known.contains(&literal)) {
        dead.push((AstSpan::new(first.0.start, last.0.end), literal, folded));
    }
}

fn canonical_spellings<'p>(probe: &'p Probe<'_>) -> impl Iterator<Item = String> + 'p {
    let lines = aftercode_dictionaries::VARIANTS_CSV.lines().skip(1);
    lines.filter_map(|line| line.split_once(',')).map(|(_, canonical)| probe.folded(canonical))
}

fn survives(c: char, probe: &Probe<'_>) -> bool {
    probe.folded(&c.to_string()).contains(c) || c.is_whitespace()
}

/// The characters of a class that names them; `None` if it says them otherwise.
fn letters(item: &ClassSetItem) -> Option<Vec<char>> {
    match item {
        ClassSetItem::Literal(literal) => Some(vec![literal.c]),
        ClassSetItem::Range(range) if (range.end.c as u32).saturating_sub(range.start.c as u32) < 256 => {
            Some((range.start.c..=range.end.c).collect())
        }
        ClassSetItem::Union(union) => {
            let each: Option<Vec<Vec<char>>> = union.items.iter().map(letters).collect();
            each.map(|each| each.concat())
        }
        _ => None,
    }
}

/// Where `part` of a pattern stands in the rule: `/` at its front, `\/` for a slash.
fn in_rule(regex: Span, written: &str, part: AstSpan) -> Span {
    let place = |offset: usize| {
        let body = written.char_indices().next().map_or(0, |(_, c)| c.len_utf8());
        let (mut at, mut passed) = (body, 0);
        while passed < offset {
            let rest = &written[at..];
            let escaped = rest.starts_with("\\/");
            let width = rest.chars().next().map_or(1, char::len_utf8);
            at += if escaped { 2 } else { width };
            passed += if escaped { 1 } else { width };
        }
        regex.start + at.min(written.len())
    };
    Span::new(place(part.start.offset), place(part.end.offset))
}
