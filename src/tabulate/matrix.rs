//! A matrix as something to tabulate: its codes as rows, its groups as columns.

use super::variable::{Category, Level, Variable};
use crate::diagnostic::{Diagnostic, Result, fold_key, suggest};
use crate::read::matrix::Section;
use crate::survey::{Net, People};
use crate::text;

/// The codes of a section and its groups. Each of `nets` counts codes together, or
/// values of one of the columns to group by, whichever its members are. Values that are
/// named in `order` come first, in that order.
///
/// # Errors
/// If a member of a net is neither, or its name is taken.
pub fn variables(section: &Section, nets: &[Net], order: &[String]) -> Result<(Variable, Vec<Variable>)> {
    let mut codes = Variable {
        name: section.question.clone(),
        title: section.question.clone(),
        categories: Vec::new(),
        asked: section.asked.clone(),
        answered: section.answered.clone(),
        is_single: false,
    };
    for column in &section.codes {
        let mut category = Category::new(&column.id, column.yes.clone());
        category.known = Some(column.known.clone());
        if column.is_net {
            category.level = Level::Net;
            let prefix = format!("{}.", column.id);
            let members = section.codes.iter().enumerate().filter(|(_, other)| other.id.starts_with(&prefix));
            category.of = members.map(|(at, _)| at).collect();
        }
        codes.categories.push(category);
    }
    let group = |(name, values): &(String, Vec<(String, People)>)| {
        let mut values = values.clone();
        values.sort_by_key(|(value, _)| order.iter().position(|own| own == value).unwrap_or(order.len()));
        Variable::single(name, values, People::all(section.people))
    };
    let mut groups: Vec<Variable> = section.groups.iter().map(group).collect();
    for net in nets {
        let place = groups.iter().position(|group| holds_all(group, net));
        let variable = match (holds_all(&codes, net), place) {
            (true, _) => &mut codes,
            (false, Some(place)) => &mut groups[place],
            (false, None) => return Err(no_member(&codes, &groups, net)),
        };
        if variable.categories.iter().any(|category| fold_key(&category.id) == fold_key(&net.label)) {
            let label = &net.label;
            return Err(Diagnostic::error(text!(
                "まとめの名前「{label}」は、すでに使われています。",
                "The name \"{label}\" of a net is taken."
            ))
            .hint(text!("--net に別の名前を付けてください。", "Give the net of --net another name.")));
        }
        variable.add_nets(std::slice::from_ref(net));
    }
    for (id, people) in &section.reserved {
        let mut category = Category::new(id, people.clone());
        category.level = Level::Reserved;
        codes.categories.push(category);
    }
    Ok((codes, groups))
}

/// Refuses an `order` of values that no section holds.
///
/// # Errors
/// At the first of them.
pub fn check_order(sections: &[Section], order: &[String]) -> Result<()> {
    let values = sections.iter().flat_map(|section| &section.groups).flat_map(|(_, values)| values);
    let mut all: Vec<&str> = values.map(|(value, _)| value.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    let Some(unknown) = order.iter().find(|own| !all.contains(&own.as_str())) else { return Ok(()) };
    let mut error = Diagnostic::error(text!(
        "--order の「{unknown}」は、データにありません。",
        "The data has no \"{unknown}\" of --order."
    ));
    error.hint = suggest(unknown, &all);
    Err(error)
}

fn holds_all(variable: &Variable, net: &Net) -> bool {
    net.of.iter().all(|member| variable.categories.iter().any(|category| category.id == *member))
}

/// The first member that the likeliest variable does not have.
fn no_member(codes: &Variable, groups: &[Variable], net: &Net) -> Box<Diagnostic> {
    let names =
        |variable: &Variable| variable.categories.iter().map(|category| category.id.clone()).collect::<Vec<_>>();
    let all: Vec<Vec<String>> = std::iter::once(codes).chain(groups).map(names).collect();
    let fit = |names: &&Vec<String>| net.of.iter().filter(|member| names.contains(member)).count();
    // Of equals the last is taken: groups are what nets are mostly made of.
    let likeliest = all.iter().max_by_key(fit).cloned().unwrap_or_default();
    let member = net.of.iter().find(|member| !likeliest.contains(member)).cloned().unwrap_or_default();
    let label = &net.label;
    let mut error = Diagnostic::error(text!(
        "まとめ「{label}」の「{member}」は、コードにも区分にもありません。",
        "\"{member}\" of the net \"{label}\" is neither a code nor a value to group by."
    ));
    let candidates: Vec<&str> = likeliest.iter().map(String::as_str).collect();
    error.hint = suggest(&member, &candidates);
    error
}
