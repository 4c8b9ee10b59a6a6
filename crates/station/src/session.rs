//! Who sits in front of the camera and what became of each shot. Pure: no clock, camera, file or thread.
//! A scan opens exactly one slot; a shot belongs to the slot that was open when the shutter was released, or to none.
use crate::likeness::Doubt;
use domain::order::OverrideReason;
use domain::{Finding, OrderId, PersonKey, RectPx, ShotId, SizePx, Verdict};
use std::collections::VecDeque;

mod unasked;

/// Most people waiting on deck.
pub const MAX_ON_DECK: usize = 8;

/// Rules of the desk.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Shots in one slot before the shutter locks: someone forgot to scan.
    pub shot_limit: u32,
    /// How long a passing photo waits before it accepts itself; absent to wait for a key.
    pub accept_after_ms: Option<u64>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            shot_limit: 5,
            accept_after_ms: Some(700),
        }
    }
}

/// A person the desk knows of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitter {
    /// The key.
    pub key: PersonKey,
    /// Collected before: the operator must confirm first.
    pub collected: bool,
    /// The rejected order a new photo is for.
    pub recall: Option<OrderId>,
}

/// A shot with the check's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedShot {
    /// The shot.
    pub shot: ShotId,
    /// The overall verdict.
    pub verdict: Verdict,
    /// All findings, worst first.
    pub findings: Vec<Finding>,
    /// The crop on the original.
    pub crop: Option<RectPx>,
    /// Size of the original.
    pub original: SizePx,
    /// Time the check took.
    pub check_ms: u32,
}

/// What happens in the slot.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Collected before; waits for the operator to confirm.
    Confirm,
    /// Waits for the shutter.
    Ready,
    /// The shutter was released.
    Taking,
    /// The check runs.
    Checking(ShotId),
    /// The check has answered; accepts itself at the time given, if any.
    Judged {
        /// The shot.
        judged: JudgedShot,
        /// Monotonic milliseconds.
        accepts_at_ms: Option<u64>,
    },
    /// Being written.
    Saving(JudgedShot),
}

impl Stage {
    /// Whether another shot that is there already may be judged now.
    pub const fn takes_another(&self) -> bool {
        matches!(self, Self::Ready | Self::Judged { .. })
    }
}

/// The open slot.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// The store's name for it.
    pub id: i64,
    /// Who sits.
    pub sitter: Sitter,
    /// What happens.
    pub stage: Stage,
    /// Shots so far.
    pub shots: u32,
    /// The newest shot may show somebody else.
    pub doubt: Option<Doubt>,
}

/// What a scan led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scanned {
    /// This person sits now; the caller opens a slot.
    Sits,
    /// Waits on deck.
    OnDeck,
    /// Sits or waits already; nothing changed.
    Known,
}

/// A step the desk does not allow now. Nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The deck is full.
    #[error("eight people are waiting already")]
    DeckFull,
    /// A shot is being taken or checked.
    #[error("the shot before is not finished")]
    Busy,
    /// Collected before and not confirmed.
    #[error("this person was collected before")]
    NotConfirmed,
    /// Too many shots in this slot.
    #[error("too many shots without a scan")]
    Locked,
    /// A verdict must be answered first.
    #[error("the shot before waits for an answer")]
    AnswerFirst,
    /// Nobody sits.
    #[error("nobody sits")]
    NobodySits,
    /// There is no verdict to answer.
    #[error("there is nothing to accept")]
    NothingToAccept,
    /// The check failed; it takes an override with a reason.
    #[error("the photo did not pass")]
    DidNotPass,
    /// No crop could be found; the finished picture cannot be made.
    #[error("no crop fits this photo")]
    NoCrop,
}

/// How a photo is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// It passed, or passed with warnings.
    Passed,
    /// It failed and is taken for a reason.
    Override(OverrideReason),
}

/// Where a shot belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The slot that was open.
    Slot(i64),
    /// No slot was open.
    Orphan,
}

/// The desk.
#[derive(Debug, Default)]
pub struct Session {
    slot: Option<Slot>,
    deck: VecDeque<Sitter>,
    /// An orphan shot is being taken or checked.
    orphan: Option<Stage>,
    rules: Rules,
}

impl Session {
    /// An empty desk.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            ..Self::default()
        }
    }
    /// The open slot.
    pub fn slot(&self) -> Option<&Slot> {
        self.slot.as_ref()
    }
    /// Who waits, next first.
    pub fn deck(&self) -> impl Iterator<Item = &Sitter> {
        self.deck.iter()
    }
    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }
    /// The rules, to be changed.
    pub fn rules_mut(&mut self) -> &mut Rules {
        &mut self.rules
    }
    /// Forgets everybody, as when another campaign is chosen.
    ///
    /// # Errors
    /// While a shot is being taken, checked or saved.
    pub fn clear(&mut self) -> Result<(), Refusal> {
        self.idle()?;
        self.slot = None;
        self.deck.clear();
        Ok(())
    }

    /// A person was scanned or chosen. When the answer is [`Scanned::Sits`], [`Session::open`] follows.
    ///
    /// # Errors
    /// When the deck is full.
    pub fn scan(&mut self, sitter: Sitter) -> Result<Scanned, Refusal> {
        let known = |s: &Sitter| s.key == sitter.key;
        if self.slot.as_ref().is_some_and(|s| known(&s.sitter)) || self.deck.iter().any(known) {
            return Ok(Scanned::Known);
        }
        if self.slot.is_none() && self.deck.is_empty() {
            self.deck.push_back(sitter);
            return Ok(Scanned::Sits);
        }
        if self.deck.len() >= MAX_ON_DECK {
            return Err(Refusal::DeckFull);
        }
        self.deck.push_back(sitter);
        Ok(Scanned::OnDeck)
    }

    /// Who would sit next, when the chair is free.
    pub fn next(&self) -> Option<&Sitter> {
        if self.slot.is_some() { None } else { self.deck.front() }
    }

    /// Seats the first on deck in a slot the store has opened.
    pub fn open(&mut self, id: i64) {
        if self.slot.is_some() {
            return;
        }
        if let Some(sitter) = self.deck.pop_front() {
            let stage = if sitter.collected && sitter.recall.is_none() {
                Stage::Confirm
            } else {
                Stage::Ready
            };
            self.slot = Some(Slot {
                id,
                sitter,
                stage,
                shots: 0,
                doubt: None,
            });
        }
    }

    /// Takes a person off the deck.
    pub fn remove(&mut self, key: &PersonKey) -> Option<Sitter> {
        let at = self.deck.iter().position(|s| s.key == *key)?;
        self.deck.remove(at)
    }

    /// Somebody on deck was collected elsewhere meanwhile: the operator must confirm before they are taken.
    pub fn mark_collected(&mut self, key: &PersonKey) {
        let waiting = self.deck.iter_mut().filter(|s| s.key == *key);
        waiting.for_each(|s| s.collected = true);
    }

    /// The operator confirms a person who was collected before.
    ///
    /// # Errors
    /// When nobody sits.
    pub fn confirm(&mut self) -> Result<(), Refusal> {
        let slot = self.slot.as_mut().ok_or(Refusal::NobodySits)?;
        if slot.stage == Stage::Confirm {
            slot.stage = Stage::Ready;
        }
        Ok(())
    }

    /// The shutter is released. The answer says where the shot belongs.
    ///
    /// # Errors
    /// As [`Session::may_release`].
    pub fn release(&mut self) -> Result<Target, Refusal> {
        self.may_release()?;
        match self.slot.as_mut() {
            None => {
                self.orphan = Some(Stage::Taking);
                Ok(Target::Orphan)
            }
            Some(slot) => {
                slot.stage = Stage::Taking;
                slot.doubt = None;
                Ok(Target::Slot(slot.id))
            }
        }
    }

    /// Whether the shutter may be released now.
    ///
    /// # Errors
    /// While a shot is under way or unanswered, when the slot is locked, or not confirmed.
    pub fn may_release(&self) -> Result<(), Refusal> {
        let Some(slot) = &self.slot else {
            return self.idle();
        };
        match slot.stage {
            Stage::Confirm => Err(Refusal::NotConfirmed),
            Stage::Taking | Stage::Checking(_) | Stage::Saving(_) => Err(Refusal::Busy),
            Stage::Judged { .. } => Err(Refusal::AnswerFirst),
            Stage::Ready if slot.shots >= self.rules.shot_limit => Err(Refusal::Locked),
            Stage::Ready => Ok(()),
        }
    }

    /// The picture is safe on disk.
    pub fn taken(&mut self, target: Target, shot: ShotId) {
        match self.stage_mut(target) {
            Some(stage) => *stage = Stage::Checking(shot),
            None => self.orphan = None,
        }
        if let (Target::Slot(id), Some(slot)) = (target, self.slot.as_mut())
            && slot.id == id
        {
            slot.shots += 1;
        }
    }

    /// No picture came.
    pub fn missed(&mut self, target: Target) {
        match target {
            Target::Orphan => self.orphan = None,
            Target::Slot(_) => {
                if let Some(stage) = self.stage_mut(target) {
                    *stage = Stage::Ready;
                }
            }
        }
    }

    /// The check has answered. Returns false when the shot is no longer the one in question.
    pub fn judged(&mut self, judged: JudgedShot, now_ms: u64) -> bool {
        if self.orphan == Some(Stage::Checking(judged.shot)) {
            self.orphan = None;
            return true;
        }
        let wait = self.rules.accept_after_ms;
        match self.slot.as_mut() {
            Some(slot) if slot.stage == Stage::Checking(judged.shot) => {
                let passes = judged.verdict == Verdict::Pass && judged.crop.is_some();
                let accepts_at_ms = wait.filter(|_| passes).map(|ms| now_ms + ms);
                slot.stage = Stage::Judged { judged, accepts_at_ms };
                true
            }
            _ => false,
        }
    }

    /// Whether a passing photo has waited long enough.
    pub fn accepts_itself(&self, now_ms: u64) -> bool {
        matches!(&self.slot, Some(Slot { stage: Stage::Judged { accepts_at_ms: Some(at), .. }, .. }) if now_ms >= *at)
    }

    /// Stops the countdown; the photo waits for a key.
    pub fn hold(&mut self) -> bool {
        match self.slot.as_mut().map(|s| &mut s.stage) {
            Some(Stage::Judged { accepts_at_ms, .. }) => accepts_at_ms.take().is_some(),
            _ => false,
        }
    }

    /// A shot may show somebody else: its photo waits for a key. Returns false when it was answered already.
    pub fn doubt(&mut self, shot: ShotId, doubt: &Doubt) -> bool {
        if let Some(slot) = self.slot.as_mut()
            && let Stage::Judged { judged, accepts_at_ms } = &mut slot.stage
            && judged.shot == shot
        {
            *accepts_at_ms = None;
            slot.doubt = Some(doubt.clone());
            return true;
        }
        false
    }

    /// The photo is to be kept. [`Session::saved`] or [`Session::not_saved`] follows.
    ///
    /// # Errors
    /// When there is nothing to accept, or it did not pass and no reason was given.
    pub fn accept(&mut self, how: Acceptance) -> Result<(Slot, JudgedShot), Refusal> {
        let slot = self.slot.as_mut().ok_or(Refusal::NobodySits)?;
        let Stage::Judged { judged, .. } = &slot.stage else {
            return Err(Refusal::NothingToAccept);
        };
        if judged.crop.is_none() {
            return Err(Refusal::NoCrop);
        }
        match (how, judged.verdict) {
            (Acceptance::Passed, Verdict::Fail | Verdict::NotMeasured) => return Err(Refusal::DidNotPass),
            (Acceptance::Passed, Verdict::Pass | Verdict::Warn) | (Acceptance::Override(_), _) => {}
        }
        let judged = judged.clone();
        slot.stage = Stage::Saving(judged.clone());
        Ok((slot.clone(), judged))
    }

    /// The photo is in the store; the chair is free.
    pub fn saved(&mut self) {
        self.slot = None;
    }

    /// The store refused; the verdict stands again.
    pub fn not_saved(&mut self) {
        if let Some(slot) = self.slot.as_mut()
            && let Stage::Saving(judged) = &slot.stage
        {
            slot.stage = Stage::Judged {
                judged: judged.clone(),
                accepts_at_ms: None,
            };
        }
    }

    /// The shot is thrown back; the slot stays open.
    ///
    /// # Errors
    /// When there is no verdict.
    pub fn retake(&mut self) -> Result<ShotId, Refusal> {
        let slot = self.slot.as_mut().ok_or(Refusal::NobodySits)?;
        let Stage::Judged { judged, .. } = &slot.stage else {
            return Err(Refusal::NothingToAccept);
        };
        let shot = judged.shot;
        slot.stage = Stage::Ready;
        slot.doubt = None;
        Ok(shot)
    }

    /// Lifts the lock after too many shots.
    pub fn unlock(&mut self) {
        if let Some(slot) = self.slot.as_mut() {
            slot.shots = 0;
        }
    }

    /// Frees the chair without a photo. The sitter and the open shot, if any, are handed back.
    ///
    /// # Errors
    /// When nobody sits or a shot is under way.
    pub fn leave(&mut self) -> Result<(Slot, Option<ShotId>), Refusal> {
        self.idle()?;
        let slot = self.slot.take().ok_or(Refusal::NobodySits)?;
        let shot = match &slot.stage {
            Stage::Judged { judged, .. } => Some(judged.shot),
            _ => None,
        };
        Ok((slot, shot))
    }

    /// Whether the shutter is locked by too many shots.
    pub fn is_locked(&self) -> bool {
        self.slot
            .as_ref()
            .is_some_and(|s| s.shots >= self.rules.shot_limit && s.stage == Stage::Ready)
    }

    /// Whether no shot is being taken, checked or saved.
    pub fn is_idle(&self) -> bool {
        self.idle().is_ok()
    }

    fn idle(&self) -> Result<(), Refusal> {
        let busy = |stage: &Stage| matches!(stage, Stage::Taking | Stage::Checking(_) | Stage::Saving(_));
        let taken = self.slot.as_ref().is_some_and(|s| busy(&s.stage)) || self.orphan.as_ref().is_some_and(busy);
        if taken { Err(Refusal::Busy) } else { Ok(()) }
    }

    fn stage_mut(&mut self, target: Target) -> Option<&mut Stage> {
        match target {
            Target::Orphan => self.orphan.as_mut(),
            Target::Slot(id) => self.slot.as_mut().filter(|s| s.id == id).map(|s| &mut s.stage),
        }
    }
}
