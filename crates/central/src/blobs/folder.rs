//! Photos in a local folder: written beside, synced, then moved to their name.
use super::BlobStore;
use crate::error::CentralError;
use domain::BlobId;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The folder of what has come of uploads, beside the photos.
const PIECES: &str = "uploads";

/// A folder: `ab/<64 hex digits>.jpg`, with `tmp` beside for files that are not complete yet. Mode 0700.
#[derive(Debug)]
pub struct FolderBlobs {
    root: PathBuf,
    next: AtomicU64,
}

impl FolderBlobs {
    /// Opens or makes the folder. Leftovers of interrupted writes are removed when nobody has touched them for an hour.
    ///
    /// # Errors
    /// When it cannot be made or cleaned.
    pub fn open(root: &Path) -> Result<Self, CentralError> {
        let failed = |source| CentralError::files("opening the photo folder")(source);
        let tmp = root.join("tmp");
        make_dir(&tmp).map_err(failed)?;
        for entry in std::fs::read_dir(&tmp).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let touched = entry.metadata().and_then(|m| m.modified()).map_err(failed)?;
            if touched.elapsed().is_ok_and(|age| age.as_secs() > 3600) {
                std::fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        Ok(Self {
            root: root.to_owned(),
            next: AtomicU64::new(0),
        })
    }

    fn pieces(&self, upload: &str) -> PathBuf {
        self.root.join(PIECES).join(upload)
    }

    fn path(&self, id: &BlobId) -> PathBuf {
        let hex = id.hex();
        self.root.join(&hex[..2]).join(format!("{hex}.jpg"))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let dir = path.parent().unwrap_or(&self.root);
        if !dir.is_dir() {
            make_dir(dir)?;
            File::open(&self.root)?.sync_all()?;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let temporary = self.root.join("tmp").join(format!("{}-{number}", std::process::id()));
        let written = (|| {
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&temporary)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            std::fs::rename(&temporary, path)?;
            File::open(dir)?.sync_all()
        })();
        if written.is_err() {
            // The error that counts is the first one; a leftover is removed at the next start.
            let _ = std::fs::remove_file(&temporary);
        }
        written
    }
}

fn make_dir(dir: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

impl BlobStore for FolderBlobs {
    fn put(&self, id: &BlobId, bytes: &[u8]) -> Result<(), CentralError> {
        if BlobId::of(bytes) != *id {
            return Err(CentralError::Digest);
        }
        let path = self.path(id);
        // Compared whole: a file the disk has damaged is healed by the next upload of the same photo.
        if std::fs::read(&path).is_ok_and(|kept| kept == bytes) {
            return Ok(());
        }
        self.write(&path, bytes)
            .map_err(CentralError::files("writing a photo to the photo folder"))
    }

    fn get(&self, id: &BlobId) -> Result<Option<Vec<u8>>, CentralError> {
        match std::fs::read(self.path(id)) {
            Ok(bytes) if BlobId::of(&bytes) == *id => Ok(Some(bytes)),
            Ok(_) => Err(CentralError::Digest),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(CentralError::files("reading a photo from the photo folder")(source)),
        }
    }

    fn has(&self, id: &BlobId) -> Result<bool, CentralError> {
        self.path(id)
            .try_exists()
            .map_err(CentralError::files("looking for a photo in the photo folder"))
    }

    fn each(&self, seen: &mut dyn FnMut(BlobId)) -> Result<(), CentralError> {
        let mut walk = || -> std::io::Result<()> {
            for shard in std::fs::read_dir(&self.root)? {
                let shard = shard?;
                if !shard.file_type()?.is_dir() || shard.file_name() == "tmp" || shard.file_name() == PIECES {
                    continue;
                }
                for file in std::fs::read_dir(shard.path())? {
                    let stem = file?.path().file_stem().map(|s| s.to_string_lossy().into_owned());
                    if let Some(id) = stem.and_then(|s| BlobId::from_hex(&s).ok()) {
                        seen(id);
                    }
                }
            }
            Ok(())
        };
        walk().map_err(CentralError::files("listing the photo folder"))
    }

    fn put_piece(&self, upload: &str, piece: &str, bytes: &[u8]) -> Result<(), CentralError> {
        let write = || -> std::io::Result<()> {
            make_dir(&self.pieces(upload))?;
            File::open(self.root.join(PIECES))?.sync_all()?;
            self.write(&self.pieces(upload).join(piece), bytes)
        };
        write().map_err(CentralError::files("writing a piece of an upload"))
    }

    fn get_piece(&self, upload: &str, piece: &str) -> Result<Option<Vec<u8>>, CentralError> {
        match std::fs::read(self.pieces(upload).join(piece)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(CentralError::files("reading a piece of an upload")(source)),
        }
    }

    fn drop_pieces(&self, upload: &str) -> Result<(), CentralError> {
        match std::fs::remove_dir_all(self.pieces(upload)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(CentralError::files("removing the pieces of an upload")(e))
            }
            _ => Ok(()),
        }
    }

    fn ready(&self) -> Result<(), CentralError> {
        let probe = self.root.join("tmp").join(format!("{}-ready", std::process::id()));
        let try_it = || {
            std::fs::write(&probe, b"ready")?;
            std::fs::remove_file(&probe)
        };
        try_it().map_err(CentralError::files("writing to the photo folder"))
    }
}
