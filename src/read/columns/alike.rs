//! Names that are likely one, written in two ways.

use std::collections::HashMap;

use super::super::note;
use super::told::Told;
use crate::diagnostic::{Severity, Text, fold_key};
use crate::text;

/// Tells of the values of `name` that differ in width, case or blanks only; `hint` says
/// how they become one.
pub(in super::super) fn alike<'v>(name: &str, values: impl IntoIterator<Item = &'v str>, hint: &Text, told: &mut Told) {
    let mut folded: HashMap<String, &str> = HashMap::new();
    for two in values {
        let Some(one) = folded.insert(fold_key(two), two) else { continue };
        told.tell(|| {
            note(
                Severity::Warning,
                text!(
                    "{name}の「{one}」と「{two}」は、全角・半角などの表記だけが違います。別の区分として数えます。",
                    "\"{name}\" has \"{one}\" and \"{two}\", which differ in width, case or blanks only; they count as two categories."
                ),
            )
            .hint(hint.clone())
        });
    }
}
