//! Are both eyes open? The larger lid distance of the less open eye over eyes-to-chin, as OFIQ takes it.
use crate::landmark::LIDS;
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `EyesOpen`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::EyesOpen;
    let (Some(face), Some(head)) = (scene.main_face(), scene.head) else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let opening = LIDS.map(|pairs| {
        let gaps = pairs.map(|(upper, lower)| face.point(upper).distance(face.point(lower)));
        gaps.into_iter().fold(0.0, f32::max)
    });
    let value = opening[0].min(opening[1]) * scene.scale / head.eyes_to_chin().max(1.0);
    judge(
        measure,
        value,
        Unit::Ratio,
        rule,
        Trouble::either(Reason::EyesClosed, Remedy::OpenEyes),
    )
}
