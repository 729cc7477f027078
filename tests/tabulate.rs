//! Cross-tabulation against the plainest counting there is, and `aftercode tabulate`.

mod common;

use aftercode::survey::{Net, People};
use aftercode::tabulate::cross::{BaseOf, Cross, PercentOf, Plan, cross};
use aftercode::tabulate::variable::{Category, Level, Variable};
use common::{Csv, Folder, Record};
use proptest::prelude::*;

/// A person: group (0 is missing), answer (0 is missing), ticked options, whether the
/// options were answered at all, weight in quarters.
type Person = (u8, u8, u8, bool, u8);

fn people() -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec((0u8..=3, 0u8..=3, 0u8..8, any::<bool>(), 0u8..9), 1..120)
}

fn group(people: &[Person]) -> Variable {
    let of = |value: u8| People::where_holds(people.iter().map(|one| one.0 == value));
    let sets = (1..=3).map(|value| (format!("g{value}"), of(value))).collect();
    let mut variable = Variable::single("group", sets, People::all(people.len()));
    variable.add_nets(&[Net { label: "g23".to_owned(), of: vec!["g2".to_owned(), "g3".to_owned()] }]);
    variable
}

fn answer(people: &[Person]) -> Variable {
    let of = |value: u8| People::where_holds(people.iter().map(|one| one.1 == value));
    Variable::single(
        "answer",
        (1..=3).map(|value| (format!("a{value}"), of(value))).collect(),
        People::all(people.len()),
    )
}

fn options(people: &[Person]) -> Variable {
    let of = |bit: u8| People::where_holds(people.iter().map(|one| one.3 && one.2 >> bit & 1 == 1));
    let mut variable = answer(people);
    variable.name = "options".to_owned();
    variable.categories = (0..3).map(|bit| Category::new(&format!("o{bit}"), of(bit))).collect();
    variable.answered = People::where_holds(people.iter().map(|one| one.3));
    variable.is_single = false;
    variable.add_nets(&[Net { label: "o01".to_owned(), of: vec!["o0".to_owned(), "o1".to_owned()] }]);
    variable
}

/// Whether a person is in a line of a table.
fn is_in(person: &Person, variable: &str, id: &str) -> bool {
    let &(group, answer, options, answered, _) = person;
    let option = |bit: u8| answered && options >> bit & 1 == 1;
    match (variable, id) {
        ("", _) => true,
        ("group", "g23") => group == 2 || group == 3,
        ("group", "不明") => group == 0,
        ("group", id) => id == format!("g{group}"),
        ("answer", "不明") => answer == 0,
        ("answer", id) => id == format!("a{answer}"),
        ("options", "o01") => option(0) || option(1),
        ("options", "不明") => !answered,
        ("options", id) => option(id[1..].parse().expect("a digit")),
        other => panic!("{other:?}"),
    }
}

fn plan<'v>(rows: Vec<&'v Variable>, columns: Vec<&'v Variable>, base: BaseOf, weights: Option<&'v [f64]>) -> Plan<'v> {
    Plan { rows, columns, base, of: PercentOf::Column, weights }
}

fn assert_counted(table: &Cross, people: &[Person], in_base: &dyn Fn(&Person, &str) -> bool) {
    for (row, cells) in table.rows.iter().zip(&table.cells) {
        for (column, cell) in table.columns.iter().zip(cells) {
            let base: Vec<&Person> = people
                .iter()
                .filter(|one| in_base(one, &row.variable) && is_in(one, &column.variable, &column.id))
                .collect();
            let counted: Vec<&&Person> = base.iter().filter(|one| is_in(one, &row.variable, &row.id)).collect();
            assert_eq!(
                (cell.share.count(), cell.share.base()),
                (counted.len() as u64, base.len() as u64),
                "{} {} × {}",
                row.variable,
                row.id,
                column.id
            );
            if let Some((count, of)) = cell.weighted {
                let sum =
                    |people: &mut dyn Iterator<Item = &Person>| people.map(|one| f64::from(one.4) / 4.0).sum::<f64>();
                // Quarters are exact in binary, whatever order they are added in.
                assert_eq!(count, sum(&mut counted.iter().map(|one| **one)));
                assert_eq!(of, sum(&mut base.iter().copied()));
            }
        }
    }
}

proptest! {
    #[test]
    fn every_cell_is_what_counting_one_by_one_gives(people in people()) {
        let (group, answer, options) = (group(&people), answer(&people), options(&people));
        let weights: Vec<f64> = people.iter().map(|one| f64::from(one.4) / 4.0).collect();
        let rows = || vec![&answer, &options, &group];
        let columns = || vec![&group, &options];
        let all = cross(&plan(rows(), columns(), BaseOf::Respondents, Some(&weights)));
        assert_counted(&all, &people, &|_, _| true);
        let answered = |one: &Person, of: &str| match of {
            "answer" => one.1 > 0,
            "options" => one.3,
            _ => one.0 > 0,
        };
        assert_counted(&cross(&plan(rows(), columns(), BaseOf::Answered, Some(&weights))), &people, &answered);
        let those = People::where_holds(people.iter().map(|one| one.1 == 1));
        assert_counted(&cross(&plan(rows(), columns(), BaseOf::Those(those), None)), &people, &|one, _| one.1 == 1);
    }

    #[test]
    fn totals_are_sums_and_nets_are_no_more_than_theirs(people in people()) {
        let (group, answer, options) = (group(&people), answer(&people), options(&people));
        let table = cross(&plan(vec![&answer, &options], vec![&group], BaseOf::Respondents, None));
        let place = |id: &str| table.columns.iter().position(|head| head.id == id);
        for (row, cells) in table.cells.iter().enumerate() {
            let count = |id: &str| place(id).map_or(0, |at| cells[at].share.count());
            prop_assert_eq!(count("全体"), count("g1") + count("g2") + count("g3") + count("不明"));
            prop_assert_eq!(count("g23"), count("g2") + count("g3"));
            prop_assert!(cells.iter().all(|cell| cell.share.count() <= cell.share.base()));
            if table.rows[row].level == Level::Net {
                for (column, cell) in cells.iter().enumerate() {
                    let members = table.rows[row].of.iter().map(|&at| table.cells[at][column].share.count());
                    prop_assert!(cell.share.count() <= members.clone().sum());
                    prop_assert!(cell.share.count() >= members.max().unwrap_or(0));
                }
            }
        }
    }

    #[test]
    fn two_halves_add_up_to_the_whole(people in people(), cut in 0usize..120) {
        let cut = cut % people.len();
        let counts = |people: &[Person]| -> Vec<(String, String, u64, u64)> {
            let (group, answer, options) = (group(people), answer(people), options(people));
            let table = cross(&plan(vec![&answer, &options], vec![&group], BaseOf::Answered, None));
            let cell = |row: usize, column: usize| {
                let share = table.cells[row][column].share;
                (table.rows[row].id.clone(), table.columns[column].id.clone(), share.count(), share.base())
            };
            (0..table.rows.len()).flat_map(|row| (0..table.columns.len()).map(move |column| (row, column))).map(|(row, column)| cell(row, column)).collect()
        };
        let (one, two) = (counts(&people[..cut]), counts(&people[cut..]));
        for (row, column, count, base) in counts(&people) {
            let part = |half: &[(String, String, u64, u64)]| {
                half.iter().find(|cell| cell.0 == row && cell.1 == column).map_or((0, 0), |cell| (cell.2, cell.3))
            };
            let (one, two) = (part(&one), part(&two));
            prop_assert_eq!((one.0 + two.0, one.1 + two.1), (count, base));
        }
    }
}

const MATRIX: &str = "回答者ID,種別,性別,甲,乙,感想\n\
    1,病院,男,1,0,よい\n2,診療所,女,0,1,\n3,病院,男,,,\n4,健診,女,1,1,ふつう\n5,健診,,0,0,\n6,,男,1,,\n";

fn tabulated(args: &[&str]) -> (Csv, Csv, common::Run) {
    let folder = Folder::empty();
    folder.write("m.csv", MATRIX);
    let run = folder.run_well(&[&["tabulate", "m.csv", "--out", "out"], args].concat());
    let files = folder.files_in("out");
    (Csv::parse(&files["themes.csv"]), Csv::parse(&files["tests.csv"]), run)
}

fn share(themes: &Csv, code: &str, group: &str) -> (u64, u64) {
    let row = themes.records().find(|row| &row["code"] == code && &row["group"] == group).expect(code);
    (row.number("count"), row.number("base"))
}

#[test]
fn a_blank_is_no_zero() {
    let (themes, _, run) = tabulated(&["--by", "種別,性別"]);
    assert_eq!(share(&themes, "甲", "全体"), (3, 5));
    assert_eq!(share(&themes, "乙", "全体"), (2, 4));
    assert_eq!(share(&themes, "甲", "病院"), (1, 1));
    assert_eq!(share(&themes, "乙", "不明"), (0, 0));
    assert_eq!(share(&themes, "missing", "全体"), (1, 6));
    assert!(run.stderr.contains("0/1 でない列は数えません: 感想"), "{}", run.stderr);
    assert!(run.stderr.contains("空欄（不明）が1コードにつき 1–2 人"), "{}", run.stderr);
    let (themes, _, _) = tabulated(&["--by", "種別", "--base", "respondents"]);
    assert_eq!(share(&themes, "甲", "全体"), (3, 6));
    let (themes, _, _) = tabulated(&["--by", "種別", "--base", "性別=男"]);
    assert_eq!(share(&themes, "甲", "全体"), (2, 2));
}

#[test]
fn nets_of_codes_and_of_groups_are_told_apart() {
    let (themes, tests, _) = tabulated(&[
        "--by",
        "種別",
        "--net",
        "病院以外=診療所,健診",
        "--net",
        "どれか=甲,乙",
        "--order",
        "病院,診療所",
    ]);
    assert_eq!(share(&themes, "どれか", "全体"), (4, 5));
    assert_eq!(share(&themes, "甲", "病院以外"), (1, 3));
    let groups: Vec<&str> = themes.records().filter(|row| &row["code"] == "甲").map(|row| row.cell("group")).collect();
    assert_eq!(groups, ["全体", "病院", "診療所", "健診", "病院以外", "不明"]);
    let names: Vec<&str> = tests.records().map(|row| row.cell("group_by")).collect();
    assert!(names.contains(&"種別") && names.contains(&"種別: 病院 - 病院以外"), "{names:?}");
    let net: Vec<Record<'_>> = themes.records().filter(|row| &row["level"] == "net").collect();
    assert!(!net.is_empty() && net.iter().all(|row| &row["code"] == "どれか"));
}

#[test]
fn a_run_s_matrix_gives_the_run_s_tables() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let net = "健セ・検セ・複合体=健診センター,検査センター,健診・検査複合体";
    for base in ["respondents", "answered"] {
        folder.run_well(&[
            "tabulate",
            "data/out/matrix.csv",
            "--by",
            "施設種別",
            "--net",
            net,
            "--base",
            base,
            "--out",
            base,
        ]);
    }
    let run = folder.files_in("data/out");
    let expected = Csv::parse(&run["themes.csv"]);
    let found = Csv::parse(&folder.files_in("respondents")["themes.csv"]);
    let mut compared = 0;
    // A reserved code that nobody has is no status in the matrix.
    let used: Vec<&str> = found.records().map(|row| row.cell("code")).collect();
    for row in expected.records().filter(|row| &row["level"] != "reserved" || used.contains(&&row["code"])) {
        let same =
            |other: &Record<'_>| ["question", "code", "group_by", "group"].iter().all(|name| other[name] == row[name]);
        let other = found.records().find(same).expect("the same row");
        for name in ["level", "count", "base", "percent", "ci_low", "ci_high"] {
            assert_eq!(&other[name], &row[name], "{} {} {name}", &row["code"], &row["group"]);
        }
        compared += 1;
    }
    assert!(compared > 300);
    let pairs = |csv: &Csv| -> Vec<(String, String, String)> {
        let pair = csv
            .records()
            .filter(|row| row["group_by"].contains(" - ") && &row["test"] == "fisher" && &row["code"] != "same");
        pair.map(|row| (row["question"].to_owned(), row["code"].to_owned(), row["p"].to_owned())).collect()
    };
    let mut own = pairs(&Csv::parse(&run["tests.csv"]));
    let mut other = pairs(&Csv::parse(&folder.files_in("respondents")["tests.csv"]));
    own.sort();
    other.sort();
    assert_eq!(own, other);
    // Of those who answered: as the study would with that base.
    folder.edit("data/study.toml", "base = \"respondents\"             # ", "base = \"answered\" # ");
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let expected = Csv::parse(&folder.files_in("data/out")["themes.csv"]);
    let found = Csv::parse(&folder.files_in("answered")["themes.csv"]);
    for row in expected.records().filter(|row| &row["level"] != "reserved") {
        let same = |other: &Record<'_>| ["question", "code", "group"].iter().all(|name| other[name] == row[name]);
        let other = found.records().find(same).expect("the same row");
        assert_eq!((&other["count"], &other["base"]), (&row["count"], &row["base"]), "{}", &row["code"]);
    }
}

#[test]
fn every_format_tells_the_same_and_csv_is_themes_csv() {
    let folder = Folder::empty();
    folder.write("m.csv", MATRIX);
    let args = ["tabulate", "m.csv", "--by", "種別"];
    let with = |more: &[&str]| folder.run_well(&[&args, more].concat()).stdout;
    with(&["--out", "out"]);
    let themes = folder.files_in("out")["themes.csv"].clone();
    assert_eq!(with(&["--format", "csv"]).into_bytes(), themes);
    let json: serde_json::Value = serde_json::from_str(&with(&["--format", "json"])).expect("JSON");
    let csv = Csv::parse(&themes);
    for (row, object) in csv.records().zip(json["themes"].as_array().expect("a list")) {
        assert_eq!(object["count"].as_u64(), Some(row.number("count")));
        assert_eq!(object["group"].as_str(), Some(&row["group"]));
    }
    assert_eq!(
        json["tests"].as_array().map(Vec::len),
        Some(Csv::parse(&folder.files_in("out")["tests.csv"]).rows.len())
    );
    let markdown = with(&["--format", "markdown"]);
    assert!(markdown.contains("| 甲 |") && markdown.contains("| ---: |"), "{markdown}");
    assert!(with(&["--lang", "en"]).contains("Total"));
}

#[test]
fn a_row_that_stands_twice_counts_once() {
    let folder = Folder::empty();
    folder.write("m.csv", format!("{MATRIX}1,病院,男,1,1,\n"));
    let run = folder.run(&["tabulate", "m.csv", "--format", "csv"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("除外: ID「1」は 2行にもあるため"), "{}", run.stderr);
    assert_eq!(share(&Csv::parse(run.stdout.as_bytes()), "乙", "全体"), (2, 4));
}

#[test]
fn weights_stand_beside_unweighted_counts() {
    let folder = Folder::empty();
    folder.write("m.csv", "ID,種別,甲,w\n1,病院,1,2\n2,病院,0,1\n3,診療所,1,0.5\n");
    let run = folder.run_well(&["tabulate", "m.csv", "--by", "種別", "--weight", "w", "--format", "csv"]);
    let themes = Csv::parse(run.stdout.as_bytes());
    let row = themes.records().find(|row| &row["code"] == "甲" && &row["group"] == "病院").expect("a row");
    assert_eq!((&row["count"], &row["base"], &row["percent"], &row["weighted_percent"]), ("1", "2", "50.0", "66.7"));
}

#[test]
fn a_population_gives_rates_and_narrows_intervals() {
    let folder = Folder::empty();
    folder.write("m.csv", MATRIX);
    folder.write("n.csv", "group,population\n病院,2\n診療所,4\n健診,3\n");
    let args = ["tabulate", "m.csv", "--by", "種別", "--population", "n.csv", "--out", "out"];
    folder.run_well(&args);
    let files = folder.files_in("out");
    let rates = Csv::parse(&files["rates.csv"]);
    let read: Vec<[&str; 4]> = rates
        .records()
        .map(|row| ["group", "population", "respondents", "percent"].map(|name| row.cell(name)))
        .collect();
    assert_eq!(
        read,
        [
            ["全体", "9", "6", "66.7"],
            ["健診", "3", "2", "66.7"],
            ["病院", "2", "2", "100.0"],
            ["診療所", "4", "1", "25.0"],
            ["不明", "", "1", ""]
        ]
    );
    let width = |csv: &Csv| {
        let row = csv.records().find(|row| &row["code"] == "甲" && &row["group"] == "全体").expect("a row");
        row["ci_high"].parse::<f64>().unwrap() - row["ci_low"].parse::<f64>().unwrap()
    };
    let (plain, _, _) = tabulated(&["--by", "種別"]);
    assert!(width(&Csv::parse(&files["themes.csv"])) < width(&plain));
}

#[test]
fn hidden_counts_are_nowhere() {
    let folder = Folder::empty();
    let row =
        |at: usize| format!("{at},{},{}\n", if at < 20 { "病院" } else { "診療所" }, u8::from(at < 9 || at == 30));
    folder.write("m.csv", format!("ID,種別,甲\n{}", (0..40).map(row).collect::<String>()));
    let run = folder.run_well(&["tabulate", "m.csv", "--by", "種別", "--suppress", "5", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let counts: Vec<Option<u64>> = json["themes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["code"] == "甲")
        .map(|row| row["count"].as_u64())
        .collect();
    assert_eq!(counts, [Some(10), None, None]);
    assert_eq!(json["tests"].as_array().map(Vec::len), Some(0), "a p-value would tell");
}
