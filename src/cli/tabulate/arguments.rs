//! What can be typed behind `aftercode tabulate`.

use std::path::PathBuf;

use aftercode::diagnostic::{Diagnostic, Lang, Result, did_you_mean};
use aftercode::read::Options as Reading;
use aftercode::read::matrix::Wanted;
use aftercode::statistics::Adjustment;
use aftercode::survey::Net;
use aftercode::tabulate::cross::PercentOf;
use aftercode::tabulate::suppress::Rule;
use aftercode::text;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Format, Options};

/// The subcommand.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let text = |name: &'static str, value: &'static str, ja: &'static str, en: &'static str| {
        Arg::new(name).long(name).value_name(value).help(say(ja, en))
    };
    let list = |arg: Arg| arg.value_delimiter(',').action(ArgAction::Append);
    let path = |arg: Arg| arg.value_parser(value_parser!(PathBuf));
    Command::new("tabulate")
        .about(say("0/1 の表（1行1人）を集計し、群の差を検定します", "Tabulates a 0/1 matrix (a row a respondent) and tests differences"))
        .after_help(say(
            "例:\n  aftercode tabulate matrix.csv --by 施設種別\n  aftercode tabulate codings.xlsx --by 施設種別 --net \"病院以外=健診センター,検査センター\" --out results\n\n空欄（または NA）は「不明」で、0 ではありません。themes.csv と tests.csv は --out のフォルダーに書きます。\n検定: 2群は Fisher、3群以上は Fisher–Freeman–Halton。調整の族は、1つの設問・1つの比較のすべての行です。",
            "Examples:\n  aftercode tabulate matrix.csv --by 施設種別\n  aftercode tabulate codings.xlsx --by type --net \"others=lab,clinic\" --out results\n\nA blank cell (or NA) is unknown, not 0. themes.csv and tests.csv go to the folder of --out.\nTests: Fisher for two groups, Fisher–Freeman–Halton for more. The family of the adjustment is all rows of one question and comparison.",
        ))
        .arg(path(Arg::new("matrix").value_name("MATRIX").required(true).help(say("CSV・TSV・XLSX のファイル", "A CSV, TSV or XLSX file"))))
        .arg(list(text("by", "COLUMN", "分ける列（コンマ区切りでいくつでも）", "Columns to group by")))
        .arg(list(text("codes", "COLUMN", "数える列（省略すると 0/1 の列すべて）", "Columns to count (default: all 0/1 columns)")))
        .arg(text("net", "NAME=A,B", "コードか区分をまとめて数える", "Counts codes or groups together").action(ArgAction::Append))
        .arg(text("base", "BASE", "母数: answered（空欄を除く）、respondents（全行）、条件 \"列=値,値\"", "Base: answered (without blanks), respondents (all rows), or a condition \"COLUMN=VALUE,VALUE\"").action(ArgAction::Append))
        .arg(
            Arg::new("no-tests")
                .long("no-tests")
                .action(ArgAction::SetTrue)
                .help(say("検定しない（人数や群が多いと時間がかかるため）", "Does not test (which takes its time with many people and groups)")),
        )
        .arg(text("compare", "A,B", "比べる2群を足す（差は A−B）", "Adds a comparison of two groups (A - B)").action(ArgAction::Append))
        .arg(text("adjust", "METHOD", "多重性の調整", "Adjustment for multiple tests").value_parser(["holm", "bh", "none"]).default_value("holm"))
        .arg(list(text("order", "VALUE", "分ける列の値を表に出す順", "Order of the values to group by")))
        .arg(text("suppress", "N", "1 以上 N 未満の数を隠す（差し引きで分からないよう、ほかの数も隠す）", "Hides counts from 1 to under N, and others that would give them away").value_parser(value_parser!(u64).range(1..)))
        .arg(Arg::new("suppress-zero").long("suppress-zero").action(ArgAction::SetTrue).help(say("0 も隠す", "Hides counts of 0 as well")))
        .arg(path(text("population", "FILE", "母集団の数（列 group,population）。回収率を出し、信頼区間に有限母集団修正を使う", "Sizes of populations (columns group,population): response rates, and intervals for finite populations")))
        .arg(text("percent", "OF", "割合の分母", "What percentages are parts of").value_parser(["column", "row", "total"]).default_value("column"))
        .arg(text("weight", "COLUMN", "ウェイトの列", "Column with weights"))
        .arg(text("id", "COLUMN", "回答者 ID の列（同じ ID の行は1回だけ数える）", "Column with the respondent's id"))
        .arg(Format::arg(lang))
        .arg(path(text("out", "DIR", "themes.csv と tests.csv を書くフォルダー", "Folder for themes.csv and tests.csv")))
        .arg(Arg::new("raw").long("raw").action(ArgAction::SetTrue).help(say("機械向けの CSV（BOM なし、改行 LF）", "CSV for machines (no BOM, LF)")))
        .arg(text("sheet", "SHEET", "XLSX のシート名", "Sheet of a workbook"))
        .arg(text("encoding", "NAME", "文字コード（自動判定が違うとき）", "Character encoding (if found out wrongly)"))
        .arg(text("delimiter", "CHAR", "区切り文字", "Delimiter").value_parser(value_parser!(char)))
        .arg(text("header-rows", "N", "見出しの行数", "Rows of the header").value_parser(value_parser!(u8).range(1..=100)))
}

/// What was typed.
pub fn options(matches: &ArgMatches) -> Options {
    let one = |name: &str| matches.get_one::<String>(name).cloned();
    let many =
        |name: &str| -> Vec<String> { matches.get_many::<String>(name).into_iter().flatten().cloned().collect() };
    let trimmed =
        |name: &str| many(name).iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    let file = |name: &str| matches.get_one::<PathBuf>(name).cloned();
    let bases = many("base");
    let named = |base: &&String| !matches!(base.as_str(), "answered" | "respondents");
    Options {
        file: file("matrix").unwrap_or_default(),
        reading: Reading {
            encoding: one("encoding"),
            delimiter: matches.get_one("delimiter").copied(),
            sheet: one("sheet"),
            header_rows: matches.get_one::<u8>("header-rows").map_or(1, |rows| usize::from(*rows)),
        },
        wanted: Wanted {
            id: one("id"),
            by: trimmed("by"),
            codes: trimmed("codes"),
            weight: one("weight"),
            conditions: Vec::new(),
        },
        nets: many("net").iter().map(|net| equation(net, "--net").map(|(label, of)| Net { label, of })).collect(),
        conditions: bases.iter().filter(named).map(|base| equation(base, "--base")).collect(),
        compare: many("compare").iter().map(|pair| two(pair)).collect(),
        everyone: bases.iter().any(|base| base == "respondents"),
        percent: match one("percent").as_deref() {
            Some("row") => PercentOf::Row,
            Some("total") => PercentOf::Total,
            _ => PercentOf::Column,
        },
        adjustment: match one("adjust").as_deref() {
            Some("bh") => Some(Adjustment::BenjaminiHochberg),
            Some("none") => None,
            _ => Some(Adjustment::Holm),
        },
        population: file("population"),
        suppress: match (matches.get_one::<u64>("suppress"), matches.get_flag("suppress-zero")) {
            (None, false) => None,
            (under, zero) => Some(Rule { under: under.copied().unwrap_or(1), zero }),
        },
        tests: !matches.get_flag("no-tests"),
        order: trimmed("order"),
        format: Format::of(matches),
        out: file("out"),
        raw: matches.get_flag("raw"),
    }
}

/// `name=one,two`.
fn equation(written: &str, option: &str) -> Result<(String, Vec<String>)> {
    let parts = |list: &str| -> Vec<String> { list.split(',').map(|part| part.trim().to_owned()).collect() };
    let read = written.split_once(['=', '＝']).map(|(name, list)| (name.trim().to_owned(), parts(list)));
    read.filter(|(name, list)| !name.is_empty() && list.iter().all(|part| !part.is_empty())).ok_or_else(|| {
        let is_net = option == "--net";
        let example = if is_net { "--net \"まとめ=甲,乙\"" } else { "--base \"経験=あり\"" };
        let english = if is_net { "--net \"NAME=A,B\"" } else { "--base \"COLUMN=VALUE\"" };
        let near = did_you_mean(written, ["answered", "respondents"]).filter(|_| !is_net);
        Diagnostic::error(text!("{option}「{written}」の書き方が違います。", "{option} \"{written}\" is malformed."))
            .hint(match near {
                Some(near) => text!("「{near}」のことでしょうか。", "Did you mean \"{near}\"?"),
                None => text!("{example} のように書いてください。", "Write it as {english}."),
            })
    })
}

/// `one,two`.
fn two(written: &str) -> Result<[String; 2]> {
    let parts: Vec<String> = written.split(',').map(|part| part.trim().to_owned()).collect();
    <[String; 2]>::try_from(parts).map_err(|_| {
        Diagnostic::error(text!(
            "--compare「{written}」は2つの群ではありません。",
            "--compare \"{written}\" does not name two groups."
        ))
        .hint(text!("--compare \"甲,乙\" のように書いてください。", "Write it as --compare \"A,B\"."))
    })
}
