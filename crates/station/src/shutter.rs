//! From the shutter to the verdict: the shot is safe on disk before anybody looks at it.
use crate::core::{AssessJob, Core, MIN_FREE_BYTES};
use crate::day::Release;
use crate::session::{JudgedShot, Stage, Target};
use crate::trouble::Trouble;
use crate::view;
use camera::Still;
use domain::{Finding, Point, ShotId, Verdict};
use ipc::ShotView;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::SlotId;
use store::shots::{self, Fate, Judgement, NewShot};

/// Longest wait for a frame after the shutter.
const PATIENCE: Duration = Duration::from_secs(2);

impl Core {
    /// Releases the shutter; the picture and the verdict follow on their threads.
    pub fn shoot(&self) -> Result<(), Trouble> {
        let _turn = self.turn();
        self.campaign()?;
        let seat = self.seat().ok_or(Trouble::NoCamera)?;
        if seat.handle.state() != camera::CameraState::Streaming {
            return Err(camera::CameraError::NotReady {
                state: seat.handle.state(),
            }
            .into());
        }
        if self.store.free_bytes()? < MIN_FREE_BYTES {
            return Err(Trouble::DiskLow);
        }
        let target = {
            let mut desk = self.desk();
            let target = desk.session.release()?;
            desk.times.released = Some(Instant::now());
            target
        };
        if self.capture_jobs.try_send(target).is_err() {
            self.desk().session.missed(target);
            return Err(crate::session::Refusal::Busy.into());
        }
        self.board.bump();
        Ok(())
    }

    /// Takes the picture of one release. Runs on the capture thread.
    pub(crate) fn capture(&self, target: Target) {
        match self.take(target) {
            Ok((job, others)) => {
                self.board.bump();
                // The queue is bounded: when the check is four shots behind, the next shutter waits for it.
                if self.assess_jobs.send(job).is_err() {
                    self.desk().session.missed(target);
                }
                // The check runs meanwhile.
                for (best, still) in &others {
                    if let Err(trouble) = self.keep_beside(best, still) {
                        self.notify("warn", "burst_not_kept", &[("detail", trouble.to_string())]);
                    }
                }
            }
            Err(trouble) => {
                self.desk().session.missed(target);
                self.notify("error", "shot_missed", &[("detail", trouble.to_string())]);
            }
        }
    }

    fn take(&self, target: Target) -> Result<(AssessJob, Vec<(NewShot, Still)>), Trouble> {
        let (campaign, spec) = self.campaign()?;
        let seat = self.seat().ok_or(Trouble::NoCamera)?;
        let release = self.release_of(target);
        let crate::burst::Burst { best: still, others } = match self.burst(&seat, &release, &spec) {
            Ok(burst) => burst,
            Err(trouble) => {
                self.count_release(campaign.id, Release::Missed)?;
                return Err(trouble);
            }
        };
        // Counted before they are written: a picture lost from here on shows at the end of the day.
        let counted = (0..=others.len()).try_for_each(|_| self.count_release(campaign.id, Release::Picture));
        let captured_at = self.now();
        let blob = self.store.blobs().put(&still.jpeg)?;
        counted?;
        let id = ShotId(self.uuid());
        let slot = match target {
            Target::Slot(id) => Some(SlotId(id)),
            Target::Orphan => None,
        };
        let shot = NewShot {
            id,
            campaign: Some(campaign.id),
            slot,
            blob,
            bytes: still.jpeg.len() as u64,
            captured_at,
            camera_sequence: still.sequence,
            original: still.size,
        };
        let camera = seat.handle.id();
        self.store.write(|tx| {
            shots::put(tx, &shot)?;
            match &still.card {
                Some(file) => crate::card::hold(tx, camera, file, shot.bytes),
                None => Ok(()),
            }
        })?;
        let mut desk = self.desk();
        let person = match target {
            Target::Slot(_) => desk
                .session
                .slot()
                .map(|s| s.sitter.key.clone())
                .and_then(|k| desk.shown(&k)),
            Target::Orphan => None,
        };
        desk.session.taken(target, id);
        desk.times.taken = Some(Instant::now());
        let fate = if slot.is_some() { "unconfirmed" } else { "orphan" };
        desk.show_shot(ShotView {
            id: id.to_string(),
            person,
            at_ms: captured_at.0,
            fate: fate.to_owned(),
            verdict: None,
        });
        if slot.is_none() {
            desk.orphans += 1;
            desk.notify("warn", "orphan_shot", &[], captured_at.0);
        }
        drop(desk);
        let job = AssessJob {
            shot: id,
            jpeg: Arc::clone(&still.jpeg),
            spec,
        };
        Ok((job, others.into_iter().map(|still| (shot.clone(), still)).collect()))
    }

    /// What is known of the release that was just counted for this target.
    fn release_of(&self, target: Target) -> crate::burst::Release {
        let desk = self.desk();
        let calm_since = match target {
            Target::Slot(slot) => desk
                .calm
                .since(slot)
                .zip(desk.turns.seated_since())
                .map(|(a, b)| a.max(b)),
            Target::Orphan => None,
        };
        // What another shot was chosen from is not taken again.
        let calm_since = calm_since.map(|since| desk.times.taken.map_or(since, |taken| taken.max(since)));
        crate::burst::Release {
            at: desk.times.released.unwrap_or_else(Instant::now),
            frames: desk.triggers.burst,
            patience: PATIENCE,
            calm_since,
        }
    }

    /// Keeps a further frame of a burst beside the one that is judged.
    fn keep_beside(&self, best: &NewShot, still: &Still) -> Result<(), Trouble> {
        let shot = NewShot {
            id: ShotId(self.uuid()),
            blob: self.store.blobs().put(&still.jpeg)?,
            bytes: still.jpeg.len() as u64,
            camera_sequence: still.sequence,
            original: still.size,
            ..best.clone()
        };
        let at = best.captured_at;
        // Without a sitter only the best one waits in the tray; the store knows no retake of nobody.
        let fate = match best.slot {
            Some(_) => Fate::Retaken,
            None => Fate::Discarded,
        };
        self.store.write(|tx| {
            shots::put(tx, &shot)?;
            shots::set_fate(tx, shot.id, fate, at)
        })?;
        if let Some(slot) = best.slot {
            let person = self.shown_in_slot(slot);
            let mut desk = self.desk();
            desk.lay_beside(slot.0, shot.id);
            desk.show_shot(ShotView {
                id: shot.id.to_string(),
                person,
                at_ms: at.0,
                fate: "retaken".to_owned(),
                verdict: None,
            });
            drop(desk);
            self.board.bump();
        }
        Ok(())
    }

    /// Checks one shot. Runs on the assess thread.
    pub(crate) fn judge(&self, job: &AssessJob) {
        let (judged, landmarks) = self.assess(job);
        let judgement = Judgement {
            crop: judged.crop,
            verdict: judged.verdict,
            findings_json: view::findings_to_json(&judged.findings),
        };
        if let Err(error) = self.store.write(|tx| shots::judge(tx, job.shot, &judgement)) {
            self.notify("error", "verdict_not_saved", &[("detail", error.to_string())]);
        }
        let now_ms = self.clock.mono_ms();
        // After a sleep the photographer looks first who sits.
        let waits_for_key = self.guest_sits() || self.sat_through_sleep();
        let mut desk = self.desk();
        let id = job.shot.to_string();
        let verdict = judged.verdict.id().to_owned();
        desk.filmstrip
            .iter_mut()
            .filter(|s| s.id == id)
            .for_each(|s| s.verdict = Some(verdict.clone()));
        let its = desk.session.slot().filter(|s| s.stage == Stage::Checking(job.shot));
        let sat = its.filter(|_| desk.compare_faces).map(|s| (s.id, s.sitter.key.clone()));
        desk.session.judged(judged, now_ms);
        desk.likeness.comparing = Some(job.shot);
        // A graduate at the kiosk submits with a touch of their own, never by a countdown.
        if waits_for_key {
            desk.session.hold();
        }
        desk.times.judged = Some(Instant::now());
        drop(desk);
        self.board.bump();
        self.compare_faces(job, sat, &landmarks);
    }

    /// The check's answer for a shot, worst findings first, and where the points of the face are.
    fn assess(&self, job: &AssessJob) -> (JudgedShot, Vec<Point>) {
        let began = Instant::now();
        let (assessment, _) = self.assessor.assess_and_finish(&job.jpeg, &job.spec);
        let mut findings: Vec<Finding> = assessment.findings;
        findings.sort_by_key(|f| std::cmp::Reverse(f.verdict));
        let verdict = match assessment.verdict {
            Verdict::NotMeasured => Verdict::Fail,
            other => other,
        };
        let judged = JudgedShot {
            shot: job.shot,
            verdict,
            findings,
            crop: assessment.crop,
            original: assessment.size,
            check_ms: u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX),
        };
        (judged, assessment.landmarks)
    }
}
