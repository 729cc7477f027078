//! Contradictions inside one answer: those that the codebook declares, and no others.

mod common;
mod machine;

use aftercode::coding::{Conflict, Machine};
use common::{Csv, Folder};

const CODEBOOK: &str = r#"[codebook]
id = "contradictions"
version = "1"

[[axis]]
id = "theme"
[[axis]]
id = "stance"
qualifies = "theme"
order = ["reject", "request", "approve"]

[[code]]
id = "more"
axis = "theme"
label = "増やす"
contradicts = ["fewer"]
rule = "増やす"

[[code]]
id = "fewer"
axis = "theme"
label = "減らす"
rule = "減らす"

[[code]]
id = "training"
axis = "theme"
label = "研修"
rule = "研修 | 講習"

[[code]]
id = "reject"
axis = "stance"
label = "反対"
unit = "clause"
rule = "不要"

[[code]]
id = "request"
axis = "stance"
label = "要望"
unit = "sentence"
contradicts = ["reject", "none"]
rule = "ほしい"

[[code]]
id = "approve"
axis = "stance"
label = "賛成"
unit = "clause"
rule = "賛成"
"#;

/// The contradictions of an answer as ids and words.
fn conflicts(machine: &Machine, answer: &str) -> Vec<String> {
    let coded = machine.worker().code(answer, &[], Some("request")).unwrap();
    let id = |code: usize| machine.codebook().codes[code].id.as_str();
    let told = coded.conflicts.iter().map(|conflict| match conflict {
        Conflict::Codes([a, b]) => format!("{} {}", id(*a), id(*b)),
        Conflict::Stances { code, stances: [a, b], evidence } => {
            let words: Vec<&str> = evidence.iter().map(|span| span.of(answer)).collect();
            format!("{} {} {}: {}", id(*code), id(*a), id(*b), words.join(","))
        }
        Conflict::Reserved { reserved, code, sentence } => {
            format!("{} {}: {}", machine.codebook().reserved[*reserved].id, id(*code), sentence.of(answer))
        }
    });
    told.collect()
}

#[test]
fn what_is_declared_contradicts_and_nothing_else() {
    let machine = machine::machine(CODEBOOK);
    for (answer, expected) in [
        // Two codes; declared on one of them.
        ("人を増やす。紙を減らす。", vec!["more fewer"]),
        ("人を増やす。研修に賛成。", vec![]),
        // Two stances of one theme in two clauses.
        ("研修は不要です。でも講習はほしい。", vec!["training reject request: 研修,不要,講習,ほしい"]),
        ("講習はほしいが、研修は不要", vec!["training request reject: 講習,ほしい,研修,不要"]),
        // The stance stands in the clause behind the second mention.
        ("研修は不要。講習は、近いので、月1回ほしい", vec!["training reject request: 研修,不要,講習,ほしい"]),
        // The same clause, other themes, other stances, one mention.
        ("研修は不要なのがほしい", vec![]),
        ("研修は不要。人を増やすのがほしい", vec![]),
        ("研修に賛成。講習がほしい。", vec![]),
        ("研修は不要だが、月1回ほしい", vec![]),
        // The stance of one mention must not be that of another, though its unit is the sentence.
        ("講習もあるが、研修は不要", vec![]),
        // A sentence that says there is nothing to say.
        ("特にありません。研修がほしい。", vec!["none request: 特にありません。"]),
        ("研修がほしい\n　特になし", vec!["none request: 特になし"]),
        ("研修", vec![]),
        ("特になし", vec![]),
        ("特になし。研修に賛成", vec![]),
        ("特にないが、研修がほしい", vec![]),
        // Courtesies and marks are no contradiction.
        ("研修がほしいです。よろしくお願いします。", vec![]),
        ("お世話になっております。研修がほしい。", vec![]),
        ("よくわかりません。研修がほしい。", vec![]),
        ("・\n研修がほしい\n-", vec![]),
    ] {
        assert_eq!(conflicts(&machine, answer), expected, "{answer}");
    }
}

#[test]
fn contradictions_are_listed_for_review_and_explained() {
    let folder = Folder::small();
    folder.write("codebook.toml", CODEBOOK);
    folder.write(
        "responses.csv",
        "回答者ID,施設種別,Q1\nA1,病院,人を増やす。紙を減らす。\nA2,診療所,研修は不要です。でも講習はほしい。\nA3,病院,特になし。研修がほしい。\n",
    );
    let run = folder.run_well(&["run", "study.toml"]);
    assert!(
        run.stdout.contains("要確認の回答（review.csv）: 3件。示唆 0件・コードなし 0件・矛盾 3件"),
        "{}",
        run.stdout
    );
    let review = Csv::parse(&folder.files_in("out")["review.csv"]);
    let rows: Vec<String> = review.rows.iter().map(|row| row.join(",")).collect();
    assert_eq!(
        rows,
        [
            "A1,Q1,more,conflict,2,5,増やす",
            "A1,Q1,fewer,conflict,8,11,減らす",
            "A2,Q1,training,conflict,0;3;10;13,2;5;12;16,研修;不要;講習;ほしい",
            "A3,Q1,none,conflict,0,5,特になし。",
        ]
    );
    for (respondent, expected) in [
        ("A1", "増やす (more) と 減らす (fewer) がともに付いています。"),
        ("A2", "研修 (training) が節によって 反対 (reject) と 要望 (request) です: 「研修」「不要」「講習」「ほしい」"),
        ("A3", "「特になし。」 の文だけなら 特になし (none) ですが、要望 (request) があります。"),
    ] {
        let page = folder.run_well(&["explain", "study.toml", respondent]).stdout;
        assert!(page.contains(expected), "{page}");
        assert!(
            folder.run_well(&["explain", "study.toml", respondent, "--format", "json"]).stdout.contains("\"kind\"")
        );
    }
}

#[test]
fn a_contradiction_with_what_does_not_exist_is_an_error() {
    let folder = Folder::small();
    for (wrong, hint) in [("fewre", "「fewer」のことでしょうか。"), ("reject", ""), ("more", "")] {
        folder.write(
            "codebook.toml",
            CODEBOOK.replace("contradicts = [\"fewer\"]", &format!("contradicts = [\"{wrong}\"]")),
        );
        let run = folder.run(&["run", "study.toml"]);
        assert_eq!(run.status, 2, "{wrong}");
        let message = format!("contradicts の「{wrong}」は、軸 theme のほかのコードでも予約コードでもありません。");
        assert!(run.stderr.contains(&message) && run.stderr.contains("codebook.toml 16行"), "{}", run.stderr);
        assert!(run.stderr.contains(hint), "{}", run.stderr);
    }
}
