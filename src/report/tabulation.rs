//! Cross-tabulations as rows of `themes.csv`, `tests.csv` and `rates.csv`.

use super::grid::Grid;
use super::group_name;
use super::records::Records;
use crate::codebook::{Codebook, Label};
use crate::diagnostic::Lang;
use crate::statistics::{Adjustment, wilson, wilson_finite};
use crate::study::TableChoice;
use crate::survey::Survey;
use crate::tabulate::compare::{self, Comparison, Test, comparisons};
use crate::tabulate::cross::{Cross, Head};
use crate::tabulate::rates::Rate;
use crate::tabulate::variable::Level;
use crate::tabulate::{Group, GroupKind, Share, ThemeTable};
use crate::text;

/// The columns of `themes.csv`.
pub(super) const THEMES: [&str; 12] = [
    "question", "axis", "code", "label", "level", "group_by", "group", "count", "base", "percent", "ci_low", "ci_high",
];

/// The columns of `tests.csv`.
const TESTS: [&str; 16] = [
    "question",
    "code",
    "group_by",
    "test",
    "statistic",
    "df",
    "p",
    "p_adjusted",
    "adjustment",
    "effect",
    "effect_value",
    "difference",
    "difference_low",
    "difference_high",
    "min_expected",
    "note",
];

/// What stands for a cell that is hidden.
pub(super) const HIDDEN: &str = "x";

/// Tests of one table with what they are about.
#[derive(Clone, Debug)]
pub struct Tested {
    /// The question.
    pub question: String,
    /// Ids of the rows.
    pub codes: Vec<String>,
    /// The columns.
    pub columns: Vec<Head>,
    /// Which groups were compared.
    pub comparisons: Vec<Comparison>,
    /// The tests.
    pub tests: Vec<Test>,
}

/// A tabulated matrix: one table a question.
pub struct Tabulation {
    /// The question; empty where the file names none.
    pub question: String,
    /// The counts.
    pub cross: Cross,
    /// The tests.
    pub tested: Tested,
    /// Sizes of the populations of the columns.
    pub populations: Vec<Option<u64>>,
}

/// Bounds of a share in percent with one decimal, of a sample from `population` if known.
pub(super) fn bounds(share: Share, population: Option<u64>) -> [String; 2] {
    let interval = match population {
        Some(population) => wilson_finite(share.count(), share.base(), population),
        None => wilson(share.count(), share.base()),
    };
    match interval {
        Ok(interval) => [interval.low, interval.high].map(|bound| format!("{:.1}", 100.0 * bound)),
        Err(_) => [String::new(), String::new()],
    }
}

/// The rows of `themes.csv`. With weights a last column holds the weighted percentage.
pub fn themes(tables: &[Tabulation], lang: Lang) -> Records {
    let weighted = tables.iter().any(|table| table.cross.cells.iter().flatten().any(|cell| cell.weighted.is_some()));
    let mut records = Records::new(&THEMES);
    if weighted {
        records.header.push("weighted_percent");
    }
    for table in tables {
        for (at, head) in table.cross.rows.iter().enumerate() {
            // Who left all blank is no code; the contract's word for whole answers is nearest.
            let (level, code) = match head.level {
                Level::Missing => ("reserved", "missing"),
                level => (level.name(), head.id.as_str()),
            };
            for (place, (column, population)) in table.cross.columns.iter().zip(&table.populations).enumerate() {
                let mut row = [&table.question, "", code, head.name(lang), level, &column.variable, column.name(lang)]
                    .map(str::to_owned)
                    .to_vec();
                let Some(cell) = table.cross.published(at, place) else {
                    row.resize(records.header.len(), String::new());
                    records.rows.push(row);
                    continue;
                };
                let [low, high] = bounds(cell.share, *population);
                let (count, base) = (cell.share.count().to_string(), cell.share.base().to_string());
                row.extend([count, base, cell.share.percent(), low, high]);
                if weighted {
                    row.push(cell.weighted_percent().map_or_else(String::new, |percent| format!("{percent:.1}")));
                }
                records.rows.push(row);
            }
        }
    }
    records
}

/// The rows of `tests.csv`.
pub fn tests(tested: &[Tested], adjustment: Option<Adjustment>, lang: Lang) -> Records {
    let mut records = Records::new(&TESTS);
    for table in tested {
        records.rows.extend(table.tests.iter().map(|test| test_row(table, test, adjustment, lang)));
    }
    records
}

fn test_row(table: &Tested, test: &Test, adjustment: Option<Adjustment>, lang: Lang) -> Vec<String> {
    let or_empty = |value: Option<String>| value.unwrap_or_default();
    let adjusted = test.kind.is_main() && test.p.is_some();
    let comparison = &table.comparisons[test.comparison];
    let mut notes: Vec<String> = test.notes.iter().map(|note| note.get(lang).to_owned()).collect();
    if let ([one, two], false, true) = (comparison.groups.as_slice(), comparison.is_pair, test.difference.is_some()) {
        let [one, two] = [one, two].map(|group| table.columns[*group].name(lang));
        let said = text!("差は {one} - {two}", "the difference is {one} - {two}");
        notes.insert(0, said.get(lang).to_owned());
    }
    let bound = |bound: fn((f64, f64)) -> f64| test.difference.map(|of| format!("{:.1}", bound(of.bounds)));
    vec![
        table.question.clone(),
        table.codes[test.item].clone(),
        comparison.name(&table.columns, lang),
        test.kind.name().to_owned(),
        or_empty(test.statistic.map(|value| format!("{value:.4}"))),
        or_empty(test.df.map(|df| df.to_string())),
        or_empty(test.p.map(significant)),
        or_empty(test.p_adjusted.map(significant)),
        if adjusted { adjustment.map_or("none", Adjustment::id).to_owned() } else { String::new() },
        or_empty(test.cramers_v.map(|_| "cramers_v".to_owned())),
        or_empty(test.cramers_v.map(|value| format!("{value:.4}"))),
        or_empty(test.difference.map(|of| tenths(of.tenths))),
        or_empty(bound(|bounds| bounds.0)),
        or_empty(bound(|bounds| bounds.1)),
        or_empty(test.min_expected.map(|value| format!("{value:.2}"))),
        notes.join(if lang == Lang::Ja { "。" } else { "; " }),
    ]
}

/// Tenths of a percentage point with their sign.
pub(super) fn tenths(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// A p-value with five digits that count.
pub(super) fn significant(p: f64) -> String {
    if p == 0.0 {
        return "0".to_owned();
    }
    if p < 1e-4 {
        return format!("{p:.4e}");
    }
    let digits = (4.0 - p.log10().floor()).max(0.0) as usize;
    let text = format!("{p:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The tests of the theme tables: between all categories of each attribute, and in pairs
/// between the groups that the study shows.
pub fn tested(survey: &Survey, codebook: &Codebook, tables: &[ThemeTable], choice: &TableChoice) -> Vec<Tested> {
    let is_shown = |head: &Head| {
        let attribute = survey.attributes.iter().find(|attribute| attribute.name == head.variable);
        attribute.is_some_and(|attribute| choice.shown(attribute).contains(&head.id.as_str()))
    };
    let of_table = |table: &ThemeTable| {
        let columns = heads(&table.groups);
        let comparisons = comparisons(&columns, &is_shown);
        let share = |item: usize| (0..columns.len()).map(|group| table.share(item, group)).collect();
        let shares: Vec<Vec<Share>> = (0..table.items.len()).map(share).collect();
        let tests = compare::tests(&shares, &comparisons, Some(Adjustment::Holm), &|_| true);
        Tested {
            question: survey.questions[table.question].id.clone(),
            codes: table.items.iter().map(|item| item.id(codebook).to_owned()).collect(),
            columns,
            comparisons,
            tests,
        }
    };
    tables.iter().map(of_table).collect()
}

/// Groups of respondents as columns of a table.
fn heads(groups: &[Group]) -> Vec<Head> {
    let mut attributes: Vec<&str> = groups.iter().map(|group| group.by.as_str()).filter(|by| !by.is_empty()).collect();
    attributes.dedup();
    let head = |group: &Group| {
        let of = |members: &[String]| {
            let is_member = |other: &Group| {
                other.by == group.by && matches!(&other.kind, GroupKind::Category(name) if members.contains(name))
            };
            (0..groups.len()).filter(|&at| is_member(&groups[at])).collect()
        };
        let (level, of) = match &group.kind {
            GroupKind::Total => (Level::Total, Vec::new()),
            GroupKind::Category(_) => (Level::Category, Vec::new()),
            GroupKind::Net(_, members) => (Level::Net, of(members)),
            GroupKind::Missing => (Level::Missing, Vec::new()),
        };
        let [ja, en] = [Lang::Ja, Lang::En].map(|lang| group_name(group, lang));
        let block = attributes.iter().position(|by| *by == group.by);
        Head { variable: group.by.clone(), block, id: ja.clone(), label: Label { ja, en }, level, of, is_single: true }
    };
    groups.iter().map(head).collect()
}

/// The rows of `rates.csv`.
pub fn rates(rates: &[Rate], lang: Lang) -> Records {
    let mut records = Records::new(&["group_by", "group", "level", "population", "respondents", "percent"]);
    for rate in rates {
        let level = if rate.level == Level::Category { "category" } else { rate.level.name() };
        let population = rate.population.map_or_else(String::new, |population| population.to_string());
        let [by, group] = [&rate.by, rate.label.get(lang)].map(str::to_owned);
        records.rows.push(vec![by, group, level.to_owned(), population, rate.respondents.to_string(), rate.percent()]);
    }
    records
}

/// A table of the chosen columns for reading; `label` names a code for readers.
pub fn grid(cross: &Cross, shown: &dyn Fn(&Head) -> bool, lang: Lang) -> Grid {
    let columns: Vec<usize> = (0..cross.columns.len()).filter(|&at| shown(&cross.columns[at])).collect();
    let base =
        cross.bases.iter().zip(&cross.rows).find(|(_, head)| !matches!(head.level, Level::Missing | Level::Reserved));
    let base = base.map(|(bases, _)| bases);
    let same_base = cross
        .bases
        .iter()
        .zip(&cross.rows)
        .all(|(bases, head)| matches!(head.level, Level::Missing | Level::Reserved) || Some(bases) == base);
    let mut header = vec![String::new()];
    for &column in &columns {
        let name = cross.columns[column].name(lang);
        header.push(match base.filter(|_| same_base) {
            Some(bases) => format!("{name}(n={}{})", bases[column], small(bases[column])),
            None => name.to_owned(),
        });
    }
    let mut grid = Grid { right: (0..header.len()).map(|at| at > 0).collect(), header, rows: Vec::new() };
    let mut block = None;
    for (at, head) in cross.rows.iter().enumerate() {
        let several = cross.rows.iter().any(|other| other.block != cross.rows[0].block);
        if several && block != head.block {
            let mut row = vec![head.variable.clone()];
            row.resize(columns.len() + 1, String::new());
            grid.rows.push(row);
        }
        block = head.block;
        let indent = if several { "  " } else { "" };
        let mut row = vec![format!("{indent}{}", head.name(lang))];
        for &column in &columns {
            let Some(cell) = cross.published(at, column) else {
                row.push(HIDDEN.to_owned());
                continue;
            };
            let percent = if cell.share.base() == 0 { "-".to_owned() } else { format!("{}%", cell.share.percent()) };
            let weighted = cell.weighted_percent().map_or_else(String::new, |percent| format!(" [{percent:.1}%]"));
            let of =
                if same_base { String::new() } else { format!("/{}{}", cell.share.base(), small(cell.share.base())) };
            row.push(format!("{}{of} {percent:>7}{weighted}", cell.share.count()));
        }
        grid.rows.push(row);
    }
    grid
}

/// The mark of a small base.
pub(super) const fn small(base: u64) -> &'static str {
    match base {
        0..10 => "**",
        10..30 => "*",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_keep_five_digits() {
        for (p, written) in
            [(1.0, "1"), (0.5, "0.5"), (0.034_567_89, "0.034568"), (0.000_012_345_678, "1.2346e-5"), (0.0, "0")]
        {
            assert_eq!(significant(p), written);
        }
        assert_eq!([451, -63, 5, -5].map(tenths), ["45.1", "-6.3", "0.5", "-0.5"]);
    }
}
