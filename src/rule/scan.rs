//! Finds the words of all rules in one pass over a text.
//!
//! A word is found in two ways: by the base forms of its morphemes (any inflection),
//! and by its characters where they stand between two morpheme boundaries (another
//! segmentation in context). `研修*` and `*研修` are found by characters at the
//! beginning or end of a morpheme, `'研修'` by characters anywhere.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use regex::RegexSet;

use super::plan::SetId;
use super::{Open, Word};
use crate::span::Span;
use crate::tokenize::{Document, Token, Tokenizer, Unit};

/// What can be looked up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Atom {
    Word(Word),
    Text(String),
}

/// A place where something stands. Small, since there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    start: u32,
    end: u32,
    first: u32,
    last: u32,
}

impl Place {
    /// `span` (bytes) touches the morphemes `first` to `last`.
    pub(crate) const fn new(span: Span, first: usize, last: usize) -> Self {
        Self { start: span.start as u32, end: span.end as u32, first: first as u32, last: last as u32 }
    }

    pub(crate) const fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// The first morpheme it touches.
    pub(crate) const fn first(self) -> usize {
        self.first as usize
    }

    /// The last morpheme it touches.
    pub(crate) const fn last(self) -> usize {
        self.last as usize
    }
}

/// The compiled words; immutable and shared.
#[derive(Debug)]
pub(crate) struct Scanner {
    finder: Option<AhoCorasick>,
    /// Atoms of each pattern of the finder.
    literals: Vec<Vec<u32>>,
    /// Identity of base forms that rules speak of; 0 is every other.
    bases: HashMap<String, u32>,
    /// Words as base forms, by the first of them (index: identity).
    sequences: Vec<Vec<(Vec<u32>, u32)>>,
    atoms: Vec<Atom>,
    /// Sets of each atom, sorted.
    sets: Vec<Vec<SetId>>,
    /// Regular expressions without anchors, tried on the whole text at once.
    regexes: RegexSet,
    /// The set that stands for each of them.
    regex_sets: Vec<SetId>,
    set_count: usize,
}

/// One thread's memory of which dictionary entries have a base form that matters.
#[derive(Debug, Default)]
pub(crate) struct BaseCache {
    /// `base id + 1` of each system word; 0 where not yet resolved.
    known: Vec<u32>,
}

/// All places found in one document.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    /// Places of one set after another, each set's by position.
    places: Vec<Place>,
    /// Where the places of each set begin; one more at the end.
    starts: Vec<u32>,
    /// Sets of which something stands in the document, a bit each.
    seen: Vec<u64>,
}

impl Hits {
    /// Puts what was found, by position, into sets.
    fn new(found: &[(Place, u32)], sets: &[Vec<SetId>], set_count: usize) -> Self {
        let mut hits =
            Self { places: Vec::new(), starts: vec![0; set_count + 1], seen: vec![0; set_count.div_ceil(64)] };
        let mut next = vec![0; set_count];
        for (_, atom) in found {
            for &set in &sets[*atom as usize] {
                next[set as usize] += 1;
                hits.mark(set);
            }
        }
        let mut total = 0;
        for (set, count) in next.iter_mut().enumerate() {
            total += std::mem::replace(count, total);
            hits.starts[set + 1] = total;
        }
        hits.places = vec![Place::new(Span::new(0, 0), 0, 0); total as usize];
        for (place, atom) in found {
            for &set in &sets[*atom as usize] {
                hits.places[next[set as usize] as usize] = *place;
                next[set as usize] += 1;
            }
        }
        hits
    }

    /// The sets of which something stands in the document.
    pub(crate) fn seen(&self) -> impl Iterator<Item = SetId> + '_ {
        self.seen.iter().enumerate().flat_map(|(word, &bits)| {
            std::iter::successors((bits != 0).then_some(bits), |bits| {
                let rest = bits & (bits - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |bits| (word * 64) as SetId + bits.trailing_zeros())
        })
    }

    fn mark(&mut self, set: SetId) {
        self.seen[set as usize / 64] |= 1 << (set % 64);
    }

    pub(crate) fn is_seen(&self, set: SetId) -> bool {
        self.seen[set as usize / 64] & (1 << (set % 64)) != 0
    }

    /// Places of `set` that begin inside `unit`, by position.
    pub(crate) fn within(&self, set: SetId, unit: Unit) -> &[Place] {
        if !self.is_seen(set) {
            return &[];
        }
        let places = &self.places[self.starts[set as usize] as usize..self.starts[set as usize + 1] as usize];
        let from = places.partition_point(|place| (place.start as usize) < unit.span.start);
        let to = places.partition_point(|place| (place.start as usize) < unit.span.end);
        &places[from..to]
    }
}

impl Scanner {
    /// `sets` holds the atoms of each set; `regexes` are tried as the sets beside them.
    pub(crate) fn new(
        atoms: Vec<Atom>,
        sets: Vec<Vec<u32>>,
        regexes: &[(String, SetId)],
        tokenizer: &Tokenizer,
    ) -> Self {
        let mut membership = vec![Vec::new(); atoms.len()];
        for (set, members) in sets.iter().enumerate() {
            for &atom in members {
                membership[atom as usize].push(set as SetId);
            }
        }
        let mut scanner = Self {
            finder: None,
            literals: Vec::new(),
            bases: HashMap::new(),
            sequences: vec![Vec::new()],
            atoms,
            sets: membership,
            // Each of them compiled on its own already.
            regexes: RegexSet::new(regexes.iter().map(|(pattern, _)| pattern)).unwrap_or_else(|_| RegexSet::empty()),
            regex_sets: regexes.iter().map(|(_, set)| *set).collect(),
            set_count: sets.len(),
        };
        scanner.index(tokenizer);
        scanner
    }

    fn index(&mut self, tokenizer: &Tokenizer) {
        let mut patterns: Vec<String> = Vec::new();
        let mut ids: HashMap<String, usize> = HashMap::new();
        let mut worker = tokenizer.worker();
        for (atom, value) in self.atoms.iter().enumerate() {
            let (text, by_base) = match value {
                Atom::Word(word) => (&word.text, word.open == Open::Closed),
                Atom::Text(text) => (text, false),
            };
            let id = *ids.entry(text.clone()).or_insert_with(|| {
                patterns.push(text.clone());
                self.literals.push(Vec::new());
                patterns.len() - 1
            });
            self.literals[id].push(atom as u32);
            let Ok(tokens) = worker.tokens(text) else { continue };
            if !by_base || tokens.is_empty() {
                continue;
            }
            let mut sequence = Vec::with_capacity(tokens.len());
            for token in tokens {
                let base = tokenizer.features(token, text).base;
                let next = self.bases.len() as u32 + 1;
                sequence.push(*self.bases.entry(base.to_owned()).or_insert(next));
                self.sequences.resize_with(self.bases.len() + 1, Vec::new);
            }
            let first = sequence.remove(0);
            self.sequences[first as usize].push((sequence, atom as u32));
        }
        // Building fails only past 2^31 patterns; then only base forms are found.
        self.finder = AhoCorasick::new(&patterns).ok().filter(|_| !patterns.is_empty());
    }

    pub(crate) fn scan(&self, document: &Document, tokenizer: &Tokenizer, cache: &mut BaseCache) -> Hits {
        let mut found = Vec::new();
        self.by_characters(document, tokenizer, &mut found);
        self.by_base(document, tokenizer, cache, &mut found);
        found.sort_unstable();
        found.dedup();
        let mut hits = Hits::new(&found, &self.sets, self.set_count);
        if self.regexes.is_empty() {
            // Without a compiled set every pattern has to be tried.
            self.regex_sets.iter().for_each(|&set| hits.mark(set));
        } else {
            self.regexes.matches(document.text()).into_iter().for_each(|at| hits.mark(self.regex_sets[at]));
        }
        hits
    }

    fn by_characters(&self, document: &Document, tokenizer: &Tokenizer, found: &mut Vec<(Place, u32)>) {
        let Some(finder) = &self.finder else { return };
        let tokens = &document.tokens;
        let at = tokens_by_byte(document);
        for hit in finder.find_overlapping_iter(document.text()) {
            let span = Span::new(hit.start(), hit.end());
            let (first, last) = (at[span.start] as usize, at[span.end - 1] as usize);
            let (Some(head), Some(tail)) = (tokens.get(first), tokens.get(last)) else { continue };
            let (starts, ends) = (head.span.start == span.start, tail.span.end == span.end);
            for &atom in &self.literals[hit.pattern().as_usize()] {
                let stands = match &self.atoms[atom as usize] {
                    Atom::Text(_) => true,
                    Atom::Word(word) => {
                        (match word.open {
                            Open::Closed => starts && ends,
                            Open::Prefix => starts && first == last,
                            Open::Suffix => ends && first == last,
                        }) && has_pos(word, *tail, document, tokenizer)
                    }
                };
                if stands {
                    found.push((Place::new(span, first, last), atom));
                }
            }
        }
    }

    fn by_base(
        &self,
        document: &Document,
        tokenizer: &Tokenizer,
        cache: &mut BaseCache,
        found: &mut Vec<(Place, u32)>,
    ) {
        let tokens = &document.tokens;
        let ids: Vec<u32> = tokens.iter().map(|token| self.base(*token, document, tokenizer, cache)).collect();
        for (first, id) in ids.iter().enumerate().filter(|(_, id)| **id != 0) {
            for (rest, atom) in &self.sequences[*id as usize] {
                let last = first + rest.len();
                if last < ids.len()
                    && ids[first + 1..=last] == rest[..]
                    && let Atom::Word(word) = &self.atoms[*atom as usize]
                    && has_pos(word, tokens[last], document, tokenizer)
                {
                    let span = tokens[first].span.hull(tokens[last].span);
                    found.push((Place::new(span, first, last), *atom));
                }
            }
        }
    }

    fn base(&self, token: Token, document: &Document, tokenizer: &Tokenizer, cache: &mut BaseCache) -> u32 {
        let resolve = || self.bases.get(tokenizer.features(token, document.text()).base).copied().unwrap_or(0);
        if token.word.is_unknown() || !token.word.is_system() {
            return resolve();
        }
        let id = token.word.id() as usize;
        if id >= cache.known.len() {
            cache.known.resize(id + 1, 0);
        }
        if cache.known[id] == 0 {
            cache.known[id] = resolve() + 1;
        }
        cache.known[id] - 1
    }
}

/// For each byte of the text the first morpheme that ends behind it.
fn tokens_by_byte(document: &Document) -> Vec<u32> {
    let mut at = vec![document.tokens.len() as u32; document.text().len()];
    let mut from = 0;
    for (index, token) in document.tokens.iter().enumerate() {
        at[from..token.span.end].fill(index as u32);
        from = token.span.end;
    }
    at
}

fn has_pos(word: &Word, token: Token, document: &Document, tokenizer: &Tokenizer) -> bool {
    word.pos.is_empty() || {
        let features = tokenizer.features(token, document.text());
        features.pos().len() >= word.pos.len() && word.pos.iter().zip(features.pos()).all(|(wanted, has)| wanted == has)
    }
}
