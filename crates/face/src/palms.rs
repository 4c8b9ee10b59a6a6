//! Are there hands in a part of a frame? MediaPipe's palm detector (lite).
use crate::frame::{Frame, Region};
use crate::models::FaceModels;
use crate::network::FaceError;
use crate::ssd::{self, Layout};
use domain::{Palm, Rect};
use photo::Picture;

/// 24 × 24 cells with two anchors and 12 × 12 cells with six (strides 8, 16, 16, 16 with two each).
const LAYOUT: Layout = Layout {
    side: 192,
    range: (0.0, 1.0),
    grids: [(24, 2), (12, 6)],
};
/// Palms that are told apart in one look.
const MAX_PALMS: usize = 4;

impl FaceModels {
    /// Looks for palms in a part of the picture, the surest first; the part is made square about its centre. What the
    /// model needs to see is the whole hand, at a tenth of the square or more.
    ///
    /// A score below 0.8 says little: on the raw portraits, faces and backdrops without a hand reach 0.67.
    ///
    /// This is the dearest of the models and says nothing most pictures need: call it on suspicion only. It is loaded by
    /// the first call.
    ///
    /// # Errors
    /// Only when the model could not be loaded or run.
    pub fn palms(&self, picture: &Picture, part: Rect) -> Result<Vec<Palm>, FaceError> {
        let frame = Frame::new(picture);
        let region = Region::square(part.center(), part.width.max(part.height).max(1.0));
        let mut found = ssd::look(self.palm_detector()?, &LAYOUT, &frame, &region)?;
        found.truncate(MAX_PALMS);
        let palm = |f: ssd::Found<7>| Palm {
            bounds: f.bounds,
            score: f.score,
            points: f.points,
        };
        Ok(found.into_iter().map(palm).collect())
    }
}
