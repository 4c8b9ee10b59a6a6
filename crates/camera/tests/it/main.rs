//! What can a neighbour crate rely on? The camera as it is seen from outside, on real threads with short limits.
#![allow(clippy::unwrap_used)]
mod cable;
mod codes;
mod found;
mod gate;
mod hotfolder;
mod make;
mod modes;
mod own_shutter;
mod replay;
mod shelf;
mod supervisor;
mod watch;
