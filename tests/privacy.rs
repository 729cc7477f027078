//! What names somebody leaves in no file and on no screen, unless the study says so.

mod common;

use std::io::{Cursor, Read as _};

use common::{Csv, Folder};

/// What must not leave, one of each kind, as it stands in the files of a run.
const SECRETS: [&str; 8] = [
    "みさき中央病院",
    "山田太郎",
    "0776-23-4567",
    "jimu@minato.jp",
    "misaki-hp.or.jp",
    "福井市大手3-17-1",
    "なぎさ苑",
    "スマイル号",
];

const ANSWERS: [&str; 5] = [
    "みさき中央病院の山田太郎先生が補助金の書類を一人で書いておられます",
    "研修の案内は0776-23-4567かjimu@minato.jpへ送ってほしい",
    "misaki-hp.or.jpの更新が止まり、福井市大手3-17-1まで出向きました",
    "なぎさ苑とスマイル号では勉強の時間も取れません",
    "特になし",
];

/// The small study with the secrets in its answers.
fn study(quotes: &str) -> Folder {
    let folder = Folder::small();
    let kinds = ["病院", "診療所", "病院", "診療所", "病院"];
    let rows = ANSWERS.iter().zip(kinds).enumerate();
    let rows: String = rows.map(|(at, (answer, kind))| format!("A{at},{kind},{answer}\n")).collect();
    folder.write("responses.csv", format!("回答者ID,施設種別,Q1\n{rows}"));
    // Evidence inside a name and across its end.
    folder.edit("codebook.toml", "rule = \"研修\"", "rule = \"研修 | '中央病院' | '病院の'\"");
    folder.write("names.csv", "name\nスマイル号\n");
    folder.write("study.toml", format!("{}\n{quotes}", folder.text("study.toml")));
    folder
}

const MASKED: &str = "[quotes]\nmask = [\"なぎさ苑\"]\nnames = \"names.csv\"\n";

/// Everything a run leaves: its files, workbooks unpacked, and what it prints.
fn leaves(folder: &Folder, more: &[&str]) -> Vec<(String, String)> {
    let run = folder.run_well(&[&["run", "study.toml"], more].concat());
    let mut all = vec![("stdout".to_owned(), run.stdout), ("stderr".to_owned(), run.stderr)];
    for (name, bytes) in folder.files_in("out") {
        if name.ends_with(".xlsx") {
            let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
            for at in 0..archive.len() {
                let mut entry = archive.by_index(at).expect("an entry");
                let mut text = String::new();
                entry.read_to_string(&mut text).expect("UTF-8");
                all.push((format!("{name}/{}", entry.name().expect("a name")), text));
            }
        } else {
            all.push((name, String::from_utf8(bytes).expect("UTF-8")));
        }
    }
    assert!(all.len() > 15, "all files are looked at");
    all
}

#[test]
fn no_secret_leaves_any_way() {
    for more in [&[][..], &["--raw"], &["--lang", "en"], &["--tables", "--threads", "1"]] {
        for (name, text) in leaves(&study(MASKED), more) {
            for secret in SECRETS {
                assert!(!text.contains(secret), "{secret} in {name} {more:?}");
            }
        }
    }
}

#[test]
fn masks_are_shown_counted_and_explained() {
    let folder = study(MASKED);
    let run = folder.run_well(&["run", "study.toml"]);
    let told = "回答から伏せた箇所: 施設名 1、人名 1、電話番号 1、メール 1、URL 1、住所 1、伏せ字 2";
    for text in [&run.stdout, &folder.text("out/summary.md"), &folder.text("out/report.html")] {
        assert!(text.contains(told), "{text}");
        assert!(text.contains("[quotes]") || text.contains("\\[quotes\\]"), "where to change it: {text}");
    }
    let manifest: serde_json::Value = serde_json::from_str(&folder.text("out/manifest.json")).expect("JSON");
    let counts = serde_json::json!({
        "facility": 1, "person": 1, "phone": 1, "mail": 1, "url": 1, "address": 1, "listed": 2
    });
    assert_eq!(manifest["masked"], counts);
    assert_eq!(manifest["settings"]["quotes"], "masked");
    let page = folder.text("out/report.html");
    // The evidence lies in the mask, and on its border: the mask is marked as a whole.
    assert!(page.contains("<mark>［施設名］の</mark>［人名］先生が"), "{page}");
    let summary = folder.text("out/summary.md");
    assert!(summary.contains("［施設名］の［人名］先生が補助金の書類"), "{summary}");
}

#[test]
fn places_stay_those_of_the_answer() {
    let places = |quotes: &str| -> Vec<Vec<String>> {
        let folder = study(quotes);
        folder.run_well(&["run", "study.toml", "--quiet"]);
        let mut rows = Vec::new();
        for file in ["out/codings.csv", "out/review.csv"] {
            let csv = Csv::parse(folder.text(file).as_bytes());
            let columns = ["respondent_id", "question", "code", "start", "end"];
            rows.extend(csv.records().map(|row| columns.map(|name| row[name].to_owned()).to_vec()));
        }
        rows
    };
    let full = places("[quotes]\nshow = \"full\"\n");
    assert!(full.len() > 4);
    assert_eq!(places(MASKED), full);
    assert_eq!(places("[quotes]\nshow = \"none\"\n"), full);
}

#[test]
fn full_shows_everything() {
    let all = leaves(&study("[quotes]\nshow = \"full\"\n"), &[]);
    for secret in SECRETS {
        let holds = |name: &str| all.iter().any(|(own, text)| own == name && text.contains(secret));
        assert!(holds("report.html"), "{secret}");
    }
    let manifest = &all.iter().find(|(name, _)| name == "manifest.json").expect("a manifest").1;
    assert!(manifest.contains("\"masked\": null"), "{manifest}");
    let told = &all[0].1;
    assert!(told.contains("名前などを伏せずに"), "{told}");
}

#[test]
fn none_shows_nothing_of_any_answer() {
    for more in [&[][..], &["--raw", "--lang", "en"]] {
        for (name, text) in leaves(&study("[quotes]\nshow = \"none\"\n"), more) {
            for answer in ANSWERS.iter().filter(|answer| **answer != "特になし") {
                let characters: Vec<char> = answer.chars().collect();
                for window in characters.windows(5) {
                    let piece: String = window.iter().collect();
                    assert!(!text.contains(&piece), "{piece} in {name}");
                }
            }
            if name == "codings.csv" || name == "review.csv" {
                assert!(Csv::parse(text.as_bytes()).records().all(|row| row["evidence"].is_empty()), "{name}: {text}");
            }
        }
    }
}

#[test]
fn masking_is_the_default() {
    let folder = study("");
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let codings = folder.text("out/codings.csv");
    assert!(!codings.contains("中央病院") && codings.contains("［施設名］"), "{codings}");
}

#[test]
fn a_small_group_is_not_named_beside_an_answer() {
    let table = "[[table]]\nid = \"t\"\nrows = [\"Q1\"]\nby = [\"施設種別\"]\nsuppress = 3\n";
    let folder = study(&format!("{MASKED}\n{table}"));
    folder.edit("study.toml", "[table]\n", "[[table]]\n");
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let page = folder.text("out/report.html");
    // Three 病院 and two 診療所.
    assert!(page.contains("A0 · Q1 · 病院"), "{page}");
    assert!(page.contains("A1 · Q1") && !page.contains("A1 · Q1 · 診療所"), "{page}");
    let told = "3 人未満の区分は";
    assert!(page.contains(told) && folder.text("out/summary.md").contains(told));
    let bytes = std::fs::read(folder.path("out/themes.xlsx")).expect("a workbook");
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(Cursor::new(bytes)).expect("a workbook");
    let codings = calamine::Reader::worksheet_range(&mut book, "コーディング").expect("the codings");
    let kinds: Vec<String> = codings.rows().skip(1).map(|row| format!("{} {}", row[0], row[2])).collect();
    assert!(kinds.contains(&"A0 病院".to_owned()) && kinds.contains(&"A1 ".to_owned()), "{kinds:?}");
}

#[test]
fn a_stream_masks_as_a_run_does() {
    let folder = study(MASKED);
    let code = |more: &[&str]| {
        let args = ["code", "--codebook", "codebook.toml", "--text", "Q1", "--id", "回答者ID", "responses.csv"];
        folder.run_well(&[&args[..], more].concat()).stdout
    };
    for format in ["csv", "tsv", "jsonl"] {
        let masked = code(&["--format", format]);
        assert!(masked.contains("［施設名］") && !masked.contains("中央病院"), "{masked}");
        let none = code(&["--format", format, "--quotes", "none"]);
        assert!(!none.contains("病院") && !none.contains("補助金"), "{none}");
        assert!(code(&["--format", format, "--quotes", "full"]).contains("中央病院"));
    }
    // A Parquet file packs its texts, but leaves the first of a kind as it is.
    let holds = |quotes: &str, word: &str| {
        code(&["--format", "parquet", "--out", "codings.parquet", "--quotes", quotes]);
        let bytes = std::fs::read(folder.path("codings.parquet")).expect("written");
        bytes.windows(word.len()).any(|own| own == word.as_bytes())
    };
    assert!(holds("full", "中央病院") && holds("full", "補助金"));
    assert!(holds("masked", "［施設名］") && !holds("masked", "中央病院"));
    assert!(!holds("none", "病院") && !holds("none", "補助金"));
    folder.run_well(&["run", "study.toml", "--quiet"]);
    assert_eq!(code(&["--default-stance", "request"]), folder.text("out/codings.csv"));
}

#[test]
fn mistakes_under_quotes_are_explained() {
    let told = |quotes: &str| {
        let run = study(quotes).run(&["run", "study.toml"]);
        assert_eq!(run.status, 2, "{quotes}");
        run.stderr
    };
    let near = told("[quotes]\nshow = \"maskd\"\n");
    assert!(near.contains("「maskd」は使えません") && near.contains("masked"), "{near}");
    let key = told("[quotes]\nname = \"names.csv\"\n");
    assert!(key.contains("「name」") && key.contains("「names」"), "{key}");
    let short = told("[quotes]\nmask = [\"院\"]\n");
    assert!(short.contains("「院」は、伏せる語としては短すぎます") && short.contains("2文字以上"), "{short}");
    let useless = told("[quotes]\nshow = \"full\"\nmask = [\"なぎさ苑\"]\n");
    assert!(useless.contains("show = \"full\" では、「mask」は使われません"), "{useless}");
    let folder = study(MASKED);
    folder.write("names.csv", "name\nスマイル号\n院\n");
    let run = folder.run(&["run", "study.toml"]);
    assert!(run.status == 2 && run.stderr.contains("names.csv 3行"), "{}", run.stderr);
    folder.write("names.csv", "名前\nスマイル号\n");
    let run = folder.run(&["run", "study.toml"]);
    assert!(run.status == 2 && run.stderr.contains("見出し「name」"), "{}", run.stderr);
}
