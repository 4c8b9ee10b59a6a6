//! Orders as people see them: masked, until somebody asks for more and that is written down.
use super::query::Query;
use super::views::{DetailView, HistoryView, OrderView};
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::person::Person;
use crate::store::{OrderFilter, SchoolCode};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::{OrderId, OrderState, UtcMs};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::Invalid;
use wire::order::SubjectDoc;
use wire::problem::Code;

/// Most orders of one page.
const MAX_PAGE: usize = 500;

#[derive(Deserialize)]
pub struct Filter {
    school: Option<String>,
    campaign: Option<String>,
    station: Option<String>,
    state: Option<String>,
    number: Option<String>,
    before: Option<String>,
    limit: Option<usize>,
}

/// A value of the query, when it is there.
pub fn read<T: std::str::FromStr>(field: &'static str, text: Option<String>) -> Result<Option<T>, Invalid> {
    text.map(|t| t.parse().map_err(|_| Invalid::new(field, "does not read")))
        .transpose()
}

impl Filter {
    fn into_filter(self) -> Result<OrderFilter, Invalid> {
        let state = |id: String| OrderState::from_id(&id).ok_or_else(|| Invalid::new("state", "is none"));
        let before = |text: String| {
            let (at, id) = text.split_once('~')?;
            Some((UtcMs(at.parse().ok()?), id.parse().ok()?))
        };
        Ok(OrderFilter {
            school: self.school.as_deref().map(SchoolCode::parse).transpose()?,
            campaign: read("campaign", self.campaign)?,
            station: read("station", self.station)?,
            state: self.state.map(state).transpose()?,
            person: None,
            number: self.number,
            before: self
                .before
                .map(|b| before(b).ok_or_else(|| Invalid::new("before", "does not read")))
                .transpose()?,
            limit: self.limit.unwrap_or(100).clamp(1, MAX_PAGE),
        })
    }
}

/// `GET /api/orders`: latest received first; `next` is the `before` of the next page.
pub async fn list(
    State(central): State<Central>,
    Query(filter): Query<Filter>,
    Extension(person): Extension<Person>,
) -> Result<Json<Value>, Fault> {
    let filter = filter.into_filter().map_err(CentralError::from)?;
    let limit = filter.limit;
    let orders = central.at_store(move |c| c.orders_for(&person, filter)).await?;
    let next = orders
        .last()
        .filter(|_| orders.len() == limit)
        .map(|o| format!("{}~{}", o.received_at.0, o.id));
    let orders: Vec<_> = orders.iter().map(OrderView::of).collect();
    Ok(Json(json!({ "orders": orders, "next": next })))
}

/// An order's id, or that there is no such order.
pub fn order_id(text: &str) -> Result<OrderId, Fault> {
    text.parse()
        .map_err(|_| Fault::new(Code::NotFound, "There is no such order"))
}

/// `GET /api/orders/{id}`.
pub async fn detail(
    State(central): State<Central>,
    Path(id): Path<String>,
    Extension(person): Extension<Person>,
) -> Result<Json<DetailView>, Fault> {
    let id = order_id(&id)?;
    let detail = central.at_store(move |c| c.order_for(&person, &id)).await?;
    Ok(Json(DetailView::of(&detail)))
}

/// `GET /api/orders/{id}/subject`: nothing masked; the history says who looked.
pub async fn subject(
    State(central): State<Central>,
    Path(id): Path<String>,
    Extension(person): Extension<Person>,
) -> Result<Json<Value>, Fault> {
    let id = order_id(&id)?;
    let row = central.at_store(move |c| c.reveal(&person, &id)).await?;
    let subject = SubjectDoc::from(&row.order.subject);
    Ok(Json(
        json!({ "person_key": row.order.person.text(), "subject": subject, "address": row.order.address }),
    ))
}

/// `GET /api/orders/{id}/history`.
pub async fn history(
    State(central): State<Central>,
    Path(id): Path<String>,
    Extension(person): Extension<Person>,
) -> Result<Json<Value>, Fault> {
    let id = order_id(&id)?;
    let detail = central.at_store(move |c| c.order_for(&person, &id)).await?;
    let lines: Vec<_> = detail.history.iter().map(HistoryView::of).collect();
    Ok(Json(json!({ "history": lines })))
}

/// How the bytes of a picture are found.
type Load = fn(&Central, &OrderId, Option<u32>) -> Result<Vec<u8>, CentralError>;

#[derive(Deserialize)]
pub struct Which {
    revision: Option<u32>,
}

/// `GET /api/orders/{id}/pictures/{finished|preview|original}?revision=`. Finished picture and preview were made here and may be shown; the
/// original is a file somebody sent, so a browser may only save it.
pub async fn picture(
    State(central): State<Central>,
    Path((id, kind)): Path<(String, String)>,
    Query(which): Query<Which>,
    Extension(person): Extension<Person>,
) -> Result<Response, Fault> {
    let id = order_id(&id)?;
    let (load, shown): (Load, bool) = match kind.as_str() {
        "finished" => (Central::finished_of, true),
        "preview" => (Central::shown_original, true),
        "original" => (
            |c, id, revision| c.photo_of(id, revision).map(|(bytes, _)| bytes),
            false,
        ),
        _ => return Err(Fault::new(Code::NotFound, "There is no such picture")),
    };
    let work = move |c: &Central| {
        c.order_for(&person, &id)?;
        load(c, &id, which.revision)
    };
    let bytes = central.at_photos(work).await?;
    let disposition = if shown {
        "inline"
    } else {
        "attachment; filename=\"photo.jpg\""
    };
    Ok((
        [(CONTENT_TYPE, "image/jpeg"), (CONTENT_DISPOSITION, disposition)],
        bytes,
    )
        .into_response())
}
