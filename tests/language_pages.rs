//! The pages on the rule language keep their word: every example is run, both pages
//! have the same examples, and every form of the language is shown.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use aftercode::codebook::Codebook;
use aftercode::codebook::keys::Section;
use aftercode::coding::{Coded, Machine};
use aftercode::config::Source;
use aftercode::normalize::Normalizer;
use aftercode::rule::plan::AttributeNames;
use aftercode::rule::{Compare, Expr, Kind, Open, parse};
use aftercode::span::Span;
use aftercode::tokenize::{Document, Tokenizer, UnitKind};
use common::repository;

const PAGES: [&str; 2] = ["docs/rules.md", "docs/rules.ja.md"];

/// The fenced blocks of a page: what stands behind the fence, and what is inside.
static BLOCKS: LazyLock<[Vec<(String, String)>; 2]> = LazyLock::new(|| PAGES.map(blocks));

fn page(name: &str) -> String {
    fs::read_to_string(repository().join(name)).expect("a page")
}

fn blocks(name: &str) -> Vec<(String, String)> {
    let page = page(name);
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((info.to_owned(), body.join("\n")));
        }
    }
    blocks
}

/// The examples of the first page; the second has the same, which a test asserts.
fn examples(info: &str) -> Vec<&'static str> {
    let found: Vec<&str> = BLOCKS[0].iter().filter(|block| block.0 == info).map(|block| block.1.as_str()).collect();
    assert!(!found.is_empty(), "no {info}");
    found
}

/// The codebook that all examples use.
fn base() -> &'static str {
    let base = examples("toml")[0];
    assert!(base.starts_with("[codebook]"));
    base
}

fn machine(more: &str) -> Machine {
    let toml = format!("{}\n{more}\n", base());
    let codebook = Codebook::from_source(&Source::new("page.toml", toml)).unwrap_or_else(|error| panic!("{error:?}"));
    let attributes = [AttributeNames {
        names: vec!["施設種別".to_owned()],
        values: vec!["病院".to_owned(), "診療所".to_owned()],
        nets: Vec::new(),
    }];
    let (normalizer, tokenizer) = (Normalizer::shipped().unwrap(), Tokenizer::embedded(&[]).unwrap());
    Machine::new(codebook, normalizer, tokenizer, Some(&attributes)).unwrap_or_else(|error| panic!("{more}: {error:?}"))
}

fn code(machine: &Machine, answer: &str) -> Coded {
    machine.worker().code(answer, &[Some("病院")], Some("request")).expect("coded")
}

fn quoted(answer: &str, spans: &[Span]) -> String {
    spans.iter().map(|span| format!("「{}」", span.of(answer))).collect()
}

/// A rule and its lines of texts, `+` those it finds and `-` those it does not.
fn rule_example(body: &str) -> (String, Vec<&str>) {
    let is_text = |line: &&str| line.starts_with("+ ") || line.starts_with("- ");
    let rule: Vec<&str> = body.lines().take_while(|line| !is_text(line)).collect();
    let texts: Vec<&str> = body.lines().skip(rule.len()).collect();
    assert!(!texts.is_empty() && texts.iter().all(is_text), "{body}");
    (rule.join("\n"), texts)
}

#[test]
fn both_pages_have_the_same_examples() {
    // Messages of the program stand in the page's own language.
    let [english, japanese] =
        [&BLOCKS[0], &BLOCKS[1]].map(|blocks| blocks.iter().filter(|block| block.0 != "text").collect::<Vec<_>>());
    assert_eq!(english, japanese);
    const RUN: [&str; 5] = ["toml", "answers", "rule", "units", "folding"];
    assert!(english.iter().all(|(info, _)| RUN.contains(&info.as_str())), "a kind of block that nothing runs");
    assert!(examples("rule").len() > 30);
}

#[test]
fn rules_find_what_the_pages_say() {
    let mut wrong = Vec::new();
    for (rule, texts) in examples("rule").into_iter().map(rule_example) {
        assert!(!rule.contains("'''"), "{rule}");
        let machine = machine(&format!("[[code]]\nid = \"shown\"\nrule = '''\n{rule}\n'''"));
        let shown = machine.codebook().code("shown").expect("the code");
        for line in texts {
            let (sign, rest) = line.split_at(2);
            let (text, expected) = rest.split_once(" → ").unwrap_or((rest, ""));
            assert_eq!(sign == "+ ", !expected.is_empty(), "{line}: what is found stands behind →");
            let coded = code(&machine, text);
            let found = coded.codings.iter().find(|coding| coding.code == shown);
            let found = found.map_or_else(String::new, |coding| quoted(text, &coding.evidence));
            if found != expected {
                wrong.push(format!("{rule}\n{line}\nfinds: {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What an answer gets, as the pages write it.
fn written(machine: &Machine, answer: &str, coded: &Coded, from: usize) -> String {
    let codebook = machine.codebook();
    if let Some(reserved) = coded.reserved {
        return codebook.reserved[reserved].id.clone();
    }
    let codings = coded.codings.iter().filter(|coding| coding.code >= from).map(|coding| {
        let stance = coding.stance.as_ref().map_or_else(String::new, |stance| format!("/{}", stance.id));
        format!("{}{stance}{}", codebook.codes[coding.code].id, quoted(answer, &coding.evidence))
    });
    let maybes = coded.suggestions.iter().filter(|(code, _)| *code >= from);
    let maybes = maybes.map(|(code, spans)| format!("{}?{}", codebook.codes[*code].id, quoted(answer, spans)));
    let all: Vec<String> = codings.chain(maybes).collect();
    if all.is_empty() { "-".to_owned() } else { all.join("; ") }
}

#[test]
fn answers_get_the_codes_that_the_pages_say() {
    let mut more = "";
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (info, body) in &BLOCKS[0] {
        match info.as_str() {
            "toml" => more = if body == base() { "" } else { body },
            "answers" => {
                let machine = machine(more);
                // Behind a codebook of its own a block speaks of that codebook's codes.
                let from = if more.is_empty() { 0 } else { self::machine("").codebook().codes.len() };
                for line in body.lines() {
                    let (answer, expected) = line.split_once(" → ").expect("an arrow");
                    let found = written(&machine, answer, &code(&machine, answer), from);
                    if found != expected {
                        wrong.push(format!("{line}\n  gets {found}"));
                    }
                    seen += 1;
                }
                more = "";
            }
            _ => {}
        }
    }
    assert!(seen > 15 && wrong.is_empty(), "{seen}\n{}", wrong.join("\n"));
}

#[test]
fn texts_are_cut_as_the_pages_say() {
    let machine = machine("");
    let mut wrong = Vec::new();
    for shown in examples("units").into_iter().flat_map(examples_of_units) {
        let text: String = shown.chars().filter(|c| !matches!(c, '|' | '‖')).collect();
        let document = machine.worker().document(&text).expect("a document");
        assert_eq!(document.text(), text, "choose a text that folding leaves alone");
        let cut = cut(&document);
        if cut != shown {
            wrong.push(format!("{shown}\n  is cut {cut}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A line a text; one that begins with ‖ belongs to the line before it.
fn examples_of_units(body: &str) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for line in body.lines() {
        match texts.last_mut() {
            Some(text) if line.starts_with('‖') => *text += &format!("\n{line}"),
            _ => texts.push(line.to_owned()),
        }
    }
    texts
}

fn cut(document: &Document) -> String {
    let mut out = String::new();
    for clause in document.units(UnitKind::Clause) {
        let sentence = document.units(UnitKind::Sentence).iter().any(|unit| unit.first == clause.first);
        out.push_str(if out.is_empty() {
            ""
        } else if sentence {
            "‖"
        } else {
            "|"
        });
        out.push_str(clause.span.of(document.text()));
    }
    out
}

#[test]
fn texts_are_folded_as_the_pages_say() {
    let normalizer = Normalizer::shipped().unwrap();
    for line in examples("folding").into_iter().flat_map(str::lines) {
        let (original, folded) = line.split_once(" → ").expect("an arrow");
        assert_eq!(normalizer.normalize(original).text(), folded, "{line}");
    }
}

/// The name of a form; a new one stops this from compiling until it has a name here.
fn forms(expr: &Expr, found: &mut BTreeSet<&'static str>) {
    let compared = |compare: Compare| match compare {
        Compare::Less => "<",
        Compare::AtMost => "<=",
        Compare::Equal => "=",
        Compare::NotEqual => "!=",
        Compare::AtLeast => ">=",
        Compare::Greater => ">",
    };
    let form = match &expr.kind {
        Kind::Or(_) => "or",
        Kind::And(_) => "and",
        Kind::Not(_) => "not",
        Kind::Word(word) if !word.pos.is_empty() => "word with part of speech",
        Kind::Word(word) => match word.open {
            Open::Closed => "word",
            Open::Prefix => "prefix",
            Open::Suffix => "suffix",
        },
        Kind::Text(_) => "text",
        Kind::Regex(_) => "regex",
        Kind::Phrase(_) => "phrase",
        Kind::List(_) => "list",
        Kind::Near { ordered: false, .. } => "near",
        Kind::Near { ordered: true, .. } => "seq",
        Kind::Code(id) if id.contains('.') => "code",
        Kind::Code(_) => "net or code",
        Kind::Attribute { negated: false, .. } => "attribute =",
        Kind::Attribute { negated: true, .. } => "attribute !=",
        Kind::Count { compare, .. } => {
            found.insert(compared(*compare));
            "count"
        }
        Kind::Length { compare, .. } => {
            found.insert(compared(*compare));
            "length"
        }
    };
    found.insert(form);
    match &expr.kind {
        Kind::Or(parts) | Kind::And(parts) | Kind::Near { elements: parts, .. } => {
            parts.iter().for_each(|part| forms(part, found));
        }
        Kind::Not(inner) | Kind::Count { element: inner, .. } => forms(inner, found),
        _ => {}
    }
}

#[test]
fn every_form_is_shown() {
    let rules: Vec<String> = examples("rule").into_iter().map(|body| rule_example(body).0).collect();
    let mut found = BTreeSet::new();
    rules.iter().for_each(|rule| forms(&parse(rule).expect("a rule"), &mut found));
    let all = "<|<=|=|!=|>=|>|or|and|not|word|word with part of speech|prefix|suffix|text|regex|phrase|list|near|seq|code|net or code|attribute =|attribute !=|count|length";
    assert_eq!(found, all.split('|').collect());
    for sign in "（）｜＆！＜＞＠：；，＝｛｝＊／#".chars() {
        assert!(rules.iter().any(|rule| rule.contains(sign)), "{sign} is not shown");
    }
    for word in [" and ", " or ", " not "] {
        assert!(rules.iter().any(|rule| rule.contains(word)), "{word} is not shown");
    }
}

#[test]
fn every_key_and_unit_is_named() {
    for name in PAGES {
        let page = page(name);
        let keys = Section::ALL.iter().filter(|section| **section != Section::List).flat_map(|section| section.keys());
        let units = [UnitKind::Response, UnitKind::Sentence, UnitKind::Clause].map(UnitKind::name);
        for word in keys.map(|key| key.name).chain(units).chain(["default_stance"]) {
            assert!(page.contains(&format!("`{word}`")), "{name} does not name {word}");
        }
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            match link.strip_prefix('#') {
                Some(anchor) => assert!(anchors(&page).contains(&anchor.to_owned()), "{name} has no heading {anchor}"),
                None => assert!(repository().join("docs").join(link).exists(), "{name} names {link}"),
            }
        }
    }
}

/// The anchors that GitHub makes of the headings.
fn anchors(page: &str) -> Vec<String> {
    let anchor = |heading: &str| -> String {
        let kept = heading.to_lowercase();
        kept.chars().filter(|c| c.is_alphanumeric() || *c == ' ').map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    page.lines().filter_map(|line| line.strip_prefix("## ")).map(anchor).collect()
}
