//! Is the head bare? Score 0–1 that something is worn on it: cap, beanie, brim, scarf, hood.
//!
//! Twelve signs are read on the head's chart and weighed by a logistic rule: colours hair does not have, a smooth low rim across
//! the forehead, an outline higher or wider than hair, cloth without strands, the same cloth beside the face and under the
//! chin where a neck should be. The weights were fitted on one half of the people of the calibration bank and the raw portraits. OFIQ
//! counts pixels of a segmentation network; this score is our own. Weak: a cap of hair's colour pulled to the hairline.
use crate::chart::{Cell, Chart, Part, at_share, median, ramp};
use crate::complexion::Complexion;
use crate::landmark::{BROWS, CHIN};
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// Person value from which a cell is person.
const PERSON: f32 = 0.5;
/// Number of signs.
pub(crate) const SIGNS: usize = 12;

/// `NoHeadCoverings`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::NoHeadCoverings;
    let (Some((chart, skin)), true) = (scene.chart(), scene.input.faces.mask.is_some()) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let Some(signs) = signs(chart, skin) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let value = score(&signs);
    judge(
        measure,
        value,
        Unit::Ratio,
        rule,
        Trouble::either(Reason::HeadCovered, Remedy::RemoveHat),
    )
}

/// What each sign is when a head is bare and when something is worn on it.
const ENDS: [(f32, f32); SIGNS] = [
    (0.0, 1.0),
    (0.0, 1.0),
    (0.0, 1.0),
    (0.0, 0.15),
    (0.85, 1.4),
    (0.9, 1.5),
    (0.9, 1.5),
    (0.0, 1.0),
    (0.0, 1.0),
    (0.0, 1.0),
    (0.0, 1.0),
    (0.0, 0.5),
];
/// Weight of each sign.
const WEIGHTS: [f32; SIGNS] = [2.19, 0.91, 0.77, 0.24, 3.06, 1.35, -0.83, 0.15, 3.1, -0.43, 0.87, 0.32];
/// Weight of a rim that is low and straight, of a low rim under a high outline, of cloth beside and under the face.
const TOGETHER: [f32; 3] = [1.31, 2.3, 0.26];
/// What speaks against a covering before anything is seen.
const BARE: f32 = -4.84;

fn score(signs: &[f32; SIGNS]) -> f32 {
    let s: [f32; SIGNS] = std::array::from_fn(|i| ramp(signs[i], ENDS[i].0, ENDS[i].1));
    let alone: f32 = s.iter().zip(WEIGHTS).map(|(s, w)| s * w).sum();
    let [straight, high, wrapped] = TOGETHER;
    let sum = BARE + alone + straight * s[1] * s[2] + high * s[1] * s[4] + wrapped * s[8] * s[9];
    1.0 / (1.0 + (-sum).exp())
}

/// The signs, each some 0–1.
pub(crate) fn signs(chart: &Chart, skin: &Complexion) -> Option<[f32; SIGNS]> {
    let brow = BROWS.map(|b| chart.middle(&b).1);
    let brow = brow[0].min(brow[1]);
    let chin = chart.landmark(CHIN).1;
    let person = |c: &&Cell| c.person > PERSON;
    let top: Vec<&Cell> = chart
        .within((-0.35, -1.05, 0.35, -0.62))
        .map(|(_, c)| c)
        .filter(person)
        .collect();
    if top.len() < 50 {
        return None;
    }
    let foreign = top.iter().map(|c| foreign(c)).sum::<f32>() / top.len() as f32;
    let hue = |cells: &[&Cell], of: fn(&Cell) -> f32| median(cells.iter().map(|c| of(c)).collect());
    let of_top = (hue(&top, |c| c.light)?, hue(&top, |c| c.red)?, hue(&top, |c| c.blue)?);
    let spread = {
        let mut l: Vec<f32> = top.iter().map(|c| c.light).collect();
        at_share(&mut l, 0.9)? - at_share(&mut l, 0.1)?
    };
    let edges = chart
        .within((-0.3, -0.95, 0.3, -0.65))
        .filter(|(_, c)| c.person > PERSON)
        .map(|(p, _)| chart.edge(p))
        .collect();
    let strands = median(edges)?;
    let rim = rim(chart, skin, brow);
    let high = chart
        .within((-0.15, -1.4, 0.15, -0.4))
        .filter(|(_, c)| c.person > PERSON)
        .map(|((_, v), _)| -v)
        .fold(0.0, f32::max);
    let wide = |from: f32, to: f32| {
        let row = chart
            .within((-0.78, from, 0.78, to))
            .filter(|(_, c)| c.person > PERSON)
            .count() as f32;
        row / ((to - from) * 64.0).floor().max(1.0) / 64.0
    };
    let (upper, middle) = (wide(-0.5, -0.3), wide(-0.05, 0.1));
    // Under the chin: skin, collar or the same cloth as over the brows.
    let under: Vec<&Cell> = chart
        .within((-0.12, chin + 0.06, 0.12, chin + 0.16))
        .map(|(_, c)| c)
        .collect();
    let neck = under.iter().map(|c| 1.0 - ramp(skin.hue(c), 0.3, 0.6)).sum::<f32>() / under.len().max(1) as f32;
    let beside = |side: f32| {
        let (a, b) = if side < 0.0 { (-0.62, -0.54) } else { (0.54, 0.62) };
        let cells: Vec<&Cell> = chart.within((a, 0.2, b, 0.7)).map(|(_, c)| c).collect();
        let same = |c: &&&Cell| c.person > PERSON && like(c, of_top);
        cells.iter().filter(same).count() as f32 / cells.len().max(1) as f32
    };
    let wrapped = beside(-1.0).min(beside(1.0));
    let cloth_under = under.iter().filter(|c| like(c, of_top)).count() as f32 / under.len().max(1) as f32;
    let temples: Vec<&Cell> = chart
        .within((-0.62, -0.2, 0.62, 0.15))
        .filter(|((u, _), c)| u.abs() > 0.5 && c.person > PERSON && c.part == Part::Outside)
        .map(|(_, c)| c)
        .collect();
    let apart = 1.0 - temples.iter().filter(|c| like(c, of_top)).count() as f32 / temples.len().max(1) as f32;
    Some([
        foreign,
        rim[0],
        rim[1],
        rim[2],
        high,
        upper,
        middle,
        neck,
        wrapped,
        cloth_under,
        apart,
        strands / spread.max(0.05),
    ])
}

/// How far a colour is from what hair and skin can be: hair runs from black and grey over brown to blond and red.
fn foreign(c: &Cell) -> f32 {
    let cold = ramp(c.blue, 0.15, 0.4);
    let green = ramp(-c.red, 0.05, 0.2);
    let red = ramp(c.red, 1.2, 1.7);
    let yellow = ramp(-c.blue, 1.5, 2.0);
    cold.max(green).max(red).max(yellow) * ramp(c.light, 0.05, 0.15)
}

fn like(c: &Cell, (light, red, blue): (f32, f32, f32)) -> bool {
    (c.red - red).hypot(c.blue - blue) < 0.25 && ((c.light + 0.05) / (light + 0.05)).ln().abs() < 0.6
}

/// Where the skin of the forehead ends: how low (0–1), how straight across (0–1), how sharp.
fn rim(chart: &Chart, skin: &Complexion, brow: f32) -> [f32; 3] {
    let ends: Vec<(f32, f32, f32)> = (-10..=10)
        .filter_map(|i| {
            let u = i as f32 * 0.03;
            let step = 1.0 / 64.0;
            let mut v = brow - 0.05;
            while v > -0.9 {
                let c = chart.at((u, v));
                if c.person < PERSON {
                    return None;
                }
                if skin.hue(c) > 0.4 || skin.lighter(c).abs() > 0.45 {
                    let sharp = (0..3)
                        .map(|k| chart.edge((u, v + (k as f32 - 1.0) * step)))
                        .fold(0.0, f32::max);
                    return Some((u, v, sharp));
                }
                v -= step;
            }
            None
        })
        .collect();
    if ends.len() < 11 {
        return [0.0, 0.0, 0.0];
    }
    let n = ends.len() as f32;
    let mean = ends.iter().map(|e| e.1).sum::<f32>() / n;
    // A parabola is how a rim looks; hair ends anywhere.
    let second: f32 = ends
        .windows(3)
        .map(|w| (w[0].1 - 2.0 * w[1].1 + w[2].1).abs())
        .sum::<f32>()
        / n;
    let sharp = ends.iter().map(|e| e.2).sum::<f32>() / n;
    [ramp(mean, -0.75, -0.35), ramp(second, 0.04, 0.005), sharp]
}
