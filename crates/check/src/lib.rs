//! Does a picture meet a photo standard? A picture, the faces found in it and the standard go in, findings come out.
//!
//! Pure: no file, clock, network or model. Everything is measured on the geometry of the finished picture, at the live view,
//! the shutter and the final verdict alike. What could not be measured is never a pass. Absent until a later issue: what
//! covers eyes, mouth and head, gaze, shoulders, moiré and watermarks; `measured` lists what there is.
mod crop;
mod crown;
mod head;
mod hint;
mod input;
mod judge;
mod landmark;
mod measures;
mod outcome;
mod quality;
mod region;
mod scene;

pub use crop::best_crop;
pub use crown::{Crown, CrownBy, crown};
pub use head::Head;
pub use hint::live_hint;
pub use input::{FileFacts, Input};
pub use judge::{judge, judge_live, measured, unreadable};
pub use quality::{is_standard, quality};
