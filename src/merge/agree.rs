//! What parts must have in common before their numbers may be added.

use std::path::Path;

use serde_json::{Value, json};

use super::part::Part;
use crate::codebook::Codebook;
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::report::manifest::settings;
use crate::results::{Decided, decided, shortened};
use crate::study::Study;
use crate::text;

/// What of a manifest is a part's own, or decides only what a merge does not make.
const OWN: [&str; 5] = ["input", "merged", "agreement", "tables", "study.file"];

/// Checks that the parts belong together and to this study, and gives the language and
/// form of their files.
///
/// # Errors
/// At the first difference.
pub(super) fn check(study: &Study, codebook: &Codebook, parts: &[Part], output: &Path) -> Result<(Lang, bool)> {
    apart(parts, output)?;
    parts.iter().try_for_each(by_rules_alone)?;
    let first = &parts[0].results;
    for part in &parts[1..] {
        if let Some(difference) = difference(&first.manifest, &part.results.manifest) {
            return Err(unlike(&difference, &part.results.folder, &first.folder.display().to_string()));
        }
    }
    let (lang, raw) = (first.lang(), first.raw());
    let questions = study.questions.iter().map(|question| (&question.question.id, &question.question.wording));
    let closed = study.closed.iter().map(|question| (&question.id, &question.wording));
    let questions = questions.chain(closed).map(|(id, wording)| json!({ "id": id, "wording": wording }));
    let here = json!({
        "aftercode": env!("CARGO_PKG_VERSION"),
        "codebook": { "sha256": codebook.sha256 },
        "settings": settings(study, lang, raw),
        "questions": questions.collect::<Vec<_>>(),
        "study": { "id": study.id, "sha256": study.sha256 },
    });
    let there = &first.manifest;
    let there = json!({
        "aftercode": there["aftercode"],
        "codebook": { "sha256": there["codebook"]["sha256"] },
        "settings": there["settings"],
        "questions": there["questions"],
        "study": { "id": there["study"]["id"], "sha256": there["study"]["sha256"] },
    });
    let Some(difference) = difference(&here, &there) else { return Ok((lang, raw)) };
    let is_version = difference.key == "aftercode";
    let name = if is_version { "aftercode".to_owned() } else { study.path.display().to_string() };
    Err(unlike(&difference, &first.folder, &name))
}

/// The first thing that differs and is not a part's own; the checksum of the study file only
/// if nothing says more.
fn difference(before: &Value, after: &Value) -> Option<Decided> {
    let is_own = |key: &str| {
        OWN.iter().any(|own| key.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    let differing = decided(before, after).into_iter().filter(|one| !is_own(&one.key));
    differing.min_by_key(|one| one.key == "study.sha256")
}

/// Codings by people are merged with the answers they were made on, not after.
fn by_rules_alone(part: &Part) -> Result<()> {
    if part.results.manifest["codings"].is_null() {
        return Ok(());
    }
    Err(Diagnostic::error(text!(
        "人のコーディング（[codings]）を取り込んだ結果は、まとめられません。",
        "Results that take codings by people in ([codings]) cannot be merged."
    ))
    .file(&part.results.folder)
    .hint(text!(
        "回答と人のコーディングをそれぞれ1つにして aftercode run を実行するか、study.toml から [codings] を外して各部分をやり直してください。",
        "Put the answers and the codings together and use aftercode run, or take [codings] out of study.toml and run all parts again."
    )))
}

/// Folders that are given twice, or are to be overwritten.
fn apart(parts: &[Part], output: &Path) -> Result<()> {
    let place = |path: &Path| path.canonicalize().ok();
    for (at, part) in parts.iter().enumerate() {
        let own = place(&part.results.folder);
        if parts[..at].iter().any(|other| own.is_some() && place(&other.results.folder) == own) {
            return Err(Diagnostic::error(text!(
                "同じフォルダーが2回指定されています。",
                "The same folder is given twice."
            ))
            .file(&part.results.folder)
            .hint(text!("それぞれの部分を1回ずつ指定してください。", "Name every part once.")));
        }
        if own.is_some() && place(output) == own {
            return Err(Diagnostic::error(text!(
                "出力先が、まとめる部分の1つと同じです。",
                "The output folder is one of the parts."
            ))
            .file(&part.results.folder)
            .hint(text!("--out に別のフォルダーを指定してください。", "Name another folder with --out.")));
        }
    }
    Ok(())
}

fn unlike(difference: &Decided, folder: &Path, name: &str) -> Box<Diagnostic> {
    let Decided { key, before, after, .. } = difference;
    let longest = if key.ends_with("sha256") { 12 } else { 60 };
    let said = |value: &str| if value.is_empty() { "—".to_owned() } else { shortened(value, longest) };
    let (one, other) = (said(after), said(before));
    let (ja, en) = match key.split('.').next().unwrap_or_default() {
        "aftercode" => ("aftercode のバージョン", "version of aftercode"),
        "codebook" => ("コードブック", "codebook"),
        "dictionary" => ("辞書", "dictionary"),
        "study" => ("調査ファイル", "study file"),
        "questions" => ("設問", "questions"),
        _ => ("設定", "settings"),
    };
    Diagnostic::error(text!(
        "{ja}が違う結果は、1つにまとめられません（{key}: 「{one}」、{name} では「{other}」）。",
        "Results that differ in the {en} cannot be merged ({key}: \"{one}\", in {name} \"{other}\")."
    ))
    .file(folder)
    .hint(text!(
        "すべての部分を、同じバージョン・調査ファイル・コードブック・辞書で aftercode run し直してください。",
        "Run all parts again with the same version, study file, codebook and dictionary."
    ))
}
