//! Rosters over HTTP: a sheet is looked at, taken or taken back. The sheet is the body as it is; how to read it stands in the query.
use super::query::Query;
use crate::center::Central;
use crate::error::CentralError;
use crate::http::body;
use crate::http::fault::Fault;
use crate::person::Person;
use crate::usecase::rosters::{Imported, Missing, Sheet};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::{Extension, Json};
use domain::CampaignId;
use roster::{Effect, Encoding, Field, Mapping, Options};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::Invalid;
use wire::problem::Code;

/// Largest sheet taken: many times what the largest school sends.
const MAX_BYTES: usize = 16 << 20;
/// Most problems told of.
const MAX_PROBLEMS: usize = 1000;

type Answer = Result<Json<Value>, Fault>;

#[derive(Deserialize)]
pub struct How {
    file: String,
    encoding: Option<String>,
    sheet: Option<String>,
    /// Fields of the columns with commas between them; empty for a column that is left out.
    mapping: Option<String>,
    /// `go` when the sheet is the whole roster.
    missing: Option<String>,
}

impl How {
    fn options(&self) -> Result<Options, Invalid> {
        let encoding = self.encoding.as_deref().filter(|e| !e.is_empty());
        let encoding = encoding.map(|id| Encoding::from_id(id).ok_or_else(|| Invalid::new("encoding", "is none")));
        let field = |id: &str| match id {
            "" => Ok(None),
            id => Field::from_id(id)
                .map(Some)
                .ok_or_else(|| Invalid::new("mapping", "names a field there is not")),
        };
        let mapping = self.mapping.as_ref().map(|columns| {
            let fields: Result<Vec<_>, _> = columns.split(',').map(field).collect();
            fields.map(Mapping)
        });
        Ok(Options {
            encoding: encoding.transpose()?,
            mapping: mapping.transpose()?,
            sheet: self.sheet.clone().filter(|s| !s.is_empty()),
            ..Options::default()
        })
    }

    fn sheet_of<'s>(&'s self, bytes: &'s [u8], options: &'s Options) -> Sheet<'s> {
        Sheet {
            name: &self.file,
            bytes,
            options,
        }
    }

    fn missing(&self) -> Result<Missing, Invalid> {
        match self.missing.as_deref() {
            None | Some("stay" | "") => Ok(Missing::Stay),
            Some("go") => Ok(Missing::Go),
            Some(_) => Err(Invalid::new("missing", "must be stay or go")),
        }
    }
}

fn campaign_id(text: &str) -> Result<CampaignId, Fault> {
    text.parse()
        .map_err(|_| Fault::new(Code::NotFound, "There is no such campaign"))
}

fn outcome(o: &Imported) -> Value {
    let problems = o.problems.iter().take(MAX_PROBLEMS).map(|p| {
        json!({
            "row": p.row, "column": p.column, "code": p.problem.code(), "refused": p.effect == Effect::RowRefused,
        })
    });
    json!({
        "added": o.added, "changed": o.changed, "unchanged": o.unchanged, "gone": o.gone, "refused": o.refused,
        "problems": problems.collect::<Vec<_>>(),
    })
}

/// `GET /api/campaigns/{id}/roster`: how many people it has.
pub async fn size(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    let id = campaign_id(&id)?;
    let people = c.at_store(move |c| c.roster_size(&p, &id)).await?;
    Ok(Json(json!({ "people": people })))
}

/// `POST /api/campaigns/{id}/roster/preview`: how the sheet reads, and what taking it would do. Nothing is kept.
pub async fn preview(
    State(c): State<Central>,
    Path(id): Path<String>,
    Query(how): Query<How>,
    Extension(p): Extension<Person>,
    headers: HeaderMap,
    sheet: Body,
) -> Answer {
    let id = campaign_id(&id)?;
    let bytes = body::read(&headers, sheet, MAX_BYTES, c.config().limits.body_pause).await?;
    let work = move |c: &Central| {
        let options = how.options()?;
        let sheet = how.sheet_of(&bytes, &options);
        let (preview, plan) = c.preview_roster(&p, &id, sheet, how.missing()?)?;
        Ok::<_, CentralError>(json!({
            "encoding": preview.encoding.map(Encoding::id),
            "encodings": Encoding::ALL.iter().map(|e| e.id()).collect::<Vec<_>>(),
            "sheets": preview.sheets,
            "sheet": preview.sheet,
            "header": preview.header,
            "rows": preview.rows,
            "row_count": preview.row_count,
            "mapping": preview.mapping.0.iter().map(|f| f.map(|f| f.id())).collect::<Vec<_>>(),
            "fields": Field::ALL.iter().map(|f| f.id()).collect::<Vec<_>>(),
            "outcome": plan.as_ref().map(outcome),
        }))
    };
    Ok(Json(c.at_photos(work).await?))
}

/// `POST /api/campaigns/{id}/roster`: takes the sheet.
pub async fn import(
    State(c): State<Central>,
    Path(id): Path<String>,
    Query(how): Query<How>,
    Extension(p): Extension<Person>,
    headers: HeaderMap,
    sheet: Body,
) -> Answer {
    let id = campaign_id(&id)?;
    let bytes = body::read(&headers, sheet, MAX_BYTES, c.config().limits.body_pause).await?;
    let work = move |c: &Central| {
        let options = how.options()?;
        let sheet = how.sheet_of(&bytes, &options);
        c.import_roster_by(&p, &id, sheet, how.missing()?)
    };
    Ok(Json(outcome(&c.at_photos(work).await?)))
}

/// `DELETE /api/campaigns/{id}/roster`: takes everybody off.
pub async fn remove(State(c): State<Central>, Path(id): Path<String>, Extension(p): Extension<Person>) -> Answer {
    let id = campaign_id(&id)?;
    let gone = c.at_store(move |c| c.remove_roster(&p, &id)).await?;
    Ok(Json(json!({ "gone": gone })))
}
