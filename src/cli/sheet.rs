//! `aftercode sheet`: a sheet for a person to code answers in.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use aftercode::audit::{Sample, Scheme, answered};
use aftercode::codebook::Codebook;
use aftercode::diagnostic::{Diagnostic, Lang, Result, suggest};
use aftercode::read::columns;
use aftercode::report::RULES;
use aftercode::report::sheet::SheetPlan;
use aftercode::study::Study;
use aftercode::survey::Survey;
use aftercode::text;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Done, Failure, Invocation, audit, run};

/// What `sheet` was asked to do.
pub struct Options {
    study: PathBuf,
    coder: String,
    questions: Vec<String>,
    sample: Option<u64>,
    seed: u64,
    blind: bool,
    format: Option<String>,
    out: PathBuf,
}

/// The command line of `sheet`.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let path = |name: &'static str| Arg::new(name).value_parser(value_parser!(PathBuf)).required(true);
    Command::new("sheet")
        .about(say("人がコードを付けるためのシートを作ります", "Makes a sheet for a person to code answers in"))
        .after_help(say(
            "例:\n  aftercode sheet data/study.toml --coder sato --blind --out sato.xlsx\n  aftercode sheet data/study.toml --coder sato --sample 50 --seed 7 --blind --out sato.xlsx\n  aftercode audit sato.xlsx suzuki.xlsx --study data/study.toml\n\n信頼性を調べるときは --blind にします（ないと、ルールの結果が入ったシートになります）。判定を終えた行は、コードがなくても coded に 1 を入れます。",
            "Examples:\n  aftercode sheet data/study.toml --coder sato --blind --out sato.xlsx\n  aftercode sheet data/study.toml --coder sato --sample 50 --seed 7 --blind --out sato.xlsx\n  aftercode audit sato.xlsx suzuki.xlsx --study data/study.toml\n\nTo measure reliability use --blind (without it, the codes of the rules are filled in). A row that is done gets 1 in \"coded\", even if no code holds.",
        ))
        .arg(path("study").value_name("STUDY").help(say("調査ファイル study.toml", "The study file, study.toml")))
        .arg(Arg::new("coder").long("coder").value_name("NAME").required(true).help(say("コーダーの名前", "The coder's name")))
        .arg(Arg::new("question").long("question").value_name("ID").action(ArgAction::Append).help(say("この設問だけ（くり返し可）", "This question only (can be repeated)")))
        .arg(Arg::new("sample").long("sample").value_name("N").value_parser(value_parser!(u64).range(1..)).help(say("無作為に N 件を（設問と、調査の [table] by の最初の属性に比例して）選び、順序を混ぜます", "Draws N answers at random (in proportion to questions and the first attribute of [table] by), in random order")))
        .arg(Arg::new("seed").long("seed").value_name("S").default_value("1").value_parser(value_parser!(u64)).help(say("抽出の種", "The seed they are drawn from")))
        .arg(Arg::new("blind").long("blind").action(ArgAction::SetTrue).help(say("ルールの結果を入れません", "Leaves the codes of the rules out")))
        .arg(Arg::new("format").long("format").value_name("FORMAT").value_parser(["xlsx", "csv"]).help(say("形式（省略すると --out の拡張子から）", "Format (by default told by the extension of --out)")))
        .arg(path("out").long("out").value_name("FILE").help(say("書き出すファイル", "The file to write")))
}

/// What was typed.
pub fn options(matches: &ArgMatches) -> Options {
    Options {
        study: matches.get_one("study").cloned().unwrap_or_default(),
        coder: matches.get_one("coder").cloned().unwrap_or_default(),
        questions: matches.get_many("question").into_iter().flatten().cloned().collect(),
        sample: matches.get_one("sample").copied(),
        seed: matches.get_one("seed").copied().unwrap_or(1),
        blind: matches.get_flag("blind"),
        format: matches.get_one("format").cloned(),
        out: matches.get_one("out").cloned().unwrap_or_default(),
    }
}

/// Makes the sheet.
pub fn sheet(options: &Options, invocation: &Invocation) -> std::result::Result<Done, Failure> {
    let study = Study::load(&options.study)?;
    let lang = if invocation.lang_chosen { invocation.lang } else { study.lang.unwrap_or(invocation.lang) };
    made(&study, options, lang).map_err(|failure| match failure {
        Failure::Said(diagnostic, _) => Failure::Said(diagnostic, Some(lang)),
        failure => failure,
    })
}

fn made(study: &Study, options: &Options, lang: Lang) -> std::result::Result<Done, Failure> {
    check_coder(options.coder.trim())?;
    let is_csv = is_csv(&options.out, options.format.as_deref())?;
    let codebook = Codebook::load(&study.codebook)?;
    run::check_default_stances(study, &codebook)?;
    let reading = columns::survey(study)?;
    run::warn(&reading.notes, true, lang);
    let survey = &reading.survey;
    let ids: Vec<&str> = survey.questions.iter().map(|question| question.id.as_str()).collect();
    let mut questions = Vec::new();
    for name in &options.questions {
        let Some(at) = ids.iter().position(|id| id == name) else {
            let mut error =
                Diagnostic::error(text!("設問「{name}」はありません。", "There is no question \"{name}\"."));
            error.hint = suggest(name, &ids);
            return Err(error.into());
        };
        questions.push(at);
    }
    if questions.is_empty() {
        questions = (0..ids.len()).collect();
    }
    questions.sort_unstable();
    questions.dedup();
    let machine = run::machine(codebook, &study.dictionary, Some(&run::attribute_names(survey)))?;
    let scheme = Scheme::new(survey, machine.codebook(), &study.answers.id.text);
    let coded = if options.blind { None } else { Some(machine.code_all(survey, &|_| ())?) };
    let units = match options.sample {
        Some(count) => Sample::draw(&scheme, &questions, stratified_by(study, survey), count, options.seed).units,
        None => answered(&scheme, &questions),
    };
    let plan = SheetPlan { scheme: &scheme, coder: options.coder.trim(), units: &units, coded: coded.as_ref(), lang };
    let bytes = if is_csv { plan.csv() } else { plan.xlsx()? };
    audit::write(&options.out, &[study.path.clone(), study.answers.file.clone(), study.codebook.clone()], bytes)?;
    let (count, file) = (units.len(), options.out.display());
    let mut out = std::io::stdout().lock();
    match lang {
        Lang::Ja => writeln!(out, "書き出しました: {file}（{count} 件）")?,
        Lang::En => writeln!(out, "Written: {file} ({count} answers)")?,
    }
    Ok(if reading.rows_skipped > 0 { Done::WithReservations } else { Done::Well })
}

/// The attribute by which samples are stratified: the first that the study groups by.
pub fn stratified_by(study: &Study, survey: &Survey) -> Option<usize> {
    let first = study.table.by.first()?;
    survey.attributes.iter().position(|attribute| attribute.name == *first)
}

/// Refuses what is no name for a coder.
pub fn check_coder(name: &str) -> Result<()> {
    if !name.is_empty() && name != RULES {
        return Ok(());
    }
    Err(Diagnostic::error(text!("この名前はコーダーに使えません。", "This is no name for a coder.")).hint(text!(
        "--coder に、空でも rules でもない名前を書いてください。",
        "Give --coder a name that is neither blank nor \"rules\"."
    )))
}

/// Whether the sheet is to be CSV.
pub fn is_csv(out: &Path, format: Option<&str>) -> Result<bool> {
    let extension = out.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match (format, extension.as_deref()) {
        (Some("csv") | None, Some("csv")) => Ok(true),
        (Some("xlsx") | None, Some("xlsx")) => Ok(false),
        _ => Err(Diagnostic::error(text!(
            "--out の拡張子が形式と合いません。",
            "The extension of --out does not fit the format."
        ))
        .file(out)
        .hint(text!(".xlsx か .csv にしてください。", "Use .xlsx or .csv."))),
    }
}
