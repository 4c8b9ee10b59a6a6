//! How do the others see the camera? By the newest frame, the state, and a shot on demand.
use crate::card::{CardFile, Delivery, Wish};
use crate::fault::{CameraError, CameraState, Reason};
use crate::frame::{Frame, Still};
use crate::gate;
use crate::identity::CameraId;
use crate::shared::{Counters, Report, Shared, Waited};
use crate::source::{Source, StopSign};
use crate::supervise::{self, Limits};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest wait for the file of a shot: focus, exposure, and 24 megapixels over a slow cable.
const OWN_SHUTTER: Duration = Duration::from_secs(10);

/// A running camera. Dropping it tells the owner thread to end and to close the camera, and waits for neither: a driver may hang.
#[derive(Debug)]
pub struct CameraHandle {
    id: CameraId,
    name: String,
    shared: Arc<Shared>,
    owner: Option<JoinHandle<()>>,
}

/// A cheap copyable look at the frames of a camera for readers in other threads.
#[derive(Debug, Clone)]
pub struct FrameWatch {
    shared: Arc<Shared>,
}

impl CameraHandle {
    /// Starts the owner thread `camera`. It opens the source and keeps it open until [`Self::stop`].
    ///
    /// When the system gives no thread, the state is `Failed` from the beginning.
    pub fn start(mut source: Box<dyn Source>, limits: Limits) -> Self {
        let (id, name) = (source.id(), source.name());
        let shared = Arc::new(Shared::new());
        let theirs = Arc::clone(&shared);
        source.heed(StopSign(Arc::clone(&shared)));
        let work = move || {
            let failed = CameraState::Failed { reason: Reason::Thread };
            // A panic in a backend must show as a state, not as a picture that stands still for ever.
            if catch_unwind(AssertUnwindSafe(|| supervise::run(source, &limits, &theirs))).is_err() {
                theirs.set_state(failed);
            }
            theirs.end();
        };
        let owner = std::thread::Builder::new().name("camera".to_owned()).spawn(work).ok();
        if owner.is_none() {
            shared.set_state(CameraState::Failed { reason: Reason::Thread });
            shared.end();
        }
        Self {
            id,
            name,
            shared,
            owner,
        }
    }

    /// Which camera this is.
    pub fn id(&self) -> &CameraId {
        &self.id
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How the camera is.
    pub fn state(&self) -> CameraState {
        self.shared.state()
    }

    /// State, size, measured rate and counts in one look.
    pub fn report(&self) -> Report {
        self.shared.report()
    }

    /// The newest frame; absent before the first one and while there is no camera.
    pub fn newest(&self) -> Option<Arc<Frame>> {
        self.shared.newest()
    }

    /// Waits for a frame with a sequence number above `after`; absent after the timeout.
    pub fn wait_newer(&self, after: u64, timeout: Duration) -> Option<Arc<Frame>> {
        self.shared.wait_newer(after, timeout)
    }

    /// Takes a shot: waits for a frame that begins after this call, so it never shows who sat there before, and decodes it
    /// strictly in the calling thread; a damaged one is passed over for the next. The bytes are the camera's, untouched.
    ///
    /// # Errors
    /// `NotReady` at once while the camera is absent, busy or failed; `NoStill` when no whole frame came in time.
    pub fn capture(&self, timeout: Duration) -> Result<Still, CameraError> {
        let called = Instant::now();
        if self.shared.has_own_shutter() {
            return self.release(called, timeout.max(OWN_SHUTTER));
        }
        let deadline = called + timeout;
        let (mut after, mut damaged) = (0, 0);
        loop {
            match self.shared.wait_begun(called, after, deadline) {
                Waited::Frame(frame) => match gate::strict(&frame.jpeg, Some(frame.size)) {
                    Ok(size) => {
                        return Ok(Still {
                            jpeg: Arc::clone(&frame.jpeg),
                            size,
                            sequence: frame.sequence,
                            taken: frame.at,
                            card: None,
                        });
                    }
                    Err(refusal) => {
                        self.shared.refuse(&refusal);
                        damaged += 1;
                        after = frame.sequence;
                    }
                },
                Waited::Gone(state) => return Err(CameraError::NotReady { state }),
                Waited::TimedOut(state) => {
                    return Err(CameraError::NoStill {
                        waited: timeout,
                        damaged,
                        state,
                    });
                }
            }
        }
    }

    /// The frames that began within this time, before a shot: the newest `most` of them that are whole, the oldest first. None older than
    /// 300 ms, and none of a camera with a shutter of its own.
    pub fn before(&self, since: Instant, until: Instant, most: usize) -> Vec<Still> {
        if self.shared.has_own_shutter() {
            return Vec::new();
        }
        let frames = self.shared.recent(since, until);
        let newest = frames.iter().skip(frames.len().saturating_sub(most));
        let whole = |frame: &Arc<Frame>| {
            let size = gate::strict(&frame.jpeg, Some(frame.size)).ok()?;
            Some(Still {
                jpeg: Arc::clone(&frame.jpeg),
                size,
                sequence: frame.sequence,
                taken: frame.at,
                card: None,
            })
        };
        newest.filter_map(whole).collect()
    }

    /// A shot of a camera with a shutter of its own: the file it writes, decoded strictly.
    fn release(&self, called: Instant, timeout: Duration) -> Result<Still, CameraError> {
        let none = |damaged, state| CameraError::NoStill {
            waited: timeout,
            damaged,
            state,
        };
        let picture = match self.shared.shoot(called + timeout) {
            Ok(Delivery::Picture(picture)) => picture,
            Ok(Delivery::None { why, .. }) => {
                return Err(CameraError::Library {
                    camera: self.id.clone(),
                    doing: "releasing the shutter of",
                    message: why,
                });
            }
            Ok(Delivery::Card { .. }) => return Err(none(0, self.state())),
            Err(CameraState::Streaming) => return Err(none(0, CameraState::Streaming)),
            Err(state) => return Err(CameraError::NotReady { state }),
        };
        match gate::strict(&picture.jpeg, None) {
            Ok(size) => Ok(Still {
                jpeg: picture.jpeg,
                size,
                sequence: self.shared.counters().accepted,
                taken: called,
                card: Some(picture.file),
            }),
            Err(refusal) => {
                self.shared.refuse(&refusal);
                Err(none(1, self.state()))
            }
        }
    }

    /// From [`Self::capture`] to the exposure, as earlier shots and frames tell.
    pub fn lead(&self) -> Duration {
        self.shared.lead()
    }

    /// Whether a shot is a file of the camera's card instead of a frame of the stream; known once it was open.
    pub fn has_own_shutter(&self) -> bool {
        self.shared.has_own_shutter()
    }

    /// Asks for a file of the card; it is delivered later.
    pub fn fetch(&self, file: CardFile) {
        self.shared.wish(Wish::Fetch(file));
    }

    /// Asks for the card's list; it is delivered later. It is also delivered at each opening.
    pub fn list_card(&self) {
        self.shared.wish(Wish::List);
    }

    /// Waits for what such a camera hands over besides the shots it was asked for.
    pub fn next_delivery(&self, timeout: Duration) -> Option<Delivery> {
        self.shared.next_delivery(timeout)
    }

    /// How many frames went which way.
    pub fn counters(&self) -> Counters {
        self.shared.counters()
    }

    /// A look at the frames that other threads may keep.
    pub fn watch(&self) -> FrameWatch {
        FrameWatch {
            shared: Arc::clone(&self.shared),
        }
    }

    /// Closes the camera and opens it again at once, without the wait after a loss: the computer slept, and what was open is dead.
    pub fn open_anew(&self) {
        self.shared.open_anew();
    }

    /// Tells the owner thread to end and to close the camera, and does not wait for it.
    pub fn let_go(&self) {
        self.shared.stop();
    }

    /// Waits until the camera is closed, after [`Self::let_go`]; says whether it is.
    pub fn wait_closed(&self, timeout: Duration) -> bool {
        self.shared.wait_ended(timeout)
    }

    /// Stops the owner thread and closes the camera; returns when both are done.
    pub fn stop(mut self) {
        self.shared.stop();
        if let Some(owner) = self.owner.take() {
            // A panic was already turned into a state inside the thread.
            let _ = owner.join();
        }
    }
}

impl Drop for CameraHandle {
    fn drop(&mut self) {
        self.shared.stop();
    }
}

impl FrameWatch {
    /// How the camera is.
    pub fn state(&self) -> CameraState {
        self.shared.state()
    }

    /// The newest frame.
    pub fn newest(&self) -> Option<Arc<Frame>> {
        self.shared.newest()
    }

    /// Waits for a frame with a sequence number above `after`; absent after the timeout and at once when the camera is closed.
    pub fn wait_newer(&self, after: u64, timeout: Duration) -> Option<Arc<Frame>> {
        self.shared.wait_newer(after, timeout)
    }

    /// Whether the handle was stopped: no frame will come any more.
    pub fn is_closed(&self) -> bool {
        self.shared.stopping()
    }
}
