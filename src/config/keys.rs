//! Japanese keys without quotes: `費用 = ["…"]`.
//!
//! TOML allows only Latin letters in bare keys. A researcher will not know that, so each
//! bare key with other characters is replaced, before parsing, by a Latin name of the
//! same number of bytes: every position in the file stays what it was, and the reader
//! takes the name from the original text.

use std::borrow::Cow;
use std::collections::HashMap;

/// A piece of a TOML text, as far as keys need it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// From `#` to the end of the line.
    Comment,
    /// A string, quotes included.
    String,
    /// A bare key with other than Latin letters.
    ForeignKey,
    /// Everything else: Latin words, signs, blanks.
    Other,
}

/// The pieces of `text`, one behind the other.
fn pieces(text: &str) -> impl Iterator<Item = (Piece, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let (piece, length) = match rest.as_bytes().first()? {
            b'#' => (Piece::Comment, rest.find('\n').unwrap_or(rest.len())),
            b'"' => (Piece::String, string_length(rest, "\"", true)),
            b'\'' => (Piece::String, string_length(rest, "'", false)),
            _ => match rest.find(|c: char| !is_key(c)).unwrap_or(rest.len()) {
                0 => (Piece::Other, rest.chars().next().map_or(1, char::len_utf8)),
                end if rest[..end].is_ascii() => (Piece::Other, end),
                end => (Piece::ForeignKey, end),
            },
        };
        at += length;
        Some((piece, &rest[..length]))
    })
}

/// `text` with its non-Latin bare keys replaced.
pub(super) fn latinized(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut names: HashMap<&str, String> = HashMap::new();
    for (piece, written) in pieces(text) {
        if piece == Piece::ForeignKey {
            let number = names.len();
            out.push_str(names.entry(written).or_insert_with(|| placeholder(number, written.len())));
        } else {
            out.push_str(written);
        }
    }
    Cow::Owned(out)
}

/// `text` with its non-Latin bare keys in quotes: TOML that any program reads.
pub fn quoted_keys(text: &str) -> String {
    let quoted = |(piece, written): (Piece, &str)| match piece {
        Piece::ForeignKey => format!("\"{written}\""),
        _ => written.to_owned(),
    };
    pieces(text).map(quoted).collect()
}

/// How many comments a TOML text has; a `#` inside a string (a rule) starts none.
pub fn comments(text: &str) -> usize {
    pieces(text).filter(|(piece, _)| *piece == Piece::Comment).count()
}

fn is_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-' || (!c.is_ascii() && !c.is_whitespace())
}

/// The length of the string that starts `text`, quotes included; to the end if open.
fn string_length(text: &str, quote: &str, escapes: bool) -> usize {
    let triple = quote.repeat(3);
    let (close, one_line) = if text.starts_with(&triple) { (triple.as_str(), false) } else { (quote, true) };
    let mut at = close.len();
    while at < text.len() {
        let rest = &text[at..];
        if let Some(behind) = rest.strip_prefix(close) {
            // A multi-line string may end in up to two quotes of its own.
            let own = if one_line { 0 } else { behind.chars().take(2).take_while(|c| quote.contains(*c)).count() };
            return at + close.len() + own;
        }
        let mut chars = rest.chars();
        match chars.next() {
            Some('\n') if one_line => return at,
            Some('\\') if escapes => at += 1 + chars.next().map_or(0, char::len_utf8),
            Some(c) => at += c.len_utf8(),
            None => break,
        }
    }
    text.len()
}

/// A Latin name of `length` bytes, different for each `number` that fits.
fn placeholder(number: usize, length: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut name = vec![b'_'; length];
    let mut rest = number;
    for slot in name.iter_mut().rev() {
        *slot = DIGITS[rest % 36];
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    String::from_utf8(name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_replaced_and_strings_and_comments_are_not() {
        let text = "費用 = [\"コスト\", '経費'] # 費用\n人口 = { 病院 = 1, \"検査\" = 2 }\nr = \"\"\"\n費用 = \"\"\"\n";
        let latin = latinized(text);
        assert_eq!(latin.len(), text.len());
        assert_eq!(
            latin,
            "_____0 = [\"コスト\", '経費'] # 費用\n_____1 = { _____2 = 1, \"検査\" = 2 }\nr = \"\"\"\n費用 = \"\"\"\n"
        );
        assert_eq!(
            quoted_keys(text),
            "\"費用\" = [\"コスト\", '経費'] # 費用\n\"人口\" = { \"病院\" = 1, \"検査\" = 2 }\nr = \"\"\"\n費用 = \"\"\"\n"
        );
        assert_eq!(comments(text), 1);
        assert_eq!(comments("# 一\na = '# no' # 二\nb = \"\"\"\n# no\n\"\"\""), 2);
    }
}
