//! Does the head face the camera, level? Degrees; quality is the squared cosine (ISO/IEC 29794-5).
use crate::outcome::{Trouble, judge};
use crate::scene::Scene;
use domain::finding::Unit;
use domain::photo_spec::Rule;
use domain::{Finding, Measure, Pose, Reason, Remedy};

/// `HeadPoseYaw`: to the side.
pub(crate) fn yaw(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble::either(Reason::TurnedSideways, Remedy::FaceTheCamera);
    angle(scene, Measure::HeadPoseYaw, rule, |p| p.yaw, trouble)
}

/// `HeadPosePitch`: up or down.
pub(crate) fn pitch(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble {
        low: (Reason::ChinDown, Remedy::RaiseChin),
        high: (Reason::ChinUp, Remedy::LowerChin),
    };
    angle(scene, Measure::HeadPosePitch, rule, |p| p.pitch, trouble)
}

/// `HeadPoseRoll`: tilted to a shoulder. It cannot be put right afterwards, so the live view says it first.
pub(crate) fn roll(scene: &Scene, rule: &Rule) -> Finding {
    let trouble = Trouble::either(Reason::HeadTilted, Remedy::LevelHead);
    angle(scene, Measure::HeadPoseRoll, rule, |p| p.roll, trouble)
}

fn angle(scene: &Scene, measure: Measure, rule: &Rule, of: fn(&Pose) -> f32, trouble: Trouble) -> Finding {
    match scene.main_face() {
        Some(face) => judge(measure, of(&face.pose), Unit::Degrees, rule, trouble),
        None => scene.not_measured(measure, Unit::Degrees, rule),
    }
}
