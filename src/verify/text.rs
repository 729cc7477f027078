//! What was found, for people.

use super::{How, Place, Verified};
use crate::diagnostic::Lang;
use crate::results::shortened;

/// The longest piece of a file that is shown, in characters.
const LONGEST: usize = 60;

/// The text for the terminal.
pub fn text(verified: &Verified, folder: &str, lang: Lang) -> String {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let mut out = String::new();
    if !verified.decided.is_empty() {
        out.push_str(say(
            "結果を決めるもののうち、記録と違うもの:\n",
            "Of what decides the results, no longer as recorded:\n",
        ));
        for decided in &verified.decided {
            out.push_str(&format!("  {}\n", decided.line(lang)));
        }
        out.push('\n');
    }
    if !verified.different.is_empty() {
        out.push_str(say("作り直したものと違うファイル:\n", "Files that differ from those made anew:\n"));
        for different in &verified.different {
            out.push_str(&format!("  {}: {}\n", different.name, how(&different.how, lang)));
        }
        out.push('\n');
    }
    let (same, other) = (verified.same, verified.different.len());
    out.push_str(&match (lang, verified.is_same()) {
        (Lang::Ja, true) => format!("{folder}: 作り直した結果とすべて一致しました（{same} ファイル）。\n"),
        (Lang::En, true) => format!("{folder}: the same in every byte as made anew ({same} files).\n"),
        (Lang::Ja, false) => format!("{folder}: 一致しません。違うファイル {other}、一致したファイル {same}。\n"),
        (Lang::En, false) => format!("{folder}: not the same. Files that differ: {other}; the same: {same}.\n"),
    });
    out
}

fn how(how: &How, lang: Lang) -> String {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    match how {
        How::Missing => say("ありません", "missing").to_owned(),
        How::Extra => say("余分です（run は作りません）", "extra (a run does not make it)").to_owned(),
        How::Bytes { edited, place } => {
            let place =
                place.as_ref().map_or_else(|| say("内容が違います", "other bytes").to_owned(), |at| placed(at, lang));
            match edited {
                Some(true) => {
                    format!(
                        "{place}{}",
                        say("（書き出した後で書きかえられています）", " (edited after it was written)")
                    )
                }
                _ => place,
            }
        }
    }
}

fn placed(place: &Place, lang: Lang) -> String {
    let shown = |text: &str| shortened(text, LONGEST);
    match (place, lang) {
        (Place::Cell { line, column, found, made }, Lang::Ja) => {
            format!("{line}行 {column}列 「{}」、作り直すと「{}」", shown(found), shown(made))
        }
        (Place::Cell { line, column, found, made }, Lang::En) => {
            format!("line {line}, column {column}: \"{}\", made anew \"{}\"", shown(found), shown(made))
        }
        (Place::Line { line, found, made }, _) => {
            let none = if lang == Lang::Ja { "（なし）" } else { "(nothing)" };
            let said = |text: &Option<String>| match (text, lang) {
                (None, _) => none.to_owned(),
                (Some(text), Lang::Ja) => format!("「{}」", shown(text.trim())),
                (Some(text), Lang::En) => format!("\"{}\"", shown(text.trim())),
            };
            match lang {
                Lang::Ja => format!("{line}行 {}、作り直すと{}", said(found), said(made)),
                Lang::En => format!("line {line}: {}, made anew {}", said(found), said(made)),
            }
        }
        (Place::Form, Lang::Ja) => "内容は同じで、改行・引用符・BOM だけが違います".to_owned(),
        (Place::Form, Lang::En) => "same content; line ends, quotes or byte order mark differ".to_owned(),
    }
}
