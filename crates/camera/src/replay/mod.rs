//! How are pictures played as a camera? For demos, rehearsals and tests: the same thread, gate and states as a real one.
//!
//! A replay runs at a fixed frame rate. It either holds one picture or plays on, a picture a frame, over and over. A frame begins at the
//! moment its picture is picked, so after [`ReplayControl::show`] returned, a shot shows that picture and no earlier one.
mod control;
mod shelf;
mod tear;

pub use control::{ReplayCommand, ReplayControl};
pub use shelf::{MAX_FILM_BYTES, MAX_PICTURE_BYTES, MAX_PICTURES, ReplayError};
pub use tear::Tear;

use crate::fault::CameraError;
use crate::frame::RawFrame;
use crate::identity::{CameraId, Descriptor, Kind};
use crate::source::{Cadence, Negotiated, Source, Stream};
use shelf::Shelf;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a replay does with its pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// Shows one until told otherwise.
    Hold,
    /// Shows the next with each frame, from the first again after the last.
    Play,
}

/// How a replay begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Frames a second; taken into 0.1–240.
    pub fps: f32,
    /// What it does at first.
    pub motion: Motion,
}

impl Default for Pace {
    /// 30 frames a second of the first picture: a sitter who sits still.
    fn default() -> Self {
        Self {
            fps: 30.0,
            motion: Motion::Hold,
        }
    }
}

/// Pictures played as a camera. A copy is the same camera once more, on the same pictures and under the same commands.
#[derive(Clone)]
pub struct Replay {
    deck: Arc<Deck>,
    id: CameraId,
    fps: f32,
}

/// What source, streams and controls share.
struct Deck {
    table: Mutex<Table>,
    changed: Condvar,
}

struct Table {
    shelf: Shelf,
    /// Index of the picture shown.
    at: usize,
    /// A picture that is shown instead and is not on the shelf.
    guest: Option<(String, Arc<[u8]>)>,
    motion: Motion,
    stalled: bool,
    plugged: bool,
    /// Times the computer slept: what was open before is dead.
    sleeps: u64,
    /// How the next frames are torn, and how many.
    tears: Option<(TearPlan, u32)>,
    next_tick: Option<Instant>,
}

/// Which tear each torn frame gets.
#[derive(Debug, Clone, Copy)]
enum TearPlan {
    Always(Tear),
    /// Half for odd, chimera for even remaining counts.
    Alternate,
}

impl Deck {
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Replay {
    /// Opens a folder of JPEG files (in name order, a picture's name is its file stem) or an MJPEG file of JPEGs one after
    /// another (names `000001`, …).
    ///
    /// # Errors
    /// A picture that is no whole JPEG or not of the first one's size, no picture at all, or more than the limits.
    pub fn open(path: &Path, pace: Pace) -> Result<Self, ReplayError> {
        Shelf::open(path).map(|shelf| Self::of(shelf, pace))
    }

    /// Plays named pictures from memory in the given order.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn of_pictures(name: &str, pictures: Vec<(String, Arc<[u8]>)>, pace: Pace) -> Result<Self, ReplayError> {
        Shelf::memory(name.to_owned(), pictures).map(|shelf| Self::of(shelf, pace))
    }

    fn of(shelf: Shelf, pace: Pace) -> Self {
        let fps = if pace.fps.is_finite() {
            pace.fps.clamp(0.1, 240.0)
        } else {
            30.0
        };
        let id = CameraId::Replay(shelf.name.clone());
        let table = Mutex::new(Table {
            shelf,
            at: 0,
            guest: None,
            motion: pace.motion,
            stalled: false,
            plugged: true,
            sleeps: 0,
            tears: None,
            next_tick: None,
        });
        let deck = Arc::new(Deck {
            table,
            changed: Condvar::new(),
        });
        Self { deck, id, fps }
    }

    /// A control of this replay; any number, from any thread.
    pub fn control(&self) -> ReplayControl {
        ReplayControl::new(Arc::clone(&self.deck))
    }

    /// How it is listed among the cameras.
    pub fn descriptor(&self) -> Descriptor {
        Descriptor {
            id: self.id.clone(),
            name: self.deck.lock().shelf.name.clone(),
            kind: Kind::Replay,
        }
    }
}

impl Source for Replay {
    fn id(&self) -> CameraId {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.descriptor().name
    }

    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        let mut table = self.deck.lock();
        if !table.plugged {
            return Err(CameraError::Absent {
                camera: self.id.clone(),
            });
        }
        table.next_tick = None;
        let negotiated = Negotiated {
            size: Some(table.shelf.size),
            cadence: Cadence::Steady { fps: self.fps },
            settle_frames: 0,
        };
        Ok(Box::new(Playing {
            deck: Arc::clone(&self.deck),
            id: self.id.clone(),
            interval: Duration::from_secs_f32(1.0 / self.fps),
            sleeps: table.sleeps,
            negotiated,
        }))
    }
}

struct Playing {
    deck: Arc<Deck>,
    id: CameraId,
    interval: Duration,
    /// As it was when this stream was opened.
    sleeps: u64,
    negotiated: Negotiated,
}

impl Stream for Playing {
    fn negotiated(&self) -> Negotiated {
        self.negotiated
    }

    fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError> {
        let deadline = Instant::now() + timeout;
        let mut table = self.deck.lock();
        loop {
            if !table.plugged {
                return Err(CameraError::Absent {
                    camera: self.id.clone(),
                });
            }
            let now = Instant::now();
            let tick = table.next_tick.unwrap_or(now);
            let silent = table.stalled || table.sleeps != self.sleeps;
            if now >= tick && !silent {
                // A late reader gets the next frame at once but no burst of those it missed.
                let next = tick + self.interval;
                table.next_tick = Some(if next > now { next } else { now + self.interval });
                let jpeg = table.pick()?;
                // Read under the lock: whoever changed the picture before this moment is seen in it.
                return Ok(RawFrame { jpeg, began: now });
            }
            if now >= deadline {
                return Err(CameraError::NoFrame { waited: timeout });
            }
            let until = if silent { deadline } else { tick.min(deadline) };
            let wait = self.deck.changed.wait_timeout(table, until - now);
            table = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Table {
    /// The bytes of the frame that is due, torn if that was ordered; moves on when playing.
    fn pick(&mut self) -> Result<Arc<[u8]>, ReplayError> {
        let whole = match &self.guest {
            Some((_, jpeg)) => Arc::clone(jpeg),
            None => self.shelf.bytes(self.at)?,
        };
        let shown = self.at;
        if self.guest.is_none() && self.motion == Motion::Play {
            self.at = (self.at + 1) % self.shelf.count();
        }
        let Some((plan, left)) = self.tears.take() else {
            return Ok(whole);
        };
        if left > 1 {
            self.tears = Some((plan, left - 1));
        }
        let way = match plan {
            TearPlan::Always(way) => way,
            TearPlan::Alternate if left % 2 == 1 => Tear::Half,
            TearPlan::Alternate => Tear::Chimera,
        };
        let neighbour = (shown + 1) % self.shelf.count();
        let other = match (neighbour != shown || self.guest.is_some()).then(|| self.shelf.bytes(neighbour)) {
            Some(bytes) => Some(bytes?),
            None => None,
        };
        Ok(tear::tear(&whole, other.as_deref(), way))
    }

    fn current(&self) -> &str {
        match &self.guest {
            Some((name, _)) => name,
            None => self.shelf.name_of(self.at),
        }
    }
}
