//! `POST /v1/phone-codes` and `POST /v1/phone-codes/check`: a station has somebody's mobile number proved by a code sent to it.
use serde::{Deserialize, Serialize};

/// Asks for a code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneCodeRequest {
    /// Eleven digits.
    pub phone: String,
    /// The station has a record with this number. Nothing is sent otherwise, and the answer is the same.
    pub known: bool,
}

/// The answer, whether the number is known or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneCodeAnswer {
    /// Another code may be asked for after this time.
    pub again_in_ms: u64,
    /// How long the code holds.
    pub holds_ms: u64,
}

/// Says what was typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneCheckRequest {
    /// Eleven digits.
    pub phone: String,
    /// Six digits.
    pub code: String,
}
