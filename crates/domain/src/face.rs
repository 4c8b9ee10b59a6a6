//! What the face models found, as plain data. The models themselves live in the `face` crate; nothing here is ever stored.
use crate::geometry::{Point, Point3, Rect};

/// Head pose in degrees. Zero is a level head looking at the camera.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pose {
    /// Positive when the subject's head turns to the left edge of the picture.
    pub yaw: f32,
    /// Positive when the chin is up.
    pub pitch: f32,
    /// Positive when the head tilts clockwise as seen in the picture. Measured on the line between the eyes.
    pub roll: f32,
}

/// The MediaPipe expression scores the checks rely on, each 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Blendshapes {
    /// `jawOpen`.
    pub jaw_open: f32,
    /// Mean of `mouthSmileLeft` and `mouthSmileRight`.
    pub smile: f32,
    /// `eyeBlinkLeft` (the subject's left eye).
    pub blink_left: f32,
    /// `eyeBlinkRight`.
    pub blink_right: f32,
    /// `mouthClose`.
    pub mouth_close: f32,
    /// Largest of the `eyeLook*` scores: how far the gaze leaves the camera.
    pub look_away: f32,
}

/// One face.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// Detector box in pixels of the full frame (MediaPipe BlazeFace convention: brows to chin).
    pub bounds: Rect,
    /// Detector score 0–1.
    pub score: f32,
    /// 478 MediaPipe landmarks (the last ten are the irises) or 468 from the live model, in pixels of the full frame.
    pub landmarks: Vec<Point3>,
    /// Presence score of the landmark model, 0–1.
    pub presence: f32,
    /// Head pose.
    pub pose: Pose,
    /// Expression scores; absent at the live speed.
    pub blendshapes: Option<Blendshapes>,
}

impl Face {
    /// A landmark by its MediaPipe index.
    pub fn point(&self, index: usize) -> Point {
        self.landmarks[index].xy()
    }
    /// Eye centres as the mean of the corners: (left in the picture, right in the picture).
    pub fn eyes(&self) -> (Point, Point) {
        (
            self.point(33).midpoint(self.point(133)),
            self.point(362).midpoint(self.point(263)),
        )
    }
    /// Distance between the eye centres in pixels.
    pub fn inter_eye_px(&self) -> f32 {
        let (a, b) = self.eyes();
        a.distance(b)
    }
}

/// A palm of a hand, fingers not included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Palm {
    /// Detector box in pixels of the full frame.
    pub bounds: Rect,
    /// Detector score 0–1.
    pub score: f32,
    /// In pixels of the full frame: wrist; roots of the index, middle, ring and little finger; two points of the thumb.
    pub points: [Point; 7],
}

/// Person mask over a region of the full frame, row-major, 0 = background, 255 = person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonMask {
    /// Columns of the mask.
    pub width: u32,
    /// Rows of the mask.
    pub height: u32,
    /// `width * height` values.
    pub values: Vec<u8>,
    /// The region of the full frame the mask is stretched over.
    pub region: crate::geometry::RectPx,
}

impl PersonMask {
    /// Mask value 0–255 at a point of the full frame, nearest neighbour; zero outside the region.
    pub fn at(&self, p: Point) -> u8 {
        let fx = (p.x - self.region.x as f32) / self.region.width.max(1) as f32;
        let fy = (p.y - self.region.y as f32) / self.region.height.max(1) as f32;
        if !(0.0..1.0).contains(&fx) || !(0.0..1.0).contains(&fy) {
            return 0;
        }
        let x = (fx * self.width as f32) as usize;
        let y = (fy * self.height as f32) as usize;
        self.values[y * self.width as usize + x]
    }
}

/// How sure a network is of something in each cell of a square of the full frame, row-major, 0 = not at all, 255 = certain.
#[derive(Debug, Clone, PartialEq)]
pub struct CellMap {
    /// Columns, and rows, of the map.
    pub side: u32,
    /// `side * side` values.
    pub values: Vec<u8>,
    /// The square the map is stretched over; it may reach beyond the frame.
    pub region: Rect,
}

impl CellMap {
    /// The middles of all cells in pixels of the full frame, with their values 0–255.
    pub fn cells(&self) -> impl Iterator<Item = (Point, u8)> + '_ {
        let side = self.side.max(1) as usize;
        let (across, down) = (self.region.width / side as f32, self.region.height / side as f32);
        self.values.iter().enumerate().map(move |(i, &value)| {
            let (column, row) = ((i % side) as f32 + 0.5, (i / side) as f32 + 0.5);
            (
                Point::new(self.region.x + column * across, self.region.y + row * down),
                value,
            )
        })
    }
}

/// Everything found in one frame. Faces are sorted by area, largest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Faces {
    /// The faces.
    pub faces: Vec<Face>,
    /// The mask around the main face; absent when it could not be computed or at the live speed.
    pub mask: Option<PersonMask>,
    /// Hands near the main face; absent when they were not looked for.
    pub palms: Option<Vec<Palm>>,
    /// What is written over the surroundings of the main face; absent when it was not looked for.
    pub marks: Option<CellMap>,
    /// Heads of other people around the main face, whole or not; absent when they were not looked for.
    pub strangers: Option<CellMap>,
}

impl Faces {
    /// The largest face.
    pub fn main(&self) -> Option<&Face> {
        self.faces.first()
    }
}
