//! The changes one folding step made, and the way back through them.

use crate::span::Span;

/// Replaced pieces in the order of the text; what lies between them was copied.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits(Vec<Edit>);

#[derive(Clone, Copy, Debug)]
struct Edit {
    from: Span,
    to: Span,
}

impl Edits {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Records that `from` of the input became `to` of the output.
    pub(super) fn push(&mut self, from: Span, to: Span) {
        self.0.push(Edit { from, to });
    }

    /// The input range that an output range came from, whole pieces only.
    pub(super) fn back(&self, span: Span) -> Span {
        if self.0.is_empty() {
            return span;
        }
        let start = self.start(span.start);
        if span.start == span.end {
            return Span::new(start, start);
        }
        Span::new(start, self.end(span.end).max(start))
    }

    fn start(&self, at: usize) -> usize {
        // The last piece that begins at or before `at`.
        let next = self.0.partition_point(|edit| edit.to.start <= at);
        match next.checked_sub(1).map(|index| self.0[index]) {
            None => at,
            Some(edit) if at < edit.to.end => edit.from.start,
            Some(edit) => edit.from.end + (at - edit.to.end),
        }
    }

    fn end(&self, at: usize) -> usize {
        // The last piece that begins before `at`: `at` is inside it or behind it.
        let next = self.0.partition_point(|edit| edit.to.start < at);
        match next.checked_sub(1).map(|index| self.0[index]) {
            None => at,
            Some(edit) if at <= edit.to.end => edit.from.end,
            Some(edit) => edit.from.end + (at - edit.to.end),
        }
    }
}
