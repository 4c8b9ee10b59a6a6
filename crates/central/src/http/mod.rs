//! Protocol v1 over HTTP: routes, and what every answer carries.
mod auth;
mod body;
pub mod console;
mod fault;
pub mod limits;
pub mod my;
pub mod openapi;
pub mod people;
mod range;
mod routes;
mod serve;

use crate::center::Central;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, head, options, post};
use fault::Fault;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use wire::problem::{Code, Problem};

impl Central {
    /// The routes of this center, for any server that speaks HTTP. [`Central::serve`] adds the timers and the limits of
    /// connections.
    pub fn router(&self) -> Router {
        let limits = &self.config().limits;
        let quick = Router::new()
            .route("/v1/enrol", post(routes::enrol::enrol))
            .route("/v1/ops", post(routes::ops::ops))
            .route("/v1/feed", get(routes::feed::feed))
            .route("/v1/orders/{order_id}/files/{kind}", get(routes::files::file))
            .route("/v1/orders/{order_id}/payments", post(routes::payments::code))
            .route("/v1/payments/notice", post(routes::payments::notice))
            .route("/v1/phone-codes", post(routes::phone::ask))
            .route("/v1/phone-codes/check", post(routes::phone::check))
            .route("/v1/snapshot", get(routes::feed::snapshot))
            .route("/v1/time", get(routes::service::time))
            .route("/openapi.json", get(|| async { axum::Json(openapi::document()) }))
            .route("/healthz", get(routes::service::healthz))
            .route("/readyz", get(routes::service::readyz))
            .route("/metrics", get(routes::service::metrics))
            .merge(people::router(self))
            .merge(my::router(self))
            .merge(console::router(self))
            .layer(from_fn_with_state(limits.request, within));
        let uploads = Router::new()
            .route("/v1/blobs/{blob_id}", head(routes::blobs::look).put(routes::blobs::put))
            .route("/v1/import", post(routes::import::import))
            .route(
                "/v1/uploads",
                options(routes::uploads::options).post(routes::uploads::create),
            )
            .route(
                "/v1/uploads/{id}",
                head(routes::uploads::look)
                    .patch(routes::uploads::patch)
                    .delete(routes::uploads::delete),
            )
            .layer(from_fn_with_state(limits.upload, within));
        Router::new()
            .merge(quick)
            .merge(uploads)
            .fallback(nothing_here)
            .method_not_allowed_fallback(nothing_here)
            // Bodies are read, and limited, by `body::read` alone.
            .layer(DefaultBodyLimit::disable())
            .layer(from_fn(version))
            .layer(CatchPanicLayer::custom(|_| panicked()))
            .layer(from_fn_with_state(self.clone(), finish))
            .with_state(self.clone())
    }
}

/// Gives a request no more than its time.
async fn within(State(time): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(time, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => Fault::from(Problem::new(Code::Overloaded, "The request took too long")).into_response(),
    }
}

async fn nothing_here() -> Fault {
    Fault::from(Problem::new(Code::NotFound, "There is nothing here"))
}

fn panicked() -> Response {
    // The panic itself has been printed by the panic hook; it may name personal data and is not sent.
    Fault::from(Problem::new(Code::Internal, "The center failed; nothing was lost")).into_response()
}

/// Refuses versions this center does not speak.
async fn version(request: Request, next: Next) -> Response {
    let asked = request.headers().get(wire::API_VERSION_HEADER).map(HeaderValue::to_str);
    match asked {
        Some(Ok(text)) if text.trim().parse() == Ok(wire::API_VERSION) => next.run(request).await,
        None => next.run(request).await,
        Some(_) => {
            let problem = Problem::new(Code::VersionUnsupported, "This center speaks another version")
                .detail(format!("api-version {}", wire::API_VERSION));
            Fault::from(problem).into_response()
        }
    }
}

/// What every answer carries: version, time, and headers that keep browsers from doing anything with it.
async fn finish(State(central): State<Central>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    central.guards().counters.answered(answer.status());
    let headers = answer.headers_mut();
    put(
        headers,
        HeaderName::from_static(wire::API_VERSION_HEADER),
        u64::from(wire::API_VERSION),
    );
    put(
        headers,
        HeaderName::from_static(wire::SERVER_TIME_HEADER),
        central.now().0,
    );
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        // The console says for itself what it may load and how long it lasts.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

fn put(headers: &mut HeaderMap, name: HeaderName, number: impl ToString) {
    if let Ok(value) = HeaderValue::from_str(&number.to_string()) {
        headers.insert(name, value);
    }
}
