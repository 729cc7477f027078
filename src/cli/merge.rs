//! `aftercode merge`: results of several runs as those of one.

use std::io::Write as _;
use std::path::PathBuf;

use aftercode::codebook::Codebook;
use aftercode::diagnostic::Lang;
use aftercode::merge;
use aftercode::study::Study;
use clap::{Arg, ArgMatches, Command, value_parser};

use super::{Done, Failure, Invocation, progress, run};

/// What `merge` was asked to do.
pub struct Options {
    study: PathBuf,
    parts: Vec<PathBuf>,
    out: Option<PathBuf>,
}

/// The command line of `merge`.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let path = |name: &'static str| Arg::new(name).value_parser(value_parser!(PathBuf));
    Command::new("merge")
        .about(say(
            "分けて実行した結果（run の出力）を、1つの結果にまとめます",
            "Merges the results of runs over parts of the answers into one",
        ))
        .after_help(say(
            "例:\n  aftercode run study.toml --out part1          # それぞれの計算機で、別々の回答者を\n  aftercode merge study.toml part1 part2 --out all\n\ncodings.csv、matrix.csv、review.csv の行を1つにし、themes.csv、tests.csv、rates.csv を数え直します（まとめて実行した場合と同じ内容になります）。\naftercode のバージョン、調査ファイル、コードブック、辞書が違う結果や、同じ回答者のいる結果、人のコーディング（[codings]）を取り込んだ結果はまとめません。回答そのものが要る tables.csv や report.html などは作りません。\n終了コード: 0 正常、1 除外した行のある部分があった、2 実行できず",
            "Examples:\n  aftercode run study.toml --out part1          # on each machine, over other respondents\n  aftercode merge study.toml part1 part2 --out all\n\nThe rows of codings.csv, matrix.csv and review.csv are put together; themes.csv, tests.csv and rates.csv are counted anew (as one run over all would).\nResults that differ in the version of aftercode, the study file, the codebook or the dictionary, have a respondent in common, or take codings by people in ([codings]) are not merged. What needs the answers themselves (tables.csv, report.html …) is not made.\nExit status: 0 done; 1 done, but rows of a part were left out; 2 could not",
        ))
        .arg(path("study").value_name("STUDY").required(true).help(say("調査ファイル study.toml（各部分と同じもの）", "The study file, study.toml, of all parts")))
        .arg(path("part").value_name("DIR").required(true).num_args(1..).help(say("run の出力先のフォルダー", "Output folders of runs")))
        .arg(path("out").long("out").value_name("DIR").help(say("出力先フォルダー（study.toml の output より優先）", "Output folder (wins over output in study.toml)")))
}

/// What was typed.
pub fn options(matches: &ArgMatches) -> Options {
    Options {
        study: matches.get_one("study").cloned().unwrap_or_default(),
        parts: matches.get_many("part").into_iter().flatten().cloned().collect(),
        out: matches.get_one("out").cloned(),
    }
}

/// Merges results.
pub fn merge(options: &Options, invocation: &Invocation) -> std::result::Result<Done, Failure> {
    let lang = invocation.lang;
    let mut study = Study::load(&options.study)?;
    if let Some(out) = &options.out {
        study.write_to(out)?;
    }
    let codebook = Codebook::load(&study.codebook)?;
    let spinner = progress::spinner(if lang == Lang::Ja { "結果をまとめています" } else { "Merging" }, false);
    let merged = merge::merge(&study, &codebook, &options.parts);
    spinner.finish_and_clear();
    let merged = merged?;
    run::warn(&merged.notes, false, lang);
    let (parts, respondents, folder) = (options.parts.len(), merged.respondents, study.output.display());
    let files = merged.files.join(if lang == Lang::Ja { "、" } else { ", " });
    let mut out = std::io::stdout().lock();
    match lang {
        Lang::Ja => {
            writeln!(
                out,
                "{parts} つの結果（回答者 {respondents} 人）をまとめました。\n書き出しました: {folder} に {files}"
            )?;
        }
        Lang::En => writeln!(out, "Merged results: {parts}, respondents: {respondents}\nWritten to {folder}: {files}")?,
    }
    Ok(if merged.has_left_out { Done::WithReservations } else { Done::Well })
}
