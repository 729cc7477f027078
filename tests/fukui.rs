//! Real answers by the ten thousand: the requests of visitors to Fukui prefecture.
//!
//! The data are not in the repository. Where `../shared/data/fukui_requests_pref.csv`
//! is not there, the tests say so and pass.

// A test that is skipped, and one that takes the time, have something to say.
#![allow(clippy::print_stderr)]

mod common;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use common::{Csv, Folder, assert_evidence, repository};
use serde_json::Value;

const FILE: &str = "fukui_requests_pref.csv";

/// A folder with the study and the data, if the data are there.
fn folder() -> Option<Folder> {
    let data: PathBuf = repository().join("../shared/data").join(FILE);
    let Ok(bytes) = std::fs::read(&data) else {
        eprintln!("skipped: there is no {}", data.display());
        return None;
    };
    let folder = Folder::empty();
    folder.write(FILE, bytes);
    for file in ["study.toml", "codebook.toml"] {
        folder.write(file, std::fs::read(repository().join("tests/fukui").join(file)).unwrap());
    }
    Some(folder)
}

#[test]
fn real_answers_are_coded_completely_and_soon() {
    let Some(folder) = folder() else { return };
    let data = Csv::parse(&std::fs::read(folder.path(FILE)).unwrap());
    let started = Instant::now();
    let run = folder.run(&["run", "study.toml"]);
    let time = started.elapsed();
    eprintln!("{} answers in {:.2} s\n{}{}", data.rows.len(), time.as_secs_f64(), run.stdout, run.stderr);
    // A debug build is many times slower; a shared machine, a few times.
    assert!(cfg!(debug_assertions) || time < Duration::from_secs(10), "{time:?}");

    let files = folder.files_in("out");
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    let input = |key: &str| manifest["input"][key].as_u64().unwrap() as usize;
    assert_eq!(input("rows_read"), input("rows_used") + input("rows_skipped"));
    assert_eq!(input("rows_read"), data.rows.len());
    assert_eq!(run.status, i32::from(input("rows_skipped") > 0));

    assert_spans(&data, &Csv::parse(&files["codings.csv"]), &Csv::parse(&files["review.csv"]));
    assert_ages(&data, &Csv::parse(&files["themes.csv"]), input("rows_used"));
}

/// Every span slices the cell as the `csv` crate reads it.
fn assert_spans(data: &Csv, codings: &Csv, review: &Csv) {
    let texts: HashMap<&str, String> =
        data.records().map(|row| (row.cell("rid"), row["text"].replace("\r\n", "\n").replace('\r', "\n"))).collect();
    let answer = |id: &str| &texts[id];
    for row in codings.records().chain(review.records()) {
        let evidence = &row["evidence"];
        let answer = answer(row["respondent_id"].trim_start_matches('\''));
        // For Excel, what it would take for a formula stands behind an apostrophe.
        let neutralized = evidence.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
        assert_evidence(answer, &row["start"], &row["end"], neutralized.unwrap_or(evidence));
    }
    assert!(codings.rows.len() > 10_000, "{}", codings.rows.len());
}

/// The age groups, and their nets, sum to the total, for counts and for bases.
fn assert_ages(data: &Csv, themes: &Csv, used: usize) {
    let mut sums: HashMap<(&str, &str), (u64, u64)> = HashMap::new();
    let nets = ["40歳未満", "40歳以上"];
    for row in themes.records() {
        let kind = match &row["group"] {
            "全体" => "total",
            group if nets.contains(&group) => "nets",
            _ => "ages",
        };
        let sum = sums.entry((row.cell("code"), kind)).or_default();
        *sum = (sum.0 + row.number("count"), sum.1 + row.number("base"));
    }
    for ((code, _), sum) in &sums {
        for kind in ["total", "ages", "nets"] {
            assert_eq!(sums[&(*code, kind)], *sum, "{code} {kind}");
        }
    }
    let none = sums[&("none", "total")];
    assert_eq!(none.1 as usize, used, "reserved codes are of everyone");
    assert!(none.0 > 0 && sums[&("food", "total")].0 > 3_000);

    let mut ages: HashMap<&str, u64> = HashMap::new();
    for row in &data.rows {
        *ages.entry(row[data.column("年代")].as_str()).or_default() += 1;
    }
    for row in themes.records().filter(|row| &row["code"] == "none" && ages.contains_key(&row["group"])) {
        assert_eq!(row.number("base"), ages[&row["group"]], "{}", &row["group"]);
    }
}

#[test]
fn threads_and_the_order_of_ten_thousand_rows_make_no_difference() {
    let Some(folder) = folder() else { return };
    folder.run(&["run", "study.toml", "--quiet", "--threads", "1", "--out", "one"]);
    folder.run(&["run", "study.toml", "--quiet", "--threads", "5", "--out", "five"]);
    let (one, five) = (folder.files_in("one"), folder.files_in("five"));
    assert!(one.len() >= 5 && one == five);
}
