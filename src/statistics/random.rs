//! Random numbers that are the same on every machine and any number of threads.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// One of 2⁶⁴ independent streams of a seed. Work that is spread over threads takes a
/// stream for each piece of work, not for each thread.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream with the number `stream` of `seed`.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        Self(random)
    }

    /// A number from 0 up to `end`, which is left out; all are equally likely.
    ///
    /// D. Lemire, *Fast random integer generation in an interval*, ACM TOMACS 29 (2019).
    ///
    /// # Panics
    /// If `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        assert!(end > 0, "there is no number below 0");
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(end);
            let (number, rest) = ((product >> 64) as u64, product as u64);
            // Products under 2⁶⁴ mod `end` would favor some numbers. It takes a division, and is
            // less than `end`.
            if rest >= end || rest >= end.wrapping_neg() % end {
                return number;
            }
        }
    }

    /// Leaves `count` of the items, drawn without replacement, in the order of drawing: as
    /// far as is needed of Fisher's and Yates' shuffle.
    pub fn draw<T>(&mut self, items: &mut Vec<T>, count: usize) {
        for at in 0..count.min(items.len()) {
            let other = at + self.below((items.len() - at) as u64) as usize;
            items.swap(at, other);
        }
        items.truncate(count);
    }

    /// A number from 0 up to 1, which is left out.
    pub fn fraction(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_what_it_was() {
        let mut one = Stream::new(1, 0);
        let drawn: Vec<u64> = (0..6).map(|_| one.below(100)).collect();
        let mut again = Stream::new(1, 0);
        assert_eq!(drawn, (0..6).map(|_| again.below(100)).collect::<Vec<_>>());
        let mut other = Stream::new(1, 1);
        assert_ne!(drawn, (0..6).map(|_| other.below(100)).collect::<Vec<_>>());
    }

    #[test]
    fn all_numbers_are_equally_likely() {
        let mut stream = Stream::new(7, 3);
        let mut counts = [0_u32; 6];
        let mut sum = 0.0;
        for _ in 0..60_000 {
            counts[stream.below(6) as usize] += 1;
            sum += stream.fraction();
        }
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 400), "{counts:?}");
        assert!((sum / 60_000.0 - 0.5).abs() < 0.005, "{sum}");
    }
}
