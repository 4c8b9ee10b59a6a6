//! Is the face sharp? One minus the perceptual blur of Crété-Roffet et al. ("The blur effect", 2007) on the landmarked
//! region's box: a sharp picture loses much of its variation when it is blurred again, a blurred one little. The blurrier of
//! the two directions counts, so motion shows too. Our own measure under ISO's name: OFIQ's is a trained forest.
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// Half the length of the second blur; 9 pixels as in the paper.
const HALF: usize = 4;
/// Sharpness that counts as quality 0 and 100: what a defocus of 4 px and a crisp portrait measure.
const RANGE: (f64, f64) = (0.15, 0.75);

/// `Sharpness`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::Sharpness;
    let Some(value) = sharpness(scene) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let finding = judge(
        measure,
        value,
        Unit::Ratio,
        rule,
        Trouble::either(Reason::Blurred, Remedy::CheckFocus),
    );
    with_quality(finding, 100.0 * (f64::from(value) - RANGE.0) / (RANGE.1 - RANGE.0))
}

fn sharpness(scene: &Scene) -> Option<f32> {
    let (columns, rows) = scene.face.as_ref()?.bounds();
    if columns.len() < 4 * HALF || rows.len() < 4 * HALF {
        return None;
    }
    let luma = |x: usize, y: usize| photo::colour::luma(scene.view.pixel(x as u32, y as u32));
    let patch: Vec<Vec<f32>> = rows.map(|y| columns.clone().map(|x| luma(x, y)).collect()).collect();
    let turned: Vec<Vec<f32>> = (0..columns.len())
        .map(|x| patch.iter().map(|row| row[x]).collect())
        .collect();
    Some(1.0 - blur_along(&patch)?.max(blur_along(&turned)?))
}

/// Blur along the rows, 0 (sharp) to 1; `None` for a patch without any variation.
fn blur_along(lines: &[Vec<f32>]) -> Option<f32> {
    let (mut all, mut kept) = (0.0f64, 0.0f64);
    for line in lines {
        let blurred = |i: usize| {
            let window = &line[i.saturating_sub(HALF)..(i + HALF + 1).min(line.len())];
            window.iter().sum::<f32>() / window.len() as f32
        };
        let mut before = blurred(0);
        for i in 1..line.len() {
            let now = blurred(i);
            let step = (line[i] - line[i - 1]).abs();
            all += f64::from(step);
            kept += f64::from((step - (now - before).abs()).max(0.0));
            before = now;
        }
    }
    (all > 0.0).then(|| ((all - kept) / all) as f32)
}
