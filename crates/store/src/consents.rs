//! Table `consents`: what people agreed to. A record, never changed.
use crate::conn::{Conn, Row, Tx};
use crate::error::StoreError;
use domain::ConsentId;
use domain::consent::Consent;

/// Records a consent. The same again changes nothing.
///
/// # Errors
/// [`StoreError::Taken`] when the id stands for another consent, or when the database fails.
pub fn put(tx: &Tx, consent: &Consent) -> Result<(), StoreError> {
    let doing = "recording a consent";
    let Consent {
        id,
        text_version,
        language,
        at,
        asked_by,
    } = consent;
    let sql = "INSERT INTO consents VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    let new = tx.run(doing, sql, (id.to_string(), text_version, language, at.0, asked_by))? > 0;
    if new || get(tx, *id)?.as_ref() == Some(consent) {
        Ok(())
    } else {
        Err(StoreError::Taken { doing })
    }
}

/// A consent by id.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, id: ConsentId) -> Result<Option<Consent>, StoreError> {
    conn.first(
        "reading a consent",
        "SELECT * FROM consents WHERE id = ?",
        [id.to_string()],
        read,
    )
}

fn read(row: &Row) -> Result<Consent, StoreError> {
    Ok(Consent {
        id: row.parse("id")?,
        text_version: row.get("text_version")?,
        language: row.get("language")?,
        at: row.time("at_ms")?,
        asked_by: row.get("asked_by")?,
    })
}
