//! Random codebooks on random texts against a short, slow reading of the rule language.
//!
//! The oracle tries every place, every choice and every order; it shares nothing with
//! the evaluator but the tokenizer and the folding. It reads its own tree, which is
//! written out as a rule, so that the parser's precedence is tested too.
//!
//! The tracer, by which answers are explained, must agree with the evaluator on the same
//! rules, word for word of evidence.
//!
//! A long run: `PROPTEST_CASES=20000 cargo test --release --test rule_oracle`.

#![allow(clippy::print_stdout, reason = "long runs tell how much they tried")]

mod machine;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use aftercode::explain::trace::Tracer;
use aftercode::rule::evaluate::{Evaluator, Reading};
use aftercode::rule::plan::{AttributeNames, Names, Plan, Source};
use aftercode::rule::{Compare, Expr, parse};
use aftercode::span::Span;
use aftercode::tokenize::{Document, Unit, UnitKind};
use machine::{Dice, NORMALIZER, TOKENIZER};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Rule {
    Word(Word),
    Text(&'static str),
    Regex(&'static str),
    Phrase(Vec<Word>),
    List(usize),
    Near(Vec<Rule>, bool, usize),
    /// An earlier code; the first gives a word instead.
    Code(usize),
    Net,
    Attribute(usize, bool, Vec<&'static str>),
    Count(Box<Rule>, Compare, usize),
    Length(Compare, usize),
    And(Vec<Rule>),
    Or(Vec<Rule>),
    Not(Box<Rule>),
}

#[derive(Clone, Debug)]
struct Word {
    text: &'static str,
    /// `Some(true)`: `text*`, `Some(false)`: `*text`.
    open: Option<bool>,
    pos: &'static str,
}

#[derive(Clone, Debug)]
struct Code {
    rule: Rule,
    except: Option<Rule>,
    maybe: Option<Rule>,
    unit: usize,
    in_net: bool,
}

#[derive(Clone, Debug)]
struct Book {
    codes: Vec<Code>,
    /// Entries of two lists; only the first may use the second.
    lists: [Vec<Rule>; 2],
    style: u64,
}

const WORDS: &[&str] = &[
    "研修",
    "研修会",
    "費用",
    "コスト",
    "高い",
    "高かった",
    "困る",
    "困っ",
    "支援",
    "国",
    "補助金",
    "公費",
    "公費負担",
    "負担",
    "サイバー",
    "セキュリティ",
    "サイバーセキュリティ",
    "サーバ",
    "ｻｰﾊﾞｰ",
    "ＶＰＮ",
    "vpn",
    "Windows",
    "電子カルテ",
    "カルテ",
    "足りる",
    "ない",
    "お願い",
    "してほしい",
    "業者",
    "保険",
    "保険証",
    "健診センター",
    "医師会",
    "検査",
    "の",
    "を",
    "。",
    "多い",
    "人",
    "教える",
    "教えてください",
    "欲しい",
    "㈱",
    "ー",
    "が",
];
const PIECES: &[&str] =
    &["研修", "修", "サイバー", "セキュリティ", "高", "困", "費", "険", "カル", "v", "い", "会", "ティ", "足り", "w"];
const TEXTS: &[&str] =
    &["補助金", "修会", "費", "ー", "い", "。", "研修 ", " 費用", "険と保", "v", "ます", "教え", "ﾃｨ", "a b"];
const REGEXES: &[&str] = &[
    "研修(会|を)",
    "費.*い",
    "高[いく]",
    "^費用",
    "ない$",
    "[0-9]+",
    "(支援)?",
    r"\w+ ",
    " +",
    "a/b",
    "保険(証)?",
    "。",
    "い",
    "..",
    "(?s)^.{0,6}$",
    "ん.",
];
const TAGS: &[&str] =
    &["", "", "", "", "", "名詞", "動詞", "名詞-サ変接続", "名詞-一般", "形容詞-自立", "助詞-格助詞-一般"];
const VALUES: &[&str] = &["病院", "診療所", "センター", "医療機関"];
const NET: (&str, &[&str]) = ("医療機関", &["病院", "診療所"]);
const ATTRIBUTES: &[&str] = &["施設種別", "立場"];
const PARTS: &[&str] = &[
    "研修",
    "研修会",
    "費用",
    "費用が",
    "コスト",
    "高い",
    "高くて",
    "高かった",
    "困る",
    "困っています",
    "支援",
    "国の",
    "補助金",
    "公費負担",
    "負担",
    "サイバー",
    "セキュリティ",
    "サイバーセキュリティ",
    "ｻｰﾊﾞｰ",
    "サーバ",
    "ＶＰＮ",
    "Windows 10 ",
    "電子カルテ",
    "足りない",
    "足りません",
    "ない",
    "お願いしたい",
    "してほしい",
    "業者",
    "保険と保険証",
    "保険",
    "健診センター",
    "医師会",
    "検査",
    "の",
    "の",
    "を",
    "を",
    "が",
    "に",
    "は",
    "、",
    "。",
    "。",
    "！",
    " ",
    "　",
    "\n",
    "「",
    "」",
    "(",
    ")",
    "多いので",
    "けど、",
    "人",
    "教えてください",
    "教える",
    "欲しい",
    "㈱",
    "a/b",
    "a b",
    "１２",
    "…",
    "&nbsp;",
    "が、",
    "研修 ",
    "し",
    "ー",
    "ん",
    "たい",
];
const KINDS: [UnitKind; 3] = [UnitKind::Response, UnitKind::Sentence, UnitKind::Clause];

// ── the tree as a rule's text ──────────────────────────────────────────────

struct Writer {
    dice: Dice,
}

impl Writer {
    /// The operator, half-width or full-width, with or without blanks.
    fn sign(&mut self, half: &'static str, full: &'static str) -> String {
        let sign = self.dice.pick(&[half, half, full]);
        let blank = self.dice.pick(&["", " ", "\n", "　", " # 注\n"]);
        format!("{}{sign}{blank}", self.dice.pick(&["", " "]))
    }

    fn word(word: &Word) -> String {
        let tag = if word.pos.is_empty() { String::new() } else { format!(":{}", word.pos) };
        match word.open {
            None => format!("{}{tag}", word.text),
            Some(true) => format!("{}*{tag}", word.text),
            Some(false) => format!("*{}{tag}", word.text),
        }
    }

    fn join(&mut self, parts: &[Rule], code: usize, half: &'static str, full: &'static str) -> String {
        let mut text = String::new();
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                text += &self.sign(half, full);
            }
            text += &self.rule(part, code);
        }
        text
    }

    fn compare(compare: Compare) -> &'static str {
        match compare {
            Compare::Less => "<",
            Compare::AtMost => "<=",
            Compare::Equal => "＝",
            Compare::NotEqual => "!=",
            Compare::AtLeast => "＞=",
            Compare::Greater => ">",
        }
    }

    /// As text, in parentheses wherever a looser operator stands inside a tighter one.
    fn rule(&mut self, rule: &Rule, code: usize) -> String {
        match rule {
            Rule::Word(word) => Self::word(word),
            Rule::Text(text) => format!("'{text}'"),
            Rule::Regex(pattern) => format!("/{}/", pattern.replace('/', "\\/")),
            Rule::Phrase(words) => {
                let words: Vec<String> = words.iter().map(Self::word).collect();
                format!("\"{}\"", words.join(" "))
            }
            Rule::List(list) => format!("<語{list}>"),
            Rule::Near(elements, ordered, distance) => {
                let elements = self.join(elements, code, ",", "，");
                format!("{}({elements};{distance})", if *ordered { "seq" } else { "near" })
            }
            Rule::Code(_) | Rule::Net if code == 0 => "研修".to_owned(),
            Rule::Code(other) => format!("@c{}", other % code),
            Rule::Net => "@net".to_owned(),
            Rule::Attribute(index, negated, values) => {
                let sign = if *negated { "!=" } else { "=" };
                format!("{{{}{sign} {}}}", ATTRIBUTES[*index], values.join("|"))
            }
            Rule::Count(element, compare, number) => {
                format!("count({}) {} {number}", self.rule(element, code), Self::compare(*compare))
            }
            Rule::Length(compare, number) => format!("length{} {number}", Self::compare(*compare)),
            Rule::And(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.guarded(part, code, false)).collect();
                parts.join(&self.sign("&", "＆"))
            }
            Rule::Or(parts) => {
                // An alternative inside an alternative needs no parentheses but may have them.
                let parts: Vec<String> = parts.iter().map(|part| self.guarded(part, code, true)).collect();
                parts.join(&self.sign("|", "｜"))
            }
            Rule::Not(inner) => format!("{}{}", self.sign("!", "！"), self.guarded_tight(inner, code)),
        }
    }

    fn guarded(&mut self, part: &Rule, code: usize, in_or: bool) -> String {
        let text = self.rule(part, code);
        let needed = matches!(part, Rule::Or(_)) && !in_or;
        if needed || self.dice.below(6) == 0 { format!("({text})") } else { text }
    }

    fn guarded_tight(&mut self, part: &Rule, code: usize) -> String {
        let text = self.rule(part, code);
        if matches!(part, Rule::Or(_) | Rule::And(_)) { format!("（{text}）") } else { text }
    }
}

// ── the oracle ─────────────────────────────────────────────────────────────

/// A place in the text: bytes, and the first and last morpheme it touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    span: Span,
    first: usize,
    last: usize,
}

struct Oracle<'a> {
    book: &'a Book,
    document: &'a Document,
    values: &'a [Option<&'a str>],
    /// Each word's folded text and the base forms of its morphemes.
    words: &'a HashMap<&'static str, (String, Vec<String>)>,
}

impl Oracle<'_> {
    fn text(&self) -> &str {
        self.document.text()
    }

    fn base(&self, token: usize) -> &str {
        TOKENIZER.features(self.document.tokens[token], self.text()).base
    }

    fn has_pos(&self, token: usize, pos: &str) -> bool {
        let features = TOKENIZER.features(self.document.tokens[token], self.text());
        pos.is_empty() || format!("{}-", features.pos().join("-")).starts_with(&format!("{pos}-"))
    }

    /// The morphemes a range of characters touches; the one behind it if it is blank.
    fn place(&self, span: Span) -> Place {
        let tokens = &self.document.tokens;
        let touched: Vec<usize> = (0..tokens.len()).filter(|&at| tokens[at].span.overlaps(span)).collect();
        let behind = tokens.iter().position(|token| token.span.start >= span.end).unwrap_or(tokens.len().max(1) - 1);
        Place { span, first: *touched.first().unwrap_or(&behind), last: *touched.last().unwrap_or(&behind) }
    }

    fn word(&self, word: &Word, unit: Unit) -> Vec<Place> {
        let (folded, bases) = &self.words[word.text];
        let tokens = &self.document.tokens;
        let mut places = Vec::new();
        for first in 0..tokens.len() {
            for last in first..tokens.len().min(first + 12) {
                let span = Span::new(tokens[first].span.start, tokens[last].span.end);
                let surface = span.of(self.text());
                if !self.has_pos(last, word.pos) {
                    continue;
                }
                match word.open {
                    None => {
                        let same_bases = (first..=last).map(|at| self.base(at)).eq(bases.iter().map(String::as_str));
                        if surface == folded || same_bases {
                            places.push(Place { span, first, last });
                        }
                    }
                    Some(true) if first == last && surface.starts_with(folded.as_str()) => {
                        let span = Span::new(span.start, span.start + folded.len());
                        places.push(Place { span, first, last });
                    }
                    Some(false) if first == last && surface.ends_with(folded.as_str()) => {
                        let span = Span::new(span.end - folded.len(), span.end);
                        places.push(Place { span, first, last });
                    }
                    _ => {}
                }
            }
        }
        places.retain(|place| unit.span.contains(place.span));
        places
    }

    /// All places of a word-level expression inside `unit`.
    fn places(&self, rule: &Rule, unit: Unit) -> Vec<Place> {
        match rule {
            Rule::Word(word) => self.word(word, unit),
            Rule::Text(text) => {
                let folded = NORMALIZER.normalize(text).text().to_owned();
                (unit.span.start..unit.span.end)
                    .filter(|&at| {
                        self.text().is_char_boundary(at) && self.text()[at..unit.span.end].starts_with(&folded)
                    })
                    .map(|at| self.place(Span::new(at, at + folded.len())))
                    .collect()
            }
            Rule::Regex(pattern) => regex::Regex::new(pattern)
                .unwrap()
                .find_iter(unit.span.of(self.text()))
                .filter(|found| !found.is_empty())
                .map(|found| self.place(Span::new(unit.span.start + found.start(), unit.span.start + found.end())))
                .collect(),
            Rule::Phrase(words) => {
                let mut chains: Vec<Place> = self.word(&words[0], unit);
                for word in &words[1..] {
                    let next = self.word(word, unit);
                    chains = chains
                        .iter()
                        .flat_map(|before| {
                            next.iter().filter(|place| place.first == before.last + 1).map(|place| Place {
                                span: before.span.hull(place.span),
                                first: before.first,
                                last: place.last,
                            })
                        })
                        .collect();
                }
                chains
            }
            Rule::List(list) => self.book.lists[*list].iter().flat_map(|entry| self.places(entry, unit)).collect(),
            Rule::Or(parts) => parts.iter().flat_map(|part| self.places(part, unit)).collect(),
            other => panic!("{other:?} names no places"),
        }
    }

    fn visible(&self, rule: &Rule, unit: Unit, masks: &[Span]) -> Vec<Place> {
        let mut places = self.places(rule, unit);
        places.retain(|place| !masks.iter().any(|mask| mask.contains(place.span)));
        places
    }

    /// Every choice of one place per element that is near: its hull.
    fn near(elements: &[Vec<Place>], ordered: bool, distance: usize) -> Vec<Span> {
        fn go(
            left: &[&Vec<Place>],
            ordered: bool,
            distance: usize,
            from: Option<(Place, usize)>,
            found: &mut Vec<Span>,
        ) {
            if left.is_empty() {
                found.extend(from.map(|(last, start)| Span::new(start, last.span.end)));
                return;
            }
            for next in 0..if ordered { 1 } else { left.len() } {
                let mut rest = left.to_vec();
                for &place in rest.remove(next) {
                    let fits = from.is_none_or(|(last, _)| {
                        last.span.end <= place.span.start && place.first - last.last <= distance
                    });
                    if fits {
                        go(&rest, ordered, distance, Some((place, from.map_or(place.span.start, |(_, s)| s))), found);
                    }
                }
            }
        }
        let mut found = Vec::new();
        go(&elements.iter().collect::<Vec<_>>(), ordered, distance, None, &mut found);
        found
    }

    fn masks(&self, except: &Rule, unit: Unit) -> Vec<Span> {
        match except {
            Rule::Or(parts) => parts.iter().flat_map(|part| self.masks(part, unit)).collect(),
            Rule::Near(elements, ordered, distance) => {
                let places: Vec<_> = elements.iter().map(|element| self.places(element, unit)).collect();
                Self::near(&places, *ordered, *distance)
            }
            word => self.places(word, unit).iter().map(|place| place.span).collect(),
        }
    }

    fn holds(&self, rule: &Rule, code: usize, unit: Unit, masks: &[Span]) -> bool {
        match rule {
            Rule::And(parts) => parts.iter().all(|part| self.holds(part, code, unit, masks)),
            Rule::Or(parts) => parts.iter().any(|part| self.holds(part, code, unit, masks)),
            Rule::Not(inner) => !self.holds(inner, code, unit, masks),
            Rule::Near(elements, ordered, distance) => {
                let places: Vec<_> = elements.iter().map(|element| self.visible(element, unit, masks)).collect();
                !Self::near(&places, *ordered, *distance).is_empty()
            }
            Rule::Code(_) | Rule::Net if code == 0 => {
                !self.visible(&Rule::Word(Word { text: "研修", open: None, pos: "" }), unit, masks).is_empty()
            }
            Rule::Code(other) => self.code(other % code, unit),
            Rule::Net => (0..self.book.codes.len()).any(|at| self.book.codes[at].in_net && self.code(at, unit)),
            Rule::Attribute(index, negated, values) => self.values[*index].is_some_and(|value| {
                let among = values.iter().any(|&v| if v == NET.0 { NET.1.contains(&value) } else { v == value });
                among != *negated
            }),
            Rule::Count(element, compare, number) => {
                let places = self.visible(element, unit, masks);
                // The most that fit behind each byte without overlap.
                let mut most = vec![0; self.text().len() + 1];
                for at in (0..self.text().len()).rev() {
                    let here = places.iter().filter(|place| place.span.start == at);
                    most[at] = here.map(|place| 1 + most[place.span.end]).max().unwrap_or(0).max(most[at + 1]);
                }
                compare.holds(most[0], *number)
            }
            Rule::Length(compare, number) => {
                let unit = unit.span.of(self.text());
                compare.holds(unit.chars().filter(|c| !c.is_whitespace()).count(), *number)
            }
            word => !self.visible(word, unit, masks).is_empty(),
        }
    }

    fn code(&self, code: usize, unit: Unit) -> bool {
        self.part(&self.book.codes[code].rule, code, unit)
    }

    fn part(&self, rule: &Rule, code: usize, unit: Unit) -> bool {
        let masks = self.book.codes[code].except.as_ref().map_or(Vec::new(), |except| self.masks(except, unit));
        self.holds(rule, code, unit, &masks)
    }
}

// ── random codebooks and texts ─────────────────────────────────────────────

fn word() -> impl Strategy<Value = Word> {
    let closed = (prop::sample::select(WORDS), prop::sample::select(TAGS)).prop_map(|(text, pos)| Word {
        text,
        open: None,
        pos,
    });
    let open = (prop::sample::select(PIECES), any::<bool>(), prop::sample::select(TAGS))
        .prop_map(|(text, open, pos)| Word { text, open: Some(open), pos });
    prop_oneof![4 => closed, 1 => open]
}

fn atom(lists: usize) -> BoxedStrategy<Rule> {
    let phrase = prop::collection::vec(word(), 1..4)
        .prop_map(|words| Rule::Phrase(words.into_iter().map(|word| Word { pos: "", ..word }).collect()));
    let plain = prop_oneof![
        8 => word().prop_map(Rule::Word),
        2 => prop::sample::select(TEXTS).prop_map(Rule::Text),
        2 => prop::sample::select(REGEXES).prop_map(Rule::Regex),
        2 => phrase,
    ];
    match lists {
        0 => plain.boxed(),
        1 => prop_oneof![8 => plain, 1 => Just(Rule::List(1))].boxed(),
        _ => prop_oneof![8 => plain, 1 => (0..2_usize).prop_map(Rule::List)].boxed(),
    }
}

/// A word or alternatives of words: what may stand inside near, seq and count.
fn element() -> impl Strategy<Value = Rule> {
    prop_oneof![2 => atom(2), 1 => prop::collection::vec(atom(2), 2..4).prop_map(Rule::Or)]
}

fn near() -> impl Strategy<Value = Rule> {
    let elements = prop_oneof![
        4 => prop::collection::vec(element(), 2..4),
        1 => prop::collection::vec(element(), 4..7),
    ];
    (elements, any::<bool>(), 1..9_usize)
        .prop_map(|(elements, ordered, distance)| Rule::Near(elements, ordered, distance))
}

fn compare() -> impl Strategy<Value = Compare> {
    use Compare::*;
    prop::sample::select(vec![Less, AtMost, Equal, NotEqual, AtLeast, Greater])
}

fn rule() -> impl Strategy<Value = Rule> {
    let leaf = prop_oneof![
        6 => atom(2),
        3 => near(),
        1 => (0..4_usize).prop_map(Rule::Code),
        1 => Just(Rule::Net),
        1 => (0..2_usize, any::<bool>(), prop::collection::vec(prop::sample::select(VALUES), 1..3))
            .prop_map(|(index, negated, values)| Rule::Attribute(index, negated, values)),
        1 => (element(), compare(), 0..4_usize).prop_map(|(e, c, n)| Rule::Count(Box::new(e), c, n)),
        1 => (compare(), 0..25_usize).prop_map(|(compare, number)| Rule::Length(compare, number)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Rule::Or),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Rule::And),
            inner.prop_map(|inner| Rule::Not(Box::new(inner))),
        ]
    })
}

fn except() -> impl Strategy<Value = Rule> {
    let one = || prop_oneof![3 => element(), 2 => near()];
    let some = || prop::collection::vec(one(), 2..4).prop_map(Rule::Or);
    prop_oneof![2 => one(), 2 => some(), 1 => (one(), some()).prop_map(|(one, some)| Rule::Or(vec![some, one]))]
}

fn book() -> impl Strategy<Value = Book> {
    let code = (rule(), prop::option::of(except()), prop::option::of(rule()), 0..3_usize, any::<bool>())
        .prop_map(|(rule, except, maybe, unit, in_net)| Code { rule, except, maybe, unit, in_net });
    let lists = (prop::collection::vec(atom(1), 1..4), prop::collection::vec(atom(0), 1..4));
    (prop::collection::vec(code, 2..5), lists, any::<u64>()).prop_map(|(mut codes, lists, style)| {
        // The net may be asked for by later codes alone, so that nothing goes in a circle.
        let size = codes.len();
        for (at, code) in codes.iter_mut().enumerate() {
            code.in_net = at == 0 || (code.in_net && at + 1 < size && !mentions_net(&code.rule));
            code.in_net &= !code.maybe.as_ref().is_some_and(mentions_net) || at == 0;
        }
        let last_net = codes.iter().rposition(|code| code.in_net).unwrap_or(0);
        for code in &mut codes[..=last_net] {
            for rule in std::iter::once(&mut code.rule).chain(&mut code.maybe) {
                without_net(rule);
            }
        }
        Book { codes, lists: [lists.0, lists.1], style }
    })
}

fn mentions_net(rule: &Rule) -> bool {
    match rule {
        Rule::Net => true,
        Rule::And(parts) | Rule::Or(parts) => parts.iter().any(mentions_net),
        Rule::Not(inner) => mentions_net(inner),
        _ => false,
    }
}

fn without_net(rule: &mut Rule) {
    match rule {
        Rule::Net => *rule = Rule::Code(0),
        Rule::And(parts) | Rule::Or(parts) => parts.iter_mut().for_each(without_net),
        Rule::Not(inner) => without_net(inner),
        _ => {}
    }
}

type Answer = (String, [Option<&'static str>; 2]);

fn answer() -> impl Strategy<Value = Answer> {
    let text = prop::collection::vec(prop::sample::select(PARTS), 1..16).prop_map(|parts| parts.concat());
    let value = || prop::option::of(prop::sample::select(&VALUES[..3]));
    (text, value(), value()).prop_map(|(text, a, b)| (text, [a, b]))
}

// ── the comparison ─────────────────────────────────────────────────────────

fn folded_words() -> HashMap<&'static str, (String, Vec<String>)> {
    let mut worker = TOKENIZER.worker();
    WORDS
        .iter()
        .chain(PIECES)
        .map(|&word| {
            let folded = NORMALIZER.normalize(word).text().to_owned();
            let tokens = worker.tokens(&folded).unwrap();
            let bases = tokens.iter().map(|token| TOKENIZER.features(*token, &folded).base.to_owned()).collect();
            (word, (folded, bases))
        })
        .collect()
}

/// The rules of `book` compiled, and handed with all they refer to to `check`.
fn compile(book: &Book, check: impl FnOnce(&Plan, &mut Tracer<'_>) -> Result<(), String>) -> Result<(), String> {
    let mut writer = Writer { dice: Dice::new(book.style) };
    let mut read = |rule: &Rule, code: usize| -> Result<Expr, String> {
        let text = writer.rule(rule, code);
        parse(&text).map_err(|error| format!("{text}: {error:?}"))
    };
    let mut codes = Vec::new();
    for (at, code) in book.codes.iter().enumerate() {
        let except = code.except.as_ref().map(|except| read(except, at)).transpose()?;
        let maybe = code.maybe.as_ref().map(|maybe| read(maybe, at)).transpose()?;
        codes.push((read(&code.rule, at)?, except, maybe));
    }
    let lists: Vec<Vec<Expr>> = book
        .lists
        .iter()
        .map(|entries| entries.iter().map(|entry| read(entry, 0)).collect())
        .collect::<Result<_, _>>()?;
    let sources: Vec<Source<'_>> = codes
        .iter()
        .zip(&book.codes)
        .enumerate()
        .map(|(at, ((rule, except, maybe), code))| Source {
            id: format!("c{at}"),
            net: code.in_net.then(|| "net".to_owned()),
            unit: KINDS[code.unit],
            rule: Some(rule),
            except: except.as_ref(),
            maybe: maybe.as_ref(),
        })
        .collect();
    let attributes: Vec<AttributeNames> = ATTRIBUTES
        .iter()
        .map(|name| AttributeNames {
            names: vec![(*name).to_owned()],
            values: VALUES[..3].iter().map(|value| (*value).to_owned()).collect(),
            nets: vec![(NET.0.to_owned(), NET.1.iter().map(|value| (*value).to_owned()).collect())],
        })
        .collect();
    let names = Names {
        lists: [("語0", &lists[0]), ("語1", &lists[1])].map(|(name, list)| (name, list.iter().collect())).into(),
        attributes: Some(&attributes),
        // What is told to be common must not change what is found.
        typical: vec!["費用の支援をお願いしたい", "研修がない", "サーバーの更新と研修"],
    };
    let plan = Plan::new(&sources, &names, &NORMALIZER, &TOKENIZER).map_err(|error| format!("{error:?}"))?;
    check(&plan, &mut Tracer::new(&sources, &names, &NORMALIZER, &TOKENIZER))
}

/// What the `maybe` of rule `at` suggests in one unit.
fn suggested(reading: &mut Reading<'_, '_>, at: usize, unit: Unit) -> Option<Vec<Span>> {
    Some(reading.suggest_in(at, &[unit])).filter(|found| !found.is_empty())
}

fn check_evidence(text: &str, unit: Unit, found: &[Span]) -> Result<(), String> {
    for span in found {
        if !unit.span.contains(*span) || span.start >= span.end {
            return Err(format!("evidence {span:?} of unit {unit:?}"));
        }
        if !text.is_char_boundary(span.start) || !text.is_char_boundary(span.end) {
            return Err(format!("evidence {span:?} cuts a character of {text:?}"));
        }
    }
    if found.is_empty() || found.windows(2).any(|pair| pair[0].end >= pair[1].start) {
        return Err(format!("evidence {found:?} is not in order, or none"));
    }
    Ok(())
}

static EVALUATIONS: AtomicU64 = AtomicU64::new(0);
static TRUE: AtomicU64 = AtomicU64::new(0);

fn agree(book: &Book, answers: &[Answer], words: &HashMap<&'static str, (String, Vec<String>)>) -> Result<(), String> {
    compile(book, |plan, tracer| agree_on(book, plan, tracer, answers, words))
}

fn agree_on(
    book: &Book,
    plan: &Plan,
    tracer: &mut Tracer<'_>,
    answers: &[Answer],
    words: &HashMap<&'static str, (String, Vec<String>)>,
) -> Result<(), String> {
    let mut evaluator = Evaluator::new(plan, &TOKENIZER);
    let mut worker = TOKENIZER.worker();
    for (text, values) in answers {
        let document = worker.document(NORMALIZER.normalize(text)).map_err(|error| format!("{error:?}"))?;
        let mut reading = evaluator.read(&document, values);
        let oracle = Oracle { book, document: &document, values, words };
        let mut trace = tracer.read(&document, values);
        for &unit in KINDS.iter().flat_map(|kind| document.units(*kind)) {
            for (at, code) in book.codes.iter().enumerate() {
                let parts = [
                    (Some(&code.rule), reading.find(at, unit)),
                    (code.maybe.as_ref(), suggested(&mut reading, at, unit)),
                ];
                for (rule, found) in parts {
                    let expected = rule.is_some_and(|rule| oracle.part(rule, at, unit));
                    EVALUATIONS.fetch_add(1, Ordering::Relaxed);
                    TRUE.fetch_add(u64::from(expected), Ordering::Relaxed);
                    if expected != found.is_some() {
                        let mut writer = Writer { dice: Dice::new(book.style) };
                        let rule = rule.map(|rule| writer.rule(rule, at));
                        let except = code.except.as_ref().map(|except| writer.rule(except, at));
                        let unit = unit.span.of(document.text());
                        return Err(format!(
                            "c{at} {rule:?} except {except:?} on {unit:?} of {text:?}: oracle {expected}, found {found:?}"
                        ));
                    }
                    if let Some(found) = &found {
                        check_evidence(document.text(), unit, found)?;
                    }
                }
                let traced = [trace.find(at, unit), trace.suggest(at, unit)].map(|found| found.expect("traced"));
                let found = [reading.find(at, unit), suggested(&mut reading, at, unit)];
                if traced != found {
                    let mut writer = Writer { dice: Dice::new(book.style) };
                    let rules = [Some(&code.rule), code.maybe.as_ref(), code.except.as_ref()]
                        .map(|rule| rule.map(|rule| writer.rule(rule, at)));
                    let unit = unit.span.of(document.text());
                    return Err(format!("c{at} {rules:?} on {unit:?} of {text:?}: traced {traced:?}, found {found:?}"));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn rules_hold_where_the_oracle_says() {
    let words = folded_words();
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(if cfg!(debug_assertions) { 50 } else { 500 });
    let config =
        ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 4000, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&(book(), prop::collection::vec(answer(), 1..6)), |(book, answers)| {
        agree(&book, &answers, &words).map_err(TestCaseError::fail)
    });
    let (evaluations, held) = (EVALUATIONS.load(Ordering::Relaxed), TRUE.load(Ordering::Relaxed));
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // A generator of rules that never hold would test nothing.
    assert!(held * 10 > evaluations, "{held} of {evaluations} hold");
    println!("{evaluations} evaluations, {held} hold");
}
