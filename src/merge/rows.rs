//! Rows of the same file in several parts, in the order that one run would give them.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use super::part::{Part, again};
use super::people::Layout;
use crate::diagnostic::{Diagnostic, Result};
use crate::survey::natural_order;
use crate::text;

/// A row with its place.
pub(super) struct Row {
    /// As they stand in the file.
    pub(super) cells: csv::StringRecord,
    /// The respondent's id, as it was read.
    pub(super) id: String,
    /// The place of the question in the study.
    pub(super) question: usize,
    /// Which part it is from.
    pub(super) part: usize,
    /// Its line there.
    pub(super) line: usize,
}

impl Row {
    fn before(&self, other: &Self) -> bool {
        natural_order(&self.id, &other.id).then(self.question.cmp(&other.question)).is_lt()
    }
}

/// The rows of one part.
struct Source<'l> {
    path: PathBuf,
    part: usize,
    reader: csv::Reader<BufReader<File>>,
    /// The line in which the next record starts. (The `csv` crate counts a CRLF late.)
    line: usize,
    layout: &'l Layout<'l>,
    next: Option<Row>,
}

/// The rows of all parts.
pub(super) struct Merged<'l> {
    sources: Vec<Source<'l>>,
    header: csv::StringRecord,
    /// The last respondent, and which part it is from.
    last: Option<(String, usize)>,
}

impl<'l> Merged<'l> {
    /// Begins with the first rows of the files called `name`.
    ///
    /// # Errors
    /// If a file cannot be read, or has other columns than the others.
    pub(super) fn open(parts: &[Part], name: &str, layout: &'l Layout<'l>) -> Result<Self> {
        let mut header: Option<csv::StringRecord> = None;
        let mut sources = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let path = part.path(name);
            let file = File::open(&path).map_err(|error| crate::diagnostic::io_error(&path, &error))?;
            let mut reader = csv::ReaderBuilder::new().from_reader(BufReader::with_capacity(1 << 16, file));
            let own = reader.headers().map_err(|_| odd(&path, 1))?.clone();
            if header.get_or_insert_with(|| own.clone()) != &own {
                return Err(odd(&path, 1));
            }
            let mut source = Source { path, part: at, reader, line: 2, layout, next: None };
            source.advance()?;
            sources.push(source);
        }
        Ok(Self { sources, header: header.unwrap_or_default(), last: None })
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> &csv::StringRecord {
        &self.header
    }

    /// The next row of all.
    ///
    /// # Errors
    /// If a file is not in order, or two parts have the same respondent.
    pub(super) fn next_row(&mut self) -> Result<Option<Row>> {
        let mut first: Option<usize> = None;
        for (at, source) in self.sources.iter().enumerate() {
            if let Some(row) = &source.next
                && first.and_then(|first| self.sources[first].next.as_ref()).is_none_or(|least| row.before(least))
            {
                first = Some(at);
            }
        }
        let Some(row) = first.and_then(|at| self.sources[at].next.take()) else { return Ok(None) };
        self.sources[row.part].advance_after(&row)?;
        if let Some((id, part)) = &self.last
            && *id == row.id
            && *part != row.part
        {
            return Err(self.twice(&row, *part));
        }
        self.last = Some((row.id.clone(), row.part));
        Ok(Some(row))
    }

    fn twice(&self, row: &Row, first: usize) -> Box<Diagnostic> {
        let id = &row.id;
        let question = &self.sources[first].layout.study.questions[row.question].question.id;
        let other = self.sources[first].path.display();
        Diagnostic::error(text!(
            "回答者「{id}」の {question} の回答が、{other} にもあります。",
            "The answer of \"{id}\" to {question} is in {other} as well."
        ))
        .file(&self.sources[row.part].path)
        .line(row.line)
        .hint(text!(
            "部分どうしで回答者が重ならないように分け、aftercode run をやり直してください。",
            "Split the answers so that every respondent is in one part only, and do the runs again."
        ))
    }
}

impl Source<'_> {
    fn advance_after(&mut self, row: &Row) -> Result<()> {
        self.advance()?;
        match &self.next {
            Some(next) if next.before(row) => Err(odd(&self.path, next.line)),
            _ => Ok(()),
        }
    }

    fn advance(&mut self) -> Result<()> {
        let mut cells = csv::StringRecord::new();
        let line = self.line;
        if !self.reader.read_record(&mut cells).map_err(|_| odd(&self.path, line))? {
            self.next = None;
            return Ok(());
        }
        self.line += 1 + cells.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let (id, question) = (self.layout.cell(&cells[0]).to_owned(), self.layout.cell(&cells[1]));
        let questions = &self.layout.study.questions;
        let Some(question) = questions.iter().position(|known| known.question.id == question) else {
            return Err(odd(&self.path, line));
        };
        self.next = Some(Row { cells, id, question, part: self.part, line });
        Ok(())
    }
}

/// The file is not what a run of this study writes.
pub(super) fn odd(path: &std::path::Path, line: usize) -> Box<Diagnostic> {
    again(Diagnostic::error(text!(
        "この調査の aftercode run が書いたファイルと形が違います。",
        "This is not what an aftercode run of this study writes."
    )))
    .file(path)
    .line(line)
}
