//! `themes.xlsx`, read back: the same numbers as the CSV files, and nothing a
//! spreadsheet would run.

mod common;

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use calamine::{Data, Range, Reader as _, Xlsx};
use common::{Csv, Folder, Record};

type Book = Xlsx<Cursor<Vec<u8>>>;

fn open(folder: &Folder, out: &str) -> Book {
    let bytes = std::fs::read(folder.path(out).join("themes.xlsx")).expect("a workbook");
    Xlsx::new(Cursor::new(bytes)).expect("a workbook that can be read")
}

fn csv(folder: &Folder, file: &str) -> Csv {
    Csv::parse(&std::fs::read(folder.path(file)).expect("a file"))
}

fn text(range: &Range<Data>, row: usize, column: usize) -> String {
    range.get((row, column)).map(ToString::to_string).unwrap_or_default()
}

fn number(range: &Range<Data>, row: usize, column: usize) -> f64 {
    match range.get((row, column)) {
        Some(Data::Float(number)) => *number,
        Some(Data::Int(number)) => *number as f64,
        other => panic!("row {row} column {column} holds no number: {other:?}"),
    }
}

/// Columns of the groups by their names; a heading is `name(n=37)`.
fn groups(range: &Range<Data>) -> Vec<(String, String, usize)> {
    let headed = (1..range.width()).map(|column| (text(range, 2, column), column));
    let headed = headed.filter(|(title, _)| !title.is_empty());
    headed
        .map(|(title, column)| {
            let (name, base) = title.split_once("(n=").map_or((title.as_str(), ""), |(name, base)| (name, base));
            (name.to_owned(), base.trim_end_matches(')').trim_end_matches('*').to_owned(), column)
        })
        .collect()
}

#[test]
fn theme_sheets_hold_the_numbers_of_themes_csv() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let themes = csv(&folder, "data/out/themes.csv");
    let mut book = open(&folder, "data/out");
    let mut compared = 0;
    for question in ["Q1", "Q2"] {
        let range = book.worksheet_range(question).expect("a sheet a question");
        let groups = groups(&range);
        let own: Vec<Record<'_>> = themes.records().filter(|row| &row["question"] == question).collect();
        let each = own.iter().filter(|row| &row["group"] == "全体").count();
        assert_eq!(own.len(), each * groups.len(), "every group has its columns");
        for (at, row) in own.iter().enumerate() {
            let line = 4 + at / groups.len();
            let (_, base, column) = groups.iter().find(|(name, ..)| *name == row["group"]).expect("the group");
            assert_eq!(text(&range, line, 0), row["label"]);
            assert_eq!(*base, row["base"]);
            assert_eq!(number(&range, line, *column), row.number("count") as f64);
            assert_eq!(format!("{:.1}", number(&range, line, column + 1)), row["percent"]);
            assert_eq!([text(&range, 3, *column), text(&range, 3, column + 1)], ["件数", "%"]);
            compared += 1;
        }
        let note = text(&range, 4 + each + 1, 0);
        assert!(note.contains("質問された人 135"), "{note}");
    }
    assert_eq!(compared, themes.rows.len());
}

#[test]
fn the_sheet_of_numbers_is_themes_csv() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet", "--lang", "en"]);
    let themes = csv(&folder, "data/out/themes.csv");
    let range = open(&folder, "data/out").worksheet_range("numbers").expect("the sheet");
    assert_eq!(range.height(), themes.rows.len() + 1);
    for (at, row) in themes.rows.iter().enumerate() {
        for (column, (cell, name)) in row.iter().zip(&themes.header).enumerate() {
            let is_number = ["count", "base", "percent", "ci_low", "ci_high"].contains(&name.as_str());
            if is_number && !cell.is_empty() {
                assert_eq!(number(&range, at + 1, column), cell.parse::<f64>().expect("a number"), "{name}");
            } else {
                assert_eq!(text(&range, at + 1, column), *cell, "{name}");
            }
        }
    }
}

#[test]
fn other_tables_hold_the_numbers_of_tables_csv() {
    let folder = Folder::sample();
    // One table with small counts hidden: they must not be in the workbook either.
    folder.edit("data/study.toml", "title = \"図表3.5.3 公的窓口\"", "title = \"図表3.5.3 公的窓口\"\nsuppress = 5");
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let tables = csv(&folder, "data/out/tables.csv");
    let mut book = open(&folder, "data/out");
    let mut rows: HashMap<(String, String, String), Vec<Record<'_>>> = HashMap::new();
    for row in tables.records() {
        let key = [&row["table"], &row["question"], &row["label"]].map(str::to_owned);
        let [table, question, label] = key;
        rows.entry((table, question, label)).or_default().push(row);
    }
    let (mut compared, mut hidden) = (0, 0);
    for ((table, question, label), cells) in rows {
        let range = book.worksheet_range(&table).unwrap_or_else(|error| panic!("{table}: {error}"));
        let title =
            (4..range.height()).find(|&row| text(&range, row, 0) == question && text(&range, row, 1).is_empty());
        let from = title.unwrap_or(4);
        let line =
            (from..range.height()).find(|&row| text(&range, row, 0) == label && !text(&range, row, 1).is_empty());
        let line = line.unwrap_or_else(|| panic!("{table} has no {question} {label}"));
        for cell in cells {
            let (_, base, column) =
                groups(&range).into_iter().find(|(name, ..)| *name == cell["group"]).expect("a group");
            let has_base = text(&range, 3, column + 1) == "母数";
            if cell["count"].is_empty() {
                assert_eq!([0, 1].map(|more| text(&range, line, column + more)), ["x", "x"]);
                hidden += 1;
                continue;
            }
            assert_eq!(number(&range, line, column), cell.number("count") as f64, "{table} {label}");
            if has_base {
                assert_eq!(number(&range, line, column + 1), cell.number("base") as f64, "{table} {label}");
            } else {
                assert_eq!(base, cell["base"], "{table} {label}");
            }
            let percent = column + 1 + usize::from(has_base);
            match &cell["percent"] {
                "" => assert_eq!(text(&range, line, percent), "-"),
                percentage => assert_eq!(format!("{:.1}", number(&range, line, percent)), percentage),
            }
            compared += 1;
        }
    }
    assert_eq!(compared + hidden, tables.rows.len());
    assert!(hidden > 0 && compared > 250, "{compared} and {hidden} hidden");
}

/// What people may write to make a spreadsheet do something, or a reader of XML stumble.
#[test]
fn what_people_write_stays_text() {
    let folder = Folder::small();
    folder.edit("study.toml", "[table]", "[quotes]\nshow = \"full\"\n\n[table]");
    let long = format!("補助金がほしい。{}", "長".repeat(50_000));
    let answers = [
        "=HYPERLINK(\"http://example.invalid\",\"補助金がほしい\")",
        "+補助金",
        "-補助金",
        "@補助金",
        "補助金",
        "<b>補助金</b> & 研修 \u{202e}\u{1f600}",
        "  補助金\n研修  ",
        "補助金_x0041_",
        "補助金\u{1}と\u{1f}研修",
        &long,
    ];
    let mut table = "回答者ID,施設種別,Q1\n".to_owned();
    for (at, answer) in answers.iter().enumerate() {
        table.push_str(&format!("=A{at},病院,\"{}\"\n", answer.replace('"', "\"\"")));
    }
    folder.write("responses.csv", table);
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let codings = csv(&folder, "out/codings.csv");
    let mut book = open(&folder, "out");
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).expect("a sheet");
        assert!(formulas.used_cells().next().is_none(), "{name} has a formula");
    }
    let range = book.worksheet_range("コーディング").expect("the sheet");
    assert_eq!(range.height(), codings.rows.len() + 1);
    let mut seen = 0;
    for (at, row) in codings.records().enumerate() {
        let id = row["respondent_id"].trim_start_matches('\'').to_owned();
        assert_eq!([text(&range, at + 1, 0), text(&range, at + 1, 3)], [id.clone(), row["code"].to_owned()]);
        let answer = answers[id[2..].parse::<usize>().expect("a place")];
        let written = text(&range, at + 1, range.width() - 1);
        if answer.len() < 32_767 {
            assert_eq!(written, answer, "{id}");
        } else {
            assert!(written.encode_utf16().count() <= 32_767);
            let (words, told) = written.rsplit_once('…').expect("it is told that there is more");
            assert!(answer.starts_with(words) && words.chars().count() > 32_000);
            assert!(told.contains("全文は回答のファイルと report.html にあります"), "{told}");
        }
        seen += 1;
    }
    assert!(seen >= answers.len());
}

/// A sheet with all codings of a large study would be slow to open; it says where they are.
#[test]
fn the_sheet_of_codings_ends_where_nobody_reads_on() {
    let folder = Folder::small();
    let row = |at: usize| format!("{at},病院,{}\n", ["研修に補助金を", "補助金がほしい"][at / 5_001]);
    for (answers, codings) in [(5_000, 10_000), (5_002, 10_003)] {
        let rows: String = (0..answers).map(row).collect();
        folder.write("responses.csv", format!("回答者ID,施設種別,Q1\n{rows}"));
        folder.run_well(&["run", "study.toml", "--quiet"]);
        assert_eq!(csv(&folder, "out/codings.csv").rows.len(), codings);
        let range = open(&folder, "out").worksheet_range("コーディング").expect("the sheet");
        assert_eq!([text(&range, 10_000, 0), text(&range, 10_000, 3)], ["4999", "training"]);
        let end = if codings > 10_000 {
            "ここまで 10000 行。これより後は codings.csv にあります。"
        } else {
            ""
        };
        assert_eq!((text(&range, 10_001, 0).as_str(), range.get((10_002, 0))), (end, None));
    }
}

/// The words that gave a code are bold in the answer, and there is a chart a question.
#[test]
fn evidence_is_marked_and_charts_are_drawn() {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let bytes = std::fs::read(folder.path("out/themes.xlsx")).expect("a workbook");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut part = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).expect("a part").read_to_string(&mut text).expect("XML");
        text
    };
    let strings = part("xl/sharedStrings.xml");
    assert!(strings.contains("<b/>") && strings.contains(">補助金</t>"), "{strings}");
    let chart = part("xl/charts/chart1.xml");
    assert!(chart.contains("barDir val=\"bar\"") && chart.contains("'Q1'!$"), "{chart}");
    assert!(chart.contains("病院(n=2**)"), "the heading is the series' name");
}
