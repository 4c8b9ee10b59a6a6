//! A campaign's roster on its way to the stations of its school: people by key, a part at a time. What a station is told is always how
//! things stand now, so that a part may come twice, or after a later one.
use crate::order::SubjectDoc;
use serde::{Deserialize, Serialize};

/// Most people of one part.
pub const MAX_PART: usize = 200;

/// Some people of a roster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RosterPart {
    /// The campaign.
    pub campaign_id: String,
    /// Who is on the roster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<RosterPerson>,
    /// Keys of those who are not, or not any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
    /// Only at the center: whom the part is about, until it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
}

/// One person of a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterPerson {
    /// As `roster:2027001`.
    pub key: String,
    /// Place on the roster, which the running order follows.
    pub position: u32,
    /// What the sheet says.
    pub subject: SubjectDoc,
}
