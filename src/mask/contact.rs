//! Numbers and addresses by which somebody can be reached.

use regex::Regex;

use super::Kind;
use super::lists::PREFECTURES;
use super::word::{Part, Word};
use crate::diagnostic::{Diagnostic, Result};
use crate::span::Span;
use crate::text;

/// Signs that people type between the digits of a number.
const DASH: &str = "[-‐‑‒–—―−ーｰ]";

/// The forms of mails, web addresses, telephone numbers and postal addresses, in folded text.
pub(super) struct Contacts {
    mail: Regex,
    url: Regex,
    phone: Regex,
    extension: Regex,
    postcode: Regex,
    block: Regex,
    lot: Regex,
    prefecture: Regex,
    building: Regex,
}

impl Contacts {
    pub(super) fn new() -> Result<Self> {
        let number = "(?:[0-9]+|[一二三四五六七八九十百]+)";
        let join = format!("(?:{DASH}|の)");
        let compile = |pattern: &str| {
            Regex::new(pattern).map_err(|error| {
                Diagnostic::error(text!(
                    "伏せる形を組み立てられません: {error}",
                    "A form to mask cannot be compiled: {error}"
                ))
            })
        };
        Ok(Self {
            mail: compile(r"[a-z0-9._%+-]+ ?(?:@|\[at\]|\(at\)|<at>) ?[a-z0-9-]+(?:\.[a-z0-9-]+)+")?,
            url: compile(
                r#"(?:https?://|www\.)[!#-;=?-~]+|(?-u:\b)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:jp|com|net|org|info)(?-u:\b)(?:/[!#-;=?-~]*)?"#,
            )?,
            phone: compile(&format!(
                r"(?:\+81[ -]?|\(?0)[0-9]{{1,4}}\)?(?:{DASH}| )?\(?[0-9]{{1,4}}\)?(?:{DASH}| )?[0-9]{{3,4}}"
            ))?,
            extension: compile(&format!(
                r"(?:内線|電話|tel|fax|ファックス|携帯|直通|代表)(?:番号)?(?:は| |:|\.|\()*(?P<number>[0-9](?:[0-9() ]|{DASH})*[0-9])"
            ))?,
            postcode: compile(&format!(
                r"(?:〒|郵便番号[: は]*) ?[0-9]{{3}}{DASH}?[0-9]{{4}}|[0-9]{{3}}{DASH}[0-9]{{4}} ?(?:{PREFECTURES})"
            ))?,
            block: compile(&format!(
                "{number}丁目(?:{number}番(?:地|町)?(?:の?{number}号?)?|{number}(?:{join}{number})*号?)?|{number}番地(?:{join}?{number})*|{number}番{number}号"
            ))?,
            lot: compile(&format!("{number}(?:{join}{number}){{1,3}}(?:号室?)?|{number}番"))?,
            prefecture: compile(&format!("(?:{PREFECTURES})"))?,
            building: compile(
                r"^ ?[^\s、。,0-9]{1,12}(?:ビル|ビルディング|マンション|ハイツ|コーポ|タワー|アパート|荘)(?: ?[0-9]+(?:階|号室|f))?",
            )?,
        })
    }

    /// What is found in the folded text, as ranges of it.
    pub(super) fn find(&self, folded: &str, words: &[Word<'_>]) -> Vec<(Span, Kind)> {
        let mut found = Vec::new();
        let span = |hit: regex::Match<'_>| Span::new(hit.start(), hit.end());
        found.extend(self.mail.find_iter(folded).map(|hit| (span(hit), Kind::Mail)));
        found.extend(self.url.find_iter(folded).map(|hit| (span(hit), Kind::Url)));
        let phones = self.phone.find_iter(folded).filter(|hit| is_phone(folded, span(*hit)));
        found.extend(phones.map(|hit| (span(hit), Kind::Phone)));
        for labelled in self.extension.captures_iter(folded) {
            let Some(number) = labelled.name("number") else { continue };
            let digits = number.as_str().chars().filter(char::is_ascii_digit).count();
            let least = if labelled[0].starts_with("内線") { 2 } else { 6 };
            if (least..=11).contains(&digits) {
                found.push((span(number), Kind::Phone));
            }
        }
        for hit in self.postcode.find_iter(folded) {
            let mut end = hit.end();
            if let Some(behind) = self.prefecture.find(hit.as_str()) {
                end = hit.start() + behind.start();
            }
            found.push((Span::new(hit.start(), end), Kind::Address));
        }
        found.extend(
            self.block.find_iter(folded).map(|hit| (self.whole(folded, words, span(hit), false), Kind::Address)),
        );
        for hit in self.lot.find_iter(folded).map(span) {
            let whole = self.whole(folded, words, hit, true);
            if whole.start < hit.start {
                found.push((whole, Kind::Address));
            }
        }
        found
    }

    /// The number of a house with the places before it and the building behind it; with
    /// `asks` only where a place with 市, 区, 町 or 村 is right before.
    fn whole(&self, folded: &str, words: &[Word<'_>], number: Span, asks: bool) -> Span {
        let at = words.partition_point(|word| word.span.start < number.start);
        let mut start = number.start;
        let mut first = None;
        let mut is_town = false;
        for word in words[..at].iter().rev().take(12) {
            // A number can begin inside a word that the dictionary has as a whole.
            let between = folded.get(word.span.end..start);
            let adjoins = between.is_some_and(|between| between.chars().all(|c| c == ' '));
            let is_part = match word.part {
                Part::Other | Part::Verbal => false,
                Part::Of => first.is_some(),
                _ => true,
            };
            if !adjoins || !is_part {
                break;
            }
            start = word.span.start;
            is_town |= word.text.ends_with(['市', '区', '町', '村', '郡']) && word.text != "町";
            is_town |= matches!(word.text, "町" | "村") && word.part == Part::Region;
            if matches!(word.part, Part::Place) || (!asks && first.is_none()) {
                first = Some(start);
            }
        }
        if asks && !is_town {
            return number;
        }
        let mut whole = Span::new(first.unwrap_or(number.start), number.end);
        if let Some(building) = self.building.find(&folded[number.end..]).filter(|_| whole.start < number.start) {
            whole.end = number.end + building.end();
        }
        whole
    }
}

/// Ten or eleven digits that begin with 0, or as many as follow +81; nothing goes on.
fn is_phone(folded: &str, span: Span) -> bool {
    let digits = span.of(folded).chars().filter(char::is_ascii_digit).count();
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '/');
    let alone =
        !folded[..span.start].ends_with(is_digit) && !folded[span.end..].starts_with(|c: char| c.is_ascii_digit());
    alone && if span.of(folded).starts_with('+') { (11..=13).contains(&digits) } else { (10..=11).contains(&digits) }
}
