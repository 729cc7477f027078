//! Where the words of a rule stand, found one by one, in the plainest way.

use std::collections::HashMap;
use std::rc::Rc;

use regex::Regex;

use crate::diagnostic::Result;
use crate::normalize::Normalizer;
use crate::rule::{Expr, Kind, Open, Word};
use crate::span::Span;
use crate::tokenize::{Document, Tokenizer, Unit, Worker};

/// A place where a word of a rule stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'r> {
    /// Bytes of the folded text.
    pub span: Span,
    /// The first morpheme it touches.
    pub first: usize,
    /// The last morpheme it touches.
    pub last: usize,
    /// The word as the rule, or an entry of the list, has it.
    pub word: &'r Expr,
    /// The list of the rule that holds the word.
    pub list: Option<&'r str>,
}

/// A word as answers are folded, with the base forms of its morphemes.
struct Spelled {
    folded: String,
    bases: Vec<String>,
}

/// What outlives a document: how the words of the rules are spelled and cut.
pub(super) struct Lexicon<'r> {
    normalizer: &'r Normalizer,
    tokenizer: &'r Tokenizer,
    worker: Worker<'r>,
    lists: &'r HashMap<&'r str, Vec<&'r Expr>>,
    words: HashMap<&'r str, Rc<Spelled>>,
    regexes: HashMap<&'r str, Option<Regex>>,
}

impl<'r> Lexicon<'r> {
    pub(super) fn new(
        lists: &'r HashMap<&'r str, Vec<&'r Expr>>,
        normalizer: &'r Normalizer,
        tokenizer: &'r Tokenizer,
    ) -> Self {
        Self {
            normalizer,
            tokenizer,
            worker: tokenizer.worker(),
            lists,
            words: HashMap::new(),
            regexes: HashMap::new(),
        }
    }

    fn spelled(&mut self, word: &'r str) -> Result<Rc<Spelled>> {
        if let Some(known) = self.words.get(word) {
            return Ok(Rc::clone(known));
        }
        let folded = self.normalizer.normalize(word).text().to_owned();
        let tokens = self.worker.tokens(&folded)?;
        let bases = tokens.iter().map(|token| self.tokenizer.features(*token, &folded).base.to_owned()).collect();
        let spelled = Rc::new(Spelled { folded, bases });
        self.words.insert(word, Rc::clone(&spelled));
        Ok(spelled)
    }
}

/// A morpheme of the document.
struct Morpheme {
    base: String,
    pos: Vec<String>,
}

/// One document in which words are looked for.
pub(super) struct Search<'l, 'r, 'd> {
    lexicon: &'l mut Lexicon<'r>,
    pub(super) document: &'d Document,
    morphemes: Vec<Morpheme>,
    /// Places of a list in a unit: lists are long, and asked for again and again.
    lists: HashMap<(&'r str, Span), Rc<Vec<Place<'r>>>>,
}

impl<'l, 'r, 'd> Search<'l, 'r, 'd> {
    pub(super) fn new(lexicon: &'l mut Lexicon<'r>, document: &'d Document) -> Self {
        let morphemes = document.tokens.iter().map(|token| {
            let features = lexicon.tokenizer.features(*token, document.text());
            let pos = features.pos().iter().map(|tag| (*tag).to_owned()).collect();
            Morpheme { base: features.base.to_owned(), pos }
        });
        Self { morphemes: morphemes.collect(), lexicon, document, lists: HashMap::new() }
    }

    fn text(&self) -> &'d str {
        self.document.text()
    }

    /// All places of a word-level expression inside `unit`.
    ///
    /// # Errors
    /// If the analyzer fails on a word.
    pub(super) fn places(&mut self, expr: &'r Expr, unit: Unit) -> Result<Vec<Place<'r>>> {
        let mut places = Vec::new();
        self.collect(expr, unit, None, &mut places)?;
        places.sort_by_key(|place| place.span);
        Ok(places)
    }

    fn collect(
        &mut self,
        expr: &'r Expr,
        unit: Unit,
        list: Option<&'r str>,
        places: &mut Vec<Place<'r>>,
    ) -> Result<()> {
        let found = match &expr.kind {
            Kind::Or(parts) => return parts.iter().try_for_each(|part| self.collect(part, unit, list, places)),
            Kind::List(name) => {
                places.extend_from_slice(&self.list(name, unit, list)?);
                return Ok(());
            }
            Kind::Word(word) => self.word(word, unit)?,
            Kind::Text(text) => self.characters(text, unit)?,
            Kind::Phrase(words) => self.phrase(words, unit)?,
            Kind::Regex(pattern) => self.regex(pattern, unit),
            // The parser lets nothing else stand where words are asked for.
            _ => Vec::new(),
        };
        let inside = found.into_iter().filter(|(span, ..)| unit.span.contains(*span));
        places.extend(inside.map(|(span, first, last)| Place { span, first, last, word: expr, list }));
        Ok(())
    }

    fn list(&mut self, name: &'r str, unit: Unit, outer: Option<&'r str>) -> Result<Rc<Vec<Place<'r>>>> {
        if let (Some(known), None) = (self.lists.get(&(name, unit.span)), outer) {
            return Ok(Rc::clone(known));
        }
        let entries: Vec<&'r Expr> = self.lexicon.lists.get(name).cloned().unwrap_or_default();
        let mut places = Vec::new();
        for entry in entries {
            self.collect(entry, unit, Some(outer.unwrap_or(name)), &mut places)?;
        }
        let places = Rc::new(places);
        if outer.is_none() {
            self.lists.insert((name, unit.span), Rc::clone(&places));
        }
        Ok(places)
    }

    /// A word by the base forms of its morphemes, or by its characters from the beginning
    /// of one morpheme to the end of one; an open one inside a single morpheme.
    fn word(&mut self, word: &'r Word, unit: Unit) -> Result<Vec<(Span, usize, usize)>> {
        let spelled = self.lexicon.spelled(&word.text)?;
        let Spelled { folded, bases } = &*spelled;
        let tokens = &self.document.tokens;
        let mut places = Vec::new();
        // A morpheme may reach over the unit's beginning, with its end inside.
        for first in self.document.token_at(unit.span.start)..unit.last.min(tokens.len()) {
            if word.open != Open::Closed {
                let token = tokens[first].span;
                let surface = token.of(self.text());
                let span = match word.open {
                    Open::Prefix if surface.starts_with(folded.as_str()) => {
                        Span::new(token.start, token.start + folded.len())
                    }
                    Open::Suffix if surface.ends_with(folded.as_str()) => {
                        Span::new(token.end - folded.len(), token.end)
                    }
                    _ => continue,
                };
                if self.has_pos(first, &word.pos) {
                    places.push((span, first, first));
                }
                continue;
            }
            for last in first..unit.last.min(tokens.len()) {
                let span = Span::new(tokens[first].span.start, tokens[last].span.end);
                let longer = last - first >= bases.len() && span.end - span.start > folded.len();
                if longer {
                    break;
                }
                let by_base = last - first + 1 == bases.len()
                    && self.morphemes[first..=last].iter().map(|morpheme| &morpheme.base).eq(bases);
                if (by_base || span.of(self.text()) == folded) && self.has_pos(last, &word.pos) {
                    places.push((span, first, last));
                }
            }
        }
        Ok(places)
    }

    fn has_pos(&self, token: usize, wanted: &[String]) -> bool {
        self.morphemes[token].pos.starts_with(wanted)
    }

    fn characters(&mut self, text: &'r str, unit: Unit) -> Result<Vec<(Span, usize, usize)>> {
        let spelled = self.lexicon.spelled(text)?;
        let (folded, within) = (spelled.folded.as_str(), &self.text()[..unit.span.end]);
        let mut spans = Vec::new();
        let mut from = unit.span.start;
        while let Some(found) = within[from..].find(folded).filter(|_| !folded.is_empty()) {
            spans.push(Span::new(from + found, from + found + folded.len()));
            // One may begin inside another.
            from += found + folded.chars().next().map_or(1, char::len_utf8);
        }
        Ok(spans.into_iter().map(|span| self.touched(span)).collect())
    }

    fn touched(&self, span: Span) -> (Span, usize, usize) {
        let (first, last) = self.document.touched(span);
        (span, first, last)
    }

    fn regex(&mut self, pattern: &'r str, unit: Unit) -> Vec<(Span, usize, usize)> {
        let compiled = self.lexicon.regexes.entry(pattern).or_insert_with(|| Regex::new(pattern).ok());
        let Some(regex) = compiled else { return Vec::new() };
        let spans: Vec<Span> = regex
            .find_iter(unit.span.of(self.document.text()))
            .filter(|found| !found.is_empty())
            .map(|found| Span::new(unit.span.start + found.start(), unit.span.start + found.end()))
            .collect();
        spans.into_iter().map(|span| self.touched(span)).collect()
    }

    fn phrase(&mut self, words: &'r [Word], unit: Unit) -> Result<Vec<(Span, usize, usize)>> {
        let Some((first, rest)) = words.split_first() else { return Ok(Vec::new()) };
        let mut chains = self.word(first, unit)?;
        for word in rest {
            let next = self.word(word, unit)?;
            chains = chains
                .iter()
                .flat_map(|(span, first, last)| {
                    let follows = next.iter().filter(move |(_, start, _)| *start == last + 1);
                    follows.map(move |(other, _, end)| (span.hull(*other), *first, *end))
                })
                .collect();
        }
        Ok(chains)
    }
}
