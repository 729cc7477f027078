//! `aftercode audit --plan`: how many answers to code twice, and which.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use aftercode::audit::{Assumptions, Sample, Scheme, Sizes, Unit, answered};
use aftercode::codebook::Codebook;
use aftercode::coding::Coded;
use aftercode::diagnostic::{Diagnostic, Lang, Result};
use aftercode::read::columns;
use aftercode::report::planning::Planned;
use aftercode::report::sheet::SheetPlan;
use aftercode::study::Study;
use aftercode::survey::PerAnswer;
use aftercode::text;
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use super::super::{Done, Failure, Format, run, sheet};

/// What `audit --plan` was asked to do.
pub struct Options {
    assumed: Assumptions,
    sample: Option<u64>,
    seed: u64,
    out: Vec<PathBuf>,
}

/// What can be typed beside `--plan`.
pub fn arguments(lang: Lang) -> Vec<Arg> {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let number = |name: &'static str, default: &'static str, ja: &'static str, en: &'static str| {
        let arg = Arg::new(name).long(name).value_name("X").value_parser(value_parser!(f64));
        arg.default_value(default)
            .requires("plan")
            .allow_negative_numbers(true)
            .help_heading(say("計画（--plan）", "Planning (--plan)"))
            .help(say(ja, en))
    };
    let heading = say("計画（--plan）", "Planning (--plan)");
    vec![
        Arg::new("plan")
            .long("plan")
            .action(ArgAction::SetTrue)
            .requires("study")
            .conflicts_with_all(["file", "gold", "axis", "min", "disagreements"])
            .help_heading(heading)
            .help(say("コーディングの前に、何件を2人で判定すればよいかを求めます", "Before anybody codes: how many answers two people should code")),
        number("width", "0.2", "区間の幅（下限から上限まで）", "Width of the intervals, bound to bound"),
        number("level", "0.95", "区間の信頼水準", "Level of the intervals"),
        number("kappa", "0.8", "見込まれる κ（α）", "The κ (or α) to be expected"),
        number("precision", "0.8", "見込まれるルールの適合率", "The rules' precision to be expected"),
        number("recall", "0.8", "見込まれるルールの再現率", "The rules' recall to be expected"),
        Arg::new("sample")
            .long("sample")
            .value_name("N")
            .value_parser(value_parser!(u64).range(1..))
            .requires("plan")
            .help_heading(heading)
            .help(say("N 件を、設問と、調査の [table] by の最初の属性で層に分けて選びます", "Draws N answers, stratified by question and the first attribute of [table] by")),
        Arg::new("out")
            .long("out")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .action(ArgAction::Append)
            .requires("sample")
            .help_heading(heading)
            .help(say(
                "選んだ回答のコーディングシート（.xlsx か .csv）。ファイル名がコーダーの名前です。人数分くり返せます",
                "Writes a coding sheet of them (.xlsx or .csv); the file's name is the coder's. Can be repeated, once for each coder",
            )),
    ]
}

/// What was typed; `None` without `--plan`.
pub fn options(matches: &ArgMatches, seed: u64) -> Option<Options> {
    let number = |name: &str| matches.get_one::<f64>(name).copied().unwrap_or(f64::NAN);
    matches.get_flag("plan").then(|| Options {
        assumed: Assumptions {
            width: number("width"),
            level: number("level"),
            kappa: number("kappa"),
            precision: number("precision"),
            recall: number("recall"),
        },
        sample: matches.get_one("sample").copied(),
        seed,
        out: matches.get_many("out").into_iter().flatten().cloned().collect(),
    })
}

/// Plans the double coding of a study.
pub fn plan(study: &Study, options: &Options, format: Format, lang: Lang) -> std::result::Result<Done, Failure> {
    options.assumed.check()?;
    let coders = coders(&options.out)?;
    let codebook = Codebook::load(&study.codebook)?;
    run::check_default_stances(study, &codebook)?;
    let reading = columns::survey(study)?;
    run::warn(&reading.notes, true, lang);
    let survey = &reading.survey;
    let machine = run::machine(codebook, &study.dictionary, Some(&run::attribute_names(survey)))?;
    let scheme = Scheme::new(survey, machine.codebook(), &study.answers.id.text);
    let coded = machine.code_all(survey, &|_| ())?;
    let questions: Vec<usize> = (0..survey.questions.len()).collect();
    let all = answered(&scheme, &questions);
    if all.is_empty() {
        return Err(Diagnostic::error(text!("内容を書いた回答がありません。", "There is no answer with text."))
            .file(&study.answers.file)
            .hint(text!(
                "調査の [[question]] の列を確かめてください。",
                "Check the columns of [[question]] in the study."
            ))
            .into());
    }
    let given = given(&scheme, &coded, &all);
    let sizes: Vec<Sizes> = given.iter().map(|given| options.assumed.sizes(all.len() as u64, *given)).collect();
    let by = sheet::stratified_by(study, survey);
    let sample = options.sample.map(|count| Sample::draw(&scheme, &questions, by, count, options.seed));
    let inside = sample.as_ref().map(|sample| self::given(&scheme, &coded, &sample.units));
    let planned = Planned {
        scheme: &scheme,
        assumed: &options.assumed,
        sizes: &sizes,
        drawn: sample.as_ref().zip(inside.as_deref()).map(|(sample, given)| (sample, options.seed, given)),
        by: by.map(|by| survey.attributes[by].name.as_str()),
        lang,
    };
    if let Some(sample) = &sample {
        write(study, &scheme, sample, &coders, lang)?;
    }
    show(&planned, format, &coders, study)?;
    Ok(if reading.rows_skipped > 0 { Done::WithReservations } else { Done::Well })
}

fn show(planned: &Planned<'_>, format: Format, coders: &[(String, &Path)], study: &Study) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Table | Format::Markdown => write!(out, "{}", planned.text(format == Format::Markdown))?,
        Format::Json => writeln!(out, "{:#}", planned.json())?,
        Format::Csv => out.write_all(&planned.records().csv(false))?,
    }
    if format != Format::Table {
        return Ok(());
    }
    let path = study.path.display();
    if coders.is_empty() {
        let count = planned.drawn.map_or_else(|| "N".to_owned(), |(sample, ..)| sample.units.len().to_string());
        return match planned.lang {
            Lang::Ja => writeln!(
                out,
                "\n次に: aftercode audit --plan --study {path} --sample {count} --out 名前.xlsx --out 名前.xlsx（同じ標本のシートを2人分）"
            ),
            Lang::En => writeln!(
                out,
                "\nNext: aftercode audit --plan --study {path} --sample {count} --out NAME.xlsx --out NAME.xlsx (a sheet of the same sample for each of two coders)"
            ),
        };
    }
    let files: Vec<String> = coders.iter().map(|(_, path)| path.display().to_string()).collect();
    match planned.lang {
        Lang::Ja => writeln!(
            out,
            "\n書き出しました: {}\n判定のあとで: aftercode audit {} --study {path}",
            files.join("、"),
            files.join(" ")
        ),
        Lang::En => writeln!(
            out,
            "\nWritten: {}\nWhen they are coded: aftercode audit {} --study {path}",
            files.join(", "),
            files.join(" ")
        ),
    }
}

/// The coder of each file, by its name.
fn coders(files: &[PathBuf]) -> Result<Vec<(String, &Path)>> {
    let mut names = BTreeSet::new();
    let mut coders = Vec::new();
    for path in files {
        sheet::is_csv(path, None)?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().trim().to_owned()).unwrap_or_default();
        sheet::check_coder(&name).map_err(|error| {
            error.file(path).hint(text!(
                "ファイル名がコーダーの名前になります。sato.xlsx のような名前にしてください。",
                "The file's name is the coder's. Call it, for instance, sato.xlsx."
            ))
        })?;
        if !names.insert(name.clone()) {
            return Err(Diagnostic::error(text!(
                "同じ名前のコーダー「{name}」が2人います。",
                "Two coders are called \"{name}\"."
            ))
            .file(path)
            .hint(text!("--out のファイル名を変えてください。", "Give the files of --out different names.")));
        }
        coders.push((name, path.as_path()));
    }
    Ok(coders)
}

/// To how many of these answers the rules give each label.
fn given(scheme: &Scheme<'_>, coded: &PerAnswer<Coded>, units: &[Unit]) -> Vec<u64> {
    let codebook = scheme.codebook;
    let mut given = vec![0; scheme.labels().len()];
    for coded in units.iter().filter_map(|unit| coded.get(unit.place.0, unit.place.1)) {
        let reserved = coded.reserved.map(|at| codebook.reserved[at].id.as_str());
        let codes = coded.codings.iter().map(|coding| codebook.codes[coding.code].id.as_str());
        for id in reserved.into_iter().chain(codes) {
            let label = scheme.labels().iter().position(|label| label == id);
            label.into_iter().for_each(|label| given[label] += 1);
        }
    }
    given
}

/// Writes the blind sheet of each coder.
fn write(study: &Study, scheme: &Scheme<'_>, sample: &Sample, coders: &[(String, &Path)], lang: Lang) -> Result<()> {
    for (coder, path) in coders {
        let plan = SheetPlan { scheme, coder, units: &sample.units, coded: None, lang };
        let bytes = if sheet::is_csv(path, None)? { plan.csv() } else { plan.xlsx()? };
        super::write(path, &[study.path.clone(), study.answers.file.clone(), study.codebook.clone()], bytes)?;
    }
    Ok(())
}
