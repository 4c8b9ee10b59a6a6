//! Does the right measure catch each defect on most portraits, and leave the good ones alone?
use crate::{ASSESSOR, defect, finding, graduate, picture, studio};
use domain::{Face, Measure, Reason, RectPx, Verdict};
use face::{FaceModels, Speed};
use photo::Picture;
use std::sync::LazyLock;

/// Studio portraits with closed lips; all pass or warn untouched.
const CLOSED: [&str; 7] = [
    "cory-booker",
    "cynthia-lummis",
    "jefferson-van-drew",
    "john-boozman",
    "rand-paul",
    "richard-blumenthal",
    "richard-shelby",
];

/// The middle of each frame, which holds the person, and the face in it.
static PEOPLE: LazyLock<Vec<(Picture, Face)>> = LazyLock::new(|| {
    let models = FaceModels::embedded().unwrap();
    let person = |name: &&str| {
        let frame = picture(&studio(name));
        let size = frame.size();
        let middle = RectPx {
            x: size.width / 2 - 540,
            y: 0,
            width: 1080,
            height: size.height,
        };
        let picture = frame.crop(middle).unwrap();
        let face = models.find(&picture, Speed::Full).unwrap().0.faces.remove(0);
        (picture, face)
    };
    CLOSED.iter().map(person).collect()
});

/// How many of the seven portraits get a finding at least that bad, of that measure and reason, after the defect.
fn caught(
    measure: Measure,
    at_least: Verdict,
    reasons: &[Reason],
    defect: impl Fn(&Picture, &Face) -> Picture,
) -> usize {
    let caught = |(picture, face): &&(Picture, Face)| {
        let jpeg = photo::encode_jpeg(&defect(picture, face), 95, 300).unwrap();
        let assessment = ASSESSOR.assess(&jpeg, graduate());
        let found = finding(&assessment, measure);
        assert!(
            assessment.verdict >= found.verdict,
            "the whole is never better than a part"
        );
        found.verdict >= at_least && found.reason.is_some_and(|r| reasons.contains(&r))
    };
    let count = PEOPLE.iter().filter(caught).count();
    println!("{} {:?}: {count} of {}", measure.id(), reasons[0], PEOPLE.len());
    count
}

/// How many fail.
fn failed(measure: Measure, reasons: &[Reason], defect: impl Fn(&Picture, &Face) -> Picture) -> usize {
    caught(measure, Verdict::Fail, reasons, defect)
}

#[test]
fn defocus() {
    assert_eq!(
        failed(Measure::Sharpness, &[Reason::Blurred], |p, _| defect::blurred(p, 8)),
        7
    );
}

#[test]
fn motion() {
    assert_eq!(
        failed(Measure::Sharpness, &[Reason::Blurred], |p, _| defect::moved(p, 20)),
        7
    );
}

#[test]
fn too_dark() {
    let dark = |p: &Picture, _: &Face| defect::gained(p, [0.25; 3]);
    assert_eq!(
        failed(Measure::UnderExposurePrevention, &[Reason::Underexposed], dark),
        7
    );
}

#[test]
fn too_bright() {
    let bright = |p: &Picture, _: &Face| defect::gained(p, [2.2; 3]);
    assert_eq!(
        failed(Measure::OverExposurePrevention, &[Reason::Overexposed], bright),
        7
    );
}

#[test]
fn colour_cast() {
    let green = |p: &Picture, _: &Face| defect::gained(p, [0.7, 1.1, 0.8]);
    assert!(failed(Measure::NaturalColour, &[Reason::ColourCast], green) >= 6);
}

#[test]
fn one_sided_light() {
    // OFIQ's squares lie close to the nose, so light that leaves only the cheek's edge dark may pass.
    let dim = |p: &Picture, f: &Face| defect::one_sided(p, f, 0.15);
    assert!(
        caught(
            Measure::IlluminationUniformity,
            Verdict::Warn,
            &[Reason::LightUneven],
            dim
        ) >= 6
    );
}

#[test]
fn wrong_backdrop() {
    let grey = |p: &Picture, _: &Face| defect::backdrop(p, |_, _| [128.0; 3]);
    assert_eq!(
        failed(Measure::BackgroundColour, &[Reason::BackgroundWrongColour], grey),
        7
    );
}

#[test]
fn shadow_on_the_backdrop() {
    let shadow = |p: &Picture, f: &Face| {
        let edge = f.bounds.center().x + 0.7 * f.bounds.width;
        defect::backdrop(p, |x, _| {
            if x > edge {
                [55.0, 115.0, 155.0]
            } else {
                [100.0, 197.0, 255.0]
            }
        })
    };
    let reasons = [Reason::BackgroundUneven, Reason::BackgroundWrongColour];
    assert!(failed(Measure::BackgroundColour, &reasons, shadow) >= 6);
}

#[test]
fn patterned_backdrop() {
    let pattern = |p: &Picture, _: &Face| {
        defect::backdrop(p, |x, y| {
            if (x / 12.0) as u32 % 2 == (y / 12.0) as u32 % 2 {
                [100.0, 197.0, 255.0]
            } else {
                [85.0, 170.0, 225.0]
            }
        })
    };
    assert!(failed(Measure::BackgroundUniformity, &[Reason::BackgroundUneven], pattern) >= 6);
}

#[test]
fn tilted_head() {
    // Beyond what the person already tilts, so that the sum is past the bound.
    let tilt = |p: &Picture, f: &Face| defect::tilted(p, f.bounds.center(), 14.0_f32.copysign(f.pose.roll));
    assert_eq!(failed(Measure::HeadPoseRoll, &[Reason::HeadTilted], tilt), 7);
}

#[test]
fn two_people() {
    let two = |p: &Picture, _: &Face| defect::side_by_side(p, &PEOPLE[4].0);
    assert_eq!(failed(Measure::SingleFacePresent, &[Reason::SeveralFaces], two), 7);
}

#[test]
fn nobody() {
    assert_eq!(
        failed(Measure::SingleFacePresent, &[Reason::NoFace], |p, _| defect::empty(p)),
        7
    );
}

#[test]
fn closed_eyes() {
    assert!(failed(Measure::EyesOpen, &[Reason::EyesClosed], defect::eyes_closed) >= 5);
}

#[test]
fn off_centre() {
    let off = |p: &Picture, f: &Face| {
        let room = (0.05 * f.bounds.width) as i64;
        defect::shifted(p, room - f.bounds.x as i64, 0)
    };
    assert!(failed(Measure::Centring, &[Reason::OffCentre], off) >= 6);
}

#[test]
fn too_high_in_the_frame() {
    let high = |p: &Picture, f: &Face| defect::shifted(p, 0, (0.25 * f.bounds.height) as i64 - f.bounds.y as i64);
    assert_eq!(failed(Measure::CrownToTop, &[Reason::HeadTooHigh], high), 7);
}
