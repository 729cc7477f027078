//! A tree of characters: which of many literals begin here.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::filter::Filter;

/// The root's handle.
pub(super) const ROOT: u32 = 0;

/// Literals by their characters, each with the atoms it stands for. A node is known by a
/// handle: its number, with a bit that says whether a literal ends there and one that says
/// whether one goes on, so that neither need be looked up.
#[derive(Debug, Default)]
pub(super) struct Trie {
    /// The handle of the next node, by the number of one and a character.
    ways: FxHashMap<(u32, char), u32>,
    /// Range of `atoms` of each node, by its number.
    nodes: Vec<(u32, u32)>,
    atoms: Vec<u32>,
    /// The same ways, without where they lead.
    steps: Filter,
}

/// Literals being gathered into a tree.
#[derive(Debug)]
pub(super) struct Builder {
    nodes: Vec<(BTreeMap<char, u32>, Vec<u32>)>,
}

/// A literal ends at the node of this handle.
const ENDS: u32 = 1 << 31;

/// A literal goes on behind the node of this handle.
const GOES_ON: u32 = 1 << 30;

impl Builder {
    pub(super) fn new() -> Self {
        Self { nodes: vec![(BTreeMap::new(), Vec::new())] }
    }

    pub(super) fn insert(&mut self, literal: &str, atom: u32) {
        let mut node = ROOT as usize;
        for c in literal.chars() {
            let new = self.nodes.len() as u32;
            let child = *self.nodes[node].0.entry(c).or_insert(new);
            if child == new {
                self.nodes.push((BTreeMap::new(), Vec::new()));
            }
            node = child as usize;
        }
        self.nodes[node].1.push(atom);
    }

    /// The tree of what has been inserted.
    pub(super) fn build(self) -> Trie {
        let Self { nodes } = self;
        let handle = |node: u32| {
            let (children, atoms) = &nodes[node as usize];
            node | if atoms.is_empty() { 0 } else { ENDS } | if children.is_empty() { 0 } else { GOES_ON }
        };
        let mut trie = Trie::default();
        for (node, (children, atoms)) in (0..).zip(&nodes) {
            for (c, child) in children {
                trie.steps.insert(node, (*c).into());
                trie.ways.insert((node, *c), handle(*child));
            }
            let from = trie.atoms.len() as u32;
            trie.atoms.extend(atoms);
            trie.nodes.push((from, trie.atoms.len() as u32));
        }
        trie
    }
}

impl Trie {
    /// The node behind `text` from `node`; `None` if no literal goes that way.
    pub(super) fn walk(&self, node: u32, text: &str) -> Option<u32> {
        text.chars().try_fold(node, |node, c| self.step(node, c))
    }

    /// The node behind `c`.
    pub(super) fn step(&self, node: u32, c: char) -> Option<u32> {
        let node = number(node);
        if self.steps.may_have(node, c.into()) { self.ways.get(&(node, c)).copied() } else { None }
    }

    /// Atoms of the literal that ends at `node`.
    pub(super) fn atoms(&self, node: u32) -> &[u32] {
        if node & ENDS == 0 {
            return &[];
        }
        let (from, to) = self.nodes[number(node) as usize];
        &self.atoms[from as usize..to as usize]
    }

    /// Whether a literal goes on behind `node`.
    pub(super) fn goes_on(&self, node: u32) -> bool {
        node & GOES_ON != 0
    }
}

/// The number of the node of a handle.
const fn number(handle: u32) -> u32 {
    handle & !(ENDS | GOES_ON)
}
