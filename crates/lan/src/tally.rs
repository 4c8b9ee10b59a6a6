//! What came in and was not taken, by reason. A school's administrator reads it when stations do not hear each other.

/// Datagrams since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Opened with the school's key and of use.
    pub good: u64,
    /// Not one of ours, or cut short.
    pub garbage: u64,
    /// Of another version.
    pub version: u64,
    /// Sealed with another key: another school's, or from before a station was revoked.
    pub foreign: u64,
    /// Names the school's key and was not sealed with it, or was changed on the way.
    pub forged: u64,
    /// Came before, or answers nothing that was asked.
    pub repeated: u64,
    /// More than is looked at in this time.
    pub flood: u64,
    /// From a station beyond the most that are listened to.
    pub crowded: u64,
}
