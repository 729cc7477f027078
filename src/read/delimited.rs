//! CSV and TSV (RFC 4180), with the line of every record.
//!
//! The `csv` crate forgives an open quote and text behind a closing one; both mean
//! that cells were put together wrongly, so the parser here is our own.

use super::assemble::{Record, assemble};
use super::encoding::{self, line_ends};
use super::{Format, Grid, Header, Options, Take, empty, note};
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::text;

/// Reads a text file; `by_extension` is the delimiter its name tells.
pub(super) fn read(
    bytes: &[u8],
    by_extension: Option<char>,
    options: &Options,
    mut header: Header,
    take: &mut Take<'_>,
) -> Result<Grid> {
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    let text = &*decoded.text;
    let delimiter = match options.delimiter.or(by_extension) {
        Some(delimiter) => delimiter,
        None => by_header(text),
    };
    if matches!(delimiter, '"' | '\n' | '\r' | '\0') {
        return Err(Diagnostic::error(text!(
            "区切り文字に、引用符や改行は使えません。",
            "A quote or a line break cannot be the delimiter."
        ))
        .hint(text!("コンマやタブなどを指定してください。", "Use a comma, a tab or the like.")));
    }
    let mut notes = Vec::new();
    warn_of_delimiter(text, delimiter, &mut notes);
    warn_of_replacement(text, &mut notes);
    let records = Scanner::new(text, delimiter);
    let rows_read = assemble(records, options.header_rows, &mut header, &mut notes, take)?.ok_or_else(empty)?;
    Ok(Grid {
        header,
        rows_read,
        format: if delimiter == '\t' { Format::Tsv } else { Format::Csv },
        encoding: Some(decoded.encoding.to_owned()),
        sheet: None,
        notes,
    })
}

/// Tab or comma, whichever the header line holds more of.
fn by_header(text: &str) -> char {
    let header = text.split(['\n', '\r']).find(|line| !line.trim().is_empty()).unwrap_or_default();
    if header.matches('\t').count() > header.matches(',').count() { '\t' } else { ',' }
}

fn warn_of_delimiter(text: &str, delimiter: char, notes: &mut Vec<Diagnostic>) {
    let mut records = Scanner::new(text, delimiter).map_while(Result::ok);
    let Some(Record { line, cells }) = records.find(|record| !record.is_blank()) else { return };
    let [only] = cells.as_slice() else { return };
    if only.contains(|c| c != delimiter && matches!(c, ',' | '\t' | ';')) {
        let warning = note(
            Severity::Warning,
            text!(
                "見出しが 1 列だけで、別の区切り文字が含まれています。",
                "The header is a single column, and holds another delimiter."
            ),
        )
        .line(line)
        .hint(text!("区切り文字の指定（delimiter）を確かめてください。", "Check the delimiter."));
        notes.push(*warning);
    }
}

/// U+FFFD in a readable file: some program before us has lost characters.
fn warn_of_replacement(text: &str, notes: &mut Vec<Diagnostic>) {
    let Some(first) = text.find('\u{FFFD}') else { return };
    let count = text.matches('\u{FFFD}').count();
    let warning = note(
        Severity::Warning,
        text!("文字化けの跡（U+FFFD）が {count} 文字あります。", "Characters were lost before (U+FFFD): {count}."),
    )
    .line(1 + line_ends(&text[..first]))
    .hint(text!("元のデータから書き出し直してください。", "Export it again from the original data."));
    notes.push(*warning);
}

/// Splits text into records.
pub(super) fn parse(text: &str, delimiter: char) -> Result<Vec<Record>> {
    Scanner::new(text, delimiter).collect()
}

/// The records of a text, up to the first that is broken. A line end is CRLF, LF or CR;
/// within cells it becomes LF.
struct Scanner<'a> {
    text: &'a str,
    delimiter: char,
    /// Byte position of what comes next.
    at: usize,
    /// One-based line of `at`.
    line: usize,
}

impl Iterator for Scanner<'_> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Result<Record>> {
        (self.at < self.text.len()).then(|| self.record())
    }
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, delimiter: char) -> Self {
        Self { text, delimiter, at: 0, line: 1 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn record(&mut self) -> Result<Record> {
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let cell = if self.rest().starts_with('"') { self.quoted()? } else { self.plain() };
            cells.push(cell);
            if self.rest().starts_with(self.delimiter) {
                self.at += self.delimiter.len_utf8();
                continue;
            }
            self.end_line();
            return Ok(Record { line, cells });
        }
    }

    fn end_line(&mut self) {
        let rest = self.rest();
        let length = if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
        self.at += length;
        self.line += 1;
    }

    fn plain(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find([self.delimiter, '\n', '\r']).unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    fn quoted(&mut self) -> Result<String> {
        let opened = (self.line, self.at);
        self.at += 1;
        let mut cell = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find('"') else {
                return Err(self.unclosed(opened));
            };
            cell.push_str(&rest[..end]);
            self.line += line_ends(&rest[..end]);
            self.at += end + 1;
            if !self.rest().starts_with('"') {
                break;
            }
            cell.push('"');
            self.at += 1;
        }
        match self.rest().chars().next() {
            Some(c) if c != self.delimiter && !matches!(c, '\n' | '\r') => Err(self.trailing()),
            _ if cell.contains('\r') => Ok(cell.replace("\r\n", "\n").replace('\r', "\n")),
            _ => Ok(cell),
        }
    }

    fn column(&self, at: usize) -> usize {
        let start = self.text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        self.text[start..at].chars().count() + 1
    }

    fn unclosed(&self, (line, at): (usize, usize)) -> Box<Diagnostic> {
        Diagnostic::error(text!(
            "ここで開いた引用符（\"）が、ファイルの終わりまで閉じていません。",
            "The quote (\") that opens here is never closed."
        ))
        .line(line)
        .column(self.column(at))
        .hint(text!(
            "閉じる引用符を補ってください。文字としての引用符は \"\" と重ねます。",
            "Close it; a quote within the text is written twice (\"\")."
        ))
    }

    fn trailing(&self) -> Box<Diagnostic> {
        Diagnostic::error(text!(
            "閉じた引用符（\"）のあとに文字が続いています。",
            "There is text after a closing quote (\")."
        ))
        .line(self.line)
        .column(self.column(self.at))
        .hint(text!(
            "区切り文字の抜けを直すか、文字としての引用符を \"\" と重ねてください。",
            "Put in the missing delimiter, or write a quote within the text twice (\"\")."
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;
    use proptest::prelude::*;

    fn cells(text: &str) -> Vec<(usize, Vec<String>)> {
        let records = parse(text, ',').expect("parses");
        records.into_iter().map(|record| (record.line, record.cells)).collect()
    }

    #[test]
    fn records_know_their_line() {
        let text = "a,b\r\n\"1\r\n2\",\"x\"\"y\"\n\n3,\r4,5";
        let expected =
            [(1, vec!["a", "b"]), (2, vec!["1\n2", "x\"y"]), (4, vec![""]), (5, vec!["3", ""]), (6, vec!["4", "5"])];
        assert_eq!(cells(text), expected.map(|(line, cells)| (line, cells.into_iter().map(str::to_owned).collect())));
    }

    #[test]
    fn a_quote_inside_a_plain_cell_is_text() {
        assert_eq!(cells("5\" disk,b\n"), [(1, vec!["5\" disk".to_owned(), "b".to_owned()])]);
    }

    #[test]
    fn a_broken_quote_is_told_with_its_line() {
        let error = parse("a,b\n1,\"x\ny\n", ',').expect_err("unclosed");
        assert_eq!((error.line, error.column), (Some(2), Some(3)));
        let error = parse("a,b\n\"1\n2\"x,3\n", ',').expect_err("trailing");
        assert_eq!((error.line, error.column), (Some(3), Some(3)));
        assert!(error.render(Lang::Ja).starts_with("エラー: 閉じた引用符"));
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back(
            table in prop::collection::vec(prop::collection::vec("[a\",\n あ　;]{0,6}", 3), 1..6)
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).expect("writes");
            }
            let text = String::from_utf8(writer.into_inner().expect("flushes")).expect("utf-8");
            let read: Vec<Vec<String>> = parse(&text, ',').expect("parses").into_iter().map(|r| r.cells).collect();
            prop_assert_eq!(read, table);
        }
    }
}
