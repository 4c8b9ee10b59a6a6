//! What the rules of the trade promise, seen from outside.
#![allow(clippy::unwrap_used)]
mod build;
mod foreign;
mod keys;
mod lifecycle;
mod numbers;
mod rebind;
mod review;
