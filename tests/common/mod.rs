//! What the tests of the binary share: a folder with a study, and runs of the program.

// Each test binary uses its own part of this module.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A small study, without a mistake.
pub const STUDY: &str = r#"[study]
id = "small"
title = "小さな調査"
codebook = "codebook.toml"
output = "out"

[answers]
file = "responses.csv"
id = "回答者ID"

[[attribute]]
name = "施設種別"
categories = ["病院", "診療所"]

[[question]]
id = "Q1"
wording = "国への要望"

[table]
by = ["施設種別"]
"#;

/// Its codebook.
pub const CODEBOOK: &str = r#"[codebook]
id = "small"
version = "1"
title = "小さなコードブック"

[lists]
費用 = ["費用", "経費"]
金 = ["<費用>", "お金"]

[[axis]]
id = "theme"

[[axis]]
id = "stance"
qualifies = "theme"
order = ["request", "concern"]

[[net]]
id = "money"
label = "費用"

[[code]]
id = "money.subsidy"
axis = "theme"
net = "money"
label = "補助金"
rule = "補助金 | near(<金>, 支援; 8)"

[[code]]
id = "training"
axis = "theme"
label = "研修"
rule = "研修"
maybe = "勉強"

[[code]]
id = "request"
axis = "stance"
label = "要望"
unit = "clause"
rule = "ほしい"

[[code]]
id = "concern"
axis = "stance"
label = "懸念"
unit = "clause"
rule = "足りない"
"#;

/// Its answers.
pub const RESPONSES: &str = "回答者ID,施設種別,Q1\nA1,病院,補助金がほしい\nA2,診療所,研修の予算が足りない\nA3,病院,\n";

/// A temporary folder with a study in it.
pub struct Folder {
    dir: TempDir,
}

/// How a run of the program ended.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A folder with the small study.
    pub fn small() -> Self {
        let folder = Self::empty();
        folder.write("study.toml", STUDY);
        folder.write("codebook.toml", CODEBOOK);
        folder.write("responses.csv", RESPONSES);
        folder
    }

    /// A folder with the sample study of the repository.
    pub fn sample() -> Self {
        let folder = Self::empty();
        fs::create_dir_all(folder.path("data")).expect("made");
        fs::create_dir_all(folder.path("codebooks")).expect("made");
        for file in [
            "data/study.toml",
            "data/responses.csv",
            "data/codings_a.csv",
            "data/codings_b.csv",
            "data/codings_agreed.csv",
            "codebooks/medical-cybersecurity.toml",
        ] {
            folder.write(file, fs::read(repository().join(file)).expect("the sample study"));
        }
        folder
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("written");
    }

    /// The text of a file.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text file")
    }

    /// Replaces the one place where `from` stands in a file.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        assert_eq!(text.matches(from).count(), 1, "{from} in {name}");
        self.write(name, text.replacen(from, to, 1));
    }

    /// Runs the program in the folder.
    pub fn run(&self, args: &[&str]) -> Run {
        run_in(self.dir.path(), args)
    }

    /// Runs the program and expects it to end well.
    pub fn run_well(&self, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!(run.status, 0, "{args:?}\n{}", run.stderr);
        run
    }

    /// `text` without the folder's path.
    pub fn relative(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.dir.path().display()), "")
    }

    /// All files under the folder, by relative path.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.files_in("")
    }

    /// All files under a folder in it, by path relative to that.
    pub fn files_in(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path(name), "", &mut files);
        files
    }
}

/// Runs the program in `folder`.
pub fn run_in(folder: &Path, args: &[&str]) -> Run {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_aftercode"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    Run {
        status: status.code().expect("an exit status, no signal"),
        stdout: String::from_utf8(stdout).expect("UTF-8"),
        stderr: String::from_utf8(stderr).expect("UTF-8"),
    }
}

/// The repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files.insert(format!("{name}/"), Vec::new());
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(entry.path()).expect("readable"));
        }
    }
}

/// A CSV file of the program (or of the test data): the header and the rows.
pub struct Csv {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Csv {
    /// Reads CSV with the `csv` crate, none of the program's own code.
    pub fn parse(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let header = cells(reader.headers().expect("a header"));
        let rows = reader.records().map(|record| cells(&record.expect("a record as wide as the header"))).collect();
        Self { header, rows }
    }

    /// The index of a column.
    pub fn column(&self, name: &str) -> usize {
        self.header.iter().position(|known| known == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    /// The rows, whose cells are found by the column's name: `record["code"]`.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.rows.iter().map(|row| Record { csv: self, row })
    }
}

/// A row of a CSV file.
#[derive(Clone, Copy)]
pub struct Record<'c> {
    csv: &'c Csv,
    row: &'c [String],
}

impl<'c> Record<'c> {
    /// A cell, for longer than the record is borrowed.
    pub fn cell(&self, name: &str) -> &'c str {
        &self.row[self.csv.column(name)]
    }

    /// The number in a cell.
    pub fn number(&self, name: &str) -> u64 {
        self[name].parse().unwrap_or_else(|_| panic!("{name}: {}", &self[name]))
    }
}

impl std::ops::Index<&str> for Record<'_> {
    type Output = str;

    fn index(&self, name: &str) -> &str {
        &self.row[self.csv.column(name)]
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Characters `start..end` of `text`, counted in code points.
pub fn slice(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end - start).collect()
}

/// What one row of codings.csv or review.csv points at in `answer`: every span must
/// slice to its part of `evidence`.
pub fn assert_evidence(answer: &str, start: &str, end: &str, evidence: &str) {
    let numbers =
        |cell: &str| cell.split(';').map(|number| number.parse::<usize>().expect("a number")).collect::<Vec<_>>();
    let (starts, ends) = (numbers(start), numbers(end));
    assert_eq!(starts.len(), ends.len());
    let words: Vec<String> = starts.iter().zip(&ends).map(|(start, end)| slice(answer, *start, *end)).collect();
    assert!(starts.iter().zip(&ends).all(|(start, end)| start < end), "{start} {end}");
    assert!(ends.iter().zip(&starts[1..]).all(|(end, next)| end <= next), "in order, apart: {start} {end}");
    assert_eq!(words.join(";"), evidence, "{answer}");
}

/// A table of an HTML page.
pub struct HtmlTable {
    /// The language of readers that see it; empty for all.
    pub lang: String,
    pub caption: String,
    /// The last line of the header.
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// The tables of a page, as a reader of their text sees them.
pub fn html_tables(html: &str) -> Vec<HtmlTable> {
    let table = |(before, rest): (&str, &str)| {
        let own = rest.split("</table>").next().unwrap_or_default();
        let between = |from: &str, to: &str| {
            let rest = own.split_once(from).map_or("", |(_, rest)| rest);
            rest.split(to).next().unwrap_or_default().to_owned()
        };
        let opening = before.rsplit("<div").next().unwrap_or_default();
        let lang = opening.split_once(" lang=\"").map_or("", |(_, rest)| rest.split('"').next().unwrap_or_default());
        let cells = |row: &str| -> Vec<String> {
            let starts = row.match_indices("<t").filter(|(at, _)| matches!(row.get(at + 2..at + 3), Some("h" | "d")));
            starts.map(|(at, _)| text_of(row[at..].split_once("</t").map_or("", |(cell, _)| cell))).collect()
        };
        let body = between("<tbody>", "</tbody>");
        let caption = between("<caption", "</caption>");
        HtmlTable {
            lang: lang.to_owned(),
            caption: text_of(&format!("<caption{caption}")),
            header: cells(between("<thead>", "</thead>").rsplit("<tr").next().unwrap_or_default()),
            rows: body.split("<tr").skip(1).map(cells).collect(),
        }
    };
    html.match_indices("<table").map(|(at, _)| table((&html[..at], &html[at..]))).collect()
}

/// The text of a piece of HTML without its tags.
pub fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    unescaped(&text)
}

/// Text without the escapes of HTML that the program and browsers write.
pub fn unescaped(text: &str) -> String {
    let pairs =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&nbsp;", "\u{a0}")];
    let text = pairs.iter().fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain));
    text.replace("&amp;", "&")
}
