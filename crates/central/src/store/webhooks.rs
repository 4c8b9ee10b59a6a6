//! Rows of webhooks and of what is to be told to them.
use super::SchoolCode;
use domain::UtcMs;
use uuid::Uuid;

/// Somebody else's address that is told what becomes of orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// The one school it hears of; all when none.
    pub school: Option<SchoolCode>,
    /// Its id.
    pub id: Uuid,
    /// Where messages go.
    pub url: String,
    /// Events it hears of; all when empty.
    pub events: Vec<String>,
    /// The key messages are signed with.
    pub secret: Vec<u8>,
    /// When it was made.
    pub created_at: UtcMs,
    /// When it was given up: its owner deleted it there.
    pub disabled_at: Option<UtcMs>,
}

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// To be sent, or sent again.
    Waiting,
    /// The other side took it.
    Sent,
    /// Every try failed.
    GivenUp,
}

impl MessageState {
    /// The stable word in rows and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::GivenUp => "given_up",
        }
    }
    /// Reads [`MessageState::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::GivenUp]
            .into_iter()
            .find(|s| s.id() == id)
    }
}

/// Something a webhook is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// The webhook's school.
    pub school: Option<SchoolCode>,
    /// The webhook.
    pub webhook: Uuid,
    /// The same in every try.
    pub id: Uuid,
    /// As `order.rejected`.
    pub event: String,
    /// JSON, as it is sent and signed.
    pub body: String,
    /// When it happened.
    pub at: UtcMs,
    /// Where it is.
    pub state: MessageState,
    /// Tries so far.
    pub tries: u32,
    /// Not before this time.
    pub next_at: UtcMs,
    /// What the last try came to.
    pub last_answer: Option<String>,
}
