//! Folds the spellings of one thing into one, and remembers where each came from.
//!
//! Two steps: characters (HTML entities, NFKC, case, dashes, invisible characters),
//! then spelling variants (`サーバ` → `サーバー`). Each step keeps the edits it made,
//! so that a span of the folded text leads back to the respondent's own words,
//! snapped outward to whole characters.

mod edits;
mod fold;

use aho_corasick::{AhoCorasick, MatchKind};
use sha2::{Digest as _, Sha256};

use crate::diagnostic::{Diagnostic, Result};
use crate::digest::hex;
use crate::span::Span;
use crate::text;
use edits::Edits;

/// A folded text with the way back to the original.
#[derive(Clone, Debug, Default)]
pub struct Normalized {
    text: String,
    folding: Edits,
    variants: Edits,
}

impl Normalized {
    /// The folded text: what the analyzer and the rules see.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The range of the original (bytes) that a range of the folded text (bytes)
    /// came from. A range that begins or ends inside a folded piece is widened to
    /// the whole piece.
    pub fn original(&self, span: Span) -> Span {
        self.folding.back(self.variants.back(span))
    }
}

/// Folds texts; immutable and shared between threads.
#[derive(Clone, Debug)]
pub struct Normalizer {
    finder: Option<AhoCorasick>,
    /// The canonical spelling of each pattern; `None` where the pattern is one.
    canonical: Vec<Option<String>>,
    sha256: String,
}

impl Normalizer {
    /// A normalizer that folds each `(variant, canonical)` pair. Where a canonical
    /// spelling stands already, no shorter variant inside it is touched.
    ///
    /// # Errors
    /// If a variant is empty or leads to two different spellings.
    pub fn new(variants: &[(String, String)]) -> Result<Self> {
        let mut patterns: Vec<String> = Vec::new();
        let mut canonical: Vec<Option<String>> = Vec::new();
        for (variant, target) in variants {
            let (variant, target) = (fold::characters(variant).0, fold::characters(target).0);
            if variant.is_empty() || variant == target {
                continue;
            }
            if let Some(at) = patterns.iter().position(|known| *known == variant) {
                if canonical[at].as_deref() != Some(target.as_str()) {
                    return Err(Diagnostic::error(text!(
                        "表記ゆれ「{variant}」の寄せ先が2つあります。",
                        "The variant \"{variant}\" leads to two spellings."
                    ))
                    .hint(text!("どちらか一方を消してください。", "Remove one of the two.")));
                }
                continue;
            }
            patterns.push(variant);
            canonical.push(Some(target));
        }
        for at in 0..canonical.len() {
            if let Some(target) = canonical[at].clone()
                && !patterns.contains(&target)
            {
                patterns.push(target);
                canonical.push(None);
            }
        }
        let finder = if patterns.is_empty() {
            None
        } else {
            let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns);
            Some(built.map_err(|error| {
                Diagnostic::error(text!(
                    "表記ゆれの一覧を組み立てられません: {error}",
                    "The list of variants cannot be compiled: {error}"
                ))
            })?)
        };
        Ok(Self { finder, canonical, sha256: String::new() })
    }

    /// Reads `variant,canonical` lines (CSV with a header) and adds `more` to them, which
    /// win: where they fold a spelling otherwise, the lines of the CSV follow.
    ///
    /// # Errors
    /// If the CSV is malformed, or as [`Normalizer::new`].
    pub fn from_csv(csv_text: &str, more: &[(String, String)]) -> Result<Self> {
        let folded = |text: &str| fold::characters(text).0;
        let own: Vec<(String, String)> =
            more.iter().map(|(variant, target)| (folded(variant), folded(target))).collect();
        if let Some((variant, target)) = own.iter().find(|(variant, target)| {
            variant != target && own.iter().any(|(other, further)| other == target && further != target)
        }) {
            return Err(Diagnostic::error(text!(
                "表記ゆれ「{variant}」の寄せ先「{target}」が、別の行でさらに寄せられています。",
                "The variant \"{variant}\" leads to \"{target}\", which is a variant itself."
            ))
            .hint(text!("寄せ先を1つの表記にそろえてください。", "Let both lead to one spelling.")));
        }
        let mut pairs = own.clone();
        let mut hash = Sha256::new();
        hash.update(csv_text);
        more.iter().for_each(|(variant, target)| hash.update(format!("\n{variant},{target}")));
        for record in csv::Reader::from_reader(csv_text.as_bytes()).records() {
            let record = record.map_err(|error| {
                Diagnostic::error(text!(
                    "表記ゆれの一覧を読めません: {error}",
                    "The list of variants cannot be read: {error}"
                ))
            })?;
            let (Some(variant), Some(target)) = (record.get(0), record.get(1)) else { continue };
            let (variant, target) = (folded(variant), folded(target));
            if !own.iter().any(|(known, canonical)| *known == variant || *canonical == variant) {
                let target = own.iter().find(|(known, _)| *known == target).map_or(target, |(_, own)| own.clone());
                pairs.push((variant, target));
            }
        }
        let sha256 = hex(&hash.finalize());
        Ok(Self { sha256, ..Self::new(&pairs)? })
    }

    /// The shipped variants.
    ///
    /// # Errors
    /// Never for the data this binary was built with; a test asserts it.
    pub fn shipped() -> Result<Self> {
        Self::from_csv(aftercode_dictionaries::VARIANTS_CSV, &[])
    }

    /// Checksum over the list it was read from, with what was added; empty without a list.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Folds one text.
    pub fn normalize(&self, original: &str) -> Normalized {
        let (folded, folding) = fold::characters(original);
        let Some(finder) = &self.finder else {
            return Normalized { text: folded, folding, variants: Edits::default() };
        };
        let mut text = String::new();
        let mut variants = Edits::default();
        let mut copied = 0;
        for found in finder.find_iter(&folded) {
            if let Some(canonical) = &self.canonical[found.pattern().as_usize()] {
                text.push_str(&folded[copied..found.start()]);
                let start = text.len();
                text.push_str(canonical);
                variants.push(Span::new(found.start(), found.end()), Span::new(start, text.len()));
                copied = found.end();
            }
        }
        if variants.is_empty() {
            return Normalized { text: folded, folding, variants };
        }
        text.push_str(&folded[copied..]);
        Normalized { text, folding, variants }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalizer() -> Normalizer {
        let pairs = [("サーバ", "サーバー"), ("ファックス", "fax"), ("欲し", "ほし"), ("セキリュティ", "セキュリティ")];
        let pairs: Vec<_> = pairs.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        Normalizer::new(&pairs).unwrap()
    }

    fn check(original: &str, folded: &str, part: &str, own: &str) {
        let normalized = normalizer().normalize(original);
        assert_eq!(normalized.text(), folded);
        let start = folded.find(part).unwrap();
        let span = normalized.original(Span::new(start, start + part.len()));
        assert_eq!(span.of(original), own);
    }

    #[test]
    fn folds_and_leads_back() {
        check("ＦＡＸを廃止", "faxを廃止", "fax", "ＦＡＸ");
        check("ﾌｧｯｸｽはﾊﾟｿｺﾝで", "faxはパソコンで", "fax", "ﾌｧｯｸｽ");
        check("ﾌｧｯｸｽはﾊﾟｿｺﾝで", "faxはパソコンで", "パ", "ﾊﾟ");
        check("㈱甲のサーバ", "(株)甲のサーバー", "株", "㈱");
        check("㈱甲のサーバ", "(株)甲のサーバー", "バー", "サーバ");
        check("サーバーとサーバ", "サーバーとサーバー", "とサーバー", "とサーバ");
        check("費用&hellip;高い", "費用...高い", "高", "高");
        check("費用&hellip;高い", "費用...高い", ".", "&hellip;");
        check("か\u{3099}", "が", "が", "か\u{3099}");
        check("サ－バ－が欲しい", "サーバーがほしい", "ほしい", "欲しい");
        check("3－4月", "3-4月", "-", "－");
        check("あ\u{200b}い", "あい", "い", "い");
        check("a\r\nb", "a\nb", "\n", "\r\n");
        check("１０～２０％", "10〜20%", "〜", "～");
    }

    #[test]
    fn contradicting_variants_are_refused() {
        let pairs = [("a".into(), "b".into()), ("a".into(), "c".into())];
        assert!(Normalizer::new(&pairs).is_err());
    }
}
