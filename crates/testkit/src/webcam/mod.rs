//! What does the kernel see when a webcam is plugged in? Here: one of ours, made of messages.
//!
//! It speaks USB/IP over a socket pair into the stock `vhci-hcd` driver, so that the stock `uvcvideo` driver binds to it and makes
//! a real `/dev/videoN` of pictures we know byte by byte. It can be unplugged, can fall silent and can tear its frames in
//! the ways a bus does. Needs root and the two drivers: the camera lab (`cargo xtask test --only camera`) has both.
mod controls;
mod descriptors;
mod pump;
mod tear;
mod usbip;

pub use tear::Tear;

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Where the driver takes new devices.
const ATTACH: &str = "/sys/devices/platform/vhci_hcd.0/attach";
/// Longest wait until the driver has let go of a port.
const PORT_PATIENCE: Duration = Duration::from_secs(5);
/// `USB_SPEED_HIGH`.
const HIGH_SPEED: u32 = 3;

/// One picture size of a webcam and the frames it plays, over and over.
#[derive(Clone)]
pub struct Play {
    /// Width and height in pixels.
    pub size: (u16, u16),
    /// Frames a second it offers; half of that too.
    pub fps: u32,
    /// JPEG frames, at least one.
    pub frames: Arc<Vec<Vec<u8>>>,
}

/// What a webcam says of itself.
#[derive(Clone)]
pub struct Look {
    /// Its name.
    pub name: String,
    /// Its serial number.
    pub serial: String,
    /// What it plays; the first is its default.
    pub plays: Vec<Play>,
}

/// What the threads of a webcam share.
struct Inner {
    look: Look,
    /// Index of the committed play.
    chosen: AtomicU32,
    /// Committed time between two frames, in units of 100 ns.
    interval: AtomicU32,
    silent: AtomicBool,
    /// One frame in so many is torn; 0 for none.
    tear_every: AtomicU32,
    sent: AtomicU64,
    torn: AtomicU64,
    gone: AtomicBool,
    writer: Mutex<UnixStream>,
    waiting: pump::Waiting,
    controls: Mutex<controls::Controls>,
    /// Unit and selector of the controls that are not set.
    refused: Mutex<Vec<(u8, u8)>>,
}

impl Inner {
    fn play(&self) -> &Play {
        let chosen = self.chosen.load(Ordering::Relaxed) as usize;
        &self.look.plays[chosen.min(self.look.plays.len() - 1)]
    }

    fn send(&self, message: &[u8]) -> io::Result<()> {
        locked(&self.writer).write_all(message)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A plugged-in webcam. Dropping it pulls the plug.
pub struct Webcam {
    inner: Arc<Inner>,
    socket: UnixStream,
    threads: Vec<JoinHandle<()>>,
}

impl Webcam {
    /// Plugs it into a port of the virtual hub, from 0.
    ///
    /// # Errors
    /// When the driver is not there or does not free the port.
    pub fn plug(port: u32, look: Look) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        attach(port, &theirs)?;
        // The driver holds a reference of its own.
        drop(theirs);
        let default = look.plays.first().ok_or(io::ErrorKind::InvalidInput)?;
        let inner = Arc::new(Inner {
            chosen: AtomicU32::new(0),
            interval: AtomicU32::new(10_000_000 / default.fps.max(1)),
            silent: AtomicBool::new(false),
            tear_every: AtomicU32::new(0),
            sent: AtomicU64::new(0),
            torn: AtomicU64::new(0),
            gone: AtomicBool::new(false),
            writer: Mutex::new(ours.try_clone()?),
            waiting: pump::Waiting::default(),
            controls: Mutex::default(),
            refused: Mutex::default(),
            look,
        });
        let (pumped, answered) = (Arc::clone(&inner), Arc::clone(&inner));
        let mut reader = ours.try_clone()?;
        let threads = vec![
            std::thread::Builder::new()
                .name("webcam-frames".to_owned())
                .spawn(move || pump::run(&pumped))?,
            std::thread::Builder::new()
                .name("webcam-bus".to_owned())
                .spawn(move || {
                    // An error here is the plug being pulled, by us or by the kernel.
                    let _ = answer(&answered, &mut reader);
                    answered.gone.store(true, Ordering::Relaxed);
                    answered.waiting.wake();
                })?,
        ];
        Ok(Self {
            inner,
            socket: ours,
            threads,
        })
    }

    /// Stops sending frames while staying plugged in, or goes on.
    pub fn set_silent(&self, silent: bool) {
        self.inner.silent.store(silent, Ordering::Relaxed);
    }

    /// Tears one frame in so many from now on; 0 for none.
    pub fn tear_every(&self, frames: u32) {
        self.inner.tear_every.store(frames, Ordering::Relaxed);
    }

    /// Frames sent so far, torn ones included.
    pub fn sent(&self) -> u64 {
        self.inner.sent.load(Ordering::Relaxed)
    }

    /// Frames torn so far.
    pub fn torn(&self) -> u64 {
        self.inner.torn.load(Ordering::Relaxed)
    }

    /// The value of a control as the driver set it; absent for one it does not have.
    pub fn control(&self, unit: u8, selector: u8) -> Option<i32> {
        locked(&self.inner.controls).current(unit, selector)
    }

    /// Refuses to have a control set from now on.
    pub fn refuse(&self, unit: u8, selector: u8) {
        locked(&self.inner.refused).push((unit, selector));
    }

    /// Pulls the plug.
    pub fn unplug(self) {
        drop(self);
    }
}

impl Drop for Webcam {
    fn drop(&mut self) {
        self.inner.gone.store(true, Ordering::Relaxed);
        // Already closed by the kernel: just as well.
        let _ = self.socket.shutdown(Shutdown::Both);
        self.inner.waiting.wake();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Hands the other end to the driver; a port that was just unplugged takes a moment to become free.
fn attach(port: u32, theirs: &UnixStream) -> io::Result<()> {
    let device = 0x0001_0001 + port;
    let line = format!("{port} {} {device} {HIGH_SPEED}", theirs.as_raw_fd());
    let began = Instant::now();
    loop {
        match std::fs::write(ATTACH, &line) {
            Err(error) if error.kind() != io::ErrorKind::NotFound && began.elapsed() < PORT_PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

/// Answers the driver until the plug is pulled.
fn answer(inner: &Inner, reader: &mut UnixStream) -> io::Result<()> {
    loop {
        let mut header = [0; usbip::HEADER];
        reader.read_exact(&mut header)?;
        match usbip::Command::of(&header)? {
            usbip::Command::Unlink { sequence, target } => {
                let found = inner.waiting.forget(target);
                inner.send(&usbip::unlinked(sequence, found))?;
            }
            usbip::Command::Submit(submit) => {
                let mut sent = vec![0; submit.sends()];
                reader.read_exact(&mut sent)?;
                if submit.endpoint == descriptors::VIDEO_ENDPOINT {
                    inner.waiting.push(submit);
                } else {
                    let answer = descriptors::control(inner, &submit.setup, &sent);
                    inner.send(&usbip::answered(&submit, answer, sent.len()))?;
                }
            }
        }
    }
}
