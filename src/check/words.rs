//! Words that the dictionary does not see as their author does.
//!
//! How a word by itself is cut says little: it is found by its base forms and by its
//! characters between any two morpheme boundaries. What bites is a word that cannot be
//! found so: an open word of several morphemes, a verb that the dictionary cannot
//! inflect, a word that only ever stands inside a longer morpheme. The texts at hand
//! (all examples, and the answers of a study) decide where they can.

use std::collections::HashSet;

use aho_corasick::AhoCorasick;

use super::answers::Answers;
use super::inflection::{Stem, is_hiragana, is_katakana};
use super::probe::Probe;
use super::walk::{self, Written, word_key};
use super::{Finding, Lint};
use crate::diagnostic::{Result, Text};
use crate::rule::evaluate::Evaluator;
use crate::rule::{Expr, Kind, Open, Word};
use crate::text;
use crate::tokenize::Document;

/// A word of a rule where it stands first.
struct Place<'c> {
    written: Written<'c>,
    expr: &'c Expr,
    word: &'c Word,
    /// Folded.
    text: String,
}

/// How often a word is found in the texts at hand.
#[derive(Clone, Default)]
struct Seen {
    found: bool,
    /// Longer morphemes that hold its characters, in order, the first few.
    inside: Vec<String>,
}

pub(super) fn findings(probe: &Probe<'_>, answers: Option<&Answers<'_>>) -> Result<Vec<Finding>> {
    let words = words(probe);
    let seen = seen(probe, &words, answers)?;
    Ok(words.iter().zip(&seen).filter_map(|(place, seen)| finding(probe, place, seen)).collect())
}

/// Every word of the rules, once.
fn words<'m>(probe: &Probe<'m>) -> Vec<Place<'m>> {
    let mut known = HashSet::new();
    let mut words = Vec::new();
    for written in walk::all(probe.codebook()) {
        for expr in walk::parts(&written.rule.expr) {
            let Kind::Word(word) = &expr.kind else { continue };
            let text = probe.folded(&word.text);
            if known.insert(word_key(&Word { text: text.clone(), ..word.clone() })) {
                words.push(Place { written, expr, word, text });
            }
        }
    }
    words
}

/// Looks for the words in all examples and answers.
fn seen(probe: &Probe<'_>, words: &[Place<'_>], answers: Option<&Answers<'_>>) -> Result<Vec<Seen>> {
    let mut seen = vec![Seen::default(); words.len()];
    let exprs: Vec<Option<&Expr>> = words.iter().map(|place| Some(place.expr)).collect();
    let plan = probe.plan_of(&exprs)?;
    let tokenizer = probe.machine.tokenizer();
    let mut evaluator = Evaluator::new(&plan, tokenizer);
    let Ok(finder) = AhoCorasick::new(words.iter().map(|place| &place.text)) else { return Ok(seen) };
    let codes = &probe.codebook().codes;
    let examples = codes.iter().flat_map(|code| code.examples.iter().chain(&code.counter_examples));
    let mut documents: Vec<Document> =
        examples.map(|example| probe.document(&example.text)).collect::<Result<Vec<_>>>()?;
    let own = documents.len();
    documents.extend(answers.into_iter().flat_map(|answers| answers.documents.iter().cloned()));
    debug_assert!(own <= documents.len());
    for document in &documents {
        let mut reading = evaluator.read(document, &[]);
        for (at, seen) in seen.iter_mut().enumerate().filter(|(_, seen)| !seen.found) {
            seen.found = reading.find(at, document.response()).is_some();
        }
        for hit in finder.find_overlapping_iter(document.text()) {
            let seen = &mut seen[hit.pattern().as_usize()];
            let (first, last) = document.touched(crate::span::Span::new(hit.start(), hit.end()));
            let Some(token) = document.tokens.get(first).filter(|_| first == last) else { continue };
            let morpheme = token.span.of(document.text());
            if morpheme.len() > hit.len() && seen.inside.len() < 3 && !seen.inside.iter().any(|known| known == morpheme)
            {
                seen.inside.push(morpheme.to_owned());
            }
        }
    }
    Ok(seen)
}

fn finding(probe: &Probe<'_>, place: &Place<'_>, seen: &Seen) -> Option<Finding> {
    let Place { written, expr, word, text } = place;
    let stem = probe.stem(text);
    let (lint, message, hint) = split_open_word(word, text, &stem, seen)
        .or_else(|| single_kana(word, text))
        .or_else(|| unknown_pos(word))
        .or_else(|| unknown_predicate(word, text, &stem))
        .or_else(|| inside_morpheme(word, text, seen))?;
    let error = written.rule.text.error_at(expr.span, message);
    Some(Finding::new(lint, written.owner.code(), error, hint))
}

type Doubt = Option<(Lint, Text, Text)>;

fn split_open_word(word: &Word, text: &str, stem: &Stem, seen: &Seen) -> Doubt {
    if word.open == Open::Closed || stem.morphemes.len() < 2 || seen.found {
        return None;
    }
    let (key, cut) = (word_key(word), stem.morphemes.join("/"));
    let message = text!(
        "「{key}」は1つの形態素の中で探しますが、辞書は「{cut}」と区切るため、まず見つかりません。",
        "\"{key}\" is looked for inside one morpheme, but the dictionary cuts it: {cut}."
    );
    let hint = text!(
        "どこにあってもよいなら '{text}' と書いてください。",
        "For these characters anywhere write \"'{text}'\"."
    );
    Some((Lint::SplitOpenWord, message, hint))
}

fn single_kana(word: &Word, text: &str) -> Doubt {
    let mut characters = text.chars();
    let single = characters.next().is_some_and(is_hiragana) && characters.next().is_none();
    if !single || word.open != Open::Closed || !word.pos.is_empty() {
        return None;
    }
    let message = text!(
        "ひらがな1字の「{text}」は、助詞や活用語尾にも当たります。",
        "\"{text}\", a single hiragana, also is a particle or an ending."
    );
    let hint = text!(
        "品詞を付けるか（例: {text}:助動詞）、前後の文字と合わせて '…' と書いてください。",
        "Add a part of speech (\"{text}:助動詞\"), or write it with its neighbors in '…'."
    );
    Some((Lint::SingleKana, message, hint))
}

/// The second level of tags, of IPADIC and of UniDic.
const DETAILS: [&str; 54] = [
    "一般", "固有名詞", "代名詞", "サ変接続", "形容動詞語幹", "ナイ形容詞語幹", "副詞可能", "非自立", "特殊", "数",
    "接尾", "接続詞的", "動詞非自立的", "引用文字列", "自立", "助詞類接続", "格助詞", "係助詞", "副助詞", "接続助詞",
    "終助詞", "並立助詞", "副詞化", "連体化", "副助詞／並立助詞／終助詞", "間投助詞", "名詞接続", "動詞接続",
    "形容詞接続", "数接続", "句点", "読点", "空白", "括弧開", "括弧閉", "アルファベット", "間投", "普通名詞", "数詞",
    "助動詞語幹", "非自立可能", "タリ", "準体助詞", "名詞的", "動詞的", "形容詞的", "形状詞的", "フィラー", "文字",
    "ＡＡ", "人名", "地名", "組織", "地域",
];

fn unknown_pos(word: &Word) -> Doubt {
    let detail = word.pos.get(1).filter(|detail| !DETAILS.contains(&detail.as_str()))?;
    let message = text!(
        "品詞の細分類「{detail}」は辞書にありません。",
        "No dictionary has the detail \"{detail}\" of a part of speech."
    );
    let hint = match crate::diagnostic::did_you_mean(detail, DETAILS) {
        Some(near) => text!("「{near}」のことでしょうか。", "Did you mean \"{near}\"?"),
        None => text!(
            "aftercode tokens で、語の品詞を確かめてください。",
            "Look the word's part of speech up with aftercode tokens."
        ),
    };
    Some((Lint::UnknownPos, message, hint))
}

/// What ends as a verb or an adjective but is none to the dictionary: ググる is found,
/// ググって is not.
fn unknown_predicate(word: &Word, text: &str, stem: &Stem) -> Doubt {
    let ends = text.ends_with(|c| matches!(c, 'う' | 'く' | 'ぐ' | 'す' | 'つ' | 'ぬ' | 'ぶ' | 'む' | 'る' | 'い'));
    let body = text.trim_end_matches(is_hiragana);
    // A verb made of a loan word: its kana are its stem, and る its ending.
    let loan = !body.is_empty() && body.chars().all(is_katakana) && text.chars().rev().take_while(|c| is_hiragana(*c)).count() == 1;
    if word.open != Open::Closed || !ends || !loan || !stem.unknown && stem.predicate {
        return None;
    }
    let message = text!(
        "「{text}」は辞書にない用言なので、この形でしか見つかりません。",
        "The dictionary does not know \"{text}\": no inflection of it is found."
    );
    let hint = text!(
        "活用しない部分を '{body}' と書くか、研究用の語（terms）に加えてください。",
        "Write the part that does not inflect as '{body}', or list its inflections."
    );
    Some((Lint::UnknownPredicate, message, hint))
}

fn inside_morpheme(word: &Word, text: &str, seen: &Seen) -> Doubt {
    // A kanji alone means something else inside a word (金 in 金曜); that it is not found
    // there is what its author wants.
    if word.open != Open::Closed || seen.found || seen.inside.is_empty() || text.chars().count() < 2 {
        return None;
    }
    let morphemes = seen.inside.join("」「");
    let message = text!(
        "「{text}」は手元の文では「{morphemes}」の中にしかなく、1度も見つかりません。",
        "In the texts at hand \"{text}\" stands inside \"{morphemes}\" only, and is never found."
    );
    let hint = text!(
        "そこでも探すなら '{text}' か「{text}*」「*{text}」と書いてください。",
        "To find it there write \"'{text}'\", \"{text}*\" or \"*{text}\"."
    );
    Some((Lint::InsideMorpheme, message, hint))
}
