//! A rehearsal: a whole collection day played through the real parts, and every photo at the center compared with its frame.
mod center;
mod compare;
mod day;
mod frames;
mod summary;

pub use frames::{Dice, FrameBook, FramesError, HeadFrame, MAX_HEADS};
pub use summary::{HeadTimes, Stages, Summary, percentile};

use crate::core::Seat;
use crate::session::Rules;
use crate::station::{CameraUse, OpenError, Opening, Station};
use crate::trouble::Trouble;
use camera::replay::{Pace, Replay};
use camera::{CameraHandle, CameraState, Limits};
use center::Center;
use day::{Day, Tally};
use serde::Serialize;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longest wait for the camera, the campaign, and for the queue to move.
const PATIENCE: Duration = Duration::from_secs(60);

/// What happens when the check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFail {
    /// Taken anyway, with a reason.
    Override,
    /// Taken again, up to three times.
    Retake,
    /// The head leaves without a photo.
    Skip,
}

/// How the day is to go.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where the station and an embedded center keep their data.
    pub data: PathBuf,
    /// How many people.
    pub heads: u32,
    /// Folder of JPEG frames.
    pub frames: PathBuf,
    /// Address and one-time code of a center that runs already.
    pub center: Option<(String, String)>,
    /// Share of the orders that are rejected once; needs the embedded center.
    pub reject_rate: f64,
    /// Varies frames and picks the rejected.
    pub seed: u64,
    /// What happens when the check fails.
    pub on_fail: OnFail,
    /// Go on with an interrupted day.
    pub resume: bool,
}

/// What happens during the day, as it happens: only what is already safe on disk.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The station is open and the camera streams.
    Ready,
    /// A photo is on disk, with the row that names it; nobody has looked at it yet.
    Picture {
        /// The head, counted from 0.
        head: u32,
        /// The shot.
        shot: String,
        /// SHA-256 of the frame before the camera, hex.
        sha256: String,
    },
    /// An order is saved with its photo.
    Saved {
        /// The head, counted from 0.
        head: u32,
        /// The order.
        order: String,
        /// SHA-256 of the photo, hex.
        sha256: String,
    },
}

/// A rehearsal that could not be played to its end.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum RehearsalError {
    #[error("a rehearsal has 1 to {MAX_HEADS} heads")]
    Heads,
    #[error("the reject rate lies between 0 and 1")]
    RejectRate,
    #[error("rejections need the embedded center: leave out --center, or set --reject-rate 0")]
    NoReviewer,
    #[error("{0} holds another day already; choose an empty folder, or --resume")]
    NotEmpty(PathBuf),
    #[error(transparent)]
    Frames(#[from] FramesError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Trouble(#[from] Trouble),
    #[error(transparent)]
    Embedded(#[from] crate::embedded::EmbeddedError),
    #[error("the center: {0}")]
    Center(#[from] ::central::CentralError),
    #[error("asking the center for a photo: {0}")]
    Fetch(String),
    #[error("the camera did not start")]
    NoCamera,
    #[error("the center has no graduate campaign for this station")]
    NoCampaign,
    #[error("the code of head {head} could not be read")]
    CodeNotRead { head: u32 },
    #[error("a code could not be drawn")]
    CodeNotDrawn,
    #[error("no picture came for head {head}")]
    NoPicture { head: u32 },
    #[error("no verdict came for head {head}")]
    NoVerdict { head: u32 },
}

impl From<crate::session::Refusal> for RehearsalError {
    fn from(refusal: crate::session::Refusal) -> Self {
        Self::Trouble(refusal.into())
    }
}

/// Plays the day. `announce` hears of each order when it is safe.
///
/// # Errors
/// When a part fails; what is lost or misfiled is counted, not an error.
pub fn run(plan: &Plan, announce: &mut dyn FnMut(Event)) -> Result<Summary, RehearsalError> {
    validate(plan)?;
    let began = Instant::now();
    let book = FrameBook::open(&plan.frames, plan.seed)?;
    let rules = Rules {
        accept_after_ms: None,
        ..Rules::default()
    };
    let station = Station::open(Opening {
        camera: CameraUse::ShotsOnly,
        undo_ms: 0,
        rules,
        ..Opening::new(plan.data.join("station"), None)
    })?;
    let mut center = Center::open(plan)?;
    if !station.sync_view()?.enrolled {
        let (url, code) = center.invitation()?;
        station.enrol(&url, &code)?;
    } else {
        station.use_center_at(center.url())?;
    }
    wait(|| station.campaign().is_ok_and(|(c, _)| c.job.is_blind())).map_err(|()| RehearsalError::NoCampaign)?;
    let replay = Replay::of_pictures(
        "rehearsal",
        vec![("first".to_owned(), book.frame(0, 0)?.jpeg.into())],
        Pace::default(),
    )
    .map_err(Trouble::from)?;
    let control = replay.control();
    let handle = Arc::new(CameraHandle::start(Box::new(replay), Limits::default()));
    station.put_camera(Seat {
        settings: Default::default(),
        handle,
        replay: Some(control.clone()),
        turns: Arc::default(),
    });
    let streams = || {
        station
            .seat()
            .is_some_and(|s| s.handle.state() == CameraState::Streaming)
    };
    wait(streams).map_err(|()| RehearsalError::NoCamera)?;
    announce(Event::Ready);

    let mut day = Day {
        station: &station,
        replay: control,
        book,
        plan,
        kept: HashMap::new(),
        times: Vec::new(),
        tally: Tally::default(),
    };
    if plan.resume {
        day.recall_kept()?;
    }
    for head in 0..plan.heads {
        if !day.kept.contains_key(&head) {
            day.head(head, 0, announce)?;
        }
        for head in center.review(&day.kept, plan)? {
            retake(&mut day, head, announce)?;
        }
    }
    settle(&mut day, &mut center, announce)?;
    let mut summary = compare::compare(&day, &mut center)?;
    summary.p50_ms = percentile(&day.times, 0.5);
    summary.p95_ms = percentile(&day.times, 0.95);
    summary.wall_s = (began.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    station.close();
    Ok(summary)
}

fn validate(plan: &Plan) -> Result<(), RehearsalError> {
    if !(1..=MAX_HEADS).contains(&plan.heads) {
        return Err(RehearsalError::Heads);
    }
    if !(0.0..=1.0).contains(&plan.reject_rate) {
        return Err(RehearsalError::RejectRate);
    }
    if plan.reject_rate > 0.0 && plan.center.is_some() {
        return Err(RehearsalError::NoReviewer);
    }
    let folder = plan.data.join("station");
    if !plan.resume && std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(RehearsalError::NotEmpty(plan.data.clone()));
    }
    Ok(())
}

/// Waits until everything is acknowledged and reviewed, taking again what is rejected meanwhile.
fn settle(day: &mut Day<'_>, center: &mut Center, announce: &mut dyn FnMut(Event)) -> Result<(), RehearsalError> {
    let (mut moved, mut last) = (Instant::now(), None);
    loop {
        let queue = day.station.snapshot().status.queue;
        let rejected = center.review(&day.kept, day.plan)?;
        for head in &rejected {
            retake(day, *head, announce)?;
        }
        // Rejected before an interruption, and not taken again since.
        for head in day.recalled()? {
            day.head(head, day.takes(head), announce)?;
        }
        if queue.waiting == 0 && rejected.is_empty() && center.is_settled()? {
            return Ok(());
        }
        if last.as_ref() != Some(&queue) || !rejected.is_empty() {
            (moved, last) = (Instant::now(), Some(queue));
        } else if moved.elapsed() > PATIENCE {
            // What did not arrive is counted as lost by the comparison.
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A rejected head comes back: the recall reaches the station by the feed, then the code is scanned again.
fn retake(day: &mut Day<'_>, head: u32, announce: &mut dyn FnMut(Event)) -> Result<(), RehearsalError> {
    let Some(kept) = day.kept.get(&head).cloned() else {
        return Ok(());
    };
    let id = kept.order.to_string();
    let recalled = || day.station.recalls().is_ok_and(|r| r.iter().any(|r| r.order_id == id));
    if wait(recalled).is_ok() {
        day.head(head, kept.takes, announce)?;
    }
    Ok(())
}

fn wait(holds: impl Fn() -> bool) -> Result<(), ()> {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        if Instant::now() >= end {
            return Err(());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}
