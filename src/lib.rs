//! Codes the free-text answers of Japanese surveys (アフターコーディング).

pub mod diagnostic;
pub mod normalize;
pub mod read;
pub mod span;
pub mod tokenize;
