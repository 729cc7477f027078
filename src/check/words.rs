//! Words that the dictionary does not see as their author does.
//!
//! How a word by itself is cut says little: it is found by its base forms and by its
//! characters between any two morpheme boundaries. What bites is a word that cannot be
//! found so: an open word of several morphemes, a verb that the dictionary cannot
//! inflect, a word that only ever stands inside a longer morpheme. The texts at hand
//! (all examples, and the answers of a study) decide where they can.

use std::collections::{HashMap, HashSet};

use aho_corasick::AhoCorasick;

use super::answers::Answers;
use super::inflection::{Stem, is_hiragana, is_katakana};
use super::probe::Probe;
use super::walk::{self, Written, word_key};
use super::{Finding, Lint};
use crate::codebook::Codebook;
use crate::diagnostic::{Result, Text};
use crate::rule::evaluate::Evaluator;
use crate::rule::{Expr, Kind, Open, POS_DETAILS, Word};
use crate::text;
use crate::tokenize::Document;

/// A word of a rule where it stands first.
struct Place<'c> {
    written: Written<'c>,
    expr: &'c Expr,
    /// Whether it makes a rule hold by itself, not as a part of near or seq.
    alone: bool,
    word: &'c Word,
    /// Folded.
    text: String,
}

/// Most morphemes remembered of those that hide a word, and most of them shown.
const MORPHEMES: usize = 20;
const SHOWN: usize = 3;

/// How often a word is found in the texts at hand.
#[derive(Clone, Default)]
struct Seen {
    found: bool,
    /// Longer morphemes that hold its characters, in order, the first [`MORPHEMES`].
    inside: Vec<String>,
}

pub(super) fn findings(probe: &Probe<'_>, answers: Option<&Answers<'_>>) -> Result<Vec<Finding>> {
    let words = words(probe);
    let seen = seen(probe, &words, answers)?;
    Ok(words.iter().zip(&seen).filter_map(|(place, seen)| finding(probe, place, seen)).collect())
}

/// Every word of the rules, once.
fn words<'m>(probe: &Probe<'m>) -> Vec<Place<'m>> {
    let mut known = HashMap::new();
    let mut words: Vec<Place<'m>> = Vec::new();
    let deciding = deciding(probe.codebook());
    for written in walk::all(probe.codebook()) {
        for expr in walk::parts(&written.rule.expr) {
            let Kind::Word(word) = &expr.kind else { continue };
            let text = probe.folded(&word.text);
            let alone = deciding.contains(&std::ptr::from_ref(expr));
            let key = word_key(&Word { text: text.clone(), ..word.clone() });
            let at = *known.entry(key).or_insert(words.len());
            if at == words.len() {
                words.push(Place { written, expr, alone, word, text });
            } else if alone && !words[at].alone {
                words[at] = Place { written, expr, alone, word, text };
            }
        }
    }
    words
}

/// The words that make a rule hold by themselves: alternatives and conditions, not
/// elements of near, seq and count.
fn deciding(codebook: &Codebook) -> HashSet<*const Expr> {
    let own = codebook.codes.iter().flat_map(|code| [&code.rule, &code.maybe]).flatten();
    let mut open: Vec<&Expr> = own.map(|rule| &rule.expr).collect();
    let mut lists = HashSet::new();
    let mut words = HashSet::new();
    while let Some(expr) = open.pop() {
        match &expr.kind {
            Kind::Or(parts) | Kind::And(parts) => open.extend(parts),
            Kind::Word(_) => drop(words.insert(std::ptr::from_ref(expr))),
            Kind::List(name) if lists.insert(name.as_str()) => {
                let list = codebook.lists.iter().filter(|list| list.name.text == *name);
                open.extend(list.flat_map(|list| &list.entries).map(|entry| &entry.expr));
            }
            _ => {}
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
    let documents: Vec<Document> = examples.map(|example| probe.document(&example.text)).collect::<Result<_>>()?;
    for document in documents.iter().chain(answers.into_iter().flat_map(|answers| &answers.documents)) {
        let mut reading = evaluator.read(document, &[]);
        for (at, seen) in seen.iter_mut().enumerate().filter(|(_, seen)| !seen.found) {
            seen.found = reading.find(at, document.response()).is_some();
        }
        for hit in finder.find_overlapping_iter(document.text()) {
            let seen = &mut seen[hit.pattern().as_usize()];
            let (first, last) = document.touched(crate::span::Span::new(hit.start(), hit.end()));
            let Some(token) = document.tokens.get(first).filter(|_| first == last) else { continue };
            let morpheme = token.span.of(document.text());
            if morpheme.len() > hit.len()
                && seen.inside.len() < MORPHEMES
                && !seen.inside.iter().any(|known| known == morpheme)
            {
                seen.inside.push(morpheme.to_owned());
            }
        }
    }
    Ok(seen)
}

fn finding(probe: &Probe<'_>, place: &Place<'_>, seen: &Seen) -> Option<Finding> {
    let Place { written, expr, word, text, .. } = place;
    let stem = probe.stem(text);
    let (lint, message, hint) = split_open_word(word, text, &stem, seen)
        .or_else(|| single_kana(word, text).filter(|_| place.alone))
        .or_else(|| unknown_pos(word))
        .or_else(|| unknown_predicate(word, text, &stem))
        .or_else(|| inside_morpheme(word, text, &uncovered(probe, place, seen)))?;
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
        "\"{key}\" is looked for inside one morpheme, but the dictionary cuts it: \"{cut}\"."
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
        "Add a part of speech (\"{text}:助動詞\"), or write it together with its neighbors, in quotes."
    );
    Some((Lint::SingleKana, message, hint))
}

fn unknown_pos(word: &Word) -> Doubt {
    let detail = word.pos.get(1).filter(|detail| !POS_DETAILS.contains(&detail.as_str()))?;
    let message = text!(
        "品詞の細分類「{detail}」は辞書にありません。",
        "No dictionary has the detail \"{detail}\" of a part of speech."
    );
    let hint = match crate::diagnostic::did_you_mean(detail, POS_DETAILS) {
        Some(near) => text!("「{near}」のことでしょうか。", "Did you mean \"{near}\"?"),
        None => text!(
            "aftercode tokens で、語の品詞を確かめてください。",
            "Look the word's part of speech up with aftercode tokens."
        ),
    };
    Some((Lint::UnknownPos, message, hint))
}

/// What ends as a verb but is none to the dictionary: ググる is found, ググって is not.
fn unknown_predicate(word: &Word, text: &str, stem: &Stem) -> Doubt {
    let body = text.trim_end_matches(is_hiragana);
    let loan = !body.is_empty() && body.chars().all(is_katakana) && text.strip_prefix(body) == Some("る");
    // サボる and ダブる are known: one morpheme.
    if word.open != Open::Closed || !loan || stem.morphemes.len() < 2 {
        return None;
    }
    let message = text!(
        "「{text}」は辞書にない用言なので、この形でしか見つかりません。",
        "The dictionary does not know \"{text}\": no inflection of it is found."
    );
    let hint = text!(
        "活用しない部分を '{body}' と書いてください（ほかの語にも当たらないか確かめて）。",
        "Write the part that does not inflect, \"'{body}'\", and see that it finds nothing else."
    );
    Some((Lint::UnknownPredicate, message, hint))
}

/// The morphemes that hide a word and that nothing beside it in its rule or list finds.
fn uncovered(probe: &Probe<'_>, place: &Place<'_>, seen: &Seen) -> Vec<String> {
    if seen.found || seen.inside.is_empty() {
        return Vec::new();
    }
    let beside: Vec<(String, Option<Open>)> = walk::all(probe.codebook())
        .iter()
        .filter(|written| written.owner.same(place.written.owner))
        .flat_map(|written| walk::parts(&written.rule.expr))
        .filter_map(|part| match &part.kind {
            Kind::Word(word) => Some((probe.folded(&word.text), Some(word.open))),
            Kind::Text(text) => Some((probe.folded(text), None)),
            _ => None,
        })
        .collect();
    let found = |morpheme: &&String| {
        beside.iter().any(|(text, open)| match open {
            Some(Open::Closed) => *morpheme == text,
            Some(Open::Prefix) => morpheme.starts_with(text),
            Some(Open::Suffix) => morpheme.ends_with(text),
            None => morpheme.contains(text),
        })
    };
    seen.inside.iter().filter(|morpheme| !found(morpheme)).cloned().collect()
}

fn inside_morpheme(word: &Word, text: &str, inside: &[String]) -> Doubt {
    // A kanji alone, or kana, mean something else inside a word (金 in 金曜, ひと in
    // ひとり); that they are not found there is what their author wants.
    let short = text.chars().count() < 2 || text.chars().all(is_hiragana);
    if word.open != Open::Closed || inside.is_empty() || short {
        return None;
    }
    let morphemes = inside[..inside.len().min(SHOWN)].join("」「");
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
