//! `near` and `seq` by their definition: one place of each element, none overlapping, each
//! beginning at most so many morphemes behind the end of the one before it.

use std::collections::HashMap;

use super::places::Place;
use crate::span::Span;

/// Places of all elements; `places[at]` is of element `elements[at]`.
pub(super) struct Field<'p, 'r> {
    places: Vec<(&'p Place<'r>, usize)>,
    ordered: bool,
    count: usize,
}

type Ends = HashMap<(usize, usize), Option<Option<usize>>>;

impl<'p, 'r> Field<'p, 'r> {
    pub(super) fn new(elements: &'p [Vec<Place<'r>>], ordered: bool) -> Self {
        let mut places: Vec<(&Place, usize)> = Vec::new();
        for (element, own) in elements.iter().enumerate() {
            places.extend(own.iter().map(|place| (place, element)));
        }
        places.sort_by_key(|(place, element)| (place.span.end, place.span.start, *element));
        Self { places, ordered, count: elements.len() }
    }

    /// For every place that can end a choice, the choice made backwards, each time with
    /// the place that ends last.
    pub(super) fn chains(&self, distance: usize) -> Vec<Vec<&'p Place<'r>>> {
        let full = (1 << self.count) - 1;
        let mut known = Ends::new();
        let mut chains = Vec::new();
        for end in 0..self.places.len() {
            let mut before = self.before(end, full, distance, &mut known);
            let Some(_) = before else { continue };
            let (mut at, mut mask) = (end, full);
            let mut chain = vec![self.places[end].0];
            while let Some(Some(previous)) = before {
                mask &= !(1 << self.places[at].1);
                at = previous;
                chain.push(self.places[at].0);
                before = self.before(at, mask, distance, &mut known);
            }
            chain.reverse();
            chains.push(chain);
        }
        chains
    }

    /// Whether a choice of the elements `mask` can end at place `at`: the place before it,
    /// `Some(None)` where it is the first, `None` if it cannot.
    fn before(&self, at: usize, mask: usize, distance: usize, known: &mut Ends) -> Option<Option<usize>> {
        if let Some(known) = known.get(&(at, mask)) {
            return *known;
        }
        let (place, element) = self.places[at];
        let rest = mask & !(1 << element);
        let last_in_order = !self.ordered || rest == (1 << element) - 1;
        let found = if mask & (1 << element) == 0 || !last_in_order {
            None
        } else if rest == 0 {
            Some(None)
        } else {
            // The distance is taken from the place before it alone, so only the nearest matters.
            let nearest = (0..self.places.len()).rev().find(|&other| {
                self.places[other].0.span.end <= place.span.start && self.before(other, rest, distance, known).is_some()
            });
            nearest.filter(|&other| gap(self.places[other].0, place) <= distance).map(Some)
        };
        known.insert((at, mask), found);
        found
    }

    /// What the choices span, the widest for each place that can end one.
    pub(super) fn hulls(&self, distance: usize) -> Vec<Span> {
        let full = (1 << self.count) - 1;
        let mut known = HashMap::new();
        (0..self.places.len())
            .filter_map(|end| {
                let begin = self.earliest(end, full, distance, &mut known)?;
                Some(Span::new(begin, self.places[end].0.span.end))
            })
            .collect()
    }

    /// Where the widest choice of the elements `mask` that ends at place `at` begins.
    fn earliest(
        &self,
        at: usize,
        mask: usize,
        distance: usize,
        known: &mut HashMap<(usize, usize), Option<usize>>,
    ) -> Option<usize> {
        if let Some(known) = known.get(&(at, mask)) {
            return *known;
        }
        let (place, element) = self.places[at];
        let rest = mask & !(1 << element);
        let found = if mask & (1 << element) == 0 || (self.ordered && rest != (1 << element) - 1) {
            None
        } else if rest == 0 {
            Some(place.span.start)
        } else {
            (0..self.places.len())
                .filter(|&other| {
                    let before = self.places[other].0;
                    before.span.end <= place.span.start && gap(before, place) <= distance
                })
                .filter_map(|other| self.earliest(other, rest, distance, known))
                .min()
        };
        known.insert((at, mask), found);
        found
    }
}

/// How many morphemes `after` begins behind the end of `before`; 1 is side by side.
pub(super) fn gap(before: &Place<'_>, after: &Place<'_>) -> usize {
    after.first.saturating_sub(before.last)
}

/// How many places can be counted without overlap, from the left.
pub(super) fn apart(places: &[Place<'_>]) -> usize {
    let mut spans: Vec<Span> = places.iter().map(|place| place.span).collect();
    spans.sort_unstable_by_key(|span| (span.end, span.start));
    let (mut end, mut count) = (0, 0);
    for span in spans {
        if span.start >= end {
            (end, count) = (span.end, count + 1);
        }
    }
    count
}
