//! Which encoding bytes without a mark are in, or why that cannot be told.

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use super::{Bad, Decoded, is_japanese, name, nul, refuse_odd_characters, strict};
use crate::diagnostic::{Diagnostic, Result};
use crate::text;

/// Tries UTF-16 by its NUL bytes, strict UTF-8, then strict CP932.
pub(super) fn detect(bytes: &[u8]) -> Result<Decoded<'_>> {
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        let Some(encoding) = utf16(bytes) else {
            return Err(nul(1 + super::line_ends(&String::from_utf8_lossy(&bytes[..at]))));
        };
        return read(encoding, bytes);
    }
    let bad = match strict(UTF_8, bytes, 0) {
        // ISO-2022-JP is made of ASCII bytes and would pass for UTF-8.
        Ok(_) if bytes.is_ascii() && bytes.windows(2).any(|pair| pair == b"\x1b$") => return read(ISO_2022_JP, bytes),
        Ok(text) => return Ok(Decoded { text, encoding: name(UTF_8) }),
        Err(bad) => bad,
    };
    refuse_cut(bytes, bad)?;
    refuse_mixture(bytes, bad)?;
    match (strict(SHIFT_JIS, bytes, 0), strict(EUC_JP, bytes, 0)) {
        (Ok(text), Err(_)) => {
            refuse_odd_characters(&text)?;
            Ok(Decoded { text, encoding: name(SHIFT_JIS) })
        }
        (Ok(_), Ok(_)) => Err(Diagnostic::error(text!(
            "CP932 とも EUC-JP とも読めるため、文字コードを決められません。",
            "The file reads as CP932 and as EUC-JP alike."
        ))
        .hint(text!(
            "encoding に「cp932」か「euc-jp」を指定してください。",
            "Set the encoding to \"cp932\" or \"euc-jp\"."
        ))),
        (Err(_), Ok(_)) => Err(Diagnostic::error(text!("EUC-JP のファイルと思われます。", "This looks like EUC-JP."))
            .hint(text!(
                "encoding に「euc-jp」を指定するか、UTF-8 で保存し直してください。",
                "Set the encoding to \"euc-jp\", or save the file as UTF-8."
            ))),
        (Err(cp932), Err(_)) => Err(neither(bad, cp932)),
    }
}

fn read<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Result<Decoded<'b>> {
    let text = strict(encoding, bytes, 0).map_err(Bad::error)?;
    Ok(Decoded { text, encoding: name(encoding) })
}

/// The encoding that got further is the likelier one, so its place is shown.
fn neither(utf8: Bad, cp932: Bad) -> Box<Diagnostic> {
    let further = if utf8.offset > cp932.offset { utf8 } else { cp932 };
    further.said_of("UTF-8 とも CP932 とも", "UTF-8 or CP932").hint(text!(
        "その箇所の文字が壊れていないか確かめるか、正しい文字コードを encoding に指定してください。",
        "Check whether the text is damaged there, or name the right encoding."
    ))
}

/// UTF-16 without a mark, told by the NUL in every delimiter, digit and line end.
///
/// A stray NUL in another encoding must not turn the file into random kanji: the
/// NULs have to be many and in one place of the pair, the text free of controls,
/// and the bytes no UTF-8.
pub(super) fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let nuls = |parity: usize| bytes.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (first, second) = (nuls(0), nuls(1));
    let (encoding, hits, misses) = if second > first { (UTF_16LE, second, first) } else { (UTF_16BE, first, second) };
    let units = bytes.len() / 2;
    // U+3000, U+4E00 and their like have a NUL on the other side.
    if hits < 2 || misses * 4 > hits * 3 || hits * 100 < units {
        return None;
    }
    let text = strict(encoding, bytes, 0).ok()?;
    let odd = |c: char| (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{E000}'..='\u{F8FF}');
    let lines_lost = bytes.contains(&b'\n') && !text.contains(['\n', '\r']);
    if text.contains(odd) || lines_lost {
        return None;
    }
    if bytes.is_ascii() {
        let kana = text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30FF}')).count();
        return (hits * 5 >= units || kana * 10 >= units).then_some(encoding);
    }
    std::str::from_utf8(bytes).is_err().then_some(encoding)
}

/// UTF-8 whose last character is not whole: a copy or download that broke off.
fn refuse_cut(bytes: &[u8], bad: Bad) -> Result<()> {
    let Err(error) = std::str::from_utf8(bytes) else { return Ok(()) };
    let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
    // A few words of CP932 can pass for UTF-8 by chance.
    if error.error_len().is_some() || before.chars().filter(|&c| is_japanese(c)).count() < 8 {
        return Ok(());
    }
    Err(Diagnostic::error(text!(
        "ファイルが文字の途中で切れています。",
        "The file breaks off in the middle of a character."
    ))
    .line(bad.line)
    .column(bad.column)
    .hint(text!("コピーやダウンロードをやり直してください。", "Copy or download it again.")))
}

/// A line as UTF-8 sees it.
#[derive(PartialEq)]
enum Line {
    /// Wholly UTF-8, with Japanese in it.
    Clean,
    /// Mostly UTF-8, with bytes that do not belong.
    Damaged,
    /// Not UTF-8.
    Other,
}

fn classify(line: &[u8]) -> Option<Line> {
    let (mut japanese, mut invalid) = (0, 0);
    for chunk in line.utf8_chunks() {
        japanese += chunk.valid().chars().filter(|&c| is_japanese(c)).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    match (japanese, invalid) {
        (0, 0) => None,
        (1..=2, 0) if reads_as_cp932(line) => Some(Line::Other),
        (_, 0) => Some(Line::Clean),
        _ if japanese > 2 * invalid => Some(Line::Damaged),
        _ => Some(Line::Other),
    }
}

/// A few words such as 辣腕 are, in CP932, also the UTF-8 of some rare kanji; real
/// UTF-8 read as CP932 fails or shows half-width kana.
fn reads_as_cp932(line: &[u8]) -> bool {
    strict(SHIFT_JIS, line, 0).is_ok_and(|text| !text.contains(|c| matches!(c, '\u{FF61}'..='\u{FF9F}')))
}

/// A file of which some lines are UTF-8 and some are not: decoding it as CP932
/// would succeed and turn the UTF-8 lines into mojibake.
fn refuse_mixture(bytes: &[u8], bad: Bad) -> Result<()> {
    let lines: Vec<(usize, Line)> = bytes
        .split(|&byte| byte == b'\n')
        .enumerate()
        .filter_map(|(at, line)| Some((at + 1, classify(line)?)))
        .collect();
    let other = lines.iter().filter(|(_, line)| *line == Line::Other).count();
    let utf8 = lines.len() - other;
    if utf8 == 0 {
        return Ok(());
    }
    if utf8 < other {
        let line = lines.iter().find(|(_, line)| *line != Line::Other).map_or(1, |(at, _)| *at);
        return Err(Diagnostic::error(text!(
            "文字コードが混ざっています。この行だけ（またはほかにも数行）UTF-8 のようです。",
            "The encodings are mixed: this line (and perhaps others) looks like UTF-8."
        ))
        .line(line)
        .hint(text!(
            "ほかのファイルから貼り付けた行を入れ直し、全体を UTF-8 で保存してください。全体が CP932 なら encoding に「cp932」を指定してください。",
            "Put in the pasted lines again and save the whole as UTF-8; if all of it is CP932, set the encoding to \"cp932\"."
        )));
    }
    // The first line that is no UTF-8 is where the strict decoder stopped.
    if lines.iter().any(|(at, line)| *at == bad.line && *line == Line::Damaged) {
        return Err(bad.error());
    }
    Err(Diagnostic::error(text!(
        "文字コードが混ざっています。ほとんどの行は UTF-8 ですが、この行は違います。",
        "The encodings are mixed: most lines are UTF-8, but this one is not."
    ))
    .line(bad.line)
    .column(bad.column)
    .hint(text!(
        "ほかのファイルから貼り付けた行を入れ直し、全体を UTF-8 で保存してください。",
        "Put in the pasted lines again and save the whole as UTF-8."
    )))
}
