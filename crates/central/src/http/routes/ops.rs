//! `POST /v1/ops`.
use crate::center::Central;
use crate::http::auth::Signed;
use crate::http::body;
use crate::http::fault::Fault;
use axum::Json;
use axum::extract::State;
use std::sync::atomic::Ordering;
use wire::MAX_JSON_BYTES;
use wire::op::{OpStatus, OpsAnswer, OpsRequest};

/// Takes ops and answers each.
pub async fn ops(State(central): State<Central>, sent: Signed<MAX_JSON_BYTES>) -> Result<Json<OpsAnswer>, Fault> {
    let request: OpsRequest = body::json(&sent.body)?;
    let answer = central
        .at_store(move |c| c.receive_ops(&sent.station, &request.ops))
        .await?;
    let counters = &central.guards().counters;
    for result in &answer.results {
        let counter = match result.status {
            OpStatus::Applied | OpStatus::Duplicate => &counters.ops_applied,
            OpStatus::Held => &counters.ops_held,
            OpStatus::Rejected => &counters.ops_rejected,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
    Ok(Json(answer))
}
