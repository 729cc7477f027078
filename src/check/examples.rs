//! Examples and counter-examples, tried on the pipeline that codes answers.

use std::collections::HashSet;

use super::probe::Probe;
use super::walk;
use super::{Failure, Finding, Fired, Lint, Tally};
use crate::codebook::Code;
use crate::coding::{Coded, MachineWorker};
use crate::config::Located;
use crate::diagnostic::{Diagnostic, Result, Text};
use crate::rule::evaluate::Evaluator;
use crate::rule::plan::Plan;
use crate::rule::{Expr, Kind};
use crate::span::Span;
use crate::text;

type Judged = ([Tally; 2], Vec<Failure>, Vec<Finding>);

/// Tries all of them: counts, failures, and doubts about the examples themselves.
pub(super) fn judge(probe: &Probe<'_>) -> Result<Judged> {
    let (rules, bare) = (probe.rules()?, probe.rules_without_except()?);
    let tokenizer = probe.machine.tokenizer();
    let mut judge = Judge {
        probe,
        worker: probe.machine.worker(),
        rules: Evaluator::new(&rules, tokenizer),
        bare: Evaluator::new(&bare, tokenizer),
        plan: &rules,
    };
    let mut tallies = [Tally::default(); 2];
    let (mut failures, mut findings) = (Vec::new(), Vec::new());
    for (index, code) in probe.codebook().codes.iter().enumerate() {
        findings.extend(contradictions(index, code));
        for (counter, texts) in [(false, &code.examples), (true, &code.counter_examples)] {
            // Without a rule an example is for human coders alone.
            for example in texts.iter().filter(|_| code.rule.is_some()) {
                let tally = &mut tallies[usize::from(counter)];
                tally.total += 1;
                let (fired, reserved, holds) = judge.codes_of(index, &example.text)?;
                if let Some(reserved) = reserved {
                    findings.push(filler(probe, index, example, reserved));
                }
                if holds == counter {
                    tally.failed += 1;
                    failures.push(judge.failure(index, counter, example, fired, reserved)?);
                }
            }
        }
    }
    Ok((tallies, failures, findings))
}

struct Judge<'p, 'm> {
    probe: &'p Probe<'m>,
    worker: MachineWorker<'m>,
    rules: Evaluator<'p>,
    bare: Evaluator<'p>,
    plan: &'p Plan,
}

impl Judge<'_, '_> {
    /// What the text gets, which reserved code it is, and whether `code` is among it.
    fn codes_of(&mut self, code: usize, text: &str) -> Result<(Vec<Fired>, Option<usize>, bool)> {
        let coded = self.worker.code(text, &[], None)?;
        let mut fired = fired(&coded, text);
        let codebook = self.probe.codebook();
        let axis = codebook.axes.iter().find(|axis| axis.id == codebook.codes[code].axis);
        let holds = match axis.and_then(|axis| Some((axis, axis.qualifies.as_ref()?))) {
            None => fired.iter().any(|fired| fired.code == code),
            Some((axis, theme)) => {
                let themes = fired.iter().filter(|fired| codebook.codes[fired.code].axis == *theme);
                let stances: Vec<Option<&str>> = themes.map(|fired| fired.stance.as_deref()).collect();
                if stances.is_empty() && coded.reserved.is_none() {
                    let whole = self.whole(&axis.order, text)?;
                    let holds = whole.as_ref().is_some_and(|whole| whole.code == code);
                    fired.extend(whole);
                    holds
                } else {
                    stances.contains(&Some(codebook.codes[code].id.as_str()))
                }
            }
        };
        Ok((fired, coded.reserved, holds))
    }

    /// The first of `order` that holds in one of its units of the text.
    fn whole(&mut self, order: &[String], text: &str) -> Result<Option<Fired>> {
        let document = self.worker.document(text)?;
        let mut reading = self.rules.read(&document, &[]);
        for code in order.iter().filter_map(|id| self.probe.codebook().code(id)) {
            let units = document.units(self.plan.unit(code));
            let found = reading.find_in(code, units);
            if !found.is_empty() {
                let words = found.into_iter().map(|span| document.normalized.original(span).of(text).to_owned());
                return Ok(Some(Fired { code, stance: None, words: words.collect() }));
            }
        }
        Ok(None)
    }

    fn failure(
        &mut self,
        code: usize,
        counter: bool,
        example: &Located,
        fired: Vec<Fired>,
        reserved: Option<usize>,
    ) -> Result<Failure> {
        let id = &self.probe.codebook().codes[code].id;
        let text = &example.text;
        let message = if counter {
            text!("反例「{text}」に {id} が付きます。", "The counter-example \"{text}\" gets \"{id}\".")
        } else {
            text!("例「{text}」に {id} が付きません。", "The example \"{text}\" does not get \"{id}\".")
        };
        let hint = self.explain(code, counter, example, &fired, reserved)?;
        let diagnostic: Box<Diagnostic> = example.error(message).hint(hint);
        Ok(Failure { code, counter, text: text.clone(), fired, reserved, diagnostic: *diagnostic })
    }

    /// What the text gets instead, from which words, and why the code is not among it.
    fn explain(
        &mut self,
        code: usize,
        counter: bool,
        example: &Located,
        fired: &[Fired],
        reserved: Option<usize>,
    ) -> Result<Text> {
        let codebook = self.probe.codebook();
        if let Some(reserved) = reserved {
            let (ja, en) = (&codebook.reserved[reserved].label.ja, &codebook.reserved[reserved].label.en);
            return Ok(text!(
                "回答全体が「{ja}」とみなされ、コードは付きません。内容のある例にしてください。",
                "As a whole it is \"{en}\", which gets no code. Use an example with content."
            ));
        }
        let Text { ja, en } = got(self.probe, fired);
        if counter {
            return Ok(text!(
                "付いたコード: {ja}。当たった語を except に加えるか、ルールを狭めてください。",
                "It gets: {en}. Put the words into except, or narrow the rule."
            ));
        }
        let got = text!("付いたコード: {ja}。", "It gets: {en}.");
        let why = match self.hidden(code, example)? {
            Some(why) => why,
            None => text!("ルールに足りない語を加えてください。", "Add what the rule lacks."),
        };
        Ok(Text { ja: format!("{}{}", got.ja, why.ja), en: format!("{} {}", got.en, why.en) })
    }

    /// Why a rule that seems to fit does not hold: `except`, `maybe`, an attribute.
    fn hidden(&mut self, code: usize, example: &Located) -> Result<Option<Text>> {
        let text = &example.text;
        let document = self.worker.document(text)?;
        let units = document.units(self.plan.unit(code));
        let words = |found: Vec<Span>| {
            let words = found.into_iter().map(|span| document.normalized.original(span).of(text));
            words.collect::<Vec<_>>().join("」「")
        };
        let mut reading = self.rules.read(&document, &[]);
        if units.iter().any(|unit| reading.find(code, *unit).is_some()) {
            return Ok(Some(text!(
                "このコードのルールは当たりますが、主題の節では別の立場が先に当たります。",
                "The rule does hold, but in the clauses of the themes another stance comes first."
            )));
        }
        let maybe = reading.suggest_in(code, units);
        let mut bare = self.bare.read(&document, &[]);
        let masked = bare.find_in(code, units);
        let id = &self.probe.codebook().codes[code].id;
        Ok(if !masked.is_empty() {
            let words = words(masked);
            Some(text!(
                "{id} のルールは「{words}」に当たりますが、except が隠しています。",
                "The rule of \"{id}\" finds \"{words}\", but its except hides it."
            ))
        } else if asks_attribute(self.probe, code) {
            Some(text!(
                "{id} のルールは回答者の属性を条件にしています。例は属性なしで試します。",
                "The rule of \"{id}\" asks for an attribute; examples are tried without one."
            ))
        } else if !maybe.is_empty() {
            let words = words(maybe);
            Some(text!(
                "{id} は maybe（「{words}」）だけが当たります。",
                "Only its maybe finds something: \"{words}\"."
            ))
        } else {
            None
        })
    }
}

fn asks_attribute(probe: &Probe<'_>, code: usize) -> bool {
    let asks = |expr: &Expr| walk::parts(expr).iter().any(|part| matches!(part.kind, Kind::Attribute { .. }));
    probe.codebook().codes[code].rule.as_ref().is_some_and(|rule| asks(&rule.expr))
}

/// Codes that hold for a text, with the text's own words.
fn fired(coded: &Coded, text: &str) -> Vec<Fired> {
    let words = |spans: &[Span]| spans.iter().map(|span| span.of(text).to_owned()).collect();
    coded
        .codings
        .iter()
        .map(|coding| Fired {
            code: coding.code,
            stance: coding.stance.as_ref().map(|stance| stance.id.to_string()),
            words: words(&coding.evidence),
        })
        .collect()
}

/// `funding.fee（点数）、training/request（研修）`
fn got(probe: &Probe<'_>, fired: &[Fired]) -> Text {
    if fired.is_empty() {
        return text!("なし", "nothing");
    }
    let each = fired.iter().map(|fired| {
        let id = &probe.codebook().codes[fired.code].id;
        let stance = fired.stance.as_ref().map_or_else(String::new, |stance| format!("/{stance}"));
        let words = fired.words.join("…");
        text!("{id}{stance}（{words}）", "\"{id}{stance}\" (\"{words}\")")
    });
    let (ja, en): (Vec<String>, Vec<String>) = each.map(|text| (text.ja, text.en)).unzip();
    Text { ja: ja.join("、"), en: en.join(", ") }
}

fn filler(probe: &Probe<'_>, code: usize, example: &Located, reserved: usize) -> Finding {
    let (ja, en) = (&probe.codebook().reserved[reserved].label.ja, &probe.codebook().reserved[reserved].label.en);
    let error = example.error(text!(
        "この文は回答全体が「{ja}」とみなされ、どのコードも付きません。",
        "As a whole this text is \"{en}\" and gets no code."
    ));
    let hint = text!(
        "内容のある文にしてください。「特になし」の類いの判定は例で確かめる必要がありません。",
        "Use a text with content; answers without content need no examples."
    );
    Finding::new(Lint::FillerExample, Some(code), error, hint)
}

fn contradictions(index: usize, code: &Code) -> Vec<Finding> {
    let examples: HashSet<&str> = code.examples.iter().map(|example| example.text.trim()).collect();
    let both = code.counter_examples.iter().filter(|counter| examples.contains(counter.text.trim()));
    both.map(|counter| {
        let text = &counter.text;
        let error = counter
            .error(text!("「{text}」は例と反例の両方にあります。", "\"{text}\" is an example and a counter-example."));
        let hint = text!("どちらか一方を消してください。", "Remove one of the two.");
        Finding::new(Lint::ContradictoryExample, Some(index), error, hint)
    })
    .collect()
}
