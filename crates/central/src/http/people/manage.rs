//! Campaigns, schools, stations, accounts and the history of anything, over HTTP.
use super::body::Body;
use super::query::Query;
use super::views::{AccountView, HistoryView, StationView};
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::person::Person;
use crate::store::SchoolCode;
use crate::store::people::AccountRole;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::review::RejectReason;
use domain::{StationId, UtcMs};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::Invalid;
use wire::campaign::CampaignDoc;

type Answer = Result<Json<Value>, Fault>;

#[derive(Deserialize)]
pub struct InSchool {
    school: Option<String>,
}

impl InSchool {
    fn of(&self, person: &Person) -> Result<Option<SchoolCode>, CentralError> {
        person.narrowed(self.school.as_deref().map(SchoolCode::parse).transpose()?)
    }
}

/// `GET /api/reasons`: what a rejection may name.
pub async fn reasons() -> Json<Value> {
    let ids: Vec<_> = RejectReason::ALL.iter().map(|r| r.id()).collect();
    Json(json!({ "reasons": ids }))
}

/// `GET /api/schools`: those with a campaign.
pub async fn schools(State(central): State<Central>, Extension(person): Extension<Person>) -> Answer {
    let docs = central.at_store(move |c| c.campaigns_for(&person, None)).await?;
    let mut schools: Vec<_> = docs
        .iter()
        .map(|d| json!({ "code": d.school_code, "name": d.school_name }))
        .collect();
    schools.sort_by_key(|s| s["code"].as_str().map(str::to_owned));
    schools.dedup_by_key(|s| s["code"].as_str().map(str::to_owned));
    Ok(Json(json!({ "schools": schools })))
}

/// `GET /api/campaigns`.
pub async fn campaigns(
    State(central): State<Central>,
    Query(q): Query<InSchool>,
    Extension(person): Extension<Person>,
) -> Answer {
    let docs = central
        .at_store(move |c| {
            let school = q.of(&person)?;
            c.campaigns_for(&person, school.as_ref())
        })
        .await?;
    Ok(Json(json!({ "campaigns": docs })))
}

/// `POST /api/campaigns`: makes or changes one; prices and feature codes with it.
pub async fn put_campaign(
    State(central): State<Central>,
    Extension(person): Extension<Person>,
    Body(doc): Body<CampaignDoc>,
) -> Result<StatusCode, Fault> {
    central.at_store(move |c| c.put_campaign_by(&person, &doc)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/stations`.
pub async fn stations(
    State(central): State<Central>,
    Query(q): Query<InSchool>,
    Extension(person): Extension<Person>,
) -> Answer {
    let rows = central
        .at_store(move |c| {
            let school = q.of(&person)?;
            c.stations_seen(school.as_ref())
        })
        .await?;
    let stations: Vec<_> = rows.iter().map(|(s, seen_at)| StationView::of(s, *seen_at)).collect();
    Ok(Json(json!({ "stations": stations })))
}

/// `POST /api/stations/{id}/revoke`.
pub async fn revoke(
    State(central): State<Central>,
    Path(id): Path<String>,
    Extension(person): Extension<Person>,
) -> Result<StatusCode, Fault> {
    let work = move |c: &Central| {
        let id: StationId = id.parse().map_err(|_| CentralError::not_found("station", &id))?;
        let row = c.read(|rows| rows.station(&id))?.filter(|s| person.sees(&s.school));
        row.ok_or_else(|| CentralError::not_found("station", id))?;
        c.revoke_station(&person.account, &id).map(drop)
    };
    central.at_store(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub struct ForSchool {
    school: String,
}

/// `POST /api/enrol-codes`.
pub async fn enrol_code(
    State(central): State<Central>,
    Extension(person): Extension<Person>,
    Body(body): Body<ForSchool>,
) -> Answer {
    let work = move |c: &Central| {
        person.narrowed(Some(SchoolCode::parse(&body.school)?))?;
        c.enrol_code(&body.school)
    };
    let code = central.at_store(work).await?;
    Ok(Json(json!({ "code": code.code, "expires_at_ms": code.expires_at.0 })))
}

/// `GET /api/accounts`.
pub async fn accounts(
    State(central): State<Central>,
    Query(q): Query<InSchool>,
    Extension(person): Extension<Person>,
) -> Answer {
    let rows = central
        .at_store(move |c| {
            let school = q.of(&person)?;
            c.accounts(school.as_ref())
        })
        .await?;
    let accounts: Vec<_> = rows.iter().map(AccountView::of).collect();
    Ok(Json(json!({ "accounts": accounts })))
}

#[derive(Deserialize)]
pub struct NewAccount {
    name: String,
    role: String,
    school: Option<String>,
    password: String,
}

/// `POST /api/accounts`. An admin of one school makes accounts of that school alone.
pub async fn add_account(
    State(central): State<Central>,
    Extension(person): Extension<Person>,
    Body(body): Body<NewAccount>,
) -> Result<(StatusCode, Json<AccountView>), Fault> {
    let work = move |c: &Central| {
        let role = AccountRole::from_id(&body.role).ok_or_else(|| Invalid::new("role", "is none"))?;
        let school = person.narrowed(body.school.as_deref().map(SchoolCode::parse).transpose()?)?;
        c.add_account(&person.who(), &body.name, role, school, &body.password)
    };
    let row = central.at_store(work).await?;
    Ok((StatusCode::CREATED, Json(AccountView::of(&row))))
}

/// An account of another school does not exist for an admin of one.
fn account_seen(central: &Central, person: &Person, name: &str) -> Result<(), CentralError> {
    let row = central.read(|rows| rows.account(name))?;
    let seen = row.filter(|a| person.school.is_none() || person.school == a.school);
    seen.map(drop).ok_or_else(|| CentralError::not_found("account", name))
}

/// `POST /api/accounts/{name}/disable`.
pub async fn disable(
    State(central): State<Central>,
    Path(name): Path<String>,
    Extension(person): Extension<Person>,
) -> Result<StatusCode, Fault> {
    let work = move |c: &Central| {
        account_seen(c, &person, &name)?;
        c.disable_account(&person.who(), &name)
    };
    central.at_store(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub struct GivenPassword {
    password: String,
}

/// `POST /api/accounts/{name}/password`: for somebody who forgot theirs; a lock is lifted with it.
pub async fn new_password(
    State(central): State<Central>,
    Path(name): Path<String>,
    Extension(person): Extension<Person>,
    Body(body): Body<GivenPassword>,
) -> Result<StatusCode, Fault> {
    let work = move |c: &Central| {
        account_seen(c, &person, &name)?;
        c.set_password(&person.who(), &name, &body.password)
    };
    central.at_store(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Most lines of one page of all histories.
const MAX_LINES: usize = 200;

#[derive(Deserialize)]
pub struct Subject {
    school: Option<String>,
    subject: Option<String>,
    before: Option<String>,
}

/// A line as `next` names it: time, school, subject, number.
fn line(text: &str) -> Option<(UtcMs, String, String, u64)> {
    let mut parts = text.splitn(4, '~');
    let at = UtcMs(parts.next()?.parse().ok()?);
    let (school, seq) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
    Some((at, school, parts.next()?.to_owned(), seq))
}

/// `GET /api/audit?school=&subject=`: the chained history of `order:…`, `campaign:…`, `station:…`, and of `account:…` under
/// the school `center`, oldest first; without a subject the latest lines of all, and `next` for those before.
pub async fn audit(
    State(central): State<Central>,
    Query(q): Query<Subject>,
    Extension(person): Extension<Person>,
) -> Answer {
    let all = q.subject.is_none();
    let work = move |c: &Central| {
        let school = person.narrowed(q.school.as_deref().map(SchoolCode::parse).transpose()?)?;
        match (&school, &q.subject) {
            (Some(school), Some(subject)) => c.read(|rows| rows.history(school, subject)),
            (None, Some(_)) => Err(Invalid::new("school", "must be named with a subject").into()),
            (_, None) => {
                let unread = || Invalid::new("before", "does not read");
                let before = q.before.as_deref().map(|b| line(b).ok_or_else(unread)).transpose()?;
                let before = before
                    .as_ref()
                    .map(|(at, of, subject, seq)| (*at, of.as_str(), subject.as_str(), *seq));
                c.read(|rows| rows.history_latest(school.as_ref(), before, MAX_LINES))
            }
        }
    };
    let lines = central.at_store(work).await?;
    let next = lines
        .last()
        .filter(|_| all && lines.len() == MAX_LINES)
        .map(|h| format!("{}~{}~{}~{}", h.at.0, h.school, h.seq, h.subject));
    let lines: Vec<_> = lines.iter().map(HistoryView::of).collect();
    Ok(Json(json!({ "history": lines, "next": next })))
}
