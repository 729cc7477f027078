//! Hides small cells, and as many others that sums do not give them back.
//!
//! A reader of a table knows that categories add up to the total, members to their net,
//! and the answers to a question with one answer to the base; where zeros are shown, also
//! that no hidden cell is 0. A hidden cell is safe if there is *another* table with the
//! same published cells and another count in it. Such a table is found, not guessed at:
//! one or two people are moved from group to group (and, in a question with one answer,
//! from answer to answer), and every cell that this changes is hidden. Cells that are
//! hidden later cannot undo this, for the other table stays possible.

use super::cross::{Cross, Head};
use super::variable::Level;

/// What is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Counts from 1 to under this are small.
    pub under: u64,
    /// Whether a count of 0 is hidden as well.
    pub zero: bool,
}

/// Lines of a table that change together: each with +1 or −1.
type Change = Vec<(usize, i64)>;

/// Cells by row and column.
type Cells = Vec<(usize, usize)>;

struct Work<'c> {
    cross: &'c Cross,
    shown: &'c [bool],
    rule: Rule,
    hidden: Vec<Vec<bool>>,
}

/// Which cells of `cross` to hide, by row, then column; only `shown` columns are published.
///
/// Where no other table can be found, all cells of the question are hidden.
pub fn suppress(cross: &Cross, shown: &[bool], rule: Rule) -> Vec<Vec<bool>> {
    let is_small = |row: usize, column: usize| {
        let count = cross.cells[row][column].share.count();
        shown[column] && cross.bases[row][column] > 0 && count < rule.under && (count > 0 || rule.zero)
    };
    let columns = 0..cross.columns.len();
    let hidden: Vec<Vec<bool>> =
        (0..cross.rows.len()).map(|row| columns.clone().map(|column| is_small(row, column)).collect()).collect();
    let small: Cells = (0..cross.rows.len()).flat_map(|row| columns.clone().map(move |column| (row, column))).collect();
    let mut work = Work { cross, shown, rule, hidden };
    let mut given_up = Vec::new();
    for (row, column) in small.into_iter().filter(|(row, column)| is_small(*row, *column)) {
        let block = cross.rows[row].block;
        if given_up.contains(&block) {
            continue;
        }
        match work.cheapest(row, column) {
            Some(cells) => cells.into_iter().for_each(|(row, column)| work.hidden[row][column] = true),
            None => {
                given_up.push(block);
                for row in (0..cross.rows.len()).filter(|&row| cross.rows[row].block == block) {
                    work.hidden[row].clone_from_slice(shown);
                }
            }
        }
    }
    work.hidden
}

impl Work<'_> {
    fn count(&self, row: usize, column: usize) -> i64 {
        self.cross.cells[row][column].share.count() as i64
    }

    /// The cells that change in the cheapest other table in which this cell does: the
    /// fewest that are not hidden yet, of these the ones with the fewest people.
    fn cheapest(&self, row: usize, column: usize) -> Option<Cells> {
        let mut best: Option<((usize, i64), Cells)> = None;
        for rows in self.row_changes(row) {
            for columns in self.column_changes(column, &rows) {
                for sign in [1, -1] {
                    let Some(cells) = self.possible(&rows, &columns, sign) else { continue };
                    let fresh = cells.iter().filter(|(row, column)| self.shown[*column] && !self.hidden[*row][*column]);
                    let (number, people) = fresh.fold((0, 0), |(number, people), (row, column)| {
                        (number + 1, people + self.count(*row, *column))
                    });
                    if best.as_ref().is_none_or(|(cost, _)| (number, people) < *cost) {
                        best = Some(((number, people), cells));
                    }
                }
            }
        }
        best.map(|(_, cells)| cells.into_iter().filter(|(_, column)| self.shown[*column]).collect())
    }

    /// Changes of the rows in which `row` changes: the row alone, or where answers exclude
    /// each other one answer for another.
    fn row_changes(&self, row: usize) -> Vec<Change> {
        let rows = &self.cross.rows;
        if !rows[row].is_single {
            return vec![vec![(row, 1)]];
        }
        let block: Vec<usize> = (0..rows.len()).filter(|&at| rows[at].block == rows[row].block).collect();
        let atoms: Vec<usize> = block.iter().copied().filter(|&at| rows[at].level != Level::Net).collect();
        exchanges(rows, &block, &atoms, row)
    }

    /// Changes of the columns in which `column` changes: one group for another, or one
    /// person more in a group of each variable and in the total.
    fn column_changes(&self, column: usize, rows: &Change) -> Vec<Change> {
        let heads = &self.cross.columns;
        let blocks = heads.iter().filter_map(|head| head.block).max().map_or(0, |last| last + 1);
        let own = |block: usize| (0..heads.len()).filter(|&at| heads[at].block == Some(block)).collect::<Vec<_>>();
        let atoms =
            |lines: &[usize]| lines.iter().copied().filter(|&at| heads[at].level != Level::Net).collect::<Vec<_>>();
        let mut changes = Vec::new();
        if let Some(block) = heads[column].block {
            let lines = own(block);
            changes.extend(exchanges(heads, &lines, &atoms(&lines), column));
        }
        // In the others the cheapest group is as good as any.
        for sign in [1, -1] {
            let mut whole: Vec<Change> = vec![vec![(0, 1)]];
            for block in 0..blocks {
                let lines = own(block);
                let holds_own = |atom: &usize| heads[column].block != Some(block) || holds(heads, column, *atom);
                let add = |atom: usize| -> Change {
                    lines.iter().filter(|&&line| holds(heads, line, atom)).map(|&line| (line, 1)).collect()
                };
                let mut options: Vec<Change> = atoms(&lines).into_iter().filter(holds_own).map(add).collect();
                if heads[column].block != Some(block) {
                    let cost = |change: &Change| {
                        self.possible(rows, change, sign).map(|cells| {
                            cells
                                .iter()
                                .filter(|(row, column)| self.shown[*column] && !self.hidden[*row][*column])
                                .count()
                        })
                    };
                    let cheapest = options
                        .into_iter()
                        .filter_map(|change| Some((cost(&change)?, change)))
                        .min_by_key(|(cost, _)| *cost);
                    options = cheapest.into_iter().map(|(_, change)| change).collect();
                }
                whole = whole
                    .iter()
                    .flat_map(|one| options.iter().map(move |two| [one.clone(), two.clone()].concat()))
                    .collect();
            }
            changes.extend(whole);
        }
        changes
    }

    /// The cells that change if `rows` and `columns` do; `None` where the result is no
    /// table with the same published cells.
    fn possible(&self, rows: &Change, columns: &Change, sign: i64) -> Option<Cells> {
        let mut cells = Vec::with_capacity(rows.len() * columns.len());
        for &(row, up) in rows {
            for &(column, more) in columns {
                let count = self.count(row, column);
                let changed = count + sign * up * more;
                let is_open = self.shown[column] && count == 0 && !self.rule.zero;
                let least = i64::from(self.shown[column] && !self.rule.zero);
                if is_open || changed < least || changed > self.cross.bases[row][column] as i64 {
                    return None;
                }
                if !self.cross.rows[row].is_single && !self.nets_hold(row, column, changed) {
                    return None;
                }
                cells.push((row, column));
            }
        }
        Some(cells)
    }

    /// Whether in `column`, with `changed` people in `row`, each net still has as many
    /// people as its largest member at least, and as all its members at most.
    fn nets_hold(&self, row: usize, column: usize, changed: i64) -> bool {
        let rows = &self.cross.rows;
        let count = |at: usize| if at == row { changed } else { self.count(at, column) };
        let is_concerned =
            |net: &usize| rows[*net].level == Level::Net && (*net == row || rows[*net].of.contains(&row));
        (0..rows.len()).filter(is_concerned).filter(|&net| !rows[net].of.is_empty()).all(|net| {
            let members = || rows[net].of.iter().map(|&member| count(member));
            members().max().is_none_or(|most| most <= count(net)) && count(net) <= members().sum()
        })
    }
}

/// Whether the line at `line` counts those of the line at `atom`.
fn holds(heads: &[Head], line: usize, atom: usize) -> bool {
    line == atom || heads[line].of.contains(&atom)
}

/// One of `atoms` for another, such that `line` changes: all of `lines` that change then.
fn exchanges(heads: &[Head], lines: &[usize], atoms: &[usize], line: usize) -> Vec<Change> {
    let mut changes = Vec::new();
    for &one in atoms.iter().filter(|&&one| holds(heads, line, one)) {
        for &other in atoms.iter().filter(|&&other| !holds(heads, line, other)) {
            let change = |&at: &usize| match (holds(heads, at, one), holds(heads, at, other)) {
                (true, false) => Some((at, 1)),
                (false, true) => Some((at, -1)),
                _ => None,
            };
            changes.push(lines.iter().filter_map(change).collect());
        }
    }
    changes
}
