//! Mistakes of one file, gathered, so that they can be mended in one go.

use super::{Diagnostic, Result};
use crate::text;

/// Mistakes of a file that are given in full.
const MAX_TOLD: usize = 20;

/// Errors, in the order they were found. The first twenty are kept, the others counted.
#[derive(Clone, Debug, Default)]
pub struct Mistakes {
    kept: Vec<Diagnostic>,
    more: usize,
}

impl Mistakes {
    /// The value; or notes the mistake, and there is none.
    pub fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.tell(error)).ok()
    }

    /// Notes a mistake.
    pub fn tell(&mut self, error: Box<Diagnostic>) {
        if self.kept.len() < MAX_TOLD {
            self.kept.push(*error);
        } else {
            self.more += 1;
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.kept.len() + self.more
    }

    /// All of them as one error, by file and row, the last of which says how many more there are.
    ///
    /// # Errors
    /// If there is a mistake.
    pub fn finish(mut self) -> Result<()> {
        // As one goes through a file, not as they were found.
        self.kept.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        if self.more > 0 {
            let more = self.more;
            let rest = text!("ほかに {more} 件の誤りがあります。", "There are more mistakes: {more}.");
            let hint = text!(
                "上の誤りを直してから、もう一度実行してください。",
                "Mend those above, then run the command again."
            );
            self.kept.push(*Diagnostic::error(rest).hint(hint));
        }
        together(self.kept)
    }
}

/// Several errors as one: the first, which carries the others with it.
///
/// # Errors
/// If there is one.
pub fn together(errors: Vec<Diagnostic>) -> Result<()> {
    let mut errors = errors.into_iter();
    let Some(mut first) = errors.next() else { return Ok(()) };
    first.also.extend(errors);
    Err(Box::new(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;

    #[test]
    fn twenty_are_told_and_the_rest_counted() {
        let mut mistakes = Mistakes::default();
        assert_eq!(mistakes.clone().finish(), Ok(()));
        for line in 1..=23 {
            mistakes.tell(Diagnostic::error(text!("だめ", "bad")).line(line));
        }
        assert_eq!((mistakes.count(), mistakes.keep(Ok(7))), (23, Some(7)));
        let said = mistakes.finish().unwrap_err().file(std::path::Path::new("a.csv")).render(Lang::En);
        assert_eq!(said.matches("bad").count(), 20);
        assert!(said.contains("line 20\n") && !said.contains("line 21"), "{said}");
        assert!(said.contains("more mistakes: 3"), "{said}");
        assert_eq!(said.matches("a.csv").count(), 21);
    }
}
