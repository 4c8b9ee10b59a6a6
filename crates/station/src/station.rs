//! The running station: opens the store, starts the named, bounded threads, and stops them again.
use crate::board::Board;
use crate::bus::{Bus, SystemBus};
use crate::clock::{Clock, SystemClock, new_uuid};
use crate::core::Core;
use crate::desk::Desk;
use crate::embedded::Embedded;
use crate::key::{KeyFault, unlock};
use crate::picture::Picture;
use crate::session::{Rules, Session};
use crate::sources::Refused;
use crate::trouble::Trouble;
use assess::{Assessor, Specs};
use domain::CollectionCodeDecoder;
use domain::code::{DemoDecoder, OpaqueDecoder};
use ipc::{Call, Fault};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::Store;

/// How long an accepted photo can be taken back before it leaves the station.
const UNDO_MS: i64 = 8_000;
/// The clock thread's pace.
const TICK: Duration = Duration::from_millis(40);
/// Longest wait for a camera to be let go in order.
const CLOSING: Duration = Duration::from_secs(2);
/// How often camera, queue and disk are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// How to open a station.
pub struct Opening {
    /// Where it keeps its data.
    pub data: PathBuf,
    /// Pictures for the replay camera.
    pub frames: Option<PathBuf>,
    /// Demo codes are decoded, the demo campaign and an embedded center are set up.
    pub demo: bool,
    /// How long an accepted photo can be taken back.
    pub undo_ms: i64,
    /// Rules of the desk.
    pub rules: Rules,
    /// Whether the live view is looked at and the camera found: off for commands that only read or write the store.
    pub camera: CameraUse,
    /// Where its neighbours on the LAN are told whom it has collected; absent to keep silent.
    pub lan: Option<lan::Place>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where cameras are found.
    pub bus: Arc<dyn Bus>,
}

/// Whether a station uses a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraUse {
    /// Finds one and looks at its live view.
    Live,
    /// Takes the one it is given and does not look at the live view.
    ShotsOnly,
    /// Uses none.
    None,
}

impl Opening {
    /// A station at work.
    pub fn new(data: PathBuf, frames: Option<PathBuf>) -> Self {
        Self {
            data,
            frames,
            demo: false,
            undo_ms: UNDO_MS,
            rules: Rules::default(),
            camera: CameraUse::Live,
            lan: None,
            clock: Arc::new(SystemClock::default()),
            bus: Arc::new(SystemBus),
        }
    }

    /// A station at work that speaks to its neighbours on the LAN.
    pub fn among_neighbours(data: PathBuf, frames: Option<PathBuf>) -> Self {
        Self {
            lan: Some(lan::Place::default()),
            ..Self::new(data, frames)
        }
    }

    /// A station that plays the demo.
    pub fn demo(data: PathBuf, frames: Option<PathBuf>) -> Self {
        Self {
            demo: true,
            ..Self::new(data, frames)
        }
    }
}

/// A station that could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data folder.
    #[error("opening {path}: {source}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The models.
    #[error(transparent)]
    Models(#[from] assess::AssessError),
    /// The standards.
    #[error(transparent)]
    Specs(#[from] assess::SpecError),
    /// What it found in its store, or the camera.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// A thread.
    #[error("starting the {name} thread: {source}")]
    Thread {
        /// Which.
        name: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The demo.
    #[error("setting up the demo: {0}")]
    Demo(#[from] crate::demo::DemoError),
}

impl OpenError {
    /// The stable code a window or a script goes by.
    pub fn code(&self) -> &'static str {
        use store::{KeyError, StoreError};
        match self {
            Self::Folder { .. } => "data_folder",
            Self::Key(KeyFault::Secret { .. }) => "key_secret",
            Self::Key(KeyFault::Key(e)) | Self::Store(StoreError::Key(e)) => match e {
                KeyError::WrongSecret => "wrong_secret",
                KeyError::DiskFull { .. } => "disk_full",
                _ => "key",
            },
            Self::Store(StoreError::WrongKey) => "wrong_key",
            Self::Store(StoreError::Newer { .. }) => "newer_database",
            Self::Store(StoreError::Corrupt { .. }) => "store_damaged",
            Self::Store(StoreError::Busy { .. }) => "store_busy",
            Self::Store(StoreError::DiskFull { .. }) => "disk_full",
            Self::Store(_) => "store",
            Self::Models(_) => "models",
            Self::Specs(_) => "specs",
            Self::Trouble(trouble) => trouble.code().0,
            Self::Thread { .. } => "thread",
            Self::Demo(_) => "demo",
        }
    }
}

/// A running station.
pub struct Station {
    core: Arc<Core>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// The demo's.
    center: Mutex<Option<Embedded>>,
    /// Drives the pump.
    runtime: Mutex<Option<tokio::runtime::Runtime>>,
}

impl Station {
    /// Opens the store, finds the camera, starts the threads and, once enrolled, the pump.
    ///
    /// # Errors
    /// When the folder, the key, the store, the models or a thread fail.
    pub fn open(opening: Opening) -> Result<Self, OpenError> {
        crate::memory::share_one_pool();
        let folder = |source| OpenError::Folder {
            path: opening.data.clone(),
            source,
        };
        std::fs::create_dir_all(&opening.data).map_err(folder)?;
        let key = unlock(&opening.data)?;
        let store = Store::open(&opening.data.join("store"), &key)?;
        let (capture_jobs, captures) = crossbeam_channel::bounded(1);
        let (assess_jobs, assessments) = crossbeam_channel::bounded(4);
        let decoder: Box<dyn CollectionCodeDecoder> = if opening.demo {
            Box::new(DemoDecoder)
        } else {
            Box::new(OpaqueDecoder)
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("link")
            .enable_all()
            .build()
            .map_err(|source| OpenError::Thread { name: "link", source })?;
        let core = Arc::new(Core {
            runtime: runtime.handle().clone(),
            store,
            boot_id: new_uuid(opening.clock.as_ref()).to_string(),
            slept: crate::sleep::Told::new(opening.clock.slept_ms()),
            bus: opening.bus,
            clock: opening.clock,
            assessor: Assessor::new()?,
            specs: Specs::builtin()?,
            decoder,
            board: Board::default(),
            turn: Mutex::new(()),
            capture_jobs,
            assess_jobs,
            link: Mutex::new(None),
            lan: crate::lan::Lan::at(opening.lan),
            demo: opening.demo,
            frames: opening.frames,
            undo_ms: opening.undo_ms,
            stopping: AtomicBool::new(false),
            desk: Mutex::new(Desk::new(Session::new(opening.rules))),
            camera: Mutex::new(None),
            kiosk: Mutex::default(),
            folder: Mutex::new(None),
            review: Default::default(),
        });
        core.load_operator()?;
        core.apply_preferences(&core.preferences()?);
        core.recover()?;
        core.load_campaign()?;
        if opening.camera == CameraUse::Live {
            core.find_camera()?;
            core.resume_folder()?;
        }
        let station = Self {
            core,
            threads: Mutex::default(),
            center: Mutex::new(None),
            runtime: Mutex::new(Some(runtime)),
        };
        station.spawn("capture", move |core| {
            run_jobs(&core, &captures, |target| core.capture(target));
        })?;
        station.spawn("assess", move |core| {
            run_jobs(&core, &assessments, |job| core.judge(&job));
        })?;
        station.spawn("clock", |core| core.keep_time())?;
        if opening.camera != CameraUse::None {
            station.spawn("card", |core| core.watch_card())?;
        }
        if opening.camera == CameraUse::Live {
            station.spawn("live", |core| core.watch_live())?;
            station.spawn("codes", |core| core.watch_codes())?;
            station.spawn("cameras", |core| core.watch_bus())?;
        }
        station.core.start_lan()?;
        station.start_link();
        if opening.demo {
            let embedded = crate::demo::set_up(&station.core, &opening.data)?;
            let central = embedded.central.clone();
            station.spawn("reviewer", move |core| core.review_demo(&central))?;
            *station.center.lock().unwrap_or_else(PoisonError::into_inner) = Some(embedded);
        }
        Ok(station)
    }

    fn spawn(&self, name: &'static str, body: impl FnOnce(Arc<Core>) + Send + 'static) -> Result<(), OpenError> {
        let core = Arc::clone(&self.core);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || body(core));
        let thread = thread.map_err(|source| OpenError::Thread { name, source })?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// One call of a window.
    ///
    /// # Errors
    /// A code the window words, and values for the words.
    pub fn call(&self, call: Call) -> Result<serde_json::Value, Fault> {
        self.core.call(call)
    }

    /// A picture for a window.
    pub fn picture(&self, path: &str, query: &str) -> Picture {
        self.core.picture(path, query)
    }

    /// Starts the pump when the station knows a center.
    fn start_link(&self) {
        if let Err(trouble) = self.core.start_link() {
            let fault = trouble.fault();
            self.core
                .notify("error", &fault.code, &[("detail", trouble.to_string())]);
        }
    }

    /// Stops the threads and the pump. What is queued stays queued.
    pub fn close(&self) {
        self.core.stopping.store(true, Ordering::Relaxed);
        self.core.stop_link();
        self.core.stop_lan();
        self.core.board.bump();
        self.core.put_folder(None);
        for thread in std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner)) {
            // A thread that panicked has said so on standard error; the others still end in order.
            let _ = thread.join();
        }
        if let Some(runtime) = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take() {
            runtime.shutdown_timeout(Duration::from_secs(3));
        }
        drop(self.center.lock().unwrap_or_else(PoisonError::into_inner).take());
        let camera = self.core.camera.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(seat) = camera {
            seat.handle.let_go();
            // A driver that hangs keeps nobody from going home; the system takes the camera back with the program.
            let _ = seat.handle.wait_closed(CLOSING);
        }
    }
}

/// The use cases of the station.
impl std::ops::Deref for Station {
    type Target = Arc<Core>;
    fn deref(&self) -> &Arc<Core> {
        &self.core
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.close();
    }
}

/// Takes jobs until the station closes.
fn run_jobs<T>(core: &Core, jobs: &crossbeam_channel::Receiver<T>, mut work: impl FnMut(T)) {
    while !core.is_stopping() {
        if let Ok(job) = jobs.recv_timeout(LOOK) {
            work(job);
        }
    }
}

impl Core {
    /// Accepts what is due and looks at camera, queue and disk. Runs on the clock thread until the station closes.
    fn keep_time(&self) {
        let (mut looked, mut seen) = (Instant::now(), self.surroundings());
        let mut refused = Refused::default();
        let mut lost = false;
        while !self.is_stopping() {
            self.mind_sleep();
            std::thread::sleep(self.count_down().map_or(TICK, |left| left.min(TICK)));
            self.mind_sleep();
            if self.desk().session.accepts_itself(self.clock.mono_ms()) {
                if self.sat_through_sleep() {
                    self.desk().session.hold();
                } else {
                    self.accept_when_due();
                }
            }
            self.wake_for_what_leaves();
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                self.forget_silent_guest();
                self.tell_refused_knobs(&mut refused);
                let now = self.surroundings();
                if now != seen {
                    self.tell_of_camera(&mut lost, &seen.camera, &now.camera);
                    seen = now;
                    self.board.bump();
                }
            }
        }
    }
}

/// The platform's folder for this user's data.
pub fn default_data_dir() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        from("HOME").map(|h| h.join("Library/Application Support"))
    } else {
        from("XDG_DATA_HOME").or_else(|| from("HOME").map(|h| h.join(".local/share")))
    };
    base.map(|b| b.join("xueying"))
}
