//! What is masked in answers, line by line, and what is not.

use aftercode::diagnostic::Lang;
use aftercode::mask::Masker;
use aftercode::normalize::Normalizer;
use aftercode::tokenize::Tokenizer;
use proptest::prelude::*;

#[test]
fn names_are_masked_and_kinds_are_not() {
    let (normalizer, tokenizer) = (Normalizer::shipped().unwrap(), Tokenizer::embedded(&[]).unwrap());
    let masker = Masker::new(&["なぎさ苑".to_owned(), "スマイル号".to_owned()], &normalizer).unwrap();
    let mut worker = tokenizer.worker();
    let (mut wrong, mut lines) = (Vec::new(), 0);
    for line in include_str!("masking.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (answer, wanted) = line.split_once('\t').expect("a tab between the answer and what is wanted");
        let document = worker.document(normalizer.normalize(answer)).unwrap();
        let mut shown = String::new();
        let mut done = 0;
        for mask in masker.find(&document, &tokenizer) {
            assert!(mask.span.start >= done, "{answer}: in order and apart");
            shown.push_str(&answer[done..mask.span.start]);
            shown.push_str(mask.kind.label(Lang::Ja));
            done = mask.span.end;
        }
        shown.push_str(&answer[done..]);
        lines += 1;
        if shown != wanted {
            wrong.push(format!("{answer}\n  {shown}\n  {wanted} (wanted)"));
        }
    }
    assert!(lines >= 60);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What masks are made of, and what may come between.
const PIECES: [&str; 36] = [
    "みさき",
    "中央",
    "病院",
    "医師会",
    "の",
    "山田",
    "太郎",
    "先生",
    "さん",
    "担当",
    "：",
    "院長",
    "㈱",
    "株式会社",
    "福井県",
    "みなと市",
    "大手",
    "一丁目",
    "３－１",
    "番地",
    "〒",
    "910-0005",
    "0776",
    "-",
    "(",
    "）",
    "jimu@minato.jp",
    "https://",
    "www.",
    "内線",
    "12",
    "ｽﾏｲﾙ号",
    "が\u{3099}",
    "\n",
    "　",
    "😀",
];

proptest! {
    #[test]
    fn masks_are_apart_and_cut_no_character(pieces in proptest::collection::vec(0..PIECES.len(), 0..12)) {
        thread_local! {
            static TOOLS: (Normalizer, Tokenizer) =
                (Normalizer::shipped().unwrap(), Tokenizer::embedded(&[]).unwrap());
        }
        let answer: String = pieces.iter().map(|at| PIECES[*at]).collect();
        let masks = TOOLS.with(|(normalizer, tokenizer)| {
            let masker = Masker::new(&["スマイル号".to_owned()], normalizer).unwrap();
            masker.find(&tokenizer.worker().document(normalizer.normalize(&answer)).unwrap(), tokenizer)
        });
        let mut done = 0;
        for mask in masks {
            prop_assert!(mask.span.start >= done && mask.span.end > mask.span.start, "{answer}");
            prop_assert!(answer.get(mask.span.start..mask.span.end).is_some(), "{answer}");
            done = mask.span.end;
        }
        prop_assert!(!answer.contains("ｽﾏｲﾙ号") || done > 0, "{answer}");
    }
}
