//! What parts must have in common before their numbers may be added.

use std::path::Path;

use serde_json::{Value, json};

use super::part::Part;
use crate::codebook::Codebook;
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::report::manifest::settings;
use crate::study::Study;
use crate::text;

/// Keys of a manifest that decide what the numbers mean.
const ALIKE: [&str; 6] = ["aftercode", "study", "codebook", "dictionary", "settings", "questions"];

/// Checks that the parts belong together and to this study, and gives the language and
/// form of their files.
///
/// # Errors
/// At the first difference.
pub(super) fn check(study: &Study, codebook: &Codebook, parts: &[Part], output: &Path) -> Result<(Lang, bool)> {
    apart(parts, output)?;
    let first = &parts[0];
    let lang = if first.manifest["settings"]["lang"] == "en" { Lang::En } else { Lang::Ja };
    let raw = first.manifest["settings"]["raw"] == true;
    for part in &parts[1..] {
        for key in ALIKE {
            if let Some(difference) = difference(key, &part.manifest[key], &first.manifest[key]) {
                return Err(unlike(&difference, &part.folder, &first.folder.display().to_string()));
            }
        }
    }
    let questions = study.questions.iter().map(|question| (&question.question.id, &question.question.wording));
    let closed = study.closed.iter().map(|question| (&question.id, &question.wording));
    let questions = questions.chain(closed).map(|(id, wording)| json!({ "id": id, "wording": wording }));
    let here = [
        ("aftercode", json!(env!("CARGO_PKG_VERSION"))),
        ("codebook.sha256", json!(codebook.sha256)),
        ("study.id", json!(study.id)),
        ("settings", settings(study, lang, raw)),
        ("questions", questions.collect()),
    ];
    for (key, own) in here {
        let theirs = key.split('.').fold(&first.manifest, |value, key| &value[key]);
        if let Some(difference) = difference(key, theirs, &own) {
            let name = if key == "aftercode" { "aftercode".to_owned() } else { study.path.display().to_string() };
            return Err(unlike(&difference, &first.folder, &name));
        }
    }
    Ok((lang, raw))
}

/// Folders that are given twice, or are to be overwritten.
fn apart(parts: &[Part], output: &Path) -> Result<()> {
    let place = |path: &Path| path.canonicalize().ok();
    for (at, part) in parts.iter().enumerate() {
        let own = place(&part.folder);
        if parts[..at].iter().any(|other| own.is_some() && place(&other.folder) == own) {
            return Err(Diagnostic::error(text!(
                "同じフォルダーが2回指定されています。",
                "The same folder is given twice."
            ))
            .file(&part.folder)
            .hint(text!("それぞれの部分を1回ずつ指定してください。", "Name every part once.")));
        }
        if own.is_some() && place(output) == own {
            return Err(Diagnostic::error(text!(
                "出力先が、まとめる部分の1つと同じです。",
                "The output folder is one of the parts."
            ))
            .file(&part.folder)
            .hint(text!("--out に別のフォルダーを指定してください。", "Name another folder with --out.")));
        }
    }
    Ok(())
}

/// A key and what two manifests say of it.
struct Difference {
    key: String,
    one: String,
    other: String,
}

/// The first thing that differs in two values.
fn difference(key: &str, one: &Value, other: &Value) -> Option<Difference> {
    if one == other {
        return None;
    }
    if let (Value::Object(a), Value::Object(b)) = (one, other)
        && a.keys().chain(b.keys()).all(|key| a.contains_key(key) && b.contains_key(key))
    {
        return a.iter().find_map(|(name, value)| difference(&format!("{key}.{name}"), value, &b[name]));
    }
    let said = |value: &Value| match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.chars().take(60).collect(),
        value => value.to_string().chars().take(200).collect(),
    };
    Some(Difference { key: key.to_owned(), one: said(one), other: said(other) })
}

fn unlike(Difference { key, one, other }: &Difference, folder: &Path, name: &str) -> Box<Diagnostic> {
    let (ja, en) = match key.split('.').next().unwrap_or_default() {
        "aftercode" => ("aftercode のバージョン", "version of aftercode"),
        "codebook" => ("コードブック", "codebook"),
        "dictionary" => ("辞書", "dictionary"),
        "study" => ("調査", "study"),
        "questions" => ("設問", "questions"),
        _ => ("設定", "settings"),
    };
    Diagnostic::error(text!(
        "{ja}が違う結果は、1つにまとめられません（{key}: 「{one}」、{name} では「{other}」）。",
        "Results that differ in the {en} cannot be merged ({key}: \"{one}\", in {name} \"{other}\")."
    ))
    .file(folder)
    .hint(text!(
        "すべての部分を、同じバージョン・コードブック・辞書・設定で aftercode run し直してください。",
        "Run all parts again with the same version, codebook, dictionary and settings."
    ))
}
