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
    /// Several at once, each milder.
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

/// How much it is spoilt.
///
/// The limits of [`Strength::Medium`] are where the code is still in the picture, by what is known of sampling and codes and not
/// by what a reader reads: see each fault in `lens.rs` and `pose.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strength {
    /// As in good conditions on site.
    Mild,
    /// Bad, and all of the code still there.
    Medium,
    /// Beyond: parts of the code may be lost, more than its check bytes replace.
    Harsh,
}

impl Strength {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mild, Self::Medium, Self::Harsh];
    /// Those at which a code can be read: what a reader is judged by.
    pub const READABLE: [Self; 2] = [Self::Mild, Self::Medium];

    /// A short name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mild => "mild",
            Self::Medium => "medium",
            Self::Harsh => "harsh",
        }
    }

    /// The one of three values that belongs to it.
    fn of<T: Copy>(self, [mild, medium, harsh]: [T; 3]) -> T {
        match self {
            Self::Mild => mild,
            Self::Medium => medium,
            Self::Harsh => harsh,
        }
    }

    fn between(self, chance: &mut Chance, ranges: [(f32, f32); 3]) -> f32 {
        let (low, high) = self.of(ranges);
        chance.between(low, high)
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

/// Draws a frame. [`Spoilt::Easy`] and [`Spoilt::Inverted`] are the same at each strength.
pub fn held_up(spoilt: Spoilt, strength: Strength, seed: u64) -> Held {
    let kind = (spoilt as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut chance = Chance::new(seed ^ kind ^ (strength as u64).wrapping_mul(0xD1B5_4A32_D192_ED03));
    let screen = Screen::draw(&mut chance, spoilt == Spoilt::Inverted);
    let pose = Pose::draw(&mut chance, spoilt, strength, &screen);
    let lens = Lens::draw(&mut chance, spoilt, strength, pose.module_px(&screen), pose.at);
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
