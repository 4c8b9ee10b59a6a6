//! Which defects are there to draw, in how many ways, and which measures may say so?
//!
//! A bank of pictures made in code from clean portraits: each defect by several renderers, in random sizes, places and colours
//! from a seed. It calibrates the photo check (`cargo xtask bench accuracy`); a measure must not be fitted to one of its
//! renderers, because real defects are drawn by nobody.
mod backdrop;
mod canvas;
mod cover;
mod glasses;
mod harmless;
mod hats;
mod light;
mod marks;
mod place;
mod pose;
mod rng;
mod sitter;

pub use rng::Rng;
pub use sitter::Sitter;

use domain::Measure;
use photo::Picture;

type Draw = fn(&Sitter, &mut Rng) -> Picture;
type DrawTwo = fn(&Sitter, &Sitter, &mut Rng) -> Picture;

/// How a drawing is made.
#[derive(Debug, Clone, Copy)]
enum Renderer {
    /// From one sitter.
    One(Draw),
    /// From two.
    Two(DrawTwo),
    /// The picture itself, encoded at a low quality.
    Encoded,
    /// The picture itself.
    Untouched,
}

/// A way to draw a defect, or something harmless.
#[derive(Debug, Clone, Copy)]
pub struct Drawing {
    /// The defect, as it is reported; several drawings share one.
    pub defect: &'static str,
    /// This renderer of it.
    pub renderer: &'static str,
    /// Measures that may catch it; none for something harmless.
    pub caught_by: &'static [Measure],
    draw: Renderer,
}

/// A drawn picture and the JPEG quality it is to be written at.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The picture.
    pub picture: Picture,
    /// 1–100 on libjpeg's scale.
    pub quality: u8,
}

/// Quality of pictures whose defect is not compression.
const GOOD: u8 = 93;

impl Drawing {
    /// Draws it; `other` is a second person where one is needed.
    pub fn draw(&self, sitter: &Sitter, other: &Sitter, seed: u64) -> Drawn {
        let mut rng = Rng::new(seed, &[&sitter.name, self.defect, self.renderer]);
        let (picture, quality) = match self.draw {
            Renderer::One(draw) => (draw(sitter, &mut rng), GOOD),
            Renderer::Two(draw) => (draw(sitter, other, &mut rng), GOOD),
            Renderer::Encoded => (sitter.picture.clone(), light::small_file(&mut rng)),
            Renderer::Untouched => (sitter.picture.clone(), GOOD),
        };
        Drawn { picture, quality }
    }

    /// Whether it is something harmless.
    pub fn is_harmless(&self) -> bool {
        self.caught_by.is_empty()
    }
}

const fn one(defect: &'static str, renderer: &'static str, caught_by: &'static [Measure], draw: Draw) -> Drawing {
    Drawing {
        defect,
        renderer,
        caught_by,
        draw: Renderer::One(draw),
    }
}

const fn two(defect: &'static str, renderer: &'static str, caught_by: &'static [Measure], draw: DrawTwo) -> Drawing {
    Drawing {
        defect,
        renderer,
        caught_by,
        draw: Renderer::Two(draw),
    }
}

use Measure as M;
const HAT: &[M] = &[M::NoHeadCoverings];
const EYES: &[M] = &[M::EyesVisible, M::GlassesGlare];
const COVERED: &[M] = &[M::MouthOcclusionPrevention, M::FaceOcclusionPrevention];
const HAND: &[M] = &[M::FaceOcclusionPrevention, M::MouthOcclusionPrevention, M::EyesVisible];
const SHARP: &[M] = &[M::Sharpness];
const EVEN: &[M] = &[
    M::BackgroundColour,
    M::BackgroundUniformity,
    M::BackgroundGradient,
    M::BackgroundShadow,
];
const SIZE: &[M] = &[M::InterEyeDistance, M::FaceWidth, M::HeadHeight, M::HeadSize];
const MARK: &[M] = &[M::Watermark];
const CLEAN: &[M] = &[];

/// Every drawing, defects first.
#[rustfmt::skip]
pub const DRAWINGS: &[Drawing] = &[
    one("defocus", "disc", SHARP, light::defocus),
    one("motion", "line", SHARP, light::motion),
    one("underexposed", "gain", &[M::UnderExposurePrevention, M::LuminanceMean, M::DynamicRange], light::under),
    one("overexposed", "gain", &[M::OverExposurePrevention, M::LuminanceMean, M::DynamicRange], light::over),
    one("one-sided light", "ramp", &[M::IlluminationUniformity], light::one_sided),
    one("colour cast", "gain", &[M::NaturalColour], light::cast),
    one("wrong backdrop", "colour", &[M::BackgroundColour], backdrop::wrong),
    one("wrong backdrop", "clutter", &[M::BackgroundColour, M::BackgroundUniformity], backdrop::clutter),
    one("striped backdrop", "stripes", EVEN, backdrop::striped),
    one("striped backdrop", "folds", EVEN, backdrop::folds),
    one("graded backdrop", "ramp", EVEN, backdrop::graded),
    one("shadow", "silhouette", EVEN, backdrop::shadowed),
    one("roll", "turned", &[M::HeadPoseRoll], pose::tilted),
    one("yaw", "mesh", &[M::HeadPoseYaw], pose::turned),
    one("pitch", "mesh", &[M::HeadPosePitch], pose::nodded),
    one("tiny face", "far", SIZE, place::tiny),
    one("off centre", "edge", &[M::Centring], place::off_centre),
    one("too high", "cut", &[M::CrownToTop, M::MarginAboveOfTheFaceImage, M::EyesToTop], place::too_high),
    two("two faces", "beside", &[M::SingleFacePresent], place::two),
    two("two faces", "behind", &[M::SingleFacePresent], place::behind),
    one("no face", "empty", &[M::SingleFacePresent], place::nobody),
    one("dark lenses", "dark", EYES, glasses::dark),
    one("dark lenses", "tinted", EYES, glasses::tinted),
    one("dark lenses", "mirrored", EYES, glasses::mirrored),
    one("covered eyes", "patch", EYES, glasses::patch),
    one("covered eyes", "hair", EYES, glasses::hair),
    one("glare", "spots", EYES, glasses::spots),
    one("glare", "streaks", EYES, glasses::streaks),
    one("glare", "window", EYES, glasses::window),
    one("covered mouth", "mask", COVERED, cover::mask),
    one("covered mouth", "scarf", COVERED, cover::scarf),
    one("covered mouth", "card", COVERED, cover::card),
    one("closed eyes", "lids down", &[M::EyesOpen], pose::lids_down),
    one("closed eyes", "painted", &[M::EyesOpen], pose::lids_painted),
    one("open mouth", "jaw", &[M::MouthClosed], pose::mouth_open),
    one("hat", "cap", HAT, hats::cap),
    one("hat", "beanie", HAT, hats::beanie),
    one("hat", "brim", HAT, hats::brim),
    one("hat", "headscarf", HAT, hats::headscarf),
    one("hat", "hood", HAT, hats::hood),
    one("hand", "drawn", HAND, cover::hand),
    one("hand", "skin", HAND, cover::hand_of_skin),
    one("watermark", "words", MARK, marks::words),
    one("watermark", "tiled", MARK, marks::tiled),
    one("watermark", "date", MARK, marks::date),
    one("watermark", "logo", MARK, marks::logo),
    one("moiré", "waves", &[M::Moire], light::moire),
    Drawing { defect: "heavy JPEG", renderer: "encoded", caught_by: &[M::CompressionArtifacts], draw: Renderer::Encoded },
    Drawing { defect: "clean", renderer: "untouched", caught_by: CLEAN, draw: Renderer::Untouched },
    one("clean", "exposure", CLEAN, harmless::exposure),
    one("clean", "shift", CLEAN, harmless::shifted),
    one("clean", "skin", CLEAN, harmless::skin),
    one("clean", "hair", CLEAN, harmless::hair),
    one("clean", "fringe", CLEAN, harmless::fringe),
    one("clean", "beard", CLEAN, harmless::beard),
    one("clean", "glasses", CLEAN, glasses::plain),
    one("clean", "backdrop", CLEAN, harmless::backdrop),
];
