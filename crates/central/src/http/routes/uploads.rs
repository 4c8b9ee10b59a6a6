//! `OPTIONS|POST /v1/uploads` and `HEAD|PATCH|DELETE /v1/uploads/{id}`: tus 1.0.0 with creation, checksum, expiration and
//! termination. The creation is signed and names the photo; what follows needs only the address it gave.
use crate::center::Central;
use crate::error::CentralError;
use crate::http::auth::Signed;
use crate::http::fault::Fault;
use crate::store::{StationRow, UploadRow};
use crate::usecase::uploads::Begun;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::BytesMut;
use domain::{BlobId, UtcMs};
use futures_util::StreamExt;
use sha2::Digest;
use wire::problem::Code;

/// The version of tus.
const VERSION: &str = "1.0.0";
/// What of tus is offered beyond its core.
const EXTENSIONS: &str = "creation,checksum,expiration,termination";
/// Bytes kept at once; a cut loses fewer.
const PIECE: usize = 256 * 1024;

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

fn answer(status: StatusCode, headers: &[(HeaderName, String)]) -> Response {
    let mut answer = status.into_response();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name.clone(), value);
        }
    }
    answer
        .headers_mut()
        .insert(RESUMABLE, HeaderValue::from_static(VERSION));
    answer
}

/// What this center can do.
pub async fn options() -> Response {
    let offered = [
        (HeaderName::from_static("tus-version"), VERSION.to_owned()),
        (HeaderName::from_static("tus-extension"), EXTENSIONS.to_owned()),
        (
            HeaderName::from_static("tus-max-size"),
            wire::MAX_BLOB_BYTES.to_string(),
        ),
        (
            HeaderName::from_static("tus-checksum-algorithm"),
            "sha1,sha256".to_owned(),
        ),
    ];
    answer(StatusCode::NO_CONTENT, &offered)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Fault> {
    let found = text(headers, name).and_then(|t| t.parse().ok());
    found.ok_or_else(|| Fault::new(Code::Validation, "Upload-Length and Upload-Offset are whole numbers"))
}

/// The value of a key in `Upload-Metadata`.
fn metadata(headers: &HeaderMap, key: &str) -> Option<String> {
    let pairs = text(headers, &METADATA)?.split(',').map(str::trim);
    let found = pairs
        .map(|p| p.split_once(' ').unwrap_or((p, "")))
        .find(|(k, _)| *k == key)?;
    String::from_utf8(STANDARD.decode(found.1.trim()).ok()?).ok()
}

/// The answer to another version of tus.
fn other_version(headers: &HeaderMap) -> Option<Response> {
    if text(headers, &RESUMABLE) == Some(VERSION) {
        return None;
    }
    let supported = [(HeaderName::from_static("tus-version"), VERSION.to_owned())];
    Some(answer(StatusCode::PRECONDITION_FAILED, &supported))
}

fn expires(at: UtcMs) -> (HeaderName, String) {
    let seconds = u64::try_from(at.0 / 1000).unwrap_or(0);
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    (EXPIRES, httpdate::fmt_http_date(time))
}

/// Begins an upload; `Upload-Metadata` names the photo as `blob_id`, and may ask to `resume`.
pub async fn create(State(central): State<Central>, headers: HeaderMap, by: Signed<0>) -> Result<Response, Fault> {
    if let Some(refused) = other_version(&headers) {
        return Ok(refused);
    }
    let length = number(&headers, &LENGTH)?;
    let named: Option<BlobId> =
        metadata(&headers, "blob_id").and_then(|t| t.parse().ok().filter(|b: &BlobId| b.to_string() == t));
    let blob = named.ok_or_else(|| Fault::new(Code::Validation, "Upload-Metadata names the photo as blob_id"))?;
    if length > wire::MAX_BLOB_BYTES as u64 {
        return Err(Fault::new(Code::TooLarge, "The photo is too large"));
    }
    let begun = if metadata(&headers, "resume").is_some() {
        Begun::Resume
    } else {
        Begun::Anew
    };
    let upload = central
        .at_store(move |c| c.begin_upload(&by.station, &blob, length, begun))
        .await?;
    let headers = [
        (LOCATION, format!("/v1/uploads/{}", upload.id)),
        (OFFSET, upload.received.to_string()),
        expires(upload.expires_at),
    ];
    Ok(answer(StatusCode::CREATED, &headers))
}

async fn find(central: &Central, id: String) -> Result<(StationRow, UploadRow), Fault> {
    let (station, upload) = central.at_store(move |c| c.upload(&id)).await?;
    let turn = central.guards().take_turn(station.id, central.now());
    turn.map_err(|wait_ms| Fault::new(Code::RateLimited, "This station asks too often").after_ms(wait_ms))?;
    Ok((station, upload))
}

/// How far it has come.
pub async fn look(State(central): State<Central>, Path(id): Path<String>) -> Result<Response, Fault> {
    let (_, upload) = find(&central, id).await?;
    let headers = [
        (OFFSET, upload.received.to_string()),
        (LENGTH, upload.bytes.to_string()),
        expires(upload.expires_at),
    ];
    Ok(answer(StatusCode::OK, &headers))
}

/// Ends an upload that is not wanted any more.
pub async fn delete(State(central): State<Central>, Path(id): Path<String>) -> Result<Response, Fault> {
    let (_, upload) = find(&central, id).await?;
    central.at_store(move |c| c.forget_upload(&upload)).await?;
    Ok(answer(StatusCode::NO_CONTENT, &[]))
}

/// Takes what follows. Every [`PIECE`] is kept before more is read, and so is what came before a cut.
pub async fn patch(
    State(central): State<Central>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Fault> {
    let (parts, body) = request.into_parts();
    if let Some(refused) = other_version(&parts.headers) {
        return Ok(refused);
    }
    if text(&parts.headers, &CONTENT_TYPE) != Some("application/offset+octet-stream") {
        let title = "The content type is application/offset+octet-stream";
        return Err(Fault::new(Code::UnsupportedMedia, title));
    }
    let start = number(&parts.headers, &OFFSET)?;
    let mut sum = Sum::named(text(&parts.headers, &CHECKSUM))?;
    let (station, upload) = find(&central, id).await?;
    if start != upload.received {
        return Err(CentralError::UploadOffset.into());
    }
    let mut coming = Coming {
        central,
        station,
        upload,
    };
    let whole = coming.take(body, &mut sum).await?;
    if let Some(false) = sum.fits() {
        // Whole bodies only: a body that was cut has no checksum to fail.
        let (central, upload, at) = (coming.central, coming.upload, whole);
        central.at_store(move |c| c.cut_upload(&upload, at, start)).await?;
        let mut refused = Fault::new(Code::DigestMismatch, "The checksum is another one").into_response();
        *refused.status_mut() = StatusCode::from_u16(460).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(refused);
    }
    let headers = [(OFFSET, whole.to_string()), expires(coming.upload.expires_at)];
    Ok(answer(StatusCode::NO_CONTENT, &headers))
}

/// An upload while bytes come.
struct Coming {
    central: Central,
    station: StationRow,
    upload: UploadRow,
}

impl Coming {
    /// Keeps a body piece by piece and says how far it came. The last piece of the photo waits for the checksum.
    async fn take(&mut self, body: Body, sum: &mut Sum) -> Result<u64, Fault> {
        let pause = self.central.config().limits.body_pause;
        let mut stream = body.into_data_stream();
        let mut waiting = BytesMut::new();
        loop {
            let more = match tokio::time::timeout(pause, stream.next()).await {
                Ok(Some(Ok(bytes))) => bytes,
                Ok(None) => break,
                // Cut: what came is kept, so that only what did not come is sent again.
                Ok(Some(Err(_))) | Err(_) => {
                    sum.forget();
                    self.keep(&mut waiting).await?;
                    return Err(Fault::new(Code::Validation, "The body broke off"));
                }
            };
            let end = self.upload.received + (waiting.len() + more.len()) as u64;
            if end > self.upload.bytes {
                return Err(Fault::new(Code::TooLarge, "More bytes came than were announced"));
            }
            sum.add(&more);
            waiting.extend_from_slice(&more);
            if waiting.len() >= PIECE && end < self.upload.bytes {
                self.keep(&mut waiting).await?;
            }
        }
        if sum.fits() == Some(false) {
            return Ok(self.upload.received);
        }
        self.keep(&mut waiting).await?;
        Ok(self.upload.received)
    }

    async fn keep(&mut self, waiting: &mut BytesMut) -> Result<(), Fault> {
        if waiting.is_empty() {
            return Ok(());
        }
        let bytes = waiting.split().freeze();
        let (station, upload) = (self.station.clone(), self.upload.clone());
        let is_last = upload.received + bytes.len() as u64 == upload.bytes;
        let work = move |c: &Central| c.add_piece(&station, &upload, upload.received, &bytes);
        self.upload.received = if is_last {
            self.central.at_photos(work).await?
        } else {
            self.central.at_store(work).await?
        };
        Ok(())
    }
}

/// The checksum of a request's body, as it was named and as it is.
enum Sum {
    Unnamed,
    Sha1(Box<sha1::Sha1>, Vec<u8>),
    Sha256(Box<sha2::Sha256>, Vec<u8>),
}

impl Sum {
    fn named(header: Option<&str>) -> Result<Self, Fault> {
        let Some(header) = header else { return Ok(Self::Unnamed) };
        let invalid = || Fault::new(Code::Validation, "Upload-Checksum is sha1 or sha256 and base64");
        let (name, value) = header.split_once(' ').ok_or_else(invalid)?;
        let value = STANDARD.decode(value.trim()).map_err(|_| invalid())?;
        match name {
            "sha1" => Ok(Self::Sha1(Box::default(), value)),
            "sha256" => Ok(Self::Sha256(Box::default(), value)),
            _ => Err(invalid()),
        }
    }
    fn add(&mut self, bytes: &[u8]) {
        match self {
            Self::Unnamed => {}
            Self::Sha1(sum, _) => sum.update(bytes),
            Self::Sha256(sum, _) => sum.update(bytes),
        }
    }
    fn forget(&mut self) {
        *self = Self::Unnamed;
    }
    /// Whether what came is what was named; `None` when nothing was.
    fn fits(&self) -> Option<bool> {
        match self {
            Self::Unnamed => None,
            Self::Sha1(sum, named) => Some(sum.clone().finalize().as_slice() == named.as_slice()),
            Self::Sha256(sum, named) => Some(sum.clone().finalize().as_slice() == named.as_slice()),
        }
    }
}
