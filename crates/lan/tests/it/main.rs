//! What a neighbour crate can see of the LAN, in one binary.
#![allow(clippy::unwrap_used, missing_docs)]
mod hostile;
mod kit;
mod plan;
