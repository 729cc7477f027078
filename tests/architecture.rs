//! The house rules: the pipeline has one direction, files stay small, the library does
//! not know the terminal.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules in the order of the data; each may import only from those before it.
const PIPELINE: [&str; 28] = [
    "span",
    "diagnostic",
    "digest",
    "config",
    "survey",
    "study",
    "read",
    "normalize",
    "tokenize",
    "mask",
    "rule",
    "codebook",
    "coding",
    "statistics",
    "compare",
    "convert",
    "tabulate",
    "audit",
    "adjudicate",
    "check",
    "report",
    "accuracy",
    "explain",
    "stream",
    "results",
    "merge",
    "verify",
    "diff",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all() -> (PathBuf, Vec<PathBuf>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    found.sort();
    (root, found)
}

/// The top-level module a file belongs to.
fn module(root: &Path, path: &Path) -> String {
    let first = path.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

#[test]
fn modules_import_only_from_their_left() {
    let (root, files) = all();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in files {
        let own = module(&root, &path);
        if matches!(own.as_str(), "lib" | "main" | "cli") {
            continue;
        }
        let at = PIPELINE.iter().position(|name| *name == own).unwrap_or_else(|| panic!("{own} is not in PIPELINE"));
        for line in fs::read_to_string(&path).unwrap().lines().filter(|line| !line.trim_start().starts_with("//")) {
            for part in line.split("crate::").skip(1) {
                let name: String = part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if let Some(other) = PIPELINE.iter().position(|known| *known == name) {
                    seen += 1;
                    if other > at {
                        wrong.push(format!("{}: {own} imports {name}", path.display()));
                    }
                }
            }
        }
    }
    assert!(seen > 50, "the test must see the imports; it saw {seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_small() {
    let (_, files) = all();
    let long: Vec<String> = files
        .iter()
        .map(|path| (path, fs::read_to_string(path).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > 400)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn the_library_knows_no_terminal() {
    let (root, files) = all();
    for path in files.iter().filter(|path| !matches!(module(&root, path).as_str(), "main" | "cli")) {
        let text = fs::read_to_string(path).unwrap();
        for word in ["clap", "indicatif", "std::process", "stdout()", "stderr()"] {
            assert!(!text.contains(word), "{} speaks of {word}", path.display());
        }
    }
}
