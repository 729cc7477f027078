//! Regular expressions that are not tried on texts whose ends rule a match out.
//!
//! Most patterns of rules are about how a clause ends (`/だけ(です)?[。.!\s]*$/`), and
//! most clauses end otherwise: looking at one character is enough to know.

use std::ops::Range;

use regex::Regex;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

/// A compiled regular expression with what the ends of a text must be for it to match.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    regex: Regex,
    first: Option<Edge>,
    last: Option<Edge>,
    /// Whether a match must reach an end of the text: there is one at most that is not empty.
    is_anchored: bool,
}

/// What stands at one end of every text that matches: any of `of`, behind any number of
/// `skip` (both ranges by character, the one sharing none with the other).
#[derive(Clone, Debug)]
struct Edge {
    skip: Chars,
    of: Chars,
}

/// Ranges of characters, ascending.
type Chars = Vec<(char, char)>;

/// An end of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    First,
    Last,
}

impl Pattern {
    /// `regex`, looked at as it was read.
    pub(crate) fn new(regex: Regex, hir: Option<&Hir>) -> Self {
        let edge = |side| hir.and_then(|hir| Edge::of(hir, side));
        let reaches = |side| hir.is_some_and(|hir| trimmed(hir, side).0);
        let is_anchored = reaches(Side::First) || reaches(Side::Last);
        Self { first: edge(Side::First), last: edge(Side::Last), is_anchored, regex }
    }

    /// The pattern as it is written.
    pub(crate) fn as_str(&self) -> &str {
        self.regex.as_str()
    }

    /// Whether it matches somewhere in `text`.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.regex.is_match(text)
    }

    /// Its matches in `text` that are not empty, from the left: ranges of bytes.
    pub(crate) fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        if !self.may_match(text) {
            return Vec::new();
        }
        let all = || self.regex.find_iter(text).map(|found| found.range());
        let once = || self.regex.find(text).map(|found| found.range());
        let mut found: Vec<Range<usize>> =
            if self.is_anchored { once().into_iter().collect() } else { all().collect() };
        found.retain(|range| !range.is_empty());
        found
    }

    fn may_match(&self, text: &str) -> bool {
        let fits = |edge: &Option<Edge>, c: fn(&Edge, &str) -> Option<char>| {
            edge.as_ref().is_none_or(|edge| c(edge, text).is_some_and(|c| has(&edge.of, c)))
        };
        fits(&self.last, |edge, text| text.chars().rev().find(|c| !has(&edge.skip, *c)))
            && fits(&self.first, |edge, text| text.chars().find(|c| !has(&edge.skip, *c)))
    }
}

fn has(chars: &[(char, char)], c: char) -> bool {
    let behind = chars.partition_point(|(from, _)| *from <= c);
    behind.checked_sub(1).is_some_and(|at| c <= chars[at].1)
}

impl Edge {
    /// `None` where a match need not reach that end, or where anything may stand there.
    fn of(hir: &Hir, side: Side) -> Option<Self> {
        let (is_anchored, skip, core) = trimmed(hir, side);
        if !is_anchored {
            return None;
        }
        let (mut of, can_be_empty) = edges(core, side)?;
        let mut skip = skip.cloned().unwrap_or_else(ClassUnicode::empty);
        if can_be_empty {
            return None;
        }
        let mut both = skip.clone();
        both.intersect(&of);
        if both.iter().next().is_some() {
            // What could be skipped may also be what must stand there: then nothing is.
            of.union(&skip);
            skip = ClassUnicode::empty();
        }
        let chars = |class: &ClassUnicode| class.iter().map(|range| (range.start(), range.end())).collect();
        Some(Self { skip: chars(&skip), of: chars(&of) })
    }
}

/// The parts of a pattern without an anchor at one end and without the characters that may
/// stand there any number of times: whether there is the anchor, those, and the rest.
pub(super) fn trimmed(hir: &Hir, side: Side) -> (bool, Option<&ClassUnicode>, &[Hir]) {
    let parts = match hir.kind() {
        HirKind::Concat(parts) => parts,
        _ => std::slice::from_ref(hir),
    };
    let anchor = if side == Side::Last { Look::End } else { Look::Start };
    let Some((_, parts)) = split(parts, side).filter(|(end, _)| *end.kind() == HirKind::Look(anchor)) else {
        return (false, None, parts);
    };
    if let Some((end, rest)) = split(parts, side)
        && let HirKind::Repetition(repeated) = end.kind()
        && (repeated.min, repeated.max) == (0, None)
        && let HirKind::Class(Class::Unicode(class)) = repeated.sub.kind()
    {
        return (true, Some(class), rest);
    }
    (true, None, parts)
}

/// The part at one end, and the others.
fn split(parts: &[Hir], side: Side) -> Option<(&Hir, &[Hir])> {
    if side == Side::Last { parts.split_last() } else { parts.split_first() }
}

/// Characters that matches of `parts`, one behind the other, can begin or end with, and
/// whether they can be empty; `None` if that cannot be told.
fn edges(parts: &[Hir], side: Side) -> Option<(ClassUnicode, bool)> {
    let mut all = ClassUnicode::empty();
    let mut parts: Vec<&Hir> = parts.iter().collect();
    if side == Side::Last {
        parts.reverse();
    }
    for part in parts {
        let (class, can_be_empty) = edge(part, side)?;
        all.union(&class);
        if !can_be_empty {
            return Some((all, false));
        }
    }
    Some((all, true))
}

fn edge(hir: &Hir, side: Side) -> Option<(ClassUnicode, bool)> {
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (ClassUnicode::empty(), true),
        HirKind::Literal(literal) => {
            let mut text = std::str::from_utf8(&literal.0).ok()?.chars();
            let c = if side == Side::Last { text.next_back() } else { text.next() }?;
            (ClassUnicode::new([ClassUnicodeRange::new(c, c)]), false)
        }
        HirKind::Class(Class::Unicode(class)) => (class.clone(), false),
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repeated) => {
            let (class, can_be_empty) = edge(&repeated.sub, side)?;
            (class, can_be_empty || repeated.min == 0)
        }
        HirKind::Capture(capture) => return edge(&capture.sub, side),
        HirKind::Concat(parts) => return edges(parts, side),
        HirKind::Alternation(parts) => {
            let mut all = (ClassUnicode::empty(), false);
            for part in parts {
                let (class, can_be_empty) = edge(part, side)?;
                all.0.union(&class);
                all.1 |= can_be_empty;
            }
            all
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(written: &str) -> Pattern {
        Pattern::new(Regex::new(written).unwrap(), regex_syntax::parse(written).ok().as_ref())
    }

    #[test]
    fn the_ends_of_a_text_rule_matches_out() {
        let tells = |written: &str, text: &str| !pattern(written).may_match(text);
        assert!(tells(r"だけ(です|だ)?[。.!…\s]*$", "研修がほしい。"));
        assert!(!tells(r"だけ(です|だ)?[。.!…\s]*$", "研修だけ。 "));
        assert!(!tells(r"だけ(です|だ)?[。.!…\s]*$", "研修だ"), "the pattern itself says no");
        assert!(tells("^(国|県)へ", "市へ"));
        assert!(!tells("^[ 、]*(国|県)へ", "、 県へ"));
        assert!(tells("^[ 、]*(国|県)へ", "、 "));
        assert!(!tells("(国|県)へ", "市へ"), "may stand anywhere");
        assert!(!tells("(?m)国$", "国\n県"), "lines end where texts do not");
        assert!(!tells("^(国)?", ""), "an empty match");
        assert!(!tells("。[。!]*$", "国。"), "what may be skipped may be what is looked for");
        assert!(tells("。[。!]*$", "国"));
    }

    proptest::proptest! {
        #[test]
        fn what_is_ruled_out_does_not_match(
            written in r"\^?[あい]?([あ-う]|いう|え(お|か)?)[あう]?(お?|[。!]*)(えう)?[。!]*\$?",
            text in "[あいうえおか。!]{0,6}",
        ) {
            let pattern = pattern(&written);
            proptest::prop_assert_eq!(pattern.is_match(&text), pattern.regex.is_match(&text));
            let all = pattern.regex.find_iter(&text).map(|found| found.range()).filter(|range| !range.is_empty());
            proptest::prop_assert_eq!(pattern.find_all(&text), all.collect::<Vec<_>>());
        }
    }
}
