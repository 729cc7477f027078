//! `aftercode audit --plan` as a user runs it: sizes, strata, sheets, nonsense.

mod common;

use std::collections::BTreeMap;

use common::{Csv, Folder};
use serde_json::Value;

const PLAN: [&str; 4] = ["audit", "--plan", "--study", "data/study.toml"];

fn plan(folder: &Folder, args: &[&str]) -> Value {
    let run = folder.run_well(&[&PLAN[..], &["--format", "json"], args].concat());
    serde_json::from_str(&run.stdout).unwrap()
}

fn code<'v>(plan: &'v Value, id: &str) -> &'v Value {
    plan["codes"].as_array().unwrap().iter().find(|code| code["code"] == id).unwrap()
}

/// Answers × codes of the rules, counted from the files of a run.
#[test]
fn prevalence_is_what_a_run_counts() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--out", "out", "--quiet"]);
    let matrix = Csv::parse(folder.text("out/matrix.csv").as_bytes());
    let found = plan(&folder, &[]);
    let coded = |status: &str| !["blank", "not_asked"].contains(&status);
    assert_eq!(found["answers"], matrix.records().filter(|row| coded(&row["status"])).count());
    for id in ["funding.subsidy", "training", "regulation"] {
        assert_eq!(code(&found, id)["given"], matrix.records().filter(|row| &row[id] == "1").count(), "{id}");
    }
    assert_eq!(code(&found, "none")["given"], matrix.records().filter(|row| &row["status"] == "none").count());
    assert_eq!(found["sample"], Value::Null);
}

#[test]
fn wider_intervals_need_fewer_answers() {
    let folder = Folder::sample();
    let needed = |args: &[&str], what: &str| code(&plan(&folder, args), "funding.subsidy")[what]["needed"].as_u64();
    for what in ["kappa", "precision", "recall"] {
        assert!(needed(&["--width", "0.4"], what) < needed(&["--width", "0.1"], what), "{what}");
        assert!(needed(&["--level", "0.8", "--width", "0.4"], what) < needed(&["--width", "0.4"], what), "{what}");
    }
    assert!(needed(&["--kappa", "0.6"], "kappa") > needed(&["--kappa", "0.9"], "kappa"));
    let all = plan(&folder, &["--width", "0.01"]);
    let size = code(&all, "funding.subsidy");
    assert_eq!((&size["kappa"]["all"], &size["recall"]["all"]), (&Value::from(true), &Value::from(true)));
    assert_eq!(size["sample"], all["answers"]);
}

#[test]
fn both_languages_say_how() {
    let folder = Folder::sample();
    let japanese = folder.run_well(&[&PLAN[..], &["--sample", "40"]].concat());
    for part in [
        "二重コーディングの計画",
        "補助金・公費助成",
        "すべて",
        "Donner",
        "設問 × 施設種別",
        "n=40, seed 1",
        "重みは要りません",
        "次に:",
    ] {
        assert!(japanese.stdout.contains(part), "{part}\n{}", japanese.stdout);
    }
    let english = folder.run_well(&[&PLAN[..], &["--sample", "40", "--lang", "en"]].concat());
    for part in ["Plan of a double coding", "all ", "If none missed", "needs no weights", "Next:"] {
        assert!(english.stdout.contains(part), "{part}\n{}", english.stdout);
    }
    assert!(english.stdout.is_ascii() || !english.stdout.contains("標本"), "{}", english.stdout);
    let markdown = folder.run_well(&[&PLAN[..], &["--format", "markdown"]].concat());
    assert!(markdown.stdout.contains("| ---"), "{}", markdown.stdout);
    let csv = folder.run_well(&[&PLAN[..], &["--format", "csv"]].concat());
    assert_eq!(Csv::parse(csv.stdout.as_bytes()).header[..3], ["code", "label", "answers"]);
}

#[test]
fn the_sample_is_stratified_and_goes_into_a_sheet_for_each_coder() {
    let folder = Folder::sample();
    let found = plan(&folder, &["--sample", "60", "--seed", "7", "--out", "sato.csv", "--out", "suzuki.csv"]);
    let strata = found["sample"]["strata"].as_array().unwrap();
    let sum = |what: &str| strata.iter().map(|own| own[what].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("drawn"), Value::from(sum("answers"))), (60, found["answers"].clone()));
    let answers = Csv::parse(folder.text("data/responses.csv").as_bytes());
    let kinds: BTreeMap<&str, &str> =
        answers.records().map(|row| (row.cell("回答者ID"), row.cell("施設種別"))).collect();
    let sheet = folder.text("sato.csv");
    let rows = Csv::parse(sheet.as_bytes());
    let mut drawn: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in rows.records() {
        *drawn.entry((row["question"].to_owned(), kinds[&row["respondent_id"]].to_owned())).or_default() += 1;
    }
    for own in strata {
        let key = (own["question"].as_str().unwrap().to_owned(), own["group"].as_str().unwrap().to_owned());
        let (share, got) = (60.0 * own["answers"].as_f64().unwrap() / sum("answers") as f64, drawn[&key]);
        assert_eq!(own["drawn"], got);
        assert!((share - got as f64).abs() < 1.0, "{own}: {share}");
    }
    // The same answers in the same order, each sheet in its coder's name, nothing filled in.
    assert_eq!(folder.text("suzuki.csv"), sheet.replace(",sato,", ",suzuki,"));
    assert!(rows.records().all(|row| row["coded"].is_empty()));
    // `sheet` draws the same sample; another seed another one.
    let same = ["sheet", "data/study.toml", "--coder", "sato", "--blind", "--sample", "60", "--out", "s.csv", "--seed"];
    folder.run_well(&[&same[..], &["7"]].concat());
    assert_eq!(folder.text("s.csv"), sheet);
    folder.run_well(&[&same[..], &["8"]].concat());
    assert_ne!(folder.text("s.csv"), sheet);
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let folder = Folder::sample();
    let make = || {
        let run = folder.run_well(&[&PLAN[..], &["--sample", "50", "--out", "sato.csv"]].concat());
        (run.stdout, folder.text("sato.csv"))
    };
    let one = make();
    let answers = Csv::parse(folder.text("data/responses.csv").as_bytes());
    let mut writer = csv::Writer::from_path(folder.path("data/responses.csv")).unwrap();
    writer.write_record(&answers.header).unwrap();
    answers.rows.iter().rev().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
    assert!(make() == one);
}

#[test]
fn what_comes_back_is_audited_with_the_rules() {
    let folder = Folder::sample();
    folder.run_well(&[&PLAN[..], &["--sample", "30", "--out", "sato.csv"]].concat());
    // Every answer read, and none coded.
    let sheet = Csv::parse(folder.text("sato.csv").as_bytes());
    let coded = sheet.column("coded");
    let mut writer = csv::Writer::from_path(folder.path("sato.csv")).unwrap();
    writer.write_record(&sheet.header).unwrap();
    for mut row in sheet.rows {
        row[coded] = "1".to_owned();
        writer.write_record(&row).unwrap();
    }
    writer.flush().unwrap();
    let run =
        folder.run_well(&["audit", "sato.csv", "--study", "data/study.toml", "--format", "json", "--bootstrap", "0"]);
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&found["coders"], &found["units"]), (&serde_json::json!(["sato", "rules"]), &Value::from(30)));
}

#[test]
fn nonsense_is_refused() {
    let folder = Folder::sample();
    for (args, message) in [
        (&["--width", "0"][..], "--width の値が範囲の外です"),
        (&["--width", "-1"], "--width の値が範囲の外です"),
        (&["--level", "95"], "--level の値が範囲の外です"),
        (&["--kappa", "1"], "--kappa の値が範囲の外です"),
        (&["--precision", "NaN"], "--precision の値が範囲の外です"),
        (&["--recall", "0"], "--recall の値が範囲の外です"),
        (&["--sample", "9", "--out", "rules.csv"], "この名前はコーダーに使えません"),
        (&["--sample", "9", "--out", "a.pdf"], "拡張子が形式と合いません"),
        (&["--sample", "9", "--out", "a.csv", "--out", "a.xlsx"], "同じ名前のコーダー「a」が2人います"),
        (&["--sample", "9", "--out", "data/responses.csv"], "上書き"),
        (&["--sample", "0"], "0"),
        (&["--out", "a.csv"], "--sample"),
        (&["--gold", "a"], "--gold"),
        (&["data/codings_a.csv"], "--plan"),
    ] {
        let run = folder.run(&[&PLAN[..], args].concat());
        assert_eq!(run.status, 2, "{args:?}: {}", run.stdout);
        assert!(run.stderr.contains(message), "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains('→') || run.stderr.contains("--help"), "{args:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{args:?}");
    }
    for args in [&["audit", "--plan"][..], &["audit", "data/codings_a.csv", "--width", "0.1"], &["audit"]] {
        assert_eq!(folder.run(args).status, 2, "{args:?}");
    }
    assert!(!folder.path("a.csv").exists());
}
