//! How many tones does the face show? Entropy of the luminance histogram of the landmarked region in bits, as OFIQ takes it.
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `DynamicRange`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::DynamicRange;
    let Some(shares) = scene.face_histogram() else {
        return scene.not_measured(measure, Unit::Bits, rule);
    };
    let entropy: f32 = shares.iter().filter(|s| **s > 0.0).map(|s| -s * s.log2()).sum();
    let trouble = Trouble::either(Reason::LowContrast, Remedy::BalanceLights);
    judge(measure, entropy, Unit::Bits, rule, trouble)
}
