//! `report.html`: one file, the numbers of the others, and what people wrote as text.

mod common;

use common::{Csv, Folder};

/// The table under a caption: cells of each row, as text.
fn table(html: &str, caption: &str) -> Vec<Vec<String>> {
    let from = html.find(&format!("<caption>{caption}</caption>")).unwrap_or_else(|| panic!("no table {caption}"));
    let body = html[from..].split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).expect("a body");
    let cells = |row: &str| {
        let cells =
            row.split("</t").filter_map(|cell| cell.rsplit_once('>').map(|(_, text)| text.replace("&#x2f;", "/")));
        cells.filter(|cell| !cell.trim().is_empty()).collect::<Vec<_>>()
    };
    body.split("<tr").skip(1).map(cells).collect()
}

#[test]
fn it_holds_the_numbers_of_themes_csv_in_both_languages() {
    let folder = Folder::sample();
    for lang in ["ja", "en"] {
        folder.run_well(&["run", "data/study.toml", "--quiet", "--lang", lang]);
        let html = folder.text("data/out/report.html").replace("&#x2f;", "/").replace("&#x27;", "'");
        let themes = Csv::parse(&std::fs::read(folder.path("data/out/themes.csv")).expect("a file"));
        for (question, caption) in
            [("Q1", "Q1  国政や自治体行政への要望"), ("Q2", "Q2  日本医師会と都道府県・郡市区医師会への期待")]
        {
            let block = html
                .split(&format!("<div class=\"scroll\" lang=\"{lang}\">"))
                .find(|block| block.starts_with(&format!("<table>\n<caption>{caption}</caption>")));
            let rows = table(block.expect("a table in this language"), caption);
            let groups = ["全体", "Total", "医師会病院", "健セ・検セ・複合体"];
            let own: Vec<_> = themes
                .records()
                .filter(|row| &row["question"] == question && groups.contains(&&row["group"]))
                .collect();
            assert_eq!(own.len(), 3 * rows.len());
            for (cells, of) in rows.iter().zip(own.chunks(3)) {
                let mut expected = vec![of[0]["label"].to_owned()];
                for row in of {
                    expected.extend([row["count"].to_owned(), row["percent"].to_owned()]);
                }
                assert_eq!(*cells, expected);
            }
            // Each bar says its numbers.
            for row in own.iter().filter(|row| &row["level"] == "net" && row["group"].starts_with('医')) {
                let said = format!("{}/{}  {}%", &row["count"], &row["base"], &row["percent"]);
                assert!(row.number("count") == 0 || html.contains(&said), "{said}");
            }
        }
    }
}

#[test]
fn it_needs_no_other_file() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let html = folder.text("data/out/report.html");
    for word in ["http://", "https://", "src=", "<link", "@import", "url("] {
        assert!(!html.contains(word), "{word}");
    }
    assert_eq!(html.matches("<svg").count(), 2);
    assert_eq!(html.matches("<h1").count(), 1);
    for id in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
}

#[test]
fn what_people_write_stays_text() {
    let folder = Folder::small();
    let long = format!("研修{}", "長".repeat(50_000));
    folder.write(
        "responses.csv",
        format!(
            "回答者ID,施設種別,Q1\n<i>1,病院,</script><script>alert(1)</script>補助金\n2,病院,\"=HYPERLINK(\"\"x\"\")研修\"\n3,診療所,\u{202e}研修がほしい\n4,診療所,{long}\n5,診療所,\"\"\" onclick=\"\"x\"\"天気\"\n"
        ),
    );
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let html = folder.text("out/report.html");
    assert_eq!(html.matches("<script>").count(), 1, "its own");
    assert!(html.contains("&lt;/script&gt;") || html.contains("&lt;&#x2f;script&gt;"));
    assert!(!html.contains("<i>1") && html.contains("&lt;i&gt;1"));
    assert!(!html.contains("\" onclick="), "no value leaves its place");
    assert!(html.contains("<mark>補助金</mark>") && html.contains("<mark>研修</mark>"));
    assert!(html.contains("<bdi dir=\"auto\">\u{202e}<mark>"), "marks of direction end with their answer");
    assert!(html.contains(&"長".repeat(50_000)));
}
