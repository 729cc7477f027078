//! A test a bug: each failed before its mending.

mod machine;

use aftercode::coding::Machine;
use aftercode::normalize::Normalizer;
use machine::machine;

fn book(codes: &str) -> Machine {
    machine(&format!(
        "[codebook]\nid = \"t\"\nversion = \"1\"\n[[axis]]\nid = \"theme\"\n[[axis]]\nid = \"stance\"\nqualifies = \"theme\"\n\
         order = [\"reject\"]\n[[code]]\nid = \"reject\"\naxis = \"stance\"\nlabel = \"r\"\nunit = \"clause\"\nrule = \"不要\"\n{codes}"
    ))
}

fn code(unit: &str, rule: &str, except: &str) -> Machine {
    let except = if except.is_empty() { String::new() } else { format!("except = '''{except}'''\n") };
    book(&format!(
        "[[code]]\nid = \"c\"\naxis = \"theme\"\nlabel = \"c\"\nunit = \"{unit}\"\nrule = '''{rule}'''\n{except}"
    ))
}

/// What the one code finds in `answer`.
fn found(machine: &Machine, answer: &str) -> Vec<String> {
    let coded = machine.worker().code(answer, &[], None).unwrap();
    coded.codings.iter().flat_map(|coding| &coding.evidence).map(|span| span.of(answer).to_owned()).collect()
}

/// `except` with near hid only the choice nearest to the last word.
#[test]
fn except_near_hides_all_that_lies_inside_any_choice() {
    let machine = code("response", "研修", "near(研修, 費用; 8)");
    assert_eq!(found(&machine, "研修や研修の費用"), Vec::<String>::new());
    let machine = code("response", "研修", "seq(研修, 費用; 8)");
    assert_eq!(found(&machine, "研修や研修の費用と研修"), ["研修"]);
    let machine = code("response", "検査", "seq(研修, 費用; 8)");
    assert_eq!(found(&machine, "研修と検査と研修の費用"), Vec::<String>::new());
}

/// Characters that end in a blank were lost at the end of the answer, and counted the
/// word behind the blank to themselves.
#[test]
fn characters_may_end_in_a_blank() {
    assert_eq!(found(&code("response", "'研修 '", ""), "毎年の研修 "), ["研修 "]);
    let machine = code("response", "near('研修 ', 費用; 1)", "");
    assert_eq!(found(&machine, "研修 費用"), ["研修 費用"]);
    assert_eq!(found(&machine, "研修 の費用"), Vec::<String>::new());
}

/// A unit that is evidence by what it lacks ends in a blank: the next clause was taken
/// for its own.
#[test]
fn a_unit_that_ends_in_a_blank_does_not_take_the_stance_of_the_next_sentence() {
    let machine = book(
        "[[code]]\nid = \"c\"\naxis = \"theme\"\nlabel = \"c\"\nunit = \"sentence\"\nrule = \"!研修 & 高い\"\n\
        [[code]]\nid = \"d\"\naxis = \"theme\"\nlabel = \"d\"\nunit = \"sentence\"\nrule = \"!研修 & length > 4 & !不要\"\n",
    );
    let coded = machine.worker().code("費用が多くて困る。 研修は不要", &[], Some("keep")).unwrap();
    let stance: Vec<_> = coded.codings.iter().map(|coding| coding.stance.as_ref().unwrap().id.to_string()).collect();
    assert_eq!(stance, ["keep"]);
}

/// Alternatives in parentheses inside `except` were refused as conditions.
#[test]
fn alternatives_in_parentheses_may_stand_in_except() {
    let machine = code("response", "研修", "(院内 | seq(研修, 不足; 3)) | 講習");
    assert_eq!(found(&machine, "研修が不足"), Vec::<String>::new());
    assert_eq!(found(&machine, "研修が必要"), ["研修"]);
}

/// Invisible characters kept a mark from its character; a capital with a mark that only
/// its small letter composes with stayed apart; a dash was read by how é was typed.
#[test]
fn one_thing_typed_in_two_ways_folds_to_one() {
    let normalizer = Normalizer::new(&[]).unwrap();
    let fold = |text: &str| normalizer.normalize(text).text().to_owned();
    assert_eq!(fold("か\u{200b}\u{3099}"), "が");
    assert_eq!(fold("J\u{30c}"), "ǰ");
    assert_eq!(fold("サ－e\u{301}"), fold("サ－é"));
}

/// A text of blanks alone has no morpheme; the characters of a rule were not looked for in it.
#[test]
fn characters_are_found_where_there_is_no_morpheme() {
    use aftercode::rule::evaluate::Evaluator;
    use aftercode::rule::plan::{Names, Plan, Source};
    use aftercode::tokenize::{Tokenizer, UnitKind};

    let (normalizer, tokenizer) = (Normalizer::shipped().unwrap(), Tokenizer::embedded(&[]).unwrap());
    let rule = aftercode::rule::parse("/ +/").unwrap();
    let source = Source {
        id: "c".to_owned(),
        net: None,
        unit: UnitKind::Response,
        rule: Some(&rule),
        except: None,
        maybe: None,
    };
    let plan = Plan::new(&[source], &Names::default(), &normalizer, &tokenizer).map_err(|error| error.error).unwrap();
    let document = tokenizer.worker().document(normalizer.normalize(" ")).unwrap();
    let mut evaluator = Evaluator::new(&plan, &tokenizer);
    assert!(evaluator.read(&document, &[]).find(0, document.response()).is_some());
}
