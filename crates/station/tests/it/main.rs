//! What the station promises, without a window.
#![allow(clippy::unwrap_used, missing_docs)]
mod names;
mod session;
