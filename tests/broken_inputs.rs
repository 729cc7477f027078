//! Broken inputs, each with the words in which the program refuses it.
//!
//! The words stand in `tests/broken/*.txt`, in Japanese and in English, under the name
//! of the case and its exit status; the cases that break something stand here. After a
//! deliberate change of wording run with `AFTERCODE_BLESS=1` and read the diff.

#[path = "broken/answers.rs"]
mod answers;
#[path = "broken/codebook.rs"]
mod codebook;
mod common;
#[path = "broken/files.rs"]
mod files;
#[path = "broken/output.rs"]
mod output;
#[path = "broken/tables.rs"]
mod tables;

use std::collections::BTreeMap;
use std::fs;

use common::{Folder, Run};

/// A name, what is done to a good study (run once before), and the arguments then.
pub struct Case {
    name: &'static str,
    spoil: Box<dyn Fn(&Folder)>,
    args: &'static [&'static str],
}

/// Something broken, and then a run.
pub fn case(name: &'static str, spoil: impl Fn(&Folder) + 'static) -> Case {
    Case { name, spoil: Box::new(spoil), args: &["run", "study.toml"] }
}

/// The same with other arguments.
pub fn case_with(name: &'static str, args: &'static [&'static str], spoil: impl Fn(&Folder) + 'static) -> Case {
    Case { name, spoil: Box::new(spoil), args }
}

/// A study file in which `from` has become `to`.
pub fn in_study(name: &'static str, from: &'static str, to: &'static str) -> Case {
    case(name, move |folder| folder.edit("study.toml", from, to))
}

/// Answers of these bytes.
pub fn responses(name: &'static str, bytes: impl AsRef<[u8]> + 'static) -> Case {
    case(name, move |folder| folder.write("responses.csv", &bytes))
}

/// Answers of these bytes under another file name.
pub fn responses_in(name: &'static str, file: &'static str, bytes: impl AsRef<[u8]> + 'static) -> Case {
    case(name, move |folder| {
        folder.write(file, &bytes);
        folder.edit("study.toml", "responses.csv", file);
    })
}

#[test]
fn files_and_settings_of_the_study() {
    check("files", files::cases());
}

#[test]
fn files_of_answers() {
    check("answers", answers::cases());
}

#[test]
fn codebooks() {
    check("codebook", codebook::cases());
}

#[test]
fn tables_and_matrices() {
    check("tables", tables::cases());
}

#[test]
fn places_for_the_output() {
    check("output", output::cases());
}

#[test]
fn a_study_in_english_is_told_its_mistakes_in_english() {
    let folder = Folder::small();
    folder.edit("study.toml", "id = \"small\"", "id = \"small\"\nlang = \"en\"");
    folder.edit("codebook.toml", "rule = \"研修\"", "rule = \"研修 ||\"");
    let said = folder.run(&["run", "study.toml"]).stderr;
    assert!(said.starts_with("error: \"|\" is doubled.\n"), "{said}");
    let said = folder.run(&["run", "study.toml", "--lang", "ja"]).stderr;
    assert!(said.starts_with("エラー: 「|」が2つ続いています。\n"), "{said}");
}

#[test]
fn input_in_another_encoding_is_no_failure_of_the_terminal() {
    use std::io::Write as _;
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_aftercode"))
        .arg("tokens")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode("補助金がほしい\n");
    child.stdin.take().expect("a pipe").write_all(&cp932).expect("written");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("エラー: 標準入力を読めません") && said.contains("UTF-8"), "{said}");
}

#[test]
fn many_bad_rows_are_counted_though_few_are_told() {
    let folder = Folder::small();
    let repeated = "A1,病院,研修\n".repeat(50);
    folder.write("responses.csv", format!("{}{repeated}", common::RESPONSES));
    let run = folder.run(&["run", "study.toml"]);
    assert_eq!(run.status, 1);
    assert_eq!(run.stderr.matches("除外: ID「A1」は 2行にもあるため").count(), 20);
    assert!(run.stderr.contains("除外: 同じ ID の行: ほか 30 件。"), "{}", run.stderr);
    assert!(run.stdout.contains("53 行を読み、3 行を使い、50 行を除外"), "{}", run.stdout);
    assert_eq!(manifest_number(&folder.files(), "rows_skipped"), 50);
}

/// Runs the cases and compares all that was said with `tests/broken/{group}.txt`.
fn check(group: &str, cases: Vec<Case>) {
    let tried: Vec<(String, Vec<String>)> = cases.iter().map(try_case).collect();
    let said: String = tried.iter().map(|(said, _)| said.as_str()).collect();
    let path = common::repository().join(format!("tests/broken/{group}.txt"));
    if std::env::var_os("AFTERCODE_BLESS").is_some() {
        fs::write(&path, &said).expect("written");
    }
    let faults: Vec<&str> = tried.iter().flat_map(|(_, faults)| faults).map(String::as_str).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    let expected = fs::read_to_string(&path).unwrap_or_default();
    for (case, (said, expected)) in cases.iter().zip(said.split("\n== ").zip(expected.split("\n== "))) {
        assert_eq!(said, expected, "{}", case.name);
    }
    assert_eq!(said, expected);
}

/// What the program says of a case, in both languages, and what is wrong with that.
fn try_case(case: &Case) -> (String, Vec<String>) {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet"]);
    (case.spoil)(&folder);
    let before = folder.files();

    let japanese = folder.run(case.args);
    let mut faults = not_whole(&folder, &before, &japanese);
    let english = folder.run(&[case.args, &["--lang", "en"]].concat());
    faults.extend(not_whole(&folder, &before, &english));
    if english.status != japanese.status {
        faults.push(format!("exit status {} or, in English, {}", japanese.status, english.status));
    }
    let status = japanese.status;
    let (japanese, english) = (folder.relative(&japanese.stderr), folder.relative(&english.stderr));
    faults.extend(not_told(&japanese, status));
    faults.extend(not_english(&english));
    let faults = faults.into_iter().map(|fault| format!("{}: {fault}", case.name)).collect();
    (format!("\n== {}（終了コード {status}）\n{japanese}\n{english}", case.name), faults)
}

/// A failed run changes nothing; one that left rows out says so in the manifest.
fn not_whole(folder: &Folder, before: &BTreeMap<String, Vec<u8>>, run: &Run) -> Vec<String> {
    let mut faults = Vec::new();
    let mut expect = |holds: bool, fault: String| {
        if !holds {
            faults.push(fault);
        }
    };
    let after = folder.files();
    expect(!after.keys().any(|file| file.contains(".aftercode-")), "a temporary file was left behind".to_owned());
    if run.status == 2 {
        expect(*before == after, format!("a failed run changed {:?}", changed(before, &after)));
        expect(run.stdout.is_empty(), format!("a failed run printed {:?}", run.stdout));
    } else {
        let number = |key| manifest_number(&after, key);
        expect(number("rows_read") == number("rows_used") + number("rows_skipped"), "rows got lost".to_owned());
        expect(
            run.status == i32::from(number("rows_skipped") > 0),
            format!("exit status {} with {} rows skipped", run.status, number("rows_skipped")),
        );
    }
    faults
}

fn changed(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names = before.keys().chain(after.keys());
    names.filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

fn manifest_number(files: &BTreeMap<String, Vec<u8>>, key: &str) -> u64 {
    let manifest: serde_json::Value = serde_json::from_slice(&files["out/manifest.json"]).expect("JSON");
    manifest["input"][key].as_u64().expect("a number")
}

/// A message names the file and the next step.
fn not_told(said: &str, status: i32) -> Option<String> {
    let openings: &[&str] = if status == 2 { &["エラー: "] } else { &["除外: ", "注意: ", "お知らせ: "] };
    let told = openings.iter().any(|word| said.starts_with(word));
    let complete = said.contains("\n  --> ") && said.contains("\n  → ");
    (!told || !complete).then(|| format!("no message with a place and the next step:\n{said}"))
}

/// English throughout, but for what the user wrote: a file's name and lines, and words in quotes.
fn not_english(said: &str) -> Option<String> {
    let own = |line: &str| line.split('"').step_by(2).collect::<String>();
    let is_japanese = |c| matches!(c, '\u{3000}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}');
    let mut lines = said.lines().filter(|line| !line.starts_with("   | ") && !line.starts_with("  --> "));
    lines.find(|line| own(line).contains(is_japanese)).map(|line| format!("not English: {line}"))
}
