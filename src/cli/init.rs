//! `aftercode init`: a study folder to start from.

use std::io::Write as _;
use std::path::Path;

use aftercode::diagnostic::{Diagnostic, Lang};
use aftercode::report::replace_files;
use aftercode::text;

use super::{Done, Failure};

/// Makes `folder` with a commented study file, a small codebook and an empty sheet.
pub fn init(folder: &Path, lang: Lang) -> Result<Done, Failure> {
    let files = [
        ("study.toml", include_str!("init/study.toml")),
        ("codebook.toml", include_str!("init/codebook.toml")),
        ("responses.csv", include_str!("init/responses.csv")),
    ];
    for (name, _) in files {
        let path = folder.join(name);
        if path.exists() {
            return Err(Diagnostic::error(text!("すでにファイルがあります。", "The file exists already."))
                .file(&path)
                .hint(text!("別のフォルダー名を指定してください。", "Name another folder."))
                .into());
        }
    }
    let files: Vec<(String, Vec<u8>)> =
        files.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect();
    replace_files(folder, files)?;
    let folder = folder.display();
    let mut out = std::io::stdout().lock();
    match lang {
        Lang::Ja => writeln!(
            out,
            "{folder} を作りました。\n1. responses.csv に回答を入れます（Excel ファイルを使うときは study.toml の file を書き換えます）\n2. codebook.toml にコードとルールを書きます\n3. aftercode run {folder}/study.toml"
        )?,
        Lang::En => writeln!(
            out,
            "Made {folder}.\n1. Put the answers into responses.csv (to use an Excel file, change `file` in study.toml)\n2. Write codes and rules into codebook.toml\n3. aftercode run {folder}/study.toml"
        )?,
    }
    Ok(Done::Well)
}
