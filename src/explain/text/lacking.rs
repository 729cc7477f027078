//! What an alternative lacks, and what contradicts itself, in one sentence.

use super::{Page, abbreviated, shown};
use crate::coding::Conflict;
use crate::diagnostic::Lang;
use crate::explain::{Lack, Miss};
use crate::rule::Kind;
use crate::rule::plan::Part;
use crate::span::Span;
use crate::text as say;

impl Page<'_, '_> {
    pub(super) fn conflict(&self, conflict: &Conflict) -> String {
        let quoted = |spans: &[Span]| -> String {
            spans.iter().map(|span| format!("「{}」", shown(span.of(&self.explanation.answer)))).collect()
        };
        let said = match conflict {
            Conflict::Codes([a, b]) => {
                let (a, b) = (self.name(*a), self.name(*b));
                say!("{a} と {b} がともに付いています。", "Both {a} and {b} hold.")
            }
            Conflict::Stances { code, stances: [a, b], evidence } => {
                let (code, a, b, words) = (self.name(*code), self.name(*a), self.name(*b), quoted(evidence));
                say!(
                    "{code} が節によって {a} と {b} です: {words}",
                    "{code} is {a} in one clause and {b} in another: {words}"
                )
            }
            Conflict::Reserved { reserved, code, sentence } => {
                let reserved = &self.explanation.codebook.reserved[*reserved];
                let (label, id, code) = (reserved.label.get(self.lang), &reserved.id, self.name(*code));
                let words = quoted(&[*sentence]);
                say!(
                    "{words} の文だけなら {label} ({id}) ですが、{code} があります。",
                    "{words} alone would be {label} ({id}), yet there is {code}."
                )
            }
        };
        said.get(self.lang).to_owned()
    }

    pub(super) fn lack(&self, lack: &Lack<'_>, miss: &Miss<'_>) -> String {
        let rule = |expr| abbreviated(&self.explanation.rule_text(miss.code, miss.part, expr));
        let said = match lack {
            Lack::Absent(expr) => {
                let asked = rule(expr);
                match &expr.kind {
                    Kind::Code(_) => say!("{asked} がこの単位で付いていません。", "{asked} does not hold in the unit."),
                    _ => say!("次の語がありません: {asked}", "Missing: {asked}"),
                }
            }
            Lack::Masked { places, masks } => {
                let words = self.quoted(&places.iter().map(|place| place.span).collect::<Vec<_>>());
                let mut lines: Vec<String> = Vec::new();
                for mask in masks {
                    let except = self.rule(miss.code, Part::Except, mask.expr);
                    let line = format!("{} {except}", self.quoted(&[mask.span]));
                    if !lines.contains(&line) {
                        lines.push(line);
                    }
                }
                let lines = lines.join(if self.lang == Lang::Ja { "、" } else { ", " });
                say!("{words} は except で除かれました: {lines}", "{words} is taken out by except: {lines}")
            }
            Lack::TooFar { between, distance, most } => {
                let [before, after] = between.each_ref().map(|place| self.quoted(&[place.span]));
                say!(
                    "{before}から{after}までの距離が {distance}（{most} まで）です。",
                    "From {before} to {after}: distance {distance}, at most {most}."
                )
            }
            Lack::Order(_) => {
                say!("語はそろっていますが、順序が違います。", "All words are there, in another order.")
            }
            Lack::Overlap(_) => {
                say!("語はそろっていますが、重なっています。", "All words are there, one on another.")
            }
            Lack::Stopped { condition, by } => {
                let (condition, words) = (rule(condition), self.quoted(by));
                if by.is_empty() {
                    say!("条件 !({condition}) で止まりました。", "Stopped by the condition !({condition}).")
                } else {
                    say!(
                        "条件 !({condition}) が {words} で止めました。",
                        "Stopped by {words}: the condition !({condition})."
                    )
                }
            }
            Lack::Condition { expr, number } => {
                let condition = rule(expr);
                match number {
                    Some(number) => say!("条件 {condition} に対して {number} です。", "{condition}: it is {number}."),
                    None => say!(
                        "条件 {condition} に回答者の属性が合いません。",
                        "The respondent's attribute does not fit {condition}."
                    ),
                }
            }
        };
        said.get(self.lang).to_owned()
    }
}
