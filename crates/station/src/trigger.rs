//! When does the shutter fall? At the key, at the end of a countdown, or by itself once the sitter has held still.
use crate::core::Core;
use crate::session::Stage;
use crate::trouble::Trouble;
use ipc::Preferences;
use std::time::Duration;

/// How long nothing may speak against the shutter before it falls by itself (design "Journeys and screens").
const STILL_MS: u64 = 800;
/// Longest countdown.
pub(crate) const MAX_COUNTDOWN_S: u8 = 10;
/// Most frames taken at one release.
pub(crate) const MAX_BURST: u8 = 8;
/// From the release to the exposure: half a frame at 30 a second on the average. The countdown ends by so much earlier, so that
/// its zero is the picture.
const LEAD_MS: u64 = 17;

/// What a person at this station chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Triggers {
    auto: bool,
    countdown_ms: u64,
    /// Frames taken at one release, at least one.
    pub burst: u8,
}

impl Triggers {
    pub fn of(preferences: &Preferences) -> Self {
        Self {
            auto: preferences.auto_shoot,
            countdown_ms: u64::from(preferences.countdown_s.min(MAX_COUNTDOWN_S)) * 1000,
            burst: preferences.burst.clamp(1, MAX_BURST),
        }
    }
}

/// A countdown that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Countdown {
    /// When the picture is to be taken, in monotonic milliseconds.
    pub zero_ms: u64,
    /// For whom; absent when nobody sits.
    slot: Option<i64>,
}

/// Whether the sitter has held still for long enough. One release for each time they do: after a retake somebody who does not
/// move is not photographed again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stillness {
    slot: Option<i64>,
    since_ms: Option<u64>,
    spent: bool,
}

impl Stillness {
    /// Takes what the newest frame says: the slot that waits for the shutter, and whether nothing speaks against it. Says
    /// whether the shutter is to fall now.
    pub fn take(&mut self, waiting: Option<i64>, ready: bool, now_ms: u64) -> bool {
        if waiting.is_some() && self.slot != waiting {
            *self = Self {
                slot: waiting,
                ..Self::default()
            };
        }
        if !ready {
            (self.since_ms, self.spent) = (None, false);
            return false;
        }
        if waiting.is_none() || self.spent {
            self.since_ms = None;
            return false;
        }
        let since = *self.since_ms.get_or_insert(now_ms);
        self.spent = now_ms.saturating_sub(since) >= STILL_MS;
        self.spent
    }
}

impl Core {
    /// The key: releases the shutter, or starts the countdown; pressed again while it runs, stops it.
    pub fn press(&self) -> Result<(), Trouble> {
        let now_ms = self.clock.mono_ms();
        {
            let mut desk = self.desk();
            if desk.countdown.take().is_some() {
                drop(desk);
                self.board.bump();
                return Ok(());
            }
            if desk.triggers.countdown_ms > 0 {
                desk.session.may_release()?;
                desk.countdown = Some(Countdown {
                    zero_ms: now_ms + desk.triggers.countdown_ms,
                    slot: desk.session.slot().map(|s| s.id),
                });
                drop(desk);
                self.board.bump();
                return Ok(());
            }
        }
        self.shoot()
    }

    /// Releases the shutter when the countdown is over; says how long the clock thread may sleep until then. A countdown for
    /// somebody who no longer sits ends without a picture.
    pub(crate) fn count_down(&self) -> Option<Duration> {
        let now_ms = self.clock.mono_ms();
        let mut desk = self.desk();
        let countdown = desk.countdown?;
        let due_ms = countdown.zero_ms.saturating_sub(LEAD_MS);
        let same = desk.session.slot().map(|s| s.id) == countdown.slot;
        if same && now_ms < due_ms {
            return Some(Duration::from_millis(due_ms - now_ms));
        }
        desk.countdown = None;
        drop(desk);
        if same {
            self.shoot_by_itself();
        }
        self.board.bump();
        None
    }

    /// Hears what the live view says and releases the shutter when it is time.
    pub(crate) fn hold_still(&self, ready: bool) {
        let now_ms = self.clock.mono_ms();
        let falls = {
            let mut desk = self.desk();
            let locked = desk.session.is_locked();
            let waiting = desk.session.slot().filter(|s| s.stage == Stage::Ready && !locked);
            let waiting = waiting.map(|s| s.id).filter(|_| desk.countdown.is_none());
            desk.triggers.auto && desk.stillness.take(waiting, ready, now_ms)
        };
        if falls && !self.sat_through_sleep() {
            self.shoot_by_itself();
        }
    }

    fn shoot_by_itself(&self) {
        if let Err(trouble) = self.shoot() {
            let fault = trouble.fault();
            self.notify("warn", &fault.code, &[]);
        }
    }
}
