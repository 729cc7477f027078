//! Rows of `matrix.csv` as respondents with their codes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::part::Part;
use super::rows::{Merged, Row, odd};
use crate::codebook::Codebook;
use crate::coding::{Coded, Coding};
use crate::diagnostic::Result;
use crate::report::csv::{harmless, matrix_items};
use crate::study::Study;
use crate::survey::{Answer, Attribute, Respondent, Survey, natural_order};
use crate::tabulate::Item;

/// How the files of the parts are laid out.
pub(super) struct Layout<'s> {
    pub(super) study: &'s Study,
    pub(super) codebook: &'s Codebook,
    pub(super) raw: bool,
}

/// A respondent with the codes of each answer. Of texts only their being there is known.
pub(super) struct Person<'p> {
    pub(super) respondent: &'p Respondent,
    pub(super) coded: &'p [Option<Coded>],
}

impl Layout<'_> {
    /// A cell as it was before it was neutralized for spreadsheets. (A cell that began with
    /// an apostrophe and such a character from the start loses it here, and nowhere else.)
    pub(super) fn cell<'c>(&self, cell: &'c str) -> &'c str {
        match cell.strip_prefix('\'') {
            Some(rest) if !self.raw && matches!(harmless(rest), Cow::Owned(_)) => rest,
            _ => cell,
        }
    }

    /// Gives every respondent of the parts to `take`, in order.
    ///
    /// # Errors
    /// If a file is not what a run of this study writes.
    pub(super) fn people(&self, parts: &[Part], take: &mut dyn FnMut(&Person<'_>)) -> Result<()> {
        let mut merged = Merged::open(parts, "matrix.csv", self)?;
        let items = matrix_items(self.codebook);
        let path = |row: &Row| parts[row.part].path("matrix.csv");
        let attributes = self.study.attributes.iter().map(|attribute| attribute.attribute.name.as_str());
        let expected = ["respondent_id", "question"].into_iter().chain(attributes).chain(["status"]);
        let expected = expected.chain(items.iter().map(|item| item.id(self.codebook)));
        if !merged.header().iter().map(|name| self.cell(name)).eq(expected) {
            return Err(odd(&parts[0].path("matrix.csv"), 1));
        }
        let questions = self.study.questions.len();
        while let Some(first) = merged.next_row()? {
            let mut rows = vec![first];
            while rows.len() < questions {
                match merged.next_row()? {
                    Some(row) if row.id == rows[0].id && row.question == rows.len() => rows.push(row),
                    _ => return Err(odd(&path(&rows[0]), rows[0].line)),
                }
            }
            if rows[0].question != 0 {
                return Err(odd(&path(&rows[0]), rows[0].line));
            }
            let (respondent, coded) = self.person(&rows, &items).ok_or_else(|| odd(&path(&rows[0]), rows[0].line))?;
            take(&Person { respondent: &respondent, coded: &coded });
        }
        Ok(())
    }

    /// The respondent whose answers stand in these rows, one a question.
    fn person(&self, rows: &[Row], items: &[Item]) -> Option<(Respondent, Vec<Option<Coded>>)> {
        let status_at = 2 + self.study.attributes.len();
        let value = |at: usize| Some(self.cell(rows[0].cells.get(2 + at)?)).filter(|value| !value.is_empty());
        let values = (0..self.study.attributes.len()).map(|at| value(at).map(Into::into)).collect();
        let (mut answers, mut coded) = (Vec::new(), Vec::new());
        for row in rows {
            let status = self.cell(row.cells.get(status_at)?);
            let reserved = self.codebook.reserved.iter().position(|reserved| reserved.id == status);
            let (answer, codes) = match (status, reserved) {
                ("blank", _) => (Answer::Blank, None),
                ("not_asked", _) => (Answer::NotAsked, None),
                (_, Some(_)) => (Answer::Text(String::new()), Some(Coded { reserved, ..Coded::default() })),
                ("text", None) => {
                    let mut codings = Vec::new();
                    for (at, item) in items.iter().enumerate() {
                        match (item, row.cells.get(status_at + 1 + at)?) {
                            (Item::Code(code), "1") => {
                                codings.push(Coding { code: *code, stance: None, evidence: Vec::new() });
                            }
                            (_, "0" | "1") => {}
                            _ => return None,
                        }
                    }
                    (Answer::Text(String::new()), Some(Coded { codings, ..Coded::default() }))
                }
                _ => return None,
            };
            answers.push(answer);
            coded.push(codes);
        }
        Some((Respondent { id: rows[0].id.clone(), values, answers }, coded))
    }
}

/// What must be known of all respondents before anyone is counted.
pub(super) struct Found {
    pub(super) respondents: u64,
    /// By attribute: its values, and how many respondents have none.
    values: Vec<BTreeSet<String>>,
    missing: Vec<u64>,
}

impl Found {
    pub(super) fn new(study: &Study) -> Self {
        let attributes = study.attributes.len();
        Self { respondents: 0, values: vec![BTreeSet::new(); attributes], missing: vec![0; attributes] }
    }

    pub(super) fn take(&mut self, person: &Person<'_>) {
        self.respondents += 1;
        for (at, value) in person.respondent.values.iter().enumerate() {
            match value {
                None => self.missing[at] += 1,
                Some(value) if !self.values[at].contains(&**value) => drop(self.values[at].insert(value.to_string())),
                Some(_) => {}
            }
        }
    }

    /// The survey without its respondents, and how many of them lack each attribute.
    pub(super) fn survey(self, study: &Study) -> (Survey, Vec<u64>) {
        let attribute = |(declared, values): (&crate::study::StudyAttribute, BTreeSet<String>)| {
            let mut attribute: Attribute = declared.attribute.clone();
            if !declared.is_declared() {
                attribute.categories = values.into_iter().collect();
                attribute.categories.sort_by(|a, b| natural_order(a, b));
            }
            attribute
        };
        let survey = Survey {
            attributes: study.attributes.iter().zip(self.values).map(attribute).collect(),
            questions: study.questions.iter().map(|question| question.question.clone()).collect(),
            respondents: Vec::new(),
        };
        (survey, self.missing)
    }
}
