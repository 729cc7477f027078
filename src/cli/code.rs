//! `aftercode code`: codes a stream of answers to standard output.

use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Stdout, Write};
use std::path::{Path, PathBuf};

use aftercode::codebook::Codebook;
use aftercode::diagnostic::{Diagnostic, Lang, Result, io_error, suggest};
use aftercode::read::Opened;
use aftercode::report::PendingFile;
use aftercode::stream::{self, BATCH, Columns, Delimiter, Form, Input, News, Rows, Stopped};
use aftercode::study::{DictionaryPaths, Show};
use aftercode::text;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Done, Failure, Invocation, progress, run};

/// What `code` was asked to do.
pub struct Options {
    codebook: PathBuf,
    inputs: Vec<PathBuf>,
    stream: stream::Options,
    /// Whether a matrix was asked for as JSON, which there is not.
    matrix_of_objects: bool,
    /// A file in place of standard output.
    out: Option<PathBuf>,
}

/// The command line of `code`.
pub fn command(lang: Lang) -> Command {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let word = |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    Command::new("code")
        .about(say(
            "回答を順に読みながらコードを付け、標準出力に書きます（大量の回答向け。メモリーは一定）",
            "Codes a stream of answers to standard output (for many answers; constant memory)",
        ))
        .after_help(say(
            "例:\n  aftercode code --codebook codebook.toml --text 回答 --id ID answers.csv > codings.csv\n  zcat answers.csv.gz | aftercode code --codebook codebook.toml --text 回答 --format jsonl > codings.jsonl\n  aftercode code --codebook codebook.toml --text 回答 --matrix --raw 2024.csv.gz 2025.csv.zst > matrix.csv\n  aftercode code --codebook codebook.toml --text 回答 --format parquet --out codings.parquet answers.parquet\n\n入力は見出しのある UTF-8 の CSV か TSV（gzip、Zstandard も可）か、Parquet のファイル。出力は入力の順で、codings.csv・matrix.csv と同じ列です。\n途中で止まったときは、書き終えた行数を --skip に指定し、出力を >> で後ろに付け足します（見出しは書きません）。Parquet では別のファイルに書き、並べて読みます。\n終了コード: 0 正常、1 除外した行がある、2 実行できず",
            "Examples:\n  aftercode code --codebook codebook.toml --text answer --id id answers.csv > codings.csv\n  zcat answers.csv.gz | aftercode code --codebook codebook.toml --text answer --format jsonl > codings.jsonl\n  aftercode code --codebook codebook.toml --text answer --matrix --raw 2024.csv.gz 2025.csv.zst > matrix.csv\n  aftercode code --codebook codebook.toml --text answer --format parquet --out codings.parquet answers.parquet\n\nInput is CSV or TSV in UTF-8 with a header (gzip and Zstandard as well), or a Parquet file. Output is in the order of the input, with the columns of codings.csv or matrix.csv.\nAfter an interruption give --skip the number of rows that were written, and append the output with >> (it has no header then); a Parquet file is written beside the earlier, to be read with it.\nExit status: 0 done; 1 done, but rows were left out; 2 could not",
        ))
        .arg(word("codebook", "FILE").value_parser(value_parser!(PathBuf)).required(true).help(say("コードブック", "The codebook")))
        .arg(word("text", "COLUMN").help(say("回答の列（1列しか残らなければ省略可）", "Column of the answers (may be left out if only one is left)")))
        .arg(word("id", "COLUMN").help(say("ID の列（省略すると行の番号）", "Column of the ids (the number of the row if left out)")))
        .arg(word("question", "COLUMN").help(say("設問の列（省略すると回答の列の名前）", "Column of the question (the name of the answers' column if left out)")))
        .arg(word("format", "FORMAT").value_parser(["csv", "tsv", "jsonl", "parquet"]).default_value("csv").help(say("出力の形式（csv、tsv、jsonl、parquet）", "Format of the output (csv, tsv, jsonl, parquet)")))
        .arg(word("out", "FILE").value_parser(value_parser!(PathBuf)).help(say("出力するファイル（省略すると標準出力）", "The file to write (standard output if left out)")))
        .arg(flag("codings").conflicts_with("matrix").help(say("回答×コードの行（既定）", "A row an answer and code (the default)")))
        .arg(flag("matrix").help(say("回答×0/1 の行", "A row an answer, 0 or 1 a code")))
        .arg(word("default-stance", "ID").help(say("ほかに手がかりのないテーマの立場", "The stance of a theme that says nothing else")))
        .arg(word("quotes", "HOW").value_parser(["masked", "full", "none"]).default_value("masked").help(say("根拠の語: 名前などを伏せる（masked）、そのまま（full）、書かない（none）", "The words of evidence: names masked (masked), as they are (full), none (none)")))
        .arg(word("threads", "N").value_parser(value_parser!(u16).range(1..=1024)).help(say("使うスレッドの数（結果は変わりません）", "Number of threads (the result is the same)")))
        .arg(word("skip", "N").value_parser(value_parser!(u64)).default_value("0").help(say("読み飛ばすデータの行数（見出しは書きません）", "Data rows to pass over (no header is written then)")))
        .arg(flag("raw").help(say("機械向け（BOM なし、改行 LF、数式の無害化なし）", "For machines (no BOM, LF, formulas not neutralized)")))
        .arg(Arg::new("input").value_name("INPUT").num_args(0..).value_parser(value_parser!(PathBuf)).help(say("入力。「-」または省略で標準入力", "The input; \"-\" or nothing reads standard input")))
}

/// What was typed.
pub fn options(matches: &ArgMatches) -> Options {
    let word = |name| matches.get_one::<String>(name).cloned();
    let cells = |delimiter| if matches.get_flag("matrix") { Form::Matrix(delimiter) } else { Form::Codings(delimiter) };
    let form = match word("format").as_deref() {
        Some("jsonl") => Form::Objects,
        Some("parquet") => Form::Parquet(if matches.get_flag("matrix") { Rows::Matrix } else { Rows::Codings }),
        Some("tsv") => cells(Delimiter::Tab),
        _ => cells(Delimiter::Comma),
    };
    let inputs: Vec<PathBuf> = matches.get_many("input").into_iter().flatten().cloned().collect();
    Options {
        codebook: matches.get_one("codebook").cloned().unwrap_or_default(),
        matrix_of_objects: form == Form::Objects && matches.get_flag("matrix"),
        out: matches.get_one("out").cloned(),
        inputs: if inputs.is_empty() { vec![PathBuf::from("-")] } else { inputs },
        stream: stream::Options {
            columns: Columns { text: word("text"), id: word("id"), question: word("question") },
            form,
            raw: matches.get_flag("raw"),
            show: word("quotes").and_then(|name| Show::named(&name)).unwrap_or_default(),
            lang: Lang::default(),
            default_stance: word("default-stance"),
            threads: matches.get_one("threads").map(|&threads: &u16| usize::from(threads)),
            skip: matches.get_one("skip").copied().unwrap_or_default(),
            batch: BATCH,
        },
    }
}

/// Codes a stream.
pub fn code(options: &Options, invocation: &Invocation) -> std::result::Result<Done, Failure> {
    let lang = invocation.lang;
    if options.matrix_of_objects {
        return Err(Diagnostic::error(text!(
            "--matrix を --format jsonl で書くことはできません。",
            "--matrix cannot be written with --format jsonl."
        ))
        .hint(text!(
            "--format csv か tsv にするか、--matrix を外してください。",
            "Use --format csv or tsv, or leave --matrix out."
        ))
        .into());
    }
    let codebook = Codebook::load(&options.codebook)?;
    check_stance(options.stream.default_stance.as_deref(), &codebook)?;
    let inputs = inputs(&options.inputs)?;
    // No attributes: a rule that asks for one is refused rather than never true.
    let machine = run::machine(codebook, &DictionaryPaths::default(), Some(&[]))?;
    let spinner = progress::spinner(if lang == Lang::Ja { "コードを付けています" } else { "Coding" }, false);
    let mut out = Output::open(options)?;
    let stream = stream::Options { lang, ..options.stream.clone() };
    let ended = stream::code(&machine, inputs, &stream, &mut out, &mut |news| match news {
        News::Note(note) => spinner.suspend(|| {
            // A closed stderr must not keep the answers from being coded.
            let _ = writeln!(std::io::stderr(), "{}", note.render(lang));
        }),
        News::Written(rows) => {
            spinner.set_message(if lang == Lang::Ja { format!("{rows} 行") } else { format!("{rows} rows") });
        }
    });
    spinner.finish_and_clear();
    match &ended {
        Ok(_) => out.end()?,
        // What was written is complete, and how to go on was said.
        Err(Stopped::Said(_)) if out.is_begun() => out.end()?,
        Err(_) => out.give_up(),
    }
    match ended {
        Ok(summary) if summary.left_out > 0 || summary.read < options.stream.skip => Ok(Done::WithReservations),
        Ok(_) => Ok(Done::Well),
        Err(Stopped::Said(diagnostic)) => Err(diagnostic.into()),
        Err(Stopped::Out(error)) => Err(match &options.out {
            Some(file) => io_error(file, &error).into(),
            None => Failure::Pipe(error),
        }),
    }
}

/// Where the rows go.
enum Output {
    Standard(BufWriter<Stdout>),
    /// A file that takes its place at the end, and whether anything was written to it.
    File(PendingFile, bool),
}

impl Output {
    fn open(options: &Options) -> Result<Self> {
        if let Some(file) = &options.out {
            let is_input =
                |input: &PathBuf| matches!((input.canonicalize(), file.canonicalize()), (Ok(a), Ok(b)) if a == b);
            if options.inputs.iter().any(is_input) {
                return Err(Diagnostic::error(text!(
                    "入力のファイルを上書きすることになります。",
                    "The input file would be overwritten."
                ))
                .file(file)
                .hint(text!("--out に別の名前を指定してください。", "Give another name with --out.")));
            }
            return Ok(Self::File(PendingFile::new(file)?, false));
        }
        if matches!(options.stream.form, Form::Parquet(_)) && std::io::stdout().is_terminal() {
            return Err(Diagnostic::error(text!(
                "Parquet は画面に表示できません。",
                "Parquet cannot be shown on a terminal."
            ))
            .hint(text!("--out に書き出すファイルを指定してください。", "Name a file to write with --out.")));
        }
        Ok(Self::Standard(BufWriter::new(std::io::stdout())))
    }

    fn end(self) -> std::result::Result<(), Failure> {
        match self {
            Self::Standard(mut out) => Ok(out.flush()?),
            Self::File(file, _) => Ok(file.replace()?),
        }
    }

    /// Whether there is anything that a file should be replaced by.
    fn is_begun(&self) -> bool {
        matches!(self, Self::Standard(_) | Self::File(_, true))
    }

    /// What could not be written is not to be tried again when this is dropped.
    fn give_up(self) {
        if let Self::Standard(out) = self {
            let _ = out.into_parts();
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File(file, is_begun) => {
                *is_begun |= !bytes.is_empty();
                file.write(bytes)
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            // It is flushed when it is whole.
            Self::File(..) => Ok(()),
        }
    }
}

/// The inputs, all of which must be there before the first is read.
fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>> {
    if paths.iter().filter(|path| is_standard(path)).count() > 1 {
        return Err(Diagnostic::error(text!("「-」が2回指定されています。", "\"-\" is given twice."))
            .hint(text!("標準入力は1回だけ読めます。", "Standard input can be read once.")));
    }
    let input = |path: &PathBuf| {
        if is_standard(path) {
            return Ok(Input {
                path: PathBuf::from("<stdin>"),
                open: Box::new(|| Ok(Opened::Stream(Box::new(std::io::stdin())))),
            });
        }
        let metadata = std::fs::metadata(path).map_err(|error| io_error(path, &error))?;
        if metadata.is_dir() {
            return Err(io_error(path, &std::io::ErrorKind::IsADirectory.into()));
        }
        let file = path.clone();
        Ok(Input { path: path.clone(), open: Box::new(move || Ok(Opened::File(File::open(file)?))) })
    };
    paths.iter().map(input).collect()
}

fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// A stance that the codebook does not know would silently be a code of its own.
fn check_stance(stance: Option<&str>, codebook: &Codebook) -> Result<()> {
    let qualifying = codebook.axes.iter().filter(|axis| axis.qualifies.is_some());
    let known: Vec<&str> = qualifying.flat_map(|axis| &axis.order).map(String::as_str).collect();
    let Some(stance) = stance.filter(|stance| !known.contains(stance)) else { return Ok(()) };
    let mut error = Diagnostic::error(text!(
        "--default-stance「{stance}」はコードブックの立場にありません。",
        "The --default-stance \"{stance}\" is no stance of the codebook."
    ));
    error.hint = suggest(stance, &known);
    Err(error)
}
