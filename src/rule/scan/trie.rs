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
    /// A bit for each step there is, by [`mix`]: most questions are answered here with no,
    /// without a search.
    steps: Vec<u64>,
    /// The same for the first two characters of literals, or the only one and [`NONE`].
    heads: Vec<u64>,
}

/// How many bits a filter has, as a power of two.
const FILTER: u32 = 17;

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

impl Trie {
    pub(super) fn new() -> Self {
        let filter = || vec![0; 1 << (FILTER - 6)];
        let (steps, heads) = (filter(), filter());
        Self { next: FxHashMap::default(), atoms: vec![Vec::new()], goes_on: vec![false], steps, heads }
    }

    pub(super) fn insert(&mut self, literal: &str, atom: u32) {
        let mut first = literal.chars();
        if let Some(c) = first.next() {
            let bit = mix(c.into(), first.next().unwrap_or(NONE));
            self.heads[bit / 64] |= 1 << (bit % 64);
        }
        let mut node = ROOT;
        for c in literal.chars() {
            let bit = mix(node, c);
            self.steps[bit / 64] |= 1 << (bit % 64);
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
        if has(&self.steps, mix(node, c)) { self.next.get(&(node, c)).copied() } else { None }
    }

    /// Whether a literal may begin with `c` and, unless it is of one character, `next`.
    pub(super) fn may_begin(&self, c: char, next: Option<char>) -> bool {
        has(&self.heads, mix(c.into(), next.unwrap_or(NONE))) || has(&self.heads, mix(c.into(), NONE))
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
