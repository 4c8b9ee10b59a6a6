//! When is now, in the clock that the kernel and other programs of this computer share?
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Time since some moment that is the same for all programs until the computer is started anew.
pub(crate) fn now() -> Duration {
    let clock = clock_gettime(ClockId::Monotonic);
    Duration::new(clock.tv_sec.unsigned_abs(), clock.tv_nsec.unsigned_abs() as u32)
}
