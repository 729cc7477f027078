//! What a person does wrong in a rule, and whether the message mends it.
//!
//! Each case is a codebook with one mistake. The message must point at it (line, column
//! and caret), its hint must say what to write, and the rule with just that done must
//! load and find its word.

mod machine;

use aftercode::codebook::Codebook;
use aftercode::coding::Machine;
use aftercode::config::Source;
use aftercode::diagnostic::{Diagnostic, Lang, Text};
use aftercode::normalize::Normalizer;
use aftercode::rule::plan::AttributeNames;
use aftercode::tokenize::Tokenizer;

/// A mistake and its mending.
struct Case {
    name: &'static str,
    /// As it was written; `‹` and `›` stand around what the caret must be under.
    wrong: &'static str,
    /// What the message says, in Japanese.
    says: &'static str,
    /// What the hint says to write, in both languages.
    write: &'static str,
    /// The rule with the hint followed.
    mended: &'static str,
    /// An answer, and the words that the mended rule finds in it.
    answer: &'static str,
    finds: &'static str,
}

macro_rules! cases {
    ($($name:literal: $wrong:literal, $says:literal, $write:literal => $mended:literal, $answer:literal => $finds:literal;)*) => {
        vec![$(Case { name: $name, wrong: $wrong, says: $says, write: $write, mended: $mended, answer: $answer, finds: $finds }),*]
    };
}

fn cases() -> Vec<Case> {
    cases! {
        "unclosed parenthesis": "‹(›研修 | 教育 & 職員", "かっこが閉じていません", ")"
            => "(研修 | 教育) & 職員", "職員の研修" => "職員…研修";
        "parenthesis closed twice": "(研修 | 教育)‹)›", "対応する「(」がありません", ")"
            => "(研修 | 教育)", "教育" => "教育";
        "empty parentheses": "研修 & ‹()›", "かっこの中が空", "語を入れる"
            => "研修 & 職員", "職員の研修" => "職員…研修";
        "unclosed quote": "‹'›補助金 | 助成", "閉じていません", "'"
            => "'補助金' | 助成", "補助金制度" => "補助金";
        "unclosed phrase": "助成 | ‹\"›費用 の 支援", "閉じていません", "\""
            => "助成 | \"費用 の 支援\"", "費用の支援" => "費用の支援";
        "empty quotes": "助成 | ‹''›", "引用符の中が空", "探す文字"
            => "助成 | '補助'", "補助金" => "補助";
        "unclosed regular expression": "‹/›診療報酬(で|に)", "正規表現が閉じていません", "/"
            => "/診療報酬(で|に)/", "診療報酬で評価" => "診療報酬で";
        "unclosed list": "‹<›費用 | 助成", "閉じていません", ">"
            => "<費用> | 助成", "経費" => "経費";
        "unclosed list before another": "‹<›費用 | <金>", "閉じていません", "<費用>"
            => "<費用> | <金>", "経費" => "経費";
        "unclosed attribute": "助成 & ‹{›施設種別 = 病院", "閉じていません", "}"
            => "助成 & {施設種別 = 病院}", "助成" => "助成";
        "near without a distance": "‹near(費用, 支援)›", "距離がありません", "near(費用, 支援; 8)"
            => "near(費用, 支援; 8)", "費用の支援" => "費用…支援";
        "distance that is no number": "near(費用, 支援; ‹近›く)", "整数", "near(費用, 支援; 8)"
            => "near(費用, 支援; 8)", "費用の支援" => "費用…支援";
        "distance of nothing": "near(費用, 支援; ‹0›)", "1 から", "near(費用, 支援; 8)"
            => "near(費用, 支援; 8)", "費用の支援" => "費用…支援";
        "one element near": "‹near(費用 | 支援; 5)›", "要素が1つ", "near(費用, 支援; 5)"
            => "near(費用, 支援; 5)", "費用の支援" => "費用…支援";
        "seq of one element": "‹seq(費用; 5)›", "要素が1つ", "seq(費用, …; 5)"
            => "seq(費用, 支援; 5)", "費用の支援" => "費用…支援";
        "near inside near": "near(‹near(国, 費用; 3)›, 支援; 8)", "near や seq は書けません", "near(a, b, c; 8)"
            => "near(国, 費用, 支援; 8)", "国は費用の支援を" => "国…費用…支援";
        "and inside near": "near(‹研修 & 教育›, 費用; 8)", "語と | だけ", "near(a, b; 8) & "
            => "near(研修, 費用; 8) & 教育", "教育と研修の費用" => "教育…研修…費用";
        "nothing before an operator": "‹|› 研修 | 教育", "前に語がありません", "|"
            => "研修 | 教育", "研修" => "研修";
        "empty alternative": "研修 ‹| |› 教育", "2つ続いて", "|"
            => "研修 | 教育", "教育" => "教育";
        "doubled operator": "研修 ‹&&› 教育", "2つ続いて", "&"
            => "研修 & 教育", "教育と研修" => "教育…研修";
        "operator at the end": "研修 ‹|›", "後に語がありません", "|"
            => "研修", "研修" => "研修";
        "not of nothing": "研修 & ‹!›", "後に語がありません", "!"
            => "研修 & !教育", "研修" => "研修";
        "comma for or": "補助金‹、›助成", "near(…) と seq(…) の中でだけ", "|"
            => "補助金 | 助成", "助成" => "助成";
        "and misspelt": "研修 ‹adn› 教育", "記号がありません", "and"
            => "研修 and 教育", "教育と研修" => "教育…研修";
        "not misspelt": "研修 & ‹(›教育) ‹nto› 職員", "記号がありません", "not"
            => "研修 & not 職員", "研修" => "研修";
        "and in Japanese": "研修 ‹かつ› 教育", "記号がありません", "&"
            => "研修 & 教育", "教育と研修" => "教育…研修";
        "or in Japanese": "補助金 ‹または› 助成", "記号がありません", "|"
            => "補助金 | 助成", "助成" => "助成";
        "two words side by side": "費用 ‹支援›", "記号がありません", "|"
            => "費用 | 支援", "支援" => "支援";
        "list of another name": "‹<費よう>› | 助成", "リスト <費よう> はありません", "費用"
            => "<費用> | 助成", "経費" => "経費";
        "list in the wrong brackets": "‹〈›費用〉 | 助成", "使えません", "<費用>"
            => "<費用> | 助成", "経費" => "経費";
        "list without a name": "‹<>› | 助成", "リストの名前がありません", "<費用>"
            => "<費用> | 助成", "経費" => "経費";
        "code of another name": "助成 | ‹@trainning›", "コード @trainning はありません", "training"
            => "助成 | @training", "研修" => "研修";
        "code that refers to itself": "助成 | ‹@c›", "輪になっています", "参照を外して"
            => "助成", "助成" => "助成";
        "blank behind the at sign": "助成 | ‹@› training", "直後にコードの id がありません", "@"
            => "助成 | @training", "研修" => "研修";
        "attribute of another name": "助成 & ‹{施設種類 = 病院}›", "属性「施設種類」は調査にありません", "施設種別"
            => "助成 & {施設種別 = 病院}", "助成" => "助成";
        "attribute of another value": "助成 & ‹{施設種別 = 病院長}›", "「病院長」という値はありません", "病院"
            => "助成 & {施設種別 = 病院}", "助成" => "助成";
        "attribute without a sign": "助成 & ‹{施設種別 病院}›", "「=」がありません", " = "
            => "助成 & {施設種別 = 病院}", "助成" => "助成";
        "count without a comparison": "‹count(研修 | 教育)›", "数との比較がありません", "count(研修 | 教育) >= 2"
            => "count(研修 | 教育) >= 2", "研修と教育" => "研修…教育";
        "count compared with a word": "count(研修) >= ‹二›", "整数", "count(研修) >= 2"
            => "count(研修) >= 2", "研修と研修" => "研修…研修";
        "length with a word": "助成 & length < ‹短›い", "整数", "length < 10"
            => "助成 & length < 10", "助成" => "助成";
        "length without a comparison": "助成 & ‹length›", "数との比較がありません", "length < 10"
            => "助成 & length < 10", "助成" => "助成";
        "comparison of a word": "助成 ‹=› 2", "ここでは使えません", "count(…) >= 2"
            => "count(助成) >= 2", "助成と助成" => "助成…助成";
        "function misspelt": "‹naer›(費用, 支援; 8)", "「naer(…)」という書き方はありません", "near(…)"
            => "near(費用, 支援; 8)", "費用の支援" => "費用…支援";
        "regular expression with an open group": "/診療報酬‹(›で/", "「(」が閉じていません", ")"
            => "/診療報酬(で)/", "診療報酬で" => "診療報酬で";
        "regular expression with an open class": "/診療報酬‹[›で/", "「[」が閉じていません", "]"
            => "/診療報酬[で]/", "診療報酬で" => "診療報酬で";
        "regular expression that begins with a star": "/‹*›報酬/", "くり返す文字がありません", ".*"
            => "/.*報酬/", "診療報酬" => "診療報酬";
        "regular expression with a look-ahead": "/研修‹(?!›医)/", "先読み", "& !"
            => "研修 & !研修医", "研修" => "研修";
        "regular expression of nothing": "助成 | ‹/^$/›", "どの文字にも当たりません", "/研修$/"
            => "助成 | /研修$/", "毎年の研修" => "研修";
        "regular expression with a slash before the mistake": r"/n\/a‹(›研修/", "「(」が閉じていません", ")"
            => r"/n\/a(研修)/", "n/a研修" => "n/a研修";
        "star in the middle": "‹研*会›", "前か後ろの一方だけ", "/研.*会/"
            => "/研.*会/", "研修会" => "研修会";
        "stars at both ends": "‹*研修*›", "前か後ろの一方だけ", "'研修'"
            => "'研修'", "研修会" => "研修";
        "star alone": "助成 | ‹*›", "「*」だけ", "研修*"
            => "助成 | 研修*", "研修" => "研修";
        "part of speech misspelt": "支援:‹名刺›", "品詞「名刺」はありません", "支援:名詞"
            => "支援:名詞", "支援" => "支援";
        "part of speech in English": "支援:‹noun›", "品詞「noun」はありません", "支援:名詞"
            => "支援:名詞", "支援" => "支援";
        "detail without its part of speech": "支援:‹サ変接続›", "品詞「サ変接続」はありません", "支援:名詞-サ変接続"
            => "支援:名詞-サ変接続", "支援" => "支援";
        "no part of speech": "支援‹:› | 助成", "品詞がありません", "支援:名詞"
            => "支援:名詞 | 助成", "支援" => "支援";
        "Japanese quotes": "‹「›補助金」", "使えません", "'補助金'"
            => "'補助金'", "補助金制度" => "補助金";
        "near of KH Coder": "‹near(費用-支援)›[10]", "距離がありません", "near(費用, 支援; 10)"
            => "near(費用, 支援; 10)", "費用の支援" => "費用…支援";
        "code of KH Coder": "助成 | ‹<*training>›", "参照できません", "@training"
            => "助成 | @training", "研修" => "研修";
        "attribute of KH Coder": "助成 & ‹<>›施設種別-->病院", "では書けません", "{施設種別 = 病院}"
            => "助成 & {施設種別 = 病院}", "助成" => "助成";
        "an empty rule": "‹›", "ルールが空です", "補助金 | 助成"
            => "補助金 | 助成", "助成" => "助成";
    }
}

const BEFORE: &str = "[codebook]
id = \"t\"
version = \"1\"

[lists]
費用 = [\"費用\", \"経費\"]
金 = [\"お金\"]

[[axis]]
id = \"theme\"

[[code]]
id = \"training\"
label = \"研修\"
rule = \"研修\"

[[code]]
id = \"c\"
label = \"c\"
";

/// A codebook whose code `c` has this rule, behind a first line that is without fault.
fn codebook(rule: &str) -> String {
    format!("{BEFORE}rule = '''\n  # 注釈\n  {rule}'''\n")
}

/// The line of the codebook that the rule stands on.
fn rule_line() -> usize {
    BEFORE.matches('\n').count() + 3
}

fn machine_of(rule: &str) -> Result<Machine, Box<Diagnostic>> {
    let codebook = Codebook::from_source(&Source::new("codebook.toml", codebook(rule)))?;
    let attributes = [AttributeNames {
        names: vec!["施設種別".to_owned()],
        values: vec!["病院".to_owned(), "診療所".to_owned()],
        nets: Vec::new(),
    }];
    Machine::new(codebook, Normalizer::shipped()?, Tokenizer::embedded(&[])?, Some(&attributes))
}

/// The marked part of a rule: its text before, and the part. The last of several marks
/// counts.
fn marked(wrong: &str) -> (String, String) {
    let plain = |text: &str| text.replace(['‹', '›'], "");
    let start = wrong.rfind('‹').expect("a mark");
    let end = wrong.rfind('›').expect("a mark");
    (plain(&wrong[..start]), plain(&wrong[start..end]))
}

/// What is wrong with how the program meets a mistake.
fn faults(case: &Case) -> Vec<String> {
    let Case { wrong, says, write, mended, answer, finds, .. } = case;
    let Err(error) = machine_of(&wrong.replace(['‹', '›'], "")) else { return vec!["it is taken".to_owned()] };
    let shown = error.render(Lang::Ja);
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{what}\n{shown}"));
        }
    };
    must(error.message.ja.contains(says), says);
    must(error.message.ja != error.message.en, "a message in English");

    // The place; an empty rule is shown as a whole.
    let (before, part) = marked(wrong);
    if !part.is_empty() {
        must(error.line == Some(rule_line()), "the line");
        must(error.column == Some(3 + before.chars().count()), "the column");
        let caret = shown.lines().rfind(|line| line.trim_start_matches([' ', '|']).starts_with('^'));
        let wide = |c: char| if c.is_ascii() { 1 } else { 2 };
        let width = caret.map_or(0, |line| line.matches('^').count());
        must(width == part.chars().map(wide).sum::<usize>(), "the width of the caret");
    }

    // The hint says what to write, in both languages, and writing that mends it.
    let hint = error.hint.clone().unwrap_or(Text { ja: String::new(), en: String::new() });
    must(hint.ja.contains(write), write);
    must(hint.ja != hint.en, "a hint in English");
    let in_code = write.chars().any(|c| c.is_ascii_punctuation());
    must(!in_code || hint.en.contains(write.trim()), &format!("{write} in English: {}", hint.en));
    match machine_of(mended) {
        Err(error) => must(false, &error.render(Lang::Ja)),
        Ok(machine) => must(found(&machine, answer) == *finds, &format!("found: {}", found(&machine, answer))),
    }
    faults
}

/// The words by which `c` holds for an answer.
fn found(machine: &Machine, answer: &str) -> String {
    let code = machine.codebook().code("c");
    let coded = machine.worker().code(answer, &[Some("病院")], None).expect("coded");
    let coding = coded.codings.iter().find(|coding| Some(coding.code) == code);
    let words = coding.into_iter().flat_map(|coding| &coding.evidence).map(|span| span.of(answer));
    words.collect::<Vec<_>>().join("…")
}

#[test]
fn every_mistake_is_shown_and_its_hint_mends_it() {
    let cases = cases();
    assert!(cases.len() >= 20);
    let told: Vec<String> = cases
        .iter()
        .flat_map(|case| faults(case).into_iter().map(|fault| format!("── {}: {fault}", case.name)))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}
