//! How well coders agree: with each other, and the machine with a gold standard.
//!
//! A [`Matrix`] holds what every coder said of every unit: a set of labels, or nothing
//! where the coder did not code the unit. It is looked at in three ways: one label
//! against the rest ([`Matrix::label`]), an axis on which every unit gets one label
//! ([`Matrix::axis`]), and whole sets ([`Matrix::sets`]).
//!
//! Counts come first, then percent agreement, then coefficients; a coefficient without a
//! value says why ([`Undefined`](crate::statistics::Undefined)), and says on how many
//! units it rests. A unit that only one coder saw is not agreement.
//!
//! | what | where |
//! | --- | --- |
//! | two coders: κ, Scott's π, specific agreement, McNemar, Stuart–Maxwell | [`Pair`] |
//! | any number, and missing codings: percent agreement, AC1, Fleiss, Brennan–Prediger, Conger | [`Coefficients`] |
//! | Krippendorff's α of labels and of sets | [`Alpha`] |
//! | against a gold standard: precision, recall, F1, MCC | [`Performance`], [`SetPerformance`] |
//! | all that fits the data at hand | [`Agreement`] |
//! | how many answers to code, and which | [`Assumptions`], [`Sample`] |

mod agreement;
mod alpha;
mod codings;
mod coefficients;
mod disagreements;
mod distance;
mod draws;
mod findings;
mod gold;
mod intake;
mod matrix;
mod neutral;
mod overlap;
mod pair;
mod planning;
mod ratings;
mod reliability;
mod sample;
mod scheme;

pub use agreement::{Agreement, Named, PairOf};
pub use alpha::{Alpha, Bootstrap, BootstrapInterval, alpha, set_alpha};
pub(crate) use codings::twice;
pub use codings::{Codings, FileRead, Given, Unit};
pub use coefficients::{Coefficient, Coefficients};
pub use disagreements::{Cause, Confused, Disagreement, confused, disagreements};
pub use distance::Distance;
pub use findings::{Against, Axis, Block, Findings, Part, Request, Sets, Two};
pub use gold::{Performance, SetPerformance};
pub use intake::{COMMENT, DECIDED, Form, ROW, STANCE_PREFIX, is_decided};
pub(crate) use intake::{Decision, Entries, entries};
pub use matrix::{Labels, Matrix};
pub use neutral::{Neutral, neutral};
pub use pair::{Cohen, Pair};
pub use planning::{Assumptions, Size, Sizes};
pub use ratings::Ratings;
pub use reliability::Reliability;
pub use sample::{Sample, Stratum, answered};
pub use scheme::Scheme;
