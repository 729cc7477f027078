//! Cells of tables, and what is significant, in two folders.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Diagnostic, Result};
use crate::results::Results;
use crate::tabulate::Share;
use crate::tabulate::wave::{Entry, Wave};
use crate::text;

/// An adjusted p under this is significant.
pub const LEVEL: f64 = 0.05;

/// A cell that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Table (empty for that of themes), question, code, attribute and group.
    pub key: [String; 5],
    /// Name of the code for readers.
    pub label: String,
    /// What the first folder has.
    pub before: Side,
    /// What the second has.
    pub after: Side,
}

/// A cell in one folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// There is none.
    Absent,
    /// Its count is hidden.
    Hidden,
    /// A count with its base.
    Share(Share),
}

impl Side {
    fn of(entry: Option<&Entry>) -> Self {
        match entry {
            None => Self::Absent,
            Some(Entry { share: None, .. }) => Self::Hidden,
            Some(Entry { share: Some(share), .. }) => Self::Share(*share),
        }
    }
}

/// The cells that differ: those of `after` in order, then those only `before` has.
pub(super) fn cells(before: &Results, after: &Results, renamed: &BTreeMap<String, String>) -> Result<Vec<Cell>> {
    let (mut before, after) = (Wave::read(&before.folder)?.entries, Wave::read(&after.folder)?.entries);
    for entry in &mut before {
        entry.key[2] = new_id(&entry.key[2], renamed);
    }
    let index = |entries: &[Entry]| -> HashMap<[String; 5], usize> {
        entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect()
    };
    let (earlier, later) = (index(&before), index(&after));
    let gone = before.iter().filter(|entry| !later.contains_key(&entry.key));
    let cell = |entry: &Entry| Cell {
        key: entry.key.clone(),
        label: entry.label.clone(),
        before: Side::of(earlier.get(&entry.key).map(|&at| &before[at])),
        after: Side::of(later.get(&entry.key).map(|&at| &after[at])),
    };
    Ok(after.iter().chain(gone).map(cell).filter(|cell| cell.before != cell.after).collect())
}

fn new_id(id: &str, renamed: &BTreeMap<String, String>) -> String {
    let new = renamed.iter().find(|(_, old)| *old == id).map(|(new, _)| new.as_str());
    new.unwrap_or(id).to_owned()
}

/// A difference between groups that became significant, or no longer is.
#[derive(Clone, Debug, PartialEq)]
pub struct Significance {
    /// Table (empty for that of themes), question, code, comparison and test.
    pub key: [String; 5],
    /// The adjusted p of the first folder; `None` where it has no such test.
    pub before: Option<f64>,
    /// That of the second.
    pub after: Option<f64>,
}

impl Significance {
    /// Whether it is significant in the second folder.
    pub fn appeared(&self) -> bool {
        is_significant(self.after)
    }
}

fn is_significant(p: Option<f64>) -> bool {
    p.is_some_and(|p| p < LEVEL)
}

type Tests = Vec<([String; 5], f64)>;

/// The tests whose adjusted p crosses [`LEVEL`].
pub(super) fn significance(
    before: &Results,
    after: &Results,
    renamed: &BTreeMap<String, String>,
) -> Result<Vec<Significance>> {
    let (mut before, after) = (tests(before)?, tests(after)?);
    for (key, _) in &mut before {
        key[2] = new_id(&key[2], renamed);
    }
    let [earlier, later]: [HashMap<_, _>; 2] =
        [&before, &after].map(|tests| tests.iter().cloned().collect::<HashMap<[String; 5], f64>>());
    let gone = before.iter().filter(|(key, _)| !later.contains_key(key));
    let change = |(key, _): &([String; 5], f64)| Significance {
        key: key.clone(),
        before: earlier.get(key).copied(),
        after: later.get(key).copied(),
    };
    let crosses = |change: &Significance| is_significant(change.before) != is_significant(change.after);
    Ok(after.iter().chain(gone).map(change).filter(crosses).collect())
}

/// The adjusted p of each test that has one.
fn tests(results: &Results) -> Result<Tests> {
    let mut tests = Vec::new();
    for (name, has_table) in [("tests.csv", false), ("table_tests.csv", true)] {
        if has_table && !results.has(name) {
            continue;
        }
        let path = results.folder.join(name);
        let placed = |error: Box<Diagnostic>| error.file(&path);
        let rows = results.rows(name)?;
        let [question, code, by, test, p] =
            rows.places(["question", "code", "group_by", "test", "p_adjusted"]).map_err(placed)?;
        let table = if has_table { Some(rows.places(["table"]).map_err(placed)?[0]) } else { None };
        for row in rows.rows.iter().filter(|row| !row[p].is_empty()) {
            let number: f64 = row[p].parse().map_err(|_| {
                let written = &row[p];
                Diagnostic::error(text!(
                    "p_adjusted「{written}」が数ではありません。",
                    "p_adjusted \"{written}\" is no number."
                ))
                .file(&path)
                .hint(text!("aftercode run で作り直してください。", "Make the results again with `aftercode run`."))
            })?;
            let table = table.map_or_else(String::new, |at| row[at].clone());
            tests.push(([&table, &row[question], &row[code], &row[by], &row[test]].map(Clone::clone), number));
        }
    }
    Ok(tests)
}
