//! Decides rules on units and keeps the words that decided.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::near::chains;
use super::plan::{ANYWHERE, BranchId, Element, Node, Plan};
use super::scan::{BaseCache, Hits, Place};
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
        let mut awake = vec![0; self.plan.branch_count.div_ceil(64)];
        let woken = hits.seen().flat_map(|set| &self.plan.wakes[set as usize]);
        for &branch in self.plan.always.iter().chain(woken) {
            awake[branch / 64] |= 1 << (branch % 64);
        }
        Reading { plan: self.plan, document, attributes, hits, awake, memo: FxHashMap::default() }
    }
}

/// One document with the places of all words; answers which rules hold where.
pub struct Reading<'p, 'd> {
    plan: &'p Plan,
    document: &'d Document,
    attributes: &'d [Option<&'d str>],
    hits: Hits,
    /// Branches worth trying on this document, a bit each.
    awake: Vec<u64>,
    memo: FxHashMap<(usize, Span), Option<Vec<Span>>>,
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
        if self.may_hold(index) { self.branches(index, false, unit) } else { None }
    }

    /// As [`Reading::find`], remembered: for rules that are asked for again and again.
    pub fn found(&mut self, index: usize, unit: Unit) -> Option<Vec<Span>> {
        if !self.may_hold(index) {
            return None;
        }
        if let Some(found) = self.memo.get(&(index, unit.span)) {
            return found.clone();
        }
        let found = self.branches(index, false, unit);
        self.memo.insert((index, unit.span), found.clone());
        found
    }

    /// As [`Reading::find`], for what the rule's `maybe` suggests.
    pub fn suggest(&mut self, index: usize, unit: Unit) -> Option<Vec<Span>> {
        self.branches(index, true, unit)
    }

    fn branches(&mut self, index: usize, maybe: bool, unit: Unit) -> Option<Vec<Span>> {
        let rule = &self.plan.rules[index];
        let (nodes, first) = if maybe { (&rule.maybe, rule.first + rule.rule.len()) } else { (&rule.rule, rule.first) };
        let mut masks = None;
        let mut evidence = Vec::new();
        let mut holds = false;
        for (branch, node) in nodes.iter().enumerate() {
            if self.is_awake(first + branch) && self.possible(node) {
                let masks = masks.get_or_insert_with(|| self.masks(&rule.except, &rule.except_near, unit));
                holds |= self.holds(node, unit, masks, &mut evidence);
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

    /// Whether everything that `node` cannot hold without stands somewhere in the
    /// document: a few bits to look at before anything is searched.
    fn possible(&self, node: &Node) -> bool {
        let seen = |element: &Element| {
            element.set.is_some_and(|set| self.hits.is_seen(set))
                || element.phrases.iter().any(|words| words.iter().all(|set| self.hits.is_seen(*set)))
                || element.regexes.iter().any(|(_, set)| *set == ANYWHERE || self.hits.is_seen(*set))
        };
        match node {
            Node::Any(element) => seen(element),
            Node::Near { elements, .. } => elements.iter().all(seen),
            Node::And(parts) => parts.iter().all(|part| self.possible(part)),
            Node::Or(parts) => parts.iter().any(|part| self.possible(part)),
            Node::Rule(rules) => rules.iter().any(|rule| self.may_hold(*rule)),
            _ => true,
        }
    }

    fn is_awake(&self, branch: BranchId) -> bool {
        self.awake[branch / 64] & (1 << (branch % 64)) != 0
    }

    /// Whether any branch of a rule is worth trying.
    fn may_hold(&self, rule: usize) -> bool {
        let rule = &self.plan.rules[rule];
        (rule.first..rule.first + rule.rule.len()).any(|branch| self.is_awake(branch))
    }

    /// The ranges that do not exist for a rule.
    fn masks(&self, words: &[Element], near: &[Node], unit: Unit) -> Vec<Span> {
        let mut masks: Vec<Span> =
            words.iter().flat_map(|element| self.places(element, unit, &[]).into_owned()).map(Place::span).collect();
        for node in near {
            if let Node::Near { elements, ordered, distance } = node {
                let places: Vec<_> = elements.iter().map(|element| self.places(element, unit, &[])).collect();
                masks.extend(
                    chains(&places, *ordered, *distance)
                        .iter()
                        .filter_map(|chain| chain.iter().map(|place| place.span()).reduce(Span::hull)),
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
                evidence.extend(places.iter().map(|place| place.span()));
                !places.is_empty()
            }
            Node::Near { elements, ordered, distance } => {
                let mut places = Vec::with_capacity(elements.len());
                for element in elements {
                    places.push(self.places(element, unit, masks));
                    if places.last().is_some_and(|places| places.is_empty()) {
                        return false;
                    }
                }
                let chains = chains(&places, *ordered, *distance);
                evidence.extend(chains.iter().flatten().map(|place| place.span()));
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
                    evidence.extend(places.iter().map(|place| place.span()));
                }
                holds
            }
            Node::Length { compare, number } => {
                let length = unit.span.of(self.document.text()).chars().filter(|c| !c.is_whitespace()).count();
                compare.holds(length, *number)
            }
        }
    }

    /// Another rule on this unit.
    fn other(&mut self, rule: usize, unit: Unit, evidence: &mut Vec<Span>) -> bool {
        let found = self.found(rule, unit);
        let holds = found.is_some();
        evidence.extend(found.into_iter().flatten());
        holds
    }

    /// Places of an element inside `unit` and outside `masks`, by position where they
    /// are of words alone.
    fn places(&self, element: &Element, unit: Unit, masks: &[Span]) -> Cow<'_, [Place]> {
        let words = element.set.map_or(&[][..], |set| self.hits.within(set, unit));
        let plain = element.phrases.is_empty()
            && element.regexes.is_empty()
            && masks.is_empty()
            && words.iter().all(|place| place.span().end <= unit.span.end);
        if plain {
            return Cow::Borrowed(words);
        }
        let mut places = words.to_vec();
        for phrase in &element.phrases {
            places.extend(self.phrase(phrase, unit));
        }
        for (regex, set) in &element.regexes {
            if *set == ANYWHERE || self.hits.is_seen(*set) {
                places.extend(self.regex(regex, unit));
            }
        }
        places
            .retain(|place| place.span().end <= unit.span.end && !masks.iter().any(|mask| mask.contains(place.span())));
        Cow::Owned(places)
    }

    fn phrase(&self, words: &[u32], unit: Unit) -> Vec<Place> {
        let Some((first, rest)) = words.split_first() else { return Vec::new() };
        let mut partial: Vec<Place> = self.hits.within(*first, unit).to_vec();
        for word in rest {
            let next = self.hits.within(*word, unit);
            partial = partial
                .iter()
                .flat_map(|before| {
                    let from = next.partition_point(|place| place.first() <= before.last());
                    next[from..]
                        .iter()
                        .take_while(|place| place.first() == before.last() + 1)
                        .map(|place| Place::new(before.span().hull(place.span()), before.first(), place.last()))
                })
                .collect();
            partial.sort_unstable();
            partial.dedup();
        }
        partial
    }

    fn regex(&self, regex: &regex::Regex, unit: Unit) -> Vec<Place> {
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
                Place::new(span, first, last)
            })
            .collect()
    }
}

/// How many of the places can be counted without overlap, from the left.
fn apart(places: &[Place]) -> usize {
    let mut spans: Vec<Span> = places.iter().map(|place| place.span()).collect();
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
