//! Webhooks, over HTTP.
use super::body::Body;
use super::query::Query;
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::person::Person;
use crate::store::SchoolCode;
use crate::store::webhooks::{MessageRow, WebhookRow};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::UtcMs;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::problem::Code;

type Answer = Result<Json<Value>, Fault>;

fn view(w: &WebhookRow) -> Value {
    json!({
        "id": w.id.to_string(), "school_code": w.school.as_ref().map(ToString::to_string), "url": w.url,
        "events": w.events, "created_at_ms": w.created_at.0, "disabled_at_ms": w.disabled_at.map(|at| at.0),
    })
}

fn message_view(m: &MessageRow) -> Value {
    json!({
        "id": format!("msg_{}", m.id.simple()), "event": m.event, "at_ms": m.at.0, "state": m.state.id(), "tries": m.tries,
        "next_at_ms": m.next_at.0, "last_answer": m.last_answer,
    })
}

fn webhook_id(text: &str) -> Result<Uuid, Fault> {
    text.parse()
        .map_err(|_| Fault::new(Code::NotFound, "There is no such webhook"))
}

/// `GET /api/webhooks`.
pub async fn list(State(c): State<Central>, Extension(p): Extension<Person>) -> Answer {
    let all = c.at_store(move |c| c.webhooks_for(&p)).await?;
    Ok(Json(json!({ "webhooks": all.iter().map(view).collect::<Vec<_>>() })))
}

#[derive(Deserialize)]
pub struct New {
    url: String,
    #[serde(default)]
    events: Vec<String>,
    school: Option<String>,
}

/// `POST /api/webhooks`: the secret is told once.
pub async fn add(
    State(c): State<Central>,
    Extension(p): Extension<Person>,
    Body(body): Body<New>,
) -> Result<(StatusCode, Json<Value>), Fault> {
    let made = c
        .at_store(move |c| {
            let school = body.school.as_deref().map(SchoolCode::parse).transpose()?;
            c.add_webhook(&p, &body.url, &body.events, school)
        })
        .await?;
    let mut view = view(&made.row);
    view["secret"] = json!(made.secret);
    Ok((StatusCode::CREATED, Json(view)))
}

/// `DELETE /api/webhooks/{id}`.
pub async fn remove(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(p): Extension<Person>,
) -> Result<StatusCode, Fault> {
    let id = webhook_id(&id)?;
    c.at_store(move |c| c.remove_webhook(&p, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub struct Since {
    #[serde(default)]
    since_ms: i64,
}

/// `GET /api/webhooks/{id}/messages`: latest first.
pub async fn messages(
    State(c): State<Central>,
    Path(id): Path<String>,
    Query(q): Query<Since>,
    Extension(p): Extension<Person>,
) -> Answer {
    let id = webhook_id(&id)?;
    let all = c.at_store(move |c| c.messages_for(&p, &id, UtcMs(q.since_ms))).await?;
    Ok(Json(
        json!({ "messages": all.iter().map(message_view).collect::<Vec<_>>() }),
    ))
}

/// `POST /api/webhooks/{id}/replay`.
pub async fn replay(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(p): Extension<Person>,
    Body(body): Body<Since>,
) -> Answer {
    let id = webhook_id(&id)?;
    let work = move |c: &Central| -> Result<usize, CentralError> { c.replay_webhook(&p, &id, UtcMs(body.since_ms)) };
    let count = c.at_store(work).await?;
    Ok(Json(json!({ "messages": count })))
}
