//! Do the eyes look into the camera? How far the irises lie from the middle of the eyes' corners, in eye widths, less what the
//! turn of the head alone brings; the larger of across and up-and-down. Our own; warns at most by default, because lids and
//! glasses move the points by a few hundredths.
use crate::landmark::{CORNERS, IRISES};
use crate::outcome::{Trouble, judge, with_quality};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Face, Finding, Measure, Point, Reason, Remedy};

/// Eye widths the iris moves when the head turns by a degree and the eyes stay on the camera; fitted to the portraits.
const FOR_YAW: f32 = 0.004;
/// Eye widths at which our own quality is zero.
const POOR: f64 = 0.3;

/// `Gaze`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::Gaze;
    let Some([across, down]) = scene.main_face().and_then(offsets) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let value = across.abs().max(down.abs() * 0.8);
    let finding = judge(
        measure,
        value,
        Unit::Ratio,
        rule,
        Trouble::either(Reason::LookingAway, Remedy::LookAtLens),
    );
    with_quality(finding, 100.0 * (1.0 - f64::from(value) / POOR))
}

/// Mean offset of both irises along and across the corners' line; `None` for a mesh without irises.
pub(crate) fn offsets(face: &Face) -> Option<[f32; 2]> {
    let irises = [IRISES.0, IRISES.1];
    if face.landmarks.len() <= irises[1] {
        return None;
    }
    let eye = |iris: usize, (a, b): (usize, usize)| {
        let (a, b) = (face.point(a), face.point(b));
        let (a, b): (Point, Point) = if a.x < b.x { (a, b) } else { (b, a) };
        let (middle, wide) = (a.midpoint(b), a.distance(b).max(1.0));
        let (dx, dy) = ((b.x - a.x) / wide, (b.y - a.y) / wide);
        let p = face.point(iris);
        let (x, y) = (p.x - middle.x, p.y - middle.y);
        [(x * dx + y * dy) / wide, (y * dx - x * dy) / wide]
    };
    let [left, right] = [eye(irises[0], CORNERS[0]), eye(irises[1], CORNERS[1])];
    let across = (left[0] + right[0]) / 2.0 + face.pose.yaw * FOR_YAW;
    Some([across, (left[1] + right[1]) / 2.0])
}
