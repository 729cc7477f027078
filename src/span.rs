//! A range of text: half-open, in bytes of the string it belongs to.

/// A half-open range `start..end` in bytes of one string, on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte of the range.
    pub start: usize,
    /// First byte after the range.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Whether `other` lies entirely inside this range.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two ranges share a character.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest range that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The text of the range.
    ///
    /// # Panics
    /// If the range is not one of `text`.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }
}

/// Sorts spans by position and joins those that overlap or touch.
pub fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    merge_behind(&mut spans, 0);
    spans
}

/// As [`merge`], for those from number `from` on; the others are left alone.
pub fn merge_behind(spans: &mut Vec<Span>, from: usize) {
    if spans.len() < from + 2 {
        return;
    }
    spans[from..].sort_unstable();
    let mut last = from;
    for at in from + 1..spans.len() {
        let span = spans[at];
        if span.start <= spans[last].end {
            spans[last].end = spans[last].end.max(span.end);
        } else {
            last += 1;
            spans[last] = span;
        }
    }
    spans.truncate(last + 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merge_joins_overlapping_and_touching_spans() {
        let spans = vec![Span::new(6, 9), Span::new(0, 3), Span::new(3, 5), Span::new(8, 12)];
        assert_eq!(merge(spans.clone()), [Span::new(0, 5), Span::new(6, 12)]);
        let mut behind = spans;
        merge_behind(&mut behind, 1);
        assert_eq!(behind, [Span::new(6, 9), Span::new(0, 5), Span::new(8, 12)]);
        assert_eq!(merge(Vec::new()), []);
    }
}
