//! What a station is told: events after its cursor, or everything at once.
use crate::center::Central;
use crate::error::CentralError;
use crate::store::{OrderFilter, ReadRows, StationRow, Stored};
use crate::usecase::rosters;
use domain::StationId;
use wire::MAX_EVENTS;
use wire::feed::{FeedAnswer, Snapshot};

/// What a look at a feed came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feed {
    /// Events after the cursor, perhaps none.
    Events(FeedAnswer),
    /// The cursor is from before what is kept, or from another life of this center: a snapshot is needed.
    Expired,
}

impl Central {
    /// Events of a station after a position, at most [`MAX_EVENTS`].
    ///
    /// # Errors
    /// When the store fails.
    pub fn feed(&self, station: &StationId, after: u64) -> Result<Feed, CentralError> {
        self.read(|rows| {
            // Read anew: the counters of the row that authenticated the request are older than this transaction.
            let station = known(rows, station)?;
            if after < station.feed_floor || after > station.feed_seq {
                return Ok(Feed::Expired);
            }
            let mut events = rows.feed(&station, after, MAX_EVENTS)?;
            rosters::fill_page(rows, &station.school, &mut events)?;
            let cursor = events.last().map_or(after, |e| e.seq);
            Ok(Feed::Events(FeedAnswer {
                more: cursor < station.feed_seq,
                cursor,
                events,
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

fn known(rows: &ReadRows<'_>, id: &StationId) -> Stored<StationRow> {
    rows.station(id)?.ok_or_else(|| CentralError::not_found("station", id))
}
