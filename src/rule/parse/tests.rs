use super::*;
use crate::diagnostic::Lang;

fn error(rule: &str) -> String {
    let error = parse(rule).unwrap_err();
    format!("{} @{}..{}", error.message.get(Lang::Ja), error.span.start, error.span.end)
}

#[test]
fn full_width_operators_are_the_same() {
    let strip = |rule: &str| format!("{:?}", parse(rule).unwrap()).replace(char::is_numeric, "");
    assert_eq!(strip("near（費用，支援；８）"), strip("near(費用,支援;8)"));
    assert_eq!(strip("（研修｜教育）＆！＜除外＞"), strip("(研修|教育)&!<除外>"));
    assert_eq!(strip("研修 and not 教育"), strip("研修 & !教育"));
}

#[test]
fn not_binds_tighter_than_and_than_or() {
    let expr = parse("!a & b | c").unwrap();
    let Kind::Or(parts) = &expr.kind else { panic!("{expr:?}") };
    let Kind::And(inner) = &parts[0].kind else { panic!("{expr:?}") };
    assert!(matches!(inner[0].kind, Kind::Not(_)));
}

#[test]
fn mistakes_are_named_where_they_stand() {
    assert_eq!(error("補助金 || 助成"), "「|」が2つ続いています。 @10..12");
    assert_eq!(error("補助金 助成"), "語と語の間に記号がありません。 @10..16");
    assert_eq!(error("(補助金"), "このかっこが閉じていません。 @0..1");
    assert_eq!(error("補助金 |"), "「|」の後に語がありません。 @10..11");
    assert_eq!(error("naer(a, b; 3)"), "「naer(…)」という書き方はありません。 @0..4");
    assert_eq!(error("near(a, b)"), "距離がありません。 @0..10");
    assert_eq!(error(""), "ルールが空です。 @0..0");
    assert_eq!(error("「補助金」"), "「「」は使えません。 @0..3");
    assert_eq!(error("補助金、助成"), "「、」は near(…) と seq(…) の中でだけ使えます。 @9..12");
    assert_eq!(error(&"(".repeat(500)), "かっこの入れ子が深すぎます（100段まで）。 @100..101");
}
