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
    // Grows with what really comes, not with what was announced.
    let mut whole = BytesMut::new();
    pieces(headers, body, most as u64, pause, |piece| {
        whole.extend_from_slice(&piece);
        std::future::ready(Ok(()))
    })
    .await?;
    Ok(whole.freeze())
}

/// As [`read`], into a file.
pub async fn to_file(
    headers: &HeaderMap,
    body: Body,
    most: u64,
    pause: Duration,
    file: std::fs::File,
) -> Result<std::fs::File, Fault> {
    use tokio::io::AsyncWriteExt;
    let failed = |source| Fault::from(crate::error::CentralError::files("keeping a body")(source));
    let file = tokio::sync::Mutex::new(tokio::fs::File::from_std(file));
    let to = &file;
    pieces(headers, body, most, pause, |piece| async move {
        to.lock().await.write_all(&piece).await.map_err(failed)
    })
    .await?;
    let mut file = file.into_inner();
    file.flush().await.map_err(failed)?;
    Ok(file.into_std().await)
}

async fn pieces<F: Future<Output = Result<(), Fault>>>(
    headers: &HeaderMap,
    body: Body,
    most: u64,
    pause: Duration,
    mut take: impl FnMut(Bytes) -> F,
) -> Result<(), Fault> {
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|n| n > most) {
        return Err(too_large(most));
    }
    let mut stream = body.into_data_stream();
    let mut so_far = 0;
    loop {
        let piece = tokio::time::timeout(pause, stream.next()).await;
        let piece = piece.map_err(|_| Fault::new(Code::Overloaded, "The body came too slowly"))?;
        let Some(piece) = piece else { return Ok(()) };
        let piece = piece.map_err(|_| Fault::new(Code::Validation, "The body broke off"))?;
        so_far += piece.len() as u64;
        if so_far > most {
            return Err(too_large(most));
        }
        take(piece).await?;
    }
}

fn too_large(most: u64) -> Fault {
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
