//! `near` and `seq`: an exhaustive search that is linear in the number of places.
//!
//! State: which elements have been placed (a bit mask) and the place that ends last.
//! For a mask, only the place that ends nearest before the next one matters, since
//! the distance is taken from it alone; so one predecessor per mask is enough. For the
//! widest match ([`hulls`]) it is the one, of those near enough, that began first.

use std::collections::VecDeque;

use super::scan::Place;
use crate::span::Span;

/// The search's memory, used again for the next one.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// All places with their elements.
    places: Vec<(Place, usize)>,
    /// The same by where they end.
    by_end: Vec<usize>,
    /// By place and mask: the place before it, [`START`] at the first, [`NEVER`] if unreached.
    back: Vec<u32>,
    /// By mask: the place that ended last.
    nearest: Vec<u32>,
}

const START: u32 = u32::MAX - 1;
const NEVER: u32 = u32::MAX;

impl Search {
    /// Forgets the last search.
    pub(super) fn clear(&mut self) {
        self.places.clear();
    }

    /// Places of the element of this number, counted from 0.
    pub(super) fn add(&mut self, element: usize, places: &[Place]) {
        self.places.extend(places.iter().map(|place| (*place, element)));
    }

    /// Finds chains that hold one place of each of so many elements, none overlapping,
    /// each beginning at most `distance` morphemes behind the end of the one before it.
    /// For every place that can end a chain, the spans of one chain are added to
    /// `evidence`. Says whether there is any.
    pub(super) fn chains(&mut self, elements: usize, ordered: bool, distance: usize, evidence: &mut Vec<Span>) -> bool {
        self.order();
        let Self { places, by_end, back, nearest } = self;
        let full = (1_usize << elements) - 1;
        let width = full + 1;
        back.clear();
        back.resize(places.len() * width, NEVER);
        nearest.clear();
        nearest.resize(width, NEVER);
        let mut ended = 0;
        let before = evidence.len();
        for at in 0..places.len() {
            let (place, element) = places[at];
            while ended < by_end.len() && places[by_end[ended]].0.span().end <= place.span().start {
                let before = by_end[ended];
                for mask in 1..width {
                    if back[before * width + mask] != NEVER {
                        nearest[mask] = before as u32;
                    }
                }
                ended += 1;
            }
            let bit = 1 << element;
            if !ordered || element == 0 {
                back[at * width + bit] = START;
            }
            for mask in 1..width {
                let fits = if ordered { mask == bit - 1 } else { mask & bit == 0 };
                if fits && nearest[mask] != NEVER && place.first() - places[nearest[mask] as usize].0.last() <= distance
                {
                    back[at * width + (mask | bit)] = nearest[mask];
                }
            }
            // Back along the chain that ends here.
            let (mut at, mut mask) = (at, full);
            while mask != 0 && back[at * width + mask] != NEVER {
                let (place, element) = places[at];
                evidence.push(place.span());
                let before = back[at * width + mask];
                mask &= !(1 << element);
                at = before as usize;
            }
        }
        evidence.len() > before
    }

    /// All places by position, and their order by where they end.
    fn order(&mut self) {
        let Self { places, by_end, .. } = self;
        places.sort_unstable_by_key(|(place, element)| (place.span(), *element));
        by_end.clear();
        by_end.extend(0..places.len());
        by_end.sort_unstable_by_key(|&at| (places[at].0.span().end, at));
    }

    /// What the choices that [`Search::chains`] speaks of span, each from its first to its
    /// last place: for every place that can end one, the widest.
    pub(super) fn hulls(&mut self, elements: usize, ordered: bool, distance: usize) -> Vec<Span> {
        const NEVER: usize = usize::MAX;
        self.order();
        let Self { places, by_end, .. } = self;
        let width = 1_usize << elements;
        // first[place][mask]: where the widest choice of these elements that ends here begins.
        let mut first = vec![NEVER; places.len() * width];
        // Places that ended, for each mask: those that a later one does not better.
        let mut windows: Vec<VecDeque<usize>> = vec![VecDeque::new(); width];
        let mut ended = 0;
        let mut found = Vec::new();
        for at in 0..places.len() {
            let (place, element) = places[at];
            while ended < by_end.len() && places[by_end[ended]].0.span().end <= place.span().start {
                let before = by_end[ended];
                for mask in 1..width {
                    let begins = first[before * width + mask];
                    if begins != NEVER {
                        while windows[mask].back().is_some_and(|&other| first[other * width + mask] >= begins) {
                            windows[mask].pop_back();
                        }
                        windows[mask].push_back(before);
                    }
                }
                ended += 1;
            }
            let bit = 1 << element;
            if !ordered || element == 0 {
                first[at * width + bit] = place.span().start;
            }
            for mask in 1..width {
                let fits = if ordered { mask == bit - 1 } else { mask & bit == 0 };
                if fits {
                    let window = &mut windows[mask];
                    while window.front().is_some_and(|&before| places[before].0.last() + distance < place.first()) {
                        window.pop_front();
                    }
                    if let Some(&before) = window.front() {
                        first[at * width + (mask | bit)] = first[before * width + mask];
                    }
                }
            }
            let begins = first[at * width + width - 1];
            if begins != NEVER {
                found.push(Span::new(begins, place.span().end));
            }
        }
        found
    }
}

/// Whether a place of `second` may begin at most `distance` morphemes behind the end of one
/// of `first`, both by position: exact where there are few. [`Search::chains`] finds none
/// where this says no.
pub(super) fn pair(first: &[Place], second: &[Place], distance: u32) -> bool {
    let distance = distance as usize;
    if first.len() * second.len() > FEW {
        return true;
    }
    second.iter().any(|b| {
        first
            .iter()
            .take_while(|a| a.span().start < b.span().start)
            .any(|a| a.span().end <= b.span().start && b.first().saturating_sub(a.last()) <= distance)
    })
}

/// What [`Search::chains`] finds for two elements of few places, without its tables: adds the
/// spans of both places of every chain to `evidence`. `None` if there are too many.
pub(super) fn few(
    first: &[Place],
    second: &[Place],
    ordered: bool,
    distance: usize,
    evidence: &mut Vec<Span>,
) -> Option<bool> {
    if first.len() * second.len() > FEW {
        return None;
    }
    let before = evidence.len();
    let mut ending = |from: &[Place], to: &[Place]| {
        for end in to {
            // The nearest place before it, as the search chooses: the last to end, and of
            // those that end together the last to begin.
            let fits = from.iter().filter(|begin| begin.span().end <= end.span().start);
            let nearest = fits.max_by_key(|begin| (begin.span().end, begin.span().start));
            if let Some(begin) = nearest.filter(|begin| end.first().saturating_sub(begin.last()) <= distance) {
                evidence.extend([begin.span(), end.span()]);
            }
        }
    };
    ending(first, second);
    if !ordered {
        ending(second, first);
    }
    Some(evidence.len() > before)
}

/// So many pairs are tried one by one.
const FEW: usize = 64;
