//! What the center tells a station: events after a cursor, or a snapshot of everything.
use serde::{Deserialize, Serialize};

/// `GET /v1/feed?after=&wait=&gaps=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedAnswer {
    /// In order, at most [`crate::MAX_EVENTS`]. Who asks with `gaps=1` is given nothing for the places of other stations' events;
    /// who does not is given an event of no known type there, so that no place is missing.
    pub events: Vec<FeedEvent>,
    /// Pass as `after` next time; it may lie behind the last event.
    pub cursor: u64,
    /// There are more at once.
    pub more: bool,
    /// What the school's stations share on the LAN; absent from centers before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lan: Option<crate::lan::LanKey>,
}

/// One event. `seq` counts per school; a station's own events have gaps between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedEvent {
    /// Place in the feed of this station's school.
    pub seq: u64,
    /// When the center recorded it.
    pub at_ms: i64,
    /// What happened.
    #[serde(flatten)]
    pub body: FeedBody,
}

/// What happened at the center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FeedBody {
    /// An order of this station changed; its whole center-owned part.
    Order(Box<OrderStatus>),
    /// A person was collected by another station of the same campaign.
    Collected(Collected),
    /// A campaign was made or changed.
    Campaign(Box<crate::campaign::CampaignDoc>),
    /// People of a campaign's roster came, changed or went.
    Roster(Box<crate::roster::RosterPart>),
    /// An event of a later version, or one that is not for this station; skipped.
    #[serde(other)]
    Unknown,
}

/// The part of an order the center owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderStatus {
    /// The order.
    pub order_id: String,
    /// State id, as `pending_review`.
    pub state: String,
    /// Revision of the last op applied.
    pub order_rev: u32,
    /// SHA-256 id of the photo the center holds as current.
    pub blob_id: String,
    /// Retakes used.
    pub tries: u8,
    /// Fen that came in.
    pub paid_fen: u64,
    /// Fen that went back.
    pub refunded_fen: u64,
    /// The payment that was taken.
    #[serde(default)]
    pub payment_id: Option<String>,
    /// The refund that was confirmed.
    #[serde(default)]
    pub refund_id: Option<String>,
    /// The graduate took the photo back.
    #[serde(default)]
    pub withdrawn: bool,
    /// The standing rejection.
    #[serde(default)]
    pub rejection: Option<RejectionDoc>,
    /// Another order of the same person in the same campaign exists at the center.
    #[serde(default)]
    pub duplicate_person: bool,
}

impl OrderStatus {
    /// The center-owned part of an order at this revision; `duplicate_person` is for the center to add.
    pub fn of(order: &domain::Order, order_rev: u32) -> Self {
        Self {
            order_id: order.id.to_string(),
            state: order.state.id().to_owned(),
            order_rev,
            blob_id: order.photo.blob.to_string(),
            tries: order.tries,
            paid_fen: order.payment.paid.fen(),
            refunded_fen: order.payment.refunded.fen(),
            payment_id: order.payment.payment.map(|p| p.to_string()),
            refund_id: order.payment.refund.map(|p| p.to_string()),
            withdrawn: order.withdrawn,
            rejection: order.rejection.as_ref().map(Into::into),
            duplicate_person: false,
        }
    }
}

/// A rejection on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectionDoc {
    /// Reason ids, at least one.
    pub reasons: Vec<String>,
    /// The reviewer's own words.
    #[serde(default)]
    pub note: Option<String>,
    /// When.
    pub at_ms: i64,
    /// Last moment for a new photo.
    pub deadline_ms: i64,
}

impl From<&domain::review::Rejection> for RejectionDoc {
    fn from(r: &domain::review::Rejection) -> Self {
        Self {
            reasons: r.reasons().iter().map(|r| r.id().to_owned()).collect(),
            note: r.note.clone(),
            at_ms: r.at.0,
            deadline_ms: r.deadline.0,
        }
    }
}

impl RejectionDoc {
    /// The rejection this document describes. Reasons this version does not know are taken as extra content.
    ///
    /// # Errors
    /// When there is no reason at all.
    pub fn to_domain(&self) -> Result<domain::review::Rejection, crate::Invalid> {
        use domain::review::RejectReason;
        let reasons: Vec<_> = self
            .reasons
            .iter()
            .map(|id| RejectReason::from_id(id).unwrap_or(RejectReason::ExtraContent))
            .collect();
        domain::review::Rejection::new(
            &reasons,
            self.note.clone(),
            domain::UtcMs(self.at_ms),
            domain::UtcMs(self.deadline_ms),
        )
        .ok_or_else(|| crate::Invalid::new("rejection.reasons", "must name at least one"))
    }
}

/// A person already collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collected {
    /// The campaign.
    pub campaign_id: String,
    /// The person's key.
    pub person_key: String,
    /// When. Another word on the wire: in the feed this stands beside the event's own `at_ms`.
    #[serde(rename = "collected_at_ms")]
    pub at_ms: i64,
}

/// `GET /v1/snapshot`: everything a station must know to go on from `cursor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Go on with the feed from here.
    pub cursor: u64,
    /// Campaigns of this station's school.
    pub campaigns: Vec<crate::campaign::CampaignDoc>,
    /// This station's orders.
    pub orders: Vec<OrderStatus>,
    /// People collected by other stations.
    pub collected: Vec<Collected>,
    /// Rosters of those campaigns.
    #[serde(default)]
    pub rosters: Vec<crate::roster::RosterPart>,
}
