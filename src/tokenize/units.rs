//! Units of coding: the response, its sentences, their clauses.
//!
//! A sentence ends at 。！？!? (with the marks and closing brackets that follow) and
//! at a line break, never inside a pair of brackets or quotes of one line.
//!
//! A clause ends
//! * at a blank, unless Latin letters or digits stand on both sides;
//! * behind `…` and `・・`;
//! * behind the conjunctive particles が けど けれど(も) ので から し のに, with or
//!   without 読点, unless more particles or auxiliaries follow (からです);
//! * at a 読点 behind a predicate, a noun (体言止め list) or て/で;
//! * behind なら after a predicate, where a noun or the like follows: 「義務にするなら費用は国で」
//!   says something else of either;
//! * never behind ば and と: 「あれば、助かる」 is one proposition.

use std::collections::HashMap;

use super::{Class, Token};
use crate::span::Span;

/// The part of an answer that a rule is tried on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// The whole answer.
    Response,
    /// A sentence; the default of codes.
    #[default]
    Sentence,
    /// A clause.
    Clause,
}

impl UnitKind {
    /// The name used in codebooks and output files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Sentence => "sentence",
            Self::Clause => "clause",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Response, Self::Sentence, Self::Clause].into_iter().find(|kind| kind.name() == name)
    }
}

/// A unit of coding: a range of the folded text and of its morphemes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Bytes of the folded text.
    pub span: Span,
    /// Index of the first morpheme.
    pub first: usize,
    /// Index behind the last morpheme.
    pub last: usize,
}

/// Cuts a text with its morphemes into sentences and clauses.
pub(super) fn split(text: &str, tokens: &[Token]) -> (Vec<Unit>, Vec<Unit>) {
    let sentences = units(text, tokens, &sentence_ends(text));
    let mut ends: Vec<usize> = sentences.iter().map(|unit| unit.span.end).collect();
    ends.extend(blank_ends(text));
    ends.extend(clause_ends(text, tokens));
    ends.sort_unstable();
    ends.dedup();
    let clauses = units(text, tokens, &ends);
    (sentences, clauses)
}

/// Units between consecutive ends; pieces without a morpheme join what precedes.
fn units(text: &str, tokens: &[Token], ends: &[usize]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let (mut start, mut first) = (0, 0);
    for &end in ends.iter().chain(std::iter::once(&text.len())) {
        if end <= start {
            continue;
        }
        let last = first + tokens[first..].partition_point(|token| token.span.start < end);
        match units.last_mut() {
            Some(previous) if last == first => previous.span.end = end,
            _ => units.push(Unit { span: Span::new(start, end), first, last }),
        }
        (start, first) = (end, last);
    }
    units
}

fn is_terminator(c: char) -> bool {
    matches!(c, '。' | '!' | '?' | '！' | '？')
}

fn closer_of(open: char) -> Option<char> {
    let pairs =
        [('「', '」'), ('『', '』'), ('(', ')'), ('【', '】'), ('[', ']'), ('《', '》'), ('〈', '〉'), ('“', '”')];
    pairs.into_iter().find(|(left, _)| *left == open).map(|(_, right)| right)
}

fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    for line in lines(text) {
        let inside = bracketed(line.of(text));
        let mut depth = inside.iter().peekable();
        let mut previous = '\n';
        let mut ending = false;
        for (offset, c) in line.of(text).char_indices() {
            while depth.peek().is_some_and(|pair| pair.end <= offset) {
                depth.next();
            }
            let bracketed = depth.peek().is_some_and(|pair| pair.start < offset);
            let closing = matches!(c, '」' | '』' | ')' | '】' | ']' | '”' | '"' | ' ');
            if ending && !is_terminator(c) && !closing {
                ends.push(line.start + offset);
                ending = false;
            }
            let full_stop =
                c == '.' && !previous.is_ascii() && !next_is(line.of(text), offset, |n| n.is_ascii() && n != ' ');
            if !bracketed && (is_terminator(c) || full_stop) {
                ending = true;
            }
            previous = c;
        }
        ends.push(line.end);
    }
    ends
}

fn next_is(line: &str, offset: usize, test: impl Fn(char) -> bool) -> bool {
    line[offset + 1..].chars().next().is_some_and(test)
}

/// Lines with their line breaks.
fn lines(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let span = Span::new(start, start + line.len());
        start = span.end;
        span
    })
}

/// Outermost pairs of brackets of one line; an unclosed bracket is no pair.
fn bracketed(line: &str) -> Vec<Span> {
    let mut open: Vec<(char, usize)> = Vec::new();
    // How many of `open` await each closer, so that a stray one is not searched for.
    let mut awaited: HashMap<char, usize> = HashMap::new();
    let mut pairs: Vec<Span> = Vec::new();
    for (offset, c) in line.char_indices() {
        if let Some(closer) = closer_of(c) {
            open.push((closer, offset));
            *awaited.entry(closer).or_default() += 1;
        } else if awaited.get(&c).is_some_and(|count| *count > 0) {
            while let Some((closer, start)) = open.pop() {
                *awaited.entry(closer).or_default() -= 1;
                if closer == c {
                    while pairs.pop_if(|inner| start <= inner.start).is_some() {}
                    pairs.push(Span::new(start, offset));
                    break;
                }
            }
        }
    }
    pairs
}

/// Blanks and runs of dots that part clauses.
fn blank_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut previous = '\n';
    let mut run = 0;
    for (offset, c) in text.char_indices() {
        if run >= 2 && !matches!(c, '.' | '・') {
            ends.push(offset);
        }
        run = if matches!(c, '.' | '・') { run + 1 } else { 0 };
        if c == ' ' {
            let latin = |c: char| c.is_ascii_alphanumeric();
            if !(latin(previous) && next_is(text, offset, latin)) {
                ends.push(offset + 1);
            }
        }
        previous = c;
    }
    ends
}

fn clause_ends(text: &str, tokens: &[Token]) -> Vec<usize> {
    let mut ends = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let surface = token.span.of(text);
        let next = tokens.get(index + 1);
        let before = index.checked_sub(1).map(|at| tokens[at]);
        if matches!(surface, "、" | ",") {
            if before.is_some_and(|before| ends_clause(before, text)) {
                ends.push(token.span.end);
            }
        } else if token.class == Class::Conjunctive && is_linking(surface) {
            // 「補助はあるが持ち出しの方が多い」, but not 「高いからです」.
            let goes_on = next.is_some_and(|next| matches!(next.class, Class::Noun | Class::Other | Class::Predicate));
            let copula = next.is_some_and(|next| matches!(next.span.of(text), "です" | "だ" | "でしょ" | "だろ"));
            if goes_on && !copula {
                ends.push(token.span.end);
            }
        } else if surface == "なら" && before.is_some_and(|before| before.class == Class::Predicate) {
            // 「義務にするなら費用は国で」: what is feared, and what is asked for it.
            if next.is_some_and(|next| matches!(next.class, Class::Noun | Class::Other)) {
                ends.push(token.span.end);
            }
        }
    }
    ends
}

fn is_linking(surface: &str) -> bool {
    matches!(surface, "が" | "けど" | "けれど" | "けれども" | "けども" | "ので" | "から" | "し" | "のに")
}

fn ends_clause(before: Token, text: &str) -> bool {
    match before.class {
        Class::Noun => true,
        Class::Predicate => !matches!(before.span.of(text), "なら" | "たら" | "だったら"),
        Class::Conjunctive => {
            is_linking(before.span.of(text)) || matches!(before.span.of(text), "て" | "で" | "ながら" | "つつ")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Tokenizer;
    use super::*;
    use crate::normalize::Normalizer;

    fn cut(original: &str, kind: UnitKind) -> Vec<String> {
        let tokenizer = Tokenizer::embedded(&[]).unwrap();
        let normalized = Normalizer::shipped().unwrap().normalize(original);
        let document = tokenizer.worker().document(normalized).unwrap();
        document.units(kind).iter().map(|unit| unit.span.of(document.text()).to_owned()).collect()
    }

    #[test]
    fn sentences() {
        let cut = |text| cut(text, UnitKind::Sentence);
        assert_eq!(cut("高い。なぜ!?誰か"), ["高い。", "なぜ!?", "誰か"]);
        assert_eq!(cut("一\n二"), ["一\n", "二"]);
        assert_eq!(cut("「無理。やめて」と言う。次"), ["「無理。やめて」と言う。", "次"]);
        assert_eq!(cut("(閉じない。次"), ["(閉じない。", "次"]);
        assert_eq!(cut("3.5倍です．次"), ["3.5倍です.", "次"]);
        assert_eq!(cut("高い。(笑)次"), ["高い。", "(笑)次"]);
        assert_eq!(cut("。。。"), ["。。。"]);
    }

    #[test]
    fn clauses() {
        let cut = |text| cut(text, UnitKind::Clause);
        assert_eq!(cut("補助はあるが持ち出しの方が多い"), ["補助はあるが", "持ち出しの方が多い"]);
        assert_eq!(cut("補助金、人材"), ["補助金、", "人材"]);
        assert_eq!(cut("あれば、助かる"), ["あれば、助かる"]);
        assert_eq!(cut("義務にするなら費用は国で"), ["義務にするなら", "費用は国で"]);
        assert_eq!(cut("行けるなら行きたい"), ["行けるなら行きたい"]);
        assert_eq!(cut("高いからです"), ["高いからです"]);
        assert_eq!(cut("Windows 10 は古い　買えない"), ["windows 10 ", "は古い ", "買えない"]);
        assert_eq!(cut("困る…助けて"), ["困る...", "助けて"]);
    }
}
