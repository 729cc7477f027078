//! The rule language: expressions over morphemes that find their own evidence.
//!
//! [`parse()`] turns text into an [`Expr`] tree with positions; [`plan::Plan`] compiles
//! the rules of a whole codebook together, so that one pass over a text finds the
//! words of all of them; [`evaluate`] decides each rule on each unit.

pub mod evaluate;
mod near;
mod parse;
mod pattern;
pub mod plan;
mod scan;

use crate::diagnostic::Text;
use crate::span::Span;

pub use parse::parse;
pub(crate) use parse::{POS_DETAILS, word_level};
pub(crate) use pattern::Pattern;

/// A mistake in a rule: where in the rule's text, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// Bytes of the rule's text.
    pub span: Span,
    /// What is wrong.
    pub message: Text,
    /// What to do about it.
    pub hint: Option<Text>,
}

impl RuleError {
    pub(crate) fn new(span: Span, message: Text) -> Self {
        Self { span, message, hint: None }
    }

    pub(crate) fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }
}

/// A part of a rule with its place in the rule's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it says.
    pub kind: Kind,
    /// Bytes of the rule's text.
    pub span: Span,
}

/// The forms of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `a | b`
    Or(Vec<Expr>),
    /// `a & b`
    And(Vec<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `研修`, `研修*`, `*研修`, `支援:名詞`
    Word(Word),
    /// `'補助金'`: characters, wherever they stand.
    Text(String),
    /// `/a.*b/`: a regular expression on the unit.
    Regex(String),
    /// `"費用 の 支援"`: words side by side.
    Phrase(Vec<Word>),
    /// `<費用>`: any entry of a list.
    List(String),
    /// `near(a, b; 8)` or, `ordered`, `seq(a, b; 5)`.
    Near {
        /// What must stand near each other.
        elements: Vec<Expr>,
        /// Whether the order counts.
        ordered: bool,
        /// Most morphemes from one to the next; 1 is side by side.
        distance: usize,
    },
    /// `@funding.fee`: another code, or any code of a net, holds here.
    Code(String),
    /// `{施設種別 = 医師会病院}`
    Attribute {
        /// The attribute's name.
        name: String,
        /// Whether `!=` was written.
        negated: bool,
        /// The accepted values.
        values: Vec<String>,
    },
    /// `count(a) >= 2`
    Count {
        /// What is counted.
        element: Box<Expr>,
        /// How it is compared.
        compare: Compare,
        /// With what.
        number: usize,
    },
    /// `length < 10`: characters of the unit, blanks left out.
    Length {
        /// How it is compared.
        compare: Compare,
        /// With what.
        number: usize,
    },
}

/// A word atom.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word {
    /// The word as written, without stars.
    pub text: String,
    /// Which end is open.
    pub open: Open,
    /// The part of speech it must have: a prefix of the tag path.
    pub pos: Vec<String>,
}

/// Where a word may go on inside its morpheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Open {
    /// `研修`
    Closed,
    /// `研修*`
    Prefix,
    /// `*研修`
    Suffix,
}

/// A comparison of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
}

impl Compare {
    /// Whether `left compare right`.
    pub const fn holds(self, left: usize, right: usize) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::AtLeast => left >= right,
            Self::Greater => left > right,
        }
    }
}

/// Most elements of one near or seq.
pub const MAX_ELEMENTS: usize = 6;

/// The deepest nesting of one rule.
pub const MAX_DEPTH: usize = 100;
