//! How do pictures come in that another program writes? The universal path for DSLRs: their tether program saves JPEGs into a
//! folder, and each one is taken once, when it is whole.
//!
//! Events of the file system are hints only; the folder is looked through every second, which is also how network shares
//! work. A file is read when its size and time have been quiet for a while, and taken when its markers reach the end of the
//! picture and it decodes strictly; until then it waits, and after a minute it counts as stuck. Nothing in the folder is ever
//! changed, moved or deleted. The same bytes under another name are the same picture.
mod ledger;
mod look;
mod whole;

pub use ledger::Mark;
pub use whole::{NotWhole, whole};

use domain::SizePx;
use ledger::Ledger;
use notify::{RecursiveMode, Watcher};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The times a hot folder works by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long size and time must be quiet before a file is read.
    pub quiet: Duration,
    /// The same after its writer has closed it or renamed it into place.
    pub quiet_closed: Duration,
    /// How often the folder is looked through.
    pub rescan: Duration,
    /// After how long a file that is not whole counts as stuck.
    pub stuck: Duration,
}

impl Default for Limits {
    /// 700 ms, 50 ms, 1 s and 60 s (design "Cameras").
    fn default() -> Self {
        Self {
            quiet: Duration::from_millis(700),
            quiet_closed: Duration::from_millis(50),
            rescan: Duration::from_secs(1),
            stuck: Duration::from_secs(60),
        }
    }
}

/// A whole picture.
pub struct Arrival {
    /// The file's bytes, untouched.
    pub jpeg: Arc<[u8]>,
    /// Stored size, before any EXIF orientation.
    pub size: SizePx,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// When the file was first seen: not before the shutter, and by the time it took to arrive later.
    pub seen: Seen,
}

/// When the first byte of a file was seen, and how well that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The system, or the camera, told of it then.
    Told(Instant),
    /// It was found by looking, as on a network share: it may have been there for a while.
    Found(Instant),
    /// It was there before anybody looked.
    Before,
}

/// What became of a picture that was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is safe on disk.
    Stored,
    /// It could not be kept now: it is offered again.
    Later,
}

/// Who takes the pictures. Called on the folder's own thread, one picture at a time.
pub trait Taker: Send {
    /// Whether these bytes are kept already, for example from before a restart.
    fn holds(&mut self, sha256: &[u8; 32]) -> bool;
    /// Keeps a picture. The next one waits for the answer.
    fn take(&mut self, arrival: Arrival) -> Taken;
}

/// The folder in one look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The folder can be read.
    pub is_there: bool,
    /// Pictures handed over and kept.
    pub taken: u64,
    /// Files whose bytes were kept already.
    pub same: u64,
    /// Files that are not whole yet or could not be kept.
    pub waiting: u32,
    /// Of those, the ones that have waited too long.
    pub stuck: u32,
    /// Names of the stuck ones without the way to them, the longest waiting first; at most five.
    pub stuck_names: Vec<String>,
}

/// A watched folder. Dropping it stops the thread `hot-folder`.
#[derive(Debug)]
pub struct HotFolder {
    report: Arc<Mutex<Report>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl HotFolder {
    /// Starts watching. Files with one of the marks are left alone: they were there before anybody wanted them.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        folder: PathBuf,
        limits: Limits,
        passed: HashSet<Mark>,
        taker: Box<dyn Taker>,
    ) -> std::io::Result<Self> {
        let report = Arc::new(Mutex::new(Report::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, hints) = crossbeam_channel::bounded(MAX_HINTS);
        let mut keeper = Keeper {
            sender,
            hints,
            lost: Arc::default(),
            folder,
            limits,
            ledger: Ledger::new(passed),
            taker,
            report: Arc::clone(&report),
            stop: Arc::clone(&stop),
        };
        let thread = std::thread::Builder::new()
            .name("hot-folder".to_owned())
            .spawn(move || keeper.run())?;
        Ok(Self {
            report,
            stop,
            thread: Some(thread),
        })
    }

    /// How it is.
    pub fn report(&self) -> Report {
        self.report.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for HotFolder {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

/// The marks of the pictures in a folder, to be left alone later.
///
/// # Errors
/// When it cannot be read.
pub fn inventory(folder: &Path) -> std::io::Result<HashSet<Mark>> {
    Ok(look::files(folder)?.iter().map(|f| Mark::of(folder, f)).collect())
}

/// An event of the file system with the moment it was told of.
type Hint = (Instant, notify::Event);

/// The thread's own.
struct Keeper {
    folder: PathBuf,
    limits: Limits,
    ledger: Ledger,
    taker: Box<dyn Taker>,
    report: Arc<Mutex<Report>>,
    stop: Arc<AtomicBool>,
    sender: crossbeam_channel::Sender<Hint>,
    hints: crossbeam_channel::Receiver<Hint>,
    /// Events were lost since the folder was last looked through: the first one of a file may be among them.
    lost: Arc<AtomicBool>,
}

/// Longest wait between two looks at the stop sign.
const PATIENCE: Duration = Duration::from_millis(50);
/// Events that wait. A full channel loses some; the next look through the folder makes up for them.
const MAX_HINTS: usize = 4096;

impl Keeper {
    fn run(&mut self) {
        let (sender, lost) = (self.sender.clone(), Arc::clone(&self.lost));
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // The moment belongs to the file, not to whenever the thread has time for it.
            let told = Instant::now();
            let is_lost = match event {
                Ok(event) => event.need_rescan() || sender.try_send((told, event)).is_err(),
                Err(_) => true,
            };
            lost.fetch_or(is_lost, Ordering::Relaxed);
        });
        let mut watcher = watcher.ok();
        let mut watched = false;
        let mut was_there = false;
        let mut looked: Option<Instant> = None;
        while !self.stop.load(Ordering::Relaxed) {
            self.heed_all();
            if looked.is_none_or(|at| at.elapsed() >= self.limits.rescan) {
                looked = Some(Instant::now());
                let is_there = self.look_through(was_there);
                was_there = is_there;
                // A folder that went away takes its watch with it.
                watched &= is_there;
                if is_there && !watched {
                    let watch = |w: &mut notify::RecommendedWatcher| w.watch(&self.folder, RecursiveMode::Recursive);
                    watched = watcher.as_mut().is_some_and(|w| watch(w).is_ok());
                }
            }
            self.take_what_is_due();
            self.publish();
            let wait = self.ledger.next_due(&self.limits).unwrap_or(PATIENCE).min(PATIENCE);
            if let Ok(hint) = self.hints.recv_timeout(wait) {
                self.heed(&hint);
            }
        }
    }

    fn look_through(&mut self, was_there: bool) -> bool {
        // Before it looks: what is lost while it does is for the next time.
        self.lost.store(false, Ordering::Relaxed);
        let files = look::files(&self.folder);
        let is_there = files.is_ok();
        self.report.lock().unwrap_or_else(PoisonError::into_inner).is_there = is_there;
        if let Ok(files) = files {
            let now = Instant::now();
            let seen = if was_there { Seen::Found(now) } else { Seen::Before };
            self.ledger.seen(&self.folder, &files, seen, now);
        }
        is_there
    }

    fn heed_all(&mut self) {
        for _ in 0..MAX_HINTS {
            match self.hints.try_recv() {
                Ok(hint) => self.heed(&hint),
                Err(_) => return,
            }
        }
    }

    fn heed(&mut self, (told, event): &Hint) {
        let closed = look::is_closing(&event.kind);
        let seen = match self.lost.load(Ordering::Relaxed) {
            true => Seen::Found(*told),
            false => Seen::Told(*told),
        };
        for path in &event.paths {
            if let Some(file) = look::file(path) {
                self.ledger.hinted(&self.folder, &file, closed, seen, Instant::now());
            }
        }
    }

    /// Reads what has been quiet, oldest first, and hands over what is whole.
    fn take_what_is_due(&mut self) {
        for path in self.ledger.due(&self.limits, Instant::now()) {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            self.take(&path);
            // With hundreds of files due this takes minutes: what comes meanwhile is noted when it comes.
            self.heed_all();
        }
    }

    fn take(&mut self, path: &Path) {
        let now = Instant::now;
        let Some((before, bytes, after)) = look::read(path) else {
            return self.ledger.not_whole(path, now());
        };
        // It changed under the reader's hands.
        if before != after || bytes.len() as u64 != before.bytes {
            return self.ledger.not_whole(path, now());
        }
        let Ok(size) = whole(&bytes) else {
            return self.ledger.not_whole(path, now());
        };
        let sha256 = photo::sha256(&bytes);
        let report = Arc::clone(&self.report);
        let count = |add: fn(&mut Report)| add(&mut report.lock().unwrap_or_else(PoisonError::into_inner));
        if self.ledger.holds(&sha256) || self.taker.holds(&sha256) {
            self.ledger.taken(path, &before, sha256);
            return count(|r| r.same += 1);
        }
        let arrival = Arrival {
            jpeg: bytes.into(),
            size,
            sha256,
            seen: self.ledger.first_seen(path).unwrap_or(Seen::Found(now())),
        };
        match self.taker.take(arrival) {
            Taken::Stored => {
                self.ledger.taken(path, &before, sha256);
                count(|r| r.taken += 1);
            }
            Taken::Later => self.ledger.not_whole(path, now()),
        }
    }

    fn publish(&self) {
        let (waiting, stuck) = self.ledger.waiting(&self.limits, Instant::now());
        let stuck_names = self.ledger.stuck_names(&self.limits, Instant::now());
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        (report.waiting, report.stuck) = (waiting, stuck);
        report.stuck_names = stuck_names;
    }
}
