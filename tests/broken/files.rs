//! The study file, the files it names, the dictionary, the command line.

use std::fs;

use super::{Case, case, case_with, in_study};

pub fn cases() -> Vec<Case> {
    vec![
        case("調査ファイルがない", |folder| fs::remove_file(folder.path("study.toml")).unwrap()),
        case_with("調査ファイルがフォルダー", &["run", "."], |_| {}),
        case("空の調査ファイル", |folder| folder.write("study.toml", "")),
        case("調査ファイルが Shift_JIS", |folder| {
            let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(super::common::STUDY);
            folder.write("study.toml", &bytes);
        }),
        case_with("調査ファイルの代わりに回答", &["run", "responses.csv"], |_| {}),
        in_study("引用符の閉じ忘れ", "id = \"small\"", "id = \"small"),
        in_study("全角の引用符", "id = \"small\"", "id = “small”"),
        in_study("全角の等号", "id = \"small\"", "id ＝ \"small\""),
        in_study("引用符のない値", "id = \"small\"", "id = small"),
        in_study("逆斜線のパス", "\"responses.csv\"", "\"C:\\Users\\responses.csv\""),
        in_study("同じ項目が2回", "output = \"out\"", "output = \"out\"\noutput = \"out2\""),
        in_study("かっこの閉じ忘れ", "[\"病院\", \"診療所\"]", "[\"病院\", \"診療所\""),
        in_study("知らない項目", "title = ", "titel = "),
        in_study("知らない表", "[table]", "[tables]"),
        in_study("値の型が違う", "id = \"small\"", "id = 1"),
        in_study("一重のかっこ", "[[question]]", "[question]"),
        in_study("設問がない", "[[question]]\nid = \"Q1\"\nwording = \"国への要望\"", ""),
        in_study("知らない属性で分ける", "by = [\"施設種別\"]", "by = [\"施設の種別\"]"),
        in_study("出力先に入力がある", "output = \"out\"", "output = \".\""),
        in_study("コードブックがない", "codebook.toml", "codebok.toml"),
        case("コードブックがフォルダー", |folder| {
            fs::create_dir(folder.path("books")).unwrap();
            folder.edit("study.toml", "codebook.toml", "books");
        }),
        in_study("回答ファイルがない", "responses.csv", "回答.csv"),
        case("回答ファイルがフォルダー", |folder| {
            fs::create_dir(folder.path("answers")).unwrap();
            folder.edit("study.toml", "responses.csv", "answers");
        }),
        dictionary("辞書のフォルダーがない", "path = \"unidic\""),
        case("辞書のフォルダーに辞書がない", |folder| {
            fs::create_dir(folder.path("unidic")).unwrap();
            folder.write("unidic/README.txt", "辞書はここ");
            append(folder, "\n[dictionary]\npath = \"unidic\"\n");
        }),
        dictionary("辞書がファイル", "path = \"responses.csv\""),
        dictionary("用語の一覧がない", "terms = \"terms.csv\""),
        terms("用語の見出し語が空", "surface,base,pos,reading\nＡＩ問診,,,\n,,\"名詞,一般\",\n"),
        terms("用語の列が多い", "surface,base,pos,reading\n問診,,名詞\n"),
        terms("用語の見出しがない", "問診システム,問診システム,\"名詞,一般\",モンシンシステム\n"),
        terms("用語の引用符の閉じ忘れ", "surface,base,pos,reading\n\"問診,,,\n"),
        terms("用語の一覧が空", ""),
        variants("表記ゆれの列が足りない", "variant,canonical\nサーバ\n"),
        variants("表記ゆれの見出しがない", "デンカル,電子カルテ\n"),
        variants("表記ゆれの寄せ先が2つ", "variant,canonical\nデンカル,電子カルテ\nデンカル,電カル\n"),
        variants("表記ゆれの寄せ先がさらに寄る", "variant,canonical\nデンカル,電カル\n電カル,電子カルテ\n"),
        variants("表記ゆれの語が空", "variant,canonical\n,電子カルテ\n"),
    ]
}

fn append(folder: &super::Folder, text: &str) {
    folder.write("study.toml", folder.text("study.toml") + text);
}

fn dictionary(name: &'static str, setting: &'static str) -> Case {
    case(name, move |folder| append(folder, &format!("\n[dictionary]\n{setting}\n")))
}

fn terms(name: &'static str, text: &'static str) -> Case {
    case(name, move |folder| {
        folder.write("terms.csv", text);
        append(folder, "\n[dictionary]\nterms = \"terms.csv\"\n");
    })
}

fn variants(name: &'static str, text: &'static str) -> Case {
    case(name, move |folder| {
        folder.write("variants.csv", text);
        append(folder, "\n[dictionary]\nvariants = \"variants.csv\"\n");
    })
}
