//! Which few points and lengths of a head do the measures use?
use crate::crown::{Crown, crown};
use crate::landmark::{CHEEKS, CHIN, FACE_REGION, FOREHEAD, MESH_POINTS};
use domain::{Face, Faces, Point};

/// The main head, in pixels of the frame or of the finished picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Head {
    /// Centre of the eye at the left of the picture.
    pub left_eye: Point,
    /// Centre of the eye at the right of the picture.
    pub right_eye: Point,
    /// Cheek at the left of the picture.
    pub left_cheek: Point,
    /// Cheek at the right of the picture.
    pub right_cheek: Point,
    /// Point of the chin.
    pub chin: Point,
    /// Forehead near the hairline.
    pub forehead: Point,
    /// Top of the head, hair included.
    pub crown: Crown,
}

impl Head {
    /// Reads the head of the largest face; `None` without a face or with a mesh of too few points.
    pub fn of(faces: &Faces) -> Option<Self> {
        let face = faces.main().filter(|f| f.landmarks.len() >= MESH_POINTS)?;
        let (left_eye, right_eye) = face.eyes();
        Some(Self {
            left_eye,
            right_eye,
            left_cheek: face.point(CHEEKS.0),
            right_cheek: face.point(CHEEKS.1),
            chin: face.point(CHIN),
            forehead: face.point(FOREHEAD),
            crown: crown(faces)?,
        })
    }

    /// The same head after each point went through a mapping; `y` alone maps the crown.
    pub(crate) fn map(&self, point: impl Fn(Point) -> Point) -> Self {
        let crown = Crown {
            y: point(Point::new(0.0, self.crown.y)).y,
            by: self.crown.by,
        };
        Self {
            left_eye: point(self.left_eye),
            right_eye: point(self.right_eye),
            left_cheek: point(self.left_cheek),
            right_cheek: point(self.right_cheek),
            chin: point(self.chin),
            forehead: point(self.forehead),
            crown,
        }
    }

    /// The point between the eyes.
    pub fn eyes(&self) -> Point {
        self.left_eye.midpoint(self.right_eye)
    }

    /// Distance between the eye centres.
    pub fn inter_eye(&self) -> f32 {
        self.left_eye.distance(self.right_eye)
    }

    /// Eyes to chin: what OFIQ calls T.
    pub fn eyes_to_chin(&self) -> f32 {
        self.eyes().distance(self.chin)
    }

    /// Cheek to cheek.
    pub fn face_width(&self) -> f32 {
        self.left_cheek.distance(self.right_cheek)
    }

    /// Crown to chin.
    pub fn height(&self) -> f32 {
        self.chin.y - self.crown.y
    }

    /// The middle of the face across: halfway between the middle of the cheeks and the middle of the eyes, so that a
    /// slightly turned head is centred by its mass and not by one of the two alone.
    pub fn middle_x(&self) -> f32 {
        let cheeks = self.left_cheek.midpoint(self.right_cheek);
        cheeks.midpoint(self.eyes()).x
    }
}

/// The contour of the landmarked region (temples, jaw, brows), in pixels of the frame.
pub(crate) fn contour(face: &Face) -> Vec<Point> {
    FACE_REGION.iter().map(|&i| face.point(i)).collect()
}
