//! A check of a codebook, as a page for the terminal and as JSON.

mod json;
mod page;

use std::path::Path;

use crate::check::Report;
use crate::codebook::Codebook;
use crate::survey::Survey;

pub use json::{
    Check, CheckCode, CheckCodebook, CheckFailure, CheckFinding, CheckFired, CheckHits, CheckPlace, CheckQuestion,
    CheckStudy, CheckTally, CheckTogether, CheckUntouched, check_json,
};
pub use page::check_page;

/// A check with what its report speaks of.
pub struct Checked<'c> {
    /// The codebook.
    pub codebook: &'c Codebook,
    /// Its file, as it was named.
    pub file: &'c Path,
    /// What was found.
    pub report: &'c Report,
    /// The answers, where there is a study.
    pub survey: Option<&'c Survey>,
}
