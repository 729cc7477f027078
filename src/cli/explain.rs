//! `aftercode explain`: why an answer got its codes, for those who mend the rules.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use aftercode::codebook::Codebook;
use aftercode::coding::Machine;
use aftercode::diagnostic::{Diagnostic, Lang, Result, suggest};
use aftercode::explain::{Explainer, json, text};
use aftercode::read::columns;
use aftercode::rule::plan::AttributeNames;
use aftercode::study::{DictionaryPaths, Study};
use aftercode::survey::{Question, Respondent, Survey};
use aftercode::text as say;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::{Value, json as object};

use super::{Done, Failure, Invocation, run};

/// What is to be explained.
pub enum Subject {
    /// Answers of a respondent of a study, to one question or to all.
    Respondent {
        /// The study file.
        study: PathBuf,
        /// The respondent's id.
        id: String,
        /// The question's id.
        question: Option<String>,
    },
    /// A text by the codebook of a study.
    StudyText(PathBuf, String),
    /// A text by a codebook.
    CodebookText(PathBuf, String),
}

/// What `explain` was asked to do.
pub struct Options {
    /// What to explain.
    pub subject: Subject,
    /// A code to look at closely.
    pub code: Option<String>,
    /// Whether to write JSON.
    pub json: bool,
}

/// One answer to explain.
struct Item<'s> {
    heading: Vec<(&'static str, &'static str, String)>,
    answer: &'s str,
    values: Vec<Option<&'s str>>,
    default_stance: Option<&'s str>,
}

/// The command line of `explain`.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let path = |name: &'static str| Arg::new(name).value_parser(value_parser!(PathBuf));
    let with_text = |name: &'static str| path(name).long(name).requires("text").value_name("FILE");
    Command::new("explain")
        .about(say(
            "回答にそのコードが付いた（付かなかった）わけを表示します（ルールを直す人向け）",
            "Says why an answer got its codes, or did not (for those who mend rules)",
        ))
        .after_help(say(
            "例:\n  aftercode explain data/study.toml S001\n  aftercode explain data/study.toml S001 Q1 --code vendor\n  aftercode explain --study data/study.toml --text 研修の予算がない\n  aftercode explain --codebook codebook.toml --text 研修の予算がない",
            "Examples:\n  aftercode explain data/study.toml S001\n  aftercode explain data/study.toml S001 Q1 --code vendor\n  aftercode explain --study data/study.toml --text 研修の予算がない\n  aftercode explain --codebook codebook.toml --text 研修の予算がない",
        ))
        .arg(path("of").value_name("STUDY").required_unless_present("text").conflicts_with("text").help(say("調査ファイル study.toml", "The study file, study.toml")))
        .arg(Arg::new("respondent").value_name("RESPONDENT").required_unless_present("text").conflicts_with("text").help(say("回答者の ID", "The respondent's id")))
        .arg(Arg::new("question").value_name("QUESTION").conflicts_with("text").help(say("設問の ID（省略するとすべて）", "The question's id (all if left out)")))
        .arg(Arg::new("text").long("text").value_name("TEXT").help(say("調べる文（--codebook か --study とともに）", "A text to explain (with --codebook or --study)")))
        .arg(with_text("codebook").conflicts_with("study").help(say("コードブック", "The codebook")))
        .arg(with_text("study").required_unless_present_any(["codebook", "of"]).help(say("コードブックと辞書を決める調査ファイル", "The study file, which names codebook and dictionary")))
        .arg(Arg::new("code").long("code").value_name("ID").help(say("くわしく見るコード", "A code to look at closely")))
        .arg(Arg::new("format").long("format").value_name("FORMAT").value_parser(["text", "json"]).default_value("text").help(say("形式（text または json）", "Format (text or json)")))
}

/// What was typed.
pub fn options(matches: &ArgMatches) -> Options {
    let path = |name| matches.get_one::<PathBuf>(name).cloned();
    let word = |name| matches.get_one::<String>(name).cloned();
    let subject = match (word("text"), path("codebook"), path("study")) {
        (Some(text), Some(codebook), _) => Subject::CodebookText(codebook, text),
        (Some(text), None, study) => Subject::StudyText(study.unwrap_or_default(), text),
        (None, ..) => Subject::Respondent {
            study: path("of").unwrap_or_default(),
            id: word("respondent").unwrap_or_default(),
            question: word("question"),
        },
    };
    Options { subject, code: word("code"), json: word("format").as_deref() == Some("json") }
}

/// Explains answers.
pub fn explain(options: &Options, invocation: &Invocation) -> std::result::Result<Done, Failure> {
    if let Subject::StudyText(_, text) | Subject::CodebookText(_, text) = &options.subject
        && text.trim().is_empty()
    {
        return Err(Diagnostic::error(say!("--text の文が空です。", "The text of --text is empty."))
            .hint(say!("調べる文を書いてください。", "Write the text to look at."))
            .into());
    }
    match &options.subject {
        Subject::CodebookText(codebook, text) => {
            let machine = run::machine(Codebook::load(codebook)?, &DictionaryPaths::default(), None)?;
            let item = Item { heading: Vec::new(), answer: text, values: Vec::new(), default_stance: None };
            show(&[item], &machine, None, options, invocation.lang)
        }
        Subject::StudyText(study, text) => {
            let study = Study::load(study)?;
            let lang = language(&study, invocation);
            with_study(&study, lang, |survey, machine, attributes| {
                let values = vec![None; survey.attributes.len()];
                let item = Item { heading: Vec::new(), answer: text, values, default_stance: common_stance(survey) };
                show(&[item], machine, Some(attributes), options, lang)
            })
            .map_err(|failure| in_language(failure, lang))
        }
        Subject::Respondent { study, id, question } => {
            let study = Study::load(study)?;
            let lang = language(&study, invocation);
            with_study(&study, lang, |survey, machine, attributes| {
                let respondent = respondent(survey, id, &study.answers.file)?;
                let items = items(survey, respondent, question.as_deref(), &study.path)?;
                if items.is_empty() {
                    return Err(no_text(respondent, question.as_deref()).into());
                }
                show(&items, machine, Some(attributes), options, lang)
            })
            .map_err(|failure| in_language(failure, lang))
        }
    }
}

fn language(study: &Study, invocation: &Invocation) -> Lang {
    if invocation.lang_chosen { invocation.lang } else { study.lang.unwrap_or(invocation.lang) }
}

fn in_language(failure: Failure, lang: Lang) -> Failure {
    match failure {
        Failure::Said(diagnostic, _) => Failure::Said(diagnostic, Some(lang)),
        failure => failure,
    }
}

fn with_study(
    study: &Study,
    lang: Lang,
    then: impl FnOnce(&Survey, &Machine, &[AttributeNames]) -> std::result::Result<Done, Failure>,
) -> std::result::Result<Done, Failure> {
    let codebook = Codebook::load(&study.codebook)?;
    run::check_default_stances(study, &codebook)?;
    let reading = columns::survey(study)?;
    run::warn(&reading.notes, true, lang);
    let survey = reading.survey;
    let attributes = run::attribute_names(&survey);
    let machine = run::machine(codebook, &study.dictionary, Some(&attributes))?;
    then(&survey, &machine, &attributes)
}

/// The default stance of all questions, where they share one.
fn common_stance(survey: &Survey) -> Option<&str> {
    let mut stances = survey.questions.iter().map(|question| question.default_stance.as_deref());
    let first = stances.next()??;
    stances.all(|other| other == Some(first)).then_some(first)
}

fn respondent<'s>(survey: &'s Survey, id: &str, file: &Path) -> Result<&'s Respondent> {
    survey.respondents.iter().find(|respondent| respondent.id == id).ok_or_else(|| {
        let known: Vec<&str> = survey.respondents.iter().map(|respondent| respondent.id.as_str()).collect();
        let mut error =
            Diagnostic::error(say!("回答者「{id}」がいません。", "There is no respondent \"{id}\".")).file(file);
        error.hint = suggest(id, &known);
        error
    })
}

/// The answers with text to `question`, or to all.
fn items<'s>(
    survey: &'s Survey,
    respondent: &'s Respondent,
    question: Option<&str>,
    study: &Path,
) -> Result<Vec<Item<'s>>> {
    let known: Vec<&str> = survey.questions.iter().map(|question| question.id.as_str()).collect();
    if let Some(asked) = question.filter(|asked| !known.contains(asked)) {
        let mut error = Diagnostic::error(say!("設問「{asked}」はありません。", "There is no question \"{asked}\"."));
        error.hint = suggest(asked, &known);
        return Err(error.file(study));
    }
    let chosen = |candidate: &Question| question.is_none_or(|asked| asked == candidate.id);
    let answers = respondent.answers.iter().zip(&survey.questions).filter(|(_, question)| chosen(question));
    let item = |(answer, question): (&'s aftercode::survey::Answer, &'s Question)| {
        let mut heading = vec![
            ("回答者", "Respondent", respondent.id.clone()),
            ("設問", "Question", format!("{}  {}", question.id, question.wording)),
        ];
        let values = survey.attributes.iter().zip(&respondent.values);
        let values: Vec<String> = values
            .map(|(attribute, value)| format!("{} = {}", attribute.name, value.as_deref().unwrap_or("?")))
            .collect();
        if !values.is_empty() {
            heading.push(("属性", "Attributes", values.join(", ")));
        }
        Some(Item {
            heading,
            answer: answer.text()?,
            values: respondent.values.iter().map(Option::as_deref).collect(),
            default_stance: question.default_stance.as_deref(),
        })
    };
    Ok(answers.filter_map(item).collect())
}

fn no_text(respondent: &Respondent, question: Option<&str>) -> Box<Diagnostic> {
    let id = &respondent.id;
    match question {
        Some(question) => Diagnostic::error(say!(
            "回答者「{id}」は設問 {question} に答えていません。",
            "Respondent \"{id}\" gave no answer to question \"{question}\"."
        )),
        None => Diagnostic::error(say!("回答者「{id}」の回答がありません。", "Respondent \"{id}\" gave no answer.")),
    }
    .hint(say!(
        "文そのものを調べるには --text \"…\" を使ってください。",
        "To look at a text of your own use --text \"…\"."
    ))
}

fn show(
    items: &[Item<'_>],
    machine: &Machine,
    attributes: Option<&[AttributeNames]>,
    options: &Options,
    lang: Lang,
) -> std::result::Result<Done, Failure> {
    let focus = options.code.as_deref().map(|id| code(machine.codebook(), id)).transpose()?;
    let explainer = Explainer::new(machine, attributes);
    let mut worker = explainer.worker();
    let mut out = std::io::stdout().lock();
    let mut objects: Vec<Value> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let explanation = worker.explain(item.answer, &item.values, item.default_stance, focus)?;
        if options.json {
            let heading = item.heading.iter().map(|(_, name, value)| (name.to_lowercase(), object!(value)));
            let mut object: serde_json::Map<String, Value> = heading.collect();
            object.extend(json(&explanation).as_object().cloned().unwrap_or_default());
            objects.push(Value::Object(object));
            continue;
        }
        if at > 0 {
            writeln!(out, "\n{}\n", "═".repeat(60))?;
        }
        for (ja, en, value) in &item.heading {
            writeln!(out, "{}: {value}", if lang == Lang::Ja { ja } else { en })?;
        }
        write!(out, "{}", text(&explanation, lang))?;
    }
    if options.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&objects).unwrap_or_default())?;
    }
    Ok(Done::Well)
}

fn code(codebook: &Codebook, id: &str) -> Result<usize> {
    codebook.code(id).ok_or_else(|| {
        let known: Vec<&str> = codebook.codes.iter().map(|code| code.id.as_str()).collect();
        let mut error =
            Diagnostic::error(say!("コード「{id}」はコードブックにありません。", "The codebook has no code \"{id}\"."));
        error.hint = suggest(id, &known);
        error
    })
}
