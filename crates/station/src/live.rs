//! What the live view says: the newest frame through the check at live speed, one hint at a time, held long enough to be read.
use crate::core::Core;
use crate::trigger::Look;
use crate::view;
use domain::{Faces, Reason, Remedy};
use ipc::LiveView;
use std::time::{Duration, Instant};

/// Shortest time between two looks: at most 12 a second, so that the check of a shot never waits long.
const PACE: Duration = Duration::from_millis(80);
/// A new hint must stand this long before it replaces the one shown, so that it does not flicker.
const STEADY: Duration = Duration::from_millis(250);
/// Following a face never sees a second one: every so many frames are looked at afresh.
const AFRESH: u32 = 10;
/// Longest wait for a frame before the view says nothing.
const PATIENCE: Duration = Duration::from_millis(500);

type Hint = Option<(Reason, Remedy)>;

/// A hint that changes only after it stood for a while.
#[derive(Debug, Default)]
pub struct SteadyHint {
    shown: Hint,
    coming: Option<(Hint, Instant)>,
}

impl SteadyHint {
    /// Takes what the newest frame says; returns what to show.
    pub fn take(&mut self, hint: Hint, now: Instant) -> Hint {
        if hint == self.shown {
            self.coming = None;
            return self.shown;
        }
        match self.coming {
            Some((coming, since)) if coming == hint => {
                if now.duration_since(since) >= STEADY {
                    self.shown = hint;
                    self.coming = None;
                }
            }
            _ => self.coming = Some((hint, now)),
        }
        self.shown
    }
}

impl Core {
    /// Looks at the newest frame again and again. Runs on the live thread until the station closes.
    pub(crate) fn watch_live(&self) {
        let mut after = 0;
        let mut previous: Option<Faces> = None;
        let mut looks = 0_u32;
        let mut steady = SteadyHint::default();
        let mut turns = 0;
        while !self.is_stopping() {
            let began = Instant::now();
            let (Some(seat), Ok((_, spec))) = (self.seat(), self.campaign()) else {
                std::thread::sleep(PATIENCE);
                continue;
            };
            if seat.handle.newest().is_none_or(|f| f.sequence < after) {
                after = 0;
            }
            let Some(frame) = seat.handle.wait_newer(after, PATIENCE) else {
                self.show_live(crate::desk::no_live());
                self.hear_calm(None);
                self.hold_still(Look::Blind);
                previous = None;
                continue;
            };
            after = frame.sequence;
            looks = looks.wrapping_add(1);
            // A face is followed from one frame to the next as long as both are turned alike.
            if looks.is_multiple_of(AFRESH) || seat.turns() != turns {
                turns = seat.turns();
                previous = None;
            }
            let mut look = Look::Blind;
            if let Ok(seen) = self
                .assessor
                .live_jpeg(&seat.upright(&frame.jpeg), &spec, previous.as_ref())
            {
                let hint = steady.take(seen.hint, Instant::now());
                // Green and a hint at once would say two things.
                let ready = seen.ready && hint.is_none();
                self.show_live(LiveView {
                    sequence: frame.sequence,
                    hint: hint.map(|(_, remedy)| remedy.id().to_owned()),
                    reason: hint.map(|(reason, _)| reason.id().to_owned()),
                    ready,
                    crop: seen.crop.map(view::rect_view),
                    roll_deg: seen.roll.map(|r| (r * 10.0).round() / 10.0),
                });
                look = match (ready, seen.faces.main()) {
                    (true, _) => Look::Ready,
                    (false, Some(_)) => Look::NotReady,
                    (false, None) => Look::Nobody,
                };
                previous = Some(seen.faces);
            }
            self.hear_calm((look == Look::Ready).then_some(frame.at));
            self.hold_still(look);
            std::thread::sleep(PACE.saturating_sub(began.elapsed()));
        }
    }

    fn hear_calm(&self, frame: Option<Instant>) {
        let mut desk = self.desk();
        let slot = desk.session.slot().map(|s| s.id);
        desk.calm.hear(slot, frame);
    }

    fn show_live(&self, live: LiveView) {
        let mut desk = self.desk();
        let differs = LiveView {
            sequence: live.sequence,
            ..desk.live.clone()
        } != live;
        desk.live = live;
        drop(desk);
        if differs {
            self.board.bump();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILTED: Hint = Some((Reason::HeadTilted, Remedy::LevelHead));
    const DARK: Hint = Some((Reason::TooDark, Remedy::MoreLight));

    #[test]
    fn a_hint_that_comes_and_goes_within_a_moment_is_not_shown() {
        let (mut steady, start) = (SteadyHint::default(), Instant::now());
        let mut at = |ms: u64, hint| steady.take(hint, start + Duration::from_millis(ms));
        // Two answers that take turns with every look: nothing flickers.
        for look in 0..20_u64 {
            let hint = if look.is_multiple_of(2) { TILTED } else { None };
            assert_eq!(at(look * 80, hint), None);
        }
        assert_eq!([at(1600, TILTED), at(1700, TILTED), at(1800, TILTED)], [None; 3]);
        assert_eq!(at(1850, TILTED), TILTED, "it has stood for 250 ms");
        assert_eq!([at(1900, DARK), at(2100, DARK)], [TILTED; 2]);
        assert_eq!(at(2120, TILTED), TILTED);
        assert_eq!(at(2160, DARK), TILTED, "what was interrupted begins anew");
        assert_eq!([at(2410, DARK), at(2500, None), at(2750, None)], [DARK, DARK, None]);
    }
}
