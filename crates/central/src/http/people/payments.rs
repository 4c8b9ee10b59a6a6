//! Payments and refunds, over HTTP.
use super::body::Body;
use super::orders::order_id;
use super::query::Query;
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::person::Person;
use crate::store::money::{RefundRow, TradeRow, step_from_id, step_id};
use crate::usecase::reconcile::{DayOutcome, read_day};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use domain::PaymentId;
use pay::trade::{RefundStep, TradeState};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::Invalid;
use wire::problem::Code;

type Answer = Result<Json<Value>, Fault>;

fn trade_view(t: &TradeRow) -> Value {
    let (state, transaction) = match &t.state {
        TradeState::Open => ("open", None),
        TradeState::Closed => ("closed", None),
        TradeState::Paid { transaction_id } => ("paid", Some(transaction_id)),
    };
    json!({
        "out_trade_no": t.number().to_string(), "state": state, "transaction_id": transaction,
        "amount_fen": t.amount.fen(), "created_at_ms": t.created_at.0, "expires_at_ms": t.expires_at.0,
        "paid_at_ms": t.paid_at.map(|at| at.0),
    })
}

fn refund_view(r: &RefundRow) -> Value {
    json!({
        "id": r.id.to_string(), "out_refund_no": r.number().to_string(), "order_id": r.order.to_string(),
        "school_code": r.school.to_string(), "step": step_id(r.step), "cause": r.cause.id(), "reason": r.reason,
        "who": r.who, "through_provider": r.trade.is_some(), "amount_fen": r.amount.fen(),
        "asked_at_ms": r.asked_at.0, "done_at_ms": r.done_at.map(|at| at.0),
    })
}

/// `GET /api/orders/{id}/payments`.
pub async fn of_order(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    let id = order_id(&id)?;
    let money = c.at_store(move |c| c.money_for(&p, &id)).await?;
    let trades: Vec<_> = money.trades.iter().map(trade_view).collect();
    let refunds: Vec<_> = money.refunds.iter().map(refund_view).collect();
    Ok(Json(json!({ "payments": trades, "refunds": refunds })))
}

#[derive(Deserialize)]
pub struct Reason {
    reason: String,
}

/// `POST /api/orders/{id}/refund`: approved, and asked of the provider at once; a provider that does not answer is asked again later.
pub async fn refund(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(p): Extension<Person>,
    Body(body): Body<Reason>,
) -> Answer {
    let id = order_id(&id)?;
    let refund = c.at_store(move |c| c.ask_refund(&p, &id, &body.reason)).await?;
    pushed(&c, refund).await
}

/// `POST /api/refunds/{id}/again`.
pub async fn again(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    let nothing = |_| Fault::new(Code::NotFound, "There is no such refund");
    let id: PaymentId = id.parse().map_err(nothing)?;
    let refund = c.at_store(move |c| c.again(&p, &id)).await?;
    pushed(&c, refund).await
}

async fn pushed(central: &Central, refund: RefundRow) -> Answer {
    if refund.step == RefundStep::Asked
        && let Err(error) = central.push_refund(&refund).await
    {
        tracing::warn!(error = ?error, "a refund is asked for again later");
    }
    let id = refund.id;
    let now = central.at_store(move |c| c.read(|rows| rows.refund(&id))).await?;
    Ok(Json(refund_view(&now.unwrap_or(refund))))
}

#[derive(Deserialize)]
pub struct Step {
    #[serde(default = "stuck")]
    step: String,
}

fn stuck() -> String {
    step_id(RefundStep::Stuck).to_owned()
}

/// `GET /api/refunds`: those at one step, latest first.
pub async fn refunds(State(c): State<Central>, Query(q): Query<Step>, Extension(p): Extension<Person>) -> Answer {
    let step = step_from_id(&q.step).ok_or_else(|| CentralError::from(Invalid::new("step", "is none")))?;
    let refunds = c.at_store(move |c| c.refunds_for(&p, step)).await?;
    let refunds: Vec<_> = refunds.iter().map(refund_view).collect();
    Ok(Json(json!({ "refunds": refunds })))
}

/// `GET /api/payments/days/{date}`: the provider's day against the books. It is about every school, so it is for accounts of none.
pub async fn day(
    State(c): State<Central>,
    Path(date): Path<String>,
    Extension(p): Extension<Person>,
) -> Result<Json<DayOutcome>, Fault> {
    if p.school.is_some() {
        return Err(Fault::new(Code::NotFound, "There is no day of one school"));
    }
    let day = read_day(&date).map_err(CentralError::from)?;
    Ok(Json(c.reconcile(day).await?))
}
