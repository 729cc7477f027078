//! Looks into the archive that an XLSX is, before anything is unpacked from it.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::diagnostic::{Diagnostic, Result};
use crate::text;

/// The most an archive may unpack to.
const MAX_UNPACKED: u64 = 1 << 30;
/// Over this size the ratio counts: small sheets of equal cells pack very well.
const RATIO_COUNTS_FROM: u64 = 10_000_000;
const MAX_RATIO: u64 = 200;

/// Whether the bytes begin as a zip archive does, with files or empty.
pub(super) fn looks_like_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Checks that this is a whole XLSX of a bearable size.
///
/// Every entry is unpacked once to nowhere: a header can lie about a size, and the
/// checksums tell a damaged file that would otherwise be read only in part.
pub(super) fn check(bytes: &[u8]) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    check_sizes(&archive, bytes.len() as u64)?;
    check_names(&archive)?;
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| broken())?;
        let unpacked = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(unpacked).ok_or_else(bomb)?;
        if is_bomb(MAX_UNPACKED - left, bytes.len() as u64) {
            return Err(bomb());
        }
    }
    Ok(())
}

fn check_sizes(archive: &ZipArchive<Cursor<&[u8]>>, packed: u64) -> Result<()> {
    let mut unpacked: u64 = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|_| broken())?;
        unpacked = unpacked.saturating_add(entry.size());
    }
    if is_bomb(unpacked, packed) { Err(bomb()) } else { Ok(()) }
}

fn is_bomb(unpacked: u64, packed: u64) -> bool {
    unpacked > MAX_UNPACKED || (unpacked > RATIO_COUNTS_FROM && unpacked / MAX_RATIO > packed)
}

fn check_names(archive: &ZipArchive<Cursor<&[u8]>>) -> Result<()> {
    let names: Vec<String> =
        archive.file_names_raw().map(|name| String::from_utf8_lossy(name).replace('\\', "/").to_lowercase()).collect();
    let has = |end: &str| names.iter().any(|name| name.ends_with(end));
    if has("workbook.xml") {
        return Ok(());
    }
    if has("workbook.bin") {
        return Err(other("Excel のバイナリ形式（.xlsb）", "an Excel binary workbook (.xlsb)"));
    }
    if has("content.xml") && has("mimetype") {
        return Err(other("OpenDocument（.ods など）", "an OpenDocument file (.ods or the like)"));
    }
    Err(Diagnostic::error(text!(
        "ZIP ファイルですが、Excel（.xlsx）のファイルではありません。",
        "This is a zip archive, but not an Excel workbook (.xlsx)."
    ))
    .hint(text!(
        "圧縮されているなら展開して、中の表のファイルを指定してください。",
        "If it is a packed folder, unpack it and name the table inside."
    )))
}

fn other(ja: &str, en: &str) -> Box<Diagnostic> {
    Diagnostic::error(text!("中身は {ja}のファイルです。", "The content is {en}.")).hint(text!(
        "Excel などで開き、.xlsx として保存し直してください。",
        "Open it in a spreadsheet program and save it as .xlsx."
    ))
}

/// What is said of every workbook that cannot be taken apart.
pub(super) fn broken() -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "Excel ファイルが壊れているか、途中で切れています。",
        "The Excel file is damaged or cut short."
    ))
    .hint(text!(
        "コピーやダウンロードをやり直すか、Excel で開いて .xlsx として保存し直してください。",
        "Copy or download it again, or open it in Excel and save it as .xlsx."
    ))
}

fn bomb() -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "展開すると大きくなりすぎる Excel ファイルなので、開きませんでした。",
        "The Excel file would unpack to too much, so it was not opened."
    ))
    .hint(text!(
        "要らないシートや書式を消して保存し直すか、CSV で書き出してください。",
        "Delete unneeded sheets and formats and save it again, or export it as CSV."
    ))
}
