//! Accuracy as tables for people.

use super::{Accuracy, Counts, Difference, Kind};
use crate::codebook::Codebook;
use crate::diagnostic::Lang;
use crate::report::width;
use crate::survey::Survey;

/// The accuracy as lines of text; with the differences if `errors` is set.
pub fn text(accuracy: &Accuracy, survey: &Survey, codebook: &Codebook, errors: bool, lang: Lang) -> String {
    let page = Page { accuracy, survey, codebook, lang };
    let mut out = page.head();
    out.push_str(&page.themes());
    out.push_str(&page.summary());
    out.push_str(&page.stances());
    if errors {
        out.push_str(&page.errors());
    }
    out
}

struct Page<'p> {
    accuracy: &'p Accuracy,
    survey: &'p Survey,
    codebook: &'p Codebook,
    lang: Lang,
}

/// Three decimals; a dash for what is undefined.
fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

impl Page<'_> {
    fn say<'s>(&self, ja: &'s str, en: &'s str) -> &'s str {
        if self.lang == Lang::Ja { ja } else { en }
    }

    fn head(&self) -> String {
        let Accuracy { answers, left_out, .. } = self.accuracy;
        match self.lang {
            Lang::Ja => {
                format!("比べた回答（人×設問）: {answers}件。正解にない回答 {left_out}件は比べていません。\n\n")
            }
            Lang::En => format!(
                "Answers compared (respondent × question): {answers}. Not in the gold, so not compared: {left_out}.\n\n"
            ),
        }
    }

    fn themes(&self) -> String {
        let header = match self.lang {
            Lang::Ja => ["コード", "正解", "検出", "一致", "適合率", "再現率", "F1", "κ", "再現率(示唆込み)"],
            Lang::En => ["code", "cases", "found", "correct", "precision", "recall", "F1", "κ", "recall with maybe"],
        };
        let mut rows = vec![header.map(str::to_owned).to_vec()];
        for theme in &self.accuracy.themes {
            let code = &self.codebook.codes[theme.code];
            let mark = match (theme.has_rule, theme.counts.cases() < self.accuracy.min_cases) {
                (false, _) => " †",
                (true, true) => " *",
                (true, false) => "",
            };
            rows.push(row(format!("{} ({}){mark}", code.label.get(self.lang), code.id), theme.counts));
        }
        rows.push(Vec::new());
        for (at, counts) in &self.accuracy.reserved {
            let reserved = &self.codebook.reserved[*at];
            rows.push(row(format!("{} ({})", reserved.label.get(self.lang), reserved.id), *counts));
        }
        aligned(&rows)
    }

    fn summary(&self) -> String {
        let accuracy = self.accuracy;
        let total = accuracy.total();
        let (themes, least) = (accuracy.frequent_themes(), accuracy.min_cases);
        let [macro_f1, macro_of_all, kappa, micro_f1, precision, recall, exact] = [
            accuracy.macro_f1(),
            accuracy.macro_f1_of_all(),
            accuracy.mean_kappa(),
            total.f1(),
            total.precision(),
            total.recall(),
            accuracy.exact_share(),
        ]
        .map(number);
        let (exact_answers, answers) = (accuracy.exact, accuracy.answers);
        match self.lang {
            Lang::Ja => format!(
                "\n– 分母が0で定まらない値\n* 正解が{least}件未満のテーマ、† ルールがなく人だけが付けるテーマ（どちらもマクロF1と平均κに入れません）\n\nマクロF1 {macro_f1}・平均κ {kappa}（正解が{least}件以上の{themes}テーマ。† も入れたマクロF1は {macro_of_all}）\nミクロF1 {micro_f1}（適合率 {precision}、再現率 {recall}。全テーマ）\nコードの組が完全に一致した回答 {exact}（{exact_answers}/{answers}）\n"
            ),
            Lang::En => format!(
                "\n– undefined: nothing to divide by\n* fewer than {least} cases; † no rule, given by people alone (neither is in macro F1 and mean κ)\n\nMacro F1 {macro_f1}, mean κ {kappa} ({themes} themes with {least} or more cases; macro F1 with † {macro_of_all})\nMicro F1 {micro_f1} (precision {precision}, recall {recall}; all themes)\nAnswers with exactly the same codes {exact} ({exact_answers}/{answers})\n"
            ),
        }
    }

    fn stances(&self) -> String {
        let accuracy = self.accuracy;
        if accuracy.stances.is_empty() {
            return String::new();
        }
        let (all, same) = accuracy.stance_counts();
        let share = number(accuracy.stance_accuracy());
        let mut out = match self.lang {
            Lang::Ja => format!(
                "立場の一致 {share}（正しく見つかり立場のあるテーマ {all}件のうち {same}件）。行が正解、列がルール:\n\n"
            ),
            Lang::En => format!(
                "Same stance {share} ({same} of {all} themes found rightly and with a stance). Rows: gold, columns: rules.\n\n"
            ),
        };
        let mut rows = vec![std::iter::once(String::new()).chain(accuracy.stances.iter().cloned()).collect()];
        for (stance, counts) in accuracy.stances.iter().zip(&accuracy.confusion) {
            rows.push(std::iter::once(stance.clone()).chain(counts.iter().map(u64::to_string)).collect());
        }
        out.push_str(&aligned(&rows));
        out
    }

    fn errors(&self) -> String {
        let mut out = String::new();
        let section = |kind: Kind| match kind {
            Kind::Missed { .. } => 0,
            Kind::FalseAlarm => 1,
            Kind::Stance => 2,
        };
        let names = [("見逃し", "Misses"), ("誤検出", "False alarms"), ("立場の違い", "Other stance")];
        for (at, (ja, en)) in names.into_iter().enumerate() {
            let differences: Vec<&Difference> =
                self.accuracy.differences.iter().filter(|difference| section(difference.kind) == at).collect();
            out.push_str(&format!("\n{}: {}\n", self.say(ja, en), differences.len()));
            for difference in differences {
                out.push_str(&self.error(difference));
            }
        }
        out
    }

    fn error(&self, difference: &Difference) -> String {
        let respondent = &self.survey.respondents[difference.respondent];
        let answer = respondent.answers[difference.question].text().unwrap_or_default();
        let question = &self.survey.questions[difference.question].id;
        let id = difference.label.id(self.codebook);
        let words: String = difference.evidence.iter().map(|span| format!("「{}」", span.of(answer))).collect();
        let stance = |stance: &Option<String>| stance.clone().unwrap_or_else(|| "–".to_owned());
        let (gold, rules) = (stance(&difference.gold_stance), stance(&difference.rules_stance));
        let what = match difference.kind {
            Kind::Missed { suggested: true } => format!("{gold} {} {words}", self.say("示唆あり", "suggested")),
            Kind::Missed { suggested: false } => gold,
            Kind::FalseAlarm => format!("{rules} {words}"),
            Kind::Stance => format!("{gold} → {rules} {words}"),
        };
        let line = |text: &str| text.replace('\n', "⏎");
        format!("  {} {question} {id} {}\n    {}\n", respondent.id, line(&what), line(answer))
    }
}

fn row(name: String, counts: Counts) -> Vec<String> {
    let numbers = [counts.cases(), counts.found(), counts.both].map(|count| count.to_string());
    let measures = [counts.precision(), counts.recall(), counts.f1(), counts.kappa(), counts.recall_with_maybe()];
    std::iter::once(name).chain(numbers).chain(measures.map(number)).collect()
}

/// Rows of cells, the first column to the left, the others to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max();
    let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        for (at, (cell, to)) in row.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(to - width(cell));
            match at {
                0 => out.push_str(&format!("{cell}{blanks}")),
                _ => out.push_str(&format!("  {blanks}{cell}")),
            }
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out
}
