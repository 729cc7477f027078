//! What the analyzer makes of sentences of this domain, reviewed as a file.
//!
//! After a change of dictionary, terms, variants or clause rules, look at the difference:
//! `UPDATE_GOLDEN=1 cargo test --test tokens && git diff tests/golden/tokens.txt`

mod machine;

use std::fmt::Write as _;
use std::path::Path;

use aftercode::tokenize::UnitKind;
use machine::{NORMALIZER, TOKENIZER};

/// Sentences by line; `\n`, `\r` and `\u{…}` are escaped in the file alone.
const SENTENCES: &[&str] = &[
    "補助金を増やしてほしい。",
    "サイバーセキュリティ対策の費用が高く、困っています。",
    "サーバの更新に毎年３００万円かかる",
    "ｾｷｭﾘﾃｨの専門家がいないので、研修会を開いてください。",
    "国や自治体が負担すべき。診療報酬では賄えない！",
    "公費負担医療の請求は別の話です。",
    "電子カルテのベンダーに丸投げしているが、不安だ。",
    "人材不足、予算不足、時間不足",
    "USBメモリを禁止したけど、現場が困っている",
    "VPN機器の脆弱性を教えてくれるところがない。",
    "ランサムウェアに感染したら、診療が止まる",
    "予算があれば、導入したい",
    "特にありません",
    "医師会の共同利用施設として、検査センターと健診センターを運営しています。",
    "「相談窓口がほしい。」という声が多い",
    "高いからです。",
    "Windows 10 のサポート終了で更新が必要　でもお金がない",
    "事務長が一人で兼務している…限界です",
    "ガイドラインは読んだが（厚労省の）、難しすぎて分からない。",
    "補助金補助金と言うが手続きが面倒",
    "㈱甲社の保守契約は24時間対応ではない",
    "BCPを作ったのに、訓練はしていない。",
    "サイバー保険と保険証は別",
    "バックアップは取っていますか？取っていません。",
    "職員のリテラシーが低く、メールを開いてしまう。",
    "導入しやすくて安い製品を紹介してもらいたい",
    "セキュリティーソフトの期限切れに気づかなかった",
    "費用、人、時間、どれも足りません。",
    "情報を共有し、助け合いたい",
    "何をすればよいか分からない。\n誰に聞けばよいのかも分からない。",
    "1.研修の実施\r\n2.マニュアルの配布",
    "院長は「必要ない」と言う。",
    "行政の支援なくして対策はできない",
    "専門家を派遣していただけると助かります",
    "小規模施設では対応できず閉院も考えた",
    "ﾊﾟｿｺﾝが古い。ｳｲﾙｽ対策も古い。",
    "お金を出さずに口だけ出すな！！",
    "精度管理補助は対象外だった",
    "現状で満足しているし、特に要望はない",
    "遠隔読影システムの停止時の代替手段を検討中👩\u{200d}⚕\u{fe0f}",
    "費用&hellip;高い",
    "か\u{3099}いちゅうは別だ",
];

fn golden() -> String {
    let mut worker = TOKENIZER.worker();
    let mut out = String::from(
        "# answer, then: first..last byte of the answer ← surface, base form, part of speech\n# == sentence, -- clause\n",
    );
    for sentence in SENTENCES {
        let document = worker.document(NORMALIZER.normalize(sentence)).unwrap();
        let begins = |kind, at: usize| document.units(kind).iter().any(|unit| unit.first == at);
        writeln!(out, "\n# {}", sentence.escape_debug()).unwrap();
        if document.text() != *sentence {
            writeln!(out, "# folded: {}", document.text().escape_debug()).unwrap();
        }
        for (at, token) in document.tokens.iter().enumerate() {
            if begins(UnitKind::Sentence, at) {
                writeln!(out, "==").unwrap();
            } else if begins(UnitKind::Clause, at) {
                writeln!(out, "--").unwrap();
            }
            let features = TOKENIZER.features(*token, document.text());
            let own = document.normalized.original(token.span);
            let surface = token.span.of(document.text()).escape_debug();
            let (base, pos) = (features.base, features.pos().join("-"));
            writeln!(out, "{}..{}\t{surface}\t{base}\t{pos}", own.start, own.end).unwrap();
        }
    }
    out
}

#[test]
fn tokens_are_as_reviewed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tokens.txt");
    let made = golden();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, made).unwrap();
        return;
    }
    let reviewed = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    for (line, (made, reviewed)) in made.lines().zip(reviewed.lines()).enumerate() {
        assert_eq!(made, reviewed, "line {} of {}", line + 1, path.display());
    }
    assert_eq!(made.lines().count(), reviewed.lines().count(), "{} has more or fewer lines", path.display());
}

#[test]
fn morphemes_and_units_cover_the_text() {
    let mut worker = TOKENIZER.worker();
    for sentence in SENTENCES {
        let document = worker.document(NORMALIZER.normalize(sentence)).unwrap();
        let mut end = 0;
        for token in &document.tokens {
            assert!(document.text()[end..token.span.start].chars().all(char::is_whitespace), "{sentence}");
            end = token.span.end;
        }
        assert!(document.text()[end..].chars().all(char::is_whitespace), "{sentence}");
        for units in [&document.sentences, &document.clauses] {
            assert_eq!((units[0].span.start, units[0].first), (0, 0));
            assert!(
                units.windows(2).all(|pair| pair[0].span.end == pair[1].span.start && pair[0].last == pair[1].first)
            );
            let last = units.last().unwrap();
            assert_eq!((last.span.end, last.last), (document.text().len(), document.tokens.len()));
            for unit in units {
                let inside = &document.tokens[unit.first..unit.last];
                assert!(inside.iter().all(|token| unit.span.contains(token.span)), "{sentence}: {unit:?}");
            }
        }
    }
}
