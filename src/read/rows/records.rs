//! Cuts a stream of bytes where its records end.

use std::io::{self, BufRead};

/// The longest record, in bytes: a missing quote must not swallow the whole stream.
const LONGEST: usize = 16 << 20;

/// How the search for the end of a record ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// There is a record.
    Record,
    /// The stream is at its end.
    Nothing,
    /// The stream ended within a quoted cell.
    Open,
    /// The record is longer than any.
    TooLong,
}

/// Where in a record a byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the start of a cell.
    Start,
    /// In a cell without quotes, where a quote is text.
    Plain,
    /// In a quoted cell.
    Quoted,
    /// After a quote in a quoted cell: it closes it, or stands before another.
    Closed,
}

/// The records of a stream, as bytes without their line end.
pub(super) struct Records<R> {
    source: R,
    delimiter: u8,
    bytes: Vec<u8>,
    /// One-based line in which the record in `bytes` starts, and of what comes next.
    line: usize,
    next_line: usize,
    /// Whether the last byte was a CR; a LF then belongs to it.
    after_cr: bool,
}

impl<R: BufRead> Records<R> {
    /// `delimiter` is a comma or a tab.
    pub(super) fn new(source: R, delimiter: char) -> Self {
        let delimiter = if delimiter == '\t' { b'\t' } else { b',' };
        Self { source, delimiter, bytes: Vec::new(), line: 1, next_line: 1, after_cr: false }
    }

    /// The record that was found last.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The one-based line in which it starts.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// Finds the next record.
    pub(super) fn advance(&mut self) -> io::Result<Ended> {
        self.bytes.clear();
        self.line = self.next_line;
        let mut state = State::Start;
        loop {
            let available = match self.source.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(match state {
                    State::Quoted => Ended::Open,
                    State::Start if self.bytes.is_empty() => Ended::Nothing,
                    _ => Ended::Record,
                });
            }
            let mut from = 0;
            let mut ended = None;
            for (at, &byte) in available.iter().enumerate() {
                let of_cr = byte == b'\n' && self.after_cr;
                self.after_cr = byte == b'\r';
                let line_end = matches!(byte, b'\n' | b'\r');
                self.next_line += usize::from(line_end && !of_cr);
                if line_end && state != State::Quoted {
                    if of_cr {
                        // The record ended with the CR before.
                        from = at + 1;
                        continue;
                    }
                    ended = Some(at);
                    break;
                }
                state = match (state, byte) {
                    (State::Quoted, b'"') => State::Closed,
                    (State::Quoted, _) | (State::Closed | State::Start, b'"') => State::Quoted,
                    (_, byte) if byte == self.delimiter => State::Start,
                    _ => State::Plain,
                };
            }
            let length = ended.map_or(available.len(), |at| at + 1);
            self.bytes.extend_from_slice(&available[from..ended.unwrap_or(available.len())]);
            self.source.consume(length);
            if self.bytes.len() > LONGEST {
                return Ok(Ended::TooLong);
            }
            if ended.is_some() {
                return Ok(Ended::Record);
            }
        }
    }
}
