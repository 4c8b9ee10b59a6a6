//! Enrolment: a one-time code and the station's public key against an identity.
use serde::{Deserialize, Serialize};

/// `POST /v1/enrol`, signed with the key it names; `keyid` of that signature is [`ENROL_KEY_ID`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// One-time code from the center.
    pub code: String,
    /// Ed25519 public key, base64.
    pub public_key: String,
    /// Name people give the station.
    pub name: String,
    /// Version of the station.
    pub app_version: String,
}

/// `keyid` of the one signature a station makes before it has an id.
pub const ENROL_KEY_ID: &str = "enrol";

/// The answer to an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// UUID of the station; also the `keyid` of its signatures.
    pub station_id: String,
    /// Start the feed after this.
    pub cursor: u64,
    /// Ed25519 public key the center signs receipts with, base64.
    pub server_key: String,
    /// The school the station works for.
    pub school_code: String,
    /// What bundles for this center are sealed to, `age1…`; absent from centers before bundles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealing_key: Option<String>,
}

/// `GET /v1/time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeAnswer {
    /// The center's clock.
    pub now_ms: i64,
}
