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
}

impl Undefined {
    /// A short, stable name for files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::EmptyBase => "empty_base",
            Self::EmptyMargin => "empty_margin",
            Self::NothingToCompare => "nothing_to_compare",
            Self::SampleExceedsPopulation => "sample_exceeds_population",
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
        }
    }
}
