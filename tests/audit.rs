//! `aftercode audit` as a user runs it: forms of codings, agreement, disagreements.
//!
//! Where `../shared/reference/agreement` is not there, the test that needs it says so and
//! passes.

// A test that is skipped says so.
#![allow(clippy::print_stderr)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{Folder, repository};
use serde_json::Value;

const A: &str = "respondent_id,question,code,stance,coder\nA1,Q1,money.subsidy,request,a\nA2,Q1,training,concern,a\n";

/// The small study with another answer, so that something varies.
fn folder() -> Folder {
    let folder = Folder::small();
    folder.write(
        "responses.csv",
        "回答者ID,施設種別,Q1\n001,病院,補助金がほしい\nA1,病院,補助金がほしい\nA2,診療所,研修の予算が足りない\nA3,病院,\n",
    );
    folder
}

fn json(folder: &Folder, args: &[&str]) -> Value {
    let run = folder.run(&[&["audit", "--format", "json"], args].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Statistics of the files that are not computed here.
fn is_ours(statistic: &str) -> bool {
    let prefixes = ["table_", "light", "randolph", "alpha_se", "alpha_ci", "percent_all_equal"];
    let suffixes = ["_p", "_z", "_se0", "_z0", "_ci_lo_t", "_ci_hi_t", "_weighted", "_0.67_0.33"];
    ["mcnemar_exact_p", "mcnemar_chi2_p"].contains(&statistic)
        || !(prefixes.iter().any(|prefix| statistic.starts_with(prefix))
            || suffixes.iter().any(|suffix| statistic.ends_with(suffix))
            || statistic == "balanced_accuracy"
            || statistic.starts_with("sklearn."))
}

#[test]
fn values_of_independent_implementations() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/agreement/generated");
    let Ok(text) = std::fs::read_to_string(folder.join("expected.json")) else {
        eprintln!("skipped: there is no {}", folder.display());
        return;
    };
    let expected: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(&text).unwrap();
    assert_eq!(expected.len(), 22);
    let mut checked = 0;
    for (set, expected) in &expected {
        let file = folder.join(format!("{set}.csv"));
        let found = json(&Folder::empty(), &[file.to_str().unwrap(), "--bootstrap", "0"]);
        for (name, value) in expected.iter().filter(|(name, _)| is_ours(name)) {
            let own = match name.strip_prefix("alpha_code_") {
                Some(code) => &found["codes"][code]["alpha"],
                None if expected.contains_key("alpha_masi") && name == "n_pairs" => &found["sets"]["units"],
                None if expected.contains_key("alpha_masi") => &found["sets"][name],
                None => &found["axis"][name],
            };
            let (own, value) = (own.as_f64().unwrap_or_else(|| panic!("{set} {name}: {own}")), value.as_f64().unwrap());
            assert!((own - value).abs() <= 1e-9 * value.abs().max(1e-3), "{set} {name}: {own}, not {value}");
            checked += 1;
        }
    }
    assert!(checked > 400, "{checked}");
}

#[test]
fn the_sample_study_on_one_screen() {
    let run = Folder::empty().run(&[
        "audit",
        repository().join("data/codings_a.csv").to_str().unwrap(),
        repository().join("data/codings_b.csv").to_str().unwrap(),
        "--study",
        repository().join("data/study.toml").to_str().unwrap(),
    ]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    // Counts by hand from the files: 14 answers of a and 15 of b, 14 of both.
    let line = run.stdout.lines().find(|line| line.starts_with("補助金・公費助成")).unwrap();
    let cells: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(&cells[1..6], ["14", "15", "14", "218", "99.5%"], "{line}");
    for part in ["コードの組（218 件）", "立場（", "医師会病院", "a × rules", "入れ替わりの多いコード", "seed 1"]
    {
        assert!(run.stdout.contains(part), "{part}");
    }
    assert!(run.stdout.lines().count() < 80);
}

/// One truth in five forms: the agreement is the same.
#[test]
fn forms_of_codings_say_the_same() {
    let folder = folder();
    folder.write("long.csv", A);
    folder.write("cell.csv", "respondent_id,codes,coder\nA1,money.subsidy:request,a\nA2,研修：懸念,a\n");
    folder.write("wide.csv", "回答者ID,設問,money.subsidy,training,コーダー\nA1,Q1,1,0,a\nA2,Q1,０,１,a\n");
    folder.write("ticks.csv", "respondent_id,補助金,研修,coder\nA1,○,,a\nA2,,✓,a\n");
    folder.write("neutral.csv", "unit,coder,value\nA1,a,money.subsidy\nA2,a,training\n");
    let mut seen = Vec::new();
    for (file, form) in
        [("long", "long"), ("cell", "cell"), ("wide", "wide"), ("ticks", "wide"), ("neutral", "neutral")]
    {
        let found = json(&folder, &[&format!("{file}.csv"), "--study", "study.toml"]);
        assert_eq!(found["files"][0]["form"], form);
        assert_eq!(found["coders"], serde_json::json!(["a", "rules"]));
        seen.push((file, found["codes"].clone(), found["sets"].clone()));
    }
    assert_eq!(seen[0].1["training"]["given"]["a"], 1);
    assert_eq!(seen[0].1["training"]["alpha"], 1.0);
    for other in &seen[1..] {
        assert_eq!((&other.1, &other.2), (&seen[0].1, &seen[0].2), "{}", other.0);
    }
}

#[test]
fn a_file_without_a_coder_is_its_own() {
    let folder = Folder::empty();
    folder.write("sato.csv", "respondent_id,x,y\n1,1,0\n2,0,1\n");
    folder.write("suzuki.csv", "respondent_id,x,y\n1,1,0\n2,0,0\n3,,\n");
    let found = json(&folder, &["sato.csv", "suzuki.csv"]);
    assert_eq!(found["coders"], serde_json::json!(["sato", "suzuki"]));
    // Row 3 is not coded, and no agreement.
    assert_eq!((&found["units"], &found["coded"]), (&Value::from(2), &Value::from(2)));
    assert_eq!(found["codes"]["y"]["table"], serde_json::json!([[1, 0], [1, 0]]));
    assert_eq!(found["codes"]["y"]["mcc"]["undefined"], "constant_coder");
}

#[test]
fn what_is_below_the_least_ends_with_1() {
    let folder = Folder::empty();
    folder.write("two.csv", "unit,coder,value\n1,a,x\n1,b,x\n2,a,x|y\n2,b,y\n3,a,\n3,b,\n");
    let run = folder.run(&["audit", "two.csv", "--min", "alpha=0.9", "--lang", "en"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("alpha of x is not 0.9 or more: 0.4"), "{}", run.stderr);
    assert!(!run.stderr.contains("of y"), "{}", run.stderr);
    assert_eq!(folder.run(&["audit", "two.csv", "--min", "alpha=0.4", "--min", "alpha_masi=0.1"]).status, 0);
    assert_eq!(folder.run(&["audit", "two.csv", "--min", "alhpa=0.4"]).status, 2);
}

#[test]
fn gold_is_no_witness_of_reliability() {
    let folder = folder();
    folder.write("a.csv", A);
    folder.write("b.csv", A.replace(",a\n", ",b\n").replace("training", "money.subsidy"));
    folder.write("agreed.csv", A.replace(",a\n", ",agreed\n"));
    let found = json(&folder, &["a.csv", "b.csv", "agreed.csv", "--study", "study.toml", "--gold", "agreed"]);
    assert_eq!(found["coders"], serde_json::json!(["a", "b"]));
    assert_eq!(found["with_rules"]["coders"], serde_json::json!(["a", "b", "rules"]));
    let against = &found["gold"]["against"];
    assert_eq!(against["rules"]["f1_micro"], 1.0);
    assert_eq!(against["b"]["codes"]["training"]["misses"], 1.0);
    assert_eq!(against["b"]["f1_micro"], 0.5);
    assert_eq!(folder.run(&["audit", "a.csv", "b.csv", "--gold", "c"]).status, 2);
}

#[test]
fn disagreements_are_a_file_to_work_through() {
    let folder = folder();
    folder.write("a.csv", A);
    folder.write("b.csv", A.replace(",a\n", ",b\n").replace("training", "money.subsidy"));
    let args = ["audit", "a.csv", "b.csv", "--study", "study.toml", "--disagreements"];
    assert_eq!(folder.run(&[&args[..], &["out.csv"]].concat()).status, 0);
    let text = folder.text("out.csv");
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines[0],
        "alpha_gain,respondent_id,question,code,label,cause,about,answer,evidence,coder:a,coder:b,coder:rules,\
         decision,stance,reason,adjudicator,time"
    );
    assert_eq!(lines.len(), 3, "{text}");
    let training = lines.iter().find(|line| line.contains("研修,")).unwrap();
    assert!(training.contains("研修の予算が足りない,研修,1 concern,0,1 concern"), "{training}");
    for name in ["one.xlsx", "two.xlsx"] {
        assert_eq!(folder.run(&[&args[..], &[name]].concat()).status, 0);
    }
    assert!(std::fs::read(folder.path("one.xlsx")).unwrap() == std::fs::read(folder.path("two.xlsx")).unwrap());
    // Never over an input.
    assert_eq!(folder.run(&[&args[..], &["a.csv"]].concat()).status, 2);
}

#[test]
fn the_same_bytes_in_any_order_of_rows() {
    let folder = folder();
    folder.write("a.csv", A);
    folder.write("b.csv", A.replace(",a\n", ",b\n"));
    let mut lines: Vec<&str> = A.lines().collect();
    lines[1..].reverse();
    let one = json(&folder, &["a.csv", "b.csv", "--study", "study.toml"]);
    folder.write("a.csv", format!("{}\n", lines.join("\n")));
    let mut two = json(&folder, &["a.csv", "b.csv", "--study", "study.toml"]);
    two["files"] = one["files"].clone();
    assert_eq!(one, two);
}

/// The rules by a file are the rules by the study.
#[test]
fn the_matrix_of_a_run_is_read() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--out", "out", "--quiet"]);
    let found = json(&folder, &["out/matrix.csv", "--study", "data/study.toml", "--bootstrap", "0"]);
    assert_eq!(found["coders"], serde_json::json!(["matrix", "rules"]));
    assert_eq!((&found["units"], &found["sets"]["pa_exact_set"]), (&Value::from(218), &Value::from(1.0)));
    folder.write("a.csv", "respondent_id,question,code,coder\nS001,Q1,vendor,a\n");
    let run = folder.run(&["audit", "out/codings.csv", "a.csv", "--lang", "en"]);
    assert!(run.stderr.contains("lists only answers that got a code"), "{}", run.stderr);
}
