//! Which picture of who sits counts, when there are others than the one the desk asked for? One that came by itself, and one that lay beside.
use super::{JudgedShot, Refusal, Session, Stage, Target};
use domain::ShotId;

impl Session {
    fn has_shots_left(&self) -> bool {
        self.slot.as_ref().is_some_and(|s| s.shots < self.rules.shot_limit)
    }

    /// A picture of who sits came without being asked for: it takes the place of the one that waits for an answer, if any, which is
    /// handed back. [`Session::taken`] or [`Session::put_back`] follows.
    ///
    /// # Errors
    /// As [`Session::may_release`], but for a verdict that waits; nothing changed.
    pub fn replace(&mut self) -> Result<(Target, Option<JudgedShot>), Refusal> {
        let left = self.has_shots_left();
        let slot = self.slot.as_mut().ok_or(Refusal::NobodySits)?;
        if !left {
            return Err(Refusal::Locked);
        }
        let before = match &slot.stage {
            Stage::Confirm => return Err(Refusal::NotConfirmed),
            Stage::Taking | Stage::Checking(_) | Stage::Saving(_) => return Err(Refusal::Busy),
            Stage::Judged { judged, .. } => Some(judged.clone()),
            Stage::Ready => None,
        };
        slot.stage = Stage::Taking;
        slot.doubt = None;
        Ok((Target::Slot(slot.id), before))
    }

    /// A shot of this slot that is there already is to be judged instead of the one that waits for an answer, if any, which is handed
    /// back. [`Session::put_back`] follows when that could not be written.
    ///
    /// # Errors
    /// When it is not the turn of this slot, or not the moment.
    pub fn choose(&mut self, slot: i64, shot: ShotId) -> Result<(Target, Option<JudgedShot>), Refusal> {
        let open = self.slot.as_mut().filter(|s| s.id == slot).ok_or(Refusal::NobodySits)?;
        let before = match &open.stage {
            Stage::Confirm => return Err(Refusal::NotConfirmed),
            Stage::Taking | Stage::Checking(_) | Stage::Saving(_) => return Err(Refusal::Busy),
            Stage::Judged { judged, .. } => Some(judged.clone()),
            Stage::Ready => None,
        };
        open.stage = Stage::Checking(shot);
        open.doubt = None;
        Ok((Target::Slot(slot), before))
    }

    /// The picture could not be kept: what it was to replace stands again, and waits for a key.
    pub fn put_back(&mut self, target: Target, before: Option<JudgedShot>) {
        self.missed(target);
        if let (Some(judged), Some(stage)) = (before, self.stage_mut(target)) {
            *stage = Stage::Judged {
                judged,
                accepts_at_ms: None,
            };
        }
    }
}
