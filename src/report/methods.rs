//! How a run was done, in sentences from its data: for the workbook, the summary and the
//! page.

use super::Outcome;
use super::agreement::section;
use super::quoted::masked;
use super::review::Review;
use super::settled::{heading, said as sources};
use crate::diagnostic::Text;
use crate::study::Show;
use crate::survey::Base;
use crate::text;

/// How to cite the results: who and when is for the author to fill in.
pub(super) fn citation(outcome: &Outcome<'_>) -> Text {
    let title = outcome.study.title.as_deref().unwrap_or(&outcome.study.id);
    let (codebook, version, own) = (&outcome.codebook.id, &outcome.codebook.version, env!("CARGO_PKG_VERSION"));
    let book = short(&outcome.codebook.sha256);
    text!(
        "［著者］（［年］）『{title}』自由記述の集計。コードブック {codebook} 版 {version}（SHA-256 {book}…）、aftercode {own} によるコーディング。",
        "[Authors] ([year]). {title}: tabulation of open answers. Coded by aftercode {own} with the codebook {codebook}, version {version} (SHA-256 {book}…)."
    )
}

/// Headings with what is to say under them.
pub(super) fn methods(outcome: &Outcome<'_>) -> Vec<(Text, Text)> {
    let mut said = vec![
        (text!("データ", "Data"), data(outcome)),
        (text!("コーディング", "Coding"), coding(outcome)),
        (text!("確認", "Review"), review(outcome)),
        (text!("回答の引用", "Quotations"), quotations(outcome)),
    ];
    said.extend(outcome.agreement.map(|agreement| (text!("一致", "Agreement"), section::said(agreement))));
    said.extend([
        (text!("母数", "Bases"), bases(outcome)),
        (
            text!("区間", "Intervals"),
            text!(
                "割合の区間は Wilson のスコア法による95%信頼区間です。",
                "Intervals of shares are 95 % confidence intervals by Wilson's score method."
            ),
        ),
    ]);
    if outcome.tested.iter().any(|tested| !tested.tests.is_empty()) {
        said.push((text!("検定", "Tests"), tests()));
    }
    let version = env!("CARGO_PKG_VERSION");
    if let Some(settled) = outcome.settled {
        said.insert(2, (heading(), sources(outcome, settled)));
    }
    said.push((
        text!("ソフトウェア", "Software"),
        text!(
            "aftercode {version}。入力・コードブック・辞書・出力のチェックサムと、すべての設定は manifest.json にあります。",
            "aftercode {version}. Checksums of inputs, codebook, dictionary and outputs, and all settings, are in manifest.json."
        ),
    ));
    said
}

fn data(outcome: &Outcome<'_>) -> Text {
    let reading = outcome.reading;
    let (read, used, skipped) = (reading.rows_read, reading.rows_used, reading.rows_skipped);
    let people = outcome.survey().respondents.len();
    text!(
        "回答の {read} 行を読み、{used} 行を使い、{skipped} 行を除外しました。回答者は {people} です。",
        "Of the answers, {read} rows were read, {used} used and {skipped} skipped. There are {people} respondents."
    )
}

fn coding(outcome: &Outcome<'_>) -> Text {
    let codebook = outcome.codebook;
    let (id, version) = (&codebook.id, &codebook.version);
    let (book, dictionary) = (short(&codebook.sha256), outcome.dictionary.0);
    let words = short(outcome.dictionary.1);
    let read = Text {
        ja: format!(
            "コードブック {id} 版 {version}（SHA-256 {book}…）の規則を、すべての回答に同じように当てました。1つの回答に複数のコードが付きます。"
        ),
        en: format!(
            "The rules of the codebook {id}, version {version} (SHA-256 {book}…), were applied to all answers alike. An answer can get several codes"
        ),
    };
    let (ja, en) = (read.ja, read.en);
    if outcome.settled.is_some() {
        return text!(
            "{ja}その上で、人の判定があるコードはそれを取りました（だれがどう決めたかは decisions.csv）。規則の見つけた語は根拠として残り、人だけが付けたコードに根拠の語はありません。形態素解析の辞書は {dictionary}（SHA-256 {words}…）です。",
            "{en}. Where people decided on a code, their word was taken (decisions.csv says who decided what). The words that the rules found stay as evidence; codes that people alone gave have none. The analyzer's dictionary is {dictionary} (SHA-256 {words}…)."
        );
    }
    text!(
        "{ja}コードには、根拠になった語が必ずあります。形態素解析の辞書は {dictionary}（SHA-256 {words}…）です。人による読み直しは含みません。",
        "{en}, and every code has the words that gave it. The analyzer's dictionary is {dictionary} (SHA-256 {words}…). No reading by people is included."
    )
}

fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}

fn review(outcome: &Outcome<'_>) -> Text {
    let of = |question: usize| Review::of(outcome, question);
    let (mut ja, mut en) = (String::new(), String::new());
    for (at, question) in outcome.survey().questions.iter().enumerate() {
        let Review { answers, maybe, uncoded, conflict } = of(at);
        let id = &question.id;
        let said = text!(
            "{id}: 人が見るべき回答 {answers} 件（示唆 {maybe}・コードなし {uncoded}・矛盾 {conflict}、重複あり）。",
            "{id}: {answers} answers for a person to look at (suggested {maybe}, without a code {uncoded}, contradictory {conflict}; an answer can be under several). "
        );
        ja.push_str(&said.ja);
        en.push_str(&said.en);
    }
    Text { ja, en: en.trim_end().to_owned() }
}

/// What was masked, and which groups are not named.
fn quotations(outcome: &Outcome<'_>) -> Text {
    let Text { mut ja, mut en } = masked(outcome);
    let least = outcome.study.least_shown();
    if least > 1 && outcome.study.quotes.show != Show::None {
        let small = text!(
            "{least} 人未満の区分は、表の suppress に合わせ、回答のそばには書いていません。",
            " As \"suppress\" in the tables says, groups of less than {least} people are not named beside answers."
        );
        ja.push_str(&small.ja);
        en.push_str(&small.en);
    }
    Text { ja, en }
}

fn bases(outcome: &Outcome<'_>) -> Text {
    let own = match outcome.study.table.base {
        Base::Respondents => text!("質問された全員", "everyone asked"),
        Base::Answered => text!("内容のある回答をした人", "those who answered with content"),
    };
    let (ja, en) = (own.ja, own.en);
    Text {
        ja: format!(
            "テーマの割合の母数は{ja}です。数えるのは人であり、延べ件数ではありません。まとめ（ネット）も1人を1回だけ数えます。「特になし」などの割合は、いつも質問された全員に対するものです。ほかの表の母数は、表の下にあります。"
        ),
        en: format!(
            "Shares of themes are of {en}. People are counted, not mentions; nets count a person once. Shares of answers without content (\"nothing\") are always of everyone asked. The bases of other tables stand under them."
        ),
    }
}

fn tests() -> Text {
    text!(
        "群の差は、2群では Fisher の正確検定、3群以上では Fisher–Freeman–Halton 検定によります。p 値は設問と比較ごとに Holm 法で調整しました。回答しなかった人については、何も言えません。",
        "Groups are compared by Fisher's exact test, more than two by the Fisher–Freeman–Halton test. P-values are adjusted by Holm's method within a question and comparison. Nothing can be said of those who did not answer."
    )
}
