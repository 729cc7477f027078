//! Every table and figure of the published report, to the printed digit, as the program
//! computes it from the sample study: read from its output, not from the answers.

mod common;

use common::{Csv, Folder, Record};

fn outputs(folder: &Folder, name: &str) -> Csv {
    Csv::parse(&folder.files_in("data/out")[name])
}

/// The table, question and code of a published figure, by the column of the answers.
fn place(column: &str, rule: &str, value: &str) -> (Option<&'static str>, String, String) {
    let table = match rule {
        "incident" => Some("3.1.2"),
        "incident_answered" => Some("3.1.1"),
        _ => None,
    };
    let code = if value.is_empty() { "不明" } else { value };
    match column.rsplit_once('_') {
        Some((question, option)) => {
            let question = match question.strip_prefix("バックアップ_") {
                Some(system) => format!("バックアップ（{system}）"),
                None => question.to_owned(),
            };
            (table, question, option.to_owned())
        }
        None => (table, column.to_owned(), code.to_owned()),
    }
}

#[test]
fn every_published_figure_is_printed() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let tables = outputs(&folder, "tables.csv");
    let mut checked = 0;
    for line in include_str!("published_figures.tsv").lines().skip(1) {
        let [name, group, rule, column, value, n, percent] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("seven columns: {line}")
        };
        let (table, question, code) = place(column, rule, value);
        let fits = |row: &Record<'_>| {
            table.is_none_or(|table| &row["table"] == table)
                && row["question"] == question
                && row["code"] == code
                && &row["group"] == group
        };
        let rows: Vec<Record<'_>> = tables.records().filter(fits).collect();
        let [row] = rows[..] else { panic!("{name} {group} {question} {code}: {} rows", rows.len()) };
        assert_eq!((&row["base"], &row["percent"]), (n, percent), "{name} {group} {question} {code}");
        if let Some(number) = name.strip_prefix("図表") {
            assert_eq!(&row["table"], number, "{question} {code}");
        }
        checked += 1;
    }
    assert_eq!(checked, 124);
}

#[test]
fn response_rates_are_the_published_ones() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let rates = outputs(&folder, "rates.csv");
    let read: Vec<[&str; 4]> = rates
        .records()
        .map(|row| ["group", "population", "respondents", "percent"].map(|name| row.cell(name)))
        .collect();
    let published = [
        ["全体", "225", "135", "60.0"],
        ["医師会病院", "65", "37", "56.9"],
        ["健診センター", "64", "38", "59.4"],
        ["検査センター", "49", "27", "55.1"],
        ["健診・検査複合体", "47", "33", "70.2"],
        ["健セ・検セ・複合体", "160", "98", "61.3"],
    ];
    assert_eq!(read, published);
}

#[test]
fn the_one_who_ticked_both_is_found_and_counted() {
    let folder = Folder::sample();
    let run = folder.run_well(&["run", "data/study.toml"]);
    assert!(
        run.stderr.contains("注意: 回答が合いません「経験なしと、インシデントの内容」: 1 人（S040）"),
        "{}",
        run.stderr
    );
    let checks = outputs(&folder, "checks.csv");
    assert_eq!(checks.rows, [["経験なしと、インシデントの内容", "S040"]]);
    let manifest: serde_json::Value = serde_json::from_slice(&folder.files_in("data/out")["manifest.json"]).unwrap();
    let counts: Vec<u64> =
        manifest["checks"].as_array().unwrap().iter().map(|check| check["respondents"].as_u64().unwrap()).collect();
    assert_eq!(counts, [1, 0]);
    // 72 of 96 say none, 25 have one: 97 answers of 96.
    let tables = outputs(&folder, "tables.csv");
    let count = |code: &str| {
        let of = |row: &Record<'_>| {
            &row["table"] == "3.1.1" && &row["code"] == code && &row["group"] == "健セ・検セ・複合体"
        };
        tables.records().find(of).unwrap().number("count")
    };
    assert_eq!((count("経験なし"), count("経験あり")), (72, 25));
}

/// Respondents of all types add up to the total, nets to their types; rows of a question
/// with one answer add up to the base.
#[test]
fn tables_add_up() {
    let folder = Folder::sample();
    folder.edit("data/study.toml", "title = \"図表3.5.1 厚労省の施策\"\nrows = [\"安全管理ガイドライン\", \"対策チェックリスト\", \"BCP確認表\", \"MIST\"]\nby = [\"施設種別\"]\ncolumns = [\"医師会病院\", \"健セ・検セ・複合体\"]", "title = \"図表3.5.1 厚労省の施策\"\nrows = [\"安全管理ガイドライン\", \"対策チェックリスト\", \"BCP確認表\", \"MIST\"]\nby = [\"施設種別\"]");
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let tables = outputs(&folder, "tables.csv");
    let rows: Vec<Record<'_>> = tables.records().filter(|row| &row["table"] == "3.5.1").collect();
    let count = |question: &str, code: &str, group: &str| {
        let fits = |row: &&Record<'_>| &row["question"] == question && &row["code"] == code && &row["group"] == group;
        rows.iter().find(fits).unwrap().number("count")
    };
    for question in ["安全管理ガイドライン", "MIST"] {
        let codes = ["活用している", "知っているが活用していない", "知らない", "不明"];
        for code in codes {
            let [hospital, check, lab, both] = ["医師会病院", "健診センター", "検査センター", "健診・検査複合体"]
                .map(|group| count(question, code, group));
            assert_eq!(hospital + check + lab + both, count(question, code, "全体"));
            assert_eq!(check + lab + both, count(question, code, "健セ・検セ・複合体"));
        }
        assert_eq!(codes.map(|code| count(question, code, "全体")).iter().sum::<u64>(), 135);
    }
}

#[test]
fn tests_have_the_columns_and_the_family_they_promise() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let tests = outputs(&folder, "tests.csv");
    let columns = "question,code,group_by,test,statistic,df,p,p_adjusted,adjustment,effect,effect_value,difference,\
                   difference_low,difference_high,min_expected,note";
    assert_eq!(tests.header.join(","), columns);
    let pair = "施設種別: 医師会病院 - 健セ・検セ・複合体";
    let main: Vec<Record<'_>> = tests.records().filter(|row| !row["adjustment"].is_empty()).collect();
    assert!(main.iter().all(|row| &row["adjustment"] == "holm" && row["note"].contains("族")));
    assert!(main.iter().filter(|row| &row["group_by"] == pair).all(|row| &row["test"] == "fisher"));
    assert!(
        main.iter().filter(|row| &row["group_by"] == "施設種別").all(|row| &row["test"] == "fisher-freeman-halton")
    );
    let themes = outputs(&folder, "themes.csv");
    let items = themes.records().filter(|row| &row["group"] == "全体" && &row["question"] == "Q1").count();
    assert_eq!(main.iter().filter(|row| &row["group_by"] == pair && &row["question"] == "Q1").count(), items);
    // Holm on the p-values as printed, worked out another way.
    let mut p: Vec<f64> = main
        .iter()
        .filter(|row| &row["group_by"] == pair && &row["question"] == "Q1")
        .map(|row| row["p"].parse().unwrap())
        .collect();
    p.sort_by(f64::total_cmp);
    let smallest = main
        .iter()
        .filter(|row| &row["group_by"] == pair && &row["question"] == "Q1")
        .map(|row| row["p_adjusted"].parse::<f64>().unwrap())
        .fold(1.0, f64::min);
    assert!((smallest - (p[0] * items as f64).min(1.0)).abs() < 1e-3, "{smallest} {p:?}");
    // Each difference is that of the two shares in themes.csv.
    for row in main.iter().filter(|row| &row["group_by"] == pair) {
        let share = |group: &str| {
            let of = |other: &Record<'_>| {
                &other["group"] == group && other["question"] == row["question"] && other["code"] == row["code"]
            };
            let found = themes.records().find(of).unwrap();
            100.0 * found.number("count") as f64 / found.number("base") as f64
        };
        let difference: f64 = row["difference"].parse().unwrap();
        assert!(
            (difference - (share("医師会病院") - share("健セ・検セ・複合体"))).abs() <= 0.05 + 1e-9,
            "{}",
            &row["code"]
        );
    }
}
