//! The reviewer's queue and the counts of orders, over HTTP.
use super::body::Body;
use super::orders::{order_id, read};
use super::query::Query;
use super::views::OrderView;
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::person::Person;
use crate::store::{ReviewFilter, SchoolCode, Turn};
use axum::extract::State;
use axum::{Extension, Json};
use domain::review::RejectReason;
use domain::{CampaignId, OrderId, OrderState, UtcMs};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::Invalid;

/// Most photos of one answer: four pages of the review screen.
const MAX_PAGE: usize = 84;

#[derive(Deserialize)]
pub struct Filter {
    state: Option<String>,
    school: Option<String>,
    campaign: Option<String>,
    station: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

fn after(text: &str) -> Option<(Turn, UtcMs, OrderId)> {
    let mut parts = text.splitn(3, '~');
    let turn = Turn::from_id(parts.next()?)?;
    Some((turn, UtcMs(parts.next()?.parse().ok()?), parts.next()?.parse().ok()?))
}

impl Filter {
    fn into_filter(self) -> Result<ReviewFilter, Invalid> {
        let state = |id: String| OrderState::from_id(&id).ok_or_else(|| Invalid::new("state", "is none"));
        let after = |text: String| after(&text).ok_or_else(|| Invalid::new("after", "does not read"));
        Ok(ReviewFilter {
            state: self.state.map_or(Ok(OrderState::PendingReview), state)?,
            school: self.school.as_deref().map(SchoolCode::parse).transpose()?,
            campaign: read("campaign", self.campaign)?,
            station: read("station", self.station)?,
            after: self.after.map(after).transpose()?,
            limit: self.limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE),
        })
    }
}

/// `GET /api/review`: exceptions first, then what the check warned of, then the others, longest waiting first; `next` is the `after` of the next page.
pub async fn list(
    State(central): State<Central>,
    Query(filter): Query<Filter>,
    Extension(person): Extension<Person>,
) -> Result<Json<Value>, Fault> {
    let filter = filter.into_filter().map_err(CentralError::from)?;
    let limit = filter.limit;
    let orders = central.at_store(move |c| c.review_queue_for(&person, filter)).await?;
    let next = orders
        .last()
        .filter(|_| orders.len() == limit)
        .map(|o| format!("{}~{}~{}", o.turn.id(), o.received_at.0, o.id));
    let orders: Vec<_> = orders.iter().map(OrderView::of).collect();
    Ok(Json(json!({ "orders": orders, "next": next })))
}

#[derive(Deserialize)]
pub struct Page {
    #[serde(default)]
    orders: Vec<String>,
    #[serde(default)]
    release: Vec<String>,
}

/// `POST /api/review/hold`: takes a page for review and lets another go.
pub async fn hold(
    State(central): State<Central>,
    Extension(person): Extension<Person>,
    Body(page): Body<Page>,
) -> Result<Json<Value>, Fault> {
    let ids = |texts: &[String]| texts.iter().map(|t| order_id(t)).collect::<Result<Vec<_>, _>>();
    let (take, release) = (ids(&page.orders)?, ids(&page.release)?);
    let done = central.at_store(move |c| c.hold_page(&person, &take, &release)).await?;
    let held: Vec<_> = done.held.iter().map(ToString::to_string).collect();
    let others: Vec<_> = done.others.iter().map(OrderView::of).collect();
    Ok(Json(json!({ "held": held, "others": others })))
}

#[derive(Deserialize)]
pub struct Of {
    school: Option<String>,
    campaign: Option<String>,
}

impl Of {
    fn filter(&self) -> Result<(Option<SchoolCode>, Option<CampaignId>), CentralError> {
        let school = self.school.as_deref().map(SchoolCode::parse).transpose()?;
        Ok((school, read("campaign", self.campaign.clone())?))
    }
}

/// `GET /api/counts`: orders in each state, how many of them a reviewer should look at first, and of how many others the check warned.
pub async fn counts(
    State(central): State<Central>,
    Query(of): Query<Of>,
    Extension(person): Extension<Person>,
) -> Result<Json<Value>, Fault> {
    let work = move |c: &Central| {
        let (school, campaign) = of.filter()?;
        c.counts_for(&person, school, campaign)
    };
    let found = central.at_store(work).await?;
    let of_state = |state: OrderState| {
        let (orders, exceptions, warned) = found
            .iter()
            .find(|c| c.state == state)
            .map_or((0, 0, 0), |c| (c.orders, c.exceptions, c.warned));
        json!({ "state": state.id(), "orders": orders, "exceptions": exceptions, "warned": warned })
    };
    let states: Vec<_> = OrderState::ALL.into_iter().map(of_state).collect();
    Ok(Json(json!({ "states": states })))
}

/// `GET /api/review/feedback`: where the stations' check and the review disagree, by station and measure.
pub async fn feedback(
    State(central): State<Central>,
    Query(of): Query<Of>,
    Extension(person): Extension<Person>,
) -> Result<Json<Value>, Fault> {
    let work = move |c: &Central| {
        let (school, campaign) = of.filter()?;
        c.feedback_for(&person, school, campaign)
    };
    let found = central.at_store(work).await?;
    let stations: Vec<_> = found
        .stations
        .iter()
        .map(|((school, station), n)| {
            json!({
                "school_code": school.as_str(), "station_id": station.to_string(),
                "decided": n.decided, "rejected": n.rejected, "missed": n.missed,
                "approved_failed": n.approved_failed, "approved_warned": n.approved_warned,
            })
        })
        .collect();
    let measures: Vec<_> = found
        .measures
        .iter()
        .map(|((station, measure), n)| {
            json!({
                "station_id": station.to_string(), "measure": measure.id(),
                "reason": RejectReason::of_measure(*measure).map(RejectReason::id),
                "missed": n.missed, "caught": n.caught,
                "approved_failed": n.approved_failed, "approved_warned": n.approved_warned,
            })
        })
        .collect();
    Ok(Json(json!({ "stations": stations, "measures": measures })))
}
