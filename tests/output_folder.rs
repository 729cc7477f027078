//! The output folder holds the results of one run, whole, and what people put beside them:
//! when the program is killed, when two runs meet, when the disk is full, and when
//! something is not permitted.
#![cfg(unix)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{Folder, Run, sha256};
use serde_json::{Value, json};

/// A folder with two studies for one output folder; the second has another table.
fn study() -> Folder {
    let folder = Folder::small();
    let row = |at: usize| {
        let texts = ["補助金がほしい", "研修の経費が足りない", "経費の支援"];
        format!("B{at},{},{},{}\n", ["病院", "診療所"][at % 2], texts[at % 3], ["大", "小"][at / 2 % 2])
    };
    let closed = "[[question]]\nid = \"規模\"\nkind = \"single\"\noptions = [\"大\", \"小\"]\n\n[[table]]";
    let table = "\n[[table]]\nid = \"規模\"\ntitle = \"施設の規模\"\nrows = [\"規模\"]\nby = [\"施設種別\"]\n";
    let second = common::STUDY.replace("responses.csv", "more.csv").replace("[table]", closed) + table;
    folder.write("first.toml", common::STUDY);
    folder.write("second.toml", second);
    folder.write("more.csv", format!("回答者ID,施設種別,Q1,規模\n{}", (0..400).map(row).collect::<String>()));
    folder
}

/// Names of what stands in a folder.
fn names(path: &Path) -> BTreeSet<String> {
    fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// What is wrong with the results in `path`, if anything: every file that the manifest lists
/// must be there as it says, and beside them only what is `others`.
fn fault(path: &Path, others: &[&str]) -> Option<String> {
    let bytes = match fs::read(path.join("manifest.json")) {
        Ok(bytes) => bytes,
        Err(error) => return Some(format!("manifest.json: {error}")),
    };
    let manifest: Value = serde_json::from_slice(&bytes).unwrap();
    let mut expected: BTreeSet<String> = others.iter().map(|name| (*name).to_owned()).collect();
    expected.insert("manifest.json".to_owned());
    for (name, sum) in manifest["outputs"].as_object().unwrap() {
        expected.insert(name.clone());
        match fs::read(path.join(name)) {
            Ok(bytes) if sha256(&bytes) == sum.as_str().unwrap() => {}
            Ok(_) => return Some(format!("{name} is of another run")),
            Err(error) => return Some(format!("{name}: {error}")),
        }
    }
    let found = names(path);
    (found != expected).then(|| format!("{:?}", found.symmetric_difference(&expected).collect::<Vec<_>>()))
}

/// Hidden folders that runs left beside and in the output folder.
fn leftovers(folder: &Folder) -> Vec<String> {
    let here = names(&folder.path("")).into_iter().chain(names(&folder.path("out")));
    here.filter(|name| name.contains(".aftercode-")).collect()
}

fn start(folder: &Folder, study: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_aftercode"))
        .args(["run", study, "--quiet"])
        .current_dir(folder.path(""))
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills `rounds` runs, each a little later after it began to write than the one before,
/// and has `look` look at the folder after each, with the study that was run.
fn kill(folder: &Folder, rounds: u32, look: &mut dyn FnMut(&str)) {
    let mut killed = 0;
    for round in 0..rounds {
        let study = ["first.toml", "second.toml"][round as usize / 2 % 2];
        let before = leftovers(folder);
        let mut child = start(folder, study);
        let began = |child: &mut Child| {
            leftovers(folder).iter().any(|name| !before.contains(name)) || child.try_wait().unwrap().is_some()
        };
        while !began(&mut child) {
            std::thread::yield_now();
        }
        let (now, delay) = (Instant::now(), Duration::from_micros(u64::from(round) * 100));
        while now.elapsed() < delay {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        killed += u32::from(child.wait().unwrap().code().is_none());
        look(study);
    }
    assert!(killed > rounds / 3, "killed {killed} of {rounds}");
}

#[test]
fn killed_at_any_moment_the_folder_holds_one_run_whole() {
    let folder = study();
    folder.run_well(&["run", "first.toml", "--quiet"]);
    folder.write("out/メモ.txt", "打ち合わせは木曜");
    symlink("メモ.txt", folder.path("out/link")).unwrap();
    let others = ["メモ.txt", "link"];
    let mut seen = BTreeSet::new();
    kill(&folder, 220, &mut |study| {
        assert_eq!(fault(&folder.path("out"), &others), None, "after {study}");
        assert_eq!(folder.text("out/メモ.txt"), "打ち合わせは木曜");
        assert_eq!(folder.text("out/link"), "打ち合わせは木曜");
        seen.insert(sha256(&fs::read(folder.path("out/codings.csv")).unwrap()));
    });
    assert_eq!(seen.len(), 2, "both studies' results were seen");
    folder.run_well(&["run", "first.toml", "--quiet"]);
    assert_eq!((fault(&folder.path("out"), &others), leftovers(&folder)), (None, vec![]));
}

#[test]
fn killed_beside_a_folder_of_the_users_the_next_run_mends_it() {
    let folder = study();
    folder.run_well(&["run", "first.toml", "--quiet"]);
    fs::create_dir(folder.path("out/去年")).unwrap();
    folder.write("out/去年/表.txt", "図1");
    folder.write("out/メモ.txt", "打ち合わせは木曜");
    kill(&folder, 40, &mut |_| {
        assert_eq!(folder.text("out/去年/表.txt"), "図1");
        assert_eq!(folder.text("out/メモ.txt"), "打ち合わせは木曜");
    });
    for study in ["second.toml", "first.toml"] {
        folder.run_well(&["run", study, "--quiet"]);
        assert_eq!(fault(&folder.path("out"), &["去年", "メモ.txt"]), None);
        assert_eq!(leftovers(&folder), Vec::<String>::new());
    }
}

/// The number by which a plan tells a folder.
fn inode(path: &Path) -> u64 {
    fs::metadata(path).unwrap().ino()
}

/// What was decided is finished, what was not is cleared away, and nothing of the user's is
/// lost or comes back.
#[test]
fn leftovers_of_killed_runs_are_settled() {
    let folder = study();
    folder.run_well(&["run", "first.toml", "--quiet"]);
    // Decided, one file in place already.
    fs::create_dir_all(folder.path("out/.aftercode-aaaaaa/ready")).unwrap();
    folder.write("out/.aftercode-aaaaaa/ready/a.txt", "A");
    // Not decided.
    fs::create_dir_all(folder.path("out/.aftercode-bbbbbb/next")).unwrap();
    folder.write("out/.aftercode-bbbbbb/next/b.txt", "B");
    // Exchanged, and a file came into the old folder at the last moment.
    fs::create_dir_all(folder.path(".out.aftercode-cccccc/next")).unwrap();
    let plan = json!({ "inode": inode(&folder.path("out")), "done": ["codings.csv"] });
    folder.write(".out.aftercode-cccccc/plan.json", plan.to_string());
    folder.write(".out.aftercode-cccccc/next/codings.csv", "old");
    folder.write(".out.aftercode-cccccc/next/c.txt", "C");
    // Not exchanged: a link to a file that the user has deleted since.
    fs::create_dir_all(folder.path(".out.aftercode-dddddd/next")).unwrap();
    let plan = json!({ "inode": inode(&folder.path(".out.aftercode-dddddd/next")), "done": [] });
    folder.write(".out.aftercode-dddddd/plan.json", plan.to_string());
    folder.write(".out.aftercode-dddddd/next/d.txt", "D");
    // Of another folder.
    fs::create_dir_all(folder.path(".out2.aftercode-eeeeee/next")).unwrap();

    folder.run_well(&["run", "second.toml", "--quiet"]);
    assert_eq!(fault(&folder.path("out"), &["a.txt", "c.txt"]), None);
    assert_eq!((folder.text("out/a.txt").as_str(), folder.text("out/c.txt").as_str()), ("A", "C"));
    assert_eq!(leftovers(&folder), [".out2.aftercode-eeeeee"]);
}

#[test]
fn results_that_a_run_has_no_more_go_unless_someone_changed_them() {
    for subfolder in [false, true] {
        let folder = study();
        let mut others = vec!["own.csv", "tables.csv"];
        folder.run_well(&["run", "second.toml", "--quiet"]);
        folder.write("out/own.csv", "a,b\n");
        folder.write("out/tables.csv", "手で直した表\n");
        if subfolder {
            fs::create_dir(folder.path("out/sub")).unwrap();
            others.push("sub");
        }
        assert!(folder.path("out/table_tests.csv").exists());
        folder.run_well(&["run", "first.toml", "--quiet"]);
        assert_eq!(fault(&folder.path("out"), &others), None);
        assert_eq!(folder.text("out/tables.csv"), "手で直した表\n");
    }
}

/// A manifest from elsewhere names files outside of the folder.
#[test]
fn a_manifest_reaches_no_file_outside() {
    let folder = study();
    folder.run_well(&["run", "first.toml", "--quiet"]);
    folder.write("secret.txt", "x");
    let outputs = json!({ "outputs": { "../secret.txt": sha256(b"x"), ".": sha256(b""), "": sha256(b"") } });
    folder.write("out/manifest.json", outputs.to_string());
    folder.run_well(&["run", "first.toml", "--quiet"]);
    assert_eq!(folder.text("secret.txt"), "x");
}

#[test]
fn runs_into_one_folder_at_once_leave_one_whole() {
    let folder = study();
    folder.run_well(&["run", "first.toml", "--quiet"]);
    folder.write("out/メモ.txt", "打ち合わせは木曜");
    for round in 0..4 {
        // With a folder in it, the files are replaced one by one.
        let others: &[&str] = if round < 2 { &["メモ.txt"] } else { &["メモ.txt", "sub"] };
        fs::create_dir_all(folder.path(others.get(1).map_or(".", |_| "out/sub"))).unwrap();
        let children = (0..6).map(|at| start(&folder, ["first.toml", "second.toml"][at % 2]));
        for mut child in children.collect::<Vec<_>>() {
            assert_eq!(child.wait().unwrap().code(), Some(0));
        }
        assert_eq!((fault(&folder.path("out"), others), leftovers(&folder)), (None, vec![]));
    }
}

#[test]
fn a_linked_folder_stays_a_link_and_modes_stay() {
    let folder = study();
    fs::create_dir(folder.path("disk")).unwrap();
    symlink("disk", folder.path("out")).unwrap();
    folder.run_well(&["run", "first.toml", "--quiet"]);
    let mode = |name: &str| fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777;
    let set = |name: &str, mode: u32| fs::set_permissions(folder.path(name), fs::Permissions::from_mode(mode)).unwrap();
    set("disk", 0o750);
    set("disk/codings.csv", 0o600);
    folder.run_well(&["run", "second.toml", "--quiet"]);
    assert!(folder.path("out").is_symlink());
    assert_eq!(fault(&folder.path("disk"), &[]), None);
    assert_eq!((mode("disk"), mode("disk/codings.csv")), (0o750, 0o600));
}

/// Whoever stands in the folder is not left in one that is gone.
#[test]
fn a_run_from_inside_the_folder_keeps_it() {
    let folder = study();
    folder.run_well(&["run", "first.toml", "--quiet"]);
    let before = inode(&folder.path("out"));
    let run = common::run_in(&folder.path("out"), &["run", "../second.toml", "--quiet"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!((inode(&folder.path("out")), fault(&folder.path("out"), &[])), (before, None));
}

/// Runs the program under a shell's `ulimit -f`: no file can grow beyond `blocks` of 512 bytes.
fn run_limited(folder: &Folder, blocks: u32, args: &str) -> Run {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {args}");
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_aftercode")])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    Run {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn without_space_the_earlier_files_stay_whole() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    folder.run_well(&["sheet", "data/study.toml", "--coder", "sato", "--out", "sato.xlsx"]);
    folder.run_well(&["tabulate", "data/out/matrix.csv", "--by", "施設種別", "--out", "tables"]);
    folder.run_well(&[
        "audit",
        "data/codings_a.csv",
        "data/codings_b.csv",
        "--study",
        "data/study.toml",
        "--disagreements",
        "d.xlsx",
    ]);
    folder.run_well(&["codebook", "convert", "codebooks/medical-cybersecurity.toml", "book.xlsx"]);
    folder.run_well(&["codebook", "show", "codebooks/medical-cybersecurity.toml", "--out", "manual.md"]);
    let before = folder.files();
    for args in [
        "run data/study.toml --quiet",
        "run data/study.toml --quiet --out new",
        "sheet data/study.toml --coder sato --blind --out sato.xlsx",
        "tabulate data/out/matrix.csv --by 施設種別 --out tables",
        "audit data/codings_a.csv data/codings_b.csv --study data/study.toml --disagreements d.xlsx",
        "codebook convert codebooks/medical-cybersecurity.toml book.xlsx --force",
        "codebook show codebooks/medical-cybersecurity.toml --out manual.md --force",
        "init fresh",
    ] {
        let run = run_limited(&folder, 1, args);
        assert_eq!(run.status, 2, "{args}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains("エラー: 割り当てられた容量を超えました。\n  --> "), "{args}: {}", run.stderr);
        assert!(run.stderr.contains("空きを作ってから"), "{args}: {}", run.stderr);
        assert!(folder.files() == before, "{args}: {:?}", folder.files().keys());
    }
}

/// All that prints, with arguments for the sample study.
const PRINTS: [&[&str]; 14] = [
    &["run", "data/study.toml", "--tables"],
    &["code", "--codebook", "codebooks/medical-cybersecurity.toml", "--text", "Q1", "data/responses.csv"],
    &["tabulate", "data/out/matrix.csv", "--by", "施設種別"],
    &["tabulate", "data/out/matrix.csv", "--by", "施設種別", "--format", "csv"],
    &["audit", "data/codings_a.csv", "data/codings_b.csv", "--study", "data/study.toml"],
    &["sheet", "data/study.toml", "--coder", "sato", "--out", "sato.csv"],
    &["explain", "data/study.toml", "S001"],
    &["check", "codebooks/medical-cybersecurity.toml"],
    &["accuracy", "data/study.toml", "--gold", "data/codings_agreed.csv"],
    &["tokens", "費用の支援"],
    &["codebook", "show", "codebooks/medical-cybersecurity.toml"],
    &["codebook", "schema"],
    &["codebook", "convert", "codebooks/medical-cybersecurity.toml", "book.json", "--force"],
    &["codebook", "diff", "codebooks/medical-cybersecurity.toml", "other.toml"],
];

fn printing() -> Folder {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let book = folder.text("codebooks/medical-cybersecurity.toml");
    folder.write("other.toml", book.replacen("version = \"", "version = \"9.", 1));
    folder
}

fn run_into(folder: &Folder, args: &[&str], stdout: Stdio) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aftercode"))
        .args(args)
        .current_dir(folder.path(""))
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Nobody reads what is printed.
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_closed_pipe_is_no_failure_and_files_are_written_all_the_same() {
    let folder = printing();
    fs::remove_dir_all(folder.path("data/out")).unwrap();
    for args in PRINTS {
        let (status, stderr) = run_into(&folder, args, Stdio::piped());
        assert_eq!(status, Some(0), "{args:?}: {stderr}");
        assert!(!stderr.contains("標準出力") && !stderr.contains("panic"), "{args:?}: {stderr}");
    }
    assert_eq!(fault(&folder.path("data/out"), &[]), None);
    assert!(folder.path("sato.csv").exists() && folder.path("book.json").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_told() {
    let folder = printing();
    for args in PRINTS {
        let full = || Stdio::from(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        let (status, stderr) = run_into(&folder, args, full());
        let expected = "エラー: 標準出力に書き出せません。ディスクの空きがありません。\n  → 空きを作るか、";
        assert_eq!(status, Some(2), "{args:?}: {stderr}");
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
        let (_, stderr) = run_into(&folder, &[args, &["--lang", "en"]].concat(), full());
        assert!(stderr.contains("error: Standard output cannot be written: the disk is full.\n  → Free"), "{stderr}");
    }
    assert_eq!(fault(&folder.path("data/out"), &[]), None);
}

/// A device is written to, never replaced; behind a link the file is replaced, not the link.
#[test]
fn devices_and_links_stay_what_they_are() {
    let folder = printing();
    let book = "codebooks/medical-cybersecurity.toml";
    assert!(Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap().success());
    let reader = {
        let pipe = folder.path("pipe");
        std::thread::spawn(move || fs::read(pipe).unwrap())
    };
    folder.run_well(&["codebook", "show", book, "--out", "pipe", "--force"]);
    folder.write("manual.md", "old");
    symlink("manual.md", folder.path("link.md")).unwrap();
    folder.run_well(&["codebook", "show", book, "--out", "link.md", "--force"]);
    assert!(folder.path("link.md").is_symlink());
    assert_eq!(reader.join().unwrap(), fs::read(folder.path("manual.md")).unwrap());
}

/// The program run as someone who is not root.
struct Nobody {
    program: PathBuf,
    is_root: bool,
}

impl Nobody {
    fn new(folder: &Folder) -> Self {
        // Nobody else may enter the folder of the build or of the test.
        let program = folder.path("aftercode");
        fs::copy(env!("CARGO_BIN_EXE_aftercode"), &program).unwrap();
        fs::set_permissions(folder.path(""), fs::Permissions::from_mode(0o755)).unwrap();
        Self { program, is_root: fs::metadata(folder.path("study.toml")).unwrap().uid() == 0 }
    }

    fn run(&self, folder: &Folder, args: &[&str]) -> Run {
        use std::os::unix::process::CommandExt as _;
        let mut command = Command::new(&self.program);
        command.args(args).current_dir(folder.path(""));
        if self.is_root {
            command.uid(65_534).gid(65_534);
        }
        let output = command.output().unwrap();
        Run {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: folder.relative(&String::from_utf8(output.stderr).unwrap()),
        }
    }
}

#[test]
fn what_is_not_permitted_is_told_with_its_file() {
    let folder = Folder::small();
    folder.run_well(&["run", "study.toml", "--quiet"]);
    let nobody = Nobody::new(&folder);
    let set = |name: &str, mode: u32| fs::set_permissions(folder.path(name), fs::Permissions::from_mode(mode)).unwrap();
    let message = |file: &str| {
        format!(
            "エラー: アクセスが許可されていません。\n  --> {file}\n  → ファイルやフォルダーの権限を確かめてください。\n"
        )
    };
    for file in ["responses.csv", "codebook.toml", "study.toml"] {
        set(file, 0);
        let run = nobody.run(&folder, &["run", "study.toml", "--out", "new", "--quiet"]);
        assert_eq!((run.status, run.stderr), (2, message(file)));
        set(file, 0o644);
    }
    set("out", 0o555);
    set("", 0o555);
    let before = folder.files();
    for (args, file) in [
        (["run", "study.toml", "--quiet", "--out", "out"].as_slice(), "out"),
        (&["run", "study.toml", "--quiet", "--out", "new"], "new"),
        (&["tabulate", "out/matrix.csv", "--out", "out"], "out"),
        (&["sheet", "study.toml", "--coder", "sato", "--out", "out/sato.csv"], "out/sato.csv"),
        (&["codebook", "convert", "codebook.toml", "out/book.json"], "out/book.json"),
        (&["init", "fresh"], "fresh"),
    ] {
        let run = nobody.run(&folder, args);
        assert_eq!((run.status, run.stderr), (2, message(file)), "{args:?}");
    }
    assert!(folder.files() == before);
    // The parent is closed, the folder is open: its files are replaced one by one.
    set("out", 0o777);
    let run = nobody.run(&folder, &["run", "study.toml", "--quiet"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(fault(&folder.path("out"), &[]), None);
    set("", 0o755);
}
