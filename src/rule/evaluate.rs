//! Decides rules on units and keeps the words that decided.

use std::collections::HashMap;

use super::near::chains;
use super::plan::{Branch, Element, Node, Plan};
use super::scan::{BaseCache, Hits, Occurrence};
use crate::span::{Span, merge};
use crate::tokenize::{Document, Tokenizer, Unit};

/// One thread's evaluator of a plan; reuses its memory between answers.
pub struct Evaluator<'p> {
    plan: &'p Plan,
    tokenizer: &'p Tokenizer,
    cache: BaseCache,
}

impl<'p> Evaluator<'p> {
    /// An evaluator for texts cut by `tokenizer`, the one the plan was compiled with.
    pub fn new(plan: &'p Plan, tokenizer: &'p Tokenizer) -> Self {
        Self { plan, tokenizer, cache: BaseCache::default() }
    }

    /// Reads one document. `attributes` are the respondent's values, in the order of
    /// the plan's attribute names; `None` where missing.
    pub fn read<'d>(&mut self, document: &'d Document, attributes: &'d [Option<&'d str>]) -> Reading<'p, 'd> {
        let hits = self.plan.scanner.scan(document, self.tokenizer, &mut self.cache);
        Reading { plan: self.plan, document, attributes, hits, memo: HashMap::new() }
    }
}

/// One document with the places of all words; answers which rules hold where.
pub struct Reading<'p, 'd> {
    plan: &'p Plan,
    document: &'d Document,
    attributes: &'d [Option<&'d str>],
    hits: Hits,
    memo: HashMap<(usize, Span), Option<Vec<Span>>>,
}

impl<'d> Reading<'_, 'd> {
    /// The document being read.
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// The words (bytes of the folded text, in order, merged) by which rule `index`
    /// holds in `unit`; the whole unit where it holds by what is absent. `None` if it
    /// does not hold.
    pub fn find(&mut self, index: usize, unit: Unit) -> Option<Vec<Span>> {
        let plan = self.plan;
        self.branches(&plan.rules[index].rule, index, unit)
    }

    /// As [`Reading::find`], for what the rule's `maybe` suggests.
    pub fn suggest(&mut self, index: usize, unit: Unit) -> Option<Vec<Span>> {
        let plan = self.plan;
        self.branches(&plan.rules[index].maybe, index, unit)
    }

    fn branches(&mut self, branches: &[Branch], index: usize, unit: Unit) -> Option<Vec<Span>> {
        let plan = self.plan;
        let mut masks = None;
        let mut evidence = Vec::new();
        let mut holds = false;
        for branch in branches {
            let possible = branch.needs.as_ref().is_none_or(|needs| needs.iter().any(|set| self.hits.seen(*set)));
            if possible {
                let masks = masks
                    .get_or_insert_with(|| self.masks(&plan.rules[index].except, &plan.rules[index].except_near, unit));
                holds |= self.holds(&branch.node, unit, masks, &mut evidence);
            }
        }
        if !holds {
            return None;
        }
        if evidence.is_empty() {
            evidence.push(unit.span);
        }
        Some(merge(evidence))
    }

    /// The ranges that do not exist for a rule.
    fn masks(&self, words: &[Element], near: &[Node], unit: Unit) -> Vec<Span> {
        let mut masks: Vec<Span> =
            words.iter().flat_map(|element| self.places(element, unit, &[])).map(|place| place.span).collect();
        for node in near {
            if let Node::Near { elements, ordered, distance } = node {
                let places: Vec<_> = elements.iter().map(|element| self.places(element, unit, &[])).collect();
                masks.extend(
                    chains(&places, *ordered, *distance)
                        .iter()
                        .filter_map(|chain| chain.iter().map(|place| place.span).reduce(Span::hull)),
                );
            }
        }
        masks
    }

    /// Whether `node` holds in `unit`; adds the words that make it so to `evidence`.
    fn holds(&mut self, node: &Node, unit: Unit, masks: &[Span], evidence: &mut Vec<Span>) -> bool {
        match node {
            Node::Any(element) => {
                let places = self.places(element, unit, masks);
                evidence.extend(places.iter().map(|place| place.span));
                !places.is_empty()
            }
            Node::Near { elements, ordered, distance } => {
                let mut places = Vec::with_capacity(elements.len());
                for element in elements {
                    places.push(self.places(element, unit, masks));
                    if places.last().is_some_and(Vec::is_empty) {
                        return false;
                    }
                }
                let chains = chains(&places, *ordered, *distance);
                evidence.extend(chains.iter().flatten().map(|place| place.span));
                !chains.is_empty()
            }
            Node::Or(parts) => {
                // Every alternative is tried: all evidence counts, not just the first.
                parts.iter().fold(false, |any, part| self.holds(part, unit, masks, evidence) | any)
            }
            Node::And(parts) => {
                let before = evidence.len();
                let all = parts.iter().all(|part| self.holds(part, unit, masks, evidence));
                if !all {
                    evidence.truncate(before);
                }
                all
            }
            Node::Not(inner) => !self.holds(inner, unit, masks, &mut Vec::new()),
            Node::Rule(rules) => rules.iter().fold(false, |any, rule| self.other(*rule, unit, evidence) | any),
            Node::Attribute { index, negated, values } => match self.attributes.get(*index).copied().flatten() {
                Some(value) => values.iter().any(|accepted| accepted == value) != *negated,
                None => false,
            },
            Node::UnknownAttribute => false,
            Node::Count { element, compare, number } => {
                let places = self.places(element, unit, masks);
                let counted = apart(&places);
                let holds = compare.holds(counted, *number);
                if holds {
                    evidence.extend(places.iter().map(|place| place.span));
                }
                holds
            }
            Node::Length { compare, number } => {
                let length = unit.span.of(self.document.text()).chars().filter(|c| !c.is_whitespace()).count();
                compare.holds(length, *number)
            }
        }
    }

    /// Another rule on this unit, decided once.
    fn other(&mut self, rule: usize, unit: Unit, evidence: &mut Vec<Span>) -> bool {
        let found = match self.memo.get(&(rule, unit.span)) {
            Some(found) => found.clone(),
            None => {
                let found = self.find(rule, unit);
                self.memo.insert((rule, unit.span), found.clone());
                found
            }
        };
        let holds = found.is_some();
        evidence.extend(found.into_iter().flatten());
        holds
    }

    /// Places of an element inside `unit` and outside `masks`, by position.
    fn places(&self, element: &Element, unit: Unit, masks: &[Span]) -> Vec<Occurrence> {
        let mut places: Vec<Occurrence> = match element.set {
            Some(set) => self.hits.within(set, unit).collect(),
            None => Vec::new(),
        };
        for phrase in &element.phrases {
            places.extend(self.phrase(phrase, unit));
        }
        for regex in &element.regexes {
            places.extend(self.regex(regex, unit));
        }
        if !masks.is_empty() {
            places.retain(|place| !masks.iter().any(|mask| mask.contains(place.span)));
        }
        places
    }

    fn phrase(&self, words: &[u32], unit: Unit) -> Vec<Occurrence> {
        let Some((first, rest)) = words.split_first() else { return Vec::new() };
        let mut partial: Vec<Occurrence> = self.hits.within(*first, unit).collect();
        for word in rest {
            let next: Vec<Occurrence> = self.hits.within(*word, unit).collect();
            partial = partial
                .iter()
                .flat_map(|before| {
                    let from = next.partition_point(|place| place.first <= before.last);
                    next[from..].iter().take_while(|place| place.first == before.last + 1).map(|place| Occurrence {
                        span: before.span.hull(place.span),
                        last: place.last,
                        ..*before
                    })
                })
                .collect();
            partial.sort_unstable();
            partial.dedup();
        }
        partial
    }

    fn regex(&self, regex: &regex::Regex, unit: Unit) -> Vec<Occurrence> {
        let text = unit.span.of(self.document.text());
        let tokens = &self.document.tokens;
        regex
            .find_iter(text)
            .filter(|found| !found.is_empty())
            .map(|found| {
                let span = Span::new(unit.span.start + found.start(), unit.span.start + found.end());
                let clamp = |at: usize| at.min(tokens.len().saturating_sub(1));
                let first = clamp(self.document.token_at(span.start));
                let last = clamp(self.document.token_at(span.end - 1)).max(first);
                Occurrence { set: u32::MAX, span, first, last }
            })
            .collect()
    }
}

/// How many of the places can be counted without overlap, from the left.
fn apart(places: &[Occurrence]) -> usize {
    let mut spans: Vec<Span> = places.iter().map(|place| place.span).collect();
    spans.sort_unstable_by_key(|span| (span.end, span.start));
    let mut end = 0;
    spans
        .iter()
        .filter(|span| {
            if span.start >= end {
                end = span.end;
                true
            } else {
                false
            }
        })
        .count()
}
