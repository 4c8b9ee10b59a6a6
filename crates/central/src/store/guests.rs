//! Rows of graduates who come by their mobile number: codes, sessions, and what they are told by short message.
use super::SchoolCode;
use domain::{OrderId, PhoneNumber, UtcMs};
use uuid::Uuid;

/// The one code of a number. Numbers nobody knows have a row as well, so that nothing can be told from what is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneCodeRow {
    /// The number.
    pub phone: PhoneNumber,
    /// Sixteen random bytes.
    pub salt: Vec<u8>,
    /// Keyed hash over salt, number and code.
    pub code: [u8; 32],
    /// When it was made.
    pub sent_at: UtcMs,
    /// When it ends; the past once it was used.
    pub expires_at: UtcMs,
    /// Wrong tries so far.
    pub tries: u32,
    /// Codes are counted over a day from here.
    pub day_from: UtcMs,
    /// Codes made in that day.
    pub day_count: u32,
}

/// Somebody whose number was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestSessionRow {
    /// SHA-256 of the cookie's secret.
    pub secret: [u8; 32],
    /// The proved number.
    pub phone: PhoneNumber,
    /// When it began.
    pub created_at: UtcMs,
    /// When it was used last, to the minute.
    pub seen_at: UtcMs,
    /// When it ends whatever happens.
    pub expires_at: UtcMs,
}

/// What a graduate is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldOf {
    /// The photo was rejected.
    Rejected,
    /// The pictures are ready.
    Ready,
}

impl ToldOf {
    /// The stable word in rows, JSON and history.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Ready => "ready",
        }
    }
    /// Reads [`ToldOf::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Rejected, Self::Ready].into_iter().find(|k| k.id() == id)
    }
}

/// Where a short message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortState {
    /// To be sent, or sent again.
    Waiting,
    /// The sender took it.
    Sent,
    /// Every try failed.
    GivenUp,
    /// It was not true any more, or not wanted, when its time came.
    Dropped,
}

impl ShortState {
    /// The stable word in rows.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::GivenUp => "given_up",
            Self::Dropped => "dropped",
        }
    }
    /// Reads [`ShortState::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::GivenUp, Self::Dropped]
            .into_iter()
            .find(|s| s.id() == id)
    }
}

/// Something a graduate is told of an order. The number and the words are made when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortMessageRow {
    /// The order's school.
    pub school: SchoolCode,
    /// The same in every try.
    pub id: Uuid,
    /// The order.
    pub order: OrderId,
    /// What happened.
    pub kind: ToldOf,
    /// When it happened.
    pub at: UtcMs,
    /// Where it is.
    pub state: ShortState,
    /// Tries so far.
    pub tries: u32,
    /// Not before this time.
    pub next_at: UtcMs,
}
