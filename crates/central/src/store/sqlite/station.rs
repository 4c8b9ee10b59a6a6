//! Table `station`.
use super::query::{cell, change, count, many, one, parsed, signed};
use crate::store::{SchoolCode, StationRow, Stored};
use domain::{StationId, UtcMs};
use rusqlite::{Connection, Row};

fn read(row: &Row<'_>) -> Stored<StationRow> {
    Ok(StationRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        id: parsed(row, "station_id")?,
        name: cell(row, "name")?,
        public_key: cell(row, "public_key")?,
        app_version: cell(row, "app_version")?,
        enrolled_at: UtcMs(cell(row, "enrolled_at_ms")?),
        revoked_at: cell::<Option<i64>>(row, "revoked_at_ms")?.map(UtcMs),
        feed_seq: count(row, "feed_seq")?,
        feed_floor: count(row, "feed_floor")?,
    })
}

pub fn get(connection: &Connection, id: &StationId) -> Stored<Option<StationRow>> {
    let sql = "SELECT * FROM station WHERE station_id = ?1";
    one(connection, "reading a station", sql, [id.to_string()], read)
}

pub fn list(connection: &Connection, school: Option<&SchoolCode>) -> Stored<Vec<StationRow>> {
    let sql = "SELECT * FROM station WHERE ?1 IS NULL OR school_id = ?1 ORDER BY enrolled_at_ms, station_id";
    many(
        connection,
        "listing stations",
        sql,
        [school.map(SchoolCode::as_str)],
        read,
    )
}

pub fn put(connection: &Connection, s: &StationRow) -> Stored<()> {
    let params = (
        s.school.as_str(),
        s.id.to_string(),
        &s.name,
        s.public_key,
        &s.app_version,
        s.enrolled_at.0,
        s.revoked_at.map(|t| t.0),
        signed(s.feed_seq),
        signed(s.feed_floor),
    );
    change(connection, "writing a station", include_str!("station_put.sql"), params).map(|_| ())
}
