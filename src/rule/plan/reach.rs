//! What must stand in a unit for a branch to hold there: a flat list of what near and seq
//! and words ask for, since most live branches are given up here.

use super::{Element, ElementId, Node};

/// A condition.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach {
    /// Something of the element stands in the unit.
    Stands(ElementId),
    /// So do both, and near enough; in this order, if it counts.
    Near { first: ElementId, second: ElementId, distance: u32, ordered: bool },
}

/// Adds those of the branch `node` to `reaches`: all must be met.
pub(super) fn add(node: &Node, elements: &[Element], reaches: &mut Vec<Reach>) {
    // Where a pattern matches is not known before it is tried.
    let is_plain = |element: &ElementId| elements[*element as usize].regexes.is_empty();
    match node {
        Node::Any(element) if is_plain(element) => reaches.push(Reach::Stands(*element)),
        Node::Near { elements: near, ordered, distance } => match near[..] {
            [first, second] if is_plain(&first) && is_plain(&second) => {
                let distance = u32::try_from(*distance).unwrap_or(u32::MAX);
                reaches.push(Reach::Near { first, second, distance, ordered: *ordered });
            }
            _ => reaches.extend(near.iter().filter(|element| is_plain(element)).map(|own| Reach::Stands(*own))),
        },
        Node::And(parts) => parts.iter().for_each(|part| add(part, elements, reaches)),
        _ => {}
    }
}
