use std::io::Cursor;

use super::super::assemble::fit;
use super::super::delimited;
use super::*;
use crate::diagnostic::{Lang, Severity};
use proptest::prelude::*;

/// A source that gives a few bytes at a time.
struct Trickle(Cursor<Vec<u8>>, usize);

impl io::Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(self.1);
        self.0.read(&mut buffer[..length])
    }
}

fn open(bytes: &[u8], step: usize) -> Result<Rows> {
    Rows::open(Opened::Stream(Box::new(Trickle(Cursor::new(bytes.to_vec()), step))), Path::new("answers"))
}

/// Rows by line and cells, and lines of those left out.
fn all(bytes: &[u8], step: usize) -> Result<(Vec<Row>, Vec<usize>)> {
    let mut rows = open(bytes, step)?;
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    while let Some(found) = rows.next_row()? {
        match found {
            Ok(row) => good.push(row),
            Err(reason) => {
                assert_eq!(reason.severity, Severity::Skipped);
                bad.push(reason.line.expect("a line"));
            }
        }
    }
    Ok((good, bad))
}

#[test]
fn a_bad_row_does_not_spoil_the_next() {
    let text =
        b"\xEF\xBB\xBFid,text\r\n1,\xE3\x81\x82\r\n2\r\n3,\"a\nb\"x\r\n\r\n4,\x83\x41\r\n5,\0\r\n6,\"x\r\ny\"\r\n";
    let (good, bad) = all(text, 1).expect("read");
    let good: Vec<(usize, &str)> = good.iter().map(|row| (row.line, row.cells[1].as_str())).collect();
    assert_eq!(good, [(2, "あ"), (9, "x\ny")]);
    assert_eq!(bad, [3, 5, 7, 8]);
}

#[test]
fn a_quote_that_stays_open_is_told_where_it_opens() {
    let error = all(b"a,b\n1,2\n3,\"x\ny\n", 3).expect_err("open");
    assert_eq!(error.line, Some(3));
    let long = [b"a,b\n1,\"".as_slice(), &vec![b'x'; 17 << 20]].concat();
    let error = all(&long, 1 << 16).expect_err("too long");
    assert!(error.render(Lang::En).contains("16 MiB"));
}

#[test]
fn another_encoding_is_refused() {
    let (header, _, _) = encoding_rs::SHIFT_JIS.encode("回答,ID\n");
    assert!(all(&header, 9).expect_err("header").message.en.starts_with("This is not UTF-8"));
    let (row, _, _) = encoding_rs::SHIFT_JIS.encode("補助金がほしい,1\n");
    let rows = [b"text,id\n".as_slice(), &row.repeat(10)].concat();
    assert!(all(&rows, 9).expect_err("rows").message.en.starts_with("This is not UTF-8"));
    assert!(all(b"\xFF\xFEa\0\n\0", 9).is_err());
    assert!(all(b"PK\x03\x04....", 9).is_err());
    assert!(all(b"", 9).is_err() && all(b"\n\n", 9).is_err());
}

proptest! {
    /// The same rows and the same left out as if the file is read as a whole.
    #[test]
    fn rows_are_those_of_the_whole_file(
        body in prop::collection::vec("[a\",\n\r あ]{0,8}(\n|\r\n|\r)?", 0..8),
        step in 1usize..9,
    ) {
        let text = format!("one,two\n{}", body.concat());
        let streamed = all(text.as_bytes(), step);
        match delimited::parse(&text, ',') {
            Ok(records) => {
                let (good, bad) = streamed.expect("read");
                let (mut fitting, mut left_out) = (Vec::new(), Vec::new());
                for record in records.into_iter().skip(1).filter(|record| !record.is_blank()) {
                    let line = record.line;
                    match fit(record, 2) {
                        Ok(row) => fitting.push(row),
                        Err(_) => left_out.push(line),
                    }
                }
                prop_assert_eq!(good, fitting);
                prop_assert_eq!(bad, left_out);
            }
            // A stream goes on behind text after a closing quote; an open one ends both.
            Err(whole) => {
                if let Ok((_, bad)) = streamed {
                    prop_assert!(bad.contains(&whole.line.expect("a line")), "{:?}", bad);
                }
            }
        }
    }
}
