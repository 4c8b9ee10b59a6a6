//! Is the light the same from both sides? Overlap of the luminance histograms of the two cheeks, 0–1: of OFIQ's squares, which lie
//! close to the nose, or of the same squares moved outwards by half their side, whichever is less, so that a dark edge of a
//! cheek shows too. OFIQ's mapping to a quality is used.
//!
//! Whether the light comes from one side is read on mirrored places of the skin, and bounds the overlap from both sides. Weak: a
//! face whose own shading runs against the lamp's looks even.
use crate::chart::{Cell, Chart, Part, median};
use crate::outcome::{Trouble, judge};
use crate::scene::{Scene, decode, histogram};
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, RectPx, Remedy};

/// Added to linear light before a ratio is taken, so that black against black is even.
const DARK: f32 = 0.003;
/// The skin that is compared, in face widths from the middle of the eyes: from above the brows to above the chin, and neither the
/// nose, whose sides are shaded under any light, nor the edge of the face, where hair and a turn of the head show.
const BAND: (f32, f32) = (0.2, 0.32);
const ABOVE: f32 = -0.3;
const BELOW: f32 = 0.6;
/// One side three times as light as the other: on the people the limits were set on, clean portraits reach 2.1, light drawn from
/// one side begins at 7.
const UNEVEN: f32 = 3.0;
/// The overlap from which the light is even enough (`common.toml`), and what is said of a face that is as even as this but whose
/// histograms are too narrow to overlap.
const EVEN: f32 = 0.05;
const NARROW: f32 = 0.06;

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
    let slant = scene.chart().and_then(|(chart, _)| slant(chart));
    match overlap.map(|overlap| slant.map_or(overlap, |slant| weighed(overlap, slant))) {
        Some(value) => {
            let trouble = Trouble::either(Reason::LightUneven, Remedy::BalanceLights);
            judge(measure, value, Unit::Ratio, rule, trouble)
        }
        None => scene.not_measured(measure, Unit::Ratio, rule),
    }
}

/// The overlap, not above what the slant allows of a slanted light, and not below the bound without one: narrow histograms lie
/// beside each other for a difference nobody sees.
fn weighed(overlap: f32, slant: f32) -> f32 {
    let slanted = slant / UNEVEN.ln();
    if slanted < 1.0 {
        overlap.max(NARROW)
    } else {
        overlap.min(EVEN.powf(slanted))
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

/// How many times lighter one side of the face is than the other, as a logarithm of linear light: the middle of all pairs of
/// mirrored places on its cheeks and beside its brows, so that hair or a reflection on one side does not decide.
pub(crate) fn slant(chart: &Chart) -> Option<f32> {
    let light = |cell: &Cell| (decode(cell.light) + DARK).ln();
    let pairs = chart
        .within((BAND.0, ABOVE, BAND.1, BELOW))
        .filter(|(_, right)| right.part == Part::Skin)
        .map(|((u, v), right)| (right, chart.at((-u, v))))
        .filter(|(_, left)| left.part == Part::Skin)
        .map(|(right, left)| light(right) - light(left));
    median(pairs.collect()).map(f32::abs)
}
