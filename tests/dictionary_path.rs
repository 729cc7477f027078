//! `[dictionary]` of a study: another dictionary, words and spellings of its own.

mod common;

use std::fs;

use common::{Csv, Folder};
use lindera_dictionary::builder::DictionaryBuilder;
use lindera_dictionary::dictionary::metadata::Metadata;
use serde_json::Value;

/// A dictionary of a few words, all alike to the analyzer: the cheapest cutting wins.
const LEXICON: &str = "\
研修棟,0,0,10,名詞,一般,*,*,*,*,研修棟,ケンシュウトウ,ケンシュウトウ
研修,0,0,100,名詞,サ変接続,*,*,*,*,研修,ケンシュウ,ケンシュウ
が,0,0,100,助詞,格助詞,*,*,*,*,が,ガ,ガ
足り,0,0,100,動詞,自立,*,*,一段,未然形,足りる,タリ,タリ
ない,0,0,100,助動詞,*,*,*,特殊・ナイ,基本形,ない,ナイ,ナイ
";
const CHARACTERS: &str = "\
DEFAULT 0 1 0
SPACE 0 1 0
KANJI 0 0 2
HIRAGANA 0 1 2
KATAKANA 1 1 0
0x0020 SPACE
0x3041..0x309F HIRAGANA
0x30A1..0x30FF KATAKANA
0x4E00..0x9FFF KANJI
";
const UNKNOWN: &str = "\
DEFAULT,0,0,1000,記号,一般,*,*,*,*,*
SPACE,0,0,1000,記号,空白,*,*,*,*,*
KANJI,0,0,1000,名詞,一般,*,*,*,*,*
HIRAGANA,0,0,1000,名詞,一般,*,*,*,*,*
KATAKANA,0,0,1000,名詞,一般,*,*,*,*,*
";

/// Builds the dictionary into `tiny/` of the folder.
fn build_tiny(folder: &Folder) {
    build(folder, "metadata.json", "ipadic", LEXICON);
}

/// Builds `lexicon` into `tiny/` of the folder, its columns as `schema` of `dictionaries/` says.
fn build(folder: &Folder, schema: &str, name: &str, lexicon: &str) {
    fs::create_dir(folder.path("source")).unwrap();
    folder.write("source/lexicon.csv", lexicon);
    folder.write("source/char.def", CHARACTERS);
    folder.write("source/unk.def", UNKNOWN);
    folder.write("source/matrix.def", "1 1\n0 0 0\n");
    let metadata = fs::read_to_string(common::repository().join("dictionaries").join(schema)).unwrap();
    let metadata = metadata.replace(&format!("\"name\": \"{name}\""), "\"name\": \"tiny\"");
    let metadata: Metadata = serde_json::from_str(&metadata).unwrap();
    DictionaryBuilder::new(metadata).build_dictionary(&folder.path("source"), &folder.path("tiny")).unwrap();
}

/// The small study with these answers and settings of `[dictionary]`.
fn study(answers: &[&str], settings: &str) -> Folder {
    let folder = Folder::small();
    let rows = answers.iter().enumerate().map(|(at, answer)| format!("A{at},病院,{answer}\n"));
    folder.write("responses.csv", format!("回答者ID,施設種別,Q1\n{}", rows.collect::<String>()));
    folder.write("study.toml", format!("{}\n[dictionary]\n{settings}\n", common::STUDY));
    folder
}

/// Per coding: respondent, code, stance and evidence.
fn codings(folder: &Folder) -> Vec<[String; 4]> {
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let csv = Csv::parse(&folder.files_in("out")["codings.csv"]);
    csv.records().map(|row| ["respondent_id", "code", "stance", "evidence"].map(|name| row[name].to_owned())).collect()
}

fn dictionary(folder: &Folder) -> Value {
    let manifest: Value = serde_json::from_slice(&folder.files_in("out")["manifest.json"]).unwrap();
    manifest["dictionary"].clone()
}

fn rows<const N: usize>(rows: [[&str; 4]; N]) -> Vec<[String; 4]> {
    rows.map(|row| row.map(str::to_owned)).into()
}

const ROOMS: [&str; 2] = ["研修棟が足りない", "研修が足りない"];

#[test]
fn a_dictionary_of_ones_own_cuts_the_words() {
    let embedded = study(&ROOMS, "");
    let both = rows([["A0", "training", "concern", "研修"], ["A1", "training", "concern", "研修"]]);
    assert_eq!(codings(&embedded), both, "the embedded dictionary cuts 研修 off 研修棟");

    let own = study(&ROOMS, "path = \"tiny\"");
    build_tiny(&own);
    assert_eq!(codings(&own), rows([["A1", "training", "concern", "研修"]]), "研修棟 is one word there");
    assert_eq!(dictionary(&own)["name"], "tiny");
    let hash = dictionary(&own)["sha256"].clone();
    assert_ne!(hash, dictionary(&embedded)["sha256"]);

    // Words of the study come on top of it, and change what the manifest says of it.
    own.write("terms.csv", "surface,base,pos,reading\nが足り,が足り,\"名詞,一般\",ガタリ\n");
    own.edit("study.toml", "path = \"tiny\"", "path = \"tiny\"\nterms = \"terms.csv\"");
    assert_eq!(codings(&own), rows([["A1", "training", "request", "研修"]]), "足りる is not there any more");
    assert_ne!(dictionary(&own)["sha256"], hash);
}

/// A word as UniDic has it: 29 columns behind the cost, of which rules see few.
fn unidic(surface: &str, pos: &str, lemma: &str, written_base: &str) -> String {
    let stars = ",*".repeat(18);
    format!("{surface},0,0,100,{pos},*,*,ヨミ,{lemma},{surface},ヨミ,{written_base}{stars}\n")
}

#[test]
fn a_dictionary_in_the_form_of_unidic_is_read() {
    // 頂く is how UniDic files いただく, whatever was written.
    let lexicon = [
        unidic("研修", "名詞,普通名詞,サ変可能,*", "研修", "研修"),
        unidic("を", "助詞,格助詞,*,*", "を", "を"),
        unidic("いただき", "動詞,非自立可能,*,*", "頂く", "いただく"),
        unidic("たい", "助動詞,*,*,*", "たい", "たい"),
    ];
    let of = |rule: &str| {
        let folder = study(&["研修をいただきたい"], "path = \"tiny\"");
        build(&folder, "unidic.json", "unidic", &lexicon.concat());
        folder.edit("codebook.toml", "rule = \"研修\"", &format!("rule = \"{rule}\""));
        codings(&folder).into_iter().map(|[_, _, _, evidence]| evidence).collect::<Vec<_>>()
    };
    assert_eq!(of("いただく"), ["いただき"], "the base form is in the spelling that was written");
    assert!(of("頂く").is_empty(), "the lemma is not what rules look up");
    assert_eq!(of("研修:名詞-普通名詞-サ変可能"), ["研修"]);
    assert!(of("研修:名詞-サ変接続").is_empty(), "parts of speech are the dictionary's own");
}

#[test]
fn a_dictionary_without_one_of_its_files_is_refused() {
    let folder = study(&ROOMS, "path = \"tiny\"");
    build_tiny(&folder);
    for file in folder.files_in("tiny").keys() {
        let bytes = fs::read(folder.path("tiny").join(file)).unwrap();
        fs::remove_file(folder.path("tiny").join(file)).unwrap();
        let run = folder.run(&["run", "study.toml"]);
        assert_eq!(run.status, 2, "without {file}: {}", run.stderr);
        assert!(run.stderr.contains("\n  --> tiny\n  → "), "without {file}: {}", run.stderr);
        folder.write(&format!("tiny/{file}"), &bytes[..bytes.len() / 2]);
        let run = folder.run(&["run", "study.toml"]);
        assert!((0..=2).contains(&run.status), "half of {file}: {} {}", run.status, run.stderr);
        assert!(!run.stderr.contains("panicked"), "half of {file}: {}", run.stderr);
        folder.write(&format!("tiny/{file}"), bytes);
    }
}

#[test]
fn words_of_the_study_stay_whole() {
    let terms = "surface,base,pos,reading\n研修棟,研修棟,\"名詞,一般\",ケンシュウトウ\n";
    let folder = study(&ROOMS, "terms = \"terms.csv\"");
    folder.write("terms.csv", "surface,base,pos,reading\n別の語,別の語,\"名詞,一般\",\n");
    assert_eq!(codings(&folder).len(), 2);
    folder.write("terms.csv", terms);
    let expected = rows([["A1", "training", "concern", "研修"]]);
    assert_eq!(codings(&folder), expected);
    assert_eq!(dictionary(&folder)["name"], "ipadic");

    // As Japanese Excel saves it; and with nothing but the column that is needed.
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(terms);
    for bytes in [cp932.into_owned(), "\u{feff}surface\r\n研修棟\r\n".into(), "reading,surface\n,研修棟\n".into()]
    {
        folder.write("terms.csv", bytes);
        assert_eq!(codings(&folder), expected);
    }
}

#[test]
fn words_of_the_study_are_folded_as_answers_are() {
    // Answers are folded before they are cut; a term as its author types it must meet them.
    for (answer, term) in [("サーバー研修の件", "サーバ研修"), ("ＩＴ研修の件", "ＩＴ研修"), ("ｅ研修の件", "Ｅ研修")]
    {
        let folder = study(&[answer], "terms = \"terms.csv\"");
        folder.write("terms.csv", format!("surface\n{term}\n"));
        assert_eq!(codings(&folder), rows([]), "{term} is one word");
        folder.write("terms.csv", "surface\n別の語\n");
        assert_eq!(codings(&folder).len(), 1, "{answer} has 研修 otherwise");
    }
}

#[test]
fn spellings_of_the_study_are_folded() {
    let folder = study(&["ケンシューがほしい", "研修がほしい"], "variants = \"variants.csv\"");
    folder.write("variants.csv", "variant,canonical\nけんしゅう,研修\n");
    assert_eq!(codings(&folder), rows([["A1", "training", "request", "研修"]]));
    let before = dictionary(&folder);
    folder.write("variants.csv", "variant,canonical\nケンシュー,研修\n");
    let expected = rows([["A0", "training", "request", "ケンシュー"], ["A1", "training", "request", "研修"]]);
    assert_eq!(codings(&folder), expected, "the evidence is what the respondent wrote");
    let after = dictionary(&folder);
    assert_ne!(before["variants_sha256"], after["variants_sha256"], "the manifest tells which spellings were folded");
    assert_eq!(before["sha256"], after["sha256"]);
}

#[test]
fn spellings_of_the_study_win_over_the_shipped_ones() {
    // Shipped: サーバ → サーバー. A study that wants it the other way round, or a third way.
    let answers = ["サーバが古い", "サーバーが古い", "サーヴァーが古い"];
    for (variants, rule) in [("サーバー,サーバ", "サーバ"), ("サーバー,鯖", "鯖"), ("ｻｰﾊﾞ,サーバー", "サーバー")]
    {
        let folder = study(&answers, "variants = \"variants.csv\"");
        folder.write("variants.csv", format!("variant,canonical\n{variants}\n"));
        folder.edit("codebook.toml", "rule = \"研修\"", &format!("rule = \"'{rule}'\""));
        let found: Vec<String> = codings(&folder).into_iter().map(|[_, _, _, evidence]| evidence).collect();
        assert_eq!(found, ["サーバ", "サーバー", "サーヴァー"], "{variants}");
    }
}
