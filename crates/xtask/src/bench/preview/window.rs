//! The release window under a display of its own, and the scripts that measure inside its page.
use super::driver::Session;
use super::film::Film;
use super::process::Running;
use crate::program::{Fault, target};
use serde_json::{Value, json};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const LOOK: Duration = Duration::from_millis(100);
/// Longest wait for anything the window is to show.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longest wait for one sitter.
const SITTING: Duration = Duration::from_secs(5);

/// Notes each frame between its request and its drawing, and each answer of the station that reached the window.
const NOTES: &str = include_str!("notes.js");
/// Photographs so many sitters, one after the other.
const SHOTS: &str = include_str!("shots.js");
/// A canvas and nothing else, fed as the product feeds its own.
const BARE: &str = include_str!("bare.js");

/// Where the whole frame lies on the display, and the part of it one sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    frame: [f64; 4],
    seen: [f64; 4],
    mirrored: bool,
}

impl Place {
    /// A place of the frame, in pixels of the display.
    pub fn on_display(&self, (x, y): (f64, f64)) -> (u64, u64) {
        let [left, top, width, height] = self.frame;
        let across = if self.mirrored { 1920.0 - x } else { x };
        let (x, y) = (left + across * width / 1920.0, top + y * height / 1080.0);
        (x.max(0.0) as u64, y.max(0.0) as u64)
    }

    /// A page that shows an `<img>` at this place.
    pub fn page(&self) -> String {
        let ([left, top, width, height], [x, y, across, down]) = (self.frame, self.seen);
        let turn = if self.mirrored { "scale:-1 1;" } else { "" };
        format!(
            "<!doctype html><body style='margin:0;background:#26282b'>\
             <div style='position:absolute;overflow:hidden;left:{x}px;top:{y}px;width:{across}px;height:{down}px'>\
             <img id=film style='position:absolute;left:{}px;top:{}px;width:{width}px;height:{height}px;{turn}'></div>\
             <script>onload=()=>setTimeout(()=>film.src='/film',200)</script>",
            left - x,
            top - y
        )
    }
}

/// The window and the programs behind it. The driver goes before the display.
pub struct Window {
    session: Session,
    buffer: PathBuf,
    _driver: Running,
    _display: Running,
}

impl Window {
    /// Opens the station with these frames; the demo's campaign and center are there when `arguments` say so.
    pub fn open(home: &Path, film: &Film, arguments: &[&str]) -> Result<Self, Fault> {
        let at = |path: &Path, source| Fault::File {
            path: path.to_owned(),
            source,
        };
        std::fs::create_dir_all(home).map_err(|e| at(home, e))?;
        let display = Running::start_and_hear(
            Command::new("Xvfb")
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "1366x768x24",
                    "-nolisten",
                    "tcp",
                    "-fbdir",
                ])
                .arg(home)
                .stderr(Stdio::null()),
        );
        let name = format!(":{}", display.first_line.trim());
        let (port, native) = (free_port(home)?, free_port(home)?);
        let driver = Running::start(&mut driver(home, &name, port, native));
        reached(port)?;
        reached(native)?;
        let data = home.join("station");
        let mut all = vec!["--data", data.to_str().unwrap_or_default(), "--frames"];
        all.push(film.folder.to_str().unwrap_or_default());
        all.extend(arguments);
        let program = target().join("release/xueying");
        let session = Session::open(port, &json!({ "application": program, "args": all }));
        session.run(NOTES, &[]);
        let window = Self {
            session,
            buffer: home.join("Xvfb_screen0"),
            _driver: driver,
            _display: display,
        };
        window.ask("replay", &json!({ "command": "play" }))?;
        Ok(window)
    }

    /// The display's memory.
    pub fn buffer(&self) -> &Path {
        &self.buffer
    }

    /// Waits for the capture screen's live picture to lie still with somebody in it, and says where it lies.
    pub fn place(&self) -> Result<Place, Fault> {
        let script =
            "const c = document.querySelector('.live canvas'); if (!c || !c.width || c.width < 1920) return null;
            const four = (r) => [r.left + screenX, r.top + screenY, r.width, r.height];
            const turn = getComputedStyle(c);
            return { frame: four(c.getBoundingClientRect()), seen: four(c.parentElement.getBoundingClientRect()),
                     mirrored: turn.scale.startsWith('-1') };";
        let found = self.until("the live picture", || self.session.run(script, &[]))?;
        let four = |name: &str| {
            let mut out = [0.0; 4];
            for (to, from) in out.iter_mut().zip(found[name].as_array().into_iter().flatten()) {
                *to = from.as_f64().unwrap_or(0.0);
            }
            out
        };
        Ok(Place {
            frame: four("frame"),
            seen: four("seen"),
            mirrored: found["mirrored"] == json!(true),
        })
    }

    /// Empties the page and shows the frames on a canvas at this place, without anything else.
    pub fn show_bare(&self, place: &Place) {
        self.session
            .run(BARE, &[json!(place.frame), json!(place.seen), json!(place.mirrored)]);
    }

    /// Forgets what was noted.
    pub fn forget(&self) {
        self.session
            .run("const n = window.notes; n.frames.length = n.hints.length = 0", &[]);
    }

    /// What was noted: frames with length, when they began and when they were drawn; hints with their frame and their time.
    pub fn notes(&self) -> Value {
        self.session.run("return window.notes", &[])
    }

    /// Photographs so many sitters; for each, milliseconds from the key to the picture and to the verdict in the window.
    pub fn shots(&self, count: usize) -> Result<Vec<Value>, Fault> {
        self.session.run(SHOTS, &[json!(count)]);
        let end = Instant::now() + SITTING * u32::try_from(count).unwrap_or(u32::MAX);
        loop {
            let found = self.session.run("return window.shots", &[]);
            if found["done"] == json!(true) {
                return Ok(found["taken"].as_array().cloned().unwrap_or_default());
            }
            if Instant::now() > end || !found["trouble"].is_null() {
                return Err(Fault::NeedsPerson(format!("photographing the sitters: {found}")));
            }
            sleep(LOOK);
        }
    }

    /// Pulls the replay camera's cable, so that the station has nothing to do.
    pub fn unplug(&self) -> Result<(), Fault> {
        self.ask("replay", &json!({ "command": "unplug" }))
    }

    /// Leaves the station's page for another one. No script runs there.
    pub fn go(&self, address: &str) {
        self.session.run(
            "setTimeout(() => (location.href = arguments[0]), 50)",
            &[json!(address)],
        );
    }

    fn ask(&self, command: &str, arguments: &Value) -> Result<(), Fault> {
        let script = "window.asked = null;
            window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(() => (window.asked = 'done'), (e) => (window.asked = JSON.stringify(e)))";
        self.session.run(script, &[json!(command), arguments.clone()]);
        let said = self.until(command, || self.session.run("return window.asked", &[]))?;
        if said == json!("done") {
            return Ok(());
        }
        Err(Fault::NeedsPerson(format!("the station refuses {command}: {said}")))
    }

    fn until(&self, what: &str, mut look: impl FnMut() -> Value) -> Result<Value, Fault> {
        let end = Instant::now() + PATIENCE;
        loop {
            let found = look();
            if !found.is_null() {
                return Ok(found);
            }
            if Instant::now() > end {
                return Err(Fault::NeedsPerson(format!("the window did not come to {what}")));
            }
            sleep(LOOK);
        }
    }
}

/// The driver: its own folders, no session bus, and the window's display.
fn driver(home: &Path, display: &str, port: u16, native: u16) -> Command {
    let mut command = Command::new(target().join("tools/bin/tauri-driver"));
    command
        .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
        .env("DISPLAY", display)
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .env("NO_AT_BRIDGE", "1")
        .env_remove("WAYLAND_DISPLAY")
        .env("GDK_BACKEND", "x11");
    for (name, folder) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
    ] {
        command.env(name, home.join(folder));
    }
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn free_port(home: &Path) -> Result<u16, Fault> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    bound.map(|a| a.port()).map_err(|source| Fault::File {
        path: home.to_owned(),
        source,
    })
}

/// Waits until somebody listens.
fn reached(port: u16) -> Result<(), Fault> {
    let end = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > end {
            return Err(Fault::NeedsPerson(format!("nobody listens on port {port}")));
        }
        sleep(LOOK);
    }
    Ok(())
}
