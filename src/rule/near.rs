//! `near` and `seq`: an exhaustive search that is linear in the number of places.
//!
//! State: which elements have been placed (a bit mask) and the place that ends last.
//! For a mask, only the place that ends nearest before the next one matters, since
//! the distance is taken from it alone; so one predecessor per mask is enough. For the
//! widest match ([`hulls`]) it is the one, of those near enough, that began first.

use std::collections::VecDeque;

use super::scan::Place;
use crate::span::Span;

/// A chain of places found, one per element, in the order of the text.
pub(super) type Chain = Vec<Place>;

/// Chains that hold one place of each element, none overlapping, each beginning at
/// most `distance` morphemes behind the end of the one before it. For every place
/// that can end a chain, one chain is given.
pub(super) fn chains<E: AsRef<[Place]>>(elements: &[E], ordered: bool, distance: usize) -> Vec<Chain> {
    let full = (1_usize << elements.len()) - 1;
    if elements.iter().any(|element| element.as_ref().is_empty()) {
        return Vec::new();
    }
    let (places, by_end) = in_order(elements);

    // back[place][mask]: the place before it, `START` at the first, `NEVER` if unreached.
    const START: u32 = u32::MAX - 1;
    const NEVER: u32 = u32::MAX;
    let width = full + 1;
    let mut back = vec![NEVER; places.len() * width];
    let mut nearest = vec![NEVER; width];
    let mut ended = 0;
    let mut found = Vec::new();
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
            if fits && nearest[mask] != NEVER && place.first() - places[nearest[mask] as usize].0.last() <= distance {
                back[at * width + (mask | bit)] = nearest[mask];
            }
        }
        if back[at * width + full] != NEVER {
            found.push(at);
        }
    }
    found.into_iter().map(|end| chain(end, full, width, &places, &back)).collect()
}

/// Whether a place of `second` begins at most `distance` morphemes behind the end of one
/// of `first`. Both by position. Answers what [`chains`] would find, without finding it.
pub(super) fn pair(first: &[Place], second: &[Place], distance: usize) -> bool {
    second.iter().any(|b| {
        first
            .iter()
            .take_while(|a| a.span().start < b.span().start)
            .any(|a| a.span().end <= b.span().start && b.first().saturating_sub(a.last()) <= distance)
    })
}

/// What [`chains`] finds for two elements of few places, without its tables: adds the
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
            // The nearest place before it, as `chains` chooses: the last to end, and of
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

/// What the choices that [`chains`] speaks of span, each from its first to its last
/// place: for every place that can end one, the widest.
pub(super) fn hulls<E: AsRef<[Place]>>(elements: &[E], ordered: bool, distance: usize) -> Vec<Span> {
    const NEVER: usize = usize::MAX;
    if elements.iter().any(|element| element.as_ref().is_empty()) {
        return Vec::new();
    }
    let width = 1_usize << elements.len();
    let (places, by_end) = in_order(elements);
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

/// All places with their elements by position, and their order by where they end.
fn in_order<E: AsRef<[Place]>>(elements: &[E]) -> (Vec<(Place, usize)>, Vec<usize>) {
    let mut places: Vec<(Place, usize)> = Vec::new();
    for (element, own) in elements.iter().enumerate() {
        places.extend(own.as_ref().iter().map(|place| (*place, element)));
    }
    places.sort_unstable_by_key(|(place, element)| (place.span(), *element));
    let mut by_end: Vec<usize> = (0..places.len()).collect();
    by_end.sort_by_key(|&at| places[at].0.span().end);
    (places, by_end)
}

fn chain(end: usize, full: usize, width: usize, places: &[(Place, usize)], back: &[u32]) -> Chain {
    let (mut at, mut mask) = (end, full);
    let mut chain = Vec::with_capacity(full.count_ones() as usize);
    loop {
        let (place, element) = places[at];
        chain.push(place);
        let before = back[at * width + mask];
        mask &= !(1 << element);
        if mask == 0 {
            break;
        }
        at = before as usize;
    }
    chain.reverse();
    chain
}
