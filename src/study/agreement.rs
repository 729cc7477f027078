//! `[agreement]`: codings by people that a run audits.

use std::path::{Path, PathBuf};

use crate::config::{Node, Table};
use crate::diagnostic::{Diagnostic, Result};
use crate::text;

/// Codings by people, and how intervals of their agreement are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementFiles {
    /// The files, at least one.
    pub codings: Vec<PathBuf>,
    /// Samples that an interval of α is drawn from; 0 for none.
    pub bootstrap: u64,
    /// The seed they are drawn from.
    pub seed: u64,
}

impl AgreementFiles {
    /// Samples where the study does not say how many.
    const BOOTSTRAP: u64 = 500;
    /// More would take longer than the rest of a run.
    const MOST: u64 = 100_000;
}

/// The section, whose files lie in `folder`.
pub(super) fn agreement(table: &Table, folder: &Path) -> Result<AgreementFiles> {
    table.require("codings")?;
    let files = table.texts("codings")?;
    if files.is_empty() {
        return Err(table
            .error_at_key("codings", text!("codings にファイルがありません。", "\"codings\" names no file."))
            .hint(text!(
                "例: codings = [\"codings_a.csv\", \"codings_b.csv\"]",
                "E.g. codings = [\"codings_a.csv\", \"codings_b.csv\"]"
            )));
    }
    if let Some(blank) = files.iter().find(|file| file.text.trim().is_empty()) {
        return Err(blank
            .error(text!("codings のファイル名が空です。", "A file name of \"codings\" is empty."))
            .hint(text!("ファイル名を書くか、消してください。", "Give it a name, or delete it.")));
    }
    let bootstrap = match table.get("bootstrap") {
        None => AgreementFiles::BOOTSTRAP,
        Some(node) => samples(node)?,
    };
    let seed = table.get("seed").map_or(Ok(1), Node::count)?;
    table.check()?;
    Ok(AgreementFiles { codings: files.iter().map(|file| folder.join(&file.text)).collect(), bootstrap, seed })
}

fn samples(node: &Node) -> Result<u64> {
    let outside = || -> Box<Diagnostic> {
        let most = AgreementFiles::MOST;
        node.error(text!("bootstrap は 0、または 2 から {most} までです。", "\"bootstrap\" is 0, or from 2 to {most}."))
            .hint(text!("信頼区間が要らなければ 0 にします。", "Write 0 for no intervals."))
    };
    match node.count()? {
        1 => Err(outside()),
        count if count > AgreementFiles::MOST => Err(outside()),
        count => Ok(count),
    }
}
