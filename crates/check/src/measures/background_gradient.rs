//! Does the backdrop change from one side to the other? Lightness (L* of CIELAB, 0–100) by which a plane through its tiles rises
//! from the darkest to the lightest corner of the picture. Slow changes the mean gradient of `BackgroundUniformity` cannot see.
//! Our own. Weak: a round fall-off from the middle is a plane only in part.
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use crate::tiles::{ENOUGH, Tile};
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// Lightness at which our own quality is zero.
const POOR: f64 = 40.0;

/// `BackgroundGradient`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::BackgroundGradient;
    let size = scene.view.size();
    let tiles = scene.tiles();
    let Some(value) = rise(tiles, size.width as f32, size.height as f32) else {
        return scene.not_measured(measure, Unit::Lightness, rule);
    };
    let finding = judge(
        measure,
        value,
        Unit::Lightness,
        rule,
        Trouble::either(Reason::BackgroundUneven, Remedy::BalanceLights),
    );
    with_quality(finding, 100.0 * (1.0 - f64::from(value) / POOR))
}

/// Least squares of L = a + bx + cy.
fn rise(tiles: &[Tile], width: f32, height: f32) -> Option<f32> {
    if tiles.len() < ENOUGH {
        return None;
    }
    let n = tiles.len() as f32;
    let mean = |of: &dyn Fn(&Tile) -> f32| tiles.iter().map(of).sum::<f32>() / n;
    let (mx, my, ml) = (mean(&|t| t.at.x), mean(&|t| t.at.y), mean(&|t| t.colour.l));
    let sum = |of: &dyn Fn(f32, f32, f32) -> f32| {
        tiles
            .iter()
            .map(|t| of(t.at.x - mx, t.at.y - my, t.colour.l - ml))
            .sum::<f32>()
    };
    let (xx, yy, xy) = (sum(&|x, _, _| x * x), sum(&|_, y, _| y * y), sum(&|x, y, _| x * y));
    let (xl, yl) = (sum(&|x, _, l| x * l), sum(&|_, y, l| y * l));
    let det = xx * yy - xy * xy;
    if det < 1.0 {
        return None;
    }
    let (b, c) = ((xl * yy - yl * xy) / det, (yl * xx - xl * xy) / det);
    Some(b.abs() * width + c.abs() * height)
}
