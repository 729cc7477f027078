//! What people wrote, by theme, with the words that gave the theme marked.

use serde::Serialize;

use super::Both;
use super::listings::figures;
use crate::coding::{Coded, Coding};
use crate::report::examples::{Given, SEED, examples};
use crate::report::quoted::{Groups, Quoted};
use crate::report::review::is_uncoded;
use crate::report::terminal::shown;
use crate::report::{Outcome, group_name};
use crate::span::Span;
use crate::statistics::Stream;
use crate::survey::Respondent;
use crate::tabulate::{Group, Item, ThemeTable, items};

/// Quotations of a theme on the page, and answers without a code; all are in
/// `codings.csv` and `review.csv`.
pub(super) const MOST: usize = 200;

#[derive(Serialize)]
pub(super) struct Theme {
    id: String,
    label: Both,
    definition: String,
    include: Vec<String>,
    exclude: Vec<String>,
    /// People by question: its id, how many, of how many, and the percentage.
    counts: Vec<(String, u64, u64, String)>,
    /// Who says it: a group, and the figures of each question.
    who: Vec<(Both, Vec<String>)>,
    /// What stands for the theme, and what for.
    examples: Vec<(Both, Quote)>,
    quotes: Vec<Quote>,
    /// How many there are.
    all: usize,
}

#[derive(Serialize)]
pub(super) struct Quote {
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

/// Codes that stand for themselves, in the codebook's order.
pub(super) fn themes(outcome: &Outcome<'_>) -> Vec<Theme> {
    let codebook = outcome.codebook;
    let named = Groups::new(outcome);
    let given = given(outcome);
    let theme = |item: Item| {
        let Item::Code(at) = item else { return None };
        let code = &codebook.codes[at];
        let quote = |place: &Place| quote_at(outcome, *place, Some(at), &named);
        let count = |table: &ThemeTable| {
            let place = table.items.iter().position(|other| *other == item)?;
            let share = table.share(place, 0);
            let id = outcome.survey().questions[table.question].id.clone();
            Some((id, share.count(), share.base(), share.percent()))
        };
        let examples = outcome.tables.iter().flat_map(|table| {
            examples(outcome, table.question, at).into_iter().map(|(kind, Given { respondent, answer, coding, .. })| {
                let question = &outcome.survey().questions[table.question].id;
                (kind.name().into(), self::quote(outcome, respondent, question, &answer, Some(coding), &named))
            })
        });
        Some(Theme {
            id: code.id.clone(),
            label: Both::new(|lang| code.label.get(lang).to_owned()),
            definition: code.definition.trim().to_owned(),
            include: code.include.clone(),
            exclude: code.exclude.clone(),
            counts: outcome.tables.iter().filter_map(count).collect(),
            who: who(outcome, item),
            examples: examples.collect(),
            quotes: drawn(given[at].clone(), at as u64).iter().filter_map(quote).collect(),
            all: given[at].len(),
        })
    };
    items(codebook).into_iter().filter_map(theme).collect()
}

/// Respondent and question of an answer, in four bytes each: there can be millions.
type Place = (u32, u32);

/// The answers that may be shown and have a code, by code.
fn given(outcome: &Outcome<'_>) -> Vec<Vec<Place>> {
    let mut given = vec![Vec::new(); outcome.codebook.codes.len()];
    for (place, coded) in shown_answers(outcome) {
        coded.codings.iter().for_each(|coding| given[coding.code].push(place));
    }
    given
}

/// The answers that may be shown, in order.
fn shown_answers<'o>(outcome: &'o Outcome<'_>) -> impl Iterator<Item = (Place, &'o Coded)> {
    (0..outcome.survey().respondents.len()).flat_map(move |respondent| {
        let own = outcome.coded.row(respondent).enumerate();
        own.filter_map(move |(question, coded)| {
            let is_shown = outcome.quoted(respondent, question)?.is_shown();
            is_shown.then_some(((respondent as u32, question as u32), coded?))
        })
    })
}

/// The answer at a place, quoted for a code that it has, or for none.
fn quote_at(
    outcome: &Outcome<'_>,
    (respondent, question): Place,
    code: Option<usize>,
    named: &Groups,
) -> Option<Quote> {
    let (respondent, question) = (respondent as usize, question as usize);
    let coded = outcome.coded.get(respondent, question)?;
    let coding = coded.codings.iter().find(|coding| Some(coding.code) == code);
    let (survey, answer) = (outcome.survey(), outcome.quoted(respondent, question)?);
    let (respondent, question) = (&survey.respondents[respondent], &survey.questions[question].id);
    Some(quote(outcome, respondent, question, &answer, coding, named))
}

/// As many as the page holds, in their order; which of more is drawn.
fn drawn<T: Ord>(mut all: Vec<T>, number: u64) -> Vec<T> {
    if all.len() > MOST {
        Stream::new(SEED, number).draw(&mut all, MOST);
        all.sort_unstable();
    }
    all
}

/// The figures of an item in the groups that the study shows, by question.
fn who(outcome: &Outcome<'_>, item: Item) -> Vec<(Both, Vec<String>)> {
    let Some(first) = outcome.tables.first() else { return Vec::new() };
    let row = |group: usize| {
        let cell = |table: &ThemeTable| {
            let place = table.items.iter().position(|other| *other == item);
            place.map_or_else(String::new, |place| figures(table.share(place, group)))
        };
        let name = Both::new(|lang| group_name(&first.groups[group], lang));
        (name, outcome.tables.iter().map(cell).collect())
    };
    shown(outcome, first).into_iter().map(row).collect()
}

/// Answers with content that no code fits, and how many there are.
pub(super) fn uncoded(outcome: &Outcome<'_>) -> (Vec<Quote>, usize) {
    let named = Groups::new(outcome);
    let own = shown_answers(outcome).filter(|(_, coded)| is_uncoded(coded)).map(|(place, _)| place);
    let places: Vec<Place> = own.collect();
    let all = places.len();
    // No code has this number.
    let chosen = drawn(places, u64::MAX);
    (chosen.into_iter().filter_map(|place| quote_at(outcome, place, None, &named)).collect(), all)
}

fn quote(
    outcome: &Outcome<'_>,
    respondent: &Respondent,
    question: &str,
    answer: &Quoted<'_>,
    coding: Option<&Coding>,
    named: &Groups,
) -> Quote {
    let codebook = outcome.codebook;
    let groups = outcome.tables.first().map_or(&[][..], |table| &table.groups[..]);
    let stance = coding.and_then(|coding| coding.stance.as_ref()).map_or("", |stance| &*stance.id);
    let label = codebook.code(stance).map(|code| &codebook.codes[code].label);
    Quote {
        respondent: respondent.id.clone(),
        question: question.to_owned(),
        stance: stance.to_owned(),
        stance_label: label.map(|label| Both::new(|lang| label.get(lang).to_owned())),
        groups: places(outcome, respondent, groups, named),
        values: named.values(respondent).flatten().map(str::to_owned).collect(),
        parts: parts(answer, coding.map_or(&[], |coding| &coding.evidence)),
    }
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
