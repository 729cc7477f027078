//! Agreement of coders against published examples, properties it must have, and values of
//! independent implementations.
//!
//! The independent values are not in the repository. Where `../shared/reference/agreement`
//! is not there, the tests that need it say so and pass.

// A test that is skipped, and one that takes the time, have something to say.
#![allow(clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aftercode::audit::{
    Agreement, Bootstrap, Coefficients, Distance, Labels, Matrix, Named, Pair, Performance, Ratings, SetPerformance,
    alpha, neutral,
};
use aftercode::read::Options;
use aftercode::statistics::{Defined, Undefined};
use proptest::prelude::*;
use serde_json::Value;

/// Within 10⁻⁹, relative to `expected`; near 0, where digits cancel, absolute.
#[track_caller]
fn assert_near(name: &str, value: f64, expected: f64) {
    let bound = 1e-9 * expected.abs().max(1e-3);
    assert!((value - expected).abs() <= bound, "{name}: {value:e}, not {expected:e}");
}

#[track_caller]
fn assert_digits(value: Defined<f64>, expected: f64, digits: i32) {
    let value = value.unwrap();
    assert!((value - expected).abs() <= 0.5000001 * 10_f64.powi(-digits), "{value}, not {expected}");
}

/// Ratings of coders in rows of digits, `.` where not coded.
fn ratings(categories: usize, coders: &[&str]) -> Ratings {
    let cell = |coder: &str, unit: usize| {
        coder.as_bytes()[unit].is_ascii_digit().then(|| usize::from(coder.as_bytes()[unit] - b'0'))
    };
    let units = (0..coders[0].len()).map(|unit| coders.iter().map(|coder| cell(coder, unit)).collect()).collect();
    Ratings::new(categories, coders.len(), units)
}

// ---- Published examples ----

/// Krippendorff (2011), Computing Krippendorff's alpha-reliability: examples A (two
/// observers, two values), B (five values), C (four observers, missing codings).
#[test]
fn alpha_of_the_paper() {
    assert_digits(alpha(&ratings(2, &["0100000010", "1110010000"]), None).value, 0.095, 3);
    assert_digits(alpha(&ratings(5, &["001132224330", "101112224333"]), None).value, 0.692, 3);
    let missing = alpha(&four_observers(), None);
    assert_digits(missing.value, 0.743, 3);
    // The last unit was coded by one observer only.
    assert_eq!((missing.units, missing.codings), (11, 40));
}

/// Example C; also in Gwet's Handbook of Inter-Rater Reliability.
fn four_observers() -> Ratings {
    ratings(5, &["012210301...", "0122113014..", ".22212311402", "01221330140."])
}

/// The values that R's irrCAC prints for it.
#[test]
fn coefficients_of_the_handbook() {
    let coefficients = Coefficients::new(&four_observers());
    assert_eq!((coefficients.units, coefficients.pairable), (12, 11));
    assert_digits(coefficients.pa.value, 0.8181818, 7);
    assert_digits(coefficients.ac1.value, 0.77544, 5);
    assert_digits(coefficients.ac1.se, 0.14295, 5);
    assert_digits(coefficients.ac1.interval.map(|interval| interval.low), 0.461, 3);
    assert_eq!(coefficients.ac1.interval.unwrap().high, 1.0);
    assert_digits(coefficients.fleiss.value, 0.76117, 5);
    assert_digits(coefficients.fleiss.se, 0.15302, 5);
    assert_digits(coefficients.conger.value, 0.76282, 5);
    assert_digits(coefficients.conger.se, 0.14917, 5);
}

/// Fleiss (1971): six psychiatrists, thirty patients.
#[test]
fn fleiss_of_the_paper() {
    let psychiatrists = ratings(
        5,
        &[
            "311410200400101200104110010104",
            "312410200431131200124310310124",
            "312412223433133200324333310324",
            "342432223433233230344343310324",
            "342432423433233240344343314324",
            "344432433433234441344343434324",
        ],
    );
    assert_digits(Coefficients::new(&psychiatrists).fleiss.value, 0.430, 3);
}

/// Cohen's judges (R's psych: "cohen reports .492"), the two skin doctors of the
/// documentation of SAS, and the paradoxes of Feinstein and Cicchetti (1990).
#[test]
fn kappa_of_the_papers() {
    let judges = Pair::from_counts(vec![vec![88, 14, 18], vec![10, 40, 10], vec![2, 6, 12]]);
    assert_digits(judges.cohen().kappa, 0.492, 3);
    assert_digits(judges.cohen().max, 0.831, 3);
    assert_digits(judges.po(), 0.70, 2);
    let doctors = Pair::from_counts(vec![vec![10, 4, 1, 0], vec![5, 10, 12, 2], vec![2, 4, 12, 5], vec![0, 2, 6, 13]]);
    let cohen = doctors.cohen();
    assert_digits(cohen.kappa, 0.3449, 4);
    assert_digits(cohen.se, 0.0724, 4);
    assert_digits(cohen.interval.map(|interval| interval.low), 0.2030, 4);
    assert_digits(cohen.interval.map(|interval| interval.high), 0.4868, 4);
    let paradoxes = [
        (40, 9, 6, 45, 0.85, 0.70),
        (80, 10, 5, 5, 0.85, 0.32),
        (45, 15, 25, 15, 0.60, 0.13),
        (25, 35, 5, 35, 0.60, 0.26),
    ];
    for (a, b, c, d, po, kappa) in paradoxes {
        let pair = Pair::from_counts(vec![vec![a, b], vec![c, d]]);
        assert_digits(pair.po(), po, 2);
        assert_digits(pair.cohen().kappa, kappa, 2);
    }
}

/// Of the values of independent implementations, two sets at full precision: two coders
/// with missing codings, and sets of labels.
#[test]
fn full_precision_of_a_few() {
    let data = ratings(
        2,
        &[
            ".000000010010.00100001001000.000000010000000000.000100000000",
            "0000000.1.0.0010.00001.01000000000000000000000.1001000000001",
        ],
    );
    let values = named(&Agreement::new(&data, None));
    for (name, expected) in [
        ("po", 0.9),
        ("po_wilson_lo", 0.7863976856252034),
        ("positive_agreement_f1", 0.5454545454545454),
        ("negative_agreement_f1", 0.9438202247191011),
        ("kappa", 0.4897959183673469),
        ("kappa_se", 0.19610591198656488),
        ("kappa_ci_lo_normal", 0.10543539371829802),
        ("kappa_max", 0.8979591836734693),
        ("scott", 0.489274770173646),
        ("pabak", 0.8),
        ("prevalence_index", 0.78),
        ("bias_index", 0.02),
        ("mcnemar_exact_p", 1.0),
        ("mcnemar_midp", 0.6875),
        ("pa", 0.9),
        ("pa_se", 0.0676481425202546),
        ("ac1", 0.867865663424482),
        ("ac1_se", 0.0807862183100244),
        ("ac1_ci_lo", 0.706212813972893),
        ("fleiss", 0.588806396344943),
        ("fleiss_se", 0.165680801932278),
        ("fleiss_ci_hi", 0.92033291524939),
        ("bp", 0.8),
        ("bp_se", 0.0974244600894909),
        ("conger", 0.55),
        ("conger_se", 0.174345482392374),
        ("conger_ci_lo", 0.201135495542291),
        ("alpha", 0.4943820224719101),
        ("precision", 0.5),
        ("recall", 0.6),
        ("mcc", 0.49236596391733095),
    ] {
        assert_near(name, values[name].unwrap(), expected);
    }

    let sets = |text: &str| -> Vec<Option<Labels>> {
        let label = |label: &str| usize::from(label.as_bytes()[0] - b'a');
        text.split(' ').map(|set| Some(set.split('|').filter(|set| *set != "-").map(label).collect())).collect()
    };
    let first = sets("c|e a|d c c|d b|c a - c a|e a|b - a|b|c a|b|c|d - a d - - a a");
    let second = sets("c|e a|d c c b a - c e a|b c a|c a|b|c a a c|d d c - a|c");
    let matrix = Matrix::new(
        ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec(),
        ["c1", "c2"].map(str::to_owned).to_vec(),
        (0..20).map(|unit| format!("u{unit}")).collect(),
        first.into_iter().zip(second).map(|(one, other)| vec![one, other]).collect(),
    );
    let performance = SetPerformance::new(&matrix, 0, 1);
    assert_eq!((performance.units, performance.exact, performance.empty), (20, 8, 1));
    for (value, expected) in [
        (matrix.set_alpha(Distance::Masi, None).value, 0.4353346355505301),
        (matrix.set_alpha(Distance::Jaccard, None).value, 0.4817666237431161),
        (matrix.set_alpha(Distance::Exact, None).value, 0.3408450704225352),
        (performance.micro.f1(), 0.7692307692307693),
        (performance.macro_mean(Performance::f1).map(|(mean, _)| mean), 0.7915966386554623),
        (performance.sample_f1, 0.6495238095238094),
        (performance.macro_mean(Performance::precision).map(|(mean, _)| mean), 0.8283333333333334),
    ] {
        assert_near("sets", value.unwrap(), expected);
    }
}

// ---- What has no value ----

fn named(agreement: &Agreement) -> BTreeMap<&'static str, Defined<f64>> {
    agreement.named().into_iter().map(|Named { name, value }| (name, value)).collect()
}

/// The data of two coders and two categories, looked at in every way.
fn binary(first: &str, second: &str) -> BTreeMap<&'static str, Defined<f64>> {
    named(&Agreement::new(&ratings(2, &[first, second]), Some(&Bootstrap { replicates: 50, seed: 1 })))
}

#[test]
fn a_code_nobody_used_has_no_kappa() {
    let values = binary("00000000", "00000000");
    for name in ["kappa", "scott", "alpha", "fleiss", "conger", "kappa_max", "mcc", "alpha_boot_lo"] {
        assert_eq!(values[name], Err(Undefined::NoVariation), "{name}");
    }
    for name in ["po", "pa", "ac1", "bp", "pabak", "negative_agreement_f1", "mcnemar_exact_p", "mcnemar_midp"] {
        assert_eq!(values[name], Ok(1.0), "{name}");
    }
    for name in ["positive_agreement_f1", "precision", "recall"] {
        assert_eq!(values[name], Err(Undefined::NeverUsed), "{name}");
    }
    assert_eq!(values["ac1_se"], Ok(0.0));
    assert_eq!(values["ac1_ci_lo"], Err(Undefined::NoSpread));
    assert_eq!(values["stuart_maxwell_p"], Err(Undefined::NoDisagreement));
}

#[test]
fn without_a_pair_there_is_no_agreement() {
    for (first, second) in [("0101", "...."), ("01..", "..10"), ("....", "....")] {
        let values = binary(first, second);
        assert!(values.values().all(|value| *value == Err(Undefined::NoPair)), "{values:?}");
    }
}

#[test]
fn one_unit_has_no_spread() {
    let values = binary("1", "0");
    assert_eq!(values["ac1"], Ok(-1.0));
    assert_eq!(values["alpha"], Ok(0.0));
    for name in ["ac1_se", "ac1_ci_lo", "kappa_se", "kappa_ci_lo_normal", "pa_se", "alpha_boot_lo"] {
        assert_eq!(values[name], Err(Undefined::TooFewUnits), "{name}");
    }
}

#[test]
fn perfect_agreement_has_no_interval() {
    let values = binary("1100", "1100");
    for name in ["kappa", "scott", "alpha", "ac1", "fleiss", "conger", "bp", "kappa_max", "mcc"] {
        assert_eq!(values[name], Ok(1.0), "{name}");
    }
    assert_eq!(values["kappa_se"], Ok(0.0));
    for name in ["kappa_ci_lo_normal", "fleiss_ci_lo", "alpha_boot_hi"] {
        assert_eq!(values[name], Err(Undefined::NoSpread), "{name}");
    }
}

/// Two coders disagree on one unit, and each of the others was coded by one alone.
#[test]
fn an_interval_holds_its_value_even_below_minus_one() {
    let ratings =
        Ratings::new(3, 3, vec![vec![None, None, Some(2)], vec![Some(2), None, Some(0)], vec![None, None, Some(2)]]);
    let fleiss = Coefficients::new(&ratings).fleiss;
    let (value, interval) = (fleiss.value.unwrap(), fleiss.interval.unwrap());
    assert!(value < -1.0 && interval.low < value && value < interval.high, "{value} {interval:?}");
}

// ---- Properties ----

fn cells(categories: u32, coders: usize) -> impl Strategy<Value = Vec<Vec<Option<usize>>>> {
    let cell = proptest::option::weighted(0.8, (0..categories).prop_map(|category| category as usize));
    proptest::collection::vec(proptest::collection::vec(cell, coders), 0..14)
}

/// α pair by pair, from its definition.
fn slow_alpha(ratings: &Ratings) -> Option<f64> {
    let units: Vec<Vec<usize>> = ratings
        .units()
        .iter()
        .map(|unit| unit.iter().flatten().copied().collect())
        .filter(|u: &Vec<_>| u.len() > 1)
        .collect();
    let all: Vec<usize> = units.concat();
    let differ = |codings: &[usize]| -> f64 {
        let mut pairs = 0.0;
        for (at, one) in codings.iter().enumerate() {
            for (other_at, other) in codings.iter().enumerate() {
                pairs += f64::from(u8::from(at != other_at && one != other));
            }
        }
        pairs / (codings.len() - 1) as f64
    };
    let expected = if all.is_empty() { 0.0 } else { differ(&all) };
    (expected > 0.0).then(|| 1.0 - units.iter().map(|unit| differ(unit)).sum::<f64>() / expected)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn nothing_is_nan_and_all_is_in_range(units in cells(3, 3)) {
        let ratings = Ratings::new(3, 3, units);
        let agreement = Agreement::new(&ratings, Some(&Bootstrap { replicates: 20, seed: 3 }));
        let pairs = agreement.pairs.iter().flat_map(|of| of.pair.named());
        for Named { name, value } in agreement.named().into_iter().chain(pairs) {
            if let Ok(value) = value {
                // α of a few codings can be lower than −1; a standard error, larger than 1.
                prop_assert!(value.is_finite() && (-99.0..=99.0).contains(&value), "{name} {value}");
                prop_assert!(!name.contains("_ci_") || value <= 1.0, "{name} {value}");
            }
        }
        let Coefficients { ac1, fleiss, bp, conger, .. } = Coefficients::new(&ratings);
        for coefficient in [ac1, fleiss, bp, conger] {
            if let (Ok(value), Ok(interval)) = (coefficient.value, coefficient.interval) {
                prop_assert!(interval.low <= value && value <= interval.high, "{value} {interval:?}");
                prop_assert!(interval.low >= -1.0 || value < -1.0, "{value} {interval:?}");
            }
        }
        let slow = slow_alpha(&ratings);
        prop_assert_eq!(agreement.alpha.value.is_ok(), slow.is_some());
        if let (Ok(fast), Some(slow)) = (agreement.alpha.value, slow) {
            prop_assert!((fast - slow).abs() < 1e-12);
        }
    }

    #[test]
    fn the_order_of_units_and_coders_does_not_matter(units in cells(2, 4)) {
        let turned: Vec<Vec<Option<usize>>> =
            units.iter().rev().map(|unit| unit.iter().rev().copied().collect()).collect();
        let one = Coefficients::new(&Ratings::new(2, 4, units.clone()));
        let other = Coefficients::new(&Ratings::new(2, 4, turned));
        for (one, other) in [(one.ac1, other.ac1), (one.fleiss, other.fleiss), (one.conger, other.conger), (one.bp, other.bp)] {
            match (one.se, other.se) {
                (Ok(one), Ok(other)) => prop_assert!((one - other).abs() < 1e-9),
                (one, other) => prop_assert_eq!(one, other),
            }
        }
    }

    /// Complete codings of two coders: Fleiss is Scott, and Conger is Cohen.
    #[test]
    fn of_two_coders_the_general_is_the_special(pairs in proptest::collection::vec((0..3_usize, 0..3_usize), 1..20)) {
        let units = pairs.iter().map(|(one, other)| vec![Some(*one), Some(*other)]).collect();
        let ratings = Ratings::new(3, 2, units);
        let (coefficients, pair) = (Coefficients::new(&ratings), Pair::new(&ratings, 0, 1));
        for (general, special) in [
            (coefficients.fleiss.value, pair.scott()),
            (coefficients.conger.value, pair.cohen().kappa),
            (coefficients.bp.value, pair.pabak()),
            (coefficients.pa.value, pair.po()),
        ] {
            match (general, special) {
                (Ok(general), Ok(special)) => prop_assert!((general - special).abs() < 1e-9),
                (general, special) => prop_assert_eq!(general, special),
            }
        }
    }
}

/// 135 answers, 30 codes, 3 coders.
fn survey() -> Matrix {
    let cell = |unit: usize, coder: usize| -> Option<Labels> {
        let labels = (0..30).filter(|label| {
            (unit * 7 + label * 11).is_multiple_of(13) || (unit + coder * 3 + label).is_multiple_of(41)
        });
        (unit % 17 != coder).then(|| labels.collect())
    };
    Matrix::new(
        (0..30).map(|label| format!("c{label:02}")).collect(),
        ["a", "b", "c"].map(str::to_owned).to_vec(),
        (0..135).map(|unit| format!("u{unit:03}")).collect(),
        (0..135).map(|unit| (0..3).map(|coder| cell(unit, coder)).collect()).collect(),
    )
}

#[test]
fn intervals_come_soon_and_are_the_same_on_any_number_of_threads() {
    let matrix = survey();
    let bootstrap = Bootstrap::default();
    let all = || {
        let labels: Vec<_> = (0..30).map(|label| alpha(&matrix.label(label), Some(&bootstrap))).collect();
        (labels, Distance::ALL.map(|distance| matrix.set_alpha(distance, Some(&bootstrap))))
    };
    let result = all();
    let timed = || {
        let started = Instant::now();
        assert!(all() == result);
        started.elapsed()
    };
    // The best of some: others may be at work on this machine.
    let time = (0..5).map(|_| timed()).min().unwrap();
    eprintln!("30 codes and 3 distances, {} samples each, in {:.2} s", bootstrap.replicates, time.as_secs_f64());
    // A debug build is many times slower.
    assert!(cfg!(debug_assertions) || time < Duration::from_secs(2), "{time:?}");
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(all), result);
    }
    let other = alpha(&matrix.label(0), Some(&Bootstrap { seed: 2, ..bootstrap }));
    assert_ne!(other.interval, result.0[0].interval);
    for alpha in result.0.iter().chain(&result.1) {
        let interval = alpha.interval.unwrap().interval.unwrap();
        let value = alpha.value.unwrap();
        assert!(interval.low < value && value < interval.high, "{alpha:?}");
    }
}

// ---- Independent implementations ----

fn folder(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/agreement").join(name);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: there is no {}", path.display());
    None
}

fn read(path: &Path) -> Matrix {
    neutral(path, &Options::default(), None).unwrap().matrix
}

/// Of an axis, the ratings; two categories 0 and 1 are there even if one was not used.
fn axis(matrix: &Matrix) -> Ratings {
    let ratings = matrix.axis().unwrap();
    if matrix.labels.iter().all(|label| label == "0" || label == "1") {
        let one = matrix.labels.iter().position(|label| label == "1");
        return one
            .map_or_else(|| Ratings::new(2, ratings.coders(), ratings.units().to_vec()), |one| matrix.label(one));
    }
    ratings
}

/// The units that every coder coded.
fn complete(ratings: &Ratings) -> Ratings {
    let units = ratings.units().iter().filter(|unit| unit.iter().all(Option::is_some)).cloned().collect();
    Ratings::new(ratings.categories(), ratings.coders(), units)
}

/// Statistics of the files that are not computed here.
fn is_ours(statistic: &str) -> bool {
    let prefixes = ["table_", "light", "randolph", "alpha_se", "alpha_ci", "percent_all_equal"];
    let suffixes = ["_p", "_z", "_se0", "_z0", "_ci_lo_t", "_ci_hi_t", "_weighted", "_0.67_0.33"];
    let others = ["balanced_accuracy"];
    statistic == "mcnemar_exact_p"
        || statistic == "mcnemar_chi2_p"
        || !(prefixes.iter().any(|prefix| statistic.starts_with(prefix))
            || suffixes.iter().any(|suffix| statistic.ends_with(suffix))
            || others.contains(&statistic))
}

#[test]
fn generated_sets_of_one_axis() {
    let Some(folder) = folder("generated") else { return };
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(&text).unwrap();
    assert_eq!(expected.len(), 22);
    let (mut checked, mut sets) = (0, 0);
    for (name, expected) in &expected {
        let matrix = read(&folder.join(format!("{name}.csv")));
        if expected.contains_key("alpha_masi") {
            sets += 1;
            checked += check_sets(name, &matrix, expected);
            continue;
        }
        let ratings = axis(&matrix);
        let values = named(&Agreement::new(&ratings, None));
        for (statistic, value) in expected.iter().filter(|(statistic, _)| is_ours(statistic)) {
            let pair = || Pair::new(&ratings, 0, 1);
            let macro_f1 = || {
                let values: Vec<f64> = (0..ratings.categories()).filter_map(|at| pair().specific(at).ok()).collect();
                Ok(values.iter().sum::<f64>() / values.len() as f64)
            };
            let ours = match statistic.as_str() {
                "fleiss_complete_cases" => Coefficients::new(&complete(&ratings)).fleiss.value,
                "conger_complete_cases" => Coefficients::new(&complete(&ratings)).conger.value,
                "mcnemar_chi2_p" => values["stuart_maxwell_p"],
                "f1_micro" => values["po"],
                "f1_macro" => macro_f1(),
                known => *values.get(known).unwrap_or_else(|| panic!("{name} {known} is not compared")),
            };
            assert_near(&format!("{name} {statistic}"), ours.unwrap(), value.as_f64().unwrap());
            checked += 1;
        }
    }
    assert_eq!(sets, 6);
    assert!(checked > 500, "{checked}");
}

/// Compares the statistics of whole sets; how many there were.
fn check_sets(name: &str, matrix: &Matrix, expected: &BTreeMap<String, Value>) -> usize {
    let performance = SetPerformance::new(matrix, 0, 1);
    let n = performance.units as f64;
    let macro_mean = |measure: fn(&Performance) -> Defined<f64>| performance.macro_mean(measure).map(|(mean, _)| mean);
    let mut checked = 0;
    for (statistic, value) in expected {
        let ours = match statistic.as_str() {
            "alpha_masi" => matrix.set_alpha(Distance::Masi, None).value,
            "alpha_jaccard" => matrix.set_alpha(Distance::Jaccard, None).value,
            "alpha_exact_set" => matrix.set_alpha(Distance::Exact, None).value,
            "n_pairs" => Ok(n),
            "sklearn.subset_accuracy" => Ok(performance.exact as f64 / n),
            "sklearn.f1_samples zero_division=1" => performance.sample_f1,
            "sklearn.f1_samples zero_division=0" => {
                performance.sample_f1_labeled.map(|mean| mean * (n - performance.empty as f64) / n)
            }
            other if other.starts_with("alpha_code_") => {
                let label = matrix.labels.iter().position(|label| other.ends_with(&format!("_{label}"))).unwrap();
                alpha(&matrix.label(label), None).value
            }
            other => {
                let Some(rest) = other.strip_prefix("sklearn.") else {
                    assert!(!is_ours(other), "{name} {other} is not compared");
                    continue;
                };
                match rest.split(' ').next().unwrap() {
                    "f1_micro" => performance.micro.f1(),
                    "precision_micro" => performance.micro.precision(),
                    "recall_micro" => performance.micro.recall(),
                    "f1_macro" => macro_mean(Performance::f1),
                    "precision_macro" => macro_mean(Performance::precision),
                    "recall_macro" => macro_mean(Performance::recall),
                    _ => continue,
                }
            }
        };
        assert_near(&format!("{name} {statistic}"), ours.unwrap(), value.as_f64().unwrap());
        checked += 1;
    }
    checked
}

#[test]
fn published_sets() {
    let Some(folder) = folder("published") else { return };
    let mut checked = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let matrix = read(&path.with_extension("csv"));
        let count = |key: &str| file[key].as_u64().unwrap() as usize;
        assert_eq!(
            (matrix.units.len(), matrix.coders.len()),
            (count("n_units"), count("n_coders")),
            "{}",
            path.display()
        );
        for expected in file["expected"].as_array().unwrap() {
            let statistic = expected["stat"].as_str().unwrap();
            let name = format!("{} {statistic}", path.display());
            let mut ratings = axis(&matrix);
            if file["title"].as_str().unwrap().ends_with("category count = 3") {
                // One of them was not used.
                ratings = Ratings::new(3, ratings.coders(), ratings.units().to_vec());
            }
            let Some(mut ours) = published(statistic, &ratings) else { continue };
            if name.contains("p10_irrCAC") && statistic != "kappa se" {
                // Printed from the table of counts, with n instead of n − 1.
                match statistic.rsplit(' ').next() {
                    Some("se") => ours = ours.map(|se| se * (0.99_f64).sqrt()),
                    Some("lo" | "hi") => continue,
                    _ => {}
                }
            }
            assert_near(&name, ours.unwrap(), expected["value"].as_f64().unwrap());
            checked += 1;
        }
    }
    assert!(checked > 60, "{checked}");
}

/// A published statistic by the name it has in its file, if it is one of ours.
fn published(statistic: &str, ratings: &Ratings) -> Option<Defined<f64>> {
    let values = named(&Agreement::new(ratings, None));
    let two = ratings.coders() == 2;
    let name = match statistic {
        "alpha nominal" | "alpha" | "alpha irrCAC" => "alpha",
        "kappa" if two => "kappa",
        "kappa" | "kappa (R irr via statsmodels test)" | "fixed (Fleiss)" | "Fleiss" => "fleiss",
        "free (Randolph)" | "BP" => "bp",
        "ASE" | "kappa se" => "kappa_se",
        "lo" => "kappa_ci_lo_normal",
        "hi" => "kappa_ci_hi_normal",
        "P bar" | "pa" => "pa",
        "pa se" => "pa_se",
        "AC1" => "ac1",
        "AC1 se" => "ac1_se",
        "AC1 lo" => "ac1_ci_lo",
        "AC1 hi" => "ac1_ci_hi",
        "Fleiss se" => "fleiss_se",
        "Fleiss lo" => "fleiss_ci_lo",
        "Fleiss hi" => "fleiss_ci_hi",
        "BP se" => "bp_se",
        "BP lo" => "bp_ci_lo",
        "BP hi" => "bp_ci_hi",
        "Conger" => "conger",
        "Conger se" => "conger_se",
        "Conger lo" => "conger_ci_lo",
        "kappa_max" => "kappa_max",
        "scott" => "scott",
        "po" => "po",
        _ => {
            let others = ["ordinal", "interval", "ratio", "alpha se", "alpha lo", "alpha hi", "scott se", "scott lo"];
            let others = [&others[..], &["scott hi", "pe", "Pe", "AC1 p", "ASE0", "z", "p", "z (null SE)"]].concat();
            assert!(others.iter().any(|other| statistic.ends_with(other)), "{statistic} is not compared");
            return None;
        }
    };
    Some(values[name])
}

/// Distances of label sets.
#[test]
fn published_distances() {
    let Some(folder) = folder("published") else { return };
    let text = std::fs::read_to_string(folder.join("p31_set_distances.csv")).unwrap();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let set = |cell: &str| cell.split('|').filter(|l| !l.is_empty()).map(|l| l.as_bytes()[0].into()).collect();
        let (one, other): (Labels, Labels) = (set(cells[0]), set(cells[1]));
        assert_near(line, Distance::Jaccard.between(&one, &other), cells[2].parse().unwrap());
        assert_near(line, Distance::Masi.between(&one, &other), cells[3].parse().unwrap());
    }
}

#[test]
fn degenerate_sets() {
    let Some(folder) = folder("degenerate") else { return };
    for number in 1..=20 {
        let path = folder.join(format!("D{number:02}.csv"));
        let Ok(read) = neutral(&path, &Options::default(), None) else {
            // Only a header.
            assert_eq!(number, 18);
            continue;
        };
        let ratings = axis(&read.matrix);
        let values = named(&Agreement::new(&ratings, Some(&Bootstrap { replicates: 100, seed: 1 })));
        assert!(values.values().flatten().all(|value| value.is_finite()), "D{number:02} {values:?}");
        for (statistic, value) in degenerate(number) {
            assert_eq!(values.get(statistic).copied(), Some(value), "D{number:02} {statistic}");
        }
    }
}

/// What must come out: a value where the formula has one, else why not.
fn degenerate(number: usize) -> Vec<(&'static str, Defined<f64>)> {
    use Undefined::{NoPair, NoSpread, NoVariation, TooFewUnits};
    let all_same = |ac1: [(&'static str, Defined<f64>); 2]| {
        let mut values = vec![("ac1", Ok(1.0)), ("bp", Ok(1.0)), ("pa", Ok(1.0))];
        values.extend(["alpha", "fleiss", "conger", "alpha_boot_lo"].map(|name| (name, Err(NoVariation))));
        values.extend(ac1);
        values
    };
    let two = |values: &mut Vec<_>| values.extend(["kappa", "scott", "kappa_max"].map(|name| (name, Err(NoVariation))));
    match number {
        // Nobody, or everybody, used the code.
        1 | 2 | 14 => {
            let mut values = all_same([("ac1_se", Ok(0.0)), ("ac1_ci_lo", Err(NoSpread))]);
            if number < 14 {
                two(&mut values);
            }
            values
        }
        // The same of one unit.
        10 => {
            let mut values = all_same([("ac1_se", Err(TooFewUnits)), ("ac1_ci_lo", Err(TooFewUnits))]);
            two(&mut values);
            values
        }
        // One coder never varies.
        3 | 4 | 7 => vec![
            ("kappa", Ok(0.0)),
            ("kappa_se", Ok(0.0)),
            ("kappa_ci_lo_normal", Err(NoSpread)),
            ("mcc", Err(Undefined::ConstantCoder)),
        ],
        // Perfect agreement.
        5 | 6 | 20 => vec![
            ("kappa", Ok(1.0)),
            ("alpha", Ok(1.0)),
            ("ac1", Ok(1.0)),
            ("mcc", Ok(1.0)),
            ("kappa_ci_hi_normal", Err(NoSpread)),
            ("alpha_boot_lo", Err(NoSpread)),
        ],
        8 => vec![("mcnemar_exact_p", Ok(1.0)), ("bias_index", Ok(0.0))],
        9 => vec![("kappa", Ok(-1.0)), ("ac1", Ok(-1.0)), ("conger", Ok(-1.0)), ("kappa_max", Ok(1.0))],
        11 => vec![("kappa", Ok(0.0)), ("alpha", Ok(0.0)), ("kappa_se", Err(TooFewUnits))],
        12 | 13 => ["pa", "po", "kappa", "alpha", "ac1", "fleiss", "bp", "conger", "mcnemar_exact_p"]
            .into_iter()
            .map(|name| (name, Err(NoPair)))
            .collect(),
        15 => vec![("alpha", Ok(1.0)), ("conger", Ok(1.0)), ("fleiss", Ok(1.0))],
        // A unit that only one coder saw: π has variation, the pairs have none.
        17 => vec![("alpha", Err(NoVariation)), ("kappa", Err(NoVariation)), ("fleiss", Ok(1.0)), ("ac1", Ok(1.0))],
        19 => vec![("conger", Ok(0.0)), ("conger_ci_lo", Err(NoSpread)), ("alpha", Ok(0.0))],
        _ => Vec::new(),
    }
}
