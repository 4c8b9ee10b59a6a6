//! How is a camera kept open? The loop of the owner thread: open, watch, close, wait, open again.
use crate::fault::{CameraError, CameraState};
use crate::gate;
use crate::shared::Shared;
use crate::source::{Cadence, Source, Stream};
use std::time::{Duration, Instant};

/// The times the owner thread works by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A steady camera that gave no good frame for so long is stalled.
    pub watchdog: Duration,
    /// Wait before the first try to open again; each further try doubles it.
    pub backoff_first: Duration,
    /// Longest wait between two tries.
    pub backoff_most: Duration,
    /// Longest single wait for a frame, which is how fast `stop` is heard.
    pub patience: Duration,
}

impl Default for Limits {
    /// 1.5 s, 250 ms, 2 s (design "Cameras") and 100 ms.
    fn default() -> Self {
        Self {
            watchdog: Duration::from_millis(1500),
            backoff_first: Duration::from_millis(250),
            backoff_most: Duration::from_secs(2),
            patience: Duration::from_millis(100),
        }
    }
}

/// Why a stream ended.
enum End {
    Stopped,
    Stalled,
    Lost(CameraError),
}

/// Runs until the handle stops.
pub(crate) fn run(mut source: Box<dyn Source>, limits: &Limits, shared: &Shared) {
    let mut wait = limits.backoff_first;
    while !shared.stopping() {
        match source.open() {
            Ok(stream) => {
                let before = shared.counters().accepted;
                match play(stream, limits, shared) {
                    End::Stopped => return,
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
        wait = (wait * 2).min(limits.backoff_most);
    }
}

fn play(mut stream: Box<dyn Stream>, limits: &Limits, shared: &Shared) -> End {
    let negotiated = stream.negotiated();
    shared.opened(&negotiated);
    let mut to_settle = negotiated.settle_frames;
    let mut last_good = Instant::now();
    while !shared.stopping() {
        let patience = match negotiated.cadence {
            Cadence::OnDemand => limits.patience,
            Cadence::Steady { .. } => {
                let left = limits.watchdog.saturating_sub(last_good.elapsed());
                if left.is_zero() {
                    // Said before the stream is closed: closing a hung device may take its time.
                    shared.set_state(CameraState::Stalled);
                    return End::Stalled;
                }
                left.min(limits.patience)
            }
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
            }
            Ok(raw) => match gate::walk(&raw.jpeg, negotiated.size) {
                Ok(size) => {
                    shared.accept(raw, size);
                    last_good = Instant::now();
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
