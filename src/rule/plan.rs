//! The rules of a codebook compiled together.
//!
//! Every alternative of words becomes a *set*; every word is looked up once, however
//! many rules use it, and reports to the sets it belongs to. A rule's top-level
//! alternatives are *branches*; a branch is tried only when one of the sets it needs
//! has been seen in the answer.

mod attributes;
mod branch;
mod circles;
mod compile;
mod gates;
mod gather;
mod needs;
mod reach;
mod regex;
mod rows;

use std::collections::HashMap;

use super::pattern::Pattern;
use super::scan::{Scanner, has};
use super::{Compare, Expr, RuleError};
use crate::normalize::Normalizer;
use crate::text;
use crate::tokenize::{Tokenizer, UnitKind};
use branch::Branches;
pub(crate) use gates::are_open;
pub(crate) use rows::Rows;

/// A word set: an alternative of words, numbered within a plan.
pub(crate) type SetId = u32;

/// What a compiled rule asks of a unit.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Or(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    Any(ElementId),
    Near {
        elements: Vec<ElementId>,
        ordered: bool,
        distance: usize,
    },
    /// One of these rules holds in the unit.
    Rule(Vec<usize>),
    /// The respondent's attribute is (or, negated, is not) one of these values.
    Attribute {
        index: usize,
        negated: bool,
        values: Vec<String>,
    },
    /// An attribute, where no study says which there are: never holds.
    UnknownAttribute,
    Count {
        element: ElementId,
        compare: Compare,
        number: usize,
    },
    Length {
        compare: Compare,
        number: usize,
    },
}

/// An element's number within a plan: what is written alike is one element.
pub(crate) type ElementId = u32;

/// A source of places in the text: words of a set, phrases, regular expressions.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// One set of the words written here, and one of each list, shared by all who name it:
    /// a word then reports to as many sets as there are lists, not to all alternatives.
    pub sets: Vec<SetId>,
    pub phrases: Vec<Vec<SetId>>,
    /// Each with the set of characters that its matches begin or end with, if there is one.
    pub regexes: Vec<(Pattern, Option<SetId>)>,
}

/// A named rule to compile.
pub struct Source<'e> {
    /// The code's id, for `@id`.
    pub id: String,
    /// Where the code counts too, for `@net`.
    pub net: Option<String>,
    /// The unit it is tried on.
    pub unit: UnitKind,
    /// The rule.
    pub rule: Option<&'e Expr>,
    /// Words that do not exist for it.
    pub except: Option<&'e Expr>,
    /// What it suggests without being counted.
    pub maybe: Option<&'e Expr>,
}

/// What rules may refer to.
#[derive(Default)]
pub struct Names<'n> {
    /// Entries of each list.
    pub lists: HashMap<&'n str, Vec<&'n Expr>>,
    /// Attributes and their values (nets with their members); `None` without a study.
    pub attributes: Option<&'n [AttributeNames]>,
    /// Texts like those to be coded, if there are any. They tell common words from rare
    /// ones, which decides how fast rules are tried, not what they find.
    pub typical: Vec<&'n str>,
}

/// An attribute that rules may ask for.
#[derive(Clone, Debug, Default)]
pub struct AttributeNames {
    /// Its name and other names it goes by.
    pub names: Vec<String>,
    /// Its values.
    pub values: Vec<String>,
    /// Nets of values.
    pub nets: Vec<(String, Vec<String>)>,
}

/// The part of a source that an error is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Its rule.
    #[default]
    Rule,
    /// Its `except`.
    Except,
    /// Its `maybe`.
    Maybe,
}

/// A mistake found while compiling: which rule, which part of it, and what.
#[derive(Debug)]
pub struct PlanError {
    /// Index of the source.
    pub source: usize,
    /// Which of its expressions.
    pub part: Part,
    /// The mistake. Its span is of that expression, or of a list's entry.
    pub error: RuleError,
    /// The list whose entry is at fault, with the entry's index.
    pub list: Option<(String, usize)>,
}

/// One compiled rule.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub unit: UnitKind,
    /// Number of the first branch of `rule`.
    pub first: BranchId,
    pub rule: Vec<Node>,
    pub maybe: Vec<Node>,
    /// Words, near and seq whose places do not exist for the others.
    pub except: Vec<Node>,
}

/// A branch's number: those of one rule follow each other, then those of its `maybe`,
/// then those of its `except`.
pub(crate) type BranchId = usize;

/// All rules of a codebook, ready to run; immutable and shared between threads.
pub struct Plan {
    pub(crate) rules: Vec<Compiled>,
    pub(crate) elements: Vec<Element>,
    /// Elements that are of sets alone, a bit each; and those without regular expressions.
    pub(crate) simple: Vec<u64>,
    pub(crate) plain: Vec<u64>,
    pub(crate) scanner: Scanner,
    /// Branches worth trying once a set has been seen, by set.
    pub(crate) wakes: Rows,
    /// The sets that wake any, a bit each.
    pub(crate) wakers: Vec<u64>,
    pub(crate) branches: Branches,
    /// Branches that can hold whatever has been seen.
    pub(crate) always: Vec<BranchId>,
}

impl Compiled {
    /// Its branches, in the order of their numbers, and the part each is of.
    pub(crate) fn branches(&self) -> impl Iterator<Item = (Part, &Node)> {
        let parts = [(Part::Rule, &self.rule), (Part::Maybe, &self.maybe), (Part::Except, &self.except)];
        parts.into_iter().flat_map(|(part, nodes)| nodes.iter().map(move |node| (part, node)))
    }

    /// Its branch of number `branch`.
    pub(crate) fn branch(&self, branch: BranchId) -> &Node {
        let at = branch - self.first;
        let maybe = at.checked_sub(self.rule.len());
        let except = maybe.and_then(|at| at.checked_sub(self.maybe.len()));
        match (maybe, except) {
            (None, _) => &self.rule[at],
            (Some(at), None) => &self.maybe[at],
            (_, Some(at)) => &self.except[at],
        }
    }
}

impl Plan {
    /// Whether `element` is without regular expressions.
    pub(crate) fn is_plain(&self, element: ElementId) -> bool {
        has(&self.plain, element)
    }

    /// Compiles `sources` together.
    ///
    /// # Errors
    /// The first mistake that parsing could not see: an unknown list, code or
    /// attribute, a reference in a circle, a regular expression that is none.
    pub fn new(
        sources: &[Source<'_>],
        names: &Names<'_>,
        normalizer: &Normalizer,
        tokenizer: &Tokenizer,
    ) -> Result<Self, Box<PlanError>> {
        compile::plan(sources, names, normalizer, tokenizer)
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The unit that rule `index` is tried on.
    pub fn unit(&self, index: usize) -> UnitKind {
        self.rules[index].unit
    }
}

/// The error of a reference that leads back to itself.
fn cycle_error(expr: &Expr, path: &[String]) -> RuleError {
    let path = path.join(" → ");
    RuleError::new(expr.span, text!("参照が輪になっています: {path}", "The references form a circle: \"{path}\""))
        .hint(text!("どれか1つの参照を外してください。", "Remove one of the references."))
}
