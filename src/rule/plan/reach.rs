//! What must stand in a document, and in a unit of it, for a branch to hold there: a flat
//! list of what near and seq and words ask for, since most branches are given up here.

use super::{Element, ElementId, Node};
use crate::rule::near;
use crate::rule::scan::Place;

/// A condition.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach {
    /// Something of the element stands in the unit.
    Stands(ElementId),
    /// So do both, and near enough; in this order, if it counts.
    Near { first: ElementId, second: ElementId, distance: u32, ordered: bool },
}

impl Reach {
    /// Whether it is met where elements stand at these `places`.
    pub(crate) fn is_met<'p>(self, places: impl Fn(ElementId) -> &'p [Place]) -> bool {
        match self {
            Self::Stands(element) => !places(element).is_empty(),
            Self::Near { first, second, distance, ordered } => {
                let (first, second) = (places(first), places(second));
                near::pair(first, second, distance) || (!ordered && near::pair(second, first, distance))
            }
        }
    }
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
