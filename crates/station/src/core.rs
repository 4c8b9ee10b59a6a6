//! What every use case shares: the store, the desk, the camera, the models, the clock. Locks are held briefly and never
//! across I/O; `turn` alone spans a whole use case, so that two keys pressed at once are taken one after the other.
use crate::board::Board;
use crate::clock::{Clock, new_uuid};
use crate::desk::Desk;
use crate::session::Target;
use crate::trouble::Trouble;
use assess::{Assessor, Specs};
use camera::CameraHandle;
use camera::controls::Settings;
use camera::replay::ReplayControl;
use domain::{Campaign, CollectionCodeDecoder, PhotoSpec, ShotId, UtcMs};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::Store;

/// Below this no shot is taken (design "Journeys and screens").
pub(crate) const MIN_FREE_BYTES: u64 = 1 << 30;
/// Below this many shots the bar warns.
pub(crate) const LOW_SHOTS: u64 = 500;
/// What one shot is reckoned to take: a 24 MP JPEG, its row and the journal.
pub(crate) const SHOT_BYTES: u64 = 8 << 20;

/// The camera in use.
#[derive(Clone)]
pub(crate) struct Seat {
    pub handle: Arc<CameraHandle>,
    pub replay: Option<ReplayControl>,
    /// Its knobs as chosen.
    pub settings: Settings,
    /// Quarter turns clockwise that make its picture upright.
    pub turns: Arc<std::sync::atomic::AtomicU8>,
}

/// A shot on its way through the check.
pub(crate) struct AssessJob {
    pub shot: ShotId,
    pub jpeg: Arc<[u8]>,
    pub spec: Arc<PhotoSpec>,
}

/// The use cases; shared by the windows' calls, the commands and the threads.
pub struct Core {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) boot_id: String,
    pub(crate) assessor: Assessor,
    pub(crate) specs: Specs,
    pub(crate) decoder: Box<dyn CollectionCodeDecoder>,
    pub(crate) board: Board,
    pub(crate) turn: Mutex<()>,
    pub(crate) capture_jobs: crossbeam_channel::Sender<Target>,
    pub(crate) assess_jobs: crossbeam_channel::Sender<AssessJob>,
    pub(crate) link: Mutex<Option<sync::Link>>,
    pub(crate) lan: crate::lan::Lan,
    pub(crate) demo: bool,
    /// Pictures the replay camera plays, when there are any.
    pub(crate) frames: Option<PathBuf>,
    /// How long an accepted order waits before it may leave, so that it can be taken back.
    pub(crate) undo_ms: i64,
    pub(crate) stopping: AtomicBool,
    /// How long the computer slept, as far as the desk was told.
    pub(crate) slept: crate::sleep::Told,
    /// Where cameras are found.
    pub(crate) bus: Arc<dyn crate::bus::Bus>,
    /// Drives the pump and what is asked of the center.
    pub(crate) runtime: tokio::runtime::Handle,
    pub(crate) desk: Mutex<Desk>,
    pub(crate) camera: Mutex<Option<Seat>>,
    pub(crate) kiosk: Mutex<crate::kiosk::Kiosk>,
    pub(crate) folder: Mutex<Option<crate::folder::Watched>>,
    pub(crate) review: crate::review_door::ReviewDoor,
}

impl Core {
    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn seat(&self) -> Option<Seat> {
        self.camera.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn now(&self) -> UtcMs {
        self.clock.now()
    }

    pub(crate) fn uuid(&self) -> uuid::Uuid {
        new_uuid(self.clock.as_ref())
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// The campaign in use and its standard.
    pub(crate) fn campaign(&self) -> Result<(Arc<Campaign>, Arc<PhotoSpec>), Trouble> {
        let desk = self.desk();
        match (&desk.campaign, &desk.spec) {
            (Some(campaign), Some(spec)) => Ok((Arc::clone(campaign), Arc::clone(spec))),
            _ => Err(Trouble::NoCampaign),
        }
    }

    /// Tells the operator something and wakes the windows.
    pub(crate) fn notify(&self, level: &str, code: &str, values: &[(&str, String)]) {
        let at = self.now().0;
        self.desk().notify(level, code, values, at);
        self.board.bump();
    }

    /// Tells the pump that there may be a network again.
    pub(crate) fn link_up(&self) {
        self.tell_neighbours();
        if let Some(link) = self.link.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            link.link_up();
        }
    }

    /// Has a shot that is on the disk checked; waits while the check is behind.
    pub(crate) fn check(&self, shot: ShotId, jpeg: Arc<[u8]>, spec: Arc<PhotoSpec>) -> Result<(), Trouble> {
        let job = AssessJob { shot, jpeg, spec };
        self.assess_jobs.send(job).map_err(|_| Trouble::Closing)
    }

    /// Asks the pump to look at the outbox now, and the LAN at what is to be told.
    pub(crate) fn wake_link(&self) {
        self.tell_neighbours();
        if let Some(link) = self.link.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            link.wake();
        }
    }
}
