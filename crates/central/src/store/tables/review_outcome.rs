//! Table `review_outcome`: of each photo that was decided, what the local check said and what the review came to. Ids of measures and
//! reasons stand in a text, in a fixed order and with a space between, so that photos that are alike are counted by the engine.
use crate::error::CentralError;
use crate::store::sql::{Row, cell, count, params, parsed};
use crate::store::{OrderRow, OutcomeCount, ReadRows, SchoolCode, Stored, WriteRows};
use domain::review::RejectReason;
use domain::{CampaignId, Measure, UtcMs};

fn text(ids: impl Iterator<Item = &'static str>) -> String {
    ids.collect::<Vec<_>>().join(" ")
}

fn measures(measures: &[Measure]) -> String {
    let mut sorted = measures.to_vec();
    sorted.sort_unstable();
    text(sorted.iter().map(|m| m.id()))
}

fn read_ids<T>(row: &Row, column: &'static str, known: impl Fn(&str) -> Option<T>) -> Stored<Vec<T>> {
    let text: String = cell(row, column)?;
    let read = |id: &str| known(id).ok_or_else(|| CentralError::corrupt(column));
    text.split_whitespace().map(read).collect()
}

fn read(row: &Row) -> Stored<OutcomeCount> {
    Ok(OutcomeCount {
        school: SchoolCode::stored(cell(row, "school_id")?),
        station: parsed(row, "station_id")?,
        failed: read_ids(row, "failed", Measure::from_id)?,
        warned: read_ids(row, "warned", Measure::from_id)?,
        approved: cell(row, "approved")?,
        reasons: read_ids(row, "reasons", RejectReason::from_id)?,
        photos: count(row, "photos")?,
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// Decided photos, those alike counted together.
    pub fn outcomes(&self, school: Option<&SchoolCode>, campaign: Option<&CampaignId>) -> Stored<Vec<OutcomeCount>> {
        let sql =
            "SELECT school_id, station_id, failed, warned, approved, reasons, COUNT(*) AS photos FROM review_outcome
         WHERE (?1 IS NULL OR school_id = ?1) AND (?2 IS NULL OR campaign_id = ?2)
         GROUP BY school_id, station_id, failed, warned, approved, reasons
         ORDER BY school_id, station_id, failed, warned, approved, reasons";
        let params = params![school.map(SchoolCode::as_str), campaign.map(ToString::to_string)];
        self.many("counting decided photos", sql, params, read)
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Notes what was decided about the current photo of an order; a later decision about the same photo takes its place.
    pub fn put_outcome(&self, row: &OrderRow, reasons: &[RejectReason], at: UtcMs) -> Stored<()> {
        let sql = "INSERT INTO review_outcome
            (school_id, order_id, revision, campaign_id, station_id, failed, warned, approved, reasons, decided_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (school_id, order_id, revision) DO UPDATE SET
            approved = excluded.approved, reasons = excluded.reasons, decided_at_ms = excluded.decided_at_ms";
        let (order, photo) = (&row.order, &row.order.photo);
        let mut given = reasons.to_vec();
        given.sort_unstable();
        given.dedup();
        let params = params![
            row.school.as_str(),
            order.id.to_string(),
            photo.revision,
            order.campaign.to_string(),
            order.station.to_string(),
            measures(photo.check.failed()),
            measures(&photo.warned),
            given.is_empty(),
            text(given.iter().map(|r| r.id())),
            at.0,
        ];
        self.change("noting a decision", sql, params).map(|_| ())
    }

    /// Forgets a decision that was taken back.
    pub fn forget_outcome(&self, row: &OrderRow) -> Stored<()> {
        let sql = "DELETE FROM review_outcome WHERE school_id = ?1 AND order_id = ?2 AND revision = ?3";
        let params = params![row.school.as_str(), row.order.id.to_string(), row.order.photo.revision];
        self.change("forgetting a decision", sql, params).map(|_| ())
    }
}
