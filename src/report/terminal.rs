//! The theme table on the terminal, aligned for wide characters.

use unicode_width::UnicodeWidthStr as _;

use super::review::Review;
use super::{Outcome, group_name, label};
use crate::diagnostic::Lang;
use crate::survey::Base;
use crate::tabulate::{GroupKind, Item, ThemeTable};

/// Columns of the terminal that `text` takes.
pub fn width(text: &str) -> usize {
    text.width()
}

pub(super) fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

pub(super) fn pad_left(text: &str, to: usize) -> String {
    format!("{}{text}", " ".repeat(to.saturating_sub(width(text))))
}

/// Themes as rows; all respondents and the study's chosen groups as columns. Zero rows
/// are kept.
pub fn table(outcome: &Outcome<'_>, table: &ThemeTable) -> String {
    let question = &outcome.survey().questions[table.question];
    let columns = shown(outcome, table);
    let header: Vec<String> = columns
        .iter()
        .map(|&column| {
            let bases = table.bases[column];
            let n = if table.base == Base::Answered { bases.answered } else { bases.respondents };
            format!("{}(n={n})", group_name(&table.groups[column], outcome.lang))
        })
        .collect();
    let names: Vec<String> = table.items.iter().map(|item| name(outcome, *item)).collect();
    let name_width = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let widths: Vec<usize> = header.iter().map(|title| width(title).max(13)).collect();

    let mut out = format!("\n{}  {}\n", question.id, question.wording);
    out.push_str(&pad("", name_width));
    for (title, width) in header.iter().zip(&widths) {
        out.push_str(&format!("  {}", pad_left(title, *width)));
    }
    out.push('\n');
    out.push_str(&"─".repeat(name_width + widths.iter().map(|width| width + 2).sum::<usize>()));
    out.push('\n');
    let mut previous = table.items[0];
    for (at, item) in table.items.iter().enumerate() {
        if matches!(item, Item::Reserved(_)) && !matches!(previous, Item::Reserved(_)) {
            out.push('\n');
        }
        previous = *item;
        out.push_str(&pad(&names[at], name_width));
        for (&column, width) in columns.iter().zip(&widths) {
            let share = table.share(at, column);
            let percent = if share.base() == 0 { "-".to_owned() } else { format!("{}%", share.percent()) };
            out.push_str(&format!("  {}", pad_left(&format!("{:>4} {percent:>7}", share.count()), *width)));
        }
        out.push('\n');
    }
    out.push_str(&summary(table, outcome.lang));
    out.push_str(&review(Review::of(outcome, table.question), outcome.lang));
    out
}

/// How many answers wait for a person.
fn review(review: Review, lang: Lang) -> String {
    let Review { answers, maybe, uncoded, conflict } = review;
    match lang {
        Lang::Ja => format!(
            "要確認の回答（review.csv）: {answers}件。示唆 {maybe}件・コードなし {uncoded}件・矛盾 {conflict}件（1つの回答が複数に入ることがあります）。\n"
        ),
        Lang::En => format!(
            "Answers to review (review.csv): {answers}. Suggested {maybe}, without a code {uncoded}, contradictory {conflict} (an answer can be under several).\n"
        ),
    }
}

/// Codes of a net stand indented under it.
fn name(outcome: &Outcome<'_>, item: Item) -> String {
    let label = label(item.label(outcome.codebook), outcome);
    let member = matches!(item, Item::Code(code) if outcome.codebook.codes[code].net.is_some());
    if member { format!("  {label}") } else { label.to_owned() }
}

/// All respondents, then the groups that the study shows, then 不明 if there is any.
pub(super) fn shown(outcome: &Outcome<'_>, table: &ThemeTable) -> Vec<usize> {
    let mut columns = Vec::new();
    for (at, group) in table.groups.iter().enumerate() {
        let chosen = match &group.kind {
            GroupKind::Total | GroupKind::Missing => true,
            GroupKind::Category(name) | GroupKind::Net(name, _) => {
                let attribute = outcome.survey().attributes.iter().find(|attribute| attribute.name == group.by);
                attribute.is_some_and(|attribute| outcome.study.table.shown(attribute).contains(&name.as_str()))
            }
        };
        if chosen {
            columns.push(at);
        }
    }
    columns
}

/// Who the percentages of a table of themes are of.
pub(super) fn summary(table: &ThemeTable, lang: Lang) -> String {
    let bases = table.bases[0];
    let (respondents, answered, uncoded) = (bases.respondents, bases.answered, bases.uncoded);
    match (lang, table.base) {
        (Lang::Ja, base) => {
            let base = if base == Base::Answered {
                "内容のある回答をした人（下段は質問された全員）"
            } else {
                "質問された全員"
            };
            format!(
                "\n%の母数: {base}。質問された人 {respondents}、内容のある回答 {answered}、うちコードなし {uncoded}。1人が複数のテーマに入るため、合計は100%を超えます。\n"
            )
        }
        (Lang::En, base) => {
            let base = if base == Base::Answered {
                "those who answered with content (below: of everyone asked)"
            } else {
                "everyone asked"
            };
            format!(
                "\nPercent of {base}. Asked {respondents}, answered with content {answered}, of these without a code {uncoded}. People count in several themes, so columns add to more than 100.\n"
            )
        }
    }
}
