//! The station's clock, its monotonic time and its identifiers: the one place where time and chance enter.
use domain::UtcMs;
use std::time::Instant;

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// Wall-clock time; may jump.
    fn now(&self) -> UtcMs;
    /// Milliseconds since the clock was made; never goes back.
    fn mono_ms(&self) -> u64;
}

/// The computer's clock.
pub struct SystemClock {
    started: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> UtcMs {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        UtcMs(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }
    fn mono_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system has none to give, which no program can go on from.
#[allow(clippy::expect_used)]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A fresh UUIDv7 for this moment.
pub fn new_uuid(clock: &dyn Clock) -> uuid::Uuid {
    let ms = u64::try_from(clock.now().0).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, &random()).into_uuid()
}
