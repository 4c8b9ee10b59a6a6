//! How many pixels lie between the eyes? Pixels of the finished picture, or of the original where that has fewer: a picture that
//! had to be enlarged shows no more than the original did. Divided by the cosine of the yaw, as OFIQ does.
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `InterEyeDistance`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::InterEyeDistance;
    let (Some(face), Some(head)) = (scene.main_face(), scene.head) else {
        return scene.not_measured(measure, Unit::Px, rule);
    };
    let enlarged = (scene.scale * scene.input.scale).max(1.0);
    let value = head.inter_eye() / enlarged / face.pose.yaw.to_radians().cos().max(0.1);
    let trouble = Trouble {
        low: (Reason::FaceTooSmall, Remedy::ComeCloser),
        high: (Reason::FaceTooLarge, Remedy::StepBack),
    };
    judge(measure, value, Unit::Px, rule, trouble)
}
