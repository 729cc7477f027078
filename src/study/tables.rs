//! `[[table]]`: what the tables show; `[[check]]`: what answers may not say together.
//!
//! A `[[table]]` without `rows` (or a single `[table]`) says how the themes are grouped;
//! every other one is a cross-tabulation of its own.

use std::path::{Path, PathBuf};

use super::load::{choice, filled, known, require_filled, unique};
use super::{ClosedQuestion, StudyAttribute, StudyQuestion, TableChoice};
use crate::config::{Located, Node, Source, Table};
use crate::diagnostic::{Result, suggest};
use crate::survey::Base;
use crate::text;

/// A `[[table]]` with rows of its own.
#[derive(Clone, Debug)]
pub struct StudyTable {
    /// Short name, in `tables.csv`.
    pub id: String,
    /// Title for readers.
    pub title: String,
    /// Questions and attributes in the rows.
    pub rows: Vec<Located>,
    /// Axes of the codes of open questions in the rows; empty for the themes.
    pub axes: Vec<Located>,
    /// Attributes and closed questions in the columns.
    pub by: Vec<Located>,
    /// Categories and nets that are shown of them; `None` for all.
    pub columns: Option<Vec<String>>,
    /// The base of the shares.
    pub base: TableBase,
    /// What percentages are parts of.
    pub percent: Percent,
    /// Counts from 1 to under this are hidden; 0 hides nothing.
    pub suppress: u64,
    /// Whether a count of 0 is hidden as well.
    pub suppress_zero: bool,
    /// Whether differences are marked.
    pub marks: bool,
}

/// What a percentage is a part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Percent {
    /// The base in the column.
    #[default]
    Column,
    /// All in the row.
    Row,
    /// The base of all respondents.
    Total,
}

impl Percent {
    /// The word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Row => "row",
            Self::Total => "total",
        }
    }
}

/// Which respondents a table is of.
#[derive(Clone, Debug)]
pub enum TableBase {
    /// Everyone who was asked.
    Respondents,
    /// Those who gave an answer.
    Answered,
    /// Those who meet every condition.
    Those(Vec<Condition>),
}

/// Who has one of these values of an attribute or closed question.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Attribute or closed question.
    pub name: Located,
    /// Categories, options or nets.
    pub values: Vec<Located>,
}

/// An earlier study to compare with.
#[derive(Clone, Debug)]
pub struct Comparand {
    /// What it is called, e.g. its year.
    pub name: String,
    /// The folder with its results.
    pub results: PathBuf,
    /// As it was written, for messages.
    pub written: Located,
}

/// What answers may not say together, or must.
#[derive(Clone, Debug)]
pub struct Check {
    /// What it is about, for readers.
    pub title: String,
    /// Whom it concerns: those who meet every condition.
    pub when: Vec<Condition>,
    /// What then holds …
    pub then: Vec<Condition>,
    /// … never, or always.
    pub is_never: bool,
}

/// What can stand in tables and conditions.
pub(super) struct Known<'s> {
    pub(super) attributes: &'s [StudyAttribute],
    pub(super) closed: &'s [ClosedQuestion],
    pub(super) questions: &'s [StudyQuestion],
}

impl Known<'_> {
    fn groupings(&self) -> Vec<String> {
        let attributes = self.attributes.iter().map(|attribute| attribute.attribute.name.clone());
        attributes.chain(self.closed.iter().map(|question| question.id.clone())).collect()
    }

    fn rows(&self) -> Vec<String> {
        let open = self.questions.iter().map(|question| question.question.id.clone());
        self.groupings().into_iter().chain(open).collect()
    }

    /// Categories and nets of an attribute or closed question; `None` where they are not
    /// known before the data are read.
    fn values(&self, name: &str) -> Option<Vec<String>> {
        if let Some(question) = self.closed.iter().find(|question| question.id == name) {
            return Some(question.names());
        }
        let attribute = self.attributes.iter().find(|attribute| attribute.attribute.name == name)?;
        let nets = attribute.attribute.nets.iter().map(|net| net.label.clone());
        attribute.is_declared().then(|| attribute.attribute.categories.iter().cloned().chain(nets).collect())
    }

    /// Conditions written `{ question = "option", … }`.
    fn conditions(&self, node: &Node) -> Result<Vec<Condition>> {
        let table = node.table()?;
        let mut conditions = Vec::new();
        for (name, node) in table.all() {
            let all = self.groupings();
            if !all.iter().any(|known| known == name) {
                let candidates: Vec<&str> = all.iter().map(String::as_str).collect();
                let mut error = table.error_at_key(
                    name,
                    text!(
                        "属性・選択式の設問「{name}」はありません。",
                        "There is no attribute or closed question \"{name}\"."
                    ),
                );
                error.hint = Some(suggest(name, &candidates).unwrap_or_else(nothing));
                return Err(error);
            }
            let values = node.texts()?;
            if let Some(all) = self.values(name) {
                known(values.clone(), &all, &text!("区分・選択肢", "category or option"))?;
            }
            let name = table.key(name);
            conditions.push(Condition { name, values });
        }
        if conditions.is_empty() {
            return Err(node.error(text!("条件が空です。", "The condition is empty.")).hint(text!(
                "{{ 設問 = \"選択肢\" }} のように書いてください。",
                "Write {{ question = \"option\" }}."
            )));
        }
        Ok(conditions)
    }
}

fn nothing() -> crate::diagnostic::Text {
    text!("この調査には、まだ1つも書かれていません。", "The study declares none yet.")
}

/// The choice for the themes, and the tables with rows of their own.
pub(super) fn tables(root: &Table, known: &Known<'_>) -> Result<(TableChoice, Vec<StudyTable>)> {
    let all: Vec<String> = known.attributes.iter().map(|attribute| attribute.attribute.name.clone()).collect();
    let mut themes = None;
    let mut tables = Vec::new();
    let mut ids = Vec::new();
    for table in root.one_or_more("table")? {
        if table.get("rows").is_some() {
            let (id, read) = one(&table, known)?;
            unique(&id, &mut ids, text!("表の id", "table id"))?;
            tables.push(read);
        } else if let Some(unfit) = ["id", "title", "axis", "percent", "suppress", "suppress_zero", "marks"]
            .into_iter()
            .find(|key| table.get(key).is_some())
        {
            return Err(table
                .error_at_key(
                    unfit,
                    text!("「{unfit}」のある表には「rows」が要ります。", "A table with \"{unfit}\" needs \"rows\"."),
                )
                .hint(text!("rows = [\"設問\"] を加えてください。", "Add rows = [\"question\"].")));
        } else if themes.is_some() {
            return Err(table.error(text!("「rows」のない表が2つあります。", "Two tables have no \"rows\".")).hint(
                text!(
                    "テーマの分け方を決める表は1つです。ほかの表には rows を書いてください。",
                    "One table says how themes are grouped; the others need rows."
                ),
            ));
        } else {
            themes = Some(theme_choice(&table, known.attributes)?);
        }
    }
    Ok((themes.unwrap_or_else(|| TableChoice { by: all, ..TableChoice::default() }), tables))
}

fn one(table: &Table, of: &Known<'_>) -> Result<(Located, StudyTable)> {
    let title = filled(table, "title")?;
    let rows = table.texts("rows")?;
    known(rows.clone(), &of.rows(), &text!("設問・属性", "question or attribute"))?;
    if rows.is_empty() {
        return Err(table
            .error_at_key("rows", text!("「rows」が空です。", "\"rows\" is empty."))
            .hint(text!("設問か属性を並べてください。", "List questions or attributes.")));
    }
    let axes = table.texts("axis")?;
    let by = table.texts("by")?;
    known(by.clone(), &of.groupings(), &text!("属性・選択式の設問", "attribute or closed question"))?;
    let columns = columns(table, &by, of)?;
    let base = base(table, of)?;
    let percent =
        choice(table, "percent", &[("column", Percent::Column), ("row", Percent::Row), ("total", Percent::Total)])?;
    let suppress = table.get("suppress").map(Node::count).transpose()?.unwrap_or(0);
    let suppress_zero = table.get("suppress_zero").map(Node::boolean).transpose()?.unwrap_or(false);
    let marks = table.get("marks").map(Node::boolean).transpose()?.unwrap_or(false);
    let id = require_filled(table, "id")?;
    table.check()?;
    let read = StudyTable {
        title: title.map_or_else(|| id.text.clone(), |title| title.text),
        id: id.text.clone(),
        rows,
        axes,
        by,
        columns,
        base,
        percent: percent.unwrap_or_default(),
        suppress,
        suppress_zero,
        marks,
    };
    Ok((id, read))
}

fn columns(table: &Table, by: &[Located], of: &Known<'_>) -> Result<Option<Vec<String>>> {
    if table.get("columns").is_none() {
        return Ok(None);
    }
    let names = table.texts("columns")?;
    let values: Vec<Option<Vec<String>>> = by.iter().map(|by| of.values(&by.text)).collect();
    if values.iter().all(Option::is_some) {
        let all: Vec<String> = values.into_iter().flatten().flatten().collect();
        return known(names, &all, &text!("区分", "category or net")).map(Some);
    }
    // Values that are found in the data only cannot be checked before it is read.
    Ok(Some(names.into_iter().map(|name| name.text).collect()))
}

fn base(table: &Table, of: &Known<'_>) -> Result<TableBase> {
    let Some(node) = table.get("base") else { return Ok(TableBase::Respondents) };
    if node.is_table() {
        return of.conditions(node).map(TableBase::Those);
    }
    let named = choice(table, "base", &[("respondents", TableBase::Respondents), ("answered", TableBase::Answered)])?;
    Ok(named.unwrap_or(TableBase::Respondents))
}

/// How the themes are grouped.
fn theme_choice(table: &Table, attributes: &[StudyAttribute]) -> Result<TableChoice> {
    let all: Vec<String> = attributes.iter().map(|attribute| attribute.attribute.name.clone()).collect();
    let by = match table.get("by") {
        None => all,
        Some(_) => known(table.texts("by")?, &all, &text!("属性", "attribute"))?,
    };
    let chosen: Vec<_> = attributes.iter().filter(|attribute| by.contains(&attribute.attribute.name)).collect();
    let columns = match table.get("columns") {
        None => None,
        // Values that are found in the data only cannot be checked before it is read.
        Some(_) if chosen.iter().any(|attribute| !attribute.is_declared()) => {
            Some(table.texts("columns")?.into_iter().map(|column| column.text).collect())
        }
        Some(_) => {
            let attributes = || chosen.iter().map(|attribute| &attribute.attribute);
            let categories = attributes().flat_map(|attribute| attribute.categories.iter().cloned());
            let nets = attributes().flat_map(|attribute| attribute.nets.iter().map(|net| net.label.clone()));
            let all: Vec<String> = categories.chain(nets).collect();
            Some(known(table.texts("columns")?, &all, &text!("区分", "category or net"))?)
        }
    };
    let base = choice(table, "base", &[("respondents", Base::Respondents), ("answered", Base::Answered)])?;
    table.check()?;
    Ok(TableChoice { by, columns, base: base.unwrap_or_default() })
}

/// The earlier studies: `with` names a study file or the folder with its results.
pub(super) fn comparands(root: &Table, folder: &Path) -> Result<Vec<Comparand>> {
    let mut comparands = Vec::new();
    let mut names = Vec::new();
    for table in root.tables("compare")? {
        let name = filled(&table, "name")?;
        let written = require_filled(&table, "with")?;
        table.check()?;
        let path = folder.join(&written.text);
        let results = if path.extension().is_some_and(|extension| extension == "toml") {
            // Its output only: studies may name each other.
            let source = Source::read(&path)?;
            let output = source.parse()?.require_section("study")?.text("output")?;
            let own = path.parent().unwrap_or(Path::new(""));
            own.join(output.map_or_else(|| "out".to_owned(), |output| output.text))
        } else {
            path
        };
        let name = name.unwrap_or_else(|| written.clone());
        unique(&name, &mut names, text!("比べる調査の name", "name of an earlier study"))?;
        comparands.push(Comparand { name: name.text, results, written });
    }
    Ok(comparands)
}

/// The consistency checks.
pub(super) fn checks(root: &Table, known: &Known<'_>) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    for table in root.tables("check")? {
        let title = filled(&table, "title")?;
        let (never, always) = (table.get("never"), table.get("always"));
        let (then, is_never) = match (never, always) {
            (Some(node), None) => (known.conditions(node)?, true),
            (None, Some(node)) => (known.conditions(node)?, false),
            (None, None) => (known.conditions(table.require("never")?)?, true),
            (Some(_), Some(_)) => {
                return Err(table
                    .error_at_key(
                        "always",
                        text!(
                            "「never」と「always」は一緒に使えません。",
                            "\"never\" and \"always\" exclude each other."
                        ),
                    )
                    .hint(text!("[[check]] を2つに分けてください。", "Write two [[check]]s.")));
            }
        };
        let when = known.conditions(table.require("when")?)?;
        table.check()?;
        let title = title.map_or_else(|| spoken(&when, &then, is_never), |title| title.text);
        checks.push(Check { title, when, then, is_never });
    }
    Ok(checks)
}

/// `経験なし ⇒ not 経験あり` for a check without a title.
fn spoken(when: &[Condition], then: &[Condition], is_never: bool) -> String {
    let say = |conditions: &[Condition]| conditions.iter().map(Condition::spoken).collect::<Vec<_>>().join("・");
    format!("{} → {}{}", say(when), if is_never { "≠ " } else { "" }, say(then))
}

impl Condition {
    /// `name=value|value`.
    pub fn spoken(&self) -> String {
        let values: Vec<&str> = self.values.iter().map(|value| value.text.as_str()).collect();
        format!("{}={}", self.name.text, values.join("|"))
    }
}

impl StudyTable {
    /// Whether small cells are hidden.
    pub const fn hides(&self) -> bool {
        self.suppress > 0 || self.suppress_zero
    }

    /// The base as manifest and notes say it.
    pub fn base_name(&self) -> String {
        match &self.base {
            TableBase::Respondents => "respondents".to_owned(),
            TableBase::Answered => "answered".to_owned(),
            TableBase::Those(conditions) => conditions.iter().map(Condition::spoken).collect::<Vec<_>>().join(" & "),
        }
    }
}
