//! Finds the words of all rules in one pass over a text.
//!
//! A word is found in two ways: by the base forms of its morphemes (any inflection),
//! and by its characters where they stand between two morpheme boundaries (another
//! segmentation in context). `研修*` and `*研修` are found by characters at the
//! beginning or end of a morpheme, `'研修'` by characters anywhere.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

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

/// A place where a word of a set stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Occurrence {
    pub set: SetId,
    pub span: Span,
    /// First and last morpheme it touches.
    pub first: usize,
    pub last: usize,
}

/// The compiled words; immutable and shared.
#[derive(Debug)]
pub(crate) struct Scanner {
    finder: Option<AhoCorasick>,
    /// Atoms of each pattern of the finder.
    literals: Vec<Vec<u32>>,
    /// Identity of base forms that rules speak of; 0 is every other.
    bases: HashMap<String, u32>,
    /// Words as base forms, by the first of them.
    sequences: HashMap<u32, Vec<(Vec<u32>, u32)>>,
    atoms: Vec<Atom>,
    /// Sets of each atom.
    sets: Vec<Vec<SetId>>,
    set_count: usize,
}

/// One thread's memory of which dictionary entries have a base form that matters.
#[derive(Debug, Default)]
pub(crate) struct BaseCache {
    /// `base id + 1` of each system word; 0 where not yet resolved.
    known: Vec<u32>,
}

/// All places found in one document, by set and position.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    found: Vec<Occurrence>,
    seen: Vec<u64>,
}

impl Hits {
    /// Whether a word of `set` stands anywhere in the document.
    pub(crate) fn seen(&self, set: SetId) -> bool {
        self.seen.get(set as usize / 64).is_some_and(|bits| bits & (1 << (set % 64)) != 0)
    }

    /// Places of `set` inside `unit`, by position.
    pub(crate) fn within(&self, set: SetId, unit: Unit) -> impl Iterator<Item = Occurrence> + '_ {
        let from = self.found.partition_point(|hit| (hit.set, hit.span.start) < (set, unit.span.start));
        self.found[from..]
            .iter()
            .take_while(move |hit| hit.set == set && hit.span.start < unit.span.end)
            .filter(move |hit| hit.span.end <= unit.span.end)
            .copied()
    }
}

impl Scanner {
    pub(crate) fn new(atoms: Vec<Atom>, sets: Vec<Vec<u32>>, tokenizer: &Tokenizer) -> Self {
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
            sequences: HashMap::new(),
            atoms,
            sets: membership,
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
            }
            let first = sequence.remove(0);
            self.sequences.entry(first).or_default().push((sequence, atom as u32));
        }
        // Building fails only past 2^31 patterns; then only base forms are found.
        self.finder = AhoCorasick::new(&patterns).ok().filter(|_| !patterns.is_empty());
    }

    pub(crate) fn scan(&self, document: &Document, tokenizer: &Tokenizer, cache: &mut BaseCache) -> Hits {
        let mut hits = Hits { found: Vec::new(), seen: vec![0; self.set_count.div_ceil(64)] };
        self.by_characters(document, tokenizer, &mut hits.found);
        self.by_base(document, tokenizer, cache, &mut hits.found);
        hits.found.sort_unstable();
        hits.found.dedup();
        for hit in &hits.found {
            hits.seen[hit.set as usize / 64] |= 1 << (hit.set % 64);
        }
        hits
    }

    fn by_characters(&self, document: &Document, tokenizer: &Tokenizer, found: &mut Vec<Occurrence>) {
        let Some(finder) = &self.finder else { return };
        let tokens = &document.tokens;
        for hit in finder.find_overlapping_iter(document.text()) {
            let span = Span::new(hit.start(), hit.end());
            let first = document.token_at(span.start);
            let last = document.token_at(span.end - 1);
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
                    self.report(atom, span, first, last, found);
                }
            }
        }
    }

    fn by_base(&self, document: &Document, tokenizer: &Tokenizer, cache: &mut BaseCache, found: &mut Vec<Occurrence>) {
        let tokens = &document.tokens;
        let ids: Vec<u32> = tokens.iter().map(|token| self.base(*token, document, tokenizer, cache)).collect();
        for (first, id) in ids.iter().enumerate().filter(|(_, id)| **id != 0) {
            let Some(candidates) = self.sequences.get(id) else { continue };
            for (rest, atom) in candidates {
                let last = first + rest.len();
                if last < ids.len()
                    && ids[first + 1..=last] == rest[..]
                    && let Atom::Word(word) = &self.atoms[*atom as usize]
                    && has_pos(word, tokens[last], document, tokenizer)
                {
                    self.report(*atom, tokens[first].span.hull(tokens[last].span), first, last, found);
                }
            }
        }
    }

    fn report(&self, atom: u32, span: Span, first: usize, last: usize, found: &mut Vec<Occurrence>) {
        found.extend(self.sets[atom as usize].iter().map(|&set| Occurrence { set, span, first, last }));
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

fn has_pos(word: &Word, token: Token, document: &Document, tokenizer: &Tokenizer) -> bool {
    word.pos.is_empty() || {
        let features = tokenizer.features(token, document.text());
        features.pos().len() >= word.pos.len() && word.pos.iter().zip(features.pos()).all(|(wanted, has)| wanted == has)
    }
}
