//! Tables `feed` and `school_feed`: one feed for each school, and the counter that gives its events their places. An event is written
//! once, however many stations it is for; each station reads those that are for it.
use crate::store::sql::{Row, cell, count, json, params, parsed_if_any, signed};
use crate::store::{Hearers, ReadRows, SchoolCode, StationRow, Stored, WriteRows};
use domain::UtcMs;
use std::ops::RangeInclusive;
use wire::feed::{FeedBody, FeedEvent};

/// Farther than any feed grows between a backup and the loss of its center.
const RESTART_GAP: i64 = 1_000_000_000;

fn read(row: &Row) -> Stored<FeedEvent> {
    Ok(FeedEvent {
        seq: count(row, "seq")?,
        at_ms: cell(row, "at_ms")?,
        body: json(row, "body")?,
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// Events at these places of a school's feed that are for this station, at most `limit`.
    pub fn feed(&self, station: &StationRow, places: RangeInclusive<u64>, limit: usize) -> Stored<Vec<FeedEvent>> {
        let sql = "SELECT seq, at_ms, body FROM feed WHERE school_id = ?1 AND seq >= ?2 AND seq <= ?3
         AND (only_station = ?4 OR only_station IS NULL AND (but_station IS NULL OR but_station <> ?4))
         ORDER BY seq LIMIT ?5";
        let params = params![
            station.school.as_str(),
            signed(*places.start()),
            signed(*places.end()),
            station.id.to_string(),
            crate::store::sql::limit(limit),
        ];
        self.many("reading a feed", sql, params, read)
    }

    /// The latest place of a school's feed; 0 before its first station.
    pub fn feed_end(&self, school: &SchoolCode) -> Stored<u64> {
        let sql = "SELECT seq FROM school_feed WHERE school_id = ?1";
        let found = self.one("reading a feed's counter", sql, params![school.as_str()], |row| {
            count(row, "seq")
        })?;
        Ok(found.unwrap_or(0))
    }

    /// Events of a school's feed after a place, whomever they are for, at most `limit`.
    pub fn whole_feed(&self, school: &SchoolCode, after: u64, limit: usize) -> Stored<Vec<(FeedEvent, Hearers)>> {
        let sql = "SELECT seq, only_station, but_station, at_ms, body FROM feed WHERE school_id = ?1 AND seq > ?2
         ORDER BY seq LIMIT ?3";
        let params = params![school.as_str(), signed(after), crate::store::sql::limit(limit)];
        self.many("reading a school's feed", sql, params, |row| {
            let only = parsed_if_any(row, "only_station")?.map(Hearers::Only);
            let but = parsed_if_any(row, "but_station")?.map(Hearers::AllBut);
            Ok((read(row)?, only.or(but).unwrap_or(Hearers::All)))
        })
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds an event to a school's feed; a school without stations has none. The counter is moved in the transaction that makes the
    /// change: events get their places in the order of the commits.
    pub fn push_feed(&self, school: &SchoolCode, to: Hearers, at: UtcMs, body: &FeedBody) -> Stored<()> {
        let next = "UPDATE school_feed SET seq = seq + 1 WHERE school_id = ?1";
        self.change_later("moving a feed's counter", next, params![school.as_str()])?;
        let (only, but) = match to {
            Hearers::All => (None, None),
            Hearers::Only(one) => (Some(one.to_string()), None),
            Hearers::AllBut(one) => (None, Some(one.to_string())),
        };
        let insert = "INSERT INTO feed (school_id, seq, only_station, but_station, at_ms, body)
         SELECT f.school_id, f.seq, ?2, ?3, ?4, ?5 FROM school_feed f WHERE f.school_id = ?1";
        let params = params![school.as_str(), only, but, at.0, serde_json::to_string(body)?];
        self.change_later("adding to a feed", insert, params)
    }

    /// Forgets events recorded before this time and remembers how far each feed was cut. Each feed is cut from its beginning only, up to the latest event that is too old.
    pub fn prune_feeds(&self, before: UtcMs) -> Stored<usize> {
        let floor = "UPDATE school_feed SET floor = (SELECT MAX(f.seq) FROM feed f
             WHERE f.school_id = school_feed.school_id AND f.at_ms < ?1)
         WHERE EXISTS (SELECT 1 FROM feed f WHERE f.school_id = school_feed.school_id AND f.at_ms < ?1)";
        if self.change("cutting feeds", floor, params![before.0])? == 0 {
            return Ok(0);
        }
        let cut =
            "DELETE FROM feed WHERE seq <= (SELECT s.floor FROM school_feed s WHERE s.school_id = feed.school_id)";
        self.change("cutting feeds", cut, params![])
    }

    /// Moves every feed to a far place with nothing kept before it, so that every station takes a snapshot. A restored feed must not reuse places the lost center had given out: stations would miss what is new at them.
    pub fn restart_feeds(&self) -> Stored<()> {
        let jump = "UPDATE school_feed SET floor = seq + ?1, seq = seq + ?1";
        self.change("restarting feeds", jump, params![RESTART_GAP])?;
        self.change("restarting feeds", "DELETE FROM feed", params![])
            .map(|_| ())
    }
}
