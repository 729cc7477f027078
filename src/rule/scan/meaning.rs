//! What a morpheme alone means to the rules, worked out once for each dictionary entry.

use rustc_hash::FxHashMap;

use super::Scanner;
use super::hits::to_bits;
use crate::tokenize::{Document, Token, Tokenizer};

/// What a morpheme alone means to the rules.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meaning {
    /// Identity of its base form; 0 if no rule speaks of it.
    pub base: u32,
    /// Where words that go on behind its characters stand in the tree of words; 0 if
    /// there are none.
    pub node: u32,
    /// Range of [`Memory::parts`].
    pub parts: (u32, u32),
    /// Range of [`Memory::opens`].
    pub opens: (u32, u32),
}

/// A part of a morpheme in which words stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Its bytes, from the beginning of the morpheme.
    pub start: u32,
    pub end: u32,
    /// The sets of these words: a range of [`Memory::arena`].
    pub sets: (u32, u32),
}

/// A text that begins in a morpheme and may go on behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    /// Where it begins: bytes from the beginning of the morpheme.
    pub start: u32,
    /// Where the end of the morpheme stands in the tree of texts.
    pub node: u32,
}

/// Surfaces longer than this many bytes are not remembered.
const LONG: usize = 64;

/// Forgets everything when it has grown to so many entries.
const FULL: usize = 1 << 18;

/// One thread's memory of what dictionary entries mean.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// By system word that has been met: number of its meaning.
    known: FxHashMap<u32, u32>,
    /// Unknown words and added terms, by surface: their entries and meanings.
    others: FxHashMap<Box<str>, Vec<(u32, bool, u32)>>,
    pub meanings: Vec<Meaning>,
    pub parts: Vec<Part>,
    pub opens: Vec<Opened>,
    /// The sets of atoms (as the scanner numbers them), then those of parts.
    pub arena: Vec<(u32, u64)>,
}

impl Memory {
    /// Begins with the sets of the scanner's atoms, and begins anew when full.
    pub(super) fn prepare(&mut self, scanner: &Scanner) {
        let size = self.others.len()
            + self.parts.len()
            + self.opens.len()
            + self.arena.len().saturating_sub(scanner.arena.len());
        if self.arena.len() < scanner.arena.len() || size > FULL {
            *self = Self { arena: scanner.arena.clone(), ..Self::default() };
        }
    }

    /// The number of what `token` means.
    pub(super) fn of(&mut self, token: Token, document: &Document, scanner: &Scanner, tokenizer: &Tokenizer) -> u32 {
        let id = token.word.id();
        if token.word.is_system() && !token.word.is_unknown() {
            if let Some(known) = self.known.get(&id) {
                return *known;
            }
            let meaning = self.resolve(token, document, scanner, tokenizer);
            self.known.insert(id, meaning);
            return meaning;
        }
        let surface = token.span.of(document.text());
        let unknown = token.word.is_unknown();
        if let Some(entries) = self.others.get(surface)
            && let Some((.., meaning)) = entries.iter().find(|entry| entry.0 == id && entry.1 == unknown)
        {
            return *meaning;
        }
        let meaning = self.resolve(token, document, scanner, tokenizer);
        if surface.len() <= LONG {
            self.others.entry(surface.into()).or_default().push((id, unknown, meaning));
        }
        meaning
    }

    fn resolve(&mut self, token: Token, document: &Document, scanner: &Scanner, tokenizer: &Tokenizer) -> u32 {
        let surface = token.span.of(document.text());
        let features = tokenizer.features(token, document.text());
        let base = scanner.bases.get(features.base).copied().unwrap_or(0);
        let mut found: Vec<(u32, u32, u32)> = Vec::new();
        let mut report = |start: usize, end: usize, atoms: &[u32]| {
            let fitting = atoms.iter().filter(|atom| scanner.has_pos(**atom, features.pos()));
            found.extend(fitting.map(|atom| (start as u32, end as u32, *atom)));
        };
        report(0, surface.len(), scanner.single.get(base as usize).map_or(&[], Vec::as_slice));
        report(0, surface.len(), scanner.closed.get(surface).map_or(&[], Vec::as_slice));
        let mut node = super::trie::ROOT;
        for (at, c) in surface.char_indices() {
            let Some(next) = scanner.beginnings.step(node, c) else { break };
            node = next;
            report(0, at + c.len_utf8(), scanner.beginnings.atoms(node));
        }
        let mut node = super::trie::ROOT;
        for (at, c) in surface.char_indices().rev() {
            let Some(next) = scanner.endings.step(node, c) else { break };
            node = next;
            report(at, surface.len(), scanner.endings.atoms(node));
        }
        let opens = self.opens.len() as u32;
        for (start, _) in surface.char_indices() {
            let mut node = super::trie::ROOT;
            for (at, c) in surface[start..].char_indices() {
                let Some(next) = scanner.texts.step(node, c) else { break };
                node = next;
                let end = start + at + c.len_utf8();
                report(start, end, scanner.texts.atoms(node));
                if !scanner.texts.goes_on(node) {
                    break;
                }
                if end == surface.len() {
                    self.opens.push(Opened { start: start as u32, node });
                }
            }
        }
        let opens = (opens, self.opens.len() as u32);
        found.sort_unstable();
        let from = self.parts.len() as u32;
        for same in found.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let sets = self.arena.len() as u32;
            let atoms = same.iter().map(|(.., atom)| *atom as usize);
            self.arena.extend(to_bits(atoms.flat_map(|atom| scanner.sets[atom].iter().copied())));
            let sets = (sets, self.arena.len() as u32);
            self.parts.push(Part { start: same[0].0, end: same[0].1, sets });
        }
        let node = scanner.words.walk(super::trie::ROOT, surface).filter(|node| scanner.words.goes_on(*node));
        self.meanings.push(Meaning { base, node: node.unwrap_or(0), parts: (from, self.parts.len() as u32), opens });
        self.meanings.len() as u32 - 1
    }
}
