//! Reading bodies: never more than allowed, never waiting for long, and checked against their digest.
use super::fault::Fault;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use std::time::Duration;
use wire::problem::{Code, Problem};
use wire::signature::content_digest;

/// Header with the digest of the body (RFC 9530).
pub const CONTENT_DIGEST: &str = "content-digest";

/// Reads a body of at most `most` bytes whose pieces come without long pauses.
pub async fn read(headers: &HeaderMap, body: Body, most: usize, pause: Duration) -> Result<Bytes, Fault> {
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|n| n > most as u64) {
        return Err(too_large(most));
    }
    let mut pieces = body.into_data_stream();
    // Grows with what really comes, not with what was announced.
    let mut whole = BytesMut::new();
    loop {
        let piece = tokio::time::timeout(pause, pieces.next()).await;
        let piece = piece.map_err(|_| Fault::new(Code::Overloaded, "The body came too slowly"))?;
        let Some(piece) = piece else { break };
        let piece = piece.map_err(|_| Fault::new(Code::Validation, "The body broke off"))?;
        if whole.len() + piece.len() > most {
            return Err(too_large(most));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

fn too_large(most: usize) -> Fault {
    Problem::new(Code::TooLarge, "The body is too large")
        .detail(format!("at most {most} bytes"))
        .into()
}

/// Checks a body against the digest its request named.
pub fn check_digest(named: &str, body: &[u8]) -> Result<(), Fault> {
    if content_digest(body) == named {
        Ok(())
    } else {
        Err(Fault::new(
            Code::DigestMismatch,
            "The body is not the one the digest names",
        ))
    }
}

/// Reads JSON; the answer to a bad one says where, and never repeats its values.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|e| {
        let at = format!("line {} column {}", e.line(), e.column());
        Problem::new(Code::Validation, "The body is not JSON of the expected shape")
            .detail(at)
            .into()
    })
}
