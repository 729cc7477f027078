//! The differences in words: what the terminal and the page both show.

use serde::Serialize;

use super::{AnswerChange, Cell, CodeChange, Diff, Given, LEVEL, Presence, Side, Significance};
use crate::codebook::written::Written;
use crate::diagnostic::Lang;
use crate::report::changes::{Differences, text as codebooks};

/// All that is shown.
#[derive(Serialize)]
pub(super) struct View {
    pub(super) lang: &'static str,
    pub(super) title: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) same: bool,
    pub(super) notes: Vec<String>,
    pub(super) decided: Vec<String>,
    pub(super) files: Vec<String>,
    /// The lines of what differs in the codebook.
    pub(super) codebook: Vec<String>,
    pub(super) summary: Vec<String>,
    pub(super) answers: Vec<AnswerView>,
    pub(super) cells: Vec<CellView>,
    pub(super) tests: Vec<TestView>,
}

#[derive(Serialize)]
pub(super) struct AnswerView {
    /// Ids of respondent and question.
    pub(super) place: String,
    /// Where it is, if not in both folders.
    pub(super) only: Option<&'static str>,
    pub(super) text: String,
    pub(super) codes: Vec<CodeView>,
}

#[derive(Serialize)]
pub(super) struct CodeView {
    /// `+`, `-` or `~`.
    pub(super) sign: char,
    pub(super) code: String,
    pub(super) label: String,
    pub(super) said: String,
}

#[derive(Serialize)]
pub(super) struct CellView {
    /// Table, question and code.
    pub(super) row: String,
    pub(super) group: String,
    pub(super) before: String,
    pub(super) after: String,
}

#[derive(Serialize)]
pub(super) struct TestView {
    pub(super) sign: char,
    pub(super) what: String,
    pub(super) before: String,
    pub(super) after: String,
}

impl View {
    pub(super) fn of(diff: &Diff, lang: Lang) -> Self {
        let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
        let words = Words { lang, codebooks: &diff.codebooks };
        let [old, new] = &diff.codebooks;
        let codebook = if diff.codebook.is_empty() {
            String::new()
        } else {
            codebooks(&Differences { old, new, diff: &diff.codebook, answers: None }, lang)
        };
        Self {
            lang: say("ja", "en"),
            title: say("結果の違い", "Differences of results").to_owned(),
            before: diff.folders[0].clone(),
            after: diff.folders[1].clone(),
            same: diff.is_same(),
            notes: diff.notes.iter().map(|note| note.render(lang)).collect(),
            decided: diff.decided.iter().map(|decided| decided.line(lang)).collect(),
            files: diff.files.clone(),
            codebook: codebook.lines().map(str::to_owned).collect(),
            summary: words.summary(diff),
            answers: diff.answers.changed.iter().map(|change| words.answer(change)).collect(),
            cells: diff.cells.iter().map(|cell| words.cell(cell)).collect(),
            tests: diff.tests.iter().map(|test| words.test(test)).collect(),
        }
    }
}

struct Words<'d> {
    lang: Lang,
    codebooks: &'d [Written; 2],
}

impl Words<'_> {
    fn say(&self, ja: &'static str, en: &'static str) -> &'static str {
        if self.lang == Lang::Ja { ja } else { en }
    }

    fn summary(&self, diff: &Diff) -> Vec<String> {
        let answers = &diff.answers;
        let count = |test: fn(&CodeChange) -> bool| {
            answers.changed.iter().flat_map(|answer| &answer.codes).filter(|code| test(code)).count()
        };
        let (given, taken) = (count(|code| code.before.is_none()), count(|code| code.after.is_none()));
        let stance = count(|code| code.before.is_some() && code.after.is_some());
        let (changed, words, compared) = (answers.changed.len(), answers.evidence_only, answers.compared);
        let [before, after] = answers.only;
        let mut lines = vec![match self.lang {
            Lang::Ja => format!(
                "コードか立場が変わった回答 {changed} 件（コードが付いた {given}、外れた {taken}、立場だけ変わった {stance}）。根拠の語だけが変わった回答 {words} 件。両方にある回答 {compared} 件。"
            ),
            Lang::En => format!(
                "Answers with other codes or stances: {changed} (codes given {given}, taken away {taken}, other stance {stance}). Other words, same codes: {words}. Answers in both: {compared}."
            ),
        }];
        if before + after > 0 {
            lines.push(match self.lang {
                Lang::Ja => format!("片方にだけある回答: 前 {before} 件、後 {after} 件（無回答を含む）。"),
                Lang::En => {
                    format!("Answers in one folder only: {before} before, {after} after (blank ones included).")
                }
            });
        }
        lines
    }

    fn answer(&self, change: &AnswerChange) -> AnswerView {
        AnswerView {
            place: format!("{} {}", change.answer.0, change.answer.1),
            only: match change.presence {
                Presence::Both => None,
                Presence::Before => Some(self.say("前だけ", "before only")),
                Presence::After => Some(self.say("後だけ", "after only")),
            },
            text: change.text.clone().unwrap_or_else(|| self.say("（文なし）", "(no text)").to_owned()),
            codes: change.codes.iter().map(|code| self.code(code)).collect(),
        }
    }

    fn code(&self, change: &CodeChange) -> CodeView {
        let (sign, said) = match (&change.before, &change.after) {
            (Some(before), Some(after)) => {
                ('~', format!("{} → {}", self.stance(&before.stance), self.stance(&after.stance)))
            }
            (Some(given), None) => ('-', self.given(given)),
            (None, Some(given)) => ('+', self.given(given)),
            (None, None) => (' ', String::new()),
        };
        // Whoever else coded is named; that rules did goes without saying.
        CodeView { sign, code: change.code.clone(), label: self.label(&change.code), said }
    }

    fn given(&self, given: &Given) -> String {
        let evidence = crate::results::shortened(&given.evidence, 80);
        format!("「{evidence}」 {}", self.stance(&given.stance)).trim_end().to_owned()
    }

    fn stance(&self, id: &str) -> String {
        if id.is_empty() { self.say("（立場なし）", "(no stance)").to_owned() } else { id.to_owned() }
    }

    /// The name of a code in the second codebook, else in the first.
    fn label(&self, id: &str) -> String {
        let own = |written: &Written| {
            let code = written.codes.iter().find(|code| code.id() == id);
            code.map(|code| code.label(self.lang).to_owned())
        };
        own(&self.codebooks[1]).or_else(|| own(&self.codebooks[0])).unwrap_or_default()
    }

    fn cell(&self, cell: &Cell) -> CellView {
        let [table, question, code, by, group] = &cell.key;
        let group = match (group.as_str(), self.lang) {
            ("全体", Lang::En) if by.is_empty() => "Total",
            ("不明", Lang::En) => "Unknown",
            (group, _) => group,
        };
        let label = if cell.label == *code { "" } else { &cell.label };
        let row = [table, question, code, label].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        CellView {
            row: row.join(" "),
            group: if by.is_empty() { group.to_owned() } else { format!("{by}: {group}") },
            before: self.side(cell.before),
            after: self.side(cell.after),
        }
    }

    fn side(&self, side: Side) -> String {
        match side {
            Side::Absent => self.say("（なし）", "(none)").to_owned(),
            Side::Hidden => self.say("秘匿", "hidden").to_owned(),
            Side::Share(share) => format!("{}/{} {}%", share.count(), share.base(), share.percent()),
        }
    }

    fn test(&self, test: &Significance) -> TestView {
        let [table, question, code, by, name] = &test.key;
        let row = [table, question, code, by, name].into_iter().filter(|part| !part.is_empty());
        let p = |p: Option<f64>| p.map_or_else(|| self.say("（なし）", "(none)").to_owned(), |p| format!("p = {p}"));
        TestView {
            sign: if test.appeared() { '+' } else { '-' },
            what: row.map(String::as_str).collect::<Vec<_>>().join(" "),
            before: p(test.before),
            after: p(test.after),
        }
    }
}

/// The headings of the parts, in order.
pub(super) fn headings(lang: Lang) -> [String; 6] {
    match lang {
        Lang::Ja => [
            "結果を決めたもの".to_owned(),
            "違うファイル".to_owned(),
            "コードブック".to_owned(),
            "回答".to_owned(),
            "表の数".to_owned(),
            format!("有意差（調整後の p が {LEVEL} 未満。+ 現れた、- 消えた）"),
        ],
        Lang::En => [
            "What decided the results".to_owned(),
            "Files that differ".to_owned(),
            "Codebook".to_owned(),
            "Answers".to_owned(),
            "Cells of tables".to_owned(),
            format!("Significance (adjusted p under {LEVEL}; + appeared, - vanished)"),
        ],
    }
}
