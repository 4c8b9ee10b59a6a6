//! The end of a rehearsal: for each head, the file at the center beside the frame it came from.
use super::RehearsalError;
use super::center::Center;
use super::day::Day;
use super::summary::Summary;
use domain::PersonKey;
use domain::order::Delivery;
use std::collections::{HashMap, HashSet};
use store::orders;

/// Counts what is lost, misfiled and doubled. A photo is lost when the center has no bytes for the head's order, misfiled when
/// it has others than those of the head's frame.
pub(crate) fn compare(day: &Day<'_>, center: &mut Center) -> Result<Summary, RehearsalError> {
    let (campaign, _) = day.station.campaign()?;
    let mut summary = Summary {
        heads: day.plan.heads,
        check_failed: day.tally.check_failed,
        retaken: day.tally.retaken,
        rejected: center.rejections(),
        ..Summary::default()
    };
    let at_center = center.orders_of_people(day.station)?;
    let mut seen = HashSet::new();
    for kept in day.kept.values() {
        let key = PersonKey::Code(kept.person);
        let here = day
            .station
            .store
            .read(|c| orders::by_person(c, campaign.id, &key))
            .map_err(crate::Trouble::from)?;
        summary.orders += u32::try_from(here.len()).unwrap_or(u32::MAX);
        summary.submitted += u32::from(here.iter().any(|o| o.last_rev > 0));
        summary.acknowledged += u32::from(here.iter().any(|o| o.delivery == Delivery::Acknowledged));
        let count = at_center.get(&key.text()).copied().unwrap_or(0).max(here.len());
        summary.duplicates += u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX);
        if !seen.insert(kept.order) {
            summary.duplicates += 1;
        }
        match center.photo(day.station, &kept.order)? {
            None => summary.lost += 1,
            Some(bytes) => {
                let bytes = photo::sha256(&bytes);
                if bytes != day.frame_of(kept, bytes)? {
                    summary.misfiled += 1;
                }
            }
        }
    }
    let missing = day.plan.heads.saturating_sub(day.tally.skipped);
    summary.lost += missing.saturating_sub(u32::try_from(day.kept.len()).unwrap_or(u32::MAX));
    Ok(summary)
}

/// How many orders each person has at the center.
pub(crate) type OrdersOfPeople = HashMap<String, usize>;
