//! `diff`: what changed between two folders of results, checked against a comparison of
//! the CSV files by brute force.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Csv, Folder};
use serde_json::Value;

const BOOK: &str = "codebooks/medical-cybersecurity.toml";

fn json(folder: &Folder, args: &[&str]) -> Value {
    let run = folder.run_well(&[&["diff"], args, &["--format", "json"]].concat());
    serde_json::from_str(&run.stdout).unwrap()
}

fn csv(folder: &Folder, name: &str) -> Csv {
    Csv::parse(&std::fs::read(folder.path(name)).unwrap())
}

type Codes = BTreeMap<(String, String), BTreeSet<(String, String)>>;

/// Code and stance of each answer.
fn codes(folder: &Folder, name: &str) -> Codes {
    let mut codes = Codes::new();
    for row in csv(folder, &format!("{name}/codings.csv")).records() {
        let answer = (row["respondent_id"].to_owned(), row["question"].to_owned());
        codes.entry(answer).or_default().insert((row["code"].to_owned(), row["stance"].to_owned()));
    }
    codes
}

/// Answers whose codes or stances differ, found the plain way.
fn brute_force(folder: &Folder) -> Codes {
    let (before, after) = (codes(folder, "before"), codes(folder, "after"));
    let empty = BTreeSet::new();
    let mut differing = Codes::new();
    for answer in before.keys().chain(after.keys()) {
        let (one, other) = (before.get(answer).unwrap_or(&empty), after.get(answer).unwrap_or(&empty));
        if one != other {
            let codes = one.symmetric_difference(other).cloned().collect();
            differing.insert(answer.clone(), codes);
        }
    }
    differing
}

/// The same, as `diff` tells it.
fn told(diff: &Value) -> Codes {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut told = Codes::new();
    for answer in diff["answers"]["answers"].as_array().unwrap() {
        let codes = answer["codes"].as_array().unwrap().iter().flat_map(|code| {
            let given = [&code["before"], &code["after"]].into_iter().filter(|given| !given.is_null());
            given.map(|given| (text(&code["code"]), text(&given["stance"]))).collect::<Vec<_>>()
        });
        let key = (text(&answer["respondent_id"]), text(&answer["question"]));
        assert!(told.insert(key, codes.collect()).is_none(), "an answer stands once");
    }
    told
}

fn assert_agrees(folder: &Folder) -> Value {
    let diff = json(folder, &["before", "after"]);
    assert_eq!(told(&diff), brute_force(folder));
    assert_eq!(diff["answers"]["changed"], diff["answers"]["answers"].as_array().unwrap().len());
    diff
}

#[test]
fn a_folder_does_not_differ_from_itself() {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet"]);
    assert_eq!(folder.run_well(&["diff", "out", "out"]).stdout, "out → out\n違いはありません。\n");
    assert_eq!(json(&folder, &["out", "out"])["different"], false);
}

/// Changing one rule names exactly the answers that changed, with their texts.
#[test]
fn one_changed_rule_names_exactly_the_answers_that_changed() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet", "--out", "before"]);
    let book = folder.text(BOOK);
    let at = book.find("id = \"training\"").unwrap();
    let rule = at + book[at..].find("\nrule = ").unwrap() + 1;
    // A rule that other answers meet, in place of the real one.
    let end = rule + book[rule..].find("\n\n").unwrap().min(book[rule..].find("\nexcept").unwrap_or(usize::MAX));
    folder.write(BOOK, format!("{}rule = \"研修 | 人材 | 相談\"{}", &book[..rule], &book[end..]));
    folder.run_well(&["run", "data/study.toml", "--quiet", "--out", "after"]);
    let diff = assert_agrees(&folder);
    assert!(diff["answers"]["changed"].as_u64().unwrap() > 5, "the case must have something to find");

    let answers = csv(&folder, "data/responses.csv");
    for answer in diff["answers"]["answers"].as_array().unwrap() {
        let row = answers.records().find(|row| row["回答者ID"] == *answer["respondent_id"].as_str().unwrap()).unwrap();
        let text = row[answer["question"].as_str().unwrap()].replace("\r\n", "\n");
        assert_eq!(answer["text"].as_str(), Some(text.as_str()));
        for code in answer["codes"].as_array().unwrap() {
            for given in [&code["before"], &code["after"]].into_iter().filter(|given| !given.is_null()) {
                let words = given["evidence"].as_str().unwrap();
                assert!(words.split(';').all(|word| text.contains(word)), "{words} in {text}");
            }
        }
    }
    let keys: Vec<&str> = diff["decided"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["codebook.sha256"]);
    assert_eq!(diff["codebook"]["codes"][0]["id"], "training");
    assert_eq!(diff["codebook"]["codes"].as_array().unwrap().len(), 1);
    assert_cells(&folder, &diff);
    assert_significance(&folder, &diff);
}

/// Every cell that differs, and no other, with count, base and percentage.
fn assert_cells(folder: &Folder, diff: &Value) {
    let cells = |name: &str| {
        let mut cells = BTreeMap::new();
        for (file, table) in [("themes.csv", None), ("tables.csv", Some("table"))] {
            for row in csv(folder, &format!("{name}/{file}")).records() {
                let table = table.map_or("", |table| row.cell(table));
                let key = [table, &row["question"], &row["code"], &row["group_by"], &row["group"]].map(str::to_owned);
                let numbers = ["count", "base", "percent"].map(|name| row[name].to_owned());
                assert!(cells.insert(key, numbers).is_none());
            }
        }
        cells
    };
    let (before, after) = (cells("before"), cells("after"));
    let expected: BTreeMap<_, _> = before.iter().filter(|(key, cell)| after[*key] != **cell).collect();
    assert!(before.len() == after.len() && !expected.is_empty());
    let told = diff["cells"].as_array().unwrap();
    assert_eq!(told.len(), expected.len());
    for cell in told {
        let key =
            ["table", "question", "code", "group_by", "group"].map(|name| cell[name].as_str().unwrap().to_owned());
        let numbers = |side: &str| {
            let number = |name: &str| cell[side][name].to_string();
            let percent = cell[side]["percent"].as_f64().unwrap();
            [number("count"), number("base"), format!("{percent:.1}")]
        };
        assert_eq!((numbers("before"), numbers("after")), (before[&key].clone(), after[&key].clone()));
    }
}

fn assert_significance(folder: &Folder, diff: &Value) {
    let significant = |name: &str| {
        let mut found = BTreeSet::new();
        for file in ["tests.csv", "table_tests.csv"] {
            for row in csv(folder, &format!("{name}/{file}")).records() {
                if !row["p_adjusted"].is_empty() && row["p_adjusted"].parse::<f64>().unwrap() < 0.05 {
                    found.insert(["question", "code", "group_by", "test"].map(|name| row[name].to_owned()));
                }
            }
        }
        found
    };
    let (before, after) = (significant("before"), significant("after"));
    let expected: BTreeSet<_> = before.symmetric_difference(&after).cloned().collect();
    let told = diff["significance"].as_array().unwrap().iter();
    let told: BTreeSet<_> = told
        .map(|test| ["question", "code", "group_by", "test"].map(|name| test[name].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(told, expected);
}

/// A study in which a group differs from the other as soon as a code holds.
fn tested() -> Folder {
    let folder = Folder::small();
    let mut answers = "回答者ID,施設種別,Q1\n".to_owned();
    for at in 0..24 {
        let (group, text) =
            if at % 2 == 0 { ("病院", "講習がほしい") } else { ("診療所", "補助金がほしい") };
        answers.push_str(&format!("A{at:02},{group},{text}\n"));
    }
    folder.write("responses.csv", answers);
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "before"]);
    folder
}

#[test]
fn significance_that_appears_and_vanishes_is_told() {
    let folder = tested();
    folder.edit("codebook.toml", "rule = \"研修\"", "rule = \"研修 | 講習\"");
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "after"]);
    let diff = assert_agrees(&folder);
    assert_significance_of_training(&diff, true);
    assert_significance_of_training(&json(&folder, &["after", "before"]), false);
    let text = folder.run_well(&["diff", "before", "after"]).stdout;
    assert!(text.contains("\n  + Q1 training 施設種別"), "{text}");
    assert!(text.contains("\n  A00 Q1 「講習がほしい」\n      + training 研修 「講習」 request\n"), "{text}");
    assert!(text.contains("  Q1 training 研修\n      全体            0/24 0.0% → 12/24 50.0%\n"), "{text}");
    assert!(text.contains("rule: 研修 → 研修 | 講習"), "{text}");
}

fn assert_significance_of_training(diff: &Value, appeared: bool) {
    let tests: Vec<&Value> = diff["significance"].as_array().unwrap().iter().collect();
    assert!(tests.iter().any(|test| test["code"] == "training"));
    assert!(tests.iter().all(|test| test["significant"] == appeared), "{tests:?}");
}

#[test]
fn changed_answers_new_and_lost_respondents_are_told() {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "before"]);
    folder.write(
        "responses.csv",
        "回答者ID,施設種別,Q1\nA2,診療所,補助金の予算が足りない\nA3,病院,\n=B1,病院,研修がほしい\n",
    );
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "after"]);
    let diff = json(&folder, &["before", "after"]);
    // The formula of an id is neutralized in both files that the brute force reads.
    let expected: Codes = brute_force(&folder)
        .into_iter()
        .map(|((id, q), codes)| ((id.trim_start_matches('\'').to_owned(), q), codes))
        .collect();
    assert_eq!(told(&diff), expected);
    let answers = &diff["answers"];
    assert_eq!([&answers["compared"], &answers["only_before"], &answers["only_after"]], [2, 1, 1]);
    let places: Vec<_> = answers["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["respondent_id"], &one["in"], &one["text"]))
        .collect();
    let expected = [
        ("=B1", "after", "研修がほしい"),
        ("A2", "both", "補助金の予算が足りない"),
        ("A1", "before", "補助金がほしい"),
    ];
    assert_eq!(places.len(), 3);
    for ((id, presence, text), expected) in places.into_iter().zip(expected) {
        assert_eq!(
            (id.as_str(), presence.as_str(), text.as_str()),
            (Some(expected.0), Some(expected.1), Some(expected.2))
        );
    }
    let text = folder.run_well(&["diff", "before", "after", "--lang", "en"]).stdout;
    assert!(text.contains("Answers in one folder only: 1 before, 1 after"), "{text}");
}

/// A code that was only renamed changes no answer.
#[test]
fn a_renamed_code_is_no_change_of_answers() {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "before"]);
    folder.edit("codebook.toml", "id = \"training\"", "id = \"teaching\"\nreplaces = [\"training\"]");
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "after"]);
    let diff = json(&folder, &["before", "after"]);
    assert_eq!(diff["codebook"]["codes"][0]["change"], "renamed");
    assert_eq!(diff["answers"]["changed"], 0);
    assert_eq!(diff["cells"], Value::Array(Vec::new()));
    assert_eq!(diff["different"], true);
}

/// The language and form of files are no difference of codes and cells.
#[test]
fn other_languages_and_forms_compare() {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "before"]);
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "after", "--lang", "en", "--raw"]);
    let diff = json(&folder, &["before", "after"]);
    let keys: Vec<_> = diff["decided"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["settings.lang", "settings.raw"]);
    assert_eq!((&diff["answers"]["changed"], &diff["answers"]["evidence_only"]), (&Value::from(0), &Value::from(0)));
    assert_eq!(diff["cells"], Value::Array(Vec::new()));
}

#[test]
fn the_page_escapes_and_needs_no_network() {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "before"]);
    folder.write("responses.csv", "回答者ID,施設種別,Q1\nA1,病院,<script>研修</script>がほしい & 補助金\nA2,診療所,研修の予算が足りない\nA3,病院,\n");
    folder.edit("codebook.toml", "label = \"研修\"", "label = \"<b>研修\"");
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "after"]);
    let page = folder.run_well(&["diff", "before", "after", "--format", "html"]).stdout;
    assert!(page.contains("&lt;script&gt;研修&lt;&#x2f;script&gt;がほしい &amp; 補助金"), "{page}");
    assert!(page.contains("&lt;b&gt;研修") && !page.contains("<b>"));
    assert!(!page.contains("<script") && !page.contains("http:") && !page.contains("https:"));
    assert!(page.contains("lang=\"ja\"") && page.contains("表の数"));

    let english = ["diff", "before", "after", "--format", "html", "--lang", "en", "--out", "changes.html"];
    folder.run_well(&english);
    assert!(folder.text("changes.html").contains("Cells of tables"));
    let again = folder.run(&english);
    assert!(again.status == 2 && again.stderr.contains("--force"), "{}", again.stderr);
    folder.run_well(&[&english[..], &["--force"]].concat());
}

#[test]
fn what_cannot_be_compared_is_said() {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "before"]);
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "after"]);
    folder.edit("after/codings.csv", ",request,", ",concern,");
    let run = folder.run_well(&["diff", "before", "after"]);
    assert!(run.stderr.contains("after/codings.csv") && run.stderr.contains("書きかえられています"), "{}", run.stderr);
    assert!(run.stdout.contains("~ money.subsidy 補助金 request → concern"), "{}", run.stdout);

    folder.edit("after/codings.csv", "stance", "立場");
    let run = folder.run(&["diff", "before", "after"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("列「stance」がありません。\n  --> after/codings.csv"), "{}", run.stderr);
    std::fs::remove_file(folder.path("after/codebook.toml")).unwrap();
    let run = folder.run(&["diff", "before", "after"]);
    assert!(run.status == 2 && run.stderr.contains("after/codebook.toml"), "{}", run.stderr);
    assert_eq!(folder.run(&["diff", "before", "."]).status, 2);
}

/// Where people decide, an answer has the codes that count, whoever gave them.
#[test]
fn decisions_of_people_change_only_what_they_change() {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "before"]);
    let had = codes(&folder, "before");
    let ((respondent, question), given) = had.iter().next().expect("an answer with a code");
    let (code, _) = given.iter().next().expect("a code");
    let same = had.iter().nth(1).expect("another answer");
    let kept = &same.1.iter().next().expect("a code").0;
    folder.write(
        "decided.csv",
        format!(
            "respondent_id,question,code,value,reason\n{respondent},{question},{code},0,違う\n{},{},{kept},1,その通り\n",
            same.0.0, same.0.1
        ),
    );
    let study = folder.text("study.toml");
    let codings = "[codings]\nfinal = [\"people\", \"rules\"]\n[codings.files]\npeople = \"decided.csv\"\n";
    folder.write("study.toml", format!("{study}\n{codings}"));
    folder.run_well(&["run", "study.toml", "--quiet", "--out", "after"]);
    let differing = told(&json(&folder, &["before", "after"]));
    let expected = BTreeSet::from([given.iter().next().expect("a code").clone()]);
    assert_eq!(differing.into_iter().collect::<Vec<_>>(), [((respondent.clone(), question.clone()), expected)]);
}
