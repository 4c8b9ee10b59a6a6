//! What do the owner thread and everybody else share? One lock, one condition, the newest frame and the counts.
use crate::card::{CardPicture, Cause, Delivery, OwnShutter, Wish};
use crate::controls::Knob;
use crate::fault::{CameraError, CameraState};
use crate::frame::{Frame, RawFrame};
use crate::gate::Refusal;
use crate::lead::Lead;
use crate::source::{Cadence, Negotiated};
use domain::SizePx;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Most deliveries and wishes that wait. One that finds no room is not lost: its file lies on the card and is found at the next list.
const MAX_DELIVERIES: usize = 16;

/// How long a frame is held for a shot that may come, and how many are: a third of a second at 30 a second.
const RECENT: Duration = Duration::from_millis(300);
const MAX_RECENT: usize = 10;

/// How many frames went which way since the handle was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Let through by the gate.
    pub accepted: u64,
    /// Refused by the gate or marked damaged by the driver, for any reason.
    pub refused: u64,
    /// Of the refused, those that were damaged; includes frames that passed the walk and failed the strict check of a still.
    pub torn: u64,
    /// Thrown away at the beginning of a stream.
    pub settled: u64,
    /// Times the camera was opened again after the first time.
    pub reopened: u64,
}

/// The camera in one look, for the status bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How it is.
    pub state: CameraState,
    /// Agreed size, or the last frame's where none is agreed; absent before the first opening.
    pub size: Option<SizePx>,
    /// Frames a second as measured over the last ones; 0 when none come.
    pub fps: f32,
    /// Frames let through and refused.
    pub counters: Counters,
    /// Knobs that could not be set as chosen when it was opened last.
    pub refused_knobs: Vec<Knob>,
}

#[derive(Debug)]
struct Inner {
    state: CameraState,
    newest: Option<Arc<Frame>>,
    /// The last ones, the newest last.
    recent: VecDeque<Arc<Frame>>,
    counters: Counters,
    size: Option<SizePx>,
    /// Smoothed time between two accepted frames.
    period: Option<Duration>,
    last_accepted: Option<Instant>,
    opened: u64,
    refused_knobs: Vec<Knob>,
    stopping: bool,
    /// The owner thread is done, and the camera closed.
    ended: bool,
    /// The camera is to be opened anew.
    anew: bool,
    /// The open camera's shots are files of its card.
    own_shutter: bool,
    /// What that camera is to be asked for.
    wishes: Vec<Wish>,
    /// Shots that were asked for, ever.
    asked: u64,
    /// The number of the one that is waited for.
    awaited: Option<u64>,
    lead: Lead,
    /// What came of the shot that is waited for.
    shot: Option<Delivery>,
    /// What came besides.
    deliveries: VecDeque<Delivery>,
}

/// The shared state of one camera.
#[derive(Debug)]
pub(crate) struct Shared {
    inner: Mutex<Inner>,
    changed: Condvar,
}

/// What waiting for a frame ended with.
pub(crate) enum Waited {
    /// A frame.
    Frame(Arc<Frame>),
    /// Nothing in time.
    TimedOut(CameraState),
    /// There is no camera to wait for.
    Gone(CameraState),
}

impl Shared {
    pub(crate) fn new() -> Self {
        Self {
            inner: Mutex::new(Inner {
                state: CameraState::Opening,
                newest: None,
                recent: VecDeque::new(),
                counters: Counters::default(),
                size: None,
                period: None,
                last_accepted: None,
                opened: 0,
                refused_knobs: Vec::new(),
                stopping: false,
                ended: false,
                anew: false,
                own_shutter: false,
                wishes: Vec::new(),
                asked: 0,
                awaited: None,
                lead: Lead::default(),
                shot: None,
                deliveries: VecDeque::new(),
            }),
            changed: Condvar::new(),
        }
    }

    /// A panic elsewhere leaves plain values behind, never half-made ones, so a poisoned lock is taken over.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state(&self) -> CameraState {
        self.lock().state.clone()
    }

    pub(crate) fn report(&self) -> Report {
        let inner = self.lock();
        // Two missing frames are enough to call the measured rate history.
        let fps = match (inner.period, inner.last_accepted) {
            (Some(period), Some(last)) if last.elapsed() < period * 3 + Duration::from_millis(100) => {
                1.0 / period.as_secs_f32().max(0.001)
            }
            _ => 0.0,
        };
        Report {
            state: inner.state.clone(),
            size: inner.size,
            fps,
            counters: inner.counters,
            refused_knobs: inner.refused_knobs.clone(),
        }
    }

    pub(crate) fn newest(&self) -> Option<Arc<Frame>> {
        self.lock().newest.clone()
    }

    pub(crate) fn counters(&self) -> Counters {
        self.lock().counters
    }

    pub(crate) fn stopping(&self) -> bool {
        self.lock().stopping
    }

    pub(crate) fn stop(&self) {
        self.lock().stopping = true;
        self.changed.notify_all();
    }

    /// Waits before the next try; returns early when the handle stops or the camera is to be opened anew.
    pub(crate) fn pause(&self, time: Duration) {
        let guard = self.lock();
        let waits = |inner: &mut Inner| !inner.stopping && !inner.anew;
        let _ = self.changed.wait_timeout_while(guard, time, waits);
    }

    /// The owner thread is done.
    pub(crate) fn end(&self) {
        self.lock().ended = true;
        self.changed.notify_all();
    }

    /// Waits until the owner thread is done; says whether it is.
    pub(crate) fn wait_ended(&self, time: Duration) -> bool {
        let guard = self.lock();
        let waited = self.changed.wait_timeout_while(guard, time, |inner| !inner.ended);
        waited.unwrap_or_else(PoisonError::into_inner).0.ended
    }

    pub(crate) fn open_anew(&self) {
        self.lock().anew = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_to_open_anew(&self) -> bool {
        self.lock().anew
    }

    /// An opening begins.
    pub(crate) fn opens_anew(&self) {
        self.lock().anew = false;
    }

    /// Publishes a state. A camera that is not there shows no frame.
    pub(crate) fn set_state(&self, state: CameraState) {
        let mut inner = self.lock();
        match state {
            CameraState::Absent | CameraState::Busy { .. } | CameraState::Failed { .. } => {
                inner.newest = None;
                inner.recent.clear();
            }
            CameraState::Opening | CameraState::Streaming | CameraState::Stalled => {}
        }
        inner.state = state;
        self.changed.notify_all();
    }

    pub(crate) fn opened(&self, negotiated: &Negotiated, refused_knobs: Vec<Knob>) {
        let mut inner = self.lock();
        inner.refused_knobs = refused_knobs;
        inner.opened += 1;
        inner.counters.reopened = inner.opened - 1;
        inner.size = negotiated.size.or(inner.size);
        inner.period = match negotiated.cadence {
            Cadence::Steady { fps } if fps.is_finite() && fps > 0.0 => Some(Duration::from_secs_f32(1.0 / fps)),
            _ => None,
        };
        inner.last_accepted = None;
        // What was asked for before the loss is asked for again by whoever still wants it.
        inner.wishes.clear();
        if negotiated.cadence == Cadence::OnDemand {
            // It answers, and it may never send a frame by itself.
            inner.state = CameraState::Streaming;
            self.changed.notify_all();
            return;
        }
        // A stall stays visible until a frame proves it over.
        if inner.state != CameraState::Stalled {
            inner.state = CameraState::Opening;
        }
        self.changed.notify_all();
    }

    pub(crate) fn accept(&self, raw: RawFrame, size: SizePx) {
        let now = Instant::now();
        let mut inner = self.lock();
        inner.counters.accepted += 1;
        if let Some(last) = inner.last_accepted {
            let gap = now.duration_since(last);
            inner.period = Some(
                inner
                    .period
                    .map_or(gap, |period| period.mul_f32(0.9) + gap.mul_f32(0.1)),
            );
        }
        inner.last_accepted = Some(now);
        inner.size = Some(size);
        inner.state = CameraState::Streaming;
        let frame = Arc::new(Frame {
            jpeg: raw.jpeg,
            size,
            sequence: inner.counters.accepted,
            at: raw.began,
        });
        let is_old = |f: &Arc<Frame>| now.saturating_duration_since(f.at) > RECENT;
        while inner.recent.len() >= MAX_RECENT || inner.recent.front().is_some_and(is_old) {
            inner.recent.pop_front();
        }
        inner.recent.push_back(Arc::clone(&frame));
        inner.newest = Some(frame);
        self.changed.notify_all();
    }

    pub(crate) fn refuse(&self, refusal: &Refusal) {
        let mut inner = self.lock();
        inner.counters.refused += 1;
        inner.counters.torn += u64::from(refusal.is_torn());
    }

    pub(crate) fn refuse_damaged(&self) {
        let mut inner = self.lock();
        inner.counters.refused += 1;
        inner.counters.torn += 1;
    }

    pub(crate) fn settle(&self) {
        self.lock().counters.settled += 1;
    }

    /// Waits for a frame with a greater sequence number.
    pub(crate) fn wait_newer(&self, after: u64, timeout: Duration) -> Option<Arc<Frame>> {
        let newer = |inner: &Inner| inner.newest.as_ref().is_some_and(|frame| frame.sequence > after);
        let guard = self.lock();
        let (inner, _) = self
            .changed
            .wait_timeout_while(guard, timeout, |inner| !newer(inner) && !inner.stopping)
            .unwrap_or_else(PoisonError::into_inner);
        inner.newest.clone().filter(|frame| frame.sequence > after)
    }

    /// Waits for a frame that began at `since` or later and has a greater sequence number; gives up early when there is no
    /// camera.
    pub(crate) fn wait_begun(&self, since: Instant, after: u64, deadline: Instant) -> Waited {
        let fits = |frame: &Arc<Frame>| frame.sequence > after && frame.at >= since;
        let gone = |inner: &Inner| {
            inner.stopping
                || match inner.state {
                    CameraState::Absent | CameraState::Busy { .. } | CameraState::Failed { .. } => true,
                    CameraState::Opening | CameraState::Streaming | CameraState::Stalled => false,
                }
        };
        let guard = self.lock();
        let timeout = deadline.saturating_duration_since(Instant::now());
        let (inner, _) = self
            .changed
            .wait_timeout_while(guard, timeout, |inner| {
                !inner.newest.as_ref().is_some_and(fits) && !gone(inner)
            })
            .unwrap_or_else(PoisonError::into_inner);
        match inner.newest.as_ref().filter(|frame| fits(frame)) {
            Some(frame) => Waited::Frame(Arc::clone(frame)),
            None if gone(&inner) => Waited::Gone(inner.state.clone()),
            None => Waited::TimedOut(inner.state.clone()),
        }
    }

    /// The frames that began within this time, the oldest first; none older than [`RECENT`].
    pub(crate) fn recent(&self, since: Instant, until: Instant) -> Vec<Arc<Frame>> {
        let since = until.checked_sub(RECENT).map_or(since, |least| least.max(since));
        let inner = self.lock();
        let within = |f: &&Arc<Frame>| f.at >= since && f.at < until;
        inner.recent.iter().filter(within).map(Arc::clone).collect()
    }

    /// Passes wishes on to the open camera and takes what came of earlier ones. Called by the owner thread.
    pub(crate) fn serve(&self, shutter: &mut dyn OwnShutter) -> Result<(), CameraError> {
        let wishes = {
            let mut inner = self.lock();
            inner.own_shutter = true;
            std::mem::take(&mut inner.wishes)
        };
        for wish in &wishes {
            shutter.ask(wish)?;
        }
        while let Some(delivery) = shutter.delivered() {
            self.deliver(delivery);
        }
        Ok(())
    }

    fn deliver(&self, delivery: Delivery) {
        let mut inner = self.lock();
        let cause = match &delivery {
            Delivery::Picture(picture) => Some(picture.cause),
            Delivery::None { cause, .. } => Some(*cause),
            Delivery::Card { .. } => None,
        };
        if let Delivery::Picture(CardPicture { took: Some(took), .. }) = &delivery {
            inner.lead.took(*took);
        }
        // The answer to a shot that was given up is not the answer to the next one: somebody else may sit by then.
        let is_shot = inner.awaited.is_some_and(|number| cause == Some(Cause::Asked(number)));
        if is_shot && inner.shot.is_none() {
            inner.shot = Some(delivery);
        } else if inner.deliveries.len() < MAX_DELIVERIES {
            inner.deliveries.push_back(delivery);
        }
        self.changed.notify_all();
    }

    /// From the release to the exposure.
    pub(crate) fn lead(&self) -> Duration {
        let inner = self.lock();
        match inner.own_shutter {
            true => inner.lead.of_own_shutter(),
            false => Lead::of_stream(inner.period),
        }
    }

    pub(crate) fn has_own_shutter(&self) -> bool {
        self.lock().own_shutter
    }

    pub(crate) fn wish(&self, wish: Wish) {
        let mut inner = self.lock();
        if inner.wishes.len() < MAX_DELIVERIES {
            inner.wishes.push(wish);
        }
    }

    /// Releases the camera's own shutter and waits for what comes of it; `Err` with the state when nothing does.
    pub(crate) fn shoot(&self, deadline: Instant) -> Result<Delivery, CameraState> {
        let mut guard = self.lock();
        guard.asked += 1;
        let number = guard.asked;
        (guard.awaited, guard.shot) = (Some(number), None);
        guard.wishes.push(Wish::Release(number));
        let timeout = deadline.saturating_duration_since(Instant::now());
        let waits =
            |inner: &mut Inner| inner.shot.is_none() && !inner.stopping && inner.state == CameraState::Streaming;
        let (mut inner, _) = self
            .changed
            .wait_timeout_while(guard, timeout, waits)
            .unwrap_or_else(PoisonError::into_inner);
        // Whatever comes later is a picture nobody waits for, and a release that was not passed on yet is not to fall any more.
        inner.awaited = None;
        inner.wishes.retain(|wish| *wish != Wish::Release(number));
        let state = inner.state.clone();
        inner.shot.take().ok_or(state)
    }

    /// Waits for what came besides the shots that were waited for.
    pub(crate) fn next_delivery(&self, timeout: Duration) -> Option<Delivery> {
        let guard = self.lock();
        let (mut inner, _) = self
            .changed
            .wait_timeout_while(guard, timeout, |inner| inner.deliveries.is_empty() && !inner.stopping)
            .unwrap_or_else(PoisonError::into_inner);
        inner.deliveries.pop_front()
    }
}
