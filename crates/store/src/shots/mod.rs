//! Table `shots`: every release of the shutter and what became of it.
use crate::conn::{Conn, Row, Tx, number};
use crate::error::StoreError;
use crate::slots::SlotId;
use domain::{BlobId, CampaignId, OrderId, RectPx, ShotId, SizePx, UtcMs, Verdict};
use rusqlite::named_params;

/// Longest list of findings, in bytes of JSON.
pub const MAX_FINDINGS_BYTES: usize = 256 << 10;

/// What became of a shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// Not decided; after a crash the desk asks.
    Unconfirmed,
    /// Its photo went into an order.
    Accepted,
    /// Another one was taken in its place.
    Retaken,
    /// Thrown away on purpose.
    Discarded,
    /// Taken with no open slot.
    Orphan,
}

impl Fate {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Unconfirmed,
        Self::Accepted,
        Self::Retaken,
        Self::Discarded,
        Self::Orphan,
    ];
    /// The stable word.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Accepted => "accepted",
            Self::Retaken => "retaken",
            Self::Discarded => "discarded",
            Self::Orphan => "orphan",
        }
    }
    /// Reads [`Fate::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.id() == id)
    }
}

/// A shot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shot {
    /// Identifier.
    pub id: ShotId,
    /// The campaign that was active.
    pub campaign: Option<CampaignId>,
    /// The slot that was open, or to which an orphan was given.
    pub slot: Option<SlotId>,
    /// The photo, put before.
    pub blob: BlobId,
    /// Bytes of the plain photo.
    pub bytes: u64,
    /// When the shutter fell.
    pub captured_at: UtcMs,
    /// The camera's own count.
    pub camera_sequence: u64,
    /// Size after the orientation tag.
    pub original: SizePx,
    /// Crop on the original, once checked and found.
    pub crop: Option<RectPx>,
    /// The check's answer, once there.
    pub verdict: Option<Verdict>,
    /// All findings as the caller's JSON, once there.
    pub findings_json: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// Since when.
    pub fate_at: UtcMs,
    /// The order its photo went into.
    pub order: Option<OrderId>,
}

/// A shot just taken. It starts unconfirmed, or as an orphan when no slot was open.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct NewShot {
    pub id: ShotId,
    pub campaign: Option<CampaignId>,
    pub slot: Option<SlotId>,
    pub blob: BlobId,
    pub bytes: u64,
    pub captured_at: UtcMs,
    pub camera_sequence: u64,
    pub original: SizePx,
}

/// What the check said of a shot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Crop on the original, when one was found.
    pub crop: Option<RectPx>,
    /// The overall verdict.
    pub verdict: Verdict,
    /// All findings, as the caller's JSON.
    pub findings_json: String,
}

/// Shots by what became of them; the sum is every release of the shutter that brought a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct ShotCounts {
    pub unconfirmed: u32,
    pub accepted: u32,
    pub retaken: u32,
    pub discarded: u32,
    pub orphan: u32,
}

/// Saves a shot whose photo is in the store already.
///
/// # Errors
/// [`StoreError::Taken`] when the id is known, or when the database fails.
pub fn put(tx: &Tx, shot: &NewShot) -> Result<(), StoreError> {
    let doing = "saving a shot";
    let fate = if shot.slot.is_some() {
        Fate::Unconfirmed
    } else {
        Fate::Orphan
    };
    let params = named_params! {
        ":id": shot.id.to_string(),
        ":campaign_id": shot.campaign.map(|c| c.to_string()),
        ":slot_id": shot.slot.map(|s| s.0),
        ":blob": shot.blob.0,
        ":bytes": number(shot.bytes, doing, "the photo")?,
        ":captured_at_ms": shot.captured_at.0,
        ":camera_sequence": number(shot.camera_sequence, doing, "the camera's count")?,
        ":original_width": shot.original.width,
        ":original_height": shot.original.height,
        ":fate": fate.id(),
    };
    tx.run(doing, include_str!("put.sql"), params).map(drop)
}

/// Saves what the check said.
///
/// # Errors
/// [`StoreError::Unknown`] when there is no such shot, or when the database fails.
pub fn judge(tx: &Tx, id: ShotId, judgement: &Judgement) -> Result<(), StoreError> {
    let doing = "saving a verdict";
    if judgement.findings_json.len() > MAX_FINDINGS_BYTES {
        return Err(StoreError::TooLarge {
            doing,
            what: "the findings",
        });
    }
    let params = named_params! {
        ":id": id.to_string(),
        ":crop_x": judgement.crop.map(|c| c.x),
        ":crop_y": judgement.crop.map(|c| c.y),
        ":crop_width": judgement.crop.map(|c| c.width),
        ":crop_height": judgement.crop.map(|c| c.height),
        ":verdict": judgement.verdict.id(),
        ":findings_json": judgement.findings_json,
    };
    changed(tx, doing, include_str!("judge.sql"), params)
}

/// The shot's photo went into this order.
///
/// # Errors
/// [`StoreError::Unknown`] when there is no such shot, or when the database fails.
pub fn accept(tx: &Tx, id: ShotId, order: OrderId, at: UtcMs) -> Result<(), StoreError> {
    let sql = "UPDATE shots SET fate = 'accepted', order_id = ?, fate_at_ms = ? WHERE id = ?";
    changed(tx, "accepting a shot", sql, (order.to_string(), at.0, id.to_string()))
}

/// Anything but acceptance became of the shot; it belongs to no order (any more).
///
/// # Errors
/// [`StoreError::Unknown`] when there is no such shot or the fate is [`Fate::Accepted`], or when the database fails.
pub fn set_fate(tx: &Tx, id: ShotId, fate: Fate, at: UtcMs) -> Result<(), StoreError> {
    let doing = "deciding on a shot";
    if fate == Fate::Accepted {
        return Err(StoreError::Unknown { doing, what: "order" });
    }
    let sql = "UPDATE shots SET fate = ?, order_id = NULL, fate_at_ms = ? WHERE id = ?";
    changed(tx, doing, sql, (fate.id(), at.0, id.to_string()))
}

/// Gives an orphan to a slot; its fate is open again.
///
/// # Errors
/// [`StoreError::Unknown`] when it is no orphan, or when the database fails.
pub fn assign(tx: &Tx, id: ShotId, slot: SlotId, at: UtcMs) -> Result<(), StoreError> {
    let sql = "UPDATE shots SET slot_id = ?, fate = 'unconfirmed', fate_at_ms = ? WHERE id = ? AND fate = 'orphan'";
    changed(tx, "giving an orphan to a slot", sql, (slot.0, at.0, id.to_string()))
}

/// A shot by id.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, id: ShotId) -> Result<Option<Shot>, StoreError> {
    conn.first(
        "reading a shot",
        "SELECT * FROM shots WHERE id = ?",
        [id.to_string()],
        read,
    )
}

/// Shots whose fate is open, oldest first. Asked for at the start, they are those a crash cut off.
///
/// # Errors
/// When the database fails.
pub fn unconfirmed(conn: &Conn) -> Result<Vec<Shot>, StoreError> {
    with_fate(conn, Fate::Unconfirmed)
}

/// Shots that belong to no slot, oldest first.
///
/// # Errors
/// When the database fails.
pub fn orphans(conn: &Conn) -> Result<Vec<Shot>, StoreError> {
    with_fate(conn, Fate::Orphan)
}

/// Shots of a slot, oldest first.
///
/// # Errors
/// When the database fails.
pub fn by_slot(conn: &Conn, slot: SlotId) -> Result<Vec<Shot>, StoreError> {
    let sql = "SELECT * FROM shots WHERE slot_id = ? ORDER BY captured_at_ms, id";
    conn.all("listing the shots of a slot", sql, [slot.0], read)
}

/// Shots whose photo is this one, oldest first; the findings of an order's photo are found by it.
///
/// # Errors
/// When the database fails.
pub fn by_photo(conn: &Conn, blob: &BlobId) -> Result<Vec<Shot>, StoreError> {
    let sql = "SELECT * FROM shots WHERE blob = ? ORDER BY captured_at_ms, id";
    conn.all("listing the shots of a photo", sql, [blob.0], read)
}

/// The latest shots, newest first.
///
/// # Errors
/// When the database fails.
pub fn latest(conn: &Conn, limit: u32) -> Result<Vec<Shot>, StoreError> {
    let sql = "SELECT * FROM shots ORDER BY captured_at_ms DESC, id DESC LIMIT ?";
    conn.all("listing the latest shots", sql, [limit], read)
}

/// Shots of a campaign taken from a moment on, oldest first.
///
/// # Errors
/// When the database fails.
pub fn since(conn: &Conn, campaign: CampaignId, from: UtcMs) -> Result<Vec<Shot>, StoreError> {
    let sql = "SELECT * FROM shots WHERE captured_at_ms >= ?2 AND campaign_id = ?1 ORDER BY captured_at_ms, id";
    conn.all("listing the shots of a day", sql, (campaign.to_string(), from.0), read)
}

/// How many shots met which fate; of one campaign, or of all.
///
/// # Errors
/// When the database fails.
pub fn counts(conn: &Conn, campaign: Option<CampaignId>) -> Result<ShotCounts, StoreError> {
    let sql = "SELECT fate, count(*) AS n FROM shots WHERE ?1 IS NULL OR campaign_id = ?1 GROUP BY fate";
    let rows = conn.all("counting shots", sql, [campaign.map(|c| c.to_string())], |r| {
        Ok((r.word("fate", Fate::from_id)?, r.get("n")?))
    })?;
    let mut counts = ShotCounts::default();
    for (fate, n) in rows {
        match fate {
            Fate::Unconfirmed => counts.unconfirmed = n,
            Fate::Accepted => counts.accepted = n,
            Fate::Retaken => counts.retaken = n,
            Fate::Discarded => counts.discarded = n,
            Fate::Orphan => counts.orphan = n,
        }
    }
    Ok(counts)
}

fn with_fate(conn: &Conn, fate: Fate) -> Result<Vec<Shot>, StoreError> {
    let sql = "SELECT * FROM shots WHERE fate = ? ORDER BY captured_at_ms, id";
    conn.all("listing shots", sql, [fate.id()], read)
}

fn changed(tx: &Tx, doing: &'static str, sql: &str, params: impl rusqlite::Params) -> Result<(), StoreError> {
    match tx.run(doing, sql, params)? {
        0 => Err(StoreError::Unknown { doing, what: "shot" }),
        _ => Ok(()),
    }
}

pub(crate) fn read(row: &Row) -> Result<Shot, StoreError> {
    let crop = match row.get::<Option<u32>>("crop_x")? {
        Some(x) => Some(RectPx {
            x,
            y: row.get("crop_y")?,
            width: row.get("crop_width")?,
            height: row.get("crop_height")?,
        }),
        None => None,
    };
    Ok(Shot {
        id: row.parse("id")?,
        campaign: row.parse_opt("campaign_id")?,
        slot: row.get::<Option<i64>>("slot_id")?.map(SlotId),
        blob: row.blob("blob")?,
        bytes: row.u64("bytes")?,
        captured_at: row.time("captured_at_ms")?,
        camera_sequence: row.u64("camera_sequence")?,
        original: SizePx {
            width: row.get("original_width")?,
            height: row.get("original_height")?,
        },
        crop,
        verdict: row.word_opt("verdict", verdict_of)?,
        findings_json: row.get("findings_json")?,
        fate: row.word("fate", Fate::from_id)?,
        fate_at: row.time("fate_at_ms")?,
        order: row.parse_opt("order_id")?,
    })
}

fn verdict_of(id: &str) -> Option<Verdict> {
    [Verdict::Pass, Verdict::Warn, Verdict::NotMeasured, Verdict::Fail]
        .into_iter()
        .find(|v| v.id() == id)
}
