//! Tables `receipts` and `receipt_entries`: what the center has signed for. The signature is checked before it comes here.
use crate::conn::{Conn, Tx};
use crate::error::StoreError;
use domain::{BlobId, OpId, OrderId, UtcMs};

/// Longest receipt, in bytes: one answer covers at most 100 ops.
pub const MAX_RECEIPT_BYTES: usize = 64 << 10;

/// A receipt as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When the center signed.
    pub at: UtcMs,
    /// When it came in.
    pub received_at: UtcMs,
    /// The document as received, to be shown and verified again later.
    pub bytes: Vec<u8>,
    /// The center's signature, base64.
    pub signature: String,
    /// What it covers.
    pub entries: Vec<Entry>,
}

/// One op the center holds, and the photo it has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The op.
    pub op: OpId,
    /// The photo whose bytes the center holds.
    pub blob: Option<BlobId>,
}

/// Photos of orders: how many the center has signed for, of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct PhotosSafe {
    pub safe: u32,
    pub total: u32,
}

/// Saves a receipt. The same again changes nothing.
///
/// # Errors
/// When it names an op that is not in the outbox, is too long, or the database fails.
pub fn put(tx: &Tx, receipt: &Receipt) -> Result<(), StoreError> {
    let doing = "saving a receipt";
    if receipt.bytes.len() > MAX_RECEIPT_BYTES {
        return Err(StoreError::TooLarge {
            doing,
            what: "the receipt",
        });
    }
    let sql =
        "INSERT INTO receipts (at_ms, received_at_ms, bytes, signature) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    let Receipt {
        at,
        received_at,
        bytes,
        signature,
        entries,
    } = receipt;
    if tx.run(doing, sql, (at.0, received_at.0, bytes, signature))? == 0 {
        return Ok(());
    }
    let id = tx.sqlite().last_insert_rowid();
    for entry in entries {
        if crate::outbox::get(tx, entry.op)?.is_none() {
            return Err(StoreError::Unknown { doing, what: "op" });
        }
        let sql = "INSERT INTO receipt_entries VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
        tx.run(doing, sql, (id, entry.op.to_string(), entry.blob.map(|b| b.0)))?;
    }
    Ok(())
}

/// Receipts that cover ops of an order, newest first.
///
/// # Errors
/// When the database fails.
pub fn of_order(conn: &Conn, order: OrderId) -> Result<Vec<Receipt>, StoreError> {
    let doing = "reading an order's receipts";
    let found = conn.all(doing, include_str!("of_order.sql"), [order.to_string()], |r| {
        let receipt = Receipt {
            at: r.time("at_ms")?,
            received_at: r.time("received_at_ms")?,
            bytes: r.get("bytes")?,
            signature: r.get("signature")?,
            entries: Vec::new(),
        };
        Ok((r.get::<i64>("id")?, receipt))
    })?;
    let sql = "SELECT op_id, blob FROM receipt_entries WHERE receipt_id = ? ORDER BY op_id";
    let with_entries = |(id, mut receipt): (i64, Receipt)| {
        let read = |r: &crate::conn::Row| {
            Ok(Entry {
                op: r.parse("op_id")?,
                blob: r.blob_opt("blob")?,
            })
        };
        receipt.entries = conn.all(doing, sql, [id], read)?;
        Ok(receipt)
    };
    found.into_iter().map(with_entries).collect()
}

/// How many of the orders' photos the center has signed for.
///
/// # Errors
/// When the database fails.
pub fn photos_safe(conn: &Conn) -> Result<PhotosSafe, StoreError> {
    let found = conn.first("counting safe photos", include_str!("photos_safe.sql"), [], |r| {
        Ok(PhotosSafe {
            safe: r.get("safe")?,
            total: r.get("total")?,
        })
    })?;
    Ok(found.unwrap_or_default())
}
