//! What a file really is, whatever its name says.

use std::path::Path;

use super::{archive, encoding, parquet};
use crate::diagnostic::{Diagnostic, Result};
use crate::text;

/// How a file is to be read.
pub(super) enum Kind {
    /// As text; the delimiter is what the extension tells.
    Delimited(Option<char>),
    /// As an XLSX workbook.
    Workbook,
    /// As Parquet.
    Parquet,
}

const ZIP: &[u8] = b"PK";
/// Compound File Binary: the container of XLS, and of an XLSX under a password.
const CFB: &[u8] = b"\xD0\xCF\x11\xE0";

/// Decides by content first and by extension second; where they contradict each
/// other the user is told which is which.
pub(super) fn kind(path: &Path, bytes: &[u8]) -> Result<Kind> {
    let extension = path.extension().and_then(|ext| ext.to_str()).unwrap_or_default().to_lowercase();
    if bytes.starts_with(CFB) {
        return Err(compound(bytes));
    }
    let (head, tail) = (&bytes[..bytes.len().min(4)], &bytes[bytes.len().saturating_sub(4)..]);
    if parquet::kind(path, head, tail)? == parquet::Kind::Parquet {
        return Ok(Kind::Parquet);
    }
    let delimiter = match extension.as_str() {
        "csv" => Some(','),
        "tsv" | "tab" => Some('\t'),
        _ => None,
    };
    let text_name = delimiter.is_some() || extension == "txt";
    let sheet_name = matches!(extension.as_str(), "xlsx" | "xlsm" | "xls" | "xlsb" | "ods" | "numbers");
    if bytes.starts_with(ZIP) && archive::looks_like_zip(bytes) {
        let other_name = text_name || (sheet_name && !matches!(extension.as_str(), "xlsx" | "xlsm"));
        if other_name {
            archive::check(bytes)?;
            return Err(renamed_workbook(&extension));
        }
        return Ok(Kind::Workbook);
    }
    if is_html(bytes) {
        return Err(Diagnostic::error(text!(
            "中身は表のファイルではなく HTML（ウェブページ）です。",
            "The content is HTML (a web page), not a table."
        ))
        .hint(text!("Excel で開き、.xlsx として保存し直してください。", "Open it in Excel and save it as .xlsx.")));
    }
    if sheet_name {
        return Err(no_workbook(&extension, bytes));
    }
    Ok(Kind::Delimited(delimiter))
}

fn compound(bytes: &[u8]) -> Box<Diagnostic> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) {
        return Diagnostic::error(text!(
            "パスワードのかかった Excel ファイルです。",
            "This is an Excel file with a password."
        ))
        .hint(text!(
            "Excel で開いてパスワードを外し、.xlsx として保存し直してください。",
            "Open it in Excel, remove the password and save it as .xlsx."
        ));
    }
    Diagnostic::error(text!(
        "古い形式の Excel ファイル（.xls）です。",
        "This is a file of the old Excel format (.xls)."
    ))
    .hint(text!(
        "Excel で開き、「Excel ブック（.xlsx）」として保存し直してください。",
        "Open it in Excel and save it as an Excel workbook (.xlsx)."
    ))
}

fn renamed_workbook(extension: &str) -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "拡張子は .{extension} ですが、中身は Excel（.xlsx）のファイルです。",
        "The extension is .{extension}, but the content is an Excel workbook (.xlsx)."
    ))
    .hint(text!("拡張子を .xlsx に変えて指定してください。", "Rename the file to .xlsx."))
}

fn no_workbook(extension: &str, bytes: &[u8]) -> Box<Diagnostic> {
    if encoding::decode(bytes, None).is_ok() {
        return Diagnostic::error(text!(
            "拡張子は .{extension} ですが、中身は CSV などのテキストです。",
            "The extension is .{extension}, but the content is text such as CSV."
        ))
        .hint(text!(
            "拡張子を .csv（タブ区切りなら .tsv）に変えて指定してください。",
            "Rename the file to .csv (or .tsv if it has tabs)."
        ));
    }
    Diagnostic::error(text!(
        "Excel（.xlsx）のファイルとして読めません。壊れているか、別の形式です。",
        "This cannot be read as an Excel workbook (.xlsx): it is damaged or something else."
    ))
    .hint(text!(
        "元のファイルを Excel で開けるか確かめ、.xlsx として保存し直してください。",
        "Check that Excel opens the original, and save it as .xlsx."
    ))
}

fn is_html(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    [b"<!doctype html".as_slice(), b"<html", b"<table"]
        .iter()
        .any(|tag| start.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag)))
}
