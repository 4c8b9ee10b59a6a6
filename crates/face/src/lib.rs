//! Which faces are in a picture, where are their points, how are they turned, what is person and what backdrop, and is something
//! written over it?
//!
//! The only user of an inference runtime: `engine`, our own, for the convolutional networks, and rten for the rest. Everything happens in
//! memory and leaves as `domain::Faces`; a face template (`template`) can be compared and nothing else. Which model does what is in `assets/models/README.md`.
mod blendshapes;
mod cells;
mod detect;
mod engine;
mod find;
mod frame;
mod landmarks;
mod mask;
mod models;
mod network;
mod palms;
mod pose;
mod ssd;
mod template;

pub use find::{MAX_FACES, Speed, Timings};
pub use models::{FaceModels, MODEL_FILES, ModelFile};
pub use network::FaceError;
pub use template::Template;
