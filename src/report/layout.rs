//! Tables as readers see them: one layout for the workbook and the page.
//!
//! Groups are columns with their base, 医師会病院(n=37), and under each a count and a
//! percentage. What may not be published is not in a layout.

use super::tables::{legend, significance};
use super::tabulation::small;
use super::terminal::{shown, summary};
use super::{Outcome, group_name};
use crate::diagnostic::Lang;
use crate::survey::Base;
use crate::tabulate::study::Tabulated;
use crate::tabulate::variable::Level;
use crate::tabulate::{Item, Share, ThemeTable};

/// A table with what stands over and under it.
pub(super) struct Layout {
    /// What stands over it.
    pub title: String,
    /// The groups.
    pub groups: Vec<Heading>,
    /// What stands in each group.
    pub parts: Vec<Part>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What stands under it.
    pub notes: Vec<String>,
}

/// A group of respondents over its columns.
pub(super) struct Heading {
    /// Its name and base.
    pub title: String,
    /// Its place among the groups of the table that was counted.
    pub place: usize,
    /// Whether the study shows it.
    pub is_shown: bool,
}

/// A column of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// How many.
    Count,
    /// Of how many, where this differs between the rows.
    Base,
    /// The percentage.
    Percent,
    /// The same with weights.
    Weighted,
    /// The mark of a difference.
    Mark,
}

impl Part {
    /// What stands over the column.
    pub(super) const fn title(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Count, Lang::Ja) => "件数",
            (Self::Base, Lang::Ja) => "母数",
            (Self::Weighted, Lang::Ja) => "加重%",
            (Self::Count, Lang::En) => "count",
            (Self::Base, Lang::En) => "base",
            (Self::Weighted, Lang::En) => "weighted %",
            (Self::Percent, _) => "%",
            (Self::Mark, _) => "",
        }
    }
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The name of a question over its rows.
    Title,
    /// A row of its own.
    Plain,
    /// A member of the net over it.
    Member,
    /// An answer without content.
    Reserved,
}

/// A row of a table.
pub(super) struct Row {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// A cell a group; `None` where it may not be published.
    pub cells: Vec<Option<Value>>,
}

/// A cell.
pub(super) struct Value {
    /// People, and of how many.
    pub share: Share,
    /// The weighted percentage.
    pub weighted: Option<f64>,
    /// The mark of a difference.
    pub mark: &'static str,
}

/// Themes by group: first the groups that the study shows, then all others.
pub(super) fn themes(outcome: &Outcome<'_>, table: &ThemeTable, lang: Lang) -> Layout {
    let codebook = outcome.codebook;
    let question = &outcome.survey().questions[table.question];
    let shown = shown(outcome, table);
    let others = (0..table.groups.len()).filter(|place| !shown.contains(place));
    let places: Vec<usize> = shown.iter().copied().chain(others).collect();
    let heading = |&place: &usize| {
        let bases = table.bases[place];
        let base = if table.base == Base::Answered { bases.answered } else { bases.respondents };
        let name = group_name(&table.groups[place], lang);
        Heading { title: format!("{name}(n={base}{})", small(base)), place, is_shown: shown.contains(&place) }
    };
    let groups: Vec<Heading> = places.iter().map(heading).collect();
    let is_member = |code: usize| codebook.codes[code].net.is_some();
    let row = |(at, item): (usize, &Item)| Row {
        name: item.label(codebook).get(lang).to_owned(),
        kind: match item {
            Item::Net(_) => Kind::Plain,
            Item::Code(code) if is_member(*code) => Kind::Member,
            Item::Code(_) => Kind::Plain,
            Item::Reserved(_) => Kind::Reserved,
        },
        cells: places
            .iter()
            .map(|&place| Some(Value { share: table.share(at, place), weighted: None, mark: "" }))
            .collect(),
    };
    let mut notes = vec![summary(table, lang).trim().to_owned()];
    let is_small = |place: &usize| {
        let bases = table.bases[*place];
        (if table.base == Base::Answered { bases.answered } else { bases.respondents }) < 30
    };
    if places.iter().any(is_small) {
        let say = match lang {
            Lang::Ja => "* 母数30未満は参考値、** 10未満。",
            Lang::En => "* base under 30: for reference only; ** under 10.",
        };
        notes.push(say.to_owned());
    }
    let hiding =
        outcome.study.tables.iter().find(|own| own.hides() && own.rows.iter().any(|row| row.text == question.id));
    if let Some(id) = hiding.map(|own| &own.id) {
        notes.push(match lang {
            Lang::Ja => format!("小さい数を隠すのは表「{id}」だけです。この表では隠していません。"),
            Lang::En => format!("Small counts are hidden in table \"{id}\" only, not in this one."),
        });
    }
    Layout {
        title: format!("{}  {}", question.id, question.wording),
        groups,
        parts: vec![Part::Count, Part::Percent],
        rows: table.items.iter().enumerate().map(row).collect(),
        notes,
    }
}

/// Another table of the study.
pub(super) fn table(tabulated: &Tabulated<'_>, lang: Lang) -> Layout {
    let cross = &tabulated.cross;
    let has_own_base = |level: Level| matches!(level, Level::Missing | Level::Reserved);
    let ordinary = || cross.rows.iter().zip(&cross.bases).filter(|(head, _)| !has_own_base(head.level));
    let first = ordinary().next().map(|(_, bases)| bases);
    let common = first.filter(|_| ordinary().all(|(_, bases)| Some(bases) == first));
    let places: Vec<usize> = (0..cross.columns.len()).filter(|&place| tabulated.shown[place]).collect();
    let heading = |&place: &usize| {
        let name = cross.columns[place].name(lang);
        let title = match common {
            Some(bases) => format!("{name}(n={}{})", bases[place], small(bases[place])),
            None => name.to_owned(),
        };
        Heading { title, place, is_shown: true }
    };
    let several = cross.rows.iter().any(|head| head.block != cross.rows[0].block);
    let mut rows = Vec::new();
    let mut block = None;
    for (at, head) in cross.rows.iter().enumerate() {
        if several && block != head.block {
            rows.push(Row { name: head.variable.clone(), kind: Kind::Title, cells: Vec::new() });
        }
        block = head.block;
        let cell = |&place: &usize| {
            let cell = cross.published(at, place)?;
            let mark = significance(tabulated, at, place);
            Some(Value { share: cell.share, weighted: cell.weighted_percent(), mark })
        };
        rows.push(Row {
            name: head.name(lang).to_owned(),
            kind: if several { Kind::Member } else { Kind::Plain },
            cells: places.iter().map(cell).collect(),
        });
    }
    let weighted = cross.cells.iter().flatten().any(|cell| cell.weighted.is_some());
    let part = |part: &Part| match part {
        Part::Base => common.is_none() || cross.of != crate::study::Percent::Column || own_base(tabulated),
        Part::Weighted => weighted,
        Part::Mark => tabulated.table.marks,
        Part::Count | Part::Percent => true,
    };
    let parts = [Part::Count, Part::Base, Part::Percent, Part::Weighted, Part::Mark];
    Layout {
        title: tabulated.table.title.clone(),
        groups: places.iter().map(heading).collect(),
        parts: parts.into_iter().filter(part).collect(),
        rows,
        notes: vec![legend(tabulated, lang)],
    }
}

/// Whether a row has another base than the heading says.
fn own_base(tabulated: &Tabulated<'_>) -> bool {
    let bases = &tabulated.cross.bases;
    bases.iter().any(|other| *other != bases[0])
}
