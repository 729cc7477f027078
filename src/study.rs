//! The study file (`study.toml`): what to read, how to group, where to write.

mod agreement;
mod attribute;
mod closed;
mod codings;
mod load;
mod quotes;
mod tables;

use std::path::{Path, PathBuf};

use crate::config::{Located, Source};
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::survey::{Attribute, Base, Question};
use crate::text;

pub use agreement::AgreementFiles;
pub use closed::{ClosedColumns, ClosedQuestion};
pub use codings::{FinalCodings, HumanSource};
pub use quotes::{Quotes, Show, is_long_enough};
pub use tables::{Check, Comparand, Condition, Percent, StudyTable, TableBase};

/// A study as its file describes it, checked in itself; the files it names are not
/// opened yet. Paths are joined to the folder of the study file.
#[derive(Clone, Debug)]
pub struct Study {
    /// The study file, as it was given.
    pub path: PathBuf,
    /// SHA-256 of its text, line ends as LF.
    pub sha256: String,
    /// The way from the output folder that it names to the study file, with `/`; `None`
    /// where that folder does not lie beneath the study's own.
    pub from_output: Option<String>,
    /// Short name: letters, digits, `-` and `_`.
    pub id: String,
    /// Title, if one was given.
    pub title: Option<String>,
    /// The codebook.
    pub codebook: PathBuf,
    /// The folder for the results. It holds none of the study's inputs.
    pub output: PathBuf,
    /// The language of what people read, if one was chosen.
    pub lang: Option<Lang>,
    /// Where the answers are.
    pub answers: Answers,
    /// How respondents can be grouped.
    pub attributes: Vec<StudyAttribute>,
    /// The open questions, at least one.
    pub questions: Vec<StudyQuestion>,
    /// The closed questions.
    pub closed: Vec<ClosedQuestion>,
    /// How themes are grouped.
    pub table: TableChoice,
    /// The other tables.
    pub tables: Vec<StudyTable>,
    /// What answers may not say together.
    pub checks: Vec<Check>,
    /// Earlier studies to compare with.
    pub compare: Vec<Comparand>,
    /// Whose codings count; `None` where only the rules code.
    pub codings: Option<FinalCodings>,
    /// Codings by people, if their agreement is to be told.
    pub agreement: Option<AgreementFiles>,
    /// How answers are quoted in results.
    pub quotes: Quotes,
    /// Replacements for the words compiled into the program.
    pub dictionary: DictionaryPaths,
}

/// The file with the answers and how to read it.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The file.
    pub file: PathBuf,
    /// How answers are laid out in it.
    pub layout: Layout,
    /// Name of the column with the respondent's id.
    pub id: Located,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Label of the character encoding.
    pub encoding: Option<String>,
    /// What parts the cells of a text file.
    pub delimiter: Option<char>,
    /// How many rows the header takes, at least 1.
    pub header_rows: usize,
    /// Name of the column with the respondents' weights.
    pub weight: Option<Located>,
}

/// How answers are laid out.
#[derive(Clone, Debug)]
pub enum Layout {
    /// A row a respondent, a column a question.
    Wide,
    /// A row an answer.
    Long {
        /// Name of the column that names the question; `None` only if there is one question.
        question: Option<Located>,
        /// Name of the column with the answer.
        text: Located,
        /// What a respondent × question without a row is.
        missing: Missing,
    },
}

/// What a respondent × question without a row is, in long layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Asked, and left empty.
    #[default]
    Blank,
    /// Not asked.
    NotAsked,
}

/// An attribute with its column.
#[derive(Clone, Debug)]
pub struct StudyAttribute {
    /// The attribute. Its categories are empty if the file declares none: they are
    /// then the values found.
    pub attribute: Attribute,
    /// Name of its column.
    pub column: Located,
}

impl StudyAttribute {
    /// Whether the study declares the categories.
    pub fn is_declared(&self) -> bool {
        !self.attribute.categories.is_empty()
    }
}

/// A question with the place of its answers.
#[derive(Clone, Debug)]
pub struct StudyQuestion {
    /// The question.
    pub question: Question,
    /// Wide: name of its column. Long: its value in the question column.
    pub column: Located,
    /// Cell values that mean "not asked".
    pub not_asked: Vec<String>,
}

/// What tables group by and show.
#[derive(Clone, Debug, Default)]
pub struct TableChoice {
    /// Names of the attributes to group by.
    pub by: Vec<String>,
    /// Categories and nets the terminal shows; `None` leaves it to [`TableChoice::shown`].
    pub columns: Option<Vec<String>>,
    /// Who counts in the base.
    pub base: Base,
}

impl TableChoice {
    /// The categories and nets of `attribute` that the terminal shows: those chosen;
    /// without a choice the categories outside any net and then the nets.
    pub fn shown<'a>(&'a self, attribute: &'a Attribute) -> Vec<&'a str> {
        let labels = || attribute.nets.iter().map(|net| net.label.as_str());
        if let Some(columns) = &self.columns {
            let names: Vec<&str> = attribute.categories.iter().map(String::as_str).chain(labels()).collect();
            let chosen: Vec<&str> = columns.iter().map(String::as_str).filter(|name| names.contains(name)).collect();
            if !chosen.is_empty() {
                return chosen;
            }
        }
        let netted = |category: &String| attribute.nets.iter().any(|net| net.of.contains(category));
        attribute.categories.iter().filter(|category| !netted(category)).map(String::as_str).chain(labels()).collect()
    }
}

/// Files that replace what is compiled into the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DictionaryPaths {
    /// Folder of a dictionary built by lindera.
    pub path: Option<PathBuf>,
    /// CSV of words: surface, base, pos, reading.
    pub terms: Option<PathBuf>,
    /// CSV of spellings: variant, canonical.
    pub variants: Option<PathBuf>,
}

impl Study {
    /// Reads a study file.
    ///
    /// # Errors
    /// At the first mistake in it, with its line.
    pub fn load(path: &Path) -> Result<Self> {
        load::not_answers(path)?;
        load::study(&Source::read(path)?)
    }

    /// Writes to another folder than the study file says.
    ///
    /// # Errors
    /// If the folder holds an input of the study.
    pub fn write_to(&mut self, output: &Path) -> Result<()> {
        match load::input_in(output, &self.own_inputs()) {
            Some(input) => Err(load::holds_input(Diagnostic::error, input)
                .file(output)
                .hint(text!("--out に別のフォルダーを指定してください。", "Name another folder with --out."))),
            None => {
                self.output = output.to_path_buf();
                Ok(())
            }
        }
    }

    /// How many people a group has at least that may be named beside an answer: as many as
    /// the strictest of the study's tables shows.
    pub fn least_shown(&self) -> u64 {
        self.tables.iter().map(|table| table.suppress).max().unwrap_or(0)
    }

    /// All files that decide the results, and the folder of a dictionary; those of earlier
    /// studies too.
    pub fn inputs(&self) -> Vec<PathBuf> {
        let own = self.own_inputs().into_iter().map(Path::to_path_buf);
        let earlier = self
            .compare
            .iter()
            .flat_map(|earlier| ["manifest.json", "themes.csv", "tables.csv"].map(|name| earlier.results.join(name)));
        own.chain(earlier).collect()
    }

    /// The files that the study is made of.
    fn own_inputs(&self) -> Vec<&Path> {
        let DictionaryPaths { path, terms, variants } = &self.dictionary;
        let own = [path, terms, variants, &self.quotes.names].into_iter().flatten().map(PathBuf::as_path);
        let sources = self.codings.iter().flat_map(|codings| &codings.sources);
        let agreement = self.agreement.iter().flat_map(|agreement| &agreement.codings);
        let codings = sources.flat_map(|source| &source.files).chain(agreement).map(PathBuf::as_path);
        [self.path.as_path(), &self.answers.file, &self.codebook].into_iter().chain(own).chain(codings).collect()
    }
}
