//! `summary.md` says what the files say, and nothing else.

mod common;

use common::{Csv, Folder};

fn summary(lang: &str) -> (Folder, String) {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet", "--lang", lang]);
    let text = folder.text("data/out/summary.md");
    (folder, text)
}

#[test]
fn themes_stand_with_their_numbers_most_frequent_first() {
    let (folder, text) = summary("ja");
    let themes = Csv::parse(&std::fs::read(folder.path("data/out/themes.csv")).unwrap());
    let sections: Vec<&str> = text.split("\n## ").collect();
    let mut seen = 0;
    for (question, section) in [("Q1", sections[1]), ("Q2", sections[2])] {
        assert!(section.starts_with(question));
        for row in themes.records().filter(|row| &row["question"] == question && &row["group"] == "全体") {
            let [label, count, base, percent, low, high] =
                ["label", "count", "base", "percent", "ci_low", "ci_high"].map(|name| row.cell(name));
            let said = format!("{label}: {count}人／{base}人（{percent}%、95%区間 {low}–{high}%）");
            assert_eq!(section.contains(&said), count != "0", "{said}");
            seen += 1;
        }
        let ranked = section.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let counts: Vec<u64> =
            ranked.map(|line| line.split(": ").nth(1).unwrap().split('人').next().unwrap().parse().unwrap()).collect();
        assert!(counts.len() > 10 && counts.is_sorted_by(|one, two| one >= two), "{counts:?}");
    }
    assert!(seen > 50);
}

#[test]
fn only_differences_that_the_adjusted_tests_bear_out_are_told() {
    let (folder, text) = summary("en");
    let tests = Csv::parse(&std::fs::read(folder.path("data/out/tests.csv")).unwrap());
    let adjusted = tests.records().filter(|row| !row["p_adjusted"].is_empty());
    let significant = adjusted.filter(|row| row["p_adjusted"].parse::<f64>().unwrap() < 0.05).count();
    assert_eq!(text.matches(", Holm)\n").count(), significant);
    assert!(text.contains("This does not show that there is no difference.") || significant > 0);
}

/// A group that differs beyond doubt, and answers that are Markdown.
#[test]
fn a_difference_is_told_and_quotations_are_taken_literally() {
    let folder = Folder::small();
    let mut answers = "回答者ID,施設種別,Q1\n".to_owned();
    for at in 0..40 {
        answers.push_str(&format!("A{at},病院,**補助金** <script>がほしい\nB{at},診療所,研修\n"));
    }
    folder.write("responses.csv", answers);
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let text = folder.text("out/summary.md");
    assert!(text.contains("補助金: 病院 40/40 (100.0%)、診療所 0/40 (0.0%)。差 100.0 ポイント"), "{text}");
    assert!(text.contains(r"補助金（典型）: 「\*\*補助金\*\* \<script\>がほしい」（A"), "{text}");
    assert!(!text.contains("（異なる例）"), "nobody said it otherwise");
    assert_eq!(text.matches("<script").count(), text.matches(r"\<script").count());
}
