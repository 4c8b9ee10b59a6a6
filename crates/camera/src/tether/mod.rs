//! How is a camera on a cable used, one that libgphoto2 knows? Through `xueying-tether`, a program of its own beside the station's:
//! its driver may hang or crash without the station, and its licence stays with it. Without the program there are no such cameras.
mod helper;
mod holder;

use crate::card::{CardFile, Delivery, OwnShutter, Wish};
use crate::fault::CameraError;
use crate::frame::RawFrame;
use crate::identity::{CameraId, Descriptor, Kind};
use crate::source::{Cadence, Negotiated, Source, StopSign, Stream};
use helper::{Event, Heard, Helper};
pub use holder::Places;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The program's name.
const PROGRAM: &str = "xueying-tether";
/// Longest time the library takes to find and open a camera.
const OPENING: Duration = Duration::from_secs(15);
/// The program says something twice a second; while it fetches a large file from a slow card it is silent for longer.
const SILENCE: Duration = Duration::from_secs(30);
/// How fast an opening hears that nobody wants the camera any more.
const HEED: Duration = Duration::from_millis(50);
/// Longest time for a list of what is plugged in.
const LISTING: Duration = Duration::from_secs(5);

/// Where the program lies: beside this one, or where cargo puts it for a test.
pub fn program() -> Option<PathBuf> {
    let this = std::env::current_exe().ok()?;
    let beside = this.parent()?;
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let places = [beside.join(&name), beside.parent()?.join(&name)];
    let is_test = beside.file_name().is_some_and(|n| n == "deps");
    places
        .into_iter()
        .take(if is_test { 2 } else { 1 })
        .find(|p| p.is_file())
}

/// The program's word for a missing libgphoto2.
const NO_LIBRARY: &str = "no_library";

/// What a look for cameras on a cable gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// By model. Two of one model are one entry: what tells them apart is known only once one is open.
    pub found: Vec<Descriptor>,
    /// Whether libgphoto2 could be opened at all.
    pub has_library: bool,
}

/// Looks for cameras on a cable.
pub fn survey(program: &Path) -> Survey {
    let mut found: Vec<Descriptor> = Vec::new();
    let (models, failure) = helper::list(program, LISTING);
    for model in models {
        let id = CameraId::Tethered(model.clone());
        if found.iter().all(|d| d.id != id) {
            found.push(Descriptor {
                id,
                name: model,
                kind: Kind::Tethered,
            });
        }
    }
    Survey {
        found,
        has_library: failure.as_deref() != Some(NO_LIBRARY),
    }
}

/// Lists the cameras on a cable ([`survey`]).
pub fn discover(program: &Path) -> Vec<Descriptor> {
    survey(program).found
}

/// A camera on a cable, found again by its model.
#[derive(Debug)]
pub struct TetherCamera {
    model: String,
    program: PathBuf,
    places: Places,
    stop: Option<StopSign>,
}

impl TetherCamera {
    /// The camera of this model.
    pub fn new(model: String, program: PathBuf) -> Self {
        Self {
            model,
            program,
            places: Places::default(),
            stop: None,
        }
    }

    /// Where it is looked for who holds the camera; other folders in tests.
    pub fn with_places(mut self, places: Places) -> Self {
        self.places = places;
        self
    }

    /// Waits for the helper's first word; gives up when nobody wants the camera any more.
    fn first_word(&self, helper: &Helper) -> Heard {
        let end = Instant::now() + OPENING;
        loop {
            match helper.hear(HEED) {
                Heard::Silence if Instant::now() < end => {}
                heard => return heard,
            }
            if self.stop.as_ref().is_some_and(StopSign::is_up) {
                return Heard::Silence;
            }
        }
    }
}

impl Source for TetherCamera {
    fn id(&self) -> CameraId {
        CameraId::Tethered(self.model.clone())
    }

    fn name(&self) -> String {
        self.model.clone()
    }

    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        let id = self.id();
        let helper = Helper::start(&self.program, &self.model).map_err(|source| CameraError::Device {
            camera: id.clone(),
            doing: "starting the program of",
            source,
        })?;
        match self.first_word(&helper) {
            Heard::Event(Event::Opened) => {}
            Heard::Event(Event::Failed { code, port }) => {
                // It may itself have the node open until it is gone.
                drop(helper);
                let holder = port.filter(|_| code == "busy").and_then(|p| self.places.holder(&p));
                return Err(failure(&id, &code, holder));
            }
            Heard::Event(_) | Heard::End => return Err(failure(&id, "driver", None)),
            Heard::Silence => return Err(hung(&id)),
        }
        Ok(Box::new(Tethered {
            id,
            helper,
            heard: Instant::now(),
            deliveries: VecDeque::new(),
        }))
    }

    fn heed(&mut self, stop: StopSign) {
        self.stop = Some(stop);
    }
}

fn failure(id: &CameraId, code: &str, holder: Option<String>) -> CameraError {
    let camera = id.clone();
    match code {
        "absent" => CameraError::Absent { camera },
        "busy" => CameraError::Busy { camera, holder },
        NO_LIBRARY => CameraError::NoLibrary { camera },
        code => CameraError::Library {
            camera,
            doing: "driving",
            message: format!("its program ended ({code})"),
        },
    }
}

fn hung(id: &CameraId) -> CameraError {
    CameraError::Device {
        camera: id.clone(),
        doing: "waiting for",
        source: std::io::ErrorKind::TimedOut.into(),
    }
}

struct Tethered {
    id: CameraId,
    helper: Helper,
    heard: Instant,
    deliveries: VecDeque<Delivery>,
}

impl Stream for Tethered {
    fn negotiated(&self) -> Negotiated {
        // The live picture stands still while the mirror is up and while a file comes: silence is judged here, not by the watchdog.
        Negotiated {
            size: None,
            cadence: Cadence::OnDemand,
            settle_frames: 0,
        }
    }

    fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError> {
        let nothing = CameraError::NoFrame { waited: timeout };
        match self.helper.hear(timeout) {
            Heard::Silence if self.heard.elapsed() > SILENCE => Err(hung(&self.id)),
            Heard::Silence => Err(nothing),
            Heard::End => Err(failure(&self.id, "driver", None)),
            Heard::Event(event) => {
                self.heard = Instant::now();
                match event {
                    Event::Live(jpeg) => Ok(RawFrame {
                        jpeg,
                        began: self.heard,
                    }),
                    Event::Failed { code, .. } => Err(failure(&self.id, &code, None)),
                    Event::Delivery(delivery) => {
                        self.deliveries.push_back(delivery);
                        Err(nothing)
                    }
                    Event::Opened | Event::Other => Err(nothing),
                }
            }
        }
    }

    fn own_shutter(&mut self) -> Option<&mut dyn OwnShutter> {
        Some(self)
    }
}

impl OwnShutter for Tethered {
    fn ask(&mut self, wish: &Wish) -> Result<(), CameraError> {
        let line = match wish {
            Wish::Release(number) => format!("shoot {number}"),
            Wish::Fetch(CardFile { path, .. }) => format!("fetch {path}"),
            Wish::List => "card".to_owned(),
        };
        // A name with a line's end in it would be two commands.
        if line.contains(['\n', '\r']) {
            return Ok(());
        }
        self.helper.say(&line).map_err(|source| CameraError::Device {
            camera: self.id.clone(),
            doing: "asking",
            source,
        })
    }

    fn delivered(&mut self) -> Option<Delivery> {
        self.deliveries.pop_front()
    }
}
