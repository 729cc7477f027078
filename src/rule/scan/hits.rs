//! Where the words of rules stand in one document.

use std::ops::Range;

use crate::rule::plan::{ElementId, Plan, Rows, SetId};
use crate::span::Span;
use crate::tokenize::Unit;

/// A place where something stands. Small, since there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    start: u32,
    end: u32,
    first: u32,
    last: u32,
}

impl Place {
    /// `span` (bytes) touches the morphemes `first` to `last`.
    pub(crate) const fn new(span: Span, first: usize, last: usize) -> Self {
        Self { start: span.start as u32, end: span.end as u32, first: first as u32, last: last as u32 }
    }

    pub(crate) const fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// The first morpheme it touches.
    pub(crate) const fn first(self) -> usize {
        self.first as usize
    }

    /// The last morpheme it touches.
    pub(crate) const fn last(self) -> usize {
        self.last as usize
    }
}

/// Sets as bits: the words of a bit set that are not zero, each with its number.
pub(crate) type Bits = [(u32, u64)];

/// `sets` as bits.
pub(crate) fn to_bits(sets: impl IntoIterator<Item = SetId>) -> Vec<(u32, u64)> {
    let mut sets: Vec<SetId> = sets.into_iter().collect();
    sets.sort_unstable();
    let mut bits: Vec<(u32, u64)> = Vec::new();
    for set in sets {
        let (word, bit) = (set / 64, 1 << (set % 64));
        match bits.last_mut() {
            Some((last, bits)) if *last == word => *bits |= bit,
            _ => bits.push((word, bit)),
        }
    }
    bits
}

/// All places found in one document. Most words belong to many sets, and most sets are
/// never asked for: at first only *that* a set is seen is known, and [`Hits::lay_out`]
/// lists the places of the elements that are needed.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    /// What was found, with its sets: a range of `arena`.
    found: Vec<(Place, u32, u32)>,
    /// Sets of which something stands in the document, a bit each.
    seen: Vec<u64>,
    /// Sets that have been asked for and seen: a bit each, and their numbers.
    needed: Vec<u64>,
    sets: Vec<SetId>,
    /// Elements that have been asked for and may stand somewhere.
    elements: Vec<ElementId>,
    /// By element: the document in which it was asked for last, and its range of `laid`.
    ranges: Vec<(u32, u32, u32)>,
    /// Which document this is, counted from 1.
    document: u32,
    /// Places of one needed set after another, then of elements that are more than one set;
    /// each element's by position.
    laid: Vec<Place>,
    by_set: BySet,
}

/// Places of the needed sets.
#[derive(Debug, Default)]
struct BySet {
    /// As they were found.
    asked: Vec<(SetId, Place)>,
    /// By set: its range of the list. Older than the document unless the set is needed.
    ranges: Vec<(u32, u32)>,
}

impl BySet {
    fn of(&self, set: SetId) -> Range<usize> {
        let (start, end) = self.ranges[set as usize];
        start as usize..end as usize
    }

    /// Lists the places of one after another of `sets`, all that `needed` has a bit for,
    /// each as they were found.
    fn lay_out(
        &mut self,
        found: &[(Place, u32, u32)],
        arena: &Bits,
        sets: &[SetId],
        needed: &[u64],
        places: &mut Vec<Place>,
    ) {
        let Self { asked, ranges } = self;
        for set in sets {
            ranges[*set as usize] = (0, 0);
        }
        asked.clear();
        for (place, from, to) in found {
            for (word, bits) in &arena[*from as usize..*to as usize] {
                let mut bits = bits & needed[*word as usize];
                while bits != 0 {
                    let set = word * 64 + bits.trailing_zeros();
                    bits &= bits - 1;
                    ranges[set as usize].1 += 1;
                    asked.push((set, *place));
                }
            }
        }
        let mut total = 0;
        for set in sets {
            let (start, end) = &mut ranges[*set as usize];
            total += std::mem::replace(end, total);
            *start = *end;
        }
        places.resize(total as usize, Place::new(Span::new(0, 0), 0, 0));
        for (set, place) in asked.iter() {
            let end = &mut ranges[*set as usize].1;
            places[*end as usize] = *place;
            *end += 1;
        }
    }

    /// Places of words that follow each other, one of each of `sets`.
    fn phrase(&self, sets: &[SetId], laid: &[Place], is_seen: impl Fn(SetId) -> bool) -> Vec<Place> {
        let Some((first, rest)) = sets.split_first().filter(|_| sets.iter().all(|set| is_seen(*set))) else {
            return Vec::new();
        };
        let by_position = |set: SetId| {
            let mut places = laid[self.of(set)].to_vec();
            places.sort_unstable();
            places
        };
        let mut partial = by_position(*first);
        for set in rest {
            let next = by_position(*set);
            partial = partial
                .iter()
                .flat_map(|before| {
                    let from = next.partition_point(|place| place.first() <= before.last());
                    next[from..]
                        .iter()
                        .take_while(|place| place.first() == before.last() + 1)
                        .map(|place| Place::new(before.span().hull(place.span()), before.first(), place.last()))
                })
                .collect();
            partial.sort_unstable();
            partial.dedup();
        }
        partial
    }
}

impl Hits {
    /// Forgets the last document.
    pub(super) fn clear(&mut self, set_count: usize) {
        self.found.clear();
        self.seen.clear();
        self.seen.resize(set_count.div_ceil(64), 0);
        self.needed.clear();
        self.needed.resize(set_count.div_ceil(64), 0);
        self.sets.clear();
        self.elements.clear();
        self.laid.clear();
        self.by_set.ranges.resize(set_count, (0, 0));
        self.document = self.document.wrapping_add(1);
        if self.document == 0 {
            self.ranges.fill((0, 0, 0));
            self.document = 1;
        }
    }

    /// A place of all sets in `range` of `arena`.
    pub(super) fn push(&mut self, place: Place, range: (u32, u32), arena: &Bits) {
        for (word, bits) in &arena[range.0 as usize..range.1 as usize] {
            self.seen[*word as usize] |= bits;
        }
        self.found.push((place, range.0, range.1));
    }

    /// Makes room for so many elements.
    pub(crate) fn expect(&mut self, elements: usize) {
        self.ranges.resize(elements, (0, 0, 0));
    }

    /// Asks for the places of these elements, the sets of each a row of `words`.
    pub(crate) fn need(&mut self, elements: &[ElementId], words: &Rows) {
        for &id in elements {
            let range = &mut self.ranges[id as usize];
            if range.0 == self.document {
                continue;
            }
            *range = (self.document, 0, 0);
            let mut any = false;
            for &set in words.row(id as usize) {
                let (word, bit) = (set as usize / 64, 1 << (set % 64));
                if self.seen[word] & bit != 0 {
                    any = true;
                    if self.needed[word] & bit == 0 {
                        self.needed[word] |= bit;
                        self.sets.push(set);
                    }
                }
            }
            if any {
                self.elements.push(id);
            }
        }
    }

    /// Lists the places of the elements asked for.
    pub(crate) fn lay_out(&mut self, arena: &Bits, plan: &Plan) {
        self.by_set.lay_out(&self.found, arena, &self.sets, &self.needed, &mut self.laid);
        let Self { elements, laid, ranges, by_set, seen, .. } = self;
        for &id in elements.iter() {
            let is_simple = has(&plan.simple, id);
            let sets = if is_simple { plan.words.row(id as usize) } else { &plan.elements[id as usize].sets };
            let mut own = sets.iter().filter(|set| has(seen, **set)).map(|set| by_set.of(*set));
            let own = match (own.next(), own.next()) {
                // What is listed already, unless there is something to add.
                (Some(only), None) if is_simple => only,
                (first, second) => {
                    let from = laid.len();
                    for range in first.into_iter().chain(second).chain(own) {
                        laid.extend_from_within(range);
                    }
                    if !is_simple {
                        for phrase in &plan.elements[id as usize].phrases {
                            laid.extend(by_set.phrase(phrase, laid, |set| has(seen, set)));
                        }
                    }
                    from..laid.len()
                }
            };
            let kept = sort(&mut laid[own.clone()]);
            (ranges[id as usize].1, ranges[id as usize].2) = (own.start as u32, (own.start + kept) as u32);
        }
    }

    /// The sets of which something stands in the document, a bit each.
    pub(crate) fn seen(&self) -> &[u64] {
        &self.seen
    }

    pub(crate) fn is_seen(&self, set: SetId) -> bool {
        has(&self.seen, set)
    }

    /// Places of words and phrases of `element`, one that was asked for, that begin inside
    /// `unit`, by position.
    pub(crate) fn within(&self, element: ElementId, unit: Unit) -> &[Place] {
        let (document, start, end) = self.ranges[element as usize];
        debug_assert_eq!(document, self.document, "the element was asked for");
        let places = &self.laid[start as usize..end as usize];
        let begins = |place: &Place| unit.span.start <= place.start as usize && (place.start as usize) < unit.span.end;
        match places {
            [] => places,
            [first, .., last] | [first @ last] if begins(first) && begins(last) => places,
            _ => {
                let from = places.partition_point(|place| (place.start as usize) < unit.span.start);
                let to = places.partition_point(|place| (place.start as usize) < unit.span.end);
                &places[from..to]
            }
        }
    }
}

/// Whether the bit of this number is set.
pub(crate) fn has(words: &[u64], bit: u32) -> bool {
    words[bit as usize / 64] & (1 << (bit % 64)) != 0
}

/// A bit for each of `marks`, set where it is true.
pub(crate) fn marked(marks: impl IntoIterator<Item = bool>) -> Vec<u64> {
    let mut words = Vec::new();
    for (at, mark) in marks.into_iter().enumerate() {
        if at % 64 == 0 {
            words.push(0);
        }
        words[at / 64] |= u64::from(mark) << (at % 64);
    }
    words
}

/// The numbers of the bits that are set.
pub(crate) fn bits(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(word, &bits)| ones(bits).map(move |bit| word * 64 + bit))
}

/// The numbers of the bits that are set.
pub(crate) fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let one = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (one < 64).then_some(one)
    })
}

/// Brings places by position to the front, each once; says how many. What is behind them
/// may be asked for again, and is sorted then.
fn sort(places: &mut [Place]) -> usize {
    if places.is_sorted_by(|a, b| a < b) {
        return places.len();
    }
    places.sort_unstable();
    let mut kept = 0;
    for at in 0..places.len() {
        if kept == 0 || places[at] != places[kept - 1] {
            places[kept] = places[at];
            kept += 1;
        }
    }
    kept
}
