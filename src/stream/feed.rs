//! Rows of the inputs, in batches.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::{Columns, Input, Options, WAITING};
use crate::diagnostic::{Diagnostic, Result, Severity, io_error, suggest};
use crate::read::Row;
use crate::read::rows::Rows;
use crate::survey::Answer;
use crate::text;

/// A batch ends with this many bytes to keep, even if its rows are few.
const BYTES: usize = 4 << 20;

/// An answer to code.
pub(super) struct Line {
    /// One-based number of the data row, over all inputs.
    pub(super) row: u64,
    pub(super) id: String,
    pub(super) question: Arc<str>,
    /// Text or blank.
    pub(super) answer: Answer,
}

/// Some rows.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) lines: Vec<Line>,
    /// What is to be told of these rows.
    pub(super) notes: Vec<Diagnostic>,
    /// Data rows up to the end of this batch, over all inputs.
    pub(super) read: u64,
    /// Rows of this batch, with those left out.
    rows: usize,
    bytes: usize,
}

/// What the reader says.
pub(super) enum Fed {
    Batch(Batch),
    Failed(Box<Diagnostic>),
    End,
}

/// Starts reading. The thread is on its own: it may wait for a pipe for ever.
pub(super) fn start(inputs: Vec<Input>, options: &Options) -> Receiver<Fed> {
    let (sender, fed) = sync_channel(WAITING);
    let columns = options.columns.clone();
    let (skip, limit) = (options.skip, options.batch.max(1));
    std::thread::spawn(move || {
        let mut feeder = Feeder { sender, columns, skip, limit, batch: Batch::default() };
        let last = match inputs.into_iter().try_for_each(|input| feeder.feed(input)) {
            Err(Ended::Unwanted) => return,
            Err(Ended::Failed(error)) => Fed::Failed(error),
            Ok(()) => Fed::End,
        };
        if feeder.send().is_ok() {
            // Nobody listens any more: there is nothing to end.
            let _ = feeder.sender.send(last);
        }
    });
    fed
}

/// Why reading ends before its end.
enum Ended {
    Failed(Box<Diagnostic>),
    /// Nobody takes the batches any more.
    Unwanted,
}

impl From<Box<Diagnostic>> for Ended {
    fn from(error: Box<Diagnostic>) -> Self {
        Self::Failed(error)
    }
}

struct Feeder {
    sender: SyncSender<Fed>,
    columns: Columns,
    skip: u64,
    limit: usize,
    batch: Batch,
}

impl Feeder {
    fn feed(&mut self, input: Input) -> std::result::Result<(), Ended> {
        let source = (input.open)().map_err(|error| io_error(&input.path, &error))?;
        let mut rows = Rows::open(source, &input.path)?;
        let places = Places::find(&self.columns, &rows)?;
        rows.want(&places.all())?;
        if self.columns.text.is_none() && self.batch.read == 0 {
            self.batch.notes.push(chosen(&rows, places.text));
        }
        while let Some(found) = rows.next_row()? {
            self.batch.read += 1;
            self.batch.rows += 1;
            let read = self.batch.read;
            if read > self.skip {
                match found.and_then(|row| places.line(row, read, rows.path())) {
                    Ok(line) => {
                        self.batch.bytes +=
                            line.id.len() + line.question.len() + line.answer.text().map_or(0, str::len);
                        self.batch.lines.push(line);
                    }
                    Err(reason) => self.batch.notes.push(*reason),
                }
            }
            if self.batch.rows >= self.limit || self.batch.bytes >= BYTES {
                self.send()?;
            }
        }
        Ok(())
    }

    /// Hands the batch over and begins another.
    fn send(&mut self) -> std::result::Result<(), Ended> {
        let next = Batch { read: self.batch.read, ..Batch::default() };
        let batch = std::mem::replace(&mut self.batch, next);
        if batch.rows == 0 && batch.notes.is_empty() {
            return Ok(());
        }
        self.sender.send(Fed::Batch(batch)).map_err(|_| Ended::Unwanted)
    }
}

/// Where in the rows of an input everything stands.
struct Places {
    text: usize,
    id: Option<usize>,
    question: Option<usize>,
    /// The name of the column of answers.
    named: Arc<str>,
}

impl Places {
    fn find(columns: &Columns, rows: &Rows) -> Result<Self> {
        let mut taken: Vec<usize> = Vec::new();
        let mut own = |name: &String| {
            let index = rows.column(name)?;
            if taken.contains(&index) {
                return Err(read_twice(name, rows.path()));
            }
            taken.push(index);
            Ok(index)
        };
        let text = columns.text.as_ref().map(&mut own).transpose()?;
        let id = columns.id.as_ref().map(&mut own).transpose()?;
        let question = columns.question.as_ref().map(&mut own).transpose()?;
        let text = match text {
            Some(text) => text,
            None => only_left(rows, &taken)?,
        };
        Ok(Self { text, id, question, named: rows.columns()[text].as_str().into() })
    }

    fn all(&self) -> Vec<usize> {
        [Some(self.text), self.id, self.question].into_iter().flatten().collect()
    }

    fn line(&self, mut row: Row, number: u64, path: &Path) -> Result<Line> {
        let needed = |column: usize, id: bool| match row.cells[column].trim() {
            "" => Err(blank(id).line(row.line).column(column + 1).file(path)),
            cell => Ok(cell.to_owned()),
        };
        let id = self.id.map(|column| needed(column, true)).transpose()?.unwrap_or_else(|| number.to_string());
        let question = self.question.map(|column| needed(column, false)).transpose()?;
        let cell = std::mem::take(&mut row.cells[self.text]);
        let answer = if cell.trim().is_empty() { Answer::Blank } else { Answer::Text(cell) };
        Ok(Line { row: number, id, question: question.map_or_else(|| self.named.clone(), Into::into), answer })
    }
}

/// The column that is nothing else, if there is just one.
fn only_left(rows: &Rows, taken: &[usize]) -> Result<usize> {
    let left: Vec<usize> = (0..rows.columns().len()).filter(|index| !taken.contains(index)).collect();
    if let [only] = left.as_slice() {
        return Ok(*only);
    }
    let names: Vec<&str> = left.iter().map(|&index| rows.columns()[index].as_str()).collect();
    let mut error = Diagnostic::error(text!(
        "どの列が回答か分かりません。--text に列の名前を指定してください。",
        "Which column holds the answers? Name it with --text."
    ))
    .file(rows.path());
    // No name is like an empty one, so that this lists them.
    error.hint = suggest("", &names);
    Err(error)
}

fn chosen(rows: &Rows, text: usize) -> Diagnostic {
    let name = &rows.columns()[text];
    *Box::new(Diagnostic::new(
        Severity::Note,
        text!("列「{name}」を回答として読みます。", "The column \"{name}\" is read as the answers."),
    ))
    .file(rows.path())
    .hint(text!(
        "1行目は見出しとして読み、コードを付けません。--text で列を指定できます。",
        "The first line is the header and is not coded. --text names another column."
    ))
}

fn blank(id: bool) -> Box<Diagnostic> {
    let (message, hint) = if id {
        (
            text!("ID が空のため、この行を除きました。", "The row was left out: its id is blank."),
            text!("回答者の ID を入れてください。", "Give the respondent an id."),
        )
    } else {
        (
            text!("設問が空のため、この行を除きました。", "The row was left out: its question is blank."),
            text!("どの設問の回答かを入れてください。", "Say which question it answers."),
        )
    };
    Box::new(Diagnostic::new(Severity::Skipped, message)).hint(hint)
}

fn read_twice(name: &str, path: &Path) -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "列「{name}」が、別の項目の列としても使われています。",
        "The column \"{name}\" is used for something else as well."
    ))
    .file(path)
    .hint(text!(
        "--text、--id、--question には、それぞれ別の列を指定してください。",
        "Name a column of its own with each of --text, --id and --question."
    ))
}
