//! How bright is the face, and how much do its tones differ? Moments of the luminance histogram of the landmarked region, as
//! OFIQ takes them (linear light, 0–1).
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `LuminanceMean`.
pub(crate) fn mean(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble {
        low: (Reason::TooDark, Remedy::MoreLight),
        high: (Reason::TooBright, Remedy::LessLight),
    };
    match scene.face_histogram() {
        Some(shares) => judge(Measure::LuminanceMean, moments(&shares).0, Unit::Ratio, rule, trouble),
        None => scene.not_measured(Measure::LuminanceMean, Unit::Ratio, rule),
    }
}

/// `LuminanceVariance`.
pub(crate) fn variance(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble {
        low: (Reason::LowContrast, Remedy::MoreLight),
        high: (Reason::LightUneven, Remedy::BalanceLights),
    };
    match scene.face_histogram() {
        Some(shares) => judge(
            Measure::LuminanceVariance,
            moments(&shares).1,
            Unit::Ratio,
            rule,
            trouble,
        ),
        None => scene.not_measured(Measure::LuminanceVariance, Unit::Ratio, rule),
    }
}

fn moments(shares: &[f32; 256]) -> (f32, f32) {
    let value = |i: usize| i as f32 / 255.0;
    let mean: f32 = shares.iter().enumerate().map(|(i, s)| s * value(i)).sum();
    let variance = shares
        .iter()
        .enumerate()
        .map(|(i, s)| s * (value(i) - mean).powi(2))
        .sum();
    (mean, variance)
}
