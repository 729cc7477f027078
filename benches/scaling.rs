//! Time to code the same answers with codebooks of 20, 100 and 400 codes.
//!
//! `cargo bench --bench scaling [ROUNDS]` times them in turn and prints the ratios.
//! `… --bench scaling -- --once KIND CODES` codes the text once, for instruction counts
//! (`perf stat -e instructions:u`, or callgrind); setting up is counted as well.
//! `… --bench scaling -- --write KIND CODES` prints the codebook.
//!
//! KIND says where the words of the rules come from. `dense`: from the answers, so that
//! twenty times the codes find about twenty times as much. `grown`: two thirds of the words
//! are compounds that few answers hold, and rules grow finer, as in a codebook that grew.
#![allow(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use aftercode::codebook::Codebook;
use aftercode::coding::{Machine, MachineWorker};
use aftercode::config::Source;
use aftercode::normalize::Normalizer;
use aftercode::read::columns;
use aftercode::study::Study;
use aftercode::survey::Answer;
use aftercode::tokenize::Tokenizer;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The sizes that are compared; the first is what the others are measured by.
const SIZES: [usize; 3] = [20, 100, 400];
/// How often the answers of the sample study are repeated.
const REPEAT: usize = 10;

#[derive(Clone, Copy)]
enum Kind {
    Dense,
    Grown,
}

impl Kind {
    fn of(name: &str) -> Result<Self> {
        match name {
            "dense" => Ok(Self::Dense),
            "grown" => Ok(Self::Grown),
            _ => Err(format!("KIND is dense or grown, not {name:?}").into()),
        }
    }
}

#[allow(clippy::boxed_local, reason = "the shape `map_err` wants")]
fn fail(error: Box<aftercode::diagnostic::Diagnostic>) -> String {
    error.render(aftercode::diagnostic::Lang::En)
}

/// The answers of the sample study.
fn answers() -> Result<Vec<String>> {
    let study = Study::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/study.toml")).map_err(fail)?;
    let survey = columns::survey(&study).map_err(fail)?.survey;
    let texts = survey.respondents.iter().flat_map(|respondent| respondent.answers.iter().filter_map(Answer::text));
    Ok(texts.map(str::to_owned).collect())
}

/// The different nouns, verbs and adjectives of the answers, by base form, in order.
fn vocabulary(answers: &[String]) -> Result<Vec<String>> {
    let (normalizer, tokenizer) = (Normalizer::shipped().map_err(fail)?, Tokenizer::embedded(&[]).map_err(fail)?);
    let mut worker = tokenizer.worker();
    let mut words = BTreeSet::new();
    for answer in answers {
        let document = worker.document(normalizer.normalize(answer)).map_err(fail)?;
        for token in &document.tokens {
            let features = tokenizer.features(*token, document.text());
            let of_content = matches!(features.pos(), ["名詞" | "動詞" | "形容詞", ..]);
            if of_content && features.base.chars().count() > 1 && features.base.chars().all(is_japanese) {
                words.insert(features.base.to_owned());
            }
        }
    }
    Ok(words.into_iter().collect())
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FC}' | '\u{4E00}'..='\u{9FFF}')
}

/// A number that looks random, the same in every run.
fn mixed(x: usize) -> usize {
    let mut x = x as u64 + 1;
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    (x ^ (x >> 33)) as usize
}

/// The word at `place` of the rule of `code`.
fn word(kind: Kind, vocabulary: &[String], code: usize, place: usize) -> String {
    let seed = mixed(code * 64 + place);
    let plain = &vocabulary[seed % vocabulary.len()];
    match kind {
        Kind::Dense => plain.clone(),
        Kind::Grown if seed.is_multiple_of(3) => plain.clone(),
        Kind::Grown => format!("{plain}{}", vocabulary[mixed(seed) % vocabulary.len()]),
    }
}

/// One rule: words, and by turns nearness, a phrase, a sequence or a condition.
fn rule(kind: Kind, vocabulary: &[String], code: usize) -> String {
    let word = |place| word(kind, vocabulary, code, place);
    let words = (0..6).map(word).collect::<Vec<_>>().join(" | ");
    let more = match code % 4 {
        0 => format!("near({}, {} | {}; 6)", word(6), word(7), word(8)),
        1 => format!("\"{} の {}\"", word(6), word(7)),
        2 => format!("seq({}, {}, ほしい | ない; 5)", word(6), word(7)),
        _ => format!("({} | {}) & ({} | 困る)", word(6), word(7), word(8)),
    };
    format!("{words} | {more}")
}

/// A codebook with `codes` themes; a smaller one is the beginning of a larger one.
fn codebook(kind: Kind, vocabulary: &[String], codes: usize) -> String {
    let mut toml = "[codebook]\nid = \"scaling\"\nversion = \"1\"\n\n[[axis]]\nid = \"theme\"\n".to_owned();
    for code in 0..codes {
        let rule = rule(kind, vocabulary, code);
        toml +=
            &format!("\n[[code]]\nid = \"c{code}\"\naxis = \"theme\"\nlabel = \"テーマ{code}\"\nrule = '''{rule}'''\n");
    }
    toml
}

fn machine(toml: &str) -> Result<Machine> {
    let codebook = Codebook::from_source(&Source::new("scaling.toml", toml)).map_err(fail)?;
    let (normalizer, tokenizer) = (Normalizer::shipped().map_err(fail)?, Tokenizer::embedded(&[]).map_err(fail)?);
    Ok(Machine::new(codebook, normalizer, tokenizer, None).map_err(fail)?)
}

/// Codes the text once; how many codes were given.
fn pass(worker: &mut MachineWorker<'_>, answers: &[String]) -> Result<usize> {
    let mut given = 0;
    for _ in 0..REPEAT {
        for answer in answers {
            given += worker.code(answer, &[], None).map_err(fail)?.codings.len();
        }
    }
    Ok(given)
}

fn measure(name: &str, kind: Kind, answers: &[String], vocabulary: &[String], rounds: usize) -> Result<()> {
    let machines =
        SIZES.iter().map(|&codes| machine(&codebook(kind, vocabulary, codes))).collect::<Result<Vec<_>>>()?;
    let mut workers: Vec<_> = machines.iter().map(Machine::worker).collect();
    let mut times = [Duration::MAX; SIZES.len()];
    let mut given = [0; SIZES.len()];
    // In turn, so that what slows the machine slows all of them.
    for _ in 0..rounds {
        for (at, worker) in workers.iter_mut().enumerate() {
            let start = Instant::now();
            given[at] = pass(worker, answers)?;
            times[at] = times[at].min(start.elapsed());
        }
    }
    let count = (answers.len() * REPEAT) as f64;
    println!("{name}: {count:.0} answers, rules over {} words", vocabulary.len());
    for (at, codes) in SIZES.iter().enumerate() {
        println!(
            "  {codes:>4} codes {:>10.0} answers/s {:>7.2} codes an answer {:>6.2} × the time of {}",
            count / times[at].as_secs_f64(),
            given[at] as f64 / count,
            times[at].as_secs_f64() / times[0].as_secs_f64(),
            SIZES[0]
        );
    }
    Ok(())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answers = answers()?;
    let vocabulary = vocabulary(&answers)?;
    match arguments[..] {
        ["--write", kind, codes] => print!("{}", codebook(Kind::of(kind)?, &vocabulary, codes.parse()?)),
        ["--once", kind, codes] => {
            let machine = machine(&codebook(Kind::of(kind)?, &vocabulary, codes.parse()?))?;
            println!("{} codes given", pass(&mut machine.worker(), &answers)?);
        }
        ref rest => {
            let rounds = rest.first().map_or(Ok(5), |rounds| rounds.parse())?;
            measure("dense (words of the answers)", Kind::Dense, &answers, &vocabulary, rounds)?;
            measure("grown (finer words)", Kind::Grown, &answers, &vocabulary, rounds)?;
        }
    }
    Ok(())
}
