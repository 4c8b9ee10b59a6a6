//! Can both eyes be seen? Share 0–1 by which the less visible eye is hidden: by dark, tinted or mirrored lenses, a patch, hair.
//!
//! Three signs are read on the head's chart: the skin right under the eye is much darker than the cheeks, it has another hue
//! than skin, or the opening shows no contrast between iris and white. OFIQ counts pixels of an occlusion network; this score
//! is our own, on the same scale. Weak: very deep-set eyes under hard light from above look a little hidden.
use crate::chart::{Chart, at_share, median, ramp};
use crate::complexion::Complexion;
use crate::landmark::EYES;
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// How dark the skin under an eye may be, as a logarithm of luma over the cheeks', and where it is certainly a lens.
const DARK: (f32, f32) = (-0.55, -1.0);
/// Distances of hue that are still skin and certainly not.
const HUE: (f32, f32) = (0.35, 0.75);
/// Contrast inside the opening over the skin's luma: none, and enough.
const CONTRAST: (f32, f32) = (0.42, 0.2);

/// `EyesVisible`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::EyesVisible;
    let Some((chart, skin)) = scene.chart() else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let hidden = EYES.iter().filter_map(|eye| hidden(chart, skin, eye)).reduce(f32::max);
    match hidden {
        Some(value) => judge(
            measure,
            value,
            Unit::Ratio,
            rule,
            Trouble::either(Reason::EyesCovered, Remedy::ClearEyes),
        ),
        None => scene.not_measured(measure, Unit::Ratio, rule),
    }
}

/// How hidden one eye is.
fn hidden(chart: &Chart, skin: &Complexion, eye: &[usize]) -> Option<f32> {
    let [dark, hue, contrast] = signs(chart, skin, eye)?;
    let lens = ramp(dark, DARK.0, DARK.1).max(ramp(hue, HUE.0, HUE.1));
    Some(lens.max(ramp(contrast, CONTRAST.0, CONTRAST.1)))
}

/// Darkness and hue of the skin under an eye, and the contrast in its opening.
fn signs(chart: &Chart, skin: &Complexion, eye: &[usize]) -> Option<[f32; 3]> {
    let (u, v) = chart.middle(eye);
    let under: Vec<_> = chart
        .within((u - 0.1, v + 0.055, u + 0.1, v + 0.12))
        .map(|(_, c)| c)
        .collect();
    let dark = median(under.iter().map(|c| skin.lighter(c)).collect())?;
    let hue = median(under.iter().map(|c| skin.hue(c)).collect())?;
    let mut opening: Vec<f32> = chart
        .within((u - 0.1, v - 0.04, u + 0.1, v + 0.04))
        .map(|(_, c)| c.light)
        .collect();
    let contrast = (at_share(&mut opening, 0.95)? - at_share(&mut opening, 0.05)?) / skin.light.max(0.05);
    Some([dark, hue, contrast])
}
