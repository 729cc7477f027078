//! Finds the words of all rules in one pass over a text.
//!
//! A word is found in two ways: by the base forms of its morphemes (any inflection),
//! and by its characters where they stand between two morpheme boundaries (another
//! segmentation in context). `研修*` and `*研修` are found by characters at the
//! beginning or end of a morpheme, `'研修'` by characters anywhere.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

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

/// What follows the first two base forms of a word, and its atom.
type Sequence = (Vec<u32>, u32);

/// How the characters of an atom must stand between morpheme boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Anywhere,
    Whole,
    Beginning,
    End,
}

impl Standing {
    fn of(atom: &Atom) -> Self {
        match atom {
            Atom::Text(_) => Self::Anywhere,
            Atom::Word(word) => match word.open {
                Open::Closed => Self::Whole,
                Open::Prefix => Self::Beginning,
                Open::Suffix => Self::End,
            },
        }
    }
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
    /// Atoms of each pattern of the finder, and how they must stand.
    literals: Vec<Vec<(u32, Standing)>>,
    /// Identity of base forms that rules speak of; 0 is every other.
    bases: FxHashMap<String, u32>,
    /// Words of one morpheme, by its base form (index: identity).
    single: Vec<Vec<u32>>,
    /// Words of several, by the first two: the rest of them and the atom.
    sequences: FxHashMap<(u32, u32), Vec<Sequence>>,
    /// Identity of the characters of whole words; 0 is every other.
    surfaces: FxHashMap<String, u32>,
    /// Whole words of those characters (index: identity).
    closed: Vec<Vec<u32>>,
    /// The part of speech each atom asks for; empty if any will do.
    pos: Vec<Vec<String>>,
    /// Sets of each atom, sorted.
    sets: Vec<Vec<SetId>>,
    set_count: usize,
}

/// One thread's memory of which dictionary entries matter.
#[derive(Debug, Default)]
pub(crate) struct WordCache {
    /// What each system word means to the rules, once it has been met.
    known: Vec<Meaning>,
    /// Reused between documents.
    found: Vec<(Place, u32)>,
    at: Vec<u32>,
    meanings: Vec<Meaning>,
}

/// What a morpheme alone means to the rules.
#[derive(Clone, Copy, Debug, Default)]
struct Meaning {
    resolved: bool,
    /// Identity of its base form; 0 if no rule speaks of it.
    base: u32,
    /// Identity of its characters among whole words; 0 if they are none.
    surface: u32,
}

/// All places found in one document.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    /// Places of one set after another, each set's by position.
    places: Vec<Place>,
    /// Where the places of each set begin and end.
    ranges: Vec<(u32, u32)>,
    /// Sets of which something stands in the document, a bit each.
    seen: Vec<u64>,
}

impl Hits {
    /// Puts what was found, by position, into sets; keeps the memory of the last document.
    fn fill(&mut self, found: &[(Place, u32)], sets: &[Vec<SetId>], set_count: usize) {
        let Self { places, ranges, seen } = self;
        for set in super::evaluate::bits(seen) {
            ranges[set] = (0, 0);
        }
        ranges.resize(set_count, (0, 0));
        seen.clear();
        seen.resize(set_count.div_ceil(64), 0);
        for (_, atom) in found {
            for &set in &sets[*atom as usize] {
                ranges[set as usize].1 += 1;
                seen[set as usize / 64] |= 1 << (set % 64);
            }
        }
        let mut total = 0;
        for set in super::evaluate::bits(seen) {
            let (start, end) = &mut ranges[set];
            total += std::mem::replace(end, total);
            *start = *end;
        }
        places.resize(total as usize, Place::new(Span::new(0, 0), 0, 0));
        for (place, atom) in found {
            for &set in &sets[*atom as usize] {
                let end = &mut ranges[set as usize].1;
                places[*end as usize] = *place;
                *end += 1;
            }
        }
    }

    /// The sets of which something stands in the document.
    pub(crate) fn seen(&self) -> impl Iterator<Item = SetId> + '_ {
        super::evaluate::bits(&self.seen).map(|set| set as SetId)
    }

    pub(crate) fn is_seen(&self, set: SetId) -> bool {
        self.seen[set as usize / 64] & (1 << (set % 64)) != 0
    }

    /// Places of `set` that begin inside `unit`, by position.
    pub(crate) fn within(&self, set: SetId, unit: Unit) -> &[Place] {
        if !self.is_seen(set) {
            return &[];
        }
        let (start, end) = self.ranges[set as usize];
        let places = &self.places[start as usize..end as usize];
        let from = places.partition_point(|place| (place.start as usize) < unit.span.start);
        let to = places.partition_point(|place| (place.start as usize) < unit.span.end);
        &places[from..to]
    }
}

impl Scanner {
    /// `sets` holds the atoms of each set.
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
            bases: FxHashMap::default(),
            surfaces: FxHashMap::default(),
            closed: vec![Vec::new()],
            single: vec![Vec::new()],
            sequences: FxHashMap::default(),
            pos: Vec::new(),
            sets: membership,
            set_count: sets.len(),
        };
        scanner.index(&atoms, tokenizer);
        scanner
    }

    fn index(&mut self, atoms: &[Atom], tokenizer: &Tokenizer) {
        let mut patterns: Vec<String> = Vec::new();
        let mut ids: HashMap<String, usize> = HashMap::new();
        let mut worker = tokenizer.worker();
        for (atom, value) in atoms.iter().enumerate() {
            let (text, pos) = match value {
                Atom::Word(word) => (&word.text, word.pos.clone()),
                Atom::Text(text) => (text, Vec::new()),
            };
            self.pos.push(pos);
            let by_base = Standing::of(value) == Standing::Whole;
            if by_base {
                let next = self.closed.len() as u32;
                let id = *self.surfaces.entry(text.clone()).or_insert(next);
                self.closed.resize_with(self.surfaces.len() + 1, Vec::new);
                self.closed[id as usize].push(atom as u32);
            }
            // A whole word of one character is one morpheme: no need to search for it.
            if !by_base || text.chars().nth(1).is_some() {
                let id = *ids.entry(text.clone()).or_insert_with(|| {
                    patterns.push(text.clone());
                    self.literals.push(Vec::new());
                    patterns.len() - 1
                });
                self.literals[id].push((atom as u32, Standing::of(value)));
            }
            let Ok(tokens) = worker.tokens(text) else { continue };
            if !by_base || tokens.is_empty() {
                continue;
            }
            let mut sequence = Vec::with_capacity(tokens.len());
            for token in tokens {
                let base = tokenizer.features(token, text).base;
                let next = self.bases.len() as u32 + 1;
                sequence.push(*self.bases.entry(base.to_owned()).or_insert(next));
                self.single.resize_with(self.bases.len() + 1, Vec::new);
            }
            match sequence[..] {
                [only] => self.single[only as usize].push(atom as u32),
                [first, second, ref rest @ ..] => {
                    self.sequences.entry((first, second)).or_default().push((rest.to_vec(), atom as u32));
                }
                [] => {}
            }
        }
        // Building fails only past 2^31 patterns; then only base forms are found.
        self.finder = AhoCorasick::new(&patterns).ok().filter(|_| !patterns.is_empty());
    }

    /// Finds everything in `document` and puts it into `hits`.
    pub(crate) fn scan(&self, document: &Document, tokenizer: &Tokenizer, cache: &mut WordCache, hits: &mut Hits) {
        let mut found = std::mem::take(&mut cache.found);
        found.clear();
        let mut at = std::mem::take(&mut cache.at);
        tokens_by_byte(document, &mut at);
        self.by_characters(document, tokenizer, &at, &mut found);
        cache.at = at;
        self.by_morpheme(document, tokenizer, cache, &mut found);
        found.sort_unstable_by_key(|(place, atom)| (u64::from(place.start) << 32 | u64::from(place.end), *atom));
        found.dedup();
        hits.fill(&found, &self.sets, self.set_count);
        cache.found = found;
    }

    fn by_characters(&self, document: &Document, tokenizer: &Tokenizer, at: &[u32], found: &mut Vec<(Place, u32)>) {
        let Some(finder) = &self.finder else { return };
        let tokens = &document.tokens;
        for hit in finder.find_overlapping_iter(document.text()) {
            let span = Span::new(hit.start(), hit.end());
            // As `Document::touched`, without searching: a blank belongs to no morpheme.
            let first = (at[span.start] as usize).min(tokens.len().saturating_sub(1));
            let behind = at[span.end - 1] as usize;
            let reaches = tokens.get(behind).is_some_and(|token| token.span.start < span.end);
            let last = if reaches { behind } else { behind.saturating_sub(1).max(first) };
            let starts = tokens.get(first).is_some_and(|head| head.span.start == span.start);
            let tail = tokens.get(last);
            let ends = tail.is_some_and(|tail| tail.span.end == span.end);
            for &(atom, standing) in &self.literals[hit.pattern().as_usize()] {
                let stands = match standing {
                    Standing::Anywhere => true,
                    // One morpheme alone is looked up by its entry.
                    Standing::Whole => starts && ends && first != last,
                    Standing::Beginning => starts && first == last,
                    Standing::End => ends && first == last,
                };
                if stands && tail.is_none_or(|tail| self.has_pos(atom, *tail, document, tokenizer)) {
                    found.push((Place::new(span, first, last), atom));
                }
            }
        }
    }

    fn by_morpheme(
        &self,
        document: &Document,
        tokenizer: &Tokenizer,
        cache: &mut WordCache,
        found: &mut Vec<(Place, u32)>,
    ) {
        let tokens = &document.tokens;
        let mut meanings = std::mem::take(&mut cache.meanings);
        meanings.clear();
        meanings.extend(tokens.iter().map(|token| self.meaning(*token, document, tokenizer, cache)));
        let mut report = |atom: u32, first: usize, last: usize| {
            if self.has_pos(atom, tokens[last], document, tokenizer) {
                found.push((Place::new(tokens[first].span.hull(tokens[last].span), first, last), atom));
            }
        };
        for (first, meaning) in meanings.iter().enumerate() {
            for &atom in &self.closed[meaning.surface as usize] {
                report(atom, first, first);
            }
            for &atom in &self.single[meaning.base as usize] {
                report(atom, first, first);
            }
            let Some(next) = meanings.get(first + 1).filter(|next| next.base != 0 && meaning.base != 0) else {
                continue;
            };
            let Some(sequences) = self.sequences.get(&(meaning.base, next.base)) else { continue };
            let behind = &meanings[first + 2..];
            for (rest, atom) in sequences {
                if rest.len() <= behind.len() && rest.iter().zip(behind).all(|(base, meaning)| *base == meaning.base) {
                    report(*atom, first, first + 1 + rest.len());
                }
            }
        }
        cache.meanings = meanings;
    }

    fn meaning(&self, token: Token, document: &Document, tokenizer: &Tokenizer, cache: &mut WordCache) -> Meaning {
        let resolve = || Meaning {
            resolved: true,
            base: self.bases.get(tokenizer.features(token, document.text()).base).copied().unwrap_or(0),
            surface: self.surfaces.get(token.span.of(document.text())).copied().unwrap_or(0),
        };
        if token.word.is_unknown() || !token.word.is_system() {
            return resolve();
        }
        let id = token.word.id() as usize;
        if id >= cache.known.len() {
            cache.known.resize(id + 1, Meaning::default());
        }
        if !cache.known[id].resolved {
            cache.known[id] = resolve();
        }
        cache.known[id]
    }

    fn has_pos(&self, atom: u32, token: Token, document: &Document, tokenizer: &Tokenizer) -> bool {
        let wanted = &self.pos[atom as usize];
        wanted.is_empty() || {
            let features = tokenizer.features(token, document.text());
            features.pos().len() >= wanted.len() && wanted.iter().zip(features.pos()).all(|(wanted, has)| wanted == has)
        }
    }
}

/// For each byte of the text the first morpheme that ends behind it.
fn tokens_by_byte(document: &Document, at: &mut Vec<u32>) {
    at.clear();
    at.resize(document.text().len(), document.tokens.len() as u32);
    let mut from = 0;
    for (index, token) in document.tokens.iter().enumerate() {
        at[from..token.span.end].fill(index as u32);
        from = token.span.end;
    }
}
