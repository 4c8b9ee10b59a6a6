//! What a receiver of a package sees.
#![allow(clippy::unwrap_used, missing_docs)]
mod forms;
mod memory;
mod names;
mod package;
mod sealed;
mod world;
