//! The answers that stand for a code, picked by a rule that is told beside them: a
//! typical one, and one that differs from it.

use rustc_hash::FxHashMap;

use super::Outcome;
use super::quoted::Quoted;
use crate::coding::Coding;
use crate::diagnostic::Text;
use crate::statistics::Stream;
use crate::survey::Respondent;
use crate::text;

/// What decides between answers that the rule holds for alike.
pub(super) const SEED: u64 = 1;

/// An answer with a code.
#[derive(Clone, Copy)]
pub(super) struct Given<'o> {
    pub respondent: &'o Respondent,
    pub answer: Quoted<'o>,
    pub coding: &'o Coding,
    /// How many codes the answer has.
    codes: usize,
}

/// What an example stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What most answers with the code are like.
    Typical,
    /// How else it is said.
    Differs,
}

impl Kind {
    pub(super) fn name(self) -> Text {
        match self {
            Self::Typical => text!("典型", "typical"),
            Self::Differs => text!("異なる例", "differs"),
        }
    }
}

/// The rule, for readers.
pub(super) fn rule() -> Text {
    text!(
        "「典型」は、設問ごとに、そのコードの付いた回答のうち、ほかのコードが最も少なく、長さが中央値に最も近いものです。「異なる例」は、典型と立場の違う回答（なければ残りのすべて）のうち、典型と共通する2文字の並び（Dice 係数）が最も少ないものです。同じ条件のものが複数あれば乱数で1つ選びました（seed {SEED}）。",
        "\"Typical\" is, for each question, the answer with the code that has the fewest others and a length nearest the median. \"Differs\" is, of the answers with another stance than the typical one (of all others, where there is none), the one that shares the fewest pairs of characters with it (Dice's coefficient). Between equals one was drawn (seed {SEED})."
    )
}

/// The examples of the code at index `code` in the answers to a question.
pub(super) fn examples<'o>(outcome: &'o Outcome<'_>, question: usize, code: usize) -> Vec<(Kind, Given<'o>)> {
    let given = given(outcome, question, code);
    let mut stream = Stream::new(SEED, (question * outcome.codebook.codes.len() + code) as u64);
    let mut lengths: Vec<usize> = given.iter().map(|given| given.answer.answer().chars().count()).collect();
    lengths.sort_unstable();
    let Some(&median) = lengths.get(lengths.len() / 2) else { return Vec::new() };
    let far = |given: &Given<'_>| (given.codes, given.answer.answer().chars().count().abs_diff(median));
    let Some(typical) = least(&given, far, &mut stream) else { return Vec::new() };
    let stance = |given: &Given<'_>| given.coding.stance.as_ref().map(|stance| stance.id.to_string());
    let own = stance(&typical);
    let others = |other: bool| -> Vec<Given<'o>> {
        let differs =
            |one: &&Given<'_>| one.answer.answer() != typical.answer.answer() && (!other || stance(one) != own);
        given.iter().filter(differs).copied().collect()
    };
    let mut rest = others(true);
    if rest.is_empty() {
        rest = others(false);
    }
    let pairs = pairs(typical.answer.answer());
    let differs = least(&rest, |given| shared(&pairs, given.answer.answer()), &mut stream);
    std::iter::once((Kind::Typical, typical)).chain(differs.map(|differs| (Kind::Differs, differs))).collect()
}

fn given<'o>(outcome: &'o Outcome<'_>, question: usize, code: usize) -> Vec<Given<'o>> {
    let people = outcome.survey().respondents.iter().enumerate();
    let with = people.filter_map(|(at, respondent)| {
        let answer = outcome.quoted(at, question).filter(Quoted::is_shown)?;
        let coded = outcome.coded.get(at, question)?;
        let coding = coded.codings.iter().find(|coding| coding.code == code)?;
        Some(Given { respondent, answer, coding, codes: coded.codings.len() })
    });
    with.collect()
}

/// One of those with the least key, drawn if there are several.
fn least<'o, K: PartialOrd>(
    given: &[Given<'o>],
    key: impl Fn(&Given<'o>) -> K,
    stream: &mut Stream,
) -> Option<Given<'o>> {
    let mut best: Option<K> = None;
    let mut equal = Vec::new();
    for one in given {
        let own = key(one);
        if best.as_ref().is_none_or(|best| own < *best) {
            best = Some(own);
            equal.clear();
            equal.push(*one);
        } else if best.as_ref() == Some(&own) {
            equal.push(*one);
        }
    }
    stream.draw(&mut equal, 1);
    equal.pop()
}

/// How often each pair of neighboring characters occurs.
fn pairs(text: &str) -> FxHashMap<(char, char), u32> {
    let mut pairs = FxHashMap::default();
    for pair in text.chars().zip(text.chars().skip(1)) {
        *pairs.entry(pair).or_default() += 1;
    }
    pairs
}

/// Dice's coefficient of the pairs of two texts.
///
/// L. R. Dice, *Measures of the amount of ecologic association between species*, Ecology
/// 26 (1945).
fn shared(one: &FxHashMap<(char, char), u32>, other: &str) -> f64 {
    let other = pairs(other);
    let common: u32 = one.iter().map(|(pair, count)| other.get(pair).map_or(0, |own| *own.min(count))).sum();
    let all: u32 = one.values().chain(other.values()).sum();
    if all == 0 { 0.0 } else { 2.0 * f64::from(common) / f64::from(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_is_dices_coefficient_of_pairs() {
        let to = |one: &str, other: &str| shared(&pairs(one), other);
        assert_eq!(to("補助金", "補助金"), 1.0);
        assert_eq!(to("補助金", "人材"), 0.0);
        // 補助・助金 and 補助・助を: one of two pairs on either side.
        assert_eq!(to("補助金", "補助を"), 0.5);
        assert_eq!(to("人", "人"), 0.0, "there is no pair");
    }
}
