//! Rows to respondents, one after the other.

mod finish;

use std::hash::BuildHasher as _;
use std::rc::Rc;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::super::closed::{Chosen, ClosedReader, weight};
use super::super::{Row, note};
use super::names::{Named, Names};
use super::told::Told;
use super::{Columns, Place};
use crate::diagnostic::{Diagnostic, Result, Severity, fold_key, suggest};
use crate::study::{Study, StudyQuestion};
use crate::survey::Answer;
use crate::text;

/// What the rows seen so far say of a respondent's attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Blank,
    Known(u32),
    /// Not one of the declared categories.
    Unknown,
    /// The rows contradict each other.
    Conflict,
}

impl Value {
    /// What two rows together say. It does not matter which comes first.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Blank, value) | (value, Self::Blank) => value,
            (one, two) if one == two => one,
            _ => Self::Conflict,
        }
    }
}

struct Person {
    id: String,
    /// The first row.
    line: usize,
    values: Box<[Value]>,
    /// What the columns of the closed questions say.
    chosen: Box<[Chosen]>,
    weight: f64,
    /// For each question.
    answers: Vec<Option<Answer>>,
    /// The rows of the answers, where they are not all in the first.
    lines: Box<[usize]>,
}

/// Cell values that mean "not asked", folded.
struct NotAsked {
    keys: Vec<String>,
    /// Longer cells need not be folded.
    longest: usize,
}

/// Takes rows in.
pub(super) struct Intake<'a> {
    study: &'a Study,
    columns: Rc<Columns>,
    questions: Names,
    attributes: Vec<Names>,
    closed: ClosedReader<'a>,
    not_asked: Vec<NotAsked>,
    people: Vec<Person>,
    /// Places in `people`, by id.
    by_id: HashTable<u32>,
    rows_used: usize,
    messages: Messages,
}

struct Messages {
    no_id: Told,
    repeated: Told,
    no_question: Told,
    unknown_value: Told,
    conflict: Told,
}

impl<'a> Intake<'a> {
    pub(super) fn new(study: &'a Study, columns: Columns) -> Self {
        let closed = ClosedReader::new(&study.closed, &columns.closed, columns.first);
        let names = study.questions.iter().map(|question| question.column.text.clone()).collect();
        let categories = study.attributes.iter().map(|attribute| attribute.attribute.categories.clone());
        Self {
            study,
            columns: Rc::new(columns),
            questions: Names::new(names),
            attributes: categories.map(Names::new).collect(),
            closed,
            not_asked: study.questions.iter().map(NotAsked::new).collect(),
            people: Vec::new(),
            by_id: HashTable::new(),
            rows_used: 0,
            messages: Messages::new(),
        }
    }

    /// Takes a row in, or says why not.
    ///
    /// # Errors
    /// If its weight is no number.
    pub(super) fn take(&mut self, mut row: Row) -> Result<()> {
        let id = row.cells[self.columns.id].trim();
        if id.is_empty() {
            let place = self.columns.first + self.columns.id;
            self.messages.no_id.tell(|| no_id(row.line, place));
            return Ok(());
        }
        let known = self.known(id);
        let id = id.to_owned();
        let columns = Rc::clone(&self.columns);
        match &columns.answers {
            Place::Wide(questions) => {
                if let Some(person) = known {
                    let (first, place) = (self.people[person].line, self.columns.first + self.columns.id);
                    self.messages.repeated.tell(|| repeated_person(&id, first).line(row.line).column(place));
                    return Ok(());
                }
                let person = self.person(id, row.line);
                for (index, &column) in questions.iter().enumerate() {
                    let answer = self.not_asked[index].answer(std::mem::take(&mut row.cells[column]));
                    self.people[person].answers[index] = Some(answer);
                }
                self.accept(person, &row)
            }
            Place::Long { question, text } => {
                let Some(index) = self.question(&row, *question) else { return Ok(()) };
                let earlier = known.map(|person| &self.people[person]).filter(|person| person.answers[index].is_some());
                if let Some(first) = earlier.map(|person| person.lines[index]) {
                    let name = &self.study.questions[index].question.id;
                    let place = self.columns.first + *text;
                    self.messages.repeated.tell(|| repeated_answer(&id, name, first).line(row.line).column(place));
                    return Ok(());
                }
                let person = known.unwrap_or_else(|| self.person(id, row.line));
                let answer = self.not_asked[index].answer(std::mem::take(&mut row.cells[*text]));
                self.people[person].answers[index] = Some(answer);
                self.people[person].lines[index] = row.line;
                self.accept(person, &row)
            }
        }
    }

    /// The place of the person with that id, if there is one yet.
    fn known(&self, id: &str) -> Option<usize> {
        let place = self.by_id.find(hash(id), |place| self.people[*place as usize].id == id);
        place.map(|place| *place as usize)
    }

    fn person(&mut self, id: String, line: usize) -> usize {
        let index = self.people.len();
        // A file of at most 2 GiB has fewer rows than four bytes can number.
        let people = &self.people;
        self.by_id.insert_unique(hash(&id), index as u32, |place| hash(&people[*place as usize].id));
        let questions = self.study.questions.len();
        let lines = if matches!(self.columns.answers, Place::Long { .. }) { questions } else { 0 };
        self.people.push(Person {
            id,
            line,
            values: vec![Value::Blank; self.attributes.len()].into(),
            chosen: vec![Chosen::Blank; self.closed.len()].into(),
            weight: 1.0,
            answers: vec![None; questions],
            lines: vec![0; lines].into(),
        });
        index
    }

    /// The question a row of long layout answers.
    fn question(&mut self, row: &Row, column: Option<usize>) -> Option<usize> {
        let Some(column) = column else { return Some(0) };
        let cell = &row.cells[column];
        let place = self.columns.first + column;
        match self.questions.find(cell, row.line, place) {
            Named::Known(index) => Some(index),
            named => {
                let names = &self.questions.names;
                self.messages.no_question.tell(|| no_question(cell.trim(), named, names).line(row.line).column(place));
                None
            }
        }
    }

    /// Counts the row and takes its attributes, closed answers and weight.
    fn accept(&mut self, person: usize, row: &Row) -> Result<()> {
        self.rows_used += 1;
        let Person { id, values, chosen, weight: own, .. } = &mut self.people[person];
        self.closed.take(row, chosen);
        if let Some(column) = self.columns.weight {
            *own = weight(&row.cells[column], row.line, self.columns.first + column)?;
        }
        for (index, names) in self.attributes.iter_mut().enumerate() {
            let column = self.columns.attributes[index];
            let (cell, place) = (&row.cells[column], self.columns.first + column);
            let found = match names.find(cell, row.line, place) {
                Named::Blank => Value::Blank,
                Named::Known(category) => Value::Known(category as u32),
                Named::Unknown => Value::Unknown,
            };
            let before = values[index];
            values[index] = before.and(found);
            if values[index] == before {
                continue;
            }
            let (name, cell) = (&self.study.attributes[index].attribute.name, cell.trim());
            match values[index] {
                Value::Unknown => self
                    .messages
                    .unknown_value
                    .tell(|| unknown_value(name, cell, &names.names).line(row.line).column(place)),
                Value::Conflict => {
                    self.messages.conflict.tell(|| conflict(id, name, cell).line(row.line).column(place));
                }
                Value::Blank | Value::Known(_) => {}
            }
        }
        Ok(())
    }
}

fn hash(id: &str) -> u64 {
    FxBuildHasher.hash_one(id)
}

impl NotAsked {
    fn new(question: &StudyQuestion) -> Self {
        // Folding shortens a character from at most 4 bytes to 1.
        let longest = question.not_asked.iter().map(|value| value.len() * 4).max().unwrap_or(0);
        Self { keys: question.not_asked.iter().map(|value| fold_key(value)).collect(), longest }
    }

    fn answer(&self, mut cell: String) -> Answer {
        let words = cell.trim();
        if words.is_empty() {
            Answer::Blank
        } else if words.len() <= self.longest && self.keys.contains(&fold_key(words)) {
            Answer::NotAsked
        } else {
            cell.shrink_to_fit();
            Answer::Text(cell)
        }
    }
}

impl Messages {
    fn new() -> Self {
        use Severity::{Skipped, Warning};
        Self {
            no_id: Told::new(Skipped, text!("ID が空の行", "Rows without an id")),
            repeated: Told::new(Skipped, text!("同じ ID の行", "Rows with the same id")),
            no_question: Told::new(Skipped, text!("設問の分からない行", "Rows of unknown questions")),
            unknown_value: Told::new(Warning, text!("区分にない値", "Values that are no category")),
            conflict: Told::new(Warning, text!("行によって違う属性", "Attributes that differ between rows")),
        }
    }
}

fn no_id(line: usize, column: usize) -> Box<Diagnostic> {
    let message = text!("ID が空のため、この行を除きました。", "The row was left out: its id is blank.");
    note(Severity::Skipped, message)
        .line(line)
        .column(column)
        .hint(text!("回答者の ID を入れてください。", "Give the respondent an id."))
}

fn repeated_person(id: &str, first: usize) -> Box<Diagnostic> {
    let message = text!(
        "ID「{id}」は {first}行にもあるため、この行を除きました。",
        "The row was left out: the id \"{id}\" stands in line {first} already."
    );
    note(Severity::Skipped, message).hint(text!(
        "ID を直すか、余分な行を消してください。1行に1回答のデータなら layout = \"long\" にします。",
        "Correct the id or delete the row. For data with a row an answer, set layout = \"long\"."
    ))
}

fn repeated_answer(id: &str, question: &str, first: usize) -> Box<Diagnostic> {
    let message = text!(
        "ID「{id}」の {question} の回答は {first}行にもあるため、この行を除きました。",
        "The row was left out: line {first} has an answer of \"{id}\" to {question} already."
    );
    note(Severity::Skipped, message).hint(text!(
        "ID か設問を直すか、行を1つにまとめてください。",
        "Correct the id or the question, or join the rows."
    ))
}

fn no_question(cell: &str, named: Named, names: &[String]) -> Box<Diagnostic> {
    if named == Named::Blank {
        let message = text!("設問が空のため、この行を除きました。", "The row was left out: its question is blank.");
        return note(Severity::Skipped, message)
            .hint(text!("どの設問の回答かを入れてください。", "Say which question it answers."));
    }
    let message = text!(
        "設問「{cell}」は調査ファイルにないため、この行を除きました。",
        "The row was left out: the study has no question \"{cell}\"."
    );
    suggested(note(Severity::Skipped, message), cell, names)
}

fn unknown_value(attribute: &str, cell: &str, names: &[String]) -> Box<Diagnostic> {
    let message = text!(
        "{attribute}「{cell}」は区分にないため、不明として数えます。",
        "\"{cell}\" is no category of \"{attribute}\"; it counts as unknown."
    );
    suggested(note(Severity::Warning, message), cell, names)
}

fn conflict(id: &str, attribute: &str, cell: &str) -> Box<Diagnostic> {
    let message = text!(
        "ID「{id}」の{attribute}が行によって違うため、不明として数えます（この行は「{cell}」）。",
        "\"{attribute}\" of \"{id}\" differs between rows; it counts as unknown (\"{cell}\" in this one)."
    );
    note(Severity::Warning, message)
        .hint(text!("どの行も同じ値にしてください。", "Give all the rows of a respondent the same value."))
}

fn suggested(mut message: Box<Diagnostic>, cell: &str, names: &[String]) -> Box<Diagnostic> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    message.hint = suggest(cell, &names);
    message
}
