//! Where a center lives, what it listens on, and how much it takes at once. Clock and randomness come in here too.
use crate::sms::Sender;
use domain::UtcMs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Tells the time; tests move it by hand.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> UtcMs;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcMs {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        UtcMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Gives random bytes for codes, keys and ids.
pub trait Chance: Send + Sync {
    /// Fills the bytes.
    ///
    /// # Errors
    /// When the source has none to give.
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()>;
}

/// The operating system's random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        getrandom::fill(bytes).map_err(|e| std::io::Error::other(e.to_string()))
    }
}

/// Everything a center needs to know to start.
#[derive(Clone)]
pub struct Config {
    /// Folder of the signing key, and of the embedded database and the photos; made with mode 0700.
    pub data_dir: PathBuf,
    /// Address of a PostgreSQL-compatible database (`postgres://…`) in place of the embedded one; holds a password.
    pub database_url: Option<String>,
    /// PEM certificates of the authority the database server's certificate comes from; with it the connection is encrypted.
    pub database_ca: Option<PathBuf>,
    /// Address of an S3-compatible bucket (`s3://…`) for the photos in place of the folder; may hold a key.
    pub object_store: Option<String>,
    /// The payment provider; without it orders are paid as a class only.
    pub gateway: Option<pay::wechat::Client>,
    /// Who sends short messages; a file in the data directory when nobody is named.
    pub sender: Option<Arc<dyn Sender>>,
    /// Folder of the built web console and of the graduates' site; neither is served without.
    pub console: Option<PathBuf>,
    /// Where `central serve` listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How much is taken at once.
    pub limits: Limits,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub chance: Arc<dyn Chance>,
}

impl Config {
    /// A center in this folder at this address, with the usual limits and the computer's clock and randomness.
    pub fn new(data_dir: impl Into<PathBuf>, listen: SocketAddr) -> Self {
        Self {
            data_dir: data_dir.into(),
            database_url: None,
            database_ca: None,
            object_store: None,
            gateway: None,
            sender: None,
            console: None,
            listen,
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("data_dir", &self.data_dir)
            .field("listen", &self.listen)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Limits of a center. The defaults are our choice: a hundred busy stations on one machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Connections open at once; more wait in the listener's queue.
    pub connections: usize,
    /// Store calls at once; more wait up to [`Limits::store_wait`] and are then told to come later. Writers that wait for each
    /// other share a commit, so more of them at once are no more work.
    pub store_calls: usize,
    /// Connections to a database server; store calls share them, and writers that wait hold none.
    pub database_connections: usize,
    /// Longest wait for a turn at the store or the decoder.
    pub store_wait: Duration,
    /// Photos checked at once; each may need 200 MB of memory.
    pub photo_checks: usize,
    /// Feeds kept waiting at once.
    pub feed_waiters: usize,
    /// Time for the head of a request to arrive.
    pub head: Duration,
    /// Time for the next piece of a body to arrive.
    pub body_pause: Duration,
    /// Time for one request from head to answer, uploads aside.
    pub request: Duration,
    /// Time for one upload.
    pub upload: Duration,
    /// Requests a station may make at once.
    pub station_burst: u32,
    /// Requests a station may make each second after that.
    pub station_per_s: u32,
    /// Wrong enrolment codes, and as many files that are no bundles, taken from one address in ten minutes; ten times as many
    /// from all together.
    pub enrol_failures: u32,
    /// Codes for mobile numbers asked for by one station or from one address in ten minutes, and as many wrong ones; ten times as many by all
    /// together. A campus is often one address.
    pub phone_codes: u32,
    /// Largest bundle taken over HTTP; `central import` has no such limit.
    pub bundle_bytes: u64,
    /// Nonces remembered, each for ten minutes: some 3,000 requests a second, in about 120 MB. Past that, whoever asks most loses their
    /// oldest; nobody is refused.
    pub nonces: usize,
    /// Ops of one station kept until their predecessor or photo arrives.
    pub held_ops: u64,
    /// How long a one-time code lives.
    pub enrol_code: Duration,
    /// How long feed events are kept; a station that was away longer takes a snapshot.
    pub feed_kept: Duration,
    /// How often the timers look for orders that ran out.
    pub tick: Duration,
    /// Time open connections get to finish when the center stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            store_calls: 64,
            database_connections: 16,
            store_wait: Duration::from_secs(10),
            photo_checks: 2,
            feed_waiters: 512,
            head: Duration::from_secs(15),
            body_pause: Duration::from_secs(20),
            request: Duration::from_secs(60),
            upload: Duration::from_secs(15 * 60),
            station_burst: 1000,
            station_per_s: 200,
            enrol_failures: 10,
            phone_codes: 60,
            bundle_bytes: 16 << 30,
            nonces: 2_000_000,
            held_ops: 10_000,
            enrol_code: Duration::from_secs(15 * 60),
            feed_kept: Duration::from_secs(30 * 86_400),
            tick: Duration::from_secs(5),
            drain: Duration::from_secs(10),
        }
    }
}
