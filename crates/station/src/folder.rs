//! Pictures another program writes into a folder: each one goes to who sat when it was taken, or to the orphan tray when that cannot be
//! told ([`crate::whose`]). One that nobody waits for is kept beside the one that counts.
use crate::core::{Core, MIN_FREE_BYTES};
use crate::day::{Release, releases};
use crate::session::{JudgedShot, Refusal, Target};
use crate::trouble::Trouble;
use camera::hotfolder::{self, Arrival, HotFolder, Mark, Taken, Taker};
use domain::{BlobId, ShotId};
use ipc::{FolderView, ShotView};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, Weak};
use std::time::Instant;
use store::shots::{self, Fate, NewShot};
use store::{SlotId, settings};

const FOLDER: &str = "hot_folder";
const PASSED: &str = "hot_folder_passed";
/// Most marks of pictures that are left alone; they are kept in one setting.
const MAX_PASSED: usize = 3_500;

/// The folder in use.
pub(crate) struct Watched {
    name: String,
    hot: HotFolder,
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
        match core.receive(arrival) {
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
    pub(crate) fn receive(&self, arrival: Arrival) -> Result<Taken, Trouble> {
        let Ok((campaign, spec)) = self.campaign() else {
            // Without a campaign nobody can be given anything; it waits in its folder.
            return Ok(Taken::Later);
        };
        if self.store.free_bytes()? < MIN_FREE_BYTES {
            return Ok(Taken::Later);
        }
        let _turn = self.turn();
        let blob = self.store.blobs().put(&arrival.jpeg)?;
        let exif = photo::inspect(&arrival.jpeg).ok().and_then(|header| header.exif);
        let stamp = exif.and_then(|exif| exif.stamp);
        let owner = self.desk().turns.owner(arrival.seen, stamp.as_ref());
        let place = self.claim(owner);
        let captured_at = self.now();
        let shot = NewShot {
            id: ShotId(self.uuid()),
            campaign: Some(campaign.id),
            slot: owner.map(SlotId),
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
            match &place {
                Place::Judged(_, Some(before)) => shots::set_fate(tx, before.shot, Fate::Retaken, captured_at),
                Place::Beside(_) => shots::set_fate(tx, shot.id, Fate::Retaken, captured_at),
                Place::Judged(_, None) | Place::Orphan => Ok(()),
            }
        });
        if let Err(error) = written {
            if let Place::Judged(target, before) = place {
                self.desk().session.put_back(target, before);
            }
            return Err(error.into());
        }
        self.show_arrival(&shot, &place);
        if let Place::Judged(..) = place {
            self.check(shot.id, arrival.jpeg, spec)?;
        }
        self.board.bump();
        Ok(Taken::Stored)
    }

    /// Where a picture of this slot goes now. One that waits for an answer is replaced by the new one, as the photographer took
    /// another, but only when the new one may be judged in its place.
    fn claim(&self, owner: Option<i64>) -> Place {
        let mut desk = self.desk();
        let Some(owner) = owner else {
            return Place::Orphan;
        };
        if desk.session.slot().is_none_or(|s| s.id != owner) {
            return Place::Beside(Aside::Gone);
        }
        match desk.session.replace() {
            Ok((target, before)) => Place::Judged(target, before),
            Err(refusal) => Place::Beside(Aside::Refused(refusal)),
        }
    }

    fn show_arrival(&self, shot: &NewShot, place: &Place) {
        let person = shot.slot.and_then(|slot| self.shown_in_slot(slot));
        let at_ms = shot.captured_at.0;
        let mut desk = self.desk();
        let fate = match place {
            Place::Orphan => "orphan",
            Place::Judged(..) => "unconfirmed",
            Place::Beside(_) => "retaken",
        };
        desk.show_shot(ShotView {
            id: shot.id.to_string(),
            person: person.clone(),
            at_ms,
            fate: fate.to_owned(),
            verdict: None,
        });
        match place {
            Place::Judged(target, before) => {
                if let (Some(before), Target::Slot(slot)) = (before, target) {
                    desk.set_fate(before.shot, "retaken");
                    desk.lay_beside(*slot, before.shot);
                }
                desk.session.taken(*target, shot.id);
                desk.times.taken = Some(Instant::now());
            }
            Place::Orphan => {
                desk.orphans += 1;
                // Nobody sits, or who sits may not have sat then: two things to be told.
                let code = match desk.session.slot() {
                    Some(_) => "orphan_picture",
                    None => "orphan_shot",
                };
                desk.notify("warn", code, &[], at_ms);
            }
            Place::Beside(aside) => {
                if let Some(slot) = shot.slot {
                    desk.lay_beside(slot.0, shot.id);
                }
                let name = person.unwrap_or_default();
                desk.notify_once(aside.notice(), &[("name", name)], at_ms);
            }
        }
    }
}

/// Where a picture goes.
#[derive(Debug)]
enum Place {
    /// Into the open slot and under the check, in place of the one that was judged.
    Judged(Target, Option<JudgedShot>),
    /// Into a slot, beside the one that counts.
    Beside(Aside),
    /// Into the tray.
    Orphan,
}

/// Why a picture of a slot is not judged.
#[derive(Debug, Clone, Copy)]
enum Aside {
    /// Whoever it belongs to has left the chair.
    Gone,
    /// The desk does not take one now.
    Refused(Refusal),
}

impl Aside {
    /// What the operator is told.
    const fn notice(self) -> &'static str {
        match self {
            Self::Gone => "picture_late",
            Self::Refused(Refusal::NotConfirmed) => "picture_not_confirmed",
            Self::Refused(Refusal::Locked) => "picture_over_limit",
            Self::Refused(_) => "picture_beside",
        }
    }
}
