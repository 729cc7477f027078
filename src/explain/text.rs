//! An explanation as a page for people.

mod lacking;

use super::stance::From;
use super::written::{self, Site};
use super::{Account, Explanation, Firing, Focus, Miss, Place, StanceAccount, Support};
use crate::codebook::Taken;
use crate::diagnostic::Lang;
use crate::report::width;
use crate::rule::plan::Part;
use crate::rule::{Expr, Kind};
use crate::span::Span;
use crate::tokenize::{Unit, UnitKind};

/// Columns of the terminal that the text of a rule may take.
const RULE_WIDTH: usize = 96;

/// The explanation as lines of text.
pub fn text(explanation: &Explanation<'_>, lang: Lang) -> String {
    let mut page = Page { out: String::new(), lang, explanation };
    page.answer();
    match (&explanation.reserved, &explanation.focus) {
        (Some((reserved, taken)), _) => page.reserved(*reserved, taken),
        (None, Some(focus)) => page.focus(focus),
        (None, None) => {
            page.codes();
            page.suggestions();
            page.conflicts();
        }
    }
    page.misses();
    page.tokens();
    page.out
}

struct Page<'p, 'x> {
    out: String,
    lang: Lang,
    explanation: &'p Explanation<'x>,
}

impl Page<'_, '_> {
    fn say<'s>(&self, ja: &'s str, en: &'s str) -> &'s str {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.out.push_str(&" ".repeat(2 * indent));
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn heading(&mut self, ja: &str, en: &str) {
        let heading = self.say(ja, en).to_owned();
        self.out.push('\n');
        self.line(0, &heading);
    }

    fn answer(&mut self) {
        let explanation = self.explanation;
        let folded = explanation.document.text();
        let name = self.say("回答", "Answer");
        let line = format!("{name}: {}", shown(&explanation.answer));
        self.line(0, &line);
        if folded != explanation.answer {
            let name = self.say("正規化後", "Folded");
            let line = format!("{name}: {}", shown(folded));
            self.line(0, &line);
        }
    }

    fn reserved(&mut self, reserved: usize, taken: &Taken<'_>) {
        let reserved = &self.explanation.codebook.reserved[reserved];
        self.heading(
            "回答の全体が予約コードになりました（テーマは調べません）",
            "The whole answer is a reserved code (themes are not looked for)",
        );
        let why = match taken {
            Taken::Symbol => self.say("記号だけの回答の一覧にあります", "it is in the list of symbols").to_owned(),
            Taken::Marks => self.say("記号だけの回答です", "it has marks only").to_owned(),
            Taken::Pattern(pattern) => {
                let site = written::site(pattern, Span::new(0, 0));
                format!("{}  {}", self.site(&site), abbreviated(&pattern.text))
            }
        };
        let line = format!("{} ({})", reserved.label.get(self.lang), reserved.id);
        self.line(1, &line);
        self.line(2, &why);
    }

    fn name(&self, code: usize) -> String {
        let code = &self.explanation.codebook.codes[code];
        format!("{} ({})", code.label.get(self.lang), code.id)
    }

    fn site(&self, site: &Site) -> String {
        site.line.map_or_else(|| site.file.clone(), |line| format!("{}:{line}", site.file))
    }

    /// Where a part of a rule stands, and its text, cut where it is long.
    fn rule(&self, code: usize, part: Part, expr: &Expr) -> String {
        let text = abbreviated(&self.explanation.rule_text(code, part, expr));
        match self.explanation.site(code, part, expr) {
            Some(site) => format!("{}  {text}", self.site(&site)),
            None => text,
        }
    }

    fn quoted(&self, spans: &[Span]) -> String {
        let mut spans = spans.to_vec();
        spans.sort_unstable();
        spans.dedup();
        let quote = |span: &Span| format!("「{}」", shown(self.explanation.original(*span)));
        spans.iter().map(quote).collect()
    }

    fn codes(&mut self) {
        self.heading("付いたコード", "Codes that hold");
        if self.explanation.codes.is_empty() {
            let none = self.say("なし", "none").to_owned();
            self.line(1, &none);
        }
        for account in &self.explanation.codes {
            self.account(account);
        }
    }

    fn suggestions(&mut self) {
        if self.explanation.suggestions.is_empty() {
            return;
        }
        self.heading("示唆（maybe だけが見つけたもの。数えません）", "Suggested (found by maybe alone; not counted)");
        for account in &self.explanation.suggestions {
            self.account(account);
        }
    }

    fn conflicts(&mut self) {
        if self.explanation.conflicts.is_empty() {
            return;
        }
        self.heading("矛盾（contradicts の宣言による）", "Contradictions (declared by contradicts)");
        for conflict in &self.explanation.conflicts {
            let line = self.conflict(conflict);
            self.line(1, &line);
        }
    }

    fn account(&mut self, account: &Account<'_>) {
        let answer = &self.explanation.answer;
        let words: String = account.evidence.iter().map(|span| format!("「{}」", shown(span.of(answer)))).collect();
        let line = format!("{}  {words}", self.name(account.code));
        self.line(1, &line);
        self.firings(&account.firings, 2);
        if let Some(stance) = &account.stance {
            self.stance(stance);
        }
    }

    /// Each alternative once, with its words of all units.
    fn firings(&mut self, firings: &[Firing<'_>], indent: usize) {
        let mut told: Vec<&Expr> = Vec::new();
        for firing in firings {
            if told.iter().any(|expr| std::ptr::eq(*expr, firing.alternative)) {
                continue;
            }
            told.push(firing.alternative);
            let same = firings.iter().filter(|other| std::ptr::eq(other.alternative, firing.alternative));
            let mut words: Vec<String> = Vec::new();
            for support in same.map(|firing| &firing.support) {
                for word in self.support(support) {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
            }
            if words.is_empty() {
                words.push(self.say("（語ではなく条件による）", "(by a condition, not by words)").to_owned());
            }
            let maybe = if firing.part == Part::Maybe { "maybe: " } else { "" };
            let line = format!("{maybe}{}", self.rule(firing.code, firing.part, firing.alternative));
            self.line(indent, &line);
            self.line(indent + 1, &format!("← {}", words.join(" ")));
        }
    }

    /// The words that are there, each with what asks for it where that is another.
    fn support(&self, support: &Support<'_>) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut told: Vec<Span> = Vec::new();
        for place in support.places() {
            if told.contains(&place.span) {
                continue;
            }
            told.push(place.span);
            let word = self.word(place);
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if !support.codes.is_empty() {
            words.push(format!("@{}", self.quoted(&support.codes)));
        }
        words
    }

    fn word(&self, place: &Place<'_>) -> String {
        let own = shown(self.explanation.original(place.span));
        let asked = match (&place.word.kind, place.list) {
            (Kind::Regex(_), None) => String::new(),
            (Kind::Regex(_), Some(list)) => format!("<{list}>"),
            (_, Some(list)) => format!("<{list}> {}", written::word(place.word)),
            (_, None) => written::word(place.word),
        };
        if asked.is_empty() || asked.trim_matches('\'') == own {
            format!("「{own}」")
        } else {
            format!("「{own}」({asked})")
        }
    }

    fn stance(&mut self, stance: &StanceAccount<'_>) {
        let code = self.explanation.codebook.code(&stance.id);
        let name = code.map_or_else(|| stance.id.clone(), |code| self.name(code));
        let words = self.quoted(&stance.evidence);
        let from = match stance.from {
            From::Own => self.say("根拠と同じ節から", "from the clause of the evidence"),
            From::Following => self.say("同じ文の後の節から", "from a following clause of the sentence"),
            From::Default => self.say("語がないので設問の既定", "no words; the question's default"),
        };
        let words = if words.is_empty() { words } else { format!(" {words}") };
        let line = format!("{} {name}{words}  {from}", self.say("立場:", "Stance:"));
        self.line(2, &line);
        self.firings(&stance.firings, 3);
        if !stance.outranked.is_empty() {
            let names: Vec<String> = stance.outranked.iter().map(|code| self.name(*code)).collect();
            let line = format!(
                "{} {}",
                self.say("同じ節にあり、順位が下の立場:", "Also there, later in the order:"),
                names.join(self.say("、", ", "))
            );
            self.line(3, &line);
        }
    }

    fn focus(&mut self, focus: &Focus<'_>) {
        let explanation = self.explanation;
        let account = explanation.codes.iter().find(|account| account.code == focus.code);
        let suggested = explanation.suggestions.iter().find(|account| account.code == focus.code);
        let standalone = explanation.codebook.standalone().any(|(code, _)| code == focus.code);
        match (account, suggested) {
            (Some(_), _) => self.heading("付いたコード", "Holds"),
            (None, Some(_)) => self.heading("示唆だけのコード（数えません）", "Suggested only (not counted)"),
            (None, None) if standalone => self.heading("付かなかったコード", "Does not hold"),
            (None, None) => self.heading("立場のルールを節ごとに見ます", "A stance, looked for in each unit"),
        }
        match account.or(suggested) {
            Some(account) => self.account(account),
            None => {
                let name = self.name(focus.code);
                self.line(1, &name);
                self.firings(&focus.firings, 2);
            }
        }
        if !focus.masks.is_empty() {
            self.heading("except が取り除いた語", "What except takes out");
            let mut told: Vec<String> = Vec::new();
            for mask in &focus.masks {
                let rule = self.rule(focus.code, Part::Except, mask.expr);
                let line = format!("{}  {rule}", self.quoted(&[mask.span]));
                if !told.contains(&line) {
                    self.line(1, &line);
                    told.push(line);
                }
            }
        }
    }

    fn misses(&mut self) {
        let explanation = self.explanation;
        let (barred, near): (Vec<&Miss>, Vec<&Miss>) =
            explanation.misses.iter().partition(|miss| miss.lacks.iter().all(super::Lack::is_barred));
        if explanation.misses.is_empty() && explanation.focus.as_ref().is_some_and(|focus| focus.firings.is_empty()) {
            let none = self.say("近いルールもありません。", "No rule of it is near.").to_owned();
            self.line(1, &none);
        }
        if !barred.is_empty() {
            self.heading("except や ! がなければ当たっていたルール", "Rules that would hold but for except or !");
            barred.into_iter().for_each(|miss| self.miss(miss));
        }
        if !near.is_empty() {
            self.heading("あと一つ足りなかったルール（主なもの）", "Rules that lack one thing (a few)");
            near.into_iter().for_each(|miss| self.miss(miss));
        }
    }

    fn miss(&mut self, miss: &Miss<'_>) {
        let maybe = if miss.part == Part::Maybe { " maybe" } else { "" };
        let line = format!(
            "{}{maybe}{}  {}",
            self.name(miss.code),
            self.unit(miss.unit, miss.code),
            self.rule(miss.code, miss.part, miss.alternative)
        );
        self.line(1, &line);
        for lack in &miss.lacks {
            let line = self.lack(lack, miss);
            self.line(2, &line);
        }
        let there = self.support(&miss.support);
        if !there.is_empty() && !miss.lacks.iter().any(|lack| matches!(lack, super::Lack::TooFar { .. })) {
            let line = format!("{} {}", self.say("あった語:", "There is:"), there.join(" "));
            self.line(2, &line);
        }
    }

    /// The unit's number, where there are several.
    fn unit(&self, unit: Unit, code: usize) -> String {
        let kind = self.explanation.codebook.codes[code].unit;
        let units = self.explanation.document.units(kind);
        let number = units.iter().position(|other| *other == unit).map_or(0, |at| at + 1);
        match (kind, self.lang) {
            _ if units.len() < 2 => String::new(),
            (UnitKind::Clause, Lang::Ja) => format!("（節{number}）"),
            (_, Lang::Ja) => format!("（文{number}）"),
            (UnitKind::Clause, Lang::En) => format!(" [clause {number}]"),
            (_, Lang::En) => format!(" [sentence {number}]"),
        }
    }

    fn tokens(&mut self) {
        let explanation = self.explanation;
        let document = &explanation.document;
        self.heading("語の区切り（語・基本形・品詞）", "Words (surface, base form, part of speech)");
        let rows: Vec<[String; 3]> = document
            .tokens
            .iter()
            .map(|token| {
                let features = explanation.tokenizer.features(*token, document.text());
                [token.span.of(document.text()).to_owned(), features.base.to_owned(), features.pos().join("-")]
            })
            .collect();
        let widest = |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
        let (first, second) = (widest(0), widest(1));
        for (number, clause) in document.clauses.iter().enumerate() {
            let sentence = document.sentences.iter().position(|sentence| sentence.first == clause.first);
            let line = match sentence {
                Some(at) => {
                    let (sentence, clause) = (self.say("文", "sentence"), self.say("節", "clause"));
                    format!("── {sentence} {} ・ {clause} {}", at + 1, number + 1)
                }
                None => format!("   ・ {} {}", self.say("節", "clause"), number + 1),
            };
            self.line(0, &line);
            for row in &rows[clause.first..clause.last] {
                let line = format!("{}  {}  {}", padded(&row[0], first), padded(&row[1], second), row[2]);
                self.line(2, &line);
            }
        }
    }
}

/// Line breaks as a sign, so that a page keeps its lines.
fn shown(text: &str) -> String {
    text.replace('\n', "⏎")
}

fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

fn abbreviated(text: &str) -> String {
    let mut short = String::new();
    for c in text.chars() {
        if width(&short) >= RULE_WIDTH {
            return short + "…";
        }
        short.push(c);
    }
    short
}
