//! The end of the day: every shutter accounted for, every photo signed for, and the list of those who did not come.
use super::today::coverage;
use super::{day_began, releases};
use crate::core::Core;
use crate::trouble::Trouble;
use camera::CameraId;
use ipc::{AbsentView, CountCheck, CountsView, EndOfDayView};
use std::collections::HashSet;
use store::shots::{Fate, Shot};
use store::{days, people, receipts, removals, shots};

impl Core {
    /// The end-of-day sheet of the campaign in use.
    pub fn end_of_day(&self) -> Result<EndOfDayView, Trouble> {
        let (campaign, _) = self.campaign()?;
        let now = self.now();
        let from = day_began(now);
        let (shots, day, released, classes, safe) = self.store.read(|c| {
            Ok((
                shots::since(c, campaign.id, from)?,
                days::counts(c, campaign.id, from)?,
                releases::read(c, campaign.id, now)?,
                people::coverage(c, campaign.id)?,
                receipts::photos_safe(c)?,
            ))
        })?;
        let fate = |fate: Fate| number(shots.iter().filter(|s| s.fate == fate).count());
        let counts = CountsView {
            releases: released.all,
            missed: released.missed,
            pictures: number(shots.len()),
            files: self.files(&shots)?,
            accepted: fate(Fate::Accepted),
            retaken: fate(Fate::Retaken),
            discarded: fate(Fate::Discarded),
            orphan: fate(Fate::Orphan),
            unconfirmed: fate(Fate::Unconfirmed),
            slots: day.slots,
            slots_kept: day.slots_kept,
            order_photos: day.order_photos,
            orders: day.orders,
        };
        let mut checks = checks(&counts);
        checks.extend(self.card_checks()?);
        checks.extend(self.folder_check());
        let queue = self.queue_view();
        let classes = if campaign.job.is_blind() { Vec::new() } else { classes };
        Ok(EndOfDayView {
            from_ms: from.0,
            safe_to_leave: checks.iter().all(|c| c.holds)
                && safe.safe == safe.total
                && queue.waiting == 0
                && queue.quarantined == 0,
            counts,
            checks,
            photos_safe: safe.safe,
            photos_total: safe.total,
            waiting: queue.waiting,
            quarantined: queue.quarantined,
            recalls: queue.recalls,
            absent: classes.iter().map(|c| c.people - c.collected).sum(),
            classes: classes.into_iter().map(coverage).collect(),
        })
    }

    /// People of the roster without a photo, class by class.
    pub fn absent(&self) -> Result<Vec<AbsentView>, Trouble> {
        let (campaign, _) = self.campaign()?;
        if campaign.job.is_blind() {
            return Ok(Vec::new());
        }
        let missing = self.store.read(|c| people::absent(c, campaign.id))?;
        let view = |person: people::Person| {
            let subject = person.entry.subject;
            AbsentView {
                name: subject.shown_name(),
                id_masked: subject.shown_id(),
                student_number: subject.student_number,
                class: subject.class,
            }
        };
        Ok(missing.into_iter().map(view).collect())
    }

    /// Whether the cards of cameras on a cable held anything that is not here when they were last listed, also when another camera is
    /// in use by now; and whether one was a card nobody knows.
    fn card_checks(&self) -> Result<Vec<CountCheck>, Trouble> {
        let is_tethered = |id: &CameraId| matches!(id, CameraId::Tethered(_));
        let in_use = self.seat().is_some_and(|seat| is_tethered(seat.handle.id()));
        let (missing, unknown) = self
            .store
            .read(|c| Ok((crate::card::missing(c)?, crate::card::unknown(c)?)))?;
        let check = |what: &str, left| CountCheck {
            what: what.to_owned(),
            left,
            right: 0,
            holds: left == 0,
        };
        let card = (in_use || missing > 0).then(|| check("card", missing));
        let other = (unknown > 0).then(|| check("card_other", unknown));
        Ok(card.into_iter().chain(other).collect())
    }

    /// Whether files lie in the watched folder that are not here: not whole yet, or never to be.
    fn folder_check(&self) -> Option<CountCheck> {
        let waiting = self.folder_view()?.waiting;
        Some(CountCheck {
            what: "folder".to_owned(),
            left: waiting,
            right: 0,
            holds: waiting == 0,
        })
    }

    /// Pictures whose file is there, or went with the center's receipt.
    fn files(&self, shots: &[Shot]) -> Result<u32, Trouble> {
        let gone: HashSet<_> = self.store.read(removals::all)?.into_iter().collect();
        let there = |s: &&Shot| self.store.blobs().has(&s.blob) || gone.contains(&s.blob);
        Ok(number(shots.iter().filter(there).count()))
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What must agree.
fn checks(c: &CountsView) -> Vec<CountCheck> {
    let check = |what: &str, left: u32, right: u32| CountCheck {
        what: what.to_owned(),
        left,
        right,
        holds: left == right,
    };
    vec![
        check("releases", c.releases, c.pictures + c.missed),
        check("files", c.pictures, c.files),
        check("slots", c.accepted, c.slots_kept),
        check("orders", c.accepted, c.order_photos),
        check("tray", c.orphan + c.unconfirmed, 0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> CountsView {
        CountsView {
            releases: 10,
            missed: 1,
            pictures: 9,
            files: 9,
            accepted: 6,
            retaken: 2,
            discarded: 1,
            orphan: 0,
            unconfirmed: 0,
            slots: 7,
            slots_kept: 6,
            order_photos: 6,
            orders: 6,
        }
    }

    fn broken(counts: &CountsView) -> Vec<String> {
        checks(counts)
            .into_iter()
            .filter(|c| !c.holds)
            .map(|c| c.what)
            .collect()
    }

    #[test]
    fn each_count_that_does_not_agree_is_named() {
        assert_eq!(broken(&counts()), Vec::<String>::new());
        assert_eq!(
            broken(&CountsView {
                releases: 11,
                ..counts()
            }),
            ["releases"]
        );
        assert_eq!(broken(&CountsView { files: 8, ..counts() }), ["files"]);
        assert_eq!(
            broken(&CountsView {
                slots_kept: 5,
                ..counts()
            }),
            ["slots"]
        );
        assert_eq!(
            broken(&CountsView {
                order_photos: 5,
                ..counts()
            }),
            ["orders"]
        );
        assert_eq!(broken(&CountsView { orphan: 1, ..counts() }), ["tray"]);
    }
}
