//! What does a request look like on the wire? Signed after RFC 9421, with its limits.
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use domain::{BlobId, OrderId, UtcMs};
use ed25519_dalek::SigningKey;
use serde_json::json;
use std::time::Duration;
use wire::enrol::{ENROL_KEY_ID, EnrolRequest};
use wire::op::{Op, OpsRequest};
use wire::phone::{PhoneCheckRequest, PhoneCodeRequest};
use wire::signature::{Claims, Parts, content_digest, sign};

/// Longest wait for an answer that is made at once.
pub const ANSWER_TIME: Duration = Duration::from_secs(30);
/// Slowest upload that is waited for, in bytes a second: 64 kbit/s.
pub const SLOWEST_UPLOAD: u64 = 8 * 1024;
/// Largest answer about one photo or one enrolment.
const SMALL_ANSWER: usize = 64 * 1024;

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Head,
    Put,
    Post,
    Patch,
    Delete,
}

impl Method {
    /// Upper case, as it is sent and signed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, from the root of the center.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// May be empty.
    pub body: Bytes,
    /// The answer may not be larger.
    pub max_answer_bytes: usize,
    /// The whole answer must be there in this time.
    pub time: Duration,
}

/// Who signs, and when by which clock. Made anew for each request.
pub struct Signer<'a> {
    /// The key.
    pub key: &'a SigningKey,
    /// Station id, or [`ENROL_KEY_ID`].
    pub key_id: &'a str,
    /// The time by the center's clock, as far as it is known.
    pub now: UtcMs,
    /// 128 bits that never come twice.
    pub nonce: [u64; 2],
}

impl Request {
    fn signed(signer: &Signer<'_>, method: Method, target: String, body: Bytes, kind: Option<&'static str>) -> Self {
        let content_digest = content_digest(&body);
        let claims = Claims {
            created_s: signer.now.0.div_euclid(1000),
            nonce: format!("{:016x}{:016x}", signer.nonce[0], signer.nonce[1]),
            key_id: signer.key_id.to_owned(),
        };
        let parts = Parts {
            method: method.as_str(),
            target: &target,
            content_digest: &content_digest,
        };
        let signature = sign(signer.key, parts, &claims);
        let mut headers = vec![
            ("accept", "application/json, application/problem+json".to_owned()),
            ("accept-encoding", "identity".to_owned()),
            (wire::API_VERSION_HEADER, wire::API_VERSION.to_string()),
            ("content-digest", content_digest),
            ("signature-input", signature.input),
            ("signature", signature.signature),
        ];
        headers.extend(kind.map(|kind| ("content-type", kind.to_owned())));
        Self {
            method,
            target,
            headers,
            body,
            max_answer_bytes: SMALL_ANSWER,
            time: ANSWER_TIME,
        }
    }

    /// Asks for the code an order is paid with.
    pub fn payment(signer: &Signer<'_>, order: &OrderId) -> Self {
        let target = format!("/v1/orders/{order}/payments");
        Self::signed(signer, Method::Post, target, Bytes::new(), None)
    }

    /// Asks for a code to be sent to a mobile number.
    pub fn phone_code(signer: &Signer<'_>, asked: &PhoneCodeRequest) -> Self {
        Self::small(signer, "/v1/phone-codes", json!(asked).to_string())
    }

    /// Asks whether this is the code that was sent.
    pub fn phone_check(signer: &Signer<'_>, asked: &PhoneCheckRequest) -> Self {
        Self::small(signer, "/v1/phone-codes/check", json!(asked).to_string())
    }

    fn small(signer: &Signer<'_>, target: &str, body: String) -> Self {
        let kind = Some("application/json");
        Self::signed(signer, Method::Post, target.to_owned(), body.into(), kind)
    }

    /// Asks whether the center holds a photo.
    pub fn ask_blob(signer: &Signer<'_>, id: &BlobId) -> Self {
        Self::signed(signer, Method::Head, format!("/v1/blobs/{id}"), Bytes::new(), None)
    }

    /// Sends a photo. Its time grows with its size.
    pub fn put_blob(signer: &Signer<'_>, id: &BlobId, bytes: Bytes) -> Self {
        let sending = Duration::from_secs(bytes.len() as u64 / SLOWEST_UPLOAD);
        let request = Self::signed(
            signer,
            Method::Put,
            format!("/v1/blobs/{id}"),
            bytes,
            Some("image/jpeg"),
        );
        Self {
            time: ANSWER_TIME + sending,
            ..request
        }
    }

    /// Begins to send a photo in pieces, or goes on with what was begun before.
    pub fn begin_upload(signer: &Signer<'_>, id: &BlobId, bytes: usize) -> Self {
        let mut request = Self::signed(signer, Method::Post, "/v1/uploads".to_owned(), Bytes::new(), None);
        let named = STANDARD.encode(id.to_string());
        request.headers.extend([
            ("tus-resumable", "1.0.0".to_owned()),
            ("upload-length", bytes.to_string()),
            ("upload-metadata", format!("blob_id {named},resume")),
        ]);
        request
    }

    /// Sends the piece of a photo that begins at `offset`.
    pub fn upload_piece(signer: &Signer<'_>, target: String, offset: usize, piece: Bytes) -> Self {
        let sending = Duration::from_secs(piece.len() as u64 / SLOWEST_UPLOAD);
        let kind = Some("application/offset+octet-stream");
        let mut request = Self::signed(signer, Method::Patch, target, piece, kind);
        request.headers.extend([
            ("tus-resumable", "1.0.0".to_owned()),
            ("upload-offset", offset.to_string()),
        ]);
        request.time = ANSWER_TIME + sending;
        request
    }

    /// Sends ops.
    ///
    /// # Errors
    /// Never for ops of this version; the encoder's error is passed on all the same.
    pub fn ops(signer: &Signer<'_>, ops: Vec<Op>) -> Result<Self, serde_json::Error> {
        let body = serde_json::to_vec(&OpsRequest { ops })?;
        let sending = Duration::from_secs(body.len() as u64 / SLOWEST_UPLOAD);
        let request = Self::signed(
            signer,
            Method::Post,
            "/v1/ops".to_owned(),
            body.into(),
            Some("application/json"),
        );
        Ok(Self {
            max_answer_bytes: wire::MAX_JSON_BYTES,
            time: ANSWER_TIME + sending,
            ..request
        })
    }

    /// Asks for what is new; the center may wait for something to happen.
    pub fn feed(signer: &Signer<'_>, after: u64, wait_s: u64) -> Self {
        let target = format!("/v1/feed?after={after}&wait={wait_s}&gaps=1");
        Self {
            max_answer_bytes: wire::MAX_JSON_BYTES,
            time: ANSWER_TIME + Duration::from_secs(wait_s),
            ..Self::signed(signer, Method::Get, target, Bytes::new(), None)
        }
    }

    /// Asks for a picture the center holds, by its path as `/v1/orders/<id>/files/original`.
    pub fn file(signer: &Signer<'_>, target: String) -> Self {
        Self {
            max_answer_bytes: wire::MAX_BLOB_BYTES,
            time: ANSWER_TIME,
            ..Self::signed(signer, Method::Get, target, Bytes::new(), None)
        }
    }

    /// Asks for everything.
    pub fn snapshot(signer: &Signer<'_>) -> Self {
        Self {
            max_answer_bytes: MAX_SNAPSHOT_BYTES,
            time: ANSWER_TIME * 4,
            ..Self::signed(signer, Method::Get, "/v1/snapshot".to_owned(), Bytes::new(), None)
        }
    }

    /// Gives a one-time code for an identity; signed with the key it names.
    ///
    /// # Errors
    /// Never for requests of this version; the encoder's error is passed on all the same.
    pub fn enrol(signer: &Signer<'_>, request: &EnrolRequest) -> Result<Self, serde_json::Error> {
        let signer = Signer {
            key_id: ENROL_KEY_ID,
            ..*signer
        };
        let body = serde_json::to_vec(request)?;
        Ok(Self::signed(
            &signer,
            Method::Post,
            "/v1/enrol".to_owned(),
            body.into(),
            Some("application/json"),
        ))
    }
}

/// Largest snapshot taken: 600 bytes for each of 100,000 orders, rounded up.
pub const MAX_SNAPSHOT_BYTES: usize = 64 * 1024 * 1024;

/// The public key as enrolment sends it.
pub fn public_key(key: &SigningKey) -> String {
    STANDARD.encode(key.verifying_key().to_bytes())
}

// Bodies and signatures stay out of logs.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} {} ({} bytes)",
            self.method.as_str(),
            self.target,
            self.body.len()
        )
    }
}
