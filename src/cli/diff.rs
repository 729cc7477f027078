//! `aftercode diff`: what changed between two folders of results.

use std::io::Write as _;
use std::path::PathBuf;

use aftercode::diagnostic::Lang;
use aftercode::diff::{Diff, html, json, text};
use aftercode::results::Results;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::codebook::write_file;
use super::run::warn;
use super::{Done, Failure};

/// The form of the differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Html,
}

/// What `diff` was asked to do.
pub struct Options {
    before: PathBuf,
    after: PathBuf,
    format: Format,
    out: Option<PathBuf>,
    force: bool,
}

/// The subcommand's arguments.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let path = |name: &'static str| Arg::new(name).value_parser(value_parser!(PathBuf));
    Command::new("diff")
        .about(say(
            "2つの結果のフォルダーの違い（入力、コードブック、回答のコード、表、有意差）を示します",
            "Says what changed between two folders of results: inputs, codebook, codes, tables, significance",
        ))
        .after_help(say(
            "例:\n  aftercode diff out-before out\n  aftercode diff out-before out --format html --out changes.html\n\n違いがあっても終了コードは 0 です。回答の文が載るので、結果と同じように扱ってください。",
            "Examples:\n  aftercode diff out-before out\n  aftercode diff out-before out --format html --out changes.html\n\nThe exit status is 0 whether or not something differs. Answers are quoted: guard it like the results.",
        ))
        .arg(path("before").value_name("DIR_A").required(true).help(say("前の結果", "The results before")))
        .arg(path("after").value_name("DIR_B").required(true).help(say("後の結果", "The results after")))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(["text", "json", "html"])
                .help(say("形式（text、json、html）", "Format (text, json, html)")),
        )
        .arg(path("out").long("out").value_name("FILE").help(say("書き出すファイル", "The file to write")))
        .arg(Arg::new("force").long("force").action(ArgAction::SetTrue).help(say(
            "すでにあるファイルを置き換えます",
            "Replaces a file that exists",
        )))
}

/// The options from what was typed.
pub fn options(matches: &ArgMatches) -> Options {
    Options {
        before: matches.get_one("before").cloned().unwrap_or_default(),
        after: matches.get_one("after").cloned().unwrap_or_default(),
        format: match matches.get_one::<String>("format").map(String::as_str) {
            Some("json") => Format::Json,
            Some("html") => Format::Html,
            _ => Format::Text,
        },
        out: matches.get_one("out").cloned(),
        force: matches.get_flag("force"),
    }
}

/// Says what changed.
pub fn diff(options: &Options, lang: Lang) -> std::result::Result<Done, Failure> {
    let diff = Diff::of(&Results::open(&options.before)?, &Results::open(&options.after)?)?;
    let out = match options.format {
        Format::Text => text(&diff, lang),
        Format::Json => json(&diff),
        Format::Html => html(&diff, lang)?,
    };
    warn(&diff.notes, false, lang);
    match &options.out {
        Some(path) => write_file(path, out.into_bytes(), options.force)?,
        None => std::io::stdout().lock().write_all(out.as_bytes())?,
    }
    Ok(Done::Well)
}
