//! `aftercode code`: a stream of answers gets what a study gets, in order, whatever the
//! threads, the batches and the packing; what is broken is told and does no harm.

mod common;

use std::io::{Cursor, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use aftercode::codebook::Codebook;
use aftercode::coding::Machine;
use aftercode::config::Source;
use aftercode::diagnostic::Lang;
use aftercode::normalize::Normalizer;
use aftercode::read::Opened;
use aftercode::stream::{self, Columns, Delimiter, Form, Input, News, Options};
use aftercode::study::Show;
use aftercode::tokenize::Tokenizer;
use common::{CODEBOOK, Csv, Folder, Run};

const ARGS: [&str; 7] = ["code", "--codebook", "codebook.toml", "--id", "回答者ID", "--text", "Q1"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [ARGS.as_slice(), more].concat()
}

/// Runs the program with `input` on standard input.
fn piped(folder: &Folder, args: &[&str], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aftercode"))
        .args(args)
        .current_dir(folder.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("written");
    Run {
        status: output.status.code().expect("an exit status"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// The rows of a file of a run that are about `question`, without the columns `but`.
fn of_question(bytes: &[u8], question: &str, but: &[&str]) -> Vec<Vec<String>> {
    let csv = Csv::parse(bytes);
    let kept: Vec<usize> = (0..csv.header.len()).filter(|&at| !but.contains(&csv.header[at].as_str())).collect();
    let rows = csv.rows.iter().filter(|row| row[csv.column("question")] == question);
    rows.map(|row| kept.iter().map(|&at| row[at].clone()).collect()).collect()
}

#[test]
fn the_sample_study_gets_the_same_codes() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let codebook = "codebooks/medical-cybersecurity.toml";
    for question in ["Q1", "Q2"] {
        let args = ["code", "--codebook", codebook, "--id", "回答者ID", "--text", question];
        let args = [args.as_slice(), &["--default-stance", "request", "data/responses.csv"]].concat();
        let files = folder.files_in("data/out");

        let codings = folder.run_well(&args).stdout;
        let expected = of_question(&files["codings.csv"], question, &[]);
        assert!(expected.len() > 50);
        assert_eq!(of_question(codings.as_bytes(), question, &[]), expected);
        assert_eq!(Csv::parse(codings.as_bytes()).header, Csv::parse(&files["codings.csv"]).header);

        let matrix = folder.run_well(&[args.as_slice(), &["--matrix"]].concat()).stdout;
        let expected = of_question(&files["matrix.csv"], question, &["施設種別"]);
        assert_eq!(of_question(matrix.as_bytes(), question, &[]), expected);

        let objects = folder.run_well(&[args.as_slice(), &["--format", "jsonl"]].concat()).stdout;
        assert_eq!(objects.lines().count(), expected.len());
        assert_eq!(rows_of_objects(&objects), Csv::parse(codings.as_bytes()).rows);
    }
}

/// JSON lines as rows of codings.csv.
fn rows_of_objects(objects: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for line in objects.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        for coding in object["codings"].as_array().expect("a list") {
            let all = |key: &str| {
                let spans = coding["evidence"].as_array().expect("a list").iter();
                let cells = spans.map(|span| span[key].as_str().map_or_else(|| span[key].to_string(), str::to_owned));
                cells.collect::<Vec<_>>().join(";")
            };
            rows.push(vec![
                text(&object["id"]),
                text(&object["question"]),
                text(&coding["code"]),
                text(&coding["stance"]),
                "rules".to_owned(),
                all("start"),
                all("end"),
                all("text"),
                text(&coding["unit"]),
            ]);
        }
    }
    rows
}

/// Many answers, of which many are alike.
fn many(rows: usize) -> String {
    let answers = ["特になし", "補助金がほしい", "", "研修の費用が足りない", "=補助金", "\"補助金\nと研修\""];
    let row = |at: usize| match at % 7 {
        6 => format!("R{at},補助金{at}と研修\n"),
        _ => format!("R{at},{}\n", answers[at * at % answers.len()]),
    };
    format!("id,text\n{}", (0..rows).map(row).collect::<String>())
}

fn streamed(machine: &Machine, text: &str, form: Form, threads: usize, batch: usize, skip: u64) -> Vec<u8> {
    let options = Options {
        columns: Columns { text: None, id: Some("id".to_owned()), question: None },
        form,
        raw: false,
        show: Show::Masked,
        lang: Lang::Ja,
        default_stance: Some("request".to_owned()),
        threads: Some(threads),
        skip,
        batch,
    };
    let bytes = text.as_bytes().to_vec();
    let input = Input {
        path: PathBuf::from("answers.csv"),
        open: Box::new(move || Ok(Opened::Stream(Box::new(Cursor::new(bytes))))),
    };
    let mut out = Vec::new();
    let mut written = 0;
    let told = &mut |news: News<'_>| {
        if let News::Written(rows) = news {
            assert!(rows >= written);
            written = rows;
        }
    };
    assert!(stream::code(machine, vec![input], &options, &mut out, told).is_ok());
    out
}

#[test]
fn threads_and_batches_make_no_difference_and_a_run_can_be_resumed() {
    let codebook = Codebook::from_source(&Source::new("codebook.toml", CODEBOOK)).unwrap();
    let machine =
        Machine::new(codebook, Normalizer::shipped().unwrap(), Tokenizer::embedded(&[]).unwrap(), Some(&[])).unwrap();
    let text = many(1500);
    for form in [Form::Codings(Delimiter::Comma), Form::Matrix(Delimiter::Tab), Form::Objects] {
        // A batch of one row codes every answer anew.
        let single = streamed(&machine, &text, form, 1, 1, 0);
        assert!(single.len() > 30_000);
        for (threads, batch) in [(1, 4096), (2, 7), (4, 100), (3, 1500)] {
            assert!(streamed(&machine, &text, form, threads, batch, 0) == single, "{form:?} {threads} {batch}");
        }
        for skip in [1, 700] {
            let rest = streamed(&machine, &text, form, 2, 64, skip);
            assert!(single.ends_with(&rest) && !rest.is_empty());
            assert!(!rest.starts_with("\u{feff}".as_bytes()), "no header");
        }
        assert!(streamed(&machine, &text, form, 2, 64, 1500).is_empty());
    }
}

#[test]
fn packed_files_and_pipes_are_read_alike() {
    let folder = Folder::small();
    let bytes = folder.text("responses.csv").into_bytes();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&bytes).expect("written");
    folder.write("a.csv.gz", gzip.finish().expect("packed"));
    let zstd = ruzstd::encoding::compress_to_vec(&*bytes, ruzstd::encoding::CompressionLevel::Fastest);
    folder.write("b.zst", &zstd);
    folder.write("tabs.tsv", folder.text("responses.csv").replace(',', "\t"));
    let plain = folder.run_well(&with(&["responses.csv"])).stdout;
    assert!(plain.contains("A1,Q1,money.subsidy,request,rules,0,3,補助金,sentence\r\n"), "{plain}");
    for file in ["a.csv.gz", "b.zst", "tabs.tsv"] {
        assert_eq!(folder.run_well(&with(&[file])).stdout, plain, "{file}");
    }
    let bom = ["\u{feff}".as_bytes(), &bytes].concat();
    for (input, args) in [(&bytes, with(&[])), (&zstd, with(&["-"])), (&bom, with(&["-"]))] {
        assert_eq!(piped(&folder, &args, input).stdout, plain);
    }
    // Several files are one stream with one header.
    let twice = folder.run_well(&with(&["responses.csv", "a.csv.gz"])).stdout;
    let (header, rows) = plain.split_once('\n').expect("lines");
    assert_eq!(twice, format!("{header}\n{rows}{rows}"));

    folder.write("cut.csv.gz", &std::fs::read(folder.path("a.csv.gz")).unwrap()[..40]);
    let cut = folder.run(&with(&["cut.csv.gz"]));
    assert_eq!(cut.status, 2);
    assert!(cut.stderr.contains("圧縮されたファイルが、途中で切れているか壊れています。"), "{}", cut.stderr);
}

#[test]
fn a_closed_pipe_is_the_end() {
    let folder = Folder::small();
    folder.write("many.csv", many(100_000).replacen("id,text", "回答者ID,Q1", 1));
    let mut child = Command::new(env!("CARGO_BIN_EXE_aftercode"))
        .args(with(&["many.csv"]))
        .current_dir(folder.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 100];
    child.stdout.take().expect("a pipe").read_exact(&mut first).expect("the first rows");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*said), (Some(0), ""));
}

#[test]
fn formulas_are_neutralized_unless_raw() {
    let folder = Folder::small();
    folder.write("f.csv", "回答者ID,Q1\n=1+1,補助金\n");
    assert!(folder.run_well(&with(&["f.csv"])).stdout.contains("\r\n'=1+1,Q1,"));
    let raw = folder.run_well(&with(&["f.csv", "--raw"])).stdout;
    assert!(raw.starts_with("respondent_id,") && raw.contains("\n=1+1,Q1,") && !raw.contains('\r'), "{raw}");
}

#[test]
fn bad_rows_are_told_with_their_line_and_the_others_coded() {
    let folder = Folder::small();
    let rows = [
        "回答者ID,Q1\nA1,補助金\nA2\nA3,".as_bytes(),
        b"\x95\xE2",
        "\n,研修\nA5,\"研\n修\nA6,研修\"\nA7,研修\n".as_bytes(),
    ];
    folder.write("bad.csv", rows.concat());
    for threads in ["1", "2"] {
        let run = folder.run(&with(&["bad.csv", "--raw", "--threads", threads]));
        assert_eq!(run.status, 1);
        let codes: Vec<Vec<String>> = Csv::parse(run.stdout.as_bytes()).rows;
        let codes: Vec<(&str, &str)> = codes.iter().map(|row| (row[0].as_str(), row[2].as_str())).collect();
        assert_eq!(codes, [("A1", "money.subsidy"), ("A5", "training"), ("A7", "training")]);
        for place in ["bad.csv 3行\n", "bad.csv 4行\n", "bad.csv 5行 1列\n"] {
            assert!(run.stderr.contains(place), "{place} in {}", run.stderr);
        }
        assert_eq!(run.stderr.matches("除外: ").count(), 3);
    }
}

/// A command line or input that is refused: what is said, in both languages.
fn refused(folder: &Folder, args: &[&str], ja: &str, en: &str) {
    let run = folder.run(args);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}: {}", run.stderr);
    assert!(run.stderr.contains(ja) && run.stderr.contains("→"), "{ja}: {}", run.stderr);
    let run = folder.run(&[args, &["--lang", "en"]].concat());
    assert!(run.stderr.contains(en), "{en}: {}", run.stderr);
}

#[test]
fn what_cannot_be_read_for_certain_is_refused() {
    let folder = Folder::small();
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(common::RESPONSES);
    folder.write("cp932.csv", &cp932);
    folder.write("book.xlsx", b"PK\x03\x04 and more");
    folder.write("json.jsonl", "{\"回答\": \"補助金\"}\n");
    folder.write("empty.csv", "");
    folder.write("open.csv", "回答者ID,Q1\n\"A1,補助金\n");
    let at = |file| with(&[file]);
    refused(&folder, &at("cp932.csv"), "UTF-8 ではありません", "This is not UTF-8");
    refused(&folder, &at("book.xlsx"), "順に読みながら処理できません", "cannot be read as a stream");
    refused(&folder, &at("json.jsonl"), "JSON のようです", "looks like JSON");
    refused(&folder, &at("empty.csv"), "ファイルが空です", "The file is empty");
    refused(&folder, &at("gone.csv"), "ファイルが見つかりません", "does not exist");
    refused(&folder, &at("."), "フォルダーです", "This is a folder");
    let few = ["code", "--codebook", "codebook.toml"];
    refused(&folder, &[&few, ["responses.csv"].as_slice()].concat(), "--text", "Name it with --text");
    refused(&folder, &[&few, ["--text", "Q9", "responses.csv"].as_slice()].concat(), "列「Q9」", "no column \"Q9\"");
    refused(&folder, &with(&["--question", "Q1", "responses.csv"]), "別の項目", "something else");
    refused(&folder, &with(&["--default-stance", "requst", "responses.csv"]), "request", "Did you mean");
    refused(&folder, &with(&["--matrix", "--format", "jsonl", "responses.csv"]), "--matrix を", "--matrix cannot");
    refused(&folder, &with(&["-", "-"]), "2回", "twice");

    // What came before is written, and how to go on is said.
    folder.write("open.csv", "回答者ID,Q1\nA1,補助金\nA2,\"研修\n");
    let run = folder.run(&with(&["open.csv", "--raw"]));
    assert_eq!((run.status, run.stdout.lines().count()), (2, 2), "{}", run.stderr);
    assert!(run.stderr.contains("--skip 1") && run.stderr.contains("open.csv 3行"), "{}", run.stderr);
    let run = folder.run(&with(&["responses.csv", "--skip", "9"]));
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("--skip 9 より少なく"), "{}", run.stderr);
}

#[test]
fn a_rule_that_asks_for_an_attribute_is_refused() {
    let folder = Folder::small();
    folder.edit("codebook.toml", "rule = \"研修\"", "rule = \"研修 & {施設種別=病院}\"");
    let run = folder.run(&with(&["responses.csv"]));
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains("施設種別"), "{}", run.stderr);
}

#[test]
fn a_file_is_replaced_by_what_is_complete_and_by_nothing_else() {
    let folder = Folder::small();
    let expected = folder.run_well(&with(&["responses.csv"])).stdout;
    folder.write("out.csv", "old");
    let file = |args: &[&str]| folder.run(&with(&[&["--out", "out.csv"], args].concat()));
    let run = file(&["gone.csv"]);
    assert_eq!((run.status, folder.text("out.csv").as_str()), (2, "old"));
    folder.write("cp932.csv", encoding_rs::SHIFT_JIS.encode("回答者ID,Q1\n").0);
    assert_eq!((file(&["cp932.csv"]).status, folder.text("out.csv").as_str()), (2, "old"));
    let run = file(&["responses.csv"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert_eq!(folder.text("out.csv"), expected);

    // What came before a mistake is kept, as on standard output.
    folder.write("open.csv", "回答者ID,Q1\nA1,補助金\nA2,\"研修\n");
    let run = file(&["open.csv"]);
    assert_eq!((run.status, folder.text("out.csv").lines().count()), (2, 2), "{}", run.stderr);
    let left: Vec<String> = folder.files().into_keys().filter(|name| name.starts_with(".aftercode-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A link stays a link, a device a device.
#[cfg(unix)]
#[test]
fn a_file_behind_a_link_is_replaced_and_a_device_written_to() {
    let folder = Folder::small();
    let expected = folder.run_well(&with(&["responses.csv"])).stdout;
    folder.write("real.csv", "old");
    std::os::unix::fs::symlink("real.csv", folder.path("link.csv")).expect("a link");
    folder.run_well(&with(&["responses.csv", "--out", "link.csv"]));
    assert!(folder.path("link.csv").is_symlink());
    assert_eq!(folder.text("real.csv"), expected);
    assert_eq!(folder.run_well(&with(&["responses.csv", "--out", "/dev/stdout"])).stdout, expected);
}
