//! The files of a run, each against what the contract says and against each other, with
//! arithmetic of their own.

mod common;

use std::collections::{HashMap, HashSet};

use common::{Csv, Folder, assert_evidence};
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

const ATTRIBUTE: &str = "施設種別";
const CATEGORIES: [&str; 4] = ["医師会病院", "健診センター", "検査センター", "健診・検査複合体"];
const NET: (&str, [&str; 3]) = ("健セ・検セ・複合体", ["健診センター", "検査センター", "健診・検査複合体"]);
const RESERVED: [&str; 4] = ["same", "na", "satisfied", "none"];

struct Outputs {
    codings: Csv,
    matrix: Csv,
    themes: Csv,
    review: Csv,
}

fn outputs(folder: &Folder, out: &str) -> Outputs {
    let files = folder.files_in(out);
    let csv = |name: &str| Csv::parse(&files[name]);
    Outputs {
        codings: csv("codings.csv"),
        matrix: csv("matrix.csv"),
        themes: csv("themes.csv"),
        review: csv("review.csv"),
    }
}

fn sample() -> (Folder, Outputs) {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let outputs = outputs(&folder, "data/out");
    (folder, outputs)
}

/// Answers of the sample study by respondent and question, with LF line ends.
fn answers(folder: &Folder) -> HashMap<(String, String), String> {
    let csv = Csv::parse(folder.text("data/responses.csv").as_bytes());
    let mut answers = HashMap::new();
    for record in csv.records() {
        for question in ["Q1", "Q2"] {
            let answer = record[question].replace("\r\n", "\n");
            answers.insert((record["回答者ID"].to_owned(), question.to_owned()), answer);
        }
    }
    answers
}

/// Ids of the codebook's theme codes with the net of each, in order, read without the
/// program's own reader.
fn codes(folder: &Folder) -> Vec<(String, Option<String>)> {
    let text = folder.text("codebooks/medical-cybersecurity.toml");
    let value = |block: &str, key: &str| {
        let line = block.lines().find(|line| line.starts_with(&format!("{key} = ")))?;
        line.split('"').nth(1).map(str::to_owned)
    };
    let blocks = text.split("\n[[").filter_map(|block| block.strip_prefix("code]]"));
    let themes = blocks.filter(|block| value(block, "axis").as_deref() == Some("theme"));
    themes.map(|block| (value(block, "id").expect("an id"), value(block, "net"))).collect()
}

#[test]
fn headers_are_the_documented_ones() {
    let (folder, outputs) = sample();
    assert_eq!(outputs.codings.header.join(","), "respondent_id,question,code,stance,coder,start,end,evidence,unit");
    assert_eq!(
        outputs.themes.header.join(","),
        "question,axis,code,label,level,group_by,group,count,base,percent,ci_low,ci_high"
    );
    assert_eq!(outputs.review.header.join(","), "respondent_id,question,code,reason,start,end,evidence");
    let mut expected = vec!["respondent_id".to_owned(), "question".into(), ATTRIBUTE.into(), "status".into()];
    for (code, net) in codes(&folder) {
        expected.extend(net.filter(|net| !expected.contains(net)));
        expected.push(code);
    }
    assert_eq!(outputs.matrix.header, expected);
}

#[test]
fn evidence_slices_the_answer_as_it_was_read() {
    let (folder, outputs) = sample();
    let answers = answers(&folder);
    let answer = |respondent: &str, question: &str| &answers[&(respondent.to_owned(), question.to_owned())];
    for row in outputs.codings.records() {
        assert_evidence(answer(&row["respondent_id"], &row["question"]), &row["start"], &row["end"], &row["evidence"]);
        assert!(["response", "sentence", "clause"].contains(&&row["unit"]), "{}", &row["unit"]);
        assert_eq!(&row["coder"], "rules");
    }
    for row in outputs.review.records() {
        assert_evidence(answer(&row["respondent_id"], &row["question"]), &row["start"], &row["end"], &row["evidence"]);
        assert_eq!(&row["reason"] == "uncoded", row["code"].is_empty(), "{}", &row["reason"]);
        assert!(["maybe", "uncoded", "conflict"].contains(&&row["reason"]), "{}", &row["reason"]);
    }
    assert!(outputs.codings.rows.len() > 100 && outputs.review.rows.len() > 50);
}

#[test]
fn the_matrix_agrees_with_the_codings() {
    let (folder, outputs) = sample();
    let codes = codes(&folder);
    let answers = answers(&folder);
    let mut coded: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
    for row in &outputs.codings.rows {
        coded.entry((&row[0], &row[1])).or_default().push(&row[2]);
    }
    assert_eq!(outputs.matrix.rows.len(), answers.len(), "one row a response");
    for row in outputs.matrix.records() {
        let key = (&row["respondent_id"], &row["question"]);
        let none = Vec::new();
        let has = coded.get(&key).unwrap_or(&none);
        let answer = &answers[&(key.0.to_owned(), key.1.to_owned())];
        let status = &row["status"];
        assert_eq!(status == "blank", answer.trim().is_empty(), "{key:?}");
        assert_eq!(RESERVED.contains(&status), has.contains(&status), "{key:?} {status} {has:?}");
        assert!(!RESERVED.contains(&status) || has.len() == 1, "a reserved code stands alone: {key:?} {has:?}");
        for (code, net) in &codes {
            let expected = match status {
                "blank" | "not_asked" => "",
                _ if has.contains(&code.as_str()) => "1",
                _ => "0",
            };
            assert_eq!(&row[code.as_str()], expected, "{key:?} {code}");
            assert!(net.as_ref().is_none_or(|net| row[net.as_str()] >= row[code.as_str()]), "{key:?} {code}");
        }
        for net in codes.iter().filter_map(|(_, net)| net.as_ref()) {
            let members = codes.iter().filter(|(_, other)| other.as_ref() == Some(net));
            let any = members.map(|(code, _)| &row[code.as_str()]).max().unwrap();
            assert_eq!(&row[net.as_str()], any, "{key:?} {net}");
        }
    }
}

#[test]
fn the_themes_agree_with_the_matrix_for_both_bases() {
    let folder = Folder::sample();
    for base in ["respondents", "answered"] {
        let study = folder.text("data/study.toml").replace("base = \"respondents\"", &format!("base = \"{base}\""));
        folder.write("data/other.toml", study);
        folder.run_well(&["run", "data/other.toml", "--quiet", "--out", base]);
        let outputs = outputs(&folder, base);
        assert_themes(&outputs, base);
        assert_sums(&outputs.themes, &codes(&folder));
    }
}

/// Whether a row of the matrix is in a group of the themes.
fn is_in(facility: &str, group_by: &str, group: &str) -> bool {
    match (group_by, group) {
        ("", "全体") => true,
        (ATTRIBUTE, group) if group == NET.0 => NET.1.contains(&facility),
        (ATTRIBUTE, "不明") => facility.is_empty(),
        (ATTRIBUTE, group) => facility == group,
        _ => panic!("{group_by} {group}"),
    }
}

fn assert_themes(outputs: &Outputs, base: &str) {
    for theme in outputs.themes.records() {
        let (question, code) = (&theme["question"], &theme["code"]);
        let reserved = &theme["level"] == "reserved";
        assert_eq!(reserved, RESERVED.contains(&code));
        let (mut count, mut of) = (0, 0);
        for row in outputs.matrix.records().filter(|row| &row["question"] == question) {
            if !is_in(&row[ATTRIBUTE], &theme["group_by"], &theme["group"]) || &row["status"] == "not_asked" {
                continue;
            }
            of += u64::from(base == "respondents" || reserved || &row["status"] == "text");
            count += u64::from(if reserved { &row["status"] == code } else { &row[code] == "1" });
        }
        assert_eq!((theme.number("count"), theme.number("base")), (count, of), "{question} {code} {base}");
        assert!(count <= of);
        assert_eq!(&theme["percent"], half_up(count, of), "{count}/{of}");
        let (low, high) = wilson(count as f64, of as f64);
        for (cell, value) in [("ci_low", low), ("ci_high", high)] {
            let told: f64 = theme[cell].parse().unwrap();
            assert!((told - value).abs() < 0.0501, "{cell} of {count}/{of}: {told}, not {value}");
        }
    }
}

/// The percentage with one decimal: half a tenth is rounded up.
fn half_up(count: u64, base: u64) -> String {
    let tenths = (2000 * count / base).div_ceil(2);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Wilson's interval as the roots of (p̂ − p)² = z² p (1 − p) / n, in percent.
fn wilson(count: f64, n: f64) -> (f64, f64) {
    let z2 = 1.959_963_984_540_054_f64.powi(2);
    let p = count / n;
    let (a, b, c) = (1.0 + z2 / n, -(2.0 * p + z2 / n), p * p);
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    (100.0 * (-b - root) / (2.0 * a), 100.0 * (-b + root) / (2.0 * a))
}

/// Facility columns sum to the total; a net of codes lies between its largest code and
/// the sum of them.
fn assert_sums(themes: &Csv, codes: &[(String, Option<String>)]) {
    let mut counts: HashMap<(&str, &str, &str), (u64, u64)> = HashMap::new();
    for row in &themes.rows {
        let cell = (row[7].parse().unwrap(), row[8].parse().unwrap());
        assert!(counts.insert((&row[0], &row[2], &row[6]), cell).is_none(), "no row stands twice: {row:?}");
    }
    for (&(question, code, _), &total) in counts.iter().filter(|((_, _, group), _)| *group == "全体") {
        let sum = |groups: &[&str]| {
            let cells = groups.iter().map(|group| counts[&(question, code, *group)]);
            cells.fold((0, 0), |sum, cell| (sum.0 + cell.0, sum.1 + cell.1))
        };
        assert_eq!(sum(&CATEGORIES), total, "{question} {code}");
        assert_eq!(sum(&NET.1), counts[&(question, code, NET.0)], "{question} {code}");
    }
    for (&(question, net, group), &(count, _)) in &counts {
        let members: Vec<u64> = codes
            .iter()
            .filter(|(_, of)| of.as_deref() == Some(net))
            .map(|(code, _)| counts[&(question, code.as_str(), group)].0)
            .collect();
        if let Some(&largest) = members.iter().max() {
            assert!((largest..=members.iter().sum()).contains(&count), "{question} {net} {group}");
        }
    }
}

#[test]
fn the_manifest_tells_what_decided_the_result() {
    let (folder, outputs) = sample();
    let files = folder.files();
    let manifest: Value = serde_json::from_slice(&files["data/out/manifest.json"]).unwrap();
    for (name, hash) in manifest["outputs"].as_object().unwrap() {
        assert_eq!(hash, &common::sha256(&files[&format!("data/out/{name}")]), "{name}");
    }
    let written = files.keys().filter_map(|name| name.strip_prefix("data/out/")).filter(|name| !name.is_empty());
    let listed = manifest["outputs"].as_object().unwrap();
    assert!(written.clone().all(|name| name == "manifest.json" || listed.contains_key(name)));
    assert_eq!(written.count(), listed.len() + 1);
    let answers = folder.text("data/responses.csv").replace("\r\n", "\n");
    assert_eq!(manifest["input"]["sha256"], common::sha256(answers.as_bytes()), "whatever the line ends");
    assert_eq!(manifest["codebook"]["sha256"], common::sha256(&files["codebooks/medical-cybersecurity.toml"]));
    let count = |key: &str| manifest["counts"][key].as_u64().unwrap() as usize;
    assert_eq!(count("respondents") * 2, outputs.matrix.rows.len());
    assert_eq!(count("codings") + count("reserved"), outputs.codings.rows.len());
    let rows = |reason: &str| outputs.review.records().filter(|row| &row["reason"] == reason).count();
    assert_eq!(
        [count("suggestions"), count("uncoded"), count("conflicts")],
        [rows("maybe"), rows("uncoded"), rows("conflict")]
    );
    assert_eq!(manifest["study"]["sha256"], common::sha256(&files["data/study.toml"]));
    assert_eq!(manifest["study"]["file"], "../study.toml", "from the output folder");
    assert_eq!(manifest["codebook"]["copy"], "codebook.toml");
    assert!(files["data/out/codebook.toml"] == files["codebooks/medical-cybersecurity.toml"]);
    let text = std::str::from_utf8(&files["data/out/manifest.json"]).unwrap();
    assert!(!text.contains(folder.path("").to_str().unwrap()), "no path of this machine");
}

/// Answers are counted, in the manifest and on the terminal: a respondent's to one question.
#[test]
fn answers_to_review_are_counted_once_a_reason() {
    let folder = Folder::sample();
    let printed = folder.run_well(&["run", "data/study.toml"]).stdout;
    let outputs = outputs(&folder, "data/out");
    let manifest: Value = serde_json::from_str(&folder.text("data/out/manifest.json")).unwrap();
    for (at, question) in ["Q1", "Q2"].into_iter().enumerate() {
        let answers = |reason: Option<&str>| {
            let rows = outputs.review.records().filter(|row| &row["question"] == question);
            let rows = rows.filter(|row| reason.is_none_or(|reason| &row["reason"] == reason));
            rows.map(|row| row.cell("respondent_id")).collect::<HashSet<_>>().len()
        };
        let told = &manifest["review"][at];
        assert_eq!(told["question"], question);
        let all = answers(None);
        assert_eq!(told["answers"], all);
        let [maybe, uncoded, conflict] = ["maybe", "uncoded", "conflict"].map(|reason| {
            assert_eq!(told[reason], answers(Some(reason)), "{question} {reason}");
            answers(Some(reason))
        });
        assert!(all < maybe + uncoded + conflict, "some answer is under two reasons");
        let line = format!("{all}件。示唆 {maybe}件・コードなし {uncoded}件・矛盾 {conflict}件");
        assert!(printed.contains(&line), "{line}\n{printed}");
    }
}

const ODD: [(&str, &str); 7] = [
    ("-1", "=HYPERLINK(\"http://example.com\",\"あ\")"),
    ("@2", "<script>alert('補助金')</script>"),
    ("+3", "\u{202E}補助金がほしい\u{202C}、\u{200F}研修も"),
    ("4", "👨‍👩‍👧‍👦🙏補助金がほしい🇯🇵が👍🏽"),
    ("5", "か\u{3099}補助金、葛\u{E0100}城の研修"),
    ("=6", "+補助金"),
    ("7", "一行目\n補助金\r\n三行目の研修"),
];

/// The small study with answers that are hard to bear, and a very long one.
fn odd() -> (Folder, Vec<(String, String)>) {
    let folder = Folder::small();
    // As they are, web addresses and all.
    folder.edit("study.toml", "[table]", "[quotes]\nshow = \"full\"\n\n[table]");
    let mut answers: Vec<(String, String)> = ODD.map(|(id, answer)| (id.to_owned(), answer.to_owned())).into();
    answers.push(("8".to_owned(), format!("{}。補助金がほしい。", "予算と人手、設備。".repeat(5_600))));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["回答者ID", "施設種別", "Q1"]).unwrap();
    answers.iter().for_each(|(id, answer)| writer.write_record([id.as_str(), "病院", answer]).unwrap());
    folder.write("responses.csv", writer.into_inner().unwrap());
    (folder, answers)
}

#[test]
fn odd_answers_go_through_unharmed() {
    let (folder, answers) = odd();
    assert!(answers[7].1.chars().count() > 50_000);
    folder.run_well(&["run", "study.toml", "--quiet", "--raw"]);
    let outputs = outputs(&folder, "out");
    let mut subsidies = Vec::new();
    for row in outputs.codings.records().chain(outputs.review.records()) {
        let (_, answer) = answers.iter().find(|(id, _)| *id == row["respondent_id"]).unwrap();
        assert_evidence(&answer.replace("\r\n", "\n"), &row["start"], &row["end"], &row["evidence"]);
    }
    for row in outputs.codings.records().filter(|row| &row["code"] == "money.subsidy") {
        assert_eq!(&row["evidence"], "補助金");
        subsidies.push(row["respondent_id"].to_owned());
    }
    subsidies.sort();
    assert_eq!(subsidies, ["+3", "4", "5", "7", "8", "=6", "@2"]);
    let uncoded = outputs.review.records().find(|row| &row["respondent_id"] == "-1").unwrap();
    assert_eq!((&uncoded["reason"], &uncoded["evidence"]), ("uncoded", ODD[0].1));
}

#[test]
fn files_for_people_open_in_excel_and_raw_ones_are_plain() {
    let (folder, _) = odd();
    folder.run_well(&["run", "study.toml", "--quiet"]);
    folder.run_well(&["run", "study.toml", "--quiet", "--raw", "--out", "raw"]);
    let (people, raw) = (folder.files_in("out"), folder.files_in("raw"));
    for name in ["codings.csv", "matrix.csv", "themes.csv", "review.csv"] {
        let (for_people, plain) = (&people[name], &raw[name]);
        assert!(
            for_people.starts_with(b"\xEF\xBB\xBFrespondent_id") || for_people.starts_with(b"\xEF\xBB\xBFquestion")
        );
        assert!(for_people.ends_with(b"\r\n"), "{name}");
        assert!(!plain.starts_with(b"\xEF\xBB\xBF") && plain.ends_with(b"\n"), "{name}");
        assert!(!plain.contains(&b'\r'), "{name}");
        let (for_people, plain) = (Csv::parse(for_people), Csv::parse(plain));
        assert_eq!(for_people.rows.len(), plain.rows.len(), "{name}");
        for (one, other) in for_people.rows.iter().flatten().zip(plain.rows.iter().flatten()) {
            let runs = other.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert_eq!(*one, if runs { format!("'{other}") } else { other.clone() }, "{name}");
        }
    }
    let ids: Vec<String> = Csv::parse(&people["matrix.csv"]).rows.iter().map(|row| row[0].clone()).collect();
    assert_eq!(ids, ["'+3", "'-1", "4", "5", "7", "8", "'=6", "'@2"]);
    let review = String::from_utf8_lossy(&people["review.csv"]).into_owned();
    assert!(review.contains("\"'=HYPERLINK("), "{review}");
}

#[test]
fn tables_on_the_terminal_are_aligned() {
    let folder = Folder::sample();
    for lang in ["ja", "en"] {
        let printed = folder.run_well(&["run", "data/study.toml", "--lang", lang]).stdout;
        let lines: Vec<&str> = printed.lines().collect();
        let rules: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].starts_with('─')).collect();
        assert_eq!(rules.len(), 2, "a table a question");
        for at in rules {
            let end = (at..lines.len()).find(|&end| lines[end].starts_with(['%', 'P'])).expect("a line on the base");
            let rows = lines[at - 1..end].iter().filter(|line| !line.is_empty());
            let widths: Vec<usize> = rows.map(|line| line.width()).collect();
            assert!(
                widths.len() > 25 && widths.iter().all(|width| *width == widths[0]),
                "{lang} {widths:?}\n{printed}"
            );
        }
    }
}

#[test]
fn english_tables_have_english_labels() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet", "--lang", "en"]);
    let outputs = outputs(&folder, "data/out");
    let totals = outputs.themes.records().filter(|row| row["group_by"].is_empty());
    for row in totals {
        assert_eq!(&row["group"], "Total");
        assert!(row["label"].is_ascii(), "{}", &row["label"]);
    }
}
