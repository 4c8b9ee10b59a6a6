//! What do the tests of several crates share? A center that is only a model, and builders of ops. No I/O, no clock, no chance.
pub mod build;
pub mod center;
