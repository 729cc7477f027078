//! Codes the free-text answers of Japanese surveys (アフターコーディング).

pub mod diagnostic;
pub mod span;
