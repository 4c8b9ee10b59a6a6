//! The real window: a display of its own, the driver, and what a person can do and see.
use crate::driver::Session;
use crate::process::Running;
use crate::{built, pictures, repository};
use serde_json::{Value, json};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often the page is looked at while something is awaited.
const LOOK: Duration = Duration::from_millis(100);

/// How often a press is made before it is given up, and how long the page has to hear it.
const PRESSES: u32 = 5;
const HEARS: Duration = Duration::from_secs(5);

/// Notes what the page hears of mouse and keyboard, so that a failure tells a press that never came from one without effect.
const HEARD: &str = r"
    window.heard = [];
    for (const kind of ['mousedown', 'mouseup', 'click', 'keydown']) {
        const note = (e) => window.heard.push([Math.round(performance.now()), kind, e.code ?? `${e.clientX},${e.clientY}`,
            e.target.tagName, e.target.textContent?.trim().slice(0, 20)].join(' '));
        window.addEventListener(kind, note, true);
    }";

/// The window and the programs behind it. The driver goes before the display.
pub struct Window {
    session: Session,
    display: String,
    _driver: Running,
    _display: Running,
}

impl Window {
    /// Opens the station on a fresh data folder with the studio portraits as its camera.
    pub fn open(home: &Path) -> Self {
        let display = Running::start_and_hear(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"])
                .stderr(Stdio::null()),
        );
        let name = format!(":{}", display.first_line.trim());
        let (port, native) = (free_port(), free_port());
        let driver = Running::start(&mut driver(home, &name, port, native));
        reached(port);
        reached(native);
        let frames = repository().join("tests/portraits/studio");
        let station = home.join("station");
        let arguments = [
            "--data",
            station.to_str().unwrap(),
            "--frames",
            frames.to_str().unwrap(),
        ];
        let session = Session::open(port, &json!({ "application": built("xueying"), "args": arguments }));
        session.run(HEARD, &[]);
        Self {
            session,
            display: name,
            _driver: driver,
            _display: display,
        }
    }

    /// Runs a script in the page.
    pub fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.session.run(script, &arguments)
    }

    /// Waits until an element shows a text.
    pub fn sees(&self, css: &str, text: &str, patience_s: u64) {
        let end = Instant::now() + Duration::from_secs(patience_s);
        while !self.shows(css, text) {
            if Instant::now() > end {
                self.picture("failure");
                let shown = self.run("return document.body.innerText", vec![]);
                let heard = self.run("return window.heard.slice(-20).join('\\n')", vec![]);
                let heard = heard.as_str().unwrap_or("nothing");
                panic!("`{css}` does not show `{text}` within {patience_s} s; it heard:\n{heard}\nand shows:\n{shown}");
            }
            sleep(LOOK);
        }
    }

    /// Whether an element shows a text now.
    pub fn shows(&self, css: &str, text: &str) -> bool {
        let script =
            "return [...document.querySelectorAll(arguments[0])].some((e) => e.textContent.includes(arguments[1]))";
        self.run(script, vec![json!(css), json!(text)]) == json!(true)
    }

    /// Waits until a picture is not only there but drawn.
    pub fn shows_picture(&self, css: &str) {
        let script = "return (document.querySelector(arguments[0])?.naturalWidth ?? 0) > 0";
        let end = Instant::now() + HEARS * 4;
        while self.run(script, vec![json!(css)]) != json!(true) {
            assert!(Instant::now() < end, "`{css}` is not drawn");
            sleep(LOOK);
        }
    }

    /// Presses the element of this kind and text with the mouse.
    pub fn press(&self, css: &str, text: &str) {
        self.sees(css, text, 10);
        let found =
            "const e = [...document.querySelectorAll(arguments[0])].find((e) => e.textContent.includes(arguments[1]));";
        self.press_found(found, css, text);
    }

    /// Presses the button within the element of this kind and text.
    pub fn press_inside(&self, css: &str, text: &str) {
        let found = "const e = [...document.querySelectorAll(arguments[0])]
            .find((e) => e.textContent.includes(arguments[1])).querySelector('button');";
        self.press_found(found, css, text);
    }

    /// Presses until the page heard it, as a person does: WebKit's driver now and then loses a press it says it made. What the
    /// press brings about is not looked at here, and no press that was heard is repeated.
    fn press_found(&self, found: &str, css: &str, text: &str) {
        let arguments = [json!(css), json!(text)];
        let script = format!(
            "{found} window.pressed = false; e.addEventListener('click', () => (window.pressed = true), {{ capture: true, once: true }}); return e"
        );
        for _ in 0..PRESSES {
            let element = self.session.element(&script, &arguments);
            let end = Instant::now() + HEARS;
            if self.session.click(&element) {
                while Instant::now() < end {
                    if self.run("return window.pressed", vec![]) == json!(true) {
                        return;
                    }
                    sleep(LOOK);
                }
            }
            sleep(LOOK);
        }
        self.picture("failure");
        panic!("`{css}` with `{text}` was pressed {PRESSES} times and never heard it");
    }

    /// Waits for a second window and turns to it; answers with the first's handle, to come back to.
    pub fn turn_to_second(&self) -> String {
        let first = self.session.window();
        let end = Instant::now() + HEARS * 4;
        loop {
            if let Some(other) = self.session.windows().into_iter().find(|w| *w != first) {
                self.session.turn_to(&other);
                self.session.run(HEARD, &[]);
                return first;
            }
            assert!(Instant::now() < end, "no second window");
            sleep(LOOK);
        }
    }

    /// Closes the window turned to and comes back to another.
    pub fn close_second(&self, first: &str) {
        self.session.close_window();
        self.session.turn_to(first);
    }

    /// Presses what closes the window turned to, until it is gone, and comes back to another.
    pub fn press_and_go(&self, css: &str, text: &str, back: &str) {
        self.sees(css, text, 10);
        let find =
            "return [...document.querySelectorAll(arguments[0])].find((e) => e.textContent.includes(arguments[1]))";
        for _ in 0..PRESSES {
            let element = self.session.element(find, &[json!(css), json!(text)]);
            self.session.click(&element);
            let end = Instant::now() + HEARS;
            while Instant::now() < end {
                if self.session.windows().len() == 1 {
                    return self.session.turn_to(back);
                }
                sleep(LOOK);
            }
        }
        panic!("`{css}` with `{text}` closed no window");
    }

    /// Goes to a screen by its place on the rail.
    pub fn go(&self, screen: &str) {
        self.press(&format!("nav a[href='#/{screen}']"), "");
        self.sees(&format!("nav a[href='#/{screen}'][aria-current]"), "", 10);
    }

    /// Types into a field, or names the file of a file field.
    pub fn fill(&self, css: &str, text: &str) {
        let element = self
            .session
            .element("return document.querySelector(arguments[0])", &[json!(css)]);
        self.session.fill(&element, text);
    }

    /// Presses and releases one key of the keyboard.
    pub fn key(&self, value: char) {
        self.session.key(value);
    }

    /// A scanner gun: a burst of keys with Enter at its end. The driver's own keys come too slowly and know no Chinese.
    pub fn scan(&self, text: &str) {
        let script = r"
            const send = (key, code) => document.body.dispatchEvent(
                new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, shiftKey: /^[A-Z]$/.test(key) }));
            for (const key of arguments[0]) send(key, '');
            send('Enter', 'Enter');";
        self.run(script, vec![json!(text)]);
    }

    /// Holds a portrait before the replay camera and waits until the live view has it.
    pub fn portrait(&self, name: &str) {
        let script = "return window.__TAURI_INTERNALS__.invoke('replay', { command: arguments[0] }).then(() => null)";
        self.run(script, vec![json!(format!("show {name}"))]);
        sleep(Duration::from_millis(600));
    }

    /// Saves what the display shows. The driver's own screenshots hang under Xvfb.
    pub fn picture(&self, name: &str) -> PathBuf {
        let path = pictures().join(format!("{name}.png"));
        let taken = Command::new("timeout")
            .args(["20", "import", "-display", &self.display, "-window", "root"])
            .arg(&path)
            .status();
        assert!(taken.unwrap().success(), "the picture {name} is taken");
        path
    }

    /// Closes the window as a person does.
    pub fn close(self) {
        self.session.close();
    }
}

/// The driver: its own folders, no session bus (a station may be open on this machine), and the window's display.
fn driver(home: &Path, display: &str, port: u16, native: u16) -> Command {
    let tools = std::env::var_os("XUEYING_E2E_TOOLS").expect("XUEYING_E2E_TOOLS names the folder of bin/tauri-driver");
    let mut command = Command::new(Path::new(&tools).join("bin/tauri-driver"));
    command
        .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
        .env("DISPLAY", display)
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .env("NO_AT_BRIDGE", "1")
        .env_remove("WAYLAND_DISPLAY")
        .env("GDK_BACKEND", "x11")
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"));
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until somebody listens, at most 20 s.
fn reached(port: u16) {
    let end = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "nobody listens on port {port}");
        sleep(LOOK);
    }
}
