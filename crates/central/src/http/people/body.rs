//! JSON bodies of people's requests.
use crate::center::Central;
use crate::http::body;
use crate::http::fault::Fault;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

/// Largest body of a person's request: a campaign with its feature codes.
const MAX_BYTES: usize = 256 * 1024;

/// A body that read as JSON.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Central> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, central: &Central) -> Result<Self, Fault> {
        let (parts, stream) = request.into_parts();
        let bytes = body::read(&parts.headers, stream, MAX_BYTES, central.config().limits.body_pause).await?;
        // Nothing at all is the empty object, so that a plain POST needs no body.
        let bytes = if bytes.is_empty() {
            bytes::Bytes::from_static(b"{}")
        } else {
            bytes
        };
        body::json(&bytes).map(Self)
    }
}
