use encoding_rs::EUC_JP;

use super::*;
use crate::diagnostic::Lang;

fn encoding_of(bytes: &[u8], label: Option<&str>) -> std::result::Result<&'static str, String> {
    decode(bytes, label).map(|decoded| decoded.encoding).map_err(|error| error.render(Lang::Ja))
}

fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn cp932(text: &str) -> Vec<u8> {
    SHIFT_JIS.encode(text).0.into_owned()
}

#[test]
fn the_usual_encodings_are_told_apart() {
    let text = "番号,回答\n1,以上「不要」です　一万円\n";
    assert_eq!(encoding_of(text.as_bytes(), None), Ok("UTF-8"));
    assert_eq!(encoding_of(b"id,a\n1,2\n", None), Ok("UTF-8"));
    assert_eq!(encoding_of(&utf16le(text), None), Ok("UTF-16LE"));
    assert_eq!(encoding_of(&utf16le("id,a\n1,b\n"), None), Ok("UTF-16LE"));
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(encoding_of(&big, None), Ok("UTF-16BE"));
    assert_eq!(encoding_of(&big, Some("utf-16")), Ok("UTF-16BE"));
    assert_eq!(encoding_of(&cp932(text), None), Ok("CP932"));
    assert_eq!(encoding_of(&cp932(text), Some("Windows-31J")), Ok("CP932"));
    let (jis, ..) = encoding_rs::ISO_2022_JP.encode(text);
    assert_eq!(encoding_of(&jis, None), Ok("ISO-2022-JP"));
}

#[test]
fn euc_jp_is_never_taken_for_half_width_kana() {
    let (euc, ..) = EUC_JP.encode("番号,回答\n1,あいうえお\n");
    let error = encoding_of(&euc, None).expect_err("must be refused");
    assert!(error.contains("euc-jp"), "{error}");
    assert_eq!(encoding_of(&euc, Some("euc-jp")), Ok("EUC-JP"));
}

#[test]
fn a_stray_nul_does_not_make_utf_16() {
    assert!(encoding_of(b"id,answer\n1,ab\0c\n2,defg\n\n", None).is_err());
    assert!(encoding_of("番号,回答\n1,あ\0いうう\n".as_bytes(), None).is_err());
    assert!(encoding_of(b"id,a\0\0\0\n1,b\0\0\0\n", None).is_err());
}

#[test]
fn user_defined_characters_are_refused() {
    let mut bytes = cp932("番号,名前\n1,髙");
    bytes.extend(b"\xF0\x40\n");
    let error = encoding_of(&bytes, None).expect_err("gaiji");
    assert!(error.contains("U+E000") && error.contains("2行 4列"), "{error}");
}

#[test]
fn one_damaged_character_does_not_turn_utf_8_into_mojibake() {
    let mut bytes = "番号,回答です".as_bytes().to_vec();
    bytes.extend(b"\xE3\x81\n");
    let error = encoding_of(&bytes, None).expect_err("cut short");
    assert!(error.contains("UTF-8 として読めない"), "{error}");
}

#[test]
fn a_few_utf_8_lines_in_cp932_are_refused() {
    let mut bytes = cp932("番号,回答\n1,予算が足りない\n2,人手が足りない\n");
    bytes.extend("3,研修をしたい\n".as_bytes());
    let error = encoding_of(&bytes, None).expect_err("mixed");
    assert!(error.contains("4行"), "{error}");
}

#[test]
fn words_that_are_also_utf_8_do_not_spoil_a_cp932_file() {
    assert!(std::str::from_utf8(&cp932("辣腕")).is_ok());
    assert_eq!(encoding_of(&cp932("番号,回答\n1,予算が足りない\n2,辣腕\n"), None), Ok("CP932"));
}

#[test]
fn a_wrong_label_is_refused_even_where_it_would_decode() {
    let text = "番号,回答\n1,予算が足りない\n";
    for label in ["cp932", "utf-16", "euc-jp"] {
        assert!(encoding_of(text.as_bytes(), Some(label)).is_err(), "{label}");
    }
    assert!(encoding_of(&cp932(text), Some("utf-16")).is_err());
    let marked = format!("\u{FEFF}{text}");
    assert!(encoding_of(marked.as_bytes(), Some("cp932")).is_err());
    assert_eq!(encoding_of(marked.as_bytes(), Some("utf_8")), Ok("UTF-8 (BOM)"));
}
