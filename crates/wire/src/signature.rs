//! RFC 9421 HTTP message signatures as both sides make and check them (Ed25519; method, target, digest, nonce).
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use sha2::Digest;

/// Seconds a signature's `created` may differ from the center's clock before the answer is `clock_skew`.
pub const MAX_SKEW_S: i64 = 300;

/// The parts of a request that are signed.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// Upper-case method.
    pub method: &'a str,
    /// Path and query as sent.
    pub target: &'a str,
    /// The `Content-Digest` header; see [`content_digest`].
    pub content_digest: &'a str,
}

/// The headers a signed request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// `Signature-Input`.
    pub input: String,
    /// `Signature`.
    pub signature: String,
}

/// What a signature says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Seconds since 1970, by the signer's clock.
    pub created_s: i64,
    /// Never twice from one key.
    pub nonce: String,
    /// Whose key.
    pub key_id: String,
}

/// A signature that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Headers missing or not of the form we make.
    #[error("the signature headers are not of the expected form")]
    Form,
    /// Signed by another key or over other content.
    #[error("the signature does not fit the request")]
    Mismatch,
}

/// `Content-Digest` of a body (RFC 9530).
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(sha2::Sha256::digest(body)))
}

fn parameters(claims: &Claims) -> String {
    format!(
        "(\"@method\" \"@request-target\" \"content-digest\");created={};nonce=\"{}\";keyid=\"{}\";alg=\"ed25519\"",
        claims.created_s, claims.nonce, claims.key_id
    )
}

fn base(parts: Parts<'_>, parameters: &str) -> String {
    format!(
        "\"@method\": {}\n\"@request-target\": {}\n\"content-digest\": {}\n\"@signature-params\": {parameters}",
        parts.method, parts.target, parts.content_digest
    )
}

/// Signs a request.
pub fn sign(key: &SigningKey, parts: Parts<'_>, claims: &Claims) -> SignatureHeaders {
    let parameters = parameters(claims);
    let signature = key.sign(base(parts, &parameters).as_bytes());
    SignatureHeaders {
        input: format!("sig1={parameters}"),
        signature: format!("sig1=:{}:", STANDARD.encode(signature.to_bytes())),
    }
}

/// Reads what a signature says of itself, before its key is known.
///
/// # Errors
/// When `Signature-Input` is not of the form [`sign`] makes.
pub fn claims(input: &str) -> Result<Claims, SignatureError> {
    let field = |name: &str| {
        let start = input.find(name)? + name.len();
        input[start..].split(['"', ';']).next().map(str::to_owned)
    };
    let claims = Claims {
        created_s: field(";created=")
            .and_then(|s| s.parse().ok())
            .ok_or(SignatureError::Form)?,
        nonce: field(";nonce=\"")
            .filter(|s| (8..=64).contains(&s.len()))
            .ok_or(SignatureError::Form)?,
        key_id: field(";keyid=\"").ok_or(SignatureError::Form)?,
    };
    // Only the one form is accepted, so that nothing can hide in another order or another set of components.
    if input == format!("sig1={}", parameters(&claims)) {
        Ok(claims)
    } else {
        Err(SignatureError::Form)
    }
}

/// Checks a request against a key. Digest of the body, clock and nonce are the caller's to check.
///
/// # Errors
/// When the headers are malformed or the signature does not fit.
pub fn verify(key: &VerifyingKey, parts: Parts<'_>, headers: &SignatureHeaders) -> Result<Claims, SignatureError> {
    let claims = claims(&headers.input)?;
    let encoded = headers
        .signature
        .strip_prefix("sig1=:")
        .and_then(|s| s.strip_suffix(':'));
    let bytes = STANDARD
        .decode(encoded.ok_or(SignatureError::Form)?)
        .map_err(|_| SignatureError::Form)?;
    let signature = Signature::from_slice(&bytes).map_err(|_| SignatureError::Form)?;
    key.verify(base(parts, &parameters(&claims)).as_bytes(), &signature)
        .map_err(|_| SignatureError::Mismatch)?;
    Ok(claims)
}
