//! Which measures are taken, in which order, and what is their verdict?
use crate::crop::crop_trouble;
use crate::head::Head;
use crate::input::{FileFacts, Input};
use crate::measures::*;
use crate::outcome;
use crate::scene::{Detail, Scene};
use domain::finding::{Bound, Unit};
use domain::photo_spec::Rule;
use domain::{Finding, Measure, PhotoSpec, Reason, Remedy, Verdict};

type Take = fn(&Scene, &Rule) -> Finding;

/// Measures of the subject and the light that need neither mask nor expression: taken live too.
const LIVE: &[(Measure, Take)] = &[
    (Measure::SingleFacePresent, single_face::measure),
    (Measure::HeadPoseYaw, head_pose::yaw),
    (Measure::HeadPosePitch, head_pose::pitch),
    (Measure::HeadPoseRoll, head_pose::roll),
    (Measure::EyesOpen, eyes_open::measure),
    (Measure::MouthClosed, mouth_closed::measure),
    (Measure::InterEyeDistance, inter_eye::measure),
    (Measure::HeadSize, head_size::measure),
    (Measure::LeftwardCropOfTheFaceImage, margins::left),
    (Measure::RightwardCropOfTheFaceImage, margins::right),
    (Measure::MarginAboveOfTheFaceImage, margins::above),
    (Measure::MarginBelowOfTheFaceImage, margins::below),
    (Measure::CrownToTop, geometry::crown_to_top),
    (Measure::EyesToTop, geometry::eyes_to_top),
    (Measure::EyesToBottom, geometry::eyes_to_bottom),
    (Measure::FaceWidth, geometry::face_width),
    (Measure::HeadHeight, geometry::head_height),
    (Measure::Centring, geometry::centring),
    (Measure::IlluminationUniformity, illumination::measure),
    (Measure::LuminanceMean, luminance::mean),
    (Measure::UnderExposurePrevention, exposure::under),
    (Measure::OverExposurePrevention, exposure::over),
];

/// Measures of the still only.
const STILL: &[(Measure, Take)] = &[
    (Measure::ExpressionNeutrality, expression::measure),
    (Measure::BackgroundUniformity, background_uniformity::measure),
    (Measure::BackgroundColour, background_colour::measure),
    (Measure::LuminanceVariance, luminance::variance),
    (Measure::DynamicRange, dynamic_range::measure),
    (Measure::Sharpness, sharpness::measure),
    (Measure::NaturalColour, natural_colour::measure),
    (Measure::EyesVisible, eyes_visible::measure),
    (Measure::MouthOcclusionPrevention, mouth_occlusion::measure),
    (Measure::FaceOcclusionPrevention, face_occlusion::measure),
    (Measure::NoHeadCoverings, head_covering::measure),
    (Measure::Gaze, gaze::measure),
    (Measure::ShouldersLevel, shoulders::measure),
    (Measure::GlassesGlare, glasses_glare::measure),
    (Measure::BackgroundGradient, background_gradient::measure),
    (Measure::BackgroundShadow, background_shadow::measure),
    (Measure::Moire, moire::measure),
    (Measure::Watermark, watermark::measure),
];

/// Measures of the delivered file; left out where there is none.
const FILE: &[(Measure, Take)] = &[
    (Measure::PixelSize, file::pixel_size),
    (Measure::Resolution, file::resolution),
    (Measure::FileSize, file::file_size),
    (Measure::ColourDepth, file::colour_depth),
];

/// Left out where nothing came from a file and nothing is delivered as one.
const COMPRESSION: &[(Measure, Take)] = &[(Measure::CompressionArtifacts, compression::measure)];

/// Every measure this version takes, `Readable` included.
pub fn measured() -> impl Iterator<Item = Measure> {
    let taken = LIVE.iter().chain(STILL).chain(COMPRESSION).chain(FILE).map(|(m, _)| *m);
    std::iter::once(Measure::Readable).chain(taken)
}

/// Judges a still: every measure the standard asks for, in the order reports list them.
pub fn judge(input: &Input, spec: &PhotoSpec) -> Vec<Finding> {
    judge_while(input, spec, || input.file.copied())
}

/// The same with a delivered file that is made meanwhile: it is asked for when everything else is measured.
pub fn judge_while(input: &Input, spec: &PhotoSpec, file: impl FnOnce() -> Option<FileFacts>) -> Vec<Finding> {
    let mut scene = Scene::new(*input, spec, Detail::Full);
    let mut findings = vec![readable()];
    findings.extend(take(&scene, LIVE.iter().chain(STILL)));
    let facts = file();
    scene.input.file = facts.as_ref();
    let file = facts.map_or(&FILE[..0], |_| FILE);
    let compressed = facts.is_some() || input.source_quality.is_some();
    let compression = if compressed { COMPRESSION } else { &COMPRESSION[..0] };
    findings.extend(take(&scene, compression.iter().chain(file)));
    findings.sort_by_key(|f| f.measure);
    findings
}

/// Judges a frame of the live view by the measures that need neither mask nor expression.
pub fn judge_live(input: &Input, spec: &PhotoSpec) -> Vec<Finding> {
    let scene = Scene::new(*input, spec, Detail::Live);
    take(&scene, LIVE.iter()).collect()
}

fn take<'a>(
    scene: &'a Scene,
    measures: impl Iterator<Item = &'a (Measure, Take)> + 'a,
) -> impl Iterator<Item = Finding> + 'a {
    measures.filter_map(|(measure, take)| scene.spec.rule(*measure).map(|rule| take(scene, &rule)))
}

/// The finding of a picture that could be read.
fn readable() -> Finding {
    Finding {
        measure: Measure::Readable,
        value: None,
        unit: Unit::None,
        quality: None,
        bound: Bound::default(),
        verdict: Verdict::Pass,
        reason: None,
        remedy: None,
    }
}

/// The only finding of a picture that could not be read, or that a model could not look at. It fails.
pub fn unreadable(reason: Reason, remedy: Remedy) -> Finding {
    Finding {
        verdict: Verdict::Fail,
        reason: Some(reason),
        remedy: Some(remedy),
        ..readable()
    }
}

impl Scene<'_> {
    /// The head in pixels of the finished picture, only where there is a crop for it to sit in.
    pub(crate) fn framed_head(&self) -> Option<Head> {
        self.input.crop.and(self.head)
    }

    /// The finding for a measure that could not be taken, with the likeliest cause.
    pub(crate) fn not_measured(&self, measure: Measure, unit: Unit, rule: &Rule) -> Finding {
        let why = if self.head.is_none() {
            (Reason::NoFace, Remedy::StepIntoFrame)
        } else if self.input.crop.is_none() {
            crop_trouble(&self.input, self.spec).unwrap_or((Reason::CropOutside, Remedy::LeaveMoreRoom))
        } else {
            (Reason::NotMeasured, Remedy::TakeAgain)
        };
        outcome::not_measured(measure, unit, rule.pass, why)
    }
}
