//! What must stand somewhere in a document for a branch to be worth trying there: a
//! flat list to look through instead of a tree, since it is done for many branches of
//! every document.

use super::needs::Needs;
use super::rows::Rows;
use super::{BranchId, Compiled, Element, ElementId, Node, Plan, SetId};
use crate::rule::scan::Hits;

/// A condition: groups of alternatives, each closed by [`Gate::End`]; one alternative of
/// every group must be there.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gate {
    /// Something of the set has been seen.
    Set(SetId),
    /// A branch of the rule is awake.
    Rule(u32),
    /// The end of a group.
    End,
}

/// The conditions of all branches and the elements they speak of.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    gates: Vec<Gate>,
    /// Where the gates of each branch end.
    ends: Vec<u32>,
    /// The elements each branch speaks of.
    mentions: Rows,
}

impl Gate {
    fn is_one_of(self, sets: &[SetId]) -> bool {
        matches!(self, Self::Set(set) if sets.binary_search(&set).is_ok())
    }
}

impl Gates {
    pub(super) fn new(rules: &[Compiled], elements: &[Element], frequencies: &[u32], needs: &Needs<'_>) -> Self {
        let mut gates = Self::default();
        let frequency =
            |gate: &Gate| if let Gate::Set(set) = gate { frequencies[*set as usize] } else { u32::MAX / 4096 };
        for rule in rules {
            for node in rule.branches() {
                let mut groups = groups(node, elements);
                // What wakes the branch is there when its conditions are looked through.
                if let Some(wakers) = needs.sets(node) {
                    let wakes = |group: &Vec<Gate>| group.iter().all(|gate| gate.is_one_of(&wakers));
                    groups.retain(|group| !(group.len() == wakers.len() && wakes(group)));
                }
                // The rarest first: most branches are given up there.
                groups.sort_by_key(|group| group.iter().map(frequency).fold(0, u32::saturating_add));
                for group in groups {
                    gates.gates.extend(group);
                    gates.gates.push(Gate::End);
                }
                gates.ends.push(gates.gates.len() as u32);
                let mut mentions = Vec::new();
                mentioned(node, &mut mentions);
                gates.mentions.push(distinct(mentions));
            }
        }
        gates
    }

    /// Whether `branch` may hold somewhere in the document of `hits`.
    pub(crate) fn open(&self, branch: BranchId, plan: &Plan, hits: &Hits, awake: &[u64]) -> bool {
        let from = branch.checked_sub(1).map_or(0, |before| self.ends[before]);
        let mut any = false;
        for gate in &self.gates[from as usize..self.ends[branch] as usize] {
            match gate {
                Gate::Set(set) => any |= hits.is_seen(*set),
                Gate::Rule(rule) => {
                    let rule = &plan.rules[*rule as usize];
                    let mut branches = rule.first..rule.first + rule.rule.len();
                    any |= branches.any(|branch| awake[branch / 64] & (1 << (branch % 64)) != 0);
                }
                Gate::End if any => any = false,
                Gate::End => return false,
            }
        }
        true
    }

    /// The elements that `branch` speaks of.
    pub(crate) fn mentions(&self, branch: BranchId) -> &[ElementId] {
        self.mentions.row(branch)
    }
}

/// Alternatives without which `node` cannot hold, as far as they can be told.
fn groups(node: &Node, elements: &[Element]) -> Vec<Vec<Gate>> {
    let one_of = |element: &ElementId| one_of(&elements[*element as usize]);
    match node {
        Node::Any(element) => one_of(element).into_iter().collect(),
        Node::Near { elements, .. } => elements.iter().filter_map(one_of).collect(),
        Node::And(parts) => parts.iter().flat_map(|part| groups(part, elements)).collect(),
        Node::Or(parts) => {
            // One group of each alternative: without any of them none can hold.
            let all: Option<Vec<Vec<Gate>>> =
                parts.iter().map(|part| groups(part, elements).into_iter().next()).collect();
            all.map(|groups| groups.concat()).into_iter().collect()
        }
        Node::Rule(rules) => vec![rules.iter().map(|rule| Gate::Rule(*rule as u32)).collect()],
        Node::UnknownAttribute => vec![Vec::new()],
        Node::Not(_) | Node::Attribute { .. } | Node::Count { .. } | Node::Length { .. } => Vec::new(),
    }
}

fn one_of(element: &Element) -> Option<Vec<Gate>> {
    let phrases = element.phrases.iter().filter_map(|words| words.first().copied()).map(Some);
    let regexes = element.regexes.iter().map(|(_, set)| *set);
    let sets = element.sets.iter().copied().map(Some).chain(phrases).chain(regexes);
    sets.map(|set| set.map(Gate::Set)).collect()
}

fn mentioned(node: &Node, found: &mut Vec<ElementId>) {
    match node {
        Node::Any(element) | Node::Count { element, .. } => found.push(*element),
        Node::Near { elements, .. } => found.extend(elements),
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| mentioned(part, found)),
        Node::Not(inner) => mentioned(inner, found),
        Node::Rule(_) | Node::Attribute { .. } | Node::UnknownAttribute | Node::Length { .. } => {}
    }
}

fn distinct(mut elements: Vec<ElementId>) -> Vec<ElementId> {
    elements.sort_unstable();
    elements.dedup();
    elements
}
