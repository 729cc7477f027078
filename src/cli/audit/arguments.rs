//! The command line of `audit`.

use std::path::PathBuf;

use aftercode::audit::Bootstrap;
use aftercode::diagnostic::Lang;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Format, Options, plan};

/// The command line.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let path = |name: &'static str| Arg::new(name).value_parser(value_parser!(PathBuf));
    Command::new("audit")
        .about(say("コーダー間の一致を調べます（人どうし、人とルール）", "Says how well coders agree: people with each other and with the rules"))
        .after_help(say(
            "例:\n  aftercode audit data/codings_a.csv data/codings_b.csv --study data/study.toml\n  aftercode audit a.xlsx b.xlsx agreed.csv --study study.toml --gold agreed\n  aftercode audit codings.csv --format json\n  aftercode audit --plan --study data/study.toml --width 0.2\n  aftercode audit --plan --study data/study.toml --sample 120 --out sato.xlsx --out suzuki.xlsx\n\n読める表（1行目の見出しで見分けます）:\n  respondent_id,question,code,stance,coder  1行に1コード。コードが空の行は「コードなし」\n  respondent_id,question,codes,coder        1セルに全コード（| で区切る）\n  respondent_id,question とコードの列       0/1\n  unit,coder,value                          調査なしの一般の形（NA は未判定）\ncoder の列がなければ、ファイル名がコーダーの名前です。\n\n終了コード: --min に届かないものがあれば 1",
            "Examples:\n  aftercode audit data/codings_a.csv data/codings_b.csv --study data/study.toml\n  aftercode audit a.xlsx b.xlsx agreed.csv --study study.toml --gold agreed\n  aftercode audit codings.csv --format json\n  aftercode audit --plan --study data/study.toml --width 0.2\n  aftercode audit --plan --study data/study.toml --sample 120 --out sato.xlsx --out suzuki.xlsx\n\nTables that are read (told by the header):\n  respondent_id,question,code,stance,coder  a row a code; a blank code says \"no code\"\n  respondent_id,question,codes,coder        codes in one cell, parted by |\n  respondent_id,question and a column a code, 0/1\n  unit,coder,value                          anything, without a study (NA: not coded)\nWithout a column \"coder\" the file's name is the coder's.\n\nExit status: 1 if something is below --min",
        ))
        .arg(path("file").value_name("FILE").num_args(1..).required_unless_present("plan").help(say("コーディングの表（CSV、TSV、XLSX）", "Codings (CSV, TSV or XLSX)")))
        .arg(path("study").long("study").value_name("STUDY").help(say("調査ファイル。コードブックのルールもコーダー（rules）になります", "The study file; the codebook's rules become a coder, too (rules)")))
        .arg(Arg::new("gold").long("gold").value_name("NAME").help(say("正解とするコーダー", "The coder that is the gold standard")))
        .arg(Arg::new("axis").long("axis").value_name("AXIS").help(say("この軸のコードだけを比べます", "Compares the codes of this axis only")))
        .arg(Arg::new("bootstrap").long("bootstrap").value_name("N").default_value("2000").value_parser(value_parser!(u64).range(0..=1_000_000)).help(say("α の区間のための抽出回数（0 で区間なし）", "Samples for intervals of α (0: no intervals)")))
        .arg(Arg::new("seed").long("seed").value_name("S").default_value("1").value_parser(value_parser!(u64)).help(say("抽出の種", "The seed they are drawn from")))
        .arg(Arg::new("min").long("min").value_name("NAME=VALUE").action(ArgAction::Append).value_parser(least).help(say("どのコードもこれ以上か（例: alpha=0.8、alpha_masi=0.67）", "What every code must reach (alpha=0.8, alpha_masi=0.67)")))
        .arg(Format::arg(lang))
        .arg(path("disagreements").long("disagreements").value_name("FILE").help(say("食い違った回答×コードを書き出すファイル（.csv か .xlsx）。decision に 1 か 0 を入れ、調査ファイルの [codings.files] に書くと、run が使います", "Writes every answer × code that differs to this file (.csv or .xlsx). Fill in \"decision\" with 1 or 0 and name it in [codings.files] of the study file: `run` uses it")))
        .args(plan::arguments(lang))
}

/// `alpha=0.8` as a name and a number.
fn least(text: &str) -> Result<(String, f64), String> {
    let parts = text.split_once('=').and_then(|(name, value)| Some((name.trim(), value.trim().parse::<f64>().ok()?)));
    match parts {
        Some((name, value)) if !name.is_empty() && value.is_finite() => Ok((name.to_owned(), value)),
        _ => Err("NAME=VALUE, e.g. alpha=0.8".to_owned()),
    }
}

/// What was typed.
pub fn options(matches: &ArgMatches) -> Options {
    let replicates = matches.get_one("bootstrap").copied().unwrap_or(2_000_u64);
    let seed = matches.get_one("seed").copied().unwrap_or(1);
    Options {
        files: matches.get_many("file").into_iter().flatten().cloned().collect(),
        study: matches.get_one("study").cloned(),
        gold: matches.get_one("gold").cloned(),
        axis: matches.get_one("axis").cloned(),
        bootstrap: (replicates >= 2).then_some(Bootstrap { replicates, seed }),
        least: matches.get_many("min").into_iter().flatten().cloned().collect(),
        format: Format::of(matches),
        disagreements: matches.get_one("disagreements").cloned(),
        plan: plan::options(matches, seed),
    }
}
