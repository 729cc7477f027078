//! What people wrote, by theme, with the words that gave the theme marked.

use serde::Serialize;

use super::Both;
use crate::report::quoted::{Groups, Quoted};
use crate::report::review::is_uncoded;
use crate::report::{Outcome, csv::answers};
use crate::span::Span;
use crate::survey::Respondent;
use crate::tabulate::{Group, Item, items};

/// Quotations of a theme on the page; all are in `codings.csv`.
const MOST: usize = 200;

#[derive(Serialize)]
pub(super) struct Theme {
    id: String,
    label: Both,
    definition: String,
    include: Vec<String>,
    exclude: Vec<String>,
    /// People by question: its id, how many, of how many, and the percentage.
    counts: Vec<(String, u64, u64, String)>,
    quotes: Vec<Quote>,
    /// How many more there are.
    more: usize,
}

#[derive(Serialize)]
struct Quote {
    respondent: String,
    question: String,
    stance: String,
    stance_label: Option<Both>,
    /// Places of the groups that the respondent is in.
    groups: String,
    values: Vec<String>,
    parts: Vec<Part>,
}

/// A piece of an answer, marked or not.
#[derive(Serialize)]
struct Part {
    text: String,
    marked: bool,
}

#[derive(Serialize)]
pub(super) struct Uncoded {
    respondent: String,
    question: String,
    text: String,
}

/// Codes that stand for themselves, in the codebook's order.
pub(super) fn themes(outcome: &Outcome<'_>) -> Vec<Theme> {
    let codebook = outcome.codebook;
    let mut quotes: Vec<Vec<Quote>> = codebook.codes.iter().map(|_| Vec::new()).collect();
    let mut more = vec![0; codebook.codes.len()];
    let groups = outcome.tables.first().map_or(&[][..], |table| &table.groups[..]);
    let named = Groups::new(outcome);
    let shown = answers(outcome).filter(|(_, _, answer, _)| answer.is_shown());
    for (respondent, question, answer, coded) in shown {
        for coding in &coded.codings {
            if quotes[coding.code].len() == MOST {
                more[coding.code] += 1;
                continue;
            }
            let stance = coding.stance.as_ref().map_or("", |stance| stance.id.as_str());
            quotes[coding.code].push(Quote {
                respondent: respondent.id.clone(),
                question: question.id.clone(),
                stance: stance.to_owned(),
                stance_label: codebook
                    .code(stance)
                    .map(|code| Both::new(|lang| codebook.codes[code].label.get(lang).to_owned())),
                groups: places(outcome, respondent, groups, &named),
                values: named.values(respondent).flatten().map(str::to_owned).collect(),
                parts: parts(&answer, &coding.evidence),
            });
        }
    }
    let theme = |item: Item| {
        let Item::Code(at) = item else { return None };
        let code = &codebook.codes[at];
        let count = |table: &crate::tabulate::ThemeTable| {
            let place = table.items.iter().position(|other| *other == item)?;
            let share = table.share(place, 0);
            let id = outcome.survey().questions[table.question].id.clone();
            Some((id, share.count(), share.base(), share.percent()))
        };
        Some(Theme {
            id: code.id.clone(),
            label: Both::new(|lang| code.label.get(lang).to_owned()),
            definition: code.definition.trim().to_owned(),
            include: code.include.clone(),
            exclude: code.exclude.clone(),
            counts: outcome.tables.iter().filter_map(count).collect(),
            quotes: std::mem::take(&mut quotes[at]),
            more: more[at],
        })
    };
    items(codebook).into_iter().filter_map(theme).collect()
}

/// Answers with content that no code fits, and how many more there are.
pub(super) fn uncoded(outcome: &Outcome<'_>) -> (Vec<Uncoded>, usize) {
    let own = || answers(outcome).filter(|(_, _, answer, coded)| answer.is_shown() && is_uncoded(coded));
    let uncoded = own().take(MOST).map(|(respondent, question, answer, _)| Uncoded {
        respondent: respondent.id.clone(),
        question: question.id.clone(),
        text: answer.text().into_owned(),
    });
    (uncoded.collect(), own().count().saturating_sub(MOST))
}

/// Places of the groups that the respondent is in and that may be named, with a blank
/// around each.
fn places(outcome: &Outcome<'_>, respondent: &Respondent, groups: &[Group], named: &Groups) -> String {
    let attributes = &outcome.survey().attributes;
    let bases = outcome.tables.first().map_or(&[][..], |table| &table.bases[..]);
    let may_name = |at: usize| at == 0 || named.may_name(bases[at].respondents);
    let own =
        (0..groups.len()).filter(|&at| may_name(at) && crate::tabulate::is_in(respondent, &groups[at], attributes));
    own.fold(" ".to_owned(), |places, at| format!("{places}{at} "))
}

fn parts(answer: &Quoted<'_>, evidence: &[Span]) -> Vec<Part> {
    let parts = answer.parts(evidence).into_iter();
    parts.map(|(text, marked)| Part { text: text.into_owned(), marked }).collect()
}
