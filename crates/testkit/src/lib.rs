//! What do the tests of several crates share? A center that is only a model, builders of ops, real servers to test against, codes
//! held up on phones, a webcam made of messages, and a bank of defective pictures. Chance comes from a seed.
pub mod bank;
pub mod build;
pub mod center;
pub mod cluster;
pub mod phone;
pub mod postgres;
pub mod s3;
pub mod tools;
#[cfg(target_os = "linux")]
pub mod webcam;
