//! Answers that are alike are coded and masked once: as each would be by itself.

mod machine;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use aftercode::codebook::Codebook;
use aftercode::coding::Machine;
use aftercode::config::Source;
use aftercode::mask::Masker;
use aftercode::normalize::Normalizer;
use aftercode::rule::plan::AttributeNames;
use aftercode::survey::{Answer, Attribute, Question, Respondent, Survey};
use aftercode::tokenize::Tokenizer;
use machine::{NORMALIZER, TOKENIZER};
use proptest::prelude::*;

/// Of the three attributes the rules ask for the second, which decides another code, too,
/// and for the third, also in a `maybe`.
const CODEBOOK: &str = r#"
[codebook]
id = "alike"
version = "1"
[[axis]]
id = "theme"
[[axis]]
id = "stance"
qualifies = "theme"
order = ["request", "concern"]
[[code]]
id = "money"
axis = "theme"
rule = "補助金 & !{地域 = 南}"
[[code]]
id = "hospital"
axis = "theme"
rule = "研修 & !{種別 = 病院}"
[[code]]
id = "both"
axis = "theme"
rule = "@hospital & 研修"
maybe = "困る & {地域 = 北}"
[[code]]
id = "request"
axis = "stance"
unit = "clause"
rule = "ほしい"
[[code]]
id = "concern"
axis = "stance"
unit = "clause"
rule = "困る"
"#;

const TEXTS: [&str; 7] =
    ["特になし", "補助金", "補助金がほしい", "研修", "研修は困る。補助金がほしい", "甲野病院の研修", "甲野病院の 研修"];
const VALUES: [[&str; 2]; 3] = [["大", "小"], ["病院", "健診"], ["北", "南"]];
const NAMES: [&str; 3] = ["規模", "種別", "地域"];

static MACHINE: LazyLock<Machine> = LazyLock::new(|| {
    let names = |(name, values): (&str, &[&str; 2])| AttributeNames {
        names: vec![name.to_owned()],
        values: values.map(str::to_owned).to_vec(),
        nets: Vec::new(),
    };
    let attributes: Vec<AttributeNames> = NAMES.into_iter().zip(&VALUES).map(names).collect();
    let codebook = Codebook::from_source(&Source::new("codebook.toml", CODEBOOK)).unwrap();
    let (normalizer, tokenizer) = (Normalizer::shipped().unwrap(), Tokenizer::embedded(&[]).unwrap());
    Machine::new(codebook, normalizer, tokenizer, Some(&attributes)).unwrap()
});

/// By respondent: which value of each attribute, if any, and which text to each question;
/// of others than those of [`TEXTS`] one is blank and one not asked for.
type People = Vec<([Option<usize>; 3], [usize; 2])>;

fn survey(people: &People) -> Survey {
    let answer = |at: usize| match TEXTS.get(at) {
        Some(text) => Answer::Text((*text).to_owned()),
        None if at == TEXTS.len() => Answer::Blank,
        None => Answer::NotAsked,
    };
    let respondent = |(at, (values, answers)): (usize, &([Option<usize>; 3], [usize; 2]))| Respondent {
        id: at.to_string(),
        values: (0..3).map(|of| values[of].map(|value| VALUES[of][value].into())).collect(),
        answers: answers.map(answer).to_vec(),
    };
    let question = |(id, stance): (&str, Option<&str>)| Question {
        id: id.to_owned(),
        wording: String::new(),
        default_stance: stance.map(str::to_owned),
    };
    let attribute = |(name, values): (&str, &[&str; 2])| Attribute {
        name: name.to_owned(),
        categories: values.map(str::to_owned).to_vec(),
        ..Attribute::default()
    };
    Survey {
        attributes: NAMES.into_iter().zip(&VALUES).map(attribute).collect(),
        questions: [("Q1", Some("request")), ("Q2", Some("concern"))].map(question).to_vec(),
        respondents: people.iter().enumerate().map(respondent).collect(),
    }
}

fn people() -> impl Strategy<Value = People> {
    let value = || prop::option::of(0..2_usize);
    let answer = || 0..TEXTS.len() + 2;
    prop::collection::vec(([value(), value(), value()], [answer(), answer()]), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn coding_once_equals_coding_each_by_itself(people in people()) {
        let survey = survey(&people);
        let done = AtomicU64::new(0);
        let coded = MACHINE.code_all(&survey, &|more| { done.fetch_add(more, Ordering::Relaxed); }).unwrap();
        let masker = Masker::new(&["補助金".to_owned()], &NORMALIZER).unwrap();
        let masks = masker.find_all(&survey, &NORMALIZER, &TOKENIZER).unwrap();
        let (mut worker, mut answers) = (MACHINE.worker(), 0);
        for (at, respondent) in survey.respondents.iter().enumerate() {
            let values: Vec<Option<&str>> = respondent.values.iter().map(Option::as_deref).collect();
            for (number, question) in survey.questions.iter().enumerate() {
                let text = respondent.answers[number].text();
                answers += u64::from(text.is_some());
                let own = text.map(|text| worker.code(text, &values, question.default_stance.as_deref()).unwrap());
                prop_assert_eq!(coded.get(at, number), own.as_ref());
                let own = text.map(|text| masker.find(&worker.document(text).unwrap(), &TOKENIZER));
                prop_assert_eq!(masks.get(at, number), own.as_ref());
            }
        }
        prop_assert_eq!(done.into_inner(), answers);
    }
}

#[test]
fn nobody_is_no_trouble() {
    assert_eq!(MACHINE.code_all(&survey(&Vec::new()), &|_| ()).unwrap().iter().count(), 0);
}

#[test]
fn only_what_rules_can_tell_apart_is_coded_again() {
    // The size makes no difference; kind and place do, and so does the question's default
    // stance.
    let alike = ([Some(0), Some(0), Some(0)], [1, 1]);
    let people = vec![alike, ([Some(1), Some(0), Some(0)], [1, 1]), ([None, Some(0), None], [1, 8]), alike];
    let calls = AtomicU64::new(0);
    let coded = MACHINE
        .code_all(&survey(&people), &|_| {
            calls.fetch_add(1, Ordering::Relaxed);
        })
        .unwrap();
    assert_eq!((calls.into_inner(), coded.iter().count()), (3, 7));
}
