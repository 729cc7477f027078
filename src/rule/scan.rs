//! Finds the words of all rules in one pass over a text.
//!
//! A word is found in two ways: by the base forms of its morphemes (any inflection),
//! and by its characters where they stand between two morpheme boundaries (another
//! segmentation in context). `研修*` and `*研修` are found by characters at the
//! beginning or end of a morpheme, `'研修'` by characters anywhere.

mod filter;
mod hits;
mod meaning;
mod trie;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::plan::SetId;
use super::{Open, Word};
use crate::span::Span;
use crate::tokenize::{Document, Token, Tokenizer, Worker};
use filter::Filter;
use meaning::Memory;
use trie::{ROOT, Trie};

pub(crate) use hits::{Bits, Hits, Place, bits, has, marked, ones, to_bits};

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

/// Literals of more characters are searched for by an automaton: walking a tree from
/// every character would take the text's length times theirs.
const LONG: usize = 32;

/// The compiled words; immutable and shared.
#[derive(Debug)]
pub(crate) struct Scanner {
    /// `'text'`, from any character.
    texts: Trie,
    /// Whole words of several characters, from the beginning of a morpheme.
    words: Trie,
    /// `研修*`, from the beginning of a morpheme.
    beginnings: Trie,
    /// `*研修`, from the end of a morpheme, backward.
    endings: Trie,
    /// Long literals of all kinds.
    long: Option<AhoCorasick>,
    /// The atom of each long literal, and how it must stand.
    long_atoms: Vec<(u32, Standing)>,
    /// Whole words by their characters.
    closed: FxHashMap<String, Vec<u32>>,
    /// Identity of base forms that rules speak of; 0 is every other.
    bases: FxHashMap<String, u32>,
    /// Words of one morpheme, by its base form (index: identity).
    single: Vec<Vec<u32>>,
    /// Words of several, by the first two: the rest of them and the atom.
    sequences: FxHashMap<(u32, u32), Vec<Sequence>>,
    /// The first two of these words.
    follow: Filter,
    /// The part of speech each atom asks for; empty if any will do. And which ask, a bit each.
    pos: Vec<Vec<String>>,
    asks_pos: Vec<u64>,
    /// Sets of each atom.
    sets: Vec<Vec<SetId>>,
    /// The same as bits, each a range of `arena`.
    bits: Vec<(u32, u32)>,
    arena: Vec<(u32, u64)>,
    set_count: usize,
}

/// One thread's memory of words.
#[derive(Debug, Default)]
pub(crate) struct WordCache {
    memory: Memory,
    /// What each morpheme of the document means; reused between documents.
    meanings: Vec<u32>,
}

impl WordCache {
    /// The sets that places of [`Hits`] are of.
    pub(crate) fn arena(&self) -> &Bits {
        &self.memory.arena
    }
}

impl Scanner {
    /// `sets` holds the atoms of each set.
    pub(crate) fn new(atoms: &[Atom], sets: &[Vec<u32>], tokenizer: &Tokenizer) -> Self {
        let mut membership = vec![Vec::new(); atoms.len()];
        for (set, members) in sets.iter().enumerate() {
            for &atom in members {
                membership[atom as usize].push(set as SetId);
            }
        }
        let mut scanner = Self {
            texts: Trie::new(Vec::new()),
            words: Trie::new(Vec::new()),
            beginnings: Trie::new(Vec::new()),
            endings: Trie::new(Vec::new()),
            long: None,
            long_atoms: Vec::new(),
            closed: FxHashMap::default(),
            bases: FxHashMap::default(),
            single: vec![Vec::new()],
            sequences: FxHashMap::default(),
            follow: Filter::default(),
            pos: Vec::new(),
            asks_pos: Vec::new(),
            bits: Vec::new(),
            arena: Vec::new(),
            sets: membership,
            set_count: sets.len(),
        };
        for own in &scanner.sets {
            let from = scanner.arena.len() as u32;
            scanner.arena.extend(to_bits(own.iter().copied()));
            scanner.bits.push((from, scanner.arena.len() as u32));
        }
        scanner.index(atoms, tokenizer);
        scanner
    }

    fn index(&mut self, atoms: &[Atom], tokenizer: &Tokenizer) {
        let mut long: Vec<&str> = Vec::new();
        let [mut texts, mut words, mut beginnings, mut endings] = std::array::from_fn(|_| Vec::new());
        for ((atom, value), bases) in (0..).zip(atoms).zip(bases(atoms, tokenizer)) {
            let (text, pos) = match value {
                Atom::Word(word) => (&word.text, word.pos.clone()),
                Atom::Text(text) => (text, Vec::new()),
            };
            self.pos.push(pos);
            let standing = Standing::of(value);
            if text.chars().nth(LONG).is_some() {
                long.push(text);
                self.long_atoms.push((atom, standing));
            } else {
                match standing {
                    Standing::Anywhere => texts.push((text.clone(), atom)),
                    Standing::Whole => words.push((text.clone(), atom)),
                    Standing::Beginning => beginnings.push((text.clone(), atom)),
                    Standing::End => endings.push((text.chars().rev().collect(), atom)),
                }
            }
            if standing == Standing::Whole {
                self.closed.entry(text.clone()).or_default().push(atom);
                self.index_bases(&bases, atom);
            }
        }
        self.asks_pos = marked(self.pos.iter().map(|pos| !pos.is_empty()));
        let others = || (Trie::new(texts), Trie::new(beginnings), Trie::new(endings));
        (self.words, (self.texts, self.beginnings, self.endings)) = rayon::join(|| Trie::new(words), others);
        // Building fails only past 2^31 patterns; then only base forms are found.
        self.long = AhoCorasick::new(&long).ok().filter(|_| !long.is_empty());
    }

    /// A word of these base forms.
    fn index_bases(&mut self, bases: &[&str], atom: u32) {
        let mut sequence = Vec::with_capacity(bases.len());
        for base in bases {
            let next = self.bases.len() as u32 + 1;
            sequence.push(*self.bases.entry((*base).to_owned()).or_insert(next));
            self.single.resize_with(self.bases.len() + 1, Vec::new);
        }
        match sequence[..] {
            [only] => self.single[only as usize].push(atom),
            [first, second, ref rest @ ..] => {
                self.follow.insert(first, second);
                self.sequences.entry((first, second)).or_default().push((rest.to_vec(), atom));
            }
            [] => {}
        }
    }

    /// How many sets there are.
    pub(crate) fn set_count(&self) -> usize {
        self.set_count
    }

    /// Finds everything in `document` and puts it into `hits`.
    pub(crate) fn scan(&self, document: &Document, tokenizer: &Tokenizer, cache: &mut WordCache, hits: &mut Hits) {
        let WordCache { memory, meanings } = cache;
        memory.prepare(self);
        hits.clear(self.set_count);
        meanings.clear();
        meanings.extend(document.tokens.iter().map(|token| memory.of(*token, document, self, tokenizer)));
        let finding = Finding { scanner: self, document, tokenizer, memory, meanings, hits };
        finding.all();
    }

    /// Whether `atom` may be a morpheme of this part of speech.
    fn has_pos(&self, atom: u32, pos: &[&str]) -> bool {
        let wanted = &self.pos[atom as usize];
        pos.len() >= wanted.len() && wanted.iter().zip(pos).all(|(wanted, has)| wanted == has)
    }
}

/// The base forms of the morphemes of each whole word; none of what is no whole word, or
/// cannot be cut.
fn bases<'a>(atoms: &'a [Atom], tokenizer: &'a Tokenizer) -> Vec<Vec<&'a str>> {
    const PART: usize = 512;
    let of = |worker: &mut Worker<'a>, atom: &'a Atom| {
        let (Standing::Whole, Atom::Word(Word { text, .. })) = (Standing::of(atom), atom) else { return Vec::new() };
        let tokens = worker.tokens(text).unwrap_or_default();
        tokens.iter().map(|token| tokenizer.features(*token, text).base).collect()
    };
    let parts = atoms.par_chunks(PART).flat_map_iter(|part| {
        let mut worker = tokenizer.worker();
        part.iter().map(move |atom| of(&mut worker, atom))
    });
    parts.collect()
}

/// One document being searched.
struct Finding<'a> {
    scanner: &'a Scanner,
    document: &'a Document,
    tokenizer: &'a Tokenizer,
    memory: &'a Memory,
    meanings: &'a [u32],
    hits: &'a mut Hits,
}

impl Finding<'_> {
    fn all(mut self) {
        let memory = self.memory;
        let mut end = 0;
        for at in 0..self.meanings.len() {
            let meaning = memory.meanings[self.meanings[at] as usize];
            let token = self.document.tokens[at].span;
            for part in &memory.parts[meaning.parts.0 as usize..meaning.parts.1 as usize] {
                let span = Span::new(token.start + part.start as usize, token.start + part.end as usize);
                self.hits.push(Place::new(span, at, at), part.sets, &memory.arena);
            }
            let opens = &memory.opens[meaning.opens.0 as usize..meaning.opens.1 as usize];
            if let (false, Some(next)) = (opens.is_empty(), self.document.text()[token.end..].chars().next()) {
                for open in opens.iter().filter(|open| self.scanner.texts.may_step(open.node, next)) {
                    self.text_from(token.start + open.start as usize, open.node, token.end);
                }
            }
            if meaning.node != ROOT {
                self.words_from(at, meaning.node);
            }
            if meaning.base != 0 {
                self.sequences_from(at, meaning.base);
            }
            self.texts_between(end, token.start);
            end = token.end;
        }
        self.texts_between(end, self.document.text().len());
        self.long();
    }

    /// Whole words that begin with the morpheme `first` and end behind a later one.
    fn words_from(&mut self, first: usize, mut node: u32) {
        let (scanner, document) = (self.scanner, self.document);
        let mut end = document.tokens[first].span.end;
        for (last, token) in document.tokens.iter().enumerate().skip(first + 1) {
            // With the blanks between them, if there are any.
            let more = Span::new(end, token.span.end).of(document.text());
            let Some(next) = scanner.words.walk(node, more) else { return };
            (node, end) = (next, token.span.end);
            for &atom in scanner.words.atoms(node) {
                self.report(atom, first, last);
            }
            if !scanner.words.goes_on(node) {
                return;
            }
        }
    }

    /// Words of several base forms that begin with the morpheme `first`.
    fn sequences_from(&mut self, first: usize, base: u32) {
        let scanner = self.scanner;
        let (memory, meanings) = (self.memory, self.meanings);
        let base_of = |at: usize| meanings.get(at).map_or(0, |at| memory.meanings[*at as usize].base);
        let next = base_of(first + 1);
        if !scanner.follow.may_have(base, next) {
            return;
        }
        let Some(sequences) = scanner.sequences.get(&(base, next)) else { return };
        for (rest, atom) in sequences {
            if rest.iter().enumerate().all(|(at, base)| base_of(first + 2 + at) == *base) {
                self.report(*atom, first, first + 1 + rest.len());
            }
        }
    }

    /// `'text'` that began in a morpheme and goes on behind it: from `start`, by now at
    /// `node` of the tree and byte `end`.
    fn text_from(&mut self, start: usize, mut node: u32, end: usize) {
        let (scanner, document) = (self.scanner, self.document);
        for (at, c) in document.text()[end..].char_indices() {
            let Some(next) = scanner.texts.step(node, c) else { return };
            node = next;
            for &atom in scanner.texts.atoms(node) {
                let span = Span::new(start, end + at + c.len_utf8());
                let (first, last) = document.touched(span);
                self.push(atom, Place::new(span, first, last));
            }
            if !scanner.texts.goes_on(node) {
                return;
            }
        }
    }

    /// `'text'` that begins with what stands between morphemes: blanks.
    fn texts_between(&mut self, from: usize, to: usize) {
        if from == to {
            return;
        }
        for (at, _) in Span::new(from, to).of(self.document.text()).char_indices() {
            self.text_from(from + at, ROOT, from + at);
        }
    }

    fn long(&mut self) {
        let (scanner, document) = (self.scanner, self.document);
        let Some(finder) = &scanner.long else { return };
        for hit in finder.find_overlapping_iter(document.text()) {
            let (atom, standing) = scanner.long_atoms[hit.pattern().as_usize()];
            let span = Span::new(hit.start(), hit.end());
            let (first, last) = document.touched(span);
            let token = |at: usize| document.tokens.get(at).map(|token| token.span);
            let starts = token(first).is_some_and(|token| token.start == span.start);
            let ends = token(last).is_some_and(|token| token.end == span.end);
            let stands = match standing {
                Standing::Anywhere => true,
                // One morpheme alone is looked up by its entry.
                Standing::Whole => starts && ends && first != last,
                Standing::Beginning => starts && first == last,
                Standing::End => ends && first == last,
            };
            if stands && document.tokens.get(last).is_none_or(|token| self.has_pos(atom, *token)) {
                self.push(atom, Place::new(span, first, last));
            }
        }
    }

    fn report(&mut self, atom: u32, first: usize, last: usize) {
        let tokens = &self.document.tokens;
        if self.has_pos(atom, tokens[last]) {
            self.push(atom, Place::new(tokens[first].span.hull(tokens[last].span), first, last));
        }
    }

    fn push(&mut self, atom: u32, place: Place) {
        self.hits.push(place, self.scanner.bits[atom as usize], &self.memory.arena);
    }

    fn has_pos(&self, atom: u32, token: Token) -> bool {
        !has(&self.scanner.asks_pos, atom)
            || self.scanner.has_pos(atom, self.tokenizer.features(token, self.document.text()).pos())
    }
}
