//! Where the words of rules stand in one document.

use crate::rule::plan::{BranchId, Element, ElementId, Plan, SetId};
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
    /// Sets that have been asked for and seen, a bit each.
    needed: Vec<u64>,
    /// Elements that have been asked for, each with the range of `own` that its sets are.
    elements: Vec<(ElementId, u32, u32)>,
    /// Sets of which something stands in the document, of one element after another.
    own: Vec<SetId>,
    /// By element: the document in which it was asked for last, and its range of `laid`.
    ranges: Vec<(u32, u32, u32)>,
    /// Which document this is, counted from 1.
    document: u32,
    /// Places of one element after another, each's by position.
    laid: Vec<Place>,
    by_set: BySet,
}

/// Places of the needed sets.
#[derive(Debug, Default)]
struct BySet {
    /// Each with the next one of its set.
    places: Vec<(Place, u32)>,
    /// The first of each set. Older than the document unless the set is needed.
    first: Vec<u32>,
}

/// Behind the last place of a set.
const NONE: u32 = u32::MAX;

impl BySet {
    /// Adds the places of `set`, as they were found.
    fn list(&self, set: SetId, to: &mut Vec<Place>) {
        let mut next = self.first[set as usize];
        while let Some((place, following)) = self.places.get(next as usize) {
            to.push(*place);
            next = *following;
        }
    }

    /// Takes in the places of the sets that `needed` has a bit for.
    fn gather(&mut self, found: &[(Place, u32, u32)], arena: &Bits, needed: &[u64]) {
        let Self { places, first } = self;
        bits(needed).for_each(|set| first[set] = NONE);
        places.clear();
        for (place, from, to) in found.iter().rev() {
            for (word, bits) in &arena[*from as usize..*to as usize] {
                for bit in ones(bits & needed[*word as usize]) {
                    let first = &mut first[*word as usize * 64 + bit];
                    let next = std::mem::replace(first, places.len() as u32);
                    places.push((*place, next));
                }
            }
        }
    }

    /// Places of words that follow each other, one of each of `sets`.
    fn phrase(&self, sets: &[SetId], is_seen: impl Fn(SetId) -> bool) -> Vec<Place> {
        let Some((first, rest)) = sets.split_first().filter(|_| sets.iter().all(|set| is_seen(*set))) else {
            return Vec::new();
        };
        let by_position = |set: SetId| {
            let mut places = Vec::new();
            self.list(set, &mut places);
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
        self.elements.clear();
        self.own.clear();
        self.laid.clear();
        self.by_set.first.resize(set_count, NONE);
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

    /// Asks for the places of the elements that `branch` speaks of.
    pub(crate) fn need(&mut self, branch: BranchId, plan: &Plan) {
        for mention in plan.branches.mentions(branch) {
            let range = &mut self.ranges[mention.element as usize];
            if range.0 == self.document {
                continue;
            }
            *range = (self.document, 0, 0);
            let from = self.own.len() as u32;
            for &set in plan.branches.sets(*mention) {
                let (word, bit) = (set as usize / 64, 1 << (set % 64));
                if self.seen[word] & bit != 0 {
                    self.needed[word] |= bit;
                    self.own.push(set);
                }
            }
            if self.own.len() as u32 > from {
                self.elements.push((mention.element, from, self.own.len() as u32));
            }
        }
    }

    /// Lists the places of the elements asked for.
    pub(crate) fn lay_out(&mut self, arena: &Bits, plan: &Plan) {
        let Self { found, needed, elements, own, ranges, laid, by_set, seen, .. } = self;
        by_set.gather(found, arena, needed);
        for &(id, from, to) in elements.iter() {
            let start = laid.len();
            if has(&plan.simple, id) {
                own[from as usize..to as usize].iter().for_each(|set| by_set.list(*set, laid));
            } else {
                let Element { sets, phrases, .. } = &plan.elements[id as usize];
                let seen = |set: SetId| has(seen, set);
                sets.iter().filter(|set| seen(**set)).for_each(|set| by_set.list(*set, laid));
                phrases.iter().for_each(|phrase| laid.extend(by_set.phrase(phrase, seen)));
            }
            sort(laid, start);
            (ranges[id as usize].1, ranges[id as usize].2) = (start as u32, laid.len() as u32);
        }
    }

    /// The sets of which something stands in the document, a bit each.
    pub(crate) fn seen(&self) -> &[u64] {
        &self.seen
    }

    pub(crate) fn is_seen(&self, set: SetId) -> bool {
        has(&self.seen, set)
    }

    /// Places of words and phrases of `element`, one that was asked for, by position.
    pub(crate) fn places(&self, element: ElementId) -> &[Place] {
        let (document, start, end) = self.ranges[element as usize];
        debug_assert_eq!(document, self.document, "the element was asked for");
        &self.laid[start as usize..end as usize]
    }

    /// Those that begin inside `unit`.
    pub(crate) fn within(&self, element: ElementId, unit: Unit) -> &[Place] {
        let places = self.places(element);
        let before = |end: usize| move |place: &Place| (place.start as usize) < end;
        if places.len() > FEW {
            let from = places.partition_point(before(unit.span.start));
            let to = places.partition_point(before(unit.span.end));
            return &places[from..to];
        }
        let from = places.iter().take_while(|place| before(unit.span.start)(place)).count();
        let own = places[from..].iter().take_while(|place| before(unit.span.end)(place)).count();
        &places[from..from + own]
    }
}

/// So many places are looked at one by one.
const FEW: usize = 16;

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

/// Brings the places behind `from` by position, each once.
fn sort(places: &mut Vec<Place>, from: usize) {
    if places.len() < from + 2 || places[from..].is_sorted_by(|a, b| a < b) {
        return;
    }
    places[from..].sort_unstable();
    let mut kept = from;
    for at in from..places.len() {
        if kept == from || places[at] != places[kept - 1] {
            places[kept] = places[at];
            kept += 1;
        }
    }
    places.truncate(kept);
}
