//! Codes the free-text answers of Japanese surveys (アフターコーディング).

pub mod codebook;
pub mod coding;
pub mod config;
pub mod diagnostic;
pub mod normalize;
pub mod read;
pub mod report;
pub mod rule;
pub mod span;
pub mod study;
pub mod survey;
pub mod tabulate;
pub mod tokenize;
