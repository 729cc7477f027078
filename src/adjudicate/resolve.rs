//! One answer: the words of all sources, and the final codes that they make.

use super::sources::{Said, Voice, Word};
use super::{SettledAnswer, Status, Verdict};
use crate::audit::Scheme;
use crate::coding::{Coded, Coding, Conflict, Stance};
use crate::diagnostic::{Diagnostic, Result};
use crate::span::Span;
use crate::tabulate::Item;
use crate::text;

/// What all answers are resolved with.
pub(super) struct Ground<'g> {
    scheme: &'g Scheme<'g>,
    voices: &'g [Voice],
    /// What each label is in the codebook.
    items: Vec<Item>,
}

/// An answer after all words were heard.
pub(super) struct Resolved {
    pub(super) coded: Coded,
    pub(super) answer: SettledAnswer,
}

/// The word on a label that counts so far.
#[derive(Clone)]
struct Heard {
    given: bool,
    /// Place of the source; the rules come last.
    decider: usize,
    stance: Option<String>,
}

impl<'g> Ground<'g> {
    pub(super) fn new(scheme: &'g Scheme<'g>, voices: &'g [Voice]) -> Self {
        let reserved = &scheme.codebook.reserved;
        let item = |id: &String| match scheme.codebook.code(id) {
            Some(code) => Item::Code(code),
            None => Item::Reserved(reserved.iter().position(|own| own.id == *id).unwrap_or_default()),
        };
        Self { scheme, voices, items: scheme.labels().iter().map(item).collect() }
    }

    /// Whether any source says anything of an answer.
    pub(super) fn is_spoken_of(&self, place: (usize, usize)) -> bool {
        self.voices.iter().any(|voice| voice.said.contains_key(&place))
    }

    /// Whether the coders of a source differ on a label.
    pub(super) fn is_split(&self, source: usize, place: (usize, usize), label: usize) -> bool {
        self.voices[source].said.get(&place).is_some_and(|said| said.is_split(label))
    }

    /// Whether `coded` holds a label.
    pub(super) fn gives(&self, coded: &Coded, label: usize) -> bool {
        match self.items[label] {
            Item::Reserved(reserved) => coded.reserved == Some(reserved),
            Item::Code(code) => coded.codings.iter().any(|coding| coding.code == code),
            Item::Net(_) => false,
        }
    }

    /// The final codes of an answer, of which the rules make `rules`.
    ///
    /// # Errors
    /// If one source gives a reserved code together with another code.
    pub(super) fn resolve(&self, place: (usize, usize), rules: &Coded) -> Result<Resolved> {
        let said: Vec<(usize, &Said)> =
            self.voices.iter().enumerate().filter_map(|(at, voice)| Some((at, voice.said.get(&place)?))).collect();
        let own = |label: usize| rules_word(rules, self.items[label]);
        let words = |label: usize| -> Vec<(usize, Word<'_>)> {
            let people = said.iter().filter_map(|(at, said)| Some((*at, said.word(label)?)));
            people.chain([(self.voices.len(), own(label))]).collect()
        };
        let (mut heard, mut given) = (Vec::new(), Vec::new());
        for label in 0..self.items.len() {
            let words = words(label);
            let (decider, word) = words[0];
            let givers = || words.iter().filter(|(_, word)| word.given);
            let stance = givers().find_map(|(_, word)| word.stance).map(str::to_owned).filter(|_| word.given);
            heard.push(Heard { given: word.given, decider, stance });
            given.push(givers().map(|(at, word)| (*at, word.stance.map(str::to_owned))).collect());
        }
        self.part(place, &mut heard)?;
        let coded = self.coded(rules, &heard);
        let deciders = heard.into_iter().map(|heard| heard.decider).collect();
        Ok(Resolved { coded, answer: SettledAnswer { rules: rules.clone(), deciders, given } })
    }

    /// A reserved code shares the answer with nothing: what the stronger source gives stays.
    fn part(&self, place: (usize, usize), heard: &mut [Heard]) -> Result<()> {
        let is_reserved = |label: usize| matches!(self.items[label], Item::Reserved(_));
        let given: Vec<usize> = (0..heard.len()).filter(|label| heard[*label].given).collect();
        let reserved = given.iter().copied().filter(|label| is_reserved(*label)).min_by_key(|at| heard[*at].decider);
        let (Some(reserved), true) = (reserved, given.len() > 1) else { return Ok(()) };
        let others = given.iter().copied().filter(|label| *label != reserved);
        let Some(other) = others.min_by_key(|label| heard[*label].decider) else { return Ok(()) };
        let (one, two) = (heard[reserved].decider, heard[other].decider);
        if one == two {
            return Err(self.shared(place, one, [reserved, other]));
        }
        for label in given {
            let falls = if one < two { label != reserved } else { is_reserved(label) };
            if falls {
                heard[label] = Heard { given: false, decider: one.min(two), stance: None };
            }
        }
        Ok(())
    }

    fn shared(&self, place: (usize, usize), source: usize, labels: [usize; 2]) -> Box<Diagnostic> {
        let name = self.scheme.unit_at(place.0, place.1).name();
        let [reserved, other] = labels.map(|label| &self.scheme.labels()[label]);
        let error = Diagnostic::error(text!(
            "「{name}」に、回答全体が「それだけ」という意味の {reserved} と、{other} の両方が付いています。",
            "\"{name}\" has {reserved}, which is a whole answer, and {other} as well."
        ))
        .hint(text!("どちらかを外してください。", "Take one of them away."));
        let Some(said) = self.voices.get(source).and_then(|voice| voice.said.get(&place)) else { return error };
        let (file, line) = said.file(labels[0]);
        let error = error.file(&self.voices[source].files[file].path);
        match line {
            Some(line) => error.line(line),
            None => error,
        }
    }

    /// Final codes, with the words of the rules where these found the same, and with what
    /// is left to review: nothing that people have decided.
    fn coded(&self, rules: &Coded, heard: &[Heard]) -> Coded {
        let people = |code: usize| {
            let label = self.items.iter().position(|item| *item == Item::Code(code));
            label.is_some_and(|label| heard[label].decider < self.voices.len())
        };
        let mut coded = Coded::default();
        for (item, heard) in self.items.iter().zip(heard).filter(|(_, heard)| heard.given) {
            match *item {
                Item::Reserved(reserved) => coded.reserved = Some(reserved),
                Item::Code(code) => coded.codings.push(coding(code, heard.stance.as_deref(), rules)),
                Item::Net(_) => {}
            }
        }
        let codes =
            || self.items.iter().filter_map(|item| if let Item::Code(code) = item { Some(*code) } else { None });
        coded.is_decided = codes().all(people);
        if coded.reserved.is_none() {
            let open = rules.suggestions.iter().filter(|(code, _)| !people(*code));
            coded.suggestions = open.cloned().collect();
            coded.conflicts = self.conflicts(rules, &coded, &people);
        }
        coded
    }

    /// Contradictions that are left, and those that the final codes bring.
    fn conflicts(&self, rules: &Coded, coded: &Coded, people: &dyn Fn(usize) -> bool) -> Vec<Conflict> {
        let book = self.scheme.codebook;
        let holds = |code: usize| coded.codings.iter().any(|coding| coding.code == code);
        let is_stance = |code: usize| {
            let id = &book.codes[code].id;
            let of = |coding: &Coding| coding.stance.as_ref().is_some_and(|stance| *stance.id == **id);
            coded.codings.iter().any(|coding| of(coding) && !people(coding.code))
        };
        let open = |conflict: &&Conflict| match conflict {
            Conflict::Codes(_) => false,
            Conflict::Stances { code, .. } => holds(*code) && !people(*code),
            Conflict::Reserved { code, .. } => {
                !coded.is_decided && ((holds(*code) && !people(*code)) || is_stance(*code))
            }
        };
        let is_stances = |conflict: &&Conflict| matches!(conflict, Conflict::Stances { .. });
        let mut left: Vec<Conflict> = rules.conflicts.iter().filter(is_stances).filter(open).cloned().collect();
        let contradicts = |a: usize, b: usize| book.codes[a].contradicts.contains(&book.codes[b].id);
        for (at, one) in coded.codings.iter().enumerate() {
            for other in &coded.codings[at + 1..] {
                let (a, b) = (one.code.min(other.code), one.code.max(other.code));
                if (contradicts(a, b) || contradicts(b, a)) && !(people(a) && people(b)) {
                    left.push(Conflict::Codes([a, b]));
                }
            }
        }
        left.extend(rules.conflicts.iter().filter(|conflict| !is_stances(conflict)).filter(open).cloned());
        left
    }

    /// What the sources say of an answer: every decision, and what codings of the whole
    /// answer say otherwise than the rules.
    pub(super) fn verdicts(&self, place: (usize, usize), answer: &SettledAnswer, last: &Coded) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        for label in 0..self.items.len() {
            let rules = self.gives(&answer.rules, label);
            for (source, voice) in self.voices.iter().enumerate() {
                let Some(said) = voice.said.get(&place) else { continue };
                let Some(word) = said.word(label) else { continue };
                let decision = said.decisions.get(&label).map(|(_, decision)| decision);
                if decision.is_none() && word.given == rules {
                    continue;
                }
                let is_final = answer.deciders[label] == source && self.gives(last, label) == word.given;
                let coders = || said.whole.iter().map(|whole| whole.coder.as_str()).collect::<Vec<_>>().join("|");
                verdicts.push(Verdict {
                    place,
                    label: Some(label),
                    source,
                    given: Some(word.given),
                    stance: word.stance.map(str::to_owned),
                    coder: decision.map_or_else(coders, |decision| decision.coder.clone()),
                    time: decision.map_or_else(String::new, |decision| decision.time.clone()),
                    reason: decision.map_or_else(String::new, |decision| decision.reason.clone()),
                    rules: Some(rules),
                    status: if is_final { Status::Final } else { Status::Superseded },
                    file: said.file(label),
                });
            }
        }
        verdicts
    }
}

/// What the rules say of a label.
fn rules_word(rules: &Coded, item: Item) -> Word<'_> {
    match item {
        Item::Code(code) => {
            let coding = rules.codings.iter().find(|coding| coding.code == code);
            let stance = coding.and_then(|coding| coding.stance.as_ref()).map(|stance| &*stance.id);
            Word { given: coding.is_some(), stance }
        }
        Item::Reserved(reserved) => Word { given: rules.reserved == Some(reserved), stance: None },
        Item::Net(_) => Word { given: false, stance: None },
    }
}

/// A final code, with the words that the rules found or suggested for it.
fn coding(code: usize, stance: Option<&str>, rules: &Coded) -> Coding {
    let own = rules.codings.iter().find(|coding| coding.code == code);
    let same = own.and_then(|coding| coding.stance.as_ref()).filter(|own| Some(&*own.id) == stance);
    let stance =
        stance.map(|id| Stance { id: id.into(), evidence: same.map_or_else(Vec::new, |own| own.evidence.clone()) });
    Coding { code, stance, evidence: words(code, rules).to_vec() }
}

/// The words by which the rules give a code, or suggest it.
pub(crate) fn words(code: usize, rules: &Coded) -> &[Span] {
    let found = rules.codings.iter().find(|coding| coding.code == code).map(|coding| coding.evidence.as_slice());
    let suggested = || rules.suggestions.iter().find(|(own, _)| *own == code).map(|(_, spans)| spans.as_slice());
    found.or_else(suggested).unwrap_or_default()
}
