//! The sizes against definitions, exact distributions and simulated codings.

use super::*;
use crate::audit::{Pair, Ratings};
use crate::statistics::{Stream, wilson_finite};

const ASSUMED: Assumptions = Assumptions { width: 0.2, level: 0.95, kappa: 0.7, precision: 0.8, recall: 0.8 };

/// Chances that two coders of prevalence `share` and this κ say no/no, no/yes or yes/no,
/// and yes/yes.
fn chances(share: f64, kappa: f64) -> [f64; 3] {
    let spread = share * (1.0 - share);
    [(1.0 - share).powi(2) + kappa * spread, 2.0 * spread * (1.0 - kappa), share * share + kappa * spread]
}

/// The table that is expected of very many answers has the standard error of Fleiss, Cohen
/// and Everitt that the size was found from.
#[test]
fn the_variance_is_that_of_cohens_kappa_with_equal_margins() {
    for (given, kappa) in [(100, 0.7), (40, 0.4), (500, 0.9), (10, 0.8), (300, 0.0)] {
        let assumed = Assumptions { kappa, ..ASSUMED };
        let size = assumed.sizes(1_000, given).kappa.unwrap();
        let [neither, one, both] = chances(given as f64 / 1_000.0, kappa).map(|chance| (chance * 1e10).round() as u64);
        let cohen = Pair::from_counts(vec![vec![neither, one / 2], vec![one / 2, both]]).cohen();
        assert!((cohen.kappa.unwrap() - kappa).abs() < 1e-6);
        let needed = (2.0 * 1.959_963_984_540_054 * cohen.se.unwrap() * 1e5 / 0.2).powi(2);
        assert!((size.needed as f64 - needed).abs() <= 1.0 + 1e-5 * needed, "{given} {kappa}: {size:?}, not {needed}");
    }
}

/// Two coders, invented again and again: the interval from as many answers is as wide as
/// planned, and holds the true κ about as often as it says.
#[test]
fn simulated_coders_get_the_interval_that_was_planned() {
    let size = ASSUMED.sizes(1_000, 250).kappa.unwrap();
    let [neither, one, _] = chances(0.25, 0.7);
    let mut stream = Stream::new(11, 0);
    let (mut widths, mut hits, rounds) = (0.0, 0, 2_000);
    for _ in 0..rounds {
        let unit = |_| {
            let drawn = stream.fraction();
            let pair = if drawn < neither {
                [0, 0]
            } else if drawn < neither + one / 2.0 {
                [0, 1]
            } else if drawn < neither + one {
                [1, 0]
            } else {
                [1, 1]
            };
            pair.map(Some).to_vec()
        };
        let ratings = Ratings::new(2, 2, (0..size.needed).map(unit).collect());
        let interval = Pair::new(&ratings, 0, 1).cohen().interval.unwrap();
        widths += interval.high - interval.low;
        hits += u32::from(interval.low <= 0.7 && 0.7 <= interval.high);
    }
    let (width, share) = (widths / f64::from(rounds), f64::from(hits) / f64::from(rounds));
    assert!((width - 0.2).abs() < 0.01, "{width}");
    assert!((share - 0.95).abs() < 0.02, "{share}");
}

/// C(n, k), as a product.
fn choose(n: u64, k: u64) -> f64 {
    if k > n { 0.0 } else { (0..k).map(|at| (n - at) as f64 / (k - at) as f64).product() }
}

/// Reading as many of 60 answers with the code, 48 of them right: every sample's interval
/// weighed by its exact chance.
#[test]
fn precision_is_bounded_as_planned() {
    let size = ASSUMED.sizes(1_000, 60).precision.unwrap();
    assert!(!size.is_all());
    let (mut covered, mut widths) = (0.0, 0.0);
    for right in 0..=size.needed.min(48) {
        let chance = choose(48, right) * choose(12, size.needed - right) / choose(60, size.needed);
        let interval = wilson_finite(right, size.needed, 60).unwrap();
        covered += chance * f64::from(u8::from(interval.low <= 0.8 && 0.8 <= interval.high));
        widths += chance * (interval.high - interval.low);
    }
    assert!((widths - 0.2).abs() < 0.01, "{widths}");
    assert!(covered > 0.93, "{covered}");
}

#[test]
fn one_less_is_not_enough() {
    for (answers, given) in [(1_000, 60), (300, 12), (20_000, 1_500), (50, 25)] {
        let sizes = ASSUMED.sizes(answers, given);
        let (precision, recall) = (sizes.precision.unwrap(), sizes.recall.unwrap());
        let rest = answers - given;
        let at = |read| width(0.8, effective(read, given), normal_at(0.95));
        assert!(at(precision.needed - 1) > 0.2 && (precision.is_all() || at(precision.needed) <= 0.2));
        let at = |read| ASSUMED.recall_width(given, rest, read);
        assert!(at(recall.needed - 1) > 0.2 && (recall.is_all() || at(recall.needed) <= 0.2));
        // By hand: what is found, and what is missed if recall is 0.8.
        let (found, missed) = (0.8 * given as f64, 0.2 * given as f64);
        let share = wilson_finite((missed * recall.needed as f64 / rest as f64).round() as u64, recall.needed, rest);
        let share = share.unwrap();
        let (low, high) = (found / (found + share.high * rest as f64), found / (found + share.low * rest as f64));
        assert!(recall.is_all() || (high - low - 0.2).abs() < 0.03, "{answers} {given}: {low} {high}");
    }
}

#[test]
fn none_found_bounds_what_was_missed() {
    for (of, read) in [(100, 30), (940, 500), (40, 39), (12, 3), (7, 7), (5, 0)] {
        let none = |missed: u64| choose(of - missed, read) / choose(of, read);
        let brute = (0..=of).filter(|missed| none(*missed) > 0.05).max().unwrap();
        assert_eq!(most_missed(of, read, 0.05), brute, "{of} {read}");
    }
    // The rule of three.
    assert!(most_missed(1_000_000, 1_000, 0.05).abs_diff(3_000) < 20);
}

#[test]
fn few_answers_are_read_all() {
    let sizes = ASSUMED.sizes(40, 3);
    let kappa = sizes.kappa.unwrap();
    assert!(kappa.is_all() && kappa.width_of_all > 0.2, "{kappa:?}");
    assert_eq!((sizes.precision.unwrap().needed, sizes.sample), (3, Ok(40)));
    assert_eq!(ASSUMED.sizes(40, 0).kappa, Err(Undefined::NeverUsed));
    assert_eq!(ASSUMED.sizes(40, 0).sample, Err(Undefined::NeverUsed));
    let everywhere = ASSUMED.sizes(40, 40);
    assert_eq!(everywhere.kappa, Err(Undefined::NoVariation));
    assert_eq!((everywhere.recall.unwrap().needed, everywhere.recall_if_none), (0, Ok(1.0)));
}

#[test]
fn nonsense_is_refused() {
    assert!(Assumptions::default().check().is_ok());
    let good = ASSUMED;
    for wrong in [
        Assumptions { width: 0.0, ..good },
        Assumptions { width: 1.0, ..good },
        Assumptions { width: f64::NAN, ..good },
        Assumptions { level: 1.0, ..good },
        Assumptions { level: 0.4, ..good },
        Assumptions { kappa: 1.0, ..good },
        Assumptions { kappa: -0.1, ..good },
        Assumptions { precision: 0.0, ..good },
        Assumptions { recall: 1.1, ..good },
        Assumptions { recall: f64::NAN, ..good },
    ] {
        assert!(wrong.check().unwrap_err().hint.is_some(), "{wrong:?}");
    }
}
