//! `[codings]`: whose word counts where people and rules have coded the same answers.

use std::path::{Path, PathBuf};

use super::load::unique;
use crate::config::{Located, Table};
use crate::diagnostic::{Result, suggest};
use crate::text;

/// What the rules of the codebook are called among the sources.
const RULES: &str = "rules";

/// The sources of final codings: the first that has a word on a code of an answer decides.
#[derive(Clone, Debug)]
pub struct FinalCodings {
    /// Codings by people, the strongest first.
    pub sources: Vec<HumanSource>,
    /// Whether the rules decide what people did not.
    pub has_rules: bool,
    /// `final` as it is written, for messages.
    pub written: Located,
}

/// Codings by people.
#[derive(Clone, Debug)]
pub struct HumanSource {
    /// What it is called in results.
    pub name: String,
    /// Its files.
    pub files: Vec<PathBuf>,
}

impl FinalCodings {
    /// The names in `final`, the strongest first.
    pub fn names(&self) -> Vec<&str> {
        let people = self.sources.iter().map(|source| source.name.as_str());
        people.chain(self.has_rules.then_some(RULES)).collect()
    }
}

/// Reads `[codings]`; files are named from `folder`.
pub(super) fn codings(table: &Table, folder: &Path) -> Result<FinalCodings> {
    table.require("final")?;
    let order = table.texts("final")?;
    let Some(written) = order.first().cloned() else {
        return Err(table
            .error_at_key("final", text!("「final」が空です。", "\"final\" is empty."))
            .hint(text!("final = [\"rules\"] のように書いてください。", "Write it as final = [\"rules\"].")));
    };
    let files = table.section("files")?;
    table.check()?;
    let known = files.as_ref().map_or_else(Vec::new, |files| files.all().map(|(name, _)| name).collect::<Vec<_>>());
    let mut taken = Vec::new();
    let mut sources = Vec::new();
    for (at, name) in order.iter().enumerate() {
        unique(name, &mut taken, text!("final の名前", "name in \"final\""))?;
        if name.text == RULES {
            if at + 1 < order.len() {
                return Err(name
                    .error(text!(
                        "ルールはすべての回答を判定するので、rules より後の名前は使われません。",
                        "The rules decide everything, so that no name after \"rules\" would ever count."
                    ))
                    .hint(text!("rules を最後に書いてください。", "Put \"rules\" last.")));
            }
            continue;
        }
        let node = files.as_ref().and_then(|files| files.all().find(|(own, _)| *own == name.text));
        let Some((_, node)) = node else { return Err(no_file(name, &known)) };
        let mut paths = Vec::new();
        for file in node.texts()? {
            if file.text.trim().is_empty() {
                return Err(file
                    .error(text!("ファイル名が空です。", "The name of the file is blank."))
                    .hint(text!("コーディングのファイルを書いてください。", "Name the file with the codings.")));
            }
            paths.push(folder.join(file.text));
        }
        if paths.is_empty() {
            return Err(no_file(name, &known));
        }
        sources.push(HumanSource { name: name.text.clone(), files: paths });
    }
    if let Some(files) = &files {
        unused(files, &order)?;
    }
    Ok(FinalCodings { sources, has_rules: order.iter().any(|name| name.text == RULES), written })
}

fn no_file(name: &Located, known: &[&str]) -> Box<crate::diagnostic::Diagnostic> {
    let written = &name.text;
    let near = crate::diagnostic::did_you_mean(written, known.iter().copied()).and_then(|near| suggest(near, &[near]));
    name.error(text!(
        "「{written}」のファイルが [codings.files] にありません。",
        "[codings.files] names no file for \"{written}\"."
    ))
    .hint(near.unwrap_or_else(|| {
        text!(
            "[codings.files] に {written} = \"ファイル名\" を加えてください。ルールなら rules と書きます。",
            "Add {written} = \"FILE\" under [codings.files]. The rules are called \"rules\"."
        )
    }))
}

/// Refuses a file that `final` does not name: its word would silently not count.
fn unused(files: &Table, order: &[Located]) -> Result<()> {
    for (name, _) in files.all() {
        if name == RULES {
            return Err(files
                .error_at_key(
                    name,
                    text!(
                        "rules はルールの名前なので、ファイルには使えません。",
                        "\"rules\" is the name of the rules and cannot be a file's."
                    ),
                )
                .hint(text!("別の名前にしてください。", "Choose another name.")));
        }
        if !order.iter().any(|own| own.text == name) {
            return Err(files
                .error_at_key(name, text!("「{name}」が final にありません。", "\"{name}\" is not in \"final\"."))
                .hint(text!(
                    "final に加えるか、この行を消してください。",
                    "Add it to \"final\", or delete the line."
                )));
        }
    }
    Ok(())
}
