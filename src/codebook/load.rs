//! TOML or JSON → [`Codebook`].

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Axis, Code, Codebook, Label, List, Net, Reserved, Rule};
use crate::config::{Located, Source, Table};
use crate::diagnostic::{Diagnostic, Result, suggest};
use crate::digest::sha256;
use crate::rule::{RuleError, parse, word_level};
use crate::text;
use crate::tokenize::UnitKind;

pub(super) fn codebook(source: &Arc<Source>) -> Result<Codebook> {
    let (root, reserved) = rayon::join(|| source.parse(), Reserved::shipped);
    let root = root?;
    let head = root.require_section("codebook")?;
    let id = identifier(&head, "id")?.text;
    let version = head.require("version")?.text()?.text;
    let title = head.text("title")?.map_or_else(String::new, |title| title.text);
    head.text("language")?;
    let unit = unit(&head)?.unwrap_or_default();
    head.finish()?;

    let mut ids = HashSet::new();
    let (axes, places): (Vec<Axis>, Vec<AxisPlaces>) = root
        .tables("axis")?
        .into_iter()
        .map(|table| axis(table, &mut ids))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .unzip();
    if axes.is_empty() {
        return Err(root
            .error(text!("軸（[[axis]]）が1つもありません。", "There is no [[axis]]."))
            .hint(text!("[[axis]] と id = \"theme\" を加えてください。", "Add [[axis]] with id = \"theme\".")));
    }
    let reserved = reserved?;
    let reserved_ids: Vec<&str> = reserved.iter().map(|reserved| reserved.id.as_str()).collect();
    let mut ids = HashSet::new();
    let nets =
        root.tables("net")?.into_iter().map(|table| net(table, &reserved_ids, &mut ids)).collect::<Result<Vec<_>>>()?;
    let lists = match root.get("lists") {
        Some(node) => {
            let table = node.table()?;
            table.all().map(|(name, node)| list(table.key(name), node.texts()?)).collect::<Result<Vec<_>>>()?
        }
        None => Vec::new(),
    };
    let tables: Vec<Table> = root.tables("code")?;
    let read = tables.into_par_iter().map(|table| code(table, unit, &axes, &nets, &reserved_ids));
    let read: Vec<Result<(Code, Vec<Located>)>> = read.collect();
    let mut codes = Vec::with_capacity(read.len());
    let mut contradictions = Vec::with_capacity(read.len());
    for code in read {
        let (code, against) = code?;
        not_twice(&code.written.0, &mut ids)?;
        codes.push(code);
        contradictions.push(against);
    }
    if codes.is_empty() {
        return Err(root.error(text!("コード（[[code]]）が1つもありません。", "There is no [[code]].")).hint(text!(
            "[[code]] に id、axis、label、rule を書いてください。",
            "Write a [[code]] with id, axis, label and rule."
        )));
    }
    root.finish()?;
    let sha256 = sha256(source.text.as_bytes());
    let source = Arc::clone(source);
    let codebook = Codebook { id, version, title, axes, nets, codes, reserved, sha256, source, lists };
    check_orders(&codebook, &places)?;
    check_contradictions(&codebook, &contradictions)?;
    Ok(codebook)
}

fn identifier(table: &Table, key: &'static str) -> Result<Located> {
    let id = table.require(key)?.text()?;
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    if id.text.is_empty() || !id.text.chars().all(allowed) {
        return Err(id
            .error(text!(
                "id に使えるのは文字・数字と . _ - だけです。",
                "An id consists of letters, digits and . _ - only."
            ))
            .hint(text!("例: funding.subsidy", "E.g. funding.subsidy.")));
    }
    Ok(id)
}

/// The identifier of a net or code, that is none of a reserved code.
fn own_identifier(table: &Table, reserved: &[&str]) -> Result<Located> {
    let id = identifier(table, "id")?;
    let written = &id.text;
    if reserved.contains(&written.as_str()) {
        return Err(id
            .error(text!(
                "id「{written}」は「特になし」などの回答のために予約されています。",
                "The id \"{written}\" is reserved for answers without content."
            ))
            .hint(text!("別の id にしてください。", "Choose another id.")));
    }
    Ok(id)
}

/// Codes and nets share one space of names, so that `@id` and the columns of matrix.csv are
/// clear.
fn not_twice(id: &Located, taken: &mut HashSet<String>) -> Result<()> {
    let written = &id.text;
    if taken.insert(written.clone()) {
        return Ok(());
    }
    Err(id
        .error(text!("id「{written}」は2回使われています。", "The id \"{written}\" is used twice."))
        .hint(text!("別の id にしてください。", "Choose another id.")))
}

fn label(table: &Table, id: &str) -> Result<Label> {
    let ja = table.text("label")?.map_or_else(|| id.to_owned(), |label| label.text);
    let en = table.text("label_en")?.map_or_else(|| ja.clone(), |label| label.text);
    Ok(Label { ja, en })
}

/// Where an axis says what, for messages.
struct AxisPlaces {
    id: Located,
    qualifies: Option<Located>,
    order: Vec<Located>,
}

fn axis(table: Table, taken: &mut HashSet<String>) -> Result<(Axis, AxisPlaces)> {
    let id = identifier(&table, "id")?;
    not_twice(&id, taken)?;
    let places = AxisPlaces { id, qualifies: table.text("qualifies")?, order: table.texts("order")? };
    table.text("label")?;
    table.text("label_en")?;
    table.finish()?;
    let texts = |located: &Located| located.text.clone();
    let axis = Axis {
        id: texts(&places.id),
        qualifies: places.qualifies.as_ref().map(texts),
        order: places.order.iter().map(texts).collect(),
    };
    Ok((axis, places))
}

fn net(table: Table, reserved: &[&str], taken: &mut HashSet<String>) -> Result<Net> {
    let written = own_identifier(&table, reserved)?;
    not_twice(&written, taken)?;
    let id = written.text;
    let label = label(&table, &id)?;
    table.text("definition")?;
    table.finish()?;
    Ok(Net { id, label })
}

fn list(name: Located, entries: Vec<Located>) -> Result<List> {
    let entries = entries
        .into_iter()
        .map(|text| {
            let rule = rule(text)?;
            word_level(&rule.expr).map_err(|error| {
                let message = text!("リストに書けるのは語と | だけです。", "Only words and | may stand in a list.");
                rule.text.error_at(error.span, message).hint(text!(
                    "「かつ」「でない」や near は、コードの rule に書いてください。",
                    "Put \"and\", \"not\" and near into the rule of a code."
                ))
            })?;
            Ok(rule)
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(List { name, entries })
}

fn unit(table: &Table) -> Result<Option<UnitKind>> {
    let Some(name) = table.text("unit")? else { return Ok(None) };
    UnitKind::from_name(&name.text).map(Some).ok_or_else(|| {
        let written = &name.text;
        name.error(text!("単位「{written}」はありません。", "There is no unit \"{written}\"."))
            .hint(text!("response、sentence、clause のどれかです。", "It is one of response, sentence, clause."))
    })
}

fn code(
    table: Table,
    default_unit: UnitKind,
    axes: &[Axis],
    nets: &[Net],
    reserved: &[&str],
) -> Result<(Code, Vec<Located>)> {
    let written = own_identifier(&table, reserved)?;
    let against = table.texts("contradicts")?;
    let id = written.text.clone();
    let axis = known(&table, "axis", axes.iter().map(|axis| axis.id.as_str()))?;
    let axis = match axis {
        Some(axis) => axis,
        None => axes[0].id.clone(),
    };
    let net = known(&table, "net", nets.iter().map(|net| net.id.as_str()))?;
    let texts = |key| table.texts(key);
    let plain = |key| Ok::<_, Box<Diagnostic>>(table.texts(key)?.into_iter().map(|text| text.text).collect::<Vec<_>>());
    let code = Code {
        axis,
        net,
        label: label(&table, &id)?,
        definition: table.text("definition")?.map_or_else(String::new, |text| text.text),
        include: plain("include")?,
        exclude: plain("exclude")?,
        unit: unit(&table)?.unwrap_or(default_unit),
        replaces: plain("replaces")?,
        written: (written, texts("replaces")?),
        contradicts: plain("contradicts")?,
        examples: texts("examples")?,
        counter_examples: texts("counter_examples")?,
        rule: table.text("rule")?.map(rule).transpose()?,
        except: table.text("except")?.map(rule).transpose()?,
        maybe: table.text("maybe")?.map(rule).transpose()?,
        id,
    };
    table.finish()?;
    Ok((code, against))
}

/// The value of `key`, which must be one of `names`.
fn known<'a>(table: &Table, key: &'static str, names: impl Iterator<Item = &'a str>) -> Result<Option<String>> {
    let Some(value) = table.text(key)? else { return Ok(None) };
    let names: Vec<&str> = names.collect();
    if names.contains(&value.text.as_str()) {
        return Ok(Some(value.text));
    }
    let written = &value.text;
    let error =
        value.error(text!("{key}「{written}」は宣言されていません。", "The {key} \"{written}\" is not declared."));
    Err(match suggest(written, &names) {
        Some(hint) => error.hint(hint),
        None => error.hint(text!("[[{key}]] を加えてください。", "Add a [[{key}]].")),
    })
}

fn rule(text: Located) -> Result<Rule> {
    match parse(&text.text) {
        Ok(expr) => Ok(Rule { text, expr }),
        Err(error) => Err(rule_error(Some(&text), &error)),
    }
}

/// Turns a mistake in a rule into a message about the codebook's file.
pub(super) fn rule_error(rule: Option<&Located>, error: &RuleError) -> Box<Diagnostic> {
    let message = error.message.clone();
    let diagnostic = match rule {
        Some(rule) => rule.error_at(error.span, message),
        None => Diagnostic::error(message),
    };
    match &error.hint {
        Some(hint) => diagnostic.hint(hint.clone()),
        None => diagnostic,
    }
}

/// A code can contradict the others of its axis and reserved codes.
fn check_contradictions(codebook: &Codebook, contradictions: &[Vec<Located>]) -> Result<()> {
    for (code, ids) in codebook.codes.iter().zip(contradictions) {
        let others = codebook.codes.iter().filter(|other| other.axis == code.axis && other.id != code.id);
        let known: Vec<&str> = others
            .map(|other| other.id.as_str())
            .chain(codebook.reserved.iter().map(|reserved| reserved.id.as_str()))
            .collect();
        if let Some(id) = ids.iter().find(|id| !known.contains(&id.text.as_str())) {
            let (written, axis) = (&id.text, &code.axis);
            let mut error = id.error(text!(
                "contradicts の「{written}」は、軸 {axis} のほかのコードでも予約コードでもありません。",
                "\"{written}\" in contradicts is neither another code of the axis \"{axis}\" nor a reserved code."
            ));
            error.hint = suggest(written, &known);
            return Err(error);
        }
    }
    Ok(())
}

/// A qualifying axis must name each of its codes in `order`.
fn check_orders(codebook: &Codebook, places: &[AxisPlaces]) -> Result<()> {
    for (axis, places) in codebook.axes.iter().zip(places) {
        let id = &axis.id;
        if let Some(target) = &places.qualifies
            && !codebook.axes.iter().any(|other| other.id == target.text && other.qualifies.is_none())
        {
            let written = &target.text;
            let others: Vec<&str> =
                codebook.axes.iter().map(|axis| axis.id.as_str()).filter(|other| other != id).collect();
            let error = target.error(text!(
                "軸 {id} の qualifies が指す軸「{written}」はありません。",
                "Axis {id} qualifies \"{written}\", which does not exist."
            ));
            let hint = suggest(written, &others);
            return Err(error.hint(
                hint.unwrap_or_else(|| text!("[[axis]] の id を書いてください。", "Name the id of an [[axis]].")),
            ));
        }
        let codes: Vec<&str> =
            codebook.codes.iter().filter(|code| code.axis == *id).map(|code| code.id.as_str()).collect();
        if let Some(unknown) = places.order.iter().find(|code| !codes.contains(&code.text.as_str())) {
            let written = &unknown.text;
            let error = unknown.error(text!(
                "軸 {id} の order にあるコード「{written}」はこの軸にありません。",
                "The order of axis {id} names \"{written}\", no code of it."
            ));
            let hint = suggest(written, &codes);
            return Err(error.hint(hint.unwrap_or_else(|| {
                text!("axis = \"{id}\" の [[code]] を加えてください。", "Add a [[code]] with axis = \"{id}\".")
            })));
        }
        let twice = places.order.iter().enumerate().find(|(at, code)| axis.order[..*at].contains(&code.text));
        if let Some((_, twice)) = twice {
            let written = &twice.text;
            return Err(twice
                .error(text!(
                    "軸 {id} の order にコード「{written}」が2回あります。",
                    "The order of axis {id} names \"{written}\" twice."
                ))
                .hint(text!("優先する方だけを残してください。", "Keep the place that it is to win at.")));
        }
        let missing = codes.iter().find(|code| !axis.order.iter().any(|known| known == *code));
        if axis.qualifies.is_some()
            && let Some(missing) = missing
        {
            let place = places.order.last().unwrap_or(&places.id);
            return Err(place
                .error(text!(
                    "軸 {id} の order にコード「{missing}」がありません。",
                    "The order of axis {id} lacks \"{missing}\"."
                ))
                .hint(text!(
                    "複数当てはまるときの優先順に、全コードを並べてください。",
                    "List all codes, the winner first."
                )));
        }
    }
    Ok(())
}
