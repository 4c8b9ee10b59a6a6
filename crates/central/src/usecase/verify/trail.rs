//! Do the histories' chains hold, and are the feeds complete and up to date?
use super::{PAGE, VerifyReport};
use crate::center::Central;
use crate::store::{Hearers, HistoryRow, OrderFilter, OrderRow, ReadRows, SchoolCode, StationRow, Stored};
use std::collections::{BTreeSet, HashMap};
use wire::feed::{FeedBody, OrderStatus};

/// Checks every history and every feed.
pub fn check(central: &Central, report: &mut VerifyReport) -> Stored<()> {
    let mut after: Option<(SchoolCode, String)> = None;
    loop {
        let page = central.read(|rows| rows.history_subjects(after.as_ref().map(|(s, t)| (s, t.as_str())), PAGE))?;
        for (school, subject) in &page {
            report.histories += 1;
            let lines = central.read(|rows| rows.history(school, subject))?;
            if !chain_holds(&lines) {
                report.error(subject, "its history was changed or cut");
            }
        }
        match page.last() {
            Some(last) => after = Some(last.clone()),
            None => break,
        }
    }
    let stations = central.read(|rows| rows.stations(None))?;
    report.stations += stations.len() as u64;
    let schools: BTreeSet<_> = stations.into_iter().map(|s| s.school).collect();
    for school in schools {
        central.read(|rows| feed(rows, &school, report))?;
    }
    Ok(())
}

fn chain_holds(lines: &[HistoryRow]) -> bool {
    let mut previous = "";
    for (i, line) in lines.iter().enumerate() {
        if line.seq != i as u64 + 1 || line.previous != previous || line.hash != line.expected_hash() {
            return false;
        }
        previous = &line.hash;
    }
    true
}

/// The feed of a school has no gaps, and for each order the last word to its station is the order's present state.
fn feed(rows: &ReadRows<'_>, school: &SchoolCode, report: &mut VerifyReport) -> Stored<()> {
    let subject = format!("school:{}", school.as_str());
    let stations = rows.stations(Some(school))?;
    let Some(StationRow {
        feed_seq, feed_floor, ..
    }) = stations.first()
    else {
        return Ok(());
    };
    let mut told: HashMap<String, (Hearers, OrderStatus)> = HashMap::new();
    let mut seq = *feed_floor;
    loop {
        let page = rows.whole_feed(school, seq, PAGE)?;
        if page.is_empty() {
            break;
        }
        for (event, who) in page {
            if event.seq != seq + 1 {
                report.error(&subject, format!("its feed has a gap before {}", event.seq));
            }
            seq = event.seq;
            if let FeedBody::Order(status) = event.body {
                told.insert(status.order_id.clone(), (who, *status));
            }
        }
    }
    if seq != *feed_seq {
        report.error(&subject, "its feed does not end at its counter");
    }
    for station in &stations {
        let filter = OrderFilter {
            school: Some(school.clone()),
            station: Some(station.id),
            limit: usize::MAX,
            ..OrderFilter::default()
        };
        for row in rows.orders(&filter)? {
            check_told(&row, &told, *feed_floor, report);
        }
    }
    Ok(())
}

fn check_told(row: &OrderRow, told: &HashMap<String, (Hearers, OrderStatus)>, floor: u64, report: &mut VerifyReport) {
    match told.get(&row.order.id.to_string()) {
        Some((who, status)) if *status == row.status() && who.include(row.order.station) => {}
        // Its last event may have been forgotten; then the station takes a snapshot.
        None if floor > 0 => {}
        Some(_) | None => report.error(
            crate::change::subject(row),
            "its station was not told of its present state",
        ),
    }
}
