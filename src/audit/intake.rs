//! The codings in one file, in whichever of the known forms it is written.
//!
//! The header tells the form ([`Form`]); a header of none or of several is refused. What
//! cannot be used for certain is refused with its row: a coding that is left out would
//! change the agreement.

mod decisions;
mod rows;
mod wide;

use std::path::Path;

use super::codings::Unit;
use super::neutral::neutral;
use super::scheme::Scheme;
use crate::diagnostic::{Diagnostic, Lang, Mistakes, Result, Severity, fold_key};
use crate::read::{Options, Row, Table, table};
use crate::text;

pub(crate) use decisions::Decision;
pub use decisions::{DECIDED, is_decided};
pub use wide::{COMMENT, ROW, STANCE_PREFIX};

/// How codings are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `unit,coder,value`.
    Neutral,
    /// `respondent_id,question,code[,stance][,coder]`: a row a code.
    Long,
    /// `respondent_id,question,codes[,coder]`: a row an answer, its codes in one cell.
    Cell,
    /// A row an answer, a 0/1 column a code.
    Wide,
    /// As wide, with a column `coded`: an empty cell is 0 where the row is coded.
    Sheet,
    /// `respondent_id,question,code,decision`: a row an answer × code that was decided.
    Decisions,
}

impl Form {
    /// A short, stable name for files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Long => "long",
            Self::Cell => "cell",
            Self::Wide => "wide",
            Self::Sheet => "sheet",
            Self::Decisions => "decisions",
        }
    }

    /// The name for readers.
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Neutral, Lang::Ja) => "unit,coder,value の表",
            (Self::Neutral, Lang::En) => "unit,coder,value",
            (Self::Long, Lang::Ja) => "1行に1コードの表",
            (Self::Long, Lang::En) => "a row a code",
            (Self::Cell, Lang::Ja) => "1セルに全コードの表",
            (Self::Cell, Lang::En) => "codes in one cell",
            (Self::Wide, Lang::Ja) => "1列に1コード（0/1）の表",
            (Self::Wide, Lang::En) => "a 0/1 column a code",
            (Self::Sheet, Lang::Ja) => "コーディングシート",
            (Self::Sheet, Lang::En) => "coding sheet",
            (Self::Decisions, Lang::Ja) => "1行に1つの判定の表",
            (Self::Decisions, Lang::En) => "a row a decision",
        }
    }
}

/// What a coder said of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) coder: String,
    pub(crate) unit: Unit,
    /// Codes with their stances; `None` where it says "not coded".
    pub(crate) labels: Option<Vec<(String, Option<String>)>>,
    /// The first row it comes from.
    pub(crate) line: Option<usize>,
    /// That the row was filled in for other words than the answer now has.
    pub(crate) stale: Option<Box<Diagnostic>>,
}

/// What a file holds: codings of whole answers, or decisions.
pub(crate) struct Entries {
    pub(crate) form: Form,
    pub(crate) entries: Vec<Entry>,
    pub(crate) decisions: Vec<Decision>,
    /// Labels that the file has no place for, so that it says nothing of them.
    pub(crate) lacks: Vec<String>,
    pub(crate) sha256: String,
    pub(crate) notes: Vec<Diagnostic>,
}

/// The columns that forms have in common.
struct Columns {
    respondent: usize,
    question: Option<usize>,
    coder: Option<usize>,
    answer: Option<usize>,
}

const RESPONDENT: [&str; 3] = ["respondent_id", "回答者ID", "id"];
const QUESTION: [&str; 2] = ["question", "設問"];
const CODER: [&str; 2] = ["coder", "コーダー"];
const CODE: [&str; 2] = ["code", "コード"];
const CODES: [&str; 2] = ["codes", "コード一覧"];
const STANCE: [&str; 2] = ["stance", "立場"];
const ANSWER: [&str; 2] = ["answer", "回答"];
const CODED: [&str; 2] = ["coded", "判定済み"];

/// Reads one file. Rows for other words than the answers now have are kept as such with
/// `stale`, and mistakes without.
pub(crate) fn entries(path: &Path, scheme: Option<&Scheme<'_>>, stale: bool) -> Result<Entries> {
    let table = table(path, &Options::default())?;
    if let Some(skipped) = table.notes.iter().find(|note| note.severity == Severity::Skipped) {
        let mut error = Box::new(skipped.clone());
        error.severity = Severity::Error;
        return Err(error);
    }
    of_table(path, &table, scheme, stale).map_err(|error| error.file(path))
}

fn of_table(path: &Path, table: &Table, scheme: Option<&Scheme<'_>>, stale: bool) -> Result<Entries> {
    let form = form(table, scheme)?;
    let mut notes = table.notes.clone();
    let (mut entries, mut decided, mut lacks) = (Vec::new(), Vec::new(), Vec::new());
    if form == Form::Neutral {
        entries = of_neutral(path, table, scheme)?;
    } else {
        let answer = if form == Form::Decisions { &decisions::WORDS[..] } else { &ANSWER };
        let columns = Columns::find(table, scheme, answer)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let reader = Reader { table, scheme, columns, stem, stale };
        match form {
            Form::Decisions => decided = decisions::decisions(&reader, &mut notes)?,
            Form::Long => {
                notes.extend(rows::only_found(table));
                entries = rows::long(&reader)?;
            }
            Form::Cell => entries = rows::cell(&reader)?,
            _ => (entries, lacks) = wide::wide(&reader, form, &mut notes)?,
        }
    }
    if entries.is_empty() && form != Form::Decisions {
        return Err(Diagnostic::error(text!("コーディングが1つもありません。", "There is no coding in the file."))
            .hint(text!("コードを付けた表を指定してください。", "Name a file with codings.")));
    }
    for note in &mut notes {
        note.file.get_or_insert_with(|| path.to_path_buf());
    }
    Ok(Entries { form, entries, decisions: decided, lacks, sha256: table.source.sha256.clone(), notes })
}

/// The column called one of `names`, if there is one.
fn find(table: &Table, names: &[&str]) -> Result<Option<usize>> {
    for name in names {
        let key = fold_key(name);
        if table.columns.iter().any(|column| fold_key(column) == key) {
            return table.column(name).map(Some);
        }
    }
    Ok(None)
}

fn respondent(table: &Table, scheme: Option<&Scheme<'_>>) -> Result<Option<usize>> {
    let own = scheme.map(|scheme| scheme.id_column);
    let names: Vec<&str> = RESPONDENT[..1].iter().copied().chain(own).chain(RESPONDENT[1..].iter().copied()).collect();
    find(table, &names)
}

fn form(table: &Table, scheme: Option<&Scheme<'_>>) -> Result<Form> {
    let has = |names: &[&str]| find(table, names).map(|found| found.is_some());
    let respondent = respondent(table, scheme)?.is_some();
    if respondent && has(&CODE)? && decisions::is_sheet(table)? {
        return Ok(Form::Decisions);
    }
    let coded = respondent && has(&CODED)?;
    let long = respondent && has(&CODE)?;
    let cell = respondent && has(&CODES)?;
    let neutral = has(&["unit"])? && has(&["coder"])? && has(&["value"])?;
    // Without a study any column may be a code; its cells must be 0 or 1 then.
    let wide = respondent && if scheme.is_some() { wide::has_code(table, scheme) } else { !long && !cell && !neutral };
    let mut found = Vec::new();
    for (is, form) in [(neutral, Form::Neutral), (long, Form::Long), (cell, Form::Cell), (wide, Form::Wide)] {
        if is {
            found.push(if form == Form::Wide && coded { Form::Sheet } else { form });
        }
    }
    match found.as_slice() {
        [form] => Ok(*form),
        [] => Err(Diagnostic::error(text!(
            "1行目の見出しから、コーディングの書き方がわかりません。",
            "The header in the first line is none of the known forms of codings."
        ))
        .line(1)
        .hint(text!(
            "見出しは次のどれかです: respondent_id,question,code,stance,coder（1行に1コード） / respondent_id,question,codes,coder（1セルに全コード） / respondent_id,question とコードの列（0/1） / unit,coder,value",
            "Write one of: respondent_id,question,code,stance,coder (a row a code); respondent_id,question,codes,coder (codes in one cell); respondent_id,question and a 0/1 column a code; unit,coder,value"
        ))),
        several => {
            let ja = several.iter().map(|form| form.name(Lang::Ja)).collect::<Vec<_>>().join("」「");
            let en = several.iter().map(|form| form.name(Lang::En)).collect::<Vec<_>>().join("\", \"");
            Err(Diagnostic::error(text!(
                "見出しが「{ja}」のどれにも当てはまり、書き方が決まりません。",
                "The header fits several forms: \"{en}\"."
            ))
            .line(1)
            .hint(text!(
                "使わないほうの列（code、codes、value、0/1 の列）を消してください。",
                "Delete the columns of the other form (code, codes, value or the 0/1 columns)."
            )))
        }
    }
}

/// With a study, the unit of a neutral file is a respondent of its only question.
fn of_neutral(path: &Path, table: &Table, scheme: Option<&Scheme<'_>>) -> Result<Vec<Entry>> {
    let matrix = neutral(path, &Options::default(), None)?.matrix;
    let mut mistakes = Mistakes::default();
    let mut labels = Vec::new();
    for name in &matrix.labels {
        let label = scheme.map_or_else(|| Ok(name.clone()), |scheme| Ok(scheme.labels()[scheme.label(name)?].clone()));
        let holds = |cell: &str| cell.split('|').any(|part| part.trim() == name);
        labels.extend(mistakes.keep(label.map_err(|error| place(table, "value", holds, error))));
    }
    let mut units = Vec::new();
    for name in &matrix.units {
        let plain = || Ok(Unit { place: (0, 0), respondent: name.clone(), question: String::new() });
        let unit = scheme.map_or_else(plain, |scheme| scheme.unit(name, "").map_err(|error| match scheme.survey.questions.as_slice() {
            [_] => error,
            _ => error.hint(text!(
                "設問が複数ある調査では、unit,coder,value ではなく respondent_id,question,code,coder で書いてください。",
                "In a study with several questions write respondent_id,question,code,coder instead of unit,coder,value."
            )),
        }));
        units.extend(mistakes.keep(unit.map_err(|error| place(table, "unit", |cell| cell.trim() == name, error))));
    }
    mistakes.finish()?;
    let mut entries = Vec::new();
    for (unit, row) in units.iter().zip(matrix.cells()) {
        for (coder, cell) in matrix.coders.iter().zip(row) {
            let given = |set: &Vec<usize>| set.iter().map(|label| (labels[*label].clone(), None)).collect();
            let labels = cell.as_ref().map(given);
            entries.push(Entry { coder: coder.clone(), unit: unit.clone(), labels, line: None, stale: None });
        }
    }
    Ok(entries)
}

/// An error about a cell of this column, at the first row where it is as said.
fn place(table: &Table, column: &str, is: impl Fn(&str) -> bool, error: Box<Diagnostic>) -> Box<Diagnostic> {
    let Ok(at) = table.column(column) else { return error };
    match table.rows.iter().find(|row| is(&row.cells[at])) {
        Some(row) => error.line(row.line).column(at + 1),
        None => error,
    }
}

impl Columns {
    fn find(table: &Table, scheme: Option<&Scheme<'_>>, answer: &[&str]) -> Result<Self> {
        let missing = || {
            Diagnostic::error(text!("回答者の ID の列がありません。", "There is no column with the respondent's id."))
                .hint(text!("見出しを respondent_id にしてください。", "Call it respondent_id."))
        };
        Ok(Self {
            respondent: respondent(table, scheme)?.ok_or_else(missing)?,
            question: find(table, &QUESTION)?,
            coder: find(table, &CODER)?,
            answer: find(table, answer)?,
        })
    }
}

/// A table being read.
struct Reader<'r> {
    table: &'r Table,
    scheme: Option<&'r Scheme<'r>>,
    columns: Columns,
    /// The file's name, which is the coder's where there is no column.
    stem: String,
    /// Whether rows for other words are kept.
    stale: bool,
}

impl Reader<'_> {
    /// Who coded what, in this row, and that the answer has other words now.
    fn subject(&self, row: &Row) -> Result<(String, Unit, Option<Box<Diagnostic>>)> {
        let (unit, stale) = self.unit(row)?;
        if let Some(stale) = stale.as_ref().filter(|_| !self.stale) {
            return Err(stale.clone());
        }
        let coder = match self.columns.coder {
            Some(at) if row.cells[at].trim().is_empty() => {
                return Err(Diagnostic::error(text!("コーダーの名前が空です。", "The coder's name is blank."))
                    .column(at + 1)
                    .hint(text!("coder の列に名前を書いてください。", "Write a name into the column \"coder\".")));
            }
            Some(at) => row.cells[at].trim().to_owned(),
            None => self.stem.clone(),
        };
        Ok((coder, unit, stale))
    }

    /// What a row is about. If the row has the answer's words and these are not those of
    /// the study, it comes with the message that says so.
    fn unit(&self, row: &Row) -> Result<(Unit, Option<Box<Diagnostic>>)> {
        let cell = |at: Option<usize>| at.map_or("", |at| row.cells[at].trim());
        let respondent = cell(Some(self.columns.respondent));
        if respondent.is_empty() {
            return Err(Diagnostic::error(text!("回答者の ID が空です。", "The respondent's id is blank."))
                .column(self.columns.respondent + 1)
                .hint(text!("ID を書くか、この行を消してください。", "Fill it in, or delete the row.")));
        }
        let question = cell(self.columns.question);
        let Some(scheme) = self.scheme else {
            return Ok((
                Unit { place: (0, 0), respondent: respondent.to_owned(), question: question.to_owned() },
                None,
            ));
        };
        let located = |error: Box<Diagnostic>| {
            let question = self.columns.question.filter(|_| scheme.has_respondent(respondent));
            error.column(question.unwrap_or(self.columns.respondent) + 1)
        };
        let unit = scheme.asked(respondent, question).map_err(located)?;
        let words = self.columns.answer.map(|at| (at, row.cells[at].as_str()));
        if let Err(error) = scheme.answered(&unit) {
            // Words that were there when the row was filled in are gone.
            return match words {
                Some((at, words)) if !words.trim().is_empty() => Ok((unit, Some(error.line(row.line).column(at + 1)))),
                _ => Err(located(error)),
            };
        }
        let stale = words.filter(|(_, words)| !same_words(words, scheme.text(&unit))).map(|(at, _)| {
            let name = unit.name();
            Diagnostic::error(text!(
                "「{name}」の回答の文が、調査の回答と違います。",
                "The words of the answer \"{name}\" are not those of the study."
            ))
            .line(row.line)
            .column(at + 1)
            .hint(text!(
                "シートで文が書き換えられたか、行がずれています。元の文に戻してから、コードを確かめてください。",
                "The text was edited, or rows have slipped. Restore the text, then check the codes of this row."
            ))
        });
        Ok((unit, stale))
    }

    /// The identifier of a code.
    fn code(&self, name: &str) -> Result<String> {
        match self.scheme {
            Some(scheme) => Ok(scheme.labels()[scheme.label(name)?].clone()),
            None => Ok(name.to_owned()),
        }
    }

    /// The identifier of the stance of a code; `None` if it is blank.
    fn stance(&self, code: &str, name: &str) -> Result<Option<String>> {
        match (name, self.scheme) {
            ("", _) => Ok(None),
            (name, Some(scheme)) => scheme.stance(scheme.label(code)?, name).map(Some),
            (name, None) => Ok(Some(name.to_owned())),
        }
    }
}

/// Whether a cell holds these words. Blanks at the ends, and the apostrophe that keeps a
/// spreadsheet from running an answer as a formula, are not the respondent's.
fn same_words(cell: &str, answer: &str) -> bool {
    let bare = |text: &str| text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let answer = bare(answer);
    bare(cell) == answer || cell.strip_prefix('\'').is_some_and(|cell| bare(cell) == answer)
}
