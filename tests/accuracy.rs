//! The rules against a gold coding: a case worked out by hand, the sample study, and gold
//! files with mistakes.

mod common;

use common::{Folder, repository, run_in};
use serde_json::{Value, json};

/// Six answers to the small codebook (補助金, 研修; 要望 ほしい, 懸念 足りる).
const RESPONSES: &str = "回答者ID,施設種別,Q1
A1,病院,補助金がほしい
A2,病院,研修が足りない
A3,診療所,研修がほしい
A4,診療所,勉強する時間
A5,病院,特になし
A6,病院,お弁当
A7,病院,補助金
A8,病院,
";

/// By hand. money.subsidy: A1 both, A2 gold alone → 1/1, 1/2, F1 2/3. training: A2 both, A3
/// rules alone, A4 gold alone and suggested → 1/2, 1/2, F1 1/2, with maybe 2/2. none: A5 both,
/// A6 gold alone. A7 is not in the gold. Exact: A1, A5. Stances: A1 request = request, A2
/// concern → request in the gold.
const GOLD: &str = "respondent_id,question,code,stance,coder
A1,Q1,money.subsidy,request,x
A2,Q1,money.subsidy,concern,x
A2,Q1,training,request,x
A3,Q1,,,x
A4,Q1,training,request,x
A5,Q1,none,,x
A6,Q1,none,,x
";

fn folder() -> Folder {
    let folder = Folder::small();
    folder.write("responses.csv", RESPONSES);
    folder.write("gold.csv", GOLD);
    folder
}

fn close(value: &Value, expected: f64) {
    assert!((value.as_f64().unwrap() - expected).abs() < 1e-12, "{value} is not {expected}");
}

#[test]
fn a_case_worked_out_by_hand() {
    let folder = folder();
    let args = ["accuracy", "study.toml", "--gold", "gold.csv", "--min-cases", "2"];
    let printed = folder.run_well(&[&args[..], &["--format", "json", "--errors"]].concat()).stdout;
    let told: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&told["answers"], &told["not_in_gold"], &told["exact"]), (&json!(6), &json!(1), &json!(2)));
    close(&told["exact_share"], 2.0 / 6.0);

    let [money, training] = [&told["themes"][0], &told["themes"][1]];
    assert_eq!(money["code"], "money.subsidy");
    assert_eq!([&money["cases"], &money["found"], &money["correct"]], [2, 1, 1]);
    close(&money["precision"], 1.0);
    close(&money["recall"], 0.5);
    close(&money["f1"], 2.0 / 3.0);
    // Observed 5/6; expected (2·1 + 4·5)/36 = 22/36.
    close(&money["kappa"], (5.0 / 6.0 - 22.0 / 36.0) / (1.0 - 22.0 / 36.0));
    assert_eq!([&training["cases"], &training["found"], &training["correct"]], [2, 2, 1]);
    close(&training["f1"], 0.5);
    close(&training["recall_with_maybe"], 1.0);
    // Observed 4/6; expected (2·2 + 4·4)/36 = 20/36.
    close(&training["kappa"], (4.0 / 6.0 - 20.0 / 36.0) / (1.0 - 20.0 / 36.0));

    close(&told["macro_f1"], (2.0 / 3.0 + 0.5) / 2.0);
    close(&told["micro_precision"], 2.0 / 3.0);
    close(&told["micro_recall"], 2.0 / 4.0);
    close(&told["micro_f1"], 4.0 / 7.0);
    assert_eq!(told["stance"]["order"], json!(["request", "concern"]));
    assert_eq!(told["stance"]["confusion"], json!([[1, 1], [0, 0]]));
    close(&told["stance"]["accuracy"], 0.5);

    let reserved: Vec<(&Value, &Value, &Value)> = told["reserved"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["code"], &row["cases"], &row["precision"]))
        .collect();
    assert_eq!(reserved[0], (&json!("none"), &json!(2), &json!(1.0)));
    assert!(reserved[1..].iter().all(|(_, cases, precision)| **cases == 0 && precision.is_null()), "{reserved:?}");

    let errors = told["errors"].as_array().unwrap();
    let errors: Vec<String> = errors
        .iter()
        .map(|e| format!("{} {} {} {}", e["kind"], e["respondent_id"], e["code"], e["evidence"]).replace('"', ""))
        .collect();
    assert_eq!(
        errors,
        [
            "missed A2 money.subsidy []",
            "stance A2 training [研修]",
            "false_alarm A3 training [研修]",
            "missed A4 training [勉強]",
            "missed A6 none []",
        ]
    );
}

#[test]
fn the_table_says_what_is_undefined_and_what_is_left_out() {
    let folder = folder();
    let args = ["accuracy", "study.toml", "--gold", "gold.csv", "--errors"];
    let page = folder.run_well(&args).stdout;
    for expected in [
        "比べた回答（人×設問）: 6件。正解にない回答 1件は比べていません。",
        "補助金 (money.subsidy) *",
        "– 分母が0で定まらない値",
        "マクロF1 –・平均κ –（正解が5件以上の0テーマ",
        "ミクロF1 0.571（適合率 0.667、再現率 0.500。全テーマ）",
        "立場の一致 0.500",
        "見逃し: 3\n",
        "  A4 Q1 training request 示唆あり 「勉強」\n    勉強する時間\n",
        "誤検出: 1\n  A3 Q1 training request 「研修」\n",
        "  A2 Q1 training request → concern 「研修」\n",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    let english = folder.run_well(&[&args[..], &["--lang", "en"]].concat()).stdout;
    assert!(english.contains("Misses: 3") && !english.contains("見逃し"), "{english}");
}

/// The codebook was written beside these answers: figures of unseen ones are lower.
#[test]
fn the_shipped_codebook_fits_the_answers_it_was_written_beside() {
    let args = ["accuracy", "data/study.toml", "--gold", "data/codings_agreed.csv", "--format", "json"];
    let run = run_in(repository(), &args);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&told["answers"], &told["not_in_gold"]), (&json!(218), &json!(0)));
    let at_least = |value: &Value, least: f64| assert!(value.as_f64().unwrap() >= least, "{value} < {least}");
    at_least(&told["macro_f1"], 0.90);
    at_least(&told["stance"]["accuracy"], 0.85);
    at_least(&told["macro_themes"], 20.0);
    // Every theme has a rule; none is left out of the mean.
    assert!(told["themes"].as_array().unwrap().iter().all(|row| row["has_rule"] == true));
}

#[test]
fn mistakes_in_the_gold_are_located() {
    let folder = folder();
    for (from, to, line, message) in [
        ("A4,Q1,training", "A9,Q1,training", 6, "回答者「A9」はありません。"),
        ("A4,Q1,training", "A4,Q2,training", 6, "設問「Q2」はありません。"),
        ("A4,Q1,training", "A4,Q1,trainin", 6, "コード「trainin」はありません。"),
        ("A4,Q1,training,request", "A4,Q1,training,requst", 6, "立場「requst」はありません。"),
        ("A4,Q1,training,request", "A4,Q1,request,request", 6, "コード「request」はありません。"),
        ("A4,Q1,training", "A8,Q1,training", 6, "回答者「A8」は設問 Q1 に答えていません。"),
        ("A6,Q1,none,,", "A5,Q1,none,,", 8, "同じ回答に同じコードが2回付いています。"),
        ("A4,Q1,training", "A3,Q1,training", 6, "コードが空の行があるのに、"),
        ("A5,Q1,none,,", "A5,Q1,none,request,", 7, "予約コード none に立場は付きません。"),
        ("A6,Q1,none,,x", "A6,Q1,none,,y", 8, "複数のコーダーの行が混ざっています。"),
    ] {
        assert!(GOLD.contains(from));
        folder.write("gold.csv", GOLD.replacen(from, to, 1));
        let run = folder.run(&["accuracy", "study.toml", "--gold", "gold.csv"]);
        assert_eq!(run.status, 2, "{to}");
        assert!(run.stderr.contains(message), "{to}\n{}", run.stderr);
        assert!(run.stderr.contains(&format!("gold.csv {line}行")) && run.stderr.contains("→"), "{to}\n{}", run.stderr);
    }
    folder.run_well(&["accuracy", "study.toml", "--gold", "gold.csv", "--coder", "x"]);
    for (text, message) in [
        ("respondent_id,question,code\nA1,Q1,none\n", "列「stance」がありません。"),
        ("respondent_id,question,code,stance\n", ""),
    ] {
        folder.write("gold.csv", text);
        let run = folder.run(&["accuracy", "study.toml", "--gold", "gold.csv"]);
        assert!(run.status == 2 && run.stderr.contains(message), "{}", run.stderr);
    }
    folder.write("gold.csv", GOLD);
    let run = folder.run(&["accuracy", "study.toml", "--gold", "gold.csv", "--coder", "z"]);
    assert!(run.stderr.contains("コーダー「z」の行がありません。"), "{}", run.stderr);
    assert_eq!(folder.run(&["accuracy", "study.toml", "--gold", "gold.csv", "--min-cases", "0"]).status, 2);
    assert_eq!(folder.run(&["accuracy", "study.toml"]).status, 2);
}
