//! The neutral format of codings: what is read, and what is refused with its place.

use std::path::Path;

use aftercode::audit::{Matrix, neutral};
use aftercode::diagnostic::Lang;
use aftercode::read::Options;

fn read(text: &str, declared: Option<&[&str]>) -> Result<Matrix, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codings.csv");
    std::fs::write(&path, text).unwrap();
    let declared: Option<Vec<String>> = declared.map(|labels| labels.iter().map(|label| label.to_string()).collect());
    neutral(&path, &Options::default(), declared.as_deref())
        .map(|read| read.matrix)
        .map_err(|error| error.render(Lang::En).replace(&*folder.path().join("").to_string_lossy(), ""))
}

#[test]
fn sets_empty_sets_and_missing_codings() {
    let text = "unit,coder,value\nu2,B,b|a\nu1,A,a\nu2,A,\nu1,B,NA\n";
    let matrix = read(text, None).unwrap();
    assert_eq!(
        (matrix.labels.join(" "), matrix.coders.join(" "), matrix.units.join(" ")),
        ("a b".into(), "A B".into(), "u1 u2".into())
    );
    assert_eq!(matrix.cells(), [vec![Some(vec![0]), None], vec![Some(vec![]), Some(vec![0, 1])]]);
    // A row that is not there is not coded.
    assert_eq!(read(&text.replace("u1,B,NA\n", ""), None).unwrap(), matrix);
    // The order of rows and columns does not matter.
    assert_eq!(read("coder,value,unit\nA,,u2\nB,NA,u1\nB, a | b ,u2\nA,a,u1\n", None).unwrap(), matrix);
}

#[test]
fn declared_labels_are_there_even_if_nobody_chose_them() {
    let matrix = read("unit,coder,value\nu1,A,c\n", Some(&["c", "a"])).unwrap();
    assert_eq!(matrix.labels, ["c", "a"]);
    assert_eq!(matrix.cells(), [vec![Some(vec![0])]]);
}

#[test]
fn mistakes_have_their_place() {
    for (text, declared, expected) in [
        ("unit,coder,value\nu1,A,a\nu1,A,b\n", None, "Coder \"A\" codes unit \"u1\" twice (first in line 2)."),
        ("unit,coder,value\nu1,A,a\n,A,b\n", None, "\"unit\" is blank."),
        ("unit,coder,value\nu1,A,a\nu2,,b\n", None, "\"coder\" is blank."),
        ("unit,coder,value\nu1,A,a\nu2,A,a||b\n", None, "There is a blank label in \"a||b\"."),
        ("unit,coder,value\nu1,A,a\nu2,A,a|NA\n", None, "\"a|NA\" mixes NA with labels."),
        ("unit,coder,value\nu1,A,a\nu2,A,a|b|a\n", None, "Label \"a\" is twice in \"a|b|a\"."),
        ("unit,coder,value\nu1,A,fee\nu2,A,fei\n", Some(&["fee"][..]), "There is no label \"fei\"."),
    ] {
        let error = read(text, declared).unwrap_err();
        assert!(error.contains(expected), "{error}");
        assert!(error.contains("codings.csv line 3"), "{error}");
        assert!(error.contains("\n  → "), "{error}");
    }
    let error = read("unit,coder\nu1,A\n", None).unwrap_err();
    assert!(error.contains("There is no column \"value\".") && error.contains("unit,coder,value"), "{error}");
    assert!(neutral(Path::new("no-such-file.csv"), &Options::default(), None).is_err());
}
