//! Orders as people at the center see them: masked lines, and one order with its history.
use crate::center::Central;
use crate::change;
use crate::error::CentralError;
use crate::store::{HistoryRow, OrderFilter, OrderRow, ReadRows, Stored, Turn};
use domain::order::LocalCheck;
use domain::{BlobId, CampaignId, Measure, Money, OrderId, OrderState, StationId, UtcMs};
use wire::order::PhotoDoc;

/// One line of the list. Names and ID numbers are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// The order.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// Its school.
    pub school: String,
    /// Its campaign.
    pub campaign: CampaignId,
    /// The station that made it.
    pub station: StationId,
    /// The person's key.
    pub person_key: String,
    /// Masked name, where known.
    pub name: Option<String>,
    /// Class, where known.
    pub class: Option<String>,
    /// Its state.
    pub state: OrderState,
    /// Revision of the last op used up.
    pub rev: u32,
    /// Retakes used.
    pub tries: u8,
    /// Reasons of the standing rejection, by id.
    pub reasons: Vec<&'static str>,
    /// Revision of the current photo.
    pub revision: u32,
    /// What the station's check said of it.
    pub check: LocalCheck,
    /// Measures it warned of.
    pub warned: Vec<Measure>,
    /// When its turn comes in review.
    pub turn: Turn,
    /// The reviewer who holds it.
    pub held_by: Option<String>,
    /// The current photo.
    pub blob: BlobId,
    /// The center holds its bytes.
    pub photo_here: bool,
    /// What it costs.
    pub price: Money,
    /// What came in.
    pub paid: Money,
    /// Another living order of the same person exists.
    pub duplicate_person: bool,
    /// When it was taken, by the station's clock.
    pub created_at: UtcMs,
    /// When it came.
    pub received_at: UtcMs,
    /// When it last changed.
    pub updated_at: UtcMs,
}

/// One order with all the center keeps of it. Not masked: reading it is for the review screen and tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDetail {
    /// The order's row.
    pub row: OrderRow,
    /// The center holds the bytes of the current photo.
    pub photo_here: bool,
    /// Its photos, oldest first.
    pub photos: Vec<PhotoDoc>,
    /// Its history, oldest first.
    pub history: Vec<HistoryRow>,
}

impl Central {
    /// Lists orders, latest received first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn orders(&self, filter: &OrderFilter) -> Result<Vec<OrderLine>, CentralError> {
        self.read(|rows| rows.orders(filter)?.iter().map(|row| line(rows, row)).collect())
    }

    /// One order.
    ///
    /// # Errors
    /// When there is none with this id.
    pub fn order(&self, id: &OrderId) -> Result<OrderDetail, CentralError> {
        self.read(|rows| {
            let row = rows.order(id)?.ok_or_else(|| CentralError::not_found("order", id))?;
            Ok(OrderDetail {
                photo_here: rows.blob(&row.school, &row.order.photo.blob)?.is_some(),
                photos: rows.photo_revisions(&row.school, id)?,
                history: rows.history(&row.school, &change::subject(&row))?,
                row,
            })
        })
    }
}

/// An order as a line.
pub fn line(rows: &ReadRows<'_>, row: &OrderRow) -> Stored<OrderLine> {
    let o = &row.order;
    let reasons = o.rejection.iter().flat_map(|r| r.reasons()).map(|r| r.id());
    Ok(OrderLine {
        id: o.id,
        number: o.number.to_string(),
        school: row.school.to_string(),
        campaign: o.campaign,
        station: o.station,
        person_key: o.person.text(),
        name: o.subject.shown_name(),
        class: o.subject.class.clone(),
        state: o.state,
        rev: row.rev,
        tries: o.tries,
        reasons: reasons.collect(),
        revision: o.photo.revision,
        check: o.photo.check.clone(),
        warned: o.photo.warned.clone(),
        turn: row.turn(),
        held_by: o.held_by.clone(),
        blob: o.photo.blob,
        photo_here: rows.blob(&row.school, &o.photo.blob)?.is_some(),
        price: o.payment.price,
        paid: o.payment.paid,
        duplicate_person: row.duplicate_person,
        created_at: o.created_at,
        received_at: row.received_at,
        updated_at: row.updated_at,
    })
}
