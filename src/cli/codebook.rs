//! `aftercode codebook`: a codebook shown to people, converted, compared, described.

mod convert;
mod diff;
mod schema;
mod show;

use std::path::{Path, PathBuf};

use aftercode::diagnostic::{Diagnostic, Lang, Result};
use aftercode::report::replace_file;
use aftercode::text;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Done, Failure, Invocation};

/// What to do with a codebook.
pub enum Task {
    /// Write the manual for human coders.
    Show(show::Options),
    /// Write it in another format.
    Convert(convert::Options),
    /// Say what changed between two.
    Diff(diff::Options),
    /// Write the JSON Schema of codebook files.
    Schema,
}

/// Does what was asked.
pub fn codebook(task: &Task, invocation: &Invocation) -> std::result::Result<Done, Failure> {
    match task {
        Task::Show(options) => show::show(options, invocation.lang),
        Task::Convert(options) => convert::convert(options, invocation.lang),
        Task::Diff(options) => diff::diff(options, invocation.lang),
        Task::Schema => schema::schema(invocation.lang),
    }
}

/// The task that was typed.
pub fn task(matches: &ArgMatches) -> Task {
    let path = |matches: &ArgMatches, name: &str| matches.get_one::<PathBuf>(name).cloned();
    let chosen = |matches: &ArgMatches, name: &str| matches.get_one::<String>(name).cloned().unwrap_or_default();
    match matches.subcommand() {
        Some(("show", matches)) => Task::Show(show::Options {
            codebook: path(matches, "codebook").unwrap_or_default(),
            html: chosen(matches, "format") == "html",
            out: path(matches, "out"),
            force: matches.get_flag("force"),
        }),
        Some(("convert", matches)) => Task::Convert(convert::Options {
            from: path(matches, "in").unwrap_or_default(),
            to: path(matches, "out").unwrap_or_default(),
            force: matches.get_flag("force"),
        }),
        Some(("diff", matches)) => Task::Diff(diff::Options {
            old: path(matches, "old").unwrap_or_default(),
            new: path(matches, "new").unwrap_or_default(),
            study: path(matches, "study"),
            json: chosen(matches, "format") == "json",
            exit_code: matches.get_flag("exit-code"),
        }),
        _ => Task::Schema,
    }
}

/// The command and its arguments.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let path =
        |name: &'static str, value: &'static str| Arg::new(name).value_name(value).value_parser(value_parser!(PathBuf));
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    let force = || flag("force").help(say("すでにあるファイルを置き換えます", "Replaces a file that exists"));
    let format = |values: [&'static str; 2], help: &'static str| {
        Arg::new("format").long("format").value_name("FORMAT").value_parser(values).default_value(values[0]).help(help)
    };
    Command::new("codebook")
        .about(say(
            "コードブックを表示・変換・比較します",
            "Shows, converts and compares codebooks",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("show")
                .about(say(
                    "人のコーダーのための手引き（定義と例。ルールは載せません）を作ります",
                    "Writes a manual for human coders: definitions and examples, without the rules",
                ))
                .arg(path("codebook", "CODEBOOK").required(true).help(say("コードブック", "The codebook")))
                .arg(format(["markdown", "html"], say("形式", "Format")))
                .arg(path("out", "FILE").long("out").help(say("書き出すファイル（省略で標準出力）", "The file to write (else standard output)")))
                .arg(force()),
        )
        .subcommand(
            Command::new("convert")
                .about(say(
                    "コードブックを別の形式（.toml .json .csv .xlsx）に変えます",
                    "Converts a codebook to another format (.toml .json .csv .xlsx)",
                ))
                .after_help(say(
                    "例:\n  aftercode codebook convert codebook.toml codebook.xlsx\n  aftercode codebook convert codebook.xlsx codebook.toml --force\n\n表は1行が1コードで、列はコードブックの項目です。1つのセルに複数の値があるときは1行に1つ書きます（値の中の改行は \\n、\\ は \\\\）。CSV では列 kind が行の種類（codebook axis net list code）です。リストは id に名前、words に語を書きます。\n\n表や JSON から、すでにある TOML に --force で書くと、変わっていない所のコメントは残ります。",
                    "Examples:\n  aftercode codebook convert codebook.toml codebook.xlsx\n  aftercode codebook convert codebook.xlsx codebook.toml --force\n\nIn a sheet a row is a code and the columns are the keys of the codebook. Several values of a cell stand one a line (a line break inside a value is \\n, a backslash \\\\). In CSV the column kind tells what a row is (codebook axis net list code). Of a list, id is the name and words are the words.\n\nWritten over a TOML file with --force, a sheet or JSON leaves the comments of what did not change.",
                ))
                .arg(path("in", "IN").required(true).help(say("コードブック", "The codebook")))
                .arg(path("out", "OUT").required(true).help(say("書き出すファイル", "The file to write")))
                .arg(force()),
        )
        .subcommand(
            Command::new("diff")
                .about(say("2つのコードブックの違いを示します", "Says what differs between two codebooks"))
                .after_help(say(
                    "--study を付けると、調査の回答のうちコードや立場が変わるものを根拠とともに示します。\n終了コード: 0（--exit-code を付けると、違いがあれば 1）",
                    "With --study, answers whose codes or stance change are shown with the words that decided.\nExit status: 0 (with --exit-code, 1 if something differs)",
                ))
                .arg(path("old", "OLD").required(true).help(say("前のコードブック", "The codebook before")))
                .arg(path("new", "NEW").required(true).help(say("今のコードブック", "The codebook now")))
                .arg(path("study", "STUDY").long("study").help(say("回答を比べる調査ファイル", "A study whose answers are compared")))
                .arg(format(["text", "json"], say("形式", "Format")))
                .arg(flag("exit-code").help(say("違いがあれば終了コード 1", "Exit status 1 if something differs"))),
        )
        .subcommand(Command::new("schema").about(say(
            "コードブックの JSON Schema を出力します（エディターの補完用）",
            "Prints the JSON Schema of codebook files, for editors",
        )))
}

/// Writes one file in one step; one that exists only if `force` says so.
pub(in crate::cli) fn write_file(path: &Path, bytes: Vec<u8>, force: bool) -> Result<()> {
    if path.exists() && !force {
        return Err(Diagnostic::error(text!("すでにファイルがあります。", "The file exists already."))
            .file(path)
            .hint(text!("置き換えるなら --force を付けてください。", "Add --force to replace it.")));
    }
    if path.file_name().is_none() {
        return Err(Diagnostic::error(text!("ファイルの名前ではありません。", "This is no name of a file."))
            .file(path)
            .hint(text!("別の名前を指定してください。", "Choose another name.")));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Diagnostic::error(text!("フォルダーがありません。", "The folder does not exist."))
            .file(folder)
            .hint(text!("先にフォルダーを作ってください。", "Make the folder first.")));
    }
    replace_file(path, &bytes)
}
