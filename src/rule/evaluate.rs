//! Decides rules on units and keeps the words that decided.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::near::{self, Search};
use super::pattern::Pattern;
use super::plan::{BranchId, ElementId, Node, Part, Plan, are_open};
use super::scan::{Hits, Place, WordCache, bits, has, ones};
use crate::span::{Span, merge_behind};
use crate::tokenize::{Document, Tokenizer, Unit};

/// One thread's evaluator of a plan; reuses its memory between answers.
pub struct Evaluator<'p> {
    plan: &'p Plan,
    tokenizer: &'p Tokenizer,
    cache: WordCache,
    hits: Hits,
    awake: Vec<u64>,
    open: Vec<BranchId>,
    /// Rules with an open branch, a bit each.
    tried: Vec<u64>,
    live: Vec<BranchId>,
    lives: Vec<Lives>,
    search: Search,
    memo: Memo,
}

/// Where the live branches of a rule, of its `maybe` and of its `except` begin and end.
#[derive(Clone, Copy, Debug, Default)]
struct Lives {
    first: u32,
    maybe: u32,
    except: u32,
    last: u32,
}

/// What has been found of a rule in a unit.
type Memo = FxHashMap<(usize, Span), Option<Vec<Span>>>;

impl<'p> Evaluator<'p> {
    /// An evaluator for texts cut by `tokenizer`, the one the plan was compiled with.
    pub fn new(plan: &'p Plan, tokenizer: &'p Tokenizer) -> Self {
        Self {
            plan,
            tokenizer,
            cache: WordCache::default(),
            hits: Hits::default(),
            awake: Vec::new(),
            open: Vec::new(),
            tried: Vec::new(),
            live: Vec::new(),
            lives: Vec::new(),
            search: Search::default(),
            memo: Memo::default(),
        }
    }

    /// Reads one document. `attributes` are the respondent's values, in the order of
    /// the plan's attribute names; `None` where missing.
    pub fn read<'r, 'd>(&'r mut self, document: &'d Document, attributes: &'d [Option<&'d str>]) -> Reading<'r, 'd> {
        let Self { plan, tokenizer, cache, hits, awake, open, tried, live, lives, search, memo } = self;
        plan.scanner.scan(document, tokenizer, cache, hits);
        hits.expect(plan.elements.len());
        awake.clear();
        awake.resize(plan.branches.len().div_ceil(64), 0);
        for &branch in &plan.always {
            awake[branch / 64] |= 1 << (branch % 64);
        }
        for (word, (seen, wakers)) in hits.seen().iter().zip(&plan.wakers).enumerate() {
            for set in ones(seen & wakers) {
                for &branch in plan.wakes.row(word * 64 + set) {
                    awake[branch as usize / 64] |= 1 << (branch % 64);
                }
            }
        }
        open.clear();
        tried.clear();
        tried.resize(plan.rules.len().div_ceil(64), 0);
        for branch in bits(awake) {
            let (rule, part) = plan.branches.owner(branch);
            // Nothing need be masked for a rule that is not tried.
            let is_idle = part == Part::Except && !has(tried, rule as u32);
            if !is_idle && are_open(plan.branches.gates(branch), plan, hits, awake) {
                tried[rule / 64] |= 1 << (rule % 64);
                open.push(branch);
                hits.need(branch, plan);
            }
        }
        hits.lay_out(cache.arena(), plan);
        live.clear();
        lives.clear();
        lives.resize(plan.rules.len(), Lives::default());
        for &branch in open.iter() {
            let (rule, part) = plan.branches.owner(branch);
            let own = &mut lives[rule];
            let is_idle = part == Part::Except && own.last == 0;
            if is_idle || !plan.branches.is_in_reach(branch, |element| hits.places(element)) {
                continue;
            }
            let at = live.len() as u32;
            if own.last == 0 {
                *own = Lives { first: at, maybe: at, except: at, last: at };
            }
            own.last = at + 1;
            if part != Part::Except {
                own.except = at + 1;
            }
            if part == Part::Rule {
                own.maybe = at + 1;
            }
            live.push(branch);
        }
        memo.clear();
        Reading { plan, document, attributes, hits, live, lives, search, memo }
    }
}

/// One document with the places of all words; answers which rules hold where.
pub struct Reading<'r, 'd> {
    plan: &'r Plan,
    document: &'d Document,
    attributes: &'d [Option<&'d str>],
    hits: &'r Hits,
    /// Branches worth trying on this document, in order.
    live: &'r [BranchId],
    /// Which of them are of which rule.
    lives: &'r [Lives],
    search: &'r mut Search,
    /// What has been found of rules that are asked for again and again.
    memo: &'r mut Memo,
}

impl<'r, 'd> Reading<'r, 'd> {
    /// The document being read.
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// The words (bytes of the folded text, in order, merged) by which rule `index`
    /// holds in `unit`; the whole unit where it holds by what is absent. `None` if it
    /// does not hold.
    pub fn find(&mut self, index: usize, unit: Unit) -> Option<Vec<Span>> {
        let mut evidence = Vec::new();
        self.branches(index, false, unit, &mut evidence).then_some(evidence)
    }

    /// As [`Reading::find`], for several units together: empty where it holds in none.
    pub fn find_in(&mut self, index: usize, units: &[Unit]) -> Vec<Span> {
        self.in_all(index, false, units)
    }

    /// Whether rule `index`, or what its `maybe` suggests, is worth trying anywhere in
    /// the document.
    pub fn is_live(&self, index: usize) -> bool {
        self.lives[index].last != 0
    }

    /// As [`Reading::find`], remembered: for rules that are asked for again and again.
    pub fn found(&mut self, index: usize, unit: Unit) -> Option<&[Span]> {
        if self.lives[index].first == self.lives[index].maybe {
            return None;
        }
        if !self.memo.contains_key(&(index, unit.span)) {
            let found = self.find(index, unit);
            self.memo.insert((index, unit.span), found);
        }
        self.memo.get(&(index, unit.span)).and_then(Option::as_deref)
    }

    /// As [`Reading::find_in`], for what the rule's `maybe` suggests.
    pub fn suggest_in(&mut self, index: usize, units: &[Unit]) -> Vec<Span> {
        self.in_all(index, true, units)
    }

    fn in_all(&mut self, index: usize, maybe: bool, units: &[Unit]) -> Vec<Span> {
        let mut evidence = Vec::new();
        for unit in units {
            self.branches(index, maybe, *unit, &mut evidence);
        }
        evidence
    }

    /// Whether rule `index`, or its `maybe`, holds in `unit`; adds the words by which it
    /// does to `evidence`.
    fn branches(&mut self, index: usize, maybe: bool, unit: Unit, evidence: &mut Vec<Span>) -> bool {
        let Lives { first, maybe: middle, except, last } = self.lives[index];
        let live = if maybe { middle..except } else { first..middle };
        // What is masked can only take words away: a branch that asks for words alone and
        // does not find them is settled before the masks are worked out.
        let mut masks = None;
        let before = evidence.len();
        let mut holds = false;
        for at in live {
            if !self.in_reach(at, unit) {
                continue;
            }
            if masks.is_none() {
                masks = Some(self.masks(index, except..last, unit));
            }
            let masks = masks.as_deref().unwrap_or_default();
            holds |= self.holds(self.node(index, at), unit, masks, evidence);
        }
        if !holds {
            evidence.truncate(before);
        } else if evidence.len() == before {
            evidence.push(unit.span);
        }
        merge_behind(evidence, before);
        holds
    }

    /// Whether the words that the branch which is live as number `at` cannot hold without
    /// stand in `unit`, and for two words of near or seq, whether they stand near enough.
    fn in_reach(&self, at: u32, unit: Unit) -> bool {
        self.plan.branches.is_in_reach(self.live[at as usize], |element| self.hits.within(element, unit))
    }

    /// The branch of rule `index` that is live as number `at`.
    fn node(&self, index: usize, at: u32) -> &'r Node {
        self.plan.rules[index].branch(self.live[at as usize])
    }

    /// The ranges that do not exist for rule `index`, by its live branches `excepts`.
    fn masks(&mut self, index: usize, excepts: Range<u32>, unit: Unit) -> Vec<Span> {
        let mut masks = Vec::new();
        for at in excepts {
            if !self.in_reach(at, unit) {
                continue;
            }
            match self.node(index, at) {
                Node::Any(element) => {
                    masks.extend(self.places(*element, unit, &[]).iter().map(|place| place.span()));
                }
                Node::Near { elements, ordered, distance } if self.gather(elements, unit, &[]) => {
                    masks.extend(self.search.hulls(elements.len(), *ordered, *distance));
                }
                // Nothing else may stand in `except`.
                _ => {}
            }
        }
        outermost(masks)
    }

    /// Whether `node` holds in `unit`; adds the words that make it so to `evidence`.
    fn holds(&mut self, node: &Node, unit: Unit, masks: &[Span], evidence: &mut Vec<Span>) -> bool {
        match node {
            Node::Any(element) => {
                let places = self.places(*element, unit, masks);
                evidence.extend(places.iter().map(|place| place.span()));
                !places.is_empty()
            }
            Node::Near { elements, ordered, distance } => {
                self.near(elements, *ordered, *distance, unit, masks, evidence)
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
                let places = self.places(*element, unit, masks);
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

    /// Whether places of `elements` stand near each other; adds them to `evidence`.
    fn near(
        &mut self,
        elements: &[ElementId],
        ordered: bool,
        distance: usize,
        unit: Unit,
        masks: &[Span],
        evidence: &mut Vec<Span>,
    ) -> bool {
        if let [a, b] = elements {
            let (a, b) = (self.places(*a, unit, masks), self.places(*b, unit, masks));
            if let Some(found) = near::few(&a, &b, ordered, distance, evidence) {
                return found;
            }
            // Too many to try one by one, so there is something of both.
            self.search.clear();
            self.search.add(0, &a);
            self.search.add(1, &b);
        } else if !self.gather(elements, unit, masks) {
            return false;
        }
        self.search.chains(elements.len(), ordered, distance, evidence)
    }

    /// Readies a search for `elements`. Whether there is something of each.
    fn gather(&mut self, elements: &[ElementId], unit: Unit, masks: &[Span]) -> bool {
        self.search.clear();
        elements.iter().enumerate().all(|(at, element)| {
            let places = self.places(*element, unit, masks);
            self.search.add(at, &places);
            !places.is_empty()
        })
    }

    /// Another rule on this unit.
    fn other(&mut self, rule: usize, unit: Unit, evidence: &mut Vec<Span>) -> bool {
        let found = self.found(rule, unit);
        evidence.extend(found.unwrap_or_default());
        found.is_some()
    }

    /// Places of an element inside `unit` and outside `masks`, by position where they
    /// are of words alone.
    fn places(&self, element: ElementId, unit: Unit, masks: &[Span]) -> Cow<'r, [Place]> {
        let words = self.hits.within(element, unit);
        let is_plain = self.plan.is_plain(element);
        let exists = |place: &Place| place.span().end <= unit.span.end && !is_masked(masks, place.span());
        if is_plain && words.iter().all(exists) {
            return Cow::Borrowed(words);
        }
        let mut places = words.to_vec();
        for (regex, set) in &self.plan.elements[element as usize].regexes {
            if set.is_none_or(|set| self.hits.is_seen(set)) {
                places.extend(self.regex(regex, unit));
            }
        }
        places.retain(exists);
        Cow::Owned(places)
    }

    fn regex(&self, regex: &Pattern, unit: Unit) -> Vec<Place> {
        let place = |found: Range<usize>| {
            let span = Span::new(unit.span.start + found.start, unit.span.start + found.end);
            let (first, last) = self.document.touched(span);
            Place::new(span, first, last)
        };
        regex.find_all(unit.span.of(self.document.text())).into_iter().map(place).collect()
    }
}

/// Ranges by position without those inside another: their starts and ends both rise.
fn outermost(mut masks: Vec<Span>) -> Vec<Span> {
    masks.sort_unstable_by_key(|mask| (mask.start, Reverse(mask.end)));
    let mut end = 0;
    masks.retain(|mask| {
        let keep = mask.end > end;
        end = end.max(mask.end);
        keep
    });
    masks
}

/// Whether one of the [`outermost`] ranges holds all of `span`.
fn is_masked(masks: &[Span], span: Span) -> bool {
    let next = masks.partition_point(|mask| mask.start <= span.start);
    next.checked_sub(1).is_some_and(|at| masks[at].contains(span))
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
