//! The codings of several coders, from any number of files, put together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::intake::{Entry, Form, entries};
use super::matrix::Matrix;
use super::scheme::Scheme;
use crate::codebook::Codebook;
use crate::coding::Coded;
use crate::diagnostic::{Diagnostic, Mistakes, Result, together};
use crate::survey::PerAnswer;
use crate::text;

/// What is coded: the answer of a respondent to a question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// Indices of respondent and question; 0 where there is no study.
    pub place: (usize, usize),
    /// The respondent's id, or the unit's name.
    pub respondent: String,
    /// The question's id; empty where there is none.
    pub question: String,
}

impl Unit {
    /// Its name for readers.
    pub fn name(&self) -> String {
        if self.question.is_empty() {
            self.respondent.clone()
        } else {
            format!("{} {}", self.respondent, self.question)
        }
    }
}

/// A label that a coder gave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// Its place among the labels.
    pub label: usize,
    /// How it is meant, if the coder says so.
    pub stance: Option<String>,
}

/// What was read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRead {
    /// The file.
    pub path: PathBuf,
    /// How codings are written in it.
    pub form: Form,
    /// Whose codings it holds.
    pub coders: Vec<String>,
    /// How many units they coded, added up.
    pub coded: usize,
    /// How many labels they gave.
    pub given: usize,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// The codings of several coders.
#[derive(Clone, Debug)]
pub struct Codings {
    /// The labels that could be given.
    pub labels: Vec<String>,
    /// The coders: those of the first file first.
    pub coders: Vec<String>,
    /// What somebody coded, in the survey's order or by name.
    pub units: Vec<Unit>,
    /// By unit, then coder; `None` where the coder did not code the unit.
    pub cells: Vec<Vec<Option<Vec<Given>>>>,
    /// The files.
    pub files: Vec<FileRead>,
    /// What the reader of the result must know.
    pub notes: Vec<Diagnostic>,
}

impl Codings {
    /// Reads the files. With a scheme only its respondents, questions and codes may occur.
    ///
    /// # Errors
    /// If a coding cannot be used for certain: one that is left out would change the
    /// agreement. The error holds every mistake of every file, up to twenty of each.
    pub fn read(paths: &[PathBuf], scheme: Option<&Scheme<'_>>) -> Result<Self> {
        let mut read: Vec<(usize, Entry)> = Vec::new();
        let (mut coders, mut files, mut notes): (Vec<String>, Vec<FileRead>, Vec<Diagnostic>) = Default::default();
        let mut errors = Vec::new();
        for path in paths {
            let mut file = match entries(path, scheme, false) {
                Ok(file) => file,
                Err(error) => {
                    errors.push(*error);
                    continue;
                }
            };
            if file.form == Form::Decisions {
                errors.push(*no_codings(path));
                continue;
            }
            notes.append(&mut file.notes);
            let own: BTreeSet<String> = file.entries.iter().map(|entry| entry.coder.clone()).collect();
            coders.extend(own.iter().filter(|name| !coders.contains(name)).cloned().collect::<Vec<_>>());
            let coded = || file.entries.iter().filter_map(|entry| entry.labels.as_ref());
            files.push(FileRead {
                path: path.clone(),
                form: file.form,
                coders: own.into_iter().collect(),
                coded: coded().count(),
                given: coded().map(Vec::len).sum(),
                sha256: file.sha256,
            });
            let at = files.len() - 1;
            read.extend(file.entries.into_iter().map(|entry| (at, entry)));
        }
        together(errors)?;
        let used: BTreeSet<String> =
            read.iter().flat_map(|(_, entry)| entry.labels.iter().flatten()).map(|(label, _)| label.clone()).collect();
        let labels = scheme.map_or_else(|| used.into_iter().collect(), |scheme| scheme.labels().to_vec());
        let place: BTreeMap<&str, usize> = labels.iter().enumerate().map(|(at, label)| (label.as_str(), at)).collect();
        let mut cells: BTreeMap<Unit, Vec<Option<Cell>>> = BTreeMap::new();
        let mut mistakes = Mistakes::default();
        for (file, entry) in read {
            let row = cells.entry(entry.unit.clone()).or_insert_with(|| coders.iter().map(|_| None).collect());
            let coder = coders.iter().position(|name| *name == entry.coder).unwrap_or_default();
            if let Some(first) = &row[coder] {
                mistakes.tell(twice(&entry, &files[file].path, &files[first.file].path, first.line));
                continue;
            }
            let given = |(label, stance): (String, Option<String>)| Given { label: place[label.as_str()], stance };
            let labels = entry.labels.map(|labels| labels.into_iter().map(given).collect());
            row[coder] = Some(Cell { file, line: entry.line, labels });
        }
        mistakes.finish()?;
        let (units, cells): (Vec<Unit>, Vec<_>) = cells.into_iter().unzip();
        let row = |row: Vec<Option<Cell>>| row.into_iter().map(|cell| cell.and_then(|cell| cell.labels)).collect();
        let cells = cells.into_iter().map(row).collect();
        Ok(Self { labels, coders, units, cells, files, notes })
    }

    /// Adds what the rules make of every answer that somebody coded, as a coder `name`.
    ///
    /// # Errors
    /// If a coder is called so already.
    pub fn add_rules(&mut self, name: &str, scheme: &Scheme<'_>, coded: &PerAnswer<Coded>) -> Result<()> {
        if self.coders.iter().any(|coder| coder == name) {
            let file = self.files.iter().find(|file| file.coders.iter().any(|coder| coder == name));
            let error = Diagnostic::error(text!(
                "コーダー「{name}」がファイルにもいます。この名前はルールのものです。",
                "A file has a coder \"{name}\", which is the name of the rules."
            ))
            .hint(text!(
                "ファイルを外すか、coder の列で別の名前にしてください。",
                "Leave the file out, or use another name in its column \"coder\"."
            ));
            return Err(file.into_iter().fold(error, |error, file| error.file(&file.path)));
        }
        self.coders.push(name.to_owned());
        let place: BTreeMap<&str, usize> = self.labels.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        for (unit, cells) in self.units.iter().zip(&mut self.cells) {
            let found = coded.get(unit.place.0, unit.place.1).map(|coded| {
                let reserved = coded.reserved.map(|at| (scheme.codebook.reserved[at].id.as_str(), None));
                let codes = coded.codings.iter().map(|coding| {
                    let stance = coding.stance.as_ref().map(|stance| stance.id.to_string());
                    (scheme.codebook.codes[coding.code].id.as_str(), stance)
                });
                let all = reserved.into_iter().chain(codes);
                all.map(|(id, stance)| Given { label: place[id], stance }).collect()
            });
            cells.push(found);
        }
        Ok(())
    }

    /// Leaves out the labels that `keep` does not want.
    pub fn keep(&mut self, keep: &[bool]) {
        let place: Vec<usize> = keep
            .iter()
            .scan(0, |next, keep| {
                *next += usize::from(*keep);
                Some(next.saturating_sub(1))
            })
            .collect();
        let mut wanted = keep.iter();
        self.labels.retain(|_| wanted.next().copied().unwrap_or(false));
        for given in self.cells.iter_mut().flatten().flatten() {
            given.retain(|given| keep[given.label]);
            given.iter_mut().for_each(|given| given.label = place[given.label]);
        }
    }

    /// The labels as sets.
    pub fn matrix(&self) -> Matrix {
        self.sets(self.labels.clone(), |given| Some(given.label))
    }

    /// The codebook's nets, and for each label in which of them it is.
    pub fn in_nets(&self, codebook: &Codebook) -> (Vec<String>, Vec<Option<usize>>) {
        let nets: Vec<String> = codebook.nets.iter().map(|net| net.id.clone()).collect();
        let of = |id: &String| {
            let net = codebook.codes[codebook.code(id)?].net.as_ref()?;
            nets.iter().position(|known| known == net)
        };
        let places = self.labels.iter().map(of).collect();
        (nets, places)
    }

    /// Nets as labels: each is given where one of its codes is. `of` says for each label
    /// in which net it is.
    pub fn nets(&self, nets: Vec<String>, of: &[Option<usize>]) -> Matrix {
        self.sets(nets, |given| of[given.label])
    }

    fn sets(&self, labels: Vec<String>, place: impl Fn(&Given) -> Option<usize>) -> Matrix {
        let cell = |cell: &Option<Vec<Given>>| cell.as_ref().map(|given| given.iter().filter_map(&place).collect());
        let cells = self.cells.iter().map(|row| row.iter().map(cell).collect()).collect();
        Matrix::new(labels, self.coders.clone(), self.units.iter().map(Unit::name).collect(), cells)
    }

    /// Stances as labels; a unit is an answer × a theme that at least one coder gave with
    /// a stance. A coder who did not give the theme did not code the unit.
    pub fn stances(&self, stances: &[String]) -> Matrix {
        let (mut units, mut cells) = (Vec::new(), Vec::new());
        for (unit, row) in self.units.iter().zip(&self.cells) {
            for label in 0..self.labels.len() {
                let of = |cell: &Option<Vec<Given>>| {
                    let given = cell.as_ref()?.iter().find(|given| given.label == label)?;
                    let stance = given.stance.as_ref()?;
                    Some(vec![stances.iter().position(|known| known == stance)?])
                };
                let row: Vec<_> = row.iter().map(of).collect();
                if row.iter().any(Option::is_some) {
                    units.push(format!("{} {}", unit.name(), self.labels[label]));
                    cells.push(row);
                }
            }
        }
        Matrix::new(stances.to_vec(), self.coders.clone(), units, cells)
    }
}

/// A coding with its place, while files are put together.
struct Cell {
    file: usize,
    line: Option<usize>,
    labels: Option<Vec<Given>>,
}

fn no_codings(path: &Path) -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "これは1つずつの判定の表で、コーダーが回答全体に付けたコードではありません。",
        "This is a file of single decisions, not what a coder made of whole answers."
    ))
    .file(path)
    .hint(text!(
        "調査ファイルの [codings.files] に書くと、run で使えます。",
        "Name it in [codings.files] of the study file; `run` uses it."
    ))
}

pub(crate) fn twice(entry: &Entry, path: &Path, first: &Path, first_line: Option<usize>) -> Box<Diagnostic> {
    let (coder, unit) = (&entry.coder, entry.unit.name());
    let place = first_line.map_or_else(|| first.display().to_string(), |line| format!("{}:{line}", first.display()));
    let mut error = Diagnostic::error(text!(
        "コーダー「{coder}」の「{unit}」が2回出てきます（最初は {place}）。",
        "Coder \"{coder}\" codes \"{unit}\" twice (first in {place})."
    ))
    .file(path)
    .hint(text!(
        "別のコーダーなら coder の列で名前を分けてください（列がなければファイル名がコーダーの名前です）。同じコーダーなら片方を消してください。",
        "If these are two coders, name them in a column \"coder\" (without one the file's name is the coder's). If it is one, delete one of the two."
    ));
    error.line = entry.line;
    error
}
