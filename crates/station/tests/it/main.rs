//! What the station promises, without a window.
#![allow(clippy::unwrap_used, missing_docs)]
mod capture;
mod names;
mod session;
