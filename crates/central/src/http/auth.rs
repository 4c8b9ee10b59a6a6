//! Who asks? Signatures are checked before the body is read, so that strangers cannot make the center hold megabytes.
use super::body::{self, CONTENT_DIGEST};
use super::fault::Fault;
use crate::center::Central;
use crate::store::StationRow;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use bytes::Bytes;
use domain::StationId;
use ed25519_dalek::VerifyingKey;
use wire::problem::Code;
use wire::signature::{self, Claims, MAX_SKEW_S, SignatureHeaders};

/// A request of a known station: its signature holds, it is not replayed, and its body of at most `MOST` bytes is the signed one.
pub struct Signed<const MOST: usize> {
    /// The station that signed.
    pub station: StationRow,
    /// The body.
    pub body: Bytes,
}

impl<const MOST: usize> FromRequest<Central> for Signed<MOST> {
    type Rejection = Fault;

    async fn from_request(request: Request, central: &Central) -> Result<Self, Fault> {
        let (parts, stream) = request.into_parts();
        let (station, digest) = authenticate(central, &parts).await?;
        let body = body::read(&parts.headers, stream, MOST, central.config().limits.body_pause).await?;
        body::check_digest(&digest, &body)?;
        Ok(Self { station, body })
    }
}

fn bad_signature() -> Fault {
    Fault::new(
        Code::BadSignature,
        "The request is not signed by a station of this center",
    )
}

async fn authenticate(central: &Central, parts: &Parts) -> Result<(StationRow, String), Fault> {
    let (headers, digest) = signature_headers(&parts.headers)?;
    let claims = signature::claims(&headers.input).map_err(|_| bad_signature())?;
    let id: StationId = claims.key_id.parse().map_err(|_| bad_signature())?;
    let station = central
        .at_store(move |c| c.station(&id))
        .await?
        .ok_or_else(bad_signature)?;
    let key = VerifyingKey::from_bytes(&station.public_key).map_err(|_| bad_signature())?;
    check(&key, parts, &headers, &digest)?;
    if station.revoked_at.is_some() {
        return Err(Fault::new(Code::StationRevoked, "This station was revoked"));
    }
    check_clock(central, &claims)?;
    let now = central.now();
    central
        .guards()
        .take_turn(station.id, now)
        .map_err(|wait_ms| Fault::new(Code::RateLimited, "This station asks too often").after_ms(wait_ms))?;
    central.guards().nonces.remember(station.id, &claims.nonce, now)?;
    Ok((station, digest))
}

/// The headers a signature consists of; each once, so that nobody can read another one than was checked.
pub fn signature_headers(headers: &HeaderMap) -> Result<(SignatureHeaders, String), Fault> {
    let once = |name: &str| {
        let mut all = headers.get_all(name).iter();
        match (all.next(), all.next()) {
            (Some(value), None) => value.to_str().ok().map(str::to_owned).ok_or_else(bad_signature),
            _ => Err(bad_signature()),
        }
    };
    let signature = SignatureHeaders {
        input: once("signature-input")?,
        signature: once("signature")?,
    };
    Ok((signature, once(CONTENT_DIGEST)?))
}

/// Checks a signature against a key.
pub fn check(key: &VerifyingKey, parts: &Parts, headers: &SignatureHeaders, digest: &str) -> Result<Claims, Fault> {
    let target = parts.uri.path_and_query().map_or("/", |t| t.as_str());
    let signed = signature::Parts {
        method: parts.method.as_str(),
        target,
        content_digest: digest,
    };
    signature::verify(key, signed, headers).map_err(|_| bad_signature())
}

/// A station with a wrong clock is told so; the answer's `Server-Time` lets it sign again.
pub fn check_clock(central: &Central, claims: &Claims) -> Result<(), Fault> {
    let now_s = central.now().0.div_euclid(1000);
    if now_s.abs_diff(claims.created_s) > MAX_SKEW_S.unsigned_abs() {
        return Err(Fault::new(Code::ClockSkew, "The station's clock differs too much"));
    }
    Ok(())
}
