//! What a station is told: events after its cursor, or everything at once.
use crate::center::Central;
use crate::error::CentralError;
use crate::store::{OrderFilter, ReadRows, StationRow, Stored};
use crate::usecase::rosters;
use domain::StationId;
use std::ops::RangeInclusive;
use wire::MAX_EVENTS;
use wire::feed::{FeedAnswer, FeedBody, FeedEvent, Snapshot};

/// Places looked at for one answer; few of them may be for the station that asks.
const LOOKED_AT: u64 = 5_000;

/// What a station makes of places that are missing between its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// They are others'.
    Taken,
    /// Something was lost, and it would ask for a snapshot: so did stations while each had a feed of its own. They are filled with
    /// events such a station skips.
    Filled,
}

impl Gaps {
    fn looked_at(self) -> u64 {
        match self {
            Self::Taken => LOOKED_AT,
            Self::Filled => MAX_EVENTS as u64,
        }
    }
}

/// What a look at a feed came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feed {
    /// Events after the cursor, perhaps none.
    Events(FeedAnswer),
    /// The cursor is from before what is kept, or from another life of this center: a snapshot is needed.
    Expired,
}

impl Central {
    /// Events of a station after a place of its school's feed, at most [`MAX_EVENTS`]. The cursor of the answer is how far was looked:
    /// behind events for others too, which so are gone through once.
    ///
    /// # Errors
    /// When the store fails.
    pub fn feed(&self, station: &StationId, after: u64, gaps: Gaps) -> Result<Feed, CentralError> {
        self.read(|rows| {
            // Read anew: the counters of the row that authenticated the request are older than this transaction.
            let station = known(rows, station)?;
            let after = after.max(station.feed_begin);
            if after < station.feed_floor || after > station.feed_seq {
                return Ok(Feed::Expired);
            }
            let seen = station.feed_seq.min(after.saturating_add(gaps.looked_at()));
            let mut events = rows.feed(&station, after + 1..=seen, MAX_EVENTS)?;
            let full = events.len() == MAX_EVENTS;
            let cut = rosters::fill_page(rows, &station.school, &mut events)?;
            let last = events.last().map(|e| e.seq);
            let cursor = last.filter(|_| full || cut).unwrap_or(seen);
            if gaps == Gaps::Filled {
                events = filled(events, after + 1..=cursor);
            }
            Ok(Feed::Events(FeedAnswer {
                more: cursor < station.feed_seq,
                cursor,
                events,
                lan: None,
            }))
        })
    }

    /// Everything a station must know, as of one moment, and where its feed goes on from there.
    ///
    /// # Errors
    /// When the store fails.
    pub fn snapshot(&self, station: &StationId) -> Result<Snapshot, CentralError> {
        self.read(|rows| {
            let station = known(rows, station)?;
            let filter = OrderFilter {
                school: Some(station.school.clone()),
                station: Some(station.id),
                limit: usize::MAX,
                ..OrderFilter::default()
            };
            let mut orders: Vec<_> = rows.orders(&filter)?.iter().map(|row| row.status()).collect();
            orders.reverse();
            Ok(Snapshot {
                cursor: station.feed_seq,
                campaigns: rows.campaigns(Some(&station.school))?,
                orders,
                collected: rows.collected_elsewhere(&station)?,
                rosters: rosters::all(rows, &station.school)?,
            })
        })
    }
}

/// An event at each of these places: one of those given, or one that says nothing.
fn filled(events: Vec<FeedEvent>, places: RangeInclusive<u64>) -> Vec<FeedEvent> {
    let mut events = events.into_iter().peekable();
    let at = |seq| {
        events.next_if(|e| e.seq == seq).unwrap_or(FeedEvent {
            seq,
            at_ms: 0,
            body: FeedBody::Unknown,
        })
    };
    places.map(at).collect()
}

fn known(rows: &ReadRows<'_>, id: &StationId) -> Stored<StationRow> {
    rows.station(id)?.ok_or_else(|| CentralError::not_found("station", id))
}
