//! Do two pictures show the same person? A biometric template (ISO/IEC 2382-37) of a face, compared and dropped.
//!
//! A template lives in memory only: it can be neither printed, cloned nor written as text, and its values are wiped when it is
//! dropped. How often it errs is measured by `cargo run -p assess --example likeness` and stands in `docs/accuracy.md`.
use crate::frame::{Beyond, Frame, Region};
use crate::models::FaceModels;
use crate::network::FaceError;
use domain::Point;
use photo::Picture;

/// Pixels along a side of what the network looks at.
const SIDE_PX: usize = 150;
/// Values of a template.
const VALUES: usize = 128;
/// What is seen around the face, as a share of it, on each side. The network was trained so.
const MARGIN: f32 = 0.25;
/// Landmarks of the MediaPipe mesh that expression moves little, and where dlib's mean face has them (`get_face_chip_details`),
/// in shares of the face: the eyes' corners, bridge, tip and base of the nose, corners of the mouth.
const ANCHORS: [(usize, f32, f32); 9] = [
    (33, 0.121_737, 0.216_423),
    (133, 0.334_606, 0.231_733),
    (362, 0.645_647, 0.231_733),
    (263, 0.858_516, 0.216_423),
    (168, 0.490_127, 0.203_352),
    (4, 0.490_127, 0.515_625),
    (2, 0.490_127, 0.628_106),
    (61, 0.254_149, 0.780_233),
    (291, 0.726_104, 0.780_233),
];

/// What makes one face unlike another, as 128 numbers that mean nothing by themselves.
pub struct Template([f32; VALUES]);

impl Template {
    /// How unlike two faces are: 0 for the same picture, around 0.3 for one person within a minute, 0.8 for two people.
    pub fn distance(&self, other: &Self) -> f32 {
        let squares = self.0.iter().zip(&other.0).map(|(a, b)| (a - b) * (a - b));
        squares.sum::<f32>().sqrt()
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        self.0.fill(0.0);
        // Keeps the wiping: a value nobody reads again might be left as it is.
        std::hint::black_box(&self.0);
    }
}

impl FaceModels {
    /// The template of a face whose landmarks, in pixels of this picture, are known. `None` when they are no face's.
    ///
    /// # Errors
    /// Only when the model could not be run.
    pub fn template(&self, picture: &Picture, landmarks: &[Point]) -> Result<Option<Template>, FaceError> {
        let Some(region) = region(landmarks) else {
            return Ok(None);
        };
        let input = Frame::new(picture).tensor(&region, SIDE_PX, (0.0, 1.0), Beyond::Nearest);
        let answer = self.likeness()?.run(&[1, SIDE_PX, SIDE_PX, 3], input)?;
        let values = answer.of(VALUES)?.try_into().ok();
        Ok(values.map(Template))
    }
}

/// The square around the face, turned with it: the anchors' best fit (least squares over turn, scale and place).
fn region(landmarks: &[Point]) -> Option<Region> {
    let pairs: Vec<(Point, Point)> = ANCHORS
        .iter()
        .map(|&(index, x, y)| Some((Point::new(x, y), *landmarks.get(index)?)))
        .collect::<Option<_>>()?;
    let mean = |of: fn(&(Point, Point)) -> Point| {
        let sum = pairs.iter().map(of).fold((0.0, 0.0), |s, p| (s.0 + p.x, s.1 + p.y));
        Point::new(sum.0 / pairs.len() as f32, sum.1 / pairs.len() as f32)
    };
    let (from, to) = (mean(|p| p.0), mean(|p| p.1));
    let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
    for (a, b) in &pairs {
        let (a, b) = ((a.x - from.x, a.y - from.y), (b.x - to.x, b.y - to.y));
        along += a.0 * b.0 + a.1 * b.1;
        across += a.0 * b.1 - a.1 * b.0;
        spread += a.0 * a.0 + a.1 * a.1;
    }
    let angle = across.atan2(along);
    // Pixels of the picture for the width of the face, and for what is seen with its margin.
    let face = along.hypot(across) / spread;
    let seen = Region {
        angle,
        ..Region::square(to, face * (1.0 + 2.0 * MARGIN))
    };
    // The middle of the square is (0.5, 0.5) of the face; the anchors' middle is a little above it.
    let share = 1.0 + 2.0 * MARGIN;
    let center = seen.at(0.5 + (0.5 - from.x) / share, 0.5 + (0.5 - from.y) / share);
    let holds = face.is_finite() && face >= 1.0 && center.x.is_finite() && center.y.is_finite();
    holds.then_some(Region { center, ..seen })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The anchors of a face whose unit square lies in the picture turned, scaled and moved.
    fn face(angle: f32, width: f32, corner: Point) -> Vec<Point> {
        let mut points = vec![Point::new(0.0, 0.0); 478];
        let (sin, cos) = angle.sin_cos();
        for (index, x, y) in ANCHORS {
            let (x, y) = (x * width, y * width);
            points[index] = Point::new(corner.x + x * cos - y * sin, corner.y + x * sin + y * cos);
        }
        points
    }

    #[test]
    fn the_region_is_the_faces_square_with_its_margin() {
        let (angle, width, corner) = (0.2_f32, 300.0, Point::new(700.0, 200.0));
        let region = region(&face(angle, width, corner)).expect("it is a face");
        assert!((region.angle - angle).abs() < 1e-4, "{}", region.angle);
        assert!((region.width - 450.0).abs() < 0.1, "{}", region.width);
        let (sin, cos) = angle.sin_cos();
        let middle = Point::new(corner.x + 150.0 * (cos - sin), corner.y + 150.0 * (sin + cos));
        assert!(region.center.distance(middle) < 0.1, "{:?}", region.center);
    }

    #[test]
    fn points_of_no_face_have_no_region() {
        assert_eq!(region(&[]), None);
        assert_eq!(region(&vec![Point::new(5.0, 5.0); 478]), None);
        assert_eq!(region(&vec![Point::new(f32::NAN, 5.0); 478]), None);
    }
}
