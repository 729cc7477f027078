//! Codebook × answers → codings with evidence and stance.
//!
//! [`Machine`] is the codebook as a coder: compiled once, shared. Each thread makes a
//! [`MachineWorker`] and codes answers one by one, so that results do not depend on how
//! many threads there are.

mod conflict;
mod stance;

use std::sync::Arc;

use rayon::prelude::*;

use crate::codebook::{Codebook, Reserved};
use crate::diagnostic::Result;
use crate::normalize::Normalizer;
use crate::rule::evaluate::Evaluator;
use crate::rule::plan::{AttributeNames, Plan};
use crate::span::{Span, merge};
use crate::survey::{Alike, PerAnswer, Survey};
use crate::tokenize::{Document, Tokenizer, Worker};

pub use conflict::Conflict;

/// The codebook as a coder.
pub struct Machine {
    codebook: Codebook,
    normalizer: Normalizer,
    tokenizer: Tokenizer,
    plan: Plan,
    /// The attributes that rules ask for.
    attributes: Vec<usize>,
    /// For each code: the codes of the axis that qualifies its axis, the winner first.
    qualifiers: Vec<Vec<usize>>,
    standalone: Vec<usize>,
    /// Ids of all codes, for stances to share.
    ids: Vec<Arc<str>>,
    contradictions: conflict::Contradictions,
}

/// A code that holds for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coding {
    /// Index of the code in the codebook.
    pub code: usize,
    /// The code of the qualifying axis (stance), if the axis has one.
    pub stance: Option<Stance>,
    /// The words that made it so: bytes of the answer as read, in order.
    pub evidence: Vec<Span>,
}

/// How a theme is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stance {
    /// Id of the stance; that of the codebook, not a copy.
    pub id: Arc<str>,
    /// The words that show it; empty where the question's default was taken.
    pub evidence: Vec<Span>,
}

/// What the rules make of one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coded {
    /// Index of the reserved code, if the whole answer is one.
    pub reserved: Option<usize>,
    /// Codes that hold, in the codebook's order.
    pub codings: Vec<Coding>,
    /// Codes that `maybe` alone suggests, with the words that do.
    pub suggestions: Vec<(usize, Vec<Span>)>,
    /// What contradicts itself.
    pub conflicts: Vec<Conflict>,
    /// Whether people have decided on every code, so that none is left to look for.
    pub is_decided: bool,
}

impl Machine {
    /// Compiles `codebook` for texts folded and cut by these two.
    ///
    /// # Errors
    /// As [`Codebook::compile`].
    pub fn new(
        codebook: Codebook,
        normalizer: Normalizer,
        tokenizer: Tokenizer,
        attributes: Option<&[AttributeNames]>,
    ) -> Result<Self> {
        let plan = codebook.compile(attributes, &normalizer, &tokenizer)?;
        let qualifiers = codebook
            .codes
            .iter()
            .map(|code| match codebook.qualifier_of(&code.axis) {
                Some(axis) => axis.order.iter().filter_map(|id| codebook.code(id)).collect(),
                None => Vec::new(),
            })
            .collect();
        let standalone = codebook.standalone().map(|(index, _)| index).collect();
        let contradictions = conflict::Contradictions::new(&codebook);
        let attributes = plan.attributes();
        let ids = codebook.codes.iter().map(|code| code.id.as_str().into()).collect();
        Ok(Self { codebook, normalizer, tokenizer, plan, attributes, qualifiers, standalone, ids, contradictions })
    }

    /// The codebook.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// The folding of spellings.
    pub fn normalizer(&self) -> &Normalizer {
        &self.normalizer
    }

    /// The analyzer.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// A coder for one thread.
    pub fn worker(&self) -> MachineWorker<'_> {
        MachineWorker {
            machine: self,
            worker: self.tokenizer.worker(),
            evaluator: Evaluator::new(&self.plan, &self.tokenizer),
        }
    }

    /// Codes every answer of `survey` with words on all threads of the current pool; those
    /// that the rules cannot tell apart, once. `done` is called now and then with a number
    /// of answers finished.
    ///
    /// # Errors
    /// If the analyzer fails.
    pub fn code_all(&self, survey: &Survey, done: &(dyn Fn(u64) + Sync)) -> Result<PerAnswer<Coded>> {
        let questions = survey.questions.len();
        let stance = |question: usize| survey.questions[question].default_stance.as_deref();
        let answer = |at: usize| (&survey.respondents[at / questions], at % questions);
        let alike = Alike::by(survey.respondents.len() * questions, |at| {
            let (respondent, question) = answer(at);
            let text = respondent.answers[question].text()?;
            let values: Vec<_> = self.attributes.iter().map(|index| respondent.values[*index].as_deref()).collect();
            Some((text, stance(question), values))
        });
        let code = |worker: &mut MachineWorker<'_>, part: &[(u32, u32)]| {
            let asked = part.iter().map(|(first, _)| {
                let (respondent, question) = answer(*first as usize);
                Asked {
                    text: respondent.answers[question].text().unwrap_or_default(),
                    attributes: respondent.values.iter().map(Option::as_deref).collect(),
                    default_stance: stance(question),
                }
            });
            // Not collected: what is collected keeps the room that the documents took.
            let mut coded = Vec::with_capacity(part.len());
            coded.extend(worker.code_part(asked)?.into_iter().map(|(coded, _)| coded));
            done(part.iter().map(|(_, count)| u64::from(*count)).sum());
            Ok(coded)
        };
        let kinds = alike.kinds();
        let parts: Vec<Result<Vec<Coded>>> =
            kinds.par_chunks(part(kinds.len())).map_init(|| self.worker(), code).collect();
        let mut coded = Vec::with_capacity(kinds.len());
        for part in parts {
            coded.extend(part?);
        }
        Ok(alike.share(coded, questions))
    }
}

/// So many answers at most are cut before the first of them is coded: the tables of the
/// analyzer and those of the rules, which do not fit into a processor's cache together,
/// then take turns less often.
const PART: usize = 64;

/// How many of so many answers are coded together, so that all threads have some to code.
pub fn part(answers: usize) -> usize {
    (answers / (4 * rayon::current_num_threads())).clamp(1, PART)
}

/// An answer to be coded.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The answer as read.
    pub text: &'a str,
    /// The respondent's values, in the order of the attributes that the rules were compiled
    /// with.
    pub attributes: Vec<Option<&'a str>>,
    /// What a theme that says nothing else means.
    pub default_stance: Option<&'a str>,
}

/// An answer as the rules see it.
enum Cut {
    /// It is a reserved code as a whole.
    Reserved(usize),
    Document(Document),
}

/// One thread's coder.
pub struct MachineWorker<'m> {
    machine: &'m Machine,
    worker: Worker<'m>,
    evaluator: Evaluator<'m>,
}

impl MachineWorker<'_> {
    /// Folds and cuts one answer as the rules see it.
    ///
    /// # Errors
    /// If the analyzer fails.
    pub fn document(&mut self, answer: &str) -> Result<Document> {
        self.worker.document(self.machine.normalizer.normalize(answer))
    }

    /// Codes one answer. `attributes` are the respondent's values; `default_stance` is
    /// what a theme that says nothing else means.
    ///
    /// # Errors
    /// If the analyzer fails.
    pub fn code(&mut self, answer: &str, attributes: &[Option<&str>], default_stance: Option<&str>) -> Result<Coded> {
        let cut = self.cut(answer)?;
        Ok(self.code_cut(&cut, attributes, default_stance))
    }

    /// As [`MachineWorker::code`], for answers that are cut together: the codes of each and,
    /// unless it is a reserved code, the answer as the rules saw it.
    ///
    /// # Errors
    /// If the analyzer fails.
    pub fn code_part<'a>(&mut self, part: impl Iterator<Item = Asked<'a>>) -> Result<Vec<(Coded, Option<Document>)>> {
        let cut: Vec<(Asked<'a>, Cut)> =
            part.map(|asked| self.cut(asked.text).map(|cut| (asked, cut))).collect::<Result<_>>()?;
        let code = |(asked, cut): (Asked<'a>, Cut)| {
            let coded = self.code_cut(&cut, &asked.attributes, asked.default_stance);
            (coded, if let Cut::Document(document) = cut { Some(document) } else { None })
        };
        Ok(cut.into_iter().map(code).collect())
    }

    fn cut(&mut self, answer: &str) -> Result<Cut> {
        let normalized = self.machine.normalizer.normalize(answer);
        Ok(match Reserved::of(normalized.text(), &self.machine.codebook.reserved) {
            Some(reserved) => Cut::Reserved(reserved),
            None => Cut::Document(self.worker.document(normalized)?),
        })
    }

    fn code_cut(&mut self, cut: &Cut, attributes: &[Option<&str>], default_stance: Option<&str>) -> Coded {
        match cut {
            Cut::Reserved(reserved) => Coded { reserved: Some(*reserved), ..Coded::default() },
            Cut::Document(document) => self.code_document(document, attributes, default_stance),
        }
    }

    /// As [`MachineWorker::code`], for an answer that is cut already and known to be no
    /// reserved code.
    pub fn code_document(
        &mut self,
        document: &Document,
        attributes: &[Option<&str>],
        default_stance: Option<&str>,
    ) -> Coded {
        let machine = self.machine;
        let mut reading = self.evaluator.read(document, attributes);
        let mut coded = Coded::default();
        for &code in &machine.standalone {
            if !reading.is_live(code) {
                continue;
            }
            let units = document.units(machine.plan.unit(code));
            let evidence = reading.find_in(code, units);
            if !evidence.is_empty() {
                let own = stance::own_clauses(document, &evidence);
                let stance = stance::of(machine, &mut reading, code, &own, default_stance);
                coded.conflicts.extend(conflict::of_stances(machine, &mut reading, code, &evidence, &own));
                coded.codings.push(Coding { code, stance, evidence: originals(document, evidence) });
                continue;
            }
            let hints = reading.suggest_in(code, units);
            if !hints.is_empty() {
                coded.suggestions.push((code, originals(document, hints)));
            }
        }
        coded.conflicts.extend(conflict::of_codes(machine, document, &coded.codings));
        // Codings of a large study are held by the million.
        coded.codings.shrink_to_fit();
        coded.suggestions.shrink_to_fit();
        coded.conflicts.shrink_to_fit();
        coded
    }
}

/// Folded spans as spans of the answer, merged.
fn originals(document: &Document, spans: Vec<Span>) -> Vec<Span> {
    let mut originals = merge(spans.into_iter().map(|span| document.normalized.original(span)).collect());
    originals.shrink_to_fit();
    originals
}
