//! What must stand in a unit for a branch to hold there: a flat list of what near and seq
//! and words ask for, since most live branches are given up here.

use super::{Compiled, Element, ElementId, Node};

/// A condition.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach {
    /// Something of the element stands in the unit.
    Stands(ElementId),
    /// So do both, and near enough; in this order, if it counts.
    Near { first: ElementId, second: ElementId, distance: u32, ordered: bool },
}

/// The conditions of all branches.
#[derive(Debug, Default)]
pub(crate) struct Reaches {
    all: Vec<Reach>,
    /// Where those of each branch end.
    ends: Vec<u32>,
}

impl Reaches {
    pub(super) fn new(rules: &[Compiled], elements: &[Element]) -> Self {
        let mut reaches = Self::default();
        for node in rules.iter().flat_map(Compiled::branches) {
            reaches.add(node, elements);
            reaches.ends.push(reaches.all.len() as u32);
        }
        reaches
    }

    fn add(&mut self, node: &Node, elements: &[Element]) {
        // Where a pattern matches is not known before it is tried.
        let is_plain = |element: &ElementId| elements[*element as usize].regexes.is_empty();
        match node {
            Node::Any(element) if is_plain(element) => self.all.push(Reach::Stands(*element)),
            Node::Near { elements: near, ordered, distance } => match near[..] {
                [first, second] if is_plain(&first) && is_plain(&second) => {
                    let distance = u32::try_from(*distance).unwrap_or(u32::MAX);
                    self.all.push(Reach::Near { first, second, distance, ordered: *ordered });
                }
                _ => self.all.extend(near.iter().filter(|element| is_plain(element)).map(|own| Reach::Stands(*own))),
            },
            Node::And(parts) => parts.iter().for_each(|part| self.add(part, elements)),
            _ => {}
        }
    }

    /// Those of one branch: all must be met.
    pub(crate) fn of(&self, branch: usize) -> &[Reach] {
        let from = branch.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[from as usize..self.ends[branch] as usize]
    }
}
