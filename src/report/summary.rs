//! `summary.md`: what a run found out, in sentences made from its numbers.
//!
//! Nothing is said that a number does not say: themes in their order, differences that
//! the adjusted tests bear out, and answers picked by a rule that is stated.

use super::agreement::section;
use super::examples::{self, Given};
use super::methods::methods;
use super::tabulation::{Tested, bounds, significant, small, tenths};
use super::terminal::summary;
use super::{Outcome, manual};
use crate::diagnostic::Lang;
use crate::study::Show;
use crate::tabulate::compare::Test;
use crate::tabulate::{Item, ThemeTable};

/// A difference is told from here down, after adjustment.
const LEVEL: f64 = 0.05;
/// Themes that are quoted of each question.
const QUOTED: usize = 5;
/// Characters of a quotation.
const LONGEST: usize = 200;

/// The text, in the language of the outcome.
pub(super) fn text(outcome: &Outcome<'_>) -> String {
    let lang = outcome.lang;
    let title = outcome.study.title.as_deref().unwrap_or(&outcome.study.id);
    let mut out = format!("# {}\n", manual::markdown(title));
    for (table, tested) in outcome.tables.iter().zip(outcome.tested) {
        let question = &outcome.survey().questions[table.question];
        out.push_str(&format!("\n## {} {}\n\n", manual::markdown(&question.id), manual::markdown(&question.wording)));
        out.push_str(&format!("{}\n", manual::markdown(summary(table, lang).trim())));
        out.push_str(&frequencies(outcome, table));
        out.push_str(&differences(outcome, table, tested));
        out.push_str(&quotations(outcome, table));
    }
    out.push_str(&agreement(outcome));
    out.push_str(if lang == Lang::Ja { "\n## 方法\n\n" } else { "\n## Methods\n\n" });
    for (heading, said) in methods(outcome) {
        out.push_str(&format!("- **{}** {}\n", heading.get(lang), manual::markdown(said.get(lang))));
    }
    out
}

fn label(outcome: &Outcome<'_>, item: Item) -> String {
    manual::markdown(item.label(outcome.codebook).get(outcome.lang))
}

/// Places of the items that hold for anyone, most people first, of equals the codebook's
/// first.
fn ranked(table: &ThemeTable, is_in: &dyn Fn(Item) -> bool) -> Vec<usize> {
    let mut places: Vec<usize> =
        (0..table.items.len()).filter(|&at| is_in(table.items[at]) && table.counts[at][0] > 0).collect();
    places.sort_by_key(|&at| std::cmp::Reverse(table.counts[at][0]));
    places
}

/// Count, percentage and interval of an item among all respondents.
fn figure(table: &ThemeTable, at: usize, lang: Lang) -> String {
    let share = table.share(at, 0);
    let (count, base, percent) = (share.count(), share.base(), share.percent());
    let [low, high] = bounds(share, None);
    match lang {
        Lang::Ja => format!("{count}人／{base}人（{percent}%、95%区間 {low}–{high}%）"),
        Lang::En => format!("{count} of {base} ({percent} %, 95 % interval {low}–{high} %)"),
    }
}

fn frequencies(outcome: &Outcome<'_>, table: &ThemeTable) -> String {
    let (lang, codebook) = (outcome.lang, outcome.codebook);
    let net_of = |item: Item| match item {
        Item::Code(code) => codebook.codes[code].net.as_deref(),
        _ => None,
    };
    let is_top = |item: Item| !matches!(item, Item::Reserved(_)) && net_of(item).is_none();
    let mut out =
        if lang == Lang::Ja { "\n### テーマ（多い順）\n\n" } else { "\n### Themes, most frequent first\n\n" }
            .to_owned();
    for (rank, at) in (1..).zip(ranked(table, &is_top)) {
        let item = table.items[at];
        out.push_str(&format!("{rank}. {}: {}\n", label(outcome, item), figure(table, at, lang)));
        if let Item::Net(net) = item {
            let id = codebook.nets[net].id.as_str();
            for member in ranked(table, &|other| net_of(other) == Some(id)) {
                out.push_str(&format!(
                    "    - {}: {}\n",
                    label(outcome, table.items[member]),
                    figure(table, member, lang)
                ));
            }
        }
    }
    let nobody = (0..table.items.len()).filter(|&at| is_top(table.items[at]) && table.counts[at][0] == 0);
    let nobody: Vec<String> = nobody.map(|at| label(outcome, table.items[at])).collect();
    if !nobody.is_empty() {
        out.push_str(&match lang {
            Lang::Ja => format!("\n該当する人がいなかったテーマ: {}。\n", nobody.join("、")),
            Lang::En => format!("\nThemes of nobody: {}.\n", nobody.join("; ")),
        });
    }
    let reserved = ranked(table, &|item| matches!(item, Item::Reserved(_)));
    if !reserved.is_empty() {
        out.push_str(if lang == Lang::Ja { "\n内容のない回答:\n\n" } else { "\nAnswers without content:\n\n" });
        for at in reserved {
            out.push_str(&format!("- {}: {}\n", label(outcome, table.items[at]), figure(table, at, lang)));
        }
    }
    out
}

fn differences(outcome: &Outcome<'_>, table: &ThemeTable, tested: &Tested) -> String {
    let lang = outcome.lang;
    if tested.comparisons.is_empty() {
        return String::new();
    }
    let mut out = if lang == Lang::Ja { "\n### 群の差\n\n" } else { "\n### Differences between groups\n\n" }.to_owned();
    let is_told = |test: &&Test| test.kind.is_main() && test.p_adjusted.is_some_and(|p| p < LEVEL);
    let told: Vec<&Test> = tested.tests.iter().filter(is_told).collect();
    for (at, comparison) in tested.comparisons.iter().enumerate() {
        let family =
            tested.tests.iter().filter(|test| test.comparison == at && test.kind.is_main() && test.p.is_some());
        let (name, family) = (manual::markdown(&comparison.name(&tested.columns, lang)), family.count());
        let mut bases = Vec::new();
        for group in &comparison.groups {
            let base = table.share(0, *group).base();
            let title = manual::markdown(tested.columns[*group].name(lang));
            bases.push(format!("{title} n={base}{}", small(base).replace('*', "\\*")));
        }
        let own: Vec<&&Test> = told.iter().filter(|test| test.comparison == at).collect();
        let (number, bases) = (own.len(), bases.join(if lang == Lang::Ja { "、" } else { ", " }));
        out.push_str(&match (lang, number) {
            (Lang::Ja, 0) => format!("- {name}（{bases}）: {family} 検定のうち、Holm 法で調整した p が {LEVEL} 未満のものはありません。差がないことを示すものではありません。\n"),
            (Lang::En, 0) => format!("- {name} ({bases}): of {family} tests none has a p under {LEVEL} after Holm's adjustment. This does not show that there is no difference.\n"),
            (Lang::Ja, _) => format!("- {name}（{bases}）: {family} 検定のうち {number} つで、Holm 法で調整した p が {LEVEL} 未満です。\n"),
            (Lang::En, _) => format!("- {name} ({bases}): of {family} tests {number} have a p under {LEVEL} after Holm's adjustment.\n"),
        });
        own.into_iter().for_each(|test| out.push_str(&difference(outcome, table, tested, test)));
    }
    out
}

fn difference(outcome: &Outcome<'_>, table: &ThemeTable, tested: &Tested, test: &Test) -> String {
    let lang = outcome.lang;
    let groups = tested.comparisons[test.comparison].groups.iter().map(|&group| {
        let share = table.share(test.item, group);
        let name = manual::markdown(tested.columns[group].name(lang));
        format!("{name} {}/{} ({}%)", share.count(), share.base(), share.percent())
    });
    let groups = groups.collect::<Vec<_>>().join(if lang == Lang::Ja { "、" } else { ", " });
    let points = test.difference.map_or_else(String::new, |of| {
        let (points, (low, high)) = (tenths(of.tenths), of.bounds);
        match lang {
            Lang::Ja => format!("。差 {points} ポイント（95%区間 {low:.1}–{high:.1}）"),
            Lang::En => format!("; difference {points} points (95 % interval {low:.1} to {high:.1})"),
        }
    });
    let p = significant(test.p_adjusted.unwrap_or(1.0));
    let (theme, kind) = (label(outcome, table.items[test.item]), test.kind.name());
    format!("    - {theme}: {groups}{points}; p={p} ({kind}, Holm)\n")
}

fn quotations(outcome: &Outcome<'_>, table: &ThemeTable) -> String {
    let lang = outcome.lang;
    let places = ranked(table, &|item| matches!(item, Item::Code(_)));
    if places.is_empty() || outcome.study.quotes.show == Show::None {
        return String::new();
    }
    let rule = examples::rule();
    let rule = rule.get(lang);
    let mut out = match lang {
        Lang::Ja => format!(
            "\n### 回答の例\n\n多い順に {QUOTED} つまでのコードから、典型と異なる例を1つずつ。{rule}{LONGEST} 文字を超える部分は「…」で略しました。\n\n"
        ),
        Lang::En => format!(
            "\n### Examples of answers\n\nA typical answer and one that differs, for each of at most {QUOTED} codes, most frequent first. {rule} What exceeds {LONGEST} characters is left out (…).\n\n"
        ),
    };
    for at in places.into_iter().take(QUOTED) {
        let Item::Code(code) = table.items[at] else { continue };
        let name = label(outcome, table.items[at]);
        for (kind, given) in examples::examples(outcome, table.question, code) {
            let kind = kind.name();
            out.push_str(&quotation(&name, kind.get(lang), &given, lang));
        }
    }
    out
}

fn quotation(name: &str, kind: &str, given: &Given<'_>, lang: Lang) -> String {
    let answer = given.answer.text();
    let cut: String = answer.chars().take(LONGEST).collect();
    let more = if cut.len() < answer.len() { "…" } else { "" };
    let (cut, id) = (manual::markdown(&cut), manual::markdown(&given.respondent.id));
    match lang {
        Lang::Ja => format!("- {name}（{kind}）: 「{cut}{more}」（{id}）\n"),
        Lang::En => format!("- {name} ({kind}): “{cut}{more}” ({id})\n"),
    }
}

/// How far people agreed, if the study names their codings.
fn agreement(outcome: &Outcome<'_>) -> String {
    let (lang, Some(reliability)) = (outcome.lang, outcome.agreement) else { return String::new() };
    let mut out = if lang == Lang::Ja { "\n## コーダー間の一致\n" } else { "\n## Agreement of coders\n" }.to_owned();
    for listing in section::listings(reliability, outcome.codebook, lang) {
        out.push_str(&format!("\n### {}\n\n{}", manual::markdown(&listing.title), listing.grid.markdown()));
        for note in listing.notes {
            out.push_str(&format!("\n{}\n", manual::markdown(&note)));
        }
    }
    out
}
