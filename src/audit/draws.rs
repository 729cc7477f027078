//! Which units the samples of a bootstrap draw.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::alpha::Bootstrap;
use crate::statistics::Stream;

/// Drawn units that are held for the next ratings of as many; more are drawn again.
const HELD: u64 = 1 << 20;

/// The samples of a bootstrap. They depend on the number of units alone, and an audit
/// resamples as many of code after code.
pub(super) struct Draws {
    pub(super) bootstrap: Bootstrap,
    /// By the number of units: what each sample draws, sample by sample.
    held: Mutex<FxHashMap<usize, Arc<Vec<u32>>>>,
}

impl Draws {
    pub(super) fn new(bootstrap: Bootstrap) -> Self {
        Self { bootstrap, held: Mutex::default() }
    }

    /// The units that the sample with this `number` draws of so many. Every sample has a
    /// stream of its own: the threads do not matter.
    pub(super) fn sample(&self, number: u64, units: usize) -> impl Iterator<Item = usize> + use<> {
        let mut stream = Stream::new(self.bootstrap.seed, number);
        (0..units).map(move |_| stream.below(units as u64) as usize)
    }

    /// The same of all samples, one behind the other, if they are few enough to be held.
    pub(super) fn held(&self, units: usize) -> Option<Arc<Vec<u32>>> {
        let replicates = self.bootstrap.replicates;
        if replicates.saturating_mul(units as u64) > HELD {
            return None;
        }
        // Nothing is done on other threads while it is locked: they may wait for it.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let all = || (0..replicates).flat_map(|number| self.sample(number, units)).map(|unit| unit as u32).collect();
        Some(Arc::clone(held.entry(units).or_insert_with(|| Arc::new(all()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_what_is_drawn() {
        let draws = Draws::new(Bootstrap { replicates: 3, seed: 5 });
        for _ in 0..2 {
            let held = draws.held(7).unwrap();
            let drawn: Vec<u32> = (0..3).flat_map(|number| draws.sample(number, 7)).map(|unit| unit as u32).collect();
            assert_eq!(*held, drawn);
        }
        assert!(Draws::new(Bootstrap::default()).held(1 << 20).is_none());
    }
}
