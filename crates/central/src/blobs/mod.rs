//! Photo bytes by their SHA-256, behind a boundary: a local folder, or a bucket of an object store.
//! The database is the only authority on which photos exist; bytes without a row are only waste.
mod folder;
mod objects;

pub use folder::FolderBlobs;
pub use objects::ObjectBlobs;

use crate::error::CentralError;
use domain::BlobId;

/// Keeps photo bytes. Everything is content-addressed, so a write can be repeated.
pub trait BlobStore: Send + Sync {
    /// Keeps the bytes durably before it returns; bytes that are there already are left alone.
    ///
    /// # Errors
    /// When the bytes are not those of the id, or cannot be written.
    fn put(&self, id: &BlobId, bytes: &[u8]) -> Result<(), CentralError>;
    /// The bytes, checked against their id; `None` when there are none.
    ///
    /// # Errors
    /// When they cannot be read or are not those of the id.
    fn get(&self, id: &BlobId) -> Result<Option<Vec<u8>>, CentralError>;
    /// Whether bytes are kept under this id.
    ///
    /// # Errors
    /// When the place cannot be looked at.
    fn has(&self, id: &BlobId) -> Result<bool, CentralError>;
    /// Calls back with each id kept.
    ///
    /// # Errors
    /// When the place cannot be looked at.
    fn each(&self, seen: &mut dyn FnMut(BlobId)) -> Result<(), CentralError>;
    /// Keeps a piece of an upload durably, under a name of its own.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put_piece(&self, upload: &str, piece: &str, bytes: &[u8]) -> Result<(), CentralError>;
    /// A piece of an upload, if it is there.
    ///
    /// # Errors
    /// When it cannot be read.
    fn get_piece(&self, upload: &str, piece: &str) -> Result<Option<Vec<u8>>, CentralError>;
    /// Removes all pieces of an upload.
    ///
    /// # Errors
    /// When they cannot be removed.
    fn drop_pieces(&self, upload: &str) -> Result<(), CentralError>;
    /// Says whether photos can be kept now.
    ///
    /// # Errors
    /// When they cannot.
    fn ready(&self) -> Result<(), CentralError>;
}
