//! How do bytes get to the center and back? The boundary; [`crate::HttpRemote`] is the real one.
use crate::request::Request;
use bytes::Bytes;

/// What came back, before anybody judged whether it came from the center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawAnswer {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case. Values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// At most [`Request::max_answer_bytes`].
    pub body: Bytes,
}

impl RawAnswer {
    /// The first value of a header, asked for by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// No whole answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Unreachable {
    /// No connection: no link, no name, refused, or no trust in the certificate.
    #[error("the center cannot be reached")]
    Connect,
    /// The time of the request was up.
    #[error("the center did not answer in time")]
    Timeout,
    /// The connection broke before the answer was whole.
    #[error("the connection to the center broke")]
    Broken,
    /// The answer is larger than any of the center's.
    #[error("the answer is too large")]
    TooLarge,
}

/// Sends a request and takes the whole answer. Follows no redirects, undoes no compression, keeps to the request's limits.
pub trait Remote: Send + Sync + 'static {
    /// Sends.
    fn send(&self, request: Request) -> impl Future<Output = Result<RawAnswer, Unreachable>> + Send;
}
