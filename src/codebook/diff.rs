//! What changed between two codebooks, as their files say it.

use std::collections::{BTreeMap, BTreeSet};

use super::Label;
use super::keys::{Form, Section};
use super::written::{Record, Value, Written};
use crate::diagnostic::Lang;
use crate::rule::{Expr, Kind, parse};
use crate::span::Span;

/// The differences of two codebooks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Keys of `[codebook]`.
    pub head: Vec<Change>,
    /// Axes, in the order of the new codebook; those removed at the end.
    pub axes: Vec<Item>,
    /// Nets, likewise.
    pub nets: Vec<Item>,
    /// Lists, likewise.
    pub lists: Vec<ListChange>,
    /// Codes, likewise.
    pub codes: Vec<Item>,
    /// Whether codes that both have stand in another order.
    pub reordered: bool,
}

/// What became of an axis, net or code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its identifier; of a removed one, the old.
    pub id: String,
    /// Its name.
    pub label: Label,
    /// What became of it.
    pub fate: Fate,
    /// Old identifiers that it takes the place of (`replaces`).
    pub from: Vec<String>,
    /// Of a removed code: the codes that take its place.
    pub into: Vec<String>,
    /// The keys that changed; none where it was added or removed.
    pub changes: Vec<Change>,
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Only the new codebook has it.
    Added,
    /// Only the old one has it.
    Removed,
    /// A new identifier takes the place of one old one, and of it alone.
    Renamed,
    /// Both have it, and something about it changed.
    Changed,
}

/// A key whose value changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key.
    pub key: &'static str,
    /// Its value before.
    pub before: Option<Value>,
    /// Its value now.
    pub after: Option<Value>,
    /// Whether a rule differs in blanks and comments only.
    pub layout_only: bool,
}

/// A list that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListChange {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// Words that came in, in order.
    pub added: Vec<String>,
    /// Words that went out, in order.
    pub removed: Vec<String>,
    /// Codes whose rules use the list, now or before: by name, through another list, or
    /// through another code or net.
    pub codes: Vec<String>,
}

impl Diff {
    /// Compares two codebooks.
    pub fn of(old: &Written, new: &Written) -> Self {
        let renamed = renamed(old, new);
        let mut codes = items(Section::Code, &old.codes, &new.codes, &renamed);
        for item in &mut codes {
            let takes = |record: &&Record| record.texts("replaces").contains(&item.id);
            if item.fate == Fate::Removed {
                item.into = new.codes.iter().filter(takes).map(|code| code.id().to_owned()).collect();
            } else if item.fate == Fate::Added {
                let replaces = record(&new.codes, &item.id).map_or(&[][..], |code| code.texts("replaces"));
                item.from = replaces.iter().filter(|id| record(&old.codes, id).is_some()).cloned().collect();
            }
        }
        let kept = |codes: &[Record], other: &[Record]| -> Vec<String> {
            let common = codes.iter().filter(|code| record(other, code.id()).is_some());
            common.map(|code| code.id().to_owned()).collect()
        };
        Self {
            head: changes(Section::Codebook, &old.head, &new.head),
            axes: items(Section::Axis, &old.axes, &new.axes, &BTreeMap::new()),
            nets: items(Section::Net, &old.nets, &new.nets, &BTreeMap::new()),
            lists: lists(old, new),
            codes,
            reordered: kept(&old.codes, &new.codes) != kept(&new.codes, &old.codes),
        }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn record<'r>(records: &'r [Record], id: &str) -> Option<&'r Record> {
    records.iter().find(|record| record.id() == id)
}

/// New identifier → old one, where a new code replaces one vanished code and no other
/// code claims it.
pub fn renamed(old: &Written, new: &Written) -> BTreeMap<String, String> {
    let vanished = |id: &String| record(&old.codes, id).is_some() && record(&new.codes, id).is_none();
    let claims = |id: &String| new.codes.iter().filter(|code| code.texts("replaces").contains(id)).count();
    let names = new.codes.iter().filter(|code| record(&old.codes, code.id()).is_none()).filter_map(|code| {
        let from: Vec<&String> = code.texts("replaces").iter().filter(|id| vanished(id)).collect();
        match from.as_slice() {
            [only] if claims(only) == 1 => Some((code.id().to_owned(), (*only).clone())),
            _ => None,
        }
    });
    names.collect()
}

fn items(section: Section, old: &[Record], new: &[Record], renamed: &BTreeMap<String, String>) -> Vec<Item> {
    let item = |record: &Record, fate| Item {
        id: record.id().to_owned(),
        label: Label { ja: record.label(Lang::Ja).to_owned(), en: record.label(Lang::En).to_owned() },
        fate,
        from: Vec::new(),
        into: Vec::new(),
        changes: Vec::new(),
    };
    let mut items = Vec::new();
    for after in new {
        let from = renamed.get(after.id());
        let Some(before) = record(old, from.map_or(after.id(), String::as_str)) else {
            items.push(item(after, Fate::Added));
            continue;
        };
        let fate = if from.is_some() { Fate::Renamed } else { Fate::Changed };
        let mut found = item(after, fate);
        found.from = from.into_iter().cloned().collect();
        found.changes = changes(section, before, after);
        if fate == Fate::Renamed {
            // The new name and what it replaces are the renaming itself.
            found.changes.retain(|change| !matches!(change.key, "id" | "replaces"));
        }
        if fate == Fate::Renamed || !found.changes.is_empty() {
            items.push(found);
        }
    }
    let gone = |record: &&Record| !new.iter().any(|other| other.id() == record.id());
    let gone = old.iter().filter(gone).filter(|record| !renamed.values().any(|id| id == record.id()));
    items.extend(gone.map(|record| item(record, Fate::Removed)));
    items
}

fn changes(section: Section, old: &Record, new: &Record) -> Vec<Change> {
    let differing = section.keys().iter().filter(|key| old.get(key.name) != new.get(key.name));
    differing
        .map(|key| {
            let (before, after) = (old.get(key.name).cloned(), new.get(key.name).cloned());
            let layout_only = match (&before, &after) {
                (Some(Value::Text(before)), Some(Value::Text(after))) => key.form == Form::Rule && same(before, after),
                _ => false,
            };
            Change { key: key.name, before, after, layout_only }
        })
        .collect()
}

/// Whether two rules say the same, whatever their blanks and comments.
fn same(a: &str, b: &str) -> bool {
    let said = |rule| parse(rule).ok().map(placeless);
    said(a).is_some_and(|a| said(b).is_some_and(|b| a == b))
}

fn placeless(expr: Expr) -> Expr {
    let all = |parts: Vec<Expr>| parts.into_iter().map(placeless).collect();
    let kind = match expr.kind {
        Kind::Or(parts) => Kind::Or(all(parts)),
        Kind::And(parts) => Kind::And(all(parts)),
        Kind::Not(inner) => Kind::Not(Box::new(placeless(*inner))),
        Kind::Near { elements, ordered, distance } => Kind::Near { elements: all(elements), ordered, distance },
        Kind::Count { element, compare, number } => {
            Kind::Count { element: Box::new(placeless(*element)), compare, number }
        }
        kind => kind,
    };
    Expr { kind, span: Span::default() }
}

fn lists(old: &Written, new: &Written) -> Vec<ListChange> {
    let words = |lists: &'_ [(String, Vec<String>)], name: &str| -> Option<Vec<String>> {
        lists.iter().find(|list| list.0 == name).map(|list| list.1.clone())
    };
    let gone = old.lists.iter().filter(|list| words(&new.lists, &list.0).is_none());
    let (before_uses, after_uses) = (Uses::of(old), Uses::of(new));
    let changed = new.lists.iter().chain(gone).filter_map(|(name, _)| {
        let (before, after) = (words(&old.lists, name), words(&new.lists, name));
        if before == after {
            return None;
        }
        let fate = match (&before, &after) {
            (None, _) => Fate::Added,
            (_, None) => Fate::Removed,
            _ => Fate::Changed,
        };
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let without = |all: &[String], others: &[String]| -> Vec<String> {
            all.iter().filter(|word| !others.contains(word)).cloned().collect()
        };
        let mut codes = after_uses.codes_of(name, new);
        codes.extend(before_uses.codes_of(name, old).into_iter().filter(|id| !codes.contains(id)).collect::<Vec<_>>());
        Some(ListChange {
            name: name.clone(),
            fate,
            added: without(&after, &before),
            removed: without(&before, &after),
            codes,
        })
    });
    changed.collect()
}

/// Who names whom: lists and codes by what their rules mention.
struct Uses {
    lists: BTreeMap<String, Mentions>,
    codes: BTreeMap<String, Mentions>,
}

#[derive(Default)]
struct Mentions {
    lists: BTreeSet<String>,
    codes: BTreeSet<String>,
}

impl Uses {
    fn of(written: &Written) -> Self {
        let mentions = |rules: &mut dyn Iterator<Item = &str>| {
            let mut found = Mentions::default();
            rules.filter_map(|rule| parse(rule).ok()).for_each(|expr| found.add(&expr));
            found
        };
        let lists = written.lists.iter();
        Self {
            lists: lists.map(|(name, words)| (name.clone(), mentions(&mut words.iter().map(String::as_str)))).collect(),
            codes: written
                .codes
                .iter()
                .map(|code| {
                    let mut rules = ["rule", "except", "maybe"].into_iter().filter_map(|key| code.text(key));
                    (code.id().to_owned(), mentions(&mut rules))
                })
                .collect(),
        }
    }

    /// Codes that the list `name` can reach, in the codebook's order.
    fn codes_of(&self, name: &str, written: &Written) -> Vec<String> {
        let mut lists = BTreeSet::from([name.to_owned()]);
        let mut names: BTreeSet<String> = BTreeSet::new();
        loop {
            let before = (lists.len(), names.len());
            let touched =
                |mentions: &Mentions| !mentions.lists.is_disjoint(&lists) || !mentions.codes.is_disjoint(&names);
            let more: Vec<String> =
                self.lists.iter().filter(|(_, mentions)| touched(mentions)).map(|(name, _)| name.clone()).collect();
            let codes: Vec<String> =
                self.codes.iter().filter(|(_, mentions)| touched(mentions)).map(|(id, _)| id.clone()).collect();
            lists.extend(more);
            // A code speaks for its net, too.
            names.extend(
                codes
                    .iter()
                    .filter_map(|id| record(&written.codes, id).and_then(|code| code.text("net")).map(str::to_owned)),
            );
            names.extend(codes);
            if before == (lists.len(), names.len()) {
                break;
            }
        }
        written.codes.iter().map(Record::id).filter(|id| names.contains(*id)).map(str::to_owned).collect()
    }
}

impl Mentions {
    fn add(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::List(name) => {
                self.lists.insert(name.clone());
            }
            Kind::Code(id) => {
                self.codes.insert(id.clone());
            }
            Kind::Or(parts) | Kind::And(parts) | Kind::Near { elements: parts, .. } => {
                parts.iter().for_each(|part| self.add(part));
            }
            Kind::Not(inner) | Kind::Count { element: inner, .. } => self.add(inner),
            Kind::Word(_) | Kind::Text(_) | Kind::Regex(_) | Kind::Phrase(_) => {}
            Kind::Attribute { .. } | Kind::Length { .. } => {}
        }
    }
}
