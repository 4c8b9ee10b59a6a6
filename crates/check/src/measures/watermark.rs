//! Is something written over the picture? Share 0–1 of the certain backdrop that small strokes cover: pixels that differ from their
//! neighbourhood in light or colour; or of the delivered picture that a network sees marks on; or a hundredth for each letter of
//! the longest row of writing on the person. The largest counts.
//!
//! Our own; the backdrop is read on the view at half size. Weak: a patterned wall is a mark too, and so is writing on clothes.
use crate::cells;
use crate::chart::ramp;
use crate::marks;
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};
use photo::Picture;

/// Half the side of the neighbourhood in pixels of the half view.
const AROUND: usize = 8;
/// Levels of 255 by which a stroke on the backdrop differs in light or colour.
const STROKE: (f32, f32) = (5.0, 10.0);
/// Cells of the network that must agree: a letter is larger, a pin on a lapel is not.
const SUREST: usize = 8;
/// How sure of those it must be: 99 % of the clean pictures of the people the limits were set on lie below.
const SURE: f32 = 0.65;
/// Fewest pixels of the half view a judgement is based on.
const ENOUGH: usize = 400;

/// `Watermark`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::Watermark;
    let half = scene.view.half();
    let Some(backdrop) = on_backdrop(scene, &half) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let value = backdrop.max(marks::on_person(scene, &half)).max(seen(scene));
    let finding = judge(
        measure,
        value,
        Unit::Ratio,
        rule,
        Trouble::either(Reason::Marked, Remedy::RemoveMarks),
    );
    with_quality(finding, 100.0 * (1.0 - 20.0 * f64::from(value)))
}

/// How sure the network is of a mark, 0–1.
pub(crate) fn surest(scene: &Scene) -> f32 {
    cells::surest(cells(scene), SUREST)
}

/// Share of the delivered picture that the network sees marks on; 0 unless it is sure of some.
fn seen(scene: &Scene) -> f32 {
    let values = cells(scene);
    let share = values.iter().sum::<f32>() / values.len().max(1) as f32;
    if cells::surest(values, SUREST) < SURE {
        0.0
    } else {
        share
    }
}

fn cells(scene: &Scene) -> Vec<f32> {
    cells::delivered(scene, scene.input.faces.marks.as_ref())
}

/// A plane of the half view with the sums that give means over boxes.
struct Plane {
    values: Vec<f32>,
    sums: Vec<f64>,
}

impl Plane {
    fn new(values: Vec<f32>, counts: &[bool], w: usize) -> Self {
        let h = values.len() / w;
        let mut sums = vec![0.0f64; (w + 1) * (h + 1)];
        for y in 0..h {
            let mut row = 0.0;
            for x in 0..w {
                if counts[y * w + x] {
                    row += f64::from(values[y * w + x]);
                }
                sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1] + row;
            }
        }
        Self { values, sums }
    }

    fn sum(&self, x: usize, y: usize, w: usize, h: usize) -> f64 {
        let (x0, y0) = (x.saturating_sub(AROUND), y.saturating_sub(AROUND));
        let (x1, y1) = ((x + AROUND + 1).min(w), (y + AROUND + 1).min(h));
        let at = |x: usize, y: usize| self.sums[y * (w + 1) + x];
        at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)
    }
}

pub(crate) fn on_backdrop(scene: &Scene, half: &Picture) -> Option<f32> {
    let backdrop = scene.backdrop.as_ref()?;
    let (w, h) = (half.size().width as usize, half.size().height as usize);
    let mut light = Vec::with_capacity(w * h);
    let mut colour = Vec::with_capacity(w * h);
    for p in half.rgb().chunks_exact(3) {
        let [r, g, b] = [p[0], p[1], p[2]].map(f32::from);
        light.push(0.299 * r + 0.587 * g + 0.114 * b);
        colour.push((r - b) / 2.0);
    }
    let certain: Vec<bool> = (0..w * h).map(|i| backdrop.holds(2 * (i % w), 2 * (i / w))).collect();
    let total = certain.iter().filter(|c| **c).count();
    if total < ENOUGH {
        return None;
    }
    let count = Plane::new(vec![1.0; w * h], &certain, w);
    let planes = [Plane::new(light, &certain, w), Plane::new(colour, &certain, w)];
    let mut marked = 0.0;
    for y in 0..h {
        for x in (0..w).filter(|x| certain[y * w + x]) {
            let n = count.sum(x, y, w, h).max(1.0);
            let off = planes
                .iter()
                .map(|p| (p.values[y * w + x] - (p.sum(x, y, w, h) / n) as f32).abs());
            marked += ramp(off.fold(0.0, f32::max), STROKE.0, STROKE.1);
        }
    }
    Some(marked / total as f32)
}
