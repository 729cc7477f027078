//! The READMEs keep their word: commands run, rules find what they are said to find,
//! study and code snippets load, and what is named exists.

mod common;

use std::fs;
use std::path::Path;

use aftercode::codebook::Codebook;
use aftercode::coding::Machine;
use aftercode::config::Source;
use aftercode::normalize::Normalizer;
use aftercode::rule::plan::AttributeNames;
use aftercode::study::Study;
use aftercode::tokenize::Tokenizer;
use common::{Folder, repository};

const READMES: [&str; 2] = ["README.md", "README.ja.md"];

fn text(name: &str) -> String {
    fs::read_to_string(repository().join(name)).expect("a document")
}

/// The fenced blocks of a document: what stands behind the fence, and the lines inside.
fn blocks(document: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((info.to_owned(), body.join("\n") + "\n"));
        }
    }
    blocks
}

fn blocks_of(document: &str, info: &str) -> Vec<String> {
    blocks(document).into_iter().filter(|block| block.0 == info).map(|block| block.1).collect()
}

/// As a reader would: from top to bottom, in one folder, files filled in where shown.
#[test]
fn commands_run_in_order() {
    for readme in READMES {
        let folder = Folder::sample();
        let mut commands = 0;
        for (info, body) in blocks(&text(readme)) {
            if let Some(file) = info.strip_prefix("csv ") {
                folder.write(file, body);
                continue;
            }
            if info != "sh" {
                continue;
            }
            for line in body.lines() {
                if let Some(args) = line.strip_prefix("aftercode ") {
                    folder.run_well(&args.split_whitespace().collect::<Vec<_>>());
                    commands += 1;
                }
            }
        }
        assert!(commands >= 4, "{readme}: {commands} commands");
        for file in ["codings.csv", "matrix.csv", "themes.csv", "review.csv", "manifest.json"] {
            assert!(folder.path("my-study/out").join(file).exists(), "{readme}: {file}");
        }
    }
}

#[test]
fn the_two_commands_are_named() {
    for readme in READMES {
        let lines: Vec<String> = blocks_of(&text(readme), "sh")
            .iter()
            .flat_map(|body| body.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        for command in ["cargo run --release -- run data/study.toml", "cargo test --release"] {
            assert!(lines.iter().any(|line| line == command), "{readme} must name: {command}");
        }
    }
}

/// The tables shown are what the program prints.
#[test]
fn shown_output_is_real() {
    let printed = Folder::sample().run_well(&["run", "data/study.toml"]).stdout;
    let svg = text("docs/run.svg");
    for readme in READMES {
        let document = text(readme);
        let shown = blocks_of(&document, "text").into_iter().find(|body| body.starts_with("Q1 ")).expect("a table");
        for line in shown.lines().filter(|line| line.trim() != "…") {
            assert!(printed.lines().any(|real| real == line), "{readme} shows what is not printed: {line}");
        }
    }
    let first = printed.split("\nQ2 ").next().expect("the first table");
    let drawn: String = svg
        .split("<text ")
        .skip(1)
        .filter_map(|rest| rest.split_once('>')?.1.split_once("</text>"))
        .map(|(text, _)| text)
        .collect();
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '─').collect::<String>();
    assert_eq!(plain(&drawn), plain(&format!("$ aftercode run data/study.toml{first}")), "docs/run.svg");
}

const CODEBOOK: &str = r#"
[codebook]
id = "readme"
version = "1"
[lists]
費用 = ["費用", "経費"]
[[axis]]
id = "theme"
[[code]]
id = "money"
rule = "補助金"
[[code]]
id = "training"
rule = "研修"
"#;

/// Every rule finds each text that stands in 「」 behind its `#`.
#[test]
fn rules_find_their_examples() {
    for readme in READMES {
        let rules: Vec<String> = blocks_of(&text(readme), "rule")
            .iter()
            .flat_map(|body| body.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        assert!(rules.len() > 15, "{readme}");
        for line in rules {
            let (rule, comment) = line.split_once(" #").expect("a rule and a comment");
            let toml = format!("{CODEBOOK}[[code]]\nid = \"shown\"\nrule = '''{line}'''\n");
            let codebook = Codebook::from_source(&Source::new("codebook.toml", toml)).expect("a codebook");
            let attributes = [AttributeNames {
                names: vec!["施設種別".to_owned()],
                values: vec!["病院".to_owned()],
                nets: Vec::new(),
            }];
            let (normalizer, tokenizer) =
                (Normalizer::shipped().expect("variants"), Tokenizer::embedded(&[]).expect("a dictionary"));
            let machine = Machine::new(codebook, normalizer, tokenizer, Some(&attributes)).expect("a machine");
            let shown = machine.codebook().code("shown").expect("the code");
            let examples: Vec<&str> = comment
                .rsplit_once(": 「")
                .expect("examples behind a colon")
                .1
                .trim_end_matches('」')
                .split("」「")
                .collect();
            for example in examples {
                let coded = machine.worker().code(example, &[Some("病院")], None).expect("coded");
                assert!(coded.codings.iter().any(|coding| coding.code == shown), "{readme}: {rule} misses {example}");
            }
        }
    }
}

#[test]
fn snippets_load() {
    for readme in READMES {
        let (mut studies, mut codes) = (0, 0);
        for body in blocks_of(&text(readme), "toml") {
            let folder = Folder::empty();
            folder.run_well(&["init", "my-study"]);
            if body.starts_with("[study]") {
                folder.write("my-study/study.toml", &body);
                Study::load(&folder.path("my-study/study.toml")).unwrap_or_else(|error| panic!("{readme}: {error:?}"));
                studies += 1;
            } else if body.starts_with("[[code]]") {
                let codebook = folder.text("my-study/codebook.toml") + &body;
                folder.write("my-study/codebook.toml", codebook);
                folder.write("my-study/responses.csv", "回答者ID,施設種別,Q1,Q2\n1,病院,相談窓口がほしい,\n");
                folder.run_well(&["run", "my-study/study.toml"]);
                codes += 1;
            } else if body.starts_with("[codings]") {
                let folder = Folder::sample();
                let audit = ["audit", "data/codings_a.csv", "data/codings_b.csv", "--study", "data/study.toml"];
                folder.run_well(&[&audit[..], &["--disagreements", "data/disagreements.xlsx"]].concat());
                folder.write("data/study.toml", folder.text("data/study.toml") + "\n" + &body);
                let printed = folder.run_well(&["run", "data/study.toml"]).stdout;
                assert!(printed.contains("コードの出どころ: adjudicated 0、agreed "), "{readme}: {printed}");
            }
        }
        assert_eq!((studies, codes), (1, 1), "{readme}");
    }
}

/// Whether `word` claims to be a path of this repository.
fn is_path(word: &str) -> bool {
    const FOLDERS: [&str; 8] = [".ci/", "benches/", "codebooks/", "data/", "dictionaries/", "docs/", "src/", "tests/"];
    FOLDERS.iter().any(|folder| word.starts_with(folder))
        && !word.starts_with("data/out")
        && !word.contains(['*', ' ', '<'])
}

#[test]
fn what_is_named_exists() {
    for document in ["README.md", "README.ja.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = text(document);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let links = links.filter(|link| !link.starts_with("https://") && !link.starts_with('#'));
        let named = text.split('`').skip(1).step_by(2).filter(|word| is_path(word));
        for path in links.chain(named) {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "{document} names {path}");
        }
        for anchor in text.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(text.contains(&format!("## {anchor}\n")), "{document} has no heading {anchor}");
        }
    }
}
