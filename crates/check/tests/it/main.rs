//! What do neighbours see of the checks, without any model?
#![allow(clippy::unwrap_used)]
mod crop;
mod judging;
mod ofiq;
mod person;
