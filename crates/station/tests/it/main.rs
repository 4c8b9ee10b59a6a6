//! What the station promises, without a window.
#![allow(clippy::unwrap_used, missing_docs)]
mod capture;
mod codes;
mod names;
mod session;
mod whose;
