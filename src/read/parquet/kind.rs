//! Whether a file is Parquet, by how it begins and ends and by its name.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Result};
use crate::text;

/// How a file begins and ends.
const MAGIC: &[u8] = b"PAR1";
/// How a file ends whose columns are listed in cipher.
const CIPHER: &[u8] = b"PARE";
/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum Kind {
    /// It is a Parquet file.
    Parquet,
    /// It is something else.
    Other,
}

/// Tells Parquet by how a file begins and ends.
///
/// # Errors
/// If the name says Parquet, or the beginning does, and the rest does not.
pub(in crate::read) fn kind(path: &Path, head: &[u8], tail: &[u8]) -> Result<Kind> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
    let named = matches!(extension.as_str(), "parquet" | "pq");
    let (begins, ends) = (head.starts_with(MAGIC), tail == MAGIC);
    if tail == CIPHER && (named || head.starts_with(CIPHER)) {
        return Err(Diagnostic::error(text!(
            "暗号化された Parquet ファイルです。",
            "This is an encrypted Parquet file."
        ))
        .hint(text!("暗号化せずに書き出し直してください。", "Write it again without encryption.")));
    }
    match (named, begins, ends) {
        (true, true, true) => Ok(Kind::Parquet),
        (true, true, false) => Err(Diagnostic::error(text!(
            "Parquet ファイルが途中で切れています（終わりの印がありません）。",
            "The Parquet file is cut off: its closing mark is missing."
        ))
        .hint(text!("コピーし直すか、書き出し直してください。", "Copy it again, or write it again."))),
        (true, false, _) => Err(Diagnostic::error(text!(
            "拡張子は .{extension} ですが、中身は Parquet ではありません。",
            "The extension is .{extension}, but the content is not Parquet."
        ))
        .hint(text!(
            "元のファイルを確かめ、拡張子を直してください。",
            "Check the original, and correct the extension."
        ))),
        // A CSV may begin with these letters; that it ends with them, too, is no accident.
        (false, true, true) if matches!(extension.as_str(), "csv" | "tsv" | "tab" | "txt" | "xlsx" | "xlsm") => {
            Err(Diagnostic::error(text!(
                "拡張子は .{extension} ですが、中身は Parquet のファイルです。",
                "The extension is .{extension}, but the content is Parquet."
            ))
            .hint(text!("拡張子を .parquet に変えて指定してください。", "Rename the file to .parquet.")))
        }
        (false, true, true) => Ok(Kind::Parquet),
        (false, ..) => Ok(Kind::Other),
    }
}
