//! `near` and `seq` that reach further than their unit.

use super::answers::Answers;
use super::probe::Probe;
use super::walk::{self, Owner};
use super::{Finding, Lint};
use crate::rule::Kind;
use crate::text;
use crate::tokenize::UnitKind;

/// Morphemes of a very long unit, where no study says how long they are. Of tens of
/// thousands of open survey answers none in a thousand holds a longer one.
const LONG_CLAUSE: usize = 60;
const LONG_SENTENCE: usize = 150;

pub(super) fn findings(probe: &Probe<'_>, answers: Option<&Answers<'_>>) -> Vec<Finding> {
    let codebook = probe.codebook();
    let mut found = Vec::new();
    for written in walk::all(codebook) {
        let Owner::Code(code, _) = written.owner else { continue };
        let unit = codebook.codes[code].unit;
        let longest = match (answers, unit) {
            (Some(answers), unit) => answers.longest(unit),
            (None, UnitKind::Clause) => LONG_CLAUSE,
            (None, UnitKind::Sentence) => LONG_SENTENCE,
            (None, UnitKind::Response) => continue,
        };
        for part in walk::parts(&written.rule.expr) {
            let Kind::Near { distance, ordered, .. } = part.kind else { continue };
            if distance < longest || longest == 0 {
                continue;
            }
            let name = if ordered { "seq" } else { "near" };
            let (ja, en) = (unit_name(unit), unit.name());
            let error = written.rule.text.error_at(
                part.span,
                text!(
                    "{name} の距離 {distance} は、最も長い{ja}（{longest} 語）より長く、距離の意味がありません。",
                    "The distance {distance} of this {name} is longer than the longest {en} ({longest} morphemes)."
                ),
            );
            let hint = if ordered {
                text!(
                    "順序だけが条件になります。距離を短くしてください。",
                    "Only the order counts. Shorten the distance."
                )
            } else {
                text!("「かつ」（&）と同じです。距離を短くしてください。", "It is the same as &. Shorten the distance.")
            };
            found.push(Finding::new(Lint::LooseNear, Some(code), error, hint));
        }
    }
    found
}

fn unit_name(unit: UnitKind) -> &'static str {
    match unit {
        UnitKind::Response => "回答",
        UnitKind::Sentence => "文",
        UnitKind::Clause => "節",
    }
}
