//! The rows of the center's database as the rules see them.
use domain::consent::Consent;
use domain::review::RejectReason;
use domain::{
    BlobId, CampaignId, Measure, Order, OrderId, OrderState, PersonKey, PhoneNumber, SizePx, StationId, UtcMs,
};
use wire::op::Op;
use wire::problem::Problem;

/// A school's code: 5–10 letters or digits. It is part of every key, so that schools can live on different machines later.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchoolCode(String);

impl SchoolCode {
    /// Reads a school code.
    ///
    /// # Errors
    /// When it does not have 5–10 letters or digits.
    pub fn parse(text: &str) -> Result<Self, wire::Invalid> {
        if (5..=10).contains(&text.chars().count()) && text.chars().all(char::is_alphanumeric) {
            Ok(Self(text.to_owned()))
        } else {
            Err(wire::Invalid::new("school_code", "must have 5 to 10 letters or digits"))
        }
    }
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// A code read back from the database.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Display for SchoolCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StationRow {
    /// Its school.
    pub school: SchoolCode,
    /// Its id; `keyid` of its signatures.
    pub id: StationId,
    /// The name people give it.
    pub name: String,
    /// Ed25519 public key.
    pub public_key: [u8; 32],
    /// Version of the program that enrolled.
    pub app_version: String,
    /// When it enrolled.
    pub enrolled_at: UtcMs,
    /// When it was revoked, if it was.
    pub revoked_at: Option<UtcMs>,
    /// Its events have places behind this one of its school's feed.
    pub feed_begin: u64,
    /// The latest place of its school's feed; read only.
    pub feed_seq: u64,
    /// Events up to this place are forgotten; read only.
    pub feed_floor: u64,
}

/// Which stations of a school an event is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hearers {
    /// All of them, those that enrol later too.
    All,
    /// One.
    Only(StationId),
    /// All but one.
    AllBut(StationId),
}

impl Hearers {
    /// Whether it is for this station.
    pub fn include(self, station: StationId) -> bool {
        match self {
            Self::All => true,
            Self::Only(one) => one == station,
            Self::AllBut(one) => one != station,
        }
    }
}

/// A one-time enrolment code; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolCodeRow {
    /// The school a station joins with it.
    pub school: SchoolCode,
    /// SHA-256 of the code's text.
    pub code: [u8; 32],
    /// When it was made.
    pub created_at: UtcMs,
    /// When it ends.
    pub expires_at: UtcMs,
    /// The station that used it.
    pub used_by: Option<StationId>,
}

/// An order and what the center knows of it beyond the domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// Its school.
    pub school: SchoolCode,
    /// The order.
    pub order: Order,
    /// The last revision an op of its station has used up.
    pub rev: u32,
    /// When it came; orders everything.
    pub received_at: UtcMs,
    /// When it last changed.
    pub updated_at: UtcMs,
    /// Another living order of the same person in the same campaign exists.
    pub duplicate_person: bool,
    /// Consent to being told by short message, where it was given.
    pub messages: Option<Consent>,
}

impl OrderRow {
    /// The number of its record, when short messages can be sent to it.
    pub fn phone(&self) -> Option<PhoneNumber> {
        PhoneNumber::parse(self.order.subject.phone.as_deref()?).ok()
    }

    /// The part the station is told.
    pub fn status(&self) -> wire::feed::OrderStatus {
        wire::feed::OrderStatus {
            duplicate_person: self.duplicate_person,
            ..wire::feed::OrderStatus::of(&self.order, self.rev)
        }
    }
}

/// Which orders to list. Empty fields let everything through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFilter {
    /// Orders of this school.
    pub school: Option<SchoolCode>,
    /// Orders of this campaign.
    pub campaign: Option<CampaignId>,
    /// Orders of this station.
    pub station: Option<StationId>,
    /// Orders in this state.
    pub state: Option<OrderState>,
    /// Orders of this person.
    pub person: Option<PersonKey>,
    /// Orders with this number; each station has at most one.
    pub number: Option<String>,
    /// Orders that came before this one: its time and id, as in the last line of the page before.
    pub before: Option<(UtcMs, OrderId)>,
    /// At most this many.
    pub limit: usize,
}

impl Default for OrderFilter {
    fn default() -> Self {
        Self {
            school: None,
            campaign: None,
            station: None,
            state: None,
            person: None,
            number: None,
            before: None,
            limit: 10_000,
        }
    }
}

/// When a photo's turn comes in review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// First: taken although the check failed, a retake, or another order of the same person.
    Exception,
    /// Then: the check passed and warned of something.
    Warned,
    /// Last: nothing to say.
    Calm,
}

impl Turn {
    /// Its place; the same in `order_review.sql`.
    pub const fn place(self) -> i64 {
        match self {
            Self::Exception => 0,
            Self::Warned => 1,
            Self::Calm => 2,
        }
    }
    /// The word in a page's cursor. Versions before this one wrote 1 for an exception and 0 for all others.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Exception => "1",
            Self::Warned => "w",
            Self::Calm => "0",
        }
    }
    /// Reads [`Turn::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Exception, Self::Warned, Self::Calm]
            .into_iter()
            .find(|turn| turn.id() == id)
    }
}

/// Which orders a reviewer is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewFilter {
    /// Orders in this state.
    pub state: OrderState,
    /// Orders of this school.
    pub school: Option<SchoolCode>,
    /// Orders of this campaign.
    pub campaign: Option<CampaignId>,
    /// Orders of this station.
    pub station: Option<StationId>,
    /// Orders that follow this one: when its turn is, when it came, its id.
    pub after: Option<(Turn, UtcMs, OrderId)>,
    /// At most this many.
    pub limit: usize,
}

/// How many orders are in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateCount {
    /// The state.
    pub state: OrderState,
    /// Orders in it.
    pub orders: u64,
    /// Those a reviewer should look at first.
    pub exceptions: u64,
    /// Of the others, those the check warned of.
    pub warned: u64,
}

/// Photos of one station that are alike in what the local check said and in what was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeCount {
    /// The school.
    pub school: SchoolCode,
    /// The station that took them.
    pub station: StationId,
    /// Measures that failed there; they were taken all the same.
    pub failed: Vec<Measure>,
    /// Measures it warned of.
    pub warned: Vec<Measure>,
    /// Approved, or rejected.
    pub approved: bool,
    /// Why they were rejected.
    pub reasons: Vec<RejectReason>,
    /// How many.
    pub photos: u64,
}

/// An op as it was received, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpRow {
    /// School of the station.
    pub school: SchoolCode,
    /// The station that sent it.
    pub station: StationId,
    /// The op.
    pub op: Op,
    /// [`Op::content_hash`] when it came.
    pub content_hash: String,
    /// The photo it brings.
    pub blob: Option<BlobId>,
    /// When it came.
    pub received_at: UtcMs,
    /// When its outcome was recorded.
    pub settled_at: UtcMs,
    /// What became of it.
    pub outcome: OpOutcome,
}

/// What became of an op.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpOutcome {
    /// It took effect.
    Applied {
        /// Revision of the order after it.
        order_rev: u32,
        /// State of the order after it.
        state: OrderState,
    },
    /// It waits.
    Held {
        /// For what.
        waits: Waits,
        /// What the station is told.
        problem: Problem,
    },
    /// It can never be applied.
    Rejected {
        /// State of the order, when there is one.
        state: Option<OrderState>,
        /// What the station is told.
        problem: Problem,
    },
}

/// What a held op waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// The op before it.
    Predecessor,
    /// Its photo.
    Blob(BlobId),
    /// Its campaign.
    Campaign(CampaignId),
}

impl Waits {
    /// The text it is looked up by.
    pub fn key(&self) -> Option<String> {
        match self {
            Self::Predecessor => None,
            Self::Blob(id) => Some(id.to_string()),
            Self::Campaign(id) => Some(id.to_string()),
        }
    }
}

/// One line of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// The campaign's school.
    pub school: SchoolCode,
    /// The campaign.
    pub campaign: CampaignId,
    /// As `roster:2027001`.
    pub key: String,
    /// Place on the roster.
    pub position: u32,
    /// What the sheet says; nothing of somebody who was taken off.
    pub subject: Option<wire::order::SubjectDoc>,
    /// When it last changed.
    pub updated_at: UtcMs,
}

/// A photo a school has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRow {
    /// The school.
    pub school: SchoolCode,
    /// SHA-256 of the bytes.
    pub id: BlobId,
    /// Length of the bytes.
    pub bytes: u64,
    /// Upright size of the picture.
    pub size: SizePx,
    /// The station that sent it first.
    pub station: StationId,
    /// When.
    pub received_at: UtcMs,
}

/// A photo that comes in pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// The school.
    pub school: SchoolCode,
    /// 256 random bits as hex; whoever knows it may go on with the upload.
    pub id: String,
    /// The station that began it.
    pub station: StationId,
    /// SHA-256 the whole must have.
    pub blob: BlobId,
    /// Length of the whole.
    pub bytes: u64,
    /// Bytes kept so far.
    pub received: u64,
    /// When it began.
    pub created_at: UtcMs,
    /// When it is forgotten unless it goes on.
    pub expires_at: UtcMs,
}

/// Bytes of an upload that are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadPiece {
    /// Where they begin.
    pub start: u64,
    /// How many.
    pub bytes: u64,
    /// The name they are kept under.
    pub name: String,
}

/// One line of the append-only history of a subject (`order:…`, `campaign:…`, `station:…`), chained by hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// The school.
    pub school: SchoolCode,
    /// What changed.
    pub subject: String,
    /// 1, 2, 3 …
    pub seq: u64,
    /// When.
    pub at: UtcMs,
    /// Who.
    pub who: String,
    /// What was done.
    pub what: String,
    /// How and why, as JSON text.
    pub detail: String,
    /// Hash of the line before; empty in the first.
    pub previous: String,
    /// SHA-256 hex over all of the above.
    pub hash: String,
}

impl HistoryRow {
    /// The hash this line must have.
    pub fn expected_hash(&self) -> String {
        use sha2::Digest;
        let mut hash = sha2::Sha256::new();
        let (seq, at) = (self.seq.to_string(), self.at.0.to_string());
        let parts = [
            &self.previous,
            self.school.as_str(),
            &self.subject,
            &seq,
            &at,
            &self.who,
            &self.what,
            &self.detail,
        ];
        for part in parts {
            // The length first, so that no two different lines hash the same text.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex::encode(hash.finalize())
    }
}
