//! What do the tests of several crates share? A center that is only a model, builders of ops, and real servers to test against.
pub mod build;
pub mod center;
pub mod postgres;
pub mod s3;
pub mod tools;
