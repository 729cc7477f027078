//! Themes that the same people gave.

use super::Outcome;
use super::grid::{Grid, Listing};
use crate::diagnostic::Lang;
use crate::tabulate::{Item, ThemeTable, item_holds};

/// Pairs that are shown.
const MOST: usize = 20;

/// Pairs of themes that somebody gave together in the answers to a question, most people
/// first, of equals in the codebook's order; nets in place of their codes. `None` where
/// nobody gave two.
pub(super) fn listing(outcome: &Outcome<'_>, table: &ThemeTable, lang: Lang) -> Option<Listing> {
    let codebook = outcome.codebook;
    let is_top = |item: &Item| match item {
        Item::Net(_) => true,
        Item::Code(code) => codebook.codes[*code].net.is_none(),
        Item::Reserved(_) => false,
    };
    let places: Vec<usize> = (0..table.items.len()).filter(|&at| is_top(&table.items[at])).collect();
    let mut both = vec![vec![0_u64; places.len()]; places.len()];
    for coded in outcome.coded.column(table.question).flatten() {
        let holds = |at: &usize| item_holds(table.items[places[*at]], codebook, coded);
        let given: Vec<usize> = (0..places.len()).filter(holds).collect();
        for (at, &one) in given.iter().enumerate() {
            given[at + 1..].iter().for_each(|&other| both[one][other] += 1);
        }
    }
    let all = (0..places.len()).flat_map(|one| (one + 1..places.len()).map(move |other| (one, other)));
    let mut pairs: Vec<(usize, usize)> = all.filter(|&(one, other)| both[one][other] > 0).collect();
    pairs.sort_by_key(|&(one, other)| std::cmp::Reverse(both[one][other]));
    if pairs.is_empty() {
        return None;
    }
    let say = |ja: &'static str, en: &'static str| (if lang == Lang::Ja { ja } else { en }).to_owned();
    let row = |&(one, other): &(usize, usize)| {
        let [first, second] = [one, other].map(|at| table.items[places[at]].label(codebook).get(lang));
        let [of_first, of_second] = [one, other].map(|at| table.counts[places[at]][0]);
        let together = both[one][other];
        let counts = [together, of_first, of_second, of_first + of_second - together];
        std::iter::once(format!("{first} × {second}")).chain(counts.map(|count| count.to_string())).collect()
    };
    let header = vec![
        say("テーマの組", "themes"),
        say("両方", "both"),
        say("前のテーマ", "first"),
        say("後のテーマ", "second"),
        say("どちらか", "either"),
    ];
    let (shown, number) = (pairs.len().min(MOST), pairs.len());
    let note = match lang {
        Lang::Ja => format!(
            "人数です（母数は質問された全員）。1人以上が両方を挙げた {number} 組のうち、多い順に {shown} 組。まとめ（ネット）は内訳に分けません。すべての組は matrix.csv から数えられます。"
        ),
        Lang::En => format!(
            "People, of everyone asked: {shown} of the {number} pairs that anyone gave together, most people first. Nets are not split into their codes. All pairs can be counted from matrix.csv."
        ),
    };
    let question = &outcome.survey().questions[table.question].id;
    let title = format!("{question}  {}", say("同じ人が挙げたテーマ", "Themes given by the same people"));
    let right = (0..header.len()).map(|at| at > 0).collect();
    let rows = pairs.iter().take(MOST).map(row).collect();
    Some(Listing { title, grid: Grid { header, rows, right }, notes: vec![note] })
}
