//! Is the backdrop smooth? Mean gradient (Scharr) of the luminance over what is certainly backdrop, on the view at half size.
//! OFIQ takes it on a picture of similar scale, so its mapping to a quality is used.
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// Fewest pixels of the half-size view a judgement is based on.
const ENOUGH: usize = 200;

/// `BackgroundUniformity`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::BackgroundUniformity;
    match mean_gradient(scene) {
        Some(value) => {
            let trouble = Trouble::either(Reason::BackgroundUneven, Remedy::SmoothBackground);
            judge(measure, value, Unit::None, rule, trouble)
        }
        None => scene.not_measured(measure, Unit::None, rule),
    }
}

fn mean_gradient(scene: &Scene) -> Option<f32> {
    let backdrop = scene.backdrop.as_ref()?;
    let size = scene.view.size();
    let (full, w, h) = (size.width as usize, size.width as usize / 2, size.height as usize / 2);
    let quarter = |x: usize, y: usize| {
        let at = |dx: usize, dy: usize| f32::from(scene.luminance[(2 * y + dy) * full + 2 * x + dx]);
        (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4.0
    };
    let mut half = Vec::with_capacity(w * h);
    for y in 0..h {
        half.extend((0..w).map(|x| quarter(x, y)));
    }
    let (mut sum, mut count) = (0.0f64, 0usize);
    for y in 1..h.saturating_sub(1) {
        for x in 1..w.saturating_sub(1) {
            if backdrop.holds(2 * x, 2 * y) {
                let at = |dx: usize, dy: usize| half[(y + dy - 1) * w + x + dx - 1];
                let across = 3.0 * (at(2, 0) - at(0, 0) + at(2, 2) - at(0, 2)) + 10.0 * (at(2, 1) - at(0, 1));
                let down = 3.0 * (at(0, 2) - at(0, 0) + at(2, 2) - at(2, 0)) + 10.0 * (at(1, 2) - at(1, 0));
                sum += f64::from(across.hypot(down));
                count += 1;
            }
        }
    }
    (count >= ENOUGH).then(|| (sum / count as f64) as f32)
}
