//! What of a word stays the same in every place that it is found in.

use crate::tokenize::{Token, Tokenizer};

/// A word as the dictionary sees it by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stem {
    /// Its morphemes.
    pub(super) morphemes: Vec<String>,
    /// The characters it begins with in every inflection.
    pub(super) fixed: String,
    /// Whether it is the same in every place.
    pub(super) inflects: bool,
}

impl Stem {
    pub(super) fn new(tokenizer: &Tokenizer, tokens: &[Token], text: &str) -> Self {
        let mut stem = Self::default();
        for token in tokens {
            let surface = token.span.of(text);
            let features = tokenizer.features(*token, text);
            let inflecting = matches!(features.pos().first(), Some(&("動詞" | "形容詞" | "助動詞")));
            if !stem.inflects {
                // Kana may be an ending; a kanji is not.
                let end = if inflecting || features.base != surface {
                    surface.find(is_hiragana).unwrap_or(surface.len())
                } else {
                    surface.len()
                };
                stem.fixed.push_str(&surface[..end]);
            }
            stem.inflects |= inflecting || features.base != surface;
            stem.morphemes.push(surface.to_owned());
        }
        stem
    }
}

pub(super) fn is_hiragana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ')
}

pub(super) fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー')
}
