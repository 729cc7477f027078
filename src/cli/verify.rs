//! `aftercode verify`: makes the results anew in memory and compares every byte.

use std::io::Write as _;
use std::path::PathBuf;

use aftercode::diagnostic::{Diagnostic, Lang, Result};
use aftercode::report;
use aftercode::results::Results;
use aftercode::study::Study;
use aftercode::text;
use aftercode::verify::{Verified, text as for_reading};
use clap::{Arg, ArgMatches, Command, value_parser};

use super::run::{Settings, produce};
use super::{Done, Failure, Invocation};

/// What `verify` was asked to do.
pub struct Options {
    folder: PathBuf,
    study: Option<PathBuf>,
    json: bool,
}

/// The subcommand's arguments.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    Command::new("verify")
        .about(say(
            "結果のフォルダーを、作り直した結果と1バイトずつ比べます",
            "Makes results anew and compares them with a folder, byte for byte",
        ))
        .after_help(say(
            "例:\n  aftercode verify data/out\n  aftercode verify results --study data/study.toml\n\n調査ファイルは manifest.json から探します。何も書きかえません。言語などの設定は記録されたものを使います。\n終了コード: 0 すべて一致、1 違いあり、2 確かめられず",
            "Examples:\n  aftercode verify data/out\n  aftercode verify results --study data/study.toml\n\nThe study file is found by manifest.json. Nothing is written. Language and form are as recorded.\nExit status: 0 all the same; 1 differences; 2 could not",
        ))
        .arg(
            Arg::new("folder")
                .value_name("DIR")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help(say("run が書き出したフォルダー", "The folder that a run wrote")),
        )
        .arg(Arg::new("study").long("study").value_name("STUDY").value_parser(value_parser!(PathBuf)).help(say(
            "調査ファイル（フォルダーを移したときなど）",
            "The study file (where the folder was moved)",
        )))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(["text", "json"])
                .help(say("表示の形式（text または json）", "Form of the report (text or json)")),
        )
}

/// The options from what was typed.
pub fn options(matches: &ArgMatches) -> Options {
    Options {
        folder: matches.get_one("folder").cloned().unwrap_or_default(),
        study: matches.get_one("study").cloned(),
        json: matches.get_one::<String>("format").is_some_and(|format| format == "json"),
    }
}

/// Says whether a folder holds what a run makes now.
pub fn verify(options: &Options, invocation: &Invocation) -> std::result::Result<Done, Failure> {
    let results = Results::open(&options.folder)?;
    let lang = if invocation.lang_chosen { invocation.lang } else { results.lang() };
    let verified = verified(&results, options).map_err(|error| Failure::Said(error, Some(lang)))?;
    let folder = options.folder.display().to_string();
    let out = if options.json { verified.json() } else { for_reading(&verified, &folder, lang) };
    std::io::stdout().lock().write_all(out.as_bytes())?;
    Ok(if verified.is_same() { Done::Well } else { Done::WithReservations })
}

fn verified(results: &Results, options: &Options) -> Result<Verified> {
    if results.is_merged() {
        return Err(Diagnostic::error(text!(
            "aftercode merge でまとめた結果なので、回答から作り直して比べることができません。",
            "These results were put together by `aftercode merge` and cannot be made anew from answers."
        ))
        .file(&options.folder)
        .hint(text!(
            "まとめる前の、それぞれの結果のフォルダーを指定してください。",
            "Name the folders of the results that were merged, one by one."
        )));
    }
    let study = Study::load(&study_file(results, options)?)?;
    let settings = Settings { lang: results.lang(), raw: results.raw() };
    let produced = produce(&study, settings, false, true, report::in_memory)?;
    Verified::of(results, &produced.made)
}

/// The study file that was typed, else the one that the manifest names.
fn study_file(results: &Results, options: &Options) -> Result<PathBuf> {
    let folder = options.folder.display();
    let hint = || {
        text!(
            "調査ファイルを --study で指定してください。例: aftercode verify {folder} --study study.toml",
            "Name the study file with --study, e.g. `aftercode verify {folder} --study study.toml`."
        )
    };
    if let Some(study) = &options.study {
        return Ok(study.clone());
    }
    let Some(study) = results.study() else {
        return Err(Diagnostic::error(text!(
            "manifest.json からは、調査ファイルの場所が分かりません。",
            "manifest.json does not tell where the study file lies."
        ))
        .file(&options.folder)
        .hint(hint()));
    };
    if study.is_file() {
        return Ok(study);
    }
    Err(Diagnostic::error(text!(
        "manifest.json の示す調査ファイルが、そこにありません。",
        "The study file that manifest.json names is not there."
    ))
    .file(&study)
    .hint(hint()))
}
