//! The tables that a study declares: `tables.csv`, `table_tests.csv`, `checks.csv`, and
//! the same for reading.

use super::grid::Grid;
use super::records::Records;
use super::tabulation::{HIDDEN, Tested, bounds, grid, significant, small, tenths, tests};
use super::{Outcome, group_name};
use crate::diagnostic::Lang;
use crate::statistics::{Adjustment, Table};
use crate::tabulate::compare::Test;
use crate::tabulate::cross::{Cross, PercentOf};
use crate::tabulate::study::{Tabulated, Violation};
use crate::tabulate::variable::Level;
use crate::tabulate::wave::{Change, Compared, Entry, Setting, Wave};

/// The columns that say which cell it is, and what is in it.
const CELL: [&str; 9] = ["question", "code", "label", "level", "group_by", "group", "count", "base", "percent"];
/// The further columns of `tables.csv`.
const TABLES: [&str; 7] = ["percent_of", "ci_low", "ci_high", "weighted_percent", "residual", "mark", "significance"];
/// The further columns of `compare.csv`.
const COMPARE: [&str; 10] = [
    "earlier_count",
    "earlier_base",
    "earlier_percent",
    "difference",
    "difference_low",
    "difference_high",
    "test",
    "p",
    "p_adjusted",
    "adjustment",
];

/// The rows of `tables.csv`: every cell of every shown column. Where a count is hidden, so
/// is all that would give it away.
pub(super) fn tables(tables: &[Tabulated<'_>], lang: Lang) -> Records {
    let mut records = Records::new(&[&["table", "title"][..], &CELL, &TABLES].concat());
    for tabulated in tables {
        let cross = &tabulated.cross;
        for (at, head) in cross.rows.iter().enumerate() {
            let residuals = residuals(cross, at);
            for (column, group) in cross.columns.iter().enumerate().filter(|(column, _)| tabulated.shown[*column]) {
                let mut row = [
                    &tabulated.table.id,
                    &tabulated.table.title,
                    &head.variable,
                    &head.id,
                    head.name(lang),
                    head.level.name(),
                    &group.variable,
                    group.name(lang),
                ]
                .map(str::to_owned)
                .to_vec();
                let Some(cell) = cross.published(at, column) else {
                    let base = if cross.of == PercentOf::Row {
                        String::new()
                    } else {
                        cross.cells[at][column].share.base().to_string()
                    };
                    let of = cross.of.name().to_owned();
                    let none = String::new;
                    row.extend([none(), base, none(), of, none(), none(), none(), none(), HIDDEN.to_owned(), none()]);
                    records.rows.push(row);
                    continue;
                };
                let [low, high] = bounds(cell.share, None);
                let weighted = cell.weighted_percent().map_or_else(String::new, |percent| format!("{percent:.1}"));
                let residual = residuals[column].map_or_else(String::new, |residual| format!("{residual:.2}"));
                let (count, base) = (cell.share.count().to_string(), cell.share.base().to_string());
                let mark = small(cell.share.base()).to_owned();
                let of = cross.of.name().to_owned();
                row.extend([
                    count,
                    base,
                    cell.share.percent(),
                    of,
                    low,
                    high,
                    weighted,
                    residual,
                    mark,
                    significance(tabulated, at, column).to_owned(),
                ]);
                records.rows.push(row);
            }
        }
    }
    records
}

/// The mark of a difference, where the table asks for marks: in the column of the first of
/// two groups that differ, and in the total where all categories were compared.
pub(super) fn significance(tabulated: &Tabulated<'_>, row: usize, column: usize) -> &'static str {
    let marks = |test: &&Test| {
        let comparison = &tabulated.comparisons[test.comparison];
        let place = if comparison.is_pair { comparison.groups[0] } else { 0 };
        tabulated.table.marks && test.item == row && test.kind.is_main() && place == column
    };
    let least = tabulated.tests.iter().filter(marks).filter_map(|test| test.p_adjusted).fold(1.0, f64::min);
    match least {
        0.0..0.01 => "‡",
        0.01..0.05 => "†",
        _ => "",
    }
}

/// Adjusted residuals of a row by column, in the columns of categories that exclude each
/// other: which of them depart from the rest.
fn residuals(cross: &Cross, row: usize) -> Vec<Option<f64>> {
    let shares = cross.shares(row);
    let mut residuals = vec![None; cross.columns.len()];
    if !cross.is_open(row) {
        return residuals;
    }
    let blocks = cross.columns.iter().filter_map(|head| head.block).max().map_or(0, |last| last + 1);
    for block in 0..blocks {
        let is_group = |at: &usize| {
            let head = &cross.columns[*at];
            head.block == Some(block) && head.level == Level::Category && head.is_single && shares[*at].base() > 0
        };
        let groups: Vec<usize> = (0..cross.columns.len()).filter(is_group).collect();
        let counts = |at: &usize| vec![shares[*at].count(), shares[*at].base() - shares[*at].count()];
        let Ok(values) = Table::new(groups.iter().map(counts).collect()).adjusted_residuals() else { continue };
        for (at, values) in groups.iter().zip(values) {
            residuals[*at] = values.first().copied();
        }
    }
    residuals
}

/// The rows of `table_tests.csv`: as `tests.csv`, with the table before them.
pub(super) fn table_tests(tables: &[Tabulated<'_>], lang: Lang) -> Records {
    let mut records: Option<Records> = None;
    for tabulated in tables {
        let cross = &tabulated.cross;
        let blocks = cross.rows.iter().filter_map(|head| head.block).max().map_or(0, |last| last + 1);
        for block in 0..blocks {
            let question = cross.rows.iter().find(|head| head.block == Some(block));
            let own = tabulated.tests.iter().filter(|test| cross.rows[test.item].block == Some(block));
            let tested = Tested {
                question: question.map_or_else(String::new, |head| head.variable.clone()),
                codes: cross.rows.iter().map(|row| row.id.clone()).collect(),
                columns: cross.columns.clone(),
                comparisons: tabulated.comparisons.clone(),
                tests: own.cloned().collect(),
            };
            let mut rows = tests(&[tested], Some(Adjustment::Holm), lang);
            rows.header.insert(0, "table");
            rows.rows.iter_mut().for_each(|row| row.insert(0, tabulated.table.id.clone()));
            match &mut records {
                Some(records) => records.rows.extend(rows.rows),
                None => records = Some(rows),
            }
        }
    }
    records.unwrap_or_else(|| Records::new(&["table"]))
}

/// The rows of `checks.csv`: a respondent who does not meet a check.
pub(super) fn checks(violations: &[Violation]) -> Records {
    let mut records = Records::new(&["check", "respondent_id"]);
    for violation in violations {
        let row = |id: &String| vec![violation.title.clone(), id.clone()];
        records.rows.extend(violation.respondents.iter().map(row));
    }
    records
}

/// Puts the marks of differences into the cells; titles of questions are rows without any.
fn mark(tabulated: &Tabulated<'_>, grid: &mut Grid) {
    let columns: Vec<usize> = (0..tabulated.shown.len()).filter(|&column| tabulated.shown[column]).collect();
    let is_cell_row = |row: &&mut Vec<String>| row.iter().skip(1).any(|cell| !cell.is_empty());
    for (at, row) in grid.rows.iter_mut().filter(is_cell_row).enumerate() {
        for (cell, &column) in row.iter_mut().skip(1).zip(&columns) {
            cell.push_str(significance(tabulated, at, column));
        }
    }
}

/// What this run compares with earlier ones.
pub(super) fn wave(outcome: &Outcome<'_>) -> Wave {
    let (study, codebook) = (outcome.study, outcome.codebook);
    let themes = (String::new(), study.table.base.name().to_owned());
    let bases = outcome.tabulated.iter().map(|tabulated| (tabulated.table.id.clone(), tabulated.table.base_name()));
    let mut wave = Wave {
        sha256: String::new(),
        setting: Setting {
            codebook: [&codebook.id, &codebook.version, &codebook.sha256].map(Clone::clone),
            bases: std::iter::once(themes).chain(bases).collect(),
            wordings: wordings(outcome),
        },
        entries: Vec::new(),
    };
    let key = |table: &str, question: &str, code: &str, by: &str, group: &str| {
        [table, question, code, by, group].map(str::to_owned)
    };
    for table in outcome.tables {
        let question = &outcome.survey().questions[table.question].id;
        for (at, item) in table.items.iter().enumerate() {
            for (place, group) in table.groups.iter().enumerate() {
                wave.entries.push(Entry {
                    key: key("", question, item.id(codebook), &group.by, &group_name(group, Lang::Ja)),
                    label: item.label(codebook).get(outcome.lang).to_owned(),
                    level: item.level().to_owned(),
                    share: Some(table.share(at, place)),
                });
            }
        }
    }
    for tabulated in outcome.tabulated {
        let cross = &tabulated.cross;
        for (row, head) in cross.rows.iter().enumerate() {
            for (column, group) in cross.columns.iter().enumerate().filter(|(column, _)| tabulated.shown[*column]) {
                wave.entries.push(Entry {
                    key: key(&tabulated.table.id, &head.variable, &head.id, &group.variable, group.name(Lang::Ja)),
                    label: head.name(outcome.lang).to_owned(),
                    level: head.level.name().to_owned(),
                    share: cross.published(row, column).map(|cell| cell.share),
                });
            }
        }
    }
    wave
}

/// Wordings of all questions, by their ids.
pub(super) fn wordings(outcome: &Outcome<'_>) -> Vec<(String, String)> {
    let open = outcome.survey().questions.iter().map(|question| (question.id.clone(), question.wording.clone()));
    let closed = outcome.study.closed.iter().map(|question| (question.id.clone(), question.wording.clone()));
    open.chain(closed).collect()
}

/// The rows of `compare.csv`: a cell in this run and in an earlier one.
pub(super) fn compare(compared: &[Compared], lang: Lang) -> Records {
    let mut records = Records::new(&[&["compare", "table"][..], &CELL, &COMPARE].concat());
    for Compared { name, changes, .. } in compared {
        for Change { entry, now, before, difference, p, p_adjusted } in changes {
            let [table, question, code, by, group] = &entry.key;
            let group = match (group.as_str(), lang) {
                ("全体", Lang::En) if by.is_empty() => "Total",
                ("不明", Lang::En) => "Unknown",
                (group, _) => group,
            };
            let bound = |bound: f64| format!("{bound:.1}");
            let [points, low, high] = match difference {
                Some(of) => [tenths(of.tenths), bound(of.bounds.0), bound(of.bounds.1)],
                None => [const { String::new() }; 3],
            };
            let mut row =
                [name, table, question, code, &entry.label, &entry.level, by, group].map(str::to_owned).to_vec();
            for share in [now, before] {
                row.extend([share.count().to_string(), share.base().to_string(), share.percent()]);
            }
            row.extend([points, low, high, "fisher".to_owned(), significant(*p), significant(*p_adjusted)]);
            row.push(Adjustment::Holm.id().to_owned());
            records.rows.push(row);
        }
    }
    records
}

/// A table for reading, with its title and its base.
pub fn for_reading(tabulated: &Tabulated<'_>, lang: Lang) -> String {
    let shown = |head: &crate::tabulate::cross::Head| {
        let place = tabulated.cross.columns.iter().position(|column| std::ptr::eq(column, head));
        place.is_some_and(|place| tabulated.shown[place])
    };
    let mut grid = grid(&tabulated.cross, &shown, lang);
    mark(tabulated, &mut grid);
    format!("\n{}\n{}\n{}\n", tabulated.table.title, grid.terminal(), legend(tabulated, lang))
}

/// What stands under a table: its base, and what its signs mean.
pub(super) fn legend(tabulated: &Tabulated<'_>, lang: Lang) -> String {
    let table = tabulated.table;
    let base = match (&table.base, lang) {
        (crate::study::TableBase::Respondents, Lang::Ja) => "質問された全員".to_owned(),
        (crate::study::TableBase::Answered, Lang::Ja) => "回答した人".to_owned(),
        (crate::study::TableBase::Respondents, Lang::En) => "everyone asked".to_owned(),
        (crate::study::TableBase::Answered, Lang::En) => "those who answered".to_owned(),
        (crate::study::TableBase::Those(_), _) => table.base_name(),
    };
    let base = if lang == Lang::Ja { format!("%の母数: {base}") } else { format!("Percent of {base}") };
    let small = tabulated.cross.bases.iter().flat_map(|bases| bases.iter().zip(&tabulated.shown));
    let legend = match (small.filter(|(base, shown)| **shown && **base < 30).count() > 0, lang) {
        (false, _) => "",
        (true, Lang::Ja) => "。* 母数30未満は参考値、** 10未満",
        (true, Lang::En) => ". * base under 30: for reference only; ** under 10",
    };
    let several = tabulated.cross.rows.iter().any(|row| !row.is_single);
    let more = match (several, lang) {
        (false, _) => "",
        (true, Lang::Ja) => "。1人がいくつも選べるため、合計は100%を超えることがあります",
        (true, Lang::En) => ". People may be in several rows, so columns can add to more than 100",
    };
    let hidden = match (tabulated.cross.hidden.iter().flatten().any(|hidden| *hidden), lang) {
        (false, _) => "",
        (true, Lang::Ja) => "。x は少数のため（または差し引きで分からないように）非表示",
        (true, Lang::En) => ". x: hidden, because few, or because it would give another one away",
    };
    let marks = match (table.marks, lang) {
        (false, _) => "",
        (true, Lang::Ja) => {
            "。† p<0.05、‡ p<0.01（Fisher の正確検定または Fisher–Freeman–Halton 検定、Holm 法。表示した2群の差は先の群に、全区分の差は全体に付けた）"
        }
        (true, Lang::En) => {
            ". † p<0.05, ‡ p<0.01 (Fisher or Fisher–Freeman–Halton, Holm; of two groups shown the first is marked, the total where all categories differ)"
        }
    };
    let end = if lang == Lang::Ja { "。" } else { "." };
    format!("{base}{more}{legend}{hidden}{marks}{end}")
}
