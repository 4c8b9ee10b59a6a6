//! Table `feed`, and the counter of each station that gives its events their places.
use crate::error::CentralError;
use crate::store::sql::{cell, count, json, params, parsed, signed};
use crate::store::{ReadRows, SchoolCode, StationRow, Stored, WriteRows};
use domain::{StationId, UtcMs};
use wire::feed::{FeedBody, FeedEvent};

/// Farther than any feed grows between a backup and the loss of its center.
const RESTART_GAP: i64 = 1_000_000_000;

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// Feed events of a station after a position, at most `limit`.
    pub fn feed(&self, station: &StationRow, after: u64, limit: usize) -> Stored<Vec<FeedEvent>> {
        let sql = "SELECT seq, at_ms, body FROM feed WHERE school_id = ?1 AND station_id = ?2 AND seq > ?3
         ORDER BY seq LIMIT ?4";
        let params = params![
            station.school.as_str(),
            station.id.to_string(),
            signed(after),
            crate::store::sql::limit(limit),
        ];
        self.many("reading a feed", sql, params, |row| {
            Ok(FeedEvent {
                seq: count(row, "seq")?,
                at_ms: cell(row, "at_ms")?,
                body: json(row, "body")?,
            })
        })
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Bumps the station's feed counter and adds the event at it. The counter is bumped in the transaction that makes the change: events get their places in the order of the commits.
    pub fn push_feed(&self, school: &SchoolCode, station: &StationId, at: UtcMs, body: &FeedBody) -> Stored<u64> {
        let bump =
            "UPDATE station SET feed_seq = feed_seq + 1 WHERE school_id = ?1 AND station_id = ?2 RETURNING feed_seq";
        let to = params![school.as_str(), station.to_string()];
        let seq: i64 = self
            .one("bumping a feed", bump, to, |row| cell(row, "feed_seq"))?
            .ok_or_else(|| CentralError::not_found("station", station))?;
        let insert = "INSERT INTO feed (school_id, station_id, seq, at_ms, body) VALUES (?1, ?2, ?3, ?4, ?5)";
        let params = params![
            school.as_str(),
            station.to_string(),
            seq,
            at.0,
            serde_json::to_string(body)?,
        ];
        self.change("adding to a feed", insert, params)?;
        u64::try_from(seq).map_err(|_| CentralError::corrupt("feed_seq"))
    }

    /// [`WriteRows::push_feed`] for every station of a school that is not revoked, but one; gives those that were told. Two statements
    /// however many there are.
    pub fn push_feed_of_others(
        &self,
        school: &SchoolCode,
        but: &StationId,
        at: UtcMs,
        body: &FeedBody,
    ) -> Stored<Vec<StationId>> {
        let bump = "UPDATE station SET feed_seq = feed_seq + 1
         WHERE school_id = ?1 AND station_id <> ?2 AND revoked_at_ms IS NULL RETURNING station_id";
        let to = params![school.as_str(), but.to_string()];
        let told = self.many("bumping the feeds of a school", bump, to, |row| {
            parsed(row, "station_id")
        })?;
        if !told.is_empty() {
            let insert = "INSERT INTO feed (school_id, station_id, seq, at_ms, body)
             SELECT s.school_id, s.station_id, s.feed_seq, ?3, ?4 FROM station s
             WHERE s.school_id = ?1 AND s.station_id <> ?2 AND s.revoked_at_ms IS NULL";
            let params = params![school.as_str(), but.to_string(), at.0, serde_json::to_string(body)?];
            self.change("adding to the feeds of a school", insert, params)?;
        }
        Ok(told)
    }

    /// Forgets events recorded before this time and remembers how far each feed was cut. Each feed is cut from its beginning only, up to the latest event that is too old.
    pub fn prune_feeds(&self, before: UtcMs) -> Stored<usize> {
        let floor =
            "UPDATE station SET feed_floor = (SELECT MAX(f.seq) FROM feed f WHERE f.school_id = station.school_id
             AND f.station_id = station.station_id AND f.at_ms < ?1)
         WHERE EXISTS (SELECT 1 FROM feed f WHERE f.school_id = station.school_id
             AND f.station_id = station.station_id AND f.at_ms < ?1)";
        self.change("cutting feeds", floor, params![before.0])?;
        let cut = "DELETE FROM feed WHERE at_ms < ?1 OR seq <= (SELECT s.feed_floor FROM station s
         WHERE s.school_id = feed.school_id AND s.station_id = feed.station_id)";
        self.change("cutting feeds", cut, params![before.0])
    }

    /// Moves every feed to a far position with nothing kept before it, so that every station takes a snapshot. A restored feed must not reuse places the lost center had given out: stations would miss what is new at them.
    pub fn restart_feeds(&self) -> Stored<()> {
        let jump = "UPDATE station SET feed_floor = feed_seq + ?1, feed_seq = feed_seq + ?1";
        self.change("restarting feeds", jump, params![RESTART_GAP])?;
        self.change("restarting feeds", "DELETE FROM feed", params![])
            .map(|_| ())
    }
}
