//! Answers that fool a list of keywords: theme and stance of each, by the shipped codebook.

mod machine;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn traps_get_their_themes_and_stances() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let machine = machine::machine(&fs::read_to_string(root.join("codebooks/medical-cybersecurity.toml")).unwrap());
    let mut worker = machine.worker();
    let traps = fs::read_to_string(root.join("tests/traps.tsv")).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in traps.lines().skip(1) {
        let (answer, codes) = line.split_once('\t').unwrap();
        let expected: BTreeSet<String> = codes.split(';').map(str::to_owned).collect();
        let coded = worker.code(answer, &[], Some("request")).unwrap();
        let found: BTreeSet<String> = coded
            .codings
            .iter()
            .map(|coding| {
                let stance = coding.stance.as_ref().map_or("", |stance| &*stance.id);
                format!("{}={stance}", machine.codebook().codes[coding.code].id)
            })
            .collect();
        if found != expected {
            wrong.push(format!("{answer}: {found:?}, not {expected:?}"));
        }
        count += 1;
    }
    assert_eq!(count, 21);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
