//! `run --watch`: the results follow the inputs, and survive mistakes.
#![cfg(unix)]

mod common;

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use common::Folder;

/// Far more than a run takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

struct Watch {
    child: Child,
    lines: Receiver<String>,
}

fn lines(stream: impl Read + Send + 'static, sender: std::sync::mpsc::Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
}

impl Watch {
    fn start(folder: &Folder, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_aftercode"))
            .args([&["run", "study.toml", "--watch", "--quiet"], more].concat())
            .current_dir(folder.path(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (sender, receiver) = channel();
        lines(child.stdout.take().expect("piped"), sender.clone());
        lines(child.stderr.take().expect("piped"), sender);
        Self { child, lines: receiver }
    }

    /// Waits for a line that holds `wanted`.
    fn wait(&self, wanted: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line with {wanted}"));
            if line.contains(wanted) {
                return line;
            }
        }
    }

    /// Waits for a mistake at this place. What is wrong and what happens to the results come
    /// by two streams, in any order.
    fn wait_for_mistake(&self, place: &str) {
        let mut missing = vec![place, "前の結果はそのままです"];
        while !missing.is_empty() {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line with {missing:?}"));
            missing.retain(|wanted| !line.contains(wanted));
        }
    }

    /// Ends it as Ctrl-C does.
    fn interrupt(mut self) -> i32 {
        let status = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
        self.wait("見張りを終わります。");
        self.child.wait().expect("it ends").code().expect("a status, no signal")
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn results_follow_the_codebook_the_answers_and_the_study() {
    let folder = Folder::small();
    let watch = Watch::start(&folder, &[]);
    let line = watch.wait("見張っています");
    assert_eq!(line, "見張っています: study.toml、responses.csv、codebook.toml（Ctrl-C で終わります）");

    folder.edit("codebook.toml", "補助金 |", "補助金 | 予算 |");
    let line = watch.wait("作り直しました");
    assert_eq!(line, "作り直しました。コードの変わった回答 1 件: money.subsidy 1 → 2 件");

    folder.edit("responses.csv", "A3,病院,", "A3,病院,研修がほしい");
    let line = watch.wait("作り直しました");
    assert_eq!(line, "作り直しました。コードの変わった回答 1 件: training 1 → 2 件");

    folder.edit("study.toml", "国への要望", "県への要望");
    assert_eq!(watch.wait("作り直しました"), "作り直しました。コードの変わった回答はありません。");
    assert!(folder.text("out/manifest.json").contains("県への要望"));

    assert_eq!(watch.interrupt(), 0);
    folder.run_well(&["verify", "out"]);
}

#[test]
fn a_mistake_leaves_the_results_whole_and_is_mended() {
    let folder = Folder::small();
    let watch = Watch::start(&folder, &[]);
    watch.wait("見張っています");
    let before = folder.files_in("out");

    folder.edit("codebook.toml", "rule = \"研修\"", "rule = \"研修 |\"");
    watch.wait_for_mistake("--> codebook.toml");
    assert!(before == folder.files_in("out"));

    // A study file that does not load names no inputs; those known are watched on.
    // Each wait is for what only its own edit brings: a look at a file that is being
    // written may say more.
    folder.edit("study.toml", "[answers]", "[answer]");
    watch.wait_for_mistake("--> study.toml");
    folder.edit("study.toml", "[answer]", "[answers]");
    watch.wait_for_mistake("--> codebook.toml");
    folder.edit("codebook.toml", "rule = \"研修 |\"", "rule = \"研修 | 補助金\"");
    assert!(watch.wait("作り直しました").ends_with("コードの変わった回答 1 件: training 1 → 2 件"));
    assert_eq!(watch.interrupt(), 0);
    folder.run_well(&["verify", "out"]);
}

#[test]
fn a_study_that_is_not_there_is_not_waited_for() {
    let run = Folder::empty().run(&["run", "study.toml", "--watch"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("ファイルが見つかりません"), "{}", run.stderr);
}
