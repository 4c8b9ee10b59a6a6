//! What when the computer slept? What was open is opened anew, what waited is sent, and nothing happens by itself for whoever sat there:
//! a countdown or a photo that would accept itself waits for a key, for the chair may have changed hands meanwhile.
use crate::core::Core;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A shorter sleep is none: the clocks are read one after the other, and a busy machine may stop between them.
const LEAST_MS: u64 = 1000;

/// How long the computer has slept, as far as it was told of.
#[derive(Debug, Default)]
pub(crate) struct Told(AtomicU64);

impl Told {
    pub fn new(slept_ms: u64) -> Self {
        Self(AtomicU64::new(slept_ms))
    }

    /// Takes how long the computer slept in all; says how long it slept since it was told last. Only one of several threads is told.
    pub fn news(&self, slept_ms: u64) -> Option<Duration> {
        let before = self.0.load(Ordering::Acquire);
        let since = slept_ms.saturating_sub(before);
        let is_mine = since >= LEAST_MS
            && self
                .0
                .compare_exchange(before, slept_ms, Ordering::AcqRel, Ordering::Acquire)
                .is_ok();
        is_mine.then(|| Duration::from_millis(since))
    }
}

impl Core {
    /// Looks whether the computer slept. Before anything that happens by itself.
    pub(crate) fn mind_sleep(&self) {
        if let Some(slept) = self.slept.news(self.clock.slept_ms()) {
            self.wake(slept);
        }
    }

    /// Whether somebody sits who sat there before the computer slept, as far as the desk knows: nothing happens by itself for them.
    pub(crate) fn sat_through_sleep(&self) -> bool {
        self.mind_sleep();
        let desk = self.desk();
        desk.slept_slot.is_some() && desk.slept_slot == desk.session.slot().map(|s| s.id)
    }

    fn wake(&self, slept: Duration) {
        let waits_for_key = {
            let mut desk = self.desk();
            let counted = desk.countdown.take().is_some();
            desk.session.hold();
            desk.slept_slot = desk.session.slot().map(|s| s.id);
            counted || desk.slept_slot.is_some()
        };
        if let Some(seat) = self.seat() {
            seat.handle.open_anew();
        }
        self.link_up();
        if slept.as_millis() >= u128::from(crate::kiosk::SILENCE_MS)
            && let Err(error) = self.kiosk_leave()
        {
            tracing::debug!(%error, "the kiosk's guest cannot leave yet");
        }
        let minutes = [("minutes", slept.as_secs().div_ceil(60).to_string())];
        if waits_for_key {
            self.notify("warn", "slept_seated", &minutes);
        } else {
            self.notify("info", "slept", &minutes);
        }
    }
}

/// The sign on systems that do not say how long they slept: the clock on the wall went further than the monotonic one (macOS), or
/// nobody looked for long though it is looked many times a second (Windows, whose monotonic clock goes on).
/// NOT TESTED ON HARDWARE beyond Linux, where the kernel says it.
#[derive(Debug, Default)]
#[cfg_attr(target_os = "linux", allow(dead_code))]
pub(crate) struct Gaps {
    last: Option<(i64, u64)>,
    total_ms: u64,
}

#[cfg_attr(target_os = "linux", allow(dead_code))]
impl Gaps {
    /// A clock that is set right seldom jumps further; when it does, the camera is opened anew once, which harms nobody.
    const JUMP_MS: u64 = 5000;
    /// Longest time between two looks of a busy machine.
    const SILENCE_MS: u64 = 10_000;

    /// Takes both clocks; says how long the computer slept in all.
    pub fn total_ms(&mut self, wall_ms: i64, mono_ms: u64) -> u64 {
        if let Some((wall, mono)) = self.last.replace((wall_ms, mono_ms)) {
            let on_wall = u64::try_from(wall_ms - wall).unwrap_or(0);
            let passed = mono_ms.saturating_sub(mono);
            let hidden = on_wall.saturating_sub(passed);
            if hidden >= Self::JUMP_MS {
                self.total_ms += hidden;
            } else if passed >= Self::SILENCE_MS {
                self.total_ms += passed;
            }
        }
        self.total_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_is_told_once_and_a_late_reading_is_none() {
        let told = Told::new(5_000);
        assert_eq!(told.news(5_000), None);
        assert_eq!(told.news(5_120), None);
        assert_eq!(told.news(65_000), Some(Duration::from_secs(60)));
        assert_eq!(told.news(65_000), None);
        assert_eq!(told.news(64_990), None);
    }

    #[test]
    fn without_the_systems_word_a_jump_of_the_clock_or_a_long_silence_is_a_sleep() {
        let mut gaps = Gaps::default();
        assert_eq!(gaps.total_ms(1_000_000, 0), 0);
        assert_eq!(gaps.total_ms(1_000_040, 40), 0);
        // The monotonic clock stood still.
        assert_eq!(gaps.total_ms(1_600_080, 80), 600_000);
        // It went on.
        assert_eq!(gaps.total_ms(1_660_080, 60_080), 660_000);
        // The wall clock is set back, or right by a little.
        assert_eq!(gaps.total_ms(1_000_000, 60_120), 660_000);
        assert_eq!(gaps.total_ms(1_002_000, 60_160), 660_000);
    }
}
