//! What must stand somewhere in a document for a branch to be worth trying there: a
//! flat list to look through instead of a tree, since it is done for many branches of
//! every document.

use super::needs::Needs;
use super::{BranchId, Element, ElementId, Node, Plan, SetId};
use crate::rule::scan::{Hits, has};

/// A condition: groups of alternatives, each closed by [`Gate::End`]; one alternative of
/// every group must be there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Gate {
    /// Something of the set has been seen.
    Set(SetId),
    /// A branch of the rule is awake.
    Rule(u32),
    /// The end of a group.
    End,
}

impl Gate {
    fn is_one_of(self, sets: &[SetId]) -> bool {
        matches!(self, Self::Set(set) if sets.binary_search(&set).is_ok())
    }
}

/// Works out the gates of branches.
pub(super) struct Gates<'g> {
    elements: &'g [Element],
    frequencies: &'g [u32],
    needs: &'g Needs<'g>,
}

impl<'g> Gates<'g> {
    pub(super) fn new(elements: &'g [Element], frequencies: &'g [u32], needs: &'g Needs<'g>) -> Self {
        Self { elements, frequencies, needs }
    }

    /// Adds those of the branch `node` to `gates`.
    pub(super) fn of(&self, node: &Node, gates: &mut Vec<Gate>) {
        let frequency =
            |gate: &Gate| if let Gate::Set(set) = gate { self.frequencies[*set as usize] } else { u32::MAX / 4096 };
        let mut groups = groups(node, self.elements);
        // What wakes the branch is there when its conditions are looked through.
        if let Some(wakers) = self.needs.sets(node) {
            let wakes = |group: &Vec<Gate>| group.iter().all(|gate| gate.is_one_of(&wakers));
            groups.retain(|group| !(group.len() == wakers.len() && wakes(group)));
        }
        // The rarest first: most branches are given up there.
        groups.sort_by_key(|group| group.iter().map(frequency).fold(0, u32::saturating_add));
        for group in groups {
            gates.extend(group);
            gates.push(Gate::End);
        }
    }
}

/// Whether a branch with these gates may hold somewhere in the document of `hits`.
pub(crate) fn are_open(gates: &[Gate], plan: &Plan, hits: &Hits, awake: &[u64]) -> bool {
    let mut any = false;
    for gate in gates {
        match gate {
            Gate::Set(set) => any |= hits.is_seen(*set),
            Gate::Rule(rule) => {
                let rule = &plan.rules[*rule as usize];
                let mut branches = rule.first..rule.first + rule.rule.len();
                any |= branches.any(|branch: BranchId| has(awake, branch as u32));
            }
            Gate::End if any => any = false,
            Gate::End => return false,
        }
    }
    true
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
