//! Bytes to text, strictly: a byte that does not belong is an error, and an
//! encoding that merely happens to fit is refused.

mod detect;
mod label;

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use crate::diagnostic::{Diagnostic, Result};
use crate::text;
use label::Choice;

/// A file's text and the name of its encoding.
#[derive(Debug)]
pub(super) struct Decoded<'b> {
    /// The text without a byte order mark; that of the file itself, where it is UTF-8.
    pub(super) text: Cow<'b, str>,
    /// The encoding as it is reported.
    pub(super) encoding: &'static str,
}

/// Decodes by the byte order mark, else by `label`, else by what the bytes look like.
pub(super) fn decode<'b>(bytes: &'b [u8], label: Option<&str>) -> Result<Decoded<'b>> {
    let choice = label.map(label::choose).transpose()?;
    let decoded = match (Encoding::for_bom(bytes), choice) {
        (Some((encoding, length)), choice) => {
            if let Some(choice) = choice
                && !choice.agrees(encoding)
            {
                return Err(contradicts(label.unwrap_or_default(), name(encoding), name(encoding)));
            }
            let text = strict(encoding, bytes, length).map_err(Bad::error)?;
            Decoded { text, encoding: if encoding == UTF_8 { "UTF-8 (BOM)" } else { name(encoding) } }
        }
        (None, Some(choice)) => explicit(bytes, choice, label.unwrap_or_default())?,
        (None, None) => detect::detect(bytes)?,
    };
    match decoded.text.find('\0') {
        Some(at) => Err(nul(place(&decoded.text[..at]).0)),
        None => Ok(decoded),
    }
}

fn explicit<'b>(bytes: &'b [u8], choice: Choice, label: &str) -> Result<Decoded<'b>> {
    let encoding = match choice {
        Choice::One(encoding) => encoding,
        // Without a byte order mark the standard says big-endian and practice says
        // little-endian; the bytes know better.
        Choice::Utf16 => detect::utf16(bytes).unwrap_or(UTF_16LE),
    };
    // Japanese in UTF-8 mostly decodes as CP932 and as UTF-16 too, to mojibake; the
    // reverse does not happen.
    if encoding != UTF_8 && std::str::from_utf8(bytes).is_ok_and(has_japanese) {
        return Err(contradicts(label, "UTF-8", "UTF-8"));
    }
    // Any delimiter or line end has a NUL there; without one this is random kanji.
    if (encoding == UTF_16LE || encoding == UTF_16BE) && !bytes.contains(&0) {
        return Err(contradicts(label, "別の文字コード", "in another one"));
    }
    let text = strict(encoding, bytes, 0).map_err(Bad::error)?;
    if encoding == SHIFT_JIS {
        refuse_odd_characters(&text)?;
    }
    Ok(Decoded { text, encoding: name(encoding) })
}

/// The name a Japanese user knows an encoding by.
fn name(encoding: &'static Encoding) -> &'static str {
    // What the standard calls Shift_JIS is the one Windows writes, with ① and ㈱.
    if encoding == SHIFT_JIS { "CP932" } else { encoding.name() }
}

/// The first byte that an encoding cannot read.
#[derive(Clone, Copy, Debug)]
struct Bad {
    encoding: &'static str,
    /// Zero-based, from the start of the file.
    offset: usize,
    byte: u8,
    line: usize,
    column: usize,
}

impl Bad {
    fn error(self) -> Box<Diagnostic> {
        self.said_of(&format!("{} として", self.encoding), self.encoding).hint(text!(
            "正しい文字コードを encoding に指定するか、UTF-8 で保存し直してください。",
            "Name the right encoding, or save the file as UTF-8."
        ))
    }

    fn said_of(self, ja: &str, en: &str) -> Box<Diagnostic> {
        let (byte, nth) = (self.byte, self.offset + 1);
        Diagnostic::error(text!(
            "{ja}読めないバイトがあります（先頭から {nth} バイト目、0x{byte:02X}）。",
            "A byte cannot be read as {en} (byte {nth} of the file, 0x{byte:02X})."
        ))
        .line(self.line)
        .column(self.column)
    }
}

/// Decodes `bytes[from..]` without replacing anything.
fn strict<'b>(encoding: &'static Encoding, bytes: &'b [u8], from: usize) -> std::result::Result<Cow<'b, str>, Bad> {
    if encoding == UTF_8
        && let Ok(text) = std::str::from_utf8(&bytes[from..])
    {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity((bytes.len() - from) / 2 * 3 + 16);
    let mut read = from;
    loop {
        let (result, length) = decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, true);
        read += length;
        match result {
            DecoderResult::InputEmpty => return Ok(Cow::Owned(text)),
            DecoderResult::OutputFull => text.reserve((bytes.len() - read) / 2 * 3 + 64),
            DecoderResult::Malformed(length, after) => {
                let offset = read.saturating_sub(usize::from(length) + usize::from(after));
                let (line, column) = place(&text);
                let byte = bytes.get(offset).copied().unwrap_or_default();
                return Err(Bad { encoding: name(encoding), offset, byte, line, column });
            }
        }
    }
}

/// One-based line and column of the place right after `before`.
fn place(before: &str) -> (usize, usize) {
    let last = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    (1 + line_ends(before), 1 + before[last..].chars().count())
}

/// How many lines end in `text`, by LF, CRLF or a lone CR.
pub(super) fn line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    let lone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(|&at| bytes[at] == b'\n' || lone(at)).count()
}

/// CP932 gives a meaning to almost every byte; what lands on the private use area
/// or on control characters is a user-defined character or another encoding.
fn refuse_odd_characters(text: &str) -> Result<()> {
    let odd = |c: char| matches!(c, '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}');
    let Some(at) = text.find(odd) else { return Ok(()) };
    let code = text[at..].chars().next().map_or(0, u32::from);
    let (line, column) = place(&text[..at]);
    Err(Diagnostic::error(text!(
        "CP932 として読むと、外字か制御文字（U+{code:04X}）になる文字があります。",
        "Read as CP932, a character is a user-defined or control character (U+{code:04X})."
    ))
    .line(line)
    .column(column)
    .hint(text!(
        "正しい文字コードを encoding に指定するか、外字を普通の文字に置き換えてください。",
        "Name the right encoding, or replace the user-defined character."
    )))
}

/// Kana, kanji, Japanese punctuation or full-width forms.
fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')
}

fn has_japanese(text: &str) -> bool {
    text.chars().any(is_japanese)
}

fn contradicts(label: &str, ja: &str, en: &str) -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "encoding に「{label}」が指定されていますが、ファイルは {ja} です。",
        "The encoding is given as \"{label}\", but the file is {en}."
    ))
    .hint(text!("encoding の指定を外すか、直してください。", "Leave the encoding out, or correct it."))
}

fn nul(line: usize) -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "NUL 文字が含まれています。UTF-16 か、表ではないバイナリファイルと思われます。",
        "There is a NUL character: this is probably UTF-16 or a binary file, not a table."
    ))
    .line(line)
    .hint(text!(
        "UTF-16 なら encoding に「utf-16」を指定してください。違うなら、CSV か .xlsx で書き出し直してください。",
        "If it is UTF-16, set the encoding to \"utf-16\"; otherwise export it again as CSV or .xlsx."
    ))
}

#[cfg(test)]
mod tests;
