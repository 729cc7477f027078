//! `verify`: a folder is what a run makes, or the difference is named.

mod common;

use common::{Folder, Run, run_in};
use serde_json::Value;

fn ran(more: &[&str]) -> Folder {
    let folder = Folder::small();
    folder.run_well(&[&["run", "study.toml", "--quiet"], more].concat());
    folder
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr))
}

/// Names of the files that differ, with how.
fn different(run: &Run) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let files = json(run)["files_different"].as_array().unwrap().clone();
    files.iter().map(|file| (text(&file["file"]), text(&file["how"]))).collect()
}

fn decided(run: &Run) -> Vec<String> {
    json(run)["decided"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_untouched_folder_is_the_same_and_nothing_is_written() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let before = folder.files();
    let run = folder.run_well(&["verify", "data/out"]);
    let files = folder.files_in("data/out").len();
    assert_eq!(run.stdout, format!("data/out: 作り直した結果とすべて一致しました（{files} ファイル）。\n"));
    assert_eq!(run.stderr, "");
    assert!(before == folder.files(), "verify writes nothing");
}

#[test]
fn settings_are_those_of_the_run() {
    for more in [&["--lang", "en"][..], &["--raw"], &["--threads", "1"], &["--lang", "en", "--raw"]] {
        let folder = ran(more);
        let run = folder.run_well(&["verify", "out"]);
        assert_eq!(run.stdout.contains("the same in every byte"), more.contains(&"en"), "{more:?}: {}", run.stdout);
    }
}

#[test]
fn a_moved_folder_is_the_same() {
    let folder = ran(&[]);
    let moved = Folder::empty();
    std::fs::create_dir(moved.path("moved")).unwrap();
    for (name, bytes) in folder.files() {
        if name.ends_with('/') {
            std::fs::create_dir(moved.path(&format!("moved/{name}"))).unwrap();
        } else {
            moved.write(&format!("moved/{name}"), bytes);
        }
    }
    moved.run_well(&["verify", "moved/out"]);
    let out = moved.path("moved/out");
    assert_eq!(run_in(&out, &["verify", "."]).status, 0, "from within");

    // The results alone: the study must be named.
    std::fs::rename(&out, moved.path("elsewhere")).unwrap();
    let run = moved.run(&["verify", "elsewhere"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.stderr,
        "エラー: manifest.json の示す調査ファイルが、そこにありません。\n  --> elsewhere/../study.toml\n  → 調査ファイルを --study で指定してください。例: aftercode verify elsewhere --study study.toml\n"
    );
    moved.run_well(&["verify", "elsewhere", "--study", "moved/study.toml"]);
}

#[test]
fn results_in_another_folder_than_the_study_names_are_verified() {
    let folder = ran(&["--out", "deep/er"]);
    assert_eq!(folder.run(&["verify", "deep/er"]).status, 2, "deep/study.toml is not there");
    folder.run_well(&["verify", "deep/er", "--study", "study.toml"]);
}

#[test]
fn an_edited_file_is_named_with_row_and_column() {
    let folder = ran(&[]);
    folder.edit("out/codings.csv", "money.subsidy,request", "training,request");
    let run = folder.run(&["verify", "out"]);
    assert_eq!(run.status, 1);
    assert_eq!(
        run.stdout,
        "作り直したものと違うファイル:\n  codings.csv: 2行 code列 「training」、作り直すと「money.subsidy」（書き出した後で書きかえられています）\n\n\
         out: 一致しません。違うファイル 1、一致したファイル 9。\n"
    );
    let run = folder.run(&["verify", "out", "--format", "json", "--lang", "en"]);
    assert_eq!((run.status, different(&run)), (1, vec![("codings.csv".to_owned(), "bytes".to_owned())]));
    let file = &json(&run)["files_different"][0];
    assert_eq!(file["edited"], true);
    assert_eq!(file["place"]["line"], 2);
    assert_eq!(file["place"]["column"], "code");
}

#[test]
fn line_ends_of_a_result_are_bytes_too() {
    let folder = ran(&[]);
    let text = folder.text("out/themes.csv").replace("\r\n", "\n");
    folder.write("out/themes.csv", text);
    let run = folder.run(&["verify", "out"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("themes.csv: 内容は同じで、改行・引用符・BOM だけが違います"), "{}", run.stdout);
}

#[test]
fn missing_and_extra_files_are_named_and_what_systems_leave_is_not() {
    let folder = ran(&[]);
    std::fs::remove_file(folder.path("out/themes.xlsx")).unwrap();
    folder.write("out/メモ.txt", "あとで見る");
    folder.write("out/.DS_Store", "");
    folder.write("out/~$themes.xlsx", "");
    let run = folder.run(&["verify", "out", "--format", "json"]);
    assert_eq!(run.status, 1);
    let expected = [("themes.xlsx", "missing"), ("メモ.txt", "extra")];
    assert_eq!(different(&run), expected.map(|(name, how)| (name.to_owned(), how.to_owned())));
}

/// What decided the result: each input that changes is named.
#[test]
fn a_changed_input_is_named() {
    let folder = Folder::small();
    folder.edit(
        "study.toml",
        "[[question]]",
        "[dictionary]\nterms = \"terms.csv\"\nvariants = \"variants.csv\"\n\n[[question]]",
    );
    folder.write("terms.csv", "surface,pos,reading\n研修会場,,\n");
    folder.write("variants.csv", "variant,canonical\nけんしゅう,研修\n");
    folder.run_well(&["run", "study.toml", "--quiet"]);
    folder.run_well(&["verify", "out"]);
    let cases = [
        ("codebook.toml", "補助金 |", "補助 |", &["codebook.sha256"][..]),
        ("responses.csv", "補助金がほしい", "補助金がたりない", &["input.sha256"]),
        ("study.toml", "国への要望", "県への要望", &["questions.1.wording", "study.sha256"]),
        ("terms.csv", "研修会場", "研修会館", &["dictionary.sha256"]),
        ("variants.csv", "けんしゅう", "ケンシュウ", &["dictionary.variants_sha256"]),
    ];
    for (file, from, to, keys) in cases {
        folder.edit(file, from, to);
        let run = folder.run(&["verify", "out", "--format", "json"]);
        let mut told = decided(&run);
        told.sort();
        assert_eq!((run.status, told.iter().map(String::as_str).collect::<Vec<_>>()), (1, keys.to_vec()), "{file}");
        folder.edit(file, to, from);
    }
    folder.run_well(&["verify", "out"]);
    folder.edit("codebook.toml", "補助金 |", "補助 |");
    let said = folder.run(&["verify", "out"]).stdout;
    assert!(said.starts_with("結果を決めるもののうち、記録と違うもの:\n  コードブック: "), "{said}");
}

/// An earlier study that is compared with decides the result as well.
#[test]
fn a_changed_earlier_study_is_named() {
    let folder = ran(&["--out", "earlier"]);
    folder.edit("study.toml", "[table]", "[[compare]]\nname = \"前回\"\nwith = \"earlier\"\n\n[table]");
    folder.run_well(&["run", "study.toml", "--quiet"]);
    folder.run_well(&["verify", "out"]);
    let themes = folder.text("earlier/themes.csv");
    folder.write("earlier/themes.csv", themes.replacen(",全体,1,3,", ",全体,2,3,", 1));
    let run = folder.run(&["verify", "out", "--format", "json"]);
    assert_eq!((run.status, decided(&run)), (1, vec!["compare.1.sha256".to_owned()]));
}

#[test]
fn inputs_with_other_line_ends_are_the_same() {
    let folder = ran(&[]);
    for file in ["study.toml", "codebook.toml", "responses.csv"] {
        let text = folder.text(file).replace('\n', "\r\n");
        folder.write(file, text);
    }
    folder.run_well(&["verify", "out"]);
}

/// Folders that cannot be verified: what is wrong, where, and what to do.
#[test]
fn what_is_no_result_is_said() {
    let folder = ran(&[]);
    let manifest = folder.text("out/manifest.json");
    let said = |folder: &Folder, name: &str| {
        let run = folder.run(&["verify", name]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name}");
        run.stderr
    };
    assert!(said(&folder, "nowhere").contains("ファイルが見つかりません"));
    assert!(said(&folder, "study.toml").contains("結果のフォルダーではなくファイルです"));
    assert!(said(&folder, ".").contains("manifest.json がありません"));
    let cases = [
        (manifest[..manifest.len() / 2].to_owned(), "manifest.json が途中で切れています。"),
        ("ここに結果".to_owned(), "manifest.json が JSON として読めません。"),
        ("{\"name\": \"web\"}".to_owned(), "aftercode のものではありません"),
        ("[1]".to_owned(), "aftercode のものではありません"),
        (
            manifest.replacen("\"sha256\"", "\"sum\"", 1),
            "manifest.json に study.sha256 がありません（aftercode 0.1.0 の結果）",
        ),
    ];
    for (text, message) in cases {
        folder.write("out/manifest.json", &text);
        let stderr = said(&folder, "out");
        assert!(stderr.contains(message) && stderr.contains("  → "), "{message}: {stderr}");
    }
    folder.write("out/manifest.json", &manifest);
    std::fs::remove_file(folder.path("codebook.toml")).unwrap();
    assert!(said(&folder, "out").contains("ファイルが見つかりません"));
}

#[test]
fn another_version_of_the_program_is_told() {
    let folder = ran(&[]);
    folder.edit("out/manifest.json", "\"aftercode\": \"", "\"aftercode\": \"9.");
    let run = folder.run(&["verify", "out"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("プログラムの版: 9."), "{}", run.stdout);
    assert!(run.stdout.contains("manifest.json: 2行 "), "{}", run.stdout);
}
