//! Morphemes as masking sees them: what each can be in a name.

use crate::span::Span;
use crate::tokenize::{Class, Document, Token, Tokenizer};

/// What a morpheme can be in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A surname.
    Surname,
    /// A given name, or a name of a person without more.
    Given,
    /// A place.
    Place,
    /// A country.
    Country,
    /// What follows places: 県, 市.
    Region,
    /// The name of a body.
    Body,
    /// Another name.
    Name,
    /// A word that the dictionary lacks.
    Unknown,
    /// A noun.
    Noun,
    /// A noun that makes a verb with する.
    Verbal,
    /// A numeral.
    Number,
    /// A prefix, or a suffix of nouns.
    Affix,
    /// の.
    Of,
    /// Whatever ends a name.
    Other,
}

/// A morpheme of the folded text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    pub(super) span: Span,
    pub(super) text: &'t str,
    pub(super) part: Part,
}

/// The morphemes of `document`.
pub(super) fn words<'t>(document: &'t Document, tokenizer: &'t Tokenizer) -> Vec<Word<'t>> {
    let folded = document.text();
    let word = |token: &Token| {
        let text = token.span.of(folded);
        let part = match token.class {
            _ if text == "・" => Part::Affix,
            Class::Particle | Class::Conjunctive if text == "の" => Part::Of,
            // Most words are told by less than their features.
            Class::Predicate | Class::Particle | Class::Conjunctive | Class::Symbol => Part::Other,
            _ if !text.chars().all(is_of_words) => Part::Other,
            Class::Noun | Class::Other => part(text, tokenizer.features(*token, folded).pos(), token.word.is_unknown()),
        };
        Word { span: token.span, text, part }
    };
    document.tokens.iter().map(word).collect()
}

/// The dictionary has half-width signs as nouns.
fn is_of_words(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, 'ー' | '々' | 'ヶ' | 'ヵ' | '〆')
}

/// By the tags of IPADIC, and those of UniDic where they differ.
fn part(text: &str, pos: &[&str], is_unknown: bool) -> Part {
    let at = |depth: usize| pos.get(depth).copied().unwrap_or("");
    match (at(0), at(1), at(2), at(3)) {
        ("助詞", ..) if text == "の" => Part::Of,
        ("名詞", "固有名詞", "人名", "姓") => Part::Surname,
        ("名詞", "固有名詞", "人名", _) => Part::Given,
        ("名詞", "固有名詞", "地域" | "地名", "国") => Part::Country,
        ("名詞", "固有名詞", "地域" | "地名", _) => Part::Place,
        ("名詞", "固有名詞", "組織", _) => Part::Body,
        ("名詞", "固有名詞", ..) => Part::Name,
        ("名詞", "接尾", "地域", _) => Part::Region,
        ("名詞", "接尾", "一般" | "助数詞", _) | ("接尾辞" | "接頭詞" | "接頭辞", ..) => Part::Affix,
        ("名詞", "数" | "数詞", ..) => Part::Number,
        ("名詞", ..) if is_unknown => Part::Unknown,
        ("名詞", "サ変接続", ..) => Part::Verbal,
        ("名詞", "一般" | "形容動詞語幹" | "普通名詞", ..) => Part::Noun,
        _ => Part::Other,
    }
}

/// The index of the first word that ends behind byte `at`.
pub(super) fn word_at(words: &[Word<'_>], at: usize) -> usize {
    words.partition_point(|word| word.span.end <= at)
}
