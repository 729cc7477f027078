//! An audit of codings, for people: counts first, then percent agreement, then
//! coefficients, each with the number of units it rests on.

mod cells;
mod differences;
mod json;
pub(super) mod section;
mod text;
mod values;

use crate::audit::{Bootstrap, Codings, Findings, Scheme};
use crate::diagnostic::Lang;

use super::records::Records;
use values::Level;

pub use differences::differences;

/// An audit, ready to be shown.
pub struct Audited<'a> {
    /// The codings.
    pub codings: &'a Codings,
    /// What was found.
    pub findings: &'a Findings,
    /// The study's names, if there is a study.
    pub scheme: Option<&'a Scheme<'a>>,
    /// The codebook's id and version, and how many answers it coded, if it is a coder.
    pub rules: Option<(String, u64)>,
    /// Confused codes and other places to look at, most telling first.
    pub confused: &'a [crate::audit::Confused],
    /// How intervals of α were found.
    pub bootstrap: Option<Bootstrap>,
    /// The language of what people read.
    pub lang: Lang,
}

impl Audited<'_> {
    /// Tables, aligned for the terminal or in Markdown.
    pub fn text(&self, markdown: bool) -> String {
        text::text(self, markdown)
    }

    /// Everything, as one object.
    pub fn json(&self) -> serde_json::Value {
        json::json(self)
    }

    /// Everything, a row a value.
    pub fn records(&self) -> Records {
        let mut records = Records::new(&["coders", "level", "name", "units", "measure", "value", "undefined"]);
        for Level { coders, level, name, units, values } in values::all(self.findings) {
            for (measure, value) in values {
                let (value, reason) = match value {
                    Ok(value) => (format!("{value}"), String::new()),
                    Err(reason) => (String::new(), reason.id().to_owned()),
                };
                let coders = coders.join("|");
                let row = [coders, level.to_owned(), name.clone(), units.to_string(), measure, value, reason];
                records.rows.push(row.to_vec());
            }
        }
        records
    }
}
