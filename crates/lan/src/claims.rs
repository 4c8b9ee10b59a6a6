//! What does the LAN need of the station it serves? Its own lines, and a place for what neighbours tell.
use crate::key::{SchoolKey, Subject};
use domain::{CampaignId, OrderId, PersonKey, StationId, UtcMs};

/// How far a row of lines goes: its last line, and a mark drawn for that line. A station whose store was put back to an older copy
/// has other marks from there on, and tells anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// The line's number, from 1; 0 before the first.
    pub seq: u64,
    /// Drawn when the line was written.
    pub mark: [u8; 16],
}

/// One line of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The person has been collected with this order; else that no longer holds.
    pub collected: bool,
    /// The campaign.
    pub campaign: CampaignId,
    /// The person.
    pub subject: Subject,
    /// The order, at the station that tells.
    pub order: OrderId,
    /// When the photo was taken.
    pub taken_at: UtcMs,
}

/// One line of this station's own row, with the person by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As in [`Claim`].
    pub collected: bool,
    /// The campaign.
    pub campaign: CampaignId,
    /// The person.
    pub person: PersonKey,
    /// The order.
    pub order: OrderId,
    /// When the photo was taken.
    pub taken_at: UtcMs,
}

impl Line {
    /// As it goes out.
    pub fn sealed(&self, key: &SchoolKey) -> Claim {
        Claim {
            collected: self.collected,
            campaign: self.campaign,
            subject: key.subject(self.campaign, &self.person),
            order: self.order,
            taken_at: self.taken_at,
        }
    }
}

/// Lines of this station after a mark.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// The mark is not of this row: the lines begin with the first, and what was told before is void.
    pub anew: bool,
    /// In order.
    pub lines: Vec<Line>,
    /// How far the row goes with them.
    pub to: Mark,
    /// There are more.
    pub more: bool,
}

/// Lines a neighbour told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who.
    pub station: StationId,
    /// The name people give it.
    pub name: String,
    /// The neighbour had been listened to up to here.
    pub from: Mark,
    /// What it told before is void.
    pub anew: bool,
    /// In order, times by this station's clock.
    pub claims: Vec<Claim>,
    /// It has been listened to up to here with them.
    pub to: Mark,
}

/// The station's side failed. What exactly is the station's to log: here it only means "try again later".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimsFailure;

/// The station, as the LAN sees it. Every function may block: they are called off the async threads, one at a time.
pub trait Claims: Send + Sync + 'static {
    /// How far the own row goes.
    ///
    /// # Errors
    /// When the store fails.
    fn own(&self) -> Result<Mark, ClaimsFailure>;
    /// Own lines after a mark, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    fn after(&self, from: Mark, limit: usize) -> Result<Said, ClaimsFailure>;
    /// How far each neighbour was listened to.
    ///
    /// # Errors
    /// When the store fails.
    fn heard(&self) -> Result<Vec<(StationId, Mark)>, ClaimsFailure>;
    /// Takes up what a neighbour told, all or nothing, and gives how far it is listened to now. Lines that do not follow on what is
    /// there change nothing.
    ///
    /// # Errors
    /// When the store fails; then they are asked for again.
    fn take(&self, told: &Told) -> Result<Mark, ClaimsFailure>;
    /// The status changed. Must not block.
    fn report(&self);
}
