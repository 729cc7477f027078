//! Character folding: entities, NFKC, case, dashes, invisible characters.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_compatible};

use super::edits::Edits;
use crate::span::Span;

/// Folds the characters of `original`.
///
/// Works on chunks that NFKC cannot join with their neighbours (a character and the
/// marks that combine with it), so that every piece has an exact origin.
pub(super) fn characters(original: &str) -> (String, Edits) {
    let mut out = String::with_capacity(original.len());
    let mut edits = Edits::default();
    let mut at = 0;
    while let Some(first) = original[at..].chars().next() {
        let end = plain_run(original, at);
        if end > at {
            out.push_str(&original[at..end]);
            at = end;
            continue;
        }
        let end = chunk_end(original, at, first);
        let start_out = out.len();
        fold_chunk(&original[at..end], &original[end..], &mut out);
        if out[start_out..] != original[at..end] {
            edits.push(Span::new(at, end), Span::new(start_out, out.len()));
        }
        at = end;
    }
    (out, edits)
}

/// The end of the run of characters that folding leaves alone.
fn plain_run(text: &str, from: usize) -> usize {
    let mut end = from;
    let mut last = from;
    for (offset, c) in text[from..].char_indices() {
        if !is_plain(c) {
            // A mark may join the character before it: leave that one to its chunk.
            return if visible(&text[end..]).next().is_some_and(|c| joins(c, &text[last..end])) { last } else { end };
        }
        last = from + offset;
        end = last + c.len_utf8();
    }
    end
}

/// Starters that no step changes and that never combine with what precedes them.
fn is_plain(c: char) -> bool {
    matches!(c,
        'a'..='z' | '0'..='9' | ' ' | '\n' | '.' | ',' | '(' | ')' | '/' | ':' | '!' | '?' | '%'
        | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FC}'
        | '\u{4E00}'..='\u{9FFF}' | '、' | '。' | '「' | '」' | '『' | '』' | '々' | '〜')
}

/// Whether NFKC may join `c` with `before`, the text of a chunk.
fn joins(c: char, before: &str) -> bool {
    let mut first = None;
    decompose_compatible(c, |part| {
        first.get_or_insert(part);
    });
    let Some(first) = first else { return false };
    // A chunk is folded here only at its end and for the few characters that join
    // though they are no marks: else a long row of marks would take its length squared.
    canonical_combining_class(first) != 0 || before.nfkc().last().is_some_and(|last| compose(last, first).is_some())
}

fn chunk_end(text: &str, at: usize, first: char) -> usize {
    if first == '&'
        && let Some((_, length)) = entity(&text[at..])
    {
        return at + length;
    }
    if text[at..].starts_with("\r\n") {
        return at + 2;
    }
    let mut end = at + first.len_utf8();
    if is_invisible(first) {
        return end + text[end..].find(|c| !is_invisible(c)).unwrap_or(text.len() - end);
    }
    let start = end;
    for (offset, c) in text[end..].char_indices().filter(|(_, c)| !is_invisible(*c)) {
        if is_plain(c) || !joins(c, &text[at..end]) {
            break;
        }
        end = start + offset + c.len_utf8();
    }
    end
}

/// Zero-width characters, direction marks, soft hyphens and variation selectors: they
/// say nothing, and a mark joins the character before them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
        | '\u{00AD}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn visible(text: &str) -> impl Iterator<Item = char> + Clone + '_ {
    text.chars().filter(|c| !is_invisible(*c))
}

fn fold_chunk(chunk: &str, rest: &str, out: &mut String) {
    if chunk == "\r\n" || chunk == "\r" {
        out.push('\n');
        return;
    }
    let decoded = entity(chunk).map(|(c, _)| c.to_string());
    // Small letters compose where capitals do not (J̌ → ǰ), hence NFKC again.
    for c in visible(decoded.as_deref().unwrap_or(chunk)).nfkc().flat_map(char::to_lowercase).nfkc() {
        match c {
            '~' | '∼' | '〜' | '〰' => out.push('〜'),
            '-' | '\u{2010}'..='\u{2015}' | '−' | '─' | '━' => {
                out.push(if is_long_vowel(out, rest) { 'ー' } else { '-' });
            }
            '\n' => out.push('\n'),
            c if c.is_whitespace() || c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}

/// A dash typed for the long-vowel mark: right behind katakana (サ－バ－), and not
/// the start of a rule (――) or of a number (システム-1).
fn is_long_vowel(before: &str, rest: &str) -> bool {
    let katakana = before.chars().next_back().is_some_and(|c| matches!(c, 'ァ'..='ヺ'));
    katakana
        && !rest.chars().next().is_some_and(|next| {
            matches!(next, '-' | '－' | '\u{2010}'..='\u{2015}' | '−' | '─' | '━')
                || next.nfkd().next().is_some_and(|c| c.is_ascii_alphanumeric())
        })
}

/// An HTML entity at the start of `text`, with its length: web forms leave them.
fn entity(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(10).position(|byte| byte == b';')?;
    let name = &body[..end];
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "hellip" => '…',
        "mdash" | "ndash" | "minus" => '-',
        "middot" => '・',
        "bull" => '•',
        "yen" => '¥',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "times" => '×',
        "rarr" => '→',
        "larr" => '←',
        "lsquo" | "rsquo" => '\'',
        "ldquo" | "rdquo" => '"',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, end + 2))
}
