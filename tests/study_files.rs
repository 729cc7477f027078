//! Study files: what a good one gives, and what a broken one is told.

#[path = "study_files/broken.rs"]
mod broken;

use std::fs;

use aftercode::diagnostic::Lang;
use aftercode::study::{Layout, Missing, Study};
use aftercode::survey::Base;

const GOOD: &str = r#"[study]
id = "sample"
title = "見本"
codebook = "../codebooks/c.toml"
lang = "ja"

[answers]
file = "responses.csv"
id = "回答者ID"

[[attribute]]
name = "施設種別"
categories = ["医師会病院", "健診センター", "検査センター"]
population = { 医師会病院 = 65, 健診センター = 40, "検査センター" = 30 }
[[attribute.net]]
label = "健セ・検セ"
of = ["健診センター", "検査センター"]

[[question]]
id = "Q1"
column = "国への要望"
not_asked = ["非該当"]

[table]
by = ["施設種別"]
columns = ["医師会病院", "健セ・検セ"]
base = "answered"
"#;

fn load(text: &str) -> Result<Study, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.toml");
    fs::write(&path, text).unwrap();
    let prefix = format!("{}/", folder.path().display());
    Study::load(&path).map_err(|error| error.render(Lang::Ja).replace(&prefix, ""))
}

#[test]
fn every_mistake_is_pointed_at_and_explained() {
    for (good, broken, message) in broken::BROKEN {
        assert_eq!(GOOD.matches(good).count(), 1, "{good}");
        let told = load(&GOOD.replacen(good, broken, 1)).expect_err(broken);
        assert_eq!(told, *message, "{broken}");
        assert!(told.contains("行 ") && told.contains('^') && told.contains("\n  → "), "{told}");
    }
}

#[test]
fn a_whole_section_that_is_missing_is_named() {
    assert_eq!(
        load("").unwrap_err(),
        "エラー: [study] がありません。\n  --> study.toml\n  → [study] を加えてください。"
    );
    let without = GOOD.split("[[question]]").next().unwrap();
    assert_eq!(
        load(without).unwrap_err(),
        "エラー: 設問（[[question]]）が1つもありません。\n  --> study.toml\n  → [[question]] と id = \"Q1\" を加えてください。"
    );
}

#[test]
fn a_good_file_gives_what_it_says() {
    let study = load(GOOD).unwrap();
    assert_eq!((study.id.as_str(), study.title.as_deref(), study.lang), ("sample", Some("見本"), Some(Lang::Ja)));
    let folder = study.path.parent().unwrap();
    assert_eq!(study.codebook, folder.join("../codebooks/c.toml"));
    assert_eq!(study.output, folder.join("out"));
    assert_eq!(study.answers.file, folder.join("responses.csv"));
    assert!(matches!(study.answers.layout, Layout::Wide));
    assert_eq!((study.answers.id.text.as_str(), study.answers.header_rows), ("回答者ID", 1));
    let attribute = &study.attributes[0];
    assert!(attribute.is_declared());
    assert_eq!(attribute.column.text, "施設種別");
    assert_eq!(attribute.attribute.population, Some(vec![65, 40, 30]));
    assert_eq!(attribute.attribute.nets[0].of, ["健診センター", "検査センター"]);
    let question = &study.questions[0];
    assert_eq!((question.column.text.as_str(), question.question.wording.as_str()), ("国への要望", "国への要望"));
    assert_eq!(question.question.default_stance.as_deref(), Some("request"));
    assert_eq!(question.not_asked, ["非該当"]);
    assert_eq!(study.table.by, ["施設種別"]);
    assert_eq!(study.table.base, Base::Answered);
    assert_eq!(study.table.shown(&attribute.attribute), ["医師会病院", "健セ・検セ"]);
}

#[test]
fn what_is_left_out_has_a_default() {
    let text = "[study]\nid=\"s\"\ncodebook=\"c.toml\"\n[answers]\nfile=\"a.csv\"\nid=\"ID\"\nlayout=\"long\"\ntext=\"T\"\n\
                [[attribute]]\nname=\"性別\"\n[[question]]\nid=\"Q1\"\n[dictionary]\nterms=\"t.csv\"\n";
    let study = load(text).unwrap();
    assert_eq!((study.title, study.lang), (None, None));
    assert!(matches!(
        &study.answers.layout,
        Layout::Long { question: None, text, missing: Missing::Blank } if text.text == "T"
    ));
    assert!(!study.attributes[0].is_declared());
    assert_eq!((study.table.by, study.table.columns), (vec!["性別".to_owned()], None));
    assert_eq!(study.table.base, Base::Respondents);
    assert_eq!(study.questions[0].question.wording, "Q1");
    assert_eq!(study.dictionary.terms, Some(study.path.parent().unwrap().join("t.csv")));
    let error = load(&text.replace("[dictionary]", "[[question]]\nid=\"Q2\"\n[dictionary]")).unwrap_err();
    assert!(error.contains("設問が複数あるので"), "{error}");
}

#[test]
fn the_terminal_shows_categories_outside_nets_and_then_nets() {
    let mut study = load(GOOD).unwrap();
    study.table.columns = None;
    let attribute = &mut study.attributes[0].attribute;
    assert_eq!(study.table.shown(attribute), ["医師会病院", "健セ・検セ"]);
    attribute.nets.clear();
    assert_eq!(study.table.shown(attribute), ["医師会病院", "健診センター", "検査センター"]);
}
