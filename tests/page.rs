//! `report.html`: one file, the numbers of the others, and what people wrote as text.

mod common;

use std::collections::BTreeMap;

use common::{Csv, Folder, HtmlTable, html_tables};

/// What is said of a theme in a group: count, base, percentage, interval.
type Numbers = BTreeMap<(String, String, String), [String; 5]>;

fn file(folder: &Folder, name: &str) -> Csv {
    Csv::parse(&std::fs::read(folder.path(name)).expect("a file"))
}

fn of_csv(folder: &Folder) -> Numbers {
    let themes = file(folder, "data/out/themes.csv");
    let row = |row: common::Record<'_>| {
        let key = [&row["question"], &row["label"], &row["group"]].map(str::to_owned);
        (key.into(), ["count", "base", "percent", "ci_low", "ci_high"].map(|name| row[name].to_owned()))
    };
    themes.records().map(row).collect()
}

/// The numbers in the page's tables of all groups: `11/37 29.7% [17.5–45.8]`.
fn of_page(tables: &[HtmlTable], lang: &str, caption: &str) -> Numbers {
    let own = tables.iter().filter(|table| table.lang == lang && table.caption.ends_with(caption));
    let mut numbers = Numbers::new();
    for table in own {
        let question = table.caption.split_whitespace().next().expect("a question").to_owned();
        for row in &table.rows {
            for (cell, group) in row.iter().zip(&table.header).skip(1) {
                let group = group.split("(n=").next().expect("a group").to_owned();
                let parts: Vec<&str> = cell.split(['/', ' ', '–']).collect();
                let [count, base, percent, low, high] = parts[..] else { panic!("{cell}") };
                let own = [count, base, percent, low, high].map(|part| part.trim_matches(['%', '[', ']']).to_owned());
                numbers.insert((question.clone(), row[0].clone(), group), own);
            }
        }
    }
    numbers
}

#[test]
fn it_holds_the_numbers_of_themes_csv_in_both_languages() {
    let folder = Folder::sample();
    for (lang, caption) in [("ja", "すべての群の数値"), ("en", "Numbers of all groups")] {
        folder.run_well(&["run", "data/study.toml", "--quiet", "--lang", lang]);
        let themes = of_csv(&folder);
        assert!(themes.len() > 300);
        let html = folder.text("data/out/report.html");
        let tables = html_tables(&html);
        assert_eq!(of_page(&tables, lang, caption), themes, "every theme in every group");

        // The table that the study shows, and the bars.
        let mut compared = 0;
        let of_themes = |table: &&HtmlTable| {
            table.lang == lang && ["Q1  国政", "Q2  日本"].iter().any(|title| table.caption.starts_with(title))
        };
        for table in tables.iter().filter(of_themes) {
            let question = table.caption[..2].to_owned();
            let total = if lang == "ja" { "全体" } else { "Total" };
            for row in &table.rows {
                for (group, cells) in [total, "医師会病院", "健セ・検セ・複合体"].iter().zip(row[1..].chunks(2))
                {
                    let [count, base, percent, ..] = &themes[&(question.clone(), row[0].clone(), (*group).to_owned())];
                    assert_eq!(cells, [count.clone(), percent.clone()]);
                    let drawn = *group != total && count != "0";
                    assert!(
                        !drawn
                            || html.contains(
                                &format!(">{count}/{base}  {percent}%</text>")
                                    .replace('/', "&#x2f;")
                                    .replace("<&#x2f;", "</")
                            ),
                        "{row:?}"
                    );
                    compared += 1;
                }
            }
        }
        assert!(compared > 150);
    }
}

/// Of each theme its table of who says it, and its stances, are counted from the codings.
#[test]
fn themes_say_who_and_how() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let themes = of_csv(&folder);
    let html = folder.text("data/out/report.html");
    let tables = html_tables(&html);
    let mut compared = 0;
    for theme in html.split("<details class=\"theme\"").skip(1) {
        let label = common::text_of(
            theme.split("<strong>").nth(1).and_then(|rest| rest.split("</strong>").next()).expect("a name"),
        );
        let Some(who) = html_tables(theme.split("</details>").next().expect("a theme")).into_iter().next() else {
            continue;
        };
        for row in &who.rows {
            for (cell, question) in row[1..].iter().zip(["Q1", "Q2"]) {
                let group = if row[0].starts_with("全体") { "全体" } else { &row[0] };
                let of = themes
                    .iter()
                    .find(|((at, name, own), _)| at == question && label.starts_with(name.as_str()) && own == group);
                let (_, [count, base, percent, low, high]) = of.expect("the theme in the group");
                assert_eq!(*cell, format!("{count}/{base} {percent}% [{low}–{high}]"), "{label}");
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "{compared}");

    let codings = file(&folder, "data/out/codings.csv");
    let stances = tables.iter().find(|table| table.caption == "Q2  テーマと立場").expect("the table");
    let names = [("request", "要望"), ("concern", "不満・懸念")];
    for (id, name) in names {
        let at = stances.header.iter().position(|title| title == name).expect("the stance");
        let sum: usize = stances.rows.iter().map(|row| row[at].parse::<usize>().expect("a count")).sum();
        let coded = codings.records().filter(|row| &row["question"] == "Q2" && &row["stance"] == id).count();
        assert_eq!(sum, coded, "{name}");
    }
}

/// Themes of the same people, counted once more from the matrix.
#[test]
fn themes_given_together_are_counted() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let tables = html_tables(&folder.text("data/out/report.html"));
    let together = tables.iter().find(|table| table.caption == "Q1  同じ人が挙げたテーマ").expect("the table");
    let matrix = file(&folder, "data/out/matrix.csv");
    let themes = file(&folder, "data/out/themes.csv");
    let id =
        |label: &str| themes.records().find(|row| &row["label"] == label).expect("a theme").cell("code").to_owned();
    for row in &together.rows {
        let (one, other) = row[0].split_once(" × ").expect("two themes");
        let (one, other) = (id(one), id(other));
        let count = |holds: &dyn Fn(&common::Record<'_>) -> bool| {
            matrix.records().filter(|row| &row["question"] == "Q1" && holds(row)).count().to_string()
        };
        let expected = [
            count(&|row| &row[&one] == "1" && &row[&other] == "1"),
            count(&|row| &row[&one] == "1"),
            count(&|row| &row[&other] == "1"),
            count(&|row| &row[&one] == "1" || &row[&other] == "1"),
        ];
        assert_eq!(row[1..], expected, "{}", row[0]);
    }
    let both: Vec<u64> = together.rows.iter().map(|row| row[1].parse().expect("a count")).collect();
    assert!(both.len() == 20 && both.is_sorted_by(|one, other| one >= other) && both[19] >= 1, "{both:?}");
}

/// The page, the summary and the manifest show what `audit` finds.
#[test]
fn agreement_is_that_of_the_audit() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let (html, summary) = (folder.text("data/out/report.html"), folder.text("data/out/summary.md"));
    let manifest: serde_json::Value = serde_json::from_str(&folder.text("data/out/manifest.json")).expect("JSON");
    let args = [
        "audit",
        "data/codings_a.csv",
        "data/codings_b.csv",
        "--study",
        "data/study.toml",
        "--bootstrap",
        "500",
        "--format",
        "csv",
    ];
    let audit = Csv::parse(folder.run_well(&args).stdout.as_bytes());
    let value = |level: &str, name: &str, measure: &str| {
        let row = audit.records().find(|row| {
            [&row["coders"], &row["level"], &row["name"], &row["measure"]] == ["a|b", level, name, measure]
        });
        row.unwrap_or_else(|| panic!("{level} {name} {measure}")).cell("value").parse::<f64>().ok()
    };
    let tables = html_tables(&html);
    let codes = tables.iter().find(|table| table.caption == "コードごとの一致").expect("the table");
    let row = codes.rows.iter().find(|row| row[0] == "ベンダー・製品").expect("the code");
    let number = |measure: &str| value("code", "vendor", measure).expect("a value");
    assert_eq!(row[1..3], ["9", "16"]);
    assert_eq!(row[8], format!("{:.3}", number("kappa")));
    assert_eq!(row[9], format!("{:.3}", number("ac1")));
    let [alpha, low, high] = ["alpha", "alpha_boot_lo", "alpha_boot_hi"].map(number);
    assert_eq!(row[10], format!("{alpha:.3} [{low:.2}, {high:.2}]"));
    let own = &manifest["agreement"]["codes"]["vendor"];
    assert_eq!([own["alpha"].as_f64(), own["alpha_boot_lo"].as_f64()], [Some(alpha), Some(low)]);
    assert_eq!(manifest["agreement"]["files"][1]["file"], "codings_b.csv");
    let masi = value("sets", "", "alpha_masi").expect("a value");
    for text in [&html, &summary] {
        assert!(text.contains(&format!("{masi:.3}")), "{masi}");
    }
    assert!(tables.iter().any(|table| table.caption == "2人ずつの一致" && table.rows.len() == 3));
    assert!(summary.contains("## コーダー間の一致"));
    // Without the section nothing is said of it.
    let study = folder.text("data/study.toml");
    folder.write("data/study.toml", study.split("[agreement]").next().expect("a study"));
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    assert!(!folder.text("data/out/report.html").contains("コードごとの一致"));
    assert!(!folder.text("data/out/summary.md").contains("コーダー間の一致"));
}

/// Ten thousand answers: the page stays small, and what it leaves out is drawn and told.
#[test]
fn large_studies_make_a_page_that_opens() {
    let folder = Folder::sample();
    let sample = file(&folder, "data/responses.csv");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&sample.header).expect("written");
    let id = sample.column("回答者ID");
    for at in 0..5_000 {
        let mut row = sample.rows[at % sample.rows.len()].clone();
        row[id] = format!("P{at:05}");
        writer.write_record(&row).expect("written");
    }
    folder.write("data/responses.csv", writer.into_inner().expect("bytes"));
    let study = folder.text("data/study.toml");
    folder.write(
        "data/study.toml",
        study.split("[agreement]").next().expect("a study").replace("population", "# population"),
    );
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let html = folder.text("data/out/report.html");
    assert!(html.len() < 15_000_000, "{} bytes", html.len());
    let subsidy = html
        .split("id=\"theme-funding.subsidy\"")
        .nth(1)
        .and_then(|rest| rest.split("</details>").next())
        .expect("a theme");
    let quotes = subsidy.split("<ul class=\"quotes all").nth(1).expect("its answers");
    assert_eq!(quotes.matches("<li ").count(), 200);
    assert!(subsidy.contains("件のうち 200 件"));
    // They are drawn from all, not the first.
    assert!(quotes.matches(" · ").count() > 400 && quotes.contains(">P04") && quotes.contains(">P00"));
    let codings = file(&folder, "data/out/codings.csv");
    let all = codings.records().filter(|row| &row["code"] == "funding.subsidy").count();
    assert!(all > 500 && subsidy.contains(&format!("回答（{all} 件のうち")), "{all}");
}

#[test]
fn it_needs_no_other_file() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let html = folder.text("data/out/report.html");
    for word in ["http://", "https://", "src=", "<link", "@import", "url("] {
        assert!(!html.contains(word), "{word}");
    }
    assert_eq!(html.matches("<svg").count(), 4, "themes, and the parts of the net, of two questions");
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
    assert!(
        html.contains("<bdi dir=\"auto\" lang=\"ja-JP\">\u{202e}<mark>"),
        "marks of direction end with their answer"
    );
    assert!(html.contains(&"長".repeat(50_000)));
}
