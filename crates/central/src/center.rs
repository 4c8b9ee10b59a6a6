//! A center: its opened store, photos and signing key, and how every use case reaches them.
use crate::blobs::{BlobStore, FolderBlobs, ObjectBlobs};
use crate::change::Change;
use crate::change::Told;
use crate::config::Config;
use crate::error::CentralError;
use crate::http::console::Console;
use crate::http::limits::Guards;
use crate::key;
use crate::sms::{FileSender, Sender};
use crate::store::postgres::PostgresStore;
use crate::store::sqlite::SqliteStore;
use crate::store::{CentralStore, ReadRows, SchoolCode, Stored};
use crate::usecase::finished::Finishing;
use crate::wakes::Wakes;
use bundle::OpeningKey;
use domain::UtcMs;
use ed25519_dalek::{SigningKey, VerifyingKey};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// Folder of the photos in the data directory.
pub const BLOBS_DIR: &str = "blobs";

/// A center. Clones share everything.
#[derive(Clone)]
pub struct Central {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    store: Box<dyn CentralStore>,
    blobs: Box<dyn BlobStore>,
    key: SigningKey,
    bundle_key: OpeningKey,
    wakes: Wakes,
    guards: Guards,
    sender: Arc<dyn Sender>,
    finishing: Finishing,
    packages_asked: Notify,
    console: Option<Console>,
}

impl std::fmt::Debug for Central {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Central")
            .field("config", &self.inner.config)
            .finish_non_exhaustive()
    }
}

impl Central {
    /// Opens a center in its data directory; makes directory, database and key at the first start.
    ///
    /// # Errors
    /// When the directory cannot be used, or holds a database of a newer version or a damaged key.
    pub fn open(config: Config) -> Result<Self, CentralError> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&config.data_dir)
            .map_err(CentralError::files("making the data directory"))?;
        let key = key::open_or_make(&config.data_dir, config.chance.as_ref())?;
        let store: Box<dyn CentralStore> = match &config.database_url {
            // Two more, for packages that are made beside requests.
            Some(address) => {
                let most = config.limits.database_connections + 2;
                Box::new(PostgresStore::open_with(address, config.database_ca.as_deref(), most)?)
            }
            None => Box::new(SqliteStore::open(&config.data_dir)?),
        };
        own_database(store.as_ref(), &key)?;
        let blobs: Box<dyn BlobStore> = match &config.object_store {
            Some(address) => Box::new(ObjectBlobs::open(address)?),
            None => Box::new(FolderBlobs::open(&config.data_dir.join(BLOBS_DIR))?),
        };
        let console = config.console.as_deref().map(Console::read).transpose()?;
        let guards = Guards::new(&config.limits);
        let sender = config.sender.clone();
        let sender = sender.unwrap_or_else(|| Arc::new(FileSender::new(&config.data_dir)));
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                store,
                blobs,
                bundle_key: OpeningKey::derive(key.as_bytes()),
                key,
                wakes: Wakes::default(),
                guards,
                sender,
                finishing: Finishing::default(),
                packages_asked: Notify::new(),
                console,
            }),
        })
    }

    /// How this center was set up.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The key receipts are checked with.
    pub fn server_key(&self) -> VerifyingKey {
        self.inner.key.verifying_key()
    }

    pub(crate) fn signing_key(&self) -> &SigningKey {
        &self.inner.key
    }
    pub(crate) fn bundle_key(&self) -> &OpeningKey {
        &self.inner.bundle_key
    }
    pub(crate) fn now(&self) -> UtcMs {
        self.inner.config.clock.now()
    }
    pub(crate) fn store(&self) -> &dyn CentralStore {
        self.inner.store.as_ref()
    }
    pub(crate) fn blobs(&self) -> &dyn BlobStore {
        self.inner.blobs.as_ref()
    }
    pub(crate) fn wakes(&self) -> &Wakes {
        &self.inner.wakes
    }
    pub(crate) fn finishing(&self) -> &Finishing {
        &self.inner.finishing
    }
    /// Rings when a package was asked for here.
    pub(crate) fn packages_asked(&self) -> &Notify {
        &self.inner.packages_asked
    }
    pub(crate) fn console(&self) -> Option<&Console> {
        self.inner.console.as_ref()
    }
    pub(crate) fn sender(&self) -> &dyn Sender {
        self.inner.sender.as_ref()
    }
    pub(crate) fn guards(&self) -> &Guards {
        &self.inner.guards
    }

    pub(crate) fn read<T>(&self, work: impl FnMut(&ReadRows<'_>) -> Stored<T>) -> Stored<T> {
        self.store().reading(work)
    }

    /// One transaction with its time; when it is kept, the feeds it added to are woken.
    pub(crate) fn change<T>(&self, mut work: impl FnMut(&Change<'_>) -> Stored<T>) -> Stored<T> {
        self.waking(|told| {
            self.store().writing(|rows| {
                told.borrow_mut().clear();
                work(&Change::new(rows, self.now(), told))
            })
        })
    }

    /// [`Central::change`] of work that reads and writes rows of one school only.
    pub(crate) fn change_in<T>(
        &self,
        school: &SchoolCode,
        mut work: impl FnMut(&Change<'_>) -> Stored<T>,
    ) -> Stored<T> {
        self.waking(|told| {
            self.store().writing_in(school, |rows| {
                told.borrow_mut().clear();
                work(&Change::new(rows, self.now(), told))
            })
        })
    }

    fn waking<T>(&self, write: impl FnOnce(&RefCell<Told>) -> Stored<T>) -> Stored<T> {
        let told = RefCell::new(Told::new());
        let answer = write(&told)?;
        self.wakes().wake(&told.into_inner());
        Ok(answer)
    }

    pub(crate) fn random<const N: usize>(&self) -> Stored<[u8; N]> {
        let mut bytes = [0; N];
        self.config()
            .chance
            .fill(&mut bytes)
            .map_err(CentralError::files("asking for random bytes"))?;
        Ok(bytes)
    }

    /// A new UUIDv7.
    pub(crate) fn new_id(&self) -> Stored<Uuid> {
        let now_ms = u64::try_from(self.now().0).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(now_ms, &self.random()?).into_uuid())
    }

    /// The one school with a campaign, for commands that name none.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn only_school(&self) -> Result<SchoolCode, CentralError> {
        let campaigns = self.read(|rows| rows.campaigns(None))?;
        let schools: BTreeSet<_> = campaigns.into_iter().map(|c| c.school_code).collect();
        let mut schools = schools.into_iter();
        match (schools.next(), schools.next()) {
            (Some(school), None) => Ok(SchoolCode::parse(&school)?),
            (None, _) => Err(wire::Invalid::new("school", "must be named: there is no campaign yet").into()),
            (Some(_), Some(_)) => Err(wire::Invalid::new("school", "must be named: there are several").into()),
        }
    }
}

/// Of several centers on one database each must sign with the same key, or stations would refuse the receipts of some.
fn own_database(store: &dyn CentralStore, key: &SigningKey) -> Result<(), CentralError> {
    const NAME: &str = "server_key";
    let ours = hex::encode(key.verifying_key().to_bytes());
    let known = store.reading(|rows| rows.setting(NAME))?;
    let known = match known {
        Some(known) => known,
        None => store.writing(|rows| {
            // Looked at again: another center may have been first.
            if let Some(known) = rows.setting(NAME)? {
                return Ok(known);
            }
            rows.put_setting(NAME, &ours)?;
            Ok(ours.clone())
        })?,
    };
    if known == ours {
        Ok(())
    } else {
        Err(CentralError::OtherKey)
    }
}
