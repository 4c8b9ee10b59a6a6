//! Versioned messages between station and center (protocol v1), and the campaign file both read. Shapes only: no I/O, no rules.
//! Unknown fields are ignored, so that N and N−1 understand each other. Times are milliseconds since 1970 UTC.
pub mod campaign;
pub mod enrol;
pub mod feed;
pub mod import;
pub mod lan;
pub mod op;
pub mod order;
pub mod payment;
pub mod phone;
pub mod problem;
pub mod receipt;
pub mod roster;
pub mod signature;

/// Version in every path and in the `Api-Version` header.
pub const API_VERSION: u32 = 1;
/// Header of requests and answers that carries [`API_VERSION`].
pub const API_VERSION_HEADER: &str = "api-version";
/// Header of every answer: the center's clock in milliseconds since 1970 UTC, as decimal digits.
pub const SERVER_TIME_HEADER: &str = "server-time";
/// Most operations in one request.
pub const MAX_OPS: usize = 100;
/// Most events in one answer of the feed.
pub const MAX_EVENTS: usize = 500;
/// Largest photo accepted whole.
pub const MAX_BLOB_BYTES: usize = 64 * 1024 * 1024;
/// Largest text of [`op::Op::body`] accepted.
pub const MAX_OP_BODY_BYTES: usize = 32 * 1024;
/// Largest JSON body accepted.
pub const MAX_JSON_BYTES: usize = 4 * 1024 * 1024;
/// Longest the feed may keep a request waiting.
pub const MAX_WAIT_S: u64 = 25;

/// A value on the wire that the domain does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct Invalid {
    /// Which field.
    pub field: &'static str,
    /// What is wrong with it; never the value itself.
    pub problem: String,
}

impl Invalid {
    /// Names the field and what is wrong.
    pub fn new(field: &'static str, problem: impl std::fmt::Display) -> Self {
        Self {
            field,
            problem: problem.to_string(),
        }
    }
}
