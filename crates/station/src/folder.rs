//! Pictures another program writes into a folder: each one goes to who sat when it appeared, or to the orphan tray.
//!
//! A file appears some time after its shutter. Somebody who sat down within that time is therefore never given it.
use crate::core::{AssessJob, Core, MIN_FREE_BYTES};
use crate::day::{Release, releases};
use crate::session::{Stage, Target};
use crate::trouble::Trouble;
use camera::hotfolder::{self, Arrival, HotFolder, Mark, Taken, Taker};
use domain::{BlobId, ShotId};
use ipc::{FolderView, ShotView};
use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, Weak};
use std::time::{Duration, Instant};
use store::shots::{self, Fate, NewShot};
use store::{SlotId, settings};

const FOLDER: &str = "hot_folder";
const PASSED: &str = "hot_folder_passed";
/// Most marks of pictures that are left alone; they are kept in one setting.
const MAX_PASSED: usize = 3_500;
/// Longest way from the shutter into the folder: 24 megapixels over a slow cable.
const ON_THE_WAY: Duration = Duration::from_millis(1500);
/// Turns that are remembered.
const MAX_TURNS: usize = 8;

/// The folder in use.
pub(crate) struct Watched {
    name: String,
    hot: HotFolder,
}

/// Who sat when. In memory only.
#[derive(Debug, Default)]
pub struct Turns(VecDeque<Turn>);

#[derive(Debug, Clone, Copy)]
struct Turn {
    slot: i64,
    since: Instant,
    until: Option<Instant>,
}

impl Turns {
    /// Hears who sits now.
    pub fn seated(&mut self, slot: Option<i64>, now: Instant) {
        if let Some(last) = self.0.back_mut().filter(|t| t.until.is_none()) {
            if Some(last.slot) == slot {
                return;
            }
            last.until = Some(now);
        }
        if let Some(slot) = slot {
            self.0.push_back(Turn {
                slot,
                since: now,
                until: None,
            });
            while self.0.len() > MAX_TURNS {
                self.0.pop_front();
            }
        }
    }

    /// Whose picture it is: who sat when it appeared and when its shutter can have fallen.
    pub fn owner(&self, appeared: Instant) -> Option<i64> {
        let turn = self.0.iter().find(|t| {
            let sat_before = t.since + ON_THE_WAY <= appeared;
            sat_before && t.until.is_none_or(|until| appeared <= until)
        })?;
        Some(turn.slot)
    }
}

struct Tray(Weak<Core>);

impl Taker for Tray {
    fn holds(&mut self, sha256: &[u8; 32]) -> bool {
        self.0
            .upgrade()
            .is_some_and(|core| core.store.blobs().has(&BlobId(*sha256)))
    }

    fn take(&mut self, arrival: Arrival) -> Taken {
        let Some(core) = self.0.upgrade() else {
            return Taken::Later;
        };
        match core.receive(arrival, Whose::Seated) {
            Ok(taken) => taken,
            Err(trouble) => {
                core.notify("error", "picture_not_kept", &[("detail", trouble.to_string())]);
                Taken::Later
            }
        }
    }
}

impl Core {
    /// Watches a folder from now on, or none.
    pub fn watch_folder(self: &Arc<Self>, path: Option<&str>, adopt: bool) -> Result<(), Trouble> {
        let Some(path) = path.map(str::trim).filter(|p| !p.is_empty()) else {
            self.put_folder(None);
            self.store.write(|tx| {
                settings::forget(tx, FOLDER)?;
                settings::forget(tx, PASSED)
            })?;
            self.board.bump();
            return Ok(());
        };
        let path = Path::new(path);
        // What it is relative to would be the program's own folder, which nobody means.
        if !path.is_absolute() {
            return Err(Trouble::FolderMissing);
        }
        let passed = hotfolder::inventory(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::PermissionDenied => Trouble::FolderDenied,
            _ => Trouble::FolderMissing,
        })?;
        let passed = if adopt { HashSet::new() } else { passed };
        if passed.len() > MAX_PASSED {
            return Err(Trouble::FolderFull);
        }
        let marks: Vec<String> = passed.iter().map(|m| format!("{:x}", m.0)).collect();
        self.store.write(|tx| {
            settings::put(tx, FOLDER, &path.to_string_lossy())?;
            settings::put(tx, PASSED, &marks.join(" "))
        })?;
        self.start_folder(PathBuf::from(path), passed)
    }

    /// At the start: the folder of last time. What came into it meanwhile is taken.
    pub(crate) fn resume_folder(self: &Arc<Self>) -> Result<(), Trouble> {
        let (path, marks) = self
            .store
            .read(|c| Ok((settings::get(c, FOLDER)?, settings::get(c, PASSED)?)))?;
        let Some(path) = path else {
            return Ok(());
        };
        let marks = marks.unwrap_or_default();
        let passed = marks.split(' ').filter_map(|m| u64::from_str_radix(m, 16).ok());
        self.start_folder(PathBuf::from(path), passed.map(Mark).collect())
    }

    fn start_folder(self: &Arc<Self>, path: PathBuf, passed: HashSet<Mark>) -> Result<(), Trouble> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let tray = Box::new(Tray(Arc::downgrade(self)));
        let hot = HotFolder::start(path, hotfolder::Limits::default(), passed, tray);
        let hot = hot.map_err(|_| Trouble::Closing)?;
        self.put_folder(Some(Watched { name, hot }));
        self.board.bump();
        Ok(())
    }

    pub(crate) fn put_folder(&self, folder: Option<Watched>) {
        let mut place = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *place, folder);
        drop(place);
        // Stopping joins the old folder's thread, which may be handing over a picture: outside the lock.
        drop(old);
    }

    pub(crate) fn folder_view(&self) -> Option<FolderView> {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        let watched = folder.as_ref()?;
        let report = watched.hot.report();
        Some(FolderView {
            name: watched.name.clone(),
            is_there: report.is_there,
            taken: report.taken,
            waiting: report.waiting,
            stuck: report.stuck,
            stuck_names: report.stuck_names,
        })
    }

    /// Keeps a picture that arrived and gives it to its sitter. Runs on the folder's thread and on the card's.
    pub(crate) fn receive(&self, arrival: Arrival, whose: Whose) -> Result<Taken, Trouble> {
        let Ok((campaign, spec)) = self.campaign() else {
            // Without a campaign nobody can be given anything; it waits in its folder.
            return Ok(Taken::Later);
        };
        if self.store.free_bytes()? < MIN_FREE_BYTES {
            return Ok(Taken::Later);
        }
        let _turn = self.turn();
        let blob = self.store.blobs().put(&arrival.jpeg)?;
        let owner = match whose {
            Whose::Seated => self.desk().turns.owner(arrival.appeared),
            Whose::Nobody => None,
        };
        let target = self.claim(owner)?;
        let slot = owner.filter(|_| !matches!(target, Place::Orphan)).map(SlotId);
        let captured_at = self.now();
        let shot = NewShot {
            id: ShotId(self.uuid()),
            campaign: Some(campaign.id),
            slot,
            blob,
            bytes: arrival.jpeg.len() as u64,
            captured_at,
            camera_sequence: 0,
            original: arrival.size,
        };
        let written = self.store.write(|tx| {
            shots::put(tx, &shot)?;
            // Its camera was released out of our sight: with the picture, for its file stays where it is until this is done.
            releases::count(tx, campaign.id, Release::Picture, captured_at)?;
            match target {
                // Another one of the same sitting is under the check: this one is kept beside it.
                Place::Beside => shots::set_fate(tx, shot.id, Fate::Retaken, captured_at),
                Place::Judged(_) | Place::Orphan => Ok(()),
            }
        });
        if let Err(error) = written {
            if let Place::Judged(target) = target {
                self.desk().session.missed(target);
            }
            return Err(error.into());
        }
        self.show_arrival(&shot, &target);
        if let Place::Judged(_) = target {
            let job = AssessJob {
                shot: shot.id,
                jpeg: arrival.jpeg,
                spec,
            };
            self.assess_jobs.send(job).map_err(|_| Trouble::Closing)?;
        }
        self.board.bump();
        Ok(Taken::Stored)
    }

    /// Where a picture of this slot goes now. One that waits for an answer is replaced by the new one, as the photographer took another.
    fn claim(&self, owner: Option<i64>) -> Result<Place, Trouble> {
        let mut replaced = None;
        let place = {
            let mut desk = self.desk();
            let current = desk.session.slot().map(|s| (s.id, s.stage.clone()));
            match (owner, current) {
                (None, _) => Place::Orphan,
                (Some(owner), Some((slot, stage))) if owner == slot => {
                    if matches!(stage, Stage::Judged { .. }) {
                        replaced = Some(desk.session.retake()?);
                    }
                    match desk.session.release() {
                        Ok(target) => Place::Judged(target),
                        Err(_) => Place::Beside,
                    }
                }
                // Whoever it belongs to has left the chair.
                (Some(_), _) => Place::Beside,
            }
        };
        if let Some(shot) = replaced {
            let now = self.now();
            self.store.write(|tx| shots::set_fate(tx, shot, Fate::Retaken, now))?;
            self.desk().set_fate(shot, "retaken");
        }
        Ok(place)
    }

    fn show_arrival(&self, shot: &NewShot, place: &Place) {
        let mut desk = self.desk();
        let person = match place {
            Place::Orphan => None,
            Place::Judged(_) | Place::Beside => {
                let sitter = desk.session.slot().map(|s| s.sitter.key.clone());
                sitter.and_then(|key| desk.shown(&key))
            }
        };
        let fate = match place {
            Place::Orphan => "orphan",
            Place::Judged(_) => "unconfirmed",
            Place::Beside => "retaken",
        };
        desk.show_shot(ShotView {
            id: shot.id.to_string(),
            person,
            at_ms: shot.captured_at.0,
            fate: fate.to_owned(),
            verdict: None,
        });
        match place {
            Place::Judged(target) => {
                desk.session.taken(*target, shot.id);
                desk.times.taken = Some(Instant::now());
            }
            Place::Orphan => {
                desk.orphans += 1;
                // Somebody may sit: then it is only not known to be theirs.
                let code = match desk.session.slot() {
                    None => "orphan_shot",
                    Some(_) => "orphan_picture",
                };
                desk.notify("warn", code, &[], shot.captured_at.0);
            }
            Place::Beside => {}
        }
    }
}

/// Whose a picture that arrived is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Theirs who sat when it appeared.
    Seated,
    /// Nobody can say.
    Nobody,
}

/// Where a picture goes.
enum Place {
    /// Into the open slot and under the check.
    Judged(Target),
    /// Into a slot, beside the one that counts.
    Beside,
    /// Into the tray.
    Orphan,
}
