//! The differences of two codebooks, for people and for programs.

mod json;

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use crate::codebook::diff::{Change, Diff, Fate, Item, ListChange};
use crate::codebook::written::{Value, Written};
use crate::compare::{CodeChange, Comparison, Given};
use crate::diagnostic::Lang;
use crate::span::Span;
use crate::survey::Survey;

pub use json::json;

/// Two codebooks with what differs.
pub struct Differences<'d> {
    /// The old codebook.
    pub old: &'d Written,
    /// The new one.
    pub new: &'d Written,
    /// What differs in their files.
    pub diff: &'d Diff,
    /// What differs in the codings of a study, if one was given.
    pub answers: Option<(&'d Survey, &'d Comparison)>,
}

impl Differences<'_> {
    /// Whether the files say the same and no answer is coded differently.
    pub fn is_empty(&self) -> bool {
        self.diff.is_empty() && self.answers.is_none_or(|(_, comparison)| comparison.answers.is_empty())
    }
}

/// The text for the terminal.
pub fn text(differences: &Differences<'_>, lang: Lang) -> String {
    let mut page = Page { out: String::new(), lang };
    let (old, new, diff) = (&differences.old.head, &differences.new.head, differences.diff);
    let version =
        |head: &crate::codebook::written::Record| format!("{} {}", head.id(), head.text("version").unwrap_or_default());
    page.line(0, &format!("{} → {}", version(old), version(new)));
    if diff.is_empty() {
        page.line(0, page.say("違いはありません。", "Nothing differs."));
    }
    if !diff.head.is_empty() {
        page.heading("codebook");
        diff.head.iter().for_each(|change| page.change(1, change));
    }
    page.items(page.say("軸", "Axes"), &diff.axes);
    page.items(page.say("ネット", "Nets"), &diff.nets);
    page.items(page.say("コード", "Codes"), &diff.codes);
    if diff.reordered {
        page.line(1, page.say("コードの並び順が変わりました。", "The order of codes has changed."));
    }
    page.lists(&diff.lists);
    if let Some((survey, comparison)) = differences.answers {
        page.answers(survey, comparison);
    }
    page.out
}

struct Page {
    out: String,
    lang: Lang,
}

impl Page {
    fn say(&self, ja: &'static str, en: &'static str) -> &'static str {
        if self.lang == Lang::Ja { ja } else { en }
    }

    fn line(&mut self, depth: usize, line: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{}{}", "  ".repeat(depth), line.trim_end());
    }

    fn heading(&mut self, heading: &str) {
        self.out.push('\n');
        self.line(0, heading);
    }

    fn items(&mut self, heading: &str, items: &[Item]) {
        if items.is_empty() {
            return;
        }
        self.heading(heading);
        for Item { id, label, fate, from, into, changes } in items {
            let name = format!("{id} {}", label.get(self.lang));
            let comma = self.say("、", ", ");
            let line = match fate {
                Fate::Added if from.is_empty() => format!("+ {name} {}", self.say("（追加）", "(added)")),
                Fate::Added => {
                    format!(
                        "+ {name} {} {}",
                        self.say("（追加）以前の", "(added), takes the place of"),
                        from.join(comma)
                    )
                }
                Fate::Removed if into.is_empty() => format!("- {name} {}", self.say("（削除）", "(removed)")),
                Fate::Removed => {
                    format!("- {name} {} {}", self.say("（削除）引き継ぐコード:", "(removed), now"), into.join(comma))
                }
                Fate::Renamed => format!("~ {} → {name} {}", from.join(comma), self.say("（id の変更）", "(renamed)")),
                Fate::Changed => format!("~ {name}"),
            };
            self.line(1, &line);
            changes.iter().for_each(|change| self.change(3, change));
        }
    }

    fn change(&mut self, depth: usize, change: &Change) {
        let key = change.key;
        if change.layout_only {
            let note = self.say("空白とコメントだけの違い", "differs in blanks and comments only");
            return self.line(depth, &format!("{key}: {note}"));
        }
        match (&change.before, &change.after) {
            (Some(Value::Texts(before)), Some(Value::Texts(after))) => self.lines(depth, key, before, after),
            (Some(Value::Texts(before)), None) => self.lines(depth, key, before, &[]),
            (None, Some(Value::Texts(after))) => self.lines(depth, key, &[], after),
            (before, after) => {
                let text = |value: &Option<Value>| match value {
                    Some(Value::Text(text)) => text.clone(),
                    _ => String::new(),
                };
                let (before, after) = (text(before), text(after));
                if before.contains('\n') || after.contains('\n') || before.len() + after.len() > 120 {
                    let split = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
                    return self.lines(depth, key, &split(&before), &split(&after));
                }
                let none = self.say("（なし）", "(none)");
                let shown = |text: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
                self.line(depth, &format!("{key}: {} → {}", shown(&before), shown(&after)));
            }
        }
    }

    /// The lines that went out and came in.
    fn lines(&mut self, depth: usize, key: &str, before: &[String], after: &[String]) {
        self.line(depth, &format!("{key}:"));
        let (before, after): (Vec<&str>, Vec<&str>) =
            (before.iter().map(String::as_str).collect(), after.iter().map(String::as_str).collect());
        for change in TextDiff::from_slices(&before, &after).iter_all_changes() {
            let sign = match change.tag() {
                ChangeTag::Equal => continue,
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            self.line(depth + 1, &format!("{sign} {}", change.value().trim().replace('\n', "⏎")));
        }
    }

    fn lists(&mut self, lists: &[ListChange]) {
        if lists.is_empty() {
            return;
        }
        self.heading(self.say("リスト", "Lists"));
        let comma = self.say("、", ", ");
        for ListChange { name, fate, added, removed, codes } in lists {
            let line = match fate {
                Fate::Added => format!("+ {name} {}", self.say("（追加）", "(added)")),
                Fate::Removed => format!("- {name} {}", self.say("（削除）", "(removed)")),
                Fate::Renamed | Fate::Changed => format!("~ {name}"),
            };
            self.line(1, &line);
            for (sign, words) in [('+', added), ('-', removed)] {
                if !words.is_empty() {
                    self.line(3, &format!("{sign} {}", words.join(comma)));
                }
            }
            if added.is_empty() && removed.is_empty() {
                self.line(3, self.say("語の順番か重複だけの違い", "other order or repetitions only"));
            }
            let users = if codes.is_empty() { self.say("なし", "none").to_owned() } else { codes.join(comma) };
            self.line(3, &format!("{}: {users}", self.say("使うコード", "codes that use it")));
        }
    }

    fn answers(&mut self, survey: &Survey, comparison: &Comparison) {
        self.heading(self.say("回答", "Answers"));
        let (changed, compared) = (comparison.answers.len(), comparison.compared);
        let ([given, taken, stance], words) = (comparison.counts(), comparison.evidence_only);
        let line = match self.lang {
            Lang::Ja => format!(
                "コードか立場が変わる回答 {changed} / {compared}（コードが付く {given}、外れる {taken}、立場だけ変わる {stance}）。根拠の語だけが変わる回答 {words}。"
            ),
            Lang::En => format!(
                "Codes or stance change in {changed} of {compared} answers (codes given {given}, taken away {taken}, other stance {stance}). Other words, same codes: {words}."
            ),
        };
        self.line(1, &line);
        for answer in &comparison.answers {
            let respondent = &survey.respondents[answer.respondent];
            let text = respondent.answers[answer.question].text().unwrap_or_default();
            self.out.push('\n');
            let place = format!("{} {}", respondent.id, survey.questions[answer.question].id);
            self.line(1, &format!("{place} 「{}」", text.replace('\n', "⏎")));
            answer.codes.iter().for_each(|change| self.code(text, change));
        }
    }

    fn code(&mut self, answer: &str, change: &CodeChange) {
        let code = &change.code;
        let line = match (&change.before, &change.after) {
            (None, Some(after)) => format!("+ {code} {}", self.given(answer, after)),
            (Some(before), None) => format!("- {code} {}", self.given(answer, before)),
            (Some(before), Some(after)) => {
                format!("~ {code} {} → {}", self.stance(answer, before), self.stance(answer, after))
            }
            (None, None) => return,
        };
        self.line(3, &line);
    }

    fn given(&self, answer: &str, given: &Given) -> String {
        format!("{} {}", quoted(answer, &given.evidence), self.stance(answer, given))
    }

    /// The stance with its words, or with the remark that it is the default.
    fn stance(&self, answer: &str, given: &Given) -> String {
        match &given.stance {
            None => self.say("（立場なし）", "(no stance)").to_owned(),
            Some(stance) if stance.evidence.is_empty() => {
                format!("{}{}", stance.id, self.say("（既定）", " (default)"))
            }
            Some(stance) => format!("{}{}", stance.id, quoted(answer, &stance.evidence)),
        }
    }
}

/// The words of evidence, each in 「」.
fn quoted(answer: &str, spans: &[Span]) -> String {
    spans.iter().map(|span| format!("「{}」", span.of(answer).replace('\n', "⏎"))).collect()
}
