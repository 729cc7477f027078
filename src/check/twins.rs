//! Names and rules that exist twice or for nothing.

use std::collections::HashMap;

use super::probe::Probe;
use super::walk::{self, Owner, canonical};
use super::{Finding, Lint};
use crate::codebook::Codebook;
use crate::rule::{Expr, Kind};
use crate::span::Span;
use crate::text;

pub(super) fn findings(probe: &Probe<'_>) -> Vec<Finding> {
    let mut found = unused_lists(probe.codebook());
    found.extend(same_rules(probe));
    found.extend(live_replaced(probe.codebook()));
    found
}

fn lists_in(expr: &Expr) -> Vec<&str> {
    let name = |part: &'_ Expr| matches!(part.kind, Kind::List(_));
    let lists = walk::parts(expr).into_iter().filter(|part| name(part));
    lists.filter_map(|part| if let Kind::List(name) = &part.kind { Some(name.as_str()) } else { None }).collect()
}

fn unused_lists(codebook: &Codebook) -> Vec<Finding> {
    let written = walk::all(codebook);
    let mut open: Vec<&str> = Vec::new();
    for written in written.iter().filter(|written| matches!(written.owner, Owner::Code(..))) {
        open.extend(lists_in(&written.rule.expr));
    }
    let mut used: Vec<&str> = Vec::new();
    while let Some(name) = open.pop() {
        if used.contains(&name) {
            continue;
        }
        used.push(name);
        let own = codebook.lists.iter().filter(|list| list.name.text == name);
        open.extend(own.flat_map(|list| &list.entries).flat_map(|entry| lists_in(&entry.expr)));
    }
    let unused = codebook.lists.iter().filter(|list| !used.contains(&list.name.text.as_str()));
    unused
        .map(|list| {
            let name = &list.name.text;
            let error = list.name.error(text!(
                "リスト <{name}> はどのルールからも使われていません。",
                "No rule uses the list \"<{name}>\"."
            ));
            let hint = text!(
                "ルールに <{name}> と書くか、リストを消してください。",
                "Write \"<{name}>\" into a rule, or remove the list."
            );
            Finding::new(Lint::UnusedList, None, error, hint)
        })
        .collect()
}

fn same_rules(probe: &Probe<'_>) -> Vec<Finding> {
    let codebook = probe.codebook();
    let mut first: HashMap<(&str, String, Option<String>), usize> = HashMap::new();
    let mut found = Vec::new();
    for (index, code) in codebook.codes.iter().enumerate() {
        let Some(rule) = &code.rule else { continue };
        let of = |expr: &Expr| canonical(expr, probe.machine.normalizer());
        let except = code.except.as_ref().map(|except| of(&except.expr));
        let twin = *first.entry((code.unit.name(), of(&rule.expr), except)).or_insert(index);
        if twin != index {
            let (id, other) = (&code.id, &codebook.codes[twin].id);
            let error = rule.text.error_at(
                first_line(&rule.text.text, rule.expr.span),
                text!(
                    "コード {id} のルールは {other} のルールと同じです。",
                    "\"{id}\" has the same rule as \"{other}\"."
                ),
            );
            let hint = text!(
                "2つは必ず一緒に付きます。どちらかのルールを書き直してください。",
                "The two always go together. Write one of the rules anew."
            );
            found.push(Finding::new(Lint::SameRule, Some(index), error, hint));
        }
    }
    found
}

/// The part of `span` on its first line.
pub(super) fn first_line(rule: &str, span: Span) -> Span {
    Span::new(span.start, span.of(rule).find('\n').map_or(span.end, |at| span.start + at))
}

fn live_replaced(codebook: &Codebook) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, code) in codebook.codes.iter().enumerate() {
        for replaced in code.written.1.iter().filter(|replaced| codebook.code(&replaced.text).is_some()) {
            let (id, old) = (&code.id, &replaced.text);
            let error = replaced.error(text!(
                "コード {id} が引き継ぐ「{old}」は、いまもコードとしてあります。",
                "\"{id}\" replaces \"{old}\", which is still a code."
            ));
            let hint = text!(
                "[[code]] の {old} を消すか、replaces から「{old}」を外してください。",
                "Remove the [[code]] \"{old}\", or take \"{old}\" out of replaces."
            );
            found.push(Finding::new(Lint::ReplacesLiveCode, Some(index), error, hint));
        }
    }
    found
}
