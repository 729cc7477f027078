//! `aftercode accuracy`: the rules of a study against codings that people agreed on.

use std::io::Write as _;
use std::path::PathBuf;

use aftercode::accuracy::{Accuracy, Gold, json, text};
use aftercode::codebook::Codebook;
use aftercode::diagnostic::Lang;
use aftercode::read::columns;
use aftercode::study::Study;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Done, Failure, Invocation, run};

/// What `accuracy` was asked to do.
pub struct Options {
    study: PathBuf,
    gold: PathBuf,
    coder: Option<String>,
    min_cases: u64,
    json: bool,
    errors: bool,
}

/// The command line of `accuracy`.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let path = |name: &'static str| Arg::new(name).value_parser(value_parser!(PathBuf)).required(true);
    Command::new("accuracy")
        .about(say(
            "ルールの結果を、人が決めた正解のコーディングと比べます",
            "Compares the rules with codings that people agreed on",
        ))
        .after_help(say(
            "例:\n  aftercode accuracy data/study.toml --gold data/codings_agreed.csv\n  aftercode accuracy data/study.toml --gold data/codings_agreed.csv --errors\n\n正解の表: respondent_id,question,code,stance（1行に1回答×1コード。コードが空の行は「コードなし」）。ルールを作るときに見た回答では、精度は高めに出ます。",
            "Examples:\n  aftercode accuracy data/study.toml --gold data/codings_agreed.csv\n  aftercode accuracy data/study.toml --gold data/codings_agreed.csv --errors\n\nThe gold: respondent_id,question,code,stance (a row an answer × code; a blank code says \"no code\"). On answers that the rules were written from, the figures come out too high.",
        ))
        .arg(path("study").value_name("STUDY").help(say("調査ファイル study.toml", "The study file, study.toml")))
        .arg(path("gold").long("gold").value_name("FILE").help(say("正解のコーディング（CSV、TSV、XLSX）", "The gold coding (CSV, TSV or XLSX)")))
        .arg(Arg::new("coder").long("coder").value_name("CODER").help(say("正解とするコーダー（複数いるとき）", "The coder to take as gold, if there are several")))
        .arg(
            Arg::new("min-cases")
                .long("min-cases")
                .value_name("N")
                .default_value("5")
                .value_parser(value_parser!(u64).range(1..))
                .help(say("マクロF1と平均κに入れるテーマの、正解の最少件数", "Fewest cases of a theme in macro F1 and mean κ")),
        )
        .arg(Arg::new("format").long("format").value_name("FORMAT").value_parser(["table", "json"]).default_value("table").help(say("形式（table または json）", "Format (table or json)")))
        .arg(Arg::new("errors").long("errors").action(ArgAction::SetTrue).help(say("食い違った回答を、根拠の語とともに並べます", "Lists the answers that differ, with the words that decided")))
}

/// What was typed.
pub fn options(matches: &ArgMatches) -> Options {
    Options {
        study: matches.get_one("study").cloned().unwrap_or_default(),
        gold: matches.get_one("gold").cloned().unwrap_or_default(),
        coder: matches.get_one("coder").cloned(),
        min_cases: matches.get_one("min-cases").copied().unwrap_or(5),
        json: matches.get_one::<String>("format").is_some_and(|format| format == "json"),
        errors: matches.get_flag("errors"),
    }
}

/// Compares the rules with the gold.
pub fn accuracy(options: &Options, invocation: &Invocation) -> Result<Done, Failure> {
    let study = Study::load(&options.study)?;
    let lang = if invocation.lang_chosen { invocation.lang } else { study.lang.unwrap_or(invocation.lang) };
    compare(&study, options, lang).map_err(|failure| match failure {
        Failure::Said(diagnostic, _) => Failure::Said(diagnostic, Some(lang)),
        failure => failure,
    })
}

fn compare(study: &Study, options: &Options, lang: Lang) -> Result<Done, Failure> {
    let codebook = Codebook::load(&study.codebook)?;
    run::check_default_stances(study, &codebook)?;
    let reading = columns::survey(study)?;
    run::warn(&reading.notes, true, lang);
    let survey = &reading.survey;
    let gold = Gold::read(&options.gold, survey, &codebook, options.coder.as_deref())?;
    let machine = run::machine(codebook, &study.dictionary, Some(&run::attribute_names(survey)))?;
    let coded = machine.code_all(survey, &|_| ())?;
    let codebook = machine.codebook();
    let accuracy = Accuracy::new(survey, codebook, &coded, &gold, options.min_cases);
    let mut out = std::io::stdout().lock();
    if options.json {
        let object = json(&accuracy, survey, codebook, options.errors);
        writeln!(out, "{}", serde_json::to_string_pretty(&object).unwrap_or_default())?;
    } else {
        write!(out, "{}", text(&accuracy, survey, codebook, options.errors, lang))?;
    }
    Ok(if reading.rows_skipped > 0 { Done::WithReservations } else { Done::Well })
}
