//! The shutter's own counter: each release is counted before its picture is written, so that a picture that got lost shows.
use super::day_began;
use crate::core::Core;
use crate::trouble::Trouble;
use domain::{CampaignId, UtcMs};
use store::{Conn, StoreError, Tx, settings};

/// What a release came to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Release {
    /// The camera gave a picture.
    Picture,
    /// It gave none.
    Missed,
}

/// Releases of a day, and how many of them brought no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Releases {
    pub all: u32,
    pub missed: u32,
}

fn key(campaign: CampaignId, now: UtcMs) -> String {
    format!("releases:{campaign}:{}", day_began(now).0)
}

/// The counter of the day `now` lies in.
pub(crate) fn read(conn: &Conn, campaign: CampaignId, now: UtcMs) -> Result<Releases, StoreError> {
    let text = settings::get(conn, &key(campaign, now))?.unwrap_or_default();
    let mut numbers = text.split(' ').map(|n| n.parse().unwrap_or(0));
    Ok(Releases {
        all: numbers.next().unwrap_or(0),
        missed: numbers.next().unwrap_or(0),
    })
}

impl Core {
    /// Counts a release of the shutter.
    pub(crate) fn count_release(&self, campaign: CampaignId, release: Release) -> Result<(), Trouble> {
        let now = self.now();
        self.store.write(|tx| count(tx, campaign, release, now))?;
        Ok(())
    }
}

/// Counts a release within a transaction.
pub(crate) fn count(tx: &Tx, campaign: CampaignId, release: Release, now: UtcMs) -> Result<(), StoreError> {
    let mut count = read(tx, campaign, now)?;
    count.all += 1;
    match release {
        Release::Picture => {}
        Release::Missed => count.missed += 1,
    }
    settings::put(tx, &key(campaign, now), &format!("{} {}", count.all, count.missed))
}
