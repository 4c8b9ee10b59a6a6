//! Is there room around the face? Distances of the eyes to the edges of the finished picture, over the distance between the
//! eyes (sides) or eyes-to-chin (above, below), as OFIQ takes them.
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Reason, Remedy};

/// `LeftwardCropOfTheFaceImage`: from the left edge to the far eye.
pub(crate) fn left(scene: &Scene, rule: &Rule) -> Finding {
    margin(scene, Measure::LeftwardCropOfTheFaceImage, rule)
}

/// `RightwardCropOfTheFaceImage`: from the right edge to the far eye.
pub(crate) fn right(scene: &Scene, rule: &Rule) -> Finding {
    margin(scene, Measure::RightwardCropOfTheFaceImage, rule)
}

/// `MarginAboveOfTheFaceImage`: from the top edge to the eyes.
pub(crate) fn above(scene: &Scene, rule: &Rule) -> Finding {
    margin(scene, Measure::MarginAboveOfTheFaceImage, rule)
}

/// `MarginBelowOfTheFaceImage`: from the bottom edge to the eyes.
pub(crate) fn below(scene: &Scene, rule: &Rule) -> Finding {
    margin(scene, Measure::MarginBelowOfTheFaceImage, rule)
}

fn margin(scene: &Scene, measure: Measure, rule: &Rule) -> Finding {
    let Some(head) = scene.framed_head() else {
        return scene.not_measured(measure, Unit::Ratio, rule);
    };
    let size = scene.spec.size.value;
    let (between, down) = (head.inter_eye().max(1.0), head.eyes_to_chin().max(1.0));
    let value = match measure {
        Measure::LeftwardCropOfTheFaceImage => head.right_eye.x / between,
        Measure::RightwardCropOfTheFaceImage => (size.width as f32 - head.left_eye.x) / between,
        Measure::MarginAboveOfTheFaceImage => head.eyes().y / down,
        _ => (size.height as f32 - head.eyes().y) / down,
    };
    let trouble = Trouble::either(Reason::CropOutside, Remedy::LeaveMoreRoom);
    judge(measure, value, Unit::Ratio, rule, trouble)
}
