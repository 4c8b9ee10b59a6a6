//! From the bytes of a picture to its verdict and its finished picture: the one path the live view, the shutter, the kiosk,
//! the center and `photo-check` share.
mod assessor;
mod live;
mod scale;
mod spec;
mod timings;
pub mod words;

pub use assessor::{AssessError, Assessment, Assessor, FinishFault};
pub use face::Template as FaceTemplate;
pub use live::LiveView;
pub use spec::{Receiver, SpecError, Specs};
pub use timings::Timings;
