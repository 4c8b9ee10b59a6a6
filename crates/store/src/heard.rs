//! Table `heard`: whom neighbours on the LAN have collected, as they told. The person is known only by a keyed hash.
use crate::conn::{Conn, Tx};
use crate::error::StoreError;
use domain::{CampaignId, OrderId, StationId, UtcMs};
use rusqlite::named_params;

/// Length of a subject's keyed hash.
pub const SUBJECT_BYTES: usize = 16;

/// A photo another station has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The campaign.
    pub campaign: CampaignId,
    /// Keyed hash of campaign and person.
    pub subject: [u8; SUBJECT_BYTES],
    /// Its order there.
    pub order: OrderId,
    /// When, by this station's clock.
    pub at: UtcMs,
}

/// Takes note of a photo; what was noted of the order before goes.
///
/// # Errors
/// When the database fails.
pub fn put(tx: &Tx, station: StationId, heard: &Heard) -> Result<(), StoreError> {
    let params = named_params! {
        ":station_id": station.to_string(),
        ":order_id": heard.order.to_string(),
        ":campaign_id": heard.campaign.to_string(),
        ":subject": heard.subject,
        ":at_ms": heard.at.0,
    };
    let sql = "INSERT OR REPLACE INTO heard (station_id, order_id, campaign_id, subject, at_ms)
        VALUES (:station_id, :order_id, :campaign_id, :subject, :at_ms)";
    tx.run("noting what a neighbour collected", sql, params).map(drop)
}

/// Forgets a photo that no longer holds.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &Tx, station: StationId, order: OrderId) -> Result<(), StoreError> {
    let sql = "DELETE FROM heard WHERE station_id = ? AND order_id = ?";
    let params = [station.to_string(), order.to_string()];
    tx.run("forgetting what a neighbour collected", sql, params).map(drop)
}

/// Forgets everything of a station, before it tells anew.
///
/// # Errors
/// When the database fails.
pub fn forget_station(tx: &Tx, station: StationId) -> Result<(), StoreError> {
    let sql = "DELETE FROM heard WHERE station_id = ?";
    tx.run("forgetting a neighbour", sql, [station.to_string()]).map(drop)
}

/// Photos of a station that are noted.
///
/// # Errors
/// When the database fails.
pub fn count(conn: &Conn, station: StationId) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) AS n FROM heard WHERE station_id = ?";
    conn.count("counting what a neighbour collected", sql, [station.to_string()])
}

/// The earliest photo of a subject and the name of the station that took it.
///
/// # Errors
/// When the database fails.
pub fn of(
    conn: &Conn,
    campaign: CampaignId,
    subject: &[u8; SUBJECT_BYTES],
) -> Result<Option<(Heard, String)>, StoreError> {
    let sql = "SELECT h.*, coalesce(n.name, '') AS name FROM heard AS h
        LEFT JOIN neighbours AS n ON n.station_id = h.station_id
        WHERE h.campaign_id = ? AND h.subject = ? ORDER BY h.at_ms, h.order_id LIMIT 1";
    let params = rusqlite::params![campaign.to_string(), subject];
    conn.first("looking for a neighbour's photo", sql, params, |row| {
        let heard = Heard {
            campaign: row.parse("campaign_id")?,
            subject: row.get("subject")?,
            order: row.parse("order_id")?,
            at: row.time("at_ms")?,
        };
        Ok((heard, row.get("name")?))
    })
}
