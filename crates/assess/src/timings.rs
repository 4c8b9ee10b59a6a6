//! How long did each stage take?
use std::time::Duration;

/// Time on the clock for each stage; a stage that was not reached is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timings {
    /// Bytes to pixels, with all integrity checks.
    pub decode: Duration,
    /// Looking for faces.
    pub detect: Duration,
    /// Points, pose, expression and hands.
    pub landmarks: Duration,
    /// Person and backdrop, and marks over the picture.
    pub mask: Duration,
    /// Crop and measures; where a picture is finished beside them, the wait for it too.
    pub measures: Duration,
    /// Making the finished picture.
    pub finish: Duration,
    /// All of it.
    pub total: Duration,
}

impl Timings {
    /// Takes over the stages of the face models.
    pub(crate) fn with_faces(self, faces: face::Timings) -> Self {
        Self {
            detect: faces.detect,
            landmarks: faces.landmarks + faces.blendshapes + faces.palms,
            mask: faces.mask + faces.marks,
            ..self
        }
    }
}
