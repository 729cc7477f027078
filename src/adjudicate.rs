//! Final codings: what people decided in place of what the rules found.
//!
//! A study names sources in order (`[codings] final`). For every code of every answer the
//! first source that *has a word* decides; the rules have one on everything.
//!
//! | source | has a word on |
//! | --- | --- |
//! | codings of whole answers (coding sheets, 0/1 tables, a row a code …) | every code of the answers that were coded, given or not; where it holds several coders, only what all of those who coded the answer say |
//! | decisions (sheets of disagreements, overrides) | what is decided; a blank decision is no word |
//!
//! - A file that cannot name a reserved code (no column for it, or none in the whole file)
//!   has no word on reserved codes.
//! - A reserved code is the whole answer and shares it with no code: of a reserved code and
//!   codes from different sources the stronger source's stay, and the other falls with it.
//! - The stance is that of the source that decides or, where it gives none, that of the
//!   next that gives the code. A stance that nobody gives stays empty.
//! - What was decided on other words than the answer now has is *stale*: told, not applied.

mod resolve;
mod sources;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::audit::{Form, Scheme};
use crate::coding::Coded;
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::study::FinalCodings;
use crate::survey::PerAnswer;
use crate::text;
pub(crate) use resolve::words;
use resolve::{Ground, Resolved};
use sources::Voice;

/// Messages of a kind that are given in full.
const MAX_TOLD: usize = 20;

/// A file of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The file.
    pub path: PathBuf,
    /// How codings are written in it.
    pub form: Form,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A source of codings by people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRead {
    /// What the study calls it.
    pub name: String,
    /// Its files.
    pub files: Vec<SourceFile>,
    /// Answers on which it has a word.
    pub answers: usize,
    /// Codes of answers on which its coders differ and nobody stronger decided.
    pub split: usize,
}

/// What became of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is the final word.
    Final,
    /// A stronger source decided.
    Superseded,
    /// The answer has other words now.
    Stale,
}

impl Status {
    /// The word in files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::Superseded => "superseded",
            Self::Stale => "stale",
        }
    }
}

/// What a source says of one code of one answer, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Indices of respondent and question.
    pub place: (usize, usize),
    /// Place among the scheme's labels; `None` for the coding of a whole answer.
    pub label: Option<usize>,
    /// Place of the source.
    pub source: usize,
    /// Whether the code is given; `None` with the coding of a whole answer.
    pub given: Option<bool>,
    /// How it is meant, if the source says so.
    pub stance: Option<String>,
    /// Who decided, when and why, as it was written.
    pub coder: String,
    /// When.
    pub time: String,
    /// Why.
    pub reason: String,
    /// Whether the rules give the code.
    pub rules: Option<bool>,
    /// What became of it.
    pub status: Status,
    /// Place of the file among those of the source, and the row.
    pub file: (usize, Option<usize>),
}

/// An answer on which people have a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledAnswer {
    /// What the rules make of it.
    pub rules: Coded,
    /// By label: the place of the source that decides; that of the rules is the number of
    /// the sources.
    pub deciders: Vec<usize>,
    /// By label: the sources that give it, the strongest first, with the stance.
    pub given: Vec<Vec<(usize, Option<String>)>>,
}

/// Final codings, and where they come from.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The sources of people, the strongest first.
    pub sources: Vec<SourceRead>,
    /// Final codes (reserved ones among them) by source, then those of the rules.
    pub counts: Vec<usize>,
    /// Codes of the rules that people took away.
    pub removed: usize,
    /// Decisions and codings that were not applied because the answer has changed.
    pub stale: usize,
    /// Every decision, and what codings of whole answers say otherwise than the rules; by
    /// answer, label and source.
    pub verdicts: Vec<Verdict>,
    /// What the reader of the result must know.
    pub notes: Vec<Diagnostic>,
    answers: BTreeMap<(usize, usize), SettledAnswer>,
}

impl Settled {
    /// The answer at these places, if people have a word on it.
    pub fn answer(&self, place: (usize, usize)) -> Option<&SettledAnswer> {
        self.answers.get(&place)
    }
}

/// Puts the final codings in the place of those of the rules, `coded`.
///
/// # Errors
/// If a file cannot be read for certain, names what the study does not have, contradicts
/// itself, or leaves open what nobody else decides.
pub fn settle(plan: &FinalCodings, scheme: &Scheme<'_>, coded: &mut PerAnswer<Coded>) -> Result<Settled> {
    let mut notes = Vec::new();
    let mut voices = Vec::new();
    for source in &plan.sources {
        voices.push(Voice::read(source, scheme, &mut notes)?);
    }
    let ground = Ground::new(scheme, &voices);
    let mut settled = Settled {
        sources: Vec::new(),
        counts: vec![0; voices.len() + 1],
        removed: 0,
        stale: 0,
        verdicts: Vec::new(),
        notes: Vec::new(),
        answers: BTreeMap::new(),
    };
    let (mut split, mut open) = (vec![0; voices.len()], Open::default());
    for respondent in 0..scheme.survey.respondents.len() {
        for question in 0..scheme.survey.questions.len() {
            let Some(rules) = coded.get(respondent, question) else { continue };
            let place = (respondent, question);
            if !ground.is_spoken_of(place) {
                settled.counts[voices.len()] += rules.codings.len() + usize::from(rules.reserved.is_some());
                open.tell(place, (!plan.has_rules).then_some(0));
                continue;
            }
            let resolved = ground.resolve(place, rules)?;
            let lacks = resolved.answer.deciders.iter().position(|decider| *decider == voices.len());
            open.tell(place, lacks.filter(|_| !plan.has_rules));
            coded.set(respondent, question, settled.add(place, resolved, &ground, &mut split));
        }
    }
    open.refuse(plan, scheme)?;
    settled.tell_stale(&voices, scheme, &mut notes);
    for (voice, split) in voices.into_iter().zip(split) {
        let read = SourceRead { name: voice.name, files: voice.files, answers: voice.said.len(), split };
        notes.extend(told_split(&read));
        settled.sources.push(read);
    }
    settled.notes = notes;
    Ok(settled)
}

/// Answers on a code of which nobody has a word.
#[derive(Default)]
struct Open {
    first: Option<((usize, usize), usize)>,
    answers: usize,
}

impl Open {
    fn tell(&mut self, place: (usize, usize), label: Option<usize>) {
        let Some(label) = label else { return };
        self.first.get_or_insert((place, label));
        self.answers += 1;
    }

    fn refuse(&self, plan: &FinalCodings, scheme: &Scheme<'_>) -> Result<()> {
        let Some((place, label)) = self.first else { return Ok(()) };
        let (name, code, answers) = (scheme.unit_at(place.0, place.1).name(), &scheme.labels()[label], self.answers);
        Err(plan
            .written
            .error(text!(
                "final に rules がないのに、人が判定していないコードがあります（回答 {answers} 件。最初は「{name}」の {code}）。",
                "\"final\" has no \"rules\", and people left codes open (answers: {answers}; the first is {code} of \"{name}\")."
            ))
            .hint(text!(
                "final の最後に \"rules\" を加えるか、残りを判定してください。",
                "Add \"rules\" at the end of \"final\", or have the rest decided."
            )))
    }
}

impl Settled {
    /// Takes a resolved answer in; gives its final codes.
    fn add(&mut self, place: (usize, usize), resolved: Resolved, ground: &Ground<'_>, split: &mut [usize]) -> Coded {
        let Resolved { coded: last, answer } = resolved;
        for label in 0..answer.deciders.len() {
            let (before, after) = (ground.gives(&answer.rules, label), ground.gives(&last, label));
            self.counts[answer.deciders[label]] += usize::from(after);
            self.removed += usize::from(before && !after);
            for (source, count) in split.iter_mut().enumerate() {
                *count += usize::from(answer.deciders[label] > source && ground.is_split(source, place, label));
            }
        }
        self.verdicts.extend(ground.verdicts(place, &answer, &last));
        self.answers.insert(place, answer);
        last
    }

    /// What was decided on other words, among the verdicts and as messages.
    fn tell_stale(&mut self, voices: &[Voice], scheme: &Scheme<'_>, notes: &mut Vec<Diagnostic>) {
        let stale = |(source, voice): (usize, &Voice)| {
            voice.stale.iter().map(|verdict| Verdict { source, ..verdict.clone() }).collect::<Vec<_>>()
        };
        let stale: Vec<Verdict> = voices.iter().enumerate().flat_map(stale).collect();
        self.stale = stale.len();
        for verdict in stale.iter().take(MAX_TOLD) {
            let name = scheme.unit_at(verdict.place.0, verdict.place.1).name();
            let code = verdict.label.map_or_else(String::new, |label| format!(" {}", scheme.labels()[label]));
            let message = text!(
                "「{name}{code}」は判定した後に回答の文が変わったので、この判定を使いませんでした。",
                "The words of \"{name}{code}\" have changed since it was decided; the decision was not applied."
            );
            let note = Box::new(Diagnostic::new(Severity::Skipped, message)).hint(text!(
                "今の文で判定し直し、answer のセルも今の文にしてください。",
                "Decide on the present words, and put them into the cell \"answer\"."
            ));
            let (file, line) = verdict.file;
            let note = note.file(&voices[verdict.source].files[file].path);
            notes.push(*match line {
                Some(line) => note.line(line),
                None => note,
            });
        }
        let more = stale.len().saturating_sub(MAX_TOLD);
        if more > 0 {
            let message = text!(
                "回答の文が変わったので使わなかった判定: ほか {more} 件（decisions.csv の stale）。",
                "Decisions not applied because the words have changed: {more} more (stale in decisions.csv)."
            );
            notes.push(Diagnostic::new(Severity::Skipped, message));
        }
        self.verdicts.extend(stale);
        self.verdicts.sort_by_key(|verdict| (verdict.place, verdict.label, verdict.source, verdict.file));
    }
}

/// What the coders of a source left for others to decide.
fn told_split(read: &SourceRead) -> Option<Diagnostic> {
    let (name, split) = (&read.name, read.split);
    let warning = Diagnostic::new(
        Severity::Warning,
        text!(
            "「{name}」のコーダーの意見が分かれたままのコードが {split} 個あります。次の順位（rules など）によりました。",
            "Codes on which the coders of \"{name}\" differ and nobody decided: {split}. The next in order (such as \"rules\") decided them."
        ),
    );
    let hint = text!(
        "aftercode audit --disagreements で表にして決め、final の先頭に加えてください。",
        "List them with `aftercode audit --disagreements`, decide them, and put the sheet first in \"final\"."
    );
    (split > 0).then(|| *Box::new(warning).hint(hint))
}
