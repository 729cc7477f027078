//! A tree of characters: which of many literals begin here.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// The root's number.
pub(super) const ROOT: u32 = 0;

/// Literals by their characters, each with the atoms it stands for.
#[derive(Debug, Default)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    /// The ways on from one node after another, each node's by character.
    edges: Vec<(char, u32)>,
    /// The ways on from the root, which are many.
    roots: FxHashMap<char, u32>,
    /// Atoms of one node after another.
    atoms: Vec<u32>,
    /// A bit for each step there is, by [`mix`]: most questions are answered here with no,
    /// without a search.
    steps: Vec<u64>,
    /// The same for the first two characters of literals, or the only one and [`NONE`].
    heads: Vec<u64>,
}

/// Ranges of [`Trie::edges`] and of [`Trie::atoms`].
#[derive(Clone, Copy, Debug)]
struct Node {
    edges: (u32, u32),
    atoms: (u32, u32),
}

/// Literals being gathered into a tree.
#[derive(Debug)]
pub(super) struct Builder {
    nodes: Vec<(BTreeMap<char, u32>, Vec<u32>)>,
    heads: Vec<u64>,
}

/// How many bits a filter has, as a power of two.
const FILTER: u32 = 16;

/// No character.
const NONE: char = '\0';

/// Scatters two numbers over the bits of a filter.
fn mix(a: u32, b: char) -> usize {
    let mixed = (u64::from(a) << 21 | u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - FILTER)) as usize
}

fn has(filter: &[u64], bit: usize) -> bool {
    filter[bit / 64] & (1 << (bit % 64)) != 0
}

fn filter() -> Vec<u64> {
    vec![0; 1 << (FILTER - 6)]
}

impl Builder {
    pub(super) fn new() -> Self {
        Self { nodes: vec![(BTreeMap::new(), Vec::new())], heads: filter() }
    }

    pub(super) fn insert(&mut self, literal: &str, atom: u32) {
        let mut first = literal.chars();
        if let Some(c) = first.next() {
            let bit = mix(c.into(), first.next().unwrap_or(NONE));
            self.heads[bit / 64] |= 1 << (bit % 64);
        }
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
        let Self { nodes, heads } = self;
        let mut trie = Trie {
            nodes: Vec::with_capacity(nodes.len()),
            edges: Vec::new(),
            roots: nodes[ROOT as usize].0.iter().map(|(c, child)| (*c, *child)).collect(),
            atoms: Vec::new(),
            steps: filter(),
            heads,
        };
        for (node, (children, atoms)) in (0..).zip(nodes) {
            let from = (trie.edges.len() as u32, trie.atoms.len() as u32);
            for (c, child) in children {
                let bit = mix(node, c);
                trie.steps[bit / 64] |= 1 << (bit % 64);
                trie.edges.push((c, child));
            }
            trie.atoms.extend(atoms);
            let (edges, atoms) = (trie.edges.len() as u32, trie.atoms.len() as u32);
            trie.nodes.push(Node { edges: (from.0, edges), atoms: (from.1, atoms) });
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
        if !has(&self.steps, mix(node, c)) {
            return None;
        }
        if node == ROOT {
            return self.roots.get(&c).copied();
        }
        let (from, to) = self.nodes[node as usize].edges;
        let edges = &self.edges[from as usize..to as usize];
        if edges.len() <= FEW {
            return edges.iter().find(|(edge, _)| *edge == c).map(|(_, child)| *child);
        }
        edges.binary_search_by_key(&c, |(edge, _)| *edge).ok().map(|at| edges[at].1)
    }

    /// Whether a literal may begin with `c` and, unless it is of one character, `next`.
    pub(super) fn may_begin(&self, c: char, next: Option<char>) -> bool {
        has(&self.heads, mix(c.into(), next.unwrap_or(NONE))) || has(&self.heads, mix(c.into(), NONE))
    }

    /// Atoms of the literal that ends at `node`.
    pub(super) fn atoms(&self, node: u32) -> &[u32] {
        let (from, to) = self.nodes[node as usize].atoms;
        &self.atoms[from as usize..to as usize]
    }

    /// Whether a literal goes on behind `node`.
    pub(super) fn goes_on(&self, node: u32) -> bool {
        let (from, to) = self.nodes[node as usize].edges;
        from < to
    }
}

/// So many ways on are looked through one by one.
const FEW: usize = 8;
