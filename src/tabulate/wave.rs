//! Two waves side by side: the same cell of this run and of an earlier one.
//!
//! Who answered in both waves cannot be told from tables: the tests take the two for
//! independent samples.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use super::Share;
use super::compare::{Difference, difference};
use crate::diagnostic::{Diagnostic, Result, Severity, io_error};
use crate::digest::sha256;
use crate::read::{Options, table};
use crate::statistics::{Adjustment, fisher};
use crate::text;

/// A cell of a table with its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Table, question, code, attribute and group: what makes two cells the same. The
    /// table of themes has no name, and neither has the attribute of all respondents.
    pub key: [String; 5],
    /// Name of the code for readers.
    pub label: String,
    /// Whether it is a code, a net …
    pub level: String,
    /// The count with its base; `None` where it is hidden.
    pub share: Option<Share>,
}

/// What two runs must have in common to be compared without a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// Identifier, version and checksum of the codebook; empty where there is none.
    pub codebook: [String; 3],
    /// The base of each table by its name.
    pub bases: Vec<(String, String)>,
    /// The wording of each question by its id.
    pub wordings: Vec<(String, String)>,
}

/// A run: its cells and what they rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wave {
    /// Checksum of the files it was read from; empty for what was not read.
    pub sha256: String,
    /// What it rests on.
    pub setting: Setting,
    /// Its cells in order.
    pub entries: Vec<Entry>,
}

/// An earlier run beside this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Its name.
    pub name: String,
    /// Checksum of its files.
    pub sha256: String,
    /// The cells that both have.
    pub changes: Vec<Change>,
}

/// A cell in two waves.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The cell, as in this run.
    pub entry: Entry,
    /// This run.
    pub now: Share,
    /// The earlier one.
    pub before: Share,
    /// This run minus the earlier one.
    pub difference: Option<Difference>,
    /// Fisher's exact test.
    pub p: f64,
    /// Adjusted by Holm for the family of all codes of one table, question and group.
    pub p_adjusted: f64,
}

/// The cells that both waves have, in the order of `now`.
pub fn changes(now: &Wave, before: &Wave) -> Vec<Change> {
    let known: HashMap<&[String; 5], Share> =
        before.entries.iter().filter_map(|entry| Some((&entry.key, entry.share?))).collect();
    let mut changes = Vec::new();
    for entry in &now.entries {
        let (Some(share), Some(&earlier)) = (entry.share, known.get(&entry.key)) else { continue };
        let row = |share: Share| [share.count(), share.base() - share.count()];
        let p = fisher([row(share), row(earlier)]).p;
        let difference = difference(share, earlier);
        changes.push(Change { entry: entry.clone(), now: share, before: earlier, difference, p, p_adjusted: 1.0 });
    }
    let mut families: HashMap<[String; 4], Vec<usize>> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        let [table, question, _, by, group] = change.entry.key.clone();
        families.entry([table, question, by, group]).or_default().push(at);
    }
    for family in families.values() {
        let p: Vec<f64> = family.iter().map(|&at| changes[at].p).collect();
        for (&at, adjusted) in family.iter().zip(Adjustment::Holm.adjust(&p)) {
            changes[at].p_adjusted = adjusted;
        }
    }
    changes
}

/// What keeps the two from being like and like.
pub fn warnings(name: &str, now: &Wave, before: &Wave) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    let mut warn = |message, hint| {
        let mut warning = Diagnostic::new(Severity::Warning, message);
        warning.hint = Some(hint);
        warnings.push(warning);
    };
    let [id, version, sum] = &now.setting.codebook;
    let [other_id, other_version, other_sum] = &before.setting.codebook;
    if sum != other_sum {
        warn(
            text!(
                "「{name}」とはコードブックが違います（{id} {version} と {other_id} {other_version}）。",
                "The codebook differs from that of \"{name}\" ({id} {version}, {other_id} {other_version})."
            ),
            text!(
                "前回の調査も同じコードブックで集計し直してください。",
                "Run the earlier study again with the same codebook."
            ),
        );
    }
    for (table, base) in &now.setting.bases {
        if let Some((_, other)) =
            before.setting.bases.iter().find(|(other, _)| other == table).filter(|(_, other)| other != base)
        {
            let (ja, en) =
                if table.is_empty() { ("テーマの表", "the themes") } else { (table.as_str(), table.as_str()) };
            warn(
                text!(
                    "{ja}の母数が「{name}」と違います（{base} と {other}）。",
                    "The base of {en} differs from that of \"{name}\" ({base}, {other})."
                ),
                text!("base をそろえてください。", "Use the same base."),
            );
        }
    }
    for (question, wording) in &now.setting.wordings {
        if before.setting.wordings.iter().any(|(other, earlier)| other == question && earlier != wording) {
            warn(
                text!(
                    "設問 {question} の文言が「{name}」と違います。",
                    "The wording of {question} differs from that of \"{name}\"."
                ),
                text!("比べてよい設問か確かめてください。", "Check that the two questions can be compared."),
            );
        }
    }
    let count = |one: &Wave, other: &Wave| {
        one.entries.iter().filter(|entry| !other.entries.iter().any(|earlier| earlier.key == entry.key)).count()
    };
    let (only_now, only_before) = (count(now, before), count(before, now));
    if only_now + only_before > 0 {
        warn(
            text!(
                "「{name}」と対応しない欄は比べません（今回だけ {only_now}、前回だけ {only_before}）。",
                "Cells that \"{name}\" does not share are not compared (only now: {only_now}, only then: {only_before})."
            ),
            text!(
                "コード・設問・群の名前が同じか確かめてください。",
                "Check that codes, questions and groups have the same names."
            ),
        );
    }
    warnings
}

impl Wave {
    /// The wave whose results lie in `folder`.
    ///
    /// # Errors
    /// If there is no result, or it cannot be read for certain.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("manifest.json");
        let bytes = std::fs::read(&path).map_err(|error| {
            io_error(&path, &error).hint(text!(
                "先に、比べる調査を aftercode run で集計してください。",
                "Run the earlier study with `aftercode run` first."
            ))
        })?;
        let manifest: Value = serde_json::from_slice(&bytes).map_err(|error| {
            Diagnostic::error(text!("manifest.json を読めません: {error}", "manifest.json cannot be read: {error}"))
                .file(&path)
                .hint(text!("aftercode run で作り直してください。", "Make it again with `aftercode run`."))
        })?;
        let (themes, tables) = (folder.join("themes.csv"), folder.join("tables.csv"));
        let mut sums = vec![sha256(&bytes)];
        let mut found = Vec::new();
        for (path, named) in [(themes, false), (tables, true)] {
            if !named || manifest["outputs"]["tables.csv"].is_string() {
                let (sum, entries) = entries(&path, named)?;
                sums.push(sum);
                found.extend(entries);
            }
        }
        let wave = Self { sha256: sha256(sums.concat().as_bytes()), setting: setting(&manifest), entries: found };
        Ok(wave)
    }
}

fn setting(manifest: &Value) -> Setting {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let codebook = &manifest["codebook"];
    let tables = manifest["tables"].as_array().into_iter().flatten();
    let themes = (String::new(), word(&manifest["settings"]["base"]));
    let wordings = manifest["questions"].as_array().into_iter().flatten();
    Setting {
        codebook: [word(&codebook["id"]), word(&codebook["version"]), word(&codebook["sha256"])],
        bases: std::iter::once(themes).chain(tables.map(|table| (word(&table["id"]), word(&table["base"])))).collect(),
        wordings: wordings.map(|question| (word(&question["id"]), word(&question["wording"]))).collect(),
    }
}

/// Checksum and cells of `themes.csv`, or with `named` of `tables.csv`.
fn entries(path: &Path, named: bool) -> Result<(String, Vec<Entry>)> {
    let read = table(path, &Options::default())?;
    let at = |name: &str| read.column(name);
    let columns = [
        at("question")?,
        at("code")?,
        at("group_by")?,
        at("group")?,
        at("label")?,
        at("level")?,
        at("count")?,
        at("base")?,
    ];
    let table = named.then(|| at("table")).transpose()?;
    let entry = |row: &crate::read::Row| {
        // Cells that a spreadsheet would run as a formula were written with an apostrophe.
        let cell = |column: usize| {
            let cell = row.cells[column].as_str();
            cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell).to_owned()
        };
        let [question, code, by, group, label, level, count, base] = columns.map(cell);
        let key = [table.map(cell).unwrap_or_default(), question, code, by, neutral(&group).to_owned()];
        if count.is_empty() {
            return Ok(Entry { key, label, level, share: None });
        }
        match (count.parse(), base.parse()) {
            (Ok(count), Ok(base)) if count <= base => {
                Ok(Entry { key, label, level, share: Some(Share::new(count, base)) })
            }
            _ => Err(Diagnostic::error(text!("count と base が数ではありません。", "count and base are no numbers."))
                .file(path)
                .line(row.line)
                .hint(text!("aftercode run で作り直してください。", "Make it again with `aftercode run`."))),
        }
    };
    Ok((read.source.sha256.clone(), read.rows.iter().map(entry).collect::<Result<_>>()?))
}

/// Names of lines that differ between languages.
pub fn neutral(name: &str) -> &str {
    match name {
        "Total" => "全体",
        "Unknown" => "不明",
        name => name,
    }
}
