//! `[quotes]`: how much of the answers the results show.

use std::path::{Path, PathBuf};

use super::load::{choice, filled};
use crate::config::Table;
use crate::diagnostic::Result;
use crate::text;

/// How much of an answer the results show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// The answers, with a label in place of names and numbers.
    #[default]
    Masked,
    /// The answers as they are.
    Full,
    /// Nothing of them; the places of evidence stay.
    None,
}

impl Show {
    const NAMES: [(&'static str, Self); 3] = [("masked", Self::Masked), ("full", Self::Full), ("none", Self::None)];

    /// What `name` stands for in study files and on the command line.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, show)| *show)
    }

    /// The word in study files and manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Masked => "masked",
            Self::Full => "full",
            Self::None => "none",
        }
    }
}

/// How answers are quoted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotes {
    /// How much is shown.
    pub show: Show,
    /// Words that are masked as well.
    pub mask: Vec<String>,
    /// A list of such words: CSV, TSV or XLSX with the column `name`.
    pub names: Option<PathBuf>,
}

pub(super) fn quotes(table: &Table, folder: &Path) -> Result<Quotes> {
    let show = choice(table, "show", &Show::NAMES)?.unwrap_or_default();
    let mask = table.texts("mask")?;
    if let Some(short) = mask.iter().find(|word| !is_long_enough(&word.text)) {
        let word = &short.text;
        return Err(short
            .error(text!("「{word}」は、伏せる語としては短すぎます。", "\"{word}\" is too short to be masked."))
            .hint(text!(
                "関係のない所まで伏せないように、2文字以上で書いてください。",
                "Write two characters at least, so that nothing else is masked."
            )));
    }
    let names = filled(table, "names")?;
    if show != Show::Masked
        && let Some(key) = ["mask", "names"].into_iter().find(|key| table.get(key).is_some())
    {
        let name = show.name();
        return Err(table
            .error_at_key(
                key,
                text!(
                    "show = \"{name}\" では、「{key}」は使われません。",
                    "\"{key}\" is not used with show = \"{name}\"."
                ),
            )
            .hint(text!(
                "show = \"masked\" にするか、「{key}」を消してください。",
                "Write show = \"masked\", or delete \"{key}\"."
            )));
    }
    table.check()?;
    let mask = mask.into_iter().map(|word| word.text.trim().to_owned()).collect();
    Ok(Quotes { show, mask, names: names.map(|names| folder.join(names.text)) })
}

/// Whether masking the word does not mask all kinds of other words.
pub fn is_long_enough(word: &str) -> bool {
    word.trim().chars().count() > 1
}
