//! Decisions about orders, over HTTP.
use super::body::Body;
use super::orders::order_id;
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::person::Person;
use crate::store::OrderRow;
use crate::usecase::desk::Decision;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use domain::review::RejectReason;
use domain::{Money, OrderId};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::Invalid;

type Answer = Result<Json<Value>, Fault>;

/// Does one thing to an order and answers with what it is now.
async fn act(
    central: Central,
    id: &str,
    work: impl FnOnce(&Central, &OrderId) -> Result<OrderRow, CentralError> + Send + 'static,
) -> Answer {
    let id = order_id(id)?;
    let row = central.at_store(move |c| work(c, &id)).await?;
    let held_by = row.order.held_by.clone();
    Ok(Json(
        json!({ "id": row.order.id.to_string(), "state": row.order.state.id(), "held_by": held_by }),
    ))
}

/// `POST …/hold`.
pub async fn hold(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    act(c, &id, move |c, id| c.hold(&p, id)).await
}

/// `POST …/release`.
pub async fn release(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    act(c, &id, move |c, id| c.release(&p, id)).await
}

/// `POST …/approve`.
pub async fn approve(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    act(c, &id, move |c, id| c.decide(&p, id, &Decision::Approve)).await
}

#[derive(Deserialize)]
pub struct Reasons {
    #[serde(default)]
    reasons: Vec<String>,
    note: Option<String>,
}

impl Reasons {
    fn read(&self) -> Result<Vec<RejectReason>, Invalid> {
        let known =
            |id: &String| RejectReason::from_id(id).ok_or_else(|| Invalid::new("reasons", "holds an unknown one"));
        self.reasons.iter().map(known).collect()
    }
}

/// A decision that says why.
async fn decide(
    central: Central,
    id: &str,
    person: Person,
    body: Reasons,
    decision: fn(Vec<RejectReason>, Option<String>) -> Decision,
) -> Answer {
    let decision = decision(body.read().map_err(CentralError::from)?, body.note);
    act(central, id, move |c, id| c.decide(&person, id, &decision)).await
}

/// `POST …/reject`.
pub async fn reject(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(p): Extension<Person>,
    Body(body): Body<Reasons>,
) -> Answer {
    decide(c, &id, p, body, |reasons, note| Decision::Reject { reasons, note }).await
}

/// `POST …/recall`.
pub async fn recall(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(p): Extension<Person>,
    Body(body): Body<Reasons>,
) -> Answer {
    decide(c, &id, p, body, |reasons, note| Decision::Recall { reasons, note }).await
}

/// `POST …/undo`.
pub async fn undo(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    act(c, &id, move |c, id| c.undo(&p, id)).await
}

#[derive(Deserialize)]
pub struct Amount {
    amount_fen: u64,
}

/// `POST …/class-payment`.
pub async fn class_payment(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(p): Extension<Person>,
    Body(body): Body<Amount>,
) -> Answer {
    act(c, &id, move |c, id| {
        c.take_class_payment(&p, id, Money::from_fen(body.amount_fen))
    })
    .await
}

#[derive(Deserialize)]
pub struct ReceiptBody {
    sha256: String,
}

/// `POST …/pull`.
pub async fn pull(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(p): Extension<Person>,
    Body(body): Body<ReceiptBody>,
) -> Answer {
    act(c, &id, move |c, id| c.pull_with_receipt(&p, id, &body.sha256)).await
}

/// `POST …/produced`.
pub async fn produced(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    act(c, &id, move |c, id| c.produced(&p, id)).await
}
