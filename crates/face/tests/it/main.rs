//! Does `face` find what is there on real portraits, and nothing where nothing is?
#![allow(clippy::unwrap_used)]
mod loading;
mod portraits;
mod scenes;
mod support;
