//! How is a camera captured in a process of its own? So that a driver that ends its process, as macOS does over a wrong format, ends
//! that process and not the station: the camera is lost, and opened again by a new one.
//!
//! The process is this program once more, started with [`WORD`]. It sends what its source gives, whole and stamped in the clock both share
//! ([`pipe`]); the gate, the watchdog and the states are the station's, as for every camera. On macOS all cameras are opened so (NOT TESTED ON
//! HARDWARE there); on Linux the tests do it.
mod pipe;
mod serve;

pub use serve::asked;

use crate::fault::CameraError;
use crate::frame::RawFrame;
use crate::identity::CameraId;
use crate::monotonic;
use crate::source::{Negotiated, Source, StopSign, Stream};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use pipe::Word;
use std::ffi::OsString;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The argument a program is started with to be a camera's process; the camera's identity follows, and for a replay its pictures.
pub const WORD: &str = "camera-process";
/// Longest time until a camera is open.
const OPENING: Duration = Duration::from_secs(10);
/// How fast an opening hears that nobody wants the camera any more.
const HEED: Duration = Duration::from_millis(50);
/// Longest wait for the process to let the camera go.
const PARTING: Duration = Duration::from_millis(500);
const LOOK: Duration = Duration::from_millis(5);

/// A camera whose driver runs in a process of its own.
#[derive(Debug)]
pub struct ApartCamera {
    id: CameraId,
    name: String,
    program: PathBuf,
    arguments: Vec<OsString>,
    stop: Option<StopSign>,
}

impl ApartCamera {
    /// A camera that `program` captures when it is started with [`WORD`] and these arguments.
    pub fn new(id: CameraId, name: String, program: PathBuf, arguments: Vec<OsString>) -> Self {
        Self {
            id,
            name,
            program,
            arguments,
            stop: None,
        }
    }

    fn fault(&self, doing: &'static str, message: &str) -> CameraError {
        CameraError::Library {
            camera: self.id.clone(),
            doing,
            message: message.to_owned(),
        }
    }

    /// What the process says first.
    fn first_word(&self, opened: &Receiver<Result<Negotiated, CameraError>>) -> Result<Negotiated, CameraError> {
        let end = Instant::now() + OPENING;
        loop {
            match opened.recv_timeout(HEED) {
                Ok(said) => return said,
                Err(RecvTimeoutError::Disconnected) => return Err(self.fault("opening", "its process ended")),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let unwanted = self.stop.as_ref().is_some_and(StopSign::is_up);
            if unwanted || Instant::now() >= end {
                return Err(self.fault("opening", "its process gives no answer"));
            }
        }
    }
}

impl Source for ApartCamera {
    fn id(&self) -> CameraId {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn heed(&mut self, stop: StopSign) {
        self.stop = Some(stop);
    }

    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        let fault = |source| CameraError::Device {
            camera: self.id.clone(),
            doing: "starting the process of",
            source,
        };
        let mut child = Command::new(&self.program)
            .arg(WORD)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(fault)?;
        let output = child.stdout.take();
        let process = Process(child);
        let output = output.ok_or_else(|| fault(std::io::ErrorKind::BrokenPipe.into()))?;
        let (opened, opening) = bounded(1);
        let (newest, frames) = bounded(1);
        let reader = Reader {
            camera: self.id.clone(),
            newest,
            stale: frames.clone(),
        };
        let read = move || reader.run(&mut BufReader::with_capacity(1 << 18, output), &opened);
        let named = std::thread::Builder::new().name("camera-pipe".to_owned());
        named.spawn(read).map_err(fault)?;
        let negotiated = self.first_word(&opening)?;
        Ok(Box::new(Apart {
            camera: self.id.clone(),
            frames,
            negotiated,
            _process: process,
        }))
    }
}

/// The running process. Its input is closed for it to end; one that hangs is killed.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let end = Instant::now() + PARTING;
        while Instant::now() < end && matches!(self.0.try_wait(), Ok(None)) {
            std::thread::sleep(LOOK);
        }
        // Already gone, or hung.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

type Came = Result<RawFrame, CameraError>;

/// Reads the pipe as fast as it is written: the newest frame replaces one that was not taken.
struct Reader {
    camera: CameraId,
    newest: Sender<Came>,
    stale: Receiver<Came>,
}

impl Reader {
    fn run(&self, pipe: &mut impl std::io::Read, opened: &Sender<Result<Negotiated, CameraError>>) {
        while let Ok(word) = pipe::read(pipe) {
            let came = match word {
                Word::Opened(negotiated) => {
                    // Said twice, it is not waited for any more.
                    let _ = opened.try_send(Ok(negotiated));
                    continue;
                }
                Word::Frame { began, jpeg } => Ok(RawFrame {
                    jpeg,
                    began: instant(began),
                }),
                Word::Damaged => Err(CameraError::DamagedFrame {
                    camera: self.camera.clone(),
                }),
                Word::Failed { code, detail } => {
                    let _ = opened.try_send(Err(pipe::error(&self.camera, &code, &detail)));
                    Err(pipe::error(&self.camera, &code, &detail))
                }
            };
            let ends = matches!(&came, Err(error) if !matches!(error, CameraError::DamagedFrame { .. }));
            let _ = self.stale.try_recv();
            if self.newest.try_send(came).is_err() || ends {
                return;
            }
        }
    }
}

/// The moment of a stamp. However long it was on its way, it never becomes later.
fn instant(stamp: Duration) -> Instant {
    let (now, clock) = (Instant::now(), monotonic::now());
    now.checked_sub(clock.saturating_sub(stamp)).unwrap_or(now)
}

struct Apart {
    camera: CameraId,
    frames: Receiver<Came>,
    negotiated: Negotiated,
    _process: Process,
}

impl Stream for Apart {
    fn negotiated(&self) -> Negotiated {
        self.negotiated
    }

    fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError> {
        match self.frames.recv_timeout(timeout) {
            Ok(came) => came,
            Err(RecvTimeoutError::Timeout) => Err(CameraError::NoFrame { waited: timeout }),
            Err(RecvTimeoutError::Disconnected) => Err(CameraError::Library {
                camera: self.camera.clone(),
                doing: "reading",
                message: "its process ended".to_owned(),
            }),
        }
    }
}
