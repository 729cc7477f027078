//! Names of sheets that Excel takes.

/// Excel's limit for the name of a sheet, in UTF-16 units.
const LONGEST: usize = 31;

/// The names given so far.
#[derive(Default)]
pub(super) struct Names {
    taken: Vec<String>,
}

impl Names {
    /// `wanted` without what Excel forbids, and with a number behind it if it is taken.
    pub(super) fn free(&mut self, wanted: &str) -> String {
        let is_forbidden = |c: char| matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control();
        let clean: String = wanted.chars().map(|c| if is_forbidden(c) { '_' } else { c }).collect();
        // An apostrophe may not stand at the ends, and "History" is Excel's own.
        let clean = clean.trim().trim_matches('\'').to_owned();
        let is_bad = clean.is_empty() || ["history", "変更履歴"].contains(&clean.to_lowercase().as_str());
        let clean = if is_bad { format!("{clean}_") } else { clean };
        let mut name = short(&clean, LONGEST).to_owned();
        for number in 2.. {
            if !self.taken.contains(&name.to_lowercase()) {
                break;
            }
            let end = format!(" ({number})");
            name = format!("{}{end}", short(&clean, LONGEST - end.len()));
        }
        self.taken.push(name.to_lowercase());
        name
    }
}

fn short(text: &str, units: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.len_utf16();
        if used > units {
            return text[..at].trim_end_matches('\'');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_ones_that_excel_takes() {
        let mut names = Names::default();
        assert_eq!(names.free("Q1"), "Q1");
        assert_eq!(names.free("q1"), "q1 (2)");
        assert_eq!(names.free("'a/b[c]:*?\\'"), "a_b_c_____");
        assert_eq!(names.free("History"), "History_");
        assert_eq!(names.free(""), "_");
        let long = "長".repeat(40);
        assert_eq!(names.free(&long), "長".repeat(31));
        assert_eq!(names.free(&long), format!("{} (2)", "長".repeat(27)));
    }
}
