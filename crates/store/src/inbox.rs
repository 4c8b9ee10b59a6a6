//! Table `inbox`: which events of the center's feed were applied, so that each takes effect once.
use crate::conn::{Conn, Tx, number};
use crate::error::StoreError;
use crate::identity;
use domain::UtcMs;

/// Places kept behind the cursor, for the history; older ones are dropped as new ones come.
pub const KEPT_BEHIND_CURSOR: i64 = 10_000;

/// Whether an event is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Seen for the first time: apply it in this transaction.
    First,
    /// Applied before: change nothing.
    Repeated,
}

/// Takes note of an event, in the transaction that applies it.
///
/// # Errors
/// [`StoreError::Unknown`] before enrolment, or when the database fails.
pub fn take(tx: &Tx, seq: u64, kind: &str, received_at: UtcMs) -> Result<Taken, StoreError> {
    let doing = "taking an event of the feed";
    let seq_here = number(seq, doing, "the sequence number")?;
    let cursor = cursor(tx)?;
    if seq <= cursor {
        return Ok(Taken::Repeated);
    }
    let sql = "INSERT INTO inbox VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    if tx.run(doing, sql, (seq_here, kind, received_at.0))? == 0 {
        return Ok(Taken::Repeated);
    }
    Ok(Taken::First)
}

/// Everything up to here was applied, in the same transaction; the places between the events are those of other stations' events. The
/// cursor never goes back.
///
/// # Errors
/// [`StoreError::Unknown`] before enrolment, or when the database fails.
pub fn read_to(tx: &Tx, cursor: u64) -> Result<(), StoreError> {
    let doing = "moving the feed's cursor";
    identity::advance_cursor(tx, cursor)?;
    let oldest = number(cursor, doing, "the cursor")? - KEPT_BEHIND_CURSOR;
    tx.run(doing, "DELETE FROM inbox WHERE seq <= ?", [oldest]).map(drop)
}

/// Starts over at a cursor, after a snapshot took the place of the feed.
///
/// # Errors
/// [`StoreError::Unknown`] before enrolment, or when the database fails.
pub fn restart(tx: &Tx, cursor: u64) -> Result<(), StoreError> {
    tx.run("starting the feed over", "DELETE FROM inbox", [])?;
    identity::reset_cursor(tx, cursor)
}

/// Where to read on.
///
/// # Errors
/// [`StoreError::Unknown`] before enrolment, or when the database fails.
pub fn cursor(conn: &Conn) -> Result<u64, StoreError> {
    let doing = "reading the feed's cursor";
    let cursor = conn.first(doing, "SELECT feed_cursor FROM identity", [], |r| r.u64("feed_cursor"))?;
    cursor.ok_or(StoreError::Unknown {
        doing,
        what: "identity",
    })
}
