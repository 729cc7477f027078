//! `report.html`: the results on one page that needs no other file, in both languages,
//! for the screen and for paper.
//!
//! The template escapes every value; what people wrote stays text, set apart so that
//! marks of direction in it turn nothing around.

mod figure;
mod listings;
mod quotes;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, HtmlEscape, UndefinedBehavior};
use serde::Serialize;

use super::agreement::section;
use super::layout::{self, Layout};
use super::methods::{citation, methods};
use super::tabulation::HIDDEN;
use super::{Outcome, cooccurrence, examples, group_name};
use crate::diagnostic::{Diagnostic, Lang, Result, Text};
use crate::tabulate::ThemeTable;
use crate::text;
use figure::Figure;
use listings::Listed;
use quotes::{Quote, Theme};

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

    fn get(&self, lang: Lang) -> &str {
        if lang == Lang::Ja { &self.ja } else { &self.en }
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
    asked: Option<Listed>,
    rates: Option<Listed>,
    questions: Vec<Question>,
    /// Groups that quotations can be filtered by.
    groups: Vec<Both>,
    /// Stances, by id and name.
    stances: Vec<(String, Both)>,
    tables: Vec<Tables>,
    /// How examples were picked.
    rule: Both,
    /// How many quotations of a theme there are at most.
    most: usize,
    seed: u64,
    themes: Vec<Theme>,
    uncoded: Vec<Quote>,
    /// How many there are.
    uncoded_all: usize,
    /// Whether answers are quoted, and what of them is masked.
    quoted: bool,
    masked: Both,
    agreement: Vec<Listed>,
    /// How it was done, as one paragraph.
    methods: Both,
    citation: Both,
}

#[derive(Serialize)]
struct Question {
    id: String,
    wording: String,
    figure: Figure,
    /// Each net in its codes.
    nets: Vec<(Both, Figure)>,
    stances: Option<Listed>,
    together: Option<Listed>,
    numbers: Option<Listed>,
    tables: Tables,
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
        environment.add_template("list.html", include_str!("page/list.html"))?;
        environment.add_template("figure.html", include_str!("page/figure.html"))?;
        environment.add_template("quote.html", include_str!("page/quote.html"))?;
        environment.add_template("page.css", include_str!("page/page.css"))?;
        environment.add_template("page.js", include_str!("page/page.js"))?;
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
    let groups = outcome.tables.first().map_or(&[][..], |table| &table.groups[..]);
    let (uncoded, uncoded_all) = quotes::uncoded(outcome);
    let agreement = |lang| {
        let own = outcome.agreement.map(|agreement| section::listings(agreement, outcome.codebook, lang));
        own.unwrap_or_default()
    };
    Page {
        lang: if outcome.lang == Lang::Ja { "ja" } else { "en" },
        title: outcome.study.title.clone().unwrap_or_else(|| outcome.study.id.clone()),
        asked: Listed::of(|lang| Some(listings::asked(outcome, lang))),
        rates: Listed::of(|lang| listings::rates(outcome, lang)),
        questions: outcome.tables.iter().map(|table| question(outcome, table)).collect(),
        groups: groups.iter().map(|group| Both::new(|lang| group_name(group, lang))).collect(),
        stances: listings::stance_ids(outcome.codebook),
        tables: outcome.tabulated.iter().map(|own| Tables::new(|lang| layout::table(own, lang))).collect(),
        rule: examples::rule().into(),
        most: quotes::MOST,
        seed: examples::SEED,
        themes: quotes::themes(outcome),
        uncoded,
        uncoded_all,
        quoted: outcome.study.quotes.show != crate::study::Show::None,
        masked: super::masked(outcome).into(),
        agreement: Listed::all(agreement),
        methods: paragraph(outcome),
        citation: citation(outcome).into(),
    }
}

/// How it was done, as one paragraph to paste.
fn paragraph(outcome: &Outcome<'_>) -> Both {
    let said = methods(outcome);
    Both::new(|lang| {
        let sentences: Vec<&str> = said.iter().map(|(_, said)| said.get(lang)).collect();
        sentences.join(if lang == Lang::Ja { "" } else { " " })
    })
}

fn question(outcome: &Outcome<'_>, table: &ThemeTable) -> Question {
    let question = &outcome.survey().questions[table.question];
    Question {
        id: question.id.clone(),
        wording: question.wording.clone(),
        figure: figure::figure(outcome, table),
        nets: figure::nets(outcome, table),
        stances: Listed::of(|lang| listings::stances(outcome, table, lang)),
        together: Listed::of(|lang| cooccurrence::listing(outcome, table, lang)),
        numbers: Listed::of(|lang| Some(listings::numbers(outcome, table, lang))),
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
