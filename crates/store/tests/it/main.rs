//! What a neighbour crate can see of the store, in one binary.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]
mod blobs;
mod crash;
mod desk;
mod full_disk;
mod journal;
mod keys;
mod kit;
mod opening;
mod orders;
mod outbox;
mod people;
mod readers;
mod removals;
mod round_trips;
mod schema;
mod timings;
mod told;
