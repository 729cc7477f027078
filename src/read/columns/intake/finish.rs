//! The survey, once all rows are in.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::super::{Source, note};
use super::super::Reading;
use super::super::alike::alike;
use super::super::names::Names;
use super::super::told::Told;
use super::{Intake, Person, Value, suggested};
use crate::diagnostic::{Diagnostic, Result, Severity, Text, fold_key};
use crate::study::{Layout, Missing, Study};
use crate::survey::{Alike, Answer, Attribute, Respondent, Survey, natural_order};
use crate::text;

impl Intake<'_> {
    /// The survey, with what must be known of it after `notes`.
    ///
    /// # Errors
    /// If no row could be used.
    pub(in super::super) fn finish(mut self, source: Source, mut notes: Vec<Diagnostic>) -> Result<Reading> {
        let rows_skipped = source.rows_read - self.rows_used;
        if self.people.is_empty() {
            return Err(self.nothing(&source));
        }
        // Its places do not hold any more.
        self.by_id.clear();
        self.by_id.shrink_to_fit(|_| 0);
        self.people.sort_by(|a, b| natural_order(&a.id, &b.id));
        let mut lookalikes = Told::new(Severity::Warning, text!("似た表記", "Similar spellings"));
        similar_ids(&self.people, &mut lookalikes);
        let mut blanks = Told::new(Severity::Note, text!("空の属性", "Blank attributes"));
        self.blank_values(&mut blanks);
        let chosen: Vec<&[_]> = self.people.iter().map(|person| &*person.chosen).collect();
        let mut closed_notes = Vec::new();
        let closed = self.closed.finish(&chosen, &source.path, &mut closed_notes);
        let weights = self.columns.weight.map(|_| self.people.iter().map(|person| person.weight).collect());
        let survey = survey(self.study, std::mem::take(&mut self.people), &self.attributes);
        let mut settings = Told::new(Severity::Warning, text!("データにない区分", "Categories not in the data"));
        for (attribute, declared) in survey.attributes.iter().zip(&self.study.attributes) {
            if !declared.is_declared() {
                similar_values(attribute, &mut lookalikes);
                absent_members(attribute, &mut settings);
            }
        }
        absent_columns(self.study, &survey, &mut settings);
        let messages = self.messages;
        let [first, second, third] = [messages.no_id, messages.repeated, messages.no_question];
        let respelled = std::iter::once(self.questions).chain(self.attributes).map(|names| names.respelled);
        [first, second, third, messages.unknown_value, messages.conflict, lookalikes, settings]
            .into_iter()
            .chain(respelled)
            .chain([blanks])
            .for_each(|told| told.flush(&source.path, &mut notes));
        notes.extend(closed_notes);
        let rows_read = source.rows_read;
        Ok(Reading { survey, closed, weights, rows_read, rows_used: self.rows_used, rows_skipped, source, notes })
    }

    fn nothing(&self, source: &Source) -> Box<Diagnostic> {
        let read = source.rows_read;
        let error = Diagnostic::error(text!(
            "データの行が {read} 行ありますが、使える行がありません。",
            "There are data rows ({read}), but none that can be used."
        ))
        .file(&source.path);
        let reasons = [&self.messages.no_id, &self.messages.repeated, &self.messages.no_question];
        match reasons.into_iter().max_by_key(|told| told.count()).and_then(Told::first) {
            None => error,
            Some(first) => {
                let Text { ja, en } = &first.message;
                let (next_ja, next_en) = first.hint.as_ref().map_or(("", ""), |hint| (&hint.ja, &hint.en));
                let error = error.hint(text!("たとえば: {ja}{next_ja}", "For one: {en} {next_en}"));
                match first.line {
                    Some(line) => error.line(line),
                    None => error,
                }
            }
        }
    }

    fn blank_values(&self, told: &mut Told) {
        for (index, attribute) in self.study.attributes.iter().enumerate() {
            let count = self.people.iter().filter(|person| person.values[index] == Value::Blank).count();
            if count > 0 {
                let name = &attribute.attribute.name;
                let message = text!(
                    "{name}が空の回答者が {count} 人います。不明として数えます。",
                    "Respondents without a value of \"{name}\": {count}. They count as unknown."
                );
                told.tell(|| note(Severity::Note, message));
            }
        }
    }
}

/// The survey of `people`, whose values are of these names.
fn survey(study: &Study, people: Vec<Person>, names: &[Names]) -> Survey {
    let missing = match &study.answers.layout {
        Layout::Long { missing: Missing::NotAsked, .. } => Answer::NotAsked,
        Layout::Long { .. } | Layout::Wide => Answer::Blank,
    };
    let names: Vec<Vec<Arc<str>>> =
        names.iter().map(|names| names.names.iter().map(|name| name.as_str().into()).collect()).collect();
    let value = |(index, value): (usize, &Value)| match value {
        Value::Known(category) => Some(names[index][*category as usize].clone()),
        Value::Blank | Value::Unknown | Value::Conflict => None,
    };
    let respondent = |person: Person| Respondent {
        values: person.values.iter().enumerate().map(value).collect(),
        answers: person.answers.into_iter().map(|answer| answer.unwrap_or_else(|| missing.clone())).collect(),
        id: person.id,
    };
    let respondents: Vec<Respondent> = people.into_iter().map(respondent).collect();
    let attributes = study.attributes.iter().enumerate().map(|(index, declared)| {
        let mut attribute = declared.attribute.clone();
        if !declared.is_declared() {
            attribute.categories = found(&respondents, index);
        }
        attribute
    });
    Survey {
        attributes: attributes.collect(),
        questions: study.questions.iter().map(|question| question.question.clone()).collect(),
        respondents,
    }
}

/// The values of an attribute, in natural order.
fn found(respondents: &[Respondent], attribute: usize) -> Vec<String> {
    let values: HashSet<&str> =
        respondents.iter().filter_map(|respondent| respondent.values[attribute].as_deref()).collect();
    let mut categories: Vec<String> = values.into_iter().map(str::to_owned).collect();
    categories.sort_by(|a, b| natural_order(a, b));
    categories
}

/// One person under two spellings of an id would count twice.
fn similar_ids(people: &[Person], told: &mut Told) {
    let alike = Alike::by(people.len(), |at| Some(fold_key(&people[at].id)));
    let mut before: Vec<Option<&Person>> = vec![None; alike.kinds().len()];
    if before.len() == people.len() {
        return;
    }
    for (at, person) in people.iter().enumerate() {
        let Some(other) = alike.of(at).and_then(|kind| before[kind].replace(person)) else { continue };
        let (one, two, first) = (&other.id, &person.id, other.line);
        told.tell(|| {
            note(
                Severity::Warning,
                text!(
                    "ID「{two}」と「{one}」（{first}行）は、全角・半角などの表記だけが違います。別の回答者として数えます。",
                    "The ids \"{two}\" and \"{one}\" (line {first}) differ in width, case or blanks only; they count as two respondents."
                ),
            )
            .line(person.line)
            .hint(text!("同じ回答者なら、ID をそろえてください。", "If they are one, give them the same id."))
        });
    }
}

fn similar_values(attribute: &Attribute, told: &mut Told) {
    let hint = text!(
        "同じ区分なら、調査ファイルの categories に並べるとまとまります。",
        "If they are one, declare it in \"categories\" of the study."
    );
    alike(&attribute.name, attribute.categories.iter().map(String::as_str), &hint, told);
}

fn absent_members(attribute: &Attribute, told: &mut Told) {
    let name = &attribute.name;
    for net in &attribute.nets {
        let label = &net.label;
        for member in net.of.iter().filter(|member| !attribute.categories.contains(member)) {
            let message = text!(
                "「{label}」にまとめる{name}「{member}」は、データにありません。",
                "The data has no \"{name}\" of \"{member}\", which the net \"{label}\" counts."
            );
            told.tell(|| suggested(note(Severity::Warning, message), member, &attribute.categories));
        }
    }
}

fn absent_columns(study: &Study, survey: &Survey, told: &mut Told) {
    let by = |attribute: &&Attribute| study.table.by.contains(&attribute.name);
    let mut names: Vec<String> = Vec::new();
    for attribute in survey.attributes.iter().filter(by) {
        names.extend(attribute.categories.iter().cloned());
        names.extend(attribute.nets.iter().map(|net| net.label.clone()));
    }
    for column in study.table.columns.iter().flatten().filter(|column| !names.contains(column)) {
        let message = text!(
            "[table] columns の「{column}」は、データにもまとめにもありません。",
            "\"{column}\" of [table] columns is neither in the data nor a net."
        );
        told.tell(|| suggested(note(Severity::Warning, message), column, &names));
    }
}
