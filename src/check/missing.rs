//! Codes that lack something a reader or this check would need.

use super::probe::Probe;
use super::{Finding, Lint};
use crate::codebook::Code;
use crate::text;

pub(super) fn findings(probe: &Probe<'_>) -> Vec<Finding> {
    probe.codebook().codes.iter().enumerate().flat_map(|(index, code)| of(index, code)).collect()
}

fn of(index: usize, code: &Code) -> Vec<Finding> {
    let id = &code.id;
    let mut found = Vec::new();
    let mut lacks = |lacking: bool, lint, key: &str, hint| {
        if lacking {
            let error =
                code.written.0.error(text!("コード {id} に {key} がありません。", "The code \"{id}\" has no {key}."));
            found.push(Finding::new(lint, Some(index), error, hint));
        }
    };
    let has_machine = code.rule.is_some() || code.maybe.is_some();
    lacks(
        !has_machine,
        Lint::NoRule,
        "rule",
        text!(
            "このコードは誰にも付きません。rule か maybe を書いてください。",
            "No answer gets this code. Write a rule or a maybe."
        ),
    );
    lacks(
        code.definition.trim().is_empty(),
        Lint::NoDefinition,
        "definition",
        text!(
            "人のコーダーが同じように付けられるよう、意味を1文で書いてください。",
            "Say in a sentence what it means, so that people code alike."
        ),
    );
    // What no rule gives cannot be tried on examples.
    let tried = code.rule.is_some();
    lacks(
        tried && code.examples.is_empty(),
        Lint::NoExamples,
        "examples",
        text!("付くべき文を examples に書いてください。", "Write texts that must get it into examples."),
    );
    lacks(
        tried && code.counter_examples.is_empty(),
        Lint::NoCounterExamples,
        "counter_examples",
        text!(
            "似ていても付いてはならない文を counter_examples に書いてください。",
            "Write texts that look alike and must not get it into counter_examples."
        ),
    );
    found
}
