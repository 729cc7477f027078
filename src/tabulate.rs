//! Counts of respondents per theme and group, each with its base.

pub mod compare;
pub mod cross;
pub mod matrix;
pub mod rates;
pub mod study;
pub mod suppress;
pub mod variable;
pub mod wave;

use crate::codebook::{Codebook, Label};
use crate::coding::Coded;
use crate::survey::{Answer, Attribute, Base, PerAnswer, Respondent, Survey};

/// People counted, and of how many. A share without a base cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    count: u64,
    base: u64,
}

impl Share {
    /// `count` of `base` respondents.
    ///
    /// # Panics
    /// If more are counted than the base holds: a base that does not contain the
    /// counted is a mistake of the program.
    pub fn new(count: u64, base: u64) -> Self {
        assert!(count <= base, "{count} counted of a base of {base}");
        Self { count, base }
    }

    /// How many.
    pub const fn count(self) -> u64 {
        self.count
    }

    /// Of how many.
    pub const fn base(self) -> u64 {
        self.base
    }

    /// Tenths of a percent, rounded half up; `None` for an empty base.
    pub const fn permille(self) -> Option<u64> {
        if self.base == 0 { None } else { Some((self.count * 2000 + self.base) / (2 * self.base)) }
    }

    /// The percentage with one decimal, rounded half up; empty for an empty base.
    pub fn percent(self) -> String {
        self.permille().map_or_else(String::new, |permille| format!("{}.{}", permille / 10, permille % 10))
    }
}

/// A group of respondents: all, a category, a net, or those whose value is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The attribute it is a group of; empty for all respondents.
    pub by: String,
    /// What it holds.
    pub kind: GroupKind,
}

/// What a group holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// Every respondent.
    Total,
    /// One category.
    Category(String),
    /// A net: its label and categories.
    Net(String, Vec<String>),
    /// Respondents without a value.
    Missing,
}

/// What is counted in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// The net at this index of the codebook.
    Net(usize),
    /// The code at this index.
    Code(usize),
    /// The reserved code at this index.
    Reserved(usize),
}

impl Item {
    /// The `level` column of `themes.csv`.
    pub const fn level(self) -> &'static str {
        match self {
            Self::Net(_) => "net",
            Self::Code(_) => "code",
            Self::Reserved(_) => "reserved",
        }
    }

    /// The item's identifier.
    pub fn id(self, codebook: &Codebook) -> &str {
        match self {
            Self::Net(at) => &codebook.nets[at].id,
            Self::Code(at) => &codebook.codes[at].id,
            Self::Reserved(at) => &codebook.reserved[at].id,
        }
    }

    /// The item's name for readers.
    pub fn label(self, codebook: &Codebook) -> &Label {
        match self {
            Self::Net(at) => &codebook.nets[at].label,
            Self::Code(at) => &codebook.codes[at].label,
            Self::Reserved(at) => &codebook.reserved[at].label,
        }
    }

    /// The axis it belongs to; empty for reserved codes.
    pub fn axis(self, codebook: &Codebook) -> &str {
        match self {
            Self::Net(at) => {
                let net = codebook.nets[at].id.as_str();
                let member = codebook.codes.iter().find(|code| code.net.as_deref() == Some(net));
                member.map_or("", |code| code.axis.as_str())
            }
            Self::Code(at) => &codebook.codes[at].axis,
            Self::Reserved(_) => "",
        }
    }
}

/// Respondents of one group and one question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bases {
    /// Asked.
    pub respondents: u64,
    /// Gave an answer with content.
    pub answered: u64,
    /// Gave an answer with content that got no code.
    pub uncoded: u64,
}

/// Themes by group for one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeTable {
    /// Index of the question.
    pub question: usize,
    /// What is counted, in the codebook's order, a net before its codes.
    pub items: Vec<Item>,
    /// In which groups.
    pub groups: Vec<Group>,
    /// The bases of each group.
    pub bases: Vec<Bases>,
    /// Counts by item, then group.
    pub counts: Vec<Vec<u64>>,
    /// The base of the shares.
    pub base: Base,
}

impl ThemeTable {
    /// The share of `item` (by its place in `items`) in `group` (by its place in
    /// `groups`). Reserved codes are always of everyone who was asked: they are what
    /// the other base leaves out.
    pub fn share(&self, item: usize, group: usize) -> Share {
        let bases = self.bases[group];
        let base = match (self.items[item], self.base) {
            (Item::Reserved(_), _) | (_, Base::Respondents) => bases.respondents,
            (_, Base::Answered) => bases.answered,
        };
        Share::new(self.counts[item][group], base)
    }
}

/// The groups of the attributes `by`: all respondents first; per attribute its
/// categories, its nets, and 不明 if anyone's value is missing.
pub fn groups(survey: &Survey, by: &[usize]) -> Vec<Group> {
    let is_missing = |index: usize| survey.respondents.iter().any(|respondent| respondent.values[index].is_none());
    groups_of(&survey.attributes, by, &is_missing)
}

/// As [`groups`], where `is_missing` says whether anyone's value of the attribute at an
/// index is missing.
pub fn groups_of(attributes: &[Attribute], by: &[usize], is_missing: &dyn Fn(usize) -> bool) -> Vec<Group> {
    let mut groups = vec![Group { by: String::new(), kind: GroupKind::Total }];
    for &index in by {
        let attribute = &attributes[index];
        let group = |kind| Group { by: attribute.name.clone(), kind };
        groups.extend(attribute.categories.iter().cloned().map(GroupKind::Category).map(group));
        groups.extend(attribute.nets.iter().map(|net| group(GroupKind::Net(net.label.clone(), net.of.clone()))));
        if is_missing(index) {
            groups.push(group(GroupKind::Missing));
        }
    }
    groups
}

/// What the codebook counts: each net followed by its codes, other codes in order,
/// then the reserved codes.
pub fn items(codebook: &Codebook) -> Vec<Item> {
    let mut items = Vec::new();
    for (index, code) in codebook.standalone() {
        if let Some(net) = code.net.as_ref().and_then(|id| codebook.nets.iter().position(|net| net.id == *id))
            && !items.contains(&Item::Net(net))
        {
            items.push(Item::Net(net));
        }
        items.push(Item::Code(index));
    }
    // They are tried from the most special on; readers look for 特になし first.
    items.extend((0..codebook.reserved.len()).rev().map(Item::Reserved));
    items
}

/// Tabulates the answers to each question.
pub fn themes(
    survey: &Survey,
    codebook: &Codebook,
    coded: &PerAnswer<Coded>,
    by: &[usize],
    base: Base,
) -> Vec<ThemeTable> {
    let mut tables = no_themes(survey.questions.len(), codebook, &groups(survey, by), base);
    for table in &mut tables {
        for (respondent, coded) in survey.respondents.iter().zip(coded.column(table.question)) {
            add(table, &survey.attributes, codebook, respondent, coded);
        }
    }
    tables
}

/// The tables of so many questions before anyone is counted.
pub fn no_themes(questions: usize, codebook: &Codebook, groups: &[Group], base: Base) -> Vec<ThemeTable> {
    let items = items(codebook);
    let table = |question| ThemeTable {
        question,
        items: items.clone(),
        groups: groups.to_vec(),
        bases: vec![Bases::default(); groups.len()],
        counts: vec![vec![0; groups.len()]; items.len()],
        base,
    };
    (0..questions).map(table).collect()
}

/// Counts a respondent's answer to the question of `table`.
pub fn add(
    table: &mut ThemeTable,
    attributes: &[Attribute],
    codebook: &Codebook,
    respondent: &Respondent,
    coded: Option<&Coded>,
) {
    if respondent.answers[table.question] == Answer::NotAsked {
        return;
    }
    let answered = coded.filter(|coded| coded.reserved.is_none());
    let holds: Vec<bool> =
        table.items.iter().map(|item| coded.is_some_and(|coded| item_holds(*item, codebook, coded))).collect();
    for (at, group) in table.groups.iter().enumerate() {
        if !is_in(respondent, group, attributes) {
            continue;
        }
        table.bases[at].respondents += 1;
        table.bases[at].answered += u64::from(answered.is_some());
        table.bases[at].uncoded += u64::from(answered.is_some_and(|coded| coded.codings.is_empty()));
        for (counts, holds) in table.counts.iter_mut().zip(&holds) {
            counts[at] += u64::from(*holds);
        }
    }
}

/// Whether an answer counts for `item`: people are counted, not mentions.
pub fn item_holds(item: Item, codebook: &Codebook, coded: &Coded) -> bool {
    match item {
        Item::Code(code) => coded.codings.iter().any(|coding| coding.code == code),
        Item::Net(net) => {
            let id = codebook.nets[net].id.as_str();
            coded.codings.iter().any(|coding| codebook.codes[coding.code].net.as_deref() == Some(id))
        }
        Item::Reserved(reserved) => coded.reserved == Some(reserved),
    }
}

/// Whether a respondent is in `group`; `attributes` are the survey's.
pub fn is_in(respondent: &Respondent, group: &Group, attributes: &[Attribute]) -> bool {
    if group.kind == GroupKind::Total {
        return true;
    }
    let value = attributes
        .iter()
        .position(|attribute| attribute.name == group.by)
        .and_then(|index| respondent.values[index].as_deref());
    match (&group.kind, value) {
        (GroupKind::Missing, value) => value.is_none(),
        (GroupKind::Category(category), Some(value)) => category == value,
        (GroupKind::Net(_, of), Some(value)) => of.iter().any(|category| category == value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_rounded_half_up() {
        assert_eq!(Share::new(28, 37).percent(), "75.7");
        assert_eq!(Share::new(1, 8).percent(), "12.5");
        assert_eq!(Share::new(1, 16).percent(), "6.3");
        assert_eq!(Share::new(0, 0).percent(), "");
        assert_eq!(Share::new(98, 98).percent(), "100.0");
    }
}
