//! `[[attribute]]` with its categories, nets and population.

use std::collections::HashSet;

use super::StudyAttribute;
use super::load::{filled, known, require_filled, unique};
use crate::config::{Located, Table};
use crate::diagnostic::{Result, suggest};
use crate::survey::{Attribute, Net};
use crate::text;

/// An attribute as read, with the place of its name.
pub(super) struct Named {
    name: Located,
    attribute: StudyAttribute,
}

/// The attributes, if no name stands twice.
pub(super) fn attributes(read: Vec<Named>) -> Result<Vec<StudyAttribute>> {
    let mut taken = Vec::new();
    for Named { name, .. } in &read {
        unique(name, &mut taken, text!("属性", "attribute"))?;
    }
    Ok(read.into_iter().map(|named| named.attribute).collect())
}

/// Reads one `[[attribute]]`.
pub(super) fn attribute(table: &Table) -> Result<Named> {
    let column = filled(table, "column")?;
    let categories = categories(table)?;
    let population = population(table, &categories)?;
    let nets = nets(table, &categories)?;
    let name = require_filled(table, "name")?;
    table.check()?;
    let column = column.unwrap_or_else(|| name.clone());
    let attribute = Attribute { name: name.text.clone(), categories, nets, population };
    Ok(Named { name, attribute: StudyAttribute { attribute, column } })
}

fn categories(table: &Table) -> Result<Vec<String>> {
    let Some(node) = table.get("categories") else { return Ok(Vec::new()) };
    let mut taken = Vec::new();
    let categories = node.texts()?;
    for category in &categories {
        if category.text.trim().is_empty() {
            return Err(category
                .error(text!("区分の名前が空です。", "The name of a category is empty."))
                .hint(text!("空のセルはいつも「不明」として数えます。", "A blank cell always counts as unknown.")));
        }
        unique(category, &mut taken, text!("区分", "category"))?;
    }
    if categories.is_empty() {
        return Err(node.error(text!("「categories」が空です。", "\"categories\" is empty.")).hint(text!(
            "区分を並べるか、この行を消してください（消すと、データにある値を使います）。",
            "List the categories, or delete the line to take the values found in the data."
        )));
    }
    Ok(categories.into_iter().map(|category| category.text).collect())
}

fn population(table: &Table, categories: &[String]) -> Result<Option<Vec<u64>>> {
    let Some(sizes) = table.section("population")? else { return Ok(None) };
    if categories.is_empty() {
        return Err(table
            .error_at_key(
                "population",
                text!("「population」には「categories」も要ります。", "\"population\" needs \"categories\" as well."),
            )
            .hint(text!("categories = [\"…\", …] を加えてください。", "Add categories = [\"…\", …].")));
    }
    let mut taken = HashSet::new();
    for (name, node) in sizes.all() {
        // The parser takes a key with quotes and one without for two keys.
        if !taken.insert(name) {
            return Err(node
                .error(text!("区分「{name}」が重なっています。", "The category \"{name}\" stands twice."))
                .hint(text!("片方を消してください。", "Delete one of them.")));
        }
        if !categories.iter().any(|category| category == name) {
            let candidates: Vec<&str> = categories.iter().map(String::as_str).collect();
            let mut error =
                sizes.error_at_key(name, text!("区分「{name}」はありません。", "There is no category \"{name}\"."));
            error.hint = suggest(name, &candidates);
            return Err(error);
        }
        if node.count()? == 0 {
            return Err(node.error(text!("母集団の数は 1 以上です。", "The size of a population is 1 or more.")).hint(
                text!("対象のない区分は、categories からも除いてください。", "Drop a category without members."),
            ));
        }
    }
    let size = |category: &String| match sizes.all().find(|(name, _)| *name == category.as_str()) {
        Some((_, node)) => node.count(),
        None => Err(table
            .error_at_key(
                "population",
                text!("「population」に「{category}」がありません。", "\"population\" has no \"{category}\"."),
            )
            .hint(text!("\"{category}\" = 数 を加えてください。", "Add \"{category}\" = a number."))),
    };
    categories.iter().map(size).collect::<Result<_>>().map(Some)
}

fn nets(table: &Table, categories: &[String]) -> Result<Vec<Net>> {
    let mut taken: Vec<String> = categories.iter().map(|category| crate::diagnostic::fold_key(category)).collect();
    let mut nets = Vec::new();
    for net in table.tables("net")? {
        let label = require_filled(&net, "label")?;
        unique(&label, &mut taken, text!("区分またはまとめの名前", "name of a category or net"))?;
        net.require("of")?;
        let members = net.texts("of")?;
        if members.is_empty() {
            return Err(net
                .error_at_key("of", text!("「of」が空です。", "\"of\" is empty."))
                .hint(text!("まとめる区分を並べてください。", "List the categories it counts together.")));
        }
        let of = if categories.is_empty() {
            members.into_iter().map(|member| member.text).collect()
        } else {
            known(members, categories, &text!("区分", "category"))?
        };
        net.finish()?;
        nets.push(Net { label: label.text, of });
    }
    Ok(nets)
}
