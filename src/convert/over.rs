//! A codebook written over a TOML file that people keep comments in.
//!
//! Only what changed is written; what stays keeps its place, its layout and the
//! comments around it. Sections go by their ids, so that a code may move and still
//! keeps its comments. Whether the result says what it should is for the caller to
//! check.

use std::mem;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Key, Table};
use unicode_width::UnicodeWidthStr as _;

use super::toml::list;
use crate::codebook::keys::Section;
use crate::codebook::written::{Record, Written};

/// `old` with what `written` says in place of what it said; `None` where it is laid out
/// in a way that cannot be edited section by section.
pub(super) fn over(old: &str, written: &Written) -> Option<String> {
    let mut document: DocumentMut = old.parse().ok()?;
    let root = document.as_table_mut();
    record(root.get_mut("codebook")?.as_table_mut()?, &written.head, Section::Codebook);
    lists(root, written)?;
    for (name, section) in [("axis", Section::Axis), ("net", Section::Net), ("code", Section::Code)] {
        records(root, name, written.records(section), section)?;
    }
    Some(document.to_string())
}

/// Brings the values of one section up to date.
fn record(table: &mut Table, record: &Record, section: Section) {
    let new = super::toml::table(record);
    for key in section.keys() {
        match new.get(key.name) {
            None => {
                table.remove(key.name);
            }
            Some(value) => replace(table, key.name, value),
        }
    }
}

/// Sets a value, unless it is there already in whatever form.
fn replace(table: &mut Table, key: &str, new: &Item) {
    let (Some(old), Some(value)) = (table.get_mut(key), new.as_value()) else {
        table.insert(key, new.clone());
        return;
    };
    if plain(old) == plain(new) {
        return;
    }
    let mut value = value.clone();
    if let Some(old) = old.as_value() {
        // The comment behind the value.
        *value.decor_mut() = old.decor().clone();
    }
    *old = Item::Value(value);
}

/// The strings of a value; a single string counts as a list of one.
fn plain(item: &Item) -> Vec<String> {
    match (item.as_str(), item.as_array()) {
        (Some(text), _) => vec![text.to_owned()],
        (_, Some(array)) => array.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

/// Brings the lists up to date and into order.
fn lists(root: &mut Table, written: &Written) -> Option<()> {
    if written.lists.is_empty() {
        root.remove("lists");
        return Some(());
    }
    let lists = root.entry("lists").or_insert_with(|| Item::Table(Table::new())).as_table_mut()?;
    let names: Vec<String> = lists.iter().map(|(name, _)| name.to_owned()).collect();
    let mut old: Vec<(Key, Item)> = names.iter().filter_map(|name| lists.remove_entry(name)).collect();
    for (name, words) in &written.lists {
        if let Some(at) = old.iter().position(|(key, _)| key.get() == name) {
            let (key, item) = old.remove(at);
            lists.insert_formatted(&key, item);
        }
        replace(lists, name, &Item::Value(list(words, name.width())));
    }
    Some(())
}

/// Brings the tables of one kind up to date and into order.
fn records(root: &mut Table, name: &str, records: &[Record], section: Section) -> Option<()> {
    if records.is_empty() {
        root.remove(name);
        return Some(());
    }
    let tables = root.entry(name).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let tables = tables.as_array_of_tables_mut()?;
    let mut old: Vec<Table> = mem::take(tables).into_iter().collect();
    // Places in the file: those there were, in order; the last one for what is new.
    let mut places: Vec<Option<isize>> = old.iter().map(Table::position).collect();
    places.sort_unstable();
    let last = places.last().copied().flatten();
    for (index, new) in records.iter().enumerate() {
        let known = old.iter().position(|table| table.get("id").and_then(Item::as_str) == Some(new.id()));
        let mut table = match known {
            Some(at) => old.remove(at),
            None => {
                let mut table = Table::new();
                table.decor_mut().set_prefix("\n");
                table
            }
        };
        table.set_position(places.get(index).copied().flatten().or(last));
        record(&mut table, new, section);
        tables.push(table);
    }
    Some(())
}
