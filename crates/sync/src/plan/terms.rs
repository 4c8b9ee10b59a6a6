//! The words between the plan and whoever carries it out: events, actions, limits, standing.
use super::Settlement;
use crate::backoff::{Millis, Retry};
use crate::failure::{Failure, Trouble};
use crate::local::{Batch, LocalFailure};
use domain::BlobId;
use wire::feed::{FeedAnswer, FeedEvent, Snapshot};
use wire::op::{Op, OpsAnswer};

/// Written limits of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most ops in a request.
    pub ops_per_request: usize,
    /// Most bytes of op bodies in a request, doubled for their quoting.
    pub bytes_per_request: usize,
    /// Photos on their way at once.
    pub blobs_at_once: usize,
    /// Most ops kept in memory.
    pub window: usize,
    /// The outbox is looked at at least this often, in ms.
    pub sweep_ms: u64,
    /// How long the feed may keep a request waiting, in s.
    pub feed_wait_s: u64,
    /// Polls of a center that does not wait follow each other no faster, in ms.
    pub poll_gap_ms: u64,
    /// A clock that is off by less is signed with as it is, in ms.
    pub skew_tolerated_ms: u64,
    /// Times a photo may arrive damaged before it is set aside.
    pub digest_tries: u32,
    /// An op sent without an answer may be offered again after this, in ms.
    pub again_in_ms: u64,
    /// Ops whose tries are counted.
    pub tries_kept: usize,
    /// The retry rule.
    pub retry: Retry,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ops_per_request: wire::MAX_OPS,
            bytes_per_request: wire::MAX_JSON_BYTES / 2,
            blobs_at_once: 3,
            window: 300,
            sweep_ms: 300_000,
            feed_wait_s: wire::MAX_WAIT_S,
            poll_gap_ms: 1_000,
            skew_tolerated_ms: 60_000,
            digest_tries: 3,
            again_in_ms: 120_000,
            tries_kept: 10_000,
            retry: Retry {
                base_ms: 1_000,
                max_ms: 300_000,
                min_ms: 500,
                max_retry_after_ms: 3_600_000,
            },
        }
    }
}

/// Who wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Something new is in the outbox.
    Change,
    /// A person pressed "sync now".
    Person,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Event {
    /// First of all.
    Started,
    /// The computer has a network again.
    LinkUp,
    /// Somebody wants something done now.
    Wake(Wake),
    /// The time of the last [`Action::SetTimer`] has come.
    Timer,
    /// An answer was the center's; its clock is ahead of the station's by this much.
    Heard { skew_ms: i64 },
    /// [`Action::RetryAll`] did not work.
    ReleaseFailed,
    /// To [`Action::LoadBatch`].
    OutboxBatch(Result<Batch, LocalFailure>),
    /// To [`Action::AskBlob`].
    BlobKnown {
        blob: BlobId,
        outcome: Result<bool, Failure>,
    },
    /// To [`Action::PutBlob`].
    BlobSent { blob: BlobId, outcome: Result<(), Failure> },
    /// To [`Action::SendOps`].
    OpsAnswered(Result<OpsAnswer, Failure>),
    /// To [`Action::Record`].
    Recorded { id: u64, outcome: Result<(), LocalFailure> },
    /// To [`Action::LoadCursor`].
    CursorLoaded(Result<u64, LocalFailure>),
    /// To [`Action::PullFeed`].
    FeedAnswered(Result<FeedAnswer, Failure>),
    /// To [`Action::PullSnapshot`].
    SnapshotAnswered(Result<Snapshot, Failure>),
    /// To [`Action::ApplyEvents`] and [`Action::ApplySnapshot`]: the cursor that stands now.
    Applied(Result<u64, LocalFailure>),
}

/// What to do. Those on the store are done one at a time and in order; those on the network at once.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Action {
    /// Forget which ops were put off. Only its failure is an event.
    RetryAll,
    /// Ask the outbox.
    LoadBatch { limit: usize },
    /// Ask whether the center holds a photo.
    AskBlob { blob: BlobId },
    /// Send a photo.
    PutBlob { blob: BlobId },
    /// Note that these ops are on their way, then send them.
    SendOps { ops: Vec<Op>, again_in_ms: u64 },
    /// Record what became of ops.
    Record(Box<Settlement>),
    /// Ask how far the feed was applied.
    LoadCursor,
    /// Ask for what is new.
    PullFeed { after: u64, wait_s: u64 },
    /// Ask for everything.
    PullSnapshot,
    /// Apply what is new.
    ApplyEvents { events: Vec<FeedEvent>, cursor: u64 },
    /// Apply everything.
    ApplySnapshot(Box<Snapshot>),
    /// Send [`Event::Timer`] at this time; replaces the one before.
    SetTimer { at: Millis },
    /// The standing changed.
    Report(Standing),
}

/// How it stands, in the plan's own time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The last exchange reached the center.
    pub online: bool,
    /// Ops the center has not signed for and did not refuse.
    pub waiting: u64,
    /// The last exchange that succeeded.
    pub last_success: Option<Millis>,
    /// What stands in the way.
    pub trouble: Option<Trouble>,
    /// The center's clock is ahead of the station's by this much.
    pub skew_ms: i64,
    /// When a closed lane opens.
    pub next_try_at: Option<Millis>,
}
