//! Is the light the same from both sides? Overlap of the luminance histograms of the two cheeks, 0–1: of OFIQ's squares, which lie
//! close to the nose, or of the same squares moved outwards by half their side, whichever is less, so that a dark edge of a
//! cheek shows too. OFIQ's mapping to a quality is used.
use crate::outcome::{Trouble, judge};
use crate::scene::{Scene, histogram};
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, RectPx, Remedy};

/// `IlluminationUniformity`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::IlluminationUniformity;
    let overlap = scene.cheeks().and_then(|[left, right]| {
        let near = overlap(scene, left, right)?;
        let out = left.width / 2;
        let (left, right) = (
            RectPx {
                x: left.x.saturating_sub(out),
                ..left
            },
            RectPx {
                x: right.x + out,
                ..right
            },
        );
        let inside = right.x + right.width <= scene.view.size().width;
        let far = if inside { overlap(scene, left, right) } else { None };
        Some(far.map_or(near, |far| near.min(far)))
    });
    match overlap {
        Some(value) => {
            let trouble = Trouble::either(Reason::LightUneven, Remedy::BalanceLights);
            judge(measure, value, Unit::Ratio, rule, trouble)
        }
        None => scene.not_measured(measure, Unit::Ratio, rule),
    }
}

fn overlap(scene: &Scene, left: RectPx, right: RectPx) -> Option<f32> {
    let (left, right) = (cheek(scene, left)?, cheek(scene, right)?);
    Some(left.iter().zip(&right).map(|(a, b)| a.min(*b)).sum())
}

fn cheek(scene: &Scene, rect: RectPx) -> Option<[f32; 256]> {
    let width = scene.view.size().width as usize;
    let columns = rect.x as usize..(rect.x + rect.width) as usize;
    let rows = rect.y as usize..(rect.y + rect.height) as usize;
    histogram(rows.flat_map(|y| scene.luminance[y * width..][columns.clone()].iter().copied()))
}
