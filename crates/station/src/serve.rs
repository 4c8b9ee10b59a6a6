//! The loopback door: the same calls and pictures as the window's, over HTTP on 127.0.0.1 behind a token.
use crate::{Picture, Station};
use axum::body::Body;
use axum::extract::{Path, Query, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use ipc::{Call, Fault};
use std::path::PathBuf;
use std::sync::Arc;

/// Largest body of a call: a roster file of 64 MiB in base64 and its wrapping.
const MAX_BODY_BYTES: usize = 90 * 1024 * 1024;
const COOKIE: &str = "xueying_station";
/// What the screens may load: themselves. The same as the window's policy in `tauri.conf.json`.
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; object-src 'none'; \
                      base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

#[derive(Clone)]
struct Door {
    station: Arc<Station>,
    token: Arc<str>,
}

/// Serves calls, pictures and, when a folder is given, the screens, until `stop` resolves.
///
/// # Errors
/// When the socket fails.
pub async fn serve(
    station: Arc<Station>,
    listener: tokio::net::TcpListener,
    token: String,
    ui: Option<PathBuf>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let door = Door {
        station,
        token: token.into(),
    };
    let mut router = Router::new()
        .route("/call", post(call))
        .route("/pictures/{*path}", get(picture))
        .route("/center-file", get(center_file))
        .layer(axum::middleware::from_fn_with_state(door.clone(), needs_token));
    if let Some(folder) = ui {
        router = router.fallback_service(tower_http::services::ServeDir::new(folder));
    }
    let router = router
        .layer(axum::middleware::from_fn_with_state(door.clone(), set_cookie))
        .layer(axum::middleware::from_fn(only_loopback_names))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(door);
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

async fn call(State(door): State<Door>, Json(call): Json<Call>) -> Response {
    let answer = tokio::task::spawn_blocking(move || door.station.call(call)).await;
    match answer {
        Ok(Ok(value)) => Json(value).into_response(),
        Ok(Err(fault)) => {
            let status = if fault.retry {
                StatusCode::SERVICE_UNAVAILABLE
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            (status, Json(fault)).into_response()
        }
        Err(_) => {
            let fault = Fault {
                code: "interrupted".to_owned(),
                values: Default::default(),
                retry: true,
            };
            (StatusCode::INTERNAL_SERVER_ERROR, Json(fault)).into_response()
        }
    }
}

async fn picture(State(door): State<Door>, Path(path): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = tokio::task::spawn_blocking(move || door.station.picture(&path, &query.unwrap_or_default())).await;
    let picture = answer.unwrap_or_else(|_| Picture::none(500));
    let mut response = Response::new(Body::from(picture.bytes));
    *response.status_mut() = StatusCode::from_u16(picture.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    for (name, value) in picture.headers {
        if let (Ok(name), Ok(value)) = (header::HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    response
}

#[derive(serde::Deserialize)]
struct CenterFile {
    target: String,
}

/// A file of the center for the review page, as it arrives.
async fn center_file(State(door): State<Door>, Query(CenterFile { target }): Query<CenterFile>) -> Response {
    let file = match door.station.open_center_file(&target).await {
        Ok(file) => file,
        Err(trouble) => return (StatusCode::BAD_GATEWAY, Json(trouble.fault())).into_response(),
    };
    let pieces = futures_util::stream::try_unfold(file, async |mut file| {
        let piece = file.piece().await?;
        Ok::<_, sync::Unreachable>(piece.map(|piece| (piece, file)))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

/// Calls and pictures need the token: in the cookie the page load set, or as a bearer token for scripts.
async fn needs_token(State(door): State<Door>, request: Request, next: Next) -> Response {
    if carries(request.headers(), &door.token) {
        return next.run(request).await;
    }
    let fault = Fault {
        code: "no_token".to_owned(),
        values: Default::default(),
        retry: false,
    };
    (StatusCode::UNAUTHORIZED, Json(fault)).into_response()
}

fn carries(headers: &HeaderMap, token: &str) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|v: &HeaderValue| v.to_str().ok())
            .unwrap_or_default()
    };
    let bearer = text(header::AUTHORIZATION)
        .strip_prefix("Bearer ")
        .is_some_and(|t| same(t, token));
    let mut cookies = text(header::COOKIE).split(';').filter_map(|c| c.trim().split_once('='));
    bearer || cookies.any(|(name, value)| name == COOKIE && same(value, token))
}

/// Compares without telling by the time taken where two texts differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}

/// `/?token=…` sets the session cookie, so that the page and its pictures carry the token by themselves; every answer
/// carries the content policy.
async fn set_cookie(State(door): State<Door>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let named = query.split('&').find_map(|pair| pair.strip_prefix("token="));
    let valid = named.is_some_and(|t| same(t, &door.token));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if valid
        && let Ok(cookie) = HeaderValue::try_from(format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict", door.token))
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// A page of another site must not reach the station by giving its own name our address.
async fn only_loopback_names(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}

/// A fresh token: 32 hex digits.
pub fn new_token() -> String {
    hex::encode(crate::clock::random::<16>())
}
