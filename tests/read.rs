//! Files as people have them, and the exact words with which a broken one is refused.

use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use aftercode::diagnostic::{Lang, Severity};
use aftercode::read::{Format, Options, Table, table};
use encoding_rs::SHIFT_JIS;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn file(dir: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    fs::write(&path, bytes).expect("written");
    path
}

fn said(dir: &TempDir, text: &str) -> String {
    text.replace(&format!("{}/", dir.path().display()), "")
}

/// The message with which `path` is refused, without the temporary folder.
fn refusal(dir: &TempDir, path: &Path, options: &Options) -> String {
    let error = table(path, options).expect_err("must be refused");
    assert_eq!(error.severity, Severity::Error);
    assert!(error.hint.is_some(), "every message tells the next step");
    let english = error.render(Lang::En);
    assert!(english.is_ascii() || !english.contains('。'), "{english}");
    said(dir, &error.render(Lang::Ja))
}

fn refused(name: &str, bytes: &[u8]) -> String {
    refused_with(name, bytes, &Options::default())
}

fn refused_with(name: &str, bytes: &[u8], options: &Options) -> String {
    let dir = folder();
    let path = file(&dir, name, bytes);
    refusal(&dir, &path, options)
}

fn read_with(name: &str, bytes: &[u8], options: &Options) -> Table {
    let dir = folder();
    let path = file(&dir, name, bytes);
    table(&path, options).unwrap_or_else(|error| panic!("{}", error.render(Lang::Ja)))
}

fn read(name: &str, bytes: &[u8]) -> Table {
    read_with(name, bytes, &Options::default())
}

fn notes(table: &Table) -> Vec<String> {
    let folder = table.source.path.parent().map(|path| format!("{}/", path.display())).unwrap_or_default();
    table.notes.iter().map(|note| note.render(Lang::Ja).replace(&folder, "")).collect()
}

fn cells(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

fn lines(table: &Table) -> Vec<usize> {
    table.rows.iter().map(|row| row.line).collect()
}

fn encoding(label: &str) -> Options {
    Options { encoding: Some(label.into()), ..Options::default() }
}

fn sheet(name: &str) -> Options {
    Options { sheet: Some(name.into()), ..Options::default() }
}

fn workbook(build: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    build(&mut book);
    book.save_to_buffer().expect("a workbook")
}

fn zip_of(names: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in names {
        writer.start_file(*name, SimpleFileOptions::default()).expect("started");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

fn compound(name: &str) -> Vec<u8> {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(1024, 0);
    bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

// ---- one table, many formats -------------------------------------------------

const STUDY: [[&str; 3]; 4] = [
    ["回答者ID", "施設種別", "自由記述"],
    ["001", "病院（①）", "予算が足りない。\n㈱サイバーに委託、年２回～３回"],
    ["002", "診療所", "ｾｷｭﾘﾃｨ担当がいない, \"兼任\"です"],
    ["003", "－", "特になし"],
];

fn study_csv(line_end: &str) -> String {
    let mut out = String::new();
    for row in STUDY {
        let quoted = row.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"").replace('\n', line_end)));
        out.push_str(&quoted.join(","));
        out.push_str(line_end);
    }
    out
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn one_table_reads_equal_from_every_format() {
    let text = study_csv("\r\n");
    let marked = format!("\u{FEFF}{text}");
    let (cp932, _, lossy) = SHIFT_JIS.encode(&text);
    assert!(!lossy);
    let xlsx = workbook(|book| {
        let sheet = book.add_worksheet();
        for (row, cells) in STUDY.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet.write(row as u32, column as u16, *cell).expect("written");
            }
        }
    });
    let files = [
        ("a.csv", text.clone().into_bytes(), Some("UTF-8")),
        ("lf.csv", study_csv("\n").into_bytes(), Some("UTF-8")),
        ("a.tsv", text.replace("\",\"", "\"\t\"").into_bytes(), Some("UTF-8")),
        ("a.txt", text.replace("\",\"", "\"\t\"").into_bytes(), Some("UTF-8")),
        ("b.csv", marked.clone().into_bytes(), Some("UTF-8 (BOM)")),
        ("c.csv", utf16(&marked, u16::to_le_bytes), Some("UTF-16LE")),
        ("d.csv", utf16(&marked, u16::to_be_bytes), Some("UTF-16BE")),
        ("e.csv", utf16(&text, u16::to_le_bytes), Some("UTF-16LE")),
        ("f.csv", utf16(&text, u16::to_be_bytes), Some("UTF-16BE")),
        ("g.csv", cp932.into_owned(), Some("CP932")),
        ("h.xlsx", xlsx, None),
    ];
    for (name, bytes, encoding) in files {
        let table = read(name, &bytes);
        assert_eq!(table.columns, STUDY[0], "{name}");
        assert_eq!(cells(&table), STUDY[1..].iter().map(|row| row.to_vec()).collect::<Vec<_>>(), "{name}");
        assert_eq!(table.source.encoding.as_deref(), encoding, "{name}");
        assert_eq!(table.source.rows_read, 3, "{name}");
        assert_eq!(table.notes, [], "{name}");
        let expected = if name.ends_with("xlsx") { vec![2, 3, 4] } else { vec![2, 4, 5] };
        assert_eq!(lines(&table), expected, "{name}");
    }
}

#[test]
fn the_bytes_of_the_wave_dash_and_the_minus_are_read_as_windows_reads_them() {
    let table = read("a.csv", b"id,t\n1,\x81\x60\x81\x7C\n");
    assert_eq!(cells(&table), [["1", "～－"]]);
    // UTF-8 keeps what was typed; folding them together is normalization.
    assert_eq!(cells(&read("a.csv", "id,t\n1,〜−\n".as_bytes())), [["1", "〜−"]]);
}

#[test]
fn the_source_says_what_was_read() {
    let table = read("a.tsv", b"id\tt\n1\tx\n");
    assert_eq!(table.source.format, Format::Tsv);
    assert_eq!(table.source.sha256, "de90daaa98f5a5facfbc884e31fd69dec1b60be5ab2e0dee857b50dcd37d99be");
}

// ---- refusals: files ----------------------------------------------------------

#[test]
fn a_missing_file() {
    let dir = folder();
    assert_eq!(
        refusal(&dir, &dir.path().join("無い.csv"), &Options::default()),
        "エラー: ファイルが見つかりません。\n  --> 無い.csv\n  → パスとファイル名を確かめてください。"
    );
}

#[test]
fn a_folder() {
    let dir = folder();
    fs::create_dir(dir.path().join("回答.csv")).expect("created");
    assert_eq!(
        refusal(&dir, &dir.path().join("回答.csv"), &Options::default()),
        "エラー: ファイルではなくフォルダーです。\n  --> 回答.csv\n  → 中のファイルを指定してください。"
    );
}

#[test]
fn an_empty_file() {
    let expected = "エラー: ファイルが空です。\n  --> a.csv\n  → データの入ったファイルかどうか確かめ、必要なら書き出し直してください。";
    assert_eq!(refused("a.csv", b""), expected);
    assert_eq!(refused("a.csv", b"\xEF\xBB\xBF"), expected);
    assert_eq!(refused("a.csv", b"\r\n,,\r\n"), expected);
}

#[test]
fn a_header_alone() {
    assert_eq!(
        refused("a.csv", b"id,a\n"),
        "エラー: 見出しだけで、データの行がありません。\n  --> a.csv\n  → 書き出しの条件と、見出しの行数（今は 1 行）を確かめてください。"
    );
}

#[test]
fn a_file_over_two_gibibytes() {
    let dir = folder();
    let path = dir.path().join("a.csv");
    File::create(&path).and_then(|file| file.set_len((2 << 30) + 1)).expect("a sparse file");
    assert_eq!(
        refusal(&dir, &path, &Options::default()),
        "エラー: ファイルが大きすぎます（2 GiB まで）。\n  --> a.csv\n  → ファイルを分けて、一つずつ読み込んでください。"
    );
}

#[test]
fn no_header_rows() {
    assert_eq!(
        refused_with("a.csv", b"a\n1\n", &Options { header_rows: 0, ..Options::default() }),
        "エラー: 見出しの行数が 0 になっています。\n  --> a.csv\n  → header_rows は 1 以上にしてください。"
    );
}

// ---- refusals: encodings ------------------------------------------------------

#[test]
fn undecodable_bytes() {
    assert_eq!(
        refused("a.csv", b"id,a\n1,ab\xFFc\n"),
        "エラー: UTF-8 とも CP932 とも読めないバイトがあります（先頭から 10 バイト目、0xFF）。\n  --> a.csv 2行 5列\n  → その箇所の文字が壊れていないか確かめるか、正しい文字コードを encoding に指定してください。"
    );
}

#[test]
fn lines_pasted_from_another_encoding() {
    let mut bytes = "番号,回答\n1,予算が足りない\n2,".as_bytes().to_vec();
    bytes.extend(SHIFT_JIS.encode("人手が足りない\n").0.iter());
    bytes.extend("3,研修をしたい\n".as_bytes());
    assert_eq!(
        refused("a.csv", &bytes),
        "エラー: 文字コードが混ざっています。ほとんどの行は UTF-8 ですが、この行は違います。\n  --> a.csv 3行 3列\n  → ほかのファイルから貼り付けた行を入れ直し、全体を UTF-8 で保存してください。"
    );
}

#[test]
fn nul_characters() {
    assert_eq!(
        refused("a.csv", b"id,a\n1,b\n2,c\0d\n"),
        "エラー: NUL 文字が含まれています。UTF-16 か、表ではないバイナリファイルと思われます。\n  --> a.csv 3行\n  → UTF-16 なら encoding に「utf-16」を指定してください。違うなら、CSV か .xlsx で書き出し直してください。"
    );
}

#[test]
fn an_unknown_label() {
    assert_eq!(
        refused_with("a.csv", b"id\n1\n", &encoding("cp923")),
        "エラー: encoding の「cp923」という文字コードは使えません。\n  --> a.csv\n  → 「cp932」のことでしょうか。"
    );
}

#[test]
fn a_wrong_label() {
    assert_eq!(
        refused_with("a.csv", &SHIFT_JIS.encode("番号,回答\n1,はい\n").0, &encoding("utf-8")),
        "エラー: UTF-8 として読めないバイトがあります（先頭から 1 バイト目、0x94）。\n  --> a.csv 1行 1列\n  → 正しい文字コードを encoding に指定するか、UTF-8 で保存し直してください。"
    );
    assert_eq!(
        refused_with("a.csv", "番号,回答\n1,はい\n".as_bytes(), &encoding("Shift_JIS")),
        "エラー: encoding に「Shift_JIS」が指定されていますが、ファイルは UTF-8 です。\n  --> a.csv\n  → encoding の指定を外すか、直してください。"
    );
}

// ---- refusals: what a file is -------------------------------------------------

#[test]
fn an_old_excel_file_and_one_with_a_password() {
    for name in ["a.xlsx", "a.xls", "a.csv"] {
        assert_eq!(
            refused(name, &compound("Workbook")),
            format!(
                "エラー: 古い形式の Excel ファイル（.xls）です。\n  --> {name}\n  → Excel で開き、「Excel ブック（.xlsx）」として保存し直してください。"
            )
        );
        assert_eq!(
            refused(name, &compound("EncryptedPackage")),
            format!(
                "エラー: パスワードのかかった Excel ファイルです。\n  --> {name}\n  → Excel で開いてパスワードを外し、.xlsx として保存し直してください。"
            )
        );
    }
}

#[test]
fn a_sheet_with_impossible_cells() {
    for (first, second) in [("XFE1", "A2"), ("ZZZZZZZZ1", "A2"), ("A1048577", "A2"), ("A1", "A1")] {
        let rows = format!(r#"<row><c r="{first}"><v>1</v></c></row><row><c r="{second}"><v>2</v></c></row>"#);
        assert_eq!(
            refused("a.xlsx", &bare_book(&sheet_xml(&rows))),
            "エラー: Excel ファイルが壊れているか、途中で切れています。\n  --> a.xlsx\n  → コピーやダウンロードをやり直すか、Excel で開いて .xlsx として保存し直してください。",
            "{first}"
        );
    }
}

fn small_book() -> Vec<u8> {
    workbook(|book| {
        let sheet = book.add_worksheet().set_name("回答").expect("named");
        sheet.write(0, 0, "id").expect("written");
        sheet.write(1, 0, 1).expect("written");
        book.add_worksheet().set_name("メモ").expect("named");
    })
}

#[test]
fn a_name_that_contradicts_the_content() {
    assert_eq!(
        refused("a.csv", &small_book()),
        "エラー: 拡張子は .csv ですが、中身は Excel（.xlsx）のファイルです。\n  --> a.csv\n  → 拡張子を .xlsx に変えて指定してください。"
    );
    assert_eq!(
        refused("a.xlsx", "番号\n1\n".as_bytes()),
        "エラー: 拡張子は .xlsx ですが、中身は CSV などのテキストです。\n  --> a.xlsx\n  → 拡張子を .csv（タブ区切りなら .tsv）に変えて指定してください。"
    );
    assert_eq!(
        refused("a.xlsx", b"\x00\x01\x02\xFF"),
        "エラー: Excel（.xlsx）のファイルとして読めません。壊れているか、別の形式です。\n  --> a.xlsx\n  → 元のファイルを Excel で開けるか確かめ、.xlsx として保存し直してください。"
    );
    assert_eq!(
        refused("a.xls", b"<html><table>"),
        "エラー: 中身は表のファイルではなく HTML（ウェブページ）です。\n  --> a.xls\n  → Excel で開き、.xlsx として保存し直してください。"
    );
}

#[test]
fn a_zip_that_is_no_workbook() {
    let expected = "エラー: ZIP ファイルですが、Excel（.xlsx）のファイルではありません。\n  --> a.xlsx\n  → 圧縮されているなら展開して、中の表のファイルを指定してください。";
    assert_eq!(refused("a.xlsx", &zip_of(&[("回答.csv", b"id\n1\n")])), expected);
    assert_eq!(refused("a.xlsx", &zip_of(&[])), expected);
    assert_eq!(
        refused("a.xlsx", &zip_of(&[("mimetype", b""), ("content.xml", b"")])),
        "エラー: 中身は OpenDocument（.ods など）のファイルです。\n  --> a.xlsx\n  → Excel などで開き、.xlsx として保存し直してください。"
    );
}

#[test]
fn a_truncated_or_damaged_workbook() {
    let expected = "エラー: Excel ファイルが壊れているか、途中で切れています。\n  --> a.xlsx\n  → コピーやダウンロードをやり直すか、Excel で開いて .xlsx として保存し直してください。";
    let bytes = small_book();
    for length in [10, bytes.len() / 2, bytes.len() - 10] {
        assert_eq!(refused("a.xlsx", &bytes[..length]), expected);
    }
    assert_eq!(refused("a.xlsx", &zip_of(&[("xl/workbook.xml", b"<nonsense")])), expected);
}

#[test]
fn an_archive_that_unpacks_to_too_much() {
    let zeros = vec![0; 30_000_000];
    assert_eq!(
        refused("a.xlsx", &zip_of(&[("xl/workbook.xml", &zeros)])),
        "エラー: 展開すると大きくなりすぎる Excel ファイルなので、開きませんでした。\n  --> a.xlsx\n  → 要らないシートや書式を消して保存し直すか、CSV で書き出してください。"
    );
}

#[test]
fn a_missing_sheet_and_an_empty_one() {
    assert_eq!(
        refused_with("a.xlsx", &small_book(), &sheet("回答者")),
        "エラー: シート「回答者」がありません。\n  --> a.xlsx\n  → 「回答」のことでしょうか。あるシート: 「回答」「メモ」"
    );
    assert_eq!(
        refused_with("a.xlsx", &small_book(), &sheet("メモ")),
        "エラー: シート「メモ」は空です。\n  --> a.xlsx\n  → データのあるシートを sheet に指定してください（ほかに「回答」）。"
    );
}

// ---- refusals and notes: rows -------------------------------------------------

#[test]
fn an_unclosed_quote_and_text_after_one() {
    assert_eq!(
        refused("a.csv", b"id,a\n1,b\n2,\"c\n3,d\n"),
        "エラー: ここで開いた引用符（\"）が、ファイルの終わりまで閉じていません。\n  --> a.csv 3行 3列\n  → 閉じる引用符を補ってください。文字としての引用符は \"\" と重ねます。"
    );
    assert_eq!(
        refused("a.csv", b"id,a\n1,\"abc\"def\n"),
        "エラー: 閉じた引用符（\"）のあとに文字が続いています。\n  --> a.csv 2行 8列\n  → 区切り文字の抜けを直すか、文字としての引用符を \"\" と重ねてください。"
    );
}

#[test]
fn ragged_rows_are_left_out_and_told() {
    let table = read("a.csv", b"id,a,b\n1,x,y\n2,x\n3,x,y,z\n4,x,y,\n\n5,x,y\n,,\n");
    assert_eq!(cells(&table), [["1", "x", "y"], ["4", "x", "y"], ["5", "x", "y"]]);
    assert_eq!(lines(&table), [2, 5, 7]);
    assert_eq!(table.source.rows_read, 5);
    assert_eq!(
        notes(&table),
        [
            "お知らせ: 空の行を 2 行、読み飛ばしました。\n  --> a.csv",
            "お知らせ: 見出しより右に空のセルがある行が 1 行ありましたが、そのまま読みました。\n  --> a.csv",
            "除外: セルが見出しより少ないため、この行を除きました（見出し 3 列、この行 2 列）。\n  --> a.csv 3行\n  → 区切り文字や引用符の過不足を直してください。",
            "除外: セルが見出しより多いため、この行を除きました（見出し 3 列、この行 4 列）。\n  --> a.csv 4行\n  → 区切り文字や引用符の過不足を直してください。",
        ]
    );
}

#[test]
fn rows_none_of_which_fits() {
    assert_eq!(
        refused("a.csv", b"id,a\n1\n2\n"),
        "エラー: データの行が 2 行ありますが、使える行がありません。\n  --> a.csv 2行\n  → 最初の行の理由: セルが見出しより少ないため、この行を除きました（見出し 2 列、この行 1 列）。区切り文字や引用符の過不足を直してください。"
    );
}

#[test]
fn an_oversize_cell_costs_its_row() {
    let long = "あ".repeat(1_000_001);
    let fits = "あ".repeat(1_000_000);
    let table = read("a.csv", format!("id,a\n1,{long}\n2,{fits}\n").as_bytes());
    assert_eq!(lines(&table), [3]);
    assert_eq!(
        notes(&table),
        [
            "除外: 100万文字を超えるセルがあるため、この行を除きました。\n  --> a.csv 2行 2列\n  → 引用符の閉じ忘れで後の行まで取り込んでいないか確かめてください。"
        ]
    );
}

#[test]
fn doubts_are_told() {
    let table = read("a.csv", "id;a\n1;x\u{FFFD}\n".as_bytes());
    assert_eq!(
        notes(&table),
        [
            "注意: 見出しが 1 列だけで、別の区切り文字が含まれています。\n  --> a.csv 1行\n  → 区切り文字の指定（delimiter）を確かめてください。",
            "注意: 文字化けの跡（U+FFFD）が 1 文字あります。\n  --> a.csv 2行\n  → 元のデータから書き出し直してください。",
        ]
    );
    let semicolon = Options { delimiter: Some(';'), ..Options::default() };
    assert_eq!(cells(&read_with("a.csv", b"id;a\n1;x\n", &semicolon)), [["1", "x"]]);
}

// ---- columns ------------------------------------------------------------------

fn column_refusal(table: &Table, name: &str) -> String {
    let folder = table.source.path.parent().map(|path| format!("{}/", path.display())).unwrap_or_default();
    table.column(name).expect_err("must be refused").render(Lang::Ja).replace(&folder, "")
}

#[test]
fn columns_by_name() {
    let table = read("a.csv", "回答者ＩＤ,施設種別,自由記述,施設種別,\n1,2,3,4,5\n".as_bytes());
    assert_eq!(table.column("自由記述"), Ok(2));
    assert_eq!(table.column("回答者 id"), Ok(0));
    assert_eq!(
        column_refusal(&table, "自由記載"),
        "エラー: 列「自由記載」がありません。\n  --> a.csv\n  → 「自由記述」のことでしょうか。"
    );
    assert_eq!(
        column_refusal(&table, "施設種別"),
        "エラー: 列「施設種別」に当てはまる列が複数あります（2列目、4列目）。\n  --> a.csv\n  → 見出しを、それぞれ違う名前に変えてください。"
    );
    assert!(table.column("").is_err());
}

#[test]
fn several_header_rows_are_joined() {
    let two = Options { header_rows: 2, ..Options::default() };
    let table = read_with("a.csv", "番号,問1,\n,満足度,理由\n1,5,よい\n".as_bytes(), &two);
    // In a text file nothing says that 問1 spans two columns.
    assert_eq!(table.columns, ["番号", "問1 / 満足度", "理由"]);
    assert_eq!((table.column("満足度"), table.column("問1 / 満足度"), lines(&table)), (Ok(1), Ok(1), vec![3]));

    let bytes = workbook(|book| {
        let sheet = book.add_worksheet();
        let plain = Style::new();
        sheet.write(2, 1, "番号").expect("written");
        sheet.merge_range(2, 2, 2, 3, "問1", &plain).expect("merged");
        sheet.write(3, 2, "満足度").expect("written");
        sheet.write(3, 3, "理由").expect("written");
        sheet.write(4, 1, 1).expect("written");
        sheet.merge_range(5, 1, 6, 1, "2", &plain).expect("merged");
        sheet.write(6, 3, "よい").expect("written");
    });
    let table = read_with("a.xlsx", &bytes, &two);
    assert_eq!(table.columns, ["番号", "問1 / 満足度", "問1 / 理由"]);
    assert_eq!(lines(&table), [5, 6, 7]);
    assert_eq!(
        column_refusal(&table, "問1"),
        "エラー: 列「問1」に当てはまる列が複数あります（3列目、4列目）。\n  --> a.xlsx\n  → 見出しを、それぞれ違う名前に変えてください。"
    );
    assert_eq!(
        notes(&table),
        [
            "注意: データの行に結合セルが 1 個あります。値は左上のセルにだけ入り、ほかは空です。\n  --> a.xlsx 6行\n  → 結合を解除し、それぞれのセルに値を入れてください。"
        ]
    );
}

// ---- sheets -------------------------------------------------------------------

#[test]
fn cells_are_read_as_a_reader_sees_them() {
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet();
        for (column, name) in ["整数", "桁", "率", "小数", "真偽", "日", "日時", "時間", "式"].iter().enumerate()
        {
            sheet.write(0, column as u16, *name).expect("written");
        }
        let style = |format: &str| Style::new().set_num_format(format);
        sheet.write(1, 0, 1_000_000_000_000_000_f64).expect("written");
        sheet.write_with_format(1, 1, 7, &style("000")).expect("written");
        sheet.write_with_format(1, 2, 0.125, &style("0.0%")).expect("written");
        sheet.write(1, 3, 0.1).expect("written");
        sheet.write(1, 4, true).expect("written");
        let moment = ExcelDateTime::parse_from_str("2025-08-01 09:30:00").expect("a date");
        let day = ExcelDateTime::parse_from_str("2025-08-01").expect("a date");
        sheet.write_with_format(1, 5, &day, &style("yyyy\"年\"m\"月\"d\"日\"")).expect("written");
        sheet.write_with_format(1, 6, &moment, &style("yyyy/m/d h:mm")).expect("written");
        sheet.write_with_format(1, 7, 1.25, &style("[h]:mm:ss")).expect("written");
        sheet.write(1, 8, Formula::new("=1+2").set_result("3")).expect("written");
        sheet.write(3, 0, Formula::new("=NA()").set_result("#N/A")).expect("written");
        sheet.write(3, 3, "CR\r\nLF").expect("written");
    });
    let table = read("a.xlsx", &bytes);
    assert_eq!(
        cells(&table),
        [
            ["1000000000000000", "007", "12.5%", "0.1", "TRUE", "2025-08-01", "2025-08-01 09:30:00", "30:00:00", "3"],
            ["#N/A", "", "", "CR\nLF", "", "", "", "", ""],
        ]
    );
    assert_eq!(lines(&table), [2, 4]);
    assert_eq!(table.source.sheet.as_deref(), Some("Sheet1"));
    assert_eq!(
        notes(&table),
        [
            "注意: エラー値 #N/A を、そのまま文字として読みました。\n  --> a.xlsx 4行 1列\n  → Excel で数式か値を直してください。",
            "お知らせ: 空の行を 1 行、読み飛ばしました。\n  --> a.xlsx",
        ]
    );
}

#[test]
fn the_choice_of_a_sheet_is_told() {
    let table = read("a.xlsx", &small_book());
    assert_eq!(
        notes(&table),
        [
            "お知らせ: 最初のシート「回答」を読みました（ほかに「メモ」）。\n  --> a.xlsx\n  → 別のシートなら、sheet に名前を指定してください。"
        ]
    );
    assert_eq!(read_with("a.xlsx", &small_book(), &sheet("回答")).notes, []);
}

/// A workbook of one sheet as no program writes it.
fn bare_book(sheet: &[u8]) -> Vec<u8> {
    const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(r#"<Relationships><Relationship Id="r1" Type="{TYPE}/{kind}" Target="{target}"/></Relationships>"#)
    };
    let book =
        format!(r#"<workbook xmlns:r="{TYPE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#);
    zip_of(&[
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml").as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn sheet_xml(rows: &str) -> Vec<u8> {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into_bytes()
}

#[test]
fn formulas_without_a_result_and_escaped_line_ends() {
    let bytes = bare_book(&sheet_xml(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>a</t></is></c></row>
        <row r="2"><c r="A2" t="inlineStr"><is><t>x_x000D_&#10;y</t></is></c><c r="B2"><f>A2</f></c></row>
        <row r="3"><c r="A3"><v>1</v></c><c r="B3" t="str"><f>""</f><v></v></c></row>"#,
    ));
    let table = read("a.xlsx", &bytes);
    assert_eq!(cells(&table), [["x\ny", ""], ["1", ""]]);
    assert_eq!(
        notes(&table),
        [
            "注意: 結果が保存されていない数式のセルが 1 個あり、空として読みました。\n  --> a.xlsx 2行 2列\n  → Excel で開いて保存し直すと、結果が入ります。"
        ]
    );
}

#[test]
fn an_unknown_error_value_and_a_stray_cell_far_away() {
    let head = r#"<row r="1"><c r="A1"><v>1</v></c></row>"#;
    let error = format!(r##"{head}<row r="2"><c r="A2" t="e"><v>#SPILL!</v></c></row>"##);
    assert_eq!(
        refused("a.xlsx", &bare_book(&sheet_xml(&error))),
        "エラー: 読めないエラー値のセルがあります（#SPILL!）。\n  --> a.xlsx\n  → Excel でそのセルを直すか、値に置き換えて保存し直してください。"
    );
    let rows: String = (2..7000).map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#)).collect();
    let stray = format!(r#"{head}{rows}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    assert_eq!(
        refused("a.xlsx", &bare_book(&sheet_xml(&stray))),
        "エラー: シートの表が大きすぎます。\n  --> a.xlsx\n  → 表から離れたところにある要らないセルを消すか、シートを分けてください。"
    );
}

// ---- anything at all ----------------------------------------------------------

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn arbitrary_bytes_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        magic in prop::sample::select(vec!["", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "id,a\n"]),
    ) {
        let dir = folder();
        let bytes: Vec<u8> = magic.bytes().chain(bytes).collect();
        for name in ["a.csv", "a.txt", "a.xlsx"] {
            let _ = table(&file(&dir, name, &bytes), &Options::default());
        }
    }

    #[test]
    fn arbitrary_text_reads_to_rows_as_wide_as_the_header(text in "[ab,\"\r\n\tあ]{0,40}") {
        let dir = folder();
        if let Ok(table) = table(&file(&dir, "a.csv", text.as_bytes()), &Options::default()) {
            prop_assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
            let skipped = table.notes.iter().filter(|note| note.severity == Severity::Skipped).count();
            prop_assert_eq!(table.source.rows_read, table.rows.len() + skipped);
        }
    }

    #[test]
    fn a_damaged_sheet_never_panics(at in 0usize..2000, byte in any::<u8>()) {
        let mut xml = br#"<worksheet><dimension ref="A1:B3"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" s="1"><v>3</v></c></row><row r="2"><c r="A2"><f>A1</f><v>1</v></c><c r="B2" t="b"><v>1</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells></worksheet>"#.to_vec();
        let at = at % xml.len();
        xml[at] = byte;
        let bytes = bare_book(&xml);
        let dir = folder();
        let _ = table(&file(&dir, "a.xlsx", &bytes), &Options::default());
    }
}
