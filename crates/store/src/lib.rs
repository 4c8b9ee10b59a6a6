//! What does the station remember? An encrypted database, one file per table here, and a folder of encrypted photos.
//!
//! A change is one transaction: `store.write(|tx| { orders::put(tx, …)?; outbox::push(tx, …)?; journal::append(tx, …) })`.
//! A photo is put, and synced, before the row that names it. Deliberately absent: clocks, ids, network, JSON.
mod blob_file;
mod blobs;
mod conn;
mod error;
mod files;
mod keys;
mod readers;
mod sealed_file;
mod store;
mod subject;
mod verify;

pub mod campaigns;
pub mod collected;
pub mod consents;
pub mod days;
pub mod heard;
pub mod identity;
pub mod inbox;
pub mod journal;
pub mod messages;
pub mod migrations;
pub mod neighbours;
pub mod orders;
pub mod outbox;
pub mod people;
pub mod photo_revisions;
pub mod receipts;
pub mod removals;
pub mod settings;
pub mod shots;
pub mod slots;
pub mod told;

pub use blobs::{Blobs, MAX_BLOB_BYTES};
pub use conn::{Conn, Tx};
pub use error::{BlobProblem, StoreError};
pub use files::free_bytes;
pub use keys::{DataKey, KeyError, KeyId, KeyProvider};
pub use readers::MAX_READERS;
pub use sealed_file::{Cost, SealedFile};
pub use slots::SlotId;
pub use store::{FoundOnOpen, Store};
pub use verify::{Depth, Problem, Report};
