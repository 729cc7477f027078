//! Coding sheets: what is written, what comes back, and every way we know to spoil one.

mod common;

use common::{Folder, STUDY};
use serde_json::Value;

const CSV: &str = "sato.csv";

/// A study whose ids begin with zeros, whose answers have line breaks and begin like
/// formulas, and a blind sheet for it that is filled in.
fn folder() -> Folder {
    let folder = Folder::small();
    folder.write(
        "responses.csv",
        "回答者ID,施設種別,Q1\n001,病院,補助金がほしい\n002,診療所,\"=研修の予算が\n足りない\"\n003,病院,なし\n1-2,病院,研修\n",
    );
    folder.run_well(&["sheet", "study.toml", "--coder", "sato", "--blind", "--out", CSV]);
    assert_eq!(folder.text(CSV).replace(['\r', '\u{feff}'], ""), EMPTY);
    folder.write(CSV, FILLED);
    folder
}

const HEADER: &str = "row,coder,respondent_id,question,answer,coded,補助金 (money.subsidy),stance:money.subsidy,研修 (training),stance:training,特になし (none),現状で十分 (satisfied),対象外 (na),同上・参照 (same),comment\n";

const EMPTY: &str = "row,coder,respondent_id,question,answer,coded,補助金 (money.subsidy),stance:money.subsidy,研修 (training),stance:training,特になし (none),現状で十分 (satisfied),対象外 (na),同上・参照 (same),comment
1 of 4,sato,001,Q1,補助金がほしい,,,,,,,,,,
2 of 4,sato,1-2,Q1,研修,,,,,,,,,,
3 of 4,sato,002,Q1,\"'=研修の予算が
足りない\",,,,,,,,,,
4 of 4,sato,003,Q1,なし,,,,,,,,,,
";

/// All done: a code with a stance, one without, none at all, and a reserved code.
const FILLED: &str = "row,coder,respondent_id,question,answer,coded,補助金 (money.subsidy),stance:money.subsidy,研修 (training),stance:training,特になし (none),現状で十分 (satisfied),対象外 (na),同上・参照 (same),comment
1 of 4,sato,001,Q1,補助金がほしい,1,1,request,,,,,,,
2 of 4,sato,1-2,Q1,研修,1,,,1,,,,,,迷った
3 of 4,sato,002,Q1,\"'=研修の予算が
足りない\",1,,,,,,,,,
4 of 4,sato,003,Q1,なし,1,,,,,1,,,,
";

fn given(folder: &Folder, file: &str) -> Value {
    let run = folder.run(&["audit", file, "--study", "study.toml", "--format", "json", "--bootstrap", "0"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found["files"][0]["form"], "sheet");
    let codes = found["codes"].as_object().unwrap();
    let mut given: serde_json::Map<String, Value> =
        codes.iter().map(|(id, code)| (id.clone(), code["given"]["sato"].clone())).collect();
    given.insert("units".to_owned(), found["units"].clone());
    Value::Object(given)
}

fn expected() -> Value {
    serde_json::json!({
        "money.subsidy": 1, "training": 1, "none": 1, "satisfied": 0, "na": 0, "same": 0, "units": 4
    })
}

#[test]
fn a_sheet_comes_back_as_it_was_filled_in() {
    assert_eq!(given(&folder(), CSV), expected());
}

#[test]
fn a_workbook_holds_the_same_and_is_the_same_each_time() {
    use calamine::{Reader as _, Xlsx, open_workbook};
    let folder = folder();
    for name in ["one.xlsx", "two.xlsx"] {
        folder.run_well(&["sheet", "study.toml", "--coder", "sato", "--blind", "--out", name]);
    }
    assert!(std::fs::read(folder.path("one.xlsx")).unwrap() == std::fs::read(folder.path("two.xlsx")).unwrap());
    let mut book: Xlsx<_> = open_workbook(folder.path("one.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["coding", "定義"]);
    let sheet = book.worksheet_range("coding").unwrap();
    let cell = |row: u32, column: u32| sheet.get_value((row, column)).unwrap().to_string();
    assert_eq!((cell(0, 6), cell(2, 2)), ("補助金\n(money.subsidy)".to_owned(), "1-2".to_owned()));
    // A workbook's text cell is never run; nothing stands before it.
    assert_eq!(cell(3, 4), "=研修の予算が\n足りない");
    // Filled in, it says the same as the CSV.
    let mut filled = rust_xlsxwriter::Workbook::new();
    let out = filled.add_worksheet();
    for (row, column, value) in sheet.used_cells() {
        out.write_string(row as u32, column as u16, value.to_string()).unwrap();
    }
    for (row, column) in [(1, 5), (2, 5), (3, 5), (4, 5), (1, 6), (2, 8), (4, 10)] {
        out.write_number(row, column, 1).unwrap();
    }
    out.write_string(1, 7, "要望").unwrap();
    filled.save(folder.path("filled.xlsx")).unwrap();
    assert_eq!(given(&folder, "filled.xlsx"), expected());
}

#[test]
fn the_codes_of_the_rules_are_filled_in_unless_blind() {
    let folder = folder();
    folder.run_well(&["sheet", "study.toml", "--coder", "sato", "--out", "open.csv"]);
    let text = folder.text("open.csv");
    assert!(text.contains("001,Q1,補助金がほしい,,1,request,,,,,,,"), "{text}");
    assert!(text.contains("003,Q1,なし,,,,,,1,,,,"), "{text}");
    // Nobody has looked at them yet.
    let run = folder.run(&["audit", "open.csv", "--study", "study.toml"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("coded に印がありません"), "{}", run.stderr);
}

#[test]
fn a_sample_is_shuffled_by_its_seed() {
    let folder = folder();
    let make = |seed: &str| {
        folder.run_well(&[
            "sheet",
            "study.toml",
            "--coder",
            "s",
            "--blind",
            "--sample",
            "3",
            "--seed",
            seed,
            "--out",
            "s.csv",
        ]);
        folder.text("s.csv")
    };
    let one = make("1");
    assert_eq!((make("1") == one, one.matches(" of 3,").count()), (true, 3));
    assert!((2..9).any(|seed| make(&seed.to_string()) != one));
    for args in [&["--question", "Q9"][..], &["--coder", "rules"], &["--out", "s.pdf"], &["--out", "study.toml"]] {
        let mut all = vec!["sheet", "study.toml", "--blind"];
        if args[0] != "--coder" {
            all.extend(["--coder", "s"]);
        }
        if args[0] != "--out" {
            all.extend(["--out", "t.csv"]);
        }
        all.extend(args);
        assert_eq!(folder.run(&all).status, 2, "{args:?}");
    }
    assert_eq!(folder.text("study.toml"), STUDY);
}

/// What people and spreadsheets do to a sheet that does it no harm.
#[test]
fn harmless_changes_are_read_right() {
    let rows: Vec<&str> = FILLED[HEADER.len()..].splitn(2, '\n').collect();
    let sorted = format!("{HEADER}{}{}\n", rows[1], rows[0]);
    let cases: [(&str, String); 8] = [
        ("full-width digits", FILLED.replace("い,1,1,", "い,１,１,")),
        ("circles", FILLED.replace("い,1,1,", "い,○,◯,")),
        ("zeros for blanks", FILLED.replace("研修,1,,,1,,,,,,", "研修,1,0,,1,,0,0,0,0,")),
        ("sorted rows", sorted),
        ("a stance by its name", FILLED.replace("request", "要望")),
        ("the apostrophe taken away", FILLED.replace("'=", "=")),
        ("line ends of Windows", FILLED.replace('\n', "\r\n")),
        ("a column of remarks", {
            let text = FILLED.replace(",comment\n", ",comment,メモ\n");
            text.replace("request,,,,,,,\n", "request,,,,,,,,あとで\n")
                .replace("迷った\n", "迷った,\n")
                .replace("足りない\",1,,,,,,,,,\n", "足りない\",1,,,,,,,,,,\n")
                .replace("1,,,,\n", "1,,,,,\n")
        }),
    ];
    for (what, text) in cases {
        assert!(text != FILLED, "{what}");
        let folder = folder();
        folder.write(CSV, &text);
        assert_eq!(given(&folder, CSV), expected(), "{what}");
    }
}

/// What cannot be read for certain is refused, with its row and what to do.
#[test]
fn spoiled_sheets_are_refused() {
    let cases: [(&str, &str, &str, &str, &str); 15] = [
        ("a row deleted", "4 of 4,sato,003,Q1,なし,1,,,,,1,,,,\n", "", "1 行足りません", "coded を空に"),
        ("text edited", "なし,1", "ない,1", "6行", "元の文に"),
        ("an x", "い,1,1,", "い,1,x,", "2行", "とも読めます"),
        ("a number", "い,1,1,", "い,1,2,", "1 でも 0 でもありません", "付けるなら 1"),
        ("an extra column of ticks", ",comment\n", ",traning\n", "コードではありません", "「training」"),
        ("leading zeros eaten", "sato,001,", "sato,1,", "回答者「1」はいません", "「001」"),
        ("a date", "sato,1-2,", "sato,2026-01-02,", "3行", "日付に変えた"),
        ("another date", "sato,1-2,", "sato,1月2日,", "3行", "日付に変えた"),
        ("another question", "002,Q1", "002,Q2", "設問「Q2」はありません", "Q1"),
        ("codes, but not done", "い,1,1,", "い,,1,", "coded に印がありません", "coded に 1"),
        ("a stance without its code", "い,1,1,request", "い,1,,request", "立場が選ばれています", "立場を消して"),
        ("an unknown stance", "request", "reqest", "立場「reqest」はありません", "「request」"),
        ("a row twice", "1-2,Q1,研修,1", "001,Q1,補助金がほしい,1", "2回出てきます", "coder の列"),
        (
            "a code's column renamed",
            "研修 (training)",
            "memo",
            "「memo」はコードブックのコードではありません",
            "列を消して",
        ),
        ("no name of a coder", "1 of 4,sato", "1 of 4,", "コーダーの名前が空", "名前を書いて"),
    ];
    for (what, from, to, message, hint) in cases {
        let folder = folder();
        let mut text = FILLED.replacen(from, to, 1);
        assert!(text != FILLED, "{what}");
        if to == ",traning\n" {
            text = text.replace(",迷った\n", ",1\n");
        }
        folder.write(CSV, &text);
        let run = folder.run(&["audit", CSV, "--study", "study.toml"]);
        assert_eq!(run.status, 2, "{what}: {}", run.stdout);
        assert!(run.stderr.contains(message) && run.stderr.contains(hint), "{what}: {}", run.stderr);
        assert!(run.stderr.contains(CSV), "{what}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{what}");
    }
}

#[test]
fn two_coders_in_one_file_are_two() {
    let folder = folder();
    let second = FILLED[HEADER.len()..].replace(",sato,", ",suzuki,").replace("研修,1,,,1,", "研修,1,,,,");
    folder.write(CSV, format!("{FILLED}{second}"));
    let run = folder.run_well(&["audit", CSV, "--study", "study.toml", "--format", "json"]);
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found["coders"], serde_json::json!(["sato", "suzuki"]));
    assert_eq!(found["codes"]["training"]["table"], serde_json::json!([[3, 0], [1, 0]]));
}

/// "Not coded" and "coded with nothing" are not the same.
#[test]
fn a_row_that_is_not_done_is_not_coded() {
    let folder = folder();
    folder.write(CSV, FILLED.replace("足りない\",1,", "足りない\",,"));
    let found = given(&folder, CSV);
    assert_eq!((&found["units"], &found["none"]), (&Value::from(3), &Value::from(1)));
}

/// Tables that people make themselves.
#[test]
fn doubtful_tables_are_refused() {
    let folder = folder();
    for (what, text, message) in [
        ("blanks among zeros", "id,money.subsidy,training\n001,1,\n002,0,1\n", "0 か未判定か"),
        ("nothing ticked", "id,money.subsidy,training\n001,1,\n002,,\n", "「コードなし」か「未判定」か"),
        ("two forms", "respondent_id,code,money.subsidy,training\n001,training,0,1\n", "書き方が決まりません"),
        ("no form", "name,theme\n001,training\n", "書き方がわかりません"),
        ("a code without a column", "id,money.subsidy\n001,1\n002,0\n", "コード training の列がありません"),
        ("no answer there", "respondent_id,question,code\n009,Q1,training\n", "回答者「009」はいません"),
        ("an unknown code", "respondent_id,question,code\n001,Q1,trainning\n", "コード「trainning」はありません"),
        ("a code twice", "respondent_id,question,code\n001,Q1,training\n001,Q1,研修\n", "2回付いています"),
        ("a blank and a code", "respondent_id,question,code\n001,Q1,training\n001,Q1,\n", "コードが空の行"),
    ] {
        folder.write("own.csv", text);
        let run = folder.run(&["audit", "own.csv", "--study", "study.toml"]);
        assert_eq!(run.status, 2, "{what}: {}", run.stdout);
        assert!(run.stderr.contains(message) && run.stderr.contains("→"), "{what}: {}", run.stderr);
    }
}

/// All mistakes of a sheet in one go, each with its row and column.
#[test]
fn every_mistake_of_a_file_is_told_at_once() {
    let folder = folder();
    let text = FILLED
        .replace("い,1,1,request", "い,1,x,request")
        .replace("sato,1-2,Q1,研修,1,,,1,", "sato,1-3,Q1,研修,1,,,2,")
        .replace("なし,1,,,,,1", "ない,1,,concern,,,1");
    folder.write(CSV, text);
    folder.write("other.csv", "respondent_id,question,code,stance\n001,Q1,trainning,\n009,Q1,training,reqest\n");
    let args = ["audit", CSV, "other.csv", "--study", "study.toml", "--lang"];
    let run = folder.run(&[&args[..], &["en"]].concat());
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    for told in [
        "error: \"x\" is neither 1 nor 0.\n  --> sato.csv line 2 column 7",
        "error: \"2\" is neither 1 nor 0.\n  --> sato.csv line 3 column 9",
        "error: There is no respondent \"1-3\".\n  --> sato.csv line 3 column 3",
        "error: The words of the answer \"003 Q1\" are not those of the study.\n  --> sato.csv line 6 column 5",
        "error: A stance is chosen for money.subsidy, but the code is not ticked.\n  --> sato.csv line 6 column 8",
        "error: There is no code \"trainning\".\n  --> other.csv line 2 column 3",
        "error: There is no respondent \"009\".\n  --> other.csv line 3 column 1",
        "error: There is no stance \"reqest\".\n  --> other.csv line 3 column 4",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
    assert_eq!((run.stderr.matches("error:").count(), run.stderr.matches("→").count()), (8, 8), "{}", run.stderr);
    let run = folder.run(&[&args[..], &["ja"]].concat());
    assert_eq!(run.stderr.matches("エラー:").count(), 8, "{}", run.stderr);
}

#[test]
fn of_very_many_mistakes_twenty_are_told() {
    let folder = folder();
    let rows: String = (0..50).map(|at| format!("x{at},Q1,training\n")).collect();
    folder.write("own.csv", format!("respondent_id,question,code\n{rows}"));
    let run = folder.run(&["audit", "own.csv", "--study", "study.toml"]);
    assert_eq!((run.status, run.stderr.matches("はいません").count()), (2, 20), "{}", run.stderr);
    assert!(run.stderr.contains("ほかに 30 件の誤りがあります"), "{}", run.stderr);
    // The neutral form knows its rows, too.
    folder.write("own.csv", "unit,coder,value\n001,a,training\n009,a,training|nope\n,b,\n");
    let run = folder.run(&["audit", "own.csv", "--study", "study.toml", "--lang", "en"]);
    assert!(run.stderr.contains("own.csv line 4 column 1"), "{}", run.stderr);
    folder.write("own.csv", "unit,coder,value\n001,a,training\n009,a,training|nope\n");
    let run = folder.run(&["audit", "own.csv", "--study", "study.toml", "--lang", "en"]);
    for told in ["own.csv line 3 column 3", "own.csv line 3 column 1"] {
        assert!(run.stderr.contains(told), "{told}: {}", run.stderr);
    }
}

/// A sheet without its study says what it lacks.
#[test]
fn a_sheet_asks_for_its_study() {
    let folder = folder();
    let run = folder.run(&["audit", CSV]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("コードブックのコード（money.subsidy など）"), "{}", run.stderr);
    assert!(run.stderr.contains("--study STUDY で指定してください"), "{}", run.stderr);
    let run = folder.run(&["audit", CSV, "--lang", "en"]);
    assert!(run.stderr.contains("no study is given") && run.stderr.contains("--study STUDY"), "{}", run.stderr);
}
