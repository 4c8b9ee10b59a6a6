//! When is the next try? Full jitter, growing from one second to five minutes, without end.
use crate::failure::Trouble;

/// Milliseconds of a clock that never goes back; its zero is any moment before the first event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub u64);

impl Millis {
    /// This many milliseconds later.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
    /// Milliseconds since `earlier`; 0 when that lies later.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Times of the retry rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The first try waits up to this long, in ms.
    pub base_ms: u64,
    /// No try waits longer, in ms.
    pub max_ms: u64,
    /// No try follows a failure sooner, in ms: not after a wake, not by chance.
    pub min_ms: u64,
    /// No `Retry-After` is honoured for longer, in ms.
    pub max_retry_after_ms: u64,
}

impl Retry {
    /// How long to wait after this many failures in a row: anything up to `base · 2^(failures − 1)`, by chance.
    pub fn wait_ms(&self, failures: u32, chance: &mut Chance) -> u64 {
        let doublings = failures.saturating_sub(1).min(32);
        let ceiling = self.base_ms.saturating_mul(1 << doublings).min(self.max_ms);
        chance.up_to(ceiling).max(self.min_ms)
    }
}

/// Chance from a seed (SplitMix64, Steele, Lea and Flood 2014): enough to spread tries, not for secrets.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Chance from a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }
    /// A number from 0 to `max`, both included.
    pub fn up_to(&mut self, max: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        // The bias of the remainder is below 1 in 10¹³ for the waits asked for here.
        if max == u64::MAX { z } else { z % (max + 1) }
    }
}

/// One direction, up or down: open, or closed until a time.
#[derive(Debug, Clone, Default)]
pub struct Lane {
    failures: u32,
    failed_at: Option<Millis>,
    until: Option<Millis>,
    not_before: Option<Millis>,
    trouble: Option<Trouble>,
}

impl Lane {
    /// Whether something may be sent now.
    pub fn is_open(&self, now: Millis) -> bool {
        self.until.is_none_or(|until| until <= now)
    }
    /// When it opens again, when it is closed.
    pub fn opens_at(&self, now: Millis) -> Option<Millis> {
        self.until.filter(|until| *until > now)
    }
    /// What closed it last, until the next success.
    pub fn trouble(&self) -> Option<Trouble> {
        self.trouble
    }
    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Something failed. What failed beside it, sent at the same time, does not count twice.
    pub fn fail(
        &mut self,
        now: Millis,
        trouble: Trouble,
        retry_after_ms: Option<u64>,
        retry: &Retry,
        chance: &mut Chance,
    ) {
        if let Some(ms) = retry_after_ms {
            let floor = now.plus(ms.min(retry.max_retry_after_ms));
            self.not_before = self.not_before.max(Some(floor));
        }
        self.trouble = Some(trouble);
        if self.is_open(now) {
            self.failures = self.failures.saturating_add(1);
            self.failed_at = Some(now);
            self.until = Some(now.plus(retry.wait_ms(self.failures, chance)));
        }
        self.until = self.until.max(self.not_before);
    }

    /// Somebody wants a try now, or the link came up: forgets the failures, but not what the center asked for.
    pub fn hurry(&mut self, retry: &Retry) {
        self.failures = 0;
        if self.until.is_some() {
            self.until = self.failed_at.map(|at| at.plus(retry.min_ms)).max(self.not_before);
        }
    }

    /// It works. Only a wait the center asked for stays.
    pub fn succeed(&mut self, now: Millis) {
        let asked = self.not_before.filter(|at| *at > now);
        *self = Self {
            until: asked,
            not_before: asked,
            trouble: asked.and(self.trouble),
            ..Self::default()
        };
    }

    /// The other direction works: when this one was offline, or the center too busy, it has no more reason to wait than the center
    /// asked for. A wait that grew through an outage would outlast it by minutes.
    pub fn other_succeeded(&mut self, retry: &Retry) {
        if self.trouble.is_some_and(|t| t.is_offline() || t == Trouble::Overloaded) {
            self.hurry(retry);
        }
    }
}
