//! Where are the 468 or 478 points of a face?
use crate::detect::Detection;
use crate::frame::{Beyond, Frame, Region};
use crate::network::{FaceError, Network, sigmoid};
use domain::{Point, Point3, Rect};

/// The region a landmark model looks at is this much larger than the face's box (MediaPipe).
const REGION_SCALE: f32 = 1.5;
/// Outer corner of the eye left in the picture.
const LEFT_EYE: usize = 33;
/// Outer corner of the eye right in the picture.
const RIGHT_EYE: usize = 263;

/// Which landmark model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mesh {
    /// 468 points from 192 × 192 pixels, half the price.
    Live,
    /// 478 points, irises included, from 256 × 256 pixels.
    Full,
}

impl Mesh {
    fn side(self) -> usize {
        match self {
            Self::Live => 192,
            Self::Full => 256,
        }
    }
    fn points(self) -> usize {
        match self {
            Self::Live => 468,
            Self::Full => 478,
        }
    }
}

/// The points of one face.
pub(crate) struct Landmarks {
    /// In pixels of the frame.
    pub points: Vec<Point3>,
    /// 0–1.
    pub presence: f32,
}

/// Runs a landmark model on a region.
pub(crate) fn read(network: &Network, mesh: Mesh, frame: &Frame, region: &Region) -> Result<Landmarks, FaceError> {
    let side = mesh.side();
    let input = frame.tensor(region, side, (0.0, 1.0), Beyond::Nearest);
    let answer = network.run(&[1, side, side, 3], input)?;
    let presence = sigmoid(answer.of(1)?[0]);
    let unit = 1.0 / side as f32;
    let place = |p: &[f32]| {
        let at = region.at(p[0] * unit, p[1] * unit);
        Point3 {
            x: at.x,
            y: at.y,
            z: p[2] * unit * region.width,
        }
    };
    let points = answer.of(mesh.points() * 3)?.chunks_exact(3).map(place).collect();
    Ok(Landmarks { points, presence })
}

/// The region for a face the detector found, turned by the line between its eyes.
pub(crate) fn region_of_detection(found: &Detection) -> Region {
    region(found.bounds, found.left_eye, found.right_eye)
}

/// The region for a face whose points are known: from the pass before, or from the frame before.
pub(crate) fn region_of_points(points: &[Point3]) -> Region {
    region(bounds(points), points[LEFT_EYE].xy(), points[RIGHT_EYE].xy())
}

/// The smallest upright box around all points.
pub(crate) fn bounds(points: &[Point3]) -> Rect {
    let mut low = Point::new(f32::INFINITY, f32::INFINITY);
    let mut high = Point::new(f32::NEG_INFINITY, f32::NEG_INFINITY);
    for p in points {
        low = Point::new(low.x.min(p.x), low.y.min(p.y));
        high = Point::new(high.x.max(p.x), high.y.max(p.y));
    }
    Rect {
        x: low.x,
        y: low.y,
        width: (high.x - low.x).max(0.0),
        height: (high.y - low.y).max(0.0),
    }
}

fn region(bounds: Rect, left_eye: Point, right_eye: Point) -> Region {
    let side = bounds.width.max(bounds.height) * REGION_SCALE;
    let angle = (right_eye.y - left_eye.y).atan2(right_eye.x - left_eye.x);
    Region {
        angle,
        ..Region::square(bounds.center(), side)
    }
}
