//! The web console and the graduates' site: the built pages of one folder, read once at the start and served from memory. What a request names is looked
//! up among what was read, so no path of a request ever reaches the file system.
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{Error, ErrorKind};
use std::path::Path;
use wire::problem::Code;

/// The page `/` shows.
const PAGE: &str = "console.html";
/// The page `/my` shows.
const SITE: &str = "my.html";
/// Largest file of the console.
const MAX_FILE_BYTES: u64 = 16 << 20;
/// Most files of the console.
const MAX_FILES: usize = 500;
/// What the console may load: itself. Pictures come through its own requests, as blobs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
                      font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Names of built files hold a hash of their content.
const LASTING: &str = "public, max-age=31536000, immutable";
/// Asked for again each time; unchanged, it is not sent again.
const ASKED_AGAIN: &str = "no-cache";

/// The console's files by the path that names them.
#[derive(Debug)]
pub struct Console(HashMap<String, File>);

#[derive(Debug)]
struct File {
    bytes: Bytes,
    kind: &'static str,
    tag: HeaderValue,
    cache: &'static str,
}

impl Console {
    /// Reads the built console: its page, its icon, and what lies in `assets`.
    ///
    /// # Errors
    /// When there is no such page in the folder, or a file cannot be read or is too large.
    pub fn read(folder: &Path) -> Result<Self, CentralError> {
        let reading = CentralError::files("reading the built web console");
        Self::files(folder).map(Self).map_err(reading)
    }

    fn files(folder: &Path) -> std::io::Result<HashMap<String, File>> {
        let mut files = HashMap::from([(
            "/".to_owned(),
            file(&folder.join(PAGE), "text/html; charset=utf-8", ASKED_AGAIN)?,
        )]);
        if folder.join(SITE).exists() {
            let page = file(&folder.join(SITE), "text/html; charset=utf-8", ASKED_AGAIN)?;
            files.insert("/my".to_owned(), page);
        }
        if folder.join("icon.png").exists() {
            files.insert(
                "/icon.png".to_owned(),
                file(&folder.join("icon.png"), "image/png", ASKED_AGAIN)?,
            );
        }
        for entry in std::fs::read_dir(folder.join("assets"))? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            let Some((name, kind)) = name.to_str().and_then(|n| Some((n, kind(&path)?))) else {
                continue;
            };
            if files.len() >= MAX_FILES {
                return Err(Error::new(ErrorKind::InvalidData, "too many files"));
            }
            files.insert(format!("/assets/{name}"), file(&path, kind, LASTING)?);
        }
        Ok(files)
    }
}

/// The type of a file a build makes; of no other file.
fn kind(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()? {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "png" => Some("image/png"),
        "svg" => Some("image/svg+xml"),
        "woff2" => Some("font/woff2"),
        _ => None,
    }
}

fn file(path: &Path, kind: &'static str, cache: &'static str) -> std::io::Result<File> {
    if std::fs::metadata(path)?.len() > MAX_FILE_BYTES {
        return Err(Error::new(
            ErrorKind::InvalidData,
            format!("{} is too large", path.display()),
        ));
    }
    let bytes = std::fs::read(path)?;
    let tag = format!("\"{}\"", &hex::encode(Sha256::digest(&bytes))[..32]);
    Ok(File {
        tag: HeaderValue::try_from(tag).map_err(Error::other)?,
        bytes: bytes.into(),
        kind,
        cache,
    })
}

/// The routes of the console; none when the center has none.
pub fn router(central: &Central) -> Router<Central> {
    let paths: &[&str] = match central.console() {
        Some(_) => &["/", "/my", "/icon.png", "/assets/{name}"],
        None => &[],
    };
    paths
        .iter()
        .fold(Router::new(), |router, path| router.route(path, get(send)))
}

async fn send(State(central): State<Central>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(file) = central.console().and_then(|c| c.0.get(uri.path())) else {
        return Fault::new(Code::NotFound, "There is nothing here").into_response();
    };
    let known = headers.get(IF_NONE_MATCH).is_some_and(|sent| *sent == file.tag);
    let (status, bytes) = if known {
        (StatusCode::NOT_MODIFIED, Bytes::new())
    } else {
        (StatusCode::OK, file.bytes.clone())
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(file.kind)),
        (ETAG, file.tag.clone()),
        (CACHE_CONTROL, HeaderValue::from_static(file.cache)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (status, headers, bytes).into_response()
}
