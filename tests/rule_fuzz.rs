//! The parser on anything at all: it answers, quickly, and points into the rule.
//!
//! A long run: `FUZZ_INPUTS=5000000 cargo test --release --test rule_fuzz`.

#![allow(clippy::print_stdout, reason = "long runs tell how much they tried")]

mod machine;

use std::time::{Duration, Instant};

use aftercode::diagnostic::Lang;
use aftercode::rule::plan::{Names, Plan, Source};
use aftercode::rule::{Expr, Kind, RuleError, parse};
use aftercode::span::Span;
use aftercode::tokenize::UnitKind;
use machine::{Dice, NORMALIZER, TOKENIZER};

const VALID: &[&str] = &[
    "補助金 | 助成 | 交付金 | 公費 | near(<費用>, 国 | 行政 | 自治体, 負担 | 支援; 8)",
    "<業者> & @request & !（研修｜教育）",
    "支援:名詞-サ変接続 | 研修* | *研修 | 'Q&A' | /診療報酬(で|に)\\/x/",
    "\"費用 の 支援\" & {施設種別 != 病院|診療所} # 注\n | length < 10",
    "count(a | b) >= 2 and not seq(a, b | 'c', /d+/; 5) or @net.x",
    "near（費用，支援；８） ＆ ！（＜除外＞ ｜ ＠コード）｜ ｛立場＝院長｝",
    "((a | b) & (c | !d)) | (e)",
];

const PIECES: &[&str] = &[
    "(",
    ")",
    "（",
    "）",
    "|",
    "｜",
    "&",
    "＆",
    "!",
    "！",
    "<",
    ">",
    "＜",
    "＞",
    "@",
    "＠",
    ":",
    "：",
    ";",
    "；",
    ",",
    "，",
    "、",
    "=",
    "＝",
    "{",
    "}",
    "｛",
    "｝",
    "*",
    "＊",
    "/",
    "／",
    "\"",
    "＂",
    "“",
    "”",
    "'",
    "＇",
    "‘",
    "’",
    "#",
    "＃",
    "\\",
    "「",
    "」",
    "『",
    "』",
    " ",
    "　",
    "\n",
    "\t",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "near(",
    "seq(",
    "count(",
    "length",
    "near（",
    "naer(",
    "or",
    "and",
    "not",
    "OR",
    "研修",
    "費用",
    "a",
    "é",
    "か\u{3099}",
    "ﾊﾟ",
    "👩‍⚕️",
    "㈱",
    "１",
    "9",
    "٣",
    "1000",
    "99999999999999999999",
    ">=",
    "<=",
    "!=",
    "; 8)",
    "; ８）",
    "'補助'",
    "/a+/",
    "\"a b\"",
    "<費用>",
    "@x.y",
    "{a=b}",
    "\u{0}",
    "\u{202e}",
    "\u{feff}",
    "𠮷",
    "-",
    "名詞",
    "İ",
    "ß",
    "\u{fffd}",
    "~",
    "^",
    "$",
    "[",
    "]",
    "?",
    "+",
    ".",
];

fn inputs(default: usize) -> usize {
    std::env::var("FUZZ_INPUTS").ok().and_then(|inputs| inputs.parse().ok()).unwrap_or(default)
}

fn random_char(dice: &mut Dice) -> char {
    let code = match dice.below(4) {
        0 => dice.below(0x80),
        1 => 0x3000 + dice.below(0x100),
        2 => 0xFF00 + dice.below(0x100),
        _ => dice.below(0x11_0000),
    };
    char::from_u32(code as u32).unwrap_or('\u{fffd}')
}

/// A rule with a few characters taken out, put in, doubled or exchanged.
fn mutated(dice: &mut Dice) -> String {
    let mut chars: Vec<char> = dice.pick(VALID).chars().collect();
    for _ in 0..1 + dice.below(4) {
        let at = dice.below(chars.len() + 1);
        let other = dice.below(chars.len().max(1));
        match dice.below(6) {
            0 if at < chars.len() => drop(chars.remove(at)),
            1 => chars.insert(at, random_char(dice)),
            2 => drop(chars.splice(at..at, dice.pick(PIECES).chars())),
            3 if at < chars.len() => chars.swap(at, other),
            4 => chars.truncate(at),
            5 if at < chars.len() => chars.insert(at, chars[other]),
            _ => drop(chars.drain(..at.min(other))),
        }
    }
    chars.into_iter().collect()
}

fn input(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => (0..dice.below(20)).map(|_| random_char(dice)).collect(),
        1..=3 => (0..1 + dice.below(12)).map(|_| dice.pick(PIECES)).collect(),
        _ => mutated(dice),
    }
}

fn stands_in(rule: &str, span: Span) -> bool {
    span.start <= span.end && rule.get(span.start..span.end).is_some()
}

fn check_error(rule: &str, error: &RuleError) {
    assert!(stands_in(rule, error.span), "{rule:?}: {error:?}");
    assert!(!error.message.get(Lang::Ja).is_empty() && error.hint.is_none_or_said(), "{rule:?}: {error:?}");
}

trait Said {
    fn is_none_or_said(&self) -> bool;
}

impl Said for Option<aftercode::diagnostic::Text> {
    fn is_none_or_said(&self) -> bool {
        self.as_ref().is_none_or(|hint| !hint.get(Lang::Ja).is_empty() && !hint.get(Lang::En).is_empty())
    }
}

/// Every part stands inside the part it belongs to, or in the parentheses around it.
fn check_tree(rule: &str, expr: &Expr) {
    assert!(stands_in(rule, expr.span) && expr.span.start < expr.span.end, "{rule:?}: {expr:?}");
    let parts: Vec<&Expr> = match &expr.kind {
        Kind::Or(parts) | Kind::And(parts) | Kind::Near { elements: parts, .. } => parts.iter().collect(),
        Kind::Not(inner) | Kind::Count { element: inner, .. } => vec![inner],
        _ => Vec::new(),
    };
    for part in parts {
        assert!(expr.span.contains(part.span), "{rule:?}: {part:?} in {expr:?}");
        check_tree(rule, part);
    }
}

fn check(rule: &str) -> bool {
    match parse(rule) {
        Ok(expr) => {
            check_tree(rule, &expr);
            true
        }
        Err(error) => {
            check_error(rule, &error);
            false
        }
    }
}

#[test]
fn any_string_is_parsed_or_refused_with_a_place_inside_it() {
    let mut dice = Dice::new(7);
    let (mut valid, total) = (0, inputs(200_000));
    let mut slowest = (Duration::ZERO, String::new());
    for _ in 0..total {
        let rule = input(&mut dice);
        let start = Instant::now();
        valid += usize::from(check(&rule));
        if start.elapsed() > slowest.0 {
            slowest = (start.elapsed(), rule);
        }
    }
    println!("{total} inputs, {valid} valid; slowest {:?}: {:?}", slowest.0, slowest.1);
    assert!(valid * 50 > total && valid < total, "{valid} of {total} are valid");
    assert!(slowest.0 < Duration::from_secs(2), "{slowest:?}");
}

#[test]
fn deep_nesting_is_refused_and_long_rules_are_read() {
    let openings = [
        "(", "（", "!", "！", "! ", "not ", "near(", "near（", "seq(", "count(", "!(", "(!", "(a|", "(a&(b|", "near((",
        "<", "/", "'", "{", "\"",
    ];
    for opening in openings {
        for depth in [1, 2, 49, 50, 51, 98, 99, 100, 101, 102, 500, 100_000] {
            for closing in ["", ")", "a", "語", "a)", "語）"] {
                let rule = format!("{}{}", opening.repeat(depth), closing.repeat(if depth < 1000 { depth } else { 1 }));
                check(&rule);
            }
        }
    }
    for separator in ["|", " or ", "｜", "&", ""] {
        let start = Instant::now();
        check(&["研修"; 200_000].join(separator));
        assert!(start.elapsed() < Duration::from_secs(10), "{separator:?}: {:?}", start.elapsed());
    }
}

#[test]
fn a_rule_that_parses_compiles_or_is_refused_with_a_place_inside_it() {
    let mut dice = Dice::new(11);
    let list = parse("費用 | コスト").unwrap();
    let mut compiled = 0;
    for _ in 0..inputs(200_000) / 100 {
        let rule = input(&mut dice);
        let Ok(expr) = parse(&rule) else { continue };
        let source = |rule, except| Source {
            id: "コード".to_owned(),
            net: Some("net.x".to_owned()),
            unit: UnitKind::Sentence,
            rule,
            except,
            maybe: None,
        };
        for source in [source(Some(&expr), None), source(None, Some(&expr))] {
            let names = Names { lists: [("費用", vec![&list])].into(), attributes: None, typical: Vec::new() };
            match Plan::new(&[source], &names, &NORMALIZER, &TOKENIZER) {
                Ok(_) => compiled += 1,
                Err(error) => check_error(&rule, &error.error),
            }
        }
    }
    assert!(compiled > 0);
}

#[test]
fn full_width_signs_are_pointed_at_whole() {
    let place = |rule: &str| parse(rule).unwrap_err().span.of(rule).to_owned();
    assert_eq!(place("near（費用，支援）"), "near（費用，支援）");
    assert_eq!(place(&"（".repeat(500)), "（");
    assert_eq!(place(&"(".repeat(100)), "");
}
