//! A tree of characters: which of many literals begin here.

use rustc_hash::FxHashMap;

/// The root's number.
pub(super) const ROOT: u32 = 0;

/// Literals by their characters, each with the atoms it stands for.
#[derive(Debug)]
pub(super) struct Trie {
    next: FxHashMap<(u32, char), u32>,
    /// By node: atoms of the literal that ends here.
    atoms: Vec<Vec<u32>>,
    /// By node: whether a literal goes on from here.
    goes_on: Vec<bool>,
}

impl Trie {
    pub(super) fn new() -> Self {
        Self { next: FxHashMap::default(), atoms: vec![Vec::new()], goes_on: vec![false] }
    }

    pub(super) fn insert(&mut self, literal: &str, atom: u32) {
        let mut node = ROOT;
        for c in literal.chars() {
            let new = self.atoms.len() as u32;
            let child = *self.next.entry((node, c)).or_insert(new);
            if child == new {
                self.atoms.push(Vec::new());
                self.goes_on.push(false);
                self.goes_on[node as usize] = true;
            }
            node = child;
        }
        self.atoms[node as usize].push(atom);
    }

    /// The node behind `text` from `node`; `None` if no literal goes that way.
    pub(super) fn walk(&self, node: u32, text: &str) -> Option<u32> {
        text.chars().try_fold(node, |node, c| self.step(node, c))
    }

    /// The node behind `c`.
    pub(super) fn step(&self, node: u32, c: char) -> Option<u32> {
        self.next.get(&(node, c)).copied()
    }

    /// Atoms of the literal that ends at `node`.
    pub(super) fn atoms(&self, node: u32) -> &[u32] {
        &self.atoms[node as usize]
    }

    /// Whether a literal goes on behind `node`.
    pub(super) fn goes_on(&self, node: u32) -> bool {
        self.goes_on[node as usize]
    }
}
