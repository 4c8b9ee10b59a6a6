//! Is the backdrop one of the allowed colours, everywhere? CIEDE2000 to the nearest allowed colour, of the 90th percentile of
//! the backdrop's tiles: a wrong colour, a gradient and a shadow all show in it.
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::{Scene, lab, mean_colour};
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, RectPx, Remedy};
use photo::{Lab, delta_e_2000};

/// Side of a tile in pixels of the view; large enough that grain averages out, small enough for a shadow's edge.
const TILE: u32 = 16;
/// Share of a tile that must be certain backdrop.
const COVERED: f32 = 0.9;
/// Fewest tiles a judgement is based on.
const ENOUGH: usize = 8;
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

/// Distance to the nearest allowed colour for each tile of backdrop.
fn distances(scene: &Scene) -> Vec<f32> {
    let allowed: Vec<Lab> = scene
        .spec
        .backgrounds
        .value
        .iter()
        .map(|&c| Lab::from_srgb(c))
        .collect();
    let Some(backdrop) = scene.backdrop.as_ref().filter(|_| !allowed.is_empty()) else {
        return Vec::new();
    };
    let size = scene.view.size();
    let mut distances = Vec::new();
    for y in (0..(size.height + 1).saturating_sub(TILE)).step_by(TILE as usize) {
        for x in (0..(size.width + 1).saturating_sub(TILE)).step_by(TILE as usize) {
            let cells = (y..y + TILE).flat_map(|r| (x..x + TILE).map(move |c| (c as usize, r as usize)));
            let certain = cells.filter(|&(c, r)| backdrop.holds(c, r)).count();
            if certain as f32 >= COVERED * (TILE * TILE) as f32 {
                let tile = RectPx {
                    x,
                    y,
                    width: TILE,
                    height: TILE,
                };
                let colour = lab(mean_colour(&scene.view, tile));
                let nearest = allowed
                    .iter()
                    .map(|&a| delta_e_2000(colour, a))
                    .fold(f32::INFINITY, f32::min);
                distances.push(nearest);
            }
        }
    }
    distances
}
