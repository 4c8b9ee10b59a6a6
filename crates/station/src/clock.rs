//! The station's clock, its monotonic time and its identifiers: the one place where time and chance enter.
use domain::UtcMs;
use std::time::Instant;

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// Wall-clock time; may jump.
    fn now(&self) -> UtcMs;
    /// Milliseconds since the clock was made; never goes back.
    fn mono_ms(&self) -> u64;
    /// Milliseconds the computer slept in all, which `mono_ms` does not count; only what is added to it means something.
    fn slept_ms(&self) -> u64;
}

/// The computer's clock.
pub struct SystemClock {
    started: Instant,
    #[cfg(not(target_os = "linux"))]
    gaps: std::sync::Mutex<crate::sleep::Gaps>,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            #[cfg(not(target_os = "linux"))]
            gaps: std::sync::Mutex::default(),
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
    #[cfg(target_os = "linux")]
    fn slept_ms(&self) -> u64 {
        slept_ms()
    }
    #[cfg(not(target_os = "linux"))]
    fn slept_ms(&self) -> u64 {
        let mut gaps = self.gaps.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        gaps.total_ms(self.now().0, self.mono_ms())
    }
}

/// The clock that goes on in a sleep, less the one that does not.
#[cfg(target_os = "linux")]
fn slept_ms() -> u64 {
    use rustix::time::{ClockId, clock_gettime};
    let ms = |clock| {
        let t = clock_gettime(clock);
        t.tv_sec.unsigned_abs() * 1000 + t.tv_nsec.unsigned_abs() / 1_000_000
    };
    let mut slept = 0;
    // Both are to be read at one moment: a reading the scheduler came between is read again.
    for _ in 0..4 {
        let before = ms(ClockId::Monotonic);
        let boot = ms(ClockId::Boottime);
        let after = ms(ClockId::Monotonic);
        slept = boot.saturating_sub(after);
        if after - before <= 20 {
            break;
        }
    }
    slept
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
