//! `aftercode merge`: the results of parts, put together, are the result of the whole; what
//! does not belong together is refused.

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{Csv, Folder, sha256};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const FILES: [&str; 6] = ["codings.csv", "matrix.csv", "review.csv", "themes.csv", "tests.csv", "rates.csv"];

/// The sample study with the answers of some respondents only, run into `out`.
fn run_part(folder: &Folder, whole: &str, keep: &dyn Fn(usize) -> bool, out: &str, more: &[&str]) {
    let all = Csv::parse(whole.as_bytes());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&all.header).expect("written");
    for (_, row) in all.rows.iter().enumerate().filter(|(at, _)| keep(*at)) {
        writer.write_record(row).expect("written");
    }
    folder.write("data/responses.csv", writer.into_inner().expect("written"));
    let run = folder.run(&[&["run", "data/study.toml", "--quiet", "--out", out], more].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
}

fn merged(folder: &Folder, parts: &[String], out: &str) -> BTreeMap<String, Vec<u8>> {
    let mut args = vec!["merge", "data/study.toml", "--out", out];
    args.extend(parts.iter().map(String::as_str));
    folder.run_well(&args);
    folder.files_in(out)
}

#[test]
fn parts_of_the_sample_study_make_the_whole() {
    let folder = Folder::sample();
    let whole = folder.text("data/responses.csv");
    run_part(&folder, &whole, &|_| true, "whole", &[]);
    let expected = folder.files_in("whole");
    let config = Config { cases: 4, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let numbers = std::cell::Cell::new(0);
    let split = (2..5_usize, prop::collection::vec(0..4_usize, 135));
    let tried = TestRunner::new_with_rng(config, rng).run(&split, |(k, places)| {
        let number = numbers.get() + 1;
        numbers.set(number);
        let parts: Vec<String> = (0..k).map(|part| format!("{number}-{part}")).collect();
        for (part, name) in parts.iter().enumerate() {
            run_part(&folder, &whole, &|at| places[at] % k == part, name, &[]);
        }
        let files = merged(&folder, &parts, &format!("merged-{number}"));
        for name in FILES {
            prop_assert!(files[name] == expected[name], "{} of {} parts", name, k);
        }
        // Merging parts of parts comes to the same.
        let (first, rest) = (merged(&folder, &parts[..1], &format!("first-{number}")), &parts[1..]);
        prop_assert!(first["codings.csv"].len() < files["codings.csv"].len());
        let parts = [&[format!("first-{number}")], rest].concat();
        let files = merged(&folder, &parts, &format!("again-{number}"));
        for name in FILES {
            prop_assert!(files[name] == expected[name], "{} of {} parts again", name, k);
        }
        Ok(())
    });
    tried.expect("parts make the whole");
}

#[test]
fn the_manifest_tells_the_parts_and_adds_their_counts_up() {
    let folder = Folder::sample();
    let whole = folder.text("data/responses.csv");
    run_part(&folder, &whole, &|_| true, "whole", &[]);
    let parts = ["a", "b"].map(str::to_owned);
    run_part(&folder, &whole, &|at| at < 20, "a", &[]);
    run_part(&folder, &whole, &|at| at >= 20, "b", &[]);
    let files = merged(&folder, &parts, "merged");
    assert!(!files.contains_key("report.html") && !files.contains_key("tables.csv"));
    let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON");
    let (manifest, expected) = (json(&files["manifest.json"]), json(&folder.files_in("whole")["manifest.json"]));
    for key in ["aftercode", "study", "codebook", "dictionary", "settings", "questions", "counts", "review", "bases"] {
        assert_eq!(manifest[key], expected[key], "{key}");
    }
    let names: Vec<_> = manifest["merged"].as_array().expect("a list").iter().map(|part| &part["folder"]).collect();
    assert_eq!(names, ["a", "b"]);
    let sum = sha256(&folder.files_in("b")["manifest.json"]);
    assert_eq!(manifest["merged"][1]["manifest_sha256"], sum.as_str());
    for (name, sum) in manifest["outputs"].as_object().expect("an object") {
        assert_eq!(sum.as_str(), Some(sha256(&files[name]).as_str()), "{name}");
    }
    assert_eq!(manifest["outputs"].as_object().map(serde_json::Map::len), Some(files.len() - 1));

    // What is left out is said, and so are leftovers of another result.
    let said = folder.run_well(&["merge", "data/study.toml", "a", "b", "--out", "merged"]).stderr;
    assert!(said.contains("まとめた結果にはないもの: tables.csv") && said.contains("report.html"), "{said}");
    folder.write("merged/report.html", "old");
    let said = folder.run_well(&["merge", "data/study.toml", "a", "b", "--out", "merged"]).stderr;
    assert!(said.contains("前の結果が残っています: report.html"), "{said}");
}

/// The small study in two parts with odd values: found categories, formulas, a gap.
fn odd_parts(folder: &Folder, more: &[&str]) {
    folder.edit("study.toml", "categories = [\"病院\", \"診療所\"]\n", "");
    let rows = ["=A10,-,補助金がほしい\n", "-A9,病院10,特になし\n", "A2,,研修の予算が足りない\n", "A1,病院2,勉強\n"];
    let header = "回答者ID,施設種別,Q1\n";
    let run = |rows: &[&str], out: &str| {
        folder.write("responses.csv", format!("{header}{}", rows.concat()));
        folder.run_well(&[&["run", "study.toml", "--quiet", "--out", out], more].concat());
    };
    run(&rows, "whole");
    run(&rows[..2], "a");
    run(&rows[2..], "b");
}

#[test]
fn categories_formulas_and_gaps_come_through() {
    for more in [[].as_slice(), &["--raw"], &["--lang", "en"]] {
        let folder = Folder::small();
        odd_parts(&folder, more);
        folder.run_well(&["merge", "study.toml", "b", "a", "--out", "merged"]);
        let (files, expected) = (folder.files_in("merged"), folder.files_in("whole"));
        for name in &FILES[..5] {
            assert_eq!(String::from_utf8_lossy(&files[*name]), String::from_utf8_lossy(&expected[*name]), "{more:?}");
        }
        let groups: Vec<String> = Csv::parse(&files["themes.csv"]).rows.iter().map(|row| row[6].clone()).collect();
        assert!(groups.iter().any(|group| group == "病院10" || group == "病院2"));
    }
}

fn refused(folder: &Folder, args: &[&str], ja: &str, en: &str) {
    let before = folder.path("merged").exists();
    let args = [&["merge", "study.toml"], args].concat();
    for (lang, words) in [("ja", ja), ("en", en)] {
        let run = folder.run(&[args.as_slice(), &["--lang", lang]].concat());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains(words) && run.stderr.contains('→'), "{words}: {}", run.stderr);
    }
    assert_eq!(folder.path("merged").exists(), before, "nothing is written");
}

/// A folder with the small study in two parts.
fn two() -> Folder {
    let folder = Folder::small();
    let run = |rows: &str, out: &str| {
        folder.write("responses.csv", format!("回答者ID,施設種別,Q1\n{rows}"));
        folder.run_well(&["run", "study.toml", "--quiet", "--out", out]);
    };
    run("A1,病院,補助金がほしい\nA3,病院,\n", "a");
    run("A2,診療所,研修の予算が足りない\n", "b");
    folder
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let out = ["--out", "merged"];
    let all = |parts: &[&'static str]| [parts, &out].concat();
    let folder = two();
    refused(&folder, &all(&["a", "a"]), "同じフォルダーが2回", "given twice");
    refused(&folder, &["a", "b", "--out", "b"], "まとめる部分の1つと同じ", "one of the parts");
    refused(&folder, &all(&["a", "gone"]), "ファイルが見つかりません", "does not exist");

    // Another codebook, in a part and here.
    folder.edit("codebook.toml", "rule = \"研修\"", "rule = \"研修会\"");
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "c"]);
    refused(&folder, &all(&["a", "c"]), "コードブックが違う結果", "differ in the codebook");
    refused(&folder, &all(&["a", "b"]), "codebook.sha256", "codebook.sha256");
    folder.edit("codebook.toml", "rule = \"研修会\"", "rule = \"研修\"");

    // Other settings.
    folder.edit("study.toml", "[table]\n", "[table]\nbase = \"answered\"\n");
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "d"]);
    refused(&folder, &all(&["a", "d"]), "settings.base: 「answered」", "settings.base: \"answered\"");
    refused(&folder, &all(&["a", "b"]), "settings.base", "settings.base");
    folder.edit("study.toml", "base = \"answered\"\n", "");
    folder.edit("study.toml", "\"診療所\"]\n", "\"診療所\"]\n[[attribute.net]]\nlabel = \"計\"\nof = [\"病院\"]\n");
    refused(&folder, &all(&["a", "b"]), "settings.attributes", "settings.attributes");
    folder.edit("study.toml", "[[attribute.net]]\nlabel = \"計\"\nof = [\"病院\"]\n", "");

    // Another version, another dictionary.
    let manifest = folder.text("b/manifest.json");
    let version = format!("\"aftercode\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(manifest.contains(&version));
    folder.write("b/manifest.json", manifest.replace(&version, "\"aftercode\": \"0.0.9\""));
    refused(&folder, &all(&["a", "b"]), "aftercode のバージョンが違う結果", "differ in the version of aftercode");
    folder.write("b/manifest.json", manifest.replace("\"name\": \"ipadic\"", "\"name\": \"other\""));
    refused(&folder, &all(&["a", "b"]), "辞書が違う結果", "differ in the dictionary");
    folder.write("b/manifest.json", "{");
    refused(&folder, &all(&["a", "b"]), "manifest.json を読めません", "cannot be read");
    folder.write("b/manifest.json", &manifest);
    folder.run_well(&["merge", "study.toml", "a", "b", "--out", "merged"]);
}

#[test]
fn a_respondent_in_two_parts_is_refused_and_named() {
    let folder = two();
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "b2"]);
    folder.write("responses.csv", "回答者ID,施設種別,Q1\nA4,病院,研修\nA2,診療所,別の回答\n");
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "c"]);
    let place = "c/matrix.csv 2行";
    refused(&folder, &["a", "b", "c", "--out", "merged"], "回答者「A2」の Q1 の回答", "The answer of \"A2\" to Q1");
    let run = folder.run(&["merge", "study.toml", "a", "b", "c", "--out", "merged"]);
    assert!(run.stderr.contains(place) && run.stderr.contains("b/matrix.csv"), "{}", run.stderr);
}

#[test]
fn files_that_were_changed_are_refused() {
    let folder = two();
    for name in ["codings.csv", "matrix.csv", "review.csv"] {
        let path = format!("b/{name}");
        let text = fs::read(folder.path(&path)).expect("read");
        folder.write(&path, [text.as_slice(), b"A9,Q1\r\n"].concat());
        refused(&folder, &["a", "b", "--out", "merged"], "チェックサムと合いません", "does not match its checksum");
        folder.write(&path, text);
    }
    // With a checksum that someone has corrected the row is still not what a run writes.
    let matrix = folder.text("b/matrix.csv").replace(",text,", ",texts,");
    folder.write("b/matrix.csv", &matrix);
    let manifest: serde_json::Value = serde_json::from_str(&folder.text("b/manifest.json")).expect("JSON");
    let mut manifest = manifest;
    manifest["outputs"]["matrix.csv"] = sha256(matrix.as_bytes()).into();
    folder.write("b/manifest.json", manifest.to_string());
    refused(&folder, &["a", "b", "--out", "merged"], "ファイルと形が違います", "not what an aftercode run");
}

#[test]
fn rows_left_out_of_a_part_are_remembered() {
    let folder = two();
    folder.write("responses.csv", "回答者ID,施設種別,Q1\nA7,病院,研修\nA7,病院,補助金\n");
    assert_eq!(folder.run(&["run", "study.toml", "--quiet", "--out", "c"]).status, 1);
    let run = folder.run(&["merge", "study.toml", "a", "b", "c", "--out", "merged"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stdout.contains("3 つの結果（回答者 4 人）"), "{}", run.stdout);
}
