//! `aftercode check`: every lint on a small codebook that must trigger it and on a
//! neighbor that must not; examples; the report in both forms.

mod common;
mod machine;

use std::fs;

use aftercode::check::{self, Lint, Report};
use aftercode::diagnostic::Lang;
use aftercode::survey::{Answer, Question, Respondent, Survey};
use common::Folder;
use machine::{Dice, machine};

/// What stands around the code under test; nothing of it is doubtful.
const HEAD: &str = "[codebook]\nid = \"t\"\nversion = \"1\"\n[[axis]]\nid = \"theme\"\n";

/// A code about which only its rule can be wrong.
fn code(id: &str, rule: &str) -> String {
    format!(
        "[[code]]\nid = \"{id}\"\nlabel = \"{id}\"\ndefinition = \"{id}\"\nrule = '''{rule}'''\n\
         examples = [\"補助金と研修と検査と費用の支援\"]\ncounter_examples = [\"うれしい\"]\n"
    )
}

fn report_of(toml: &str) -> Report {
    check::check(&machine(toml), None).expect("checked")
}

fn ids(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.lint.id()).collect()
}

/// What one code with this rule is warned of.
fn rule(rule: &str) -> Vec<&'static str> {
    ids(&report_of(&format!("{HEAD}{}", code("c", rule))))
}

/// What a code is warned of in a codebook with these lists.
fn with_lists(lists: &str, rule: &str) -> Vec<&'static str> {
    ids(&report_of(&format!("{HEAD}[lists]\n{lists}\n{}", code("c", rule))))
}

/// What one code is warned of whose text `from` became `to`.
fn edited(from: &str, to: &str) -> Vec<&'static str> {
    let toml = format!("{HEAD}{}", code("c", "補助金"));
    assert!(toml.contains(from), "{from}");
    ids(&report_of(&toml.replacen(from, to, 1)))
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_codebook_without_a_doubt_has_no_findings() {
    let report = report_of(&format!("{HEAD}{}", code("c", "補助金 | near(費用, 支援; 8)")));
    assert_eq!(ids(&report), NOTHING);
    assert!(report.passed());
    assert_eq!((report.examples.total, report.counter_examples.total), (1, 1));
}

#[test]
fn open_words_of_several_morphemes() {
    assert_eq!(rule("補助金 | 面倒を見*"), ["split-open-word"]);
    assert_eq!(rule("補助金 | 面倒*"), NOTHING);
    assert_eq!(rule("補助金 | '面倒を見'"), NOTHING);
    // The texts at hand show that it can be found.
    let toml =
        format!("{HEAD}{}", code("c", "補助金 | ランサム*")).replace("[\"補助金と", "[\"ランサムウェアと補助金と");
    assert_eq!(ids(&report_of(&toml)), NOTHING);
}

#[test]
fn words_inside_longer_morphemes() {
    let with = |rule: &str| {
        let toml = format!("{HEAD}{}", code("c", rule)).replace("[\"補助金", "[\"サイバーセキュリティ、補助金");
        ids(&report_of(&toml))
    };
    assert_eq!(with("補助金 | セキュリティ"), ["inside-morpheme"]);
    assert_eq!(with("補助金 | *セキュリティ"), NOTHING);
    assert_eq!(with("補助金 | セキュリティ | サイバーセキュリティ"), NOTHING);
    assert_eq!(with("補助金 | ウイルス"), NOTHING);
}

#[test]
fn verbs_that_no_dictionary_inflects() {
    assert_eq!(rule("補助金 | ググる"), ["unknown-predicate"]);
    assert_eq!(rule("補助金 | サボる"), NOTHING);
    assert_eq!(rule("補助金 | 'ググ'"), NOTHING);
}

#[test]
fn single_kana() {
    assert_eq!(rule("補助金 | ん"), ["single-kana"]);
    assert_eq!(rule("補助金 | ん:助動詞"), NOTHING);
    assert_eq!(rule("補助金 | seq(費用, の, 支援; 1)"), NOTHING);
    assert_eq!(with_lists("打消 = [\"ん\"]", "補助金 | near(費用, <打消>; 3)"), NOTHING);
    assert_eq!(with_lists("打消 = [\"ん\"]", "補助金 | <打消>"), ["single-kana"]);
}

#[test]
fn details_of_parts_of_speech() {
    assert_eq!(rule("補助金 | 支援:名詞-サ変接読"), ["unknown-pos"]);
    assert_eq!(rule("補助金 | 支援:名詞-サ変接続"), NOTHING);
}

#[test]
fn the_same_alternative_twice() {
    assert_eq!(rule("補助金 | 研修 | 補助金"), ["duplicate"]);
    assert_eq!(rule("補助金 | near(費用, 支援; 3) | near(支援, 費用; 3)"), ["same-spelling"]);
    assert_eq!(rule("補助金 | near(費用, 支援; 3) | seq(費用, 支援; 4)"), NOTHING);
    assert_eq!(rule("near(費用 | 費用, 支援; 3)"), ["duplicate"]);
    assert_eq!(with_lists("金 = [\"費用\", \"経費\", \"費用\"]", "補助金 | <金>"), ["duplicate"]);
    assert_eq!(with_lists("金 = [\"費用\", \"経費 | 費用\"]", "補助金 | <金>"), ["duplicate"]);
    assert_eq!(with_lists("金 = [\"費用\", \"経費\"]", "補助金 | <金>"), NOTHING);
    assert_eq!(rule("補助金 | サーバ | サーバー"), ["same-spelling"]);
    assert_eq!(rule("補助金 | VPN | ｖｐｎ"), ["same-spelling"]);
}

#[test]
fn alternatives_that_another_covers() {
    assert_eq!(rule("研修* | 研修会"), ["covered"]);
    assert_eq!(rule("研修 | 研修会"), NOTHING);
    assert_eq!(rule("'補助' | 補助金"), ["covered"]);
    assert_eq!(rule("'補助' | '補助金'"), ["covered"]);
    assert_eq!(rule("補助金 | near(補助金, 国; 5)"), ["covered"]);
    assert_eq!(rule("補助金 | 補助金 & 国"), ["covered"]);
    assert_eq!(rule("補助金 | near(補助, 国; 5)"), NOTHING);
    assert_eq!(rule("支援 | 支援:名詞"), ["covered"]);
    assert_eq!(with_lists("金 = [\"費用\", \"経費\"]", "<金> | 経費"), ["covered"]);
    assert_eq!(with_lists("金 = [\"費用\", \"経費\"]", "<金> | near(<金>, 国; 4)"), ["covered"]);
    assert_eq!(with_lists("金 = [\"費用\", \"経費\"]", "費用 | near(<金>, 国; 4)"), NOTHING);
    // An inflected form need not begin as the word does, nor hold its characters.
    assert_eq!(rule("補助金 | 求める* | 求める"), NOTHING);
    assert_eq!(rule("補助金 | '求める' | 求める"), NOTHING);
    assert_eq!(rule("補助金 | '求' | 求める"), ["covered"]);
}

#[test]
fn what_an_except_hides_does_not_cover() {
    let with = |except: &str| {
        let toml = format!("{HEAD}{}", code("c", "研修* | 研修会 | 補助金"))
            .replace("rule =", &format!("except = \"{except}\"\nrule ="));
        ids(&report_of(&toml))
    };
    assert_eq!(with("費用"), ["covered"]);
    assert_eq!(with("研修"), NOTHING);
    // Within an except the longer word hides more than the shorter.
    assert_eq!(with("'減免' | '減免額'"), ["covered"]);
}

#[test]
fn regular_expressions_for_folded_characters() {
    for dead in ["/VPN/", "/ＦＡＸ/", "/欲しい/", "/(ほしい|欲しい)/", "/研修…/", "/[Ａ-Ｚ]研修/", "/ﾌｧｲﾙ/"]
    {
        assert_eq!(rule(&format!("補助金 | {dead}")), ["folded-regex"], "{dead}");
    }
    for live in ["/vpn/", "/ほしい/", "/(?i)VPN/", "/[A-Zvpn]+研修/", "/サーバ(ー)?/", "/研修[。…]/", "/\\w+研修/"]
    {
        assert_eq!(rule(&format!("補助金 | {live}")), NOTHING, "{live}");
    }
    // Words and quoted characters are folded themselves.
    assert_eq!(rule("補助金 | VPN | '欲しい'"), NOTHING);
    let toml = format!("{HEAD}{}", code("c", r"補助金 | /a\/b(ほしい|欲しい)/"));
    let report = report_of(&toml);
    let place = &report.findings[0].diagnostic;
    let line = toml.lines().nth(place.line.unwrap() - 1).unwrap();
    let at: String = line.chars().skip(place.column.unwrap() - 1).take(3).collect();
    assert_eq!(at, "欲しい");
}

#[test]
fn near_that_reaches_past_its_unit() {
    assert_eq!(rule("near(費用, 支援; 300)"), ["loose-near"]);
    assert_eq!(rule("near(費用, 支援; 30)"), NOTHING);
    let clause = |distance| {
        let toml = format!("{HEAD}{}", code("c", &format!("near(費用, 支援; {distance})")));
        ids(&report_of(&toml.replace("rule =", "unit = \"clause\"\nrule =")))
    };
    assert_eq!(clause(80), ["loose-near"]);
    assert_eq!(clause(20), NOTHING);
}

#[test]
fn an_except_that_hides_the_whole_rule() {
    let with = |rule: &str, except: &str| {
        let toml = format!("{HEAD}{}", code("c", rule)).replace("rule =", &format!("except = \"{except}\"\nrule ="));
        let report = report_of(&toml);
        (ids(&report), report.passed())
    };
    assert_eq!(with("補助金 | 研修", "'補助金' | 研修"), (vec!["except-hides-rule"], false));
    assert_eq!(with("near(費用, 支援; 4)", "費用"), (vec!["except-hides-rule"], false));
    assert_eq!(with("補助金 | 研修", "補助金"), (vec![], true));
    assert_eq!(with("補助金 | 研修", "補助金制度 | 研修医"), (vec![], true));
}

#[test]
fn names_and_rules_that_exist_for_nothing_or_twice() {
    assert_eq!(with_lists("金 = [\"費用\"]\n人 = [\"<技>\"]\n技 = [\"技師\"]", "補助金 | <金>"), ["unused-list"; 2]);
    assert_eq!(with_lists("金 = [\"費用\", \"<技>\"]\n技 = [\"経費\"]", "補助金 | <金>"), NOTHING);
    let two = |a: &str, b: &str| ids(&report_of(&format!("{HEAD}{}{}", code("a", a), code("b", b))));
    assert_eq!(two("補助金 | 研修", "研修 | 補助金"), ["same-rule"]);
    assert_eq!(two("補助金 | 研修", "研修 & 補助金"), NOTHING);
    let replaced = |id: &str| {
        let toml = format!("{HEAD}{}{}", code("a", "補助金"), code("b", "研修"));
        ids(&report_of(&(toml + &format!("replaces = [\"{id}\"]\n"))))
    };
    assert_eq!(replaced("a"), ["replaces-live-code"]);
    assert_eq!(replaced("old"), NOTHING);
}

#[test]
fn what_a_code_lacks() {
    assert_eq!(edited("rule = '''補助金'''\n", ""), ["no-rule"]);
    assert_eq!(edited("rule =", "maybe ="), NOTHING);
    assert_eq!(edited("definition = \"c\"", "definition = \" \""), ["no-definition"]);
    assert_eq!(edited("[\"補助金と研修と検査と費用の支援\"]", "[]"), ["no-examples"]);
    assert_eq!(edited("[\"うれしい\"]", "[]"), ["no-counter-examples"]);
    assert_eq!(edited("\"うれしい\"", "\"うれしい\", \"特になし。\""), ["filler-example"]);
    assert_eq!(edited("\"うれしい\"", "\"うれしい\", \"支援は特にない\""), NOTHING);
    assert_eq!(edited("\"うれしい\"", "\"補助金と研修と検査と費用の支援\""), ["contradictory-example"]);
}

fn survey(answers: &[&str]) -> Survey {
    let respondent = |(at, text): (usize, &&str)| Respondent {
        id: at.to_string(),
        values: Vec::new(),
        answers: vec![if text.is_empty() { Answer::Blank } else { Answer::Text((*text).to_owned()) }],
    };
    Survey {
        attributes: Vec::new(),
        questions: vec![Question { id: "Q1".to_owned(), wording: String::new(), default_stance: None }],
        respondents: answers.iter().enumerate().map(respondent).collect(),
    }
}

fn with_answers(toml: &str, answers: &[&str]) -> Report {
    check::check(&machine(toml), Some((&survey(answers), &[]))).expect("checked")
}

#[test]
fn rules_that_match_no_answer_or_nearly_all() {
    let toml = format!("{HEAD}{}{}", code("a", "補助金"), code("b", "研修"));
    let mut answers = vec!["補助金がほしい"; 19];
    answers.extend(["研修", "特になし", ""]);
    let report = with_answers(&toml, &answers);
    assert_eq!(ids(&report), ["always-fires"]);
    let question = &report.study.as_ref().expect("a study").questions[0];
    assert_eq!((question.answered, question.uncoded), (20, 0));
    let shares: Vec<(u64, String)> = question.hits.iter().map(|hits| (hits.count(), hits.percent())).collect();
    assert_eq!(shares, [(19, "95.0".to_owned()), (1, "5.0".to_owned())]);
    assert_eq!(ids(&with_answers(&toml, &["補助金", "その他"])), ["never-fires"]);
    assert_eq!(ids(&with_answers(&toml, &["補助金", "研修"])), NOTHING);
    // Where nobody answered nothing is said.
    assert_eq!(ids(&with_answers(&toml, &["特になし", ""])), NOTHING);
}

#[test]
fn codes_that_go_together_and_words_that_no_rule_touches() {
    let toml = format!("{HEAD}{}{}{}", code("a", "補助金"), code("b", "補助金 | 研修"), code("c", "補助金 & !電車"));
    let answers = ["補助金と電波", "補助金と電波", "補助金", "研修と電車の電波"];
    let study = with_answers(&toml, &answers).study.expect("a study");
    let pairs: Vec<_> =
        study.together.iter().map(|pair| (pair.code, pair.with, pair.answers, pair.with_answers)).collect();
    assert_eq!(pairs, [(0, 1, 3, 4), (0, 2, 3, 3), (2, 1, 3, 4)]);
    let words: Vec<_> = study.untouched.iter().map(|word| (word.base.as_str(), word.answers)).collect();
    assert_eq!(words, [("電波", 3)], "電車 stands in a rule, if only in its !");
    assert_eq!(study.untouched[0].pos, "名詞-一般");
}

#[test]
fn a_study_says_how_long_a_sentence_can_be() {
    let toml = format!("{HEAD}{}", code("a", "near(費用, 支援; 8)"));
    assert_eq!(ids(&with_answers(&toml, &["費用の支援"])), ["loose-near"]);
    assert_eq!(ids(&with_answers(&toml, &["費用の支援を国や県や市にこれからもお願いしたい"])), NOTHING);
}

const STANCES: &str = r#"[codebook]
id = "t"
version = "1"
[[axis]]
id = "theme"
[[axis]]
id = "stance"
qualifies = "theme"
order = ["request", "concern"]
[[code]]
id = "training"
label = "研修"
definition = "研修"
rule = "研修"
examples = ["研修"]
counter_examples = ["費用"]
[[code]]
id = "request"
axis = "stance"
label = "要望"
unit = "clause"
definition = "要望"
rule = "ほしい"
examples = ["研修がほしい", "もっと来てほしい"]
counter_examples = ["研修", "もっと来てほしいが、研修が足りない"]
[[code]]
id = "concern"
axis = "stance"
label = "懸念"
unit = "clause"
definition = "懸念"
rule = "足りない"
examples = ["研修が足りない"]
counter_examples = ["人が足りないが、研修がほしい", "人が足りない。来てほしい"]
"#;

#[test]
fn a_stance_is_what_the_themes_of_an_example_take() {
    let report = report_of(STANCES);
    assert!(report.passed(), "{:?}", report.failures.iter().map(|failure| &failure.text).collect::<Vec<_>>());
    // The clause of the theme decides, not that the rule holds somewhere.
    let swapped = STANCES.replace("\"研修がほしい\", ", "\"もっと来てほしいが、研修が足りない\", ");
    let failures = report_of(&swapped).failures;
    assert_eq!(failures.len(), 1);
    assert!(!failures[0].counter);
    assert_eq!(failures[0].fired[0].stance.as_deref(), Some("concern"));
    // Without a theme the order of the axis does.
    let swapped = STANCES.replace("examples = [\"研修が足りない\"]", "examples = [\"人が足りない。来てほしい\"]");
    assert_eq!(report_of(&swapped).failures.len(), 1);
}

#[test]
fn a_stance_order_must_name_each_code_once() {
    let folder = Folder::empty();
    for (order, says) in [
        ("[\"request\"]", "コード「concern」がありません"),
        ("[\"request\", \"concern\", \"approve\"]", "「approve」はこの軸にありません"),
        ("[\"request\", \"concern\", \"request\"]", "「request」が2回あります"),
    ] {
        folder.write("codebook.toml", STANCES.replace("[\"request\", \"concern\"]", order));
        let run = folder.run(&["check", "codebook.toml"]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{order}");
        assert!(run.stderr.contains(says) && run.stderr.contains("codebook.toml 9行"), "{}", run.stderr);
    }
}

#[test]
fn every_lint_is_tried_here() {
    let own = include_str!("check.rs");
    for lint in Lint::ALL {
        assert!(own.matches(&format!("\"{}\"", lint.id())).count() >= 1, "{}", lint.id());
    }
}

/// Each alternative on a line of its own, so that a finding's line says which it is about.
#[test]
fn what_is_called_covered_or_double_can_be_removed() {
    const PLAIN: [&str; 16] = [
        "研修",
        "研修会",
        "研修*",
        "*研修",
        "'研修'",
        "補助",
        "補助金",
        "補助*",
        "'補助'",
        "求める",
        "求め*",
        "'求め'",
        "*会",
        "支援:名詞",
        "支援",
        "'支援'",
    ];
    const TEXTS: [&str; 14] = [
        "研修",
        "研修会",
        "研修医",
        "社内研修",
        "補助",
        "補助金",
        "補助者",
        "求める",
        "求めて",
        "求めない",
        "会",
        "支援する",
        "費用",
        "国",
    ];
    let mut dice = Dice::new(7);
    let mut removed = 0;
    for _ in 0..60 {
        let mut alternatives: Vec<String> = Vec::new();
        for _ in 0..2 + dice.below(4) {
            let (a, b) = (*dice.pick(&[&PLAIN]), *dice.pick(&[&PLAIN]));
            let (a, b) = (a[dice.below(a.len())], b[dice.below(b.len())]);
            alternatives.push(match dice.below(6) {
                0 => format!("near({a}, {b}; 4)"),
                1 => format!("{a} & {b}"),
                2 => format!("{a} & !{b}"),
                _ => a.to_owned(),
            });
        }
        let except = ["", "except = \"研修\"\n", "except = \"補助者 | 研修医\"\n"][dice.below(3)];
        let book = |alternatives: &[String]| {
            format!(
                "{HEAD}[[code]]\nid = \"c\"\nlabel = \"c\"\ndefinition = \"c\"\n{except}rule = '''\n{}'''\n",
                alternatives.join("\n| ")
            )
        };
        let whole = book(&alternatives);
        let first = whole[..whole.find("rule = ").unwrap()].matches('\n').count() + 2;
        let report = report_of(&whole);
        let doubted = report
            .findings
            .iter()
            .filter(|finding| matches!(finding.lint, Lint::Duplicate | Lint::SameSpelling | Lint::Covered))
            .map(|finding| finding.diagnostic.line.unwrap() - first);
        for at in doubted {
            let mut fewer = alternatives.clone();
            fewer.remove(at);
            removed += 1;
            let (before, after) = (machine(&whole), machine(&book(&fewer)));
            for a in TEXTS {
                for b in TEXTS {
                    let text = format!("{a}の{b}");
                    let holds = |machine: &aftercode::coding::Machine| {
                        !machine.worker().code(&text, &[], None).unwrap().codings.is_empty()
                    };
                    assert_eq!(holds(&before), holds(&after), "{text}\n{whole}\nwithout {}", alternatives[at]);
                }
            }
        }
    }
    assert!(removed > 20, "{removed} were called so");
}

/// A codebook with a failing example, a failing counter-example and a lint.
const FAILING: &str = r#"[codebook]
id = "small"
version = "1"

[[axis]]
id = "theme"

[[code]]
id = "subsidy"
label = "補助金"
label_en = "Subsidy"
definition = "公のお金"
rule = "補助金 | /欲しい/"
except = "補助金詐欺"
examples = [
  "補助金をお願いしたい",
  "助成をお願いしたい",
  "補助金詐欺が心配",
  "特になし",
]
counter_examples = ["補助金の研修"]

[[code]]
id = "training"
label = "研修"
label_en = "Training"
definition = "学ぶこと"
rule = "研修"
examples = ["研修"]
counter_examples = ["補助金"]
"#;

#[test]
fn the_report_in_both_forms_and_languages() {
    let folder = Folder::small();
    folder.write("failing.toml", FAILING);
    let cases: [(&str, &[&str]); 4] = [
        ("page_ja.txt", &["check", "failing.toml", "--study", "study.toml"]),
        ("page_en.txt", &["check", "failing.toml", "--study", "study.toml", "--lang", "en"]),
        ("report.json", &["check", "failing.toml", "--study", "study.toml", "--format", "json"]),
        ("alone.json", &["check", "failing.toml", "--format=json", "--lang=en"]),
    ];
    for (name, args) in cases {
        let run = folder.run(args);
        assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{name}");
        let golden = common::repository().join("tests/golden/check").join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(golden.parent().unwrap()).unwrap();
            fs::write(&golden, &run.stdout).unwrap();
        }
        assert_eq!(run.stdout, fs::read_to_string(&golden).unwrap_or_default(), "{name}");
        assert_eq!(run.stdout, folder.run(args).stdout, "the same bytes");
    }
    let json: serde_json::Value =
        serde_json::from_str(&folder.run(&["check", "failing.toml", "--format", "json"]).stdout).expect("JSON");
    assert_eq!(json["passed"], false);
    assert_eq!(json["failures"].as_array().map(Vec::len), Some(4));
    assert_eq!(json["examples"]["failed"], 3);
    assert!(json["study"].is_null());
}

#[test]
fn how_it_ends() {
    let folder = Folder::small();
    // Findings alone do not fail.
    let run = folder.run_well(&["check", "codebook.toml"]);
    assert!(run.stdout.contains("注意[no-examples]") && run.stdout.contains("codebook.toml 30行"), "{}", run.stdout);
    assert_eq!(run.stderr, "");
    folder.write("failing.toml", FAILING);
    assert_eq!(folder.run(&["check", "failing.toml"]).status, 1);
    for args in [
        &["check", "missing.toml"][..],
        &["check", "responses.csv"],
        &["check", "codebook.toml", "--study", "missing.toml"],
        &["check"],
        &["check", "codebook.toml", "--format", "xml"],
    ] {
        let run = folder.run(args);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}");
        assert!(!run.stderr.is_empty(), "{args:?}");
    }
    // With a study its attributes are known.
    folder.edit("codebook.toml", "rule = \"研修\"", "rule = \"研修 & {施設種別 = 医院}\"");
    assert_eq!(folder.run(&["check", "codebook.toml"]).status, 0);
    let run = folder.run(&["check", "codebook.toml", "--study", "study.toml"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("「医院」という値はありません"), "{}", run.stderr);
}

#[test]
fn messages_are_in_english_throughout() {
    let quoted = |line: &str| line.split('"').step_by(2).any(|part| !part.is_ascii());
    let reports = [
        report_of(FAILING),
        report_of(&format!(
            "{HEAD}[lists]\n空 = [\"国\"]\n{}",
            code(
                "c",
                "補助金 | 面倒を見* | ん | ググる | near(補助金, 国; 300) | 補助金 | サーバ | サーバー | 支援:名詞-サ変接読"
            )
        )),
        report_of(&STANCES.replace("\"研修がほしい\", ", "\"もっと来てほしいが、研修が足りない\", ")),
    ];
    for report in &reports {
        let failures = report.failures.iter().map(|failure| &failure.diagnostic);
        for diagnostic in failures.chain(report.findings.iter().map(|finding| &finding.diagnostic)) {
            let hint = diagnostic.hint.as_ref().expect("a hint");
            for said in [diagnostic.message.get(Lang::En), hint.get(Lang::En)] {
                assert!(!quoted(said), "{said}");
            }
        }
    }
}

#[test]
fn the_shipped_codebook_can_be_checked() {
    let run = common::run_in(
        common::repository(),
        &["check", "codebooks/medical-cybersecurity.toml", "--study", "data/study.toml", "--format", "json"],
    );
    assert!(run.status <= 1, "{}", run.stderr);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert!(json["codes"].as_array().is_some_and(|codes| codes.len() > 30));
    assert_eq!(json["study"]["questions"].as_array().map(Vec::len), Some(2));
}
