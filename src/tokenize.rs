//! Cuts a folded text into morphemes and into units of coding.
//!
//! [`Tokenizer`] holds the dictionary and is shared; each thread makes a [`Worker`]
//! with its own buffers and turns texts into [`Document`]s.

mod dictionary;
mod units;

use std::path::Path;

use lindera::dictionary::WordId;
use lindera::mode::Mode;
use lindera::segmenter::Segmenter;
use lindera::worker::SegmentWorker;
use lindera_dictionary::dictionary::DetailFields;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Result};
use crate::normalize::Normalized;
use crate::span::Span;
use crate::text;

pub use dictionary::{Term, read_terms};
pub use units::{Unit, UnitKind};

/// One morpheme of a folded text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Where it stands in the folded text.
    pub span: Span,
    /// The dictionary entry.
    pub word: WordId,
    pub(crate) class: Class,
}

/// What the cutting into clauses needs to know of a morpheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Noun,
    /// Verb, adjective or auxiliary: a predicate may end here.
    Predicate,
    /// 接続助詞 (が, けど, ので, から, て, ば, と, し …).
    Conjunctive,
    /// Other particles.
    Particle,
    Symbol,
    Other,
}

/// The features of a morpheme that rules can speak of.
#[derive(Clone, Copy, Debug)]
pub struct Features<'a> {
    /// Base form; the surface where the dictionary has none (unknown words).
    pub base: &'a str,
    detail: &'a Detail,
    fields: [&'a str; 4],
}

impl Features<'_> {
    /// Part-of-speech path, outermost first, e.g. `["名詞", "サ変接続"]`.
    pub fn pos(&self) -> &[&str] {
        &self.fields[..self.detail.depth(&self.fields)]
    }
}

/// Which detail fields of the dictionary hold what.
#[derive(Clone, Debug)]
struct Detail {
    base: Option<usize>,
}

impl Detail {
    fn depth(&self, fields: &[&str; 4]) -> usize {
        fields.iter().position(|field| *field == "*" || field.is_empty()).unwrap_or(fields.len())
    }
}

/// The morphological analyzer: a dictionary and its settings. Immutable and shared.
pub struct Tokenizer {
    segmenter: Segmenter,
    detail: Detail,
    name: String,
    sha256: String,
}

impl Tokenizer {
    /// The embedded IPADIC with the shipped domain terms, and `terms` of the study.
    ///
    /// # Errors
    /// If a term cannot be added.
    pub fn embedded(terms: &[Term]) -> Result<Self> {
        let dictionary = aftercode_dictionaries::load().map_err(|error| {
            Diagnostic::error(text!(
                "組み込み辞書を読めません: {error}",
                "The embedded dictionary cannot be loaded: {error}"
            ))
        })?;
        let user = dictionary::user_dictionary(&dictionary, terms)?;
        let sha256 = dictionary::with_terms(aftercode_dictionaries::DICTIONARY_SHA256, terms);
        Ok(Self::new(Segmenter::new(Mode::Normal, dictionary, user), sha256))
    }

    /// A dictionary that lindera built (UniDic, SudachiDict …), in a folder, with the
    /// shipped domain terms and `terms` of the study as user words.
    ///
    /// # Errors
    /// If the folder holds no such dictionary, or one of another format version.
    pub fn from_path(folder: &Path, terms: &[Term]) -> Result<Self> {
        dictionary::check_folder(folder)?;
        let dictionary = lindera::dictionary::Dictionary::load_from_path(folder).map_err(|error| {
            Diagnostic::error(text!("辞書を読めません: {error}", "The dictionary cannot be loaded: {error}"))
                .file(folder)
                .hint(text!(
                    "lindera 6 で作った辞書のフォルダーを指定してください（例: lindera build）。",
                    "Name a folder with a dictionary built by lindera 6 (for example with `lindera build`)."
                ))
        })?;
        let mut all = read_terms(aftercode_dictionaries::TERMS_CSV)?;
        all.extend_from_slice(terms);
        let user = dictionary::user_dictionary(&dictionary, &all)?;
        let sha256 = dictionary::with_terms(&dictionary::folder_digest(folder)?, &all);
        Ok(Self::new(Segmenter::new(Mode::Normal, dictionary, user), sha256))
    }

    fn new(segmenter: Segmenter, sha256: String) -> Self {
        let metadata = &segmenter.dictionary.metadata;
        let detail = Detail { base: dictionary::base_field(&metadata.dictionary_schema) };
        let name = metadata.name.clone();
        Self { segmenter, detail, name, sha256 }
    }

    /// The dictionary's own name, e.g. `ipadic`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Checksum over the dictionary and the added terms.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// A worker for one thread.
    pub fn worker(&self) -> Worker<'_> {
        Worker { tokenizer: self, segmenter: self.segmenter.new_worker(), classes: Classes::default() }
    }

    /// The features of `token`, a morpheme of `text`.
    pub fn features<'a>(&'a self, token: Token, text: &'a str) -> Features<'a> {
        let mut fields = ["*"; 4];
        let mut base = "*";
        let last = self.detail.base.map_or(fields.len(), |base| fields.len().max(base + 1));
        for (index, field) in self.details(token.word).take(last).enumerate() {
            if let Some(slot) = fields.get_mut(index) {
                *slot = field;
            }
            if Some(index) == self.detail.base {
                base = field;
            }
        }
        if token.word.is_unknown() || base == "*" || base.is_empty() {
            base = token.span.of(text);
        }
        Features { base, detail: &self.detail, fields }
    }

    fn details(&self, word: WordId) -> DetailFields<'_> {
        let id = word.id() as usize;
        if word.is_unknown() {
            return self.segmenter.dictionary.unknown_word_details_iter(id);
        }
        match &self.segmenter.user_dictionary {
            Some(user) if !word.is_system() => user.word_details_iter(id),
            _ => self.segmenter.dictionary.word_details_iter(id),
        }
    }

    fn class(&self, word: WordId) -> Class {
        let mut details = self.details(word);
        match (details.next().unwrap_or("*"), details.next().unwrap_or("*")) {
            ("名詞" | "代名詞" | "接尾辞" | "形状詞", _) => Class::Noun,
            ("動詞" | "形容詞" | "助動詞", _) => Class::Predicate,
            ("助詞", "接続助詞") => Class::Conjunctive,
            ("助詞", _) => Class::Particle,
            ("記号" | "補助記号" | "空白", _) => Class::Symbol,
            _ => Class::Other,
        }
    }
}

/// A folded text with its morphemes and units.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The folded text and the way back to the original.
    pub normalized: Normalized,
    /// Morphemes in order; blanks are left out.
    pub tokens: Vec<Token>,
    /// Sentences in order; together they hold every morpheme.
    pub sentences: Vec<Unit>,
    /// Clauses in order; each lies in one sentence.
    pub clauses: Vec<Unit>,
    whole: Unit,
}

impl Document {
    /// The folded text.
    pub fn text(&self) -> &str {
        self.normalized.text()
    }

    /// The whole response as one unit.
    pub fn response(&self) -> Unit {
        self.whole
    }

    /// The units of `kind`, in order.
    pub fn units(&self, kind: UnitKind) -> &[Unit] {
        match kind {
            UnitKind::Response => std::slice::from_ref(&self.whole),
            UnitKind::Sentence => &self.sentences,
            UnitKind::Clause => &self.clauses,
        }
    }

    /// The unit of `kind` that holds the morpheme at `token`.
    pub fn unit_of(&self, kind: UnitKind, token: usize) -> Unit {
        let units = self.units(kind);
        let at = units.partition_point(|unit| unit.last <= token);
        units.get(at).copied().unwrap_or_else(|| self.response())
    }

    /// The first morpheme that ends behind byte `at` of the folded text.
    pub fn token_at(&self, at: usize) -> usize {
        self.tokens.partition_point(|token| token.span.end <= at)
    }

    /// The first and the last morpheme that share a character with `span`; where it is
    /// blank, the one behind it (at the end of the text, the last one), twice.
    pub fn touched(&self, span: Span) -> (usize, usize) {
        let first = self.token_at(span.start).min(self.tokens.len().saturating_sub(1));
        let behind = self.tokens.partition_point(|token| token.span.start < span.end);
        (first, behind.saturating_sub(1).max(first))
    }
}

/// One thread's analyzer with its buffers.
pub struct Worker<'t> {
    tokenizer: &'t Tokenizer,
    segmenter: SegmentWorker,
    classes: Classes,
}

/// The class of each word, resolved once: by its number, whether it is unknown, and whether
/// the dictionary is the system's.
type Classes = FxHashMap<(u32, bool, bool), Class>;

impl<'t> Worker<'t> {
    /// The shared analyzer of this worker.
    pub fn tokenizer(&self) -> &'t Tokenizer {
        self.tokenizer
    }

    /// Cuts a folded text into morphemes, sentences and clauses.
    ///
    /// # Errors
    /// If the analyzer fails on the text.
    pub fn document(&mut self, normalized: Normalized) -> Result<Document> {
        let tokens = self.tokens(normalized.text())?;
        let (sentences, clauses) = units::split(normalized.text(), &tokens);
        let whole = Unit { span: Span::new(0, normalized.text().len()), first: 0, last: tokens.len() };
        Ok(Document { normalized, tokens, sentences, clauses, whole })
    }

    /// Cuts a folded text into morphemes.
    ///
    /// # Errors
    /// If the analyzer fails on the text.
    pub fn tokens(&mut self, text: &str) -> Result<Vec<Token>> {
        let Self { tokenizer, segmenter, classes } = self;
        let found = segmenter.segment(text).map_err(|error| {
            Diagnostic::error(text!("形態素解析に失敗しました: {error}", "The analyzer failed: {error}"))
        })?;
        Ok(found
            .iter()
            .map(|token| Token {
                span: Span::new(token.byte_start, token.byte_end),
                word: token.word_id,
                class: class_of(tokenizer, classes, token.word_id),
            })
            .collect())
    }
}

fn class_of(tokenizer: &Tokenizer, classes: &mut Classes, word: WordId) -> Class {
    let known = (word.id(), word.is_unknown(), word.is_system());
    *classes.entry(known).or_insert_with(|| tokenizer.class(word))
}
