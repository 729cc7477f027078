//! Messages of one kind: the first few in full, the rest as a number.

use std::path::Path;

use super::super::note;
use crate::diagnostic::{Diagnostic, Severity, Text};
use crate::text;

/// Messages of a kind that are given in full.
const MAX_TOLD: usize = 20;

/// Messages of one kind.
pub(in super::super) struct Told {
    severity: Severity,
    kind: Text,
    count: usize,
    messages: Vec<Diagnostic>,
}

impl Told {
    pub(in super::super) fn new(severity: Severity, kind: Text) -> Self {
        Self { severity, kind, count: 0, messages: Vec::new() }
    }

    /// Counts a message, and keeps it if there are few so far.
    pub(in super::super) fn tell(&mut self, message: impl FnOnce() -> Box<Diagnostic>) {
        self.count += 1;
        if self.count <= MAX_TOLD {
            self.messages.push(*message());
        }
    }

    pub(in super::super) fn count(&self) -> usize {
        self.count
    }

    pub(in super::super) fn first(&self) -> Option<&Diagnostic> {
        self.messages.first()
    }

    /// Hands the messages over, as ones about `file`.
    pub(in super::super) fn flush(self, file: &Path, notes: &mut Vec<Diagnostic>) {
        let more = self.count - self.messages.len();
        notes.extend(self.messages.into_iter().map(|message| *Box::new(message).file(file)));
        if more > 0 {
            let Text { ja, en } = self.kind;
            let rest = text!("{ja}: ほか {more} 件。", "{en}: {more} more.");
            notes.push(*note(self.severity, rest).file(file));
        }
    }
}
