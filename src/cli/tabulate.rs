//! `aftercode tabulate`: counts and tests of any file with a row a respondent and 0/1
//! columns.

mod arguments;
mod population;

use std::io::Write as _;
use std::path::PathBuf;

use aftercode::diagnostic::{Diagnostic, Lang, Result, Severity};
use aftercode::read::Options as Reading;
use aftercode::read::matrix::{Matrix, Section, Wanted, matrix};
use aftercode::report::tabulation::{self, Tabulation, Tested};
use aftercode::report::{Grid, Records, replace_files};
use aftercode::statistics::Adjustment;
use aftercode::survey::Net;
use aftercode::tabulate::compare::{comparisons, pair, tests};
use aftercode::tabulate::cross::{BaseOf, Cross, Head, PercentOf, Plan, cross};
use aftercode::tabulate::matrix::{check_order, variables};
use aftercode::tabulate::rates::{Rate, exceeded};
use aftercode::tabulate::suppress::{Rule, suppress};
use aftercode::tabulate::variable::{Level, Variable};
use aftercode::text;
use serde_json::{Value, json};

use super::{Done, Failure, Format};

pub use arguments::{command, options};

/// What `tabulate` was asked to do.
pub struct Options {
    file: PathBuf,
    reading: Reading,
    wanted: Wanted,
    nets: Vec<Result<Net>>,
    conditions: Vec<Result<(String, Vec<String>)>>,
    compare: Vec<Result<[String; 2]>>,
    /// Whether blank rows are in the base.
    everyone: bool,
    percent: PercentOf,
    adjustment: Option<Adjustment>,
    population: Option<PathBuf>,
    suppress: Option<Rule>,
    tests: bool,
    order: Vec<String>,
    format: Format,
    out: Option<PathBuf>,
    raw: bool,
}

/// What was found out.
struct Found {
    tables: Vec<Tabulation>,
    rates: Vec<Rate>,
    notes: Vec<Diagnostic>,
}

/// Tabulates a matrix.
pub fn tabulate(options: &Options, lang: Lang) -> std::result::Result<Done, Failure> {
    let mut wanted = options.wanted.clone();
    for condition in &options.conditions {
        wanted.conditions.push(condition.clone().map_err(|error| error.file(&options.file))?);
    }
    let placed = |error: Box<Diagnostic>| error.file(&options.file);
    let nets: Vec<Net> = options.nets.iter().cloned().collect::<Result<_>>().map_err(placed)?;
    let pairs: Vec<[String; 2]> = options.compare.iter().cloned().collect::<Result<_>>().map_err(placed)?;
    let mut matrix = matrix(&options.file, &options.reading, &wanted)?;
    let found = found(&mut matrix, options, &nets, &pairs).map_err(|error| error.file(&options.file))?;

    let themes = tabulation::themes(&found.tables, lang);
    let tested: Vec<Tested> = found.tables.iter().map(|table| table.tested.clone()).collect();
    let tests = tabulation::tests(&tested, options.adjustment, lang);
    let rates = (!found.rates.is_empty()).then(|| tabulation::rates(&found.rates, lang));
    if let Some(folder) = &options.out {
        write(
            folder,
            options,
            [
                Some(("themes.csv", &themes)),
                Some(("tests.csv", &tests)),
                rates.as_ref().map(|rates| ("rates.csv", rates)),
            ],
        )?;
    }
    let mut stderr = std::io::stderr().lock();
    for note in &found.notes {
        // A closed stderr must not keep the results from being printed.
        let _ = writeln!(stderr, "{}", note.render(lang));
    }
    drop(stderr);
    let mut out = std::io::stdout().lock();
    match options.format {
        _ if options.out.is_some() => {
            let names = if rates.is_some() {
                ["themes.csv", "tests.csv", "rates.csv"].as_slice()
            } else {
                &["themes.csv", "tests.csv"]
            };
            let folder = options.out.iter().map(|folder| folder.display().to_string()).collect::<String>();
            match lang {
                Lang::Ja => writeln!(out, "書き出しました: {folder} に {}", names.join("、"))?,
                Lang::En => writeln!(out, "Written to {folder}: {}", names.join(", "))?,
            }
        }
        Format::Csv => out.write_all(&themes.csv(options.raw))?,
        Format::Json => writeln!(out, "{:#}", as_json(&matrix, options, &themes, &tests, rates.as_ref()))?,
        Format::Table | Format::Markdown => print(&mut out, &found, options, &tests, rates.as_ref(), lang)?,
    }
    Ok(if matrix.rows_skipped > 0 { Done::WithReservations } else { Done::Well })
}

fn found(matrix: &mut Matrix, options: &Options, nets: &[Net], pairs: &[[String; 2]]) -> Result<Found> {
    let mut found = Found { tables: Vec::new(), rates: Vec::new(), notes: std::mem::take(&mut matrix.notes) };
    check_order(&matrix.sections, &options.order)?;
    for section in &matrix.sections {
        let (mut codes, groups) = variables(section, nets, &options.order)?;
        if let Some(chosen) = &section.chosen {
            (codes.asked, codes.answered) = (codes.asked.and(chosen), codes.answered.and(chosen));
        }
        if let Some(path) = &options.population
            && found.rates.is_empty()
        {
            found.rates = population::rates_of(path, &groups)?;
            found.notes.extend(exceeded(&found.rates));
        }
        found.notes.extend(unknown(section));
        found.tables.push(table(section, &codes, &groups, options, pairs, &found.rates)?);
    }
    Ok(found)
}

fn table(
    section: &Section,
    codes: &Variable,
    groups: &[Variable],
    options: &Options,
    pairs: &[[String; 2]],
    rates: &[Rate],
) -> Result<Tabulation> {
    let base = if options.everyone { BaseOf::Respondents } else { BaseOf::Answered };
    let plan = Plan {
        rows: vec![codes],
        columns: groups.iter().collect(),
        base,
        of: options.percent,
        weights: section.weights.as_deref(),
    };
    // What is tested are shares of the groups, whatever is shown.
    let mut cross = cross(&plan);
    if let Some(rule) = options.suppress {
        cross.hidden = suppress(&cross, &vec![true; cross.columns.len()], rule);
    }
    let shares: Vec<Vec<_>> = (0..cross.rows.len()).map(|row| cross.shares(row)).collect();
    let mut compared = comparisons(&cross.columns, &|head| is_outermost(&cross.columns, head));
    for [one, two] in pairs {
        let pair = pair(&cross.columns, [one, two])?;
        if !compared.contains(&pair) {
            compared.push(pair);
        }
    }
    let counts = |row: usize| cross.rows[row].level != Level::Missing;
    if !options.tests {
        compared.clear();
    }
    let mut tests = tests(&shares, &compared, options.adjustment, &counts);
    // A difference or a p-value would give the counts away.
    tests.retain(|test| cross.is_open(test.item));
    let population = |head: &Head| {
        let own = |rate: &&Rate| match head.level {
            Level::Total => rate.level == Level::Total,
            level => rate.by == head.variable && rate.level == level && rate.label.ja == head.id,
        };
        rates.iter().find(own).and_then(|rate| rate.population.filter(|population| *population >= rate.respondents))
    };
    let populations = cross.columns.iter().map(population).collect();
    let tested = Tested {
        question: section.question.clone(),
        codes: cross.rows.iter().map(|row| row.id.clone()).collect(),
        columns: cross.columns.clone(),
        comparisons: compared,
        tests,
    };
    Ok(Tabulation { question: section.question.clone(), cross, tested, populations })
}

/// Nets, and categories outside any net of their variable, if there are nets.
fn is_outermost(columns: &[Head], head: &Head) -> bool {
    let own = || columns.iter().enumerate().filter(|(_, other)| other.block == head.block);
    let place = columns.iter().position(|other| std::ptr::eq(other, head));
    let nets = || own().filter(|(_, other)| other.level == Level::Net);
    nets().next().is_some()
        && (head.level == Level::Net || !nets().any(|(_, net)| place.is_some_and(|place| net.of.contains(&place))))
}

/// Blank cells are told where they are not the same rows for all codes.
fn unknown(section: &Section) -> Vec<Diagnostic> {
    let blank = |code: &aftercode::read::matrix::CodeColumn| section.people as u64 - code.known.count();
    let (Some(least), Some(most)) = (section.codes.iter().map(blank).min(), section.codes.iter().map(blank).max())
    else {
        return Vec::new();
    };
    if most == 0 {
        return Vec::new();
    }
    let question = if section.question.is_empty() { String::new() } else { format!("{}: ", section.question) };
    let numbers = if least == most { most.to_string() } else { format!("{least}–{most}") };
    vec![Diagnostic::new(
        Severity::Note,
        text!(
            "{question}空欄（不明）が1コードにつき {numbers} 人あります。空欄は 0 ではなく、--base answered の母数に入りません。",
            "{question}blank cells (unknown) per code: {numbers}. They are no zeros, and not in the base with --base answered."
        ),
    )]
}

fn write(folder: &std::path::Path, options: &Options, files: [Option<(&str, &Records)>; 3]) -> Result<()> {
    let named = folder.canonicalize().ok();
    let input = options.file.canonicalize().ok();
    let files: Vec<(String, Vec<u8>)> =
        files.into_iter().flatten().map(|(name, records)| (name.to_owned(), records.csv(options.raw))).collect();
    if let (Some(folder), Some(input)) = (named, input)
        && files.iter().any(|(name, _)| folder.join(name) == input)
    {
        return Err(Diagnostic::error(text!(
            "入力のファイルを上書きすることになります。",
            "The input file would be overwritten."
        ))
        .file(&options.file)
        .hint(text!("--out に別のフォルダーを指定してください。", "Name another folder with --out.")));
    }
    replace_files(folder, files)
}

fn as_json(matrix: &Matrix, options: &Options, themes: &Records, tests: &Records, rates: Option<&Records>) -> Value {
    json!({
        "input": {
            "file": options.file.file_name().map(|name| name.to_string_lossy()),
            "sha256": matrix.source.sha256,
            "rows_read": matrix.rows_read,
            "rows_skipped": matrix.rows_skipped,
        },
        "settings": {
            "base": if options.everyone { "respondents" } else { "answered" },
            "conditions": options.conditions.iter().flatten().map(|(name, values)| format!("{name}={}", values.join(","))).collect::<Vec<_>>(),
            "percent": options.percent.name(),
            "adjustment": options.adjustment.map_or("none", Adjustment::id),
            "family": "the rows of one question and comparison",
        },
        "themes": themes.json(),
        "tests": tests.json(),
        "rates": rates.map(Records::json),
    })
}

fn print(
    out: &mut impl std::io::Write,
    found: &Found,
    options: &Options,
    tests: &Records,
    rates: Option<&Records>,
    lang: Lang,
) -> std::io::Result<()> {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let markdown = options.format == Format::Markdown;
    let set = |grid: &Grid| if markdown { grid.markdown() } else { grid.terminal() };
    for table in &found.tables {
        if !table.question.is_empty() {
            writeln!(out, "{}{}\n", if markdown { "## " } else { "" }, table.question)?;
        }
        writeln!(out, "{}", set(&tabulation::grid(&table.cross, &|_| true, lang)))?;
        if has_small(&table.cross) {
            writeln!(
                out,
                "{}\n",
                say("* 母数30未満は参考値、** 10未満", "* base under 30: for reference only; ** under 10")
            )?;
        }
    }
    let shown = [
        "question",
        "code",
        "group_by",
        "test",
        "p",
        "p_adjusted",
        "difference",
        "difference_low",
        "difference_high",
        "note",
    ];
    if !tests.rows.is_empty() {
        let grid = columns(tests, &shown, "test", &["fisher", "fisher-freeman-halton"]);
        let head = say("検定", "Tests");
        writeln!(out, "{}{head}\n\n{}", if markdown { "## " } else { "" }, set(&grid))?;
        writeln!(
            out,
            "{}",
            say(
                "差はポイント、区間は Newcombe の95%信頼区間。mid-p と χ² は --out の tests.csv か --format json にあります。",
                "Differences are in points, with Newcombe's 95 % interval. mid-p and χ² are in tests.csv of --out and in --format json.",
            )
        )?;
    }
    if let Some(rates) = rates {
        let grid = columns(rates, &["group_by", "group", "population", "respondents", "percent"], "group_by", &[]);
        writeln!(out, "\n{}{}\n\n{}", if markdown { "## " } else { "" }, say("回収率", "Response rates"), set(&grid))?;
    }
    Ok(())
}

fn has_small(cross: &Cross) -> bool {
    cross.bases.iter().flatten().any(|base| *base < 30)
}

/// The `shown` columns of those rows whose cell in `column` is one of `kept` (all if none).
fn columns(records: &Records, shown: &[&str], column: &str, kept: &[&str]) -> Grid {
    let place = |name: &str| records.header.iter().position(|known| *known == name);
    let filled = |at: &usize| records.rows.iter().any(|row| !row[*at].is_empty());
    let places: Vec<usize> = shown.iter().filter_map(|name| place(name)).filter(filled).collect();
    let keeps =
        |row: &&Vec<String>| kept.is_empty() || place(column).is_some_and(|at| kept.contains(&row[at].as_str()));
    let cells = |row: &Vec<String>| places.iter().map(|&at| row[at].clone()).collect();
    Grid {
        right: places.iter().map(|&at| Records::is_number(records.header[at])).collect(),
        header: places.iter().map(|&at| records.header[at].to_owned()).collect(),
        rows: records.rows.iter().filter(keeps).map(cells).collect(),
    }
}
