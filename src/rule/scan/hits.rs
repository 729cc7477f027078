//! Where the words of rules stand in one document.

use crate::rule::plan::SetId;
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
/// lists the places of the sets that are needed.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    /// What was found, with its sets: a range of `arena`.
    found: Vec<(Place, u32, u32)>,
    /// Sets of which something stands in the document, a bit each.
    seen: Vec<u64>,
    /// Places of needed sets as they were found.
    asked: Vec<(SetId, Place)>,
    /// Places of one needed set after another, each set's by position.
    places: Vec<Place>,
    /// Where the places of each needed set begin and end.
    ranges: Vec<(u32, u32)>,
    /// The sets that `ranges` knows.
    needed: Vec<u64>,
}

impl Hits {
    /// Forgets the last document.
    pub(super) fn clear(&mut self, set_count: usize) {
        self.found.clear();
        self.seen.clear();
        self.seen.resize(set_count.div_ceil(64), 0);
        self.needed.clear();
        self.needed.resize(set_count.div_ceil(64), 0);
        self.ranges.resize(set_count, (0, 0));
    }

    /// A place of all sets in `range` of `arena`.
    pub(super) fn push(&mut self, place: Place, range: (u32, u32), arena: &Bits) {
        for (word, bits) in &arena[range.0 as usize..range.1 as usize] {
            self.seen[*word as usize] |= bits;
        }
        self.found.push((place, range.0, range.1));
    }

    /// Asks for the places of `sets`.
    pub(crate) fn need(&mut self, sets: &Bits) {
        for (word, bits) in sets {
            self.needed[*word as usize] |= bits & self.seen[*word as usize];
        }
    }

    /// Lists the places of the sets asked for.
    pub(crate) fn lay_out(&mut self, arena: &Bits) {
        let Self { found, asked, places, ranges, needed, .. } = self;
        for set in bits(needed) {
            ranges[set] = (0, 0);
        }
        asked.clear();
        for (place, from, to) in found.iter() {
            for (word, bits) in &arena[*from as usize..*to as usize] {
                for set in ones(bits & needed[*word as usize]) {
                    let set = *word as usize * 64 + set;
                    ranges[set].1 += 1;
                    asked.push((set as SetId, *place));
                }
            }
        }
        let mut total = 0;
        for set in bits(needed) {
            let (start, end) = &mut ranges[set];
            total += std::mem::replace(end, total);
            *start = *end;
        }
        places.resize(total as usize, Place::new(Span::new(0, 0), 0, 0));
        for (set, place) in asked.iter() {
            let end = &mut ranges[*set as usize].1;
            places[*end as usize] = *place;
            *end += 1;
        }
        for set in bits(needed) {
            let (start, end) = &mut ranges[set];
            let own = &mut places[*start as usize..*end as usize];
            if !own.is_sorted_by(|a, b| a < b) {
                own.sort_unstable();
                *end = *start + dedup(own) as u32;
            }
        }
    }

    /// The sets of which something stands in the document, a bit each.
    pub(crate) fn seen(&self) -> &[u64] {
        &self.seen
    }

    pub(crate) fn is_seen(&self, set: SetId) -> bool {
        self.seen[set as usize / 64] & (1 << (set % 64)) != 0
    }

    /// Places of `set`, one that was asked for, that begin inside `unit`, by position.
    pub(crate) fn within(&self, set: SetId, unit: Unit) -> &[Place] {
        if self.needed[set as usize / 64] & (1 << (set % 64)) == 0 {
            return &[];
        }
        let (start, end) = self.ranges[set as usize];
        let places = &self.places[start as usize..end as usize];
        let begins = |place: &Place| unit.span.start <= place.start as usize && (place.start as usize) < unit.span.end;
        let inside = |place: Option<&Place>| place.is_some_and(begins);
        if inside(places.first()) && inside(places.last()) {
            return places;
        }
        let from = places.partition_point(|place| (place.start as usize) < unit.span.start);
        let to = places.partition_point(|place| (place.start as usize) < unit.span.end);
        &places[from..to]
    }
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

/// Moves what differs from its predecessor to the front; says how many.
fn dedup(places: &mut [Place]) -> usize {
    let mut kept = 0;
    for at in 0..places.len() {
        if kept == 0 || places[at] != places[kept - 1] {
            places[kept] = places[at];
            kept += 1;
        }
    }
    kept
}
