//! One file for each thing that can be asked.
pub mod blobs;
pub mod enrol;
pub mod feed;
pub mod files;
pub mod import;
pub mod ops;
pub mod payments;
pub mod phone;
pub mod service;
pub mod uploads;
