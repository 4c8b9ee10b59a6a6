//! Whole journeys without a window: a real store, a real center in the process, the replay camera.
#![allow(clippy::unwrap_used, missing_docs)]
mod day;
mod desk;
mod folder;
mod freshman;
mod graduate;
mod hand_over;
mod hostile;
mod kiosk;
mod kit;
mod offline;
mod rehearsal;
mod sheet;
mod shift;
mod soak;
mod stick;
mod tether;
