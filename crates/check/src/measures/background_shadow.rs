//! Does a shadow lie on the backdrop? Lightness (L* of CIELAB, 0–100) by which the darkest twentieth of its tiles lies below the
//! middle one: a shadow is a dark part of an otherwise even wall. Our own. Weak: anything dark on the wall looks the same, and a
//! shadow over more than half of it is taken for the wall.
use crate::chart::at_share;
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use crate::tiles::ENOUGH;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// Lightness at which our own quality is zero.
const POOR: f64 = 40.0;
/// Which part of the tiles is read as the darkest.
const DARKEST: f32 = 0.05;

/// `BackgroundShadow`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::BackgroundShadow;
    let mut lights: Vec<f32> = scene.tiles().iter().map(|t| t.colour.l).collect();
    let (true, Some(middle), Some(dark)) = (
        lights.len() >= ENOUGH,
        at_share(&mut lights, 0.5),
        at_share(&mut lights, DARKEST),
    ) else {
        return scene.not_measured(measure, Unit::Lightness, rule);
    };
    let value = middle - dark;
    let finding = judge(
        measure,
        value,
        Unit::Lightness,
        rule,
        Trouble::either(Reason::BackgroundUneven, Remedy::BalanceLights),
    );
    with_quality(finding, 100.0 * (1.0 - f64::from(value) / POOR))
}
