//! The codes of answers in two folders.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Answers;
use crate::diagnostic::Result;
use crate::results::{Results, Rows};

/// An answer: the ids of respondent and question.
pub type Answer = (String, String);

/// What a folder says of its answers.
#[derive(Clone, Debug, Default)]
pub struct Codings {
    /// All answers, blank ones too, in order.
    order: Vec<Answer>,
    /// The codes of each: what bears it in `codings.csv`, in order.
    codes: HashMap<Answer, Vec<(String, Given)>>,
}

/// A code as an answer has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The stance; empty where there is none.
    pub stance: String,
    /// The words that made it so, joined by `;`.
    pub evidence: String,
    /// Where they stand: starts and ends in code points, as `codings.csv` has them.
    places: [String; 2],
}

/// An answer with other codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerChange {
    /// Respondent and question.
    pub answer: Answer,
    /// In which of the folders it is.
    pub presence: Presence,
    /// Its text, as far as the folders hold it.
    pub text: Option<String>,
    /// What differs: codes in the order of the second folder, then those it lacks.
    pub codes: Vec<CodeChange>,
}

/// In which folder an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In both.
    Both,
    /// In the first only.
    Before,
    /// In the second only.
    After,
}

/// A code that an answer has in one of the two, or with another stance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChange {
    /// Its id; the new one, if it was renamed.
    pub code: String,
    /// As the first folder has it.
    pub before: Option<Given>,
    /// As the second has it.
    pub after: Option<Given>,
}

impl Codings {
    /// Reads them from a folder.
    ///
    /// # Errors
    /// If `codings.csv` or `matrix.csv` cannot be read or lacks a column.
    pub fn read(results: &Results) -> Result<Self> {
        let placed = |name: &'static str| {
            move |error: Box<crate::diagnostic::Diagnostic>| error.file(&results.folder.join(name))
        };
        let (codings, matrix) = (results.rows("codings.csv")?, results.rows("matrix.csv")?);
        let mut read = Self::default();
        read.add_answers(&matrix).map_err(placed("matrix.csv"))?;
        read.add_codes(&codings).map_err(placed("codings.csv"))?;
        Ok(read)
    }

    /// Reads them from the files of a run.
    ///
    /// # Errors
    /// As [`Codings::read`].
    pub fn of_files(files: &[(String, Vec<u8>)]) -> Result<Self> {
        let rows = |name: &str| {
            let found = files.iter().find(|(known, _)| known == name);
            Rows::parse(found.map_or(&[][..], |(_, bytes)| bytes))
        };
        let mut read = Self::default();
        read.add_answers(&rows("matrix.csv")?)?;
        read.add_codes(&rows("codings.csv")?)?;
        Ok(read)
    }

    fn add_answers(&mut self, matrix: &Rows) -> Result<()> {
        let [respondent, question] = matrix.places(["respondent_id", "question"])?;
        self.order = matrix.rows.iter().map(|row| (row[respondent].clone(), row[question].clone())).collect();
        Ok(())
    }

    fn add_codes(&mut self, codings: &Rows) -> Result<()> {
        let names = ["respondent_id", "question", "code", "stance", "evidence", "start", "end"];
        let [respondent, question, code, stance, evidence, start, end] = codings.places(names)?;
        // Where people have a word, too, a code is there once for each who gives it.
        let counts = codings.place("final");
        for row in codings.rows.iter().filter(|row| counts.is_none_or(|at| row[at] == "1")) {
            let cell = |at: usize| row[at].clone();
            let given = Given { stance: cell(stance), evidence: cell(evidence), places: [cell(start), cell(end)] };
            let codes = self.codes.entry((cell(respondent), cell(question))).or_default();
            codes.push((cell(code), given));
        }
        Ok(())
    }

    /// How many answers each code has, by its id.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for codes in self.codes.values() {
            codes.iter().for_each(|(code, _)| *counts.entry(code.as_str()).or_default() += 1);
        }
        counts
    }

    fn of(&self, answer: &Answer, now: &BTreeMap<&str, &str>) -> Vec<(String, Given)> {
        let name = |id: &String| now.get(id.as_str()).map_or_else(|| id.clone(), |new| (*new).to_owned());
        let codes = self.codes.get(answer).into_iter().flatten();
        codes
            .map(|(code, given)| {
                let given = Given { stance: name(&given.stance), ..given.clone() };
                (name(code), given)
            })
            .collect()
    }
}

/// What differs from `before` to `after`. `renamed` leads from new ids of codes to old ones;
/// a code that was only renamed is no difference.
pub fn changes(before: &Codings, after: &Codings, renamed: &BTreeMap<String, String>) -> Answers {
    let now: BTreeMap<&str, &str> = renamed.iter().map(|(new, old)| (old.as_str(), new.as_str())).collect();
    let known = |codings: &Codings| codings.order.iter().cloned().collect::<HashSet<Answer>>();
    let (earlier, later) = (known(before), known(after));
    let gone = before.order.iter().filter(|answer| !later.contains(*answer));
    let mut answers = Answers::default();
    for answer in after.order.iter().chain(gone) {
        let presence = match (earlier.contains(answer), later.contains(answer)) {
            (true, true) => Presence::Both,
            (true, false) => Presence::Before,
            _ => Presence::After,
        };
        match presence {
            Presence::Both => answers.compared += 1,
            Presence::Before => answers.only[0] += 1,
            Presence::After => answers.only[1] += 1,
        }
        let (old, new) = (before.of(answer, &now), after.of(answer, &BTreeMap::new()));
        let codes = codes(&old, &new);
        if !codes.is_empty() {
            answers.changed.push(AnswerChange { answer: answer.clone(), presence, text: None, codes });
        } else if old != new {
            answers.evidence_only += 1;
        }
    }
    answers
}

fn codes(before: &[(String, Given)], after: &[(String, Given)]) -> Vec<CodeChange> {
    let find = |codes: &[(String, Given)], name: &String| {
        codes.iter().find(|(known, _)| known == name).map(|(_, given)| given.clone())
    };
    let change =
        |name: &String, before: Option<Given>, after: Option<Given>| CodeChange { code: name.clone(), before, after };
    let mut changes = Vec::new();
    for (name, now) in after {
        let then = find(before, name);
        if then.as_ref().is_none_or(|then| then.stance != now.stance) {
            changes.push(change(name, then, Some(now.clone())));
        }
    }
    let lost = before.iter().filter(|(name, _)| find(after, name).is_none());
    changes.extend(lost.map(|(name, then)| change(name, Some(then.clone()), None)));
    changes
}
