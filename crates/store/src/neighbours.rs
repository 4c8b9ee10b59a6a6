//! Table `neighbours`: which stations of the school were heard on the LAN, and how far each was listened to.
use crate::conn::{Conn, Row, Tx, number};
use crate::error::StoreError;
use crate::told::{self, Mark};
use domain::StationId;
use rusqlite::named_params;

/// Most neighbours kept. A school has some dozens of stations.
pub const MAX: u32 = 512;

/// A station of the same school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its id.
    pub station: StationId,
    /// The name people give it.
    pub name: String,
    /// Its lines were heard up to here.
    pub heard: Mark,
}

/// A neighbour by id.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, station: StationId) -> Result<Option<Neighbour>, StoreError> {
    let sql = "SELECT * FROM neighbours WHERE station_id = ?";
    conn.first("reading a neighbour", sql, [station.to_string()], read)
}

/// All neighbours.
///
/// # Errors
/// When the database fails.
pub fn all(conn: &Conn) -> Result<Vec<Neighbour>, StoreError> {
    let sql = "SELECT * FROM neighbours ORDER BY station_id LIMIT ?";
    conn.all("listing neighbours", sql, [MAX], read)
}

/// Saves a neighbour.
///
/// # Errors
/// [`StoreError::TooLarge`] when there are [`MAX`] others already, or when the database fails.
pub fn put(tx: &Tx, neighbour: &Neighbour) -> Result<(), StoreError> {
    let doing = "saving a neighbour";
    let id = neighbour.station.to_string();
    let others = tx.count(
        doing,
        "SELECT count(*) AS n FROM neighbours WHERE station_id <> ?",
        [&id],
    )?;
    if others >= MAX {
        return Err(StoreError::TooLarge {
            doing,
            what: "the number of neighbours",
        });
    }
    let params = named_params! {
        ":station_id": id,
        ":name": neighbour.name,
        ":seq": number(neighbour.heard.seq, doing, "the line's number")?,
        ":mark": neighbour.heard.mark,
    };
    let sql = "INSERT OR REPLACE INTO neighbours (station_id, name, seq, mark)
        VALUES (:station_id, :name, :seq, :mark)";
    tx.run(doing, sql, params).map(drop)
}

fn read(row: &Row) -> Result<Neighbour, StoreError> {
    Ok(Neighbour {
        station: row.parse("station_id")?,
        name: row.get("name")?,
        heard: told::mark(row)?,
    })
}
