//! What of the good study file is replaced by what, and what is then said.

pub const BROKEN: &[(&str, &str, &str)] = &[
    (
        "id = \"sample\"\n",
        "",
        r#"エラー: 「id」がありません。
  --> study.toml 1行 1列
   | [study]
   | ^^^^^^^
  → id = … を加えてください。"#,
    ),
    (
        "id = \"sample\"",
        "idd = \"sample\"",
        r#"エラー: 「id」がありません。
  --> study.toml 2行 1列
   | idd = "sample"
   | ^^^
  → 「idd」は「id」の書き間違いでしょうか。"#,
    ),
    (
        "id = \"sample\"",
        "id = \"見本 1\"",
        r#"エラー: id に「 」は使えません。
  --> study.toml 2行 9列
   | id = "見本 1"
   |           ^
  → 使えるのは文字・数字と - _ だけです。"#,
    ),
    (
        "id = \"sample\"",
        "id = 1",
        r#"エラー: 「id」には文字列を書きます。
  --> study.toml 2行 6列
   | id = 1
   |      ^
  → "…" で囲んでください。"#,
    ),
    (
        "id = \"sample\"",
        "id = \"sample",
        r#"エラー: TOML の書き方に誤りがあります: 文字列が引用符で閉じられていません。
  --> study.toml 2行 13列
   | id = "sample
   |             ^
  → 閉じる引用符を補ってください。複数行の文字列は """ で囲みます。"#,
    ),
    (
        "\"sample\"",
        "sample",
        r#"エラー: TOML の書き方に誤りがあります: 値がないか、文字列が引用符で囲まれていません。
  --> study.toml 2行 6列
   | id = sample
   |      ^^^^^^
  → 文字列は "…" で囲みます（全角の引用符は使えません）。"#,
    ),
    (
        "id = \"sample\"",
        "id \"sample\"",
        r#"エラー: TOML の書き方に誤りがあります: = がありません。
  --> study.toml 2行 4列
   | id "sample"
   |    ^
  → 項目 = 値 の形で書きます。"#,
    ),
    (
        "id = \"sample\"",
        "id =",
        r#"エラー: TOML の書き方に誤りがあります: 値がないか、文字列が引用符で囲まれていません。
  --> study.toml 2行 5列
   | id =
   |     ^
  → 文字列は "…" で囲みます（全角の引用符は使えません）。"#,
    ),
    (
        "id = \"sample\"",
        "id = \"sample\"\nid = \"b\"",
        r#"エラー: TOML の書き方に誤りがあります: 同じ項目が2回書かれています。
  --> study.toml 3行 1列
   | id = "b"
   | ^^
  → 片方を消すか、1つにまとめてください（いくつも書ける表は [[…]] です）。"#,
    ),
    (
        "[\"非該当\"]",
        "[\"非該当\"",
        r#"エラー: TOML の書き方に誤りがあります: コンマか、閉じるかっこがありません。
  --> study.toml 24行 1列
   | [table]
   | ^
  → この前に , か ] か } を補ってください。"#,
    ),
    (
        "[\"非該当\"]",
        "[\"非該当\" \"a\"]",
        r#"エラー: TOML の書き方に誤りがあります: コンマか、閉じるかっこがありません。
  --> study.toml 22行 20列
   | not_asked = ["非該当" "a"]
   |                       ^
  → この前に , か ] か } を補ってください。"#,
    ),
    (
        "[\"非該当\"]",
        "[”非該当”]",
        r#"エラー: TOML の書き方に誤りがあります: 全角の「”」は使えません。
  --> study.toml 22行 14列
   | not_asked = [”非該当”]
   |              ^
  → 半角の " を使ってください。"#,
    ),
    (
        "title = \"見本\"",
        "title = \"C:\\data\"",
        r#"エラー: TOML の書き方に誤りがあります: 文字列の中の \ の使い方が違います。
  --> study.toml 3行 13列
   | title = "C:\data"
   |             ^
  → \ は \\ と書くか、文字列を '…' で囲みます。"#,
    ),
    (
        "[study]",
        "[study",
        r#"エラー: TOML の書き方に誤りがあります: かっこが閉じられていません。
  --> study.toml 1行 7列
   | [study
   |       ^
  → ] か } を補ってください。"#,
    ),
    (
        "[table]",
        "[study]",
        r#"エラー: TOML の書き方に誤りがあります: 同じ項目が2回書かれています。
  --> study.toml 24行 2列
   | [study]
   |  ^^^^^
  → 片方を消すか、1つにまとめてください（いくつも書ける表は [[…]] です）。"#,
    ),
    (
        "[study]",
        "[studdy]",
        r#"エラー: [study] がありません。
  --> study.toml 1行 2列
   | [studdy]
   |  ^^^^^^
  → [studdy] は [study] の書き間違いでしょうか。"#,
    ),
    (
        "[study]",
        "[[study]]",
        r#"エラー: 「study」は1つしか書けません。
  --> study.toml 1行 1列
   | [[study]]
   | ^^^^^^^^^
  → [study] と、かっこを一重にしてください。"#,
    ),
    (
        "lang = \"ja\"",
        "lang = \"jp\"",
        r#"エラー: 「lang」に「jp」は使えません。
  --> study.toml 5行 8列
   | lang = "jp"
   |        ^^^^
  → 使えるのは次のものです: ja、en"#,
    ),
    (
        "lang = \"ja\"",
        "output = \"../codebooks/\"",
        r#"エラー: 出力先のフォルダーに、入力の c.toml が入っています。
  --> study.toml 5行 10列
   | output = "../codebooks/"
   |          ^^^^^^^^^^^^^^^
  → output に別のフォルダーを指定してください。例: output = "out""#,
    ),
    (
        "lang = \"ja\"",
        "output = \".\"",
        r#"エラー: 出力先のフォルダーに、入力の study.toml が入っています。
  --> study.toml 5行 10列
   | output = "."
   |          ^^^
  → output に別のフォルダーを指定してください。例: output = "out""#,
    ),
    (
        "lang = \"ja\"",
        "output = \"\"",
        r#"エラー: 「output」が空です。
  --> study.toml 5行 10列
   | output = ""
   |          ^^
  → 値を書くか、この行を消してください。"#,
    ),
    (
        "lang = \"ja\"",
        "langage = \"ja\"",
        r#"エラー: 「langage」という項目はありません。
  --> study.toml 5行 1列
   | langage = "ja"
   | ^^^^^^^
  → 「lang」のことでしょうか。"#,
    ),
    (
        "file = \"responses.csv\"\n",
        "",
        r#"エラー: 「file」がありません。
  --> study.toml 7行 1列
   | [answers]
   | ^^^^^^^^^
  → file = … を加えてください。"#,
    ),
    (
        "id = \"回答者ID\"",
        "id = \"回答者ID\"\nlayout = \"縦\"",
        r#"エラー: 「layout」に「縦」は使えません。
  --> study.toml 10行 10列
   | layout = "縦"
   |          ^^^^
  → 使えるのは次のものです: wide、long"#,
    ),
    (
        "id = \"回答者ID\"",
        "id = \"回答者ID\"\nlayout = \"long\"",
        r#"エラー: 「text」がありません。
  --> study.toml 7行 1列
   | [answers]
   | ^^^^^^^^^
  → text = … を加えてください。"#,
    ),
    (
        "id = \"回答者ID\"",
        "id = \"回答者ID\"\nmissing = \"not_asked\"",
        r#"エラー: 「missing」は1行に1回答のデータ（layout = "long"）だけで使います。
  --> study.toml 10行 1列
   | missing = "not_asked"
   | ^^^^^^^
  → layout = "long" を加えるか、「missing」を消してください。"#,
    ),
    (
        "id = \"回答者ID\"",
        "id = \"回答者ID\"\ndelimiter = \"tab\"",
        r#"エラー: delimiter には区切り文字を1つだけ書きます。
  --> study.toml 10行 13列
   | delimiter = "tab"
   |             ^^^^^
  → 例: ","　タブなら "\t"　セミコロンなら ";""#,
    ),
    (
        "id = \"回答者ID\"",
        "id = \"回答者ID\"\nheader_rows = 0",
        r#"エラー: header_rows は 1 から 100 までです。
  --> study.toml 10行 15列
   | header_rows = 0
   |               ^
  → 見出しが何行あるかを書いてください。"#,
    ),
    (
        "id = \"回答者ID\"",
        "id = \"回答者ID\"\nheader_rows = \"2\"",
        r#"エラー: 「header_rows」には0以上の整数を書きます。
  --> study.toml 10行 15列
   | header_rows = "2"
   |               ^^^
  → 引用符を付けずに、1 のように書いてください。"#,
    ),
    (
        "name = \"施設種別\"\n",
        "",
        r#"エラー: 「name」がありません。
  --> study.toml 11行 1列
   | [[attribute]]
   | ^^^^^^^^^^^^^
  → name = … を加えてください。"#,
    ),
    (
        "categories = [\"医師会病院\", ",
        "categories = [\"健診 センター\", \"医師会病院\", ",
        r#"エラー: 区分「健診センター」が重なっています。
  --> study.toml 13行 35列
   | categories = ["健診 センター", "医師会病院", "健診センター", "検査センター"]
   |                                              ^^^^^^^^^^^^^^
  → 違う名前にするか、片方を消してください（全角・半角、大文字・小文字、空白の違いは区別しません）。"#,
    ),
    (
        "\"医師会病院\", \"健診センター\", \"検査センター\"]\n",
        "]\n",
        r#"エラー: 「categories」が空です。
  --> study.toml 13行 14列
   | categories = []
   |              ^^
  → 区分を並べるか、この行を消してください（消すと、データにある値を使います）。"#,
    ),
    (
        "医師会病院 = 65, ",
        "",
        r#"エラー: 「population」に「医師会病院」がありません。
  --> study.toml 14行 1列
   | population = { 健診センター = 40, "検査センター" = 30 }
   | ^^^^^^^^^^
  → "医師会病院" = 数 を加えてください。"#,
    ),
    (
        "医師会病院 = 65, ",
        "\"医師会病医\" = 65, ",
        r#"エラー: 区分「医師会病医」はありません。
  --> study.toml 14行 16列
   | population = { "医師会病医" = 65, 健診センター = 40, "検査センター" = 30 }
   |                ^^^^^^^^^^^^
  → 「医師会病院」のことでしょうか。"#,
    ),
    (
        "医師会病院 = 65",
        "\"医師会病院\" = 65.5",
        r#"エラー: 「医師会病院」には0以上の整数を書きます。
  --> study.toml 14行 26列
   | population = { "医師会病院" = 65.5, 健診センター = 40, "検査センター" = 30 }
   |                               ^^^^
  → 引用符を付けずに、1 のように書いてください。"#,
    ),
    (
        "医師会病院 = 65",
        "\"医師会病院\" = 0",
        r#"エラー: 母集団の数は 1 以上です。
  --> study.toml 14行 26列
   | population = { "医師会病院" = 0, 健診センター = 40, "検査センター" = 30 }
   |                               ^
  → 対象のない区分は、categories からも除いてください。"#,
    ),
    (
        "{ 医師会病院 = 65, 健診センター = 40, \"検査センター\" = 30 }",
        "135",
        r#"エラー: 「population」には項目の集まりを書きます。
  --> study.toml 14行 14列
   | population = 135
   |              ^^^
  → { 項目 = 値, … } のように書いてください。"#,
    ),
    (
        "of = [\"健診センター\", ",
        "of = [\"検診センター\", ",
        r#"エラー: 区分「検診センター」はありません。
  --> study.toml 17行 7列
   | of = ["検診センター", "検査センター"]
   |       ^^^^^^^^^^^^^^
  → 「検査センター」のことでしょうか。"#,
    ),
    (
        "of = [\"健診センター\", \"検査センター\"]\n",
        "",
        r#"エラー: 「of」がありません。
  --> study.toml 15行 1列
   | [[attribute.net]]
   | ^^^^^^^^^^^^^^^^^
  → of = … を加えてください。"#,
    ),
    (
        "label = \"健セ・検セ\"",
        "label = \"医師会病院\"",
        r#"エラー: 区分またはまとめの名前「医師会病院」が重なっています。
  --> study.toml 16行 9列
   | label = "医師会病院"
   |         ^^^^^^^^^^^^
  → 違う名前にするか、片方を消してください（全角・半角、大文字・小文字、空白の違いは区別しません）。"#,
    ),
    (
        "[[question]]",
        "[[attribute]]\nname = \"施設種別\"\n\n[[question]]",
        r#"エラー: 属性「施設種別」が重なっています。
  --> study.toml 20行 8列
   | name = "施設種別"
   |        ^^^^^^^^^^
  → 違う名前にするか、片方を消してください（全角・半角、大文字・小文字、空白の違いは区別しません）。"#,
    ),
    (
        "[[question]]",
        "[question]",
        r#"エラー: 「question」は [[question]] と書きます。
  --> study.toml 19行 1列
   | [question]
   | ^^^^^^^^^^
  → かっこを二重にしてください。"#,
    ),
    (
        "[[question]]\n",
        "[[question]]\nid = \"q1\"\n[[question]]\n",
        r#"エラー: 設問の id「Q1」が重なっています。
  --> study.toml 22行 6列
   | id = "Q1"
   |      ^^^^
  → 違う名前にするか、片方を消してください（全角・半角、大文字・小文字、空白の違いは区別しません）。"#,
    ),
    (
        "not_asked = [\"非該当\"]",
        "[[question]]\nid = \"国への要望\"",
        r#"エラー: 設問の column「国への要望」が重なっています。
  --> study.toml 23行 6列
   | id = "国への要望"
   |      ^^^^^^^^^^^^
  → 違う名前にするか、片方を消してください（全角・半角、大文字・小文字、空白の違いは区別しません）。"#,
    ),
    (
        "[\"非該当\"]",
        "[\"非該当\", \"\"]",
        r#"エラー: not_asked に空欄は書けません。
  --> study.toml 22行 21列
   | not_asked = ["非該当", ""]
   |                        ^^
  → 空のセルはいつも無回答として数えます。"#,
    ),
    (
        "[\"非該当\"]",
        "[0]",
        r#"エラー: 「not_asked」には文字列を書きます。
  --> study.toml 22行 14列
   | not_asked = [0]
   |              ^
  → "…" で囲んでください。"#,
    ),
    (
        "by = [\"施設種別\"]",
        "by = [\"施設種類\"]",
        r#"エラー: 属性「施設種類」はありません。
  --> study.toml 25行 7列
   | by = ["施設種類"]
   |       ^^^^^^^^^^
  → 「施設種別」のことでしょうか。"#,
    ),
    (
        "by = [\"施設種別\"]",
        "by = [\"施設種別\", \"施設種別\"]",
        r#"エラー: 属性「施設種別」が重なっています。
  --> study.toml 25行 15列
   | by = ["施設種別", "施設種別"]
   |                   ^^^^^^^^^^
  → 違う名前にするか、片方を消してください（全角・半角、大文字・小文字、空白の違いは区別しません）。"#,
    ),
    (
        "base = \"answered\"",
        "base = \"respondent\"",
        r#"エラー: 「base」に「respondent」は使えません。
  --> study.toml 27行 8列
   | base = "respondent"
   |        ^^^^^^^^^^^^
  → 「respondents」のことでしょうか。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[dictionary]\nterm = \"t.csv\"\n",
        r#"エラー: 「term」という項目はありません。
  --> study.toml 29行 1列
   | term = "t.csv"
   | ^^^^
  → 「terms」のことでしょうか。"#,
    ),
    (
        "[table]",
        "[tabel]",
        r#"エラー: 「tabel」という項目はありません。
  --> study.toml 24行 2列
   | [tabel]
   |  ^^^^^
  → 「table」のことでしょうか。"#,
    ),
    (
        "医師会病院 = 65, ",
        "医師会病院 = 65, \"医師会病院\" = 6, ",
        r#"エラー: 区分「医師会病院」が重なっています。
  --> study.toml 14行 38列
   | population = { 医師会病院 = 65, "医師会病院" = 6, 健診センター = 40, "検査センター" = 30 }
   |                                                ^
  → 片方を消してください。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\n[codings.files]\na = \"a.csv\"\n",
        r#"エラー: 「final」がありません。
  --> study.toml 28行 1列
   | [codings]
   | ^^^^^^^^^
  → final = … を加えてください。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\nfinal = []\n",
        r#"エラー: 「final」が空です。
  --> study.toml 29行 1列
   | final = []
   | ^^^^^
  → final = ["rules"] のように書いてください。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\nfinal = [\"a\", \"rules\"]\n",
        r#"エラー: 「a」のファイルが [codings.files] にありません。
  --> study.toml 29行 10列
   | final = ["a", "rules"]
   |          ^^^
  → [codings.files] に a = "ファイル名" を加えてください。ルールなら rules と書きます。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\nfinal = [\"agred\", \"rules\"]\n[codings.files]\nagreed = \"a.csv\"\n",
        r#"エラー: 「agred」のファイルが [codings.files] にありません。
  --> study.toml 29行 10列
   | final = ["agred", "rules"]
   |          ^^^^^^^
  → 「agreed」のことでしょうか。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\nfinal = [\"rules\", \"a\"]\n[codings.files]\na = \"a.csv\"\n",
        r#"エラー: ルールはすべての回答を判定するので、rules より後の名前は使われません。
  --> study.toml 29行 10列
   | final = ["rules", "a"]
   |          ^^^^^^^
  → rules を最後に書いてください。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\nfinal = [\"a\", \"a\"]\n[codings.files]\na = \"a.csv\"\n",
        r#"エラー: final の名前「a」が重なっています。
  --> study.toml 29行 15列
   | final = ["a", "a"]
   |               ^^^
  → 違う名前にするか、片方を消してください（全角・半角、大文字・小文字、空白の違いは区別しません）。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\nfinal = [\"rules\"]\n[codings.files]\nb = \"b.csv\"\n",
        r#"エラー: 「b」が final にありません。
  --> study.toml 31行 1列
   | b = "b.csv"
   | ^
  → final に加えるか、この行を消してください。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\nfinal = [\"rules\"]\n[codings.files]\nrules = \"b.csv\"\n",
        r#"エラー: rules はルールの名前なので、ファイルには使えません。
  --> study.toml 31行 1列
   | rules = "b.csv"
   | ^^^^^
  → 別の名前にしてください。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\nfinal = [\"b\"]\n[codings.files]\nb = \" \"\n",
        r#"エラー: ファイル名が空です。
  --> study.toml 31行 5列
   | b = " "
   |     ^^^
  → コーディングのファイルを書いてください。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[codings]\nfinal = \"rules\"\nfile = \"b.csv\"\n",
        r#"エラー: 「file」という項目はありません。
  --> study.toml 30行 1列
   | file = "b.csv"
   | ^^^^
  → 「files」のことでしょうか。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[agreement]\ncoding = [\"a.csv\"]\n",
        r#"エラー: 「codings」がありません。
  --> study.toml 29行 1列
   | coding = ["a.csv"]
   | ^^^^^^
  → 「coding」は「codings」の書き間違いでしょうか。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[agreement]\ncodings = []\n",
        r#"エラー: codings にファイルがありません。
  --> study.toml 29行 1列
   | codings = []
   | ^^^^^^^
  → 例: codings = ["codings_a.csv", "codings_b.csv"]"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[agreement]\ncodings = [\"a.csv\", \" \"]\n",
        r#"エラー: codings のファイル名が空です。
  --> study.toml 29行 21列
   | codings = ["a.csv", " "]
   |                     ^^^
  → ファイル名を書くか、消してください。"#,
    ),
    (
        "base = \"answered\"\n",
        "base = \"answered\"\n[agreement]\ncodings = [\"a.csv\"]\nbootstrap = 1\n",
        r#"エラー: bootstrap は 0、または 2 から 100000 までです。
  --> study.toml 30行 13列
   | bootstrap = 1
   |             ^
  → 信頼区間が要らなければ 0 にします。"#,
    ),
];
