//! A drawn person: landmarks and mask of a plain frontal head, placed anywhere.
use domain::finding::Bound;
use domain::photo_spec::{Confidence, Geometry, Limit, Limits, Sourced, Strictness};
use domain::{Face, Faces, Measure, PersonMask, PhotoSpec, Point3, Pose, Rect, RectPx, Rgb, SizePx, SpecId};
use photo::Picture;

pub const BLUE: Rgb = Rgb { r: 100, g: 197, b: 255 };
const SKIN: Rgb = Rgb { r: 214, g: 168, b: 140 };

/// A head: where the point between the eyes is, and how wide the face.
#[derive(Clone, Copy)]
pub struct Person {
    pub x: f32,
    pub eyes_y: f32,
    pub face_width: f32,
}

impl Person {
    pub fn crown_y(&self) -> f32 {
        self.eyes_y - 0.85 * self.face_width
    }

    pub fn chin_y(&self) -> f32 {
        self.eyes_y + 0.8 * self.face_width
    }

    /// All points lie on an oval; the ones the checks read are where they belong.
    pub fn face(&self) -> Face {
        let w = self.face_width;
        let at = |dx: f32, dy: f32| Point3 {
            x: self.x + dx * w,
            y: self.eyes_y + dy * w,
            z: 0.0,
        };
        let mut landmarks: Vec<Point3> = (0..478)
            .map(|i| {
                let turn = i as f32 / 478.0 * std::f32::consts::TAU;
                at(0.48 * turn.cos(), 0.1 + 0.55 * turn.sin())
            })
            .collect();
        let eye =
            |outer: usize, inner: usize, side: f32| [(outer, at(side * 0.32, 0.0)), (inner, at(side * 0.12, 0.0))];
        let lids = [(158, 153), (159, 145), (160, 144), (385, 380), (386, 374), (387, 373)];
        let lips = [(82, 87), (13, 14), (312, 317)];
        let mut set: Vec<(usize, Point3)> = [eye(33, 133, -1.0), eye(263, 362, 1.0)].concat();
        set.extend([
            (152, at(0.0, 0.8)),
            (10, at(0.0, -0.5)),
            (234, at(-0.5, 0.1)),
            (454, at(0.5, 0.1)),
        ]);
        for (i, (upper, lower)) in lids.into_iter().enumerate() {
            let side = if i < 3 { -0.22 } else { 0.22 };
            set.extend([(upper, at(side, -0.035)), (lower, at(side, 0.035))]);
        }
        for (upper, lower) in lips {
            set.extend([(upper, at(0.0, 0.5)), (lower, at(0.0, 0.502))]);
        }
        for (index, p) in set {
            landmarks[index] = p;
        }
        Face {
            bounds: Rect {
                x: self.x - 0.5 * w,
                y: self.eyes_y - 0.3 * w,
                width: w,
                height: w,
            },
            score: 0.9,
            landmarks,
            presence: 1.0,
            pose: Pose::default(),
            blendshapes: None,
        }
    }

    fn holds(&self, x: f32, y: f32) -> bool {
        let w = self.face_width;
        let middle = (self.crown_y() + self.chin_y()) / 2.0;
        let half = (self.chin_y() - self.crown_y()) / 2.0;
        let head = ((x - self.x) / (0.55 * w)).powi(2) + ((y - middle) / half).powi(2) <= 1.0;
        head || (y > self.chin_y() && (x - self.x).abs() < 1.1 * w)
    }

    /// The person in skin colour before a backdrop.
    pub fn picture(&self, size: SizePx, backdrop: impl Fn(u32, u32) -> Rgb) -> Picture {
        let pixel = |x: u32, y: u32| {
            // A weak pattern, so that there is something to be sharp.
            let grain = ((x * 7 + y * 13) % 11) as u8 * 3;
            let skin = Rgb {
                r: SKIN.r - grain,
                g: SKIN.g - grain,
                b: SKIN.b - grain,
            };
            if self.holds(x as f32 + 0.5, y as f32 + 0.5) {
                skin
            } else {
                backdrop(x, y)
            }
        };
        Picture::from_fn(size, pixel).unwrap()
    }

    /// What perfect models would find.
    pub fn faces(&self, size: SizePx) -> Faces {
        let side = 3.6 * self.face_width;
        let span = |from: f32, limit: u32| {
            let start = from.clamp(0.0, limit as f32) as u32;
            (start, ((from + side).clamp(0.0, limit as f32) as u32) - start)
        };
        let (x, width) = span(self.x - side / 2.0, size.width);
        let (y, height) = span(self.eyes_y - 0.4 * side, size.height);
        let values = (0..256u32 * 256)
            .map(|i| {
                let cell = |n: u32, origin: u32, length: u32| origin as f32 + (n as f32 + 0.5) / 256.0 * length as f32;
                let inside = self.holds(cell(i % 256, x, width), cell(i / 256, y, height));
                if inside { 255 } else { 0 }
            })
            .collect();
        let mask = PersonMask {
            width: 256,
            height: 256,
            values,
            region: RectPx { x, y, width, height },
        };
        Faces {
            faces: vec![self.face()],
            mask: Some(mask),
            palms: None,
            marks: None,
            strangers: None,
        }
    }
}

pub fn sourced<T>(value: T) -> Sourced<T> {
    Sourced {
        value,
        source: "test".to_owned(),
        confidence: Confidence::Guess,
    }
}

pub fn limit(measure: Measure, pass: Bound, warn: Option<Bound>) -> Limit {
    Limit {
        measure,
        pass,
        warn,
        strictness: Strictness::Fail,
        source: "test".to_owned(),
        confidence: Confidence::Guess,
    }
}

/// The graduates' geometry with a few limits.
pub fn spec() -> PhotoSpec {
    PhotoSpec {
        id: SpecId("test".to_owned()),
        version: "1".to_owned(),
        title_zh: String::new(),
        title_en: String::new(),
        size: sourced(SizePx {
            width: 480,
            height: 640,
        }),
        dpi: sourced(300),
        quality_floor: sourced(60),
        file_kb: sourced(Bound::between(20.0, 40.0)),
        backgrounds: sourced(vec![BLUE, Rgb { r: 255, g: 255, b: 255 }]),
        geometry: Geometry {
            crown_to_top_px: Some(sourced(Bound::between(50.0, 110.0))),
            eyes_to_top_px: Some(sourced(Bound::between(200.0, 300.0))),
            face_width_px: Some(sourced(Bound::between(180.0, 300.0))),
            off_centre_px: Some(sourced(Bound::at_most(16.0))),
            ..Geometry::default()
        },
        limits: Limits {
            entries: vec![
                limit(Measure::SingleFacePresent, Bound::at_most(0.0), None),
                limit(
                    Measure::HeadPoseYaw,
                    Bound::between(-10.0, 10.0),
                    Some(Bound::between(-15.0, 15.0)),
                ),
                limit(Measure::HeadPosePitch, Bound::between(-10.0, 10.0), None),
                limit(
                    Measure::HeadPoseRoll,
                    Bound::between(-4.0, 4.0),
                    Some(Bound::between(-8.0, 8.0)),
                ),
                limit(Measure::EyesOpen, Bound::at_least(0.04), None),
                limit(Measure::MouthClosed, Bound::at_most(0.02), None),
                limit(Measure::BackgroundColour, Bound::at_most(10.0), None),
                limit(Measure::BackgroundUniformity, Bound::at_most(40.0), None),
                limit(Measure::ColourDepth, Bound::between(24.0, 24.0), None),
            ],
        },
    }
}
