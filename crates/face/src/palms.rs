//! Are there hands in a part of a frame? MediaPipe's palm detector (lite).
use crate::frame::{Frame, Region};
use crate::models::FaceModels;
use crate::network::{FaceError, Network};
use crate::ssd::{self, Layout};
use domain::{Face, Palm, Rect};
use photo::Picture;

/// 24 × 24 cells with two anchors and 12 × 12 cells with six (strides 8, 16, 16, 16 with two each).
const LAYOUT: Layout = Layout {
    side: 192,
    range: (0.0, 1.0),
    grids: [(24, 2), (12, 6)],
};
/// Palms that are told apart in one look.
const MAX_PALMS: usize = 4;
/// Side of the square about a face hands are looked for in, in face widths.
const REACH: f32 = 2.4;
/// Landmarks of the chin and the cheeks' widest points.
const CHIN: usize = 152;
const CHEEKS: (usize, usize) = (234, 454);

impl FaceModels {
    /// Looks for palms in a part of the picture, the surest first; the part is made square about its centre. What the
    /// model needs to see is the whole hand, at a tenth of the square or more.
    ///
    /// A score below 0.8 says little: on the raw portraits, faces and backdrops without a hand reach 0.67.
    ///
    /// [`FaceModels::find`] looks near the main face at full speed, beside the mask; this is for any other part. The model is
    /// loaded by the first call of either.
    ///
    /// # Errors
    /// Only when the model could not be loaded or run.
    pub fn palms(&self, picture: &Picture, part: Rect) -> Result<Vec<Palm>, FaceError> {
        let frame = Frame::new(picture);
        let region = Region::square(part.center(), part.width.max(part.height).max(1.0));
        look(self.palm_detector()?, &frame, &region)
    }
}

/// Looks for palms in a square about a face.
pub(crate) fn near(network: &Network, frame: &Frame, face: &Face) -> Result<Vec<Palm>, FaceError> {
    let (left, right) = face.eyes();
    let middle = left.midpoint(right).midpoint(face.point(CHIN));
    let wide = face.point(CHEEKS.0).distance(face.point(CHEEKS.1));
    look(network, frame, &Region::square(middle, (REACH * wide).max(1.0)))
}

fn look(network: &Network, frame: &Frame, region: &Region) -> Result<Vec<Palm>, FaceError> {
    let mut found = ssd::look(network, &LAYOUT, frame, region)?;
    found.truncate(MAX_PALMS);
    let palm = |f: ssd::Found<7>| Palm {
        bounds: f.bounds,
        score: f.score,
        points: f.points,
    };
    Ok(found.into_iter().map(palm).collect())
}
