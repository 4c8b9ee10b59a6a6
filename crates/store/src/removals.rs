//! Table `removed_photos`: photos whose bytes may leave the station, and the proof without which none does.
use crate::conn::{Conn, Tx};
use crate::error::StoreError;
use domain::{BlobId, UtcMs};

/// Proof that a photo may be deleted: made here alone, used up by [`crate::Blobs::remove`].
#[derive(Debug)]
pub struct Removable(BlobId);

impl Removable {
    /// The photo.
    pub const fn id(&self) -> BlobId {
        self.0
    }
}

/// Why a photo stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// No order has it, so no receipt can cover it.
    NoOrder,
    /// The center has not signed for it.
    NoReceipt,
    /// An op that needs it is not settled, or the desk has not decided on its shot.
    InUse,
    /// Its retention time ends later.
    Until(UtcMs),
}

/// Whether a photo may be deleted.
#[derive(Debug)]
pub enum Removal {
    /// It may, and this was noted. Hand it to [`crate::Blobs::remove`] once the transaction is committed.
    Allowed(Removable),
    /// It stays.
    Kept(Kept),
}

/// Decides on a photo, and notes the removal when it is allowed: a receipt, nothing that still needs it, and the retention time
/// over since the receipt came in. What was taken beside an accepted photo and is in no order goes when that one may.
///
/// # Errors
/// When the database fails.
pub fn decide(tx: &Tx, blob: &BlobId, retention_ms: i64, now: UtcMs) -> Result<Removal, StoreError> {
    if let Some(kept) = kept(tx, blob, retention_ms, now)? {
        return Ok(Removal::Kept(kept));
    }
    let sql = "INSERT INTO removed_photos VALUES (?, ?) ON CONFLICT DO NOTHING";
    tx.run("noting a removed photo", sql, (blob.0, now.0))?;
    Ok(Removal::Allowed(Removable(*blob)))
}

/// All photos that went.
///
/// # Errors
/// When the database fails.
pub fn all(conn: &Conn) -> Result<Vec<BlobId>, StoreError> {
    conn.all("listing removed photos", "SELECT blob FROM removed_photos", [], |r| {
        r.blob("blob")
    })
}

fn kept(conn: &Conn, blob: &BlobId, retention_ms: i64, now: UtcMs) -> Result<Option<Kept>, StoreError> {
    let doing = "deciding whether a photo may go";
    let count = |sql| conn.count(doing, sql, [blob.0]);
    let beside = if count("SELECT count(*) AS n FROM photo_revisions WHERE blob = ?")? == 0 {
        match taken_instead(conn, blob)? {
            None => return Ok(Some(Kept::NoOrder)),
            beside => beside,
        }
    } else {
        None
    };
    let in_use = count("SELECT count(*) AS n FROM outbox WHERE blob = ? AND state <> 'acknowledged'")?
        + count("SELECT count(*) AS n FROM shots WHERE blob = ? AND fate IN ('unconfirmed', 'orphan')")?;
    if in_use > 0 {
        return Ok(Some(Kept::InUse));
    }
    for accepted in beside.iter().flatten() {
        if let Some(why) = kept(conn, accepted, retention_ms, now)? {
            return Ok(Some(why));
        }
    }
    if beside.is_some() {
        return Ok(None);
    }
    let sql = "SELECT max(received_at_ms) AS at FROM receipts JOIN receipt_entries ON receipt_id = id WHERE blob = ?";
    let at = conn
        .first(doing, sql, [blob.0], |r| r.get::<Option<i64>>("at"))?
        .flatten();
    Ok(match at.map(|at| UtcMs(at).plus(retention_ms)) {
        None => Some(Kept::NoReceipt),
        Some(until) if until > now => Some(Kept::Until(until)),
        Some(_) => None,
    })
}

/// Of a photo that is in no order, the photos that were taken instead of it: further frames of a burst and shots taken again go with the
/// accepted one of their slot. None when one of its shots has none beside it.
fn taken_instead(conn: &Conn, blob: &BlobId) -> Result<Option<Vec<BlobId>>, StoreError> {
    let sql = "SELECT s.fate = 'retaken' AS is_retaken, a.blob AS accepted FROM shots s \
               LEFT JOIN shots a ON a.slot_id = s.slot_id AND a.fate = 'accepted' WHERE s.blob = ?";
    let found = conn.all("looking for what was taken instead", sql, [blob.0], |r| {
        let is_retaken = r.get::<bool>("is_retaken")?;
        Ok(r.get::<Option<[u8; 32]>>("accepted")?
            .filter(|_| is_retaken)
            .map(BlobId))
    })?;
    let all: Option<Vec<BlobId>> = found.into_iter().collect();
    Ok(all.filter(|all| !all.is_empty() && all.iter().all(|a| a != blob)))
}
