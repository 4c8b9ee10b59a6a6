//! How is a camera kept open? The loop of the owner thread: open, watch, close, wait, open again.
use crate::fault::{CameraError, CameraState};
use crate::gate;
use crate::shared::Shared;
use crate::source::{Cadence, Source, Stream};
use std::time::{Duration, Instant};

/// The times the owner thread works by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A steady camera that gave no good frame for so long is stalled; a slow one is given [`SLOW`] of its intervals.
    pub watchdog: Duration,
    /// As long as this may pass between the opening and the first frame: the sensor wakes, exposure and focus are found.
    pub first_frame: Duration,
    /// Wait before the first try to open again; each further try doubles it.
    pub backoff_first: Duration,
    /// Longest wait between two tries.
    pub backoff_most: Duration,
    /// Longest single wait for a frame, which is how fast `stop` is heard.
    pub patience: Duration,
}

impl Default for Limits {
    /// 1.5 s, 5 s for the first frame, 250 ms, 2 s (design "Cameras") and 100 ms.
    fn default() -> Self {
        Self {
            watchdog: Duration::from_millis(1500),
            first_frame: Duration::from_secs(5),
            backoff_first: Duration::from_millis(250),
            backoff_most: Duration::from_secs(2),
            patience: Duration::from_millis(100),
        }
    }
}

/// Intervals a slow camera may be silent for: one frame may be lost, and the next be late.
const SLOW: u32 = 3;
/// Slowest rate that is believed; below it a camera would be waited for longer than a person waits.
const SLOWEST_FPS: f32 = 0.2;

/// Why a stream ended.
enum End {
    Stopped,
    Stalled,
    Lost(CameraError),
    /// It is to be opened anew, at once.
    Anew,
}

/// How long a stream may still be silent.
struct Watchdog {
    /// Longest silence between two frames and before the first; absent where silence is normal.
    most: Option<(Duration, Duration)>,
    began: Instant,
    fed: Option<Instant>,
}

impl Watchdog {
    fn new(limits: &Limits, cadence: Cadence) -> Self {
        let most = match cadence {
            Cadence::OnDemand => None,
            Cadence::Steady { fps } => {
                let fps = if fps.is_finite() {
                    fps.max(SLOWEST_FPS)
                } else {
                    SLOWEST_FPS
                };
                let slow = Duration::from_secs_f32(1.0 / fps) * SLOW;
                Some((limits.watchdog.max(slow), limits.first_frame.max(slow)))
            }
        };
        Self {
            most,
            began: Instant::now(),
            fed: None,
        }
    }

    /// The camera gave something.
    fn feed(&mut self) {
        self.fed = Some(Instant::now());
    }

    /// How long the next frame may be waited for; absent when the time is over.
    fn left(&self, patience: Duration) -> Option<Duration> {
        let Some((between, first)) = self.most else {
            return Some(patience);
        };
        let left = match self.fed {
            Some(fed) => between.saturating_sub(fed.elapsed()),
            None => first.saturating_sub(self.began.elapsed()),
        };
        (!left.is_zero()).then(|| left.min(patience))
    }
}

/// Runs until the handle stops.
pub(crate) fn run(mut source: Box<dyn Source>, limits: &Limits, shared: &Shared) {
    let mut wait = limits.backoff_first;
    while !shared.stopping() {
        // An opening that begins now is as new as the one that was asked for.
        shared.opens_anew();
        match source.open() {
            Ok(stream) => {
                let before = shared.counters().accepted;
                match play(stream, limits, shared) {
                    End::Stopped => return,
                    End::Anew => {
                        wait = limits.backoff_first;
                        continue;
                    }
                    End::Stalled => {}
                    End::Lost(error) => shared.set_state(error.state()),
                }
                if shared.counters().accepted > before {
                    wait = limits.backoff_first;
                }
            }
            Err(error) => shared.set_state(error.state()),
        }
        shared.pause(wait);
        wait = if shared.is_to_open_anew() {
            limits.backoff_first
        } else {
            (wait * 2).min(limits.backoff_most)
        };
    }
}

fn play(mut stream: Box<dyn Stream>, limits: &Limits, shared: &Shared) -> End {
    let negotiated = stream.negotiated();
    shared.opened(&negotiated, stream.refused_knobs());
    let mut to_settle = negotiated.settle_frames;
    let mut watchdog = Watchdog::new(limits, negotiated.cadence);
    while !shared.stopping() {
        if shared.is_to_open_anew() {
            // Said before the stream is closed: closing a device that lost its power may take its time.
            shared.set_state(CameraState::Opening);
            return End::Anew;
        }
        let Some(patience) = watchdog.left(limits.patience) else {
            shared.set_state(CameraState::Stalled);
            return End::Stalled;
        };
        let came = stream.next(patience);
        if let Some(shutter) = stream.own_shutter()
            && let Err(error) = shared.serve(shutter)
        {
            return End::Lost(error);
        }
        match came {
            Ok(_) if to_settle > 0 => {
                to_settle -= 1;
                shared.settle();
                watchdog.feed();
            }
            Ok(raw) => match gate::walk(&raw.jpeg, negotiated.size) {
                Ok(size) => {
                    shared.accept(raw, size);
                    watchdog.feed();
                }
                Err(refusal) => shared.refuse(&refusal),
            },
            Err(CameraError::NoFrame { .. }) => {}
            Err(CameraError::DamagedFrame { .. }) => shared.refuse_damaged(),
            Err(error) => return End::Lost(error),
        }
    }
    End::Stopped
}
