//! What a codebook is read for: every lint with its name and what it means.

use crate::diagnostic::Text;
use crate::text;

/// A doubt about a codebook. The order is that of the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lint {
    /// An open word (`研修*`) that the dictionary cuts into several morphemes.
    SplitOpenWord,
    /// A word that the texts at hand hold inside longer morphemes only.
    InsideMorpheme,
    /// A verb or adjective that the dictionary does not know, so that no inflection is found.
    UnknownPredicate,
    /// A word of a single hiragana without a part of speech.
    SingleKana,
    /// A detail of a part of speech that no dictionary has.
    UnknownPos,
    /// The same alternative or list entry twice.
    Duplicate,
    /// An alternative that folding makes the same as another.
    SameSpelling,
    /// An alternative that another one covers.
    Covered,
    /// A regular expression for characters that folding takes away.
    FoldedRegex,
    /// A near or seq whose distance is longer than its unit.
    LooseNear,
    /// An `except` that hides all that the rule could find.
    ExceptHidesRule,
    /// A list that no rule uses.
    UnusedList,
    /// Two codes with the same rule.
    SameRule,
    /// A replaced id that is still a code.
    ReplacesLiveCode,
    /// A code without a rule.
    NoRule,
    /// A code without a definition.
    NoDefinition,
    /// A code without examples.
    NoExamples,
    /// A code without counter-examples.
    NoCounterExamples,
    /// An example that is an answer without content as a whole.
    FillerExample,
    /// A text that is an example and a counter-example of one code.
    ContradictoryExample,
    /// A code that holds for no answer of the study.
    NeverFires,
    /// A code that holds for nearly every answer of the study.
    AlwaysFires,
}

impl Lint {
    /// All lints.
    pub const ALL: [Self; 22] = [
        Self::SplitOpenWord,
        Self::InsideMorpheme,
        Self::UnknownPredicate,
        Self::SingleKana,
        Self::UnknownPos,
        Self::Duplicate,
        Self::SameSpelling,
        Self::Covered,
        Self::FoldedRegex,
        Self::LooseNear,
        Self::ExceptHidesRule,
        Self::UnusedList,
        Self::SameRule,
        Self::ReplacesLiveCode,
        Self::NoRule,
        Self::NoDefinition,
        Self::NoExamples,
        Self::NoCounterExamples,
        Self::FillerExample,
        Self::ContradictoryExample,
        Self::NeverFires,
        Self::AlwaysFires,
    ];

    /// The name in reports; it does not change.
    pub const fn id(self) -> &'static str {
        match self {
            Self::SplitOpenWord => "split-open-word",
            Self::InsideMorpheme => "inside-morpheme",
            Self::UnknownPredicate => "unknown-predicate",
            Self::SingleKana => "single-kana",
            Self::UnknownPos => "unknown-pos",
            Self::Duplicate => "duplicate",
            Self::SameSpelling => "same-spelling",
            Self::Covered => "covered",
            Self::FoldedRegex => "folded-regex",
            Self::LooseNear => "loose-near",
            Self::ExceptHidesRule => "except-hides-rule",
            Self::UnusedList => "unused-list",
            Self::SameRule => "same-rule",
            Self::ReplacesLiveCode => "replaces-live-code",
            Self::NoRule => "no-rule",
            Self::NoDefinition => "no-definition",
            Self::NoExamples => "no-examples",
            Self::NoCounterExamples => "no-counter-examples",
            Self::FillerExample => "filler-example",
            Self::ContradictoryExample => "contradictory-example",
            Self::NeverFires => "never-fires",
            Self::AlwaysFires => "always-fires",
        }
    }

    /// What it means, in a sentence.
    pub fn doc(self) -> Text {
        match self {
            Self::SplitOpenWord => text!(
                "「語*」「*語」は1つの形態素の中で探すが、この語は複数の形態素に分かれる",
                "An open word is looked for inside one morpheme, but this one is cut into several"
            ),
            Self::InsideMorpheme => text!(
                "手元の文では、この語の文字はより長い形態素の中にしかない",
                "In the texts at hand the characters stand inside longer morphemes only"
            ),
            Self::UnknownPredicate => text!(
                "辞書にない用言なので、活用した形は見つからない",
                "The dictionary does not know this verb or adjective, so no inflection of it is found"
            ),
            Self::SingleKana => text!(
                "ひらがな1字の語は、助詞や活用語尾にも当たる",
                "A word of one hiragana also is a particle or an ending"
            ),
            Self::UnknownPos => text!("辞書にない品詞の細分類", "A detail of a part of speech that no dictionary has"),
            Self::Duplicate => text!("同じ語が2度書かれている", "The same alternative stands twice"),
            Self::SameSpelling => text!(
                "表記をそろえると、ほかの選択肢と同じ語になる",
                "Folding makes it the same as another alternative"
            ),
            Self::Covered => text!(
                "ほかの選択肢に含まれ、これで増える回答はない",
                "Another alternative covers it: it adds no answer"
            ),
            Self::FoldedRegex => text!(
                "表記をそろえた文には現れない文字を正規表現で探している",
                "A regular expression for characters that do not exist in folded text"
            ),
            Self::LooseNear => text!(
                "距離が単位の長さを超え、「かつ」と同じになる",
                "The distance is longer than the unit: the same as \"and\""
            ),
            Self::ExceptHidesRule => {
                text!("rule の語をすべて except が隠す", "The except hides everything that the rule could find")
            }
            Self::UnusedList => text!("どのルールからも使われないリスト", "A list that no rule uses"),
            Self::SameRule => text!("2つのコードのルールが同じ", "Two codes have the same rule"),
            Self::ReplacesLiveCode => {
                text!("replaces に、いまもあるコードが書かれている", "A code in replaces still exists")
            }
            Self::NoRule => text!("rule のないコード", "A code without a rule"),
            Self::NoDefinition => text!("definition のないコード", "A code without a definition"),
            Self::NoExamples => text!("examples のないコード", "A code without examples"),
            Self::NoCounterExamples => text!("counter_examples のないコード", "A code without counter-examples"),
            Self::FillerExample => {
                text!("「特になし」などの回答が例になっている", "An answer without content as an example")
            }
            Self::ContradictoryExample => {
                text!("同じ文が例と反例の両方にある", "A text is an example and a counter-example")
            }
            Self::NeverFires => text!("調査のどの回答にも付かない", "Holds for no answer of the study"),
            Self::AlwaysFires => text!("調査のほとんどの回答に付く", "Holds for nearly every answer of the study"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lint_has_its_own_name_and_says_what_it_means() {
        let mut ids: Vec<&str> = Lint::ALL.iter().map(|lint| lint.id()).collect();
        assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        assert!(Lint::ALL.is_sorted(), "in the order of the enum");
        assert!(Lint::ALL.iter().all(|lint| !lint.doc().ja.is_empty() && !lint.doc().en.is_empty()));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Lint::ALL.len());
    }
}
