//! What stations of one school need to warn each other on the LAN: a key they share, handed out with each answer of the feed.
use serde::{Deserialize, Serialize};

/// The key of a school's stations. A revoked station gets no answers, and with its revocation the others get the next generation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanKey {
    /// Grows with each revoked station of the school.
    pub generation: u64,
    /// Seals datagrams; another in each generation. 64 hex digits.
    pub seal: String,
    /// Names people by a keyed hash; the same in all generations. 64 hex digits.
    pub subject: String,
}

// The key stays out of logs.
impl std::fmt::Debug for LanKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LanKey({})", self.generation)
    }
}
