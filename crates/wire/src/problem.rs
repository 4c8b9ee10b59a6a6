//! Errors on the wire: RFC 9457 `application/problem+json` with a stable code that says whether and when to try again.
use serde::{Deserialize, Serialize};

/// The stable codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Code {
    DigestMismatch,
    IdempotencyMismatch,
    StaleRev,
    StateForbidden,
    UploadBusy,
    OffsetMismatch,
    UploadGone,
    CursorExpired,
    BadSignature,
    ClockSkew,
    StationRevoked,
    Validation,
    TooLarge,
    UnsupportedMedia,
    RateLimited,
    Overloaded,
    VersionUnsupported,
    NotFound,
    EnrolCodeInvalid,
    PhoneCodeInvalid,
    LoginNeeded,
    NotAllowed,
    CsrfNeeded,
    MissingPredecessor,
    MissingBlob,
    ChainBroken,
    Internal,
    /// A code of a later version.
    #[serde(other)]
    Unknown,
}

impl Code {
    /// The HTTP status it travels with.
    pub const fn status(self) -> u16 {
        match self {
            Self::Validation | Self::Unknown => 400,
            Self::BadSignature
            | Self::ClockSkew
            | Self::EnrolCodeInvalid
            | Self::PhoneCodeInvalid
            | Self::LoginNeeded => 401,
            Self::StationRevoked | Self::StateForbidden | Self::NotAllowed | Self::CsrfNeeded => 403,
            Self::NotFound => 404,
            Self::IdempotencyMismatch | Self::StaleRev | Self::OffsetMismatch | Self::ChainBroken => 409,
            Self::UploadGone | Self::CursorExpired => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::DigestMismatch => 422,
            Self::UploadBusy => 423,
            Self::MissingPredecessor | Self::MissingBlob => 424,
            Self::VersionUnsupported => 426,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::Overloaded => 503,
        }
    }

    /// Whether the same request may succeed later.
    pub const fn retryable(self) -> bool {
        match self {
            Self::UploadBusy
            | Self::ClockSkew
            | Self::RateLimited
            | Self::Internal
            | Self::Overloaded
            | Self::MissingPredecessor
            | Self::MissingBlob
            | Self::DigestMismatch => true,
            Self::IdempotencyMismatch
            | Self::StaleRev
            | Self::StateForbidden
            | Self::OffsetMismatch
            | Self::UploadGone
            | Self::CursorExpired
            | Self::BadSignature
            | Self::StationRevoked
            | Self::Validation
            | Self::TooLarge
            | Self::UnsupportedMedia
            | Self::VersionUnsupported
            | Self::NotFound
            | Self::EnrolCodeInvalid
            | Self::PhoneCodeInvalid
            | Self::LoginNeeded
            | Self::NotAllowed
            | Self::CsrfNeeded
            | Self::ChainBroken
            | Self::Unknown => false,
        }
    }

    /// The stable word, as in the JSON.
    pub fn id(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `about:blank`, or a page about the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// One line for people.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: Code,
    /// What exactly, without personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Whether the same request may succeed later.
    pub retry: bool,
    /// Not before this many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Problem {
    /// A problem with its code, a line for people and what exactly.
    pub fn new(code: Code, title: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: title.into(),
            status: code.status(),
            code,
            detail: None,
            retry: code.retryable(),
            retry_after_ms: None,
        }
    }
    /// Adds what exactly went wrong.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}
