//! The reviewer's queue: whose photo is next, taking a page of them at once, and the original small enough to look at.
use crate::center::Central;
use crate::error::CentralError;
use crate::person::Person;
use crate::store::{ReviewFilter, SchoolCode, StateCount};
use crate::usecase::desk::{let_go, seen, take_hold};
use crate::usecase::orders::{OrderLine, line};
use crate::usecase::photos::limits;
use domain::{CampaignId, OrderId, SizePx};
use photo::Scale;

/// Most orders taken or let go at once: two pages of the review screen.
const MAX_HELD: usize = 50;
/// Longest side of an original made to be looked at.
const SHOWN_PX: u32 = 1600;
/// Its JPEG quality: no block shows at the size it is looked at.
const SHOWN_QUALITY: u8 = 88;

/// What became of a page that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Held by this person now.
    pub held: Vec<OrderId>,
    /// Not to be had: another reviewer holds it, or it does not await review any more.
    pub others: Vec<OrderLine>,
}

impl Central {
    /// Orders this person may review, by turn.
    ///
    /// # Errors
    /// When the filter names a school this person does not see.
    pub fn review_queue_for(&self, person: &Person, filter: ReviewFilter) -> Result<Vec<OrderLine>, CentralError> {
        let school = person.narrowed(filter.school.clone())?;
        let filter = ReviewFilter { school, ..filter };
        self.read(|rows| rows.review_queue(&filter)?.iter().map(|row| line(rows, row)).collect())
    }

    /// How many orders this person sees in each state.
    ///
    /// # Errors
    /// When the filter names a school this person does not see.
    pub fn counts_for(
        &self,
        person: &Person,
        school: Option<SchoolCode>,
        campaign: Option<CampaignId>,
    ) -> Result<Vec<StateCount>, CentralError> {
        let school = person.narrowed(school)?;
        self.read(|rows| rows.order_counts(school.as_ref(), campaign.as_ref()))
    }

    /// Takes orders for review and lets others go, all at once. One that cannot be had is told and stops none of the rest.
    ///
    /// # Errors
    /// When one does not exist for this person, or there are too many.
    pub fn hold_page(&self, person: &Person, take: &[OrderId], release: &[OrderId]) -> Result<Held, CentralError> {
        if take.len() + release.len() > MAX_HELD {
            return Err(wire::Invalid::new("orders", format!("must be at most {MAX_HELD}")).into());
        }
        self.change(|change| {
            for id in release {
                let mut row = seen(change, person, id)?;
                let_go(change, person, &mut row)?;
            }
            let mut done = Held {
                held: Vec::new(),
                others: Vec::new(),
            };
            for id in take {
                let mut row = seen(change, person, id)?;
                match take_hold(change, person, &mut row) {
                    Ok(()) => {
                        change.keep_hold(&row)?;
                        done.held.push(*id);
                    }
                    Err(CentralError::Refused(_)) => done.others.push(line(change.rows, &row)?),
                    Err(fault) => return Err(fault),
                }
            }
            Ok(done)
        })
    }

    /// The original of an order's photo, upright and at most 1600 px long: decoded and coded again, so that what a browser shows
    /// never is a file as somebody sent it.
    ///
    /// # Errors
    /// When the order, the revision (the current one unless named) or its photo is not here.
    pub fn shown_original(&self, id: &OrderId, revision: Option<u32>) -> Result<Vec<u8>, CentralError> {
        let (original, _) = self.photo_of(id, revision)?;
        let wanted = SizePx {
            width: SHOWN_PX,
            height: SHOWN_PX,
        };
        let picture = photo::decode(&original, Scale::AtLeast(wanted), &limits())?.picture;
        let SizePx { width, height } = picture.size();
        let long = width.max(height);
        let part = |side: u32| (u64::from(side) * u64::from(SHOWN_PX) / u64::from(long.max(1))).max(1) as u32;
        let small = if long > SHOWN_PX {
            picture.resize(SizePx {
                width: part(width),
                height: part(height),
            })
        } else {
            picture
        };
        photo::encode_jpeg(&small, SHOWN_QUALITY, 72).map_err(|e| CentralError::Finish {
            order: *id,
            source: Box::new(e),
        })
    }
}
