//! What does the live view cost in the real window, how late is it, and does the shutter wait for it? Ours beside an MJPEG
//! `<img>` in the same webview, in the same run.
mod cost;
#[path = "../../../../../tests/e2e/driver.rs"]
#[allow(clippy::unwrap_used, dead_code)]
mod driver;
mod film;
mod mjpeg;
#[path = "../../../../../tests/e2e/process.rs"]
#[allow(clippy::unwrap_used, dead_code)]
mod process;
mod screen;
mod window;

use super::Section;
use crate::program::{Fault, cargo, succeed, target};
use crate::{screens, system};
use cost::Cost;
use film::Film;
use mjpeg::Mjpeg;
use screen::{Change, Screen};
use serde_json::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use window::{Place, Window};

/// How long each way of showing the frames is measured.
const SPAN: Duration = Duration::from_secs(20);
/// What a way is given to settle: caches, and the view that draws closer.
const WARM_UP: Duration = Duration::from_secs(6);
/// Sitters photographed while the live view runs.
const SHOTS: usize = 60;
/// A frame is matched to the last one with its counter that was taken within this time before it was seen.
const LATEST_MS: f64 = 1000.0;

/// What one way of showing the frames did.
struct Shown {
    cost: Cost,
    /// Frames that changed the display, a second.
    fps: f64,
    /// From the frame in our hands to the display, ms, sorted.
    late_ms: Vec<f64>,
    /// From there to its drawing by the page, ms, sorted; empty where the page cannot tell.
    drawn_ms: Vec<f64>,
}

/// Builds, opens the release program under Xvfb and measures it.
pub fn run() -> Result<Section, Fault> {
    system::install(&[system::BUILD, system::TESTS], system::Consent::Given)?;
    system::tauri_driver()?;
    screens::build()?;
    succeed(&mut cargo(
        "build --release --package xueying --features custom-protocol",
    ))?;
    let home = target().join("bench-preview");
    for old in ["demo", "bare"] {
        let _ = std::fs::remove_dir_all(home.join(old));
    }
    let film = Film::make(&home.join("frames"))?;
    let window = Window::open(&home.join("demo"), &film, &["--demo"])?;
    std::thread::sleep(WARM_UP);
    let place = window.place()?;
    let (whole, hints) = ours(&window, &place)?;
    eprintln!(
        "capture screen: {:.1} fps, {:.0} % ({})",
        whole.fps,
        whole.cost.percent(),
        whole.cost.parts()
    );
    let shots = window.shots(SHOTS)?;
    window.unplug()?;
    let peer = peer(&window, &place, &film)?;
    eprintln!(
        "peer: {:.1} fps, {:.0} % ({})",
        peer.fps,
        peer.cost.percent(),
        peer.cost.parts()
    );
    drop(window);
    // Without a campaign nobody looks at the frames but the window.
    let window = Window::open(&home.join("bare"), &film, &[])?;
    window.show_bare(&place);
    std::thread::sleep(WARM_UP);
    let (bare, _) = ours(&window, &place)?;
    drop(window);
    Ok(section(&bare, &whole, &peer, hints, &shots))
}

/// One of the station's own ways, and the hints that reached the window a second.
fn ours(window: &Window, place: &Place) -> Result<(Shown, f64), Fault> {
    let mut screen = Screen::open(window.buffer(), place)?;
    window.forget();
    let before = Cost::up_to_now("");
    let changes = screen.watch(SPAN);
    let cost = Cost::up_to_now("").since(&before);
    let notes = window.notes();
    let frames = notes["frames"].as_array().cloned().unwrap_or_default();
    let (mut taken, mut drawn_ms) = (Vec::new(), Vec::new());
    for frame in &frames {
        let counter = frame["length"].as_u64().and_then(Film::counter);
        if let (Some(counter), Some(began)) = (counter, frame["taken"].as_f64()) {
            taken.push((counter, began));
            drawn_ms.extend(frame["drawn"].as_f64().map(|drawn| drawn - began));
        }
    }
    drawn_ms.sort_by(f64::total_cmp);
    let heard = notes["hints"].as_array().cloned().unwrap_or_default();
    let mut sequences: Vec<i64> = heard.iter().filter_map(|h| h[0].as_i64()).collect();
    sequences.dedup();
    let shown = Shown {
        drawn_ms,
        ..Shown::of(cost, &changes, &taken)
    };
    Ok((shown, sequences.len() as f64 / SPAN.as_secs_f64()))
}

/// The peer: the same webview goes to a page with one `<img>`, at the same place, and this program sends it the same frames.
fn peer(window: &Window, place: &Place, film: &Film) -> Result<Shown, Fault> {
    let server = Mjpeg::start(film, place)?;
    window.go(&server.address);
    std::thread::sleep(WARM_UP);
    let mut screen = Screen::open(window.buffer(), place)?;
    server.forget();
    let before = Cost::up_to_now(mjpeg::THREAD);
    let changes = screen.watch(SPAN);
    let cost = Cost::up_to_now(mjpeg::THREAD).since(&before);
    Ok(Shown::of(cost, &changes, &server.taken()))
}

impl Shown {
    /// `taken` are the frames that were sent: their counter, and when they began, in Unix milliseconds.
    fn of(cost: Cost, changes: &[Change], taken: &[(u32, f64)]) -> Self {
        let mut late_ms: Vec<f64> = changes
            .iter()
            .filter_map(|change| {
                let ages = taken
                    .iter()
                    .filter(|(counter, _)| *counter == change.counter)
                    .map(|(_, at)| change.at_ms - at);
                ages.filter(|age| (-2.0..LATEST_MS).contains(age))
                    .min_by(f64::total_cmp)
            })
            .collect();
        late_ms.sort_by(f64::total_cmp);
        Self {
            cost,
            fps: changes.len() as f64 / SPAN.as_secs_f64(),
            late_ms,
            drawn_ms: Vec::new(),
        }
    }
}

fn section(bare: &Shown, whole: &Shown, peer: &Shown, hints: f64, shots: &[Value]) -> Section {
    let both = |values: &[f64]| {
        let of = |share| percentile(values, share).map(|ms| format!("{ms:.0}"));
        of(0.5)
            .zip(of(0.95))
            .map_or_else(String::new, |(p50, p95)| format!("{p50} · {p95}"))
    };
    let row = |name: &str, shown: &Shown, hints: String| {
        vec![
            name.to_owned(),
            format!("{:.1}", shown.fps),
            format!("{:.0}", shown.cost.percent()),
            shown.cost.parts(),
            both(&shown.drawn_ms),
            both(&shown.late_ms),
            hints,
        ]
    };
    let stage = |name: &str| {
        let mut values: Vec<f64> = shots.iter().filter_map(|s| s[name].as_f64()).collect();
        values.sort_by(f64::total_cmp);
        both(&values)
    };
    Section {
        heading: "Preview",
        lead: format!(
            "The release window (1366 × 768) under Xvfb, 1080p at 30 frames a second ({} KB each) from the replay camera; {} s each way. CPU is that \
             of all processes in percent of one core: the station, WebKit's, the driver's and the X server, and for the peer its server. Times \
             are from the frame in the station's hands (for the peer: handed to the socket) to the end of its drawing by the page, and until its \
             counter stands in the X server's memory, which is looked at once a millisecond. Shutter, in the same window with the live view and \
             its hints beside it, {} sitters, from the key to what the window shows, ms p50 · p95: picture {}, verdict {}.",
            film::KILOBYTES,
            SPAN.as_secs(),
            shots.len(),
            stage("picture"),
            stage("verdict"),
        ),
        header: vec![
            "way",
            "fps",
            "CPU %",
            "of it",
            "drawn, ms p50 · p95",
            "on the display, ms p50 · p95",
            "hints a second",
        ],
        rows: vec![
            row("canvas fed by the custom scheme, alone", bare, String::new()),
            row(
                "capture screen: the same with hints, guide and code reader",
                whole,
                format!("{hints:.1}"),
            ),
            row("MJPEG `<img>` over loopback, alone", peer, String::new()),
        ],
        plot: None,
    }
}

fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let at = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied()
}

/// Unix time in milliseconds, with fractions.
fn unix_ms() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64() * 1000.0)
}
