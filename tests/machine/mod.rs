//! What several integration tests share.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::sync::{Arc, LazyLock};

use aftercode::codebook::Codebook;
use aftercode::coding::Machine;
use aftercode::config::Source;
use aftercode::normalize::Normalizer;
use aftercode::tokenize::Tokenizer;

/// The embedded dictionary, loaded once per test binary.
pub static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(|| Tokenizer::embedded(&[]).unwrap());

/// The shipped variants.
pub static NORMALIZER: LazyLock<Normalizer> = LazyLock::new(|| Normalizer::shipped().unwrap());

/// A machine for a codebook written in TOML.
pub fn machine(toml: &str) -> Machine {
    let source: Arc<Source> = Source::new("codebook.toml", toml);
    let codebook = Codebook::from_source(&source).unwrap_or_else(|error| panic!("{error:?}"));
    let (normalizer, tokenizer) = (Normalizer::shipped().unwrap(), Tokenizer::embedded(&[]).unwrap());
    Machine::new(codebook, normalizer, tokenizer, None).unwrap_or_else(|error| panic!("{error:?}"))
}

/// A small deterministic generator (splitmix64): tests need speed and a seed, not quality.
pub struct Dice(u64);

impl Dice {
    /// A generator that always gives the same numbers for `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// One of `items`.
    pub fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}
