//! Answers without end → their codes, in the order of the input and in constant memory.
//!
//! A thread reads rows into batches, a pool codes them, and the caller's thread writes
//! them; channels that hold few batches make the faster ones wait. What is written
//! depends neither on the number of threads nor on the size of the batches.

mod feed;
mod output;
mod render;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use rayon::prelude::*;

use crate::coding::{Asked, Coded, Machine, MachineWorker, part};
use crate::diagnostic::{Diagnostic, Lang, Result, Severity};
use crate::mask::{Mask, Masker};
use crate::read::Opened;
use crate::study::Show;
use crate::survey::{Alike, PerAnswer};
use crate::text;
use feed::{Batch, Fed, Line};
use output::Output;

/// How many batches wait between two stages.
const WAITING: usize = 2;
/// How often the coder looks whether the writer has given up.
const LOOK: Duration = Duration::from_millis(100);

/// Where answers come from.
pub struct Input {
    /// Its name for messages; the extension tells commas from tabs.
    pub path: PathBuf,
    /// Opens it, when its turn has come.
    pub open: Box<dyn FnOnce() -> io::Result<Opened> + Send>,
}

/// The columns that are read, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The answers; `None` where they are the only column left.
    pub text: Option<String>,
    /// The respondent's id; `None` takes the number of the row.
    pub id: Option<String>,
    /// The question answered; `None` takes the name of the column of answers.
    pub question: Option<String>,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A row an answer and code, with the columns of codings.csv.
    Codings(Delimiter),
    /// A row an answer with 0 or 1 a code, as matrix.csv without attributes.
    Matrix(Delimiter),
    /// A JSON object a line and answer.
    Objects,
    /// A Parquet file of one of these.
    Parquet(Rows),
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// An answer and code.
    Codings,
    /// An answer.
    Matrix,
}

/// What parts the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// CSV.
    Comma,
    /// TSV.
    Tab,
}

/// How a stream is coded.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to read.
    pub columns: Columns,
    /// What to write.
    pub form: Form,
    /// Whether it is for machines: no byte order mark, LF, formulas not neutralized.
    pub raw: bool,
    /// How much of the answers is shown.
    pub show: Show,
    /// The language of what stands in place of names.
    pub lang: Lang,
    /// The stance of a theme that says nothing else.
    pub default_stance: Option<String>,
    /// Number of coding threads; `None` for one a core.
    pub threads: Option<usize>,
    /// Data rows that are passed over, to go on where an earlier run ended. The output
    /// then has no header, so that it can be put behind the earlier one; a Parquet file is
    /// a whole one, to be read together with the earlier.
    pub skip: u64,
    /// Rows a batch, at least 1.
    pub batch: usize,
}

/// Rows a batch where nothing else is wanted: enough for all threads, little memory.
pub const BATCH: usize = 4096;

/// What is to be shown while the work goes on.
pub enum News<'n> {
    /// Something of the input that a person must know.
    Note(&'n Diagnostic),
    /// So many rows are read, coded and written, those passed over included.
    Written(u64),
}

/// What was done. Wholly blank rows do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Data rows, with those passed over.
    pub read: u64,
    /// Rows left out, each told.
    pub left_out: u64,
}

/// Why the work ended early.
pub enum Stopped {
    /// The input, or a setting.
    Said(Box<Diagnostic>),
    /// The output.
    Out(io::Error),
}

impl From<Box<Diagnostic>> for Stopped {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Said(diagnostic)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Out(error)
    }
}

/// A batch on its way to the output.
enum Made {
    Batch { coded: CodedBatch, notes: Vec<Diagnostic>, read: u64 },
    Failed(Box<Diagnostic>),
    End,
}

/// Codes the answers of `inputs` and writes them to `out`.
///
/// # Errors
/// If the input cannot be read on (what came before is written) or the output fails.
pub fn code(
    machine: &Machine,
    inputs: Vec<Input>,
    options: &Options,
    out: &mut dyn Write,
    tell: &mut dyn FnMut(News<'_>),
) -> std::result::Result<Summary, Stopped> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads.unwrap_or(0)).build().map_err(|error| {
        Diagnostic::error(text!("スレッドを作れません: {error}", "Threads cannot be started: {error}"))
            .hint(text!("--threads を小さくしてください。", "Use a smaller --threads."))
    })?;
    let masker = Masker::new(&[], machine.normalizer())?;
    let given_up = AtomicBool::new(false);
    let fed = feed::start(inputs, options);
    std::thread::scope(|scope| {
        let (sender, made) = sync_channel(WAITING);
        let (given_up, masker) = (&given_up, &masker);
        scope.spawn(move || {
            let code = |batch| pool.install(|| code_batch(machine, masker, options, batch));
            code_batches(&code, &fed, &sender, given_up);
        });
        let written = write(machine, options, &made, out, tell);
        given_up.store(true, Ordering::Relaxed);
        written
    })
}

/// Codes batch after batch until there are no more, or nobody wants them.
fn code_batches(
    code: &dyn Fn(Batch) -> Result<Made>,
    fed: &Receiver<Fed>,
    made: &SyncSender<Made>,
    given_up: &AtomicBool,
) {
    loop {
        let next = match fed.recv_timeout(LOOK) {
            Ok(Fed::Batch(batch)) => code(batch).unwrap_or_else(Made::Failed),
            Ok(Fed::Failed(error)) => Made::Failed(error),
            Ok(Fed::End) => Made::End,
            // The input may be a slow pipe; the reader must not keep the program alive.
            Err(RecvTimeoutError::Timeout) if !given_up.load(Ordering::Relaxed) => continue,
            // A reader that is gone without a last word: the writer tells of it.
            Err(_) => return,
        };
        let is_last = !matches!(next, Made::Batch { .. });
        if made.send(next).is_err() || is_last {
            return;
        }
    }
}

/// The answers of a batch with their codes.
enum CodedBatch {
    /// As they are to be written.
    Written(Vec<u8>),
    /// For a form whose rows are put together one after the other.
    Lines {
        lines: Vec<Line>,
        /// Their codes, and what is masked in them.
        made: PerAnswer<(Coded, Vec<Mask>)>,
    },
}

/// Codes a batch, every different answer once.
fn code_batch(machine: &Machine, masker: &Masker, options: &Options, batch: Batch) -> Result<Made> {
    let Batch { lines, notes, read, .. } = batch;
    let alike = Alike::by(lines.len(), |at| lines[at].answer.text());
    let stance = options.default_stance.as_deref();
    let needs_masks =
        options.show == Show::Masked && !matches!(options.form, Form::Matrix(_) | Form::Parquet(Rows::Matrix));
    let code = |worker: &mut MachineWorker<'_>, part: &[(u32, u32)]| {
        let text = |(first, _): &(u32, u32)| lines[*first as usize].answer.text().unwrap_or_default();
        let asked = part.iter().map(|kind| Asked { text: text(kind), attributes: Vec::new(), default_stance: stance });
        let coded = worker.code_part(asked)?;
        let mut made = Vec::with_capacity(part.len());
        for (kind, (coded, document)) in part.iter().zip(coded) {
            let quotes = coded.reserved.is_some() || !coded.codings.is_empty();
            let masks = if needs_masks && quotes {
                let document = document.map_or_else(|| worker.document(text(kind)), Ok)?;
                masker.find(&document, machine.tokenizer())
            } else {
                Vec::new()
            };
            made.push((coded, masks));
        }
        Ok(made)
    };
    let kinds = alike.kinds();
    let coded: Vec<Vec<(Coded, Vec<Mask>)>> =
        kinds.par_chunks(part(kinds.len())).map_init(|| machine.worker(), code).collect::<Result<_>>()?;
    let coded = coded.into_iter().flatten().collect();
    let made = alike.share(coded, 1);
    if let Form::Parquet(_) = options.form {
        return Ok(Made::Batch { coded: CodedBatch::Lines { lines, made }, notes, read });
    }
    let lines: Vec<_> = lines.iter().zip(made.column(0)).collect();
    let parts: Vec<Vec<u8>> =
        lines.par_chunks(256).map(|lines| render::lines(lines, options, machine.codebook())).collect();
    Ok(Made::Batch { coded: CodedBatch::Written(parts.concat()), notes, read })
}

/// Writes what comes, in its order, and tells what is to be told.
fn write(
    machine: &Machine,
    options: &Options,
    made: &Receiver<Made>,
    out: &mut dyn Write,
    tell: &mut dyn FnMut(News<'_>),
) -> std::result::Result<Summary, Stopped> {
    let mut summary = Summary::default();
    let mut output = Output::new(options, machine)?;
    loop {
        match made.recv() {
            Ok(Made::Batch { coded, notes, read }) => {
                out.write_all(&output.add(coded)?)?;
                out.flush()?;
                summary.read = read;
                for note in &notes {
                    summary.left_out += u64::from(note.severity == Severity::Skipped);
                    tell(News::Note(note));
                }
                tell(News::Written(read));
            }
            Ok(Made::Failed(error)) => {
                if summary.read > options.skip {
                    out.write_all(&output.end()?)?;
                    out.flush()?;
                    tell(News::Note(&resume(summary.read)));
                }
                return Err(Stopped::Said(error));
            }
            Ok(Made::End) => {
                out.write_all(&output.end()?)?;
                out.flush()?;
                if let Some(note) = too_few(summary.read, options.skip) {
                    tell(News::Note(&note));
                }
                return Ok(summary);
            }
            Err(_) => return Err(Stopped::Said(gone())),
        }
    }
}

fn resume(read: u64) -> Diagnostic {
    *Box::new(Diagnostic::new(
        Severity::Note,
        text!("{read} 行目までは書き出しました。", "The output is complete up to data row {read}."),
    ))
    .hint(text!("直したあとは --skip {read} で続きから始められます。", "Once it is mended, go on with --skip {read}."))
}

/// What is odd about an input with so few rows.
fn too_few(read: u64, skip: u64) -> Option<Diagnostic> {
    let message = if read < skip {
        text!(
            "データの行は {read} 行だけで、--skip {skip} より少なくなっています。",
            "There are only {read} data rows, fewer than --skip {skip}."
        )
    } else if read == 0 {
        text!("見出しだけで、データの行がありません。", "There is a header, but there are no data rows.")
    } else {
        return None;
    };
    let warning = Box::new(Diagnostic::new(Severity::Warning, message));
    Some(*warning.hint(text!("入力が前と同じものか確かめてください。", "Check that this is the input you mean.")))
}

fn gone() -> Box<Diagnostic> {
    Diagnostic::error(text!("処理が途中で止まりました。", "The work ended before its end."))
        .hint(text!("プログラムの誤りです。お知らせください。", "This is a mistake in the program; please report it."))
}
