//! Is the backdrop one of the allowed colours, everywhere? CIEDE2000 to the nearest allowed colour, of the 90th percentile of
//! the backdrop's tiles: a wrong colour, a gradient and a shadow all show in it.
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use crate::tiles::ENOUGH;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};
use photo::{Lab, delta_e_2000};

/// Where the worst tiles are read, so that a few odd ones (a stray hair, a seam of the mask) do not decide.
const WORST: f32 = 0.9;
/// ΔE00 at which our own quality is zero.
const POOR: f64 = 40.0;

/// `BackgroundColour`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::BackgroundColour;
    let mut distances = distances(scene);
    if distances.len() < ENOUGH {
        return scene.not_measured(measure, Unit::DeltaE, rule);
    }
    distances.sort_by(f32::total_cmp);
    let at = |share: f32| distances[(share * (distances.len() - 1) as f32) as usize];
    let value = at(WORST);
    // Half of it off: the colour is wrong. Only the worst tiles off: it is the light on it.
    let wrong = if rule.pass.holds(at(0.5)) {
        (Reason::BackgroundUneven, Remedy::BalanceLights)
    } else {
        (Reason::BackgroundWrongColour, Remedy::ChangeBackground)
    };
    let finding = judge(measure, value, Unit::DeltaE, rule, Trouble::either(wrong.0, wrong.1));
    with_quality(finding, 100.0 * (1.0 - f64::from(value) / POOR))
}

/// Distance to the nearest allowed colour for each tile of backdrop; none when the standard allows any colour.
fn distances(scene: &Scene) -> Vec<f32> {
    let allowed: Vec<Lab> = scene
        .spec
        .backgrounds
        .value
        .iter()
        .map(|&c| Lab::from_srgb(c))
        .collect();
    let nearest = |colour: Lab| allowed.iter().map(|&a| delta_e_2000(colour, a)).reduce(f32::min);
    scene.tiles().iter().filter_map(|t| nearest(t.colour)).collect()
}
