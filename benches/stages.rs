//! Answers per second and MB/s of each stage on one thread, beside bare lindera
//! segmentation of the same text in the same run. A benchmark, not a timed test:
//! quote the ratios, not the seconds.
//!
//! `cargo bench --bench stages [ROUNDS]`; the sparse text is read from
//! `../shared/data/fukui_freetext_long.csv` where that exists.
#![allow(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::path::Path;
use std::time::{Duration, Instant};

use aftercode::codebook::Codebook;
use aftercode::coding::{Coded, Machine, MachineWorker, part};
use aftercode::normalize::Normalizer;
use aftercode::read::{Options, columns, table};
use aftercode::study::Study;
use aftercode::survey::{Answer, Base, PerAnswer, Survey};
use aftercode::tabulate;
use aftercode::tokenize::Tokenizer;
use lindera::mode::Mode;
use lindera::segmenter::Segmenter;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// How long `work` takes; what it counts is looked at, so that nothing is left out.
fn timed(work: impl FnOnce() -> u64) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

/// The fastest of `rounds` runs: what the machine's other work disturbs least.
fn best(rounds: usize, mut work: impl FnMut() -> u64) -> Duration {
    (0..rounds).map(|_| timed(&mut work)).min().unwrap_or_default()
}

struct Report {
    answers: usize,
    bytes: usize,
    bare: Option<Duration>,
}

impl Report {
    fn line(&self, stage: &str, time: Duration) {
        let seconds = time.as_secs_f64();
        let ratio = self.bare.map_or(String::new(), |bare| format!("{:8.2} ×", bare.as_secs_f64() / seconds));
        println!(
            "  {stage:<28} {:>12.0} answers/s {:>8.2} MB/s {ratio}",
            self.answers as f64 / seconds,
            self.bytes as f64 / 1e6 / seconds
        );
    }
}

#[allow(clippy::boxed_local, reason = "the shape `map_err` wants")]
fn fail(error: Box<aftercode::diagnostic::Diagnostic>) -> String {
    error.render(aftercode::diagnostic::Lang::En)
}

fn measure(name: &str, answers: &[String], rounds: usize) -> Result<()> {
    let bytes = answers.iter().map(String::len).sum();
    println!("{name}: {} answers, {:.2} MB (ratio: times as fast as bare lindera)", answers.len(), bytes as f64 / 1e6);
    let mut bare = Segmenter::new(Mode::Normal, aftercode_dictionaries::load()?, None).into_worker();
    let normalizer = Normalizer::shipped().map_err(fail)?;
    let tokenizer = Tokenizer::embedded(&[]).map_err(fail)?;
    let mut worker = tokenizer.worker();
    let codebook = Path::new(env!("CARGO_MANIFEST_DIR")).join("codebooks/medical-cybersecurity.toml");
    let codebook = Codebook::load(&codebook).map_err(fail)?;
    let own = Normalizer::shipped().map_err(fail)?;
    let machine = Machine::new(codebook, own, Tokenizer::embedded(&[]).map_err(fail)?, None).map_err(fail)?;
    let mut coder = machine.worker();
    let mut whole = machine.worker();

    // All stages in every round, so that what disturbs the machine disturbs them alike.
    let mut fastest = [Duration::MAX; 5];
    for _ in 0..rounds {
        let round = [
            timed(|| answers.iter().map(|answer| bare.segment(answer).map_or(0, |tokens| tokens.len() as u64)).sum()),
            timed(|| answers.iter().map(|answer| normalizer.normalize(answer).text().len() as u64).sum()),
            timed(|| {
                let documents = answers.iter().map(|answer| worker.document(normalizer.normalize(answer)));
                documents.map(|document| document.map_or(0, |document| document.tokens.len() as u64)).sum()
            }),
            coding(&mut coder, answers)?,
            // One by one, since a survey's answers that are alike are coded once.
            timed(|| {
                let coded = answers.iter().filter_map(|answer| whole.code(answer, &[], Some("request")).ok());
                coded.map(|coded| coded.codings.len() as u64).sum()
            }),
        ];
        fastest.iter_mut().zip(round).for_each(|(fastest, time)| *fastest = time.min(*fastest));
    }

    let [bare, normalize, cut, code, all] = fastest;
    let mut report = Report { answers: answers.len(), bytes, bare: None };
    report.line("bare lindera", bare);
    report.bare = Some(bare);
    report.line("normalize", normalize);
    report.line("normalize, tokenize, units", cut);
    report.line("code (what is cut already)", code);
    report.line("all of it, and code", all);
    Ok(())
}

/// How long it takes to code answers that are cut: in parts as large as a run takes.
fn coding(coder: &mut MachineWorker<'_>, answers: &[String]) -> Result<Duration> {
    let mut time = Duration::ZERO;
    for part in answers.chunks(part(answers.len())) {
        let documents = part.iter().map(|answer| coder.document(answer)).collect::<std::result::Result<Vec<_>, _>>();
        let documents = documents.map_err(fail)?;
        time += timed(|| {
            let coded = documents.iter().map(|document| coder.code_document(document, &[], Some("request")));
            coded.map(|coded| coded.codings.len() as u64).sum()
        });
    }
    Ok(time)
}

fn sample(rounds: usize) -> Result<()> {
    const REPEAT: usize = 40;
    let study = Study::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/study.toml")).map_err(fail)?;
    let reading = columns::survey(&study).map_err(fail)?;
    let answers: Vec<String> = reading
        .survey
        .respondents
        .iter()
        .flat_map(|respondent| respondent.answers.iter().filter_map(Answer::text))
        .map(str::to_owned)
        .collect();
    let repeated: Vec<String> = (0..REPEAT).flat_map(|_| answers.iter().cloned()).collect();
    measure("dense (the sample study)", &repeated, rounds)?;

    let report = Report { answers: answers.len(), bytes: answers.iter().map(String::len).sum(), bare: None };
    let time =
        best(rounds, || table(&study.answers.file, &Options::default()).map_or(0, |table| table.rows.len() as u64));
    report.line("read CSV (all columns)", time);

    let machine = Machine::new(
        Codebook::load(&study.codebook).map_err(fail)?,
        Normalizer::shipped().map_err(fail)?,
        Tokenizer::embedded(&[]).map_err(fail)?,
        None,
    )
    .map_err(fail)?;
    let survey = &reading.survey;
    let coded = machine.code_all(survey, &|_| ()).map_err(fail)?;
    let time = best(rounds, || tabulated(survey, &machine, &coded));
    report.line("tabulate", time);
    Ok(())
}

fn tabulated(survey: &Survey, machine: &Machine, coded: &PerAnswer<Coded>) -> u64 {
    tabulate::themes(survey, machine.codebook(), coded, &[0], Base::Respondents).len() as u64
}

fn main() -> Result<()> {
    let rounds = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(15);
    sample(rounds)?;
    let sparse = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/fukui_freetext_long.csv");
    if sparse.exists() {
        let read = table(&sparse, &Options::default()).map_err(fail)?;
        let text = read.column("text").map_err(fail)?;
        let answers: Vec<String> =
            read.rows.into_iter().take(30_000).map(|mut row| row.cells.swap_remove(text)).collect();
        measure("sparse (answers of another subject)", &answers, rounds.min(5))?;
    } else {
        println!("sparse text: skipped, {} is not there", sparse.display());
    }
    Ok(())
}
