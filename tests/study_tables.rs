//! Tables of a study beyond the published ones: axes, percentages, weights, marks, hidden
//! cells, several questions in the columns, and two waves side by side.

mod common;

use std::collections::BTreeSet;

use common::{Csv, Folder, Record};

/// The sample study with more at its end.
fn sample(more: &str) -> Folder {
    let folder = Folder::sample();
    let study = folder.text("data/study.toml");
    folder.write("data/study.toml", format!("{study}\n{more}"));
    folder
}

fn run(folder: &Folder) -> (Csv, common::Run) {
    let run = folder.run_well(&["run", "data/study.toml", "--tables"]);
    (Csv::parse(&folder.files_in("data/out")["tables.csv"]), run)
}

fn of<'c>(tables: &'c Csv, table: &str, code: &str, group: &str) -> Record<'c> {
    let fits = |row: &Record<'_>| &row["table"] == table && &row["code"] == code && &row["group"] == group;
    let rows: Vec<Record<'_>> = tables.records().filter(fits).collect();
    assert_eq!(rows.len(), 1, "{table} {code} {group}");
    rows[0]
}

#[test]
fn stances_and_themes_by_stance_count_people_as_in_codings_csv() {
    let folder = sample(
        "[[table]]\nid = \"stance\"\nrows = [\"Q1\"]\naxis = \"stance\"\nby = [\"施設種別\"]\n\
         [[table]]\nid = \"both\"\nrows = [\"Q1\"]\naxis = [\"theme\", \"stance\"]\nby = [\"施設種別\"]\n",
    );
    let (tables, _) = run(&folder);
    let codings = Csv::parse(&folder.files_in("data/out")["codings.csv"]);
    let people = |holds: &dyn Fn(&Record<'_>) -> bool| {
        let rows = codings.records().filter(|row| &row["question"] == "Q1" && holds(row));
        rows.map(|row| row["respondent_id"].to_owned()).collect::<BTreeSet<_>>().len() as u64
    };
    for stance in ["request", "concern", "keep"] {
        assert_eq!(of(&tables, "stance", stance, "全体").number("count"), people(&|row| &row["stance"] == stance));
    }
    for code in ["vendor", "funding.fee", "training"] {
        let id = format!("{code}:concern");
        let expected = people(&|row| &row["code"] == code && &row["stance"] == "concern");
        assert_eq!(of(&tables, "both", &id, "全体").number("count"), expected, "{id}");
        assert_eq!(of(&tables, "both", code, "全体").number("count"), people(&|row| &row["code"] == code));
    }
    let net = people(&|row| row["code"].starts_with("funding.") && &row["stance"] == "request");
    assert_eq!(of(&tables, "both", "funding:request", "全体").number("count"), net);
    assert_eq!(&of(&tables, "both", "funding:request", "全体")["level"], "net");
}

#[test]
fn several_questions_in_the_columns_and_percent_of_rows() {
    let folder = sample(
        "[[table]]\nid = \"t\"\nrows = [\"VPN利用\", \"施設種別\"]\nby = [\"施設種別\", \"インシデント\"]\npercent = \"row\"\n",
    );
    let (tables, printed) = run(&folder);
    let hospital = of(&tables, "t", "あり", "医師会病院");
    assert_eq!((&hospital["count"], &hospital["base"], &hospital["percent"]), ("36", "102", "35.3"));
    assert_eq!(&hospital["percent_of"], "row");
    // A closed question with several answers as columns: with its net, and those who gave none.
    assert_eq!(&of(&tables, "t", "医師会病院", "経験あり")["count"], "21");
    assert_eq!(&of(&tables, "t", "検査センター", "不明")["group_by"], "インシデント");
    assert!(printed.stdout.contains("経験あり(n=46)"), "{}", printed.stdout);
}

#[test]
fn marks_are_opt_in_and_explained() {
    let marked = "title = \"図表3.5.1 厚労省の施策\"";
    let folder = Folder::sample();
    let (tables, printed) = run(&folder);
    assert!(tables.records().all(|row| row["significance"].is_empty()));
    assert!(!printed.stdout.contains('†'));
    folder.edit("data/study.toml", marked, &format!("{marked}\nmarks = true"));
    let (tables, printed) = run(&folder);
    let guideline = |group: &str| {
        let mut rows = tables.records().filter(|row| {
            &row["question"] == "安全管理ガイドライン" && &row["code"] == "活用している" && &row["group"] == group
        });
        rows.next().unwrap().cell("significance").to_owned()
    };
    // 28 of 37 against 30 of 98.
    assert_eq!([guideline("医師会病院"), guideline("健セ・検セ・複合体")], ["‡", ""]);
    assert!(printed.stdout.contains("‡ p<0.01"), "{}", printed.stdout);
    assert!(!printed.stdout.contains(['▲', '△']));
}

#[test]
fn small_cells_are_hidden_with_all_that_would_tell() {
    let title = "title = \"図表3.3.3 情報収集の手段\"";
    let folder = Folder::sample();
    folder.edit("data/study.toml", title, &format!("{title}\nsuppress = 5"));
    let (tables, printed) = run(&folder);
    let hospital = of(&tables, "3.3.3", "収集せず", "医師会病院");
    for name in ["count", "percent", "ci_low", "ci_high", "residual"] {
        assert_eq!(&hospital[name], "", "{name}");
    }
    assert_eq!(&hospital["mark"], "x");
    // 9 of all − 8 would be the 1 that is hidden.
    assert_eq!(&of(&tables, "3.3.3", "収集せず", "健セ・検セ・複合体")["mark"], "x");
    assert_eq!(&of(&tables, "3.3.3", "厚労省", "医師会病院")["count"], "21");
    assert!(printed.stdout.contains("x は少数のため"), "{}", printed.stdout);
    let tests = Csv::parse(&folder.files_in("data/out")["table_tests.csv"]);
    assert!(!tests.records().any(|row| &row["table"] == "3.3.3" && &row["code"] == "収集せず"));
    assert!(tests.records().any(|row| &row["table"] == "3.3.3" && &row["code"] == "厚労省"));
    // The same question shown in full elsewhere is told.
    folder.edit("data/study.toml", "# 両立しない", "[[table]]\nid = \"again\"\nrows = [\"情報収集\"]\n\n# 両立しない");
    let (_, printed) = run(&folder);
    assert!(printed.stderr.contains("注意: 表「3.3.3」で隠す「情報収集」は「again」にもあり"), "{}", printed.stderr);
}

#[test]
fn weights_give_a_percentage_beside_the_counts() {
    let folder = Folder::small();
    folder.write(
        "responses.csv",
        "回答者ID,施設種別,Q1,VPN,重み\nA1,病院,補助金がほしい,あり,3\nA2,診療所,研修の予算が足りない,あり,0.5\nA3,病院,,なし,1\n",
    );
    folder.edit("study.toml", "id = \"回答者ID\"", "id = \"回答者ID\"\nweight = \"重み\"");
    folder.edit(
        "study.toml",
        "[table]\nby = [\"施設種別\"]\n",
        "[[question]]\nid = \"VPN\"\nkind = \"single\"\noptions = [\"あり\", \"なし\"]\n[[table]]\nid = \"t\"\nrows = [\"VPN\", \"Q1\"]\nby = [\"施設種別\"]\n",
    );
    folder.run_well(&["run", "study.toml"]);
    let tables = Csv::parse(&folder.files_in("out")["tables.csv"]);
    let row = of(&tables, "t", "あり", "病院");
    assert_eq!((&row["count"], &row["base"], &row["percent"], &row["weighted_percent"]), ("1", "2", "50.0", "75.0"));
    assert_eq!(&of(&tables, "t", "money.subsidy", "全体")["weighted_percent"], "66.7");
}

#[test]
fn two_waves_stand_side_by_side() {
    let folder = sample("[[compare]]\nname = \"前回\"\nwith = \"../earlier/study.toml\"\n");
    std::fs::create_dir(folder.path("earlier")).unwrap();
    for file in ["study.toml", "responses.csv", "codings_a.csv", "codings_b.csv"] {
        folder.write(&format!("earlier/{file}"), folder.text(&format!("data/{file}")));
    }
    folder.edit("earlier/study.toml", "\n[[compare]]\nname = \"前回\"\nwith = \"../earlier/study.toml\"\n", "");
    let failed = folder.run(&["run", "data/study.toml", "--quiet"]);
    assert_eq!(failed.status, 2);
    assert!(failed.stderr.contains("先に、比べる調査を aftercode run で集計してください"), "{}", failed.stderr);

    // Ten facilities that had no VPN then.
    let mut answers = Csv::parse(folder.text("earlier/responses.csv").as_bytes());
    let vpn = answers.column("VPN利用");
    answers.rows.iter_mut().filter(|row| row[vpn] == "あり").take(10).for_each(|row| row[vpn] = "なし".to_owned());
    let mut writer = csv::Writer::from_writer(Vec::new());
    std::iter::once(&answers.header).chain(&answers.rows).for_each(|row| writer.write_record(row).unwrap());
    folder.write("earlier/responses.csv", writer.into_inner().unwrap());
    folder.run_well(&["run", "earlier/study.toml", "--quiet"]);
    let run = folder.run_well(&["run", "data/study.toml", "--quiet"]);
    assert!(!run.stderr.contains("違います"), "{}", run.stderr);
    let compare = Csv::parse(&folder.files_in("data/out")["compare.csv"]);
    let earlier = Csv::parse(&folder.files_in("earlier/out")["tables.csv"]);
    let now = Csv::parse(&folder.files_in("data/out")["tables.csv"]);
    let mut compared = 0;
    for row in compare.records().filter(|row| !row["table"].is_empty()) {
        let same = |other: &Record<'_>| {
            ["table", "question", "code", "group_by", "group"].iter().all(|name| other[name] == row[name])
        };
        let (one, two) = (now.records().find(same).unwrap(), earlier.records().find(same).unwrap());
        assert_eq!((&row["count"], &row["earlier_count"]), (&one["count"], &two["count"]));
        assert_eq!((&row["base"], &row["earlier_base"]), (&one["base"], &two["base"]));
        if one["count"] == two["count"] && one["base"] == two["base"] && &one["base"] != "0" {
            assert_eq!((&row["difference"], &row["p"]), ("0.0", "1"));
        }
        compared += 1;
    }
    assert_eq!(compared, now.rows.len());
    let vpn = compare
        .records()
        .find(|row| &row["table"] == "3.3.4.1" && &row["code"] == "あり" && row["group_by"].is_empty());
    let vpn = vpn.unwrap();
    // 102 and 92 of 135: 7.4 points.
    assert_eq!((&vpn["count"], &vpn["earlier_count"], &vpn["difference"]), ("102", "92", "7.4"));

    folder.edit("earlier/study.toml", "wording = \"国政や自治体行政への要望\"", "wording = \"国への要望\"");
    folder.edit("earlier/study.toml", "base = \"respondents\" ", "base = \"answered\" ");
    let codebook = folder.text("codebooks/medical-cybersecurity.toml");
    folder.write("codebooks/other.toml", codebook.replacen("version = \"", "version = \"0.", 1));
    folder.edit("earlier/study.toml", "codebooks/medical-cybersecurity.toml", "codebooks/other.toml");
    folder.run_well(&["run", "earlier/study.toml", "--quiet"]);
    let run = folder.run_well(&["run", "data/study.toml", "--quiet"]);
    for told in [
        "「前回」とはコードブックが違います",
        "テーマの表の母数が「前回」と違います",
        "設問 Q1 の文言が「前回」と違います",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
}

#[test]
fn more_respondents_than_the_population_are_told_and_give_no_rate() {
    let folder = Folder::small();
    folder.edit(
        "study.toml",
        "categories = [\"病院\", \"診療所\"]",
        "categories = [\"病院\", \"診療所\"]\npopulation = { 病院 = 1, 診療所 = 10 }",
    );
    let run = folder.run_well(&["run", "study.toml"]);
    assert!(run.stderr.contains("施設種別「病院」の回答数 2 が、母集団の数 1 を超えています"), "{}", run.stderr);
    let rates = Csv::parse(&folder.files_in("out")["rates.csv"]);
    let percents: Vec<&str> = rates.records().map(|row| row.cell("percent")).collect();
    assert_eq!(percents, ["27.3", "", "10.0"]);
}
