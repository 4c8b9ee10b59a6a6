//! Does a picture meet a photo standard? A picture, the faces found in it and the standard go in, findings come out.
//!
//! Pure: no file, clock, network or model. Everything is measured on the geometry of the finished picture, at the live view,
//! the shutter and the final verdict alike. What could not be measured is never a pass. `measured` lists what there is.
mod cells;
mod chart;
mod complexion;
mod crop;
mod crown;
mod fourier;
mod head;
mod hint;
mod input;
mod judge;
mod landmark;
mod marks;
mod measures;
mod outcome;
mod quality;
mod region;
mod scene;
mod signs;
mod tiles;

pub use crop::best_crop;
pub use crown::{Crown, CrownBy, crown};
pub use head::Head;
pub use hint::live_hint;
pub use input::{FileFacts, Input};
pub use judge::{judge, judge_live, judge_while, measured, unreadable};
pub use quality::{is_standard, quality};
pub use signs::signs;
