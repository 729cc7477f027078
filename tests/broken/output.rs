//! Places where nothing can be written. (Permissions are no test here: root has them all.)

use std::fs;

use super::{Case, case, case_with, in_study};

pub fn cases() -> Vec<Case> {
    vec![
        in_study("出力先がファイル", "output = \"out\"", "output = \"notes.txt\"").and(|folder| {
            folder.write("notes.txt", "メモ");
        }),
        case_with("--out がファイル", &["run", "study.toml", "--out", "notes.txt"], |folder| {
            folder.write("notes.txt", "メモ");
        }),
        case_with("出力先の親がファイル", &["run", "study.toml", "--out", "notes.txt/out"], |folder| {
            folder.write("notes.txt", "メモ");
        }),
        case("出力ファイルの名前のフォルダー", |folder| {
            fs::remove_file(folder.path("out/themes.csv")).unwrap();
            fs::create_dir(folder.path("out/themes.csv")).unwrap();
        }),
        case("最後の出力ファイルの名前のフォルダー", |folder| {
            fs::remove_file(folder.path("out/manifest.json")).unwrap();
            fs::create_dir(folder.path("out/manifest.json")).unwrap();
        }),
        case_with("--out で回答ファイルを上書き", &["run", "study.toml", "--out", "."], |folder| {
            fs::rename(folder.path("responses.csv"), folder.path("matrix.csv")).unwrap();
            folder.edit("study.toml", "responses.csv", "matrix.csv");
        }),
    ]
}

impl Case {
    fn and(self, also: impl Fn(&super::Folder) + 'static) -> Self {
        let Self { name, spoil, args } = self;
        let both = move |folder: &super::Folder| {
            spoil(folder);
            also(folder);
        };
        Self { name, spoil: Box::new(both), args }
    }
}
