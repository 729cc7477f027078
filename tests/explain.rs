//! Explanations: they fit the coding of every answer, and say what a researcher needs.

mod common;
mod machine;

use aftercode::codebook::Codebook;
use aftercode::coding::Machine;
use aftercode::diagnostic::Lang;
use aftercode::explain::{Explainer, json, text};
use aftercode::normalize::Normalizer;
use aftercode::read::columns;
use aftercode::rule::plan::AttributeNames;
use aftercode::study::Study;
use aftercode::tokenize::Tokenizer;
use common::{Folder, repository};

/// An explainer refuses what the compiled rules decide otherwise, so that every
/// answer explained is an answer whose codes, stances and evidence are all equal.
#[test]
fn explanations_fit_the_coding_of_the_sample_study() {
    let study = Study::load(&repository().join("data/study.toml")).unwrap();
    let survey = columns::survey(&study).unwrap().survey;
    let attributes: Vec<AttributeNames> = survey
        .attributes
        .iter()
        .map(|attribute| AttributeNames {
            names: vec![attribute.name.clone()],
            values: attribute.categories.clone(),
            nets: attribute.nets.iter().map(|net| (net.label.clone(), net.of.clone())).collect(),
        })
        .collect();
    let codebook = Codebook::load(&study.codebook).unwrap();
    let machine =
        Machine::new(codebook, Normalizer::shipped().unwrap(), Tokenizer::embedded(&[]).unwrap(), Some(&attributes))
            .unwrap();
    let explainer = Explainer::new(&machine, Some(&attributes));
    let (mut worker, mut coder) = (explainer.worker(), machine.worker());
    let (mut explained, mut codes, mut stances) = (0, 0, 0);
    for respondent in &survey.respondents {
        let values: Vec<Option<&str>> = respondent.values.iter().map(Option::as_deref).collect();
        for (answer, question) in respondent.answers.iter().zip(&survey.questions) {
            let Some(answer) = answer.text() else { continue };
            let explanation = worker.explain(answer, &values, question.default_stance.as_deref(), None);
            let explanation = explanation.unwrap_or_else(|error| panic!("{answer}: {error:?}"));
            let coded = coder.code(answer, &values, question.default_stance.as_deref()).unwrap();
            assert_eq!(explanation.coded(), coded, "{answer}");
            explained += 1;
            codes += coded.codings.len();
            stances += coded.codings.iter().filter(|coding| coding.stance.is_some()).count();
            for account in &explanation.codes {
                assert!(!account.firings.is_empty(), "{answer}");
            }
        }
    }
    assert_eq!(explained, 218);
    assert!(codes > 200 && stances > 200, "{codes} codes, {stances} stances");
}

const CODEBOOK: &str = r#"[codebook]
id = "why"
version = "1"

[lists]
費用 = ["費用", "経費"]

[[axis]]
id = "theme"
[[axis]]
id = "stance"
qualifies = "theme"
order = ["reject", "request", "concern"]

[[code]]
id = "money"
axis = "theme"
label = "費用"
rule = """
補助金   # 名指し
| near(<費用>, 支援; 4)
| seq(国, 負担; 3) & !医療
"""
except = "補助金詐欺 | near(費用, 不正; 2)"
maybe = "援助"

[[code]]
id = "training"
axis = "theme"
label = "研修"
rule = "研修 & length < 20 | count(講習) >= 2"

[[code]]
id = "reject"
axis = "stance"
label = "反対"
unit = "clause"
rule = "不要"

[[code]]
id = "request"
axis = "stance"
label = "要望"
unit = "clause"
rule = "ほしい"

[[code]]
id = "concern"
axis = "stance"
label = "懸念"
unit = "clause"
rule = "足りる & ない"
"#;

fn explained(answer: &str, code: Option<&str>) -> Vec<String> {
    let machine = machine::machine(CODEBOOK);
    let explainer = Explainer::new(&machine, None);
    let code = code.map(|code| machine.codebook().code(code).unwrap());
    let explanation = explainer.worker().explain(answer, &[], Some("request"), code).unwrap();
    assert!(json(&explanation).is_object());
    assert!(!text(&explanation, Lang::En).contains(['で', 'が']) || answer.contains(['で', 'が']));
    text(&explanation, Lang::Ja).lines().take_while(|line| !line.starts_with("語の区切り")).map(str::to_owned).collect()
}

/// Lines that must stand in this order, one right behind the other.
fn assert_lines(answer: &str, expected: &[&str]) {
    let lines = explained(answer, None);
    let trimmed: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    assert!(trimmed.windows(expected.len()).any(|window| window == expected), "{answer}\n{}", lines.join("\n"));
}

#[test]
fn a_code_is_led_back_to_its_rule_and_words() {
    assert_lines(
        "補助金がほしい",
        &[
            "費用 (money)  「補助金」",
            "codebook.toml:20  補助金",
            "← 「補助金」",
            "立場: 要望 (request) 「ほしい」  根拠と同じ節から",
            "codebook.toml:45  ほしい",
            "← 「ほしい」",
        ],
    );
    assert_lines(
        "経費の支援",
        &[
            "codebook.toml:21  near(<費用>, 支援; 4)",
            "← 「経費」(<費用> 経費) 「支援」",
            "立場: 要望 (request)  語がないので設問の既定",
        ],
    );
}

#[test]
fn folding_is_undone_in_what_is_shown() {
    assert_lines("ﾎｼﾞｮｷﾝ、研　修", &["正規化後: ホジョキン、研 修"]);
    assert_lines("研修が（ほしい）", &["研修 (training)  「研修」"]);
}

#[test]
fn a_stance_says_from_where_it_was_taken() {
    assert_lines("研修は増えたが、時間がほしい", &["立場: 要望 (request) 「ほしい」  同じ文の後の節から"]);
    assert_lines(
        "研修は不要だし足りない",
        &["立場: 反対 (reject) 「不要」  根拠と同じ節から", "codebook.toml:38  不要", "← 「不要」"],
    );
}

#[test]
fn what_nearly_held_is_told_with_what_it_lacks() {
    assert_lines("経費は毎年かかるので国の支援がほしい", &["「経費」から「支援」までの距離が 7（4 まで）です。"]);
    assert_lines("医療を国が負担する", &["条件 !(医療) が 「医療」 で止めました。", "あった語: 「国」 「負担」"]);
    assert_lines(
        "補助金詐欺の話",
        &["「補助金」 は except で除かれました: 「補助金詐欺」 codebook.toml:24  補助金詐欺"],
    );
    assert_lines("負担は国", &["語はそろっていますが、順序が違います。"]);
    assert_lines("研修の話をとても長く書いた長い長い文章です", &["条件 length < 20 に対して 21 です。"]);
    assert_lines("講習を受けた", &["条件 count(講習) >= 2 に対して 1 です。"]);
    assert_lines(
        "援助を",
        &["示唆（maybe だけが見つけたもの。数えません）", "費用 (money)  「援助」", "maybe: codebook.toml:25  援助"],
    );
}

#[test]
fn a_reserved_answer_names_the_pattern_that_took_it() {
    let lines = explained("特になし", None).join("\n");
    assert!(lines.contains("特になし (none)") && lines.contains("fillers.toml:"), "{lines}");
    assert!(explained("・", None).join("\n").contains("記号だけ"));
}

#[test]
fn a_code_can_be_looked_at_closely() {
    let lines = explained("補助金詐欺", Some("money")).join("\n");
    for expected in ["付かなかったコード", "except が取り除いた語", "「補助金詐欺」"] {
        assert!(lines.contains(expected), "{lines}");
    }
    let lines = explained("こんにちは会長", Some("money")).join("\n");
    assert!(lines.contains("近いルールもありません"), "{lines}");
    let lines = explained("研修がほしい", Some("request")).join("\n");
    assert!(lines.contains("立場のルールを節ごとに見ます") && lines.contains("codebook.toml:45"), "{lines}");
}

#[test]
fn the_command_explains_respondents_and_texts() {
    let folder = Folder::small();
    let page = folder.run_well(&["explain", "study.toml", "A2"]).stdout;
    for expected in
        ["回答者: A2", "設問: Q1  国への要望", "属性: 施設種別 = 診療所", "研修 (training)", "懸念 (concern)"]
    {
        assert!(page.contains(expected), "{page}");
    }
    let page = folder.run_well(&["explain", "--study", "study.toml", "--text", "研修", "--lang", "en"]).stdout;
    assert!(page.contains("no words; the question's default"), "{page}");
    let page =
        folder.run_well(&["explain", "--codebook", "codebook.toml", "--text", "研修", "--format", "json"]).stdout;
    let objects: serde_json::Value = serde_json::from_str(&page).unwrap();
    assert_eq!(objects[0]["codes"][0]["code"], "training");
    assert_eq!(objects[0]["codes"][0]["alternatives"][0]["rule"]["at"]["line"], 33);
    assert_eq!(objects[0]["codes"][0]["stance"], serde_json::Value::Null);
}

#[test]
fn what_cannot_be_explained_is_said() {
    let folder = Folder::small();
    for (args, expected) in [
        (vec!["study.toml", "A9"], "回答者「A9」がいません。"),
        (vec!["study.toml", "A1", "Q2"], "設問「Q2」はありません。"),
        (vec!["study.toml", "A3"], "回答者「A3」の回答がありません。"),
        (vec!["study.toml", "A1", "--code", "trainin"], "コード「trainin」はコードブックにありません。"),
        (vec!["--study", "study.toml", "--text", " "], "--text の文が空です。"),
        (vec!["study.toml"], "RESPONDENT"),
        (vec!["--text", "研修"], "--study"),
        (vec!["--codebook", "codebook.toml"], "--text"),
    ] {
        let run = folder.run(&[&["explain"], &args[..]].concat());
        assert_eq!(run.status, 2, "{args:?}");
        assert!(run.stderr.contains(expected), "{args:?}\n{}", run.stderr);
    }
}
