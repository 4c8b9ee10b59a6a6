//! One collection day: head after head through code, camera, check, acceptance, as a photographer would, without the pauses.
use super::frames::{Dice, FrameBook, HeadFrame};
use super::summary::HeadTimes;
use super::{Event, OnFail, Plan, RehearsalError};
use crate::session::{Acceptance, Stage};
use crate::station::Station;
use camera::replay::ReplayControl;
use domain::code::{CollectionCode, DemoDecoder};
use domain::order::OverrideReason;
use domain::{CodeHash, OrderId, ShotId, Verdict};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Longest wait for a picture and its verdict.
const PATIENCE: Duration = Duration::from_secs(15);
/// Tries with `--on-fail retake` before the head is skipped.
const MAX_RETAKES: u32 = 3;

/// What was accepted for one head.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub head: u32,
    pub order: OrderId,
    pub person: CodeHash,
    /// SHA-256 of the frame the head sat for last; absent for one kept before an interruption.
    pub frame: Option<[u8; 32]>,
    /// Photos taken of this head that were kept, the first included.
    pub takes: u32,
}

/// Counters of the day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub check_failed: u32,
    pub retaken: u32,
    pub skipped: u32,
}

/// The photographer.
pub(crate) struct Day<'a> {
    pub station: &'a Station,
    pub replay: ReplayControl,
    pub book: FrameBook,
    pub plan: &'a Plan,
    pub kept: HashMap<u32, Kept>,
    pub times: Vec<HeadTimes>,
    pub tally: Tally,
}

/// The payload of a head's collection code: a demo code with a serial of its own.
pub(crate) fn payload(seed: u64, head: u32) -> String {
    let serial = format!("R{seed:08}-{head:06}");
    let number = Dice(seed ^ u64::from(head)).roll(10_000);
    DemoDecoder::encode(
        &serial,
        &format!("演{}", "*".repeat(1 + (head % 2) as usize)),
        &format!("430102********{number:04}"),
    )
}

impl Day<'_> {
    /// Takes one head from the code to the saved photo. `take` is 0 for the first photo of a head.
    pub fn head(&mut self, head: u32, take: u32, announce: &mut dyn FnMut(Event)) -> Result<(), RehearsalError> {
        let mut frame = self.book.frame(head, take)?;
        let code = qr_picture(&payload(self.plan.seed, head))?;
        let mut times = HeadTimes::default();

        let began = Instant::now();
        let read = crate::codes_in(&code)?;
        let payload = read.first().ok_or(RehearsalError::CodeNotRead { head })?;
        self.station.scan(payload)?;
        times.promote = began.elapsed();
        let person = CollectionCode::new(payload).map_err(crate::Trouble::from)?.hash();

        let mut tries = 0;
        let how = loop {
            self.shoot(&frame, &mut times, announce)?;
            let verdict = self.verdict().ok_or(RehearsalError::NoVerdict { head })?;
            if matches!(verdict, Verdict::Pass | Verdict::Warn) {
                break Some(Acceptance::Passed);
            }
            self.tally.check_failed += 1;
            match self.plan.on_fail {
                OnFail::Override => break Some(Acceptance::Override(OverrideReason::CheckWrong)),
                OnFail::Retake if tries < MAX_RETAKES => {
                    tries += 1;
                    self.station.retake()?;
                    frame = self.book.frame(head, take + tries * 100)?;
                }
                OnFail::Retake | OnFail::Skip => break None,
            }
        };
        let Some(how) = how else {
            self.station.skip()?;
            self.tally.skipped += 1;
            return Ok(());
        };
        let saving = Instant::now();
        let order = self.station.accept(how)?;
        times.save = saving.elapsed();
        times.machine_per_head = times.promote + times.shutter_to_picture + times.verdict + times.save;
        self.times.push(times);
        let takes = self.kept.get(&head).map_or(1, |k| k.takes + 1);
        if takes > 1 {
            self.tally.retaken += 1;
        }
        self.kept.insert(
            head,
            Kept {
                head,
                order,
                person,
                frame: Some(photo::sha256(&frame.jpeg)),
                takes,
            },
        );
        announce(Event::Saved {
            head,
            order: order.to_string(),
            sha256: hash(&frame),
        });
        Ok(())
    }

    /// Seats the frame, releases the shutter and waits for the verdict.
    fn shoot(
        &self,
        frame: &HeadFrame,
        times: &mut HeadTimes,
        announce: &mut dyn FnMut(Event),
    ) -> Result<(), RehearsalError> {
        self.replay
            .show_picture(&format!("head-{}", frame.head), frame.jpeg.as_slice().into())
            .map_err(crate::Trouble::from)?;
        self.station.shoot()?;
        let end = Instant::now() + PATIENCE;
        let mut announced = false;
        loop {
            let seen = self.station.board.version();
            if let (false, Some(shot)) = (announced, self.durable_shot()) {
                announced = true;
                announce(Event::Picture {
                    head: frame.head,
                    shot: shot.to_string(),
                    sha256: hash(frame),
                });
            }
            if self.verdict().is_some() {
                break;
            }
            if self.is_ready_again() {
                return Err(RehearsalError::NoPicture { head: frame.head });
            }
            if Instant::now() >= end {
                return Err(RehearsalError::NoVerdict { head: frame.head });
            }
            self.station.board.wait(Some(seen), Duration::from_millis(200));
        }
        let at = self.station.desk().times;
        if let (Some(released), Some(taken), Some(judged)) = (at.released, at.taken, at.judged) {
            times.shutter_to_picture = taken.duration_since(released);
            times.verdict = judged.duration_since(taken);
        }
        Ok(())
    }

    /// The shot in the slot, once its photo and its row are on disk.
    fn durable_shot(&self) -> Option<ShotId> {
        match &self.station.desk().session.slot()?.stage {
            Stage::Checking(shot) => Some(*shot),
            Stage::Judged { judged, .. } => Some(judged.shot),
            Stage::Confirm | Stage::Ready | Stage::Taking | Stage::Saving(_) => None,
        }
    }

    fn verdict(&self) -> Option<Verdict> {
        match &self.station.desk().session.slot()?.stage {
            Stage::Judged { judged, .. } => Some(judged.verdict),
            _ => None,
        }
    }

    /// The shutter fell and no picture came: the slot is as before.
    fn is_ready_again(&self) -> bool {
        self.station
            .desk()
            .session
            .slot()
            .is_some_and(|s| s.stage == Stage::Ready)
    }
}

/// The code as the graduate's phone shows it.
fn qr_picture(payload: &str) -> Result<Vec<u8>, RehearsalError> {
    use fast_qr::QRBuilder;
    const MODULE_PX: usize = 6;
    const QUIET: usize = 4;
    let qr = QRBuilder::new(payload)
        .build()
        .map_err(|_| RehearsalError::CodeNotDrawn)?;
    let side = (qr.size + 2 * QUIET) * MODULE_PX;
    let size = domain::SizePx {
        width: side as u32,
        height: side as u32,
    };
    let dark = |v: u32| (v as usize / MODULE_PX).checked_sub(QUIET).filter(|m| *m < qr.size);
    let picture = photo::Picture::from_fn(size, |x, y| {
        let is_dark = dark(x)
            .zip(dark(y))
            .is_some_and(|(column, row)| qr[row][column].value());
        let v = if is_dark { 20 } else { 245 };
        domain::Rgb { r: v, g: v, b: v }
    });
    let picture = picture.map_err(|_| RehearsalError::CodeNotDrawn)?;
    photo::encode_jpeg(&picture, 90, 72).map_err(|_| RehearsalError::CodeNotDrawn)
}

impl Day<'_> {
    /// After an interruption: whose photo is in the store already, and which shots nobody decided on.
    pub fn recall_kept(&mut self) -> Result<(), RehearsalError> {
        let (campaign, _) = self.station.campaign()?;
        for head in 0..self.plan.heads {
            let code = CollectionCode::new(payload(self.plan.seed, head).as_bytes()).map_err(crate::Trouble::from)?;
            let key = domain::PersonKey::Code(code.hash());
            let found = self
                .station
                .store
                .read(|c| store::orders::by_person(c, campaign.id, &key))
                .map_err(crate::Trouble::from)?;
            if let Some(stored) = found.first() {
                let order = &stored.order;
                self.kept.insert(
                    head,
                    Kept {
                        head,
                        order: order.id,
                        person: code.hash(),
                        frame: None,
                        takes: order.photo.revision,
                    },
                );
            }
        }
        let open: Vec<String> = self.station.desk().unconfirmed.iter().map(|s| s.id.clone()).collect();
        for shot in open {
            self.station.discard_shot(&shot)?;
        }
        Ok(())
    }

    /// Heads whose order was rejected before the interruption and not taken again since.
    pub fn recalled(&self) -> Result<Vec<u32>, RehearsalError> {
        let recalls = self.station.recalls()?;
        let is_recalled = |k: &&Kept| recalls.iter().any(|r| r.order_id == k.order.to_string());
        let mut heads: Vec<u32> = self.kept.values().filter(is_recalled).map(|k| k.head).collect();
        heads.sort_unstable();
        Ok(heads)
    }

    /// Photos kept of a head so far.
    pub fn takes(&self, head: u32) -> u32 {
        self.kept.get(&head).map_or(0, |k| k.takes)
    }

    /// SHA-256 of the frame a head sat for. For one kept before an interruption it is made again: the frame among this head's
    /// whose bytes the center has, else the first, which then counts as misfiled.
    pub fn frame_of(&self, kept: &Kept, at_center: [u8; 32]) -> Result<[u8; 32], RehearsalError> {
        if let Some(frame) = kept.frame {
            return Ok(frame);
        }
        let take = kept.takes.saturating_sub(1);
        for tries in 0..=MAX_RETAKES {
            let hash = photo::sha256(&self.book.frame(kept.head, take + tries * 100)?.jpeg);
            if hash == at_center {
                return Ok(hash);
            }
        }
        Ok(photo::sha256(&self.book.frame(kept.head, take)?.jpeg))
    }
}

fn hash(frame: &HeadFrame) -> String {
    domain::BlobId(photo::sha256(&frame.jpeg)).hex()
}
