//! What decided a result, and in what two manifests differ there.

use serde_json::{Map, Value, json};

use super::shortened;
use crate::diagnostic::{Lang, Text};
use crate::text;

/// Something that decides results, and differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Its place in the manifest: keys and positions in lists, joined by `.`.
    pub key: String,
    /// Its name for readers.
    pub name: Text,
    /// Its value in the first manifest; empty where there is none.
    pub before: String,
    /// Its value in the second.
    pub after: String,
}

impl Decided {
    /// `name: before → after`, with checksums cut short.
    pub fn line(&self, lang: Lang) -> String {
        let none = if lang == Lang::Ja { "（なし）" } else { "(none)" };
        let shown = |value: &str| match value {
            "" => none.to_owned(),
            sum if self.key.ends_with("sha256") => shortened(sum, 12),
            value => shortened(value, 60),
        };
        format!("{}: {} → {}", self.name.get(lang), shown(&self.before), shown(&self.after))
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        json!({ "key": self.key, "before": self.before, "after": self.after })
    }
}

/// Parts of a manifest that tell what came out, not what decided it; positions in lists
/// are left out.
const OUTCOMES: [&str; 27] = [
    "checksums",
    "checks",
    "counts",
    "masked",
    "review",
    "bases",
    "notes",
    "outputs",
    "input.rows_read",
    "input.rows_used",
    "input.rows_skipped",
    "merged.input.rows_read",
    "merged.input.rows_used",
    "merged.input.rows_skipped",
    "merged.manifest_sha256",
    "merged.respondents",
    "codebook.copy",
    "agreement.coders",
    "agreement.units",
    "agreement.same",
    "agreement.alpha_masi",
    "agreement.codes",
    "codings.sources.answers",
    "codings.sources.split",
    "codings.codes",
    "codings.removed",
    "codings.stale",
];

/// What decided the results of `before` and `after` and differs: all that the manifests
/// hold but what came out.
pub fn decided(before: &Value, after: &Value) -> Vec<Decided> {
    let mut found = Vec::new();
    walk("", before, after, &mut found);
    found
}

fn walk(key: &str, before: &Value, after: &Value, found: &mut Vec<Decided>) {
    if before == after || OUTCOMES.contains(&without_positions(key).as_str()) {
        return;
    }
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match (entries(before), entries(after)) {
        (Some(one), Some(other)) => {
            let gone = one.keys().filter(|name| !other.contains_key(*name));
            for name in other.keys().chain(gone) {
                let value = |entries: &Map<String, Value>| entries.get(name).cloned().unwrap_or(Value::Null);
                walk(&below(name), &value(&one), &value(&other), found);
            }
        }
        _ => found.push(Decided { key: key.to_owned(), name: name(key), before: said(before), after: said(after) }),
    }
}

/// The key without positions in lists.
fn without_positions(key: &str) -> String {
    let names: Vec<&str> = key.split('.').filter(|name| name.parse::<usize>().is_err()).collect();
    names.join(".")
}

/// The parts of a value, with their position as name where it is a list.
fn entries(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(entries) => Some(entries.clone()),
        Value::Array(items) => {
            Some(items.iter().enumerate().map(|(at, item)| ((at + 1).to_string(), item.clone())).collect())
        }
        _ => None,
    }
}

fn said(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn name(key: &str) -> Text {
    match key {
        "aftercode" => text!("プログラムの版", "program version"),
        "study.sha256" => text!("調査ファイル", "study file"),
        "study.file" => text!("調査ファイルの場所", "place of the study file"),
        "input.sha256" => text!("回答のファイル", "file of answers"),
        "input.file" => text!("回答のファイルの名前", "name of the file of answers"),
        "input.encoding" => text!("回答の文字コード", "encoding of the answers"),
        "codebook.sha256" => text!("コードブック", "codebook"),
        "codebook.version" => text!("コードブックの版", "version of the codebook"),
        "dictionary.sha256" => text!("辞書と追加の語", "dictionary and added words"),
        "dictionary.variants_sha256" => text!("表記の統一", "spelling variants"),
        "dictionary.fillers_sha256" => text!("内容のない回答の一覧", "list of answers without content"),
        "settings.lang" => text!("言語", "language"),
        "settings.raw" => text!("機械向けの形式（--raw）", "form for machines (--raw)"),
        "settings.base" => text!("母数", "base"),
        _ if key.starts_with("codings.sources.") || key.starts_with("agreement.files.") => {
            text!("人のコーディング（{key}）", "codings by people ({key})")
        }
        _ if key.starts_with("compare.") => text!("比べる調査（{key}）", "earlier study ({key})"),
        _ => text!("{key}", "{key}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_decided_is_told_and_what_came_out_is_not() {
        let manifest = |sum: &str, by: Value| {
            json!({
                "input": { "sha256": sum, "rows_read": sum.len() },
                "settings": { "by": by, "new": sum },
                "counts": { "codings": sum },
            })
        };
        let differing = decided(&manifest("a", json!(["x"])), &manifest("bc", json!(["x", "y"])));
        let told: Vec<[&str; 3]> =
            differing.iter().map(|one| [one.key.as_str(), one.before.as_str(), one.after.as_str()]).collect();
        assert_eq!(told, [["input.sha256", "a", "bc"], ["settings.by.2", "", "y"], ["settings.new", "a", "bc"]]);
        assert_eq!(decided(&manifest("a", json!([])), &manifest("a", json!([]))), []);
    }
}
