//! Table `collected`: whose photo was taken already, here or at another station, so that nobody is taken twice unasked.
use crate::conn::{Conn, Row, Tx};
use crate::error::StoreError;
use domain::{CampaignId, OrderId, PersonKey, StationId, UtcMs};
use rusqlite::named_params;

/// An earlier photo of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected {
    /// The campaign.
    pub campaign: CampaignId,
    /// The person.
    pub person: PersonKey,
    /// When.
    pub at: UtcMs,
    /// The order, when it was made here or the other station told.
    pub order: Option<OrderId>,
    /// The station, where known. The center's feed does not tell.
    pub station: Option<StationId>,
}

/// Takes note. The same again changes nothing.
///
/// # Errors
/// When the database fails.
pub fn put(tx: &Tx, collected: &Collected) -> Result<(), StoreError> {
    let params = named_params! {
        ":campaign_id": collected.campaign.to_string(),
        ":person_key": collected.person.text(),
        ":at_ms": collected.at.0,
        ":order_id": collected.order.map(|o| o.to_string()),
        ":station_id": collected.station.map(|s| s.to_string()),
    };
    tx.run("noting a collected person", include_str!("put.sql"), params)
        .map(drop)
}

/// Earlier photos of a person, newest first.
///
/// # Errors
/// When the database fails.
pub fn of(conn: &Conn, campaign: CampaignId, person: &PersonKey) -> Result<Vec<Collected>, StoreError> {
    let sql = "SELECT * FROM collected WHERE campaign_id = ? AND person_key = ? ORDER BY at_ms DESC, row_id DESC";
    conn.all(
        "looking for earlier photos",
        sql,
        [campaign.to_string(), person.text()],
        read,
    )
}

/// Forgets what an order has noted, as when the order is taken back.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &Tx, order: OrderId) -> Result<(), StoreError> {
    let sql = "DELETE FROM collected WHERE order_id = ?";
    tx.run("taking back a collected person", sql, [order.to_string()])
        .map(drop)
}

/// How many people of a campaign were collected anywhere.
///
/// # Errors
/// When the database fails.
pub fn count(conn: &Conn, campaign: CampaignId) -> Result<u32, StoreError> {
    let sql = "SELECT count(DISTINCT person_key) AS n FROM collected WHERE campaign_id = ?";
    conn.count("counting the collected", sql, [campaign.to_string()])
}

fn read(row: &Row) -> Result<Collected, StoreError> {
    Ok(Collected {
        campaign: row.parse("campaign_id")?,
        person: row.word("person_key", PersonKey::from_text)?,
        at: row.time("at_ms")?,
        order: row.parse_opt("order_id")?,
        station: row.parse_opt("station_id")?,
    })
}
