//! The evidence property: whatever an answer is typed with, every span of a coding is
//! a piece of the answer as read, whole characters, that says what the rule looked for.

mod machine;

use std::sync::LazyLock;

use aftercode::coding::Machine;
use aftercode::normalize::Normalizer;
use aftercode::span::Span;
use machine::{NORMALIZER, TOKENIZER, machine};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

/// Words of the codebook, each a code of its own, with spellings respondents use.
const WORDS: &[(&str, &[&str])] = &[
    ("補助金", &["補助金", "補\u{200b}助金", "補助\u{fe0f}金"]),
    (
        "サーバー",
        &[
            "サーバー",
            "ｻｰﾊﾞｰ",
            "サーバ",
            "サ－バ－",
            "サーハ\u{3099}ー",
            "ｻｰﾊ\u{3099}ｰ",
            "サ\u{200d}ーバー",
            "サーハ\u{200b}\u{3099}ー",
        ],
    ),
    ("セキュリティ", &["セキュリティ", "ｾｷｭﾘﾃｨ", "セキュリティー", "セキリュティ", "セキュリテイ"]),
    ("ガイドライン", &["ガイドライン", "ｶﾞｲﾄﾞﾗｲﾝ", "カ\u{3099}イト\u{3099}ライン"]),
    ("株", &["㈱", "株"]),
    ("vpn", &["VPN", "ＶＰＮ", "vpn", "ｖｐｎ", "V\u{ad}PN"]),
    ("費用", &["費用", "費\u{e0101}用", "費\u{2060}用", "費用\u{200f}"]),
    ("国", &["国", "国\u{e0100}"]),
    ("キロ", &["㌔", "キロ", "ｷﾛ"]),
    ("人材", &["人材", "&#x4EBA;材", "&#20154;&#26448;"]),
    ("ほしい", &["ほしい", "欲しい", "ほしかった"]),
];

const NOISE: &[&str] = &[
    "が",
    "を",
    "の",
    "、",
    "。",
    "！",
    "\n",
    "\r\n",
    "\r",
    " ",
    "　",
    "\t",
    "①",
    "㈱",
    "㍿",
    "ｶﾞ",
    "ﾊﾟ",
    "か\u{3099}",
    "\u{3099}",
    "\u{301}",
    "e\u{301}",
    "👩\u{200d}⚕\u{fe0f}",
    "👍🏽",
    "🇯🇵",
    "❤\u{fe0f}",
    "\u{fe0f}",
    "\u{200d}",
    "\u{200f}",
    "\u{202e}",
    "\u{202c}",
    "\u{feff}",
    "\u{2060}",
    "&amp;",
    "&nbsp;",
    "&hellip;",
    "&lt;",
    "&#12354;",
    "&#x3042;",
    "&#0;",
    "&#xD800;",
    "&#99999999;",
    "&",
    "&amp",
    "&;",
    "；",
    "~",
    "～",
    "〜",
    "－",
    "ー",
    "―",
    "――",
    "−",
    "㎡",
    "½",
    "ﷺ",
    "각",
    "\u{1100}\u{1161}\u{11a8}",
    "髙",
    "﨑",
    "𠮷",
    "葛\u{e0100}",
    "İ",
    "ß",
    "ﬁ",
    "Σ",
    "ǰ",
    "Ａ",
    "１",
    "…",
    "(",
    "（",
    "「",
    "」",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "a",
    "高い",
    "困る",
    "お願いします",
    "１０～２０％",
    "\u{ac0}\u{5d0}",
    "สวัสดี",
    "ｰ",
    "ﾞ",
    "ﾟ",
];

static MACHINE: LazyLock<Machine> = LazyLock::new(|| {
    let mut toml = "[codebook]\nid = \"t\"\nversion = \"1\"\n[[axis]]\nid = \"theme\"\n".to_owned();
    for (at, (word, _)) in WORDS.iter().enumerate() {
        let unit = ["response", "sentence", "clause"][at % 3];
        toml += &format!(
            "[[code]]\nid = \"w{at}\"\naxis = \"theme\"\nlabel = \"{word}\"\nunit = \"{unit}\"\nrule = \"{word}\"\n"
        );
    }
    // Codes that hold by what is absent: their evidence is the unit.
    toml += "[[code]]\nid = \"absent\"\naxis = \"theme\"\nlabel = \"x\"\nunit = \"clause\"\nrule = \"!費用\"\n";
    toml += "[[code]]\nid = \"any\"\naxis = \"theme\"\nlabel = \"x\"\nunit = \"sentence\"\nrule = \"/./\"\n";
    machine(&toml)
});

fn pieces() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS).prop_flat_map(|(_, spellings)| prop::sample::select(spellings));
    let noise = prop::sample::select(NOISE);
    prop::collection::vec(prop_oneof![2 => word, 3 => noise], 1..14).prop_map(|parts| parts.concat())
}

/// Characters where normalization is treacherous, and any others.
fn characters() -> impl Strategy<Value = String> {
    let interesting = prop_oneof![
        3 => 0x3040..0x3100_u32,
        3 => 0xFF00..0x1_0000_u32,
        2 => 0x300..0x370_u32,
        2 => 0x1100..0x1200_u32,
        1 => 0xAC00..0xD7A4_u32,
        1 => 0x900..0xE00_u32,
        1 => 0x1E00..0x2000_u32,
        1 => 0x3200..0x3400_u32,
        1 => 0x41..0x250_u32,
        1 => 0xF900..0xFB50_u32,
        1 => prop::sample::select(vec![0x3099, 0x309A, 0xFF9E, 0xFF9F, 0x30C, 0x1F600, 0x20BB7, 0x2F800, 0x130, 0x212A, 0x110BA, 0x11131, 0x11127]),
        1 => 0..0x11_0000_u32,
    ];
    prop::collection::vec(interesting, 0..12).prop_map(|codes| codes.into_iter().filter_map(char::from_u32).collect())
}

fn is_piece(text: &str, span: Span) -> bool {
    span.start < span.end && text.get(span.start..span.end).is_some()
}

fn bases(text: &str) -> Vec<String> {
    let tokens = TOKENIZER.worker().tokens(text).unwrap();
    tokens.iter().map(|token| TOKENIZER.features(*token, text).base.to_owned()).collect()
}

fn check_evidence(answer: &str) -> Result<(), TestCaseError> {
    let coded = MACHINE.worker().code(answer, &[], None).unwrap();
    for coding in &coded.codings {
        for span in &coding.evidence {
            prop_assert!(is_piece(answer, *span), "{span:?} of {answer:?}");
            let Some((word, _)) = WORDS.get(coding.code) else { continue };
            let own = span.of(answer);
            let folded = NORMALIZER.normalize(own);
            let canonical = NORMALIZER.normalize(word).text().to_owned();
            let says = folded.text().contains(&canonical) || bases(folded.text()) == bases(&canonical);
            prop_assert!(says, "{own:?} folds to {:?}, not {word:?}; of {answer:?}", folded.text());
        }
        prop_assert!(coding.evidence.windows(2).all(|pair| pair[0].end < pair[1].start), "{:?}", coding.evidence);
    }
    Ok(())
}

fn check_way_back(normalizer: &Normalizer, original: &str) -> Result<(), TestCaseError> {
    let normalized = normalizer.normalize(original);
    let folded = normalized.text();
    let borders: Vec<usize> = folded.char_indices().map(|(at, _)| at).chain([folded.len()]).collect();
    let mut before = Span::new(0, 0);
    for pair in borders.windows(2) {
        let back = normalized.original(Span::new(pair[0], pair[1]));
        prop_assert!(is_piece(original, back), "{pair:?} of {folded:?} is {back:?} of {original:?}");
        prop_assert!(before.start <= back.start && before.end <= back.end, "{before:?} {back:?} {original:?}");
        before = back;
    }
    for (at, &start) in borders.iter().enumerate() {
        for &end in &borders[at + 1..] {
            let back = normalized.original(Span::new(start, end));
            let first = normalized.original(Span::new(start, borders[at + 1]));
            prop_assert!(is_piece(original, back) && back.contains(first), "{start}..{end}: {back:?} {original:?}");
        }
    }
    Ok(())
}

/// What chunks must add up to: NFKC, lower case, composed again, blanks as blanks.
fn whole(text: &str) -> String {
    let folded = text.nfkc().flat_map(char::to_lowercase).nfkc();
    folded.map(|c| if c != '\n' && (c.is_whitespace() || c.is_control()) { ' ' } else { c }).collect()
}

/// Characters that are folded by other steps than NFKC.
fn has_own_step(c: char) -> bool {
    matches!(c, '&' | '\r' | '~' | '-' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2010}'..='\u{2015}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '−' | '─' | '━' | '∼' | '〜' | '〰' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

fn config() -> ProptestConfig {
    // PROPTEST_CASES makes it longer.
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1500);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn evidence_is_a_piece_of_the_answer_that_says_the_word(answer in pieces()) {
        check_evidence(&answer)?;
    }

    #[test]
    fn every_piece_leads_back_in_order(text in prop_oneof![pieces(), characters(), any::<String>()]) {
        check_way_back(&NORMALIZER, &text)?;
        check_way_back(&Normalizer::new(&[]).unwrap(), &text)?;
        let _ = MACHINE.worker().code(&text, &[], None).unwrap();
    }

    #[test]
    fn folded_characters_stay_as_they_are(text in prop_oneof![pieces(), characters()]) {
        // An entity is decoded once: "&amp;lt;" was typed for "&lt;".
        let text = text.replace(['&', '＆', '﹠'], "");
        let plain = Normalizer::new(&[]).unwrap();
        let once = plain.normalize(&text).text().to_owned();
        let twice = plain.normalize(&once).text().to_owned();
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn chunks_add_up_to_the_whole(text in prop_oneof![pieces(), characters()]) {
        let text: String = text.chars().filter(|c| !c.nfkc().any(has_own_step)).collect();
        let plain = Normalizer::new(&[]).unwrap();
        let chunks = plain.normalize(&text);
        prop_assert_eq!(chunks.text(), whole(&text), "{:?}", text);
    }
}

#[test]
fn every_spelling_of_a_word_is_found_and_pointed_at() {
    let mut missed = Vec::new();
    for (at, (word, spellings)) in WORDS.iter().enumerate() {
        for spelling in *spellings {
            let answer = format!("まず\r\n{spelling}が必要です。👩\u{200d}⚕\u{fe0f}");
            let coded = MACHINE.worker().code(&answer, &[], None).unwrap();
            let found = coded.codings.iter().find(|coding| coding.code == at);
            let pointed = found.is_some_and(|coding| {
                coding
                    .evidence
                    .iter()
                    .all(|span| spelling.contains(span.of(&answer)) || span.of(&answer).contains(spelling))
            });
            if !pointed {
                missed.push(format!("{word}: {spelling:?} → {found:?}"));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
