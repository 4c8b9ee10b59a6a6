//! Whole journeys without a window: a real store, a real center in the process, the replay camera.
#![allow(clippy::unwrap_used, missing_docs)]
