//! Do the histories' chains hold, and are the feeds complete and up to date?
use super::{PAGE, VerifyReport};
use crate::center::Central;
use crate::store::{HistoryRow, OrderRow, ReadRows, SchoolCode, StationRow, Stored};
use std::collections::HashMap;
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
    for station in central.read(|rows| rows.stations(None))? {
        report.stations += 1;
        central.read(|rows| feed(rows, &station, report))?;
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

/// The feed has no gaps, and for each order its last word is the order's present state.
fn feed(rows: &ReadRows<'_>, station: &StationRow, report: &mut VerifyReport) -> Stored<()> {
    let subject = format!("station:{}", station.id);
    let Some(station) = rows.station(&station.id)? else {
        report.error(subject, "is gone");
        return Ok(());
    };
    let mut told: HashMap<String, OrderStatus> = HashMap::new();
    let mut seq = station.feed_floor;
    loop {
        let page = rows.feed(&station, seq, PAGE)?;
        if page.is_empty() {
            break;
        }
        for event in page {
            if event.seq != seq + 1 {
                report.error(&subject, format!("its feed has a gap before {}", event.seq));
            }
            seq = event.seq;
            if let FeedBody::Order(status) = event.body {
                told.insert(status.order_id.clone(), *status);
            }
        }
    }
    if seq != station.feed_seq {
        report.error(&subject, "its feed ends before its counter");
    }
    let filter = crate::store::OrderFilter {
        station: Some(station.id),
        limit: usize::MAX,
        ..crate::store::OrderFilter::default()
    };
    for row in rows.orders(&filter)? {
        check_told(&row, &told, station.feed_floor, report);
    }
    Ok(())
}

fn check_told(row: &OrderRow, told: &HashMap<String, OrderStatus>, floor: u64, report: &mut VerifyReport) {
    match told.get(&row.order.id.to_string()) {
        Some(status) if *status == row.status() => {}
        // Its last event may have been forgotten; then the station takes a snapshot.
        None if floor > 0 => {}
        Some(_) | None => report.error(
            crate::change::subject(row),
            "its station was not told of its present state",
        ),
    }
}
