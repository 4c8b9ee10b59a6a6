//! `HEAD|PUT /v1/blobs/{blob_id}`.
use crate::center::Central;
use crate::http::auth::Signed;
use crate::http::fault::Fault;
use crate::usecase::photos::Upload;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::BlobId;
use std::sync::atomic::Ordering;
use wire::MAX_BLOB_BYTES;
use wire::problem::Code;

fn id(text: &str) -> Result<BlobId, Fault> {
    let id: Option<BlobId> = text.parse().ok();
    // One photo, one name: upper-case digits would be a second one.
    id.filter(|id| id.to_string() == text).ok_or_else(|| {
        Fault::new(
            Code::Validation,
            "A photo's name is sha256: and 64 lower-case hex digits",
        )
    })
}

/// Whether the school of the station has sent this photo: 200 or 404.
pub async fn look(
    State(central): State<Central>,
    Path(name): Path<String>,
    asked: Signed<0>,
) -> Result<StatusCode, Fault> {
    let id = id(&name)?;
    let here = central
        .at_store(move |c| c.has_photo(&asked.station.school, &id))
        .await?;
    if here {
        Ok(StatusCode::OK)
    } else {
        Err(Fault::new(Code::NotFound, "The photo is not here"))
    }
}

/// Takes a whole photo: 201 stored, 200 there already.
pub async fn put(
    State(central): State<Central>,
    Path(name): Path<String>,
    sent: Signed<MAX_BLOB_BYTES>,
) -> Result<StatusCode, Fault> {
    let id = id(&name)?;
    let (school, body) = (sent.station.school.clone(), sent.body.clone());
    // Few photos are decoded at once; those that wait for the disk keep none of them waiting.
    let new = central.at_photos(move |c| c.check_photo(&school, &id, &body)).await?;
    let upload = central
        .at_store(move |c| c.keep_photo(&sent.station, &id, &sent.body, new))
        .await?;
    match upload {
        Upload::Stored => {
            central.guards().counters.photos_stored.fetch_add(1, Ordering::Relaxed);
            Ok(StatusCode::CREATED)
        }
        Upload::Already => Ok(StatusCode::OK),
    }
}
