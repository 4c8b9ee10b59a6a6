//! `GET /v1/orders/{order_id}/files/{original|finished}`: a station gets back the pictures of its own orders.
use crate::center::Central;
use crate::error::CentralError;
use crate::http::auth::Signed;
use crate::http::body::CONTENT_DIGEST;
use crate::http::fault::Fault;
use crate::store::StationRow;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::OrderId;
use wire::problem::Code;
use wire::signature::content_digest;

/// One picture of an order.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Original,
    Finished,
}

/// The whole file, never to be shown inline.
pub async fn file(
    State(central): State<Central>,
    Path((order, kind)): Path<(String, String)>,
    by: Signed<0>,
) -> Result<impl IntoResponse, Fault> {
    let nothing = || Fault::new(Code::NotFound, "There is no such file");
    let order: OrderId = order.parse().map_err(|_| nothing())?;
    let kind = match kind.as_str() {
        "original" => Kind::Original,
        "finished" => Kind::Finished,
        _ => return Err(nothing()),
    };
    let bytes = central
        .at_photos(move |c| c.file_for(&by.station, &order, kind))
        .await?;
    let headers = [
        (CONTENT_TYPE.as_str(), "image/jpeg".to_owned()),
        (
            CONTENT_DISPOSITION.as_str(),
            "attachment; filename=\"photo.jpg\"".to_owned(),
        ),
        (CONTENT_DIGEST, content_digest(&bytes)),
    ];
    Ok((headers, bytes))
}

impl Central {
    /// Orders of other stations do not exist for a station.
    fn file_for(&self, station: &StationRow, order: &OrderId, kind: Kind) -> Result<Vec<u8>, CentralError> {
        let row = self.read(|rows| rows.order(order))?;
        row.filter(|o| o.school == station.school && o.order.station == station.id)
            .ok_or_else(|| CentralError::not_found("order", order))?;
        match kind {
            Kind::Original => self.photo(order),
            Kind::Finished => self.finished(order),
        }
    }
}
