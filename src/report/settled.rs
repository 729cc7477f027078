//! Final codings: who decided what, and how many codes come from whom.

use serde_json::{Value, json};

use super::csv::{CODINGS, Sheet, evidence};
use super::quoted::Quoted;
use super::records::Records;
use super::{Outcome, RULES};
use crate::adjudicate::{Settled, SettledAnswer, Verdict, words};
use crate::audit::Scheme;
use crate::codebook::Codebook;
use crate::coding::{Coded, Coding};
use crate::diagnostic::Text;
use crate::span::Span;
use crate::text;

/// The columns of decisions.csv.
const DECISIONS: [&str; 13] = [
    "respondent_id",
    "question",
    "code",
    "source",
    "decision",
    "stance",
    "status",
    "rules",
    "reason",
    "coder",
    "time",
    "file",
    "line",
];

/// The names of the sources, the strongest first.
fn names<'o>(outcome: &Outcome<'o>) -> Vec<&'o str> {
    outcome.study.codings.as_ref().map_or_else(Vec::new, |codings| codings.names())
}

/// How many codes come from whom, after the heading that [`heading`] is.
pub(super) fn said(outcome: &Outcome<'_>, settled: &Settled) -> Text {
    let each: Vec<String> =
        names(outcome).iter().zip(&settled.counts).map(|(name, count)| format!("{name} {count}")).collect();
    let (ja, en) = (each.join("、"), each.join(", "));
    let (removed, stale) = (settled.removed, settled.stale);
    text!(
        "{ja}（予約コードを含む）。人が外したルールのコード {removed}、回答が変わったので使わなかった判定 {stale}。",
        "{en} (reserved codes included). Codes of the rules that people took away: {removed}. Decisions not applied because the answer has changed: {stale}."
    )
}

pub(super) fn heading() -> Text {
    text!("コードの出どころ", "Sources of codes")
}

/// Heading and counts on one line, for the terminal; `None` where only the rules code.
pub fn sources_of_codes(outcome: &Outcome<'_>) -> Option<Text> {
    let Text { ja, en } = said(outcome, outcome.settled?);
    let heading = heading();
    Some(Text { ja: format!("{}: {ja}", heading.ja), en: format!("{}: {en}", heading.en) })
}

/// `codings.csv` with a row a code × whoever gives it; `final` is 1 where that word counts.
pub(super) fn codings(outcome: &Outcome<'_>, settled: &Settled) -> Vec<u8> {
    let survey = outcome.survey();
    let scheme = Scheme::new(survey, outcome.codebook, &outcome.study.answers.id.text);
    let mut sheet = Sheet::new(outcome.raw, CODINGS.into_iter().chain(["final"]));
    for (at, respondent) in survey.respondents.iter().enumerate() {
        for (question, coded) in outcome.coded.row(at).enumerate() {
            let (Some(quoted), Some(coded)) = (outcome.quoted(at, question), coded) else { continue };
            let answer = Answer { key: [&respondent.id, &survey.questions[question].id], quoted, coded };
            match settled.answer((at, question)) {
                Some(own) => answer.of_people(own, settled, &scheme, &mut sheet),
                None => answer.of_rules(outcome.codebook, &mut sheet),
            }
        }
    }
    sheet.bytes()
}

/// An answer with its final codes.
struct Answer<'a> {
    /// Respondent and question.
    key: [&'a str; 2],
    quoted: Quoted<'a>,
    coded: &'a Coded,
}

impl Answer<'_> {
    /// A row: code, stance, coder, words, unit, and whether it counts.
    fn row(&self, [code, stance, coder]: [&str; 3], spans: &[Span], unit: &str, counts: bool, sheet: &mut Sheet) {
        let [start, end, words] = evidence(&self.quoted, spans);
        let last = if counts { "1" } else { "0" };
        let cells = [code, stance, coder, &start, &end, &words, unit, last];
        sheet.row(self.key.into_iter().chain(cells));
    }

    fn whole(&self) -> [Span; 1] {
        [Span::new(0, self.quoted.answer().len())]
    }

    /// The rows of an answer on which people have no word.
    fn of_rules(&self, book: &Codebook, sheet: &mut Sheet) {
        if let Some(reserved) = self.coded.reserved {
            self.row([&book.reserved[reserved].id, "", RULES], &self.whole(), "response", true, sheet);
        }
        for Coding { code, stance, evidence } in &self.coded.codings {
            let code = &book.codes[*code];
            let stance = stance.as_ref().map_or("", |stance| &*stance.id);
            self.row([&code.id, stance, RULES], evidence, code.unit.name(), true, sheet);
        }
    }

    /// The rows of an answer on which people have a word.
    fn of_people(&self, own: &SettledAnswer, settled: &Settled, scheme: &Scheme<'_>, sheet: &mut Sheet) {
        let book = scheme.codebook;
        let is_code = |label: &usize| book.code(&scheme.labels()[*label]).is_some();
        let (codes, reserved): (Vec<usize>, Vec<usize>) = (0..own.given.len()).partition(is_code);
        // Reserved codes come first, as without people.
        for label in reserved.into_iter().chain(codes) {
            let id = scheme.labels()[label].as_str();
            let code = book.code(id);
            let counted = code.and_then(|code| self.coded.codings.iter().find(|coding| coding.code == code));
            let holds = counted.is_some() || self.coded.reserved.is_some_and(|at| book.reserved[at].id == *id);
            let whole = self.whole();
            let spans = code.map_or(&whole[..], |code| words(code, &own.rules));
            let unit = code.filter(|_| !spans.is_empty()).map_or("response", |code| book.codes[code].unit.name());
            for (source, stance) in &own.given[label] {
                let coder = settled.sources.get(*source).map_or(RULES, |source| source.name.as_str());
                let counts = holds && own.deciders[label] == *source;
                // The stance that counts may be another's, where this one gives none.
                let last = counted.filter(|_| counts).and_then(|coding| coding.stance.as_ref());
                let stance = last.map_or(stance.as_deref().unwrap_or(""), |stance| &stance.id);
                self.row([id, stance, coder], spans, unit, counts, sheet);
            }
        }
    }
}

/// Every decision with its reason, and what became of it.
pub(super) fn decisions(outcome: &Outcome<'_>, settled: &Settled) -> Records {
    let survey = outcome.survey();
    let scheme = Scheme::new(survey, outcome.codebook, &outcome.study.answers.id.text);
    let mut records = Records::new(&DECISIONS);
    let mark = |given: Option<bool>| given.map_or("", |given| if given { "1" } else { "0" }).to_owned();
    for verdict in &settled.verdicts {
        let Verdict { place, label, source, given, stance, coder, time, reason, rules, status, file } = verdict;
        let read = &settled.sources[*source];
        records.rows.push(vec![
            survey.respondents[place.0].id.clone(),
            survey.questions[place.1].id.clone(),
            label.map_or_else(String::new, |label| scheme.labels()[label].clone()),
            read.name.clone(),
            mark(*given),
            stance.clone().unwrap_or_default(),
            status.id().to_owned(),
            mark(*rules),
            reason.clone(),
            coder.clone(),
            time.clone(),
            super::manifest::file_name(&read.files[file.0].path),
            file.1.map_or_else(String::new, |line| line.to_string()),
        ]);
    }
    records
}

/// The part of the manifest.
pub(super) fn json(outcome: &Outcome<'_>, settled: &Settled) -> Value {
    let counts = names(outcome).into_iter().zip(&settled.counts);
    let counts = counts.map(|(name, count)| (name.to_owned(), json!(count)));
    let sources = settled.sources.iter().map(|source| {
        let files = source.files.iter().map(|file| {
            json!({
                "file": super::manifest::file_name(&file.path),
                "form": file.form.id(),
                "sha256": file.sha256,
            })
        });
        json!({
            "name": source.name,
            "files": files.collect::<Vec<_>>(),
            "answers": source.answers,
            "split": source.split,
        })
    });
    json!({
        "final": names(outcome),
        "sources": sources.collect::<Vec<_>>(),
        "codes": counts.collect::<serde_json::Map<_, _>>(),
        "removed": settled.removed,
        "stale": settled.stale,
    })
}
