//! How do the models work together on one frame, at which speed?
use crate::detect;
use crate::frame::Frame;
use crate::landmarks::{self, Landmarks, Mesh};
use crate::models::FaceModels;
use crate::network::FaceError;
use crate::ssd::overlap;
use crate::{blendshapes, cells, mask, palms, pose};
use domain::{Face, Faces, Rect};
use photo::Picture;
use std::time::{Duration, Instant};

/// Faces that are looked at more closely; more in one frame are not told apart, two are already one too many.
pub const MAX_FACES: usize = 4;
/// Lowest presence at which points count as a face; MediaPipe's default.
const MIN_PRESENCE: f32 = 0.5;
/// Two boxes that overlap this much (intersection over union) after the points were read are one face.
const SAME_FACE: f32 = 0.3;

/// Where no face is found in a still, it is looked at again with this many pixels along its longer side: the beats of a
/// photographed screen, which hide a face from the models, blur away. 256 keep the most of the face, 128 are what the detector sees
/// of a whole frame.
const THROUGH_PATTERNS: [u32; 2] = [256, 128];

/// How much is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speed {
    /// For hints while the camera runs: one look, 468 points, no expression, no mask.
    Live,
    /// For a still: small faces too, 478 points in two passes, expression and mask of the largest face.
    Full,
}

/// Time on the clock for each stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timings {
    /// Scaling the frame and looking for faces.
    pub detect: Duration,
    /// Points of all faces, and their pose.
    pub landmarks: Duration,
    /// Expression.
    pub blendshapes: Duration,
    /// Person mask; the expression and the palms run beside it and the marks.
    pub mask: Duration,
    /// Marks over the picture.
    pub marks: Duration,
    /// Hands near the face, and heads of other people.
    pub palms: Duration,
}

impl Timings {
    /// All stages together.
    pub fn total(&self) -> Duration {
        self.detect + self.landmarks + self.blendshapes + self.mask + self.marks + self.palms
    }
}

impl FaceModels {
    /// Finds the faces of a picture, largest first, and at full speed what belongs to the largest: expression, mask, hands near
    /// it. A picture without a face gives an empty list.
    ///
    /// # Errors
    /// Only when a model could not be run.
    pub fn find(&self, picture: &Picture, speed: Speed) -> Result<(Faces, Timings), FaceError> {
        let mut timings = Timings::default();
        let start = Instant::now();
        let frame = Frame::new(picture);
        let mut faces = self.look(&frame, speed, start, &mut timings)?;
        if speed == Speed::Full {
            for longest in THROUGH_PATTERNS {
                if faces.is_empty() {
                    faces = self.look(&frame.without_finer(longest), speed, Instant::now(), &mut timings)?;
                }
            }
        }

        let mut found = Faces::default();
        if let (Speed::Full, Some(main)) = (speed, faces.first_mut()) {
            // None needs the others: mask and marks have a thread of their own.
            let main_face: &Face = main;
            let (shapes, palms, strangers, (mask, marks)) = std::thread::scope(|scope| {
                let mask = scope.spawn(|| {
                    (
                        timed(|| mask::read(&self.selfie, &frame, main_face)),
                        timed(|| cells::marks(&self.marks, &frame, main_face)),
                    )
                });
                let shapes = timed(|| blendshapes::read(&self.blendshapes, &main_face.landmarks));
                let palms = timed(|| palms::near(self.palm_detector()?, &frame, main_face));
                let strangers = timed(|| cells::strangers(&self.strangers, &frame, main_face));
                let mask = mask.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                (shapes, palms, strangers, mask)
            });
            (timings.blendshapes, timings.palms, timings.mask) = (shapes.1, palms.1 + strangers.1, mask.1);
            timings.marks = marks.1;
            main.blendshapes = Some(shapes.0?);
            found.palms = Some(palms.0?);
            found.strangers = Some(strangers.0?);
            found.mask = mask.0?;
            found.marks = Some(marks.0?);
        }
        found.faces = faces;
        Ok((found, timings))
    }

    /// Faces of a frame with their points, largest first; adds to the time of both stages, the first of which began at `start`.
    fn look(&self, frame: &Frame, speed: Speed, start: Instant, timings: &mut Timings) -> Result<Vec<Face>, FaceError> {
        let mut found = detect::whole(&self.detector, frame)?;
        if speed == Speed::Full {
            detect::tiled(&self.detector, frame, &mut found)?;
        }
        found.sort_by(|a, b| b.bounds.area().total_cmp(&a.bounds.area()));
        found.truncate(MAX_FACES);
        timings.detect += start.elapsed();

        let start = Instant::now();
        let mut faces = Vec::new();
        for detection in found {
            let region = landmarks::region_of_detection(&detection);
            let read = match speed {
                Speed::Live => landmarks::read(&self.landmarks_468, Mesh::Live, frame, &region)?,
                Speed::Full => self.two_passes(frame, &region)?,
            };
            faces.extend(face(read, detection.bounds, detection.score));
        }
        timings.landmarks += start.elapsed();
        Ok(without_doubles(faces))
    }

    /// Follows one face from the frame before, at a third of the price of [`FaceModels::find`] at live speed.
    ///
    /// Gives no face when it was lost. It never sees a second face: call `find` every few frames. The box is made from the
    /// points; see `detector_like`.
    ///
    /// # Errors
    /// Only when a model could not be run.
    pub fn track(&self, picture: &Picture, previous: &Face) -> Result<(Faces, Timings), FaceError> {
        let start = Instant::now();
        let frame = Frame::new(picture);
        let detect = start.elapsed();
        let start = Instant::now();
        let region = landmarks::region_of_points(&previous.landmarks);
        let read = landmarks::read(&self.landmarks_468, Mesh::Live, &frame, &region)?;
        let bounds = detector_like(&read);
        let faces = face(read, bounds, previous.score).into_iter().collect();
        let timings = Timings {
            detect,
            landmarks: start.elapsed(),
            ..Timings::default()
        };
        let found = Faces {
            faces,
            ..Faces::default()
        };
        Ok((found, timings))
    }

    /// The points of a first pass give a better region than the detector's box, so the second pass is more exact.
    ///
    /// The small model is enough for the first: on the raw portraits the points then lie 0.9 % of the eye distance from
    /// where ten passes would bring them (median; 0.6 % with the large model twice, at 15 ms more).
    fn two_passes(&self, frame: &Frame, region: &crate::frame::Region) -> Result<Landmarks, FaceError> {
        let first = landmarks::read(&self.landmarks_468, Mesh::Live, frame, region)?;
        if first.presence < MIN_PRESENCE {
            return Ok(first);
        }
        let region = landmarks::region_of_points(&first.points);
        landmarks::read(&self.landmarks_478, Mesh::Full, frame, &region)
    }
}

/// What some work gives and how long it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (work(), start.elapsed())
}

fn face(read: Landmarks, bounds: Rect, score: f32) -> Option<Face> {
    let Landmarks { points, presence } = read;
    // A model fed with noise may answer with anything; only finite points are a face.
    let finite = points
        .iter()
        .all(|p| p.x.is_finite() && p.y.is_finite() && p.z.is_finite());
    if presence.is_nan() || presence < MIN_PRESENCE || !finite {
        return None;
    }
    let pose = pose::of(&points)?;
    Some(Face {
        bounds,
        score,
        landmarks: points,
        presence,
        pose,
        blendshapes: None,
    })
}

/// Keeps the larger of two faces whose points turned out to be in the same place.
fn without_doubles(faces: Vec<Face>) -> Vec<Face> {
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        let bounds = landmarks::bounds(&face.landmarks);
        if !kept
            .iter()
            .any(|k| overlap(landmarks::bounds(&k.landmarks), bounds).0 > SAME_FACE)
        {
            kept.push(face);
        }
    }
    kept
}

/// A box like the detector's, made from the points: on the raw portraits the detector's square is 1.08 of the points' width
/// and 0.91 of their height, and sits 4 % of their height below their middle (standard deviations 6, 4 and 2 %).
fn detector_like(read: &Landmarks) -> Rect {
    let points = landmarks::bounds(&read.points);
    let side = (points.width * 1.08 + points.height * 0.91) / 2.0;
    let center = points.center();
    Rect {
        x: center.x - side / 2.0,
        y: center.y + points.height * 0.04 - side / 2.0,
        width: side,
        height: side,
    }
}
