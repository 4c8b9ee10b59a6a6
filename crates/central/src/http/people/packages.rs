//! Delivery packages over HTTP: profiles, what one would hold, lists, asking for one, and fetching its files in any stretches.
use super::body::Body as Asked;
use super::query::Query;
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::http::range::{Stretch, stretch};
use crate::person::Person;
use crate::store::SchoolCode;
use crate::store::packages::{PackageFile, PackageRow, Wish};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use delivery::{Form, ListKind, Profile};
use domain::CampaignId;
use domain::time::UtcOffset;
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::Invalid;
use wire::problem::Code;

type Answer = Result<Json<Value>, Fault>;

fn view(p: &PackageRow) -> Value {
    let made = p.made.as_ref();
    let files = made.map_or(&[][..], |m| &m.files);
    let files = files
        .iter()
        .map(|f| json!({ "name": f.name, "bytes": f.bytes, "sha256": f.sha256 }));
    json!({
        "id": p.id.to_string(),
        "school_code": p.school.as_str(),
        "campaign_id": p.campaign.to_string(),
        "class": p.wish.class,
        "profile": p.wish.profile,
        "own_profile": p.wish.profile_text.is_some(),
        "unreviewed": p.wish.unreviewed,
        "who": p.who,
        "state": p.state.id(),
        "fault": p.fault,
        "done": p.done,
        "total": p.total,
        "pictures": made.map(|m| m.pictures),
        "unmatched": made.map(|m| m.unmatched),
        "rejected": made.map(|m| m.rejected),
        "absent": made.map(|m| m.absent),
        "files": files.collect::<Vec<_>>(),
        "asked_at_ms": p.asked_at.0,
        "begun_at_ms": p.begun_at.map(|t| t.0),
        "ready_at_ms": p.ready_at.map(|t| t.0),
        "expires_at_ms": p.expires_at.0,
    })
}

fn package_id(text: &str) -> Result<Uuid, Fault> {
    text.parse()
        .map_err(|_| Fault::new(Code::NotFound, "There is no such package"))
}

fn campaign_id(text: &str) -> Result<CampaignId, Fault> {
    text.parse()
        .map_err(|_| Fault::new(Code::NotFound, "There is no such campaign"))
}

/// `GET /api/delivery-profiles`: those that come with the program.
pub async fn profiles() -> Json<Value> {
    let all = Profile::built_in();
    let all = all
        .iter()
        .map(|p| json!({ "id": p.id, "title": p.title, "pictures_only": p.pictures_only }));
    Json(json!({ "profiles": all.collect::<Vec<_>>() }))
}

#[derive(Deserialize)]
pub struct Ask {
    campaign: String,
    #[serde(flatten)]
    wish: Wish,
}

/// `POST /api/packages/preview`: what such a package would hold now.
pub async fn preview(State(c): State<Central>, Extension(p): Extension<Person>, Asked(ask): Asked<Ask>) -> Answer {
    let id = campaign_id(&ask.campaign)?;
    let found = c.at_photos(move |c| c.preview_package(&p, &id, &ask.wish)).await?;
    let [unmatched, rejected, absent] = found.lists;
    Ok(Json(json!({
        "pictures": found.pictures, "unmatched": unmatched, "rejected": rejected, "absent": absent, "awaiting": found.awaiting,
        "classes": found.classes, "profile": found.profile,
    })))
}

/// `POST /api/packages`.
pub async fn ask(
    State(c): State<Central>,
    Extension(p): Extension<Person>,
    Asked(ask): Asked<Ask>,
) -> Result<(StatusCode, Json<Value>), Fault> {
    let id = campaign_id(&ask.campaign)?;
    let row = c.at_store(move |c| c.ask_package(&p, &id, &ask.wish)).await?;
    Ok((StatusCode::CREATED, Json(view(&row))))
}

#[derive(Deserialize)]
pub struct Which {
    school: Option<String>,
    campaign: Option<String>,
}

/// `GET /api/packages`: latest first.
pub async fn list(State(c): State<Central>, Query(q): Query<Which>, Extension(p): Extension<Person>) -> Answer {
    let campaign = q.campaign.as_deref().map(campaign_id).transpose()?;
    let work = move |c: &Central| {
        let school = q.school.as_deref().map(SchoolCode::parse).transpose()?;
        c.packages_for(&p, school, campaign.as_ref())
    };
    let rows = c.at_store(work).await?;
    Ok(Json(json!({ "packages": rows.iter().map(view).collect::<Vec<_>>() })))
}

/// `GET /api/packages/{id}`.
pub async fn one(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    let id = package_id(&id)?;
    let row = c.at_store(move |c| c.package_for(&p, &id)).await?;
    Ok(Json(view(&row)))
}

/// `DELETE /api/packages/{id}`.
pub async fn remove(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(p): Extension<Person>,
) -> Result<StatusCode, Fault> {
    let id = package_id(&id)?;
    c.at_store(move |c| c.remove_package(&p, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub struct OfList {
    form: Option<String>,
    class: Option<String>,
    profile: Option<String>,
    #[serde(default)]
    unreviewed: bool,
}

/// `GET /api/campaigns/{id}/lists/{kind}`: one list by itself.
pub async fn one_list(
    State(c): State<Central>,
    Path((id, kind)): Path<(String, String)>,
    Query(q): Query<OfList>,
    Extension(p): Extension<Person>,
) -> Result<Response, Fault> {
    let id = campaign_id(&id)?;
    let kind = ListKind::ALL.into_iter().find(|k| k.stem() == kind);
    let kind = kind.ok_or_else(|| Fault::new(Code::NotFound, "There is no such list"))?;
    let form = q.form.as_deref().unwrap_or("xlsx");
    let form = Form::ALL.into_iter().find(|f| f.ending() == form);
    let form = form.ok_or_else(|| CentralError::from(Invalid::new("form", "is none")))?;
    let wish = Wish {
        class: q.class,
        profile: q.profile,
        profile_text: None,
        unreviewed: q.unreviewed,
    };
    let bytes = c
        .at_photos(move |c| c.delivery_list(&p, &id, &wish, kind, form))
        .await?;
    let kind_of_file = match form {
        Form::Csv => "text/csv; charset=utf-8",
        Form::Json => "application/json",
        Form::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Form::Dbf => "application/vnd.dbf",
    };
    let saved = format!("attachment; filename=\"{}.{}\"", kind.stem(), form.ending());
    Ok((
        [(CONTENT_TYPE, kind_of_file.to_owned()), (CONTENT_DISPOSITION, saved)],
        bytes,
    )
        .into_response())
}

/// `GET /api/packages/{id}/files/{name}`: any stretch of it, also after the center was started anew or by another center.
pub async fn file(
    State(c): State<Central>,
    Path((id, name)): Path<(String, String)>,
    Extension(p): Extension<Person>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id = package_id(&id)?;
    let (row, file) = if method == Method::HEAD {
        let row = c.at_store(move |c| c.package_for(&p, &id)).await?;
        let file = row.made.iter().flat_map(|m| &m.files).find(|f| f.name == name).cloned();
        let file = file.ok_or_else(|| CentralError::not_found("package", id))?;
        (row, file)
    } else {
        c.at_store(move |c| c.take_package(&p, &id, &name)).await?
    };
    let etag = format!("\"{}\"", file.sha256);
    let (status, first, end) = match stretch(&headers, &etag, file.bytes) {
        Stretch::Whole => (StatusCode::OK, 0, file.bytes),
        Stretch::Part(first, last) => (StatusCode::PARTIAL_CONTENT, first, last + 1),
        Stretch::Same => return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response()),
        Stretch::Beyond => {
            let range = format!("bytes */{}", file.bytes);
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, range)]).into_response());
        }
    };
    let name = saved_as(&row, &file);
    let total = file.bytes;
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        bytes_of(c, row, file, first, end).await?
    };
    let mut answer = (status, body).into_response();
    let mut put = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(name, value);
        }
    };
    put(CONTENT_TYPE, "application/zip".to_owned());
    put(ETAG, etag);
    put(ACCEPT_RANGES, "bytes".to_owned());
    put(CONTENT_LENGTH, (end - first).to_string());
    put(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""));
    if status == StatusCode::PARTIAL_CONTENT {
        put(CONTENT_RANGE, format!("bytes {first}-{}/{total}", end - 1));
    }
    Ok(answer)
}

/// School, day and a piece of the package's id; names nobody.
fn saved_as(row: &PackageRow, file: &PackageFile) -> String {
    let day = row.asked_at.civil(UtcOffset::CHINA);
    let id = row.id.simple().to_string();
    let mark = id.get(id.len().saturating_sub(6)..).unwrap_or_default();
    let school: String = row
        .school
        .as_str()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    format!(
        "{school}-{:04}{:02}{:02}-{mark}-{}",
        day.year, day.month, day.day, file.name
    )
}

/// Part by part as the client takes them, one in memory. The first is there before the answer begins, so that a package whose
/// parts are gone is an error and no torn file.
async fn bytes_of(c: Central, row: PackageRow, file: PackageFile, first: u64, end: u64) -> Result<Body, Fault> {
    let part = move |c: Central, row: PackageRow, file: PackageFile, from: u64| async move {
        let mut part = c.at_store(move |c| c.package_bytes(&row, &file, from)).await?;
        part.truncate(usize::try_from(end - from).unwrap_or(usize::MAX));
        Ok::<_, CentralError>(bytes::Bytes::from(part))
    };
    let begin = part(c.clone(), row.clone(), file.clone(), first).await?;
    let from = first + begin.len() as u64;
    let rest = stream::unfold((Some(begin), from), move |(ready, from)| {
        let (c, row, file) = (c.clone(), row.clone(), file.clone());
        async move {
            match ready {
                Some(bytes) => Some((Ok(bytes), (None, from))),
                None if from >= end => None,
                None => match part(c, row, file, from).await {
                    Ok(bytes) => {
                        let next = from + bytes.len() as u64;
                        Some((Ok(bytes), (None, next)))
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a package's file was cut");
                        Some((Err(error), (None, end)))
                    }
                },
            }
        }
    });
    Ok(Body::from_stream(rest))
}
