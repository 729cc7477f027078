//! Plain tables of the page.

use serde::Serialize;

use super::Both;
use crate::codebook::Codebook;
use crate::diagnostic::Lang;
use crate::report::grid::{Grid, Listing};
use crate::report::tabulation::{bounds, small};
use crate::report::{Outcome, group_name};
use crate::survey::Base;
use crate::tabulate::{Item, Share, ThemeTable};

/// A plain table in both languages.
#[derive(Serialize)]
pub(super) struct Listed {
    ja: Plain,
    en: Plain,
}

#[derive(Serialize)]
struct Plain {
    title: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Listed {
    /// The table that `make` makes, if there is one.
    pub(super) fn of(make: impl Fn(Lang) -> Option<Listing>) -> Option<Self> {
        let plain = |Listing { title, grid, notes }| Plain { title, header: grid.header, rows: grid.rows, notes };
        Some(Self { ja: plain(make(Lang::Ja)?), en: plain(make(Lang::En)?) })
    }

    /// The tables that `make` makes, as many in either language.
    pub(super) fn all(make: impl Fn(Lang) -> Vec<Listing>) -> Vec<Self> {
        let plain = |Listing { title, grid, notes }| Plain { title, header: grid.header, rows: grid.rows, notes };
        let both = make(Lang::Ja).into_iter().zip(make(Lang::En));
        both.map(|(ja, en)| Self { ja: plain(ja), en: plain(en) }).collect()
    }
}

fn say(lang: Lang, ja: &str, en: &str) -> String {
    if lang == Lang::Ja { ja } else { en }.to_owned()
}

fn listing(title: String, header: Vec<String>, rows: Vec<Vec<String>>, notes: Vec<String>) -> Listing {
    let right = (0..header.len()).map(|at| at > 0).collect();
    Listing { title, grid: Grid { header, rows, right }, notes }
}

/// The questions and how many answered.
pub(super) fn asked(outcome: &Outcome<'_>, lang: Lang) -> Listing {
    let row = |table: &ThemeTable| {
        let (question, bases) = (&outcome.survey().questions[table.question], table.bases[0]);
        let counts = [bases.respondents, bases.answered, bases.uncoded].map(|count| count.to_string());
        std::iter::once(format!("{}  {}", question.id, question.wording)).chain(counts).collect()
    };
    let header = vec![
        say(lang, "設問", "question"),
        say(lang, "質問された人", "asked"),
        say(lang, "内容のある回答", "answered with content"),
        say(lang, "うちコードなし", "of these without a code"),
    ];
    let note = say(
        lang,
        "人数です。「特になし」などの、内容のない回答と空欄は「内容のある回答」に入りません。",
        "People. Answers without content (\"nothing\" and the like) and blanks are not \"answered with content\".",
    );
    let title = say(lang, "設問と回答の数", "Questions and answers");
    listing(title, header, outcome.tables.iter().map(row).collect(), vec![note])
}

/// Response rates, where the study gives the population.
pub(super) fn rates(outcome: &Outcome<'_>, lang: Lang) -> Option<Listing> {
    let row = |rate: &crate::tabulate::rates::Rate| {
        let percent = rate.percent();
        let percent = if percent.is_empty() { "-".to_owned() } else { format!("{percent}%") };
        let population = rate.population.map_or_else(|| "-".to_owned(), |population| population.to_string());
        vec![rate.label.get(lang).to_owned(), population, rate.respondents.to_string(), percent]
    };
    let header = vec![
        say(lang, "群", "group"),
        say(lang, "対象", "population"),
        say(lang, "回答", "respondents"),
        say(lang, "回収率", "rate"),
    ];
    let note =
        say(lang, "回収率は、対象のうち回答した割合です。", "The rate is the part of the population that responded.");
    let rows = outcome.rates.iter().map(row).collect();
    let title = say(lang, "回収率", "Response rates");
    (!outcome.rates.is_empty()).then(|| listing(title, header, rows, vec![note]))
}

/// How many gave each theme with each stance.
pub(super) fn stances(outcome: &Outcome<'_>, table: &ThemeTable, lang: Lang) -> Option<Listing> {
    let codebook = outcome.codebook;
    let stances = stance_ids(codebook);
    let row = |item: &Item| {
        let Item::Code(code) = item else { return None };
        let codings = outcome.coded.column(table.question).flatten();
        let codings = codings.flat_map(|coded| &coded.codings).filter(|coding| coding.code == *code);
        let given: Vec<Option<&str>> = codings.map(|coding| coding.stance.as_ref().map(|stance| &*stance.id)).collect();
        let counts = stances.iter().map(|(id, _)| given.iter().filter(|given| **given == Some(id)).count());
        let counts = std::iter::once(given.len()).chain(counts).map(|count| count.to_string());
        let name = item.label(codebook).get(lang).to_owned();
        (!given.is_empty()).then(|| std::iter::once(name).chain(counts).collect())
    };
    let rows: Vec<Vec<String>> = table.items.iter().filter_map(row).collect();
    if stances.is_empty() || rows.is_empty() {
        return None;
    }
    let names = stances.iter().map(|(_, name)| name.get(lang).to_owned());
    let header = [say(lang, "テーマ", "theme"), say(lang, "人数", "people")].into_iter().chain(names).collect();
    let question = &outcome.survey().questions[table.question].id;
    let title = format!("{question}  {}", say(lang, "テーマと立場", "Themes and stances"));
    let note = say(
        lang,
        "人数です。1人の1つのテーマに、立場は1つです。0人のテーマは略しました。",
        "People. A person has one stance on a theme. Themes of nobody are left out.",
    );
    Some(listing(title, header, rows, vec![note]))
}

/// Stances by their ids.
pub(super) fn stance_ids(codebook: &Codebook) -> Vec<(String, Both)> {
    let axes = codebook.axes.iter().filter(|axis| axis.qualifies.is_some());
    let stance = |id: &String| {
        let code = codebook.code(id)?;
        Some((id.clone(), Both::new(|lang| codebook.codes[code].label.get(lang).to_owned())))
    };
    axes.flat_map(|axis| &axis.order).filter_map(stance).collect()
}

/// Every theme in every group: count, base, percentage and interval.
pub(super) fn numbers(outcome: &Outcome<'_>, table: &ThemeTable, lang: Lang) -> Listing {
    let head = |(group, bases): (&crate::tabulate::Group, &crate::tabulate::Bases)| {
        let base = if table.base == Base::Answered { bases.answered } else { bases.respondents };
        format!("{}(n={base}{})", group_name(group, lang), small(base))
    };
    let groups = table.groups.iter().zip(&table.bases).map(head);
    let header = std::iter::once(say(lang, "テーマ", "theme")).chain(groups).collect();
    let row = |(at, item): (usize, &Item)| {
        let name = item.label(outcome.codebook).get(lang).to_owned();
        let cells = (0..table.groups.len()).map(|group| figures(table.share(at, group)));
        std::iter::once(name).chain(cells).collect()
    };
    let rows = table.items.iter().enumerate().map(row).collect();
    let question = &outcome.survey().questions[table.question].id;
    let title = format!("{question}  {}", say(lang, "すべての群の数値", "Numbers of all groups"));
    let note = say(
        lang,
        "人数／母数、割合、[ ] は95%信頼区間（Wilson、%）。themes.csv と同じ数値です。",
        "People/base, percentage, [ ]: 95 % interval (Wilson, %). The same numbers as in themes.csv.",
    );
    listing(title, header, rows, vec![note])
}

/// A share with its interval; a dash without a base.
pub(super) fn figures(share: Share) -> String {
    let [low, high] = bounds(share, None);
    match share.base() {
        0 => "-".to_owned(),
        base => format!("{}/{base} {}% [{low}–{high}]", share.count(), share.percent()),
    }
}
