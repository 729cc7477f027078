//! What is to be known of a branch before it is tried, all of it side by side: most
//! branches that a document wakes are given up here.

use super::gates::{Gate, Gates};
use super::needs::Needs;
use super::reach::{self, Reach};
use super::{BranchId, Compiled, Element, ElementId, Node, Part, SetId};
use crate::rule::scan::Place;

/// A branch: whose it is, and where its parts of the lists in [`Branches`] end. They begin
/// where those of the branch before it end.
#[derive(Clone, Copy, Debug, Default)]
struct Branch {
    rule: u32,
    part: Part,
    gates: u32,
    mentions: u32,
    reaches: u32,
}

/// All branches, by their numbers.
#[derive(Debug)]
pub(crate) struct Branches {
    /// One more than there are: the first is before all.
    all: Vec<Branch>,
    gates: Vec<Gate>,
    mentions: Vec<Mention>,
    reaches: Vec<Reach>,
    /// The sets that words and phrases of each element are of.
    sets: Vec<SetId>,
}

/// An element that a branch speaks of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mention {
    pub element: ElementId,
    /// Range of [`Branches::sets`].
    sets: (u32, u32),
}

impl Branches {
    pub(super) fn new(rules: &[Compiled], elements: &[Element], frequencies: &[u32], needs: &Needs<'_>) -> Self {
        let mut sets = Vec::new();
        let own: Vec<(u32, u32)> = elements
            .iter()
            .map(|element| {
                let from = sets.len() as u32;
                sets.extend(element.sets.iter().chain(element.phrases.iter().flatten()));
                (from, sets.len() as u32)
            })
            .collect();
        let mut branches =
            Self { all: vec![Branch::default()], gates: Vec::new(), mentions: Vec::new(), reaches: Vec::new(), sets };
        let gates = Gates::new(elements, frequencies, needs);
        for (rule, compiled) in (0..).zip(rules) {
            for (part, node) in compiled.branches() {
                gates.of(node, &mut branches.gates);
                let mut mentioned = Vec::new();
                mentions(node, &mut mentioned);
                mentioned.sort_unstable();
                mentioned.dedup();
                let mention = |element: ElementId| Mention { element, sets: own[element as usize] };
                branches.mentions.extend(mentioned.into_iter().map(mention));
                reach::add(node, elements, &mut branches.reaches);
                branches.all.push(Branch {
                    rule,
                    part,
                    gates: branches.gates.len() as u32,
                    mentions: branches.mentions.len() as u32,
                    reaches: branches.reaches.len() as u32,
                });
            }
        }
        branches
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len() - 1
    }

    /// The rule of `branch`, and the part of it.
    pub(crate) fn owner(&self, branch: BranchId) -> (usize, Part) {
        let Branch { rule, part, .. } = self.all[branch + 1];
        (rule as usize, part)
    }

    /// What must stand in a document for `branch` to be worth trying there.
    pub(crate) fn gates(&self, branch: BranchId) -> &[Gate] {
        &self.gates[self.all[branch].gates as usize..self.all[branch + 1].gates as usize]
    }

    /// The elements that `branch` speaks of.
    pub(crate) fn mentions(&self, branch: BranchId) -> &[Mention] {
        &self.mentions[self.all[branch].mentions as usize..self.all[branch + 1].mentions as usize]
    }

    /// Whether `branch` can hold where elements stand at these `places`, of a document or of
    /// a unit.
    pub(crate) fn is_in_reach<'p>(&self, branch: BranchId, places: impl Fn(ElementId) -> &'p [Place]) -> bool {
        let reaches = &self.reaches[self.all[branch].reaches as usize..self.all[branch + 1].reaches as usize];
        reaches.iter().all(|reach| reach.is_met(&places))
    }

    /// The sets that words and phrases of an element are of.
    pub(crate) fn sets(&self, mention: Mention) -> &[SetId] {
        &self.sets[mention.sets.0 as usize..mention.sets.1 as usize]
    }
}

fn mentions(node: &Node, found: &mut Vec<ElementId>) {
    match node {
        Node::Any(element) | Node::Count { element, .. } => found.push(*element),
        Node::Near { elements, .. } => found.extend(elements),
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| mentions(part, found)),
        Node::Not(inner) => mentions(inner, found),
        Node::Rule(_) | Node::Attribute { .. } | Node::UnknownAttribute | Node::Length { .. } => {}
    }
}
