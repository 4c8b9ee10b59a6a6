//! Table `journal`: what happened, append-only, each entry chained to the one before by SHA-256.
use crate::conn::{Conn, Row, Tx};
use crate::error::StoreError;
use domain::{OrderId, ShotId, UtcMs};
use rusqlite::named_params;
use sha2::{Digest, Sha256};

/// Longest detail, in bytes of JSON.
pub const MAX_DETAIL_BYTES: usize = 64 << 10;
/// Most entries of a list.
pub const MAX_ENTRIES: u32 = 1000;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// When.
    pub at: UtcMs,
    /// Account name or role of who did it.
    pub who: String,
    /// In one word, as `created`.
    pub what: String,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// The shot it is about.
    pub shot: Option<ShotId>,
    /// The rest, as the caller's JSON; `{}` for nothing.
    pub detail: String,
}

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Position, counted from 1 without gaps.
    pub seq: i64,
    /// What happened.
    pub entry: NewEntry,
    /// Hash of the entry before; zeros for the first.
    pub prev: [u8; 32],
    /// Hash of this entry.
    pub hash: [u8; 32],
}

/// The first place where the journal does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// This entry, or its link to the one before, was changed.
    Changed {
        /// Position of the entry.
        seq: i64,
    },
    /// Entries are missing here.
    Missing {
        /// Position of the first missing one.
        seq: i64,
    },
}

/// Appends an entry.
///
/// # Errors
/// When the detail is too long or the database fails.
pub fn append(tx: &Tx, new: &NewEntry) -> Result<Entry, StoreError> {
    let doing = "writing the journal";
    if new.detail.len() > MAX_DETAIL_BYTES {
        return Err(StoreError::TooLarge {
            doing,
            what: "the detail",
        });
    }
    let last = tx.first(doing, "SELECT * FROM journal ORDER BY seq DESC LIMIT 1", [], read)?;
    let prev = last.map_or([0; 32], |l| l.hash);
    // Not the last entry's: if the end was cut off, the gap stays for good.
    let seq = highest(tx, doing)? + 1;
    let hash = hash(&prev, seq, new);
    let params = named_params! {
        ":seq": seq,
        ":at_ms": new.at.0,
        ":who": new.who,
        ":what": new.what,
        ":order_id": new.order.map(|o| o.to_string()),
        ":shot_id": new.shot.map(|s| s.to_string()),
        ":detail": new.detail,
        ":prev": prev,
        ":hash": hash,
    };
    tx.run(doing, include_str!("append.sql"), params)?;
    Ok(Entry {
        seq,
        entry: new.clone(),
        prev,
        hash,
    })
}

/// Entries about an order, oldest first, at most [`MAX_ENTRIES`].
///
/// # Errors
/// When the database fails.
pub fn of_order(conn: &Conn, order: OrderId) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT * FROM journal WHERE order_id = ? ORDER BY seq LIMIT ?";
    conn.all("reading the journal", sql, (order.to_string(), MAX_ENTRIES), read)
}

/// The latest entries, newest first, at most [`MAX_ENTRIES`].
///
/// # Errors
/// When the database fails.
pub fn latest(conn: &Conn, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT * FROM journal ORDER BY seq DESC LIMIT ?";
    conn.all("reading the journal", sql, [limit.min(MAX_ENTRIES)], read)
}

/// The latest entries of one kind, newest first, at most [`MAX_ENTRIES`].
///
/// # Errors
/// When the database fails.
pub fn latest_of(conn: &Conn, what: &str, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT * FROM journal WHERE what = ? ORDER BY seq DESC LIMIT ?";
    conn.all("reading the journal", sql, (what, limit.min(MAX_ENTRIES)), read)
}

/// Checks the whole chain, the end included: SQLite keeps the highest position ever given beside the table.
///
/// # Errors
/// When the database fails.
pub fn verify(conn: &Conn) -> Result<Option<Break>, StoreError> {
    let doing = "checking the journal";
    let (mut seq, mut prev, mut broken) = (0i64, [0; 32], None);
    // In pieces, so that the journal of years fits in memory.
    loop {
        let sql = "SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?";
        let entries = conn.all(doing, sql, (seq, MAX_ENTRIES), read)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            let expected = seq + 1;
            if entry.seq != expected {
                broken = broken.or(Some(Break::Missing { seq: expected }));
            } else if entry.prev != prev || entry.hash != hash(&prev, entry.seq, &entry.entry) {
                broken = broken.or(Some(Break::Changed { seq: entry.seq }));
            }
            (seq, prev) = (entry.seq, entry.hash);
        }
    }
    Ok(broken.or((highest(conn, doing)? != seq).then_some(Break::Missing { seq: seq + 1 })))
}

/// The highest position ever given.
fn highest(conn: &Conn, doing: &'static str) -> Result<i64, StoreError> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'journal'";
    Ok(conn.first(doing, sql, [], |r| r.get("seq"))?.unwrap_or(0))
}

fn hash(prev: &[u8; 32], seq: i64, entry: &NewEntry) -> [u8; 32] {
    let order = entry.order.map(|o| o.to_string()).unwrap_or_default();
    let shot = entry.shot.map(|s| s.to_string()).unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(prev);
    hash.update(seq.to_be_bytes());
    hash.update(entry.at.0.to_be_bytes());
    for part in [&entry.who, &entry.what, &order, &shot, &entry.detail] {
        // With its length before it, so that no text can be moved from one part to the next.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

fn read(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        seq: row.get("seq")?,
        entry: NewEntry {
            at: row.time("at_ms")?,
            who: row.get("who")?,
            what: row.get("what")?,
            order: row.parse_opt("order_id")?,
            shot: row.parse_opt("shot_id")?,
            detail: row.get("detail")?,
        },
        prev: row.get("prev")?,
        hash: row.get("hash")?,
    })
}
