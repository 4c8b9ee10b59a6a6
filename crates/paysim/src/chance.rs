//! Chance with a seed, and how often which fault happens.

/// Splitmix64: small, seeded, and the same everywhere.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Chance from a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number below `end`, which must not be 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }
    /// True in this many of a hundred cases.
    pub fn percent(&mut self, share: u8) -> bool {
        self.below(100) < u64::from(share)
    }
    /// Puts things into any order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            let other = self.below(at as u64 + 1) as usize;
            things.swap(at, other);
        }
    }
}

/// How many of a hundred callbacks suffer what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults {
    /// Sent more than once.
    pub doubled: u8,
    /// Never sent.
    pub missing: u8,
    /// Sent late, after those of other payments.
    pub late: u8,
    /// Accompanied by a forgery.
    pub forged: u8,
}

impl Faults {
    /// None at all.
    pub const NONE: Self = Self {
        doubled: 0,
        missing: 0,
        late: 0,
        forged: 0,
    };
    /// Plenty of all.
    pub const MANY: Self = Self {
        doubled: 40,
        missing: 20,
        late: 40,
        forged: 40,
    };
}
