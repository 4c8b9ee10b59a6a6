//! Money in whole fen (1/100 yuan). Never a float.
use std::fmt;

/// An amount in fen; never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Money(u64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// An amount of fen.
    pub const fn from_fen(fen: u64) -> Self {
        Self(fen)
    }
    /// The amount in fen.
    pub const fn fen(self) -> u64 {
        self.0
    }
    /// Sum, or `None` past the range.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
    /// This amount for each of `heads` people, or `None` past the range.
    pub fn times(self, heads: u64) -> Option<Self> {
        self.0.checked_mul(heads).map(Self)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "¥{}.{:02}", self.0 / 100, self.0 % 100)
    }
}
