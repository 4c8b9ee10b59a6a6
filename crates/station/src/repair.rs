//! Photos filed one person too early or too late: somebody sat down unscanned, or was scanned and went away, and from there on
//! every photo stands under a neighbour's name. A repair moves the photos of a range by one order, in one transaction, and can be
//! taken back.
use crate::core::Core;
use crate::keep::rebound;
use crate::trouble::Trouble;
use crate::view;
use domain::order::{Order, PhotoRevision};
use domain::{Actor, Campaign, OrderEvent, OrderId, OrderState, Refused, ShotId, UtcMs};
use ipc::{OrderRow, ShiftView};
use serde::{Deserialize, Serialize};
use store::orders::{self, StoredOrder};
use store::shots::{self, Fate};
use store::{Tx, journal, photo_revisions};
use wire::op::OpBody;
use wire::order::PhotoDoc;

/// Most orders of one repair.
pub const MAX_ORDERS: u32 = 200;
/// Orders shown before and after the one a repair starts from.
const NEIGHBOURS: u32 = 40;
/// Repairs looked through when one is to be taken back.
const REMEMBERED: u32 = 50;
const SHIFTED: &str = "shifted";
const TAKEN_BACK: &str = "shift_undone";

/// What the journal keeps of a repair, enough to take it back.
#[derive(Debug, Serialize, Deserialize)]
struct Repair {
    repair: String,
    later: bool,
    orders: Vec<Changed>,
    /// The shot that went to the tray.
    tray: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Changed {
    order: String,
    /// Photo revision before and after; equal when the order was left without a photo.
    before: u32,
    after: u32,
}

impl Core {
    /// Orders around one, in the order their photos were taken.
    pub fn neighbours(&self, id: &str) -> Result<Vec<OrderRow>, Trouble> {
        let middle = self.stored_order(id)?.order;
        let (campaign, _) = self.campaign()?;
        let at = middle.photo.captured_at;
        let found = self.store.read(|c| {
            let mut found = orders::photographed(c, campaign.id, (UtcMs(0), at), NEIGHBOURS, true)?;
            let after = orders::photographed(c, campaign.id, (at, UtcMs(i64::MAX)), NEIGHBOURS, false)?;
            let known: Vec<OrderId> = found.iter().map(|o| o.order.id).collect();
            found.extend(after.into_iter().filter(|o| !known.contains(&o.order.id)));
            Ok(found)
        })?;
        let school = Some(campaign.school_name.as_str());
        let row = |o: &StoredOrder| view::order_row(&o.order, o.delivery, school);
        Ok(found.iter().map(row).collect())
    }

    /// Moves each photo from `first` to `last` to the next person (`later`) or the one before. The person at one end is left
    /// without a photo and waits for another; the photo at the other end goes to the tray.
    pub fn shift_photos(&self, first: &str, last: &str, later: bool) -> Result<ShiftView, Trouble> {
        let _turn = self.turn();
        let (campaign, _) = self.campaign()?;
        let (first, last) = (self.stored_order(first)?.order, self.stored_order(last)?.order);
        let (now, repair) = (self.now(), self.uuid().to_string());
        let view = self.store.try_write(|tx| {
            let range = range(tx, &campaign, &first, &last)?;
            let photos: Vec<(OrderId, PhotoRevision)> = range.iter().map(|o| (o.id, o.photo.clone())).collect();
            let (left, away, givers, takers) = if later {
                (
                    &range[0],
                    &photos[photos.len() - 1],
                    &photos[..photos.len() - 1],
                    &range[1..],
                )
            } else {
                (
                    &range[range.len() - 1],
                    &photos[0],
                    &photos[1..],
                    &range[..range.len() - 1],
                )
            };
            let held = |order: &Order, refused: Refused| Trouble::NotShifted {
                number: order.number.to_string(),
                state: order.state,
                refused,
            };
            // First the photo that leaves, so that no shot has two orders at any time.
            let tray = shot_of(tx, away.0, &away.1)?;
            if let Some(shot) = tray {
                shots::set_fate(tx, shot, Fate::Orphan, now)?;
            }
            let mut changed = Vec::with_capacity(range.len());
            let moved: Vec<_> = givers
                .iter()
                .map(|(from, photo)| Ok((photo, shot_of(tx, *from, photo)?)))
                .collect::<Result<_, Trouble>>()?;
            for ((photo, shot), order) in moved.into_iter().zip(takers) {
                let (next, body) = exchanged(order, photo, &repair, now).map_err(|r| held(order, r))?;
                self.move_photo(tx, &next, &body, shot, &repair, now)?;
                changed.push(Changed {
                    order: order.id.to_string(),
                    before: order.photo.revision,
                    after: next.photo.revision,
                });
            }
            let revision = left.photo.revision;
            changed.push(Changed {
                order: left.id.to_string(),
                before: revision,
                after: revision,
            });
            self.leave_without_photo(tx, left, &repair, now)
                .map_err(|trouble| match trouble {
                    Trouble::Refused(refused) => held(left, refused),
                    other => other,
                })?;
            let record = Repair {
                repair: repair.clone(),
                later,
                orders: changed,
                tray: tray.map(|shot| shot.to_string()),
            };
            let detail =
                serde_json::to_value(&record).map_err(|_| Trouble::Bad("the repair cannot be written as JSON"))?;
            self.note(tx, SHIFTED, None, tray, &detail, now)?;
            Ok::<_, Trouble>(ShiftView {
                repair: repair.clone(),
                moved: u32::try_from(takers.len()).unwrap_or(u32::MAX),
                waiting_order: left.id.to_string(),
                waiting_person: view::name_of(left),
                tray: tray.is_some(),
            })
        })?;
        self.repaired(i64::from(view.tray));
        Ok(view)
    }

    /// Takes a repair back, while none of its orders has gone on and the photo in the tray lies there.
    pub fn undo_shift(&self, repair: &str) -> Result<(), Trouble> {
        let _turn = self.turn();
        let now = self.now();
        let back = self.store.try_write(|tx| {
            let is_it = |e: &journal::Entry| e.entry.detail.contains(repair);
            if journal::latest_of(tx, TAKEN_BACK, REMEMBERED)?.iter().any(is_it) {
                return Err(Trouble::NothingToUndo);
            }
            let entries = journal::latest_of(tx, SHIFTED, REMEMBERED)?;
            let entry = entries.iter().find(|e| is_it(e)).ok_or(Trouble::NothingToUndo)?;
            let record: Repair = serde_json::from_str(&entry.entry.detail).map_err(|_| Trouble::NothingToUndo)?;
            let back = self.uuid().to_string();
            let mut plan = Vec::with_capacity(record.orders.len());
            for changed in &record.orders {
                let id = crate::orders::parse(&changed.order)?;
                let order = orders::get(tx, id)?.ok_or(Trouble::NoSuch("order"))?.order;
                let photo = photo_revisions::get(tx, id, changed.before)?.ok_or(Trouble::NoSuch("photo"))?;
                // Another photo since, or another decision on the one that was left without.
                let left = changed.before == changed.after;
                if order.photo.revision != changed.after || (left && !order.awaits_photo()) {
                    return Err(Trouble::TooLateToUndo);
                }
                let shot = shot_back(tx, &record, &photo)?;
                plan.push((order, photo, shot));
            }
            for (order, photo, shot) in plan {
                // A rejected order that was left without a photo kept its own.
                if order.state == OrderState::Rejected && order.photo == photo {
                    if let Some(shot) = shot {
                        shots::accept(tx, shot, order.id, now)?;
                    }
                    continue;
                }
                let (next, body) = rebound(&order, photo, &back, now).map_err(|_| Trouble::TooLateToUndo)?;
                self.move_photo(tx, &next, &body, shot, &back, now)?;
            }
            let detail = serde_json::json!({ "repair": repair, "by": back });
            self.note(tx, TAKEN_BACK, None, None, &detail, now)?;
            Ok::<_, Trouble>(record.tray.is_some())
        })?;
        self.repaired(-i64::from(back));
        Ok(())
    }

    fn move_photo(
        &self,
        tx: &Tx,
        next: &Order,
        body: &OpBody,
        shot: Option<ShotId>,
        repair: &str,
        now: UtcMs,
    ) -> Result<(), Trouble> {
        orders::put(tx, next)?;
        let op = self.queue(tx, next, body, now)?;
        if let Some(shot) = shot {
            shots::accept(tx, shot, next.id, now)?;
        }
        let detail = serde_json::json!({
            "repair": repair,
            "op": op.to_string(),
            "photo": next.photo.blob.to_string(),
        });
        self.note(tx, "photo_moved", Some(next.id), shot, &detail, now)
    }

    /// The order waits for its own photo. A rejected one does so already.
    fn leave_without_photo(&self, tx: &Tx, order: &Order, repair: &str, now: UtcMs) -> Result<(), Trouble> {
        if order.state == OrderState::Rejected {
            return Ok(());
        }
        let next = order.apply(&OrderEvent::Withdraw, &Actor::Photographer, now)?;
        orders::put(tx, &next)?;
        let body = OpBody::Unbind {
            repair: repair.to_owned(),
            by: None,
        };
        let op = self.queue(tx, &next, &body, now)?;
        let detail = serde_json::json!({ "repair": repair, "op": op.to_string() });
        self.note(tx, "photo_taken_back", Some(next.id), None, &detail, now)
    }

    fn repaired(&self, tray: i64) {
        {
            let mut desk = self.desk();
            desk.orphans = u32::try_from(i64::from(desk.orphans) + tray).unwrap_or(0);
        }
        self.wake_link();
        self.board.bump();
    }
}

/// The orders from one to another, whichever was photographed first.
fn range(tx: &Tx, campaign: &Campaign, first: &Order, last: &Order) -> Result<Vec<Order>, Trouble> {
    let (a, b) = (first.photo.captured_at, last.photo.captured_at);
    let found = orders::photographed(tx, campaign.id, (a.min(b), a.max(b)), MAX_ORDERS + 1, false)?;
    let mut found: Vec<Order> = found.into_iter().map(|o| o.order).collect();
    let place = |order: &Order| found.iter().position(|o| o.id == order.id);
    let (Some(from), Some(to)) = (place(first), place(last)) else {
        return Err(Trouble::Bad(
            "both ends must be orders of this campaign with a photo, at most 200 apart",
        ));
    };
    let (from, to) = (from.min(to), from.max(to));
    if from == to {
        return Err(Trouble::Bad("a repair needs two orders or more"));
    }
    Ok(found.drain(from..=to).collect())
}

/// The order with a neighbour's photo: T7 after a rejection, which costs a try, else T7s.
fn exchanged(order: &Order, photo: &PhotoRevision, repair: &str, now: UtcMs) -> Result<(Order, OpBody), Refused> {
    if order.state != OrderState::Rejected {
        return rebound(order, photo.clone(), repair, now);
    }
    let next = order.apply(&OrderEvent::ReplacePhoto(photo.clone()), &Actor::Photographer, now)?;
    let body = OpBody::ReplacePhoto {
        photo: PhotoDoc::from(&next.photo),
    };
    Ok((next, body))
}

/// The shot whose photo went into this order; a picture from a file has none.
fn shot_of(tx: &Tx, order: OrderId, photo: &PhotoRevision) -> Result<Option<ShotId>, Trouble> {
    let shots = shots::by_photo(tx, &photo.blob)?;
    let it = |s: &&shots::Shot| s.order == Some(order) && s.captured_at == photo.captured_at;
    Ok(shots.iter().find(it).map(|s| s.id))
}

/// The shot of a photo that a repair moved, wherever the repair put it.
fn shot_back(tx: &Tx, record: &Repair, photo: &PhotoRevision) -> Result<Option<ShotId>, Trouble> {
    let shots = shots::by_photo(tx, &photo.blob)?;
    let moved = |s: &shots::Shot| {
        s.order
            .is_some_and(|o| record.orders.iter().any(|c| c.order == o.to_string()))
    };
    let in_tray = |s: &shots::Shot| record.tray.as_ref() == Some(&s.id.to_string());
    let mut shots = shots.into_iter().filter(|s| s.captured_at == photo.captured_at);
    match shots.find(|s| moved(s) || in_tray(s)) {
        Some(shot) if in_tray(&shot) && shot.fate != Fate::Orphan => Err(Trouble::TooLateToUndo),
        found => Ok(found.map(|s| s.id)),
    }
}
