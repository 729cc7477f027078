//! Files of answers.

use rust_xlsxwriter::Workbook;

use super::common::RESPONSES;
use super::{Case, case, in_study, responses, responses_in};

pub fn cases() -> Vec<Case> {
    let mut cases = content();
    cases.extend(encodings());
    cases.extend(workbooks());
    cases
}

fn content() -> Vec<Case> {
    vec![
        responses("空のファイル", ""),
        responses("空白と改行だけ", "\n \n,,\n"),
        responses("見出しだけ", "回答者ID,施設種別,Q1\n"),
        responses("ID の列がない", "番号,施設種別,Q1\n1,病院,補助金\n"),
        in_study("列名の書き間違い", "id = \"回答者ID\"", "id = \"回答者番号\""),
        responses("設問の列がない", "回答者ID,施設種別,自由記述\nA1,病院,補助金\n"),
        responses("属性の列がない", "回答者ID,施設,Q1\nA1,病院,補助金\n"),
        responses("同じ列が2つ", "回答者ID,施設種別,Q1,Q1\nA1,病院,補助金,研修\n"),
        in_study("ID と回答が同じ列", "id = \"Q1\"", "id = \"Q1\"\ncolumn = \"回答者ID\""),
        responses("同じ ID", "回答者ID,施設種別,Q1\nA1,病院,補助金\nA2,病院,研修\nA1,病院,補助金がほしい\n"),
        responses("ID が空", "回答者ID,施設種別,Q1\nA1,病院,補助金\n,病院,研修\n"),
        responses("どの行も使えない", "回答者ID,施設種別,Q1\n,病院,補助金\n,病院,研修\n"),
        responses("区分にない値", "回答者ID,施設種別,Q1\nA1,病院,補助金\nA2,診療所〔有床〕,研修\n"),
        responses("列の数が違う行", "回答者ID,施設種別,Q1\nA1,病院,補助金\nA2,病院\nA3,病院,研修,勉強\n"),
        responses("どの行も列の数が違う", "回答者ID,施設種別,Q1\nA1,病院,補助金,が,ほしい\n"),
        responses("引用符の閉じ忘れ", "回答者ID,施設種別,Q1\nA1,病院,\"補助金\nA2,病院,研修\n"),
        responses("引用符のあとの文字", "回答者ID,施設種別,Q1\nA1,病院,\"補助金\"が\nA2,病院,研修\n"),
        responses(
            "1千万文字のセル",
            format!("回答者ID,施設種別,Q1\nA1,病院,補助金\nA2,病院,{}\n", "あ".repeat(10_000_000)),
        ),
        responses("セミコロン区切り", "回答者ID;施設種別;Q1\nA1;病院;補助金\n"),
        in_study("2文字の区切り", "id = \"回答者ID\"", "id = \"回答者ID\"\ndelimiter = \", \""),
        in_study("見出しが0行", "id = \"回答者ID\"", "id = \"回答者ID\"\nheader_rows = 0"),
        responses("HTML", "<!DOCTYPE html><html><body>ログインしてください</body></html>"),
    ]
}

fn encodings() -> Vec<Case> {
    let cp932 = |text: &str| encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    let mut mixed = RESPONSES.as_bytes().to_vec();
    mixed.extend(cp932("A4,病院,研修がほしい\n"));
    let mut cut = RESPONSES.as_bytes().to_vec();
    cut.truncate(cut.len() - 6);
    vec![
        responses("UTF-8 と Shift_JIS が混ざる", mixed),
        responses("文字の途中で切れている", cut),
        responses("どの文字コードでもない", b"\xE5\x9B\xFF\xFE\x81\xAD\xFD,\xFD\n\xFF,\xA0\n"),
        responses("NUL 文字", "回答者ID,施設種別,Q1\nA1,病院,補助\0金\n"),
        in_study("違う encoding の指定", "id = \"回答者ID\"", "id = \"回答者ID\"\nencoding = \"cp932\""),
        in_study("知らない encoding の指定", "id = \"回答者ID\"", "id = \"回答者ID\"\nencoding = \"cp392\""),
        case("Shift_JIS に utf-8 の指定", move |folder| {
            folder.write("responses.csv", cp932(RESPONSES));
            folder.edit("study.toml", "id = \"回答者ID\"", "id = \"回答者ID\"\nencoding = \"utf-8\"");
        }),
    ]
}

fn workbooks() -> Vec<Case> {
    let mut truncated = workbook();
    truncated.truncate(truncated.len() / 2);
    let mut flipped = workbook();
    let middle = flipped.len() / 3;
    flipped[middle..middle + 64].fill(0x55);
    vec![
        responses_in("途中で切れた XLSX", "responses.xlsx", truncated),
        responses_in("壊れた XLSX", "responses.xlsx", flipped),
        responses_in("XLSX でない ZIP", "responses.xlsx", zip()),
        responses_in("パスワード付きの XLSX", "responses.xlsx", compound("EncryptedPackage")),
        responses_in("古い XLS", "responses.xls", compound("Workbook")),
        responses_in("名前だけ XLSX の CSV", "responses.xlsx", RESPONSES),
        responses_in("名前だけ CSV の XLSX", "responses2.csv", workbook()),
        case("シートがない", |folder| {
            folder.write("responses.xlsx", workbook());
            folder.edit("study.toml", "file = \"responses.csv\"", "file = \"responses.xlsx\"\nsheet = \"回答一覧\"");
        }),
        case("シートが空", |folder| {
            folder.write("responses.xlsx", workbook());
            folder.edit("study.toml", "file = \"responses.csv\"", "file = \"responses.xlsx\"\nsheet = \"メモ\"");
        }),
    ]
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("回答").unwrap();
    for (row, line) in RESPONSES.lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            sheet.write(row as u32, column as u16, cell).unwrap();
        }
    }
    book.add_worksheet().set_name("メモ").unwrap();
    book.save_to_buffer().unwrap()
}

fn zip() -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("responses.csv", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(RESPONSES.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

fn compound(name: &str) -> Vec<u8> {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(1024, 0);
    bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}
