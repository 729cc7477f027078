//! Alternatives that add no answer, since another one of the same choice holds wherever
//! they do.
//!
//! Only what is sure is said: a word is the same in every place only as far as it does
//! not inflect, and an `except` may hide the shorter of two words but not the longer.

use std::collections::HashMap;

use super::probe::Probe;
use super::walk::{self, Owner, Written, alternatives, canonical, word_key};
use super::{Finding, Lint};
use crate::codebook::List;
use crate::rule::evaluate::Evaluator;
use crate::rule::plan::{Part, Plan};
use crate::rule::{Expr, Kind, Open, Word};
use crate::span::Span;
use crate::text;
use crate::tokenize::UnitKind;

/// A word, or characters, as one of several alternatives.
struct Plain<'c> {
    /// Folded.
    text: String,
    /// `None` for `'…'`.
    open: Option<Open>,
    pos: &'c [String],
    /// As it is written.
    shown: String,
    /// Which alternative of the choice it belongs to.
    at: usize,
    /// The list that it comes from.
    list: Option<&'c str>,
}

/// One alternative of a choice.
struct Alternative<'c> {
    written: Written<'c>,
    expr: &'c Expr,
}

pub(super) fn findings(probe: &Probe<'_>) -> Vec<Finding> {
    let codebook = probe.codebook();
    let excepts: Vec<Option<&Expr>> =
        codebook.codes.iter().map(|code| code.except.as_ref().map(|except| &except.expr)).collect();
    let plan = probe.plan_of(&excepts).ok();
    let mut cover = Cover { probe, excepts: plan.as_ref(), found: Vec::new() };
    for index in 0..codebook.lists.len() {
        let entries = codebook.lists[index].entries.iter();
        let choice: Vec<Alternative<'_>> = entries
            .flat_map(|rule| {
                let written = Written { rule, owner: Owner::List(index) };
                alternatives(&rule.expr).into_iter().map(move |expr| Alternative { written, expr })
            })
            .collect();
        cover.choice(&choice, true);
    }
    for written in walk::all(codebook).into_iter().filter(|written| written.owner.code().is_some()) {
        cover.choices(written, &written.rule.expr, false);
    }
    cover.found
}

struct Cover<'p, 'm> {
    probe: &'p Probe<'m>,
    /// The `except` of each code as a rule of its own.
    excepts: Option<&'p Plan>,
    found: Vec<Finding>,
}

impl<'m> Cover<'_, 'm> {
    /// Every choice in `expr`; `placed` where its places are measured from (near, seq).
    fn choices(&mut self, written: Written<'m>, expr: &'m Expr, placed: bool) {
        let parts = alternatives(expr);
        if parts.len() > 1 {
            let choice: Vec<Alternative<'m>> = parts.iter().map(|expr| Alternative { written, expr }).collect();
            self.choice(&choice, placed);
        }
        for part in parts {
            let placed = placed || matches!(part.kind, Kind::Near { .. } | Kind::Count { .. });
            for child in walk::children(part) {
                self.choices(written, child, placed);
            }
        }
    }

    fn choice(&mut self, choice: &[Alternative<'m>], placed: bool) {
        let mut plain = Vec::new();
        for (at, alternative) in choice.iter().enumerate() {
            self.collect(alternative.expr, at, None, &mut plain, &mut Vec::new());
        }
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (at, alternative) in choice.iter().enumerate() {
            let key = canonical(alternative.expr, self.probe.machine.normalizer());
            let first = *seen.entry(key).or_insert(at);
            if first != at {
                self.twice(&choice[first], alternative);
                continue;
            }
            let own = plain.iter().find(|item| item.at == at && item.list.is_none());
            let by = match own {
                Some(item) => plain
                    .iter()
                    .filter(|other| other.at != at)
                    .find(|other| self.covers(other, item, alternative.written.owner, placed)),
                None if placed => None,
                None => self.implied(alternative.expr, at, alternative.written.owner, &plain),
            };
            if let Some(by) = by {
                self.covered(alternative, by);
            }
        }
    }

    /// The words of an alternative, those of its lists too.
    fn collect(
        &self,
        expr: &'m Expr,
        at: usize,
        list: Option<&'m str>,
        plain: &mut Vec<Plain<'m>>,
        open: &mut Vec<&'m str>,
    ) {
        match &expr.kind {
            Kind::Or(parts) => parts.iter().for_each(|part| self.collect(part, at, list, plain, open)),
            Kind::Word(word) => {
                let Word { text, open, pos } = word;
                let text = self.probe.folded(text);
                plain.push(Plain { text, open: Some(*open), pos, shown: word_key(word), at, list });
            }
            Kind::Text(text) => {
                let shown = format!("'{text}'");
                plain.push(Plain { text: self.probe.folded(text), open: None, pos: &[], shown, at, list });
            }
            Kind::List(name) if !open.contains(&name.as_str()) => {
                open.push(name);
                for entry in self.entries(name) {
                    self.collect(entry, at, Some(list.unwrap_or(name)), plain, open);
                }
                open.pop();
            }
            _ => {}
        }
    }

    fn entries(&self, name: &str) -> impl Iterator<Item = &'m Expr> + use<'m> {
        let list: Option<&'m List> = self.probe.codebook().lists.iter().find(|list| list.name.text == name);
        list.into_iter().flat_map(|list| &list.entries).map(|entry| &entry.expr)
    }

    /// Whether `by` is found wherever `item` is. What is `placed` must be found at the
    /// same morphemes.
    fn covers(&self, by: &Plain<'_>, item: &Plain<'_>, owner: Owner, placed: bool) -> bool {
        if !item.pos.starts_with(by.pos) {
            return false;
        }
        if by.open == item.open && by.text == item.text {
            // Of two that say the same, the first stays.
            return by.pos.len() < item.pos.len() || by.at < item.at || by.list.is_some();
        }
        let stem = self.probe.stem(&item.text);
        let single = stem.morphemes.len() == 1;
        let (text, closed) = (item.text.as_str(), item.open == Some(Open::Closed));
        let covers = match by.open {
            Some(Open::Closed) => false,
            Some(Open::Prefix) if closed => {
                let begins = stem.morphemes.first().is_some_and(|first| first.starts_with(&by.text));
                begins && stem.fixed.starts_with(&by.text)
            }
            Some(Open::Prefix) => item.open == Some(Open::Prefix) && text.starts_with(&by.text),
            Some(Open::Suffix) if closed => {
                !stem.inflects && stem.morphemes.last().is_some_and(|last| last.ends_with(&by.text))
            }
            Some(Open::Suffix) => item.open == Some(Open::Suffix) && text.ends_with(&by.text),
            None if closed => stem.fixed.contains(&by.text),
            None => text.contains(&by.text),
        };
        covers && (!placed || single) && !self.hidden_apart(by, item, owner)
    }

    /// Whether an `except` can hide `by` without hiding `item`.
    fn hidden_apart(&self, by: &Plain<'_>, item: &Plain<'_>, owner: Owner) -> bool {
        let Owner::Code(code, part) = owner else { return false };
        if part == Part::Except {
            // What hides more is not covered by what hides less.
            return true;
        }
        let Some(plan) = self.excepts else { return true };
        let tokenizer = self.probe.machine.tokenizer();
        [&item.text, &by.text].into_iter().any(|text| {
            let Ok(document) = self.probe.document(text) else { return true };
            let mut evaluator = Evaluator::new(plan, tokenizer);
            let mut reading = evaluator.read(&document, &[]);
            let hidden: Vec<Span> = document
                .units(UnitKind::Response)
                .iter()
                .filter_map(|unit| reading.find(code, *unit))
                .flatten()
                .collect();
            !hidden.is_empty()
        })
    }

    /// The plain alternative that holds wherever `expr` does, if there is one.
    fn implied<'a>(&self, expr: &'m Expr, at: usize, owner: Owner, plain: &'a [Plain<'m>]) -> Option<&'a Plain<'m>> {
        let all = |parts: &mut dyn Iterator<Item = &'m Expr>| {
            let mut first = None;
            for part in parts {
                let by = self.implied(part, at, owner, plain)?;
                first.get_or_insert(by);
            }
            first
        };
        match &expr.kind {
            Kind::Word(_) | Kind::Text(_) => {
                let mut items = Vec::new();
                self.collect(expr, at, None, &mut items, &mut Vec::new());
                let item = items.first()?;
                plain
                    .iter()
                    .filter(|by| by.at != at)
                    .find(|by| self.is(by, item) || self.covers(by, item, owner, false))
            }
            Kind::Or(parts) => all(&mut parts.iter()),
            Kind::List(name) => all(&mut self.entries(name)),
            Kind::And(parts) | Kind::Near { elements: parts, .. } => {
                parts.iter().find_map(|part| self.implied(part, at, owner, plain))
            }
            Kind::Count { element, compare, number } if !compare.holds(0, *number) => {
                self.implied(element, at, owner, plain)
            }
            _ => None,
        }
    }

    fn is(&self, by: &Plain<'_>, item: &Plain<'_>) -> bool {
        by.open == item.open && by.text == item.text && item.pos.starts_with(by.pos)
    }

    fn twice(&mut self, first: &Alternative<'_>, alternative: &Alternative<'_>) {
        let rule = &alternative.written.rule.text;
        let (first, shown) = (shown(first), shown(alternative));
        let (lint, message) = if first == shown {
            (Lint::Duplicate, text!("「{shown}」は前にも書かれています。", "\"{shown}\" stands there before."))
        } else {
            let message = text!(
                "「{shown}」は、表記をそろえると前にある「{first}」と同じになります。",
                "Folded, \"{shown}\" is the same as \"{first}\" before it."
            );
            (Lint::SameSpelling, message)
        };
        let error = rule.error_at(alternative.expr.span, message);
        let hint = text!("一方を消してください。", "Remove one of them.");
        self.found.push(Finding::new(lint, alternative.written.owner.code(), error, hint));
    }

    fn covered(&mut self, alternative: &Alternative<'_>, by: &Plain<'_>) {
        let rule = &alternative.written.rule.text;
        let (shown, by) = (shown(alternative), by.list.map_or_else(|| by.shown.clone(), |list| format!("<{list}>")));
        let error = rule.error_at(
            alternative.expr.span,
            text!(
                "「{shown}」は、同じ選択肢の「{by}」に含まれます。",
                "\"{shown}\" is covered by \"{by}\" of the same choice."
            ),
        );
        let hint = text!(
            "これで増える回答はありません。どちらかを消すか、「{by}」を狭めてください。",
            "It adds no answer. Remove one of them, or narrow \"{by}\"."
        );
        self.found.push(Finding::new(Lint::Covered, alternative.written.owner.code(), error, hint));
    }
}

/// An alternative as it is written, on one line.
fn shown(alternative: &Alternative<'_>) -> String {
    let written = alternative.expr.span.of(&alternative.written.rule.text.text);
    let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 30 { format!("{}…", line.chars().take(29).collect::<String>()) } else { line }
}
