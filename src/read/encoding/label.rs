//! The names by which an encoding may be asked for.

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use crate::diagnostic::{Diagnostic, Result, suggest};
use crate::text;

/// What a label stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Choice {
    /// One encoding.
    One(&'static Encoding),
    /// UTF-16 of either byte order.
    Utf16,
}

impl Choice {
    /// Whether a byte order mark of `encoding` is no surprise.
    pub(super) fn agrees(self, encoding: &'static Encoding) -> bool {
        match self {
            Self::One(one) => one == encoding,
            Self::Utf16 => encoding == UTF_16LE || encoding == UTF_16BE,
        }
    }
}

/// The labels that are shown when one is not known.
const SHOWN: &[&str] = &["utf-8", "utf-16", "utf-16le", "utf-16be", "cp932", "shift_jis", "euc-jp", "iso-2022-jp"];

/// The encoding that `label` names; case, hyphens and underscores do not count.
pub(super) fn choose(label: &str) -> Result<Choice> {
    let key: String = label.to_lowercase().chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
    Ok(match key.as_str() {
        "utf8" | "utf8bom" | "utf8sig" => Choice::One(UTF_8),
        "utf16" => Choice::Utf16,
        "utf16le" => Choice::One(UTF_16LE),
        "utf16be" => Choice::One(UTF_16BE),
        "cp932" | "ms932" | "mskanji" | "shiftjis" | "sjis" | "xsjis" | "windows31j" | "cswindows31j" => {
            Choice::One(SHIFT_JIS)
        }
        "eucjp" | "xeucjp" => Choice::One(EUC_JP),
        "iso2022jp" | "jis" => Choice::One(ISO_2022_JP),
        _ => {
            let mut error = Diagnostic::error(text!(
                "encoding の「{label}」という文字コードは使えません。",
                "The encoding \"{label}\" is not known."
            ));
            error.hint = suggest(label, SHOWN);
            return Err(error);
        }
    })
}
