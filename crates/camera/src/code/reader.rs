//! Which codes are held before the camera? A thread of its own looks at some of the frames and reports each code once.
use super::{Code, Effort, Luma, read};
use crate::handle::FrameWatch;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use photo::Limits;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often the reader looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Every so many frames one is looked at.
    pub every_frames: u64,
    /// Of the frames looked at, every so many one is looked at thoroughly.
    pub thorough_every: u32,
    /// A code that was out of sight for so long is reported again.
    pub forget_after: Duration,
    /// Sightings that wait to be fetched; while it is full, codes are not taken as reported.
    pub queue: usize,
}

impl Default for Pace {
    /// Every third frame (10 a second), every sixth of these thoroughly, 1.5 s, 8.
    fn default() -> Self {
        Self {
            every_frames: 3,
            thorough_every: 6,
            forget_after: Duration::from_millis(1500),
            queue: 8,
        }
    }
}

/// A code seen in a frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The code.
    pub code: Code,
    /// The frame's sequence number.
    pub sequence: u64,
    /// Time from taking up the frame to having read it.
    pub elapsed: Duration,
}

impl fmt::Debug for Sighting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Sighting({:?} in frame {}, {:?})",
            self.code, self.sequence, self.elapsed
        )
    }
}

/// The thread `code-reader`. It ends with the camera it watches or when this is dropped.
#[derive(Debug)]
pub struct CodeReader {
    sightings: Receiver<Sighting>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Longest wait for a frame, which is how fast a stop is heard.
const PATIENCE: Duration = Duration::from_millis(100);

impl CodeReader {
    /// Starts reading.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(watch: FrameWatch, pace: Pace) -> std::io::Result<Self> {
        let (sender, sightings) = bounded(pace.queue.max(1));
        let stop = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&stop);
        let work = move || Reading::new(pace, sender).run(&watch, &theirs);
        let thread = std::thread::Builder::new().name("code-reader".to_owned()).spawn(work)?;
        Ok(Self {
            sightings,
            stop,
            thread: Some(thread),
        })
    }

    /// Waits for the next sighting; absent after the timeout and when the reader has ended.
    pub fn next(&self, timeout: Duration) -> Option<Sighting> {
        self.sightings.recv_timeout(timeout).ok()
    }

    /// The channel of sightings, for a caller that waits for several things at once.
    pub fn sightings(&self) -> &Receiver<Sighting> {
        &self.sightings
    }
}

impl Drop for CodeReader {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn brightness(jpeg: &[u8]) -> Option<Luma> {
    let (size, grey) = photo::decode_grey(jpeg, &Limits::default()).ok()?;
    Luma::new(size, grey)
}

/// A code that was reported and when it was last in sight.
struct Known {
    payload: Vec<u8>,
    last_seen: Instant,
}

struct Reading {
    pace: Pace,
    sender: Sender<Sighting>,
    known: Vec<Known>,
    looked: u32,
}

impl Reading {
    fn new(pace: Pace, sender: Sender<Sighting>) -> Self {
        Self {
            pace,
            sender,
            known: Vec::new(),
            looked: 0,
        }
    }

    fn run(&mut self, watch: &FrameWatch, stop: &AtomicBool) {
        let mut last = 0;
        while !stop.load(Ordering::Relaxed) && !watch.is_closed() {
            let after = if last == 0 {
                0
            } else {
                last + self.pace.every_frames.max(1) - 1
            };
            let Some(frame) = watch.wait_newer(after, PATIENCE) else {
                continue;
            };
            last = frame.sequence;
            let started = Instant::now();
            // A damaged preview frame is simply not read.
            let Some(luma) = brightness(&frame.jpeg) else {
                continue;
            };
            let codes = read(&luma, self.effort());
            self.report(codes, frame.sequence, started);
            // At most half a core, however long a picture takes.
            let until = Instant::now() + started.elapsed();
            while let Some(left) = until
                .checked_duration_since(Instant::now())
                .filter(|left| !left.is_zero())
            {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                std::thread::sleep(left.min(PATIENCE));
            }
        }
    }

    fn effort(&mut self) -> Effort {
        self.looked = self.looked.wrapping_add(1);
        if self.looked.is_multiple_of(self.pace.thorough_every.max(1)) {
            Effort::Thorough
        } else {
            Effort::Quick
        }
    }

    fn report(&mut self, codes: Vec<Code>, sequence: u64, started: Instant) {
        let now = Instant::now();
        for code in codes {
            if let Some(known) = self.known.iter_mut().find(|known| known.payload == code.payload) {
                known.last_seen = now;
                continue;
            }
            let payload = code.payload.clone();
            let sighting = Sighting {
                code,
                sequence,
                elapsed: started.elapsed(),
            };
            match self.sender.try_send(sighting) {
                Ok(()) => self.known.push(Known {
                    payload,
                    last_seen: now,
                }),
                // Nobody fetches: it stays unknown and is reported when there is room and it is still in sight.
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
            }
        }
        let forget_after = self.pace.forget_after;
        self.known
            .retain(|known| now.duration_since(known.last_seen) < forget_after);
    }
}
