//! When does the shutter fall? At the key, at the end of a countdown, or by itself once the sitter has held still.
use crate::core::Core;
use crate::session::Stage;
use crate::trouble::Trouble;
use ipc::Preferences;
use std::time::Duration;

/// How long nothing may speak against the shutter before it falls by itself (design "Journeys and screens").
const STILL_MS: u64 = 800;
/// How long no face may be seen before the chair counts as empty: one look in which a turned head was missed is not enough.
const EMPTY_MS: u64 = 250;
/// Longest countdown.
pub(crate) const MAX_COUNTDOWN_S: u8 = 10;
/// Most frames taken at one release.
pub(crate) const MAX_BURST: u8 = 8;

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

/// A countdown that runs. Its zero is the picture, so the release comes before it by the camera's lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Countdown {
    /// When the picture is to be taken, in monotonic milliseconds.
    pub zero_ms: u64,
    /// For whom; absent when nobody sits.
    slot: Option<i64>,
}

/// How long the release of a picture that is due at `zero_ms` is still to wait; nothing when it is time.
pub fn until_release(zero_ms: u64, lead: Duration, now_ms: u64) -> Option<Duration> {
    let lead_ms = u64::try_from(lead.as_millis()).unwrap_or(u64::MAX);
    let left = zero_ms.saturating_sub(lead_ms).checked_sub(now_ms)?;
    (left > 0).then(|| Duration::from_millis(left))
}

/// What the newest frame says of whoever is before the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// There is no face.
    Nobody,
    /// There is somebody, and something speaks against the shutter.
    NotReady,
    /// Nothing speaks against it.
    Ready,
    /// No frame came, or it could not be looked at: it says nothing.
    Blind,
}

/// Whether the sitter has held still for long enough. One release for each time they do: after a retake somebody who does not
/// move is not photographed again and again. And none for a new sitter before the chair was seen empty: the one before may still
/// be in it, perfectly still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stillness {
    slot: Option<i64>,
    /// The chair was seen empty since the last turn ended.
    is_new_face: bool,
    empty_since_ms: Option<u64>,
    since_ms: Option<u64>,
    spent: bool,
}

impl Stillness {
    /// Takes what the newest frame says: whose turn it is, whether they wait for the shutter, and how they look. Says whether the
    /// shutter is to fall now.
    pub fn take(&mut self, slot: Option<i64>, waits: bool, look: Look, now_ms: u64) -> bool {
        if self.slot != slot {
            // A turn that ended leaves its face behind; one that begins after the chair was seen empty does not.
            let is_new_face = self.is_new_face && self.slot.is_none();
            *self = Self {
                slot,
                is_new_face,
                empty_since_ms: self.empty_since_ms.filter(|_| is_new_face),
                ..Self::default()
            };
        }
        if look != Look::Ready {
            self.since_ms = None;
            self.spent &= look == Look::Blind;
            if look == Look::Nobody {
                let since = *self.empty_since_ms.get_or_insert(now_ms);
                self.is_new_face |= now_ms.saturating_sub(since) >= EMPTY_MS;
            } else {
                self.empty_since_ms = None;
            }
            return false;
        }
        self.empty_since_ms = None;
        if slot.is_none() || !waits || self.spent || !self.is_new_face {
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
        // Nothing runs: the camera need not be asked.
        self.desk().countdown?;
        let lead = self.seat().map_or(Duration::ZERO, |seat| seat.handle.lead());
        let now_ms = self.clock.mono_ms();
        let mut desk = self.desk();
        let countdown = desk.countdown?;
        let same = desk.session.slot().map(|s| s.id) == countdown.slot;
        if same && let Some(left) = until_release(countdown.zero_ms, lead, now_ms) {
            return Some(left);
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
    pub(crate) fn hold_still(&self, look: Look) {
        let now_ms = self.clock.mono_ms();
        let falls = {
            let mut desk = self.desk();
            let slot = desk.session.slot().map(|s| s.id);
            let ready = desk.session.slot().is_some_and(|s| s.stage == Stage::Ready);
            let waits = ready && !desk.session.is_locked() && desk.countdown.is_none();
            // Followed while the choice is off too: what was seen before it was made counts.
            desk.stillness.take(slot, waits, look, now_ms) && desk.triggers.auto
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
