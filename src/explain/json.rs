//! An explanation for programs. Positions are code points of the answer as read, as in
//! the CSV files.

use serde_json::{Value, json};

use super::stance::From;
use super::trace::Mask;
use super::written::{self, Site};
use super::{Account, Explanation, Firing, Lack, Miss, Place, StanceAccount, Support};
use crate::codebook::Taken;
use crate::coding::Conflict;
use crate::rule::Expr;
use crate::rule::plan::Part;
use crate::span::Span;

/// The explanation as one JSON object.
pub fn json(explanation: &Explanation<'_>) -> Value {
    let x = explanation;
    json!({
        "answer": x.answer,
        "folded": x.document.text(),
        "sentences": units(x),
        "reserved": x.reserved.as_ref().map(|(reserved, taken)| x.reserved(*reserved, taken)),
        "codes": x.codes.iter().map(|account| x.account(account)).collect::<Vec<_>>(),
        "suggestions": x.suggestions.iter().map(|account| x.account(account)).collect::<Vec<_>>(),
        "conflicts": x.conflicts.iter().map(|conflict| x.conflict(conflict)).collect::<Vec<_>>(),
        "misses": x.misses.iter().map(|miss| x.miss(miss)).collect::<Vec<_>>(),
        "focus": x.focus.as_ref().map(|focus| json!({
            "code": x.codebook.codes[focus.code].id,
            "alternatives": focus.firings.iter().map(|firing| x.firing(firing)).collect::<Vec<_>>(),
            "except": focus.masks.iter().map(|mask| x.mask(focus.code, mask)).collect::<Vec<_>>(),
        })),
    })
}

fn units(x: &Explanation<'_>) -> Value {
    let document = &x.document;
    let tokens = |first: usize, last: usize| {
        let rows = document.tokens[first..last].iter().map(|token| {
            let features = x.tokenizer.features(*token, document.text());
            json!({
                "surface": token.span.of(document.text()),
                "base": features.base,
                "pos": features.pos().join("-"),
                "at": x.place(token.span),
            })
        });
        rows.collect::<Vec<_>>()
    };
    let sentences = document.sentences.iter().map(|sentence| {
        let inside = document
            .clauses
            .iter()
            .enumerate()
            .filter(|(_, clause)| sentence.first <= clause.first && clause.last <= sentence.last);
        json!({
            "text": sentence.span.of(document.text()),
            "clauses": inside.map(|(number, clause)| json!({
                "number": number + 1,
                "text": clause.span.of(document.text()),
                "tokens": tokens(clause.first, clause.last),
            })).collect::<Vec<_>>(),
        })
    });
    sentences.collect()
}

impl Explanation<'_> {
    /// A range of the folded text as a range of the answer.
    fn place(&self, folded: Span) -> Value {
        self.range(self.document.normalized.original(folded))
    }

    fn range(&self, span: Span) -> Value {
        let start = self.answer[..span.start].chars().count();
        let text = span.of(&self.answer);
        json!({ "start": start, "end": start + text.chars().count(), "text": text })
    }

    fn places(&self, spans: &[Span]) -> Vec<Value> {
        spans.iter().map(|span| self.place(*span)).collect()
    }

    fn reserved(&self, reserved: usize, taken: &Taken<'_>) -> Value {
        let (by, pattern) = match taken {
            Taken::Symbol => ("symbol", None),
            Taken::Marks => ("marks", None),
            Taken::Pattern(pattern) => ("pattern", Some(*pattern)),
        };
        let site = pattern.map(|pattern| site(&written::site(pattern, Span::new(0, 0))));
        json!({
            "code": self.codebook.reserved[reserved].id,
            "by": by,
            "pattern": pattern.map(|pattern| &pattern.text),
            "at": site,
        })
    }

    fn account(&self, account: &Account<'_>) -> Value {
        json!({
            "code": self.codebook.codes[account.code].id,
            "evidence": account.evidence.iter().map(|span| self.range(*span)).collect::<Vec<_>>(),
            "alternatives": account.firings.iter().map(|firing| self.firing(firing)).collect::<Vec<_>>(),
            "stance": account.stance.as_ref().map(|stance| self.stance(stance)),
        })
    }

    fn conflict(&self, conflict: &Conflict) -> Value {
        let id = |code: usize| &self.codebook.codes[code].id;
        match conflict {
            Conflict::Codes(codes) => json!({ "kind": "codes", "codes": codes.map(id) }),
            Conflict::Stances { code, stances, evidence } => json!({
                "kind": "stances",
                "code": id(*code),
                "stances": stances.map(id),
                "evidence": evidence.iter().map(|span| self.range(*span)).collect::<Vec<_>>(),
            }),
            Conflict::Reserved { reserved, code, sentence } => json!({
                "kind": "reserved",
                "reserved": self.codebook.reserved[*reserved].id,
                "code": id(*code),
                "sentence": self.range(*sentence),
            }),
        }
    }

    fn stance(&self, stance: &StanceAccount<'_>) -> Value {
        json!({
            "code": stance.id,
            "from": match stance.from {
                From::Own => "own_clause",
                From::Following => "following_clause",
                From::Default => "default",
            },
            "clauses": stance.clauses.iter().map(|clause| clause + 1).collect::<Vec<_>>(),
            "evidence": self.places(&stance.evidence),
            "alternatives": stance.firings.iter().map(|firing| self.firing(firing)).collect::<Vec<_>>(),
            "outranked": stance.outranked.iter().map(|code| &self.codebook.codes[*code].id).collect::<Vec<_>>(),
        })
    }

    fn rule(&self, code: usize, part: Part, expr: &Expr) -> Value {
        json!({
            "part": match part {
                Part::Rule => "rule",
                Part::Except => "except",
                Part::Maybe => "maybe",
            },
            "text": self.rule_text(code, part, expr),
            "at": self.site(code, part, expr).as_ref().map(site),
        })
    }

    fn firing(&self, firing: &Firing<'_>) -> Value {
        json!({
            "code": self.codebook.codes[firing.code].id,
            "rule": self.rule(firing.code, firing.part, firing.alternative),
            "unit": self.place(firing.unit.span),
            "words": self.support(&firing.support),
        })
    }

    fn support(&self, support: &Support<'_>) -> Vec<Value> {
        let codes = support.codes.iter().map(|span| json!({ "at": self.place(*span), "word": null, "list": null }));
        support.places().into_iter().map(|place| self.word(place)).chain(codes).collect()
    }

    fn word(&self, place: &Place<'_>) -> Value {
        json!({ "at": self.place(place.span), "word": written::word(place.word), "list": place.list })
    }

    fn mask(&self, code: usize, mask: &Mask<'_>) -> Value {
        json!({ "at": self.place(mask.span), "rule": self.rule(code, Part::Except, mask.expr) })
    }

    fn miss(&self, miss: &Miss<'_>) -> Value {
        json!({
            "code": self.codebook.codes[miss.code].id,
            "rule": self.rule(miss.code, miss.part, miss.alternative),
            "unit": self.place(miss.unit.span),
            "words": self.support(&miss.support),
            "lacks": miss.lacks.iter().map(|lack| self.lack(miss, lack)).collect::<Vec<_>>(),
        })
    }

    fn lack(&self, miss: &Miss<'_>, lack: &Lack<'_>) -> Value {
        let rule = |expr: &Expr| self.rule(miss.code, miss.part, expr);
        match lack {
            Lack::Absent(expr) => json!({ "reason": "absent", "rule": rule(expr) }),
            Lack::Masked { places, masks } => json!({
                "reason": "except",
                "words": places.iter().map(|place| self.word(place)).collect::<Vec<_>>(),
                "masks": masks.iter().map(|mask| self.mask(miss.code, mask)).collect::<Vec<_>>(),
            }),
            Lack::TooFar { between, distance, most } => json!({
                "reason": "too_far",
                "between": between.iter().map(|place| self.word(place)).collect::<Vec<_>>(),
                "distance": distance,
                "most": most,
            }),
            Lack::Order(expr) => json!({ "reason": "order", "rule": rule(expr) }),
            Lack::Overlap(expr) => json!({ "reason": "overlap", "rule": rule(expr) }),
            Lack::Stopped { condition, by } => {
                json!({ "reason": "not", "rule": rule(condition), "words": self.places(by) })
            }
            Lack::Condition { expr, number } => json!({ "reason": "condition", "rule": rule(expr), "number": number }),
        }
    }
}

fn site(site: &Site) -> Value {
    json!({ "file": site.file, "line": site.line })
}
