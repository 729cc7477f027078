//! Why a statistic has no value.

use crate::diagnostic::Text;
use crate::text;

/// A value, or why there is none.
pub type Defined<T> = std::result::Result<T, Undefined>;

/// Why a statistic has no value. It is a result like any other, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Undefined {
    /// Nobody was counted.
    EmptyBase,
    /// A row or a column of the table is all zero, so nothing is expected in its cells.
    EmptyMargin,
    /// The table has one row or one column: there is nothing to compare.
    NothingToCompare,
    /// More were counted than the population holds.
    SampleExceedsPopulation,
    /// No unit was coded by two coders.
    NoPair,
    /// All codings are the same, so that chance alone would agree.
    NoVariation,
    /// One of two coders always chose the same value.
    ConstantCoder,
    /// One unit says nothing about how much units differ.
    TooFewUnits,
    /// The standard error is 0: an interval would have no width.
    NoSpread,
    /// There is only one category to choose from.
    OneCategory,
    /// Nobody chose this value.
    NeverUsed,
    /// The two coders never differ.
    NoDisagreement,
}

impl Undefined {
    /// All reasons.
    pub const ALL: [Self; 12] = [
        Self::EmptyBase,
        Self::EmptyMargin,
        Self::NothingToCompare,
        Self::SampleExceedsPopulation,
        Self::NoPair,
        Self::NoVariation,
        Self::ConstantCoder,
        Self::TooFewUnits,
        Self::NoSpread,
        Self::OneCategory,
        Self::NeverUsed,
        Self::NoDisagreement,
    ];

    /// A short, stable name for files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::EmptyBase => "empty_base",
            Self::EmptyMargin => "empty_margin",
            Self::NothingToCompare => "nothing_to_compare",
            Self::SampleExceedsPopulation => "sample_exceeds_population",
            Self::NoPair => "no_pair",
            Self::NoVariation => "no_variation",
            Self::ConstantCoder => "constant_coder",
            Self::TooFewUnits => "too_few_units",
            Self::NoSpread => "no_spread",
            Self::OneCategory => "one_category",
            Self::NeverUsed => "never_used",
            Self::NoDisagreement => "no_disagreement",
        }
    }

    /// The reason, for readers.
    pub fn reason(self) -> Text {
        match self {
            Self::EmptyBase => text!("母数が0です。", "The base is 0."),
            Self::EmptyMargin => {
                text!("行または列の合計が0です。", "A row or a column of the table adds up to 0.")
            }
            Self::NothingToCompare => {
                text!(
                    "行または列が1つしかなく、比べる相手がありません。",
                    "With one row or one column there is nothing to compare."
                )
            }
            Self::SampleExceedsPopulation => {
                text!("回答数が母集団の数を超えています。", "There are more answers than the population holds.")
            }
            Self::NoPair => text!("2人以上がコードした単位がありません。", "No unit was coded by two coders."),
            Self::NoVariation => text!(
                "付けられた値がすべて同じで、偶然の一致と区別できません。",
                "All codings are the same, so that agreement cannot be told from chance."
            ),
            Self::ConstantCoder => {
                text!("一方のコーダーが同じ値しか付けていません。", "One of the coders always chose the same value.")
            }
            Self::TooFewUnits => {
                text!("単位が1つだけで、ばらつきが分かりません。", "A single unit does not show how much units differ.")
            }
            Self::NoSpread => {
                text!("標準誤差が0のため、区間を求められません。", "The standard error is 0, so there is no interval.")
            }
            Self::OneCategory => text!("選べる値が1つしかありません。", "There is only one category to choose from."),
            Self::NeverUsed => text!("この値は一度も使われていません。", "Nobody chose this value."),
            Self::NoDisagreement => {
                text!("2人のコードはすべて一致しています。", "The two coders never differ.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_name_and_a_sentence_of_its_own() {
        for (at, one) in Undefined::ALL.iter().enumerate() {
            // A reason that is not in ALL would not find its place.
            assert_eq!(*one as usize, at);
            let reason = one.reason();
            assert!(reason.ja.ends_with('。') && reason.en.ends_with('.'), "{reason:?}");
            for other in &Undefined::ALL[..at] {
                assert!(other.id() != one.id() && other.reason() != reason, "{one:?} {other:?}");
            }
        }
        assert_eq!(Undefined::ALL.last(), Some(&Undefined::NoDisagreement));
    }
}
