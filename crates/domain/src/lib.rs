//! Nouns and rules of the trade. No I/O, no clock, no serde, no async: everything here is data and pure functions.
pub mod face;
pub mod finding;
pub mod geometry;
pub mod photo_spec;

pub use face::{Blendshapes, Face, Faces, PersonMask, Pose};
pub use finding::{Finding, Measure, Reason, Remedy, Verdict};
pub use geometry::{Point, Point3, Rect, RectPx, Rgb, SizePx};
pub use photo_spec::{PhotoSpec, SpecId};
