//! Which attributes of a respondent can make a difference.

use super::{Compiled, Node, Plan};

impl Plan {
    /// The attributes that rules ask for, in order: respondents alike in these are alike
    /// for all rules.
    pub(crate) fn attributes(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.rules.iter().flat_map(Compiled::branches).for_each(|(_, node)| of(node, &mut found));
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn of(node: &Node, found: &mut Vec<usize>) {
    match node {
        Node::Or(parts) | Node::And(parts) => parts.iter().for_each(|part| of(part, found)),
        Node::Not(part) => of(part, found),
        Node::Attribute { index, .. } => found.push(*index),
        Node::Any(_)
        | Node::Near { .. }
        // The other rule is one of the plan.
        | Node::Rule(_)
        | Node::UnknownAttribute
        | Node::Count { .. }
        | Node::Length { .. } => {}
    }
}
