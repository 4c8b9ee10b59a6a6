//! Table `identity`: who this station is at its center, and how far it has read the center's feed. One row, or none.
use crate::conn::{Conn, Tx, number};
use crate::error::StoreError;
use domain::{StationId, UtcMs};
use rusqlite::named_params;
use std::fmt;
use zeroize::Zeroizing;

/// An enrolled station.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Identifier given at enrolment; also the `keyid` of its signatures.
    pub station: StationId,
    /// Name people give the station.
    pub name: String,
    /// Where the center is.
    pub center_url: String,
    /// The school it works for.
    pub school_code: String,
    /// Seed of the Ed25519 key made on the station.
    pub signing_seed: Zeroizing<[u8; 32]>,
    /// Ed25519 key the center signs receipts with.
    pub server_key: [u8; 32],
    /// What bundles for the center are sealed to, `age1…`, when the center said so.
    pub sealing_key: Option<String>,
    /// The feed was read up to here.
    pub feed_cursor: u64,
    /// When it was enrolled.
    pub enrolled_at: UtcMs,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({}, feed at {})", self.station, self.feed_cursor)
    }
}

/// The identity, once enrolled.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn) -> Result<Option<Identity>, StoreError> {
    conn.first("reading the identity", "SELECT * FROM identity", [], |r| {
        Ok(Identity {
            station: r.parse("station_id")?,
            name: r.get("name")?,
            center_url: r.get("center_url")?,
            school_code: r.get("school_code")?,
            signing_seed: Zeroizing::new(r.get("signing_seed")?),
            server_key: r.get("server_key")?,
            sealing_key: r.get("sealing_key")?,
            feed_cursor: r.u64("feed_cursor")?,
            enrolled_at: r.time("enrolled_at_ms")?,
        })
    })
}

/// Enrols the station, or enrols it again in place of what was there.
///
/// # Errors
/// When the database fails.
pub fn put(tx: &Tx, identity: &Identity) -> Result<(), StoreError> {
    let doing = "saving the identity";
    let params = named_params! {
        ":station_id": identity.station.to_string(),
        ":name": identity.name,
        ":center_url": identity.center_url,
        ":school_code": identity.school_code,
        ":signing_seed": *identity.signing_seed,
        ":server_key": identity.server_key,
        ":sealing_key": identity.sealing_key,
        ":feed_cursor": number(identity.feed_cursor, doing, "the cursor")?,
        ":enrolled_at_ms": identity.enrolled_at.0,
    };
    tx.run(doing, include_str!("put.sql"), params).map(drop)
}

/// The feed was read up to here. It never goes back; [`crate::inbox::restart`] does that.
pub(crate) fn advance_cursor(tx: &Tx, cursor: u64) -> Result<(), StoreError> {
    set_cursor(tx, "UPDATE identity SET feed_cursor = max(feed_cursor, ?)", cursor)
}

pub(crate) fn reset_cursor(tx: &Tx, cursor: u64) -> Result<(), StoreError> {
    set_cursor(tx, "UPDATE identity SET feed_cursor = ?", cursor)
}

fn set_cursor(tx: &Tx, sql: &str, cursor: u64) -> Result<(), StoreError> {
    let doing = "moving the feed's cursor";
    match tx.run(doing, sql, [number(cursor, doing, "the cursor")?])? {
        0 => Err(StoreError::Unknown {
            doing,
            what: "identity",
        }),
        _ => Ok(()),
    }
}
