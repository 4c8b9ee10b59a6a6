//! Are the shoulders level? Tilt in degrees of the line between the tops of the shoulders, read from the person mask at the same
//! distance left and right of the chin. Our own; warns at most, because a lapel, hair or a bag lies on many shoulders.
use crate::landmark::{CHEEKS, CHIN};
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Face, Finding, Measure, PersonMask, Point, Reason, Remedy};

/// Distances from the chin's column at which the shoulders are looked for, in face widths.
const AT: [f32; 4] = [0.7, 0.8, 0.9, 1.0];
/// Mask value from which a cell is person.
const PERSON: u8 = 128;

/// `ShouldersLevel`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::ShouldersLevel;
    let (Some(face), Some(mask)) = (scene.main_face(), scene.input.faces.mask.as_ref()) else {
        return scene.not_measured(measure, Unit::Degrees, rule);
    };
    // Shoulders that the frame cuts off are not judged: there is no line to be level.
    let value = tilt(face, mask).unwrap_or(0.0);
    let finding = judge(
        measure,
        value,
        Unit::Degrees,
        rule,
        Trouble::either(Reason::ShouldersTilted, Remedy::LevelShoulders),
    );
    with_quality(finding, 100.0 * f64::from(value).to_radians().cos().powi(8))
}

pub(crate) fn tilt(face: &Face, mask: &PersonMask) -> Option<f32> {
    let (chin, wide) = (face.point(CHIN), face.point(CHEEKS.0).distance(face.point(CHEEKS.1)));
    let top = |x: f32| {
        let step = mask.region.height as f32 / mask.height.max(1) as f32;
        let end = (mask.region.y + mask.region.height) as f32;
        let steps = ((end - chin.y) / step).max(0.0) as u32;
        (0..steps)
            .map(|i| chin.y + i as f32 * step)
            .find(|&y| mask.at(Point::new(x, y)) >= PERSON)
    };
    let mut tilts: Vec<f32> = AT
        .iter()
        .filter_map(|d| {
            let (left, right) = (top(chin.x - d * wide)?, top(chin.x + d * wide)?);
            Some((right - left).atan2(2.0 * d * wide).to_degrees())
        })
        .collect();
    if tilts.len() < 3 {
        return None;
    }
    tilts.sort_by(f32::total_cmp);
    Some(tilts[tilts.len() / 2])
}
