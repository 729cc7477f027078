//! Names of facilities, companies and other bodies.

use super::lists::{
    AUSPICIOUS, BETWEEN, FACILITIES, INSIDE, INSTITUTIONS, NAME_WORDS, NO_NAME, NOT_AUSPICIOUS, ONE_A_PLACE, ORGANIZERS,
};
use super::marks::Mark;
use super::word::{Part, Word, word_at};
use crate::span::Span;

/// Morphemes that a name has at most before the word for the facility.
const LONGEST: usize = 12;

/// Names beside the marks in the folded text, as ranges of it; they may overlap.
pub(super) fn find(folded: &str, words: &[Word<'_>], marks: &[(Mark, Span)]) -> Vec<Span> {
    let name = |&(mark, place): &(Mark, Span)| match mark {
        Mark::Facility => named(folded, words, place),
        Mark::Clinic => clinic(folded, words, place),
        Mark::Company => company(words, place),
        Mark::Body => body(words, place),
        Mark::Title | Mark::Label => None,
    };
    marks.iter().filter_map(name).collect()
}

/// Another body: its form with the nouns behind it, of which one is a name.
fn body(words: &[Word<'_>], form: Span) -> Option<Span> {
    let first = word_at(words, form.end);
    words.get(first).filter(|word| word.span.start == form.end)?;
    let own = &words[first..run_end(words, first)];
    let is_name = own.iter().any(|word| is_proper(word) || word.text == "会");
    is_name.then(|| form.hull(own[own.len() - 1].span))
}

/// The name that ends in the word for a facility at `head`, if one does.
fn named(folded: &str, words: &[Word<'_>], head: Span) -> Option<Span> {
    let at = word_at(words, head.start);
    let holder = words.get(at)?;
    if is_other_word(folded, head) {
        return None;
    }
    let mut start = None;
    // The word may be the end of a name that the dictionary has as a whole.
    let whole = Span::new(holder.span.start, head.end);
    if holder.span.start < head.start && holder.span.end <= head.end && !INSTITUTIONS.contains(&whole.of(folded)) {
        match holder.part {
            Part::Body | Part::Name | Part::Unknown if !ORGANIZERS.contains(&stem(whole.of(folded))) => {
                start = Some(holder.span.start);
            }
            _ => {}
        }
    }
    let mut behind = head.start.min(holder.span.start);
    for (place, word) in words[..at].iter().enumerate().rev().take(LONGEST) {
        if word.span.end != behind || !goes_on(words, place, at) {
            break;
        }
        behind = word.span.start;
        let rest = Span::new(word.span.start, head.end).of(folded);
        let is_name = is_proper(word) && !INSTITUTIONS.contains(&rest);
        // 済生会みなと病院, NTT中央病院: no name by themselves, but of one.
        let is_of_name = start.is_some() && (word.part == Part::Body || ORGANIZERS.contains(&word.text));
        if is_name || is_of_name || place + 1 == at && is_short_name(word) {
            start = Some(behind);
        } else if word.text == "会" && makes_name(words, place) {
            start = Some(words[place - 1].span.start);
        }
    }
    let start = start.or_else(|| place_of(folded, words, at, head))?;
    // 新, 聖 and the like before the name belong to it.
    let first = word_at(words, start);
    let prefixed = first.checked_sub(1).map(|before| words[before]);
    let start = match prefixed {
        Some(word)
            if word.span.end == start && matches!(word.text, "新" | "聖" | "市立" | "県立" | "私立" | "国立") =>
        {
            word.span.start
        }
        _ => start,
    };
    Some(Span::new(start, head.end))
}

/// A clinic by the name of its doctor.
fn clinic(folded: &str, words: &[Word<'_>], head: Span) -> Option<Span> {
    let before = words[..word_at(words, head.start)].last().filter(|word| word.span.end == head.start)?;
    let goes_on =
        ["医", "学", "系", "部", "病棟", "専門", "的", "手術"].iter().any(|end| folded[head.end..].starts_with(end));
    (matches!(before.part, Part::Surname | Part::Given) && !goes_on).then(|| before.span.hull(head))
}

/// 「大学生」 is no university and 「病院会」 no hospital.
fn is_other_word(folded: &str, head: Span) -> bool {
    let rest = &folded[head.end..];
    match head.of(folded) {
        "大学" => ["生", "院生", "入試", "卒", "時代"].iter().any(|end| rest.starts_with(end)),
        "病院" => ["会", "協会", "機構", "団体", "経営", "船"].iter().any(|end| rest.starts_with(end)),
        "歯科" => ["医師", "衛生", "技工", "医"].iter().any(|end| rest.starts_with(end)),
        _ => false,
    }
}

/// The text without the word for the facility.
fn stem(text: &str) -> &str {
    FACILITIES.iter().filter_map(|end| text.strip_suffix(end)).min_by_key(|stem| stem.len()).unwrap_or(text)
}

/// Whether a name can go on to the left over the word at `place`.
fn goes_on(words: &[Word<'_>], place: usize, head: usize) -> bool {
    let word = &words[place];
    if BETWEEN.contains(&word.text) {
        return false;
    }
    match word.part {
        Part::Other => false,
        Part::Verbal => INSIDE.contains(&word.text),
        // みどりの森クリニック: between two words of a name only.
        Part::Of => {
            place > 0
                && place + 1 < head
                && (NAME_WORDS.contains(&words[place - 1].text) || is_hiragana(words[place - 1].text))
                && is_proper(&words[place - 1])
        }
        _ => true,
    }
}

/// Whether the word is a name by itself. Letters (「A病院」「VPN」) are none.
fn is_proper(word: &Word<'_>) -> bool {
    if ORGANIZERS.contains(&word.text) || word.text.is_ascii() {
        return false;
    }
    match word.part {
        Part::Surname | Part::Given | Part::Place | Part::Body | Part::Name => true,
        Part::Unknown => word.text.chars().count() > 1 && !word.text.chars().any(|c| c.is_ascii_digit()),
        _ => NAME_WORDS.contains(&word.text),
    }
}

fn is_hiragana(text: &str) -> bool {
    text.chars().all(|c| matches!(c, 'ぁ'..='ん' | 'ー'))
}

/// 光仁病院, 仁愛病院: right before the word, a character that is of no use elsewhere
/// (大病院), or a noun with one of those that hospitals are called by.
fn is_short_name(word: &Word<'_>) -> bool {
    let mut characters = word.text.chars();
    let (first, second, third) = (characters.next(), characters.next(), characters.next());
    let is_name = match (first, second, third) {
        (Some(c), None, _) => ('\u{4e00}'..='\u{9fff}').contains(&c) && !NO_NAME.contains(c),
        (Some(a), Some(b), None) => {
            (AUSPICIOUS.contains(a) || AUSPICIOUS.contains(b)) && !NOT_AUSPICIOUS.contains(&word.text)
        }
        _ => false,
    };
    is_name && matches!(word.part, Part::Noun | Part::Unknown | Part::Verbal)
}

/// 緑風会病院: what stands before 会 is no committee.
fn makes_name(words: &[Word<'_>], place: usize) -> bool {
    let before = place.checked_sub(1).map(|before| &words[before]);
    before.is_some_and(|word| {
        matches!(word.part, Part::Noun | Part::Unknown)
            && word.span.end == words[place].span.start
            && !matches!(word.text, "委員" | "研究" | "協議" | "学" | "理事" | "役員" | "連合" | "医師")
    })
}

/// 「みなと市の健診センター」: a place has one of the kind.
fn place_of(folded: &str, words: &[Word<'_>], at: usize, head: Span) -> Option<usize> {
    let kind = ONE_A_PLACE.iter().any(|kind| folded[..head.end].ends_with(kind) && head.of(folded).len() <= kind.len());
    let mut last = at.checked_sub(1)?;
    // 医師会病院 is two words.
    if words[last].text == "医師会" {
        last = last.checked_sub(1)?;
    }
    let mut first = last;
    if !kind || words[last].part != Part::Of {
        return None;
    }
    while first > 0 && matches!(words[first - 1].part, Part::Region | Part::Place) {
        first -= 1;
    }
    words[first..last].iter().any(|word| word.part == Part::Place).then(|| words[first].span.start)
}

/// A company: its form with the nouns behind it, or else with those before it.
fn company(words: &[Word<'_>], form: Span) -> Option<Span> {
    let after = word_at(words, form.end);
    let end =
        if words.get(after).is_some_and(|word| word.span.start == form.end) { run_end(words, after) } else { after };
    if end > after {
        return Some(Span::new(form.start, words[end - 1].span.end));
    }
    let at = words.partition_point(|word| word.span.start < form.start);
    let mut start = form.start;
    for word in words[..at].iter().rev().take(LONGEST) {
        if word.span.end != start || BETWEEN.contains(&word.text) || matches!(word.part, Part::Other | Part::Of) {
            break;
        }
        start = word.span.start;
    }
    (start < form.start).then_some(Span::new(start, form.end))
}

/// The end of the run of nouns that begins at `first`.
fn run_end(words: &[Word<'_>], first: usize) -> usize {
    let mut end = first;
    let mut behind = words.get(first).map_or(0, |word| word.span.start);
    for word in words.iter().skip(first).take(LONGEST) {
        if word.span.start != behind || BETWEEN.contains(&word.text) || matches!(word.part, Part::Other | Part::Of) {
            break;
        }
        (end, behind) = (end + 1, word.span.end);
    }
    end
}
