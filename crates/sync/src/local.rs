//! What does sync need of the station it serves? The outbox, the photos and the place for what the center says.
use crate::pump::Status;
use domain::BlobId;
use wire::feed::{FeedEvent, Snapshot};
use wire::lan::LanKey;
use wire::op::{Op, OpResult};
use wire::problem::Problem;
use wire::receipt::Receipt;

/// An op of the outbox and the photos the center must hold for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingOp {
    /// As it is sent.
    pub op: Op,
    /// The photos it names.
    pub blobs: Vec<BlobId>,
}

/// What the outbox offers now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Oldest first.
    pub ops: Vec<PendingOp>,
    /// Ops in the whole outbox that are neither acknowledged nor quarantined; those put off count too.
    pub waiting: u64,
}

/// An op that is to be tried again later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutOff {
    /// The op.
    pub op_id: String,
    /// Not before this many milliseconds.
    pub wait_ms: u64,
    /// Why, as a code of the protocol or of [`crate::failure::Trouble`].
    pub problem: String,
}

/// The station's side failed. What exactly is the station's to log: here it only means "try again later".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocalFailure {
    /// The store could not be read or written.
    #[error("the station's store failed")]
    Store,
    /// A photo cannot be read, or its bytes are not those of its id.
    #[error("a photo of the station cannot be read")]
    Photo,
}

/// The station, as sync sees it. Every function may block: they are called off the async threads, writes one at a time and in order.
pub trait Local: Send + Sync + 'static {
    /// At most `limit` ops to send now, oldest first: neither acknowledged nor quarantined nor put off to a later time, and none
    /// that stands behind such an op of its own order. Ops on their way may be among them.
    ///
    /// # Errors
    /// When the store fails.
    fn next_ops(&self, limit: usize) -> Result<Batch, LocalFailure>;
    /// The bytes of a photo.
    ///
    /// # Errors
    /// When there are none, or they cannot be read.
    fn blob(&self, id: &BlobId) -> Result<Vec<u8>, LocalFailure>;
    /// These ops are being sent; without an answer they may be sent again after `again_in_ms`.
    ///
    /// # Errors
    /// When the store fails; then they are not sent.
    fn sending(&self, op_ids: &[String], again_in_ms: u64) -> Result<(), LocalFailure>;
    /// The center took these ops: they are acknowledged. The receipt is verified and covers each of them with its photo.
    ///
    /// # Errors
    /// When the store fails; then they are sent again.
    fn record(&self, results: &[OpResult], receipt: Option<&Receipt>) -> Result<(), LocalFailure>;
    /// The op, and those behind it in its order, are not offered before the time is up or [`Local::retry_all`].
    ///
    /// # Errors
    /// When the store fails.
    fn put_off(&self, put_off: &PutOff) -> Result<(), LocalFailure>;
    /// The center refused the op for good. Later ops of its order wait behind it.
    ///
    /// # Errors
    /// When the store fails.
    fn quarantine(&self, op_id: &str, problem: &Problem) -> Result<(), LocalFailure>;
    /// Everything put off, and everything a former run left on its way, may be offered at once.
    ///
    /// # Errors
    /// When the store fails.
    fn retry_all(&self) -> Result<(), LocalFailure>;
    /// The feed has been applied up to here.
    ///
    /// # Errors
    /// When the store fails.
    fn cursor(&self) -> Result<u64, LocalFailure>;
    /// Applies the events and sets the cursor, in one transaction.
    ///
    /// # Errors
    /// When the store fails; then they come again.
    fn apply(&self, events: &[FeedEvent], cursor: u64) -> Result<(), LocalFailure>;
    /// Brings everything to what the center says, and sets its cursor, in one transaction.
    ///
    /// # Errors
    /// When the store fails; then it comes again.
    fn apply_snapshot(&self, snapshot: &Snapshot) -> Result<(), LocalFailure>;
    /// What the school's stations share on the LAN, as every answer of the feed says. A station that has no use for it leaves it.
    ///
    /// # Errors
    /// When the store fails; the next answer says it again.
    fn school_key(&self, _: &LanKey) -> Result<(), LocalFailure> {
        Ok(())
    }
    /// The status changed. Must not block.
    fn report(&self, status: Status);
}
