//! Is the mouth free? Share 0–1 by which it is covered: by a mask, a scarf, a card, a hand.
//!
//! Lips are redder than, or at least as red as, the skin around the nose, and they stand out from what surrounds them, in a beard
//! too; a cover has neither. OFIQ counts pixels of an occlusion network; this score is our own on the same scale.
use crate::chart::{Cell, Chart, Part, at_share, median, ramp};
use crate::complexion::Complexion;
use crate::landmark::LIPS;
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `MouthOcclusionPrevention`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::MouthOcclusionPrevention;
    let covered = scene.chart().and_then(|(chart, skin)| covered(chart, skin));
    match covered {
        Some(value) => judge(
            measure,
            value,
            Unit::Ratio,
            rule,
            Trouble::either(Reason::MouthCovered, Remedy::UncoverFace),
        ),
        None => scene.not_measured(measure, Unit::Ratio, rule),
    }
}

fn covered(chart: &Chart, skin: &Complexion) -> Option<f32> {
    let s = signs(chart, skin)?;
    let not_lips = ramp(s[0], -0.12, -0.3).max(ramp(s[1], 0.45, 0.8));
    let featureless = ramp(s[2], 0.1, 0.04);
    Some(not_lips.max(featureless))
}

/// Redness of the lips over the skin's; hue of what surrounds them; how much they stand out from it.
pub(crate) fn signs(chart: &Chart, skin: &Complexion) -> Option<Vec<f32>> {
    let (u, v) = chart.middle(&LIPS);
    let lips: Vec<&Cell> = chart
        .within((u - 0.3, v - 0.3, u + 0.3, v + 0.3))
        .filter(|(_, c)| c.part == Part::Lip)
        .map(|(_, c)| c)
        .collect();
    let around: Vec<&Cell> = chart
        .within((u - 0.2, v - 0.14, u + 0.2, v + 0.17))
        .filter(|((_, w), c)| c.part == Part::Skin && (w - v).abs() > 0.05)
        .map(|(_, c)| c)
        .collect();
    let red = median(lips.iter().map(|c| c.red).collect())?;
    // Dark hair has no hue to speak of: only light surroundings can be told from skin by it.
    let mut hues: Vec<f32> = around
        .iter()
        .map(|c| skin.hue(c) * ramp(skin.lighter(c), -1.1, -0.5))
        .collect();
    let hue = at_share(&mut hues, 0.5)?;
    let outside = median(around.iter().map(|c| c.red).collect())?;
    let mut lights: Vec<f32> = chart
        .within((u - 0.14, v - 0.08, u + 0.14, v + 0.08))
        .map(|(_, c)| c.light)
        .collect();
    let contrast = (at_share(&mut lights, 0.95)? - at_share(&mut lights, 0.05)?) / skin.light.max(0.05);
    Some(vec![red - skin.red, hue, (red - outside).max(0.0), contrast])
}
