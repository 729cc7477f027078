//! What the TOML parser says, for readers who do not read English.

use crate::diagnostic::Text;
use crate::text;

/// What is wrong and what to do about it, from the parser's message.
///
/// `found` is the text from the place of the mistake on.
pub(super) fn explain(detail: &str, found: &str) -> (Text, Text) {
    if let Some(said) = full_width(found) {
        return said;
    }
    let quote = || text!("文字列は \"…\" で囲みます（全角の引用符は使えません）。", "Strings stand in \"…\".");
    let (ja, hint) = if detail.contains("unquoted key") {
        (
            "引用符が要る項目名です",
            text!(
                "英数字と - _ のほかは、\"医師会病院\" = … のように引用符で囲みます。",
                "A key with more than ASCII letters, digits, - and _ stands in \"…\"."
            ),
        )
    } else if detail.contains("must be quoted") {
        ("値がないか、文字列が引用符で囲まれていません", quote())
    } else if detail.starts_with("duplicate key") {
        (
            "同じ項目が2回書かれています",
            text!(
                "片方を消すか、1つにまとめてください（いくつも書ける表は [[…]] です）。",
                "Delete one, or join them (a table that can be repeated is written [[…]])."
            ),
        )
    } else if detail.contains("escape") || detail.contains("unicode value") || detail.contains("hexadecimal value") {
        (
            "文字列の中の \\ の使い方が違います",
            text!("\\ は \\\\ と書くか、文字列を '…' で囲みます。", "Write \\ as \\\\, or put the string in '…'."),
        )
    } else if detail.contains("string") {
        (
            "文字列が引用符で閉じられていません",
            text!(
                "閉じる引用符を補ってください。複数行の文字列は \"\"\" で囲みます。",
                "Close it. A string of several lines stands in \"\"\"."
            ),
        )
    } else if detail.contains("comma between") {
        (
            "コンマか、閉じるかっこがありません",
            text!("この前に , か ] か }} を補ってください。", "Put a , or ] or }} before this."),
        )
    } else if detail.starts_with("unclosed") {
        ("かっこが閉じられていません", text!("] か }} を補ってください。", "Put in the missing ] or }}."))
    } else if ["float", "number", "integer", "digit", "datetime"].iter().any(|word| detail.contains(word)) {
        (
            "数として読めません",
            text!("文字列なら \"1.0.0\" のように \"…\" で囲みます。", "A string stands in \"…\", such as \"1.0.0\"."),
        )
    } else if detail.contains("expected `=`") {
        ("= がありません", text!("項目 = 値 の形で書きます。", "Write key = value."))
    } else {
        return (
            text!("TOML の書き方に誤りがあります: {detail}", "The TOML is malformed: {detail}"),
            text!(
                "文字列は \"…\" で囲み、ルールのような複数行は \"\"\" で囲みます。",
                "Strings stand in \"…\", several lines (such as rules) in \"\"\"."
            ),
        );
    };
    (text!("TOML の書き方に誤りがあります: {ja}。", "The TOML is malformed: {detail}."), hint)
}

/// Signs as a Japanese keyboard types them, where TOML wants the Latin ones.
fn full_width(found: &str) -> Option<(Text, Text)> {
    let sign = found.chars().next()?;
    let latin = match sign {
        '“' | '”' | '„' | '＂' | '「' | '『' => '"',
        '‘' | '’' | '＇' => '\'',
        '＝' => '=',
        '［' => '[',
        '］' => ']',
        '｛' => '{',
        '｝' => '}',
        '，' | '、' => ',',
        '＃' => '#',
        _ => return None,
    };
    Some((
        text!(
            "TOML の書き方に誤りがあります: 全角の「{sign}」は使えません。",
            "The TOML is malformed: the sign \"{sign}\" cannot stand here."
        ),
        text!("半角の {latin} を使ってください。", "Type a half-width {latin} instead."),
    ))
}
