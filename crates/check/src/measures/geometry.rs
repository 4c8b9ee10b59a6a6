//! Does the head sit where the standard wants it? Pixels of the finished picture.
use crate::crop::length;
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `CrownToTop`: top edge to the topmost hair (from the person mask; from the face's proportions without one).
pub(crate) fn crown_to_top(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble {
        low: (Reason::HeadTooHigh, Remedy::CameraUp),
        high: (Reason::HeadTooLow, Remedy::CameraDown),
    };
    place(scene, Measure::CrownToTop, rule, trouble)
}

/// `EyesToTop`: top edge to the eye line.
pub(crate) fn eyes_to_top(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble {
        low: (Reason::EyesTooHigh, Remedy::CameraUp),
        high: (Reason::EyesTooLow, Remedy::CameraDown),
    };
    place(scene, Measure::EyesToTop, rule, trouble)
}

/// `EyesToBottom`: eye line to bottom edge.
pub(crate) fn eyes_to_bottom(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble {
        low: (Reason::EyesTooLow, Remedy::CameraDown),
        high: (Reason::EyesTooHigh, Remedy::CameraUp),
    };
    place(scene, Measure::EyesToBottom, rule, trouble)
}

/// `FaceWidth`: cheek to cheek.
pub(crate) fn face_width(scene: &Scene, rule: &Rule) -> Finding {
    place(scene, Measure::FaceWidth, rule, SIZE)
}

/// `HeadHeight`: crown to chin.
pub(crate) fn head_height(scene: &Scene, rule: &Rule) -> Finding {
    place(scene, Measure::HeadHeight, rule, SIZE)
}

/// `Centring`: distance of the face's middle from the picture's, to either side.
pub(crate) fn centring(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble::either(Reason::OffCentre, Remedy::MoveToCentre);
    place(scene, Measure::Centring, rule, trouble)
}

const SIZE: Trouble = Trouble {
    low: (Reason::FaceTooSmall, Remedy::ComeCloser),
    high: (Reason::FaceTooLarge, Remedy::StepBack),
};

fn place(scene: &Scene, measure: Measure, rule: &Rule, trouble: Trouble) -> Finding {
    match scene.framed_head() {
        Some(head) => judge(
            measure,
            length(measure, &head, scene.spec.size.value),
            Unit::Px,
            rule,
            trouble,
        ),
        None => scene.not_measured(measure, Unit::Px, rule),
    }
}
