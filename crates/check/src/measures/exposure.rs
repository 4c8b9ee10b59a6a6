//! Is detail lost in black or white? Share of the face's pixels at either end of the luminance scale, as OFIQ takes it
//! (0–25 and 247–255 of 255, linear light). OFIQ leaves covered parts of the face out; we do not know them yet.
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};
use std::ops::RangeInclusive;

/// `UnderExposurePrevention`.
pub(crate) fn under(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble::either(Reason::Underexposed, Remedy::MoreLight);
    share(scene, Measure::UnderExposurePrevention, rule, 0..=25, trouble)
}

/// `OverExposurePrevention`.
pub(crate) fn over(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble::either(Reason::Overexposed, Remedy::LessLight);
    share(scene, Measure::OverExposurePrevention, rule, 247..=255, trouble)
}

fn share(scene: &Scene, measure: Measure, rule: &Rule, end: RangeInclusive<usize>, trouble: Trouble) -> Finding {
    match scene.face_histogram() {
        Some(shares) => judge(measure, shares[end].iter().sum(), Unit::Ratio, rule, trouble),
        None => scene.not_measured(measure, Unit::Ratio, rule),
    }
}
