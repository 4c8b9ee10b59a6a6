//! Table `feed`, and the counter of each station that gives its events their places.
use super::query::{Doing, change, count, many, signed};
use crate::error::CentralError;
use crate::store::{SchoolCode, StationRow, Stored};
use domain::{StationId, UtcMs};
use rusqlite::{Connection, OptionalExtension};
use wire::feed::{FeedBody, FeedEvent};

pub fn after(connection: &Connection, station: &StationRow, after: u64, limit: usize) -> Stored<Vec<FeedEvent>> {
    let sql = "SELECT seq, at_ms, body FROM feed WHERE school_id = ?1 AND station_id = ?2 AND seq > ?3
         ORDER BY seq LIMIT ?4";
    let params = (
        station.school.as_str(),
        station.id.to_string(),
        signed(after),
        super::query::limit(limit),
    );
    many(connection, "reading a feed", sql, params, |row| {
        Ok(FeedEvent {
            seq: count(row, "seq")?,
            at_ms: super::query::cell(row, "at_ms")?,
            body: super::query::json(row, "body")?,
        })
    })
}

/// The counter is bumped in the transaction that makes the change: events get their places in the order of the commits.
pub fn push(
    connection: &Connection,
    school: &SchoolCode,
    station: &StationId,
    at: UtcMs,
    body: &FeedBody,
) -> Stored<u64> {
    let bump = "UPDATE station SET feed_seq = feed_seq + 1 WHERE school_id = ?1 AND station_id = ?2 RETURNING feed_seq";
    let seq: i64 = connection
        .prepare_cached(bump)
        .doing("bumping a feed")?
        .query_row((school.as_str(), station.to_string()), |row| row.get(0))
        .optional()
        .doing("bumping a feed")?
        .ok_or_else(|| CentralError::not_found("station", station))?;
    let insert = "INSERT INTO feed (school_id, station_id, seq, at_ms, body) VALUES (?1, ?2, ?3, ?4, ?5)";
    let params = (
        school.as_str(),
        station.to_string(),
        seq,
        at.0,
        serde_json::to_string(body)?,
    );
    change(connection, "adding to a feed", insert, params)?;
    u64::try_from(seq).map_err(|_| CentralError::corrupt("feed_seq"))
}

/// Each feed is cut from its beginning only, up to the latest event that is too old.
pub fn prune(connection: &Connection, before: UtcMs) -> Stored<usize> {
    let floor = "UPDATE station SET feed_floor = (SELECT MAX(f.seq) FROM feed f WHERE f.school_id = station.school_id
             AND f.station_id = station.station_id AND f.at_ms < ?1)
         WHERE EXISTS (SELECT 1 FROM feed f WHERE f.school_id = station.school_id
             AND f.station_id = station.station_id AND f.at_ms < ?1)";
    change(connection, "cutting feeds", floor, [before.0])?;
    let cut = "DELETE FROM feed WHERE at_ms < ?1 OR seq <= (SELECT s.feed_floor FROM station s
         WHERE s.school_id = feed.school_id AND s.station_id = feed.station_id)";
    change(connection, "cutting feeds", cut, [before.0])
}

/// Farther than any feed grows between a backup and the loss of its center.
const RESTART_GAP: i64 = 1_000_000_000;

/// A restored feed must not reuse places the lost center had given out: stations would miss what is new at them.
pub fn restart(connection: &Connection) -> Stored<()> {
    let jump = "UPDATE station SET feed_floor = feed_seq + ?1, feed_seq = feed_seq + ?1";
    change(connection, "restarting feeds", jump, [RESTART_GAP])?;
    change(connection, "restarting feeds", "DELETE FROM feed", []).map(|_| ())
}
