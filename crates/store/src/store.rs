//! The store as a whole: opening it, writing through its one writer, reading beside it.
use crate::blobs::Blobs;
use crate::conn::{Conn, Tx};
use crate::error::StoreError;
use crate::files;
use crate::keys::{DataKey, IndexKey, KeyProvider};
use crate::migrations::{self, Migration};
use crate::readers::Readers;
use domain::BlobId;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a statement waits for another process before it fails as [`StoreError::Busy`].
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const DATABASE: &str = "station.db";
const KEY_ID: &str = "key-id";
const LOCK: &str = "lock";

/// The station's store: an encrypted database and a folder of encrypted photos.
pub struct Store {
    dir: PathBuf,
    key: DataKey,
    provider: &'static str,
    index: Arc<IndexKey>,
    writer: Mutex<Conn>,
    readers: Readers,
    blobs: Blobs,
    found: FoundOnOpen,
    /// Shared by every process that has the store open; released by the system when a process dies.
    _lock: File,
}

/// What a crash left behind, found when the store was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundOnOpen {
    /// Half-written photo files that were deleted. None of them was ever acknowledged.
    pub swept: u32,
    /// Whole photos that no row names: the crash fell between the photo and its row. They are kept.
    pub unnamed: Vec<BlobId>,
}

impl Store {
    /// Opens the store in a folder, or makes it there.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::Newer`], [`StoreError::Corrupt`], [`StoreError::DiskFull`], each its own.
    pub fn open(dir: &Path, keys: &dyn KeyProvider) -> Result<Self, StoreError> {
        Self::open_knowing(dir, keys, migrations::ALL)
    }

    /// Opens the store as a binary that knows these migrations, so that tests can be an older or a newer one.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_knowing(dir: &Path, keys: &dyn KeyProvider, known: &[Migration]) -> Result<Self, StoreError> {
        let failed = |e| StoreError::io("making the store's folder", e);
        files::make_dir(dir)
            .and_then(|()| files::sync_dir(dir))
            .map_err(failed)?;
        let (lock, alone) = lock(dir).map_err(failed)?;
        let key = keys.data_key()?;
        check_key(dir, &key)?;
        let index = Arc::new(IndexKey::new(&key));
        let writer = connect(&dir.join(DATABASE), &key, &index, OpenFlags::SQLITE_OPEN_CREATE)?;
        prepare_writer(&writer)?;
        migrations::run(&writer, known)?;
        let blobs = Blobs::open(dir.join("photos"), &key)?;
        files::sync_dir(dir).map_err(failed)?;
        let found = match alone {
            Alone::Yes => FoundOnOpen {
                swept: blobs.sweep()?,
                unnamed: unnamed(&writer, &blobs)?,
            },
            Alone::No => FoundOnOpen::default(),
        };
        // Whoever comes in between sweeps while nothing of ours is on its way yet.
        if alone == Alone::Yes {
            lock.unlock().and_then(|()| lock.lock_shared()).map_err(failed)?;
        }
        let (writer, readers) = (Mutex::new(writer), Readers::default());
        let (dir, provider) = (dir.to_owned(), keys.name());
        Ok(Self {
            dir,
            key,
            provider,
            index,
            writer,
            readers,
            blobs,
            found,
            _lock: lock,
        })
    }

    /// Runs a change in one transaction. When this returns `Ok`, the change survives a power cut; otherwise nothing changed.
    ///
    /// # Errors
    /// What `change` or the database says.
    pub fn write<T>(&self, change: impl FnOnce(&Tx) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.try_write(change).map_err(|e| match e {
            StoreError::Sql { doing, source } => self.failed(doing, source),
            other => other,
        })
    }

    /// As [`Store::write`], for changes that may also be refused for the caller's own reasons.
    ///
    /// # Errors
    /// What `change` or the database says.
    pub fn try_write<T, E: From<StoreError>>(&self, change: impl FnOnce(&Tx) -> Result<T, E>) -> Result<T, E> {
        // A panic in `change` rolled its transaction back while unwinding, so the connection is sound.
        let conn = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = Transaction::new_unchecked(conn.sqlite(), TransactionBehavior::Immediate);
        let tx = begun.map_err(|e| self.failed("beginning a change", e))?;
        let value = change(&Tx::of(&conn))?;
        tx.commit().map_err(|e| self.failed("committing a change", e))?;
        Ok(value)
    }

    /// Reads a consistent picture, beside the writer and other readers. Do not read inside a read.
    ///
    /// # Errors
    /// What `look` or the database says.
    pub fn read<T>(&self, look: impl FnOnce(&Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let open = || {
            let conn = connect(&self.dir.join(DATABASE), &self.key, &self.index, OpenFlags::empty())?;
            pragma(&conn, "PRAGMA query_only = ON")?;
            Ok(conn)
        };
        self.readers.lend(open, |conn| {
            let begun = Transaction::new_unchecked(conn.sqlite(), TransactionBehavior::Deferred);
            let _tx = begun.map_err(|e| StoreError::sql("beginning to read", e))?;
            look(conn)
        })
    }

    /// The photos.
    pub const fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// What the last crash left behind.
    pub const fn found_on_open(&self) -> &FoundOnOpen {
        &self.found
    }

    /// Name of the key provider, for the status page.
    pub const fn key_provider(&self) -> &'static str {
        self.provider
    }

    /// Room left on the store's disk, in bytes.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn free_bytes(&self) -> Result<u64, StoreError> {
        files::free_bytes(&self.dir).map_err(|e| StoreError::io("asking for the room on the disk", e))
    }

    /// SQLite reports some writes that found no room as plain I/O errors; the disk itself tells.
    fn failed(&self, doing: &'static str, error: rusqlite::Error) -> StoreError {
        let io = error.sqlite_error_code() == Some(rusqlite::ErrorCode::SystemIoFailure);
        if io && self.free_bytes().is_ok_and(|free| free < 1 << 20) {
            return StoreError::DiskFull { doing };
        }
        StoreError::sql(doing, error)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Alone {
    Yes,
    No,
}

fn lock(dir: &Path) -> io::Result<(File, Alone)> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok((file, Alone::Yes)),
        Err(TryLockError::WouldBlock) => file.lock_shared().map(|()| (file, Alone::No)),
        Err(TryLockError::Error(e)) => Err(e),
    }
}

/// A wrong key and a damaged file look the same to SQLCipher; the key's id beside the database tells them apart.
fn check_key(dir: &Path, key: &DataKey) -> Result<(), StoreError> {
    let failed = |e| StoreError::io("reading the key's id", e);
    let (path, id) = (dir.join(KEY_ID), hex::encode(key.id().0));
    match files::read_at_most(&path, 64) {
        Ok(found) if found.trim_ascii() == id.as_bytes() => Ok(()),
        Ok(_) => Err(StoreError::WrongKey),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            if dir.join(DATABASE).try_exists().map_err(failed)? {
                // Somebody lost the id: only the key that opens the database may write it again.
                let index = Arc::new(IndexKey::new(key));
                connect(&dir.join(DATABASE), key, &index, OpenFlags::empty()).map_err(|e| match e {
                    StoreError::Corrupt { .. } => StoreError::WrongKey,
                    other => other,
                })?;
            }
            files::write_whole(&path, dir, format!("{id}\n").as_bytes())
                .map_err(|e| StoreError::io("writing the key's id", e))
        }
        Err(e) => Err(failed(e)),
    }
}

fn connect(path: &Path, key: &DataKey, index: &Arc<IndexKey>, create: OpenFlags) -> Result<Conn, StoreError> {
    let doing = "opening the database";
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
    let inner = Connection::open_with_flags(path, flags).map_err(|e| StoreError::sql(doing, e))?;
    inner
        .busy_timeout(BUSY_TIMEOUT)
        .map_err(|e| StoreError::sql(doing, e))?;
    let conn = Conn::new(inner, Arc::clone(index));
    let raw = Zeroizing::new(hex::encode(*key.derive("xueying database v1")));
    pragma(&conn, "PRAGMA cipher_log_level = NONE")?;
    pragma(&conn, &Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", raw.as_str())))?;
    // The first read proves the key.
    pragma(&conn, "SELECT count(*) FROM sqlite_schema")?;
    // Temporary tables in memory: nothing plain may reach a disk. 16 MiB of pages hold a campaign's search index. All connections of
    // the process together give pages back above 16 MiB: each keeping its own copy of a day would grow until the evening.
    pragma(
        &conn,
        "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA soft_heap_limit = 16777216",
    )?;
    Ok(conn)
}

fn prepare_writer(conn: &Conn) -> Result<(), StoreError> {
    pragma(conn, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
}

fn pragma(conn: &Conn, sql: &str) -> Result<(), StoreError> {
    conn.sqlite()
        .execute_batch(sql)
        .map_err(|e| StoreError::sql("opening the database", e))
}

fn unnamed(conn: &Conn, blobs: &Blobs) -> Result<Vec<BlobId>, StoreError> {
    let mut ids = blobs.ids()?;
    let named = crate::verify::named_photos(conn)?;
    ids.retain(|id| !named.contains(id));
    Ok(ids)
}
