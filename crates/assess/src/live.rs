//! What does the live view show over the picture, and may the shutter be released?
use crate::assessor::Assessor;
use crate::scale;
use check::Input;
use domain::{Faces, PhotoSpec, Point, Reason, Rect, RectPx, Remedy, SizePx, Verdict, finding};
use face::Speed;
use photo::{DecodeError, Picture, Scale};

/// Smallest size a frame is decoded to: faces that are large enough for any standard are found well at it.
const LIVE_SIZE: SizePx = SizePx {
    width: 640,
    height: 360,
};

/// What one frame of the live view shows. Places are in pixels of the upright original frame.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveView {
    /// The one thing to say now; `None` when there is nothing.
    pub hint: Option<(Reason, Remedy)>,
    /// Whether nothing that is measured live speaks against the shutter.
    pub ready: bool,
    /// Crop the shutter would use, in whole pixels of the upright original frame.
    pub crop: Option<RectPx>,
    /// Box of the main face.
    pub face_box: Option<Rect>,
    /// Eye centres: left and right in the picture.
    pub eyes: Option<(Point, Point)>,
    /// Tilt of the main face in degrees, clockwise as seen in the picture.
    pub roll: Option<f32>,
    /// Number of faces seen.
    pub count: usize,
    /// What was found, to be given with the next frame. Pixels of the decoded frame.
    pub faces: Faces,
}

impl Assessor {
    /// Looks at a frame of the live view.
    ///
    /// With `previous` of the frame before, its one face is only followed, at a third of the price. That never sees a second
    /// person: leave it out for every tenth frame or so. Both frames must have the same size.
    pub fn live(&self, picture: &Picture, spec: &PhotoSpec, previous: Option<&Faces>) -> LiveView {
        self.look(picture, 1.0, spec, previous)
    }

    /// Decodes a frame as small as is sensible and looks at it; see [`Assessor::live`].
    ///
    /// # Errors
    /// When the frame is torn or no JPEG.
    pub fn live_jpeg(&self, jpeg: &[u8], spec: &PhotoSpec, previous: Option<&Faces>) -> Result<LiveView, DecodeError> {
        let decoded = photo::decode(jpeg, Scale::AtLeast(LIVE_SIZE), &self.limits)?;
        Ok(self.look(&decoded.picture, decoded.scale, spec, previous))
    }

    fn look(&self, picture: &Picture, scale: f32, spec: &PhotoSpec, previous: Option<&Faces>) -> LiveView {
        let Some(faces) = self.faces(picture, previous) else {
            return LiveView {
                hint: Some((Reason::NotMeasured, Remedy::CallOperator)),
                ready: false,
                crop: None,
                face_box: None,
                eyes: None,
                roll: None,
                count: 0,
                faces: Faces::default(),
            };
        };
        let input = Input {
            picture,
            scale,
            faces: &faces,
            crop: check::best_crop(&faces, picture.size(), spec),
            source_quality: None,
            file: None,
        };
        let findings = check::judge_live(&input, spec);
        let main = faces.main();
        let up = |p: Point| Point::new(p.x / scale, p.y / scale);
        LiveView {
            hint: check::live_hint(&findings),
            ready: finding::overall(&findings) != Verdict::Fail,
            crop: input.crop.map(|c| scale::up_px(c, scale)),
            face_box: main.map(|f| scale::up(f.bounds, scale)),
            eyes: main.map(|f| f.eyes()).map(|(left, right)| (up(left), up(right))),
            roll: main.map(|f| f.pose.roll),
            count: faces.faces.len(),
            faces,
        }
    }

    /// Follows the one face of the frame before, or looks afresh. `None` when a model could not run.
    fn faces(&self, picture: &Picture, previous: Option<&Faces>) -> Option<Faces> {
        if let Some([only]) = previous.map(|f| f.faces.as_slice()) {
            let (followed, _) = self.models.track(picture, only).ok()?;
            if followed.main().is_some() {
                return Some(followed);
            }
        }
        self.models.find(picture, Speed::Live).ok().map(|(faces, _)| faces)
    }
}
