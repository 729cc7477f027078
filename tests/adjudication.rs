//! Final codings: sheets that people filled in come back, and every table uses them.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use common::{CODEBOOK, Csv, Folder, STUDY};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use serde_json::Value;

const CODES: [&str; 3] = ["money.subsidy", "money.fee", "training"];
const RESERVED: [&str; 4] = ["none", "satisfied", "na", "same"];

/// Answers by id: group, Q1, Q2.
const ANSWERS: [[&str; 4]; 8] = [
    ["001", "病院", "補助金がほしい", "研修の回数を増やしてほしい"],
    ["002", "診療所", "研修の予算が\n足りない", "特になし"],
    ["003", "病院", "なし", ""],
    ["004", "診療所", "=更新の経費を支援してほしい", "点数で見てほしい"],
    ["005", "病院", "勉強の場があれば", "わからない"],
    ["006", "診療所", "窓口が遠い", "補助金と研修"],
    ["007", "病院", "研修はもう十分", "なし"],
    ["1-2", "診療所", "診療報酬で評価してほしい", "人が足りない"],
];

/// A study with two questions and a net of two codes.
fn folder() -> Folder {
    let folder = Folder::small();
    folder.write("study.toml", STUDY.replace("[table]", "[[question]]\nid = \"Q2\"\n\n[table]"));
    let fee = "\n[[code]]\nid = \"money.fee\"\naxis = \"theme\"\nnet = \"money\"\nlabel = \"診療報酬\"\nrule = \"診療報酬\"\nmaybe = \"点数\"\n";
    let (before, after) = CODEBOOK.split_once("\n[[code]]\nid = \"training\"").unwrap();
    folder.write("codebook.toml", format!("{before}{fee}\n[[code]]\nid = \"training\"{after}"));
    let mut text = "回答者ID,施設種別,Q1,Q2\n".to_owned();
    for [id, group, one, two] in ANSWERS {
        text.push_str(&format!("{id},{group},\"{one}\",\"{two}\"\n"));
    }
    folder.write("responses.csv", text);
    folder
}

/// Adds `[codings]` to the study.
fn with(folder: &Folder, order: &str, files: &str) {
    let study = folder.text("study.toml");
    let study = study.split("\n[codings]").next().unwrap();
    folder.write("study.toml", format!("{study}\n[codings]\nfinal = [{order}]\n[codings.files]\n{files}\n"));
}

fn csv(folder: &Folder, file: &str) -> Csv {
    Csv::parse(&std::fs::read(folder.path(file)).unwrap())
}

/// The cells of a workbook's first sheet, as they are shown.
fn cells(folder: &Folder, file: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(folder.path(file)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

fn column(cells: &[Vec<String>], name: &str) -> usize {
    cells[0].iter().position(|title| title == name || title.ends_with(&format!("({name})"))).expect(name)
}

/// Writes the cells back as a workbook; numbers where people type numbers.
fn save(folder: &Folder, file: &str, cells: &[Vec<String>], also: impl FnOnce(&mut Worksheet)) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0u32..).zip(cells) {
        for (column, cell) in (0u16..).zip(line) {
            match cell.as_str() {
                "" => {}
                "0" | "1" => drop(sheet.write_number(row, column, cell.parse::<f64>().unwrap()).unwrap()),
                _ => drop(sheet.write_string(row, column, cell).unwrap()),
            }
        }
    }
    also(sheet);
    book.save(folder.path(file)).unwrap();
}

type Key = (String, String, String);

fn key(id: &str, question: &str, code: &str) -> Key {
    (id.to_owned(), question.to_owned(), code.to_owned())
}

/// Every answer with text.
fn answers() -> Vec<(&'static str, &'static str, &'static str)> {
    ANSWERS
        .iter()
        .flat_map(|[id, _, one, two]| [(*id, "Q1", *one), (*id, "Q2", *two)])
        .filter(|own| !own.2.is_empty())
        .collect()
}

/// What the rules give, from a run without people.
fn of_rules(folder: &Folder) -> BTreeSet<Key> {
    let study = folder.text("study.toml");
    folder.write("plain.toml", study.split("\n[codings]").next().unwrap());
    folder.run_well(&["run", "plain.toml", "--out", "plain", "--quiet"]);
    csv(folder, "plain/codings.csv")
        .records()
        .map(|row| key(&row["respondent_id"], &row["question"], &row["code"]))
        .collect()
}

/// What a source says of a code of an answer.
type Word<'w> = dyn Fn(&Key) -> Option<bool> + 'w;

/// The plainest way to final codes. `words` says for each source, the strongest first, what
/// it says of a code; the last one, the rules, speaks of everything.
fn brute(words: &[&Word<'_>]) -> BTreeMap<Key, usize> {
    let mut all = BTreeMap::new();
    for (id, question, _) in answers() {
        let mut given: Vec<(usize, &str)> = Vec::new();
        for code in CODES.iter().chain(&RESERVED) {
            let key = key(id, question, code);
            let (rank, word) = words.iter().enumerate().find_map(|(rank, word)| Some((rank, word(&key)?))).unwrap();
            if word {
                given.push((rank, code));
            }
        }
        // The strongest word says whether this is a whole answer or has content.
        given.sort();
        let is_whole = given.first().is_some_and(|(_, code)| RESERVED.contains(code));
        if is_whole {
            given.truncate(1);
        }
        for (rank, code) in given {
            if is_whole || !RESERVED.contains(&code) {
                all.insert(key(id, question, code), rank);
            }
        }
    }
    all
}

/// The tables of the run in `out` are those of `last`.
fn assert_tables(folder: &Folder, last: &BTreeMap<Key, usize>, names: &[&str]) {
    let has = |id: &str, question: &str, code: &str| match code {
        "money" => ["money.subsidy", "money.fee"].iter().any(|code| last.contains_key(&key(id, question, code))),
        _ => last.contains_key(&key(id, question, code)),
    };
    let counted: BTreeMap<Key, usize> = csv(folder, "out/codings.csv")
        .records()
        .filter(|row| &row["final"] == "1")
        .map(|row| {
            let rank = names.iter().position(|name| *name == &row["coder"]).unwrap();
            (key(&row["respondent_id"], &row["question"], &row["code"]), rank)
        })
        .collect();
    assert_eq!(&counted, last);
    let mut seen = 0;
    for row in csv(folder, "out/matrix.csv").records().filter(|row| !["blank", "not_asked"].contains(&&row["status"])) {
        let (id, question) = (&row["respondent_id"], &row["question"]);
        for code in CODES.iter().chain(&["money"]) {
            assert_eq!(&row[*code] == "1", has(id, question, code), "{id} {question} {code}");
        }
        let status = RESERVED.iter().find(|code| has(id, question, code)).unwrap_or(&"text");
        assert_eq!(&row["status"], *status, "{id} {question}");
        seen += 1;
    }
    assert_eq!(seen, answers().len());
    for row in csv(folder, "out/themes.csv").records() {
        let of = |own: &&[&str; 4]| row["group_by"].is_empty() || own[1] == &row["group"];
        let count = ANSWERS.iter().filter(of).filter(|own| has(own[0], &row["question"], &row["code"])).count();
        assert_eq!(row.number("count"), count as u64, "{} {} {}", &row["question"], &row["code"], &row["group"]);
    }
    let manifest: Value = serde_json::from_str(&folder.text("out/manifest.json")).unwrap();
    for (rank, name) in names.iter().enumerate() {
        let count = last.values().filter(|own| **own == rank).count();
        assert_eq!(manifest["codings"]["codes"][name], count, "{name}");
    }
}

/// What two people tick: `(id, question, code)` of each.
fn ticks() -> [Vec<[&'static str; 3]>; 2] {
    let both = [
        ["001", "Q1", "money.subsidy"],
        ["001", "Q2", "training"],
        ["002", "Q2", "none"],
        ["003", "Q1", "none"],
        ["004", "Q2", "money.fee"],
        // 「わからない」 is content to them.
        ["005", "Q2", "training"],
        ["1-2", "Q1", "money.fee"],
    ];
    let one = [["002", "Q1", "training"], ["006", "Q2", "training"], ["007", "Q1", "satisfied"]];
    let two = [
        ["002", "Q1", "money.subsidy"],
        ["006", "Q2", "money.subsidy"],
        ["007", "Q1", "training"],
        ["005", "Q1", "training"],
    ];
    [[&both[..], &one].concat(), [&both[..], &two].concat()]
}

/// Fills in a coding sheet in Excel.
fn fill_in(folder: &Folder, coder: &str, ticks: &[[&str; 3]]) {
    let file = format!("{coder}.xlsx");
    folder.run_well(&["sheet", "study.toml", "--coder", coder, "--blind", "--out", &file]);
    let mut cells = cells(folder, &file);
    let [id, question, done] = ["respondent_id", "question", "coded"].map(|name| column(&cells, name));
    for row in 1..cells.len() {
        cells[row][done] = "1".to_owned();
        for code in CODES.iter().chain(&RESERVED) {
            if ticks.contains(&[cells[row][id].as_str(), cells[row][question].as_str(), code]) {
                let at = column(&cells, code);
                cells[row][at] = "1".to_owned();
            }
        }
    }
    save(folder, &file, &cells, |_| ());
}

/// Sheets, Excel, audit, disagreements, Excel, tables.
#[test]
fn the_way_from_sheets_to_tables() {
    let folder = folder();
    let ticks = ticks();
    fill_in(&folder, "sato", &ticks[0]);
    fill_in(&folder, "suzuki", &ticks[1]);
    folder.run_well(&["audit", "sato.xlsx", "suzuki.xlsx", "--study", "study.toml", "--disagreements", "settle.xlsx"]);

    // People choose from lists.
    let mut book = zip::ZipArchive::new(std::fs::File::open(folder.path("settle.xlsx")).unwrap()).unwrap();
    let sheet = std::io::read_to_string(book.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    for list in ["<formula1>\"1,0\"</formula1>", "<formula1>\"request,concern\"</formula1>"] {
        assert!(sheet.contains(list), "{list}");
    }

    // 007 Q1: "satisfied" wins, and the "training" of the rules falls with it, undecided.
    let decided = [
        (["002", "Q1", "training"], true, "研修の話でもある"),
        (["002", "Q1", "money.subsidy"], true, "予算"),
        (["006", "Q2", "training"], false, ""),
        (["007", "Q1", "satisfied"], true, "これ以上は要らないという意味"),
    ];
    let mut sheet = cells(&folder, "settle.xlsx");
    let [id, question, code] = ["respondent_id", "question", "code"].map(|name| column(&sheet, name));
    let [decision, stance, reason, who, time] =
        ["decision", "stance", "reason", "adjudicator", "time"].map(|name| column(&sheet, name));
    let mut times = Vec::new();
    for (at, row) in sheet.iter_mut().enumerate() {
        let own = [row[id].clone(), row[question].clone(), row[code].clone()];
        let Some((_, given, why)) = decided.iter().find(|(key, ..)| *key == own.each_ref().map(String::as_str)) else {
            continue;
        };
        row[decision] = if *given { "1" } else { "0" }.to_owned();
        row[reason] = (*why).to_owned();
        row[who] = "田中".to_owned();
        if own[0] == "002" && own[2] == "training" {
            row[stance] = "懸念".to_owned();
        }
        times.push(at as u32);
    }
    assert_eq!(times.len(), decided.len(), "{sheet:?}");
    save(&folder, "settled.xlsx", &sheet, |sheet| {
        let moment = ExcelDateTime::from_ymd(2026, 11, 20).unwrap().and_hms(14, 30, 0).unwrap();
        let format = Format::new().set_num_format("yyyy/m/d h:mm");
        for row in times {
            sheet.write_datetime_with_format(row, time as u16, &moment, &format).unwrap();
        }
    });
    with(
        &folder,
        "\"adjudicated\", \"people\", \"rules\"",
        "adjudicated = \"settled.xlsx\"\npeople = [\"sato.xlsx\", \"suzuki.xlsx\"]",
    );
    let rules = of_rules(&folder);
    let run = folder.run_well(&["run", "study.toml"]);

    let borrowed = |key: &Key| [key.0.clone(), key.1.clone(), key.2.clone()];
    let adjudicated =
        |key: &Key| decided.iter().find(|own| own.0 == borrowed(key).each_ref().map(String::as_str)).map(|own| own.1);
    let people = |key: &Key| {
        let said = ticks.each_ref().map(|ticks| ticks.contains(&borrowed(key).each_ref().map(String::as_str)));
        (said[0] == said[1]).then_some(said[0])
    };
    let machine = |key: &Key| Some(rules.contains(key));
    let last = brute(&[&adjudicated, &people, &machine]);
    let names = ["adjudicated", "people", "rules"];
    assert_tables(&folder, &last, &names);
    let counts = [0, 1, 2].map(|rank| last.values().filter(|own| **own == rank).count());
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    let removed = rules.iter().filter(|key| !last.contains_key(*key)).count();
    let [one, two, three] = counts;
    let line = format!(
        "コードの出どころ: adjudicated {one}、people {two}、rules {three}（予約コードを含む）。人が外したルールのコード {removed}、"
    );
    assert!(run.stdout.contains(&line), "{line}\n{}", run.stdout);
    assert!(folder.text("out/summary.md").contains(&format!("people {two}、rules {three}")));
    assert!(folder.text("out/report.html").contains(&format!("people {two}, rules {three}")));
    assert!(!folder.text("out/summary.md").contains("人による読み直しは含みません"));

    let decisions = csv(&folder, "out/decisions.csv");
    let own: Vec<_> = decisions.records().filter(|row| &row["source"] == "adjudicated").collect();
    assert_eq!(own.len(), decided.len());
    for row in &own {
        assert_eq!([&row["time"], &row["coder"], &row["status"]], ["2026-11-20 14:30:00", "田中", "final"]);
        let why =
            decided.iter().find(|own| own.0 == [&row["respondent_id"], &row["question"], &row["code"]]).unwrap().2;
        assert_eq!(&row["reason"], why);
    }
    let meant = csv(&folder, "out/codings.csv");
    let meant = meant
        .records()
        .find(|row| &row["respondent_id"] == "002" && &row["coder"] == "adjudicated" && &row["code"] == "training");
    assert_eq!(meant.map(|row| row.cell("stance")), Some("concern"));

    // What they left open is told, and the rules decided it.
    assert!(run.stderr.contains("意見が分かれたまま"), "{}", run.stderr);
    let before = folder.files_in("out");
    folder.run_well(&["run", "study.toml", "--threads", "1", "--quiet"]);
    assert!(before == folder.files_in("out"));
    let english = folder.run_well(&["run", "study.toml", "--lang", "en"]);
    assert!(
        english.stdout.contains(&format!("Sources of codes: adjudicated {one}, people {two}, rules {three}")),
        "{}",
        english.stdout
    );
}

/// Decisions drawn at random, beside codings of whole answers that know no reserved codes.
#[test]
fn random_decisions_as_one_would_count_them() {
    let folder = folder();
    let rules = of_rules(&folder);
    let mut state = 20_261_122_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..12 {
        let mut cells: BTreeMap<Key, bool> = BTreeMap::new();
        let mut whole: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        let mut over = "respondent_id,question,code,value,reason\n".to_owned();
        let mut table = format!("respondent_id,question,{}\n", CODES.join(","));
        for (id, question, _) in answers() {
            // One reserved code at most, and then no code: else the source contradicts itself.
            let is_whole = draw(2) == 0;
            let mut one = false;
            for code in CODES.iter().chain(&RESERVED).filter(|_| draw(4) == 0).collect::<Vec<_>>() {
                let given = draw(2) == 0 && RESERVED.contains(code) == is_whole && !(is_whole && one);
                one |= given;
                cells.insert(key(id, question, code), given);
                over.push_str(&format!("{id},{question},{code},{},\n", u8::from(given)));
            }
            if draw(2) == 0 {
                let given: BTreeSet<&str> = CODES.into_iter().filter(|_| draw(3) == 0).collect();
                let marks = CODES.map(|code| if given.contains(code) { "1" } else { "0" });
                table.push_str(&format!("{id},{question},{}\n", marks.join(",")));
                whole.insert((id, question), given);
            }
        }
        folder.write("over.csv", over);
        folder.write("wide.csv", table);
        with(&folder, "\"over\", \"wide\", \"rules\"", "over = \"over.csv\"\nwide = \"wide.csv\"");
        folder.run_well(&["run", "study.toml", "--quiet"]);
        let first = |key: &Key| cells.get(key).copied();
        let second = |key: &Key| {
            let given = whole.get(&(key.0.as_str(), key.1.as_str()))?;
            CODES.contains(&key.2.as_str()).then(|| given.contains(key.2.as_str()))
        };
        let third = |key: &Key| Some(rules.contains(key));
        assert_tables(&folder, &brute(&[&first, &second, &third]), &["over", "wide", "rules"]);
    }
}

const OVER: &str = "respondent_id,question,code,value,reason,text,coder,time\n";

/// A study with overrides, and how its run ends.
fn over(rows: &str) -> (Folder, common::Run) {
    let folder = folder();
    folder.write("over.csv", format!("{OVER}{rows}"));
    with(&folder, "\"over\", \"rules\"", "over = \"over.csv\"");
    let run = folder.run(&["run", "study.toml"]);
    (folder, run)
}

fn status(folder: &Folder, id: &str, question: &str, column: &str) -> String {
    let matrix = csv(folder, "out/matrix.csv");
    let row = matrix.records().find(|row| &row["respondent_id"] == id && &row["question"] == question).unwrap();
    row[column].to_owned()
}

#[test]
fn what_was_decided_on_other_words_is_told_and_not_applied() {
    let rows = "001,Q1,money.subsidy,0,違う,補助金を増やして,sato,2026-11-01\n001,Q2,training,0,違う,研修の回数を増やしてほしい,,\n003,Q2,training,1,書いてあった,研修を,,\n";
    let (folder, run) = over(rows);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert_eq!([status(&folder, "001", "Q1", "money.subsidy"), status(&folder, "001", "Q2", "training")], ["1", "0"]);
    for part in ["001 Q1 money.subsidy", "over.csv 2行", "over.csv 4行", "判定し直し"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert!(run.stdout.contains("使わなかった判定 2。"), "{}", run.stdout);
    let decisions = csv(&folder, "out/decisions.csv");
    let found: Vec<[&str; 4]> = decisions
        .records()
        .map(|row| ["respondent_id", "question", "status", "line"].map(|name| row.cell(name)))
        .collect();
    assert_eq!(found, [["001", "Q1", "stale", "2"], ["001", "Q2", "final", "3"], ["003", "Q2", "stale", "4"]]);
    let manifest: Value = serde_json::from_str(&folder.text("out/manifest.json")).unwrap();
    assert_eq!(manifest["codings"]["stale"], 2);
    assert_eq!(
        manifest["codings"]["sources"][0]["files"][0]["sha256"],
        common::sha256(&std::fs::read(folder.path("over.csv")).unwrap())
    );
    let english = folder.run(&["run", "study.toml", "--lang", "en"]);
    assert!(english.stderr.contains("have changed since it was decided"), "{}", english.stderr);
    assert!(english.stdout.contains("because the answer has changed: 2."), "{}", english.stdout);

    // A new decision beside the old one is no contradiction.
    let (folder, run) = over(&format!("{rows}001,Q1,money.subsidy,0,やはり違う,補助金がほしい,sato,2026-11-22\n"));
    assert_eq!(run.status, 1);
    assert_eq!(status(&folder, "001", "Q1", "money.subsidy"), "0");
}

/// A coding sheet that was filled in before the answers changed.
#[test]
fn sheets_of_whole_answers_can_be_stale_too() {
    let folder = folder();
    fill_in(&folder, "sato", &ticks()[0]);
    folder.edit("responses.csv", "勉強の場があれば", "勉強の場がほしい");
    with(&folder, "\"sato\", \"rules\"", "sato = \"sato.xlsx\"");
    let run = folder.run(&["run", "study.toml"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("「005 Q1」は判定した後に回答の文が変わった"), "{}", run.stderr);
    let decisions = csv(&folder, "out/decisions.csv");
    let stale: Vec<_> = decisions.records().filter(|row| &row["status"] == "stale").collect();
    assert_eq!(stale.len(), 1);
    assert_eq!([&stale[0]["respondent_id"], &stale[0]["code"], &stale[0]["coder"]], ["005", "", "sato"]);
    // The rules' suggestion is asked again, as nobody has decided on the new words.
    assert!(folder.text("out/review.csv").contains("005,Q1,training,maybe"));
    // Agreement must not quietly lose an answer.
    assert_eq!(folder.run(&["audit", "sato.xlsx", "--study", "study.toml"]).status, 2);
}

#[test]
fn a_blank_decision_is_no_word() {
    let (folder, run) = over("001,Q1,money.subsidy,,まだ迷っている,,,\n006,Q1,training,,,,,\n001,Q2,training,0,,,,\n");
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!([status(&folder, "001", "Q1", "money.subsidy"), status(&folder, "001", "Q2", "training")], ["1", "0"]);
    assert!(run.stderr.contains("まだ決まっていない行が 2 行"), "{}", run.stderr);
    assert!(run.stderr.contains("over.csv 2行") && run.stderr.contains("decision に 1 か 0"), "{}", run.stderr);
    let (_, none) = over("001,Q1,money.subsidy,,,,,\n");
    assert_eq!(none.status, 0, "{}", none.stderr);
    assert!(none.stdout.contains("over 0、"), "{}", none.stdout);
}

/// Nets, stances, reserved codes and what is left to review follow the decision.
#[test]
fn what_hangs_on_a_code_follows_it() {
    let (folder, run) = over(concat!(
        "001,Q1,money.subsidy,0,,,,\n",
        "002,Q2,training,1,言外に,,,\n",
        "007,Q2,none,0,,,,\n",
        "005,Q1,training,1,,,,\n",
        "004,Q2,money.fee,0,,,,\n",
        "1-2,Q1,none,1,,,,\n",
    ));
    assert_eq!(run.status, 0, "{}", run.stderr);
    // The net falls with its only code; of two it stays with the other.
    assert_eq!([status(&folder, "001", "Q1", "money"), status(&folder, "006", "Q2", "money")], ["0", "1"]);
    // A code that a person gives makes content of 「特になし」; taking the reserved code
    // away does too; and a reserved code takes the codes of the rules away.
    let at = |id: &str, question: &str| status(&folder, id, question, "status");
    assert_eq!([at("002", "Q2"), at("007", "Q2"), at("1-2", "Q1")], ["text", "text", "none"]);
    assert_eq!(status(&folder, "1-2", "Q1", "money.fee"), "0");
    let review = folder.text("out/review.csv");
    // Decided: a suggestion that was taken, and one that was turned down.
    assert!(!review.contains("005,Q1,training,maybe") && !review.contains("004,Q2,money.fee,maybe"), "{review}");
    assert!(review.contains("007,Q2,,uncoded"), "{review}");
    let codings = csv(&folder, "out/codings.csv");
    let row = |id: &str, code: &str, coder: &str| {
        let of = |row: &common::Record<'_>| [&row["respondent_id"], &row["code"], &row["coder"]] == [id, code, coder];
        codings
            .records()
            .find(of)
            .map(|row| ["evidence", "stance", "final", "unit"].map(|name| row.cell(name).to_owned()))
    };
    let owned = |cells: [&str; 4]| Some(cells.map(str::to_owned));
    // The rules' words stay to be seen, and do not count.
    assert_eq!(row("001", "money.subsidy", "rules"), owned(["補助金", "request", "0", "sentence"]));
    assert_eq!(row("001", "money.subsidy", "over"), None);
    // A suggestion that a person takes has its words; a code out of the blue has none.
    assert_eq!(row("005", "training", "over"), owned(["勉強", "", "1", "sentence"]));
    assert_eq!(row("002", "training", "over"), owned(["", "", "1", "response"]));
    assert_eq!(row("1-2", "none", "over"), owned(["診療報酬で評価してほしい", "", "1", "response"]));
    assert_eq!(row("1-2", "money.fee", "rules").map(|row| row[2].clone()), Some("0".to_owned()));
}

/// Where all codes are decided, an answer without one is not asked again.
#[test]
fn a_decided_answer_without_a_code_is_not_asked_again() {
    let folder = folder();
    folder.write(
        "own.csv",
        format!("respondent_id,question,{}\n006,Q1,0,0,0\n004,Q2,0,0,0\n003,Q1,0,0,0\n", CODES.join(",")),
    );
    with(&folder, "\"own\", \"rules\"", "own = \"own.csv\"");
    folder.run_well(&["run", "study.toml"]);
    let review = folder.text("out/review.csv");
    assert!(!review.contains("006,Q1") && !review.contains("004,Q2"), "{review}");
    assert!(review.contains("1-2,Q2,,uncoded"), "{review}");
    // They have no column for 「なし」, and so no word on it.
    assert_eq!(status(&folder, "003", "Q1", "status"), "none");
}

#[test]
fn the_first_that_has_a_word_decides_and_a_stance_can_be_anothers() {
    let folder = folder();
    folder.write("one.csv", format!("{OVER}001,Q1,money.subsidy,1,,,,\n002,Q1,training,0,,,,\n"));
    folder.write("two.csv", "respondent_id,question,code,decision,stance\n001,Q1,money.subsidy,1,concern\n002,Q1,training,1,request\n006,Q1,training,1,\n");
    let stance = || {
        let codings = csv(&folder, "out/codings.csv");
        let row = codings.records().find(|row| &row["respondent_id"] == "001" && &row["final"] == "1").unwrap();
        (row["coder"].to_owned(), row["stance"].to_owned())
    };
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    with(&folder, "\"one\", \"two\", \"rules\"", "one = \"one.csv\"\ntwo = \"two.csv\"");
    folder.run_well(&["run", "study.toml"]);
    let given = || ["002", "006"].map(|id| status(&folder, id, "Q1", "training"));
    assert_eq!((given(), stance()), (["0", "1"].map(str::to_owned), pair("one", "concern")));
    with(&folder, "\"two\", \"one\", \"rules\"", "one = \"one.csv\"\ntwo = \"two.csv\"");
    folder.run_well(&["run", "study.toml"]);
    assert_eq!((given(), stance()), (["1", "1"].map(str::to_owned), pair("two", "concern")));
}

#[test]
fn without_the_rules_people_must_decide_everything() {
    let folder = folder();
    let mut text = "respondent_id,question,code\n".to_owned();
    for (id, question, _) in answers() {
        text.push_str(&format!("{id},{question},{}\n", if id == "003" { "none" } else { "training" }));
    }
    folder.write("all.csv", &text);
    with(&folder, "\"all\"", "all = \"all.csv\"");
    let run = folder.run_well(&["run", "study.toml"]);
    assert!(run.stdout.contains("コードの出どころ: all 15（"), "{}", run.stdout);
    folder.write("all.csv", text.replace("006,Q2,training\n", ""));
    let run = folder.run(&["run", "study.toml"]);
    assert_eq!(run.status, 2);
    for part in ["回答 1 件。最初は「006 Q2」の money.subsidy", "study.toml 26行", "\"rules\" を加える"]
    {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

/// Whoever names only the rules gets what there is without `[codings]`.
#[test]
fn rules_alone_change_no_table() {
    let folder = folder();
    of_rules(&folder);
    folder.write("study.toml", format!("{}\n[codings]\nfinal = \"rules\"\n", folder.text("study.toml")));
    folder.run_well(&["run", "study.toml", "--quiet"]);
    for file in ["matrix.csv", "themes.csv", "tests.csv", "review.csv"] {
        assert_eq!(folder.text(&format!("out/{file}")), folder.text(&format!("plain/{file}")), "{file}");
    }
    assert!(!folder.path("plain/decisions.csv").exists());
}

/// What cannot be meant is refused with its row and what to do, in both languages.
#[test]
fn mistakes_are_told_with_their_rows() {
    let cases: [(&str, &str, &str, &str, &str); 11] = [
        (
            "001,Q1,training,1,,,,\n001,Q1,training,0,,,,\n",
            "違う判定が2つ",
            "over.csv の 2行",
            "over.csv 3行",
            "two different decisions",
        ),
        ("009,Q1,training,1,,,,\n", "回答者「009」はいません", "→", "over.csv 2行", "no respondent \"009\""),
        ("1,Q1,training,1,,,,\n", "先頭の 0", "001", "over.csv 2行", "leading zeros"),
        ("001,Q9,training,1,,,,\n", "設問「Q9」はありません", "Q1", "over.csv 2行", "no question \"Q9\""),
        (
            "001,Q1,trainning,1,,,,\n",
            "コード「trainning」はありません",
            "「training」",
            "over.csv 2行 3列",
            "no code \"trainning\"",
        ),
        ("001,Q1,,1,,,,\n", "コードが空です", "書いてください", "over.csv 2行 3列", "The code is blank"),
        ("001,Q1,training,2,,,,\n", "1 でも 0 でもありません", "付けるなら 1", "over.csv 2行 4列", "neither 1 nor 0"),
        ("003,Q2,training,1,,,,\n", "答えていません", "行を消して", "over.csv 2行", "gave no answer"),
        (",Q1,training,1,,,,\n", "ID が空です", "→", "over.csv 2行", "id is blank"),
        (
            "001,Q1,none,1,,,,\n001,Q1,training,1,,,,\n",
            "none と、training の両方",
            "外してください",
            "over.csv 2行",
            "is a whole answer",
        ),
        (
            "001,Q1,none,1,,,,\n001,Q1,na,1,,,,\n",
            "none と、na の両方",
            "外してください",
            "over.csv 2行",
            "is a whole answer",
        ),
    ];
    for (rows, message, hint, place, english) in cases {
        let (folder, run) = over(rows);
        assert_eq!(run.status, 2, "{rows}");
        for part in [message, hint, place] {
            assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
        }
        let run = folder.run(&["run", "study.toml", "--lang", "en"]);
        assert!(run.stderr.contains(english), "{english}: {}", run.stderr);
        assert!(!folder.path("out").exists(), "{rows}");
    }
    let folder = folder();
    folder.write("over.csv", "respondent_id,question,code,decision,stance\n001,Q1,training,0,request\n");
    with(&folder, "\"over\", \"rules\"", "over = \"over.csv\"");
    let run = folder.run(&["run", "study.toml"]);
    assert!(run.stderr.contains("判定が 0 なのに") && run.stderr.contains("2行 5列"), "{}", run.stderr);
    folder.write("whole.csv", "respondent_id,question,code\n001,Q1,training\n");
    with(&folder, "\"over\", \"rules\"", "over = [\"whole.csv\", \"over.csv\"]");
    folder.write("over.csv", format!("{OVER}001,Q1,training,0,,,,\n"));
    let run = folder.run(&["run", "study.toml"]);
    assert!(run.stderr.contains("混ざっています") && run.stderr.contains("別の名前"), "{}", run.stderr);
    with(&folder, "\"over\", \"rules\"", "over = [\"whole.csv\", \"whole.csv\"]");
    let run = folder.run(&["run", "study.toml"]);
    assert!(run.stderr.contains("2回出てきます"), "{}", run.stderr);
    with(&folder, "\"over\", \"rules\"", "over = \"nowhere.csv\"");
    let run = folder.run(&["run", "study.toml"]);
    assert!(run.stderr.contains("nowhere.csv") && run.stderr.contains("見つかりません"), "{}", run.stderr);
}

/// What people decided is not written over, nor taken for what a coder made of answers.
#[test]
fn a_sheet_that_is_filled_in_is_kept() {
    let folder = folder();
    let ticks = ticks();
    fill_in(&folder, "sato", &ticks[0]);
    fill_in(&folder, "suzuki", &ticks[1]);
    let audit = ["audit", "sato.xlsx", "suzuki.xlsx", "--study", "study.toml", "--disagreements", "settle.csv"];
    folder.run_well(&audit);
    folder.run_well(&audit);
    let text = folder.text("settle.csv");
    let header = text.lines().next().unwrap();
    assert!(
        header.ends_with("coder:sato,coder:suzuki,coder:rules,decision,stance,reason,adjudicator,time"),
        "{header}"
    );
    let filled = text.replacen(",,,,,\r\n", ",1,,,,\r\n", 1);
    assert!(filled != text);
    folder.write("settle.csv", &filled);
    let run = folder.run(&audit);
    assert_eq!((run.status, run.stderr.contains("人の判定が入っています")), (2, true), "{}", run.stderr);
    assert_eq!(folder.text("settle.csv"), filled);
    let run = folder.run(&["audit", "settle.csv", "sato.xlsx", "--study", "study.toml"]);
    assert!(run.status == 2 && run.stderr.contains("[codings.files]"), "{}", run.stderr);
    // Its codes would all look as if they were given.
    folder.write("settle.csv", filled.replace(",decision,", ",判断,"));
    with(&folder, "\"over\", \"rules\"", "over = \"settle.csv\"");
    let run = folder.run(&["run", "study.toml"]);
    assert!(run.status == 2 && run.stderr.contains("「decision」がありません"), "{}", run.stderr);
}
