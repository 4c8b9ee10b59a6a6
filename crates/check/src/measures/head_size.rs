//! How much of the picture's height is head? Eyes-to-chin over the height of the finished picture, as OFIQ takes it.
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `HeadSize`.
pub(crate) fn measure(scene: &Scene, rule: &Rule) -> Finding {
    let measure = Measure::HeadSize;
    let Some(head) = scene.framed_head() else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let trouble = Trouble {
        low: (Reason::FaceTooSmall, Remedy::ComeCloser),
        high: (Reason::FaceTooLarge, Remedy::StepBack),
    };
    let height = scene.spec.size.value.height as f32;
    judge(measure, head.eyes_to_chin() / height, Unit::Ratio, rule, trouble)
}
