//! Hidden cells stay hidden: an attacker who knows every published cell, how totals, nets
//! and bases add up, and the rule about zeros, solves for them and must not succeed.

use aftercode::survey::{Net, People};
use aftercode::tabulate::cross::{BaseOf, Cross, PercentOf, Plan, cross};
use aftercode::tabulate::suppress::{Rule, suppress};
use aftercode::tabulate::variable::{Category, Level, Variable};
use proptest::prelude::*;

/// What an equation says: Σ coefficient × unknown = right.
#[derive(Clone)]
struct Equation {
    terms: Vec<(usize, i128)>,
    right: i128,
}

/// Bounds of each unknown.
struct Attack {
    low: Vec<i128>,
    high: Vec<i128>,
    equations: Vec<Equation>,
}

impl Attack {
    fn new(cross: &Cross, shown: &[bool], hidden: &[Vec<bool>], rule: Rule) -> Self {
        let (rows, columns) = (cross.rows.len(), cross.columns.len());
        let unknown = |row: usize, column: usize| row * columns + column;
        let count = |row: usize, column: usize| i128::from(cross.cells[row][column].share.count());
        let mut attack = Self { low: Vec::new(), high: Vec::new(), equations: Vec::new() };
        for row in 0..rows {
            // Where a whole question is hidden, its zeros are as well.
            let of_block = |at: &usize| cross.rows[*at].block == cross.rows[row].block;
            let given_up =
                (0..rows).filter(of_block).all(|at| (0..columns).all(|column| hidden[at][column] || !shown[column]));
            for column in 0..columns {
                if shown[column] && !hidden[row][column] {
                    attack.low.push(count(row, column));
                    attack.high.push(count(row, column));
                } else {
                    attack.low.push(i128::from(shown[column] && !rule.zero && !given_up));
                    attack.high.push(i128::from(cross.bases[row][column]));
                }
            }
        }
        let is_atom = |level: Level| level != Level::Net && level != Level::Total;
        let blocks = cross.columns.iter().filter_map(|head| head.block).max().map_or(0, |last| last + 1);
        for row in 0..rows {
            for block in 0..blocks {
                let atoms = (0..columns)
                    .filter(|&at| cross.columns[at].block == Some(block) && is_atom(cross.columns[at].level));
                attack.sum(atoms.map(|at| unknown(row, at)), unknown(row, 0));
            }
            for net in (0..columns).filter(|&at| cross.columns[at].level == Level::Net) {
                attack.sum(cross.columns[net].of.iter().map(|&at| unknown(row, at)), unknown(row, net));
            }
        }
        for column in 0..columns {
            let of_block = |block: usize| (0..rows).filter(move |&at| cross.rows[at].block == Some(block));
            let row_blocks = cross.rows.iter().filter_map(|head| head.block).max().map_or(0, |last| last + 1);
            for block in 0..row_blocks {
                let first = of_block(block).next().expect("a row");
                if !cross.rows[first].is_single {
                    continue;
                }
                let atoms = of_block(block).filter(|&at| cross.rows[at].level != Level::Net);
                let terms = atoms.map(|at| (unknown(at, column), 1)).collect();
                attack.equations.push(Equation { terms, right: i128::from(cross.bases[first][column]) });
                for net in of_block(block).filter(|&at| cross.rows[at].level == Level::Net) {
                    attack.sum(cross.rows[net].of.iter().map(|&at| unknown(at, column)), unknown(net, column));
                }
            }
        }
        attack
    }

    fn sum(&mut self, members: impl Iterator<Item = usize>, whole: usize) {
        let terms = members.map(|at| (at, 1)).chain([(whole, -1)]).collect();
        self.equations.push(Equation { terms, right: 0 });
    }

    /// Gauss–Jordan in whole numbers: the equations in as many forms as elimination gives.
    fn eliminate(&mut self) {
        let unknowns = self.low.len();
        let mut rows: Vec<Vec<i128>> = self
            .equations
            .iter()
            .map(|equation| {
                let mut row = vec![0; unknowns + 1];
                row[unknowns] = equation.right;
                for &(at, coefficient) in &equation.terms {
                    if self.low[at] == self.high[at] {
                        row[unknowns] -= coefficient * self.low[at];
                    } else {
                        row[at] += coefficient;
                    }
                }
                row
            })
            .collect();
        let mut done = 0;
        for column in 0..unknowns {
            let Some(pivot) = (done..rows.len()).find(|&at| rows[at][column] != 0) else { continue };
            rows.swap(done, pivot);
            let lead = rows[done].clone();
            for (_, row) in rows.iter_mut().enumerate().filter(|(at, row)| *at != done && row[column] != 0) {
                let (a, b) = (lead[column], row[column]);
                row.iter_mut().zip(&lead).for_each(|(cell, lead)| *cell = *cell * a - lead * b);
                let common = row.iter().fold(0, |common, cell| gcd(common, cell.abs()));
                if common > 1 {
                    row.iter_mut().for_each(|cell| *cell /= common);
                }
            }
            done += 1;
        }
        for row in rows {
            let terms = (0..unknowns).filter(|&at| row[at] != 0).map(|at| (at, row[at])).collect();
            self.equations.push(Equation { terms, right: row[unknowns] });
        }
    }

    /// Narrows the bounds until nothing changes.
    fn propagate(&mut self) {
        loop {
            let mut changed = false;
            for equation in &self.equations {
                let span = |&(at, c): &(usize, i128)| {
                    if c > 0 { (c * self.low[at], c * self.high[at]) } else { (c * self.high[at], c * self.low[at]) }
                };
                let (least, most) =
                    equation.terms.iter().map(span).fold((0, 0), |sum, span| (sum.0 + span.0, sum.1 + span.1));
                let mut bounds = Vec::new();
                for term in &equation.terms {
                    let (own_least, own_most) = span(term);
                    // c × x = right − all others
                    let (from, to) = (equation.right - (most - own_most), equation.right - (least - own_least));
                    let c = term.1;
                    let (low, high) =
                        if c > 0 { (ceiling(from, c), floor(to, c)) } else { (ceiling(-to, -c), floor(-from, -c)) };
                    bounds.push((term.0, low, high));
                }
                for (at, low, high) in bounds {
                    if low > self.low[at] {
                        (self.low[at], changed) = (low, true);
                    }
                    if high < self.high[at] {
                        (self.high[at], changed) = (high, true);
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn floor(a: i128, b: i128) -> i128 {
    a.div_euclid(b)
}

fn ceiling(a: i128, b: i128) -> i128 {
    -(-a).div_euclid(b)
}

/// A variable with one value a person from `values`; 0 is missing.
fn single(name: &str, values: &[u8], categories: u8, net: &[u8]) -> Variable {
    let of = |value: u8| People::where_holds(values.iter().map(|own| *own == value));
    let sets = (1..=categories).map(|value| (format!("{name}{value}"), of(value))).collect();
    let mut variable = Variable::single(name, sets, People::all(values.len()));
    if !net.is_empty() {
        let of = net.iter().map(|value| format!("{name}{value}")).collect();
        variable.add_nets(&[Net { label: format!("{name}net"), of }]);
    }
    variable
}

fn multiple(name: &str, values: &[u8], categories: u8) -> Variable {
    let mut variable = single(name, values, 1, &[]);
    let of = |bit: u8| People::where_holds(values.iter().map(|own| own >> bit & 1 == 1));
    variable.categories = (0..categories).map(|bit| Category::new(&format!("{name}{bit}"), of(bit))).collect();
    variable.answered = variable.asked.clone();
    variable.is_single = false;
    variable.add_nets(&[Net { label: format!("{name}net"), of: vec![format!("{name}0"), format!("{name}1")] }]);
    variable
}

/// Asserts that no small cell can be solved for; how many there were.
fn attacked(cross: &Cross, shown: &[bool], rule: Rule) -> usize {
    let hidden = suppress(cross, shown, rule);
    let mut attack = Attack::new(cross, shown, &hidden, rule);
    attack.eliminate();
    attack.propagate();
    let mut small = 0;
    for (row, hidden) in hidden.iter().enumerate() {
        for column in (0..cross.columns.len()).filter(|&column| shown[column]) {
            let count = cross.cells[row][column].share.count();
            let base = cross.bases[row][column];
            let is_small = base > 0 && count < rule.under && (count > 0 || rule.zero);
            if !is_small {
                continue;
            }
            small += 1;
            assert!(hidden[column], "a small cell is shown: {row} {column}");
            let at = row * cross.columns.len() + column;
            assert!(
                attack.low[at] < attack.high[at],
                "{} × {} is {}: found out",
                cross.rows[row].id,
                cross.columns[column].id,
                attack.low[at]
            );
            assert!((attack.low[at]..=attack.high[at]).contains(&i128::from(count)));
        }
    }
    small
}

fn plan<'v>(rows: Vec<&'v Variable>, columns: Vec<&'v Variable>) -> Plan<'v> {
    Plan { rows, columns, base: BaseOf::Respondents, of: PercentOf::Column, weights: None }
}

#[test]
fn without_secondary_suppression_the_attack_succeeds() {
    // 30 people, two groups; 2 of the second say yes. Hiding the 2 alone is undone by the
    // total.
    let groups: Vec<u8> = (0..30).map(|at| 1 + u8::from(at >= 18)).collect();
    let says: Vec<u8> = (0..30).map(|at| if (9..28).contains(&at) { 2 } else { 1 }).collect();
    let (rows, columns) = (single("r", &says, 2, &[]), single("c", &groups, 2, &[]));
    let cross = cross(&plan(vec![&rows], vec![&columns]));
    let shown = vec![true; cross.columns.len()];
    let rule = Rule { under: 5, zero: false };
    let naive: Vec<Vec<bool>> =
        cross.cells.iter().map(|row| row.iter().map(|cell| (1..5).contains(&cell.share.count())).collect()).collect();
    let mut attack = Attack::new(&cross, &shown, &naive, rule);
    attack.eliminate();
    attack.propagate();
    let at = 2;
    assert_eq!((attack.low[at], attack.high[at], cross.cells[0][2].share.count()), (2, 2, 2));
    assert_eq!(attacked(&cross, &shown, rule), 1);
    // No more than the four cells of a rectangle.
    assert_eq!(suppress(&cross, &shown, rule).iter().flatten().filter(|hidden| **hidden).count(), 4);
}

proptest! {
    #[test]
    fn no_hidden_cell_is_found_out(
        people in prop::collection::vec((0u8..=4, 0u8..=3, 0u8..=4, 0u8..16), 4..90),
        under in 2u64..7,
        zero in any::<bool>(),
        hide_columns in any::<bool>(),
    ) {
        let values = |pick: fn(&(u8, u8, u8, u8)) -> u8| people.iter().map(pick).collect::<Vec<u8>>();
        let rows = single("r", &values(|one| one.0), 4, &[1, 2]);
        let several = multiple("m", &values(|one| one.3), 4);
        let one = single("c", &values(|one| one.2), 4, &[2, 3, 4]);
        let two = single("d", &values(|one| one.1), 3, &[1, 3]);
        let rule = Rule { under, zero };
        for columns in [vec![&one], vec![&one, &two]] {
            let cross = cross(&plan(vec![&rows, &several], columns));
            // As in the report: one category and the net of the others.
            let is_shown = |at: usize| !hide_columns || cross.columns[at].level != Level::Category || at == 1;
            let shown: Vec<bool> = (0..cross.columns.len()).map(is_shown).collect();
            attacked(&cross, &shown, rule);
        }
    }
}
