//! Rules tried by themselves: plans made for a question, and documents to try them on.

use std::cell::RefCell;
use std::collections::HashMap;

use super::inflection::Stem;
use crate::codebook::Codebook;
use crate::coding::Machine;
use crate::diagnostic::{Diagnostic, Result};
use crate::rule::Expr;
use crate::rule::plan::{AttributeNames, Plan, PlanError, Source};
use crate::tokenize::{Document, UnitKind, Worker};

/// A codebook under examination.
pub(super) struct Probe<'m> {
    pub(super) machine: &'m Machine,
    attributes: Option<&'m [AttributeNames]>,
    worker: RefCell<Worker<'m>>,
    stems: RefCell<HashMap<String, Stem>>,
}

impl<'m> Probe<'m> {
    pub(super) fn new(machine: &'m Machine, attributes: Option<&'m [AttributeNames]>) -> Self {
        let worker = RefCell::new(machine.tokenizer().worker());
        Self { machine, attributes, worker, stems: RefCell::default() }
    }

    pub(super) fn codebook(&self) -> &'m Codebook {
        self.machine.codebook()
    }

    /// `text` as the rules see it.
    pub(super) fn folded(&self, text: &str) -> String {
        self.machine.normalizer().normalize(text).text().to_owned()
    }

    /// `text` folded and cut.
    pub(super) fn document(&self, text: &str) -> Result<Document> {
        self.worker.borrow_mut().document(self.machine.normalizer().normalize(text))
    }

    /// How the dictionary sees a folded word by itself.
    pub(super) fn stem(&self, folded: &str) -> Stem {
        if let Some(known) = self.stems.borrow().get(folded) {
            return known.clone();
        }
        let tokens = self.worker.borrow_mut().tokens(folded).unwrap_or_default();
        let stem = Stem::new(self.machine.tokenizer(), &tokens, folded);
        self.stems.borrow_mut().insert(folded.to_owned(), stem.clone());
        stem
    }

    /// The codebook's own rules.
    pub(super) fn rules(&self) -> Result<Plan> {
        self.codebook().compile(self.attributes, self.machine.normalizer(), self.machine.tokenizer())
    }

    /// The codebook's rules as if no code had an `except`.
    pub(super) fn rules_without_except(&self) -> Result<Plan> {
        let sources = self.codebook().codes.iter().map(|code| Source {
            id: code.id.clone(),
            net: code.net.clone(),
            unit: code.unit,
            rule: code.rule.as_ref().map(|rule| &rule.expr),
            except: None,
            maybe: None,
        });
        self.compile(&sources.collect::<Vec<_>>())
    }

    /// Word-level expressions, each a rule of its own on whole texts.
    pub(super) fn plan_of(&self, exprs: &[Option<&Expr>]) -> Result<Plan> {
        let sources = exprs.iter().map(|expr| Source {
            id: String::new(),
            net: None,
            unit: UnitKind::Response,
            rule: *expr,
            except: None,
            maybe: None,
        });
        self.compile(&sources.collect::<Vec<_>>())
    }

    fn compile(&self, sources: &[Source<'_>]) -> Result<Plan> {
        let names = self.codebook().names(self.attributes);
        // All of it is compiled already, as part of the machine.
        let told = |error: Box<PlanError>| Diagnostic::error(error.error.message);
        Plan::new(sources, &names, self.machine.normalizer(), self.machine.tokenizer()).map_err(told)
    }
}
