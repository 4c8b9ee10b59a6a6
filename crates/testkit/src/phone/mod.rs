//! What does a camera see when a code is held up to it on a phone? Drawn frames, each spoilt in a way that happens on site.
//!
//! The same seed gives the same frame. Nothing here is tuned to a decoder: sizes, tilts and faults are drawn from ranges.
mod chance;
mod lens;
mod plane;
mod pose;
mod screen;

pub use chance::Chance;

use lens::Lens;
use photo::Picture;
use plane::Plane;
use pose::Pose;
use screen::Screen;

/// Width and height of every frame, in pixels.
pub const FRAME: (usize, usize) = (1920, 1080);

/// How a frame is spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spoilt {
    /// Not much: a hand holds it straight.
    Easy,
    /// Out of focus.
    Blur,
    /// The hand or the camera moves.
    Motion,
    /// A lamp mirrors in the glass.
    Glare,
    /// High gain.
    Noise,
    /// The screen is dimmed, the room dark.
    Dark,
    /// Held far away.
    Small,
    /// The screen's pixels beat with the sensor's.
    Moire,
    /// Held askew.
    Perspective,
    /// Light modules on a dark ground.
    Inverted,
    /// The screen is far brighter than the room the camera exposes for.
    Glow,
    /// Several at once, each a little milder.
    Mixed,
}

impl Spoilt {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Easy,
        Self::Blur,
        Self::Motion,
        Self::Glare,
        Self::Noise,
        Self::Dark,
        Self::Small,
        Self::Moire,
        Self::Perspective,
        Self::Inverted,
        Self::Glow,
        Self::Mixed,
    ];

    /// A short name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Easy => "easy",
            Self::Blur => "blur",
            Self::Motion => "motion",
            Self::Glare => "glare",
            Self::Noise => "noise",
            Self::Dark => "dark",
            Self::Small => "small",
            Self::Moire => "moire",
            Self::Perspective => "perspective",
            Self::Inverted => "inverted",
            Self::Glow => "glow",
            Self::Mixed => "mixed",
        }
    }
}

/// A frame with a code in it.
pub struct Held {
    /// What the camera saw.
    pub picture: Picture,
    /// The frame as the camera's JPEG.
    pub jpeg: Vec<u8>,
    /// The bytes in the code.
    pub payload: Vec<u8>,
}

/// Draws a frame.
pub fn held_up(spoilt: Spoilt, seed: u64) -> Held {
    let mut chance = Chance::new(seed ^ (spoilt as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let screen = Screen::draw(&mut chance, spoilt == Spoilt::Inverted);
    let pose = Pose::draw(&mut chance, spoilt, &screen);
    let lens = Lens::draw(&mut chance, spoilt, pose.module_px(&screen), pose.at);
    let mut plane = Plane::room(&mut chance);
    pose.project(&screen, &mut plane, lens.screen_light);
    let picture = lens.expose(&plane, &mut chance);
    let quality = chance.between(60.0, 92.0) as u8;
    // A 1080p picture always encodes.
    let jpeg = photo::encode_jpeg(&picture, quality, 72).unwrap_or_default();
    Held {
        picture,
        jpeg,
        payload: screen.payload,
    }
}
