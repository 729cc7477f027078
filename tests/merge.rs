//! `aftercode merge`: the results of parts, put together, are the result of the whole; what
//! does not belong together is refused.

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{Csv, Folder, repository, sha256};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const FILES: [&str; 6] = ["codings.csv", "matrix.csv", "review.csv", "themes.csv", "tests.csv", "rates.csv"];

/// The sample study without the agreement of its coders, which takes time.
fn sample() -> Folder {
    let folder = Folder::sample();
    let study = folder.text("data/study.toml");
    folder.write("data/study.toml", study.split("[agreement]").next().expect("a study"));
    folder
}

/// The rows that `keep` keeps, by their place and first cell.
fn some_rows(text: &[u8], keep: &dyn Fn(usize, &str) -> bool) -> Vec<u8> {
    let all = Csv::parse(text);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&all.header).expect("written");
    for (_, row) in all.rows.iter().enumerate().filter(|(at, row)| keep(*at, &row[0])) {
        writer.write_record(row).expect("written");
    }
    writer.into_inner().expect("written")
}

/// The sample study with the answers, and codings by people, of some respondents only, run
/// into `out`.
fn run_part(folder: &Folder, whole: &str, keep: &dyn Fn(usize) -> bool, out: &str, more: &[&str]) {
    let part = some_rows(whole.as_bytes(), &|at, _| keep(at));
    let ids: Vec<String> = Csv::parse(&part).rows.iter().map(|row| row[0].clone()).collect();
    folder.write("data/responses.csv", part);
    for name in ["data/codings_a.csv", "data/codings_b.csv"] {
        let all = fs::read(repository().join(name)).expect("read");
        folder.write(name, some_rows(&all, &|_, id| ids.iter().any(|own| own == id)));
    }
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
    let folder = sample();
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
    let alike = ["aftercode", "checksums", "study", "codebook", "dictionary", "compare", "settings", "questions"];
    for key in alike.into_iter().chain(["counts", "review", "bases"]) {
        assert!(!expected[key].is_null() && manifest[key] == expected[key], "{key}");
    }
    assert_eq!(files["codebook.toml"], folder.files_in("whole")["codebook.toml"]);
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
    assert!(expected["agreement"].is_object() && manifest["agreement"].is_null());
    assert!(said.contains("[agreement]"), "{said}");
    folder.write("merged/report.html", "old");
    let said = folder.run_well(&["merge", "data/study.toml", "a", "b", "--out", "merged"]).stderr;
    assert!(said.contains("前の結果が残っています: report.html"), "{said}");

    // What an earlier run wrote there goes; the bytes do not depend on it.
    let said = folder.run_well(&["merge", "data/study.toml", "a", "b", "--out", "whole"]).stderr;
    assert!(!said.contains("前の結果が残っています"), "{said}");
    let again = folder.files_in("whole");
    assert_eq!(again.keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
    assert!(again == files, "the same bytes");
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
fn merged_results_can_be_compared_and_say_why_they_cannot_be_verified() {
    let folder = two();
    folder.write(
        "responses.csv",
        "回答者ID,施設種別,Q1\nA1,病院,補助金がほしい\nA2,診療所,研修の予算が足りない\nA3,病院,\n",
    );
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "whole"]);
    folder.run_well(&["merge", "study.toml", "a", "b", "--out", "merged"]);
    let json = folder.run_well(&["diff", "whole", "merged", "--format", "json"]).stdout;
    let diff: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for list in [&diff["cells"], &diff["significance"], &diff["notes"], &diff["answers"]["answers"]] {
        assert_eq!(list.as_array().map(Vec::len), Some(0), "{json}");
    }
    assert_eq!(diff["answers"]["compared"], 3, "{json}");
    let decided = diff["decided"].as_array().expect("a list").iter().filter_map(|one| one["key"].as_str());
    let decided: Vec<&str> = decided.collect();
    assert!(decided.iter().any(|key| key.starts_with("input")), "{decided:?}");
    assert!(decided.iter().all(|key| key.starts_with("input") || key.starts_with("merged")), "{decided:?}");

    let run = folder.run(&["verify", "merged"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains("aftercode merge でまとめた結果") && run.stderr.contains('→'), "{}", run.stderr);
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

    // What only the checksum of the study file tells.
    folder.edit("study.toml", "[table]\n", "# 第2版\n[table]\n");
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "e"]);
    refused(&folder, &all(&["a", "e"]), "調査ファイルが違う結果", "differ in the study file");
    refused(&folder, &all(&["a", "b"]), "study.sha256", "study.sha256");
    folder.edit("study.toml", "# 第2版\n[table]\n", "[table]\n");

    // Another version, another dictionary.
    let manifest = folder.text("b/manifest.json");
    let version = format!("\"aftercode\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(manifest.contains(&version));
    folder.write("b/manifest.json", manifest.replace(&version, "\"aftercode\": \"0.0.9\""));
    refused(&folder, &all(&["a", "b"]), "aftercode のバージョンが違う結果", "differ in the version of aftercode");
    folder.write("b/manifest.json", manifest.replace("\"name\": \"ipadic\"", "\"name\": \"other\""));
    refused(&folder, &all(&["a", "b"]), "辞書が違う結果", "differ in the dictionary");
    folder.write("b/manifest.json", "{");
    refused(&folder, &all(&["a", "b"]), "途中で切れています", "is cut off");
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
    // With a checksum that someone has corrected the row is still not what a run writes; a
    // row of codings is seen when it is written, and nothing stays behind.
    for (name, was, is) in [("matrix.csv", ",text,", ",texts,"), ("codings.csv", ",Q1,", ",Q9,")] {
        let folder = two();
        let names = |folder: &Folder| folder.files().into_keys().collect::<Vec<_>>();
        let before = names(&folder);
        let path = format!("b/{name}");
        let text = folder.text(&path).replace(was, is);
        folder.write(&path, &text);
        let mut manifest: serde_json::Value = serde_json::from_str(&folder.text("b/manifest.json")).expect("JSON");
        manifest["outputs"][name] = sha256(text.as_bytes()).into();
        folder.write("b/manifest.json", manifest.to_string());
        refused(&folder, &["a", "b", "--out", "merged"], "ファイルと形が違います", "not what an aftercode run");
        refused(&folder, &["a", "b", "--out", "merged"], &format!("{path} 2行"), &format!("{path} line 2"));
        assert_eq!(names(&folder), before, "{name}");
    }
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

#[test]
fn codings_by_people_are_not_merged_unseen() {
    let folder = two();
    folder.write("people.csv", "respondent_id,question,code,coder\nA7,Q1,training,佐藤\n");
    folder.write("responses.csv", "回答者ID,施設種別,Q1\nA7,病院,勉強の場がほしい\n");
    let study = folder.text("study.toml");
    let people = "[codings]\nfinal = [\"people\", \"rules\"]\n[codings.files]\npeople = \"people.csv\"\n";
    folder.write("study.toml", format!("{study}\n{people}"));
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "c"]);
    refused(&folder, &["c", "--out", "merged"], "人のコーディング", "take codings by people in");
    refused(&folder, &["a", "c", "--out", "merged"], "[codings] を外して", "take [codings] out");
}
