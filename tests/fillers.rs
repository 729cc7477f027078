//! Whole answers without content, and answers that only look like them.

use aftercode::codebook::Reserved;
use aftercode::normalize::Normalizer;

#[test]
fn fillers_are_recognized_and_content_is_not() {
    let normalizer = Normalizer::shipped().unwrap();
    let reserved = Reserved::shipped().unwrap();
    let mut wrong = Vec::new();
    for line in include_str!("fillers.tsv").lines().skip(1) {
        let (expected, answer) = line.split_once('\t').unwrap();
        let found =
            Reserved::of(normalizer.normalize(answer).text(), &reserved).map_or("-", |at| reserved[at].id.as_str());
        if found != expected {
            wrong.push(format!("{answer}: {found}, expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
