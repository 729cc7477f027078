//! The rules evaluated slowly and plainly, with all that was seen on the way.
//!
//! Nothing here is compiled, skipped or searched cleverly: every part of a rule is tried
//! on the unit, whatever the parts before it gave. The verdict is that of
//! [`crate::rule::evaluate`], word for word of evidence; tests compare the two.

use std::collections::HashMap;

use super::chains::{Field, apart};
use super::places::{Lexicon, Place, Search};
use crate::diagnostic::Result;
use crate::normalize::Normalizer;
use crate::rule::plan::{AttributeNames, Names, Part, Source};
use crate::rule::{Expr, Kind, word_level};
use crate::span::{Span, merge};
use crate::tokenize::{Document, Tokenizer, Unit};

/// What one part of a rule made of a unit.
#[derive(Clone, Debug)]
pub struct Step<'r> {
    /// The part of the rule.
    pub expr: &'r Expr,
    /// Whether it holds.
    pub holds: bool,
    /// The words by which it holds: bytes of the folded text. Empty where it does not
    /// hold, or holds by what is absent.
    pub evidence: Vec<Span>,
    /// Where its words stand; for near and seq, only those that stand together.
    pub places: Vec<Place<'r>>,
    /// Words that `except` takes away, with the number of the mask.
    pub masked: Vec<(Place<'r>, usize)>,
    /// The parts of and, or, not; the elements of near, seq and count.
    pub parts: Vec<Step<'r>>,
    /// What was counted, for count and length.
    pub number: usize,
}

/// A range that `except` takes out, and the alternative of `except` that does.
#[derive(Clone, Debug)]
pub struct Mask<'r> {
    /// The alternative of `except`.
    pub expr: &'r Expr,
    /// Bytes of the folded text.
    pub span: Span,
}

/// Rules to trace; the counterpart of [`crate::rule::plan::Plan`].
pub struct Tracer<'r> {
    sources: &'r [Source<'r>],
    attributes: Option<&'r [AttributeNames]>,
    lexicon: Lexicon<'r>,
}

impl<'r> Tracer<'r> {
    /// A tracer of rules that have been compiled without a mistake.
    pub fn new(
        sources: &'r [Source<'r>],
        names: &'r Names<'r>,
        normalizer: &'r Normalizer,
        tokenizer: &'r Tokenizer,
    ) -> Self {
        Self { sources, attributes: names.attributes, lexicon: Lexicon::new(&names.lists, normalizer, tokenizer) }
    }

    /// Reads one document; `values` are the respondent's, in the order of the attributes.
    pub fn read<'l, 'd>(&'l mut self, document: &'d Document, values: &'d [Option<&'d str>]) -> Trace<'l, 'r, 'd> {
        let Self { sources, attributes, lexicon } = self;
        Trace {
            sources,
            attributes: *attributes,
            search: Search::new(lexicon, document),
            values,
            found: HashMap::new(),
        }
    }
}

/// One document under the rules.
pub struct Trace<'l, 'r, 'd> {
    sources: &'r [Source<'r>],
    attributes: Option<&'r [AttributeNames]>,
    search: Search<'l, 'r, 'd>,
    values: &'d [Option<&'d str>],
    found: HashMap<(usize, Span), Option<Vec<Span>>>,
}

impl<'r, 'd> Trace<'_, 'r, 'd> {
    /// The document.
    pub fn document(&self) -> &'d Document {
        self.search.document
    }

    /// The words by which the rule of `code` holds in `unit`, as
    /// [`crate::rule::evaluate::Reading::find`] gives them.
    ///
    /// # Errors
    /// If the analyzer fails on a word of the rules.
    pub fn find(&mut self, code: usize, unit: Unit) -> Result<Option<Vec<Span>>> {
        if let Some(found) = self.found.get(&(code, unit.span)) {
            return Ok(found.clone());
        }
        let found = self.part(code, Part::Rule, unit)?;
        self.found.insert((code, unit.span), found.clone());
        Ok(found)
    }

    /// As [`Trace::find`], for `maybe`.
    ///
    /// # Errors
    /// As [`Trace::find`].
    pub fn suggest(&mut self, code: usize, unit: Unit) -> Result<Option<Vec<Span>>> {
        self.part(code, Part::Maybe, unit)
    }

    fn part(&mut self, code: usize, part: Part, unit: Unit) -> Result<Option<Vec<Span>>> {
        let steps = self.steps(code, part, unit)?;
        if !steps.iter().any(|step| step.holds) {
            return Ok(None);
        }
        let mut evidence: Vec<Span> = steps.into_iter().flat_map(|step| step.evidence).collect();
        if evidence.is_empty() {
            evidence.push(unit.span);
        }
        Ok(Some(merge(evidence)))
    }

    /// Every alternative of the rule (or `maybe`) of `code` on `unit`, as written.
    ///
    /// # Errors
    /// As [`Trace::find`].
    pub fn steps(&mut self, code: usize, part: Part, unit: Unit) -> Result<Vec<Step<'r>>> {
        let source = &self.sources[code];
        let expr = if part == Part::Maybe { source.maybe } else { source.rule };
        let Some(expr) = expr else { return Ok(Vec::new()) };
        let masks = self.masks(code, unit)?;
        alternatives(expr).into_iter().map(|expr| self.step(expr, unit, &masks)).collect()
    }

    /// What `except` of `code` takes out of `unit`.
    ///
    /// # Errors
    /// As [`Trace::find`].
    pub fn masks(&mut self, code: usize, unit: Unit) -> Result<Vec<Mask<'r>>> {
        let mut masks = Vec::new();
        for expr in self.sources[code].except.map(alternatives).unwrap_or_default() {
            let spans = match &expr.kind {
                Kind::Near { elements, ordered, distance } => {
                    let places: Vec<_> =
                        elements.iter().map(|element| self.search.places(element, unit)).collect::<Result<_>>()?;
                    Field::new(&places, *ordered).hulls(*distance)
                }
                _ => self.search.places(expr, unit)?.into_iter().map(|place| place.span).collect(),
            };
            masks.extend(spans.into_iter().map(|span| Mask { expr, span }));
        }
        Ok(masks)
    }

    fn step(&mut self, expr: &'r Expr, unit: Unit, masks: &[Mask<'r>]) -> Result<Step<'r>> {
        let plain = |holds, evidence| Step {
            expr,
            holds,
            evidence,
            places: Vec::new(),
            masked: Vec::new(),
            parts: Vec::new(),
            number: 0,
        };
        if word_level(expr).is_ok() {
            return self.words(expr, unit, masks);
        }
        Ok(match &expr.kind {
            Kind::And(parts) => {
                let parts = self.all(parts, unit, masks)?;
                let holds = parts.iter().all(|part| part.holds);
                let evidence = if holds { evidence_of(&parts) } else { Vec::new() };
                Step { parts, ..plain(holds, evidence) }
            }
            Kind::Or(parts) => {
                let parts = self.all(parts, unit, masks)?;
                let evidence = evidence_of(&parts);
                Step { holds: parts.iter().any(|part| part.holds), parts, ..plain(false, evidence) }
            }
            Kind::Not(inner) => {
                let inner = self.step(inner, unit, masks)?;
                Step { holds: !inner.holds, parts: vec![inner], ..plain(false, Vec::new()) }
            }
            Kind::Near { elements, ordered, distance } => {
                let parts = self.all(elements, unit, masks)?;
                let places: Vec<_> = parts.iter().map(|part| part.places.clone()).collect();
                let chains = Field::new(&places, *ordered).chains(*distance);
                let chosen: Vec<Place> = chains.iter().flatten().map(|place| (*place).clone()).collect();
                let evidence = chosen.iter().map(|place| place.span).collect();
                Step { places: chosen, parts, ..plain(!chains.is_empty(), evidence) }
            }
            Kind::Code(name) => {
                let mut evidence = Vec::new();
                let mut holds = false;
                for code in targets(name, self.sources) {
                    let found = self.find(code, unit)?;
                    holds |= found.is_some();
                    evidence.extend(found.into_iter().flatten());
                }
                plain(holds, evidence)
            }
            Kind::Attribute { name, negated, values } => {
                plain(self.attribute(name, values).is_some_and(|among| among != *negated), Vec::new())
            }
            Kind::Count { element, compare, number } => {
                let element = self.words(element, unit, masks)?;
                let counted = apart(&element.places);
                let holds = compare.holds(counted, *number);
                let evidence = if holds { element.evidence.clone() } else { Vec::new() };
                let places = element.places.clone();
                Step { number: counted, places, parts: vec![element], ..plain(holds, evidence) }
            }
            Kind::Length { compare, number } => {
                let text = unit.span.of(self.document().text());
                let length = text.chars().filter(|c| !c.is_whitespace()).count();
                Step { number: length, ..plain(compare.holds(length, *number), Vec::new()) }
            }
            // Words, which are done.
            _ => plain(false, Vec::new()),
        })
    }

    fn all(&mut self, parts: &'r [Expr], unit: Unit, masks: &[Mask<'r>]) -> Result<Vec<Step<'r>>> {
        parts.iter().map(|part| self.step(part, unit, masks)).collect()
    }

    fn words(&mut self, expr: &'r Expr, unit: Unit, masks: &[Mask<'r>]) -> Result<Step<'r>> {
        let mut places = Vec::new();
        let mut masked = Vec::new();
        for place in self.search.places(expr, unit)? {
            match masks.iter().position(|mask| mask.span.contains(place.span)) {
                Some(mask) => masked.push((place, mask)),
                None => places.push(place),
            }
        }
        let evidence = places.iter().map(|place| place.span).collect();
        Ok(Step { expr, holds: !places.is_empty(), evidence, places, masked, parts: Vec::new(), number: 0 })
    }

    /// Whether the respondent's value is among `accepted`; `None` where it is missing, or
    /// no study says which attributes there are.
    fn attribute(&self, name: &str, accepted: &[String]) -> Option<bool> {
        let attributes = self.attributes?;
        let index = attributes.iter().position(|attribute| attribute.names.iter().any(|known| known == name))?;
        let value = self.values.get(index).copied().flatten()?;
        let nets = &attributes[index].nets;
        Some(accepted.iter().any(|accepted| match nets.iter().find(|(net, _)| net == accepted) {
            Some((_, members)) => members.iter().any(|member| member == value),
            None => accepted == value,
        }))
    }
}

fn evidence_of(parts: &[Step<'_>]) -> Vec<Span> {
    parts.iter().flat_map(|part| part.evidence.iter().copied()).collect()
}

/// The alternatives of an expression, those inside alternatives too.
pub(super) fn alternatives(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        Kind::Or(parts) => parts.iter().flat_map(alternatives).collect(),
        _ => vec![expr],
    }
}

/// The rules that `@name` asks for: the code of that name, or all codes of that net.
fn targets(name: &str, sources: &[Source<'_>]) -> Vec<usize> {
    let code = sources.iter().position(|source| source.id == name);
    let of_net = || (0..sources.len()).filter(|&at| sources[at].net.as_deref() == Some(name)).collect();
    code.map_or_else(of_net, |code| vec![code])
}
