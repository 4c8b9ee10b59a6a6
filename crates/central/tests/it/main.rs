//! Does the center do what a station, a reviewer and an operator of it rely on? Over real HTTP on loopback, with real photos.
#![allow(clippy::unwrap_used)]
mod backup;
mod blobs;
mod cli;
mod conformance;
mod console;
mod crash;
mod encrypted;
mod enrol;
mod feed;
mod feed_places;
mod histories;
mod hostile;
mod import;
mod journey;
mod ops;
mod packages;
mod payments;
mod people;
mod queue;
mod rosters;
mod several;
mod station;
mod uploads;
mod verify;
mod webhooks;
mod world;
