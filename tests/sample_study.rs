//! The sample study: its closed questions give every published figure, its open answers
//! are as many and as different as promised, and its codings fit them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use aftercode::codebook::Codebook;
use aftercode::read::{Options, Table, table};
use aftercode::tabulate::Share;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn read(name: &str) -> Table {
    table(&data(name), &Options::default()).unwrap()
}

fn cells<'t>(table: &'t Table, column: &str) -> Vec<&'t str> {
    let at = table.column(column).unwrap();
    table.rows.iter().map(|row| row.cells[at].as_str()).collect()
}

const INCIDENTS: [&str; 8] = [
    "FAX誤送信",
    "フィッシング",
    "外部媒体の紛失",
    "端末の感染",
    "サーバの感染",
    "個人情報漏洩",
    "なりすましメール",
    "その他",
];

/// Who is in the base of a published figure.
fn base(table: &Table, rule: &str, column: &str) -> Vec<bool> {
    let incident = |name: &str| cells(table, &format!("インシデント_{name}"));
    let mut types: Vec<Vec<&str>> = INCIDENTS.iter().map(|name| incident(name)).collect();
    match rule {
        "all" => vec![true; table.rows.len()],
        "vpn" => cells(table, "VPN利用").iter().map(|value| *value == "あり").collect(),
        "incident" => (0..table.rows.len()).map(|row| types.iter().any(|column| column[row] == "1")).collect(),
        "incident_answered" => {
            types.push(incident("経験なし"));
            (0..table.rows.len()).map(|row| types.iter().any(|column| !column[row].is_empty())).collect()
        }
        "column" => cells(table, column).iter().map(|value| !value.is_empty()).collect(),
        other => panic!("no such base: {other}"),
    }
}

#[test]
fn closed_questions_give_every_published_figure() {
    let table = read("responses.csv");
    let types = cells(&table, "施設種別");
    let mut checked = 0;
    for line in include_str!("published_figures.tsv").lines().skip(1) {
        let [name, group, rule, column, value, n, percent] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("seven columns: {line}")
        };
        let in_group: Vec<bool> = types
            .iter()
            .map(|kind| match group {
                "全体" => true,
                "医師会病院" => *kind == "医師会病院",
                _ => *kind != "医師会病院",
            })
            .collect();
        let answers = cells(&table, column);
        let base: Vec<usize> = base(&table, rule, column)
            .iter()
            .enumerate()
            .filter(|(row, holds)| **holds && in_group[*row])
            .map(|(row, _)| row)
            .collect();
        let count = base.iter().filter(|row| answers[**row] == value).count();
        let share = Share::new(count as u64, base.len() as u64);
        assert_eq!(
            (share.base().to_string().as_str(), share.percent().as_str()),
            (n, percent),
            "{name} {group} {column} {value}"
        );
        checked += 1;
    }
    assert_eq!(checked, 124);
}

#[test]
fn one_respondent_contradicts_himself_as_the_published_figures_demand() {
    let table = read("responses.csv");
    let none = base(&table, "column", "インシデント_経験なし");
    let denied = cells(&table, "インシデント_経験なし");
    let incident = base(&table, "incident", "");
    let both = (0..table.rows.len()).filter(|row| none[*row] && denied[*row] == "1" && incident[*row]).count();
    assert_eq!(both, 1);
}

#[test]
fn facility_types_have_the_real_numbers() {
    let table = read("responses.csv");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in cells(&table, "施設種別") {
        *counts.entry(kind).or_default() += 1;
    }
    let expected = [("医師会病院", 37), ("健診センター", 38), ("健診・検査複合体", 33), ("検査センター", 27)];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn open_answers_are_many_and_all_different() {
    let table = read("responses.csv");
    let mut seen = BTreeSet::new();
    let mut total = 0;
    for question in ["Q1", "Q2"] {
        let answers: Vec<&str> =
            cells(&table, question).into_iter().filter(|answer| !answer.trim().is_empty()).collect();
        assert!((90..=120).contains(&answers.len()), "{question}: {}", answers.len());
        total += answers.len();
        seen.extend(answers.iter().map(|answer| answer.trim().to_owned()));
    }
    assert!(total >= 200);
    assert_eq!(seen.len(), total, "two answers are alike");
}

#[test]
fn human_codings_cover_every_answer_and_name_codes_that_exist() {
    let codebook =
        Codebook::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("codebooks/medical-cybersecurity.toml")).unwrap();
    let responses = read("responses.csv");
    let ids = cells(&responses, "回答者ID");
    let mut answered = BTreeSet::new();
    for question in ["Q1", "Q2"] {
        for (id, answer) in ids.iter().zip(cells(&responses, question)) {
            if !answer.trim().is_empty() {
                answered.insert((id.to_string(), question.to_owned()));
            }
        }
    }
    let axis = |id: &str| codebook.code(id).map(|at| codebook.codes[at].axis.as_str());
    let mut differing = Vec::new();
    for name in ["codings_a.csv", "codings_b.csv", "codings_agreed.csv"] {
        let table = read(name);
        let columns = ["respondent_id", "question", "code", "stance"].map(|column| cells(&table, column));
        let mut coded = BTreeSet::new();
        let mut rows = BTreeSet::new();
        let [ids, questions, codes, stances] = &columns;
        for (((id, question), code), stance) in ids.iter().zip(questions).zip(codes).zip(stances) {
            let [id, question, code, stance] = [*id, *question, *code, *stance];
            coded.insert((id.to_owned(), question.to_owned()));
            rows.insert((id.to_owned(), question.to_owned(), code.to_owned(), stance.to_owned()));
            if codebook.reserved.iter().any(|reserved| reserved.id == code) {
                assert_eq!(stance, "", "{name} {id} {question}");
            } else {
                assert_eq!(
                    (axis(code), axis(stance)),
                    (Some("theme"), Some("stance")),
                    "{name} {id} {question} {code}"
                );
            }
        }
        assert_eq!(rows.len(), table.rows.len(), "{name} says something twice");
        assert_eq!(coded, answered, "{name}");
        differing.push(rows);
    }
    assert_ne!(differing[0], differing[1], "two coders who never differ are one");
}
