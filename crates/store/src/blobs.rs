//! The folder of photos: each an encrypted file named by the SHA-256 of what is in it.
use crate::blob_file::{HEADER, Sealer, TAG};
use crate::error::{BlobProblem, StoreError};
use crate::files;
use crate::keys::DataKey;
use crate::removals::Removable;
use domain::BlobId;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Largest photo taken, in bytes: a 100-megapixel JPEG of the highest quality stays below.
pub const MAX_BLOB_BYTES: usize = 128 << 20;

const ENDING: &str = "photo";
const INCOMING: &str = "incoming";

/// The photos.
pub struct Blobs {
    folder: PathBuf,
    sealer: Sealer,
}

impl Blobs {
    pub(crate) fn open(folder: PathBuf, key: &DataKey) -> Result<Self, StoreError> {
        let doing = "making the photo folders";
        let make = || -> io::Result<()> {
            files::make_dir(&folder.join(INCOMING))?;
            // All at once, so that no photo ever waits for the folder above its own to be synced.
            for first in 0..=u8::MAX {
                files::make_dir(&folder.join(hex::encode([first])))?;
            }
            files::sync_dir(&folder)
        };
        make().map_err(|e| StoreError::io(doing, e))?;
        Ok(Self {
            folder,
            sealer: Sealer::new(key),
        })
    }

    /// Stores a photo. When this returns, its bytes survive a power cut. The same bytes again cost a look and change nothing,
    /// unless the file on disk is broken: then it is written anew.
    ///
    /// # Errors
    /// When there is no room ([`StoreError::DiskFull`]) or the folder cannot be written; nothing is left behind then.
    pub fn put(&self, bytes: &[u8]) -> Result<BlobId, StoreError> {
        let doing = "storing a photo";
        if bytes.len() > MAX_BLOB_BYTES {
            return Err(StoreError::TooLarge {
                doing,
                what: "the photo",
            });
        }
        let id = BlobId::of(bytes);
        let path = self.path(&id);
        if self.get(&id).is_err() {
            let mut nonce = [0; 24];
            getrandom::fill(&mut nonce).map_err(|_| crate::keys::KeyError::NoRandomness)?;
            let what = "the photo";
            let sealed = self
                .sealer
                .seal(&id, bytes, nonce)
                .ok_or(StoreError::TooLarge { doing, what })?;
            let write = || -> io::Result<()> {
                let incoming = self.folder.join(INCOMING).join(files::random_name()?);
                files::write_synced(&incoming, &[&sealed.header, &sealed.bytes, &sealed.tag])
                    .and_then(|()| fs::rename(&incoming, &path))
                    .inspect_err(|_| drop(fs::remove_file(&incoming)))
            };
            write().map_err(|e| StoreError::io(doing, e))?;
        }
        // Also for a file that was there: another thread may have renamed it a moment ago.
        files::sync_dir(&self.home(&id)).map_err(|e| StoreError::io(doing, e))?;
        Ok(id)
    }

    /// The plain bytes of a photo, whose SHA-256 was checked.
    ///
    /// # Errors
    /// [`StoreError::Blob`] when it is missing, cut short or changed.
    pub fn get(&self, id: &BlobId) -> Result<Vec<u8>, StoreError> {
        let file = self.read(id, HEADER + MAX_BLOB_BYTES + TAG + 1)?;
        self.sealer
            .open(id, &file)
            .map_err(|problem| StoreError::Blob { id: *id, problem })
    }

    /// Whether there is a file for this photo. It is not opened.
    pub fn has(&self, id: &BlobId) -> bool {
        self.path(id).is_file()
    }

    /// Length of the plain photo in bytes, from the file's header.
    ///
    /// # Errors
    /// When it is missing or its header does not hold.
    pub fn len(&self, id: &BlobId) -> Result<u64, StoreError> {
        let header = self.read(id, HEADER)?;
        self.sealer
            .plain_length(&header)
            .map_err(|problem| StoreError::Blob { id: *id, problem })
    }

    /// All photos on disk, in the order of their ids.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn ids(&self) -> Result<Vec<BlobId>, StoreError> {
        let list = || -> io::Result<Vec<BlobId>> {
            let mut ids = Vec::new();
            for first in 0..=u8::MAX {
                for entry in fs::read_dir(self.folder.join(hex::encode([first])))? {
                    let path = entry?.path();
                    let stem = path.file_stem().and_then(|s| s.to_str()).filter(|_| is_photo(&path));
                    ids.extend(stem.and_then(|s| BlobId::from_hex(s).ok()));
                }
            }
            ids.sort_unstable();
            Ok(ids)
        };
        list().map_err(|e| StoreError::io("listing the photos", e))
    }

    /// Deletes a photo the center has signed for and whose retention time is over.
    ///
    /// # Errors
    /// When the file cannot be deleted. A file that is gone already is fine.
    pub fn remove(&self, photo: Removable) -> Result<(), StoreError> {
        match fs::remove_file(self.path(&photo.id())) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(StoreError::io("deleting a photo", e)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Deletes what a crash left half written. Only while no other process has the store open.
    pub(crate) fn sweep(&self) -> Result<u32, StoreError> {
        let sweep = || -> io::Result<u32> {
            let mut swept = 0;
            for entry in fs::read_dir(self.folder.join(INCOMING))? {
                fs::remove_file(entry?.path())?;
                swept += 1;
            }
            Ok(swept)
        };
        sweep().map_err(|e| StoreError::io("sweeping half-written photos", e))
    }

    fn read(&self, id: &BlobId, limit: usize) -> Result<Vec<u8>, StoreError> {
        files::read_at_most(&self.path(id), limit).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => StoreError::Blob {
                id: *id,
                problem: BlobProblem::Missing,
            },
            _ => StoreError::io("reading a photo", e),
        })
    }

    fn home(&self, id: &BlobId) -> PathBuf {
        self.folder.join(hex::encode(&id.0[..1]))
    }

    fn path(&self, id: &BlobId) -> PathBuf {
        self.home(id).join(format!("{}.{ENDING}", id.hex()))
    }
}

fn is_photo(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == ENDING)
}
