use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;

use super::{Reading, survey};
use crate::diagnostic::{Lang, Severity};
use crate::study::Study;
use crate::survey::Answer;

const WIDE: &str = "
[[attribute]]
name = \"種別\"
categories = [\"病院\", \"健診センター\"]
[[question]]
id = \"Q1\"
column = \"要望\"
not_asked = [\"非該当\"]
";

const LONG: &str = "
[[attribute]]
name = \"種別\"
[[question]]
id = \"Q1\"
[[question]]
id = \"Q2\"
column = \"問２\"
";

struct Case {
    folder: TempDir,
    rest: String,
}

impl Case {
    fn new(answers: &str, rest: &str) -> Self {
        let rest = format!(
            "[study]\nid = \"s\"\ncodebook = \"c.toml\"\n[answers]\nfile = \"a.csv\"\nid = \"ID\"\n{answers}\n{rest}"
        );
        Self { folder: TempDir::new().unwrap(), rest }
    }

    fn wide() -> Self {
        Self::new("", WIDE)
    }

    fn long(missing: &str) -> Self {
        Self::new(&format!("layout = \"long\"\nquestion = \"設問\"\ntext = \"回答\"\n{missing}"), LONG)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn try_read(&self, csv: &str) -> crate::diagnostic::Result<Reading> {
        fs::write(self.path("study.toml"), &self.rest).unwrap();
        fs::write(self.path("a.csv"), csv).unwrap();
        survey(&Study::load(&self.path("study.toml"))?)
    }

    fn read(&self, csv: &str) -> Reading {
        let reading = self.try_read(csv).unwrap_or_else(|error| panic!("{}", error.render(Lang::Ja)));
        assert_eq!(reading.rows_read, reading.rows_used + reading.rows_skipped);
        reading
    }

    /// Messages without the folder of the test.
    fn notes(&self, reading: &Reading) -> Vec<String> {
        let folder = format!("{}/", self.folder.path().display());
        reading.notes.iter().map(|note| note.render(Lang::Ja).replace(&folder, "")).collect()
    }
}

fn ids(reading: &Reading) -> Vec<&str> {
    reading.survey.respondents.iter().map(|respondent| respondent.id.as_str()).collect()
}

fn values(reading: &Reading) -> Vec<Option<&str>> {
    reading.survey.respondents.iter().map(|respondent| respondent.values[0].as_deref()).collect()
}

fn text(words: &str) -> Answer {
    Answer::Text(words.to_owned())
}

#[test]
fn answers_keep_their_text_and_missing_ones_their_kind() {
    let case = Case::wide();
    let reading =
        case.read("ID,種別,要望\n R10 ,病院,\"　補助金 \r\nを\"\nR2,病院, 　\nR3,病院, 非該当 \nR4,病院,非該当です\n");
    assert_eq!(ids(&reading), ["R2", "R3", "R4", "R10"]);
    let answers: Vec<&Answer> = reading.survey.respondents.iter().map(|person| &person.answers[0]).collect();
    assert_eq!(answers, [&Answer::Blank, &Answer::NotAsked, &text("非該当です"), &text("　補助金 \nを")]);
    assert!(reading.notes.is_empty(), "{:?}", case.notes(&reading));
    assert_eq!(reading.survey.questions[0].wording, "要望");
    assert_eq!(reading.survey.questions[0].default_stance.as_deref(), Some("request"));
}

#[test]
fn not_asked_is_known_whatever_its_width() {
    let reading =
        Case::new("", "[[question]]\nid = \"Q1\"\nnot_asked = [\"N/A\"]\n").read("ID,Q1\n1,Ｎ／ａ\n2,ｎ ／ ａ\n");
    assert!(reading.survey.respondents.iter().all(|person| person.answers[0] == Answer::NotAsked));
}

#[test]
fn rows_without_id_or_with_a_taken_one_are_left_out() {
    let case = Case::wide();
    let reading = case.read("ID,種別,要望\nR1,病院,一\n　,病院,二\n,,\nR1,病院,三\nR2,病院\nR3,病院,四\n");
    assert_eq!(ids(&reading), ["R1", "R3"]);
    assert_eq!(reading.survey.respondents[0].answers, [text("一")]);
    assert_eq!((reading.rows_read, reading.rows_used, reading.rows_skipped), (5, 2, 3));
    let notes = case.notes(&reading);
    assert!(
        notes.contains(
            &"除外: ID が空のため、この行を除きました。\n  --> a.csv 3行 1列\n  → 回答者の ID を入れてください。"
                .to_owned()
        )
    );
    assert!(notes.iter().any(|note| {
        note.starts_with("除外: ID「R1」は 2行にもあるため、この行を除きました。\n  --> a.csv 5行 1列\n  → ")
    }));
    assert_eq!(reading.notes.iter().filter(|note| note.severity == Severity::Skipped).count(), 3);
}

#[test]
fn a_value_outside_the_categories_is_unknown_and_its_respondent_stays() {
    let case = Case::wide();
    let reading =
        case.read("ID,種別,要望\n1,病院,a\n2,検診センター,b\n3,健診ｾﾝﾀｰ,c\n4,健診 センター,d\n5,健診ｾﾝﾀｰ,e\n6,,f\n");
    let center = Some("健診センター");
    assert_eq!(values(&reading), [Some("病院"), None, center, center, center, None]);
    assert_eq!(
        case.notes(&reading),
        [
            "注意: 種別「検診センター」は区分にないため、不明として数えます。\n  --> a.csv 3行 2列\n  → 「健診センター」のことでしょうか。",
            "お知らせ: 「健診ｾﾝﾀｰ」は「健診センター」として数えます。\n  --> a.csv 4行 2列",
            "お知らせ: 「健診 センター」は「健診センター」として数えます。\n  --> a.csv 5行 2列",
            "お知らせ: 種別が空の回答者が 1 人います。不明として数えます。\n  --> a.csv",
        ]
    );
}

#[test]
fn undeclared_categories_are_the_values_found() {
    let case = Case::new(
        "",
        "[[attribute]]\nname = \"年代\"\n[[attribute.net]]\nlabel = \"若い\"\nof = [\"10代\", \"20台\"]\n[[question]]\nid = \"Q1\"\n[table]\ncolumns = [\"若い\", \"30代\"]\n",
    );
    let reading = case.read("ID,年代,Q1\n1,100代,a\n2,20代,b\n3, 10代 ,c\n4,１０代,d\n");
    assert_eq!(reading.survey.attributes[0].categories, ["10代", "20代", "100代", "１０代"]);
    let notes = case.notes(&reading);
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(notes[0].contains("「10代」と「１０代」は、全角・半角などの表記だけが違います。別の区分"));
    assert!(notes[1].contains("「若い」にまとめる年代「20台」は、データにありません。"));
    assert!(notes[2].contains("[table] columns の「30代」は、データにもまとめにもありません。"));
}

#[test]
fn long_rows_are_gathered_by_respondent() {
    let csv = "ID,設問,回答,種別\nB,Q1,b1,病院\nA,問2,a2,\nA,Q1,,病院\n";
    let case = Case::long("");
    let reading = case.read(csv);
    assert_eq!(ids(&reading), ["A", "B"]);
    assert_eq!(values(&reading), [Some("病院"), Some("病院")]);
    assert_eq!(reading.survey.respondents[0].answers, [Answer::Blank, text("a2")]);
    assert_eq!(reading.survey.respondents[1].answers, [text("b1"), Answer::Blank]);
    assert_eq!(case.notes(&reading), ["お知らせ: 「問2」は「問２」として数えます。\n  --> a.csv 3行 2列"]);
    let reading = Case::long("missing = \"not_asked\"").read(csv);
    assert_eq!(reading.survey.respondents[1].answers, [text("b1"), Answer::NotAsked]);
}

#[test]
fn long_rows_that_repeat_or_ask_nothing_are_left_out() {
    let case = Case::long("");
    let reading = case.read("ID,設問,回答,種別\nA,Q1,一,\nA,Q1,二,診療所\nA,Q3,三,\nA,,四,\nB,Q8,五,\n");
    assert_eq!(ids(&reading), ["A"]);
    assert_eq!(reading.survey.respondents[0].answers, [text("一"), Answer::Blank]);
    // A row that is left out says nothing about its respondent either.
    assert_eq!(values(&reading), [None]);
    assert_eq!((reading.rows_used, reading.rows_skipped), (1, 4));
    let notes = case.notes(&reading);
    assert!(
        notes[0].starts_with("除外: ID「A」の Q1 の回答は 2行にもあるため、この行を除きました。\n  --> a.csv 3行 3列")
    );
    assert_eq!(
        notes[1],
        "除外: 設問「Q3」は調査ファイルにないため、この行を除きました。\n  --> a.csv 4行 2列\n  → 使えるのは次のものです: Q1、問２"
    );
    assert!(notes[2].starts_with("除外: 設問が空のため"));
}

#[test]
fn contradicting_attributes_are_unknown_whatever_their_order() {
    for csv in
        ["ID,設問,回答,種別\nA,Q1,一,病院\nA,問２,二,診療所\n", "ID,設問,回答,種別\nA,問２,二,診療所\nA,Q1,一,病院\n"]
    {
        let case = Case::long("");
        let reading = case.read(csv);
        assert_eq!(values(&reading), [None]);
        assert!(reading.survey.attributes[0].categories.is_empty());
        let notes = case.notes(&reading);
        assert!(notes[0].starts_with("注意: ID「A」の種別が行によって違うため、不明として数えます"), "{notes:?}");
        assert_eq!(notes.len(), 1);
    }
}

#[test]
fn one_question_needs_no_question_column() {
    let reading =
        Case::new("layout = \"long\"\ntext = \"回答\"", "[[question]]\nid = \"Q1\"\n").read("回答,ID\n一,1\n");
    assert_eq!(reading.survey.respondents[0].answers, [text("一")]);
    assert_eq!(reading.survey.questions[0].wording, "Q1");
}

#[test]
fn many_messages_of_a_kind_end_in_a_number() {
    let case = Case::wide();
    let rows: String = (0..50).map(|row| format!("{row},謎{row},答\n")).collect();
    let reading = case.read(&format!("ID,種別,要望\n{rows},病院,答\n"));
    assert_eq!(reading.notes.len(), 1 + 20 + 1);
    assert_eq!(case.notes(&reading)[21], "注意: 区分にない値: ほか 30 件。\n  --> a.csv");
    assert_eq!(reading.notes[0].severity, Severity::Skipped);
}

#[test]
fn similar_ids_are_two_respondents_with_a_warning() {
    let case = Case::wide();
    let reading = case.read("ID,種別,要望\nR1,病院,a\nＲ１,病院,b\n");
    assert_eq!(reading.survey.respondents.len(), 2);
    assert!(case.notes(&reading)[0].starts_with("注意: ID「Ｒ１」と「R1」（2行）は"));
}

#[test]
fn a_missing_column_is_shown_in_the_study_file() {
    let case = Case::wide();
    let error = case.try_read("番号,種別,要望\n1,病院,a\n").unwrap_err();
    let folder = format!("{}/", case.folder.path().display());
    assert_eq!(
        error.render(Lang::Ja).replace(&folder, ""),
        "エラー: a.csv: 列「ID」がありません。\n  --> study.toml 6行 6列\n   | id = \"ID\"\n   |      ^^^^\n  → 使えるのは次のものです: 番号、種別、要望"
    );
    let error = Case::new("", "[[question]]\nid = \"id\"\n").try_read("ID\n1\n").unwrap_err();
    assert!(error.message.ja.contains("別の項目の列としても"), "{}", error.message.ja);
}

#[test]
fn rows_that_are_all_left_out_are_an_error() {
    let error = Case::wide().try_read("ID,種別,要望\n,病院,a\n").unwrap_err();
    assert_eq!(error.message.ja, "データの行が 1 行ありますが、使える行がありません。");
    assert_eq!(error.line, Some(2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_rows_makes_no_difference(
        rows in prop::collection::btree_map((0..12_u32, 0..3_usize), (0..4_usize, "[ あa]{0,3}"), 1..24),
        seed in any::<u64>(),
    ) {
        let kinds = ["病院", "", "診療所", "クリニック"];
        let rows: Vec<String> = rows
            .into_iter()
            .map(|((id, question), (kind, text))| format!("R{id},{},\"{text}\",{}\n", ["Q1", "問２", "Q9"][question], kinds[kind]))
            .collect();
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| row.bytes().fold(seed | 1, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)));
        let header = "ID,設問,回答,種別\n";
        let outcome = |rows: Vec<String>| {
            Case::long("").try_read(&(header.to_owned() + &rows.concat())).ok().map(|reading| {
                assert_eq!(reading.rows_read, reading.rows_used + reading.rows_skipped);
                (reading.survey, reading.rows_used)
            })
        };
        prop_assert_eq!(outcome(rows), outcome(shuffled));
    }
}

/// 18,114 real rows; left out where the shared data are not.
#[test]
fn a_real_file_is_read_whole() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/fukui_requests_pref.csv");
    let Ok(csv) = fs::read_to_string(&file) else { return };
    let study = "[study]\nid = \"f\"\ncodebook = \"c.toml\"\n[answers]\nfile = \"a.csv\"\nid = \"rid\"\n[[attribute]]\nname = \"性別\"\n[[attribute]]\nname = \"年代\"\n[[attribute]]\nname = \"都道府県\"\n[[attribute]]\nname = \"回答エリア\"\n[[question]]\nid = \"Q\"\ncolumn = \"text\"\n";
    let case = Case { folder: TempDir::new().unwrap(), rest: study.to_owned() };
    let reading = case.read(&csv);
    assert_eq!((reading.rows_read, reading.rows_used), (18_114, 18_114));
    assert_eq!(reading.survey.attributes[0].categories.len(), 4);
}
