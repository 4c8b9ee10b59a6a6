//! What a person agreed to, when, and who asked.
use crate::id::ConsentId;
use crate::time::UtcMs;

/// A recorded consent. Without one no order is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Identifier.
    pub id: ConsentId,
    /// Version of the agreement text.
    pub text_version: String,
    /// Language it was shown in, as `zh-CN`.
    pub language: String,
    /// When it was given.
    pub at: UtcMs,
    /// The operator who asked, or the person themselves at the kiosk.
    pub asked_by: String,
}
