//! How are the cases run, and what do they share? Frames, webcams, waiting.
use camera::uvc_linux::{Roots, UvcCamera, discover};
use camera::{CameraHandle, CameraId, CameraState, Limits, Source, mode::Wish};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use testkit::webcam::{Look, Play, Webcam};

pub type Case = fn() -> String;

/// Longest wait for one thing; what is measured is far shorter, on a virtual machine without KVM too.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Runs the cases in turn, or the one named. `hold ID` makes this process the program that holds a camera.
pub fn run(cases: &[(&str, Case, u64)]) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if camera::apart::asked(arguments.iter().cloned()).is_some() {
        return;
    }
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["hold", id] => return crate::bad::hold(id),
        ["draw", portraits, into] => return crate::draw::draw(portraits.as_ref(), into.as_ref()),
        // What the lab must report, one a line.
        ["cases"] => return cases.iter().for_each(|(name, _, _)| println!("{name}")),
        _ => {}
    }
    let soak: [(&str, Case, u64); 1] = [("soak", crate::soak::minutes, u64::MAX)];
    for (name, case, seconds) in cases.iter().chain(&soak) {
        // The soak only by its name.
        let is_meant = words.first().map_or(*name != "soak", |only| only == name);
        if !is_meant {
            continue;
        }
        empty_hub();
        let began = Instant::now();
        let (sender, receiver) = channel();
        let work = *case;
        std::thread::spawn(move || {
            let done = catch_unwind(AssertUnwindSafe(work));
            let said = done.map_err(|panic| {
                let text = panic.downcast_ref::<String>().cloned();
                text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
                    .unwrap_or_default()
            });
            let _ = sender.send(said);
        });
        let ms = || began.elapsed().as_millis();
        // The soak's own limit is that of the machine.
        match receiver.recv_timeout(Duration::from_secs((*seconds).min(86_400))) {
            Ok(Ok(said)) => println!("lab ok {name} {} ms: {said}", ms()),
            Ok(Err(why)) => println!("lab FAILED {name} {} ms: {why}", ms()),
            Err(_) => {
                println!("lab FAILED {name}: it hangs after {seconds} s");
                break;
            }
        }
    }
    println!("lab done");
    std::process::exit(0);
}

/// The case before pulled its plugs; the hub takes a moment to notice, and loses a plug that comes in that moment.
fn empty_hub() {
    let plugged = || {
        let names = discover(&Roots::default());
        names.iter().any(|d| d.name.starts_with("Lab "))
    };
    let deadline = Instant::now() + PATIENCE;
    while plugged() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
}

/// The frames of one size that were put beside this program.
pub fn frames(folder: &str) -> Arc<Vec<Vec<u8>>> {
    let mut files: Vec<_> = std::fs::read_dir(format!("/frames/{folder}"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    Arc::new(files.iter().map(|f| std::fs::read(f).unwrap()).collect())
}

/// A webcam with 1080p first and 720p next, 15 frames a second.
pub fn look(name: &str, serial: &str) -> Look {
    let play = |size, folder| Play {
        size,
        fps: 15,
        frames: frames(folder),
    };
    Look {
        name: name.to_owned(),
        serial: serial.to_owned(),
        plays: vec![play((1920, 1080), "1080"), play((1280, 720), "720")],
    }
}

/// Plugs a webcam in and waits until it is listed.
pub fn plugged(port: u32, look: Look) -> (Webcam, CameraId) {
    let name = look.name.clone();
    let webcam = Webcam::plug(port, look).unwrap();
    let id = until("the webcam is listed", || {
        discover(&Roots::default())
            .into_iter()
            .find(|d| d.name.starts_with(&name))
            .map(|d| d.id)
    });
    (webcam, id)
}

pub fn source(id: &CameraId, wish: Wish) -> UvcCamera {
    UvcCamera::new(id.clone(), wish, Roots::default())
}

/// An open camera that is closed, and waited for, before its case ends: the next one plugs into the same hub.
pub struct Opened(Option<CameraHandle>);

impl std::ops::Deref for Opened {
    type Target = CameraHandle;
    fn deref(&self) -> &CameraHandle {
        self.0.as_ref().unwrap()
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if let Some(camera) = self.0.take() {
            camera.stop();
        }
    }
}

/// Opens a camera as the station does.
pub fn opened(id: &CameraId, wish: Wish) -> Opened {
    started(Box::new(source(id, wish)))
}

/// Starts a source as the station does.
pub fn started(source: Box<dyn Source>) -> Opened {
    Opened(Some(CameraHandle::start(source, Limits::default())))
}

/// Waits until it gives an answer.
pub fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until the camera is in a state; says how long it took.
pub fn until_state(camera: &CameraHandle, state: &CameraState) -> Duration {
    let began = Instant::now();
    let last = || format!("{} (now {})", state.code(), camera.state().code());
    let deadline = began + PATIENCE;
    while camera.state() != *state {
        assert!(
            Instant::now() < deadline,
            "waited in vain until the camera is {}",
            last()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    began.elapsed()
}

/// Takes so many new frames and counts those that are not, byte for byte, one of the known ones.
pub fn strangers(camera: &CameraHandle, count: u32, known: &[Vec<u8>]) -> u32 {
    let (mut after, mut strange) = (camera.newest().map_or(0, |f| f.sequence), 0);
    for _ in 0..count {
        let frame = camera.wait_newer(after, PATIENCE).expect("a frame in time");
        after = frame.sequence;
        strange += u32::from(!known.iter().any(|k| k[..] == frame.jpeg[..]));
    }
    strange
}
