//! Codebooks shown, converted, compared and described, through the binary and against
//! the loader.

mod common;

use std::path::Path;
use std::sync::Arc;

use aftercode::codebook::Codebook;
use aftercode::codebook::keys::Section;
use aftercode::codebook::schema::schema;
use aftercode::codebook::written::Written;
use aftercode::config::Source;
use aftercode::diagnostic::Lang;
use common::{CODEBOOK, Csv, Folder, repository};
use proptest::prelude::*;
use serde_json::Value as Json;

const SHIPPED: &str = "codebooks/medical-cybersecurity.toml";
const FORMATS: [&str; 3] = ["json", "csv", "xlsx"];

fn written(path: &Path) -> Written {
    Written::of(&Source::read(path).unwrap()).unwrap()
}

fn source(toml: &str) -> Arc<Source> {
    Source::new("codebook.toml", toml)
}

/// There and back by every format: the same codebook, the same coding of the study.
#[test]
fn the_shipped_codebook_survives_every_format() {
    let folder = Folder::sample();
    let original = written(&folder.path(SHIPPED));
    folder.run_well(&["run", "data/study.toml", "--quiet"]);
    let codings = folder.files_in("data/out");
    for format in FORMATS {
        let (there, back) = (format!("there.{format}"), format!("{format}.toml"));
        folder.run_well(&["codebook", "convert", SHIPPED, &there]);
        folder.run_well(&["codebook", "convert", &there, &back]);
        assert_eq!(written(&folder.path(&back)), original, "{format}");
        folder.write(SHIPPED, folder.text(&back));
        folder.run_well(&["run", "data/study.toml", "--quiet"]);
        for (name, bytes) in folder.files_in("data/out").iter().filter(|(name, _)| name.ends_with(".csv")) {
            assert_eq!(codings[name], *bytes, "{format}: {name}");
        }
    }
    // Any path gives the same TOML.
    assert_eq!(folder.text("json.toml"), folder.text("csv.toml"));
    assert_eq!(folder.text("json.toml"), folder.text("xlsx.toml"));
}

#[test]
fn the_same_codebook_gives_the_same_bytes() {
    let folder = Folder::small();
    for format in FORMATS {
        let names = [format!("a.{format}"), format!("b.{format}")];
        for name in &names {
            folder.run_well(&["codebook", "convert", "codebook.toml", name]);
            // The time of a zip entry counts in steps of two seconds.
            std::thread::sleep(std::time::Duration::from_millis(if format == "xlsx" { 2100 } else { 0 }));
        }
        let files = folder.files();
        assert_eq!(files[&names[0]], files[&names[1]], "{format}");
    }
}

#[test]
fn comments_are_kept_in_toml_and_counted_elsewhere() {
    let folder = Folder::empty();
    let toml = format!("# 一\n{CODEBOOK}\n# 二\n").replace("rule = \"研修\"", "rule = \"\"\"\n研修 # 三\n\"\"\"");
    folder.write("codebook.toml", &toml);
    let run = folder.run_well(&["codebook", "convert", "codebook.toml", "copy.toml"]);
    assert_eq!(run.stderr, "");
    let quoted = toml.replace("費用 = [", "\"費用\" = [").replace("\n金 = [", "\n\"金\" = [");
    assert_eq!(folder.text("copy.toml"), quoted);
    // Any TOML program reads it now.
    toml_edit::DocumentMut::from_str(&folder.text("copy.toml")).unwrap();

    let run = folder.run_well(&["--lang", "en", "codebook", "convert", "codebook.toml", "copy.json"]);
    assert!(run.stderr.contains("Comments are not kept in .json: 2."), "{}", run.stderr);
    assert!(folder.text("copy.json").contains("研修 # 三\\n"), "a comment inside a rule is part of it");
}

use std::str::FromStr as _;

/// A sheet that was edited goes back over the TOML, whose comments stay.
#[test]
fn comments_stay_where_a_codebook_is_written_over() {
    let folder = Folder::sample();
    // Nothing changed: nothing is touched but the quotes of keys.
    folder.run_well(&["codebook", "convert", SHIPPED, "same.toml"]);
    let same = folder.text("same.toml");
    folder.run_well(&["codebook", "convert", SHIPPED, "same.xlsx"]);
    let run = folder.run_well(&["codebook", "convert", "same.xlsx", "same.toml", "--force"]);
    assert_eq!((folder.text("same.toml"), run.stderr.as_str()), (same, ""));

    let toml = format!("# 頭\n{CODEBOOK}# 尾\n")
        .replace("version = \"1\"", "version = \"1\" # 版")
        .replace("費用 = [", "# 費用とは\n費用 = [")
        .replace("[[code]]\nid = \"training\"", "# 研修とは\n[[code]]\nid = \"training\" # 変えない")
        .replace("[[code]]\nid = \"concern\"", "# 懸念とは\n[[code]]\nid = \"concern\"");
    folder.write("codebook.toml", &toml);
    folder.run_well(&["codebook", "convert", "codebook.toml", "edited.json"]);
    let mut json: Json = serde_json::from_str(&folder.text("edited.json")).unwrap();
    json["codebook"]["version"] = "2".into();
    json["lists"] = serde_json::json!({ "新": ["語"], "金": ["<費用>"], "費用": ["費用", "経費"] });
    json["axis"][1]["order"] = serde_json::json!(["request"]);
    let codes = json["code"].as_array_mut().unwrap();
    codes.pop();
    codes.swap(0, 1);
    codes[0]["label"] = "研修や教育".into();
    codes[0].as_object_mut().unwrap().remove("maybe");
    codes.insert(1, serde_json::json!({ "id": "new", "rule": "新しい" }));
    folder.write("edited.json", json.to_string());
    let run = folder.run_well(&["--lang", "en", "codebook", "convert", "edited.json", "codebook.toml", "--force"]);
    assert_eq!(written(&folder.path("codebook.toml")), written(&folder.path("edited.json")));
    let text = folder.text("codebook.toml");
    let order = [
        "# 頭",
        "version = \"2\" # 版",
        "\"新\"",
        "\"金\"",
        "# 費用とは\n\"費用\"",
        "# 研修とは",
        "# 変えない",
        "\"new\"",
        "money.subsidy",
        "# 尾",
    ];
    let places: Vec<usize> =
        order.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part}\n{text}"))).collect();
    assert!(places.is_sorted(), "{places:?}\n{text}");
    assert!(!text.contains("懸念とは"));
    assert!(run.stderr.contains("Comments are not kept in .toml: 1."), "{}", run.stderr);
}

#[test]
fn a_file_is_replaced_only_when_told() {
    let folder = Folder::small();
    folder.write("out.json", "mine");
    let run = folder.run(&["codebook", "convert", "codebook.toml", "out.json"]);
    assert_eq!((run.status, folder.text("out.json").as_str()), (2, "mine"));
    assert!(run.stderr.contains("--force"), "{}", run.stderr);
    folder.run_well(&["codebook", "convert", "codebook.toml", "out.json", "--force"]);
    assert_ne!(folder.text("out.json"), "mine");
    // A failed conversion leaves the old file whole, too.
    let before = folder.text("out.json");
    folder.write("bad.toml", "[codebook]\n");
    assert_eq!(folder.run(&["codebook", "convert", "bad.toml", "out.json", "--force"]).status, 2);
    assert_eq!(folder.text("out.json"), before);
    assert!(folder.files().keys().all(|name| !name.starts_with(".aftercode-")));
}

#[test]
fn sheets_hold_no_formulas() {
    let folder = Folder::small();
    folder.edit("codebook.toml", "rule = \"研修\"", "rule = \"@money.subsidy & '-10'\"\ndefinition = \"=1+1\"");
    folder.run_well(&["codebook", "convert", "codebook.toml", "book.csv"]);
    let csv = Csv::parse(&folder.files()["book.csv"]);
    for cell in csv.rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    folder.run_well(&["codebook", "convert", "book.csv", "back.toml"]);
    assert_eq!(written(&folder.path("back.toml")), written(&folder.path("codebook.toml")));
}

/// A sheet as a person makes it, and what is said of its mistakes, at its rows.
#[test]
fn mistakes_in_a_sheet_are_named_at_their_row() {
    let folder = Folder::empty();
    let head = "kind,id,version,label,rule,words,order,qualifies\n";
    let good = format!("{head}codebook,c,1,,,,,\naxis,theme,,,,,,\nlist,金,,,,\"費用\n経費\",,\ncode,a,,あ,<金>,,,\n");
    folder.write("good.csv", &good);
    folder.run_well(&["codebook", "convert", "good.csv", "good.toml"]);
    assert_eq!(written(&folder.path("good.toml")).lists[0].1, ["費用", "経費"]);
    let say = |csv: String| {
        folder.write("bad.csv", csv);
        let run = folder.run(&["--lang", "en", "codebook", "convert", "bad.csv", "bad.toml"]);
        assert_eq!(run.status, 2, "{}", run.stdout);
        assert!(!folder.path("bad.toml").exists());
        run.stderr
    };
    let wrong_rule = say(good.clone() + "code,b,,,補助 || 助成,,,\n");
    assert!(wrong_rule.contains("code: \"|\" is doubled") && wrong_rule.contains("bad.csv line 7"), "{wrong_rule}");
    let wrong_kind = say(good.clone() + "cod,b,,,補助,,,\n");
    assert!(wrong_kind.contains("Did you mean \"code\"?") && wrong_kind.contains("line 7"), "{wrong_kind}");
    let wrong_column = say(good.replace("rule", "rules"));
    assert!(wrong_column.contains("Did you mean \"rule\"?"), "{wrong_column}");
    let wrong_place = say(good.clone() + "net,n,,,補助,,,\n");
    assert!(wrong_place.contains("A row of kind net has no \"rule\""), "{wrong_place}");
    let two_heads = say(good.clone() + "codebook,d,1,,,,,\n");
    assert!(two_heads.contains("two rows of kind codebook"), "{two_heads}");
    let ragged = say(good + "code,b,,,補助,,,,more\n");
    assert!(ragged.contains("line 7"), "{ragged}");
}

#[test]
fn what_a_format_cannot_hold_is_refused() {
    let folder = Folder::small();
    folder.edit("codebook.toml", "label = \"研修\"", "label = \"\"");
    let run = folder.run(&["--lang", "en", "codebook", "convert", "codebook.toml", "book.csv"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("cannot hold code training label"), "{}", run.stderr);
    let folder = Folder::small();
    let long = "研".repeat(32_768);
    folder.edit("codebook.toml", "label = \"研修\"", &format!("definition = \"{long}\""));
    let run = folder.run(&["--lang", "en", "codebook", "convert", "codebook.toml", "book.xlsx"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("definition of training in codes is too long"), "{}", run.stderr);
    let run = folder.run(&["codebook", "convert", "codebook.toml", "book.ods"]);
    assert_eq!((run.status, run.stderr.contains(".xlsx")), (2, true));
}

/// The keys that the loader asks for in a section: it lists them to whoever mistypes one.
fn keys_of_loader(section: Section) -> Vec<String> {
    let mistake = "\n\"@\" = 1\n";
    let base = "[codebook]\nid=\"c\"\nversion=\"1\"\n[[axis]]\nid=\"a\"\n[[net]]\nid=\"n\"\n[[code]]\nid=\"x\"\n";
    let (header, id) = match section {
        Section::Codebook => ("[codebook]", "version=\"1\""),
        Section::Axis => ("[[axis]]", "id=\"a\""),
        Section::Net => ("[[net]]", "id=\"n\""),
        Section::Code => ("[[code]]", "id=\"x\""),
        Section::List => unreachable!("entries of lists are no tables"),
    };
    assert!(base.contains(header));
    let error = Codebook::from_source(&source(&base.replace(id, &format!("{id}{mistake}")))).unwrap_err();
    let hint = error.hint.expect("a list of keys");
    let (_, names) = hint.en.split_once("There is: ").expect("all keys");
    assert!(!names.contains('…'));
    names.split(", ").map(|name| name.trim_matches('"').to_owned()).collect()
}

#[test]
fn the_key_tables_are_those_of_the_loader() {
    for section in [Section::Codebook, Section::Axis, Section::Net, Section::Code] {
        let mut loader = keys_of_loader(section);
        let mut ours: Vec<String> = section.keys().iter().map(|key| key.name.to_owned()).collect();
        loader.sort();
        ours.sort();
        assert_eq!(loader, ours, "{section:?}");
        for key in section.keys().iter().filter(|key| key.required) {
            let base =
                "[codebook]\nid=\"c\"\nversion=\"1\"\n[[axis]]\nid=\"a\"\n[[net]]\nid=\"n\"\n[[code]]\nid=\"x\"\n";
            let line = match (section, key.name) {
                (Section::Codebook, name) => format!("{name}=\"{}\"\n", if name == "id" { "c" } else { "1" }),
                (Section::Axis, _) => "id=\"a\"\n".to_owned(),
                (Section::Net, _) => "id=\"n\"\n".to_owned(),
                _ => "id=\"x\"\n".to_owned(),
            };
            assert!(base.contains(&line));
            Codebook::from_source(&source(&base.replacen(&line, "", 1))).unwrap_err();
            Codebook::from_source(&source(base)).unwrap();
        }
    }
}

fn as_json(written: &Path, folder: &Folder) -> Json {
    folder.run_well(&["codebook", "convert", written.to_str().unwrap(), "schema-test.json", "--force"]);
    serde_json::from_str(&folder.text("schema-test.json")).unwrap()
}

/// The first place where `value` is not as `schema` has it: JSON Schema, draft 2020-12,
/// as far as our schema goes; a keyword that is not known here fails the test.
fn violation(schema: &Json, value: &Json) -> Option<String> {
    let fails = |keyword: &str, rule: &Json| -> Option<String> {
        let holds = match keyword {
            "$schema" => rule == "https://json-schema.org/draft/2020-12/schema",
            "title" | "description" => rule.is_string(),
            "type" => match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                other => panic!("unknown type {other}"),
            },
            "properties" => {
                let rules = rule.as_object().unwrap();
                return rules.iter().find_map(|(key, rule)| violation(rule, value.get(key)?));
            }
            "additionalProperties" => {
                let known = |key: &str| schema.get("properties").is_some_and(|known| known.get(key).is_some());
                let mut others = value.as_object().into_iter().flatten().filter(|(key, _)| !known(key));
                match rule {
                    Json::Bool(false) => others.next().is_none(),
                    rule => return others.find_map(|(_, value)| violation(rule, value)),
                }
            }
            "required" => rule.as_array().unwrap().iter().all(|key| value.get(key.as_str().unwrap()).is_some()),
            "items" => return value.as_array()?.iter().find_map(|value| violation(rule, value)),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
            "enum" => rule.as_array().unwrap().contains(value),
            "anyOf" => rule.as_array().unwrap().iter().any(|rule| violation(rule, value).is_none()),
            "pattern" => {
                let pattern = regex::Regex::new(rule.as_str().unwrap()).unwrap();
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            other => panic!("unknown keyword {other}"),
        };
        (!holds).then(|| format!("{keyword} {rule}: {value}"))
    };
    schema.as_object().unwrap().iter().find_map(|(keyword, rule)| fails(keyword, rule))
}

#[test]
fn the_schema_takes_what_the_loader_takes() {
    let folder = Folder::empty();
    let printed = folder.run_well(&["codebook", "schema"]).stdout;
    assert_eq!(serde_json::from_str::<Json>(&printed).unwrap(), schema(Lang::Ja));
    let schema = schema(Lang::En);
    for file in [SHIPPED, "src/cli/init/codebook.toml", "tests/fukui/codebook.toml"] {
        let json = as_json(&repository().join(file), &folder);
        assert_eq!(violation(&schema, &json), None, "{file}");
    }
    // Both refuse the same mistakes.
    let good = serde_json::json!({
        "codebook": { "id": "c", "version": "1" }, "axis": [{ "id": "a" }], "code": [{ "id": "x", "include": "一つ" }],
    });
    let loads = |json: &Json| Codebook::from_source(&Source::new("c.json", json.to_string())).is_ok();
    assert!(violation(&schema, &good).is_none() && loads(&good));
    let spoil: [fn(&mut Json); 9] = [
        |json| json["extra"] = 1.into(),
        |json| json["code"][0]["lable"] = "x".into(),
        |json| json["code"][0]["unit"] = "word".into(),
        |json| json["code"][0]["include"] = serde_json::json!([1]),
        |json| json["code"][0]["id"] = "a b".into(),
        |json| json["code"][0]["rule"] = " ".into(),
        |json| json["axis"] = serde_json::json!([]),
        |json| json["codebook"] = serde_json::json!({ "id": "c" }),
        |json| json["lists"] = serde_json::json!({ "l": 1 }),
    ];
    for (at, spoil) in spoil.iter().enumerate() {
        let mut bad = good.clone();
        spoil(&mut bad);
        assert!(violation(&schema, &bad).is_some(), "schema, {at}");
        assert!(!loads(&bad), "loader, {at}");
    }
}

#[test]
fn diff_says_what_changed_and_what_it_does_to_answers() {
    let folder = Folder::small();
    let new = CODEBOOK
        .replace("version = \"1\"", "version = \"2\"")
        .replace("費用 = [\"費用\", \"経費\"]", "費用 = [\"費用\", \"予算\"]")
        .replace("id = \"training\"", "id = \"learning\"\nreplaces = [\"training\"]")
        .replace("maybe = \"勉強\"", "except = \"研修医\"")
        .replace("rule = \"ほしい\"", "rule = \"ほしい # 願い\"")
        .replace("rule = \"足りない\"", "rule = \"不安\"")
        .replace("rule = \"補助金 | near(<金>, 支援; 8)\"", "rule = \"<金>\"");
    folder.write("new.toml", &new);
    let args = ["codebook", "diff", "codebook.toml", "new.toml", "--study", "study.toml"];
    let text = folder.run_well(&[&args[..], &["--lang", "en"]].concat()).stdout;
    for line in [
        "small 1 → small 2",
        "version: 1 → 2",
        "~ training → learning 研修 (renamed)",
        "rule: differs in blanks and comments only",
        "maybe: 勉強 → (none)",
        "except: (none) → 研修医",
        "+ 予算",
        "- 経費",
        "codes that use it: money.subsidy",
        "A1 Q1 「補助金がほしい」",
        "- money.subsidy 「補助金」 request「ほしい」",
        "+ money.subsidy 「予算」 request (default)",
        "~ learning concern「足りない」 → request (default)",
        "Codes or stance change in 2 of 2 answers (codes given 1, taken away 1, other stance 1)",
    ] {
        assert!(text.lines().any(|shown| shown.trim().starts_with(line)), "{line}\n{text}");
    }
    let json = folder.run_well(&[&args[..], &["--format", "json"]].concat()).stdout;
    let json: Json = serde_json::from_str(&json).unwrap();
    let code = |id: &str| json["codes"].as_array().unwrap().iter().find(|code| code["id"] == id).unwrap().clone();
    assert_eq!(code("learning")["change"], "renamed");
    assert_eq!(code("learning")["from"][0], "training");
    assert_eq!(code("request")["keys"][0]["layout_only"], true);
    assert_eq!(json["answers"]["changed"], 2);
    let lost = &json["answers"]["changes"][0]["codes"][0];
    assert_eq!(lost["after"], Json::Null);
    assert_eq!(lost["before"]["evidence"][0], serde_json::json!({ "start": 0, "end": 3, "text": "補助金" }));

    assert_eq!(folder.run(&["codebook", "diff", "codebook.toml", "new.toml"]).status, 0);
    assert_eq!(folder.run(&["codebook", "diff", "codebook.toml", "new.toml", "--exit-code"]).status, 1);
    assert_eq!(folder.run(&[&args[..3], &["codebook.toml", "--exit-code"]].concat()).status, 0);
}

#[test]
fn a_mistaken_codebook_or_stance_is_told_by_diff() {
    let folder = Folder::small();
    folder.write("new.toml", CODEBOOK.replace("<金>", "<銀>"));
    let run = folder.run(&["codebook", "diff", "codebook.toml", "new.toml", "--study", "study.toml"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("new.toml"), "{}", run.stderr);
}

/// The manual says what a coder needs, and nothing of the rules.
#[test]
fn the_manual_holds_all_but_the_rules() {
    let folder = Folder::sample();
    let codebook = written(&folder.path(SHIPPED));
    for format in ["markdown", "html"] {
        let shown = folder.run_well(&["codebook", "show", SHIPPED, "--format", format]).stdout;
        assert_eq!(shown, folder.run_well(&["codebook", "show", SHIPPED, "--format", format]).stdout);
        let plain = html_unescaped(&shown.replace('\\', ""));
        for code in &codebook.codes {
            let texts = ["include", "exclude", "examples", "counter_examples"].map(|key| code.texts(key)).concat();
            let all = texts.iter().map(String::as_str).chain(code.text("definition")).chain([code.label(Lang::Ja)]);
            for text in all {
                assert!(plain.contains(text.trim()), "{format}: {} {text}", code.id());
            }
        }
        for word in ["near(", "seq(", "@request", "<金銭語>"] {
            assert!(!plain.contains(word), "{format} shows a rule: {word}");
        }
        for reserved in ["none", "same", "satisfied", "na"] {
            assert!(plain.contains(reserved));
        }
    }
    let english = folder.run_well(&["codebook", "show", SHIPPED, "--lang", "en"]).stdout;
    assert!(english.contains("### Subsidies and public money (`funding.subsidy`)"));
}

#[test]
fn the_html_manual_is_one_safe_file() {
    let folder = Folder::small();
    folder.edit("codebook.toml", "label = \"研修\"", "label = \"<script>alert('&')</script>\"\ninclude = \"<b>\"");
    folder.run_well(&["codebook", "show", "codebook.toml", "--format", "html", "--out", "manual.html"]);
    let html = folder.text("manual.html");
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    assert!(html_unescaped(&html).contains("<script>alert('&')</script>"));
    assert!(!html.contains("http") && !html.contains("src="), "nothing is loaded from elsewhere");
    for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(html.contains(&format!("id=\"{target}\"")), "{target}");
    }
    let run = folder.run(&["codebook", "show", "codebook.toml", "--out", "manual.html"]);
    assert_eq!(run.status, 2, "an existing file is not replaced");
}

fn html_unescaped(html: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")];
    marks.iter().fold(html.to_owned(), |html, (mark, c)| html.replace(mark, c))
}

/// A text as it may stand in a codebook, awkward ones included.
fn awkward() -> impl Strategy<Value = String> {
    "[ =+@'\"\\\\n,;\n\t語a-]{0,8}[語b]"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    /// Awkward texts come back from every format, or the program refuses.
    #[test]
    fn awkward_texts_survive_every_format(
        definition in awkward(),
        include in prop::collection::vec(awkward(), 0..3),
        word in "[語カa][*]?",
    ) {
        let json = serde_json::json!({
            "codebook": { "id": "c", "version": "1" },
            "lists": { "語 の=表": [word, "'@-'"] },
            "axis": [{ "id": "a" }],
            "code": [{ "id": "x", "definition": definition, "include": include, "rule": "'-a' | <語 の=表>" }],
        });
        let folder = Folder::empty();
        folder.write("in.json", json.to_string());
        let original = written(&folder.path("in.json"));
        for format in ["toml", "csv", "xlsx"] {
            let there = folder.path(&format!("there.{format}"));
            let bytes = aftercode::convert::convert(&folder.path("in.json"), aftercode::convert::Format::of(&there).unwrap(), None);
            let bytes = bytes.unwrap_or_else(|error| panic!("{format}: {error:?}")).bytes;
            folder.write(&format!("there.{format}"), bytes);
            prop_assert_eq!(&aftercode::convert::read(&there).unwrap().0, &original, "{}", format);
        }
    }
}
