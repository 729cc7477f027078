//! A set of pairs of numbers that may answer yes wrongly, but never no: most questions are
//! answered here, without a search in something larger.

/// How many bits there are, as a power of two.
const BITS: u32 = 16;

/// The set.
#[derive(Debug)]
pub(super) struct Filter(Vec<u64>);

impl Default for Filter {
    fn default() -> Self {
        Self(vec![0; 1 << (BITS - 6)])
    }
}

impl Filter {
    pub(super) fn insert(&mut self, a: u32, b: u32) {
        let bit = mix(a, b);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    /// Whether the pair may have been inserted.
    pub(super) fn may_have(&self, a: u32, b: u32) -> bool {
        let bit = mix(a, b);
        self.0[bit / 64] & (1 << (bit % 64)) != 0
    }
}

/// Scatters two numbers over the bits.
fn mix(a: u32, b: u32) -> usize {
    let mixed = (u64::from(a) << 32 | u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - BITS)) as usize
}
