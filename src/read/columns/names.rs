//! Cells that name something: a category of an attribute, or a question.

use std::collections::HashMap;

use super::super::note;
use super::told::Told;
use crate::diagnostic::{Severity, fold_key};
use crate::text;

/// What a cell names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Named {
    Blank,
    /// Index of the name.
    Known(usize),
    Unknown,
}

/// The names that a column may hold. Each spelling is looked at once.
pub(in super::super) struct Names {
    /// The names: as declared, or as found.
    pub(in super::super) names: Vec<String>,
    /// Whether any value is a name.
    open: bool,
    folded: HashMap<String, usize>,
    seen: HashMap<String, Named>,
    /// Accepted spellings that differ from the name.
    pub(in super::super) respelled: Told,
}

impl Names {
    /// These names; without any, whatever is found.
    pub(in super::super) fn new(names: Vec<String>) -> Self {
        let mut folded = HashMap::new();
        let mut seen = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            folded.entry(fold_key(name)).or_insert(index);
            seen.entry(name.trim().to_owned()).or_insert(Named::Known(index));
        }
        let respelled = Told::new(Severity::Note, text!("表記の違い", "Different spellings"));
        Self { open: names.is_empty(), names, folded, seen, respelled }
    }

    /// What `cell` names; it stands at one-based `line` and `column`.
    pub(in super::super) fn find(&mut self, cell: &str, line: usize, column: usize) -> Named {
        let cell = cell.trim();
        if cell.is_empty() {
            return Named::Blank;
        }
        if let Some(named) = self.seen.get(cell) {
            return *named;
        }
        let named = if self.open {
            self.names.push(cell.to_owned());
            Named::Known(self.names.len() - 1)
        } else {
            match self.folded.get(&fold_key(cell)) {
                Some(&index) => {
                    let name = &self.names[index];
                    self.respelled.tell(|| {
                        let message =
                            text!("「{cell}」は「{name}」として数えます。", "\"{cell}\" counts as \"{name}\".");
                        note(Severity::Note, message).line(line).column(column)
                    });
                    Named::Known(index)
                }
                None => Named::Unknown,
            }
        };
        self.seen.insert(cell.to_owned(), named);
        named
    }
}
