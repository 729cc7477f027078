//! What a study lets coders say, and of which answers: names as coders write them →
//! places in the survey and the codebook.

use super::codings::Unit;
use crate::codebook::Codebook;
use crate::diagnostic::{Diagnostic, Result, Text, fold_key, suggest};
use crate::survey::Survey;
use crate::text;

/// A survey and a codebook, as coders refer to them.
pub struct Scheme<'s> {
    /// The respondents and their answers.
    pub survey: &'s Survey,
    /// The codes.
    pub codebook: &'s Codebook,
    /// The column that holds the respondent's id in the answers.
    pub id_column: &'s str,
    labels: Vec<String>,
}

impl<'s> Scheme<'s> {
    /// The scheme of a study.
    pub fn new(survey: &'s Survey, codebook: &'s Codebook, id_column: &'s str) -> Self {
        let codes = codebook.standalone().map(|(_, code)| code.id.clone());
        // The codebook lists reserved codes from the last to the first.
        let reserved = codebook.reserved.iter().rev().map(|reserved| reserved.id.clone());
        Self { survey, codebook, id_column, labels: codes.chain(reserved).collect() }
    }

    /// The labels an answer can have: the codes that stand for themselves in the
    /// codebook's order, then the reserved ones.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The place among [`Scheme::labels`] of the code that is called `name`: its
    /// identifier, one it replaces, or its name in either language.
    ///
    /// # Errors
    /// If there is no such code, or several are called so.
    pub fn label(&self, name: &str) -> Result<usize> {
        let id = self.codebook.codes.iter().find(|code| code.replaces.iter().any(|old| old == name));
        let id = id.map_or(name, |code| code.id.as_str());
        if let Some(at) = self.labels.iter().position(|label| label == id) {
            return Ok(at);
        }
        let key = fold_key(name);
        let called = |id: &str, ja: &str, en: &str| [id, ja, en].iter().any(|own| fold_key(own) == key);
        let codes = self.codebook.standalone().map(|(_, code)| called(&code.id, &code.label.ja, &code.label.en));
        let reserved = self.codebook.reserved.iter().rev();
        let all = codes.chain(reserved.map(|one| called(&one.id, &one.label.ja, &one.label.en)));
        let found: Vec<usize> = all.enumerate().filter(|(_, found)| *found).map(|(at, _)| at).collect();
        match found.as_slice() {
            [at] => Ok(*at),
            [] => Err(unknown(
                name,
                &self.labels.iter().map(String::as_str).collect::<Vec<_>>(),
                &text!("コード", "code"),
            )),
            _ => Err(Diagnostic::error(text!(
                "「{name}」に当てはまるコードが複数あります。",
                "More than one code is called \"{name}\"."
            ))
            .hint(text!("コードの id で書いてください。", "Write the code's id."))),
        }
    }

    /// The name of a label in both languages.
    pub fn name(&self, label: usize) -> Text {
        let id = &self.labels[label];
        let name = match self.codebook.code(id) {
            Some(code) => Some(&self.codebook.codes[code].label),
            None => self.codebook.reserved.iter().find(|one| one.id == *id).map(|one| &one.label),
        };
        name.map_or_else(
            || Text { ja: id.clone(), en: id.clone() },
            |name| Text { ja: name.ja.clone(), en: name.en.clone() },
        )
    }

    /// The stances a label can have; none for a reserved code.
    pub fn stances(&self, label: usize) -> &'s [String] {
        let Some(code) = self.codebook.code(&self.labels[label]) else { return &[] };
        self.codebook.qualifier_of(&self.codebook.codes[code].axis).map_or(&[], |axis| &axis.order)
    }

    /// The stances that any label can have.
    pub fn all_stances(&self) -> Vec<String> {
        let axes = self.codebook.axes.iter().filter(|axis| axis.qualifies.is_some());
        axes.flat_map(|axis| axis.order.clone()).collect()
    }

    /// The identifier of the stance that is called `name`, of a label.
    ///
    /// # Errors
    /// If the label has no such stance.
    pub fn stance(&self, label: usize, name: &str) -> Result<String> {
        let order = self.stances(label);
        if order.is_empty() {
            let id = &self.labels[label];
            return Err(Diagnostic::error(text!("コード {id} に立場は付きません。", "The code {id} has no stance."))
                .hint(text!("立場を空にしてください。", "Leave the stance blank.")));
        }
        let key = fold_key(name);
        let called = |id: &&String| {
            let label = self.codebook.code(id).map(|at| &self.codebook.codes[at].label);
            fold_key(id) == key || label.is_some_and(|label| fold_key(&label.ja) == key || fold_key(&label.en) == key)
        };
        let order: Vec<&String> = order.iter().collect();
        match order.iter().copied().filter(called).collect::<Vec<_>>().as_slice() {
            [stance] => Ok((*stance).clone()),
            _ => {
                let ids: Vec<&str> = order.iter().map(|id| id.as_str()).collect();
                Err(unknown(name, &ids, &text!("立場", "stance")))
            }
        }
    }

    /// Whether there is a respondent with this id.
    pub fn has_respondent(&self, id: &str) -> bool {
        self.survey.place_of(id).is_some()
    }

    /// The answer of `respondent` to `question`; a blank question is the only one.
    ///
    /// # Errors
    /// If there is no such respondent or question, or no answer with text.
    pub fn unit(&self, respondent: &str, question: &str) -> Result<Unit> {
        let unit = self.asked(respondent, question)?;
        self.answered(&unit)?;
        Ok(unit)
    }

    /// As [`Scheme::unit`], whether there is an answer or not.
    pub(super) fn asked(&self, respondent: &str, question: &str) -> Result<Unit> {
        let at = self.survey.place_of(respondent).ok_or_else(|| self.no_respondent(respondent))?;
        let questions: Vec<&str> = self.survey.questions.iter().map(|question| question.id.as_str()).collect();
        let question_at = match (questions.as_slice(), question) {
            ([_], "") => 0,
            (_, "") => {
                let ids = questions.join("、");
                let en = questions.join(", ");
                return Err(Diagnostic::error(text!("設問が書かれていません。", "The question is not named.")).hint(
                    text!(
                        "question の列に {ids} のどれかを書いてください。",
                        "Write one of {en} into a column \"question\"."
                    ),
                ));
            }
            _ => {
                let found = questions.iter().position(|id| fold_key(id) == fold_key(question));
                found.ok_or_else(|| unknown(question, &questions, &text!("設問", "question")))?
            }
        };
        Ok(self.unit_at(at, question_at))
    }

    /// Refuses a unit without text.
    pub(super) fn answered(&self, unit: &Unit) -> Result<()> {
        let Unit { place: (at, question_at), respondent, question } = unit;
        if self.survey.respondents[*at].answers[*question_at].text().is_some() {
            return Ok(());
        }
        Err(Diagnostic::error(text!(
            "回答者「{respondent}」は設問 {question} に答えていません。",
            "Respondent \"{respondent}\" gave no answer to question \"{question}\"."
        ))
        .hint(text!("この行を消してください。", "Delete the row.")))
    }

    /// The answer at these places.
    pub fn unit_at(&self, respondent: usize, question: usize) -> Unit {
        Unit {
            place: (respondent, question),
            respondent: self.survey.respondents[respondent].id.clone(),
            question: self.survey.questions[question].id.clone(),
        }
    }

    /// The words of an answer.
    pub fn text(&self, unit: &Unit) -> &'s str {
        let (respondent, question) = unit.place;
        self.survey.respondents[respondent].answers[question].text().unwrap_or_default()
    }

    /// What became of an id that is not there: a spreadsheet eats leading zeros and makes
    /// dates of what looks like one.
    fn no_respondent(&self, id: &str) -> Box<Diagnostic> {
        let error = Diagnostic::error(text!("回答者「{id}」はいません。", "There is no respondent \"{id}\"."));
        let mut ids: Vec<&str> = self.survey.respondents.iter().map(|respondent| respondent.id.as_str()).collect();
        let bare = |id: &str| id.trim_start_matches('0').to_owned();
        if let Some(full) = ids.iter().find(|own| own.starts_with('0') && bare(own) == bare(id)) {
            return error.hint(text!(
                "表計算ソフトが先頭の 0 を落としたようです（「{full}」）。ID の列を文字列の書式にして、書き直してください。",
                "A spreadsheet seems to have eaten leading zeros of \"{full}\". Format the column as text and write the ids again."
            ));
        }
        if looks_like_date(id) && !ids.iter().any(|own| looks_like_date(own)) {
            return error.hint(text!(
                "表計算ソフトが ID を日付に変えたようです。ID の列を文字列の書式にして、元の ID を書き直してください。",
                "A spreadsheet seems to have made a date of the id. Format the column as text and write the ids again."
            ));
        }
        if let Some(near) = ids.iter().find(|own| fold_key(own) == fold_key(id)) {
            return error.hint(text!("「{near}」と書いてください。", "Write \"{near}\"."));
        }
        ids.truncate(2_000);
        match suggest(id, &ids) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

/// Two or three numbers, or a number and a month, as a spreadsheet shows a date.
fn looks_like_date(id: &str) -> bool {
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = id.to_lowercase();
    let numbers = lower.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    let year = lower.split(|c: char| !c.is_ascii_digit()).any(|part| part.len() == 4);
    let words = months.iter().any(|month| lower.contains(month)) || lower.contains('月');
    (words && numbers >= 1) || (numbers >= 3 && year && lower.contains(['/', '-']))
}

/// The message that there is no `name` among `names`.
pub(super) fn unknown(name: &str, names: &[&str], kind: &Text) -> Box<Diagnostic> {
    let Text { ja, en } = kind;
    let mut error = Diagnostic::error(text!("{ja}「{name}」はありません。", "There is no {en} \"{name}\"."));
    error.hint = suggest(name, names);
    error
}
