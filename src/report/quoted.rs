//! An answer as it may leave: with names masked, whole, or not at all.
//!
//! Places of evidence are always those of the answer as it was read; a piece of evidence
//! that shares a character with a mask shows the whole mask and nothing under it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Outcome;
use crate::diagnostic::{Lang, Text};
use crate::mask::{Kind, Mask, Masks};
use crate::span::Span;
use crate::study::Show;
use crate::survey::Respondent;
use crate::text;

/// An answer and how much of it is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted<'a> {
    answer: &'a str,
    masks: &'a [Mask],
    show: Show,
    lang: Lang,
}

impl<'a> Quoted<'a> {
    /// An answer with its masks, which are used only if `show` asks for them.
    pub(crate) fn new(answer: &'a str, masks: &'a [Mask], show: Show, lang: Lang) -> Self {
        Self { answer, masks: if show == Show::Masked { masks } else { &[] }, show, lang }
    }

    /// The answer as it was read: to count in, never to show.
    pub(crate) const fn answer(&self) -> &'a str {
        self.answer
    }

    /// Whether anything of the answer may be shown.
    pub(crate) const fn is_shown(&self) -> bool {
        !matches!(self.show, Show::None)
    }

    /// The answer as it is shown.
    pub(crate) fn text(&self) -> Cow<'a, str> {
        self.words(Span::new(0, self.answer.len()))
    }

    /// What is shown of a range of the answer.
    pub(crate) fn words(&self, span: Span) -> Cow<'a, str> {
        let mut masks = self.masks.iter().filter(|mask| mask.span.overlaps(span)).peekable();
        if !self.is_shown() {
            return Cow::Borrowed("");
        }
        if masks.peek().is_none() {
            return Cow::Borrowed(span.of(self.answer));
        }
        let mut out = String::new();
        let mut done = span.start;
        for mask in masks {
            out.push_str(&self.answer[done..mask.span.start.max(done)]);
            out.push_str(mask.kind.label(self.lang));
            done = mask.span.end;
        }
        out.push_str(&self.answer[done.min(span.end)..span.end]);
        Cow::Owned(out)
    }

    /// The answer as it is shown, in pieces: each with whether it is evidence. `evidence`
    /// is in order, without overlaps.
    pub(crate) fn parts(&self, evidence: &[Span]) -> Vec<(Cow<'a, str>, bool)> {
        // Evidence and masks as stretches of the answer that are marked, or not.
        let touched = self.masks.iter().filter(|mask| evidence.iter().any(|span| mask.span.overlaps(*span)));
        let marked = crate::span::merge(evidence.iter().copied().chain(touched.map(|mask| mask.span)).collect());
        let mut parts = Vec::new();
        let mut done = 0;
        for span in marked {
            parts.push((self.words(Span::new(done, span.start)), false));
            parts.push((self.words(span), true));
            done = span.end;
        }
        parts.push((self.words(Span::new(done, self.answer.len())), false));
        parts.retain(|(text, _)| !text.is_empty());
        parts
    }
}

/// How many masks of each kind there are, in the order of [`Kind`], zeros left out.
pub(super) fn counts(masks: &Masks) -> BTreeMap<Kind, usize> {
    let mut counts = BTreeMap::new();
    masks.iter().flatten().for_each(|mask| *counts.entry(mask.kind).or_default() += 1);
    counts
}

/// What was masked, and where that is decided.
pub fn masked(outcome: &Outcome<'_>) -> Text {
    match outcome.study.quotes.show {
        Show::Full => text!(
            "回答は、名前などを伏せずに載せています（study.toml の [quotes] show = \"full\"）。",
            "Answers are quoted without masking names (show = \"full\" under [quotes] in study.toml)."
        ),
        Show::None => text!(
            "回答の文は、どの結果にも載せていません（study.toml の [quotes] show = \"none\"）。",
            "No result quotes answers (show = \"none\" under [quotes] in study.toml)."
        ),
        Show::Masked => {
            let said = |lang: Lang| -> Vec<String> {
                counts(outcome.masks).iter().map(|(kind, count)| format!("{} {count}", kind.name(lang))).collect()
            };
            let (ja, en) = (said(Lang::Ja).join("、"), said(Lang::En).join(", "));
            let (ja, en) = if ja.is_empty() { ("なし".to_owned(), "none".to_owned()) } else { (ja, en) };
            text!(
                "回答から伏せた箇所: {ja}（study.toml の [quotes] で変えられます）。見落としもあり得ます。",
                "Masked in answers: {en} (see [quotes] in study.toml). Some names may have been missed."
            )
        }
    }
}

/// Which groups quotations may be named with: those of as many people as the study's
/// tables show at least.
pub(super) struct Groups {
    least: u64,
    /// By attribute, how many respondents have each value.
    sizes: Vec<BTreeMap<Arc<str>, u64>>,
}

impl Groups {
    pub(super) fn new(outcome: &Outcome<'_>) -> Self {
        let survey = outcome.survey();
        let mut sizes = vec![BTreeMap::new(); survey.attributes.len()];
        for respondent in &survey.respondents {
            for (sizes, value) in sizes.iter_mut().zip(&respondent.values) {
                if let Some(value) = value {
                    *sizes.entry(value.clone()).or_default() += 1;
                }
            }
        }
        Self { least: outcome.study.least_shown(), sizes }
    }

    /// Whether a group of `size` people may be named beside an answer.
    pub(super) const fn may_name(&self, size: u64) -> bool {
        size >= self.least
    }

    /// The respondent's values, by attribute; `None` where it is missing or would name a
    /// small group.
    pub(super) fn values<'r>(&'r self, respondent: &'r Respondent) -> impl Iterator<Item = Option<&'r str>> {
        respondent.values.iter().zip(&self.sizes).map(|(value, sizes)| {
            let value = value.as_deref()?;
            self.may_name(sizes.get(value).copied().unwrap_or(0)).then_some(value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_shows_the_masks_it_touches() {
        let answer = "甲病院の補助金";
        let masks = [Mask { span: Span::new(0, 9), kind: Kind::Facility }];
        let quoted = Quoted::new(answer, &masks, Show::Masked, Lang::Ja);
        assert_eq!(quoted.text(), "［施設名］の補助金");
        assert_eq!(quoted.words(Span::new(3, 12)), "［施設名］の");
        assert_eq!(quoted.words(Span::new(3, 9)), "［施設名］");
        assert_eq!(quoted.words(Span::new(12, 21)), "補助金");
        let parts = quoted.parts(&[Span::new(3, 9), Span::new(12, 18)]);
        let parts: Vec<(&str, bool)> = parts.iter().map(|(text, marked)| (text.as_ref(), *marked)).collect();
        assert_eq!(parts, [("［施設名］", true), ("の", false), ("補助", true), ("金", false)]);
        let none = Quoted::new(answer, &masks, Show::None, Lang::Ja);
        assert!(none.text().is_empty() && none.parts(&[Span::new(0, 3)]).is_empty());
        assert_eq!(Quoted::new(answer, &masks, Show::Full, Lang::Ja).text(), answer);
    }
}
