//! Are the lips closed? The largest gap between the inner lips over eyes-to-chin, as OFIQ takes it.
use crate::landmark::INNER_LIPS;
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `MouthClosed`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::MouthClosed;
    let (Some(face), Some(head)) = (scene.main_face(), scene.head) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let gaps = INNER_LIPS.map(|(upper, lower)| face.point(upper).distance(face.point(lower)));
    let widest = gaps.into_iter().fold(0.0, f32::max);
    let value = widest * scene.scale / head.eyes_to_chin().max(1.0);
    judge(
        measure,
        value,
        Unit::Ratio,
        rule,
        Trouble::either(Reason::MouthOpen, Remedy::CloseMouth),
    )
}
