//! `aftercode run --watch`: makes the results again whenever an input changes.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use aftercode::diagnostic::{Diagnostic, Lang};
use aftercode::diff::{Codings, changes, summary};
use aftercode::digest::sha256;
use aftercode::report;
use aftercode::study::Study;
use aftercode::text;

use super::{Options, Produced, Settings, load, produce, tell, warn};
use crate::cli::{Done, Failure, Invocation};

/// How often files are looked at. A change must have lasted for one look: editors write in
/// several steps.
const PAUSE: Duration = Duration::from_millis(200);

/// Runs, and runs again on every change, until interrupted.
pub fn watch(options: &Options, invocation: &Invocation) -> Result<Done, Failure> {
    let stop = stop_when_interrupted()?;
    // A study that is not there is a mistyped path, nothing to wait for.
    if !options.study.is_file() {
        load(options, invocation)?;
    }
    let mut watched = Watched { lang: invocation.lang, inputs: vec![options.study.clone()], last: None };
    loop {
        let seen = watched.run(options, invocation)?;
        if !changed(&watched.inputs, &seen, &stop) {
            return watched.end();
        }
    }
}

/// Set when the user interrupts; a second time ends at once. What is being written then is
/// whole all the same, since files are only ever replaced.
fn stop_when_interrupted() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    let handler = move || {
        if set.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler).map_err(|error| {
        Failure::from(Diagnostic::error(text!(
            "Ctrl-C を受け取る準備ができません: {error}",
            "Ctrl-C cannot be caught: {error}"
        )))
    })?;
    Ok(stop)
}

/// What is watched, and what came of it last.
struct Watched {
    lang: Lang,
    inputs: Vec<PathBuf>,
    last: Option<Last>,
}

/// The last run that went well.
struct Last {
    study: Study,
    /// Names and contents of the files.
    produced: Produced<Vec<(String, Vec<u8>)>>,
    codings: Codings,
}

impl Watched {
    /// Runs once, and says what came of it. Gives the inputs as they were before they were
    /// read: what changes while a run goes on is seen after it.
    fn run(&mut self, options: &Options, invocation: &Invocation) -> Result<Digests, Failure> {
        let mut seen = digests(&self.inputs);
        let quiet = options.quiet || self.last.is_some();
        let made = load(options, invocation).and_then(|(study, lang)| {
            self.lang = lang;
            self.inputs = study.inputs();
            // The study may name other files than it did.
            let more: Vec<PathBuf> = self.inputs.iter().filter(|path| !seen.contains_key(*path)).cloned().collect();
            seen.extend(digests(&more));
            seen.retain(|path, _| self.inputs.contains(path));
            let told = |error: Box<Diagnostic>| Failure::Said(error, Some(lang));
            let settings = Settings { lang, raw: options.raw };
            let produced = produce(&study, settings, options.tables, quiet, report::in_memory).map_err(told)?;
            let codings = Codings::of_files(&produced.made)?;
            report::replace_files(&study.output, produced.made.clone()).map_err(told)?;
            Ok(Last { study, produced, codings })
        });
        let lang = self.lang;
        match made {
            Ok(now) => {
                self.told(&now, options)?;
                self.last = Some(now);
            }
            Err(Failure::Said(diagnostic, said)) => {
                let lang = said.unwrap_or(lang);
                // A closed stderr must not end the watch.
                let _ = writeln!(std::io::stderr(), "{}", diagnostic.render(lang));
                self.say(
                    "作り直せません。前の結果はそのままです。直して保存すると、もう一度試します。",
                    "The results could not be made; those before stay. Mend it and save: it is tried again.",
                )?;
            }
            Err(failure) => return Err(failure),
        }
        Ok(seen)
    }

    /// The tables after the first run, one line after each other.
    fn told(&self, now: &Last, options: &Options) -> Result<(), Failure> {
        let lang = self.lang;
        let Some(last) = &self.last else {
            let names: Vec<String> = now.produced.made.iter().map(|(name, _)| name.clone()).collect();
            tell(&now.study, &now.produced, &names, options.quiet, lang)?;
            let names: Vec<String> =
                self.inputs.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
            return self.print(&match lang {
                Lang::Ja => format!("見張っています: {}（Ctrl-C で終わります）", names.join("、")),
                Lang::En => format!("Watching {} (Ctrl-C ends)", names.join(", ")),
            });
        };
        let new = |note: &&Diagnostic| !last.produced.notes.contains(note);
        let notes: Vec<Diagnostic> = now.produced.notes.iter().filter(new).cloned().collect();
        warn(&notes, options.quiet, lang);
        if last.produced.made == now.produced.made {
            return self.say("作り直しました。結果は同じです。", "Made again; the results are the same.");
        }
        let answers = changes(&last.codings, &now.codings, &BTreeMap::new());
        let line = summary(&last.codings, &now.codings, &answers, lang);
        self.print(&match lang {
            Lang::Ja => format!("作り直しました。{line}"),
            Lang::En => format!("Made again. {line}"),
        })
    }

    fn end(&self) -> Result<Done, Failure> {
        self.say("見張りを終わります。", "The watch ends.")?;
        Ok(if self.last.as_ref().is_some_and(|last| !last.produced.skipped) {
            Done::Well
        } else {
            Done::WithReservations
        })
    }

    fn say(&self, ja: &str, en: &str) -> Result<(), Failure> {
        self.print(if self.lang == Lang::Ja { ja } else { en })
    }

    fn print(&self, line: &str) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    }
}

/// Time of the last change and length; `None` where there is no such file.
type Stamp = Option<(SystemTime, u64)>;

/// Checksums of files; `None` where one cannot be read.
type Digests = BTreeMap<PathBuf, Option<String>>;

/// Waits until the content of one of `paths` is no longer as it was `seen`; `false` if
/// interrupted.
fn changed(paths: &[PathBuf], seen: &Digests, stop: &AtomicBool) -> bool {
    let stamps = || paths.iter().map(|path| stamp(path)).collect::<Vec<_>>();
    let mut looked_into = Vec::new();
    let mut before = stamps();
    loop {
        if stop.load(Ordering::SeqCst) {
            return false;
        }
        // Reading is dear, looking is not: content counts once the stamps stand still.
        if before != looked_into {
            std::thread::sleep(PAUSE);
            let now = stamps();
            if now == before {
                if digests(paths) != *seen {
                    return true;
                }
                looked_into.clone_from(&now);
            }
            before = now;
        } else {
            std::thread::sleep(PAUSE);
            before = stamps();
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn digests(paths: &[PathBuf]) -> Digests {
    // A folder (a dictionary) is told by its stamp alone.
    let digest = |path: &PathBuf| match std::fs::read(path) {
        Ok(bytes) => Some(sha256(&bytes)),
        Err(_) => stamp(path).map(|stamp| format!("{stamp:?}")),
    };
    paths.iter().map(|path| (path.clone(), digest(path))).collect()
}
