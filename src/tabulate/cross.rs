//! Cross-tabulation: people counted in rows × columns, each cell with its base.

use rayon::prelude::*;

use super::Share;
use super::variable::{Category, Level, Variable, named};
use crate::codebook::Label;
use crate::diagnostic::Lang;
use crate::survey::People;
use crate::text;

pub use crate::study::Percent as PercentOf;

/// Which respondents the rows of a variable are counted of.
#[derive(Clone, Debug)]
pub enum BaseOf {
    /// Everyone who was asked.
    Respondents,
    /// Those who gave an answer.
    Answered,
    /// Those who were asked and meet a condition.
    Those(People),
}

/// What to tabulate.
pub struct Plan<'v> {
    /// Variables in the rows, one after the other.
    pub rows: Vec<&'v Variable>,
    /// Variables in the columns, one after the other.
    pub columns: Vec<&'v Variable>,
    /// The base of the shares.
    pub base: BaseOf,
    /// What percentages are parts of.
    pub of: PercentOf,
    /// Weights of the respondents.
    pub weights: Option<&'v [f64]>,
}

/// A line of a table: a row or a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The variable's name; empty for the total of all respondents.
    pub variable: String,
    /// Which of the plan's variables it is of; `None` for the total.
    pub block: Option<usize>,
    /// Identifier in files.
    pub id: String,
    /// Name for readers.
    pub label: Label,
    /// What kind of line it is.
    pub level: Level,
    /// For a net, the lines (of the same table) that it counts together.
    pub of: Vec<usize>,
    /// Whether the variable's categories exclude each other.
    pub is_single: bool,
}

impl Head {
    /// Its name in `lang`.
    pub fn name(&self, lang: Lang) -> &str {
        self.label.get(lang)
    }
}

/// A cell: people counted, of how many, and the same with weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Unweighted.
    pub share: Share,
    /// Weighted count and base.
    pub weighted: Option<(f64, f64)>,
}

impl Cell {
    /// The weighted percentage; `None` without weights or where they add up to 0.
    pub fn weighted_percent(&self) -> Option<f64> {
        self.weighted.filter(|(_, base)| *base > 0.0).map(|(count, base)| 100.0 * count / base)
    }
}

/// A finished table. All categories are counted, whatever is shown of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Cross {
    /// The rows.
    pub rows: Vec<Head>,
    /// The columns; the first is the total.
    pub columns: Vec<Head>,
    /// Cells by row, then column.
    pub cells: Vec<Vec<Cell>>,
    /// The base of each row in each column, whatever percentages are parts of.
    pub bases: Vec<Vec<u64>>,
    /// What percentages are parts of.
    pub of: PercentOf,
    /// Cells that are not published, by row, then column.
    pub hidden: Vec<Vec<bool>>,
}

impl Cross {
    /// The cell, if it may be published.
    pub fn published(&self, row: usize, column: usize) -> Option<Cell> {
        // A percentage of the row gives the row's total away.
        let base_hidden = self.of == PercentOf::Row && self.hidden[row][0];
        (!self.hidden[row][column] && !base_hidden).then(|| self.cells[row][column])
    }

    /// Whether nothing of the row is hidden: a difference or a residual would tell.
    pub fn is_open(&self, row: usize) -> bool {
        self.hidden[row].iter().all(|hidden| !hidden)
    }

    /// A row's counts as shares of its base in each column, whatever percentages are
    /// parts of.
    pub fn shares(&self, row: usize) -> Vec<Share> {
        self.cells[row].iter().zip(&self.bases[row]).map(|(cell, base)| Share::new(cell.share.count(), *base)).collect()
    }
}

/// A row with its people, cut down to its base.
struct RowPeople {
    people: People,
    /// Which of the bases.
    base: usize,
}

/// Counts what `plan` asks for. Rows are counted side by side on the threads of the
/// current pool; the result does not depend on their number.
pub fn cross(plan: &Plan<'_>) -> Cross {
    let (columns, column_people) = columns(plan);
    let (rows, row_people, bases) = rows(plan);
    let counts =
        |people: &People| -> Vec<u64> { column_people.iter().map(|column| people.count_both(column)).collect() };
    let sums = |people: &People| -> Option<Vec<f64>> {
        let weights = plan.weights?;
        Some(column_people.iter().map(|column| people.both(column).map(|at| weights[at]).sum()).collect())
    };
    let base_counts: Vec<(Vec<u64>, Option<Vec<f64>>)> =
        bases.par_iter().map(|base| (counts(base), sums(base))).collect();
    let cells = row_people
        .par_iter()
        .map(|row| {
            let (count, sum) = (counts(&row.people), sums(&row.people));
            let (base, base_sum) = &base_counts[row.base];
            let at = |column: usize| {
                let of = match plan.of {
                    PercentOf::Column => (base[column], base_sum.as_ref().map(|sum| sum[column])),
                    PercentOf::Row => (count[0], sum.as_ref().map(|sum| sum[0])),
                    PercentOf::Total => (base[0], base_sum.as_ref().map(|sum| sum[0])),
                };
                let weighted = sum.as_ref().zip(of.1).map(|(sum, base)| (sum[column], base));
                Cell { share: Share::new(count[column], of.0), weighted }
            };
            (0..column_people.len()).map(at).collect()
        })
        .collect();
    let bases = row_people.iter().map(|row| base_counts[row.base].0.clone()).collect();
    let hidden = vec![vec![false; columns.len()]; rows.len()];
    Cross { rows, columns, cells, bases, of: plan.of, hidden }
}

/// The columns: all respondents, then each variable with 不明 where anyone is missing.
fn columns(plan: &Plan<'_>) -> (Vec<Head>, Vec<People>) {
    let all = plan.rows.first().or(plan.columns.first()).map_or(0, |variable| variable.asked.of());
    let total = named(text!("全体", "Total"), Level::Total, People::all(all));
    let mut heads = vec![head(&total, None, "", 0, true)];
    let mut people = vec![total.people];
    for (block, variable) in plan.columns.iter().enumerate() {
        let first = heads.len();
        let missing = People::all(all).without(&variable.answered);
        let missing = (!missing.is_empty()).then(|| named(text!("不明", "Unknown"), Level::Missing, missing));
        for category in variable.categories.iter().chain(&missing) {
            heads.push(head(category, Some(block), &variable.name, first, variable.is_single));
            people.push(category.people.clone());
        }
    }
    (heads, people)
}

/// The rows, and the different bases they are counted of.
fn rows(plan: &Plan<'_>) -> (Vec<Head>, Vec<RowPeople>, Vec<People>) {
    let (mut heads, mut rows, mut bases) = (Vec::new(), Vec::new(), Vec::new());
    for (block, variable) in plan.rows.iter().enumerate() {
        let (asked, answered) = (&variable.asked, &variable.answered);
        let base = match &plan.base {
            BaseOf::Respondents => asked.clone(),
            BaseOf::Answered => answered.clone(),
            BaseOf::Those(people) => people.and(asked),
        };
        let own = bases.len();
        bases.push(base.clone());
        let mut asked_base = None;
        let first = heads.len();
        // Who gave no answer is in the base, and so in a row, unless the base leaves them out.
        let is_by_row = variable.categories.iter().any(|category| category.known.is_some());
        let with_reserved = variable.categories.iter().filter(|category| category.level == Level::Reserved);
        let whole = if is_by_row && !matches!(plan.base, BaseOf::Those(_)) { asked } else { &base };
        let mut missing = whole.without(answered);
        for category in with_reserved {
            missing = missing.without(&category.people);
        }
        // Where every row has a base of its own, the missing are told in any case.
        let has_missing = is_by_row || !matches!(plan.base, BaseOf::Answered);
        let missing = has_missing.then(|| named(text!("不明", "Unknown"), Level::Missing, missing));
        for category in variable.categories.iter().chain(&missing) {
            heads.push(head(category, Some(block), &variable.name, first, variable.is_single));
            let base = match (category.level, &plan.base, &category.known) {
                // Reserved codes are what the base of answers leaves out: they are always
                // of everyone who was asked.
                (Level::Reserved | Level::Missing, BaseOf::Answered, _) => *asked_base.get_or_insert_with(|| {
                    bases.push(asked.clone());
                    bases.len() - 1
                }),
                (_, BaseOf::Answered, Some(known)) => {
                    bases.push(base.and(known));
                    bases.len() - 1
                }
                _ => own,
            };
            rows.push(RowPeople { people: category.people.and(&bases[base]), base });
        }
    }
    (heads, rows, bases)
}

fn head(category: &Category, block: Option<usize>, variable: &str, first: usize, is_single: bool) -> Head {
    Head {
        variable: variable.to_owned(),
        block,
        id: category.id.clone(),
        label: category.label.clone(),
        level: category.level,
        of: category.of.iter().map(|at| first + at).collect(),
        is_single,
    }
}
