//! `report.html`: the results on one page that needs no other file, in both languages,
//! for the screen and for paper.
//!
//! The template escapes every value; what people wrote stays text, set apart so that
//! marks of direction in it turn nothing around.

mod figure;
mod quotes;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, HtmlEscape, UndefinedBehavior};
use serde::Serialize;

use super::layout::{self, Layout};
use super::methods::methods;
use super::tabulation::HIDDEN;
use super::{Outcome, group_name};
use crate::diagnostic::{Diagnostic, Lang, Result, Text};
use crate::tabulate::Item;
use crate::text;
use figure::Figure;
use quotes::{Theme, Uncoded};

/// A text in both languages; the reader chooses.
#[derive(Clone, Serialize)]
struct Both {
    ja: String,
    en: String,
}

impl Both {
    fn new(say: impl Fn(Lang) -> String) -> Self {
        Self { ja: say(Lang::Ja), en: say(Lang::En) }
    }

    fn same(text: &str) -> Self {
        Self::new(|_| text.to_owned())
    }
}

impl From<Text> for Both {
    fn from(Text { ja, en }: Text) -> Self {
        Self { ja, en }
    }
}

#[derive(Serialize)]
struct Page {
    lang: &'static str,
    title: String,
    rates: Vec<[Both; 4]>,
    questions: Vec<Question>,
    /// Groups that quotations can be filtered by.
    groups: Vec<Both>,
    /// Stances, by id and name.
    stances: Vec<(String, Both)>,
    tables: Vec<Tables>,
    themes: Vec<Theme>,
    uncoded: Vec<Uncoded>,
    uncoded_more: usize,
    /// Whether answers are quoted, and what of them is masked.
    quoted: bool,
    masked: Both,
    methods: Vec<(Both, Both)>,
}

#[derive(Serialize)]
struct Question {
    id: String,
    wording: String,
    asked: u64,
    answered: u64,
    uncoded: u64,
    figure: Figure,
    stances: Vec<StanceRow>,
    tables: Tables,
}

/// Of a theme: its name, how many gave it, and how many of these with each stance.
#[derive(Serialize)]
struct StanceRow {
    label: Both,
    total: usize,
    counts: Vec<usize>,
}

/// A table in both languages.
#[derive(Serialize)]
struct Tables {
    ja: Printed,
    en: Printed,
}

#[derive(Serialize)]
struct Printed {
    title: String,
    groups: Vec<String>,
    parts: Vec<&'static str>,
    rows: Vec<PrintedRow>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct PrintedRow {
    name: String,
    kind: &'static str,
    cells: Vec<String>,
}

/// The page.
///
/// # Errors
/// Never for the template this binary was built with; a test runs it.
pub(super) fn html(outcome: &Outcome<'_>) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("t", both);
    let page = page(outcome);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    let rendered = syntax.and_then(|syntax| {
        environment.set_syntax(syntax);
        environment.add_template("table.html", include_str!("page/table.html"))?;
        environment.add_template("report.html", include_str!("page/report.html"))?;
        environment.get_template("report.html")?.render(Serde(&page))
    });
    rendered.map_err(|error| {
        Diagnostic::error(text!("report.html を作れません: {error}", "report.html cannot be made: {error}"))
    })
}

/// A text in both languages, escaped; styles show one of them.
fn both(text: Value) -> std::result::Result<Value, minijinja::Error> {
    let [ja, en] = [text.get_attr("ja")?, text.get_attr("en")?].map(|text| HtmlEscape(&text.to_string()).to_string());
    Ok(Value::from_safe_string(if ja == en {
        ja
    } else {
        format!("<span lang=\"ja\">{ja}</span><span lang=\"en\">{en}</span>")
    }))
}

fn page(outcome: &Outcome<'_>) -> Page {
    let codebook = outcome.codebook;
    let stances: Vec<(String, Both)> = codebook
        .axes
        .iter()
        .filter(|axis| axis.qualifies.is_some())
        .flat_map(|axis| &axis.order)
        .filter_map(|id| {
            let code = codebook.code(id)?;
            Some((id.clone(), Both::new(|lang| codebook.codes[code].label.get(lang).to_owned())))
        })
        .collect();
    let rate = |rate: &crate::tabulate::rates::Rate| {
        let population = rate.population.map_or_else(|| "-".to_owned(), |population| population.to_string());
        let percent = rate.percent();
        [
            Both::new(|lang| rate.label.get(lang).to_owned()),
            Both::same(&population),
            Both::same(&rate.respondents.to_string()),
            Both::same(&if percent.is_empty() { "-".to_owned() } else { format!("{percent}%") }),
        ]
    };
    let groups = outcome.tables.first().map_or(&[][..], |table| &table.groups[..]);
    let (uncoded, uncoded_more) = quotes::uncoded(outcome);
    Page {
        lang: if outcome.lang == Lang::Ja { "ja" } else { "en" },
        title: outcome.study.title.clone().unwrap_or_else(|| outcome.study.id.clone()),
        rates: outcome.rates.iter().map(rate).collect(),
        questions: outcome.tables.iter().map(|table| question(outcome, table, &stances)).collect(),
        groups: groups.iter().map(|group| Both::new(|lang| group_name(group, lang))).collect(),
        tables: outcome.tabulated.iter().map(|own| Tables::new(|lang| layout::table(own, lang))).collect(),
        themes: quotes::themes(outcome),
        uncoded,
        uncoded_more,
        quoted: outcome.study.quotes.show != crate::study::Show::None,
        masked: super::masked(outcome).into(),
        methods: methods(outcome).into_iter().map(|(heading, said)| (heading.into(), said.into())).collect(),
        stances,
    }
}

fn question(outcome: &Outcome<'_>, table: &crate::tabulate::ThemeTable, stances: &[(String, Both)]) -> Question {
    let question = &outcome.survey().questions[table.question];
    let bases = table.bases[0];
    let row = |item: &Item| {
        let Item::Code(code) = item else { return None };
        let codings = outcome.coded.iter().filter_map(|coded| coded[table.question].as_ref());
        let codings = codings.flat_map(|coded| &coded.codings).filter(|coding| coding.code == *code);
        let given: Vec<Option<&str>> =
            codings.map(|coding| coding.stance.as_ref().map(|stance| stance.id.as_str())).collect();
        let counts = stances.iter().map(|(id, _)| given.iter().filter(|given| **given == Some(id)).count()).collect();
        let label = Both::new(|lang| item.label(outcome.codebook).get(lang).to_owned());
        (!given.is_empty()).then_some(StanceRow { label, total: given.len(), counts })
    };
    Question {
        id: question.id.clone(),
        wording: question.wording.clone(),
        asked: bases.respondents,
        answered: bases.answered,
        uncoded: bases.uncoded,
        figure: figure::figure(outcome, table),
        stances: table.items.iter().filter_map(row).collect(),
        tables: Tables::new(|lang| layout::themes(outcome, table, lang)),
    }
}

impl Tables {
    fn new(layout: impl Fn(Lang) -> Layout) -> Self {
        let [ja, en] = [Lang::Ja, Lang::En].map(|lang| printed(layout(lang), lang));
        Self { ja, en }
    }
}

/// The groups that the study shows.
fn printed(layout: Layout, lang: Lang) -> Printed {
    use layout::{Kind, Part};
    let shown: Vec<usize> = (0..layout.groups.len()).filter(|&at| layout.groups[at].is_shown).collect();
    let cell = |value: Option<&layout::Value>, part: Part| {
        let Some(value) = value else { return HIDDEN.to_owned() };
        let percent = |percent: String| if percent.is_empty() { "-".to_owned() } else { percent };
        match part {
            Part::Count => value.share.count().to_string(),
            Part::Base => value.share.base().to_string(),
            Part::Percent => percent(value.share.percent()),
            Part::Weighted => percent(value.weighted.map_or_else(String::new, |percent| format!("{percent:.1}"))),
            Part::Mark => value.mark.to_owned(),
        }
    };
    let row = |row: &layout::Row| PrintedRow {
        name: row.name.clone(),
        kind: match row.kind {
            Kind::Title => "title",
            Kind::Plain => "plain",
            Kind::Member => "member",
            Kind::Reserved => "reserved",
        },
        cells: shown
            .iter()
            .filter(|_| !row.cells.is_empty())
            .flat_map(|&at| layout.parts.iter().map(move |part| (at, *part)))
            .map(|(at, part)| cell(row.cells[at].as_ref(), part))
            .collect(),
    };
    Printed {
        rows: layout.rows.iter().map(row).collect(),
        groups: shown.iter().map(|&at| layout.groups[at].title.clone()).collect(),
        parts: layout.parts.iter().map(|part| part.title(lang)).collect(),
        title: layout.title,
        notes: layout.notes,
    }
}
