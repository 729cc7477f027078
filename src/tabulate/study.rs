//! The tables and checks that a study declares, counted.

use rayon::prelude::*;

use super::compare::{Comparison, Test, comparisons, tests};
use super::cross::{BaseOf, Cross, Head, Plan, cross};
use super::rates::{Rate, rates};
use super::suppress::{Rule, suppress};
use super::variable::{Level, Variable};
use crate::codebook::Codebook;
use crate::coding::Coded;
use crate::config::Located;
use crate::diagnostic::{Diagnostic, Result, Severity, Text, suggest};
use crate::read::columns::Reading;
use crate::statistics::Adjustment;
use crate::study::{Check, Condition, Study, StudyTable, TableBase};
use crate::survey::{People, PerAnswer};
use crate::text;

/// Everything that tables of a study are made of.
pub struct Material<'m> {
    /// The study.
    pub study: &'m Study,
    /// What was read.
    pub reading: &'m Reading,
    /// The codebook.
    pub codebook: &'m Codebook,
    /// The codings.
    pub coded: &'m PerAnswer<Coded>,
}

/// A `[[table]]`, counted.
pub struct Tabulated<'m> {
    /// What was asked for.
    pub table: &'m StudyTable,
    /// The counts.
    pub cross: Cross,
    /// Whether each column is shown.
    pub shown: Vec<bool>,
    /// Which groups are compared.
    pub comparisons: Vec<Comparison>,
    /// The tests.
    pub tests: Vec<Test>,
}

/// Respondents who do not meet a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What the check is about.
    pub title: String,
    /// Ids of the respondents, in their order.
    pub respondents: Vec<String>,
}

impl<'m> Material<'m> {
    /// The attributes and closed questions.
    fn groupings(&self) -> Vec<Variable> {
        let attributes =
            (0..self.reading.survey.attributes.len()).map(|at| Variable::attribute(&self.reading.survey, at));
        let closed = self
            .study
            .closed
            .iter()
            .zip(&self.reading.closed)
            .map(|(question, answers)| Variable::closed(question, answers));
        attributes.chain(closed).collect()
    }

    /// The tables, in the order of the study file.
    ///
    /// # Errors
    /// If a table names an axis that the codebook lacks, or a value that the data lack.
    pub fn tables(&self) -> Result<Vec<Tabulated<'m>>> {
        let groupings = self.groupings();
        let tables: Vec<Result<_>> = self.study.tables.par_iter().map(|table| self.table(table, &groupings)).collect();
        // Of several errors, the first.
        tables.into_iter().collect()
    }

    fn table(&self, table: &'m StudyTable, groupings: &[Variable]) -> Result<Tabulated<'m>> {
        let axes = self.axes(table)?;
        let find = |name: &Located| groupings.iter().find(|variable| variable.name == name.text);
        let mut open = Vec::new();
        for row in table.rows.iter().filter(|row| find(row).is_none()) {
            let questions = &self.reading.survey.questions;
            let Some(at) = questions.iter().position(|question| question.id == row.text) else { continue };
            open.push(Variable::codes(&self.reading.survey, self.codebook, self.coded, at, &axes));
        }
        if let Some(by) =
            table.by.iter().find(|by| table.hides() && find(by).is_some_and(|variable| !variable.is_single))
        {
            let name = &by.text;
            return Err(by
                .error(text!(
                    "「{name}」は複数回答なので、suppress のある表の by には使えません。",
                    "\"{name}\" has several answers a person and cannot stand in \"by\" of a table with \"suppress\"."
                ))
                .hint(text!(
                    "by から外すか、suppress を消してください。",
                    "Take it out of \"by\", or delete \"suppress\"."
                )));
        }
        let row = |name: &Located| find(name).or_else(|| open.iter().find(|variable| variable.name == name.text));
        let base = match &table.base {
            TableBase::Respondents => BaseOf::Respondents,
            TableBase::Answered => BaseOf::Answered,
            TableBase::Those(conditions) => BaseOf::Those(self.those(conditions, groupings)?),
        };
        let plan = Plan {
            rows: table.rows.iter().filter_map(row).collect(),
            columns: table.by.iter().filter_map(find).collect(),
            base,
            of: table.percent,
            weights: self.reading.weights.as_deref(),
        };
        let mut cross = cross(&plan);
        let is_shown = |head: &Head| match (&table.columns, head.level) {
            (None, _) | (_, Level::Total | Level::Missing) => true,
            (Some(columns), _) => columns.contains(&head.id),
        };
        let shown: Vec<bool> = cross.columns.iter().map(is_shown).collect();
        if table.hides() {
            cross.hidden = suppress(&cross, &shown, Rule { under: table.suppress.max(1), zero: table.suppress_zero });
        }
        let picked = |head: &Head| table.columns.is_some() && is_shown(head);
        let comparisons = comparisons(&cross.columns, &picked);
        let shares: Vec<Vec<_>> = (0..cross.rows.len()).map(|row| cross.shares(row)).collect();
        let mut all = Vec::new();
        for block in 0..plan.rows.len() {
            // A family is the rows of one question.
            let counts = |row: usize| cross.rows[row].block == Some(block) && cross.rows[row].level != Level::Missing;
            all.extend(tests(&shares, &comparisons, Some(Adjustment::Holm), &counts));
        }
        // A difference or a p-value would give the counts away.
        all.retain(|test| cross.is_open(test.item));
        Ok(Tabulated { table, cross, shown, comparisons, tests: all })
    }

    /// The axes of a table, which must be axes of the codebook.
    fn axes(&self, table: &StudyTable) -> Result<Vec<String>> {
        let known: Vec<&str> = self.codebook.axes.iter().map(|axis| axis.id.as_str()).collect();
        if let Some(axis) = table.axes.iter().find(|axis| !known.contains(&axis.text.as_str())) {
            let written = &axis.text;
            let mut error = axis
                .error(text!("コードブックに軸「{written}」はありません。", "The codebook has no axis \"{written}\"."));
            error.hint = suggest(written, &known);
            return Err(error);
        }
        Ok(table.axes.iter().map(|axis| axis.text.clone()).collect())
    }

    /// Who meets all of `conditions`.
    fn those(&self, conditions: &[Condition], groupings: &[Variable]) -> Result<People> {
        let mut those = People::all(self.reading.survey.respondents.len());
        for condition in conditions {
            let Some(variable) = groupings.iter().find(|variable| variable.name == condition.name.text) else {
                continue;
            };
            let mut any = People::none(those.of());
            for value in &condition.values {
                let Some(category) = variable.category(&value.text) else {
                    let (name, written) = (&variable.name, &value.text);
                    let known: Vec<&str> = variable.categories.iter().map(|category| category.id.as_str()).collect();
                    let mut error = value.error(text!(
                        "{name}「{written}」は、データにありません。",
                        "The data has no \"{name}\" of \"{written}\"."
                    ));
                    error.hint = suggest(written, &known);
                    return Err(error);
                };
                any = any.or(&category.people);
            }
            those = those.and(&any);
        }
        Ok(those)
    }

    /// Who does not meet the checks, check by check; a check that all meet is told with
    /// nobody.
    ///
    /// # Errors
    /// If a check names a value that the data lack.
    pub fn violations(&self) -> Result<Vec<Violation>> {
        let groupings = self.groupings();
        let violation = |check: &Check| {
            let (when, then) = (self.those(&check.when, &groupings)?, self.those(&check.then, &groupings)?);
            let wrong = if check.is_never { when.and(&then) } else { when.without(&then) };
            let respondents = wrong.iter().map(|at| self.reading.survey.respondents[at].id.clone()).collect();
            Ok(Violation { title: check.title.clone(), respondents })
        };
        self.study.checks.iter().map(violation).collect()
    }

    /// Warnings of questions that stand in a table with hidden cells and in another one:
    /// what one hides the other may show.
    pub fn leaks(&self) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for (at, table) in self.study.tables.iter().enumerate().filter(|(_, table)| table.hides()) {
            for row in &table.rows {
                let is_other = |(other, table): &(usize, &StudyTable)| {
                    *other != at && table.rows.iter().any(|other| other.text == row.text)
                };
                let other = self.study.tables.iter().enumerate().find(is_other).map(|(_, table)| table.id.as_str());
                let is_open = self.study.questions.iter().any(|question| question.question.id == row.text);
                let Some(other) = other.or(is_open.then_some("themes.csv")) else { continue };
                let (id, name) = (&table.id, &row.text);
                let mut warning = row.error(text!(
                    "表「{id}」で隠す「{name}」は「{other}」にもあり、そこから分かるおそれがあります。",
                    "\"{name}\", hidden in part in table \"{id}\", also stands in \"{other}\", which may give it away."
                ));
                warning.severity = Severity::Warning;
                warnings.push(*warning.hint(text!("公表する表を1つにしてください。", "Publish one of them only.")));
            }
        }
        warnings
    }

    /// Response rates by the attributes whose population is known.
    pub fn rates(&self) -> Vec<Rate> {
        let survey = &self.reading.survey;
        let known = survey
            .attributes
            .iter()
            .enumerate()
            .filter_map(|(at, attribute)| Some((at, attribute.population.as_ref()?)));
        known.flat_map(|(at, population)| rates(&Variable::attribute(survey, at), population)).collect()
    }
}

impl Violation {
    /// What to tell the reader; `None` where everybody meets the check.
    pub fn warning(&self) -> Option<Diagnostic> {
        const SHOWN: usize = 10;
        let count = self.respondents.len();
        let list = self.respondents.iter().take(SHOWN).cloned().collect::<Vec<_>>();
        let (ja, en) = (list.join("、"), list.join(", "));
        let more = if count > SHOWN { " …" } else { "" };
        let title = &self.title;
        let message: Text = text!(
            "回答が合いません「{title}」: {count} 人（{ja}{more}）",
            "Answers contradict each other, \"{title}\": {count} ({en}{more})"
        );
        let mut warning = Diagnostic::new(Severity::Warning, message);
        warning.hint = Some(text!(
            "集計はそのまま行いました。一覧は checks.csv にあります。",
            "They were counted as they are; checks.csv lists them."
        ));
        (count > 0).then_some(warning)
    }
}
