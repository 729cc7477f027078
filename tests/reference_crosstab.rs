//! The statistics of cross tables against published examples, properties they must have,
//! and values of independent implementations.
//!
//! The independent values are not in the repository. Where `../shared/reference/crosstab`
//! is not there, the tests that need it say so and pass.

// A test that is skipped, and one that takes the time, have something to say.
#![allow(clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aftercode::statistics::{
    Adjustment, FreemanHalton, Interval, Method, Plan, Table, Undefined, fisher, freeman_halton, newcombe, wilson,
    wilson_finite,
};
use proptest::prelude::*;
use serde_json::Value;

/// Within 10⁻⁹, relative to `expected`; near 0, where digits cancel, absolute.
#[track_caller]
fn assert_near(name: &str, value: f64, expected: f64) {
    let bound = 1e-9 * expected.abs() + if expected.abs() < 1e-9 { 1e-15 } else { 0.0 };
    assert!((value - expected).abs() <= bound, "{name}: {value:e}, not {expected:e}");
}

#[track_caller]
fn assert_digits(value: f64, expected: f64, digits: i32) {
    assert!((value - expected).abs() <= 0.5000001 * 10_f64.powi(-digits), "{value}, not {expected}");
}

fn table(rows: &[&[u64]]) -> Table {
    Table::new(rows.iter().map(|row| row.to_vec()).collect())
}

// ---- Published examples ----

/// Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10.
#[test]
fn newcombe_of_the_paper() {
    for (first, second, low, high) in [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ] {
        let interval = newcombe(first, second).unwrap();
        assert_digits(interval.low, low, 4);
        assert_digits(interval.high, high, 4);
    }
}

/// Agresti, Introduction to Categorical Data Analysis (2007), section 2.4: party by gender.
#[test]
fn chi_square_of_the_textbook() {
    let table = table(&[&[762, 327, 468], &[484, 239, 477]]);
    let test = table.chi_square().unwrap();
    assert_digits(test.statistic, 30.07, 2);
    assert_eq!(test.df, 2);
    assert_digits(test.p * 1e7, 2.954, 3);
    assert_digits(test.min_expected, 246.4, 1);
    let residuals = table.adjusted_residuals().unwrap();
    for (residual, published) in residuals[0].iter().zip([4.5, 0.7, -5.3]) {
        assert_digits(*residual, published, 1);
    }
}

/// The documentation of R's `fisher.test`: job satisfaction (Agresti 2002, p. 57), and the
/// convictions of twins (Fisher 1962).
#[test]
fn exact_tests_of_the_textbook() {
    let jobs = table(&[&[1, 2, 1, 0], &[3, 3, 6, 1], &[10, 10, 14, 9], &[6, 7, 12, 11]]);
    let test = freeman_halton(&jobs, &Plan::default());
    assert_eq!(test.method, Method::Exact);
    assert_digits(test.p, 0.7827, 4);
    assert_digits(fisher([[2, 15], [10, 3]]).p * 1e4, 5.367, 3);
}

/// Benjamini and Hochberg (1995), section 3.2: of these 15, their procedure rejects four at
/// 0.05, Bonferroni's three. Holm's by hand.
#[test]
fn adjustments_of_the_paper() {
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0,
    ];
    let rejected = |adjustment: Adjustment| adjustment.adjust(&p).iter().filter(|p| **p <= 0.05).count();
    assert_eq!((rejected(Adjustment::BenjaminiHochberg), rejected(Adjustment::Holm)), (4, 3));
    let adjusted = Adjustment::BenjaminiHochberg.adjust(&p);
    assert_near("4 of 15", adjusted[3], 0.0095 * 15.0 / 4.0);
    assert_near("5 of 15", adjusted[4], 0.0201 * 15.0 / 5.0);
    let by_hand = Adjustment::Holm.adjust(&[0.01, 0.04, 0.03, 0.005]);
    for (value, expected) in by_hand.iter().zip([0.03, 0.06, 0.06, 0.02]) {
        assert_near("Holm", *value, expected);
    }
    assert!(Adjustment::Holm.adjust(&[]).is_empty());
}

/// Of the values of independent implementations, some of each kind, at full precision.
#[test]
fn full_precision_of_a_few() {
    for (counts, p) in [
        ([[1, 36], [59, 39]], 1.501993775288725e-10),
        ([[11, 26], [98, 0]], 1.850450721226297e-19),
        ([[18, 30], [2, 46]], 8.156290929648422e-5),
        ([[18, 17], [14, 14]], 1.0),
        ([[8, 29], [6, 92]], 0.021798372687605354),
    ] {
        assert_near("fisher", fisher(counts).p, p);
    }
    assert_near("mid-p", fisher([[8, 29], [6, 92]]).mid_p, 0.01646898312976994);
    let newcombe = newcombe((8, 37), (6, 98)).unwrap();
    assert_near("newcombe", newcombe.low, 0.03322428226598223);
    assert_near("newcombe", newcombe.high, 0.31415702650297583);
    let finite = wilson_finite(27, 135, 225).unwrap();
    assert_near("finite", finite.low, 0.1607286114133461);
    assert_near("finite", finite.high, 0.24605359609133792);
    let larger = table(&[&[7, 1, 0], &[5, 36, 5], &[6, 0, 3], &[0, 6, 11]]);
    let test = larger.chi_square().unwrap();
    assert_near("chi2", test.statistic, 60.4723040476546);
    assert_near("p", test.p, 3.60857691153984e-11);
    assert_near("min", test.min_expected, 1.8);
    assert_near("V", larger.cramers_v().unwrap(), 0.6147779276274005);
    assert_near("residual", larger.adjusted_residuals().unwrap()[2][1], -3.43297340991651);
    assert_near("exact", freeman_halton(&larger, &Plan::default()).p, 3.26034809596857e-11);
}

// ---- What has no value ----

#[test]
fn an_empty_margin_has_a_p_but_no_chi_square() {
    let empty = table(&[&[0, 37], &[0, 98]]);
    assert_eq!(fisher([[0, 37], [0, 98]]).p, 1.0);
    assert_eq!(freeman_halton(&empty, &Plan::default()).p, 1.0);
    assert_eq!(empty.chi_square(), Err(Undefined::EmptyMargin));
    assert_eq!(empty.cramers_v(), Err(Undefined::EmptyMargin));
    assert_eq!(empty.adjusted_residuals(), Err(Undefined::EmptyMargin));
    assert_eq!(empty.min_expected(), Ok(0.0));
    assert_eq!(table(&[&[0, 0], &[0, 0]]).chi_square(), Err(Undefined::EmptyBase));
    assert_eq!(table(&[&[3, 4, 5]]).chi_square(), Err(Undefined::NothingToCompare));
    // Empty groups are no groups: what is left is compared.
    let with_empty = table(&[&[3, 1, 0], &[0, 0, 0], &[1, 3, 0]]);
    assert_eq!(with_empty.chi_square(), Err(Undefined::EmptyMargin));
    assert!(with_empty.occupied().chi_square().is_ok());
    assert_near("tea", freeman_halton(&with_empty, &Plan::default()).p, 34.0 / 70.0);
}

// ---- Properties ----

/// All tables with the margins of `table` and their probabilities, one by one.
fn brute_force(table: &Table) -> f64 {
    fn ln_factorial(n: u64) -> f64 {
        (2..=n).map(|n| (n as f64).ln()).sum()
    }
    fn fill(cells: &mut Vec<u64>, rows: &[u64], columns: &[u64], found: &mut Vec<f64>) {
        let width = columns.len();
        let at = cells.len();
        if at == rows.len() * width {
            let full = |(column, sum): (usize, &u64)| cells.iter().skip(column).step_by(width).sum::<u64>() == *sum;
            if columns.iter().enumerate().all(full) {
                found.push(cells.iter().map(|cell| ln_factorial(*cell)).sum());
            }
            return;
        }
        let left = rows[at / width] - cells[at - at % width..].iter().sum::<u64>();
        let least = if at % width == width - 1 { left } else { 0 };
        for cell in least..=left {
            cells.push(cell);
            fill(cells, rows, columns, found);
            cells.pop();
        }
    }
    let mut found = Vec::new();
    fill(&mut Vec::new(), table.rows(), table.columns(), &mut found);
    let seen: f64 = table.counts().iter().flatten().map(|cell| ln_factorial(*cell)).sum();
    let margins = table.rows().iter().chain(table.columns()).map(|sum| ln_factorial(*sum)).sum::<f64>();
    let constant = margins - ln_factorial(table.total());
    found.iter().filter(|cost| **cost >= seen - 1e-7).map(|cost| (constant - cost).exp()).sum()
}

fn small_tables() -> impl Strategy<Value = Vec<Vec<u64>>> {
    (1..4_usize, 1..4_usize).prop_flat_map(|(rows, columns)| {
        let row = proptest::collection::vec(0..5_u64, columns);
        proptest::collection::vec(row, rows)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn freeman_halton_is_the_sum_over_all_tables(counts in small_tables()) {
        let table = Table::new(counts);
        let p = freeman_halton(&table, &Plan::default()).p;
        let expected = brute_force(&table);
        prop_assert!((p - expected).abs() < 1e-10, "{p} {expected}");
    }

    #[test]
    fn fisher_is_freeman_halton(counts in [[0..90_u64, 0..90], [0..90, 0..90]]) {
        let table = Table::new(counts.iter().map(|row| row.to_vec()).collect());
        let p = fisher(counts);
        let general = freeman_halton(&table, &Plan::default()).p;
        prop_assert!((p.p - general).abs() <= 1e-9 * p.p, "{p:?} {general}");
        prop_assert!(0.0 < p.mid_p && p.mid_p < p.p && p.p <= 1.0, "{p:?}");
        let [[a, b], [c, d]] = counts;
        for same in [[[d, c], [b, a]], [[a, c], [b, d]], [[b, a], [d, c]]] {
            prop_assert!((fisher(same).p - p.p).abs() <= 1e-12 * p.p);
        }
    }

    #[test]
    fn the_order_of_rows_and_columns_does_not_matter(counts in small_tables()) {
        let table = Table::new(counts.clone());
        let columns = table.columns().len();
        let transposed: Vec<Vec<u64>> =
            (0..columns).map(|column| counts.iter().rev().map(|row| row[column]).collect()).collect();
        let transposed = Table::new(transposed);
        let exact = |table: &Table| freeman_halton(table, &Plan::default()).p;
        prop_assert!((exact(&table) - exact(&transposed)).abs() < 1e-10);
        match (table.chi_square(), transposed.chi_square()) {
            (Ok(one), Ok(other)) => prop_assert!((one.p - other.p).abs() < 1e-10),
            (one, other) => prop_assert_eq!(one.err(), other.err()),
        }
    }

    #[test]
    fn drawn_tables_come_near_the_exact_p(counts in small_tables(), seed in 0..1000_u64) {
        let table = Table::new(counts);
        let exact = freeman_halton(&table, &Plan::default());
        let drawn = freeman_halton(&table, &Plan { work: 0, replicates: 4_000, seed });
        match drawn.method {
            Method::Exact => prop_assert_eq!(drawn.p, 1.0),
            Method::MonteCarlo { standard_error, .. } => {
                prop_assert!((drawn.p - exact.p).abs() < 5.0 * standard_error + 0.002, "{drawn:?} {exact:?}");
            }
        }
    }

    #[test]
    fn intervals_hold_the_share(base in 1..400_u64, part in 0.0..1.0_f64, more in 0..400_u64) {
        let count = (part * (base + 1) as f64) as u64;
        let share = count as f64 / base as f64;
        let wide = wilson(count, base).unwrap();
        let finite = wilson_finite(count, base, base + more).unwrap();
        for Interval { low, high } in [wide, finite] {
            prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
        }
        prop_assert!(wide.high - wide.low >= finite.high - finite.low - 1e-12);
    }

    #[test]
    fn adjusted_p_values_keep_their_order(p in proptest::collection::vec(0.0..=1.0_f64, 0..40)) {
        let holm = Adjustment::Holm.adjust(&p);
        let bh = Adjustment::BenjaminiHochberg.adjust(&p);
        for (at, one) in p.iter().enumerate() {
            prop_assert!(*one <= bh[at] && bh[at] <= holm[at] + 1e-15 && holm[at] <= 1.0);
            for (other, value) in p.iter().enumerate() {
                prop_assert!(one > value || (holm[at] <= holm[other] && bh[at] <= bh[other]));
            }
        }
    }
}

/// A table beyond exact computation.
fn large() -> Table {
    let cell =
        |row: u64, column: u64| (row * 7 + column * 5 + row * column) % 11 + u64::from(column.is_multiple_of(3)) * 2;
    Table::new((0..10).map(|row| (0..8).map(|column| cell(row, column)).collect()).collect())
}

#[test]
fn a_large_table_is_drawn_soon_and_the_same_on_any_number_of_threads() {
    let table = large();
    assert!((400..600).contains(&table.total()), "{}", table.total());
    let test = freeman_halton(&table, &Plan::default());
    let timed = || {
        let started = Instant::now();
        assert_eq!(freeman_halton(&table, &Plan::default()), test);
        started.elapsed()
    };
    // The best of some: others may be at work on this machine.
    let time = (0..5).map(|_| timed()).min().unwrap();
    eprintln!("{test:?} in {:.2} s", time.as_secs_f64());
    let Method::MonteCarlo { replicates, seed, standard_error } = test.method else { panic!("{test:?}") };
    assert_eq!(seed, Plan::default().seed);
    assert!((1_000..=Plan::default().replicates).contains(&replicates), "{replicates}");
    assert!(standard_error > 0.0 && standard_error < 0.01);
    // A debug build is many times slower.
    assert!(cfg!(debug_assertions) || time < Duration::from_secs(1), "{time:?}");
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| freeman_halton(&table, &Plan::default())), test);
    }
    assert_ne!(freeman_halton(&table, &Plan { seed: 2, ..Plan::default() }).p, test.p);
}

/// Tens of thousands in up to four groups are no work.
#[test]
fn up_to_four_groups_are_exact_however_large() {
    for counts in [
        [[12_000, 9_000], [11_800, 9_300]],
        [[500_000, 499_000], [500_000, 501_000]],
        [[9_000, 12_000], [12_000, 9_000]],
    ] {
        let test = freeman_halton(&table(&[&counts[0], &counts[1]]), &Plan::default());
        assert_eq!(test.method, Method::Exact);
        let fisher = fisher(counts).p;
        assert!((test.p - fisher).abs() <= 1e-9 * fisher, "{counts:?}: {test:?} {fisher}");
    }
    let groups = table(&[&[1_500, 5_000], &[1_600, 5_100], &[1_450, 4_700], &[1_580, 4_600]]);
    let test = freeman_halton(&groups, &Plan::default());
    assert_eq!(test.method, Method::Exact);
    let drawn = freeman_halton(&groups, &Plan { work: 0, ..Plan::default() });
    let Method::MonteCarlo { standard_error, .. } = drawn.method else { panic!("{drawn:?}") };
    assert!((test.p - drawn.p).abs() < 4.0 * standard_error, "{test:?} {drawn:?}");
    // Beyond doubt.
    let apart = table(&[&[6_000, 100], &[100, 6_000], &[3_000, 3_000]]);
    assert_eq!(freeman_halton(&apart, &Plan::default()), FreemanHalton { p: 0.0, method: Method::Exact });
}

/// Where p is large it is soon known; where it is small, all tables are drawn.
#[test]
fn no_more_tables_are_drawn_than_are_needed() {
    let drawn = |counts: Vec<Vec<u64>>| match freeman_halton(&Table::new(counts), &Plan { work: 0, ..Plan::default() })
    {
        FreemanHalton { p, method: Method::MonteCarlo { replicates, standard_error, .. } } => {
            (p, replicates, standard_error / p)
        }
        other => panic!("{other:?}"),
    };
    let (p, replicates, relative) = drawn(vec![vec![30, 31, 29], vec![30, 28, 31]]);
    assert!(p > 0.5 && replicates == 5_000 && relative < 1.0 / 30.0, "{p} {replicates} {relative}");
    let (p, replicates, _) = drawn(vec![vec![30, 10, 12], vec![8, 28, 31]]);
    assert!(p < 0.01 && replicates == Plan::default().replicates, "{p} {replicates}");
}

// ---- Independent implementations ----

fn reference(file: &str) -> Option<String> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/crosstab").join(file);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: there is no {}", path.display());
    }
    text
}

#[test]
fn a_thousand_fisher_tests() {
    let Some(text) = reference("fisher_random.csv") else { return };
    let mut seen = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let count = |at: usize| cells[at].parse::<u64>().unwrap();
        let expected: f64 = cells[4].parse().unwrap();
        let counts = [[count(0), count(1)], [count(2), count(3)]];
        assert_near(line, fisher(counts).p, expected);
        assert_near(line, freeman_halton(&table(&[&counts[0], &counts[1]]), &Plan::default()).p, expected);
        seen += 1;
    }
    assert_eq!(seen, 1_000);
}

fn assert_interval(name: &str, interval: Interval, expected: &Value) {
    assert_near(name, interval.low, expected[0].as_f64().unwrap());
    assert_near(name, interval.high, expected[1].as_f64().unwrap());
}

#[test]
fn intervals_of_a_finite_population() {
    let Some(text) = reference("fpc.json") else { return };
    let cases: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    for (name, case) in &cases {
        let count = |key: &str| case[key].as_u64().unwrap();
        let interval = wilson_finite(count("x"), count("n"), count("N")).unwrap();
        assert_interval(name, interval, &case["wilson_fpc"]);
    }
    assert!(cases.len() > 8, "{}", cases.len());
}

/// Statistics of the files that are not computed here.
const NOT_OURS: [&str; 22] = [
    "g",
    "g_p",
    "pearson_residuals",
    "cramers_v_biascorrected",
    "fisher_less",
    "fisher_greater",
    "fisher_central",
    "midp_central",
    "midp_fagerland",
    "yates_p",
    "chi2_Nminus1_p",
    "boschloo_p",
    "barnard_p",
    "clopper_pearson1",
    "clopper_pearson2",
    "wilsoncc1",
    "diff_agresti_caffo",
    "diff_wald",
    "diff_miettinen_nurminen",
    "rr",
    "rr_katz",
    "rr_koopman",
];

#[test]
fn tables_of_independent_implementations() {
    let (Some(text), Some(cells)) = (reference("expected.json"), reference("tables.csv")) else { return };
    let expected: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(&text).unwrap();
    let mut tables: BTreeMap<&str, Vec<Vec<u64>>> = BTreeMap::new();
    for line in cells.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let row: usize = cells[1].parse().unwrap();
        let rows = tables.entry(cells[0]).or_default();
        rows.resize(row.max(rows.len()), Vec::new());
        rows[row - 1].push(cells[3].parse().unwrap());
    }
    assert_eq!((tables.len(), expected.len()), (30, 30));
    let mut checked = 0;
    for (name, counts) in tables {
        for (statistic, value) in &expected[name] {
            checked += usize::from(check(&format!("{name} {statistic}"), statistic, &counts, value));
        }
    }
    assert!(checked > 200, "{checked}");
}

/// Compares one statistic; whether it is one of ours.
fn check(name: &str, statistic: &str, counts: &[Vec<u64>], expected: &Value) -> bool {
    let table = Table::new(counts.to_vec());
    let square = || [[counts[0][0], counts[0][1]], [counts[1][0], counts[1][1]]];
    let share = |row: usize| (counts[row][0], table.rows()[row]);
    let value = match statistic {
        "wilson1" => return check_interval(name, wilson(share(0).0, share(0).1).unwrap(), expected),
        "wilson2" => return check_interval(name, wilson(share(1).0, share(1).1).unwrap(), expected),
        "diff_newcombe" => return check_interval(name, newcombe(share(0), share(1)).unwrap(), expected),
        "adjusted_residuals" => {
            let residuals = table.adjusted_residuals().map(|rows| rows.concat());
            assert_eq!(residuals.is_err(), expected.is_null(), "{name}");
            for (at, residual) in residuals.iter().flatten().enumerate() {
                assert_near(name, *residual, expected[at].as_f64().unwrap());
            }
            return true;
        }
        "chi2" => table.chi_square().map(|test| test.statistic),
        "chi2_p" => table.chi_square().map(|test| test.p),
        "cramers_v" => table.cramers_v(),
        "min_expected" => table.min_expected(),
        "fisher_p" => Ok(fisher(square()).p),
        "midp_minlike" => Ok(fisher(square()).mid_p),
        "fisher_freeman_halton_p" => {
            let started = Instant::now();
            let test = freeman_halton(&table, &Plan::default());
            eprintln!("{name} in {:.3} s", started.elapsed().as_secs_f64());
            assert_eq!(test.method, Method::Exact, "{name}");
            Ok(test.p)
        }
        other => {
            let known = NOT_OURS.contains(&other) || other.starts_with("or_") || other.starts_with("rr_");
            assert!(known, "{name} is not compared");
            return false;
        }
    };
    assert_eq!(value.is_err(), expected.is_null(), "{name}");
    if let Ok(value) = value {
        assert_near(name, value, expected.as_f64().unwrap());
    }
    true
}

fn check_interval(name: &str, interval: Interval, expected: &Value) -> bool {
    assert_interval(name, interval, expected);
    true
}
