//! Table `campaign`.
use super::query::{cell, change, json, many, one};
use crate::store::{SchoolCode, Stored};
use domain::{CampaignId, UtcMs};
use rusqlite::Connection;
use wire::campaign::CampaignDoc;

pub fn get(connection: &Connection, id: &CampaignId) -> Stored<Option<(SchoolCode, CampaignDoc)>> {
    let sql = "SELECT school_id, doc FROM campaign WHERE campaign_id = ?1";
    one(connection, "reading a campaign", sql, [id.to_string()], |row| {
        Ok((SchoolCode::stored(cell(row, "school_id")?), json(row, "doc")?))
    })
}

pub fn list(connection: &Connection, school: Option<&SchoolCode>) -> Stored<Vec<CampaignDoc>> {
    let sql = "SELECT doc FROM campaign WHERE ?1 IS NULL OR school_id = ?1 ORDER BY opens_at_ms, campaign_id";
    let school = school.map(SchoolCode::as_str);
    many(connection, "listing campaigns", sql, [school], |row| json(row, "doc"))
}

pub fn put(connection: &Connection, school: &SchoolCode, doc: &CampaignDoc, now: UtcMs) -> Stored<()> {
    let sql = "INSERT INTO campaign (school_id, campaign_id, opens_at_ms, closes_at_ms, doc, updated_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (school_id, campaign_id) DO UPDATE SET opens_at_ms = excluded.opens_at_ms,
             closes_at_ms = excluded.closes_at_ms, doc = excluded.doc, updated_at_ms = excluded.updated_at_ms";
    let json = serde_json::to_string(doc)?;
    let params = (school.as_str(), &doc.id, doc.opens_at_ms, doc.closes_at_ms, json, now.0);
    change(connection, "writing a campaign", sql, params).map(|_| ())
}
