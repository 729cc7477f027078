//! `aftercode audit`: how well coders agree, people and rules.

mod arguments;
mod plan;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use aftercode::audit::{Block, Bootstrap, Codings, Findings, Request, Scheme, confused, disagreements, is_decided};
use aftercode::codebook::Codebook;
use aftercode::coding::Coded;
use aftercode::diagnostic::{Diagnostic, Lang, Result, suggest};
use aftercode::read::columns::{self, Reading};
use aftercode::report::agreement::{Audited, differences};
use aftercode::report::{RULES, replace_file};
use aftercode::study::Study;
use aftercode::survey::{PerAnswer, Survey};
use aftercode::text;

use super::{Done, Failure, Format, Invocation, run};

pub use arguments::{command, options};

/// What `audit` was asked to do.
pub struct Options {
    files: Vec<PathBuf>,
    study: Option<PathBuf>,
    gold: Option<String>,
    axis: Option<String>,
    bootstrap: Option<Bootstrap>,
    least: Vec<(String, f64)>,
    format: Format,
    disagreements: Option<PathBuf>,
    plan: Option<plan::Options>,
}

/// Audits codings, or plans to.
pub fn audit(options: &Options, invocation: &Invocation) -> std::result::Result<Done, Failure> {
    let Some(path) = &options.study else {
        let codings = Codings::read(&options.files, None)?;
        return shown(codings, None, options, invocation.lang);
    };
    let study = Study::load(path)?;
    let lang = if invocation.lang_chosen { invocation.lang } else { study.lang.unwrap_or(invocation.lang) };
    let done = match &options.plan {
        Some(plan) => plan::plan(&study, plan, options.format, lang),
        None => with_study(&study, options, lang),
    };
    done.map_err(|failure| match failure {
        Failure::Said(diagnostic, _) => Failure::Said(diagnostic, Some(lang)),
        failure => failure,
    })
}

/// A study with its rules as a coder.
struct Ground<'g> {
    study: &'g Study,
    reading: &'g Reading,
    scheme: &'g Scheme<'g>,
    coded: &'g PerAnswer<Coded>,
}

fn with_study(study: &Study, options: &Options, lang: Lang) -> std::result::Result<Done, Failure> {
    let codebook = Codebook::load(&study.codebook)?;
    run::check_default_stances(study, &codebook)?;
    let reading = columns::survey(study)?;
    run::warn(&reading.notes, true, lang);
    let survey = &reading.survey;
    let machine = run::machine(codebook, &study.dictionary, Some(&run::attribute_names(survey)))?;
    let scheme = Scheme::new(survey, machine.codebook(), &study.answers.id.text);
    let mut codings = Codings::read(&options.files, Some(&scheme))?;
    let coded = machine.code_all(survey, &|_| ())?;
    codings.add_rules(RULES, &scheme, &coded)?;
    let ground = Ground { study, reading: &reading, scheme: &scheme, coded: &coded };
    let done = shown(codings, Some(&ground), options, lang)?;
    Ok(if reading.rows_skipped > 0 { Done::WithReservations } else { done })
}

fn shown(
    mut codings: Codings,
    ground: Option<&Ground<'_>>,
    options: &Options,
    lang: Lang,
) -> std::result::Result<Done, Failure> {
    run::warn(&codings.notes, false, lang);
    let scheme = ground.map(|ground| ground.scheme);
    if let Some(axis) = &options.axis {
        keep_axis(&mut codings, axis, scheme)?;
    }
    if codings.coders.len() < 2 {
        let only = codings.coders.join("");
        return Err(Diagnostic::error(text!(
            "コーダーが {only} しかいません。",
            "There is no other coder than {only}."
        ))
        .hint(text!(
            "もう1人のファイルを並べるか、--study でルールと比べてください。",
            "Name another coder's file as well, or compare with the rules by --study."
        ))
        .into());
    }
    let gold = options.gold.as_deref().map(|name| coder(&codings, name)).transpose()?;
    let rules = ground.and_then(|_| codings.coders.iter().position(|name| name == RULES));
    let parts = ground.map_or_else(Vec::new, |ground| parts(&codings, ground));
    let request = Request {
        gold,
        rules,
        bootstrap: options.bootstrap,
        nets: scheme.map_or_else(Default::default, |scheme| codings.in_nets(scheme.codebook)),
        stances: scheme.map_or_else(Vec::new, Scheme::all_stances),
        parts: &parts,
    };
    let findings = Findings::new(&codings, &request);
    let compared: Vec<usize> = (0..codings.coders.len()).filter(|at| Some(*at) != gold).collect();
    let confused = confused(&codings, &compared);
    let audited = Audited {
        codings: &codings,
        findings: &findings,
        scheme,
        rules: rules.zip(scheme).map(|(at, scheme)| {
            let answers = codings.cells.iter().filter(|row| row[at].is_some()).count() as u64;
            (format!("{} {}", scheme.codebook.id, scheme.codebook.version), answers)
        }),
        confused: &confused,
        bootstrap: options.bootstrap,
        lang,
    };
    if let Some(path) = &options.disagreements {
        if is_decided(path) {
            return Err(Diagnostic::error(text!(
                "このファイルには、人の判定が入っています。",
                "This file holds decisions of people."
            ))
            .file(path)
            .hint(text!("消さないように、別のファイル名を指定してください。", "Keep it, and name another file."))
            .into());
        }
        let found = disagreements(&codings, &compared, rules);
        let evidence = ground.map(|ground| ground.coded);
        write(path, &options.files, differences(&audited, &found, evidence, path)?)?;
    }
    let mut out = std::io::stdout().lock();
    match options.format {
        Format::Table => write!(out, "{}", audited.text(false))?,
        Format::Markdown => write!(out, "{}", audited.text(true))?,
        Format::Json => writeln!(out, "{:#}", audited.json())?,
        Format::Csv => out.write_all(&audited.records().csv(false))?,
    }
    drop(out);
    let failures = failures(&findings.main, &options.least, scheme.is_none())?;
    run::warn(&failures, false, lang);
    Ok(if failures.is_empty() { Done::Well } else { Done::WithReservations })
}

/// The place of a coder.
fn coder(codings: &Codings, name: &str) -> Result<usize> {
    codings.coders.iter().position(|known| known == name).ok_or_else(|| {
        let names: Vec<&str> = codings.coders.iter().map(String::as_str).collect();
        let mut error = Diagnostic::error(text!("コーダー「{name}」はいません。", "There is no coder \"{name}\"."));
        error.hint = suggest(name, &names);
        error
    })
}

/// Leaves out the codes of other axes.
fn keep_axis(codings: &mut Codings, axis: &str, scheme: Option<&Scheme<'_>>) -> Result<()> {
    let Some(scheme) = scheme else {
        return Err(Diagnostic::error(text!("--axis は --study と一緒に使います。", "--axis goes with --study."))
            .hint(text!(
                "軸はコードブックにあります。--study を指定してください。",
                "Axes are in the codebook; name a study."
            )));
    };
    let codebook = scheme.codebook;
    let axes: Vec<&str> =
        codebook.axes.iter().filter(|axis| axis.qualifies.is_none()).map(|axis| axis.id.as_str()).collect();
    if !axes.contains(&axis) {
        let mut error = Diagnostic::error(text!("軸「{axis}」はありません。", "There is no axis \"{axis}\"."));
        error.hint = suggest(axis, &axes);
        return Err(error);
    }
    let own = |id: &String| codebook.code(id).is_none_or(|code| codebook.codes[code].axis == axis);
    let keep: Vec<bool> = codings.labels.iter().map(own).collect();
    codings.keep(&keep);
    Ok(())
}

/// The units by question, and by the values and nets of the attributes that the study
/// groups by.
fn parts(codings: &Codings, ground: &Ground<'_>) -> Vec<(String, String, Vec<usize>)> {
    let survey: &Survey = &ground.reading.survey;
    let units = |test: &dyn Fn((usize, usize)) -> bool| -> Vec<usize> {
        (0..codings.units.len()).filter(|at| test(codings.units[*at].place)).collect()
    };
    let mut parts = Vec::new();
    if survey.questions.len() > 1 {
        for (at, question) in survey.questions.iter().enumerate() {
            parts.push(("question".to_owned(), question.id.clone(), units(&|place| place.1 == at)));
        }
    }
    for name in &ground.study.table.by {
        let Some(at) = survey.attributes.iter().position(|attribute| attribute.name == *name) else { continue };
        let attribute = &survey.attributes[at];
        let value = |place: (usize, usize)| survey.respondents[place.0].values[at].as_deref();
        let groups = attribute.categories.iter().map(|category| (category.clone(), vec![category.clone()]));
        let nets = attribute.nets.iter().map(|net| (net.label.clone(), net.of.clone()));
        for (label, of) in groups.chain(nets) {
            let own = units(&|place| value(place).is_some_and(|value| of.iter().any(|own| own == value)));
            parts.push((name.clone(), label, own));
        }
        let missing = units(&|place| value(place).is_none());
        if !missing.is_empty() {
            parts.push((name.clone(), "不明".to_owned(), missing));
        }
    }
    parts
}

/// What is less than was asked for. Codes that nobody gave are not asked.
fn failures(block: &Block, least: &[(String, f64)], plain: bool) -> Result<Vec<Diagnostic>> {
    let mut failures = Vec::new();
    for (name, least) in least {
        let set = block.sets.alphas.iter().find(|(distance, _)| *name == format!("alpha_{}", distance.id()));
        let mut values = Vec::new();
        if let Some((_, alpha)) = set {
            values.push(("*", Some(alpha.value)));
        } else if let Some(axis) = block.axis.as_ref().filter(|_| plain) {
            values.push(("*", axis.agreement.named().iter().find(|own| own.name == name).map(|own| own.value)));
        } else {
            let used = block.codes.iter().filter(|(_, own)| own.uses.iter().any(|uses| uses[1] > 0));
            let of = |own: &aftercode::audit::Agreement| {
                own.named().iter().find(|own| own.name == name).map(|own| own.value)
            };
            values.extend(used.map(|(id, own)| (id.as_str(), of(own))));
        }
        for (id, value) in values {
            let Some(value) = value else {
                return Err(Diagnostic::error(text!("--min の「{name}」という値はありません。", "--min: there is no value \"{name}\"."))
                    .hint(text!(
                        "alpha、ac1、pa、fleiss、bp、conger（2人なら kappa、po も）、alpha_masi、alpha_jaccard、alpha_exact_set が使えます。",
                        "Use alpha, ac1, pa, fleiss, bp, conger (of two coders kappa and po as well), alpha_masi, alpha_jaccard or alpha_exact_set."
                    )));
            };
            let (ja, en) = match value {
                Ok(value) if value >= *least => continue,
                Ok(value) => (format!("{value:.3}"), format!("{value:.3}")),
                Err(reason) => (reason.reason().ja, reason.reason().en),
            };
            failures.push(Diagnostic::new(
                aftercode::diagnostic::Severity::Warning,
                text!("{id} の {name} が {least} に届きません: {ja}", "{name} of {id} is not {least} or more: {en}"),
            ));
        }
    }
    Ok(failures)
}

/// Writes a file beside the inputs, never over one of them.
pub(super) fn write(path: &Path, inputs: &[PathBuf], bytes: Vec<u8>) -> Result<()> {
    let real = path.canonicalize().ok();
    if real.is_some() && inputs.iter().any(|input| input.canonicalize().ok() == real) {
        return Err(Diagnostic::error(text!(
            "入力のファイルを上書きすることになります。",
            "The input file would be overwritten."
        ))
        .file(path)
        .hint(text!("別のファイル名を指定してください。", "Name another file.")));
    }
    if path.file_name().is_none() {
        return Err(Diagnostic::error(text!(
            "書き込むファイルの名前がありません。",
            "There is no file name to write to."
        ))
        .file(path)
        .hint(text!("ファイル名まで書いてください。", "Write the file's name, too.")));
    }
    replace_file(path, &bytes)
}
