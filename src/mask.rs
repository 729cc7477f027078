//! Finds what names people and facilities in an answer: names, numbers, addresses.
//!
//! Names are told by the words they end in (「…病院」「…先生」) and by what the analyzer
//! takes for a name before them; numbers by their form; what a study lists, by its
//! characters. The words are in `mask/lists.rs`. Kinds of facilities (「医師会病院」「当院」)
//! and public institutions (「日本医師会」) name nobody and stay; so does a place alone.

mod contact;
mod facility;
mod lists;
mod marks;
mod person;
mod word;

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::normalize::Normalizer;
use crate::span::Span;
use crate::survey::{Alike, PerAnswer, Survey};
use crate::text;
use crate::tokenize::{Document, Tokenizer, Worker};
use contact::Contacts;
use marks::Marks;
use word::words;

/// What a masked piece of an answer was. The order is that of counts in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The name of a facility, a company or another body.
    Facility,
    /// The name of a person.
    Person,
    /// A telephone or fax number, or an extension.
    Phone,
    /// A mail address.
    Mail,
    /// A web address.
    Url,
    /// A postal address or code.
    Address,
    /// What the study lists.
    Listed,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Facility, Self::Person, Self::Phone, Self::Mail, Self::Url, Self::Address, Self::Listed];

    /// The name of the kind for readers.
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Facility, Lang::Ja) => "施設名",
            (Self::Person, Lang::Ja) => "人名",
            (Self::Phone, Lang::Ja) => "電話番号",
            (Self::Mail, Lang::Ja) => "メール",
            (Self::Address, Lang::Ja) => "住所",
            (Self::Listed, Lang::Ja) => "伏せ字",
            (Self::Url, _) => "URL",
            (Self::Facility, Lang::En) => "facility",
            (Self::Person, Lang::En) => "person",
            (Self::Phone, Lang::En) => "phone",
            (Self::Mail, Lang::En) => "mail",
            (Self::Address, Lang::En) => "address",
            (Self::Listed, Lang::En) => "withheld",
        }
    }

    /// What stands in place of the piece.
    pub const fn label(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Facility, Lang::Ja) => "［施設名］",
            (Self::Person, Lang::Ja) => "［人名］",
            (Self::Phone, Lang::Ja) => "［電話番号］",
            (Self::Mail, Lang::Ja) => "［メール］",
            (Self::Url, Lang::Ja) => "［URL］",
            (Self::Address, Lang::Ja) => "［住所］",
            (Self::Listed, Lang::Ja) => "［伏せ字］",
            (Self::Facility, Lang::En) => "[facility]",
            (Self::Person, Lang::En) => "[person]",
            (Self::Phone, Lang::En) => "[phone]",
            (Self::Mail, Lang::En) => "[mail]",
            (Self::Url, Lang::En) => "[URL]",
            (Self::Address, Lang::En) => "[address]",
            (Self::Listed, Lang::En) => "[withheld]",
        }
    }

    /// The name of the kind in files for machines.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Facility => "facility",
            Self::Person => "person",
            Self::Phone => "phone",
            Self::Mail => "mail",
            Self::Url => "url",
            Self::Address => "address",
            Self::Listed => "listed",
        }
    }
}

/// A piece that must not leave: a range of the respondent's own text (bytes), and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mask {
    /// Where it stands in the answer.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// Masks by respondent, then question; those of an answer are in order and share no
/// character.
pub type Masks = PerAnswer<Vec<Mask>>;

/// Finds masks; immutable and shared between threads.
pub struct Masker {
    contacts: Contacts,
    marks: Marks,
    /// The study's own words, folded.
    listed: Option<AhoCorasick>,
}

impl Masker {
    /// A masker that also masks `listed`, whatever their spelling and wherever they stand.
    ///
    /// # Errors
    /// If the list cannot be compiled, for example because it is too long.
    pub fn new(listed: &[String], normalizer: &Normalizer) -> Result<Self> {
        let folded = listed.iter().map(|word| normalizer.normalize(word.trim()).text().to_owned());
        let folded: Vec<String> = folded.filter(|word| !word.is_empty()).collect();
        let build = || AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&folded);
        let listed = (!folded.is_empty()).then(build).transpose().map_err(|error| {
            Diagnostic::error(text!(
                "伏せる語の一覧を組み立てられません: {error}",
                "The list of words to mask cannot be compiled: {error}"
            ))
        })?;
        Ok(Self { contacts: Contacts::new()?, marks: Marks::new()?, listed })
    }

    /// The masks of one answer, in order.
    pub fn find(&self, document: &Document, tokenizer: &Tokenizer) -> Vec<Mask> {
        let folded = document.text();
        let mut found = Vec::new();
        if let Some(listed) = &self.listed {
            found.extend(listed.find_iter(folded).map(|hit| (Span::new(hit.start(), hit.end()), Kind::Listed)));
        }
        let words = words(document, tokenizer);
        found.extend(self.contacts.find(folded, &words));
        let marks = self.marks.find(folded);
        found.extend(facility::find(folded, &words, &marks).into_iter().map(|span| (span, Kind::Facility)));
        found.extend(person::find(folded, &words, &marks).into_iter().map(|span| (span, Kind::Person)));
        let own = |(span, kind)| Mask { span: document.normalized.original(span), kind };
        joined(found.into_iter().map(own).collect())
    }

    /// The masks of every answer of `survey` with words, found on all threads of the current
    /// pool; of answers with the same words, once.
    ///
    /// # Errors
    /// If the analyzer fails.
    pub fn find_all(&self, survey: &Survey, normalizer: &Normalizer, tokenizer: &Tokenizer) -> Result<Masks> {
        let questions = survey.questions.len();
        let text = |at: usize| survey.respondents[at / questions].answers[at % questions].text();
        let alike = Alike::by(survey.respondents.len() * questions, text);
        let of = |worker: &mut Worker<'_>, (first, _): &(u32, u32)| {
            let normalized = normalizer.normalize(text(*first as usize).unwrap_or_default());
            Ok(self.find(&worker.document(normalized)?, tokenizer))
        };
        let masks: Vec<Result<Vec<Mask>>> =
            alike.kinds().par_iter().with_min_len(32).map_init(|| tokenizer.worker(), of).collect();
        Ok(alike.share(masks.into_iter().collect::<Result<_>>()?, questions))
    }
}

/// Masks in order; those that overlap become one, of the kind that comes first of the
/// longest. A part of a mask never shows.
fn joined(mut masks: Vec<Mask>) -> Vec<Mask> {
    masks.retain(|mask| mask.span.start < mask.span.end);
    masks.sort_unstable();
    let mut joined: Vec<(Mask, usize)> = Vec::with_capacity(masks.len());
    for mask in masks {
        let length = mask.span.end - mask.span.start;
        match joined.last_mut() {
            Some((last, longest)) if last.span.overlaps(mask.span) => {
                last.span = last.span.hull(mask.span);
                if length > *longest {
                    (last.kind, *longest) = (mask.kind, length);
                }
            }
            _ => joined.push((mask, length)),
        }
    }
    joined.into_iter().map(|(mask, _)| mask).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_masks_become_one_of_the_longer_kind() {
        let mask = |start, end, kind| Mask { span: Span::new(start, end), kind };
        let masks = vec![
            mask(10, 20, Kind::Facility),
            mask(0, 3, Kind::Person),
            mask(3, 12, Kind::Person),
            mask(19, 21, Kind::Listed),
        ];
        assert_eq!(joined(masks), [mask(0, 3, Kind::Person), mask(3, 21, Kind::Facility)]);
    }
}
