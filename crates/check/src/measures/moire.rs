//! Was a screen photographed? Share 0–1 of the fine detail that lies in one wave, in blocks on the face and away from it.
//!
//! The grids of a screen and of a sensor beat; no skin, hair or wall repeats itself so evenly in both places. The lesser of the two
//! counts, so that a striped shirt, teeth or a striped wall alone is none. Multiples of the 8-pixel grid of JPEG are left out.
//! Our own. Weak: beats finer than two pixels of the finished picture are gone after scaling, and beats coarser than 20 look
//! like light.
use crate::fourier::{SIDE, energy};
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// Fewest cycles across a block that count: waves of 16 pixels and less.
const FEWEST: i32 = 4;
/// Least strength of a wave, in levels of 255, that can be seen.
const VISIBLE: f32 = 0.8;

/// `Moire`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::Moire;
    let Some(value) = value(scene) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let finding = judge(
        measure,
        value,
        Unit::Ratio,
        rule,
        Trouble::either(Reason::ScreenPattern, Remedy::ShootThePersonDirectly),
    );
    with_quality(finding, 100.0 * (1.0 - f64::from(value)))
}

pub(crate) fn value(scene: &Scene) -> Option<f32> {
    let head = scene.head_on_view()?;
    let size = scene.view.size();
    let half = SIDE as f32 / 2.0;
    let drop = head.eyes_to_chin();
    let (eyes, wide) = (head.eyes(), head.face_width());
    let share = |x: f32, y: f32| block_share(scene, x - half, y - half);
    let cheeks = [-0.24, 0.24].map(|d| share(eyes.x + d * wide, eyes.y + 0.42 * drop));
    let forehead = share(eyes.x, eyes.y - 0.42 * wide);
    let corner = half + 4.0;
    let right = size.width as f32 - corner;
    let corners = [
        (corner, corner),
        (right, corner),
        (corner, corner + 90.0),
        (right, corner + 90.0),
    ]
    .map(|(x, y)| share(x, y));
    let mut face: Vec<f32> = cheeks.into_iter().chain([forehead]).flatten().collect();
    let mut wall: Vec<f32> = corners.into_iter().flatten().collect();
    let middle = |v: &mut Vec<f32>| {
        v.sort_by(f32::total_cmp);
        v.get(v.len() / 2).copied()
    };
    Some(middle(&mut face)?.min(middle(&mut wall)?))
}

/// Share of the strongest wave in one block of the view; `None` where it does not fit.
fn block_share(scene: &Scene, left: f32, top: f32) -> Option<f32> {
    let size = scene.view.size();
    let (left, top) = (left.max(0.0) as usize, top.max(0.0) as usize);
    if left + SIDE > size.width as usize || top + SIDE > size.height as usize {
        return None;
    }
    // Light in the real part and colour in the imaginary one: a beat may be in either.
    let mut block: Vec<(f32, f32)> = Vec::with_capacity(SIDE * SIDE);
    for y in top..top + SIDE {
        let (pixels, _) = scene.view.row(y as u32)[left * 3..(left + SIDE) * 3].as_chunks::<3>();
        block.extend(pixels.iter().map(|p| {
            let [r, g, b] = p.map(f32::from);
            (0.299 * r + 0.587 * g + 0.114 * b, (r - b) / 2.0)
        }));
    }
    let mean = block.iter().fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
    let count = (SIDE * SIDE) as f32;
    let window = |i: usize| 0.5 - 0.5 * (std::f32::consts::TAU * (i as f32 + 0.5) / SIDE as f32).cos();
    for (i, p) in block.iter_mut().enumerate() {
        let w = window(i % SIDE) * window(i / SIDE);
        *p = ((p.0 - mean.0 / count) * w, (p.1 - mean.1 / count) * w);
    }
    let energy = energy(&block);
    let cycles = |i: usize| if i < SIDE / 2 { i as i32 } else { i as i32 - SIDE as i32 };
    let counts = |x: i32, y: i32| {
        let grid = (x % 8 == 0 && y.abs() < 2) || (y % 8 == 0 && x.abs() < 2);
        x * x + y * y >= FEWEST * FEWEST && !grid
    };
    let at = |x: i32, y: i32| energy[y.rem_euclid(SIDE as i32) as usize * SIDE + x.rem_euclid(SIDE as i32) as usize];
    // Natural detail fades with the square of its fineness; weighed by that, each wave counts alike.
    let (mut all, mut best) = (0.0f32, (0.0f32, 0.0f32));
    for i in 0..SIDE {
        for j in 0..SIDE {
            let (x, y) = (cycles(j), cycles(i));
            if !counts(x, y) {
                continue;
            }
            let weight = (x * x + y * y) as f32;
            all += at(x, y) * weight;
            let around = (-1..=1)
                .flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)))
                .map(|(dx, dy)| at(x + dx, y + dy))
                .sum::<f32>();
            // A real wave has its mirror on the other side.
            let mirror = (-1..=1)
                .flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)))
                .map(|(dx, dy)| at(-x + dx, -y + dy))
                .sum::<f32>();
            if (around + mirror) * weight > best.0 {
                best = ((around + mirror) * weight, around + mirror);
            }
        }
    }
    // A wave of amplitude A gives 2 (A/2)² N² W in all, where the window keeps 9/64 of the power.
    let amplitude = (2.0 * best.1 / (count * count * 9.0 / 64.0)).sqrt();
    Some(if amplitude < VISIBLE {
        0.0
    } else {
        (best.0 / all.max(1e-6)).min(1.0)
    })
}
