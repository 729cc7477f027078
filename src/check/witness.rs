//! A rule whose `except` hides everything.
//!
//! For each alternative of a rule a text is made up that it holds for; if the code
//! holds for none of them, but would without its `except`, it can never hold.

use super::probe::Probe;
use super::walk::alternatives;
use super::{Finding, Lint};
use crate::codebook::Codebook;
use crate::diagnostic::Result;
use crate::rule::evaluate::Evaluator;
use crate::rule::{Expr, Kind};
use crate::span::Span;
use crate::text;

/// Most texts made up for one rule.
const MOST: usize = 400;

pub(super) fn findings(probe: &Probe<'_>) -> Result<Vec<Finding>> {
    let codebook = probe.codebook();
    let (rules, bare) = (probe.rules()?, probe.rules_without_except()?);
    let tokenizer = probe.machine.tokenizer();
    let (mut rules_eval, mut bare_eval) = (Evaluator::new(&rules, tokenizer), Evaluator::new(&bare, tokenizer));
    let mut found = Vec::new();
    for (index, code) in codebook.codes.iter().enumerate() {
        let (Some(rule), Some(except)) = (&code.rule, &code.except) else { continue };
        let Some(texts) = texts(&rule.expr, codebook, &mut Vec::new()).filter(|texts| texts.len() <= MOST) else {
            continue;
        };
        let (mut could, mut does) = (0, 0);
        for text in texts.iter().flat_map(|text| [text.clone(), format!("例えば{text}のこと")]) {
            let document = probe.document(&text)?;
            let units = document.units(code.unit);
            let holds = |evaluator: &mut Evaluator<'_>| {
                let mut reading = evaluator.read(&document, &[]);
                units.iter().any(|unit| reading.find(index, *unit).is_some())
            };
            could += usize::from(holds(&mut bare_eval));
            does += usize::from(holds(&mut rules_eval));
        }
        if could >= texts.len() && does == 0 {
            let id = &code.id;
            let end = except.text.text.trim_end().len();
            let start = except.text.text.len() - except.text.text.trim_start().len();
            let error = except.text.error_at(
                Span::new(start, end),
                text!(
                    "except が {id} の rule の語をすべて隠すため、このコードは決して付きません。",
                    "This except hides all that the rule of \"{id}\" finds: the code never holds."
                ),
            );
            let hint = text!(
                "except には、rule の語を含むより長い語（例: rule が「補助」なら「補助者」）を書いてください。",
                "Put longer words around those of the rule into except (\"補助者\" where the rule says \"補助\")."
            );
            found.push(Finding::new(Lint::ExceptHidesRule, Some(index), error, hint));
        }
    }
    Ok(found)
}

/// A text for each way that the expression can hold; `None` where none can be made up.
fn texts<'c>(expr: &'c Expr, codebook: &'c Codebook, lists: &mut Vec<&'c str>) -> Option<Vec<String>> {
    match &expr.kind {
        Kind::Or(_) => {
            let each: Option<Vec<Vec<String>>> =
                alternatives(expr).into_iter().map(|part| texts(part, codebook, lists)).collect();
            each.map(|each| each.concat())
        }
        Kind::And(parts) | Kind::Near { elements: parts, .. } => {
            let each: Option<Vec<Vec<String>>> = parts.iter().map(|part| texts(part, codebook, lists)).collect();
            let mut joined = vec![String::new()];
            for choice in each? {
                joined = joined
                    .iter()
                    .flat_map(|before| {
                        choice.iter().map(move |text| {
                            let link = if before.is_empty() { "" } else { "の" };
                            format!("{before}{link}{text}")
                        })
                    })
                    .collect();
                if joined.len() > MOST {
                    return None;
                }
            }
            Some(joined)
        }
        Kind::Word(word) => Some(vec![word.text.clone()]),
        Kind::Text(text) => Some(vec![text.clone()]),
        Kind::Phrase(words) => Some(vec![words.iter().map(|word| word.text.as_str()).collect()]),
        Kind::List(name) if !lists.contains(&name.as_str()) => {
            lists.push(name);
            let list = codebook.lists.iter().find(|list| list.name.text == *name)?;
            let each: Option<Vec<Vec<String>>> =
                list.entries.iter().map(|entry| texts(&entry.expr, codebook, lists)).collect();
            lists.pop();
            each.map(|each| each.concat())
        }
        _ => None,
    }
}
