//! Table `slots`: a person's turn in front of the camera. A scan opens exactly one; at most one is open.
use crate::conn::{Conn, Row, Tx};
use crate::error::StoreError;
use domain::{CampaignId, OrderId, PersonKey, UtcMs};

/// A slot of this station, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotId(pub i64);

/// A slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Identifier.
    pub id: SlotId,
    /// The campaign.
    pub campaign: CampaignId,
    /// Who sits.
    pub person: PersonKey,
    /// The rejected order a new photo is for.
    pub retake_of: Option<OrderId>,
    /// When it was opened.
    pub opened_at: UtcMs,
    /// When it was closed.
    pub closed_at: Option<UtcMs>,
    /// Shots taken in it.
    pub shots: u32,
}

/// A slot to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSlot {
    /// The campaign.
    pub campaign: CampaignId,
    /// Who sits.
    pub person: PersonKey,
    /// The rejected order a new photo is for.
    pub retake_of: Option<OrderId>,
    /// Now.
    pub opened_at: UtcMs,
}

/// Opens a slot.
///
/// # Errors
/// [`StoreError::Taken`] while another is open, or when the database fails.
pub fn open(tx: &Tx, slot: &NewSlot) -> Result<SlotId, StoreError> {
    let sql = "INSERT INTO slots (campaign_id, person_key, retake_of, opened_at_ms) VALUES (?, ?, ?, ?)";
    let retake_of = slot.retake_of.map(|o| o.to_string());
    tx.run(
        "opening a slot",
        sql,
        (
            slot.campaign.to_string(),
            slot.person.text(),
            retake_of,
            slot.opened_at.0,
        ),
    )?;
    Ok(SlotId(tx.sqlite().last_insert_rowid()))
}

/// Closes a slot. Closing it again changes nothing.
///
/// # Errors
/// When the database fails.
pub fn close(tx: &Tx, id: SlotId, at: UtcMs) -> Result<(), StoreError> {
    let sql = "UPDATE slots SET closed_at_ms = ? WHERE id = ? AND closed_at_ms IS NULL";
    tx.run("closing a slot", sql, (at.0, id.0)).map(drop)
}

/// Opens a closed slot again, as when an accepted photo is taken back.
///
/// # Errors
/// [`StoreError::Taken`] while another is open, or when the database fails.
pub fn reopen(tx: &Tx, id: SlotId) -> Result<(), StoreError> {
    tx.run(
        "opening a slot again",
        "UPDATE slots SET closed_at_ms = NULL WHERE id = ?",
        [id.0],
    )
    .map(drop)
}

/// A slot by id.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, id: SlotId) -> Result<Option<Slot>, StoreError> {
    let sql = "SELECT *, (SELECT count(*) FROM shots WHERE slot_id = slots.id) AS shots FROM slots WHERE id = ?";
    conn.first("reading a slot", sql, [id.0], read)
}

/// The open slot: after a crash, the one that was open.
///
/// # Errors
/// When the database fails.
pub fn open_now(conn: &Conn) -> Result<Option<Slot>, StoreError> {
    let sql = "SELECT *, (SELECT count(*) FROM shots WHERE slot_id = slots.id) AS shots FROM slots \
               WHERE closed_at_ms IS NULL";
    conn.first("reading the open slot", sql, [], read)
}

fn read(row: &Row) -> Result<Slot, StoreError> {
    Ok(Slot {
        id: SlotId(row.get("id")?),
        campaign: row.parse("campaign_id")?,
        person: row.word("person_key", PersonKey::from_text)?,
        retake_of: row.parse_opt("retake_of")?,
        opened_at: row.time("opened_at_ms")?,
        closed_at: row.get::<Option<i64>>("closed_at_ms")?.map(UtcMs),
        shots: row.get("shots")?,
    })
}
