//! The boundary behind which a database engine sits: rows in, rows out, in transactions. The rules are above it, written once.
//!
//! An engine implements [`CentralStore`] and its rows; `tests/it/conformance.rs` runs the same suite against each. Rules for
//! engines: a write transaction is serializable and durable when `write` returns; it is run again from the start when it lost
//! a race (so the work must have no other effect than its rows); a read transaction sees one state of everything.
mod rows;
pub mod sqlite;

pub use rows::{
    BlobRow, EnrolCodeRow, HistoryRow, OpOutcome, OpRow, OrderFilter, OrderRow, SchoolCode, StationRow, Waits,
};

use crate::error::CentralError;
use domain::{BlobId, CampaignId, OpId, OrderId, PersonKey, StationId, UtcMs};
use wire::campaign::CampaignDoc;
use wire::feed::{FeedBody, FeedEvent};

/// The result of anything at the store.
pub type Stored<T> = Result<T, CentralError>;
/// Work in a read transaction.
pub type ReadWork<'w> = dyn FnMut(&dyn ReadRows) -> Stored<()> + 'w;
/// Work in a write transaction; run again when it lost a race.
pub type WriteWork<'w> = dyn FnMut(&dyn WriteRows) -> Stored<()> + 'w;

/// A database engine. Calls block; the service makes them on its bounded blocking threads.
pub trait CentralStore: Send + Sync {
    /// Runs work that sees one state of everything.
    ///
    /// # Errors
    /// Those of the work, and those of the engine.
    fn read(&self, work: &mut ReadWork<'_>) -> Stored<()>;
    /// Runs work whose rows are all kept, durably, or none.
    ///
    /// # Errors
    /// Those of the work (nothing is kept then), and those of the engine; `Busy` when it lost too many races.
    fn write(&self, work: &mut WriteWork<'_>) -> Stored<()>;
    /// Copies the whole database into a folder while it is in use.
    ///
    /// # Errors
    /// When the copy cannot be written.
    fn backup(&self, dir: &std::path::Path) -> Stored<()>;
}

impl dyn CentralStore + '_ {
    /// [`CentralStore::read`] with an answer.
    ///
    /// # Errors
    /// As `read`.
    pub fn reading<T>(&self, mut work: impl FnMut(&dyn ReadRows) -> Stored<T>) -> Stored<T> {
        let mut answer = None;
        self.read(&mut |rows| {
            answer = Some(work(rows)?);
            Ok(())
        })?;
        answer.ok_or(CentralError::Busy { doing: "reading" })
    }

    /// [`CentralStore::write`] with an answer.
    ///
    /// # Errors
    /// As `write`.
    pub fn writing<T>(&self, mut work: impl FnMut(&dyn WriteRows) -> Stored<T>) -> Stored<T> {
        let mut answer = None;
        self.write(&mut |rows| {
            answer = Some(work(rows)?);
            Ok(())
        })?;
        answer.ok_or(CentralError::Busy { doing: "writing" })
    }
}

/// What a transaction can look up. All errors are those of the engine, or rows that do not read as what they must be.
#[allow(clippy::missing_errors_doc)]
pub trait ReadRows {
    /// A station by id, revoked ones too.
    fn station(&self, id: &StationId) -> Stored<Option<StationRow>>;
    /// All stations, of one school or of all, in the order of their enrolment.
    fn stations(&self, school: Option<&SchoolCode>) -> Stored<Vec<StationRow>>;
    /// An enrolment code by the SHA-256 of its text.
    fn enrol_code(&self, code: &[u8; 32]) -> Stored<Option<EnrolCodeRow>>;

    /// A campaign and its school.
    fn campaign(&self, id: &CampaignId) -> Stored<Option<(SchoolCode, CampaignDoc)>>;
    /// All campaigns, of one school or of all, by opening time.
    fn campaigns(&self, school: Option<&SchoolCode>) -> Stored<Vec<CampaignDoc>>;

    /// An order by id.
    fn order(&self, id: &OrderId) -> Stored<Option<OrderRow>>;
    /// Orders by filter, latest received first.
    fn orders(&self, filter: &OrderFilter) -> Stored<Vec<OrderRow>>;
    /// The order of a station with this number.
    fn order_by_number(&self, station: &StationRow, number: &str) -> Stored<Option<OrderId>>;
    /// Orders of one person in one campaign, earliest received first.
    fn orders_of(&self, school: &SchoolCode, campaign: &CampaignId, person: &PersonKey) -> Stored<Vec<OrderRow>>;
    /// Paid orders whose current photo is this one, or any photo the center holds when none is named.
    fn orders_awaiting(&self, photo: Option<(&SchoolCode, &BlobId)>, limit: usize) -> Stored<Vec<OrderId>>;
    /// Rejected orders past their deadline or out of tries, and unpaid ones whose campaign is over.
    fn orders_run_out(&self, now: UtcMs, limit: usize) -> Stored<Vec<OrderId>>;
    /// People collected by other stations of the school: campaign, person, and when the first order came.
    fn collected_elsewhere(&self, station: &StationRow) -> Stored<Vec<wire::feed::Collected>>;
    /// Photos of an order, oldest first.
    fn photo_revisions(&self, school: &SchoolCode, order: &OrderId) -> Stored<Vec<wire::order::PhotoDoc>>;

    /// An op of a station by its id.
    fn op(&self, station: &StationRow, id: &OpId) -> Stored<Option<OpRow>>;
    /// The op of a station at a revision of an order.
    fn op_at(&self, station: &StationRow, order: &OrderId, rev: u32) -> Stored<Option<OpRow>>;
    /// The last revision of an order that an op of this station has used up; 0 when none.
    fn last_rev(&self, station: &StationRow, order: &OrderId) -> Stored<u32>;
    /// Held ops of a station.
    fn held_count(&self, station: &StationRow) -> Stored<u64>;
    /// Held ops that wait for this photo or campaign (by its id's text), or whose photo or campaign is there by now.
    fn held_ops(&self, waits_for: Option<(&SchoolCode, &str)>, limit: usize) -> Stored<Vec<(StationId, OpId)>>;
    /// Ops of a station in the order of their ids, after one, at most `limit`.
    fn ops_after(&self, station: &StationRow, after: Option<&OpId>, limit: usize) -> Stored<Vec<OpRow>>;

    /// Feed events of a station after a position, at most `limit`.
    fn feed(&self, station: &StationRow, after: u64, limit: usize) -> Stored<Vec<FeedEvent>>;

    /// A photo a school has sent.
    fn blob(&self, school: &SchoolCode, id: &BlobId) -> Stored<Option<BlobRow>>;
    /// Photos in the order of school and id, after one, at most `limit`.
    fn blobs_after(&self, after: Option<(&SchoolCode, &BlobId)>, limit: usize) -> Stored<Vec<BlobRow>>;

    /// History of one subject, oldest first.
    fn history(&self, school: &SchoolCode, subject: &str) -> Stored<Vec<HistoryRow>>;
    /// The latest history row of one subject.
    fn history_head(&self, school: &SchoolCode, subject: &str) -> Stored<Option<HistoryRow>>;
    /// School and subject of each history, after one, at most `limit`.
    fn history_subjects(&self, after: Option<(&SchoolCode, &str)>, limit: usize) -> Stored<Vec<(SchoolCode, String)>>;
}

/// What a write transaction can change besides.
#[allow(clippy::missing_errors_doc)]
pub trait WriteRows: ReadRows {
    /// Adds a station or changes its name, version and revocation; key, feed and enrolment time stay.
    fn put_station(&self, station: &StationRow) -> Stored<()>;
    /// Adds an enrolment code or records who used it.
    fn put_enrol_code(&self, code: &EnrolCodeRow) -> Stored<()>;
    /// Forgets codes that expired before this time.
    fn forget_enrol_codes(&self, before: UtcMs) -> Stored<usize>;
    /// Adds or replaces a campaign of a school.
    fn put_campaign(&self, school: &SchoolCode, doc: &CampaignDoc, now: UtcMs) -> Stored<()>;
    /// Adds or replaces an order.
    fn put_order(&self, order: &OrderRow) -> Stored<()>;
    /// Adds a photo revision of an order; one that is there stays.
    fn add_photo_revision(&self, row: &OrderRow) -> Stored<()>;
    /// Adds an op.
    fn add_op(&self, op: &OpRow) -> Stored<()>;
    /// Records what became of a held op.
    fn settle_op(&self, op: &OpRow) -> Stored<()>;
    /// Bumps the station's feed counter and adds the event at it.
    fn push_feed(&self, school: &SchoolCode, station: &StationId, at: UtcMs, body: &FeedBody) -> Stored<u64>;
    /// Forgets events recorded before this time and remembers how far each feed was cut.
    fn prune_feeds(&self, before: UtcMs) -> Stored<usize>;
    /// Moves every feed to a far position with nothing kept before it, so that every station takes a snapshot.
    fn restart_feeds(&self) -> Stored<()>;
    /// Adds a photo; one that is there stays.
    fn add_blob(&self, blob: &BlobRow) -> Stored<()>;
    /// Adds a history row.
    fn add_history(&self, row: &HistoryRow) -> Stored<()>;
}
