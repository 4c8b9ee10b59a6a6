//! Table `told`: what this station tells its neighbours on the LAN, in order: whom it has collected, and of whom that no longer holds.
//! Lines are only added, by the orders themselves ([`crate::orders::put`] and [`crate::orders::unmake`]).
use crate::conn::{Conn, Row, Tx};
use crate::error::StoreError;
use domain::{CampaignId, Order, OrderId, OrderState, PersonKey, UtcMs};
use rusqlite::named_params;

/// How far a row of lines goes: its last line, and that line's mark. Another life of the store has other marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// The line's number, from 1; 0 before the first.
    pub seq: u64,
    /// Drawn when the line was written.
    pub mark: [u8; 16],
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands.
    pub at: Mark,
    /// The person has been collected with this order; else that no longer holds.
    pub collected: bool,
    /// The campaign.
    pub campaign: CampaignId,
    /// The person.
    pub person: PersonKey,
    /// The order.
    pub order: OrderId,
    /// When the photo was taken.
    pub taken_at: UtcMs,
}

/// The last line's mark.
///
/// # Errors
/// When the database fails.
pub fn last(conn: &Conn) -> Result<Mark, StoreError> {
    let sql = "SELECT seq, mark FROM told ORDER BY seq DESC LIMIT 1";
    let last = conn.first("reading the last line told", sql, [], mark)?;
    Ok(last.unwrap_or_default())
}

/// Whether a mark is of this row of lines.
///
/// # Errors
/// When the database fails.
pub fn holds(conn: &Conn, at: Mark) -> Result<bool, StoreError> {
    if at.seq == 0 {
        return Ok(at == Mark::default());
    }
    let Ok(seq) = i64::try_from(at.seq) else {
        return Ok(false);
    };
    let sql = "SELECT seq, mark FROM told WHERE seq = ?";
    let found = conn.first("looking for a line told", sql, [seq], mark)?;
    Ok(found == Some(at))
}

/// Lines after a number, at most `limit`.
///
/// # Errors
/// When the database fails.
pub fn after(conn: &Conn, seq: u64, limit: u32) -> Result<Vec<Line>, StoreError> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let sql = "SELECT * FROM told WHERE seq > ? ORDER BY seq LIMIT ?";
    conn.all("reading lines told", sql, rusqlite::params![seq, limit], |row| {
        Ok(Line {
            at: mark(row)?,
            collected: row.get("collected")?,
            campaign: row.parse("campaign_id")?,
            person: row.word("person_key", PersonKey::from_text)?,
            order: row.parse("order_id")?,
            taken_at: row.time("at_ms")?,
        })
    })
}

/// Adds a line when an order begins or ceases to stand for a photo of its person. A correction or reprint collects nobody.
pub(crate) fn follow(tx: &Tx, order: &Order) -> Result<(), StoreError> {
    let gone = matches!(order.state, OrderState::Closed | OrderState::Refunded);
    let stands = order.link.is_none() && !order.withdrawn && !gone;
    if stands == (told_of(tx, order.id)? == Some(true)) {
        return Ok(());
    }
    let params = named_params! {
        ":collected": stands,
        ":campaign_id": order.campaign.to_string(),
        ":person_key": order.person.text(),
        ":order_id": order.id.to_string(),
        ":at_ms": order.photo.captured_at.0,
    };
    let sql = "INSERT INTO told (collected, campaign_id, person_key, order_id, at_ms, mark)
        VALUES (:collected, :campaign_id, :person_key, :order_id, :at_ms, randomblob(16))";
    tx.run("telling of an order", sql, params).map(drop)
}

/// Adds a line when an order that was told of is unmade.
pub(crate) fn take_back(tx: &Tx, order: OrderId) -> Result<(), StoreError> {
    if told_of(tx, order)? != Some(true) {
        return Ok(());
    }
    let sql = "INSERT INTO told (collected, campaign_id, person_key, order_id, at_ms, mark)
        SELECT 0, campaign_id, person_key, order_id, at_ms, randomblob(16) FROM told
        WHERE order_id = ? ORDER BY seq DESC LIMIT 1";
    tx.run("telling that an order is unmade", sql, [order.to_string()])
        .map(drop)
}

/// The last that was told of an order.
fn told_of(tx: &Tx, order: OrderId) -> Result<Option<bool>, StoreError> {
    let sql = "SELECT collected FROM told WHERE order_id = ? ORDER BY seq DESC LIMIT 1";
    tx.first("looking what was told of an order", sql, [order.to_string()], |r| {
        r.get("collected")
    })
}

pub(crate) fn mark(row: &Row) -> Result<Mark, StoreError> {
    Ok(Mark {
        seq: row.u64("seq")?,
        mark: row.get("mark")?,
    })
}
