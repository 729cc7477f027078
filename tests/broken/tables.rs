//! Tables, closed questions and checks of a study; the matrix of `tabulate`.

use super::{Case, Folder, case, case_with};

const TABLE: &str = "[table]\nby = [\"施設種別\"]\n";

const GOOD: &str = r#"[[question]]
id = "VPN"
kind = "single"
options = ["あり", "なし"]

[[question]]
id = "被害"
kind = "multiple"
prefix = "被害_"
options = ["なし", "感染", "漏洩"]

[[question.net]]
label = "被害あり"
of = ["感染", "漏洩"]

[[table]]
by = ["施設種別"]

[[table]]
id = "t1"
rows = ["被害"]
by = ["施設種別", "VPN"]
base = { VPN = "あり" }

[[check]]
title = "なしと被害"
when = { 被害 = "なし" }
never = { 被害 = "被害あり" }
"#;

const ANSWERS: &str = "回答者ID,施設種別,Q1,VPN,被害_なし,被害_感染,被害_漏洩\n\
                       A1,病院,補助金がほしい,あり,0,1,0\nA2,診療所,研修の予算が足りない,なし,1,0,0\nA3,病院,,あり,,,\n";

const MATRIX: &str = "ID,種別,甲,乙\n1,病院,1,0\n2,診療所,0,1\n3,病院,,\n4,診療所,1,1\n";

/// A good study with tables in which `from` has become `to`.
fn table(name: &'static str, from: &'static str, to: &'static str) -> Case {
    case(name, move |folder| {
        assert_eq!(GOOD.matches(from).count(), 1, "{name}: {from}");
        put(folder, &GOOD.replacen(from, to, 1), ANSWERS);
    })
}

fn put(folder: &Folder, tables: &str, answers: &str) {
    folder.edit("study.toml", TABLE, tables);
    folder.write("responses.csv", answers);
}

fn answers(name: &'static str, from: &'static str, to: &'static str) -> Case {
    case(name, move |folder| put(folder, GOOD, &ANSWERS.replacen(from, to, 1)))
}

/// `tabulate` of these rows.
fn matrix(name: &'static str, args: &'static [&'static str], rows: &'static str) -> Case {
    case_with(name, args, move |folder| folder.write("matrix.csv", rows))
}

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        table("知らない種類の設問", "kind = \"single\"", "kind = \"singel\""),
        table("選択肢がない", "options = [\"あり\", \"なし\"]\n", ""),
        table("選択肢が2回", "options = [\"あり\", \"なし\"]", "options = [\"あり\", \"あり\"]"),
        table("まとめの選択肢がない", "of = [\"感染\", \"漏洩\"]", "of = [\"感染\", \"漏えい\"]"),
        table("単一回答に prefix", "kind = \"single\"", "kind = \"single\"\nprefix = \"VPN_\""),
        table("列の数が選択肢と違う", "prefix = \"被害_\"", "columns = [\"被害_なし\"]"),
        table("選択式の設問の列がない", "id = \"VPN\"", "id = \"VPN\"\ncolumn = \"VPNN\""),
        table("選択肢の列がない", "prefix = \"被害_\"", "prefix = \"被害＿＿\""),
        table("知らない設問の表", "rows = [\"被害\"]", "rows = [\"被 害者\"]"),
        table("知らない属性で分ける表", "\"施設種別\", \"VPN\"", "\"施設種別\", \"VPM\""),
        table("表に id がない", "id = \"t1\"\n", ""),
        table("表の知らない項目", "base = { VPN", "bace = { VPN"),
        table("知らない母数", "base = { VPN = \"あり\" }", "base = \"answerd\""),
        table("母数の条件の設問がない", "base = { VPN =", "base = { VPM ="),
        table("母数の条件の選択肢がない", "base = { VPN = \"あり\" }", "base = { VPN = \"有り\" }"),
        table("母数の条件が空", "base = { VPN = \"あり\" }", "base = {}"),
        table("知らない割合", "id = \"t1\"", "id = \"t1\"\npercent = \"colum\""),
        table("知らない軸", "rows = [\"被害\"]", "rows = [\"Q1\"]\naxis = \"stanse\""),
        table("隠す数が文字", "id = \"t1\"", "id = \"t1\"\nsuppress = \"5\""),
        table("複数回答で分けて隠す", "by = [\"施設種別\", \"VPN\"]", "by = [\"被害\"]\nsuppress = 5"),
        table(
            "rows のない表に id",
            "[[table]]\nby = [\"施設種別\"]\n\n",
            "[[table]]\nid = \"t0\"\nby = [\"施設種別\"]\n\n",
        ),
        table("rows のない表が2つ", "[[table]]\nid = \"t1\"\nrows = [\"被害\"]\n", "[[table]]\n"),
        table("検査に条件がない", "never = { 被害 = \"被害あり\" }\n", ""),
        table("検査の選択肢がない", "never = { 被害 = \"被害あり\" }", "never = { 被害 = \"被害アリ？\" }"),
        table("知らない検査", "[[check]]", "[[chek]]"),
        table("比べる調査がない", "[[check]]", "[[compare]]\nwith = \"../earlier\"\n\n[[check]]"),
        table("比べる調査の知らない項目", "[[check]]", "[[compare]]\nwiht = \"../earlier\"\n\n[[check]]"),
        table("属性と同じ名前の設問", "id = \"VPN\"", "id = \"施設種別\""),
        answers("0 でも 1 でもない選択", "あり,0,1,0", "あり,0,2,0"),
        answers("選択肢にない値", "足りない,なし", "足りない,無し"),
        case("ウェイトが数でない", |folder| {
            put(folder, GOOD, &ANSWERS.replace("VPN", "重み").replace("あり", "1.5"));
            folder.edit("study.toml", "id = \"VPN\"\nkind", "id = \"VPN\"\ncolumn = \"施設種別\"\nkind");
            folder.edit("study.toml", "id = \"回答者ID\"", "id = \"回答者ID\"\nweight = \"重み\"");
        }),
    ];
    cases.extend([
        matrix("行列の分ける列がない", &["tabulate", "matrix.csv", "--by", "種類"], MATRIX),
        matrix("行列の数える列がない", &["tabulate", "matrix.csv", "--codes", "甲,丙"], MATRIX),
        matrix("行列に 0/1 の列がない", &["tabulate", "matrix.csv"], "ID,回答\n1,はい\n2,いいえ\n"),
        matrix("行列に 2 がある", &["tabulate", "matrix.csv"], "ID,甲\n1,1\n2,0\n3,0\n4,1\n5,2\n"),
        matrix("数える列が 0/1 でない", &["tabulate", "matrix.csv", "--codes", "種別"], MATRIX),
        matrix("まとめの書き方", &["tabulate", "matrix.csv", "--net", "甲,乙"], MATRIX),
        matrix("まとめる区分がない", &["tabulate", "matrix.csv", "--by", "種別", "--net", "計=病院,診療書"], MATRIX),
        matrix("母数の書き方", &["tabulate", "matrix.csv", "--base", "answerd"], MATRIX),
        matrix("母数の列がない", &["tabulate", "matrix.csv", "--base", "種類=病院"], MATRIX),
        matrix("母数の値がない", &["tabulate", "matrix.csv", "--base", "種別=病員"], MATRIX),
        matrix("比べる群がない", &["tabulate", "matrix.csv", "--by", "種別", "--compare", "病院,診療書"], MATRIX),
        matrix(
            "重なる群を比べる",
            &["tabulate", "matrix.csv", "--by", "種別", "--net", "計=病院,診療所", "--compare", "病院,計"],
            MATRIX,
        ),
        matrix("順に値がない", &["tabulate", "matrix.csv", "--by", "種別", "--order", "診療書"], MATRIX),
        matrix("同じ列を2回", &["tabulate", "matrix.csv", "--codes", "甲,甲"], MATRIX),
        case_with(
            "母集団の区分がない",
            &["tabulate", "matrix.csv", "--by", "種別", "--population", "n.csv"],
            |folder| {
                folder.write("matrix.csv", MATRIX);
                folder.write("n.csv", "group,population\n病員,10\n診療所,20\n");
            },
        ),
        case_with(
            "母集団が足りない",
            &["tabulate", "matrix.csv", "--by", "種別", "--population", "n.csv"],
            |folder| {
                folder.write("matrix.csv", MATRIX);
                folder.write("n.csv", "group,population\n病院,10\n");
            },
        ),
        case_with(
            "母集団が数でない",
            &["tabulate", "matrix.csv", "--by", "種別", "--population", "n.csv"],
            |folder| {
                folder.write("matrix.csv", MATRIX);
                folder.write("n.csv", "group,population\n病院,10人\n診療所,20\n");
            },
        ),
    ]);
    cases
}
