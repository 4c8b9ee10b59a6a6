//! Table `campaign`.
use crate::store::sql::{cell, json, params};
use crate::store::{ReadRows, SchoolCode, Stored, WriteRows};
use domain::{CampaignId, UtcMs};
use wire::campaign::CampaignDoc;

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// A campaign and its school.
    pub fn campaign(&self, id: &CampaignId) -> Stored<Option<(SchoolCode, CampaignDoc)>> {
        let sql = "SELECT school_id, doc FROM campaign WHERE campaign_id = ?1";
        self.one("reading a campaign", sql, params![id.to_string()], |row| {
            Ok((SchoolCode::stored(cell(row, "school_id")?), json(row, "doc")?))
        })
    }

    /// All campaigns, of one school or of all, by opening time.
    pub fn campaigns(&self, school: Option<&SchoolCode>) -> Stored<Vec<CampaignDoc>> {
        let sql = "SELECT doc FROM campaign WHERE ?1 IS NULL OR school_id = ?1 ORDER BY opens_at_ms, campaign_id";
        let school = school.map(SchoolCode::as_str);
        self.many("listing campaigns", sql, params![school], |row| json(row, "doc"))
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds or replaces a campaign of a school.
    pub fn put_campaign(&self, school: &SchoolCode, doc: &CampaignDoc, now: UtcMs) -> Stored<()> {
        let sql = "INSERT INTO campaign (school_id, campaign_id, opens_at_ms, closes_at_ms, doc, updated_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (school_id, campaign_id) DO UPDATE SET opens_at_ms = excluded.opens_at_ms,
             closes_at_ms = excluded.closes_at_ms, doc = excluded.doc, updated_at_ms = excluded.updated_at_ms";
        let json = serde_json::to_string(doc)?;
        let params = params![school.as_str(), &doc.id, doc.opens_at_ms, doc.closes_at_ms, json, now.0];
        self.change_later("writing a campaign", sql, params)
    }
}
