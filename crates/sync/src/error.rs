//! What can go wrong outside the pump: with an address, a certificate store or an enrolment.
use crate::failure::Failure;

/// Why sync cannot start, or an enrolment failed.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The center's address is no address of a center.
    #[error("reading the center's address: {why}")]
    Address {
        /// What is wrong with it.
        why: &'static str,
    },
    /// `http://` to another machine, which was not allowed.
    #[error("the center's address is not encrypted (https), and plain http to another machine was not allowed")]
    NotEncrypted,
    /// No HTTP client could be made.
    #[error("making the HTTP client")]
    Client(#[source] reqwest::Error),
    /// The center's key is no key.
    #[error("reading the center's key: it is not an Ed25519 public key in base64")]
    ServerKey,
    /// The center did not enrol this station.
    #[error("enrolling at the center")]
    Enrol(#[source] Failure),
    /// A message could not be written.
    #[error("writing a message to the center")]
    Encode(#[source] serde_json::Error),
}

impl SyncError {
    /// Whether trying again later, unchanged, may help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Enrol(Failure::Refused(problem)) => problem.retry,
            Self::Enrol(_) => true,
            Self::Address { .. } | Self::NotEncrypted | Self::Client(_) | Self::ServerKey | Self::Encode(_) => false,
        }
    }
}
