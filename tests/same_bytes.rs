//! The same answers give the same bytes: in whatever format and encoding they come, in
//! whatever order, on however many threads, from wherever the program is started.

mod common;

use std::collections::BTreeMap;

use common::{Csv, Folder, repository, run_in};
use rust_xlsxwriter::Workbook;
use serde_json::Value;

/// Files that hold results; the manifest tells the inputs apart as well.
const RESULTS: [&str; 13] = [
    "codebook.toml",
    "codings.csv",
    "matrix.csv",
    "themes.csv",
    "review.csv",
    "tests.csv",
    "rates.csv",
    "tables.csv",
    "table_tests.csv",
    "checks.csv",
    "themes.xlsx",
    "summary.md",
    "report.html",
];

type Files = BTreeMap<String, Vec<u8>>;

fn run_sample(folder: &Folder, more: &[&str]) -> Files {
    folder.run_well(&[&["run", "data/study.toml", "--quiet"], more].concat());
    folder.files_in("data/out")
}

/// The table of the sample study's answers, header first, with LF inside cells.
fn sample_table() -> Vec<Vec<String>> {
    let bytes = std::fs::read(repository().join("data/responses.csv")).unwrap();
    let csv = Csv::parse(&bytes);
    let mut table = vec![csv.header];
    table.extend(csv.rows);
    table.iter_mut().flatten().for_each(|cell| *cell = cell.replace("\r\n", "\n"));
    table
}

fn delimited(table: &[Vec<String>], delimiter: u8, terminator: csv::Terminator) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
    table.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn workbook(table: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in table.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write(row as u32, column as u16, cell.as_str()).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn with_answers(file: &str, bytes: &[u8]) -> Files {
    let folder = Folder::sample();
    folder.write(&format!("data/{file}"), bytes);
    if file != "responses.csv" {
        folder.edit("data/study.toml", "file = \"responses.csv\"", &format!("file = \"{file}\""));
    }
    run_sample(&folder, &[])
}

/// Of text with LF; what holds a NUL is a workbook or UTF-16.
fn sha256_of_file(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => common::sha256(text.replace("\r\n", "\n").as_bytes()),
        _ if bytes.contains(&0) => common::sha256(bytes),
        _ => {
            let (text, _, _) = encoding_rs::SHIFT_JIS.decode(bytes);
            common::sha256(&encoding_rs::SHIFT_JIS.encode(&text.replace("\r\n", "\n")).0)
        }
    }
}

fn assert_same(name: &str, one: &Files, other: &Files, files: &[&str]) {
    for file in files {
        assert!(one[*file] == other[*file], "{name}: {file} differs");
    }
    assert!(one.keys().eq(other.keys()), "{name}: {:?} and {:?}", one.keys(), other.keys());
}

#[test]
fn every_format_and_encoding_gives_the_same_results() {
    let mut table = sample_table();
    // CP932 has one wave dash and one minus; Windows takes them for the full-width forms.
    table.iter_mut().flatten().for_each(|cell| *cell = cell.replace('〜', "～").replace('−', "－"));
    let text = delimited(&table, b',', csv::Terminator::CRLF);
    let (cp932, _, lost) = encoding_rs::SHIFT_JIS.encode(&text);
    assert!(!lost, "the sample study can be saved by Japanese Excel");
    let expected = with_answers("responses.csv", text.as_bytes());
    let mark = |text: &str| format!("\u{feff}{text}");
    let little: Vec<u8> = mark(&text).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = mark(&text).encode_utf16().flat_map(u16::to_be_bytes).collect();
    let cases: [(&str, &str, Vec<u8>, Option<&str>); 10] = [
        ("UTF-8", "responses.csv", text.clone().into_bytes(), Some("UTF-8")),
        ("LF", "responses.csv", delimited(&table, b',', csv::Terminator::Any(b'\n')).into_bytes(), Some("UTF-8")),
        ("UTF-8 with mark", "responses.csv", mark(&text).into_bytes(), Some("UTF-8 (BOM)")),
        ("UTF-16LE", "responses.csv", little.clone(), Some("UTF-16LE")),
        ("UTF-16BE", "responses.csv", big, Some("UTF-16BE")),
        ("UTF-16LE without mark", "responses.csv", little[2..].to_vec(), Some("UTF-16LE")),
        ("CP932", "responses.csv", cp932.into_owned(), Some("CP932")),
        ("TSV", "responses.tsv", delimited(&table, b'\t', csv::Terminator::CRLF).into_bytes(), Some("UTF-8")),
        (
            "text with tabs",
            "responses.txt",
            delimited(&table, b'\t', csv::Terminator::CRLF).into_bytes(),
            Some("UTF-8"),
        ),
        ("XLSX", "responses.xlsx", workbook(&table), None),
    ];
    for (name, file, bytes, encoding) in cases {
        let files = with_answers(file, &bytes);
        assert_same(name, &expected, &files, &RESULTS);
        let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
        assert_eq!(manifest["input"]["encoding"].as_str(), encoding, "{name}");
        assert_eq!(manifest["input"]["sha256"].as_str(), Some(sha256_of_file(&bytes).as_str()), "{name}");
    }
}

#[test]
fn threads_make_no_difference() {
    let all = [&RESULTS[..], &["manifest.json"]].concat();
    let folder = Folder::sample();
    let expected = run_sample(&folder, &[]);
    for threads in ["1", "2", "7"] {
        let files = run_sample(&folder, &["--threads", threads]);
        assert_same(threads, &expected, &files, &all);
    }
}

#[test]
fn running_again_and_from_elsewhere_makes_no_difference() {
    let folder = Folder::sample();
    let first = run_sample(&folder, &[]);
    assert!(first == run_sample(&folder, &[]), "a second run into the same folder");

    let study = folder.path("data/study.toml");
    let elsewhere = Folder::empty();
    for (from, study) in [(elsewhere.path(""), study.as_path()), (folder.path("data"), "study.toml".as_ref())] {
        std::fs::remove_dir_all(folder.path("data/out")).unwrap();
        let run = run_in(&from, &["run", study.to_str().unwrap(), "--quiet"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(first == folder.files_in("data/out"), "from {}", from.display());
    }
    assert!(elsewhere.files().is_empty(), "nothing is written where the program was started");
}

/// A study on two machines, of which one writes CRLF.
#[test]
fn line_ends_of_the_study_make_no_difference_to_any_file() {
    let (one, other) = (Folder::sample(), Folder::sample());
    for file in ["data/study.toml", "data/responses.csv", "codebooks/medical-cybersecurity.toml"] {
        let text = other.text(file).replace("\r\n", "\n");
        one.write(file, &text);
        other.write(file, text.replace('\n', "\r\n"));
    }
    let (one, other) = (run_sample(&one, &["--threads", "1"]), run_sample(&other, &["--threads", "2"]));
    let differing: Vec<_> = one.iter().filter(|(name, bytes)| other.get(*name) != Some(bytes)).collect();
    assert!(differing.is_empty() && one.len() == other.len(), "{:?}", differing.iter().map(|(name, _)| name));
    assert!(one.contains_key("themes.xlsx"));
}

#[test]
fn the_order_of_rows_makes_no_difference() {
    let mut table = sample_table();
    // Something to say about rows: a value that is no category, and a blank one.
    table[5][1] = "クリニック".to_owned();
    table[9][1] = String::new();
    let rows = table.len() - 1;
    assert_ne!(rows % 7, 0);
    let mut shuffled = vec![table[0].clone()];
    shuffled.extend((0..rows).map(|at| table[1 + (at * 7 + 3) % rows].clone()));
    let reversed = [&table[..1], &table[1..].iter().rev().cloned().collect::<Vec<_>>()].concat();

    let expected = with_answers("responses.csv", delimited(&table, b',', csv::Terminator::CRLF).as_bytes());
    for other in [shuffled, reversed] {
        let files = with_answers("responses.csv", delimited(&other, b',', csv::Terminator::CRLF).as_bytes());
        assert_same("shuffled", &expected, &files, &RESULTS);
        let one: Value = serde_json::from_slice(&expected["manifest.json"]).unwrap();
        let two: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
        let mut differing = Vec::new();
        differences("", &one, &two, &mut differing);
        assert_eq!(differing, ["/input/sha256", "/notes/0/line"]);
    }
}

/// The places at which two JSON values differ.
fn differences(at: &str, one: &Value, two: &Value, found: &mut Vec<String>) {
    match (one, two) {
        (Value::Object(one), Value::Object(two)) => {
            assert!(one.keys().eq(two.keys()), "{at}: the same keys in the same order");
            one.iter().for_each(|(key, value)| differences(&format!("{at}/{key}"), value, &two[key], found));
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            for (index, (one, two)) in one.iter().zip(two).enumerate() {
                differences(&format!("{at}/{index}"), one, two, found);
            }
        }
        _ if one == two => {}
        _ => found.push(at.to_owned()),
    }
}
