//! The client against a sandbox of the provider, the books against its bill.
#![allow(clippy::unwrap_used, missing_docs)]
mod bills;
mod books;
mod forged;
mod histories;
mod keys;
mod sandbox;
mod settings;
mod vectors;
