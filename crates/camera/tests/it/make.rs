//! Builders of what the tests need.
use camera::replay::{Motion, Pace, Replay};
use camera::{CameraHandle, CameraState, Limits};
use domain::{Rgb, SizePx};
use photo::{Chroma, Encoding, Huffman, Picture};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Long enough for a busy machine; a test that works never waits so long.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Times for tests: a stall is seen after 120 ms.
pub fn limits() -> Limits {
    Limits {
        watchdog: Duration::from_millis(120),
        first_frame: Duration::from_millis(120),
        backoff_first: Duration::from_millis(5),
        backoff_most: Duration::from_millis(20),
        patience: Duration::from_millis(10),
    }
}

/// A picture full of noise that is strong at the top for even seeds and at the bottom for odd ones: as with pictures of different
/// people, the same byte offset is another place in each.
pub fn noise(size: SizePx, seed: u32) -> Picture {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    Picture::from_fn(size, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let base = ((x * 3 + y * 2 + seed * 40) % 150) as u8;
        let down = (y * 100 / size.height) as u8;
        let most = if seed.is_multiple_of(2) { 104 - down } else { 4 + down };
        Rgb {
            r: base + (state & 0xFF) as u8 % most,
            g: base + ((state >> 8) & 0xFF) as u8 % most,
            b: base + ((state >> 16) & 0xFF) as u8 % most,
        }
    })
    .unwrap()
}

pub const SMALL: SizePx = SizePx { width: 96, height: 64 };

/// A small JPEG, different for each seed.
pub fn jpeg(seed: u32) -> Arc<[u8]> {
    encoded(&noise(SMALL, seed))
}

pub fn encoded(picture: &Picture) -> Arc<[u8]> {
    let encoding = Encoding {
        quality: 85,
        chroma: Chroma::HalfAcross,
        huffman: Huffman::Standard,
        dpi: 72,
    };
    photo::encode(picture, encoding).unwrap().into()
}

/// The studio portraits of the repository, 1920 × 1080, by name.
pub fn portraits() -> Vec<(String, Arc<[u8]>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/portraits/studio");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|file| {
            (
                file.file_stem().unwrap().to_string_lossy().into_owned(),
                std::fs::read(&file).unwrap().into(),
            )
        })
        .collect()
}

/// Four small pictures called a, b, c, d, at 100 frames a second.
pub fn four(motion: Motion) -> Replay {
    let pictures = ["a", "b", "c", "d"]
        .iter()
        .zip(1..)
        .map(|(name, seed)| ((*name).to_owned(), jpeg(seed)));
    Replay::of_pictures("four", pictures.collect(), Pace { fps: 100.0, motion }).unwrap()
}

/// Waits until the condition holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

/// Waits until the camera is in a state.
pub fn until_state(camera: &CameraHandle, state: &CameraState) {
    until(&format!("the camera is {}", state.code()), || camera.state() == *state);
}

/// Whether two frames are the same bytes; they are too long to be printed.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a == b
}
