//! Time to count 200 codes in 50 groups of 1,000,000 respondents, and to test 4 of them,
//! on the threads there are. A benchmark, not a timed test.
//!
//! `cargo bench --bench tabulate`
#![allow(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::time::Instant;

use aftercode::statistics::Adjustment;
use aftercode::survey::People;
use aftercode::tabulate::compare::{comparisons, tests};
use aftercode::tabulate::cross::{BaseOf, PercentOf, Plan, cross};
use aftercode::tabulate::variable::{Category, Variable};

const PEOPLE: usize = 1_000_000;
const CODES: u64 = 200;
const GROUPS: u64 = 50;

/// A number that looks random, the same in every run.
fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53) ^ (x >> 29)
}

fn main() {
    let of = |group: u64| People::where_holds((0..PEOPLE).map(|at| mixed(at as u64) % GROUPS == group));
    let groups = Variable::single(
        "group",
        (0..GROUPS).map(|group| (format!("g{group}"), of(group))).collect(),
        People::all(PEOPLE),
    );
    let mut codes = groups.clone();
    codes.is_single = false;
    let has =
        |code: u64| People::where_holds((0..PEOPLE).map(|at| mixed(at as u64 * CODES + code).is_multiple_of(code + 2)));
    codes.categories = (0..CODES).map(|code| Category::new(&format!("c{code}"), has(code))).collect();

    let start = Instant::now();
    let plan = Plan {
        rows: vec![&codes],
        columns: vec![&groups],
        base: BaseOf::Respondents,
        of: PercentOf::Column,
        weights: None,
    };
    let table = cross(&plan);
    let counted = start.elapsed();
    println!("{CODES} codes × {GROUPS} groups, {PEOPLE} respondents: counted in {:.2} s", counted.as_secs_f64());

    let start = Instant::now();
    let shares: Vec<Vec<_>> = (0..4).map(|row| table.shares(row)).collect();
    let found = tests(&shares, &comparisons(&table.columns, &|_| false), Some(Adjustment::Holm), &|_| true);
    println!("{} tests of 50 groups in {:.2} s", found.len(), start.elapsed().as_secs_f64());
}
