//! Codebooks: settings, names, rules.

use super::{Case, case};

pub fn cases() -> Vec<Case> {
    let mut cases = settings();
    cases.extend(rules());
    cases
}

fn settings() -> Vec<Case> {
    vec![
        edited("空のコードブック", super::common::CODEBOOK, ""),
        edited("TOML の誤り", "version = \"1\"", "version = 1.0.0"),
        edited("版がない", "version = \"1\"\n", ""),
        edited("知らない項目", "maybe = \"勉強\"", "mabye = \"勉強\""),
        edited("id のないコード", "id = \"training\"\n", ""),
        edited("id の重なり", "id = \"training\"", "id = \"money.subsidy\""),
        edited("予約された id", "id = \"training\"", "id = \"none\""),
        edited("id に使えない文字", "id = \"training\"", "id = \"研修 1\""),
        edited("知らない軸", "axis = \"theme\"\nlabel = \"研修\"", "axis = \"thema\"\nlabel = \"研修\""),
        edited("知らないまとめ", "net = \"money\"", "net = \"monay\""),
        edited("知らない単位", "unit = \"clause\"\nrule = \"ほしい\"", "unit = \"節\"\nrule = \"ほしい\""),
        edited("qualifies の軸がない", "qualifies = \"theme\"", "qualifies = \"topic\""),
        edited("order に足りないコード", "[\"request\", \"concern\"]", "[\"request\"]"),
        edited("order に知らないコード", "[\"request\", \"concern\"]", "[\"request\", \"concern\", \"approve\"]"),
        case("コードブックにない default_stance", |folder| {
            folder.edit("study.toml", "[[question]]", "[[question]]\ndefault_stance = \"reqest\"");
        }),
        edited("軸がない", AXES, ""),
        case("コードがない", |folder| {
            let text = folder.text("codebook.toml");
            let head = text.split("[[code]]").next().unwrap().replace("order = [\"request\", \"concern\"]\n", "");
            folder.write("codebook.toml", head);
        }),
        edited("軸の重なり", "id = \"stance\"", "id = \"theme\""),
        edited("まとめと同じ id のコード", "id = \"training\"", "id = \"money\""),
        edited("まとめの重なり", "[[net]]", "[[net]]\nid = \"money\"\n\n[[net]]"),
        case("JSON の誤り", |folder| {
            folder
                .write("codebook.json", "{\n  \"codebook\": { \"id\": \"a\", \"version\": \"1\" },\n  \"code\": [ }\n");
            folder.edit("study.toml", "codebook.toml", "codebook.json");
        }),
    ]
}

const AXES: &str = "[[axis]]
id = \"theme\"

[[axis]]
id = \"stance\"
qualifies = \"theme\"
order = [\"request\", \"concern\"]
";

fn rules() -> Vec<Case> {
    vec![
        rule("空のルール", ""),
        rule("知らないリスト", "<経理> | 研修"),
        rule("知らないコード", "@trainning.basic"),
        rule("コードの輪", "研修 | @training"),
        rule("知らない属性", "研修 & {施設の種類 = 病院}"),
        rule("知らない属性の値", "研修 & {施設種別 = 病員}"),
        rule("属性の条件に等号がない", "研修 & {施設種別}"),
        rule("正規表現の誤り", "/研修(会/"),
        rule("閉じない正規表現", "/研修会"),
        rule("否定の先読み", "/研修(?!医)/"),
        rule("記号が2つ", "研修 || 教育"),
        rule("終わりに記号", "研修 |"),
        rule("記号のない2語", "研修 教育"),
        rule("閉じないかっこ", "(研修 | 教育"),
        rule("余分なかっこ", "研修 | 教育)"),
        rule("全角の閉じないかっこ", "（研修｜教育"),
        rule("距離のない near", "near(研修, 教育)"),
        rule("距離が数でない near", "near(研修, 教育; 近く)"),
        rule("要素が1つの near", "near(研修; 8)"),
        rule("near の中の否定", "near(研修, !教育; 8)"),
        rule("near の書き間違い", "naer(研修, 教育; 8)"),
        rule("比較のない count", "count(研修)"),
        rule("閉じない引用符", "'研修"),
        rule("両側の *", "*研修*"),
        rule("* だけ", "* | 研修"),
        rule("品詞がない", "研修:"),
        rule("リストの名前がない", "<> | 研修"),
        rule("深すぎるかっこ", concat_parentheses()),
        edited("リストの輪", "費用 = [\"費用\", \"経費\"]", "費用 = [\"費用\", \"<金>\"]"),
        edited("リストの中の知らないリスト", "\"<費用>\"", "\"<費目>\""),
        edited("リストの中の「かつ」", "[\"費用\", \"経費\"]", "[\"費用\", \"経費 & 金\"]"),
        edited("複数行のルール", "rule = \"研修\"", "rule = \"\"\"\n  研修\n  | 教育 || 指導\n\"\"\""),
        edited("except に書けないもの", "maybe = \"勉強\"", "except = \"研修 & 医師\""),
        edited("maybe の誤り", "maybe = \"勉強\"", "maybe = \"勉強 &\""),
    ]
}

fn concat_parentheses() -> &'static str {
    // A nesting of 101; no one writes it, but no one shall crash the program with it.
    concat!(
        "((((((((((((((((((((((((((((((((((((((((((((((((((",
        "(((((((((((((((((((((((((((((((((((((((((((((((((((研修"
    )
}

fn edited(name: &'static str, from: &'static str, to: &'static str) -> Case {
    case(name, move |folder| folder.edit("codebook.toml", from, to))
}

/// The rule of the code `training`.
fn rule(name: &'static str, rule: &'static str) -> Case {
    case(name, move |folder| folder.edit("codebook.toml", "rule = \"研修\"", &format!("rule = \"{rule}\"")))
}
