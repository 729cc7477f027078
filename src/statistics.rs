//! The statistics of tables and of agreement: pure functions of counts.
//!
//! Nothing here reads a file or knows a codebook. Counts are `u64`; proportions,
//! intervals and p-values are fractions of one, never percent. What a formula has no
//! value for is [`Undefined`], with the reason in both languages: never NaN, and never
//! an invented 0 or 1. What is drawn at random is drawn from a seed that stands in the
//! result, and does not depend on the number of threads.

mod adjust;
mod fisher;
mod freeman_halton;
mod halves;
mod monte_carlo;
mod paired;
mod proportion;
mod quantile;
mod random;
mod table;
mod undefined;

pub use adjust::Adjustment;
pub use fisher::{Fisher, fisher};
pub use freeman_halton::{FreemanHalton, Method, Plan, freeman_halton};
pub use paired::{McNemar, StuartMaxwell, mcnemar, stuart_maxwell};
pub use proportion::{Interval, newcombe, score_interval, wilson, wilson_finite};
pub use quantile::{normal, normal_at, student};
pub use random::Stream;
pub use table::{ChiSquare, Table};
pub use undefined::{Defined, Undefined};

/// Tables whose probabilities differ by less than this, relative to the smaller, are
/// equally likely.
///
/// A two-sided exact test adds up the tables that are at most as likely as the one seen.
/// Some are exactly as likely, and must not be lost to the last bit of a floating-point
/// number. 10⁻⁷ is also what R's `fisher.test` takes.
pub const TIE: f64 = 1e-7;
