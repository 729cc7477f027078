//! What must stand somewhere in a document for a branch to be worth trying there: a
//! flat list to look through instead of a tree, since it is done for many branches of
//! every document.

use super::{BranchId, Compiled, Element, Node, Plan, SetId};
use crate::rule::scan::{Bits, Hits, to_bits};

/// A condition: groups of alternatives, each closed by [`Gate::End`]; one alternative of
/// every group must be there.
#[derive(Clone, Copy, Debug)]
enum Gate {
    /// Something of the set has been seen.
    Set(SetId),
    /// A branch of the rule is awake.
    Rule(u32),
    /// The end of a group.
    End,
}

/// The conditions of all branches and the sets they speak of.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    gates: Vec<Gate>,
    /// Where the gates of each branch end.
    ends: Vec<u32>,
    /// The sets each branch speaks of.
    mentions: Vec<Vec<(u32, u64)>>,
    /// The sets the `except` of each rule speaks of.
    excepts: Vec<Vec<(u32, u64)>>,
}

impl Gates {
    pub(super) fn new(rules: &[Compiled], frequencies: &[u32]) -> Self {
        let mut gates = Self::default();
        let frequency =
            |gate: &Gate| if let Gate::Set(set) = gate { frequencies[*set as usize] } else { u32::MAX / 4096 };
        for rule in rules {
            for node in rule.rule.iter().chain(&rule.maybe) {
                let mut groups = groups(node);
                // The rarest first: most branches are given up there.
                groups.sort_by_key(|group| group.iter().map(frequency).fold(0, u32::saturating_add));
                for group in groups {
                    gates.gates.extend(group);
                    gates.gates.push(Gate::End);
                }
                gates.ends.push(gates.gates.len() as u32);
                let mut sets = Vec::new();
                mentioned(node, &mut sets);
                gates.mentions.push(to_bits(sets));
            }
            let mut sets = Vec::new();
            rule.except.iter().for_each(|element| named(element, &mut sets));
            rule.except_near.iter().for_each(|node| mentioned(node, &mut sets));
            gates.excepts.push(to_bits(sets));
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

    /// The sets that `branch` speaks of.
    pub(crate) fn mentions(&self, branch: BranchId) -> &Bits {
        &self.mentions[branch]
    }

    /// The sets that the `except` of `rule` speaks of.
    pub(crate) fn excepts(&self, rule: usize) -> &Bits {
        &self.excepts[rule]
    }
}

/// Alternatives without which `node` cannot hold, as far as they can be told.
fn groups(node: &Node) -> Vec<Vec<Gate>> {
    match node {
        Node::Any(element) => one_of(element).into_iter().collect(),
        Node::Near { elements, .. } => elements.iter().filter_map(one_of).collect(),
        Node::And(parts) => parts.iter().flat_map(groups).collect(),
        Node::Or(parts) => {
            // One group of each alternative: without any of them none can hold.
            let all: Option<Vec<Vec<Gate>>> = parts.iter().map(|part| groups(part).into_iter().next()).collect();
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

fn mentioned(node: &Node, sets: &mut Vec<SetId>) {
    match node {
        Node::Any(element) | Node::Count { element, .. } => named(element, sets),
        Node::Near { elements, .. } => elements.iter().for_each(|element| named(element, sets)),
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| mentioned(part, sets)),
        Node::Not(inner) => mentioned(inner, sets),
        Node::Rule(_) | Node::Attribute { .. } | Node::UnknownAttribute | Node::Length { .. } => {}
    }
}

fn named(element: &Element, sets: &mut Vec<SetId>) {
    sets.extend(&element.sets);
    element.phrases.iter().for_each(|words| sets.extend(words));
}
