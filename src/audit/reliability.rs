//! The agreement of the people whose codings a study names, and of the rules with them.

use super::alpha::Bootstrap;
use super::codings::Codings;
use super::findings::{Findings, Request};
use super::scheme::Scheme;
use crate::coding::Coded;
use crate::diagnostic::Result;
use crate::study::AgreementFiles;
use crate::survey::PerAnswer;

/// Codings by people, audited beside the rules of the run.
pub struct Reliability {
    /// The codings; the rules are the last coder.
    pub codings: Codings,
    /// What was found.
    pub findings: Findings,
    /// How intervals of α were found.
    pub bootstrap: Option<Bootstrap>,
}

impl Reliability {
    /// Reads the codings that a study names and audits them. `rules` is the name of the
    /// rules as a coder.
    ///
    /// # Errors
    /// As [`Codings::read`] and [`Codings::add_rules`].
    pub fn new(files: &AgreementFiles, rules: &str, scheme: &Scheme<'_>, coded: &PerAnswer<Coded>) -> Result<Self> {
        let mut codings = Codings::read(&files.codings, Some(scheme))?;
        codings.add_rules(rules, scheme, coded)?;
        let bootstrap = (files.bootstrap >= 2).then_some(Bootstrap { replicates: files.bootstrap, seed: files.seed });
        let request = Request {
            gold: None,
            rules: Some(codings.coders.len() - 1),
            bootstrap,
            nets: codings.in_nets(scheme.codebook),
            stances: scheme.all_stances(),
            parts: &[],
        };
        let findings = Findings::new(&codings, &request);
        Ok(Self { codings, findings, bootstrap })
    }
}
