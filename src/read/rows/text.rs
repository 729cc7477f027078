//! CSV and TSV as a stream. What cells and lines are is as for whole files; only UTF-8 is
//! read, since another encoding shows itself too late in a stream to be told for certain.

use std::io::{self, BufRead, BufReader, Cursor, Read as _};
use std::path::{Path, PathBuf};

use super::super::assemble::{Record, fit};
use super::super::encoding::line_ends;
use super::super::unpack::{Bytes, unpacked};
use super::super::{delimited, empty, note};
use super::Found;
use super::records::{Ended, Records};
use crate::diagnostic::{Diagnostic, Result, Severity, io_error};
use crate::text;

/// So much of a stream is looked at to tell what it is.
const HEAD: u64 = 1 << 16;
/// With so many rows that are not UTF-8, and none that is, a stream is something else.
const FOREIGN: usize = 10;

/// The rows of a stream that starts with a header.
pub(super) struct Text {
    path: PathBuf,
    records: Records<Box<dyn BufRead + Send>>,
    delimiter: char,
    columns: Vec<String>,
    packed: bool,
    /// Rows so far that are not UTF-8; `None` once a row with Japanese in it was.
    foreign: Option<usize>,
}

impl Text {
    /// Reads the header of `source`, plain or packed by gzip or Zstandard; `path` is its
    /// name for messages, and its extension tells commas from tabs.
    ///
    /// # Errors
    /// If it has no header, or is no CSV or TSV in UTF-8.
    pub(super) fn open(source: Bytes, path: &Path) -> Result<Self> {
        let (content, packed) = unpacked(source).map_err(|error| broken(path, &error, true))?;
        let mut content = BufReader::with_capacity(1 << 16, content);
        let head = head(&mut content).map_err(|error| broken(path, &error, packed))?;
        refuse(&head).map_err(|error| error.file(path))?;
        let start = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let delimiter = by_name(path).unwrap_or_else(|| by_header(&head));
        let mut whole = Cursor::new(head).chain(content);
        whole.consume(start);
        let mut rows = Self {
            path: path.to_path_buf(),
            records: Records::new(Box::new(whole), delimiter),
            delimiter,
            columns: Vec::new(),
            packed,
            foreign: Some(0),
        };
        let header = loop {
            match rows.record()? {
                None => return Err(empty().file(path)),
                Some(Err(mut error)) => {
                    error.severity = Severity::Error;
                    return Err(error.file(path));
                }
                Some(Ok(record)) if record.is_blank() => {}
                Some(Ok(record)) => break record,
            }
        };
        rows.columns = header.cells.into_iter().map(|cell| cell.trim().to_owned()).collect();
        Ok(rows)
    }

    /// The names of the columns.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The next row that is not blank, at the header's width, or why it cannot be used;
    /// `None` at the end.
    ///
    /// # Errors
    /// If what follows cannot be read at all.
    pub(super) fn next_row(&mut self) -> Result<Option<Found>> {
        loop {
            let found = match self.record()? {
                None => return Ok(None),
                Some(Ok(record)) if record.is_blank() => continue,
                Some(Ok(record)) => fit(record, self.columns.len()),
                Some(Err(mut error)) => {
                    error.severity = Severity::Skipped;
                    Err(error)
                }
            };
            return Ok(Some(found.map_err(|reason| reason.file(&self.path))));
        }
    }

    /// The next record, or what is wrong with it.
    fn record(&mut self) -> Result<Option<std::result::Result<Record, Box<Diagnostic>>>> {
        let ended = self.records.advance().map_err(|error| broken(&self.path, &error, self.packed))?;
        let (line, bytes) = (self.records.line(), self.records.bytes());
        match ended {
            Ended::Nothing => return Ok(None),
            Ended::Record => {}
            Ended::Open | Ended::TooLong => return Err(endless(ended, line).file(&self.path)),
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
                let said = not_utf8(line + line_ends(valid));
                self.foreign = self.foreign.map(|rows| rows + 1);
                // A header that cannot be read is as telling as many rows.
                if self.columns.is_empty() || self.foreign.is_some_and(|rows| rows >= FOREIGN) {
                    return Err(other_encoding(line).file(&self.path));
                }
                return Ok(Some(Err(said)));
            }
        };
        if self.foreign.is_some() && !text.is_ascii() {
            self.foreign = None;
        }
        if let Some(at) = text.find('\0') {
            return Ok(Some(Err(nul(line + line_ends(&text[..at])))));
        }
        let parsed = delimited::parse(text, self.delimiter).map(|mut records| {
            let cells = records.pop().map_or_else(|| vec![String::new()], |record| record.cells);
            Record { line, cells }
        });
        Ok(Some(parsed.map_err(|mut error| {
            error.line = error.line.map(|within| line + within - 1);
            error
        })))
    }
}

/// The first line that is not blank, with those before it, as far as it is looked at.
fn head(content: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    loop {
        let before = head.len();
        let room = HEAD.saturating_sub(before as u64);
        content.by_ref().take(room).read_until(b'\n', &mut head)?;
        if head.len() == before || !head[before..].trim_ascii().is_empty() {
            return Ok(head);
        }
    }
}

/// Commas or tabs by the extension, that of the packing left aside.
fn by_name(path: &Path) -> Option<char> {
    let name = path.file_name()?.to_str()?.to_lowercase();
    let name = [".gz", ".zst", ".zstd"].iter().find_map(|packing| name.strip_suffix(packing)).unwrap_or(&name);
    match Path::new(name).extension()?.to_str()? {
        "csv" => Some(','),
        "tsv" | "tab" => Some('\t'),
        _ => None,
    }
}

/// Tab or comma, whichever the header line holds more of.
fn by_header(head: &[u8]) -> char {
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.trim_ascii().is_empty());
    let count = |wanted| line.unwrap_or_default().iter().filter(|&&byte| byte == wanted).count();
    if count(b'\t') > count(b',') { '\t' } else { ',' }
}

/// Refuses what is no CSV or TSV in UTF-8 by how it starts.
fn refuse(head: &[u8]) -> Result<()> {
    if head.starts_with(b"PAR1") && head.contains(&0) {
        return Err(Diagnostic::error(text!(
            "Parquet は、パイプや圧縮ファイルの中からは読めません。",
            "Parquet cannot be read from a pipe or out of a packed file."
        ))
        .hint(text!("ファイルに保存し、その名前を指定してください。", "Save it as a file, and name that.")));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(Diagnostic::error(text!(
            "Excel や ZIP のファイルは、順に読みながら処理できません。",
            "An Excel or ZIP file cannot be read as a stream."
        ))
        .hint(text!(
            "「CSV UTF-8」で保存し直すか、調査ファイルを書いて aftercode run を使ってください。",
            "Save it as \"CSV UTF-8\", or write a study file and use aftercode run."
        )));
    }
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") || head.contains(&0) {
        return Err(other_encoding(1));
    }
    if head.trim_ascii_start().starts_with(b"{") {
        return Err(Diagnostic::error(text!(
            "CSV・TSV ではなく JSON のようです。",
            "This looks like JSON, not like CSV or TSV."
        ))
        .hint(text!("見出しのある CSV か TSV にして渡してください。", "Pass it as CSV or TSV with a header.")));
    }
    Ok(())
}

const CONVERT: &str = "iconv -f CP932 -t UTF-8 answers.csv | aftercode code …";

fn other_encoding(line: usize) -> Box<Diagnostic> {
    let example = CONVERT;
    Diagnostic::error(text!(
        "UTF-8 ではありません（Shift_JIS、UTF-16 などは、順に読みながら処理できません）。",
        "This is not UTF-8; other encodings (Shift_JIS, UTF-16 …) cannot be read as a stream."
    ))
    .line(line)
    .hint(text!(
        "UTF-8 に変換して渡すか（例: {example}）、調査ファイルを書いて aftercode run を使ってください。",
        "Convert it to UTF-8 (e.g. {example}), or write a study file and use aftercode run."
    ))
}

fn not_utf8(line: usize) -> Box<Diagnostic> {
    note(
        Severity::Skipped,
        text!("UTF-8 として読めないため、この行を除きました。", "The row was left out: it is not UTF-8."),
    )
    .line(line)
    .hint(text!("この行の文字コードを直してください。", "Correct the encoding of the row."))
}

fn nul(line: usize) -> Box<Diagnostic> {
    note(
        Severity::Skipped,
        text!("NUL 文字が含まれているため、この行を除きました。", "The row was left out: it holds a NUL character."),
    )
    .line(line)
    .hint(text!("NUL 文字を取り除いてください。", "Remove the NUL character."))
}

fn endless(ended: Ended, line: usize) -> Box<Diagnostic> {
    let message = match ended {
        Ended::Open => text!(
            "この行で開いた引用符（\"）が、終わりまで閉じていません。",
            "A quote (\") that opens in this row is never closed."
        ),
        _ => text!(
            "この行は 16 MiB を超えています（引用符（\"）の閉じ忘れと思われます）。",
            "This row is longer than 16 MiB; probably a quote (\") is not closed."
        ),
    };
    Diagnostic::error(message).line(line).hint(text!(
        "閉じる引用符を補ってください。文字としての引用符は \"\" と重ねます。",
        "Close it; a quote within the text is written twice (\"\")."
    ))
}

fn broken(path: &Path, error: &io::Error, packed: bool) -> Box<Diagnostic> {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    if packed && matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof) {
        return Diagnostic::error(text!(
            "圧縮されたファイルが、途中で切れているか壊れています。",
            "The packed file is cut off or damaged."
        ))
        .file(path)
        .hint(text!(
            "gzip -t か zstd -t で確かめ、コピーし直してください。",
            "Test it with gzip -t or zstd -t, and copy it again."
        ));
    }
    io_error(path, error)
}
