//! A tree of characters: which of many literals begin here.

use super::filter::Filter;

/// The root.
pub(super) const ROOT: u32 = 0;

/// Literals by their characters, each with the atoms it stands for. The children of a node
/// follow each other, and those of the first of them come next: to walk down a word is to
/// read on.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    atoms: Vec<u32>,
    /// Which characters lead on from which nodes, to answer most questions with no.
    steps: Filter,
}

#[derive(Debug)]
struct Node {
    /// The last character of the literals that end or go on here.
    c: char,
    /// Range of the nodes behind it, by their characters.
    children: (u32, u32),
    /// Range of the atoms of the literal that ends here.
    atoms: (u32, u32),
}

impl Trie {
    /// The tree of these literals, each with its atom.
    pub(super) fn new(mut literals: Vec<(String, u32)>) -> Self {
        literals.sort_unstable();
        let root = Node { c: '\0', children: (0, 0), atoms: (0, 0) };
        let mut trie = Self { nodes: vec![root], atoms: Vec::new(), steps: Filter::default() };
        trie.grow(ROOT, &literals, 0);
        trie
    }

    /// Puts `literals`, sorted and alike in their first `depth` bytes, below `node`.
    fn grow(&mut self, node: u32, literals: &[(String, u32)], depth: usize) {
        let end = literals.partition_point(|(literal, _)| literal.len() == depth);
        let (here, behind) = literals.split_at(end);
        let from = self.atoms.len() as u32;
        self.atoms.extend(here.iter().map(|(_, atom)| *atom));
        self.nodes[node as usize].atoms = (from, self.atoms.len() as u32);

        let next = |literal: &(String, u32)| literal.0[depth..].chars().next();
        let first = self.nodes.len() as u32;
        for same in behind.chunk_by(|a, b| next(a) == next(b)) {
            let Some(c) = next(&same[0]) else { continue };
            self.steps.insert(node, c.into());
            self.nodes.push(Node { c, children: (0, 0), atoms: (0, 0) });
        }
        self.nodes[node as usize].children = (first, self.nodes.len() as u32);
        for (child, same) in (first..).zip(behind.chunk_by(|a, b| next(a) == next(b))) {
            let c = self.nodes[child as usize].c;
            self.grow(child, same, depth + c.len_utf8());
        }
    }

    /// The node behind `text` from `node`; `None` if no literal goes that way.
    pub(super) fn walk(&self, node: u32, text: &str) -> Option<u32> {
        text.chars().try_fold(node, |node, c| self.step(node, c))
    }

    /// Whether there may be a node behind `c`; sometimes yes where there is none.
    pub(super) fn may_step(&self, node: u32, c: char) -> bool {
        self.steps.may_have(node, c.into())
    }

    /// The node behind `c`.
    pub(super) fn step(&self, node: u32, c: char) -> Option<u32> {
        if !self.may_step(node, c) {
            return None;
        }
        let (from, to) = self.nodes[node as usize].children;
        let children = &self.nodes[from as usize..to as usize];
        children.binary_search_by_key(&c, |child| child.c).ok().map(|at| from + at as u32)
    }

    /// Atoms of the literal that ends at `node`.
    pub(super) fn atoms(&self, node: u32) -> &[u32] {
        let (from, to) = self.nodes[node as usize].atoms;
        &self.atoms[from as usize..to as usize]
    }

    /// Whether a literal goes on behind `node`.
    pub(super) fn goes_on(&self, node: u32) -> bool {
        let (from, to) = self.nodes[node as usize].children;
        from < to
    }
}
