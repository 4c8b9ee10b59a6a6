//! A copy of everything, and back. The database is copied first: each photo it names was on disk before its row was, so the
//! photos copied after it are all there.
use crate::blobs::{BlobStore, FolderBlobs};
use crate::center::{BLOBS_DIR, Central};
use crate::config::Config;
use crate::error::CentralError;
use crate::key::KEY_FILE;
use crate::store::sqlite::DATABASE_FILE;
use domain::BlobId;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    /// Photos copied; those that were there already are not counted.
    pub photos: u64,
}

impl Central {
    /// Copies database, photos and signing key into a folder while the service runs. Done again into the same folder, only
    /// new photos are copied.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub fn backup(&self, dir: &Path) -> Result<Copied, CentralError> {
        let failed = |source| CentralError::files("writing the backup")(source);
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(failed)?;
        // Written beside and moved over, so that a backup cut short leaves the last one whole.
        let fresh = dir.join("fresh");
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh).map_err(failed)?;
        }
        std::fs::create_dir(&fresh).map_err(failed)?;
        self.store().backup(&fresh)?;
        let copied = copy_photos(self.blobs(), &FolderBlobs::open(&dir.join(BLOBS_DIR))?)?;
        let key = self.config().data_dir.join(KEY_FILE);
        std::fs::copy(key, dir.join(KEY_FILE)).map_err(failed)?;
        std::fs::File::open(fresh.join(DATABASE_FILE))
            .and_then(|f| f.sync_all())
            .map_err(failed)?;
        std::fs::rename(fresh.join(DATABASE_FILE), dir.join(DATABASE_FILE)).map_err(failed)?;
        std::fs::remove_dir(&fresh).map_err(failed)?;
        std::fs::File::open(dir).and_then(|d| d.sync_all()).map_err(failed)?;
        Ok(copied)
    }

    /// Makes a center out of a backup. Every station takes a snapshot before its feed goes on.
    ///
    /// # Errors
    /// When the data directory or the database server is not empty, or something cannot be read or written.
    pub fn restore(backup: &Path, config: Config) -> Result<Self, CentralError> {
        let failed = |source| CentralError::files("restoring the backup")(source);
        let target = &config.data_dir;
        if target.exists() && std::fs::read_dir(target).map_err(failed)?.next().is_some() {
            return Err(CentralError::NotEmpty {
                what: "the data directory",
            });
        }
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(target)
            .map_err(failed)?;
        let photos = FolderBlobs::open(&backup.join(BLOBS_DIR))?;
        let copy = |file: &str| std::fs::copy(backup.join(file), target.join(file)).map_err(failed);
        copy(KEY_FILE)?;
        copy(DATABASE_FILE)?;
        let central = Self::open(config)?;
        copy_photos(&photos, central.blobs())?;
        if central.config().database_url.is_some() {
            // The copy was only brought here to be brought to the present version; the server keeps the rows from now on.
            central.store().fill_from(&central.config().data_dir)?;
            std::fs::remove_file(central.config().data_dir.join(DATABASE_FILE)).map_err(failed)?;
        }
        central.change(|change| change.rows.restart_feeds())?;
        Ok(central)
    }
}

fn copy_photos(from: &dyn BlobStore, to: &dyn BlobStore) -> Result<Copied, CentralError> {
    let mut ids: Vec<BlobId> = Vec::new();
    from.each(&mut |id| ids.push(id))?;
    let mut copied = Copied::default();
    for id in ids {
        if to.has(&id)? {
            continue;
        }
        if let Some(bytes) = from.get(&id)? {
            to.put(&id, &bytes)?;
            copied.photos += 1;
        }
    }
    Ok(copied)
}
