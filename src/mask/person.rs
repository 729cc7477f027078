//! Names of people.

use super::lists::{GIVEN, NOBODY, ORDINARY, POLITE, SHOPS, SURNAMES, TITLES};
use super::marks::Mark;
use super::word::{Part, Word, word_at};
use crate::span::Span;

/// Names in the folded text, as ranges of it; they may overlap. Titles, which are of the
/// `marks`, are not of them.
pub(super) fn find(folded: &str, words: &[Word<'_>], marks: &[(Mark, Span)]) -> Vec<Span> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if is_full(words, at) {
            found.push(word.span.hull(words[at + 1].span));
        }
    }
    for (number, &(mark, place)) in marks.iter().enumerate() {
        match mark {
            Mark::Label => found.extend(labelled(folded, words, place.end)),
            Mark::Title => {
                if let Some(at) = title(words, place, &marks[number + 1..]) {
                    found.extend(titled(words, at));
                    found.extend(after_title(words, at));
                }
            }
            Mark::Facility | Mark::Clinic | Mark::Company | Mark::Body => {}
        }
    }
    found
}

/// The word that a title begins with, if it begins and ends where words do: 「院長会」 has
/// two, 「様子」 is one. A title that a longer one begins with, which is of the marks behind
/// it, is none.
fn title(words: &[Word<'_>], title: Span, behind: &[(Mark, Span)]) -> Option<usize> {
    let at = words.binary_search_by_key(&title.start, |word| word.span.start).ok()?;
    let ends = words.binary_search_by_key(&title.end, |word| word.span.end).is_ok();
    let mut here = behind.iter().take_while(|(_, other)| other.start == title.start);
    let goes_on = here.any(|&(mark, other)| mark == Mark::Title && other.end > title.end);
    (ends && !goes_on).then_some(at)
}

/// A surname and a given name of two characters at least, alone. The analyzer takes many a
/// pair of words for a name; what adjoins other nouns or has a single character is none.
fn is_full(words: &[Word<'_>], at: usize) -> bool {
    let (surname, Some(given)) = (&words[at], words.get(at + 1)) else { return false };
    if (surname.part, given.part) != (Part::Surname, Part::Given) || surname.span.end != given.span.start {
        return false;
    }
    let alone = |word: Option<&Word<'_>>, adjoins: &dyn Fn(&Word<'_>) -> bool| {
        word.is_none_or(|word| !adjoins(word) || !is_noun(word) || TITLES.contains(&word.text))
    };
    let is_given = given.text.chars().all(is_han) && given.text.chars().count() > 1
        || is_hiragana(given.text) && given.text.chars().count() > 2 && !ORDINARY.contains(&given.text);
    surname.text.chars().all(is_han)
        && is_given
        && alone(at.checked_sub(1).map(|before| &words[before]), &|before| before.span.end == surname.span.start)
        && alone(words.get(at + 2), &|next| next.span.start == given.span.end)
}

/// The name that ends before the title at `at`.
fn titled(words: &[Word<'_>], at: usize) -> Option<Span> {
    let place = at.checked_sub(1)?;
    let last = &words[place];
    if last.span.end != words[at].span.start && !is_blank_between(last, &words[at]) {
        return None;
    }
    let before = place.checked_sub(1).map(|before| &words[before]).filter(|before| before.span.end == last.span.start);
    let is_polite = POLITE.contains(&words[at].text);
    let is_short = is_hiragana(last.text) && last.text.chars().count() < 3;
    match last.part {
        // The end of another word: 「てまりさん」.
        Part::Surname | Part::Given if is_short && before.is_some() => None,
        Part::Surname | Part::Given => Some(Span::new(name_start(words, place), last.span.end)),
        // 福井さん, 石川課長; not 福井県知事, where 県 is the last word.
        Part::Place => before.is_none_or(|before| !is_noun(before)).then_some(last.span),
        Part::Unknown if is_polite && (2..=5).contains(&last.text.chars().count()) && is_name_like(last.text) => {
            Some(last.span)
        }
        Part::Name if is_polite => Some(last.span),
        Part::Noun | Part::Body if before.is_none() && ends_as_surname(last.text) => Some(last.span),
        _ => with_rare_given(words, place),
    }
}

/// Where the name begins that ends in the word at `last`: the names before it belong to it,
/// and before a given name the pieces of a surname that the dictionary lacks.
fn name_start(words: &[Word<'_>], last: usize) -> usize {
    let mut start = words[last].span.start;
    let mut needs_surname = words[last].part == Part::Given;
    for word in words[..last].iter().rev().take(3) {
        let is_name = matches!(word.part, Part::Surname | Part::Given);
        let is_piece = needs_surname && is_noun(word) && word.text.chars().count() < 3 && word.text.chars().all(is_han);
        if word.span.end != start || !(is_name || is_piece) {
            break;
        }
        needs_surname &= word.part != Part::Surname;
        start = word.span.start;
    }
    start
}

/// A surname with a given name that the dictionary lacks, cut into pieces.
fn with_rare_given(words: &[Word<'_>], last: usize) -> Option<Span> {
    let mut given = String::new();
    let mut start = words[last].span.end;
    for word in words[..=last].iter().rev().take(3) {
        if word.span.end != start {
            return None;
        }
        if matches!(word.part, Part::Surname | Part::Place) {
            let fits = given.ends_with(|c| GIVEN.contains(c)) && !given.contains(|c| SHOPS.contains(c));
            return fits.then(|| word.span.hull(words[last].span));
        }
        given.insert_str(0, word.text);
        start = word.span.start;
        if given.chars().count() > 3 || !given.chars().all(is_han) {
            return None;
        }
    }
    None
}

fn is_blank_between(left: &Word<'_>, right: &Word<'_>) -> bool {
    right.span.start - left.span.end == 1
}

/// 「院長の高橋」「事務長 高橋」: a title that a surname follows.
fn after_title(words: &[Word<'_>], at: usize) -> Option<Span> {
    let title = &words[at];
    if POLITE.contains(&title.text) {
        return None;
    }
    let mut next = at + 1;
    if words.get(next)?.part == Part::Of {
        next += 1;
    } else if words[next].span.start == title.span.end {
        return None;
    }
    surname(words, next)
}

/// A surname with the given name behind it, unless another noun goes on.
fn surname(words: &[Word<'_>], at: usize) -> Option<Span> {
    let is_name = |word: &&Word<'_>| match word.part {
        Part::Surname | Part::Place => true,
        Part::Noun | Part::Body => ends_as_surname(word.text),
        _ => false,
    };
    let word = words.get(at).filter(is_name)?;
    let next = words.get(at + 1).filter(|next| next.span.start == word.span.end);
    match next {
        Some(next) if next.part == Part::Given => Some(word.span.hull(next.span)),
        Some(next) if is_noun(next) && !TITLES.contains(&next.text) => None,
        _ => Some(word.span),
    }
}

/// 「担当：山田」「氏名 山田太郎」: a name behind a label and a sign.
fn labelled(folded: &str, words: &[Word<'_>], end: usize) -> Option<Span> {
    let rest = &folded[end..];
    let sign = rest.chars().take_while(|c| matches!(c, ':' | ' ' | '　' | '=' | '→' | '/')).map(char::len_utf8).sum();
    let is_of = rest.starts_with('は') || rest.starts_with('の');
    let first = word_at(words, end + if is_of { 3 } else { sign });
    if is_of {
        return surname(words, first);
    }
    if sign == 0 {
        return None;
    }
    let mut last: Option<Span> = None;
    for word in words[first.min(words.len())..].iter().take(3) {
        let joins = last.is_none_or(|last| word.span.start <= last.end + 1);
        if !joins || !is_noun(word) || matches!(word.part, Part::Number | Part::Region | Part::Verbal) {
            break;
        }
        last = Some(last.map_or(word.span, |last| last.hull(word.span)));
    }
    let name = last?;
    let text = name.of(folded);
    let is_sure = matches!(words[first].part, Part::Surname | Part::Given);
    let length = text.chars().count();
    let is_unfit = NOBODY.iter().any(|end| text.ends_with(end)) || !text.chars().all(is_of_names);
    let is_noun = matches!(words[first].part, Part::Noun | Part::Place | Part::Unknown | Part::Name);
    let sign_is_clear = rest.starts_with(':');
    (is_sure || is_noun && sign_is_clear && !is_unfit && (2..=6).contains(&length)).then_some(name)
}

fn is_noun(word: &Word<'_>) -> bool {
    !matches!(word.part, Part::Other | Part::Of)
}

/// 吉田, 川崎: two characters, the second one of those that end surnames.
fn ends_as_surname(text: &str) -> bool {
    text.chars().count() == 2 && text.chars().all(is_han) && text.ends_with(|c| SURNAMES.contains(c))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '々')
}

fn is_hiragana(text: &str) -> bool {
    text.chars().all(|c| matches!(c, 'ぁ'..='ん' | 'ー'))
}

fn is_of_names(c: char) -> bool {
    is_han(c) || matches!(c, 'ヶ' | ' ' | 'ァ'..='ヴ' | 'ー')
}

/// Katakana or Han characters, as names have.
fn is_name_like(text: &str) -> bool {
    text.chars().all(is_of_names)
}
