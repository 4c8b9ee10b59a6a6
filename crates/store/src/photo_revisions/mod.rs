//! Table `photo_revisions`: every photo an order ever had. A retake adds a row; none is changed.
use crate::conn::{Conn, Row, Tx, joined};
use crate::error::StoreError;
use domain::order::{LocalCheck, OverrideReason, PhotoRevision};
use domain::{Measure, OrderId, RectPx, SizePx};
use rusqlite::named_params;

/// Saves a revision. The same again changes nothing.
///
/// # Errors
/// [`StoreError::Taken`] when the order has another photo as this revision, or when the database fails.
pub(crate) fn put(tx: &Tx, order: OrderId, photo: &PhotoRevision) -> Result<(), StoreError> {
    let doing = "saving a photo revision";
    let ids = |measures: &[Measure]| joined(measures.iter().map(|m| m.id()));
    let (result, failed, reason) = match &photo.check {
        LocalCheck::Passed => ("passed", String::new(), None),
        LocalCheck::Failed(failed) => ("failed", ids(failed), None),
        LocalCheck::Overridden { failed, reason } => ("overridden", ids(failed), Some(reason.id())),
    };
    let params = named_params! {
        ":order_id": order.to_string(),
        ":revision": photo.revision,
        ":blob": photo.blob.0,
        ":original_width": photo.original.width,
        ":original_height": photo.original.height,
        ":crop_x": photo.crop.x,
        ":crop_y": photo.crop.y,
        ":crop_width": photo.crop.width,
        ":crop_height": photo.crop.height,
        ":captured_at_ms": photo.captured_at.0,
        ":check_result": result,
        ":check_failed": failed,
        ":override_reason": reason,
        ":check_warned": ids(&photo.warned),
    };
    let new = tx.run(doing, include_str!("put.sql"), params)? > 0;
    if new || get(tx, order, photo.revision)?.as_ref() == Some(photo) {
        Ok(())
    } else {
        Err(StoreError::Taken { doing })
    }
}

/// A revision of an order's photo.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, order: OrderId, revision: u32) -> Result<Option<PhotoRevision>, StoreError> {
    let sql = "SELECT * FROM photo_revisions WHERE order_id = ? AND revision = ?";
    conn.first("reading a photo revision", sql, (order.to_string(), revision), read)
}

/// All revisions of an order's photo, oldest first.
///
/// # Errors
/// When the database fails.
pub fn of(conn: &Conn, order: OrderId) -> Result<Vec<PhotoRevision>, StoreError> {
    let sql = "SELECT * FROM photo_revisions WHERE order_id = ? ORDER BY revision";
    conn.all("listing photo revisions", sql, [order.to_string()], read)
}

/// Reads a revision; also from a row that joins it to its order.
pub(crate) fn read(row: &Row) -> Result<PhotoRevision, StoreError> {
    let failed = row.words("check_failed", Measure::from_id)?;
    let check = match row.get::<String>("check_result")?.as_str() {
        "passed" => LocalCheck::Passed,
        "failed" => LocalCheck::Failed(failed),
        "overridden" => LocalCheck::Overridden {
            failed,
            reason: row.word("override_reason", OverrideReason::from_id)?,
        },
        _ => return Err(row.bad("check_result")),
    };
    Ok(PhotoRevision {
        revision: row.get("revision")?,
        blob: row.blob("blob")?,
        original: SizePx {
            width: row.get("original_width")?,
            height: row.get("original_height")?,
        },
        crop: RectPx {
            x: row.get("crop_x")?,
            y: row.get("crop_y")?,
            width: row.get("crop_width")?,
            height: row.get("crop_height")?,
        },
        captured_at: row.time("captured_at_ms")?,
        check,
        warned: row.words("check_warned", Measure::from_id)?,
    })
}
