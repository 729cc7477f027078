//! What must have been seen in an answer for a rule to be worth trying.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{BranchId, Compiled, Element, ElementId, Node, SetId};

/// Works out which sets a node cannot hold without.
pub(super) struct Needs<'n> {
    compiled: &'n [Compiled],
    elements: &'n [Element],
    /// In how many typical texts something of each set stands.
    frequencies: &'n [u32],
    /// What each rule needs, worked out once however many others ask for it.
    known: RefCell<HashMap<usize, Option<Vec<SetId>>>>,
}

impl<'n> Needs<'n> {
    pub(super) fn new(compiled: &'n [Compiled], elements: &'n [Element], frequencies: &'n [u32]) -> Self {
        Self { compiled, elements, frequencies, known: RefCell::default() }
    }

    /// For each set the branches it wakes, and the branches that need none.
    pub(super) fn wakes(&self, set_count: usize) -> (Vec<Vec<u32>>, Vec<BranchId>) {
        let (mut wakes, mut always) = (vec![Vec::new(); set_count], Vec::new());
        for (branch, (_, node)) in self.compiled.iter().flat_map(Compiled::branches).enumerate() {
            match self.sets(node) {
                None => always.push(branch),
                Some(sets) => sets.into_iter().for_each(|set| wakes[set as usize].push(branch as u32)),
            }
        }
        (wakes, always)
    }

    /// At least one of the sets, which rise, must have been seen for `node` to hold; `None`
    /// if it can hold without any.
    pub(super) fn sets(&self, node: &Node) -> Option<Vec<SetId>> {
        let mut sets = self.of(node)?;
        sets.sort_unstable();
        sets.dedup();
        Some(sets)
    }

    fn of(&self, node: &Node) -> Option<Vec<SetId>> {
        match node {
            Node::Any(element) => self.element(*element),
            Node::Near { elements, .. } => self.rarest(elements.iter().map(|element| self.element(*element))),
            Node::And(parts) => self.rarest(parts.iter().map(|part| self.of(part))),
            Node::Or(parts) => self.union(parts),
            Node::Rule(rules) => {
                let mut all = Vec::new();
                for rule in rules {
                    all.extend(self.rule(*rule)?);
                }
                all.sort_unstable();
                all.dedup();
                Some(all)
            }
            Node::Count { element, compare, number } if !compare.holds(0, *number) => self.element(*element),
            Node::Not(_) | Node::Attribute { .. } | Node::Count { .. } | Node::Length { .. } => None,
            Node::UnknownAttribute => Some(Vec::new()),
        }
    }

    fn rule(&self, rule: usize) -> Option<Vec<SetId>> {
        if let Some(known) = self.known.borrow().get(&rule) {
            return known.clone();
        }
        let needs = self.union(&self.compiled[rule].rule);
        self.known.borrow_mut().insert(rule, needs.clone());
        needs
    }

    fn union(&self, nodes: &[Node]) -> Option<Vec<SetId>> {
        nodes.iter().map(|node| self.of(node)).try_fold(Vec::new(), |mut all, needs| {
            all.extend(needs?);
            Some(all)
        })
    }

    fn element(&self, element: ElementId) -> Option<Vec<SetId>> {
        let element = &self.elements[element as usize];
        let phrases = element.phrases.iter().filter_map(|phrase| phrase.first().copied()).map(Some);
        let regexes = element.regexes.iter().map(|(_, set)| *set);
        element.sets.iter().copied().map(Some).chain(phrases).chain(regexes).collect()
    }

    /// The needs of the part that is seen least: the fewer branches are woken in vain.
    fn rarest(&self, needs: impl Iterator<Item = Option<Vec<SetId>>>) -> Option<Vec<SetId>> {
        needs.flatten().min_by_key(|sets| sets.iter().map(|set| self.frequencies[*set as usize]).sum::<u32>())
    }
}
