//! What does a computer's clock say when it sleeps? The real one, with sleeps of our own.
use domain::UtcMs;
use station::clock::{Clock, SystemClock};
use std::sync::atomic::{AtomicU64, Ordering};

/// The computer's clock, with sleeps of our own.
#[derive(Default)]
pub struct Dozing {
    clock: SystemClock,
    slept_ms: AtomicU64,
}

impl Dozing {
    /// The computer slept so many minutes.
    pub fn sleep(&self, minutes: u64) {
        self.slept_ms.fetch_add(minutes * 60_000, Ordering::Relaxed);
    }
}

impl Clock for Dozing {
    fn now(&self) -> UtcMs {
        let slept = i64::try_from(self.slept_ms.load(Ordering::Relaxed)).unwrap();
        UtcMs(self.clock.now().0 + slept)
    }
    fn mono_ms(&self) -> u64 {
        self.clock.mono_ms()
    }
    fn slept_ms(&self) -> u64 {
        self.slept_ms.load(Ordering::Relaxed)
    }
}
