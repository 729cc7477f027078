//! Parts of speech that a word may ask for.

use crate::diagnostic::{Text, did_you_mean};
use crate::rule::RuleError;
use crate::span::Span;
use crate::text;

/// The outermost tags of the dictionaries that lindera builds: IPADIC, UniDic, SudachiDict.
const CLASSES: [&str; 23] = [
    "名詞",
    "代名詞",
    "動詞",
    "形容詞",
    "形状詞",
    "副詞",
    "連体詞",
    "接続詞",
    "感動詞",
    "助詞",
    "助動詞",
    "接頭詞",
    "接頭辞",
    "接尾辞",
    "記号",
    "補助記号",
    "空白",
    "フィラー",
    "その他",
    "未知語",
    "判定詞",
    "指示詞",
    "特殊",
];

/// Their second level, of IPADIC and of UniDic.
pub(crate) const DETAILS: [&str; 50] = [
    "一般",
    "固有名詞",
    "代名詞",
    "サ変接続",
    "形容動詞語幹",
    "ナイ形容詞語幹",
    "副詞可能",
    "非自立",
    "特殊",
    "数",
    "接尾",
    "接続詞的",
    "動詞非自立的",
    "引用文字列",
    "自立",
    "助詞類接続",
    "格助詞",
    "係助詞",
    "副助詞",
    "接続助詞",
    "終助詞",
    "並立助詞",
    "副詞化",
    "連体化",
    "副助詞／並立助詞／終助詞",
    "間投助詞",
    "名詞接続",
    "動詞接続",
    "形容詞接続",
    "数接続",
    "句点",
    "読点",
    "空白",
    "括弧開",
    "括弧閉",
    "アルファベット",
    "間投",
    "普通名詞",
    "数詞",
    "助動詞語幹",
    "非自立可能",
    "タリ",
    "準体助詞",
    "名詞的",
    "動詞的",
    "形容詞的",
    "形状詞的",
    "フィラー",
    "文字",
    "ＡＡ",
];

/// Where a detail stands under one class only, so that the whole tag can be said.
const UNDER: [(&str, &str); 8] = [
    ("サ変接続", "名詞-サ変接続"),
    ("固有名詞", "名詞-固有名詞"),
    ("普通名詞", "名詞-普通名詞"),
    ("形容動詞語幹", "名詞-形容動詞語幹"),
    ("格助詞", "助詞-格助詞"),
    ("係助詞", "助詞-係助詞"),
    ("接続助詞", "助詞-接続助詞"),
    ("終助詞", "助詞-終助詞"),
];

/// Names that people coming from English write.
const ENGLISH: [(&str, &str); 5] =
    [("noun", "名詞"), ("verb", "動詞"), ("adjective", "形容詞"), ("adverb", "副詞"), ("particle", "助詞")];

/// Refuses a tag whose class no dictionary has: its word would never be found.
pub(super) fn check(word: &str, tag: &str, span: Span) -> Result<(), RuleError> {
    let (class, detail) = tag.split_once('-').map_or((tag, None), |(class, detail)| (class, Some(detail)));
    if CLASSES.contains(&class) {
        return Ok(());
    }
    let message = text!("品詞「{class}」はありません。", "There is no part of speech \"{class}\".");
    let known = || {
        let lower = class.to_ascii_lowercase();
        let pair = UNDER.iter().chain(&ENGLISH).find(|(name, _)| *name == class || *name == lower);
        pair.map(|(_, tag)| *tag).or_else(|| did_you_mean(class, CLASSES)).or_else(|| alike(class))
    };
    Err(RuleError::new(span, message).hint(match known() {
        Some(near) => {
            let detail = detail.map_or_else(String::new, |detail| format!("-{detail}"));
            meant(&format!("{word}:{near}{detail}"))
        }
        None => text!(
            "名詞、動詞、形容詞、副詞、助詞、助動詞などです。aftercode tokens で確かめられます。",
            "There are \"名詞\", \"動詞\", \"形容詞\", \"副詞\", \"助詞\", \"助動詞\" and others; see aftercode tokens."
        ),
    }))
}

fn meant(form: &str) -> Text {
    text!("「{form}」のことでしょうか。", "Did you mean \"{form}\"?")
}

/// The class of as many characters that shares one at the same place: 名刺 for 名詞.
fn alike(class: &str) -> Option<&'static str> {
    let count = class.chars().count();
    let shared = |known: &str| class.chars().zip(known.chars()).filter(|(a, b)| a == b).count();
    CLASSES.into_iter().find(|known| known.chars().count() == count && shared(known) + 1 == count && count >= 2)
}
