//! Why an answer got its codes, and what kept it from others: for the person who mends
//! the rules.
//!
//! [`Explainer`] evaluates the rules as they are written, not as they are compiled
//! ([`trace`]), and refuses to explain what the compiled rules decide otherwise.
//! [`text()`] and [`json()`] say an [`Explanation`] to people and to programs.

mod chains;
mod json;
mod lack;
mod miss;
mod places;
mod stance;
mod text;
pub mod trace;
mod written;

use crate::codebook::{Codebook, Reserved, Taken};
use crate::coding::{Coded, Coding, Conflict, Machine, MachineWorker, Stance};
use crate::diagnostic::{Diagnostic, Result};
use crate::rule::Expr;
use crate::rule::plan::{AttributeNames, Names, Part, Source};
use crate::span::{Span, merge};
use crate::text as say;
use crate::tokenize::{Document, Tokenizer, Unit};
use trace::{Mask, Trace, Tracer};

pub use json::json;
pub use lack::{Lack, Support};
pub use places::Place;
pub use stance::{From, StanceAccount};
pub use text::text;

/// Explains answers coded by a machine.
pub struct Explainer<'m> {
    machine: &'m Machine,
    sources: Vec<Source<'m>>,
    names: Names<'m>,
}

/// An alternative of a rule that holds in a unit, with the words by which it does.
#[derive(Clone, Debug)]
pub struct Firing<'x> {
    /// Index of the code.
    pub code: usize,
    /// Which of its expressions.
    pub part: Part,
    /// The alternative.
    pub alternative: &'x Expr,
    /// The unit of the folded text.
    pub unit: Unit,
    /// Its words.
    pub support: Support<'x>,
}

/// An alternative that nearly held.
#[derive(Clone, Debug)]
pub struct Miss<'x> {
    /// Index of the code.
    pub code: usize,
    /// Which of its expressions.
    pub part: Part,
    /// The alternative.
    pub alternative: &'x Expr,
    /// The unit of the folded text.
    pub unit: Unit,
    /// What kept it from holding.
    pub lacks: Vec<Lack<'x>>,
    /// What was there.
    pub support: Support<'x>,
}

/// A code that holds, or that `maybe` suggests.
#[derive(Clone, Debug)]
pub struct Account<'x> {
    /// Index of the code.
    pub code: usize,
    /// The words that made it so: bytes of the answer as read.
    pub evidence: Vec<Span>,
    /// The alternatives that hold.
    pub firings: Vec<Firing<'x>>,
    /// How the theme is meant; `None` for suggestions and axes without a stance.
    pub stance: Option<StanceAccount<'x>>,
}

/// One code looked at closely, whether it holds or not.
#[derive(Clone, Debug)]
pub struct Focus<'x> {
    /// Index of the code.
    pub code: usize,
    /// The alternatives of its rule and of `maybe` that hold, unit by unit.
    pub firings: Vec<Firing<'x>>,
    /// What `except` takes out.
    pub masks: Vec<Mask<'x>>,
}

/// All that is to be said of one answer.
pub struct Explanation<'x> {
    /// The answer as read.
    pub answer: String,
    /// Its folded text, with morphemes and units.
    pub document: Document,
    /// The reserved code that took the whole answer, and by what.
    pub reserved: Option<(usize, Taken<'x>)>,
    /// Codes that hold, in the codebook's order.
    pub codes: Vec<Account<'x>>,
    /// Codes that `maybe` alone suggests.
    pub suggestions: Vec<Account<'x>>,
    /// What contradicts itself.
    pub conflicts: Vec<Conflict>,
    /// What nearly held, the most instructive first.
    pub misses: Vec<Miss<'x>>,
    /// The code that was asked for.
    pub focus: Option<Focus<'x>>,
    /// The codebook.
    pub codebook: &'x Codebook,
    /// The analyzer.
    pub tokenizer: &'x Tokenizer,
}

impl<'m> Explainer<'m> {
    /// An explainer of what `machine` does; `attributes` are those it was made with.
    pub fn new(machine: &'m Machine, attributes: Option<&'m [AttributeNames]>) -> Self {
        let codebook = machine.codebook();
        Self { machine, sources: codebook.sources(), names: codebook.names(attributes) }
    }

    /// Explains answers one by one; keeps what it has learned of the rules' words.
    pub fn worker(&self) -> Worker<'_> {
        let (normalizer, tokenizer) = (self.machine.normalizer(), self.machine.tokenizer());
        Worker {
            machine: self.machine,
            sources: &self.sources,
            coder: self.machine.worker(),
            tracer: Tracer::new(&self.sources, &self.names, normalizer, tokenizer),
        }
    }
}

/// Explains answers one by one.
pub struct Worker<'x> {
    machine: &'x Machine,
    sources: &'x [Source<'x>],
    coder: MachineWorker<'x>,
    tracer: Tracer<'x>,
}

impl<'x> Worker<'x> {
    /// Explains one answer. `values` are the respondent's; `default_stance` is what a theme
    /// that says nothing else means; `focus` is a code to look at closely.
    ///
    /// # Errors
    /// If the analyzer fails, or the explanation would not fit what the rules decide.
    pub fn explain(
        &mut self,
        answer: &str,
        values: &[Option<&str>],
        default_stance: Option<&str>,
        focus: Option<usize>,
    ) -> Result<Explanation<'x>> {
        let codebook = self.machine.codebook();
        let document = self.coder.document(answer)?;
        let mut explanation = Explanation {
            answer: answer.to_owned(),
            reserved: None,
            codes: Vec::new(),
            suggestions: Vec::new(),
            conflicts: Vec::new(),
            misses: Vec::new(),
            focus: None,
            codebook,
            tokenizer: self.machine.tokenizer(),
            document: document.clone(),
        };
        if let Some(reserved) = Reserved::of(document.text(), &codebook.reserved) {
            explanation.reserved = Some((reserved, codebook.reserved[reserved].why(document.text())));
        } else {
            let mut trace = self.tracer.read(&document, values);
            decide(&mut trace, self.sources, default_stance, &mut explanation)?;
            explanation.misses = miss::misses(&mut trace, self.sources, &explanation, focus)?;
            explanation.focus = focus.map(|code| look(&mut trace, self.sources, code)).transpose()?;
        }
        let coded = self.coder.code(answer, values, default_stance)?;
        explanation.conflicts.clone_from(&coded.conflicts);
        if explanation.coded() != coded {
            return Err(disagreement());
        }
        Ok(explanation)
    }
}

fn decide<'x>(
    trace: &mut Trace<'_, 'x, '_>,
    sources: &[Source<'_>],
    default: Option<&str>,
    explanation: &mut Explanation<'x>,
) -> Result<()> {
    let (document, codebook) = (trace.document(), explanation.codebook);
    for (code, _) in codebook.standalone() {
        let (evidence, firings) = fired(trace, sources, code, Part::Rule)?;
        if !firings.is_empty() {
            let stance = stance::of(trace, sources, codebook, code, &evidence, default)?;
            let evidence = originals(document, evidence);
            explanation.codes.push(Account { code, evidence, firings, stance });
            continue;
        }
        let (evidence, firings) = fired(trace, sources, code, Part::Maybe)?;
        if !firings.is_empty() {
            let evidence = originals(document, evidence);
            explanation.suggestions.push(Account { code, evidence, firings, stance: None });
        }
    }
    Ok(())
}

/// The words by which `part` of `code` holds, unit by unit, and its alternatives that do.
fn fired<'x>(
    trace: &mut Trace<'_, 'x, '_>,
    sources: &[Source<'_>],
    code: usize,
    part: Part,
) -> Result<(Vec<Span>, Vec<Firing<'x>>)> {
    let (mut evidence, mut firings) = (Vec::new(), Vec::new());
    for &unit in trace.document().units(sources[code].unit) {
        let found = if part == Part::Maybe { trace.suggest(code, unit)? } else { trace.find(code, unit)? };
        if let Some(found) = found {
            evidence.extend(found);
            firings.extend(firings_in(trace, code, part, unit)?);
        }
    }
    Ok((evidence, firings))
}

fn look<'x>(trace: &mut Trace<'_, 'x, '_>, sources: &[Source<'_>], code: usize) -> Result<Focus<'x>> {
    let mut focus = Focus { code, firings: Vec::new(), masks: Vec::new() };
    for &unit in trace.document().units(sources[code].unit) {
        for part in [Part::Rule, Part::Maybe] {
            focus.firings.extend(firings_in(trace, code, part, unit)?);
        }
        focus.masks.extend(trace.masks(code, unit)?);
    }
    Ok(focus)
}

/// The alternatives of `part` of `code` that hold in `unit`.
fn firings_in<'x>(trace: &mut Trace<'_, 'x, '_>, code: usize, part: Part, unit: Unit) -> Result<Vec<Firing<'x>>> {
    let steps = trace.steps(code, part, unit)?;
    let holding = steps.iter().filter(|step| step.holds);
    Ok(holding
        .map(|step| Firing { code, part, alternative: step.expr, unit, support: lack::support(step, &[]) })
        .collect())
}

impl Explanation<'_> {
    /// The verdict, as [`crate::coding::MachineWorker::code`] gives it.
    pub fn coded(&self) -> Coded {
        let codings = self.codes.iter().map(|account| Coding {
            code: account.code,
            stance: account.stance.as_ref().map(|stance| Stance {
                id: stance.id.as_str().into(),
                evidence: originals(&self.document, stance.evidence.clone()),
            }),
            evidence: account.evidence.clone(),
        });
        let suggestions = self.suggestions.iter().map(|account| (account.code, account.evidence.clone()));
        Coded {
            reserved: self.reserved.as_ref().map(|(reserved, _)| *reserved),
            codings: codings.collect(),
            suggestions: suggestions.collect(),
            conflicts: self.conflicts.clone(),
            is_decided: false,
        }
    }

    /// The respondent's own words of a range of the folded text.
    pub fn original(&self, folded: Span) -> &str {
        self.document.normalized.original(folded).of(&self.answer)
    }
}

/// Folded spans as spans of the answer, merged.
fn originals(document: &Document, spans: Vec<Span>) -> Vec<Span> {
    merge(spans.into_iter().map(|span| document.normalized.original(span)).collect())
}

fn disagreement() -> Box<Diagnostic> {
    Diagnostic::error(say!(
        "説明がコード付けの結果と一致しません。プログラムの誤りです。",
        "The explanation does not fit the coding. This is a mistake of the program."
    ))
    .hint(say!(
        "コードブックのこのコードと、似た架空の回答を添えて知らせてください。",
        "Please report it with the codebook and a made-up answer like this one."
    ))
}
