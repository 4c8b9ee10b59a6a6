//! Table `roster`: who belongs to a campaign, as the school's sheet said.
use crate::error::CentralError;
use crate::store::sql::{Row, cell, limit, params, parsed, small};
use crate::store::{ReadRows, RosterRow, SchoolCode, Stored, WriteRows};
use domain::{CampaignId, UtcMs};
use wire::order::SubjectDoc;

fn read(row: &Row) -> Stored<RosterRow> {
    let subject: Option<String> = cell(row, "subject")?;
    let subject = subject.map(|text| serde_json::from_str::<SubjectDoc>(&text));
    Ok(RosterRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        campaign: parsed(row, "campaign_id")?,
        key: cell(row, "person_key")?,
        position: small(row, "position")?,
        subject: subject
            .transpose()
            .map_err(|_| CentralError::corrupt("roster.subject"))?,
        updated_at: UtcMs(cell(row, "updated_at_ms")?),
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// Lines of a roster after a key, those who were taken off among them; by key.
    pub fn roster(
        &self,
        school: &SchoolCode,
        campaign: &CampaignId,
        after: &str,
        most: usize,
    ) -> Stored<Vec<RosterRow>> {
        let sql = "SELECT * FROM roster WHERE school_id = ?1 AND campaign_id = ?2 AND person_key > ?3
         ORDER BY person_key LIMIT ?4";
        let params = params![school.as_str(), campaign.to_string(), after, limit(most)];
        self.many("listing a roster", sql, params, read)
    }

    /// One line of a roster.
    pub fn roster_line(&self, school: &SchoolCode, campaign: &CampaignId, key: &str) -> Stored<Option<RosterRow>> {
        let sql = "SELECT * FROM roster WHERE school_id = ?1 AND campaign_id = ?2 AND person_key = ?3";
        let params = params![school.as_str(), campaign.to_string(), key];
        self.one("reading a line of a roster", sql, params, read)
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds or replaces a line of a roster.
    pub fn put_roster_line(&self, r: &RosterRow) -> Stored<()> {
        let sql = "INSERT INTO roster (school_id, campaign_id, person_key, position, subject, updated_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (school_id, campaign_id, person_key) DO UPDATE SET position = excluded.position,
           subject = excluded.subject, updated_at_ms = excluded.updated_at_ms";
        let params = params![
            r.school.as_str(),
            r.campaign.to_string(),
            &r.key,
            r.position,
            r.subject.as_ref().map(serde_json::to_string).transpose()?,
            r.updated_at.0,
        ];
        self.change_later("writing a line of a roster", sql, params)
    }
}
