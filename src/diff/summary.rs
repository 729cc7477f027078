//! What a changed codebook did to the codes, on one line.

use std::collections::BTreeSet;

use super::{Answers, Codings};
use crate::diagnostic::Lang;

/// The most codes that are named.
const MOST: usize = 8;

/// How many answers have other codes, and the codes whose number of answers changed, in the
/// order of their ids.
pub fn summary(before: &Codings, after: &Codings, answers: &Answers, lang: Lang) -> String {
    let changed = answers.changed.len();
    if changed == 0 {
        return if lang == Lang::Ja {
            "コードの変わった回答はありません。"
        } else {
            "No answer has other codes."
        }
        .to_owned();
    }
    let (earlier, later) = (before.counts(), after.counts());
    let ids: BTreeSet<&str> = earlier.keys().chain(later.keys()).copied().collect();
    let count = |id: &str| {
        let [before, after] = [&earlier, &later].map(|counts| counts.get(id).copied().unwrap_or_default());
        (before != after).then(|| match lang {
            Lang::Ja => format!("{id} {before} → {after} 件"),
            Lang::En => format!("{id} {before} → {after}"),
        })
    };
    let codes: Vec<String> = ids.into_iter().filter_map(count).collect();
    let more = codes.len().saturating_sub(MOST);
    let shown = codes[..codes.len() - more].join(if lang == Lang::Ja { "、" } else { ", " });
    match (lang, codes.is_empty(), more) {
        (Lang::Ja, true, _) => format!("コードの変わった回答 {changed} 件（どのコードも件数は同じ）"),
        (Lang::En, true, _) => format!("Answers with other codes: {changed} (each code as often as before)"),
        (Lang::Ja, _, 0) => format!("コードの変わった回答 {changed} 件: {shown}"),
        (Lang::En, _, 0) => format!("Answers with other codes: {changed}: {shown}"),
        (Lang::Ja, ..) => format!("コードの変わった回答 {changed} 件: {shown}、ほか {more} コード"),
        (Lang::En, ..) => format!("Answers with other codes: {changed}: {shown} and {more} more codes"),
    }
}
