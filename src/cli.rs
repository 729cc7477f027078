//! What was typed → a checked [`Invocation`] → one function per subcommand.

mod accuracy;
mod audit;
mod check;
mod code;
mod codebook;
mod diff;
mod explain;
mod init;
mod merge;
mod progress;
mod run;
mod sheet;
mod tabulate;
mod tokens;
mod verify;

use std::ffi::OsString;
use std::path::PathBuf;

use aftercode::diagnostic::{Diagnostic, Lang};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

/// How a command that did its work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// All went well.
    Well = 0,
    /// The work is done, but a check failed or rows were left out.
    WithReservations = 1,
}

/// Why a command could not do its work.
pub enum Failure {
    /// Something to tell the user, in the language of the study if it chose one.
    Said(Box<Diagnostic>, Option<Lang>),
    /// Standard output failed; a closed pipe is no failure.
    Pipe(std::io::Error),
}

impl From<Box<Diagnostic>> for Failure {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Said(diagnostic, None)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Pipe(error)
    }
}

/// The form of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned text.
    Table,
    /// Rows for a program or a spreadsheet.
    Csv,
    /// Everything.
    Json,
    /// Tables for a document.
    Markdown,
}

impl Format {
    /// The option `--format`.
    fn arg(lang: Lang) -> Arg {
        Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .value_parser(["table", "csv", "json", "markdown"])
            .default_value("table")
            .help(if lang == Lang::Ja { "表示の形式" } else { "Form of what is printed" })
    }

    /// What was typed.
    fn of(matches: &ArgMatches) -> Self {
        match matches.get_one::<String>("format").map(String::as_str) {
            Some("csv") => Self::Csv,
            Some("json") => Self::Json,
            Some("markdown") => Self::Markdown,
            _ => Self::Table,
        }
    }
}

/// A checked command line.
pub struct Invocation {
    /// The language of everything a user reads.
    pub lang: Lang,
    /// Whether a language was chosen, or is the default.
    pub lang_chosen: bool,
    /// What to do.
    pub command: Action,
}

/// What to do.
pub enum Action {
    /// Code and tabulate a study.
    Run(run::Options),
    /// Tabulate a 0/1 matrix.
    Tabulate(Box<tabulate::Options>),
    /// Check a codebook.
    Check(check::Options),
    /// Code a stream of answers.
    Code(Box<code::Options>),
    /// Merge results.
    Merge(merge::Options),
    /// Show what the analyzer sees.
    Tokens(Vec<String>),
    /// Say why an answer got its codes.
    Explain(explain::Options),
    /// Compare the rules with a gold coding.
    Accuracy(accuracy::Options),
    /// Say how well coders agree.
    Audit(audit::Options),
    /// Make a sheet to code in.
    Sheet(sheet::Options),
    /// Compare results with what a run makes now.
    Verify(verify::Options),
    /// Say what changed between two folders of results.
    Diff(diff::Options),
    /// Make a new study folder.
    Init(PathBuf),
    /// Show, convert or compare codebooks.
    Codebook(codebook::Task),
}

/// Parses the command line.
///
/// # Errors
/// Help, version and mistakes, ready to print.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Invocation, clap::Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    let english =
        args.windows(2).any(|pair| pair[0] == "--lang" && pair[1] == "en") || args.iter().any(|arg| arg == "--lang=en");
    let lang = if english { Lang::En } else { Lang::Ja };
    let matches = command(lang).try_get_matches_from(args)?;
    let lang_chosen = matches.get_one::<String>("lang").is_some();
    let action = match matches.subcommand() {
        Some(("run", matches)) => Action::Run(run_options(matches)),
        Some(("code", matches)) => Action::Code(Box::new(code::options(matches))),
        Some(("tabulate", matches)) => Action::Tabulate(Box::new(tabulate::options(matches))),
        Some(("merge", matches)) => Action::Merge(merge::options(matches)),
        Some(("tokens", matches)) => Action::Tokens(matches.get_many("text").into_iter().flatten().cloned().collect()),
        Some(("explain", matches)) => Action::Explain(explain::options(matches)),
        Some(("accuracy", matches)) => Action::Accuracy(accuracy::options(matches)),
        Some(("audit", matches)) => Action::Audit(audit::options(matches)),
        Some(("sheet", matches)) => Action::Sheet(sheet::options(matches)),
        Some(("verify", matches)) => Action::Verify(verify::options(matches)),
        Some(("diff", matches)) => Action::Diff(diff::options(matches)),
        Some(("init", matches)) => Action::Init(matches.get_one("dir").cloned().unwrap_or_default()),
        Some(("codebook", matches)) => Action::Codebook(codebook::task(matches)),
        Some(("check", matches)) => Action::Check(check_options(matches)),
        _ => {
            let command = command(lang);
            let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            let names = names.join(", ");
            return Err(command.clone().error(clap::error::ErrorKind::MissingSubcommand, names));
        }
    };
    Ok(Invocation { lang, lang_chosen, command: action })
}

fn run_options(matches: &ArgMatches) -> run::Options {
    run::Options {
        study: matches.get_one("study").cloned().unwrap_or_default(),
        out: matches.get_one("out").cloned(),
        threads: matches.get_one("threads").copied(),
        quiet: matches.get_flag("quiet"),
        raw: matches.get_flag("raw"),
        tables: matches.get_flag("tables"),
        watch: matches.get_flag("watch"),
    }
}

fn check_options(matches: &ArgMatches) -> check::Options {
    check::Options {
        codebook: matches.get_one("codebook").cloned().unwrap_or_default(),
        study: matches.get_one("study").cloned(),
        json: matches.get_one::<String>("format").is_some_and(|format| format == "json"),
    }
}

/// Does what was asked.
///
/// # Errors
/// What kept it from being done.
pub fn dispatch(invocation: &Invocation) -> Result<Done, Failure> {
    match &invocation.command {
        Action::Run(options) => run::run(options, invocation),
        Action::Tabulate(options) => tabulate::tabulate(options, invocation.lang),
        Action::Code(options) => code::code(options, invocation),
        Action::Check(options) => check::check(options, invocation),
        Action::Merge(options) => merge::merge(options, invocation),
        Action::Tokens(texts) => tokens::tokens(texts, invocation.lang),
        Action::Explain(options) => explain::explain(options, invocation),
        Action::Accuracy(options) => accuracy::accuracy(options, invocation),
        Action::Audit(options) => audit::audit(options, invocation),
        Action::Sheet(options) => sheet::sheet(options, invocation),
        Action::Verify(options) => verify::verify(options, invocation),
        Action::Diff(options) => diff::diff(options, invocation.lang),
        Action::Init(folder) => init::init(folder, invocation.lang),
        Action::Codebook(task) => codebook::codebook(task, invocation),
    }
}

fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| match lang {
        Lang::Ja => ja,
        Lang::En => en,
    };
    let path = |name: &'static str| Arg::new(name).value_parser(value_parser!(PathBuf));
    Command::new("aftercode")
        .version(env!("CARGO_PKG_VERSION"))
        .about(say(
            "自由記述のアフターコーディング: コードブックのルールで回答にコードを付け、根拠の語とともに集計します。",
            "Codes free-text answers by the rules of a codebook, with the words that decided, and tabulates them.",
        ))
        .after_help(say(
            "はじめて使うとき:\n  aftercode init my-study          調査フォルダーのひな形を作ります\n  aftercode run my-study/study.toml  回答にコードを付け、集計します\n  aftercode tokens 補助金がほしい    解析器が見る語を確かめます\n\n終了コード: 0 正常、1 除外した行などがあり確認が必要、2 実行できず",
            "First steps:\n  aftercode init my-study            makes a study folder to start from\n  aftercode run my-study/study.toml  codes the answers and tabulates them\n  aftercode tokens 補助金がほしい      shows the words the analyzer sees\n\nExit status: 0 done; 1 done, but rows were left out or a check failed; 2 could not",
        ))
        .arg(
            Arg::new("lang")
                .long("lang")
                .global(true)
                .value_name("LANG")
                .value_parser(["ja", "en"])
                .help(say("表示と表の言語（ja または en）", "Language of messages and tables (ja or en)")),
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("run")
                .about(say("調査の回答にコードを付け、集計表を作ります", "Codes the answers of a study and tabulates them"))
                .after_help(say(
                    "例:\n  aftercode run data/study.toml\n  aftercode run data/study.toml --out results --threads 2\n\n書き出すファイル: codings.csv（回答×コード、根拠付き）、matrix.csv（回答×0/1）、themes.csv（テーマ×グループ）、review.csv（人が確かめる回答）、manifest.json（結果を決めたすべて）",
                    "Examples:\n  aftercode run data/study.toml\n  aftercode run data/study.toml --out results --threads 2\n\nFiles: codings.csv (answer × code with evidence), matrix.csv (answer × 0/1), themes.csv (theme × group), review.csv (answers for a person to decide), manifest.json (all that decided the result)",
                ))
                .arg(path("study").value_name("STUDY").required(true).help(say("調査ファイル study.toml", "The study file, study.toml")))
                .arg(path("out").long("out").value_name("DIR").help(say("出力先フォルダー（study.toml の output より優先）", "Output folder (wins over output in study.toml)")))
                .arg(
                    Arg::new("threads")
                        .long("threads")
                        .value_name("N")
                        .value_parser(value_parser!(u16).range(1..=1024))
                        .help(say("使うスレッドの数（結果は変わりません）", "Number of threads (the result is the same)")),
                )
                .arg(Arg::new("quiet").long("quiet").action(ArgAction::SetTrue).help(say("表と進み具合を表示しません", "Prints neither tables nor progress")))
                .arg(Arg::new("tables").long("tables").action(ArgAction::SetTrue).help(say(
                    "調査ファイルの [[table]] の表も表示します",
                    "Prints the study's other tables ([[table]]) as well",
                )))
                .arg(Arg::new("watch").long("watch").action(ArgAction::SetTrue).help(say(
                    "調査ファイル・コードブック・回答などが変わるたびに作り直します（Ctrl-C で終わります）",
                    "Makes the results again whenever the study, its codebook or its answers change (Ctrl-C ends)",
                )))
                .arg(Arg::new("raw").long("raw").action(ArgAction::SetTrue).help(say(
                    "機械向けの CSV（BOM なし、改行 LF、数式の無害化なし）",
                    "CSV for machines (no BOM, LF, formulas not neutralized)",
                ))),
        )
        .subcommand(code::command(lang))
        .subcommand(merge::command(lang))
        .subcommand(tabulate::command(lang))
        .subcommand(
            Command::new("check")
                .about(say("コードブックを点検します（例と反例、当たらない語、重なり、回答での当たり方）", "Checks a codebook: examples, words that cannot match, overlaps, hits in answers"))
                .after_help(say(
                    "例:\n  aftercode check codebook.toml\n  aftercode check codebook.toml --study study.toml\n  aftercode check codebook.toml --format json > check.json\n\n例か反例が1つでも通らなければ終了コード 1（注意だけなら 0）",
                    "Examples:\n  aftercode check codebook.toml\n  aftercode check codebook.toml --study study.toml\n  aftercode check codebook.toml --format json > check.json\n\nExit status 1 if an example or counter-example fails; findings alone give 0",
                ))
                .arg(path("codebook").value_name("CODEBOOK").required(true).help(say("コードブック（TOML か JSON）", "The codebook (TOML or JSON)")))
                .arg(path("study").long("study").value_name("STUDY").help(say("この調査の回答でも試します", "Also tries the rules on the answers of this study")))
                .arg(
                    Arg::new("format")
                        .long("format")
                        .value_name("FORMAT")
                        .value_parser(["table", "json"])
                        .help(say("表示の形式（table または json）", "Form of the report (table or json)")),
                ),
        )
        .subcommand(
            Command::new("tokens")
                .about(say("文を解析器がどう区切るかを表示します（ルールを書く人向け）", "Shows how the analyzer cuts a text (for rule writers)"))
                .arg(Arg::new("text").value_name("TEXT").num_args(0..).help(say("文。「-」または省略で標準入力から1行ずつ", "The text; \"-\" or nothing reads lines from standard input"))),
        )
        .subcommand(explain::command(lang))
        .subcommand(accuracy::command(lang))
        .subcommand(audit::command(lang))
        .subcommand(sheet::command(lang))
        .subcommand(verify::command(lang))
        .subcommand(diff::command(lang))
        .subcommand(
            Command::new("init")
                .about(say("新しい調査フォルダーを作ります（study.toml、コードブック、回答の入力表）", "Makes a new study folder (study.toml, codebook, empty response sheet)"))
                .arg(path("dir").value_name("DIR").required(true).help(say("作るフォルダー", "The folder to make"))),
        )
        .subcommand(codebook::command(lang))
}
