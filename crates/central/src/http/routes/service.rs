//! `GET /v1/time`, `/healthz`, `/readyz`, `/metrics`: for stations and for those who run the center. Nothing personal.
use crate::center::Central;
use crate::http::fault::Fault;
use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use wire::enrol::TimeAnswer;

/// The center's clock.
pub async fn time(State(central): State<Central>) -> Json<TimeAnswer> {
    Json(TimeAnswer {
        now_ms: central.now().0,
    })
}

/// The process lives.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Database and photo folder can be used.
pub async fn readyz(State(central): State<Central>) -> Result<&'static str, Fault> {
    central.at_store(Central::ready).await?;
    Ok("ready\n")
}

/// Counters since the start.
pub async fn metrics(State(central): State<Central>) -> impl IntoResponse {
    let text = central.guards().counters.text();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}
